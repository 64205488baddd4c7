package sandbox

import (
	"cmp"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of a payment.
const (
	MaxAmount     = 100_000_000    // of one payment, in the smallest unit of its currency
	DefaultExpiry = 24 * time.Hour // of a checkout without paymentExpiryTime
	RefundWindow  = 365 * 24 * time.Hour
)

// Currencies are those that the sandbox pays in (ISO 4217).
const Currencies = "AED AUD BDT BRL CAD CHF CLP CNY COP DKK EGP EUR GBP HKD IDR ILS INR JPY KES KHR KRW KWD LKR " +
	"MMK MOP MXN MYR " +
	"NGN NOK NPR NZD PEN PHP PKR PLN QAR RUB SAR SEK SGD THB TRY TWD TZS UAH USD VND ZAR"

// Statuses of a payment or a refund.
const (
	processing = "PROCESSING"
	success    = "SUCCESS"
	failed     = "FAIL"
	canceled   = "CANCELLED"
)

// amount is money on the wire: the value is a string in the smallest unit.
type amount struct {
	Currency string `json:"currency"`
	Value    string `json:"value"`
}

// units reads the value; a refusal says what is wrong with it.
func (a amount) units(field string) (int64, *answer) {
	n, err := strconv.ParseInt(a.Value, 10, 64)
	switch {
	case a.Value == "" || strings.Trim(a.Value, "0123456789") != "":
		return 0, refuse("PARAM_ILLEGAL",
			"%s.value is %q; it is a whole number in the smallest unit of the currency, as a string.", field, a.Value)
	case err == nil && n == 0:
		return 0, refuse("PARAM_ILLEGAL", "%s.value is zero.", field)
	case err != nil || n > MaxAmount:
		return 0, refuse("PAYMENT_AMOUNT_EXCEED_LIMIT",
			"%s.value is over %d, the sandbox's limit for one payment.", field, MaxAmount)
	case !slices.Contains(strings.Fields(Currencies), a.Currency):
		return 0, refuse("CURRENCY_NOT_SUPPORT",
			"%s.currency is %q; the sandbox pays in USD, EUR, SGD, CNY and some fifty more, in capitals.", field, a.Currency)
	}
	return n, nil
}

// payment is one payment and how far it has come.
type payment struct {
	id        string
	version   string // of the interface that made it: its answers have that shape
	owner     string // partnerId, or the client where there is none
	client    string // that made it
	requestID string
	meaning   [sha256.Size]byte
	amount    amount
	units     int64
	title     string
	returnURL string
	notifyURL string
	told      string // how the notification stands; "" where none was due
	made      time.Time
	expires   time.Time
	page      string // address of the checkout page; "" where no buyer is asked

	xml      bool // pay answers in XML
	status   string
	code     string // resultCode with which pay answers, beside S and A
	reason   string // why it failed
	settled  time.Time
	due      *transition // what happens by itself later
	refunded int64       // units that are refunded or about to be
}

// transition is a change of status that is set for a time.
type transition struct {
	at           time.Time
	status       string
	code, reason string
}

type payRequest struct {
	PartnerID          string `json:"partnerId"`
	ProductCode        string `json:"productCode"`
	PaymentRequestID   string `json:"paymentRequestId"`
	PaymentOrderTitle  string `json:"paymentOrderTitle"`
	PaymentAmount      amount `json:"paymentAmount"`
	PaymentAuthCode    string `json:"paymentAuthCode"`
	PaymentExpiryTime  string `json:"paymentExpiryTime"`
	PaymentReturnURL   string `json:"paymentReturnUrl"`
	PaymentRedirectURL string `json:"paymentRedirectUrl"`
	PaymentNotifyURL   string `json:"paymentNotifyUrl"`
	PaymentFactor      struct {
		Cashier bool `json:"isCashierPayment"`
	} `json:"paymentFactor"`
	Order struct {
		Description string `json:"orderDescription"`
	} `json:"order"`
}

// direct reports whether the buyer has already agreed, so that no page is
// needed: the merchant holds a payment code, or the product says so.
func (r payRequest) direct() bool {
	if r.PaymentFactor.Cashier || r.ProductCode == "CASHIER_PAYMENT" {
		return false
	}
	return r.PaymentAuthCode != "" || r.ProductCode == "IN_STORE_PAYMENT" || r.ProductCode == "AGREEMENT_PAYMENT"
}

func payV1(s *Sandbox, q *request, r payRequest) *answer { return s.pay(q, r, "v1", r.PartnerID) }

func payV2(s *Sandbox, q *request, r payRequest) *answer { return s.pay(q, r, "v2", q.client) }

// otherRequest refuses a request whose id an earlier one with another body has.
func otherRequest(member, id, made, as string) *answer {
	return refuse("REPEAT_REQ_INCONSISTENT", "%s %s was used for %s %s with another body. "+
		"Repeat a request unchanged, or take a new id.", member, id, made, as)
}

// pay makes a payment, or finds the one that the same request made before.
func (s *Sandbox) pay(q *request, r payRequest, version, owner string) *answer {
	said := meaning(q.body)
	if p, ok := s.books.requests.get(requestKey(owner, r.PaymentRequestID)); ok {
		if p.meaning != said {
			return otherRequest("paymentRequestId", r.PaymentRequestID, "payment", p.id)
		}
		s.catchUp(p, q.at)
		return payAnswer(p)
	}
	if r.PaymentRequestID == "" {
		return refuse("PARAM_ILLEGAL", "paymentRequestId is required.")
	}
	units, refusal := r.PaymentAmount.units("paymentAmount")
	if refusal != nil {
		return refusal
	}
	expires, refusal := expiry(r.PaymentExpiryTime, q.at)
	if refusal != nil {
		return refusal
	}
	p := &payment{
		id: s.newNumber(q.at), version: version, owner: owner, client: q.client, requestID: r.PaymentRequestID, meaning: said,
		amount: r.PaymentAmount, units: units, title: r.PaymentOrderTitle + r.Order.Description,
		returnURL: r.PaymentReturnURL + r.PaymentRedirectURL, notifyURL: r.PaymentNotifyURL,
		made: q.at, expires: expires, status: processing,
	}
	t, provoked := s.payTrigger(r)
	if provoked && t.then == nothing {
		return t.refuse()
	}
	s.books.payments.put(p.id, p)
	s.books.requests.put(requestKey(owner, p.requestID), p)
	s.books.requests.put(requestKey("", p.requestID), p)
	defer s.wake(p)
	switch {
	case provoked:
		return s.provoke(q, p, t)
	case r.direct():
		s.settle(p, success, "", "", q.at)
	default:
		s.openCheckout(q, p)
	}
	return payAnswer(p)
}

// provoke lets a trigger decide what becomes of a new payment.
func (s *Sandbox) provoke(q *request, p *payment, t Fault) *answer {
	switch t.then {
	case fails:
		s.settle(p, failed, t.Code, t.message(), q.at)
	case succeeds, succeedsInXML:
		p.xml = t.then == succeedsInXML
		s.settle(p, success, "", "", q.at)
		if t.Code != "SUCCESS" {
			return t.refuse()
		}
	case succeedsLater:
		p.due = &transition{at: q.at.Add(SettleAfter), status: success}
	case failsLater:
		p.due = &transition{at: q.at.Add(SettleAfter), status: failed, code: "PROCESS_FAIL", reason: t.Says}
	}
	if p.status == processing {
		if t.Code == "ACCEPT" {
			s.openCheckout(q, p)
		} else {
			p.code = t.Code
		}
	}
	return payAnswer(p)
}

func (s *Sandbox) openCheckout(q *request, p *payment) {
	token := s.newToken()
	p.page = q.base + checkoutPath + token
	s.books.pages.put(token, &checkout{p})
}

// settle is the only place where a payment gets its final status; whatever is
// to be told about that is told here.
func (s *Sandbox) settle(p *payment, status, code, reason string, at time.Time) {
	p.status, p.code, p.reason, p.settled, p.due = status, code, reason, at, nil
	s.config.Log.Info("payment settled", "paymentId", p.id, "paymentRequestId", p.requestID, "status", status, "reason",
		reason, "notifyUrl", p.notifyURL)
	s.notify(p)
}

// catchUp does what the clock has made due since anyone last looked.
func (s *Sandbox) catchUp(p *payment, now time.Time) {
	if p.status != processing {
		return
	}
	if p.due != nil && !now.Before(p.due.at) {
		s.settle(p, p.due.status, p.due.code, p.due.reason, p.due.at)
		return
	}
	if !now.Before(p.expires) {
		s.settle(p, canceled, "ORDER_STATUS_INVALID", "The payment expired before the buyer decided.", p.expires)
	}
}

// paidAt is the time in an answer; "" where it is not paid.
func (p *payment) paidAt() string {
	if p.status != success {
		return ""
	}
	return isoTime(p.settled)
}

// payAnswer is what pay says about a payment as it stands now.
func payAnswer(p *payment) *answer {
	a := succeed()
	a.xml = p.xml
	switch {
	case p.status == success:
	case p.status != processing:
		a = refuse(p.code, "%s", p.reason)
	case p.page == "":
		a = refuse(p.code, "The payment is in process: ask inquiryPayment, and do not pay again with a new id.")
	default:
		a = refuse("ACCEPT", "Accepted, not yet paid: open the URL, let the buyer decide, then ask inquiryPayment.")
		a.result.Status = "A"
	}
	if p.version == versionAMS {
		return payAnswerAMS(p, a)
	}
	a.add("paymentId", p.id).addText("paymentTime", p.paidAt())
	if p.status == processing && p.page != "" {
		if p.version == "v1" {
			a.add("actionForm", map[string]string{"actionFormType": "REDIRECTION", "redirectionUrl": p.page})
		} else {
			a.add("redirectActionForm", map[string]string{"redirectUrl": p.page})
		}
	}
	return a
}

// expiry reads a paymentExpiryTime.
func expiry(value string, now time.Time) (time.Time, *answer) {
	if value == "" {
		return now.Add(DefaultExpiry), nil
	}
	t, err := parseTime(value)
	if err != nil {
		return time.Time{}, refuse("PARAM_ILLEGAL", "paymentExpiryTime %q %v.", value, err)
	}
	if !t.After(now) {
		return time.Time{}, refuse("PARAM_ILLEGAL", "paymentExpiryTime %s is in the past.", value)
	}
	return t, nil
}

// requestKey joins an owner and its id of a request; ids hold no NUL.
func requestKey(owner, id string) string { return owner + "\x00" + id }

type inquiryRequest struct {
	PartnerID        string `json:"partnerId"`
	PaymentID        string `json:"paymentId"`
	PaymentRequestID string `json:"paymentRequestId"`
}

// findPayment looks a payment up by its id, which has priority, or by the
// request that made it. A partner sees its own payments, and those that a v2
// client made without naming a partner.
func (s *Sandbox) findPayment(r inquiryRequest, q *request) (*payment, *answer) {
	if r.PaymentID == "" && r.PaymentRequestID == "" {
		return nil, refuse("PARAM_ILLEGAL", "Neither paymentId nor paymentRequestId is given; one is needed.")
	}
	var p *payment
	if r.PaymentID != "" {
		p, _ = s.books.payments.get(r.PaymentID)
	} else {
		for _, owner := range []string{r.PartnerID, q.client} {
			if p == nil {
				p, _ = s.books.requests.get(requestKey(owner, r.PaymentRequestID))
			}
		}
	}
	if p == nil || r.PartnerID != "" && p.owner != r.PartnerID && p.owner != q.client {
		return nil, refuse("ORDER_NOT_EXIST", "There is no payment %s for this partner; the sandbox forgets when it stops.",
			cmp.Or(r.PaymentID, r.PaymentRequestID))
	}
	s.catchUp(p, q.at)
	return p, nil
}

func inquirePayment(s *Sandbox, q *request, r inquiryRequest) *answer {
	p, refusal := s.findPayment(r, q)
	if refusal != nil {
		return refusal
	}
	return succeed().add("paymentId", p.id).add("paymentRequestId", p.requestID).add("paymentAmount", p.amount).
		add("paymentStatus", p.status).addText("paymentTime", p.paidAt()).addText("paymentFailReason", p.reason)
}
