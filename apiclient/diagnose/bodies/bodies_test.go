package bodies_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"countersign/apiclient/diagnose/bodies"
)

// There is memory for all variants of a body at once.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// generic is a body as encoding/json reads it without a type.
func generic(t *testing.T, body string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// careless takes a body for a format.
var careless = fmt.Sprintf

// TestGo has what Go itself makes of bodies.
func TestGo(t *testing.T) {
	t.Parallel()
	const body = `{"tag":"<b>Tom & Jerry</b>","amount":{"value":2.50,"n":10000000},"list":[1,"x",null,true],"at":"\u2028"}`
	const floats = `{"z":1.0,"y":1e3,"x":1e21,"w":1e-7,"v":123456789012345678,"u":0.000001}`
	m := generic(t, body)
	numbered := func(s string) any {
		d := json.NewDecoder(strings.NewReader(s))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	indented := func(indent string) string {
		b, err := json.MarshalIndent(m, "", indent)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	encoded := func(v any) string {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	form := url.Values{"a": {"1 2"}, "c": {"é"}, "b": {"x&y=z"}}
	for _, c := range []struct{ by, body, want, cause string }{
		{"json.Marshal of a map", body, marshal(t, m), "body_html_escaped_signed"},
		{"json.Marshal of a map", body, marshal(t, m), "body_key_order_changed"},
		{"json.Marshal of floats", floats, marshal(t, generic(t, floats)), "body_number_reformatted"},
		{"json.Marshal with UseNumber", floats, marshal(t, numbered(floats)), "body_key_order_changed"},
		{"json.MarshalIndent", body, indented("  "), "body_pretty_signed"},
		{"json.MarshalIndent with tabs", body, indented("\t"), "body_pretty_signed"},
		{"Encoder", body, encoded(m), "body_trailing_newline"},
		{"json.Marshal of a string", body, marshal(t, body), "body_double_stringified"},
		{"fmt.Sprint of a map", body, fmt.Sprint(m), "body_go_map_signed"},
		{"%#v of a map", `{"b":[1,"x"],"a":{"c":null,"d":true}}`, fmt.Sprintf("%#v", generic(t, `{"b":[1,"x"],"a":{"c":null,"d":true}}`)), "body_go_map_signed"},
		{"fmt.Sprint of bytes", `{"a":1}`, fmt.Sprintf("%v", []byte(`{"a":1}`)), "body_byte_list_signed"},
		{"Sprintf of the body", `{"off":"100%","p":"5 %d"}`, careless(`{"off":"100%","p":"5 %d"}`), "body_percent_changed"},
		{"url.Values", `{"a":"1 2","b":"x&y=z","c":"é"}`, form.Encode(), "body_form_encoded_signed"},
		{"url.QueryEscape", body, url.QueryEscape(body), "body_urlencoded_signed"},
	} {
		t.Run(c.by, func(t *testing.T) {
			t.Parallel()
			isNamed(t, c.body, c.want, c.cause)
		})
	}
}

// isNamed tests that what a library makes of a body is among the variants, with its cause.
func isNamed(t *testing.T, body, want, cause string) {
	t.Helper()
	named := func(list []bodies.Variant) bool {
		return slices.ContainsFunc(lookFor(list, want), func(v bodies.Variant) bool { return names(v, cause) })
	}
	if all := made(body, named); !named(all) {
		t.Errorf("%s is not named for %q: %v", cause, want, lookFor(all, want))
	}
}

// TestKnownForms has what libraries write that need more than a language's own
// tools; the texts are from their documentation.
func TestKnownForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ by, body, want, cause string }{
		{"Jackson's pretty printer", `{"a":1,"l":[1,{"k":"v"}],"e":{},"x":[]}`, "{\n  \"a\" : 1,\n  \"l\" : [ 1, {\n    \"k\" : \"v\"\n  } ],\n  \"e\" : { },\n  \"x\" : [ ]\n}", "body_pretty_signed"},
		{"Gson", `{"t":"<a href='x'>b & c = d</a>"}`, `{"t":"\u003ca href\u003d\u0027x\u0027\u003eb \u0026 c \u003d d\u003c/a\u003e"}`, "body_html_escaped_signed"},
		{"Gson into a map", `{"a":1,"b":10000000,"c":2.5}`, `{"a":1.0,"b":1.0E7,"c":2.5}`, "body_number_reformatted"},
		{"System.Text.Json", `{"t":"<é 'x' +` + "`" + `😀>"}`, `{"t":"\u003C\u00E9 \u0027x\u0027 \u002B\u0060\uD83D\uDE00\u003E"}`, "body_unicode_escaped_signed"},
		{"Newtonsoft with EscapeHtml", `{"t":"<'&>"}`, `{"t":"\u003c\u0027\u0026\u003e"}`, "body_html_escaped_signed"},
		{"json-simple", `{"u":"a/b"}`, `{"u":"a\/b"}`, "body_slash_escaped_signed"},
		{"fastjson with empty strings for null", `{"a":null,"b":1}`, `{"a":"","b":1}`, "body_null_replaced"},
		{"Laravel", `{"a":"","b":" x "}`, `{"a":null,"b":" x "}`, "body_null_replaced"},
		{"TrimStrings", `{"a":"","b":" x "}`, `{"a":"","b":"x"}`, "body_whitespace_trimmed"},
		{"PropertyNamingStrategies.SNAKE_CASE", `{"paymentId":{"valueIn":1}}`, `{"payment_id":{"value_in":1}}`, "body_key_names_changed"},
		{".NET without CamelCase", `{"paymentId":1}`, `{"PaymentId":1}`, "body_key_names_changed"},
		{"JSON inside a string, parsed", `{"ext":"{\"a\":1}"}`, `{"ext":{"a":1}}`, "body_inner_parsed"},
		{"inner objects as strings", `{"ext":{"a":1}}`, `{"ext":"{\"a\":1}"}`, "body_inner_stringified"},
		{"HttpUtility.UrlEncode", `{"a":"b é"}`, `%7b%22a%22%3a%22b+%c3%a9%22%7d`, "body_urlencoded_signed"},
		{"Windows", "{\n  \"a\": 1\n}", "{\r\n  \"a\": 1\r\n}", "body_line_endings"},
		{"a shell without quotes", "{\n  \"a\": 1\n}", "{ \"a\": 1 }", "body_whitespace_changed"},
		{"`echo`", `{"a":1}`, `{"a":1}` + "\n", "body_trailing_newline"},
		{"a member", `{"head":{"v":1},"body":{"a":"b"}}`, `{"a":"b"}`, "body_inner_object_signed"},
		{"an object around it", `{"a":1}`, `{"data":{"a":1}}`, "body_wrapped_signed"},
		{"string concatenation", `{"a":1}`, `[object Object]`, "body_object_object_signed"},
		{"nothing", `{"a":1}`, ``, "body_empty_signed"},
		{"SHA-256", `{"a":1}`, "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862", "body_hash_hex_signed"},
		{"MD5", `{"a":1}`, "bb6cb5c68df4652941caf652a366f2d8", "body_hash_hex_signed"},
		{"two of JavaScript", `{"b":"é","2":1.0}`, `{"2":1,"b":"é"}`, "body_key_order_changed"},
	} {
		t.Run(c.by, func(t *testing.T) {
			t.Parallel()
			isNamed(t, c.body, c.want, c.cause)
		})
	}
}

func TestOrders(t *testing.T) {
	const body = `{"a":1,"b":{"y":2,"x":3},"c":"é","d":[4]}`
	seen := map[string]int{}
	for _, o := range bodies.NewMaker([]byte(body), never).Orders() {
		if o.Change.Cause != "body_key_order_changed" || o.Len != 48 {
			t.Errorf("%+v", o)
		}
		dst := make([]byte, 0, 1000)
		if n := testing.AllocsPerRun(10, func() { o.Append(dst, 47) }); n > 0 {
			t.Errorf("an order takes %v allocations", n)
		}
		for i := range o.Len {
			b := o.Append(nil, i)
			if !json.Valid(b) || !bytes.Equal(b, o.Append(nil, i)) {
				t.Fatalf("%d: %s", i, b)
			}
			seen[string(b)]++
		}
	}
	for _, want := range []string{`{"d":[4],"b":{"y":2,"x":3},"a":1,"c":"é"}`, `{"c": "é", "b": {"y": 2, "x": 3}, "a": 1, "d": [4]}`, "{\n  \"b\": {\n    \"y\": 2,\n    \"x\": 3\n  },\n  \"d\": [\n    4\n  ],\n  \"c\": \"é\",\n  \"a\": 1\n}"} {
		if seen[want] != 1 {
			t.Errorf("%s is there %d times", want, seen[want])
		}
	}
	for _, none := range []string{`{"a":1,"b":2}`, `[1,2,3]`, `x`, `{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1}`} {
		if len(bodies.NewMaker([]byte(none), never).Orders()) > 0 {
			t.Errorf("%s has orders", none)
		}
	}
}

// TestIndexKeys moves keys that JavaScript put first back to any place, in all
// objects at once.
func TestIndexKeys(t *testing.T) {
	t.Parallel()
	const body = `{"2":"two","10":"ten","b":1,"a":{"1":3,"9":1,"x":2}}`
	seq := bodies.NewMaker([]byte(body), never).Orders()[0]
	if seq.Len != 4*3*3*2 {
		t.Fatalf("%d orders", seq.Len)
	}
	seen := map[string]bool{}
	for i := range seq.Len {
		seen[string(seq.Append(nil, i))] = true
	}
	if want := `{"b":1,"10":"ten","2":"two","a":{"9":1,"x":2,"1":3}}`; !seen[want] || len(seen) != seq.Len {
		t.Errorf("%d orders, %t", len(seen), seen[want])
	}
}

func TestBlanks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, want string }{
		{`{"extendInfo":"{\"a\": \"ü\"}","v":1}`, `{"extendInfo":"{\"a\": \"\u00fc\"}", "v": 1.0}`},
		{`{"a":1,"b":[1,2]}`, `{"a": 1,"b":[1, 2]}`},
	} {
		found := false
		for _, s := range bodies.NewMaker([]byte(c.body), never).Blanks() {
			for i := range s.Len {
				found = found || string(s.Append(nil, i)) == c.want
			}
		}
		if !found {
			t.Errorf("%s is not among those of %s", c.want, c.body)
		}
	}
	if list := bodies.NewMaker([]byte("{\"a\":\"\x00\"}"), never).Blanks(); len(list) > 0 {
		t.Error("a NUL is no gap")
	}
}

func TestCompressed(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte(`{"a":"some text"},`), 20)
	var want bytes.Buffer
	w := gzip.NewWriter(&want)
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	found := lookFor(bodies.NewMaker(body, never).Compressed(), want.String())
	if len(found) == 0 || !names(found[0], "body_gzip_signed") {
		t.Error("gzip of Go is not among them")
	}
	for _, b := range [][]byte{nil, make([]byte, 1<<20+1)} {
		if len(bodies.NewMaker(b, never).Compressed()) > 0 {
			t.Errorf("%d bytes are compressed", len(b))
		}
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		body string
		most int
		want string
	}{
		{`{"a":"x\u00e9","b":{"c":1.50,"d":[true,null,"y"]}}`, 9, "[{a xé false} {c 1.50 true} {d y false}]"},
		{`[1,2,3]`, 2, "[{ 1 true} { 2 true}]"},
		{`"alone"`, 2, "[{ alone false}]"},
		{`{"a":1}`, 0, "[]"},
		{`{"a":1`, 9, "[]"},
		{``, 9, "[]"},
		{strings.Repeat("[", 300) + strings.Repeat("]", 300), 9, "[]"},
	} {
		if got := fmt.Sprint(bodies.Members([]byte(c.body), c.most)); got != c.want {
			t.Errorf("%s: %s, want %s", c.body, got, c.want)
		}
	}
	if bodies.Members(slices.Concat([]byte(`"`), make([]byte, 1<<20), []byte(`"`)), 1) != nil {
		t.Error("a large body is taken apart")
	}
}

func TestPercent(t *testing.T) {
	t.Parallel()
	const s = "a b+c%~é/?&=*'(!"
	for _, c := range []struct{ name, got, want string }{
		{"PercentAll", bodies.PercentAll(s), "a%20b%2Bc%25~%C3%A9%2F%3F%26%3D%2A%27%28%21"},
		{"EncodeURIComponent", bodies.EncodeURIComponent(s), "a%20b%2Bc%25~%C3%A9%2F%3F%26%3D*'(!"},
		{"EncodeURI", bodies.EncodeURI(s), "a%20b+c%25~%C3%A9/?&=*'(!"},
		{"lower", bodies.Percent("é", bodies.Unreserved, true), "%c3%a9"},
		{"decode", bodies.PercentDecode("a%20b+c%C3%A9%zz%4", false), "a b+cé%zz%4"},
		{"decode a form", bodies.PercentDecode("a%20b+c%2b", true), "a b c+"},
		{"stringify", bodies.Stringify("a\"b\\c\n\x01é", false), `"a\"b\\c\n\u0001é"`},
		{"stringify in ASCII", bodies.Stringify("é😀", true), `"\u00e9\ud83d\ude00"`},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
		}
	}
	for r := range rune(0x3000) {
		text := string(r)
		if got, err := url.PathUnescape(bodies.PercentAll(text)); err != nil || got != text {
			t.Fatalf("%q comes back as %q", text, got)
		}
	}
}

func TestIsJSON(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{`{}`: true, ` [1, "x"] `: true, `null`: true, `{"a":1}}`: false, `{"a":}`: false, `{'a':1}`: false, `nul`: false, ``: false, `{"a":1,}`: false} {
		if bodies.IsJSON([]byte(body)) != want {
			t.Errorf("%q: want %t", body, want)
		}
	}
}

// invoices is a body of about so many bytes.
func invoices(size int) []byte {
	b := []byte(`{"list":[`)
	for i := 0; len(b) < size; i++ {
		b = fmt.Appendf(b, `{"id":%d,"note":"Café & <b> \u4e2d / %d","amount":{"value":%d.50,"empty":null}},`, i, i, i)
	}
	return append(b, `{}]}`...)
}

func TestStop(t *testing.T) {
	t.Parallel()
	body := invoices(20 << 10)
	asked := 0
	m := bodies.NewMaker(body, func() bool { asked++; return asked > 3 })
	for name, list := range map[string][]bodies.Variant{"singles": m.Singles(room), "libraries": m.Libraries(room), "pairs": m.Pairs(room), "compressed": m.Compressed()} {
		// What needs no loop may be there; the large tables may not.
		if len(list) > 200 {
			t.Errorf("%s: %d variants after the stop", name, len(list))
		}
	}
}

var snakeCase = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// sound checks what every list of variants must be.
func sound(t *testing.T, stage string, body []byte, list []bodies.Variant) {
	t.Helper()
	seen := map[string]bool{string(body): true}
	for _, v := range list {
		if seen[string(v.Bytes)] {
			t.Fatalf("%s: %q is there twice, or is the body: %v", stage, v.Bytes, v.Changes)
		}
		seen[string(v.Bytes)] = true
		if v.Cost <= 0 || len(v.Changes) == 0 {
			t.Fatalf("%s: cost %d, changes %v", stage, v.Cost, v.Changes)
		}
		for _, c := range slices.Concat(v.Changes, v.Also) {
			if !snakeCase.MatchString(c.Cause) || !strings.HasSuffix(c.Sentence(), ".") || len(c.Says) < 2 {
				t.Fatalf("%s: cause %q says %q", stage, c.Cause, c.Sentence())
			}
		}
	}
}

// FuzzMaker makes all variants of any body.
func FuzzMaker(f *testing.F) {
	for _, s := range []string{
		``, ` `, `{`, `{}`, `[]`, `""`, `null`, `{"a":1,"a":2}`, `{"a":{"b":[1,{"c":null}]},"d":"\u00e9é\ud83d"}`, "{\"a\":\"\xff\xfe\"}", "\xef\xbb\xbf{}", `[1e308,-0,1e-999,12345678901234567890123,1.0E+2,--1,1e,.5,-]`,
		`{"a":"{\"b\":1}"}`, `{"":""}`, "{\r\n \"a\" : 1 ,\n\t\"b\":[ ]}", strings.Repeat("[", 201) + strings.Repeat("]", 201), strings.Repeat(`{"a":`, 150) + "1" + strings.Repeat("}", 150),
		"\"\\\"", `{"a\u0000":"\`, "%s%d%!%", "a=b&c=%zz+", `{"10":1,"2":2,"-1":3}`, `"{\"a\":1}"`, "YWJj", "\x00", "<a>&amp;</a>", `{"k":1.7976931348623157e308,"l":4.9e-324}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 2000 {
			return
		}
		n := 0
		m := bodies.NewMaker(body, func() bool { n++; return n > 2500 })
		singles := m.Singles(room)
		if !bytes.Equal(singles[0].Bytes, body) || singles[0].Cost != 0 || len(singles[0].Changes) != 0 {
			t.Fatalf("the first variant is %+v", singles[0])
		}
		sound(t, "singles", body, singles[1:])
		sound(t, "libraries", body, m.Libraries(room))
		n = 0
		sound(t, "pairs", body, m.Pairs(200<<10))
		for _, o := range m.Orders() {
			for _, i := range []int{0, 1, o.Len - 1} {
				o.Append(nil, i)
			}
		}
		bodies.Members(body, 10)
		bodies.IsJSON(body)
	})
}

// TestHugeNumbers has numbers that no double holds.
func TestHugeNumbers(t *testing.T) {
	t.Parallel()
	for _, n := range []string{"1e999", "-1e999", "1.7976931348623157e309", strings.Repeat("9", 400), "-" + strings.Repeat("9", 400)} {
		body := []byte(`{"a":` + n + `}`)
		m := bodies.NewMaker(body, never)
		sound(t, "singles", body, m.Singles(room)[1:])
		sound(t, "libraries", body, m.Libraries(room))
		sound(t, "pairs", body, m.Pairs(room))
	}
}
