package catalog

import (
	"slices"
	"strings"
	"testing"
)

// resultCodes is the protocol, section 6: interface, then its codes with the
// resultStatus that they come with.
var resultCodes = []struct{ name, codes string }{
	{"", `SUCCESS:S ACCEPT:A PROCESS_FAIL:F PARAM_ILLEGAL:F INVALID_API:F ACCESS_DENIED:F REQUEST_TRAFFIC_EXCEED_LIMIT:F
		REQUEST_TRAFFIC_EXCEED_LIMIT:U UNKNOWN_EXCEPTION:U EXPIRED_ACCESS_TOKEN:F INVALID_SIGNATURE:F INVALID_CLIENT:F
		METHOD_NOT_SUPPORTED:F MEDIA_TYPE_NOT_ACCEPTABLE:F`},
	{"v1/payments/pay v2/payments/pay", `REPEAT_REQ_INCONSISTENT:F PAYMENT_AMOUNT_EXCEED_LIMIT:F USER_NOT_EXIST:F USER_STATUS_ABNORMAL:F
		USER_BALANCE_NOT_ENOUGH:F PARTNER_NOT_EXIST:F PARTNER_STATUS_ABNORMAL:F RISK_REJECT:F CURRENCY_NOT_SUPPORT:F
		ORDER_STATUS_INVALID:F INVALID_ACCESS_TOKEN:F USER_AMOUNT_EXCEED_LIMIT:F AUTH_CODE_ALREADY_USED:F INVALID_CODE:F
		PAYMENT_IN_PROCESS:U ACCEPT:A`},
	{"v1/payments/refund", `REFUND_IN_PROCESS:U REFUND_WINDOW_EXCEED:F REFUND_AMOUNT_EXCEED:F PARTNER_BALANCE_NOT_ENOUGH:F
		ORDER_NOT_EXIST:F ORDER_STATUS_INVALID:F REPEAT_REQ_INCONSISTENT:F`},
	{"v1/payments/inquiryRefund", "REFUND_NOT_EXIST:F"},
	{"v1/authorizations/applyToken", `AUTH_CLIENT_UNSUPPORTED_GRANT_TYPE:F INVALID_AUTH_CLIENT:F INVALID_AUTH_CLIENT_STATUS:F
		INVALID_REFRESH_TOKEN:F EXPIRED_REFRESH_TOKEN:F USED_REFRESH_TOKEN:F INVALID_CODE:F USED_CODE:F EXPIRED_CODE:F
		REFERENCE_CLIENT_ID_NOT_MATCH:F`},
	{"v2/authorizations/applyToken v2/authorizations/applyTokenAndInquiryUserInfo", "INVALID_AUTHCODE:F USED_AUTHCODE:F EXPIRED_AUTHCODE:F INVALID_AUTH_CLIENT:F"},
	{"v2/miniprogram/message/send", "TEMPLATE_NOT_EXIST:F USER_NOT_SUBSCRIBED:F MESSAGE_SEND_EXCEED_LIMIT:F"},
}

func TestEveryResultCodeIsExplained(t *testing.T) {
	t.Parallel()
	c := builtinForTest(t)
	for _, row := range resultCodes {
		endpoints := []Endpoint{{}} // an endpoint that nothing is known of knows the common ones
		for _, id := range strings.Fields(row.name) {
			endpoints = append(endpoints, lookupForTest(t, c, id))
		}
		if row.name == "" {
			endpoints = append(endpoints, c.Endpoints()...)
		}
		for _, e := range endpoints {
			for _, word := range strings.Fields(row.codes) {
				name, status, _ := strings.Cut(word, ":")
				code, ok := e.Code(name)
				if !ok || code.Code != name {
					t.Errorf("%s: %s is not explained", e.ID, name)
					continue
				}
				if !strings.Contains(code.Status, status) && e.Direction != Callback {
					t.Errorf("%s: %s has status %s, want %s", e.ID, name, code.Status, status)
				}
				if !strings.HasSuffix(code.Meaning, ".") || !strings.HasSuffix(code.Advice, ".") {
					t.Errorf("%s: %s: %q, %q are no sentences", e.ID, name, code.Meaning, code.Advice)
				}
				if row.name != "" && e.ID != "" && !slices.Contains(e.Codes, code) {
					t.Errorf("%s does not list %s", e.ID, name)
				}
			}
		}
	}
}

func TestAdvice(t *testing.T) {
	t.Parallel()
	c := builtinForTest(t)
	pay, refund := lookupForTest(t, c, "payments/pay"), lookupForTest(t, c, "payments/refund")
	tests := []struct {
		endpoint        Endpoint
		status, code    string
		meaning, advice string // parts of them
	}{
		{pay, "U", "PAYMENT_IN_PROCESS", "not known yet", "Do not pay again with a new id"},
		{pay, "A", "ACCEPT", "waits for the buyer", "Open the URL"},
		{pay, "U", "SOMETHING_NEW", "does not know the code SOMETHING_NEW", "Do not pay again with a new id"},
		{pay, "U", "", "outcome is unknown", "Query"},
		{pay, "A", "", "not succeeded yet", "Open the URL"},
		{pay, "F", "REPEAT_REQ_INCONSISTENT", "paymentRequestId", "first body"},
		{refund, "F", "REPEAT_REQ_INCONSISTENT", "refundRequestId", "first body"},
		{refund, "F", "ORDER_STATUS_INVALID", "only a successful one", "inquiryPayment"},
		{pay, "U", "PROCESS_FAIL", "But its resultStatus is U, where F is usual", "Query"},
		{pay, "U", "REQUEST_TRAFFIC_EXCEED_LIMIT", "Too many requests", "Slow down"},
		{pay, "", "PARAM_ILLEGAL", "no resultStatus", "signature"},
		{pay, "", "", "no resultStatus", "query"},
		{pay, "s", "SUCCESS", `"s" is none of S, F, U and A`, "query"},
		{Endpoint{}, "F", "INVALID_SIGNATURE", "does not match", "public key"},
		{Endpoint{}, "F", "", "failed", "Fix"},
		{Endpoint{}, "S", "", "carried out", "Go on"},
	}
	for _, tt := range tests {
		meaning, advice := tt.endpoint.Advice(tt.status, tt.code)
		if !strings.Contains(meaning, tt.meaning) || !strings.Contains(advice, tt.advice) {
			t.Errorf("%s %s %s:\n%s\n%s\nwant %q, %q", tt.endpoint.ID, tt.status, tt.code, meaning, advice, tt.meaning, tt.advice)
		}
	}
	for _, e := range append(c.Endpoints(), Endpoint{}) {
		for _, status := range []string{"S", "F", "U", "A", "", " ", "X", "\x00"} {
			for _, code := range []string{"", "SUCCESS", "NO_SUCH_CODE", "RISK_REJECT", "\n"} {
				if meaning, advice := e.Advice(status, code); meaning == "" || advice == "" {
					t.Errorf("%s: %q %q: %q, %q", e.ID, status, code, meaning, advice)
				}
			}
		}
	}
}
