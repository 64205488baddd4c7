package sandbox

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sdk is how an official client writes its requests: the header spelling, the times
// and the bodies of its captures.
type sdk struct {
	name   string
	time   func(time.Time) string
	client string // spelling of Client-Id
	target func(path string) string
	body   func(v map[string]any) string
	extra  string // lines of its head
}

var sdks = []sdk{
	{name: "java", client: "client-id", body: compact, time: millis, extra: "Accept: text/plain,text/xml,text/javascript,text/html\r\n" +
		"User-Agent: global-open-sdk-java/unknown\r\nContent-Type: application/json; charset=UTF-8\r\n"},
	{name: "go", client: "Client-Id", body: compact, time: millis, extra: "User-Agent: global-open-sdk-go/1.3.5\r\nAgent-Token: \r\n" +
		"Content-Type: application/json\r\nContent-Type: application/json; charset=UTF-8\r\nKey-Version: 1\r\nAccept-Encoding: gzip\r\n"},
	{name: "go, old", client: "Client-Id", body: compact, time: func(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) },
		extra: "Content-Type: application/json; charset=UTF-8\r\nKey-Version: 1\r\nAccept-Encoding: gzip\r\n"},
	{name: "python", client: "client-id", time: func(t time.Time) string { return t.Format("2006-01-02T15:04:05-07:00") },
		target: func(path string) string { return "https://127.0.0.1:18443" + path },
		body: func(v map[string]any) string {
			b, _ := json.MarshalIndent(v, "", "   ")
			return string(b)
		},
		extra: "Accept-Encoding: identity\r\nContent-type: application/json; charset=UTF-8\r\nCache-Control: no-cache\r\n" +
			"User-Agent: global-open-sdk-python/1.5.5\r\n"},
	{name: "php", client: "client-id", time: func(t time.Time) string { return t.Format("2006-01-02T15:04:05-0700") },
		body:  func(v map[string]any) string { return strings.ReplaceAll(compact(v), "/", `\/`) },
		extra: "Accept: */*\r\nContent-Type: application/json; charset=UTF-8\r\nUser-Agent: global-open-sdk-php/1.5.5\r\n"},
}

func compact(v map[string]any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// call makes a request as the client does, and reads the answer as it does.
func (k sdk) call(t *testing.T, b *bench, id, path string, v map[string]any) sdkAnswer {
	t.Helper()
	body, at := k.body(v), k.time(b.clock())
	sum := sha256.Sum256([]byte("POST " + path + "\n" + id + "." + at + "." + body))
	sig, err := rsa.SignPKCS1v15(nil, b.client, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	target := path
	if k.target != nil {
		target = k.target(path)
	}
	raw := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%sRequest-Time: %s\r\n%s: %s\r\n"+
		"Signature: algorithm=RSA256,keyVersion=1,signature=%s\r\nContent-Length: %d\r\n\r\n%s", target, k.extra, at, k.client, id,
		url.QueryEscape(base64.StdEncoding.EncodeToString(sig)), len(body), body)
	return k.read(t, b, id, path, exchangeRaw(t, b.server.Addr, raw))
}

type sdkAnswer struct {
	Status, Code, Message string
	members               map[string]any
}

func (a sdkAnswer) text(name string) string {
	s, _ := a.members[name].(string)
	return s
}

// read verifies the answer like an SDK: over the path and the Client-Id that were
// sent, with names found as they are spelt. Without a signature most of them show
// nothing but that it is missing.
func (k sdk) read(t *testing.T, b *bench, id, path, raw string) sdkAnswer {
	t.Helper()
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	if !strings.HasPrefix(head, "HTTP/1.1 200 ") {
		t.Errorf("%s: %s: SDKs throw the body away", k.name, head)
	}
	header := map[string]string{}
	for line := range strings.SplitSeq(head, "\r\n") {
		name, value, _ := strings.Cut(line, ": ")
		header[name] = value
	}
	spelt := func(name string) string {
		if k.client == "client-id" {
			return strings.ToLower(name)
		}
		return name
	}
	_, value, ok := strings.Cut(header[spelt("Signature")], "signature=")
	if !ok {
		t.Fatalf("%s: the answer has no %s: %s\n%s", k.name, spelt("Signature"), head, body)
	}
	plain, _ := url.QueryUnescape(value)
	sig, _ := base64.StdEncoding.DecodeString(plain)
	if got := header[spelt("Client-Id")]; got != id {
		t.Errorf("%s: the answer is for %q, not for %q", k.name, got, id)
	}
	sum := sha256.Sum256([]byte("POST " + path + "\n" + id + "." + header[spelt("Response-Time")] + "." + body))
	if err := rsa.VerifyPKCS1v15(b.peer, crypto.SHA256, sum[:], sig); err != nil {
		t.Errorf("%s: response signature verify failed: %s", k.name, body)
	}
	var a struct {
		Result struct{ ResultStatus, ResultCode, ResultMessage string }
	}
	members := map[string]any{}
	if json.Unmarshal([]byte(body), &a) != nil || json.Unmarshal([]byte(body), &members) != nil {
		t.Fatalf("%s: not JSON: %s", k.name, body)
	}
	return sdkAnswer{a.Result.ResultStatus, a.Result.ResultCode, a.Result.ResultMessage, members}
}

func amsPay(id, notify string) map[string]any {
	money := map[string]any{"currency": "HKD", "value": "100"}
	return map[string]any{
		"productCode": "CASHIER_PAYMENT", "paymentRequestId": id, "paymentAmount": money,
		"order": map[string]any{"orderDescription": "test order desc", "referenceOrderId": "102775745075668", "orderAmount": money,
			"env": map[string]any{"osType": "ANDROID", "terminalType": "WEB"}},
		"paymentMethod":      map[string]any{"paymentMethodType": "ALIPAY_HK"},
		"paymentNotifyUrl":   notify,
		"paymentRedirectUrl": "https://merchant.example.com",
		"settlementStrategy": map[string]any{"settlementCurrency": "USD"},
	}
}

// Each official client gets from pay over the inquiry to the refund, with and
// without its sandbox paths, and its error paths end in a result that can be read.
func TestOfficialClientsWithThePresetAMS(t *testing.T) {
	t.Parallel()
	for _, k := range sdks {
		for _, prefix := range []string{"/ams/api", "/ams/sandbox/api"} {
			t.Run(k.name+prefix, func(t *testing.T) {
				t.Parallel()
				const id = "SANDBOX_5Y00000000000042"
				b := newBench(t, func(c *Config) { c.Preset, c.ClientID = "ams", id })
				want := func(code string, a sdkAnswer) sdkAnswer {
					t.Helper()
					if a.Code != code {
						t.Errorf("%s %s %q, want %s", a.Status, a.Code, a.Message, code)
					}
					return a
				}
				call := func(path string, v map[string]any) sdkAnswer { return k.call(t, b, id, prefix+path, v) }
				paid := want("PAYMENT_IN_PROCESS", call("/v1/payments/pay", amsPay("PR_1", "")))
				if paid.Status != "U" || paid.text("paymentCreateTime") == "" || paid.text("paymentRequestId") != "PR_1" {
					t.Errorf("pay: %v", paid.members)
				}
				query := map[string]any{"paymentRequestId": "PR_1"}
				if a := want("SUCCESS", call("/v1/payments/inquiryPayment", query)); a.text("paymentStatus") != "PROCESSING" ||
					a.text("paymentResultCode") != "PAYMENT_IN_PROCESS" {
					t.Errorf("inquiry: %v", a.members)
				}
				b.decide(t, paid.text("normalUrl"), "approve")
				if a := want("SUCCESS", call("/v1/payments/inquiryPayment", query)); a.text("paymentStatus") != "SUCCESS" ||
					a.text("paymentTime") == "" {
					t.Errorf("inquiry: %v", a.members)
				}
				money := map[string]any{"currency": "HKD", "value": "60"}
				refund := map[string]any{"refundRequestId": "RR_1", "paymentId": paid.text("paymentId"), "refundAmount": money}
				if a := want("SUCCESS", call("/v1/payments/refund", refund)); a.text("refundId") == "" || a.text("refundRequestId") != "RR_1" {
					t.Errorf("refund: %v", a.members)
				}
				if a := want("SUCCESS", call("/v1/payments/inquiryRefund", map[string]any{"refundRequestId": "RR_1"})); a.text("refundStatus") != "SUCCESS" {
					t.Errorf("inquiryRefund: %v", a.members)
				}
				want("ORDER_STATUS_INVALID", call("/v1/payments/cancel", query))

				refund["refundRequestId"] = "RR_2"
				want("REFUND_AMOUNT_EXCEED", call("/v1/payments/refund", refund))
				want("ORDER_NOT_EXIST", call("/v1/payments/inquiryPayment", map[string]any{"paymentRequestId": "PR_2"}))
				if a := want("PARAM_ILLEGAL", call("/v1/payments/pay", map[string]any{"paymentRequestId": "PR_3"})); !strings.Contains(a.Message, "paymentAmount is required") {
					t.Errorf("%q", a.Message)
				}
				want("INVALID_API", call("/v1/payments/paid", query))
				other := k
				other.extra = "Content-Type: text/plain\r\n"
				want("MEDIA_TYPE_NOT_ACCEPTABLE", other.call(t, b, id, prefix+"/v1/payments/pay", query))
				if a := want("INVALID_CLIENT", k.call(t, b, "SANDBOX_other", prefix+"/v1/payments/pay", amsPay("PR_4", ""))); !strings.Contains(a.Message, "SANDBOX_other") {
					t.Errorf("%q", a.Message)
				}
			})
		}
	}
}

func TestAnyClient(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *Config) { c.Preset, c.AnyClient = "ams", true })
	for _, id := range []string{"SANDBOX_A", "B"} {
		path := "/ams/api/v1/payments/pay"
		if a := sdks[0].call(t, b, id, path, amsPay("PR_1", "")); a.Code != "PAYMENT_IN_PROCESS" {
			t.Errorf("%s: %+v", id, a)
		}
	}
	b.client = privateKey(t, "other2048")
	if a := sdks[0].call(t, b, "B", "/ams/api/v1/payments/pay", amsPay("PR_2", "")); a.Code != "INVALID_SIGNATURE" {
		t.Errorf("another key: %+v", a)
	}
}

// exchangeRaw sends bytes and returns those of the answer.
func exchangeRaw(t *testing.T, addr, raw string) string {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw = strings.Replace(raw, "\r\n", "\r\nConnection: close\r\n", 1)
	if _, err := io.WriteString(conn, raw); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// decide is the buyer's browser.
func (b *bench) decide(t *testing.T, page, decision string) {
	t.Helper()
	answer, err := http.PostForm(page, url.Values{"decision": {decision}})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("%s of %s: HTTP %d", decision, page, answer.StatusCode)
	}
}
