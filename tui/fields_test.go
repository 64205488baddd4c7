package tui

import (
	"fmt"
	"strings"
	"testing"
)

// form opens the Fields tab on a body.
func form(t testing.TB, w, h int, body string, options ...func(*world)) *world {
	t.Helper()
	x := explore(t, w, h, options...)
	if body != "" {
		x.setBody(body)
	}
	x.Key("2", "]")
	return x
}

func (x *world) setBody(body string) {
	x.Key("2", "e", "ctrl+home")
	x.app.panes.request.SetBody([]byte(body))
	x.Run(x.app.draftChanged())
	x.Key("esc")
}

// to moves the cursor to the field whose pointer the foot shows.
func (x *world) to(t testing.TB, pointer string) {
	t.Helper()
	x.Key("home")
	for range 200 {
		if x.app.panes.request.Field() == pointer {
			return
		}
		x.Key("down")
	}
	t.Fatalf("there is no field %s:\n%s", pointer, x.Screen())
}

func (x *world) bodyIs(t testing.TB, want string) {
	t.Helper()
	if got := x.body(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

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
	x.shows(t, "this is no JSON")
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
	if body := string(x.app.desk.shown.Request.Body); !strings.Contains(body, `"salesCode": "TYPED"`) {
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

func TestVariablesAreOffered(t *testing.T) {
	t.Setenv("CS_TEST_NAME", "shown here")
	t.Setenv("CS_TEST_TOKEN", "hide me")
	x := form(t, 240, 40, "")
	x.to(t, "/salesCode")
	x.Key("enter", "ctrl+u")
	x.Type("{{")
	x.shows(t, "uuid", "now_iso", "a new UUID")
	x.Type("env.CS_TEST")
	x.shows(t, "shown here", "set, secret")
	x.lacks(t, "hide me")
	x.Key("enter")
	x.shows(t, "{{env.CS_TEST_NAME}}")
	x.Key("enter")
	x.shows(t, "{{env.CS_TEST_NAME}}\"", "→ shown here")
	// The same in the text.
	x = explore(t, 140, 40)
	x.Key("e")
	x.Type("{{cl")
	x.shows(t, "profile.client_id")
	x.Key("enter")
	if !strings.HasPrefix(x.body(), "{{profile.client_id}}{") {
		t.Errorf("body %.40q", x.body())
	}
	x.Type("{{")
	x.shows(t, "esc closes")
	x.Key("esc")
	x.lacks(t, "esc closes")
	x.shows(t, "editing 1:24")
	x.Type("n")
	x.lacks(t, "esc closes")
}

func TestVariablesOfTheLastAnswer(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "e")
	x.Type("{{last")
	x.shows(t, "last.v2/payments/pay.")
	x.Key("enter")
	x.shows(t, "last.v2/payments/pay.paymentId", "A")
	x.Type("paymentI")
	x.Key("enter")
	if !strings.HasPrefix(x.body(), "{{last.v2/payments/pay.paymentId}}{") {
		t.Errorf("body %.60q", x.body())
	}
	body := string(x.app.desk.preview.Request.Body)
	if strings.HasPrefix(body, "{{") || len(body) < 30 {
		t.Errorf("signed %.60q", body)
	}
}

// Variables have values in the path and in the headers too, or it is said
// where one has none.
func TestVariablesEverywhere(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("t", "end")
	x.Type("?id={{uuid}}")
	x.Key("enter", "3", "a")
	x.Type("traceId: t-{{profile.name}}")
	x.Key("enter", "ctrl+r")
	line := x.app.desk.shown.Request.Line
	if !strings.Contains(line, "?id=019aaaaa-") {
		t.Errorf("sent %s", line)
	}
	if got := x.app.desk.shown.Request.Get("traceId"); got != "t-sandbox" {
		t.Errorf("traceId: %q", got)
	}
	x.shows(t, "request verified · response verified")
	x.Key("3", "a")
	x.Type("X-Odd: {{env.NOT_SET_AT_ALL}}")
	x.Key("enter")
	x.shows(t, "the header X-Odd", "env.NOT_SET_AT_ALL")
}

func BenchmarkFormOfAMegabyte(b *testing.B) {
	var body strings.Builder
	body.WriteString("{\n  \"goods\": [\n")
	for i := 0; body.Len() < 1<<20; i++ {
		fmt.Fprintf(&body, "    {\"name\": \"item %d\", \"price\": %d},\n", i, i)
	}
	body.WriteString("    {}\n  ]\n}")
	x := form(b, 160, 45, body.String())
	x.Checked = nil
	b.Run("edit", func(b *testing.B) {
		for b.Loop() {
			x.app.panes.request.SetBody([]byte(body.String()[:body.Len()-1] + " }"))
			x.app.View()
			x.app.panes.request.SetBody([]byte(body.String()))
			x.app.View()
		}
	})
	b.Run("frame", func(b *testing.B) {
		for b.Loop() {
			x.app.View()
		}
	})
	x.Key("[", "e")
	b.Run("key in the editor", func(b *testing.B) {
		for b.Loop() {
			x.app.panes.request.SetExpanded([]byte(body.String()), nil, nil)
		}
	})
}
