package catalog

import (
	"errors"
	"strings"
	"testing"

	"countersign/apiclient/hint"
)

func TestLookup(t *testing.T) {
	t.Parallel()
	c := builtinForTest(t)
	tests := map[string]string{
		"v1/payments/pay":                  "v1/payments/pay",
		"payments/pay":                     "v2/payments/pay",
		"Payments/PAY":                     "v2/payments/pay",
		"/payments/pay/":                   "v2/payments/pay",
		"V1/payments/inquirypayment":       "v1/payments/inquiryPayment",
		"/v1/payments/pay":                 "v1/payments/pay",
		"POST /v1/payments/pay":            "v1/payments/pay",
		"miniprogram/api/v1/payments/pay":  "v1/payments/pay",
		"pay":                              "v2/payments/pay",
		"v1/pay":                           "v1/payments/pay",
		"refund":                           "v1/payments/refund",
		"message/send":                     "v2/miniprogram/message/send",
		"miniprogram/message/send":         "v2/miniprogram/message/send",
		"payments/notifyPayment":           "v2/payments/notifyPayment",
		"user/inquiryUserInfo":             "v2/customers/user/inquiryUserInfo",
		" payments/refund\n":               "v1/payments/refund",
		"/miniprogram/api/v2/payments/pay": "v2/payments/pay",
		"https://superapp.example.com/miniprogram/api/v2/payments/pay?x=1": "v2/payments/pay",
	}
	for name, want := range tests {
		e, err := c.Lookup(name)
		if err != nil || e.ID != want {
			t.Errorf("%q: %s, %v; want %s", name, e.ID, err, want)
		}
	}
}

func TestLookupUnknown(t *testing.T) {
	t.Parallel()
	c := builtinForTest(t)
	tests := map[string]string{
		"paymets/pay":          "v2/payments/pay",
		"inquirePayment":       "v2/payments/inquiryPayment",
		"payments/refunds":     "v1/payments/refund",
		"/v2/users/inqiryInfo": "v2/users/inquiryUserInfo",
		"applyTokn":            "v2/authorizations/applyToken",
		"v9/payments/pay":      "v2/payments/pay",
		"inquiryUserInfo":      "v2/users/inquiryUserInfo, v2/customers/user/inquiryUserInfo",
		"":                     "no interface is named",
		"/":                    "no interface is named",
	}
	for name, want := range tests {
		e, err := c.Lookup(name)
		var says *hint.Error
		if !errors.As(err, &says) || !strings.Contains(err.Error(), want) || says.Hint() == "" || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %s, %v; want %s in the error", name, e.ID, err, want)
		}
	}
	if _, err := (&Catalog{}).Lookup("pay"); err == nil {
		t.Error("an empty catalogue has pay")
	}
	if _, err := c.Lookup(strings.Repeat("x/", 100_000)); err == nil {
		t.Error("a hostile name is found")
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	c := builtinForTest(t)
	if err := c.Add(Endpoint{Path: "/v2/orders/{orderId}", Method: "GET"}); err != nil {
		t.Fatal(err)
	}
	if err := c.Add(Endpoint{Path: "/v2/orders/closed"}); err != nil {
		t.Fatal(err)
	}
	if err := c.Add(Endpoint{Path: "/message/send"}); err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{
		"/miniprogram/api/v2/payments/pay":                      "v2/payments/pay",
		"/v2/payments/pay":                                      "v2/payments/pay",
		"/ams/sandbox/api/v1/payments/pay":                      "v1/payments/pay",
		"/miniprogram/api/v2/payments/inquiryPayment?a=/v1/x#f": "v2/payments/inquiryPayment",
		"/aps/api/v2/users/inquiryUserInfo.htm":                 "v2/users/inquiryUserInfo",
		"/api/v2/customers/user/inquiryUserInfo/":               "v2/customers/user/inquiryUserInfo",
		"https://h.example.com:8443/api/v1/payments/refund":     "v1/payments/refund",
		"/api//v1/payments//refund":                             "v1/payments/refund",
		"/API/V1/Payments/Refund":                               "v1/payments/refund",
		"/v1/%70ayments/refund":                                 "v1/payments/refund",
		"/miniprogram/api/v2/miniprogram/message/send":          "v2/miniprogram/message/send",
		"/other/message/send":                                   "message/send",
		"/x/v2/orders/4711":                                     "v2/orders/{orderId}",
		"/x/v2/orders/closed":                                   "v2/orders/closed",
		"/v2/payments/pay/more":                                 "",
		"/v3/payments/pay":                                      "",
		"/payments/pay":                                         "",
		"/v22/payments/pay":                                     "",
		"/xv2/payments/pay":                                     "",
		"/v2/payments/../payments/pay":                          "",
		"https://h.example.com":                                 "",
		"https://h.example.com/":                                "",
		"":                                                      "",
		"/":                                                     "",
		"%zz":                                                   "",
		"/v2/payments/pay%":                                     "",
		"/?x=/v2/payments/pay":                                  "",
		"//v2/payments/pay":                                     "v2/payments/pay",
		"/miniprogram/api/v2/customers/user/inquiryUserInfo.htm/":  "v2/customers/user/inquiryUserInfo",
		"/v1/customers/user/inquiryUserInfoByAccessToken?token=%2": "v1/customers/user/inquiryUserInfoByAccessToken",
	}
	for path, want := range tests {
		e, ok := c.Match(path)
		if e.ID != want || ok != (want != "") {
			t.Errorf("%q: %q, %v; want %q", path, e.ID, ok, want)
		}
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	order := []string{"", "v0", "v1", "v1.2", "v2", "v9", "v10"}
	for i, a := range order {
		for j, b := range order {
			if got := compareVersions(a, b); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%q against %q: %d", a, b, got)
			}
		}
	}
	for path, want := range map[string][2]string{
		"/v2/payments/pay": {"v2", "payments/pay"}, "/payments/pay": {"", "payments/pay"}, "/v2": {"", "v2"}, "/": {"", "root"},
		"/orders/v3/create": {"v3", "orders/create"}, "/vat/x": {"", "vat/x"}, "/v1/v2": {"v1", "v2"}, "/v1.2/a": {"v1.2", "a"},
	} {
		if version, name := split(path); version != want[0] || name != want[1] {
			t.Errorf("%s: %q, %q", path, version, name)
		}
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	c := builtinForTest(t)
	before := len(c.Endpoints())
	if err := c.Add(Endpoint{Path: "/v2/orders/create"}); err != nil {
		t.Fatal(err)
	}
	e := lookupForTest(t, c, "orders/create")
	if e.ID != "v2/orders/create" || e.Version != "v2" || e.Method != "POST" || e.Group != "Own" || e.Direction != Outbound || string(e.Example) != "{}" {
		t.Errorf("%+v", e)
	}
	if v := e.Check([]byte(`{"any":1}`)); v != nil {
		t.Errorf("%+v", v)
	}
	if v := e.Check([]byte(`{"any" 1}`)); len(v) != 1 {
		t.Errorf("%+v", v)
	}
	if v := e.Check(nil); v != nil {
		t.Errorf("%+v", v)
	}
	if _, ok := e.Code("PARAM_ILLEGAL"); !ok || len(e.Codes) == 0 {
		t.Error("the common codes are missing")
	}
	// With its schema, because it was taken from the catalogue.
	pay := lookupForTest(t, c, "payments/pay")
	pay.Summary = "Ours"
	if err := c.Add(pay); err != nil {
		t.Fatal(err)
	}
	if len(c.Endpoints()) != before+1 {
		t.Errorf("%d endpoints, want %d", len(c.Endpoints()), before+1)
	}
	if first := c.Endpoints()[0]; first.Summary != "Ours" || len(first.Check([]byte("{}"))) != 3 {
		t.Errorf("%+v", first)
	}
	for _, path := range []string{"", "v2/x", "/a b"} {
		if err := c.Add(Endpoint{Path: path}); err == nil {
			t.Errorf("%q is accepted", path)
		}
	}
	if fresh := builtinForTest(t); len(fresh.Endpoints()) != before || fresh.Endpoints()[0].Summary == "Ours" {
		t.Error("a change of one catalogue shows in the next")
	}
}
