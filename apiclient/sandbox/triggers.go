package sandbox

import (
	"strings"
	"time"
)

// SettleAfter is how long a payment or a refund takes that a trigger lets
// settle by itself.
const SettleAfter = 5 * time.Second

// Trigger is a value that provokes a certain result, so that a client's
// handling of it can be tested.
type Trigger struct {
	Endpoint string // name without version: "payments/pay"
	Field    string // "paymentAmount.value"
	Value    string // exact, or with "*" at its end for any value that starts so
	Status   string // S, F, U or A
	Code     string // resultCode
	Says     string // one sentence: what happened, in the sandbox's story

	then effect
}

// effect is what a trigger leaves behind.
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

var triggers = []Trigger{
	{payEndpoint, payValue, "40000", "S", "SUCCESS", "Paid at once, without a checkout.", succeeds},
	{payEndpoint, payValue, "40001", "F", "USER_BALANCE_NOT_ENOUGH", "The buyer's balance is too low.", fails},
	{payEndpoint, payValue, "40002", "U", "PAYMENT_IN_PROCESS", "In process; the payment succeeds after five seconds.", succeedsLater},
	{payEndpoint, payValue, "40003", "U", "UNKNOWN_EXCEPTION", "The answer says unknown, yet the payment succeeded: ask inquiryPayment.",
		succeeds},
	{payEndpoint, payValue, "40004", "F", "RISK_REJECT", "The payment was rejected by risk control.", fails},
	{payEndpoint, payValue, "40005", "F", "USER_STATUS_ABNORMAL", "The buyer's account is frozen.", fails},
	{payEndpoint, payValue, "40006", "F", "USER_AMOUNT_EXCEED_LIMIT", "The payment is over the buyer's own limit.", fails},
	{payEndpoint, payValue, "40007", "F", "PARTNER_STATUS_ABNORMAL", "The merchant's contract is suspended.", nothing},
	{payEndpoint, payValue, "40008", "F", "REQUEST_TRAFFIC_EXCEED_LIMIT", "Too many requests; slow down and repeat.", nothing},
	{payEndpoint, payValue, "40009", "F", "PROCESS_FAIL", "The payment failed for good.", fails},
	{payEndpoint, payValue, "40010", "F", "USER_NOT_EXIST", "The buyer has no account.", nothing},
	{payEndpoint, payValue, "40011", "A", "ACCEPT", "The buyer approves after five seconds, without a browser.", succeedsLater},
	{payEndpoint, payValue, "40012", "A", "ACCEPT", "The buyer refuses after five seconds, without a browser.", failsLater},
	{payEndpoint, payValue, "40013", "U", "PAYMENT_IN_PROCESS", "In process; the payment fails after five seconds.", failsLater},
	{payEndpoint, payValue, "40014", "S", "SUCCESS", "Paid at once; the answer is XML.", succeedsInXML},
	{payEndpoint, "paymentAuthCode", "SANDBOX_USED_CODE", "F", "AUTH_CODE_ALREADY_USED", "The payment code was used before.", nothing},
	{payEndpoint, "paymentAuthCode", "SANDBOX_INVALID_CODE", "F", "INVALID_CODE", "The payment code is not valid.", nothing},
	{payEndpoint, "partnerId", "UNKNOWN_*", "F", "PARTNER_NOT_EXIST", "There is no such partner.", nothing},

	{refundEndpoint, refundValue, "41001", "U", "REFUND_IN_PROCESS", "In process; the refund succeeds after five seconds.", succeedsLater},
	{refundEndpoint, refundValue, "41002", "F", "PARTNER_BALANCE_NOT_ENOUGH", "The merchant's balance is too low.", nothing},
	{refundEndpoint, refundValue, "41003", "F", "REFUND_WINDOW_EXCEED", "The payment is too old to be refunded.", nothing},
	{refundEndpoint, refundValue, "41004", "U", "REFUND_IN_PROCESS", "In process; the refund fails after five seconds.", failsLater},
	{refundEndpoint, refundValue, "41005", "U", "UNKNOWN_EXCEPTION", "The answer says unknown, yet the refund succeeded: ask inquiryRefund.",
		succeeds},

	{tokenEndpoint, "authCode", "SANDBOX_AUTH_CODE", "S", "SUCCESS", "A code that is always valid, however often it is used.", nothing},
	{tokenEndpoint, "authCode", "SANDBOX_USED_CODE", "F", "USED_CODE", "The code was used before.", nothing},
	{tokenEndpoint, "authCode", "SANDBOX_EXPIRED_CODE", "F", "EXPIRED_CODE", "The code has expired.", nothing},
	{tokenEndpoint, "refreshToken", "SANDBOX_EXPIRED_REFRESH_TOKEN", "F", "EXPIRED_REFRESH_TOKEN", "The refresh token has expired.", nothing},
	{tokenEndpoint, "refreshToken", "SANDBOX_USED_REFRESH_TOKEN", "F", "USED_REFRESH_TOKEN", "The refresh token was used before.", nothing},
	{tokenEndpoint, "authClientId", "UNKNOWN_*", "F", "INVALID_AUTH_CLIENT", "There is no such mini program.", nothing},

	{userEndpoint, "accessToken", "SANDBOX_ACCESS_TOKEN", "S", "SUCCESS", "A token that is always valid.", nothing},
	{userEndpoint, "accessToken", "SANDBOX_EXPIRED_ACCESS_TOKEN", "F", "EXPIRED_ACCESS_TOKEN",
		"The access token has expired; applyToken again.", nothing},

	{sendEndpoint, "templateCode", "UNKNOWN_*", "F", "TEMPLATE_NOT_EXIST", "There is no such template.", nothing},
	{sendEndpoint, "templateCode", "UNSUBSCRIBED_*", "F", "USER_NOT_SUBSCRIBED", "The user does not want such messages.", nothing},
	{sendEndpoint, "templateCode", "LIMIT_*", "F", "MESSAGE_SEND_EXCEED_LIMIT", "The user got too many messages today.", nothing},
}

// Triggers lists the values that provoke a certain result. Those of
// users/inquiryUserInfo hold wherever an access token is sent, and those of
// authorizations/applyToken for applyTokenAndInquiryUserInfo too, where v2
// says …_AUTHCODE instead of …_CODE.
func Triggers() []Trigger { return append([]Trigger(nil), triggers...) }

// trigger finds the first trigger for a field's value.
func trigger(endpoint, field, value string) (Trigger, bool) {
	for _, t := range triggers {
		if t.Endpoint == endpoint && t.Field == field && t.matches(value) {
			return t, true
		}
	}
	return Trigger{}, false
}

func (t Trigger) matches(value string) bool {
	if prefix, ok := strings.CutSuffix(t.Value, "*"); ok {
		return strings.HasPrefix(value, prefix)
	}
	return value == t.Value
}

// message is what the answer's resultMessage says: where the result comes from
// is said too, lest anyone look for a fault of their own.
func (t Trigger) message() string {
	return t.Says + " (Provoked by " + t.Field + " " + t.Value + ".)"
}

// payTrigger finds what a payment provokes: who is party to it comes before
// how much it is.
func payTrigger(r payRequest) (Trigger, bool) {
	if t, ok := trigger(payEndpoint, "partnerId", r.PartnerID); ok {
		return t, true
	}
	if t, ok := trigger(payEndpoint, "paymentAuthCode", r.PaymentAuthCode); ok {
		return t, true
	}
	return trigger(payEndpoint, payValue, r.PaymentAmount.Value)
}
