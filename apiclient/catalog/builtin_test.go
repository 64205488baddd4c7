package catalog

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func builtinForTest(t testing.TB) *Catalog {
	t.Helper()
	return Builtin()
}

func lookupForTest(t testing.TB, c *Catalog, name string) Endpoint {
	t.Helper()
	e, err := c.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// interfaces is the table of the protocol, section 5.
var interfaces = []struct {
	path      string
	direction Direction
	versions  string
}{
	{"authorizations/applyToken", Outbound, "v1 v2"},
	{"authorizations/prepare", Outbound, "v1"},
	{"authorizations/cancelToken", Outbound, "v1"},
	{"authorizations/applyTokenAndInquiryUserInfo", Outbound, "v2"},
	{"customers/user/inquiryUserInfoByAccessToken", Outbound, "v1"},
	{"users/inquiryUserInfo", Outbound, "v2"},
	{"customers/user/inquiryUserInfo", Outbound, "v2"},
	{"payments/pay", Outbound, "v1 v2"},
	{"payments/inquiryPayment", Outbound, "v1 v2"},
	{"payments/refund", Outbound, "v1"},
	{"payments/inquiryRefund", Outbound, "v1"},
	{"payments/notifyPayment", Callback, "v1 v2"},
	{"miniprogram/message/send", Outbound, "v2"},
	{"miniprogram/qrcode/create", Outbound, "v2"},
}

func TestBuiltinHasEveryInterface(t *testing.T) {
	t.Parallel()
	c := builtinForTest(t)
	count := 0
	for _, want := range interfaces {
		for _, version := range strings.Fields(want.versions) {
			count++
			e := lookupForTest(t, c, version+"/"+want.path)
			if e.ID != version+"/"+want.path || e.Name != want.path || e.Version != version || e.Path != "/"+e.ID || e.Method != "POST" {
				t.Errorf("%s/%s: got %s %s %s %s", version, want.path, e.ID, e.Name, e.Method, e.Path)
			}
			if e.Direction != want.direction {
				t.Errorf("%s is %s", e.ID, e.Direction)
			}
		}
	}
	if all := c.Endpoints(); len(all) != count {
		t.Errorf("%d endpoints, want %d", len(all), count)
	}
}

func TestBuiltinOrder(t *testing.T) {
	t.Parallel()
	var got []string
	group := ""
	for _, e := range builtinForTest(t).Endpoints() {
		if e.Group != group {
			group = e.Group
			got = append(got, group+":")
		}
		got = append(got, e.ID)
	}
	want := strings.Fields(`Payments: v2/payments/pay v1/payments/pay v2/payments/inquiryPayment v1/payments/inquiryPayment
		v1/payments/refund v1/payments/inquiryRefund
		Authorizations: v1/authorizations/prepare v2/authorizations/applyToken v1/authorizations/applyToken
		v2/authorizations/applyTokenAndInquiryUserInfo v1/authorizations/cancelToken
		Users: v2/users/inquiryUserInfo v2/customers/user/inquiryUserInfo v1/customers/user/inquiryUserInfoByAccessToken
		Messages: v2/miniprogram/message/send Mini_Program: v2/miniprogram/qrcode/create
		Callbacks: v2/payments/notifyPayment v1/payments/notifyPayment`)
	if have := strings.Fields(strings.ReplaceAll(strings.Join(got, " "), "Mini Program", "Mini_Program")); !slices.Equal(have, want) {
		t.Errorf("order is\n%s\nwant\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
}

// expanded replaces the variables that the built-in examples use.
func expanded(body []byte) []byte {
	return []byte(strings.NewReplacer(
		"{{uuid}}", "7d0e8a5c-52a6-4d0c-9c1f-3f0f5a3c9b11",
		"{{now_iso}}", "2026-01-15T12:08:55+08:00", "{{now_iso+30m}}", "2026-01-15T12:38:55+08:00",
	).Replace(string(body)))
}

func TestBuiltinExamplesFollowTheirSchemas(t *testing.T) {
	t.Parallel()
	for _, e := range builtinForTest(t).Endpoints() {
		body := expanded(e.Example)
		if strings.Contains(string(body), "{{") {
			t.Errorf("%s: the example needs more than an empty history: %s", e.ID, body)
		}
		for _, b := range [][]byte{body, e.Example} {
			if v := e.Check(b); len(v) > 0 {
				t.Errorf("%s: %+v", e.ID, v)
			}
		}
		if string(pretty(e.Example)) != string(e.Example) || len(e.Example) < 20 {
			t.Errorf("%s: the example is not laid out: %s", e.ID, e.Example)
		}
	}
}

func TestBuiltinIsFullyDescribed(t *testing.T) {
	t.Parallel()
	for _, e := range builtinForTest(t).Endpoints() {
		if e.Summary == "" || e.Description == "" || e.Source != BuiltinSource || len(e.Codes) == 0 {
			t.Errorf("%s: summary %q, description %q, source %q, %d codes", e.ID, e.Summary, e.Description, e.Source, len(e.Codes))
		}
		var walk func(list []Property, above string)
		walk = func(list []Property, above string) {
			for _, p := range list {
				if p.Description == "" && p.Type != "any" || p.Type == "" || !strings.HasPrefix(p.Pointer, above+"/") {
					t.Errorf("%s: %+v", e.ID, p)
				}
				walk(p.Properties, p.Pointer)
			}
		}
		walk(e.Request, "")
		walk(e.Response, "")
		if len(e.Response) == 0 || e.Response[0].Name != "result" || len(e.Response[0].Properties) != 3 {
			t.Errorf("%s: the response has no result: %+v", e.ID, e.Response)
		}
		for _, ok := range []string{`{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"ok"}}`, `{"result":{"resultStatus":"U","resultCode":"X"},"more":1}`} {
			if v := e.CheckResponse([]byte(ok)); len(v) > 0 {
				t.Errorf("%s: %s: %+v", e.ID, ok, v)
			}
		}
		if v := e.CheckResponse([]byte(`{"result":{"resultStatus":"X","resultCode":"` + strings.Repeat("C", 65) + `"}}`)); len(v) != 2 {
			t.Errorf("%s: a wrong result: %+v", e.ID, v)
		}
	}
}

// limits are those of the protocol, section 5: Y is required, N optional.
var limits = []struct{ id, fields string }{
	{"v1/payments/pay", "partnerId:Y:32 appId:N:32 productCode:N:32 paymentOrderTitle:Y:256 paymentRequestId:Y:64 paymentAmount:Y:0 paymentMethods:N:0 paymentAuthCode:N:128 paymentFactor:N:0 paymentExpiryTime:N:0 paymentReturnUrl:N:1024 paymentNotifyUrl:N:1024 mcc:N:32 extraParams:N:0 extendInfo:N:4096 envInfo:N:0"},
	{"v1/payments/inquiryPayment", "partnerId:Y:32 paymentId:N:64 paymentRequestId:N:64 extendInfo:N:4096"},
	{"v1/payments/notifyPayment", "partnerId:Y:32 paymentId:Y:64 paymentRequestId:Y:64 paymentAmount:Y:0 paymentTime:N:0 paymentStatus:Y:0 paymentFailReason:N:256 extendInfo:N:4096"},
	{"v1/payments/refund", "partnerId:Y:32 refundRequestId:Y:64 paymentId:N:64 paymentRequestId:N:64 refundAmount:Y:0 refundReason:N:256 extendInfo:N:4096"},
	{"v1/payments/inquiryRefund", "partnerId:Y:32 refundId:N:64 refundRequestId:N:64 extendInfo:N:4096"},
	{"v1/authorizations/applyToken", "referenceClientId:N:128 grantType:Y:0 authCode:N:0 refreshToken:N:128 extendInfo:N:4096"},
	{"v2/authorizations/applyToken", "appId:Y:32 authClientId:Y:128 grantType:Y:0 customerBelongsTo:N:0 authCode:N:64 refreshToken:N:128 extendInfo:N:4096"},
	{"v2/users/inquiryUserInfo", "accessToken:Y:128 authClientId:N:128 extendInfo:N:4096"},
	{"v2/miniprogram/message/send", "appId:Y:32 accessToken:Y:128 customerBelongsTo:N:0 requestId:Y:64 templateCode:Y:64 templates:Y:0 redirectUrl:N:2048 extendInfo:N:4096"},
	{"v1/authorizations/prepare", "authClientId:Y:128 partnerReqId:Y:128 partnerId:Y:32 authClientDisplayName:Y:128 authRedirectUrl:Y:1024 authLogoUrl:Y:1024 scope:Y:0 authState:Y:128 extendInfo:N:4096"},
}

func TestBuiltinLimits(t *testing.T) {
	t.Parallel()
	c := builtinForTest(t)
	for _, want := range limits {
		var got []string
		for _, p := range lookupForTest(t, c, want.id).Request {
			need := "N"
			if p.Required {
				need = "Y"
			}
			length, _ := json.Marshal(p.MaxLength)
			got = append(got, p.Name+":"+need+":"+string(length))
		}
		if have := strings.Join(got, " "); have != want.fields {
			t.Errorf("%s\n got %s\nwant %s", want.id, have, want.fields)
		}
	}
}

func TestProperties(t *testing.T) {
	t.Parallel()
	c := builtinForTest(t)
	find := func(id, pointer string) Property {
		list := lookupForTest(t, c, id).Request
		for {
			i := slices.IndexFunc(list, func(p Property) bool { return pointer == p.Pointer || strings.HasPrefix(pointer, p.Pointer+"/") })
			if i < 0 {
				t.Fatalf("%s has no %s", id, pointer)
			}
			if list[i].Pointer == pointer {
				return list[i]
			}
			list = list[i].Properties
		}
	}
	if p := find("v2/payments/pay", "/paymentAmount/currency"); p.Type != "string" || !p.Required || p.Name != "currency" {
		t.Errorf("%+v", p)
	}
	if p := find("v2/payments/pay", "/order/goods"); p.Type != "object or array of object" || len(p.Properties) != 3 {
		t.Errorf("%+v", p)
	}
	if p := find("v2/miniprogram/message/send", "/templates"); p.Type != "array of object" {
		t.Errorf("%+v", p)
	}
	if p := find("v2/miniprogram/message/send", "/templates/-/language"); p.Type != "string" || p.Required {
		t.Errorf("%+v", p)
	}
	if p := find("v1/authorizations/applyToken", "/grantType"); !slices.Equal(p.Enum, []string{"AUTHORIZATION_CODE", "REFRESH_TOKEN"}) {
		t.Errorf("%+v", p)
	}
	for _, pointer := range []string{"/extendInfo", "/extraParams/ORDER"} {
		if p := find("v1/payments/pay", pointer); !p.Embedded || p.Type != "string" {
			t.Errorf("%+v", p)
		}
	}
	if p := find("v1/payments/pay", "/paymentNotifyUrl"); p.Description != "Where notifyPayment goes." {
		t.Errorf("what stands beside a reference does not win: %+v", p)
	}
}

func TestBuiltinReferences(t *testing.T) {
	t.Parallel()
	// What is left out at each start is done here: syntax, references, schemas.
	c := &Catalog{}
	if err := c.Load(context.Background(), "superapp.openapi.json", builtinDocument, nil); err != nil {
		t.Fatal(err)
	}
	if len(c.Endpoints()) != len(builtinForTest(t).Endpoints()) {
		t.Errorf("%d endpoints", len(c.Endpoints()))
	}
}

func BenchmarkBuiltin(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Builtin()
	}
}

func BenchmarkReadDocument(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(context.Background(), BuiltinSource, builtinDocument, nil, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// Each body has the schema of the document, for all that ask at
// once.
func TestBuiltinSchemasAreUsed(t *testing.T) {
	t.Parallel()
	for _, e := range builtinForTest(t).Endpoints() {
		t.Run(e.ID, func(t *testing.T) {
			t.Parallel()
			if got := e.Check([]byte("[]")); len(got) != 1 || !strings.Contains(got[0].Message, "an object expected") {
				t.Errorf("a request that is a list: %v", got)
			}
			if got := e.CheckResponse([]byte("[]")); len(got) != 1 || !strings.Contains(got[0].Message, "an object expected") {
				t.Errorf("a response that is a list: %v", got)
			}
			if len(e.Request) > 0 && e.Sample(e.Request[0].Name) == nil {
				t.Errorf("no sample of %s", e.Request[0].Name)
			}
		})
	}
}
