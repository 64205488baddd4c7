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

func TestSyntaxFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body   string
		offset int
		want   string
	}{
		{"", 0, "the body is empty; a JSON object is expected"},
		{" \n\t", 3, "the body has nothing but white space; a JSON object is expected"},
		{"{\n  \"a\": 1\n  \"b\": 2\n}", 13, `a comma is missing before "b"`},
		{`{"a": "x" "b": 2}`, 10, `a comma is missing before "b"`},
		{`[1 2]`, 3, `a comma is missing before 2`},
		{`{"a": {} {`, 9, `a comma is missing before {`},
		{`{"a": 1,}`, 7, `the comma before } is one too many`},
		{"[1,\n]", 2, `the comma before ] is one too many`},
		{`[1,,2]`, 3, `two commas follow each other; a value is missing or a comma is one too many`},
		{`[,1]`, 1, `a value is missing, before ,`},
		{`{,}`, 1, `a name and a value are missing before the comma`},
		{`{'a': 1}`, 1, `JSON strings need double quotes, not single ones`},
		{`{"a": 'x'}`, 6, `JSON strings need double quotes, not single ones`},
		{`{“a”: 1}`, 1, `JSON strings need straight double quotes, not “`},
		{`{a: 1}`, 1, `the name a needs double quotes`},
		{`{"a": x1}`, 6, `the text x1 needs double quotes`},
		{`{"a": 2x}`, 6, `2x is no number; text needs double quotes`},
		{`{"a": True}`, 6, `JSON has no True; write true`},
		{`{"a": None}`, 6, `JSON has no None; write null`},
		{`{"a": undefined}`, 6, `JSON has no undefined; write null`},
		{`{"a": NaN}`, 6, `JSON has no NaN`},
		{`{"a": truex}`, 6, `the text truex needs double quotes`},
		{`{"a": 01}`, 6, `the number 01 starts with a zero; write it without, or as a string in double quotes`},
		{`{"a": +1}`, 6, `a number starts with a digit or a minus sign, not with +`},
		{`{"a": .5}`, 6, `a number starts with a digit or a minus sign, not with .`},
		{`{"a": 1.}`, 6, `the number 1. has no digits after its point`},
		{`{"a": 1e}`, 6, `the number 1e has no digits in its exponent`},
		{`{"a": -}`, 6, `a number has no digits after its minus sign`},
		{`{"a" 1}`, 5, `a colon is missing after the name "a"`},
		{`{"a" = 1}`, 5, `a colon is expected after the name "a", not =`},
		{`{"a"}`, 4, `the name "a" has no value`},
		{`{"a":}`, 5, `a value is missing after the name "a", before }`},
		{`{"a":`, 5, `the text ends where a value is expected after the name "a"`},
		{`{"a"`, 4, `the text ends after the name "a"; a colon and a value are missing`},
		{`{: 1}`, 1, `a name is missing before the colon`},
		{`{{uuid}}`, 1, `a name in double quotes is expected before {`},
		{`{"a": "x`, 6, `the string that starts here is not closed: "x`},
		{`{"a": "x\`, 6, `the string that starts here is not closed: "x\`},
		{"{\"a\": \"x,\n\"b\": 1}", 6, `the string that starts here is not closed on its line: "x,`},
		{"{\"a\": \"x\ny\"}", 8, `a line break stands in a string; write \n`},
		{"{\"a\": \"x\ty\"}", 8, `a tab stands in a string; write \t`},
		{"{\"a\": \"x\x00y\"}", 8, `a NUL byte stands in a string; write \u0000 if it is meant`},
		{"{\"a\": \"x\x1by\"}", 8, `the control character U+001B stands in a string; write \u001b`},
		{"{\"a\": \x00}", 6, `a NUL byte stands where a value is expected`},
		{"{\"a\": 1}\x00", 8, `a NUL byte follows the end of the JSON text`},
		{"\xef\xbb\xbf{}", 0, `a byte order mark stands before the JSON; save the text as UTF-8 without it`},
		{"\xff\xfe{\x00}\x00", 0, `the text is UTF-16 or UTF-32; JSON is UTF-8`},
		{"\x00\x00\x00{\x00\x00\x00}", 0, `the text is UTF-16 or UTF-32; JSON is UTF-8`},
		{"\x00\x01\x02\x03\x04", 0, `a NUL byte stands where a value is expected`},
		{"{\x00}\x00", 0, `the text is UTF-16 or UTF-32; JSON is UTF-8`},
		{"{\"name\": \"Jos\xe9\"}", 13, `the byte 0xE9 is not UTF-8; is the text GBK or Latin-1?`},
		{"{\"a\": \xe9}", 6, `the byte 0xE9 is not UTF-8; is the text GBK or Latin-1?`},
		{"{\"a\":\u00a01}", 5, `the invisible character U+00A0 stands where a value is expected`},
		{`{"a": "\x41"}`, 7, `JSON has no escape \x; a backslash itself is written \\`},
		{`{"a": "\u12g4"}`, 7, `\u needs four hexadecimal digits after it`},
		{`{"a": 1}}`, 8, `one } too many`},
		{`{"a": 1},`, 8, `a comma follows the end of the JSON text`},
		{`{}{}`, 2, `a second JSON text follows the first; a body is one`},
		{`{} x`, 3, `x follows the end of the JSON text`},
		{`{"a": [1, 2}`, 11, `the [ of line 1 ends in }, not in ]`},
		{`{"a": 1]`, 7, `the { of line 1 ends in ], not in }`},
		{`{]`, 1, `the { of line 1 ends in ], not in }`},
		{"{\n \"a\": [1", 10, `the text ends, but the [ of line 2, column 7 is not closed`},
		{`{"a": 1`, 7, `the text ends, but the { of line 1, column 1 is not closed`},
		{`{`, 1, `the text ends, but the { of line 1, column 1 is not closed`},
		{`{"a": 1; "b": 2}`, 7, `values are parted by a comma, not by a semicolon`},
		{`["a": 1]`, 4, `a list has no names; names and values belong in { }`},
		{"{\"a\": 1 // one\n}", 8, `JSON has no comments`},
		{"# x\n{}", 0, `JSON has no comments`},
		{`<?xml version="1.0"?><a/>`, 0, `this is XML or HTML, not JSON`},
		{`orderId=1&amount=100`, 0, `the text orderId needs double quotes`},
		{strings.Repeat("[", 1001), 1000, `the body nests deeper than 1000 levels`},
	}
	for _, tt := range tests {
		got := lookupForTest(t, builtinForTest(t), "v1/payments/pay").Check([]byte(tt.body))
		if len(got) != 1 || got[0].Offset != tt.offset || got[0].Message != tt.want {
			t.Errorf("%.60q\n got %+v\nwant %d %s", tt.body, got, tt.offset, tt.want)
			continue
		}
		if line, column := place([]byte(tt.body), tt.offset); got[0].Line != line || got[0].Column != column {
			t.Errorf("%.60q: %d:%d, want %d:%d", tt.body, got[0].Line, got[0].Column, line, column)
		}
	}
	for _, good := range []string{`{}`, `[]`, `"a"`, `-0.5e+10`, ` true `, `null`, `{"a":[{"b":[]},"\u00e9\n\/ é 💳"],"":{}}`, strings.Repeat("[", 1000) + strings.Repeat("]", 1000)} {
		if _, fault := readText([]byte(good)); fault != nil {
			t.Errorf("%.40s: %+v", good, fault)
		}
	}
}

func TestCheckConcurrently(t *testing.T) {
	t.Parallel()
	c := &Catalog{}
	if err := c.Load(t.Context(), "a.json", builtinDocument); err != nil {
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
				if line, column := place(body, v.Offset); line != v.Line || column != v.Column {
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
		root := (&document{root: text.nodes()}).root
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
			if line, column := place(body, p.From); n.Line != line || n.Column != column {
				t.Fatalf("%q: %d:%d, want %d:%d", pointer, n.Line, n.Column, line, column)
			}
			if p.Kind == jsontext.String {
				var want string
				if err := json.Unmarshal(raw, &want); err != nil || text.str(i) != want || n.Value != want {
					t.Fatalf("%q is %q, %q, want %q (%v)", raw, text.str(i), n.Value, want, err)
				}
			}
		}
	})
}
