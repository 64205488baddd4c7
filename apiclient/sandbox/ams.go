package sandbox

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

func payAMS(s *Sandbox, q *request, r payRequest) *answer { return s.pay(q, r, versionAMS, q.client) }

// payAnswerAMS is payAnswer in the sibling's words: a payment whose buyer has still
// to decide is U, and what is known of it is in every answer.
func payAnswerAMS(p *payment, a *answer) *answer {
	if a.result.Code == "ACCEPT" {
		a.result.Code, a.result.Status = "PAYMENT_IN_PROCESS", "U"
		a.result.Message = "Not yet paid: open the URL, let the buyer decide, then ask inquiryPayment."
	}
	p.describeAMS(a)
	if p.status == processing && p.page != "" {
		a.add("normalUrl", p.page).add("redirectActionForm", map[string]string{"method": "GET", "redirectUrl": p.page})
	}
	return a
}

// describeAMS adds what all answers about a payment have.
func (p *payment) describeAMS(a *answer) *answer {
	return a.add("paymentRequestId", p.requestID).add("paymentId", p.id).add("paymentAmount", p.amount).
		add("paymentCreateTime", isoTime(p.made)).addText("paymentTime", p.paidAt())
}

// startSessionAMS is pay for an SDK in the buyer's browser, which gets the page
// with the session.
func startSessionAMS(s *Sandbox, q *request, r payRequest) *answer {
	paid := s.pay(q, r, versionAMS, q.client)
	p, ok := s.books.requests.get(requestKey(q.client, r.PaymentRequestID))
	if !ok || paid.result.Status == "F" {
		return paid
	}
	return succeed().add("paymentSessionId", p.id).add("paymentSessionData", p.id).
		add("paymentSessionExpiryTime", isoTime(p.expires)).addText("normalUrl", p.page)
}

func inquirePaymentAMS(s *Sandbox, q *request, r inquiryRequest) *answer {
	p, refusal := s.findPayment(r, q)
	if refusal != nil {
		return refusal
	}
	code, message := p.code, p.reason
	switch p.status {
	case success:
		code, message = "SUCCESS", "success"
	case processing:
		code, message = "PAYMENT_IN_PROCESS", "The buyer has not decided yet."
	}
	return p.describeAMS(succeed().add("paymentStatus", p.status).add("paymentResultCode", code).
		add("paymentResultMessage", clip(message, maxMessage)))
}

// cancelPaymentAMS ends a payment, whatever its buyer says later. One that was paid
// is given back, unless a refund was made.
func cancelPaymentAMS(s *Sandbox, q *request, r inquiryRequest) *answer {
	p, refusal := s.findPayment(r, q)
	if refusal != nil {
		return refusal
	}
	switch {
	case p.refunded > 0:
		return refuse("ORDER_STATUS_INVALID", "Payment %s was refunded in part: refund the rest.", p.id)
	case p.status == processing, p.status == success:
		s.settle(p, canceled, "ORDER_IS_CANCELED", "The merchant cancelled the payment.", q.at)
	case p.status != canceled:
		return refuse("ORDER_STATUS_INVALID", "Payment %s is %s.", p.id, p.status)
	}
	return succeed().add("paymentId", p.id).add("paymentRequestId", p.requestID).add("cancelTime", isoTime(p.settled))
}

func refundPaymentAMS(s *Sandbox, q *request, r refundRequest) *answer {
	a := refundPayment(s, q, r)
	f, ok := s.books.repeats.get(requestKey(r.PartnerID, r.RefundRequestID))
	if ok && a.result.Code != "REPEAT_REQ_INCONSISTENT" {
		a.add("refundRequestId", f.requestID).add("paymentId", f.payment.id).add("refundAmount", f.amount)
	}
	return a
}

func applyTokenAMS(s *Sandbox, q *request, r tokenRequest) *answer {
	g, refusal := s.applyToken(q.at, r, "", "CODE")
	if refusal != nil {
		return refusal
	}
	return g.answer().add("userLoginId", "+65-8*****42")
}
