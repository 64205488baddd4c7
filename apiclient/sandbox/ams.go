package sandbox

import "fmt"

// amsOperations are what the preset ams plays. Its other interfaces are answered
// with the schema's example.
var amsOperations = map[string]operation{
	"v1/payments/pay":                  operate(payAMS),
	"v1/payments/createPaymentSession": operate(startSessionAMS),
	"v1/payments/inquiryPayment":       operate(inquirePaymentAMS),
	"v1/payments/cancel":               operate(cancelPaymentAMS),
	"v1/payments/refund":               operate(refundPaymentAMS),
	"v1/payments/inquiryRefund":        operate(inquireRefund),
	"v1/authorizations/applyToken":     operate(applyTokenAMS),
	"v1/authorizations/revoke":         operate(cancelToken),
}

// versionAMS is the shape of answers about payments that this sibling's pay made.
const versionAMS = "ams"

func payAMS(s *Sandbox, q *request, r payRequest) answer { return s.pay(q, r, versionAMS, q.client) }

// payAnswerAMS is payAnswer in the sibling's words: a payment whose buyer has still
// to decide is U, and what is known of it is in every answer.
func payAnswerAMS(p *payment, a answer) answer {
	if a.result.Code == "ACCEPT" {
		a.result.Code, a.result.Status = "PAYMENT_IN_PROCESS", "U"
		a.result.Message = "Not yet paid: open the URL, let the buyer decide, then ask inquiryPayment."
	}
	p.describeAMS(&a)
	if p.status == processing && p.page != "" {
		a.add("normalUrl", p.page)
		a.add("redirectActionForm", struct {
			Method string `json:"method"`
			URL    string `json:"redirectUrl"`
		}{"GET", p.page})
	}
	return a
}

// describeAMS adds what all answers about a payment have.
func (p *payment) describeAMS(a *answer) {
	a.add("paymentRequestId", p.requestID)
	a.add("paymentId", p.id)
	a.add("paymentAmount", p.amount)
	a.add("paymentCreateTime", isoTime(p.made))
	if p.status == success {
		a.add("paymentTime", isoTime(p.settled))
	}
}

// startSessionAMS is pay for an SDK in the buyer's browser, which gets the page
// with the session.
func startSessionAMS(s *Sandbox, q *request, r payRequest) answer {
	paid := s.pay(q, r, versionAMS, q.client)
	p, ok := s.books.requests.get(requestKey(q.client, r.PaymentRequestID))
	if !ok || paid.result.Status == "F" {
		return paid
	}
	a := succeed()
	a.add("paymentSessionId", p.id)
	a.add("paymentSessionData", p.id)
	a.add("paymentSessionExpiryTime", isoTime(p.expires))
	if p.page != "" {
		a.add("normalUrl", p.page)
	}
	return a
}

func inquirePaymentAMS(s *Sandbox, q *request, r inquiryRequest) answer {
	p, refusal := s.findPayment(r, q)
	if refusal != nil {
		return *refusal
	}
	a := succeed()
	a.add("paymentStatus", p.status)
	switch p.status {
	case success:
		a.add("paymentResultCode", "SUCCESS")
		a.add("paymentResultMessage", "success")
	case processing:
		a.add("paymentResultCode", "PAYMENT_IN_PROCESS")
		a.add("paymentResultMessage", "The buyer has not decided yet.")
	default:
		a.add("paymentResultCode", p.code)
		a.add("paymentResultMessage", clip(p.reason, maxMessage))
	}
	p.describeAMS(&a)
	return a
}

// cancelPaymentAMS ends a payment, whatever its buyer says later. One that was paid
// is given back, unless a refund was made.
func cancelPaymentAMS(s *Sandbox, q *request, r inquiryRequest) answer {
	p, refusal := s.findPayment(r, q)
	if refusal != nil {
		return *refusal
	}
	switch {
	case p.refunded > 0:
		return refuse("ORDER_STATUS_INVALID", fmt.Sprintf("Payment %s was refunded in part: refund the rest.", p.id))
	case p.status == processing, p.status == success:
		s.settle(p, canceled, "ORDER_IS_CANCELED", "The merchant cancelled the payment.", q.at)
	case p.status != canceled:
		return refuse("ORDER_STATUS_INVALID", fmt.Sprintf("Payment %s is %s.", p.id, p.status))
	}
	a := succeed()
	a.add("paymentId", p.id)
	a.add("paymentRequestId", p.requestID)
	a.add("cancelTime", isoTime(p.settled))
	return a
}

func refundPaymentAMS(s *Sandbox, q *request, r refundRequest) answer {
	a := refundPayment(s, q, r)
	if f, ok := s.books.repeats.get(requestKey(r.PartnerID, r.RefundRequestID)); ok && a.result.Code != "REPEAT_REQ_INCONSISTENT" {
		a.add("refundRequestId", f.requestID)
		a.add("paymentId", f.payment.id)
		a.add("refundAmount", f.amount)
	}
	return a
}

func applyTokenAMS(s *Sandbox, q *request, r tokenRequest) answer {
	g, refusal := s.applyToken(q.at, r, "", "CODE")
	if refusal != nil {
		return *refusal
	}
	a := g.answer()
	a.add("userLoginId", "+65-8*****42")
	return a
}

// notificationAMS is the body that tells the merchant of a payment.
func (p *payment) notificationAMS(b *answer) {
	b.add("notifyType", "PAYMENT_RESULT")
	p.describeAMS(b)
}
