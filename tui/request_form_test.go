package tui

import (
	"fmt"
	"strings"
	"testing"
)

func TestFormEditsOnlyItsValue(t *testing.T) {
	t.Parallel()
	x := form(t, 140, 40, "")
	before := x.body()
	x.to(t, "/paymentAmount/value")
	x.Key("enter")
	x.shows(t, "enter takes it")
	x.Key("ctrl+u")
	x.Type(`2"5`)
	x.bodyIs(t, before)
	x.Key("esc")
	x.bodyIs(t, before)
	x.Key("enter", "ctrl+u")
	x.Type(`2"5`)
	x.Key("enter")
	x.bodyIs(t, strings.Replace(before, `"10000"`, `"2\"5"`, 1))
	x.shows(t, "● edited")
	x.Key("ctrl+z")
	x.bodyIs(t, before)
	x.Key("U")
	x.bodyIs(t, strings.Replace(before, `"10000"`, `"2\"5"`, 1))
	x.Key("u")
	x.lacks(t, "● edited")
}

func TestFormKeepsTheRestOfOddBodies(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, body, field, typed, want string }{
		{"CRLF and tabs", "{\r\n\t\"productCode\" :\t\"A\",\r\n\t\"x\": 1.0\r\n}\r\n", "/productCode", "B", "{\r\n\t\"productCode\" :\t\"B\",\r\n\t\"x\": 1.0\r\n}\r\n"},
		{"variable without quotes", `{"productCode":"A","t":{{now}} }`, "/t", "5", `{"productCode":"A","t":5 }`},
		{"fault further down", "{\"productCode\":\"A\",\n\"x\" 1}", "/productCode", "B", "{\"productCode\":\"B\",\n\"x\" 1}"},
		{"the last of two", `{"productCode":"A","productCode":"B"}`, "/productCode", "C", `{"productCode":"A","productCode":"C"}`},
		{"not in the schema", `{"own":{"deep":[true]}}`, "/own/deep/0", "false", `{"own":{"deep":[false]}}`},
		{"in a string", `{"extendInfo":"{\"a\":\"\\u0041\",\u0022b\":2}"}`, "/extendInfo/b", "3", `{"extendInfo":"{\"a\":\"\\u0041\",\u0022b\":3}"}`},
		{"a wrong value", `{"own":1}`, "/own", "one", `{"own":"one"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := form(t, 140, 40, tt.body)
			x.to(t, tt.field)
			if tt.name == "the last of two" {
				x.shows(t, "given more than once")
				x.Key("down")
			}
			x.Key("e", "ctrl+u")
			x.Type(tt.typed)
			x.Key("enter")
			x.bodyIs(t, tt.want)
		})
	}
}

func TestFormAddsAndRemoves(t *testing.T) {
	t.Parallel()
	x := form(t, 140, 40, "{\n  \"paymentRequestId\": \"1\",\n  \"extendInfo\": \"\"\n}")
	x.shows(t, "✗   productCode★", "missing")
	x.to(t, "/productCode")
	x.Key("enter")
	x.bodyIs(t, "{\n  \"productCode\": \"CASHIER_PAYMENT\",\n  \"paymentRequestId\": \"1\",\n  \"extendInfo\": \"\"\n}")
	x.to(t, "/paymentAmount")
	x.Key(" ", "down", "enter") // its currency: what it is in is added too
	x.bodyIs(t, "{\n  \"productCode\": \"CASHIER_PAYMENT\",\n  \"paymentRequestId\": \"1\",\n  \"paymentAmount\": {\n    \"currency\": \"USD\"\n  },\n  \"extendInfo\": \"\"\n}")
	x.to(t, "/productCode")
	x.Key("x")
	x.to(t, "/paymentAmount/currency")
	x.Key("n")
	x.bodyIs(t, "{\n  \"paymentRequestId\": \"1\",\n  \"paymentAmount\": {\n    \"currency\": null\n  },\n  \"extendInfo\": \"\"\n}")
	x.to(t, "/paymentRequestId")
	x.Key("a")
	x.Type("own")
	x.Key("enter", "r", "ctrl+u")
	x.Type("[1")
	x.Key("enter")
	x.shows(t, "this is not JSON")
	x.Type("]")
	x.Key("enter")
	if !strings.Contains(x.body(), "\"1\",\n  \"own\": [1],\n") {
		t.Errorf("body %q", x.body())
	}
	x.shows(t, "not in the schema")
	x.Key("a")
	if !strings.Contains(x.body(), "\"own\": [1, 0]") && !strings.Contains(x.body(), "\"own\": [1,0]") {
		t.Errorf("body %q", x.body())
	}
	for range 4 {
		x.Key("u")
	}
}

func TestFormChoosesFromAList(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("1")
	for x.app.panes.request.Key() != "v2/authorizations/applyToken" {
		x.Key("1", "down", "enter")
	}
	x.Key("]")
	x.to(t, "/grantType")
	x.Key("enter")
	x.shows(t, "AUTHORIZATION_CODE", "REFRESH_TOKEN", "choose")
	x.Key("down", "enter")
	if !strings.Contains(x.body(), `"grantType": "REFRESH_TOKEN"`) {
		t.Errorf("body %s", x.body())
	}
	// A value that is not in the list is taken: that is what testing is.
	x.Key("enter", "ctrl+u")
	x.Type("NONE")
	x.Key("enter")
	if !strings.Contains(x.body(), `"grantType": "NONE"`) {
		t.Errorf("body %s", x.body())
	}
	x.shows(t, "! ")
}

func TestFormCountsLengths(t *testing.T) {
	t.Parallel()
	x := form(t, 140, 40, `{"paymentRequestId":"äbc"}`)
	x.to(t, "/paymentRequestId")
	x.Key("enter")
	x.shows(t, "3/64")
	x.Type("d")
	x.shows(t, "4/64")
}

func TestFormSaysWhyAFieldIsLocked(t *testing.T) {
	t.Parallel()
	x := form(t, 140, 40, "{\"productCode\":\"A\",\n\"x\": }")
	x.shows(t, "line 2: a value is expected")
	x.to(t, "/salesCode")
	before := x.body()
	x.Key("enter")
	x.shows(t, "from line 2 on")
	x.bodyIs(t, before)
	x = form(t, 140, 40, " ")
	x.to(t, "/productCode")
	x.Key("enter")
	x.bodyIs(t, "{\n  \"productCode\": \"CASHIER_PAYMENT\"\n}")
}

func TestFormFilterAndFolds(t *testing.T) {
	t.Parallel()
	x := form(t, 240, 70, "")
	x.Key("/")
	x.Type("goodsunit")
	x.shows(t, "3 found", "order.goods.goodsUnitAmount.currency")
	x.lacks(t, "productCode★")
	x.Key("enter", "down", "e", "ctrl+u")
	x.Type("EUR")
	x.Key("enter", "esc")
	x.shows(t, "productCode★", "● edited")
	x.Key("f")
	x.lacks(t, "goodsUnitAmount")
	x.Key("f")
	x.shows(t, "goodsUnitAmount")
}

// What is typed in the form counts as soon as the request is sent.
func TestFormSendsWhatIsTyped(t *testing.T) {
	t.Parallel()
	x := form(t, 140, 40, "")
	x.to(t, "/salesCode")
	x.Key("enter", "ctrl+u")
	x.Type("TYPED")
	x.Key("ctrl+r")
	if body := string(x.app.desk.Shown().Request.Body); !strings.Contains(body, `"salesCode": "TYPED"`) {
		t.Errorf("sent %s", body)
	}
	x.shows(t, "request verified")
}

func TestFormAtEverySize(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{200, 60}, {100, 30}, {80, 24}, {60, 20}, {40, 12}} {
		x := form(t, size[0], size[1], "")
		for range 12 {
			x.Key("down", "enter", "esc", "esc")
		}
		x.Golden(t, fmt.Sprintf("fields-%dx%d", size[0], size[1]))
	}
}

// A value that is being typed is taken where another tab is opened with the
// mouse: it was on the screen.
func TestFormTakesWhatIsTypedWhenTheTabIsLeft(t *testing.T) {
	t.Parallel()
	x := form(t, 140, 40, "")
	x.to(t, "/salesCode")
	x.Key("enter", "ctrl+u")
	x.Type("TYPED")
	col, row := x.find(t, "Body")
	x.Click(col, row)
	x.Key("e", "esc")
	if !strings.Contains(x.body(), `"salesCode": "TYPED"`) {
		t.Errorf("what was typed is gone: %s", x.body())
	}
}

// What cannot be taken is not lost by it.
func TestFormKeepsWhatCannotBeTaken(t *testing.T) {
	t.Parallel()
	x := form(t, 140, 40, "")
	x.to(t, "/salesCode")
	x.Key("r", "ctrl+u")
	x.Type(`{"half`)
	col, row := x.find(t, "Body")
	x.Click(col, row)
	x.shows(t, `{"half`, "this is not JSON")
	x.Key("ctrl+r")
	if n := x.runs(t); n != 0 {
		t.Errorf("it was sent without what is on the screen: %d runs", n)
	}
	x.shows(t, `{"half`, "Not sent")
}

// Where there is no field, a person can add one of his own; nothing that was
// there is lost by it.
func TestAFirstFieldOfOnesOwn(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"{}":                     `{"own": ""}`,
		"":                       "{\n  \"own\": \"\"\n}",
		"\xef\xbb\xbf{\r\n}\r\n": "\xef\xbb\xbf{\r\n  \"own\": \"\"\r\n}\r\n",
		"\xef\xbb\xbf":           "\xef\xbb\xbf{\n  \"own\": \"\"\n}",
	} {
		x := unlisted(t, 140, 40, body)
		x.Key("a")
		x.shows(t, "a new field", "The name of the new field")
		x.Type("own")
		x.bodyIs(t, body)
		x.Key("enter")
		x.bodyIs(t, want)
		x.Key("enter")
		x.Type("v")
		x.Key("enter", "u", "u")
		x.bodyIs(t, body)
	}
	x := unlisted(t, 140, 40, "[]")
	x.Key("a")
	x.bodyIs(t, `[""]`)
	x.Key("u", "a", "esc")
	for body, says := range map[string]string{`"text"`: "one value", "no JSON": "not JSON", "{": "not JSON"} {
		x := unlisted(t, 140, 40, body)
		x.Key("a")
		x.shows(t, says)
		x.bodyIs(t, body)
	}
	small := unlisted(t, 60, 14, "{}")
	small.Key("a", "x")
	small.shows(t, "a new field", "x")
}

// A body that is no JSON is not lost to the first field that is added, and a
// byte order mark does not make it one.
func TestTheFormKeepsWhatItCannotRead(t *testing.T) {
	t.Parallel()
	x := form(t, 140, 40, "no JSON at all")
	x.to(t, "/paymentRequestId")
	x.Key("enter")
	x.bodyIs(t, "no JSON at all")
	x.shows(t, "not JSON")
	x = form(t, 140, 40, "\xef\xbb\xbf{\r\n \"paymentRequestId\": \"x\"\r\n}")
	x.to(t, "/paymentRequestId")
	x.Key("enter", "ctrl+u")
	x.Type("y")
	x.Key("enter")
	x.bodyIs(t, "\xef\xbb\xbf{\r\n \"paymentRequestId\": \"y\"\r\n}")
}

// Why a value cannot be taken is said whole where there is room for it.
func TestWhyAFieldCannotBeTakenIsSaidWhole(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("]", "down", "r", "backspace", "enter")
	x.shows(t, "this is not JSON", "(ctrl+t: text)")
}

// A filter that was pasted leaves the count, and how to be rid of it, in sight.
func TestPastedFilterOfFieldsLeavesTheCount(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("]", "/")
	x.Paste(strings.Repeat("no such field ", 1000))
	x.shows(t, "0 found")
	x.Key("enter")
	x.shows(t, "0 found · esc shows all")
	x.Key("esc", "ctrl+p")
	x.Paste(strings.Repeat("payments ", 1000))
	x.shows(t, "Nothing has these letters")
}
