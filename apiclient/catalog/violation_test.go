package catalog

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"countersign/apiclient/jsontext"
)

// payV1 is a body that follows its schema; tests tamper it.
const payV1 = `{
  "partnerId": "P1",
  "paymentRequestId": "R1",
  "paymentOrderTitle": "Tea",
  "paymentAmount": {"currency": "USD", "value": "1250"},
  "extendInfo": "{}"
}`

func TestViolations(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 65)
	const pay, send = "v1/payments/pay", "v2/miniprogram/message/send"
	const message = `{"appId":"1","accessToken":"T","requestId":"R","templateCode":"C","templates":[{"language":"en"},{"language":1}]}`
	tests := []struct {
		id, body string
		want     string // pointer, place and message of each
	}{
		{pay, payV1, ""},
		{pay, strings.Replace(payV1, `"{}"`, `"{}",`, 1), `"" 6:21 the comma before } is one too many`},
		{pay, strings.Replace(payV1, `  "partnerId": "P1",`, "", 1), `"" 1:1 partnerId: is required`},
		{pay, strings.Replace(payV1, `"currency": "USD", `, "", 1), `"/paymentAmount" 5:20 paymentAmount.currency: is required`},
		{pay, strings.Replace(payV1, `"R1"`, `"`+long+`"`, 1), `"/paymentRequestId" 3:23 paymentRequestId: at most 64 characters, is 65`},
		{pay, strings.Replace(payV1, `"R1"`, `"`+long[:64*2]+`"`, 1), ""},
		{pay, strings.Replace(payV1, `"R1"`, `""`, 1), `"/paymentRequestId" 3:23 paymentRequestId: is empty`},
		{pay, strings.Replace(payV1, `"1250"`, `1250`, 1), `"/paymentAmount/value" 5:49 paymentAmount.value: a string expected, is a number; write "1250"`},
		{pay, strings.Replace(payV1, `"1250"`, `"12.50"`, 1), `"/paymentAmount/value" 5:49 paymentAmount.value: a whole number in the smallest unit expected, as a string`},
		{pay, strings.Replace(payV1, `USD`, `US`, 1), `"/paymentAmount/currency" 5:33 paymentAmount.currency: 3 letters expected, such as USD`},
		{pay, strings.Replace(payV1, `"{}"`, `{}`, 1), `"/extendInfo" 6:17 extendInfo: a string that holds JSON expected, is an object; write it as text in double quotes, escaped once`},
		{pay, strings.Replace(payV1, `"{}"`, `""`, 1), `"/extendInfo" 6:17 extendInfo: is empty, which is no JSON; write {} or leave it out`},
		{pay, strings.Replace(payV1, `"{}"`, `"{\"a\":1 \"b\":2}"`, 1), `"/extendInfo" 6:17 extendInfo: must hold JSON, but inside the string at character 8: a comma is missing before "b"`},
		{pay, strings.Replace(payV1, `"{}"`, `"{\\\"a\\\":1}"`, 1), `"/extendInfo" 6:17 extendInfo: holds JSON that is escaped twice; escape it once`},
		{pay, strings.Replace(payV1, `"{}"`, `"\"{\\\"a\\\":1}\""`, 1), `"/extendInfo" 6:17 extendInfo: holds JSON that is escaped twice; escape it once`},
		{pay, strings.Replace(payV1, `"{}"`, `"{{env.INFO}}"`, 1), ""},
		{pay, strings.Replace(payV1, `"USD"`, `"{{env.CURRENCY}}"`, 1), ""},
		{pay, strings.Replace(payV1, `"USD"`, `"{{"`, 1), `"/paymentAmount/currency" 5:33 paymentAmount.currency: 3 letters expected, such as USD`},
		{pay, strings.Replace(payV1, `"Tea",`, `"Tea", "extraParams": {"ORDER": "x"}, "more": [1],`, 1), `"/extraParams/ORDER" 4:56 extraParams.ORDER: must hold JSON, but inside the string at character 1: the text x needs double quotes`},
		{pay, strings.Replace(payV1, `"Tea",`, `"Tea", "paymentNotifyUrl": "shop.example.com/n", "paymentExpiryTime": "2026-01-15 12:00",`, 1),
			`"/paymentNotifyUrl" 4:51 paymentNotifyUrl: an absolute URL expected, such as https://merchant.example.com/notify; is "shop.example.com/n"
"/paymentExpiryTime" 4:94 paymentExpiryTime: an ISO 8601 time with a zone expected, such as 2026-01-15T12:08:55+08:00; is "2026-01-15 12:00"`},
		{pay, strings.Replace(payV1, `"Tea",`, `"Tea", "paymentExpiryTime": "2026-01-15T12:08:55+0800",`, 1), ""},
		{pay, strings.Replace(payV1, `"Tea",`, `"Tea", "partnerId": "P2",`, 1), `"/partnerId" 4:31 partnerId: is given more than once; parsers disagree about which one counts`},
		{pay, `[]`, `"" 1:1 the body: an object expected, is an array`},
		{pay, ` null`, `"" 1:2 the body: an object expected, is null`},
		{"v1/payments/inquiryPayment", `{"partnerId":"P"}`, `"" 1:1 paymentId or paymentRequestId is required`},
		{"v1/payments/inquiryPayment", `{"partnerId":"P","paymentId":"1","paymentRequestId":"1"}`, ""},
		{"v2/payments/notifyPayment", `{"partnerId":"P","paymentId":"1","paymentRequestId":"1","paymentAmount":{"currency":"USD","value":"1"}}`, `"" 1:1 paymentStatus or paymentResult is required`},
		{"v1/authorizations/applyToken", `{"grantType":"AUTHORIZATION_CODE"}`, `"" 1:1 authCode: is required`},
		{"v1/authorizations/applyToken", `{"grantType":"REFRESH_TOKEN","authCode":"1"}`, `"" 1:1 refreshToken: is required`},
		{"v1/authorizations/applyToken", `{"grantType":"PASSWORD"}`, `"/grantType" 1:14 grantType: is "PASSWORD"; expected is AUTHORIZATION_CODE or REFRESH_TOKEN`},
		{send, message, `"/templates/1/language" 1:110 templates[1].language: a string expected, is a number; write "1"`},
		{send, strings.Replace(message, `[{"language":"en"},{"language":1}]`, `[]`, 1), `"/templates" 1:79 templates: at least 1 item, has 0`},
		{send, strings.Replace(message, `[{"language":"en"},{"language":1}]`, `[{},{},{},{},{},{}]`, 1), `"/templates" 1:79 templates: at most 5 items, has 6`},
		{"v2/payments/pay", `{"productCode":"C","paymentRequestId":"R","paymentAmount":{"currency":"USD","value":"1"},"order":{"goods":"tea"}}`,
			`"/order/goods" 1:107 order.goods: an object or an array expected, is a string`},
		{"v2/payments/pay", `{"productCode":"C","paymentRequestId":"R","paymentAmount":{"currency":"USD","value":"1"},"order":{"goods":[{"goodsName":1}]}}`,
			`"/order/goods/0/goodsName" 1:121 order.goods[0].goodsName: a string expected, is a number; write "1"`},
	}
	c := builtinForTest(t)
	for _, tt := range tests {
		e := lookupForTest(t, c, tt.id)
		if got := written(e.Check([]byte(tt.body))); got != tt.want {
			t.Errorf("%s\n%s\n got %s\nwant %s", tt.id, tt.body, got, tt.want)
		}
	}
}

func written(violations []Violation) string {
	var lines []string
	for _, v := range violations {
		lines = append(lines, fmt.Sprintf("%q %d:%d %s", v.Pointer, v.Line, v.Column, v.Message))
	}
	return strings.Join(lines, "\n")
}

func TestCheckConcurrently(t *testing.T) {
	t.Parallel()
	c := &Catalog{}
	if err := c.Load(t.Context(), "a.json", builtinDocument, nil); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, e := range c.Endpoints() {
				if v := e.Check([]byte(`{"extendInfo":1}`)); len(v) == 0 {
					t.Errorf("%s: nothing found", e.ID)
				}
				e.CheckResponse(e.Example)
			}
		})
	}
	wg.Wait()
}

func TestNumbersThatWouldFillTheMemory(t *testing.T) {
	t.Parallel()
	c := ownCatalog(t, "shop-3.1.json")
	e := lookupForTest(t, c, "v2/payments/pay")
	for _, number := range []string{"1e999999999", "-1e999999999", "1e-999999999", "0.1E+00000000000000000000099999999999999999999"} {
		got := written(e.Check([]byte(`{"payRequestId":"1","kind":"CARD","when":"2026-01-15T12:08:55Z","blob":"{\"id\":1}","lines":[{"sku":"12345678","amount":5},{"sku":"12345678","amount":` + number + `}]}`)))
		if number == "1e999999999" && got != "" || number[0] == '-' && !strings.Contains(got, "amount") {
			t.Errorf("%s: %s", number, got)
		}
	}
}

func TestHostileBodiesAreCheckedInTime(t *testing.T) {
	t.Parallel()
	e := lookupForTest(t, builtinForTest(t), "v2/miniprogram/message/send")
	many := strings.Repeat(`{"language":1,"language":2},`, 20_000)
	for name, body := range map[string]string{
		"one name":     `{` + strings.Repeat(`"a":1,`, 100_000) + `"a":1}`,
		"many objects": `{"templates":[` + many + `{}]}`,
		"many names":   `{"templates":[{` + strings.Repeat(`"language":1,`, 50_000) + `"x":1}]}`,
	} {
		if v := e.Check([]byte(body)); len(v) < 5 {
			t.Errorf("%s: %d violations", name, len(v))
		}
	}
}

// bigBody is valid JSON of about a megabyte.
func bigBody() []byte {
	var b strings.Builder
	b.WriteString(`{"partnerId":"P1","paymentRequestId":"R1","paymentOrderTitle":"Tea","paymentAmount":{"currency":"USD","value":"1250"},"lines":[`)
	for i := 0; b.Len() < 1<<20; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n  {\"sku\": \"SKU-%d\", \"amount\": {\"currency\": \"USD\", \"value\": \"%d\"}, \"note\": \"caf\u00e9 \\u2615\"}", i, i)
	}
	b.WriteString("]}")
	return []byte(b.String())
}

func BenchmarkRead1MB(b *testing.B) {
	body := bigBody()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, fault := readText(body); fault != nil {
			b.Fatal(fault)
		}
	}
}

func BenchmarkCheck1MB(b *testing.B) {
	body := bigBody()
	e := lookupForTest(b, builtinForTest(b), "v1/payments/pay")
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if v := e.Check(body); len(v) > 0 {
			b.Fatal(v)
		}
	}
}

func BenchmarkCheckPay(b *testing.B) {
	e := lookupForTest(b, builtinForTest(b), "payments/pay")
	body := expanded(e.Example)
	b.ReportAllocs()
	for b.Loop() {
		if v := e.Check(body); len(v) > 0 {
			b.Fatal(v)
		}
	}
}

// FuzzCheck: whatever comes, no panic, places inside the body, and a syntax
// fault exactly where the standard library sees one too.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{payV1, `{"a":1,"a":{"a":[1,"\"",{}]}}`, `{"extendInfo":"{\\\"a\\\":1}"}`, "\xff", `{"a":1e999}`, `[[[{"":"\ud800"}]]]`, "{\"a\":\"\xe9\"}", `{"templates":[{},1]}`} {
		f.Add([]byte(seed))
	}
	c := Builtin()
	endpoints := c.Endpoints()
	f.Fuzz(func(t *testing.T, body []byte) {
		_, fault := readText(body)
		if valid := json.Valid(body); valid != (fault == nil) {
			// The standard library lets wrong UTF-8 through, and nests deeper.
			strict := valid && (strings.Contains(fault.Message, "UTF-8") || strings.Contains(fault.Message, "nests deeper"))
			if !strict {
				t.Fatalf("valid %v, fault %+v: %q", valid, fault, body)
			}
		}
		for _, e := range endpoints[:1+len(body)%len(endpoints)] {
			for _, v := range append(e.Check(body), e.CheckResponse(body)...) {
				if v.Offset < 0 || v.Offset > len(body) || v.Line < 1 || v.Column < 1 || v.Message == "" {
					t.Fatalf("%s: %+v of %q", e.ID, v, body)
				}
				if line, column := jsontext.LineColumn(body, v.Offset); line != v.Line || column != v.Column {
					t.Fatalf("%s: %+v is at %d:%d", e.ID, v, line, column)
				}
			}
		}
	})
}

// FuzzIndex: each value is found by its path and is what the standard library
// reads there.
func FuzzIndex(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b~/":null}],"":"x"," ":[[]]}`))
	f.Add([]byte(`[true,"\u00e9",{"k":-1.5e3}]`))
	f.Add([]byte(`{"\u0061":1,"b":{"c":{"d":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18]}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		text, fault := readText(body)
		if fault != nil {
			return
		}
		if len(text.repeated()) > 0 {
			return // of members with one name only the last is found
		}
		root := (&document{root: text.nodes(0)}).root
		for i, p := range text.Nodes {
			raw := text.Raw(i)
			if !json.Valid(raw) {
				t.Fatalf("span %d is %q", i, raw)
			}
			pointer := "#" + strings.ReplaceAll(text.path(i).String(), "%", "%25")
			n := (&document{root: root}).resolve(pointer)
			if n == nil {
				t.Fatalf("nothing at %q in %q", pointer, body)
			}
			if line, column := jsontext.LineColumn(body, p.From); int(n.line) != line || int(n.column) != column {
				t.Fatalf("%q: %d:%d, want %d:%d", pointer, n.line, n.column, line, column)
			}
			if p.Kind == jsontext.String {
				var want string
				if err := json.Unmarshal(raw, &want); err != nil || text.str(i) != want || n.value != want {
					t.Fatalf("%q is %q, %q, want %q (%v)", raw, text.str(i), n.value, want, err)
				}
			}
		}
	})
}
