package sandbox

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"time"
)

// refund is one refund and how far it has come.
type refund struct {
	id        string
	requestID string
	owner     string
	meaning   [sha256.Size]byte
	payment   *payment
	amount    amount
	units     int64
	why       string // the merchant's reason

	status  string
	code    string // resultCode with which refund answers while it is not successful
	reason  string // why it failed
	settled time.Time
	due     *transition
}

type refundRequest struct {
	inquiryRequest
	RefundRequestID string `json:"refundRequestId"`
	RefundID        string `json:"refundId"`
	RefundAmount    amount `json:"refundAmount"`
	RefundReason    string `json:"refundReason"`
}

func refundPayment(s *Sandbox, q *request, r refundRequest) *answer {
	said := meaning(q.body)
	key := requestKey(r.PartnerID, r.RefundRequestID)
	if old, ok := s.books.repeats.get(key); ok {
		if old.meaning != said {
			return otherRequest("refundRequestId", r.RefundRequestID, "refund", old.id)
		}
		s.catchUpRefund(old, q.at)
		return refundAnswer(old)
	}
	if r.RefundRequestID == "" {
		return refuse("PARAM_ILLEGAL", "refundRequestId is required.")
	}
	p, refusal := s.findPayment(r.inquiryRequest, q)
	if refusal != nil {
		return refusal
	}
	units, refusal := s.refundable(p, r.RefundAmount, q.at)
	if refusal != nil {
		return refusal
	}
	t, provoked := s.trigger(refundEndpoint, refundValue, r.RefundAmount.Value)
	if provoked && t.then == nothing {
		return t.refuse()
	}
	f := &refund{
		id: s.newNumber(q.at), requestID: r.RefundRequestID, owner: r.PartnerID, meaning: said,
		payment: p, amount: r.RefundAmount, units: units, why: r.RefundReason, status: processing,
	}
	p.refunded += units
	s.books.refunds.put(f.id, f)
	s.books.repeats.put(key, f)
	s.books.repeats.put(requestKey("", f.requestID), f)
	return s.startRefund(f, t, q.at)
}

// startRefund settles a new refund, at once unless a trigger says otherwise.
func (s *Sandbox) startRefund(f *refund, t Fault, now time.Time) *answer {
	switch t.then {
	case succeedsLater:
		f.code, f.due = t.Code, &transition{at: now.Add(SettleAfter), status: success}
	case failsLater:
		f.code, f.due = t.Code, &transition{at: now.Add(SettleAfter), status: failed, code: "PROCESS_FAIL", reason: t.Says}
	default:
		s.settleRefund(f, success, "", "", now)
		if t.then == succeeds {
			return t.refuse()
		}
	}
	return refundAnswer(f)
}

// refundable reads the amount and sees that no more is given back than was
// paid, refunds in process included.
func (s *Sandbox) refundable(p *payment, a amount, now time.Time) (int64, *answer) {
	units, refusal := a.units("refundAmount")
	if refusal != nil && refusal.result.Code != "PAYMENT_AMOUNT_EXCEED_LIMIT" {
		return 0, refusal
	}
	left := p.units - p.refunded
	switch {
	case p.status != success:
		says := fmt.Sprintf("Payment %s is %s; only a successful one can be refunded.", p.id, p.status)
		if p.status == processing && p.page != "" {
			says += " Its buyer decides at " + p.page + "; an amount of 40000 is paid at once."
		}
		return 0, refuse("ORDER_STATUS_INVALID", "%s", says)
	case now.Sub(p.settled) > RefundWindow:
		return 0, refuse("REFUND_WINDOW_EXCEED", "Payment %s was made over %.0f days ago.", p.id, RefundWindow.Hours()/24)
	case a.Currency != p.amount.Currency:
		return 0, refuse("CURRENCY_NOT_SUPPORT",
			"The payment was made in %s; it cannot be refunded in %s.", p.amount.Currency, a.Currency)
	case refusal != nil || units > left:
		return 0, refuse("REFUND_AMOUNT_EXCEED",
			"%s %s is more than the %d that is left of payment %s.", a.Currency, a.Value, left, p.id)
	}
	return units, nil
}

// settleRefund is the only place where a refund gets its final status. What a
// failed one held back of its payment is free again.
func (s *Sandbox) settleRefund(f *refund, status, code, reason string, at time.Time) {
	f.status, f.code, f.reason, f.settled, f.due = status, code, reason, at, nil
	if status == failed {
		f.payment.refunded -= f.units
	}
	s.config.Log.Info("refund settled", "refundId", f.id, "refundRequestId", f.requestID, "status", status, "reason",
		reason)
}

func (s *Sandbox) catchUpRefund(f *refund, now time.Time) {
	if f.due != nil && !now.Before(f.due.at) {
		s.settleRefund(f, f.due.status, f.due.code, f.due.reason, f.due.at)
	}
}

// refundAnswer is what refund says about a refund as it stands now.
func refundAnswer(f *refund) *answer {
	a := succeed()
	switch f.status {
	case processing:
		a = refuse(f.code, "The refund is in process: ask inquiryRefund, and do not refund again with a new id.")
	case failed:
		a = refuse(f.code, "%s", f.reason)
	}
	return a.add("refundId", f.id).addText("refundTime", f.refundedAt())
}

// refundedAt is the time in an answer; "" where it is not given back.
func (f *refund) refundedAt() string {
	if f.status != success {
		return ""
	}
	return isoTime(f.settled)
}

func inquireRefund(s *Sandbox, q *request, r refundRequest) *answer {
	if r.RefundID == "" && r.RefundRequestID == "" {
		return refuse("PARAM_ILLEGAL", "Neither refundId nor refundRequestId is given; one is needed.")
	}
	var f *refund
	if r.RefundID != "" {
		f, _ = s.books.refunds.get(r.RefundID)
	} else {
		f, _ = s.books.repeats.get(requestKey(r.PartnerID, r.RefundRequestID))
	}
	if f == nil || r.PartnerID != "" && f.owner != r.PartnerID {
		return refuse("REFUND_NOT_EXIST", "There is no refund %s for this partner; the sandbox forgets when it stops.",
			cmp.Or(r.RefundID, r.RefundRequestID))
	}
	s.catchUpRefund(f, q.at)
	return succeed().add("refundId", f.id).add("refundRequestId", f.requestID).
		add("refundStatus", f.status).add("refundAmount", f.amount).
		addText("refundReason", f.why).addText("refundTime", f.refundedAt()).addText("refundFailReason", f.reason)
}
