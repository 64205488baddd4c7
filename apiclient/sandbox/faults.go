package sandbox

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// SettleAfter is how long a payment or a refund takes that a fault lets
// settle by itself.
const SettleAfter = 5 * time.Second

// SlowAnswer is how long the fault slow lets a client wait.
const SlowAnswer = 10 * time.Second

// Fault is one way in which the sandbox misbehaves when it is asked to, so that
// a client's handling of it can be tested. It is asked for by name, for all that
// follows, or by a value in one request.
type Fault struct {
	Name string // "wrong-key"; of a result its code: "RISK_REJECT"; "" where only the value provokes it
	Says string // one sentence: what happens, in the sandbox's story
	// Cause is how a diagnosis of the answer names it; "" where it does not concern
	// the signature.
	Cause string

	Endpoint string // that answers so, without version: "payments/pay"; "" means all
	Field    string // whose value provokes it: "paymentAmount.value"; "" where no value does
	Value    string // exact, or with "*" at its end for any value that starts so
	Status   string // S, F, U or A; "" where the fault leaves the result as it is
	Code     string // resultCode

	then   effect
	before func(*Sandbox, *outgoing) // changes what is signed
	after  func(*outgoing)           // changes what was signed
}

// effect is what a result leaves behind.
type effect int

const (
	nothing       effect = iota // nothing is kept
	fails                       // kept as failed
	succeeds                    // kept as successful
	succeedsLater               // in process, successful after SettleAfter
	failsLater                  // in process, failed after SettleAfter
	succeedsInXML               // kept as successful, and answered in XML
)

const (
	payEndpoint    = "payments/pay"
	refundEndpoint = "payments/refund"
	tokenEndpoint  = "authorizations/applyToken"
	userEndpoint   = "users/inquiryUserInfo"
	sendEndpoint   = "miniprogram/message/send"

	payValue    = "paymentAmount.value"
	refundValue = "refundAmount.value"
)

// faults is the table: what goes wrong on the wire, then with the signature, then
// each result.
var faults = []Fault{
	{Name: "slow", Says: "The answer comes after ten seconds.", after: func(o *outgoing) { o.wait = SlowAnswer }},
	{Name: "silent", Says: "The connection is closed without an answer: the outcome is unknown.",
		after: func(o *outgoing) { o.cut = 0 }},
	{Name: "cut-off", Says: "The answer ends in the middle of its body.", after: func(o *outgoing) { o.cut = len(o.body) / 2 }},
	{Name: "http-500", Says: "A gateway fails: HTTP 500, no body, no signature.", after: func(o *outgoing) {
		o.status = http.StatusInternalServerError
		o.replace("", nil)
	}},
	{Name: "html", Says: "A gateway answers with a page for browsers: HTTP 502, no signature.", after: func(o *outgoing) {
		o.status = http.StatusBadGateway
		o.replace("text/html; charset=utf-8", []byte("<html>\n<head><title>502 Bad Gateway</title></head>\n"+
			"<body><center><h1>502 Bad Gateway</h1></center></body>\n</html>\n"))
	}},
	{Name: "xml", Says: "The body is XML, and signed so: the protocol allows it, few clients read it.",
		before: func(_ *Sandbox, o *outgoing) { o.asXML() }},

	{Name: "unsigned", Cause: "signature_missing",
		Says:  "The answer has no Signature header; several SDKs take it for verified.",
		after: func(o *outgoing) { o.header.Del(signing.HeaderName) }},
	{Name: "wrong-key", Cause: "wrong_key_unknown", Says: "The answer is signed with a key that nobody knows.",
		before: func(s *Sandbox, o *outgoing) { o.key = s.strangers.wrong() }},
	{Name: "old-key", Cause: "key_version_unknown",
		Says: "The answer is signed with a key that was replaced, and names its version, 0.",
		before: func(s *Sandbox, o *outgoing) {
			o.key, o.style.KeyVersion = s.strangers.old(), OldKeyVersion
		}},
	{Name: "other-path", Cause: "path_prefix_missing",
		Says:   "The path is signed without its prefix, as behind a proxy that adds one.",
		before: func(_ *Sandbox, o *outgoing) { o.content.Target = belowPrefix(o.q) }},
	{Name: "request-time", Cause: "response_signed_with_request_time",
		Says: "Request-Time is signed in the place of Response-Time.",
		before: func(_ *Sandbox, o *outgoing) {
			if o.content.Time = o.q.time; o.stamp() == o.q.time { // it would be right by accident
				o.at = o.at.Add(time.Second)
			}
		}},
	{Name: "no-response-time", Cause: "response_time_missing",
		Says:  "The answer has no Response-Time header, though one is signed.",
		after: func(o *outgoing) { o.header.Del(apiclient.HeaderResponseTime) }},
	{Name: "clock-skew", Cause: "clock_skew",
		Says: "Response-Time is an hour behind, and signed so.",
		before: func(_ *Sandbox, o *outgoing) {
			o.at = o.at.Add(-time.Hour)
			o.content.Time = o.stamp()
		}},
	{Name: "wrong-client-id", Cause: "response_client_id_header_differs",
		Says: "Client-Id names another client than the one that is signed.",
		after: func(o *outgoing) {
			id := []byte(o.header.Get(apiclient.HeaderClientID))
			if n := len(id); n > 0 {
				id[n-1] ^= 1
			}
			o.header.Set(apiclient.HeaderClientID, string(id))
		}},
	{Name: "body-changed", Cause: "body_compact_signed",
		Says: "A gateway behind the signature writes the JSON again, indented.",
		after: func(o *outgoing) {
			var indented bytes.Buffer
			if json.Indent(&indented, o.body, "", "  ") == nil {
				o.body = indented.Bytes()
			}
		}},
	{Name: "trailing-newline", Cause: "body_trailing_newline",
		Says:  "A line feed is added to the body behind the signature.",
		after: func(o *outgoing) { o.body = append(o.body, '\n') }},
	{Name: "gzip", Cause: "body_gzip_not_decoded",
		Says: "The body is compressed behind the signature, which covers it as it was.",
		after: func(o *outgoing) {
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			_, _ = z.Write(o.body)
			_ = z.Close()
			o.body = packed.Bytes()
			o.header.Set("Content-Encoding", "gzip")
		}},
	{Name: "double-encoded", Cause: "signature_double_urlencoded",
		Says:  "The signature is percent-encoded twice.",
		after: func(o *outgoing) { o.rewriteSignature(url.QueryEscape) }},
	{Name: "base64url", Cause: "signature_base64url",
		Says:   "The signature is base64url: it verifies, and some clients do not read it.",
		before: func(_ *Sandbox, o *outgoing) { o.style.Encoding = signing.Base64URL }},
	{Name: "header-spelling", Cause: "signature_header_key_case",
		Says:  "Names of headers and pairs are in other letters and another order: it verifies, and some clients do not find them.",
		after: func(o *outgoing) { o.respell() }},

	// Results that any interface may answer.
	named("", "PARAM_ILLEGAL", "A parameter is wrong: look at headers and body."),
	named("", "INVALID_API", "There is no such interface."),
	named("", "ACCESS_DENIED", "The client may not call this interface."),
	named("", "INVALID_SIGNATURE", "The signature is refused, whatever it is: see what your client makes of that."),
	named("", "INVALID_CLIENT", "The client is not known."),
	named("", "METHOD_NOT_SUPPORTED", "The method is not supported."),
	named("", "MEDIA_TYPE_NOT_ACCEPTABLE", "The media type is not acceptable."),
	named("", "REQUEST_TRAFFIC_EXCEED_LIMIT", "Too many requests; slow down and repeat."),
	named("", "PROCESS_FAIL", "It failed for good."),
	named("", "UNKNOWN_EXCEPTION", "The outcome is unknown: call again with the same id, or query it."),

	named(payEndpoint, "PAYMENT_AMOUNT_EXCEED_LIMIT", "The amount is over the limit for one payment."),
	named(payEndpoint, "CURRENCY_NOT_SUPPORT", "The currency is not supported."),
	named(payEndpoint, "ORDER_STATUS_INVALID", "The order is in a state that does not allow this."),
	named(payEndpoint, "INVALID_ACCESS_TOKEN", "The access token is not valid."),
	named(payEndpoint, "REPEAT_REQ_INCONSISTENT", "The paymentRequestId was used with another body."),
	named(refundEndpoint, "REFUND_AMOUNT_EXCEED", "More is to be refunded than was paid."),
	named(refundEndpoint, "ORDER_NOT_EXIST", "There is no such payment."),
	named(refundEndpoint, "ORDER_STATUS_INVALID", "The payment was not successful."),
	named(refundEndpoint, "REPEAT_REQ_INCONSISTENT", "The refundRequestId was used with another body."),
	named("payments/inquiryPayment", "ORDER_NOT_EXIST", "There is no such payment."),
	named("payments/inquiryRefund", "REFUND_NOT_EXIST", "There is no such refund."),
	named(tokenEndpoint, "AUTH_CLIENT_UNSUPPORTED_GRANT_TYPE", "The mini program may not use this grant type."),
	named(tokenEndpoint, "INVALID_AUTH_CLIENT_STATUS", "The mini program is suspended."),
	named(tokenEndpoint, "INVALID_REFRESH_TOKEN", "The refresh token is not valid."),
	named(tokenEndpoint, "INVALID_CODE", "The code is not valid."),
	named(tokenEndpoint, "REFERENCE_CLIENT_ID_NOT_MATCH", "The code was given to another mini program."),
	named(sendEndpoint, "REPEAT_REQ_INCONSISTENT", "The requestId was used with another body."),

	by(payEndpoint, payValue, "40000", "SUCCESS", succeeds, "Paid at once, without a checkout."),
	by(payEndpoint, payValue, "40001", "USER_BALANCE_NOT_ENOUGH", fails, "The buyer's balance is too low."),
	by(payEndpoint, payValue, "40002", "PAYMENT_IN_PROCESS", succeedsLater, "In process; the payment succeeds after five seconds."),
	by(payEndpoint, payValue, "40003", "UNKNOWN_EXCEPTION", succeeds,
		"The answer says unknown, yet the payment succeeded: ask inquiryPayment."),
	by(payEndpoint, payValue, "40004", "RISK_REJECT", fails, "The payment was rejected by risk control."),
	by(payEndpoint, payValue, "40005", "USER_STATUS_ABNORMAL", fails, "The buyer's account is frozen."),
	by(payEndpoint, payValue, "40006", "USER_AMOUNT_EXCEED_LIMIT", fails, "The payment is over the buyer's own limit."),
	by(payEndpoint, payValue, "40007", "PARTNER_STATUS_ABNORMAL", nothing, "The merchant's contract is suspended."),
	by(payEndpoint, payValue, "40008", "REQUEST_TRAFFIC_EXCEED_LIMIT", nothing, "Too many requests; slow down and repeat."),
	by(payEndpoint, payValue, "40009", "PROCESS_FAIL", fails, "The payment failed for good."),
	by(payEndpoint, payValue, "40010", "USER_NOT_EXIST", nothing, "The buyer has no account."),
	by(payEndpoint, payValue, "40011", "ACCEPT", succeedsLater, "The buyer approves after five seconds, without a browser."),
	by(payEndpoint, payValue, "40012", "ACCEPT", failsLater, "The buyer refuses after five seconds, without a browser."),
	by(payEndpoint, payValue, "40013", "PAYMENT_IN_PROCESS", failsLater, "In process; the payment fails after five seconds."),
	by(payEndpoint, payValue, "40014", "SUCCESS", succeedsInXML, "Paid at once; the answer is XML."),
	by(payEndpoint, "paymentAuthCode", "SANDBOX_USED_CODE", "AUTH_CODE_ALREADY_USED", nothing, "The payment code was used before."),
	by(payEndpoint, "paymentAuthCode", "SANDBOX_INVALID_CODE", "INVALID_CODE", nothing, "The payment code is not valid."),
	by(payEndpoint, "partnerId", "UNKNOWN_*", "PARTNER_NOT_EXIST", nothing, "There is no such partner."),

	by(refundEndpoint, refundValue, "41001", "REFUND_IN_PROCESS", succeedsLater, "In process; the refund succeeds after five seconds."),
	by(refundEndpoint, refundValue, "41002", "PARTNER_BALANCE_NOT_ENOUGH", nothing, "The merchant's balance is too low."),
	by(refundEndpoint, refundValue, "41003", "REFUND_WINDOW_EXCEED", nothing, "The payment is too old to be refunded."),
	by(refundEndpoint, refundValue, "41004", "REFUND_IN_PROCESS", failsLater, "In process; the refund fails after five seconds."),
	by(refundEndpoint, refundValue, "41005", "UNKNOWN_EXCEPTION", succeeds,
		"The answer says unknown, yet the refund succeeded: ask inquiryRefund."),

	by(tokenEndpoint, "authCode", "SANDBOX_AUTH_CODE", "SUCCESS", nothing, "A code that is always valid, however often it is used."),
	by(tokenEndpoint, "authCode", "SANDBOX_USED_CODE", "USED_CODE", nothing, "The code was used before."),
	by(tokenEndpoint, "authCode", "SANDBOX_EXPIRED_CODE", "EXPIRED_CODE", nothing, "The code has expired."),
	by(tokenEndpoint, "refreshToken", "SANDBOX_EXPIRED_REFRESH_TOKEN", "EXPIRED_REFRESH_TOKEN", nothing,
		"The refresh token has expired."),
	by(tokenEndpoint, "refreshToken", "SANDBOX_USED_REFRESH_TOKEN", "USED_REFRESH_TOKEN", nothing, "The refresh token was used before."),
	by(tokenEndpoint, "authClientId", "UNKNOWN_*", "INVALID_AUTH_CLIENT", nothing, "There is no such mini program."),

	by(userEndpoint, "accessToken", "SANDBOX_ACCESS_TOKEN", "SUCCESS", nothing, "A token that is always valid."),
	by(userEndpoint, "accessToken", "SANDBOX_EXPIRED_ACCESS_TOKEN", "EXPIRED_ACCESS_TOKEN", nothing,
		"The access token has expired; applyToken again."),

	by(sendEndpoint, "templateCode", "UNKNOWN_*", "TEMPLATE_NOT_EXIST", nothing, "There is no such template."),
	by(sendEndpoint, "templateCode", "UNSUBSCRIBED_*", "USER_NOT_SUBSCRIBED", nothing, "The user does not want such messages."),
	by(sendEndpoint, "templateCode", "LIMIT_*", "MESSAGE_SEND_EXCEED_LIMIT", nothing, "The user got too many messages today."),
}

// by is a result that a value in a request provokes. One that is no success has
// its code for a name; of what settles later the name means that it succeeds.
func by(endpoint, field, value, code string, then effect, says string) Fault {
	f := named(endpoint, code, says)
	f.Field, f.Value, f.then = field, value, then
	if f.Status == "S" || f.Status == "A" || then == failsLater {
		f.Name = ""
	}
	return f
}

// named is a result that is provoked by its name alone.
func named(endpoint, code, says string) Fault {
	return Fault{Name: code, Endpoint: endpoint, Status: cmp.Or(statuses[code], "F"), Code: code, Says: says}
}

// Faults lists the table. Values of users/inquiryUserInfo hold wherever an access
// token is sent, and those of authorizations/applyToken for
// applyTokenAndInquiryUserInfo too, where v2 says …_AUTHCODE instead of …_CODE.
func Faults() []Fault { return slices.Clone(faults) }

// FaultNames lists the names that SetFaults takes, each once.
func FaultNames() []string {
	var names []string
	for _, f := range faults {
		if f.Name != "" && !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}
