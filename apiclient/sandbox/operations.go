package sandbox

import (
	"encoding/json"
	"strings"

	"countersign/apiclient/jsontext"
)

// operation is what an interface does once a request has passed every check.
type operation func(*Sandbox, *request) *answer

// operations are the interfaces that the sandbox plays, by catalogue ID.
var operations = map[string]operation{
	"v1/payments/pay":                                operate(payV1),
	"v2/payments/pay":                                operate(payV2),
	"v1/payments/inquiryPayment":                     operate(inquirePayment),
	"v2/payments/inquiryPayment":                     operate(inquirePayment),
	"v1/payments/refund":                             operate(refundPayment),
	"v1/payments/inquiryRefund":                      operate(inquireRefund),
	"v1/authorizations/prepare":                      operate(prepare),
	"v1/authorizations/applyToken":                   operate(applyTokenV1),
	"v2/authorizations/applyToken":                   operate(applyTokenV2),
	"v1/authorizations/cancelToken":                  operate(cancelToken),
	"v2/authorizations/applyTokenAndInquiryUserInfo": operate(applyTokenAndInquireUser),
	"v1/customers/user/inquiryUserInfoByAccessToken": operate(inquireUser),
	"v2/customers/user/inquiryUserInfo":              operate(inquireUser),
	"v2/users/inquiryUserInfo":                       operate(inquireUser),
	"v2/miniprogram/message/send":                    operate(sendMessage),
	"v2/miniprogram/qrcode/create":                   operate(createQRCode),
}

// operate reads the body for an interface and runs it with the books locked:
// whoever asks twice at the same time gets one payment.
func operate[T any](do func(*Sandbox, *request, T) *answer) operation {
	return func(s *Sandbox, q *request) *answer {
		var body T
		if err := json.Unmarshal(q.body, &body); err != nil {
			// A team's own schema may let other types through than the sandbox can use.
			return refuse("PARAM_ILLEGAL", "The sandbox cannot use the body: %v.", err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return do(s, q, body)
	}
}

// exemplify answers an interface that the sandbox does not play: the signature was
// right, and the rest is the example of the document, or one made of its schema.
func (s *Sandbox) exemplify(q *request) *answer {
	a := succeed()
	a.result.Message = clip("signature ok: the sandbox does not play "+q.endpoint.ID+
		", so the rest of this answer is its schema's example.", maxMessage)
	example := []byte(strings.NewReplacer("{{uuid}}", s.newID(), "{{now_iso}}", isoTime(q.at)).
		Replace(string(q.endpoint.ResponseExample())))
	switch {
	case !json.Valid(example):
	case jsontext.Next(example, 0).Kind != jsontext.Object:
		a.add("example", json.RawMessage(example))
	default:
		for name, value := range jsontext.Members(example) {
			if name := jsontext.Text(name.Of(example)); name != "result" {
				a.add(name, json.RawMessage(value.Of(example)))
			}
		}
	}
	return a
}
