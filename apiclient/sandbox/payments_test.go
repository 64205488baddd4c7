package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// v1Pay is a body for v1/payments/pay.
func v1Pay(request, value string) string {
	return fmt.Sprintf(`{"partnerId":"P1","paymentRequestId":%q,"paymentOrderTitle":"Tea <b>&","paymentAmount":{"currency":"USD","value":%q},"paymentFactor":{"isCashierPayment":true},"paymentReturnUrl":"https://shop.example.com/back?a=1&b=2"}`, request, value)
}

func v2Pay(request, value string) string {
	return fmt.Sprintf(`{"productCode":"CASHIER_PAYMENT","salesCode":"51051000101000000011","paymentRequestId":%q,"paymentAmount":{"currency":"JPY","value":%q},"paymentNotifyUrl":"https://shop.example.com/notify","order":{"orderDescription":"Tea"}}`, request, value)
}

func inquiry(id string) string { return fmt.Sprintf(`{"partnerId":"P1","paymentId":%q}`, id) }

func refundBody(request, payment, value string) string {
	return fmt.Sprintf(`{"partnerId":"P1","refundRequestId":%q,"paymentId":%q,"refundAmount":{"currency":"USD","value":%q}}`, request, payment, value)
}

// visit opens a page as curl or as a browser does.
func visit(t *testing.T, method, address, accept, form string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, address, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", accept)
	if form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := resp.Header.Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'none'") {
		t.Errorf("policy %q", got)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestPayApproveRefund(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	paid := b.want(t, "ACCEPT", "/v1/payments/pay", v1Pay("R1", "1250"))
	if paid.Status != "A" || paid.text("actionForm.actionFormType") != "REDIRECTION" {
		t.Errorf("answer %s", paid.Raw)
	}
	id, address := paid.text("paymentId"), paid.text("actionForm.redirectionUrl")
	if !strings.HasPrefix(address, "http://"+b.server.Addr+"/checkout/") || len(address) < 50 {
		t.Fatalf("checkout at %q", address)
	}
	if again := b.call(t, "/v1/payments/pay", v1Pay("R1", "1250")); string(again.Raw) != string(paid.Raw) {
		t.Errorf("repeated: %s, first %s", again.Raw, paid.Raw)
	}
	respelt := strings.Replace(strings.Replace(v1Pay("R1", "1250"), `,`, " ,\n", 1), "Tea", `\u0054ea`, 1)
	if again := b.call(t, "/v1/payments/pay", respelt); string(again.Raw) != string(paid.Raw) {
		t.Errorf("repeated in another spelling: %s", again.Raw)
	}
	b.want(t, "REPEAT_REQ_INCONSISTENT", "/v1/payments/pay", v1Pay("R1", "1251"))
	b.want(t, "ORDER_STATUS_INVALID", "/v1/payments/refund", refundBody("F0", id, "1"))
	if got := b.want(t, "SUCCESS", "/v1/payments/inquiryPayment", inquiry(id)); got.text("paymentStatus") != "PROCESSING" {
		t.Errorf("before the buyer decides: %s", got.Raw)
	}

	status, page := visit(t, "GET", address, "text/html", "")
	for _, want := range []string{"USD 12.50", "Tea &lt;b&gt;&amp;", `value="approve"`, `value="refuse"`, id} {
		if status != 200 || !strings.Contains(page, want) {
			t.Errorf("HTTP %d, page without %q: %s", status, want, page)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "src=") || strings.Contains(page, "<b>&") {
		t.Errorf("page loads or leaks markup: %s", page)
	}
	if status, page = visit(t, "POST", address, "*/*", "decision=maybe"); status != http.StatusBadRequest {
		t.Errorf("an unknown decision: HTTP %d %s", status, page)
	}
	b.pass(time.Minute)
	if status, page = visit(t, "POST", address, "text/html", "decision=approve"); status != 200 || !strings.Contains(page, `href="https://shop.example.com/back?a=1&amp;b=2"`) {
		t.Errorf("approved: HTTP %d %s", status, page)
	}
	if status, page = visit(t, "POST", address, "*/*", "decision=refuse"); status != http.StatusConflict || !strings.Contains(page, "Paid.") {
		t.Errorf("decided twice: HTTP %d %s", status, page)
	}
	got := b.want(t, "SUCCESS", "/v1/payments/inquiryPayment", `{"partnerId":"P1","paymentRequestId":"R1"}`)
	if got.text("paymentStatus") != "SUCCESS" || got.text("paymentTime") != "2026-09-21T06:59:10Z" || got.text("paymentAmount.value") != "1250" || got.text("paymentRequestId") != "R1" {
		t.Errorf("after: %s", got.Raw)
	}
	if again := b.want(t, "SUCCESS", "/v1/payments/pay", v1Pay("R1", "1250")); again.text("paymentId") != id {
		t.Errorf("repeated after payment: %s", again.Raw)
	}

	first := b.want(t, "SUCCESS", "/v1/payments/refund", refundBody("F1", id, "1000"))
	if again := b.want(t, "SUCCESS", "/v1/payments/refund", refundBody("F1", id, "1000")); again.text("refundId") != first.text("refundId") {
		t.Errorf("repeated refund: %s", again.Raw)
	}
	b.want(t, "REPEAT_REQ_INCONSISTENT", "/v1/payments/refund", refundBody("F1", id, "999"))
	b.want(t, "REFUND_AMOUNT_EXCEED", "/v1/payments/refund", refundBody("F2", id, "251"))
	b.want(t, "REFUND_AMOUNT_EXCEED", "/v1/payments/refund", refundBody("F2", id, "99999999999999999999"))
	b.want(t, "CURRENCY_NOT_SUPPORT", "/v1/payments/refund", strings.Replace(refundBody("F2", id, "1"), "USD", "EUR", 1))
	b.want(t, "ORDER_NOT_EXIST", "/v1/payments/refund", refundBody("F2", "nothing", "1"))
	b.want(t, "SUCCESS", "/v1/payments/refund", refundBody("F2", id, "250"))
	b.want(t, "REFUND_AMOUNT_EXCEED", "/v1/payments/refund", refundBody("F3", id, "1"))
	seen := b.want(t, "SUCCESS", "/v1/payments/inquiryRefund", `{"partnerId":"P1","refundRequestId":"F1"}`)
	if seen.text("refundStatus") != "SUCCESS" || seen.text("refundAmount.value") != "1000" || seen.text("refundId") != first.text("refundId") {
		t.Errorf("refund: %s", seen.Raw)
	}
	b.want(t, "REFUND_NOT_EXIST", "/v1/payments/inquiryRefund", `{"partnerId":"P1","refundId":"F1"}`)
	b.want(t, "REFUND_NOT_EXIST", "/v1/payments/inquiryRefund", fmt.Sprintf(`{"partnerId":"P2","refundId":%q}`, first.text("refundId")))
	b.pass(RefundWindow + time.Millisecond)
	b.want(t, "REFUND_WINDOW_EXCEED", "/v1/payments/refund", refundBody("F4", id, "1"))
}

func TestPayV2RefuseAndExpire(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	paid := b.want(t, "ACCEPT", "/v2/payments/pay", v2Pay("R1", "1250"))
	address := paid.text("redirectActionForm.redirectUrl")
	if status, page := visit(t, "GET", address, "*/*", ""); status != 200 || !strings.HasPrefix(page, "Pay JPY 1250\nFor: Tea\n") {
		t.Errorf("HTTP %d %s", status, page)
	}
	if status, page := visit(t, "POST", address, "*/*", "decision=refuse"); status != 200 || !strings.Contains(page, "refused") {
		t.Errorf("HTTP %d %s", status, page)
	}
	got := b.want(t, "SUCCESS", "/v1/payments/inquiryPayment", inquiry(paid.text("paymentId")))
	if got.text("paymentStatus") != "FAIL" || got.text("paymentFailReason") == "" {
		t.Errorf("refused: %s", got.Raw)
	}
	b.want(t, "PROCESS_FAIL", "/v2/payments/pay", v2Pay("R1", "1250"))

	body := strings.Replace(v2Pay("R2", "1"), `{`, `{"paymentExpiryTime":"2026-09-21T15:08:10+08:00",`, 1)
	paid = b.want(t, "ACCEPT", "/v2/payments/pay", body)
	b.pass(10*time.Minute - time.Millisecond)
	if got = b.want(t, "SUCCESS", "/v1/payments/inquiryPayment", inquiry(paid.text("paymentId"))); got.text("paymentStatus") != "CANCELLED" {
		t.Errorf("expired: %s", got.Raw)
	}
	if status, page := visit(t, "POST", paid.text("redirectActionForm.redirectUrl"), "*/*", "decision=approve"); status != http.StatusConflict || !strings.Contains(page, "expired") {
		t.Errorf("approved too late: HTTP %d %s", status, page)
	}
	b.want(t, "PARAM_ILLEGAL", "/v2/payments/pay", strings.Replace(body, "R2", "R3", 1)) // expired before it began
}

func TestPayChecksTheAmount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for value, code := range map[string]string{
		"0": "PARAM_ILLEGAL", "-5": "PARAM_ILLEGAL", "1.5": "PARAM_ILLEGAL", "1e3": "PARAM_ILLEGAL", "": "PARAM_ILLEGAL",
		fmt.Sprint(MaxAmount): "ACCEPT", fmt.Sprint(MaxAmount + 1): "PAYMENT_AMOUNT_EXCEED_LIMIT", "99999999999999999999": "PAYMENT_AMOUNT_EXCEED_LIMIT",
	} {
		b.want(t, code, "/v1/payments/pay", v1Pay("R"+value, value))
	}
	for currency, code := range map[string]string{"XTS": "CURRENCY_NOT_SUPPORT", "KWD": "ACCEPT"} {
		b.want(t, code, "/v1/payments/pay", strings.Replace(v1Pay("R"+currency, "1"), "USD", currency, 1))
	}
	b.want(t, "ACCEPT", "/v1/payments/pay", v1Pay("R0", "1")) // a refused amount leaves its id free
}

func TestAmountAsRead(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]amount{
		"USD 0.05": {"USD", "5"}, "USD 12.50": {"USD", "1250"}, "JPY 1250": {"JPY", "1250"}, "KWD 0.012": {"KWD", "12"}, "EUR 1.00": {"EUR", "100"},
	} {
		if got := a.String(); got != want {
			t.Errorf("%+v reads %q, want %q", a, got, want)
		}
	}
}

func TestDirectPayment(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	coded := strings.Replace(v1Pay("R1", "5"), `"paymentFactor":{"isCashierPayment":true}`, `"paymentAuthCode":"28763443825664394"`, 1)
	if got := b.want(t, "SUCCESS", "/v1/payments/pay", coded); got.text("paymentTime") == "" {
		t.Errorf("answer %s", got.Raw)
	}
	b.want(t, "SUCCESS", "/v2/payments/pay", strings.Replace(v2Pay("R1", "5"), "CASHIER", "IN_STORE", 1))
}

func TestTwoPartnersAndTwoVersionsDoNotMix(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one := b.want(t, "ACCEPT", "/v1/payments/pay", v1Pay("R1", "5"))
	two := b.want(t, "ACCEPT", "/v1/payments/pay", strings.Replace(v1Pay("R1", "6"), "P1", "P2", 1))
	three := b.want(t, "ACCEPT", "/v2/payments/pay", v2Pay("R1", "7"))
	ids := []string{one.text("paymentId"), two.text("paymentId"), three.text("paymentId")}
	if slices.Sort(ids); len(slices.Compact(ids)) != 3 {
		t.Errorf("ids %q", ids)
	}
	b.want(t, "ORDER_NOT_EXIST", "/v1/payments/inquiryPayment", inquiry(two.text("paymentId")))
	if got := b.want(t, "SUCCESS", "/v1/payments/inquiryPayment", `{"partnerId":"P2","paymentRequestId":"R1"}`); got.text("paymentId") != two.text("paymentId") {
		t.Errorf("P2's R1 is %s", got.Raw)
	}
	b.want(t, "PARAM_ILLEGAL", "/v1/payments/inquiryPayment", `{"partnerId":"P1"}`)
	b.want(t, "PARAM_ILLEGAL", "/v1/payments/inquiryRefund", `{"partnerId":"P1"}`)
}

func TestEachTrigger(t *testing.T) {
	t.Parallel()
	for _, tr := range Faults() {
		if tr.Field == "" {
			continue
		}
		t.Run(tr.Endpoint+" "+tr.Value, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			value := strings.Replace(tr.Value, "*", "X", 1)
			switch tr.Endpoint {
			case payEndpoint:
				testPayTrigger(t, b, tr, value)
			case refundEndpoint:
				testRefundTrigger(t, b, tr)
			case tokenEndpoint:
				testTokenTrigger(t, b, tr, value)
			case userEndpoint:
				b.want(t, tr.Code, "/v2/users/inquiryUserInfo", fmt.Sprintf(`{"accessToken":%q}`, value))
			case sendEndpoint:
				b.want(t, tr.Code, "/v2/miniprogram/message/send", messageBody("M1", value))
			default:
				t.Errorf("no test for it")
			}
		})
	}
}

func testPayTrigger(t *testing.T, b *bench, tr Fault, value string) {
	body := v1Pay("R1", "5")
	switch tr.Field {
	case payValue:
		body = v1Pay("R1", value)
	case "paymentAuthCode":
		body = strings.Replace(body, `"paymentFactor":{"isCashierPayment":true}`, fmt.Sprintf(`"paymentAuthCode":%q`, value), 1)
	case "partnerId":
		body = strings.Replace(body, "P1", value, 1)
	}
	r := b.want(t, tr.Code, "/v1/payments/pay", body)
	if tr.then == succeedsInXML && !strings.HasPrefix(string(r.Raw), "<?xml") {
		t.Errorf("not XML: %s", r.Raw)
	}
	if r.Status != tr.Status {
		t.Errorf("status %s, want %s", r.Status, tr.Status)
	}
	after := map[effect][2]string{fails: {"FAIL", "FAIL"}, succeeds: {"SUCCESS", "SUCCESS"}, succeedsInXML: {"SUCCESS", "SUCCESS"}, succeedsLater: {"PROCESSING", "SUCCESS"}, failsLater: {"PROCESSING", "FAIL"}}
	statuses, kept := after[tr.then]
	if !kept {
		b.want(t, "ORDER_NOT_EXIST", "/v1/payments/inquiryPayment", `{"partnerId":"P1","paymentRequestId":"R1"}`)
		return
	}
	for _, want := range statuses {
		got := b.want(t, "SUCCESS", "/v1/payments/inquiryPayment", `{"partnerId":"P1","paymentRequestId":"R1"}`)
		if got.text("paymentStatus") != want {
			t.Errorf("status %q, want %q", got.text("paymentStatus"), want)
		}
		b.pass(SettleAfter)
	}
}

func testRefundTrigger(t *testing.T, b *bench, tr Fault) {
	paid := b.want(t, "SUCCESS", "/v1/payments/pay", strings.Replace(v1Pay("R1", "50000"), `"paymentFactor":{"isCashierPayment":true}`, `"paymentAuthCode":"1"`, 1))
	r := b.want(t, tr.Code, "/v1/payments/refund", refundBody("F1", paid.text("paymentId"), tr.Value))
	if r.Status != tr.Status {
		t.Errorf("status %s, want %s", r.Status, tr.Status)
	}
	if tr.then == nothing {
		b.want(t, "REFUND_NOT_EXIST", "/v1/payments/inquiryRefund", `{"partnerId":"P1","refundRequestId":"F1"}`)
		return
	}
	b.want(t, "REFUND_AMOUNT_EXCEED", "/v1/payments/refund", refundBody("F2", paid.text("paymentId"), "50000"))
	b.pass(SettleAfter)
	want, rest := "SUCCESS", "REFUND_AMOUNT_EXCEED"
	if tr.then == failsLater {
		want, rest = "FAIL", "SUCCESS"
	}
	if got := b.want(t, "SUCCESS", "/v1/payments/inquiryRefund", `{"partnerId":"P1","refundRequestId":"F1"}`); got.text("refundStatus") != want {
		t.Errorf("afterwards: %s", got.Raw)
	}
	b.want(t, rest, "/v1/payments/refund", refundBody("F3", paid.text("paymentId"), "50000"))
}

func testTokenTrigger(t *testing.T, b *bench, tr Fault, value string) {
	form := url.Values{"grantType": {"AUTHORIZATION_CODE"}, "authClientId": {"2022091212000000000042"}, "authCode": {"SANDBOX_AUTH_CODE"}}
	if tr.Field == "refreshToken" {
		form.Set("grantType", "REFRESH_TOKEN")
		form.Del("authCode")
	}
	form.Set(tr.Field, value)
	v2 := strings.Replace(tr.Code, "_CODE", "_AUTHCODE", 1)
	b.want(t, v2, "/v2/authorizations/applyToken", tokenBody(form))
	if tr.Field == "authClientId" {
		form.Set("referenceClientId", value)
		b.want(t, "REFERENCE_CLIENT_ID_NOT_MATCH", "/v1/authorizations/applyToken", tokenBody(form))
		return
	}
	form.Del("authClientId")
	b.want(t, tr.Code, "/v1/authorizations/applyToken", tokenBody(form))
}

// Whoever asks at the same moment gets the same payment, and no more is
// refunded than was paid.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const n = 8
	body := strings.Replace(v1Pay("R1", "5"), `"paymentFactor":{"isCashierPayment":true}`, `"paymentAuthCode":"1"`, 1)
	var wg sync.WaitGroup
	ids, refunds := make([]string, n), make([]string, n)
	for i := range n {
		wg.Go(func() {
			ids[i] = b.call(t, "/v1/payments/pay", body).text("paymentId")
			refunds[i] = b.call(t, "/v1/payments/refund", refundBody(fmt.Sprint("F", i), ids[i], "2")).Code
		})
	}
	wg.Wait()
	if slices.Sort(ids); len(slices.Compact(ids)) != 1 {
		t.Errorf("payments %q", ids)
	}
	slices.Sort(refunds)
	if want := append(slices.Repeat([]string{"REFUND_AMOUNT_EXCEED"}, n-2), "SUCCESS", "SUCCESS"); !slices.Equal(refunds, want) {
		t.Errorf("refunds %q", refunds)
	}
}
