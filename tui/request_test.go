package tui

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/tui/box"
	"countersign/tui/headers"
	"countersign/tui/keymap"
)

// writing opens the body in the editor with a text in it.
func writing(t *testing.T, w, h int, body string) *world {
	t.Helper()
	x := explore(t, w, h)
	x.Key("2", "e", "ctrl+a")
	x.Paste(body)
	x.is(t, body)
	return x
}

func (x *world) is(t *testing.T, body string) {
	t.Helper()
	if got := string(x.app.desk.Draft().Body); got != body {
		t.Errorf("the body is %q, not %q", got, body)
	}
}

func TestSelectingCuttingPasting(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, "one two\r\nthree\x00")
	x.Key("ctrl+home", "shift+right", "shift+right", "shift+right")
	x.shows(t, "3 B selected")
	x.Key("ctrl+x")
	x.is(t, " two\r\nthree\x00")
	if x.copied != "one" {
		t.Errorf("copied %q", x.copied)
	}
	x.Key("ctrl+end", "ctrl+v")
	x.is(t, " two\r\nthree\x00one")
	x.Key("ctrl+home", "alt+c", "ctrl+v")
	if x.copied != " two\r\n" {
		t.Errorf("copied the line %q", x.copied)
	}
	x.is(t, " two\r\n two\r\nthree\x00one")
	x.Key("ctrl+z", "ctrl+z", "ctrl+z")
	x.is(t, "one two\r\nthree\x00")
	x.shows(t, "selected") // undo gives the selection back too
	x.Key("esc")
	x.lacks(t, "selected")
	x.shows(t, "editing")
	x.Key("ctrl+a")
	x.Type("!")
	x.is(t, "!")
}

func TestLinesAreMovedAndDeleted(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, "a\nb\nc")
	x.Key("ctrl+home", "alt+down", "alt+d")
	x.is(t, "b\na\na\nc")
	x.Key("alt+k", "alt+up")
	x.is(t, "b\nc\na")
}

func TestFindAndReplace(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, `{"value":"Value","b":"other value"}`)
	x.Key("ctrl+home", "ctrl+f")
	x.Type("value")
	x.shows(t, "1 of 3", "enter next")
	x.Key("enter", "enter", "enter")
	x.shows(t, "1 of 3")
	x.Key("up")
	x.shows(t, "3 of 3")
	x.Key("esc")
	x.shows(t, "5 B selected")
	x.Key("alt+r")
	x.shows(t, "alt+a all", "3 of 3")
	x.Key("down")
	x.Type("q")
	x.Key("enter")
	x.is(t, `{"value":"Value","b":"other q"}`)
	x.Key("alt+a")
	x.is(t, `{"q":"q","b":"other q"}`)
	x.shows(t, "2 places were replaced")
	x.Key("esc", "esc", "ctrl+z", "ctrl+z")
	x.is(t, `{"value":"Value","b":"other value"}`)
	x.Key("esc", "/")
	x.Type("nowhere")
	x.shows(t, "not in the body")
}

func TestGoToLineAndBracket(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, "{\n  \"a\": [\"}\", {{now}}, 1]\n}")
	x.Key("ctrl+g")
	x.Type("2")
	x.Key("enter")
	x.shows(t, "editing 2:1 ")
	x.Key("ctrl+home", "alt+m")
	x.shows(t, "editing 3:1 ")
	x.Key("alt+m")
	x.shows(t, "editing 1:1 ")
	x.Key("down", "alt+m")
	x.shows(t, "No matching bracket")
}

func TestFormattingIsExplicitAndOneStep(t *testing.T) {
	t.Parallel()
	text := "{\"n\":1.50e+1,\"n\":{{now}},\"s\":\"\\u00e9 {{uuid}}\"}\n"
	x := writing(t, 140, 40, text)
	x.Key("alt+p")
	x.is(t, "{\n  \"n\": 1.50e+1,\n  \"n\": {{now}},\n  \"s\": \"\\u00e9 {{uuid}}\"\n}\n")
	x.Key("alt+l")
	x.is(t, strings.TrimSpace(text))
	x.Key("ctrl+z")
	x.is(t, "{\n  \"n\": 1.50e+1,\n  \"n\": {{now}},\n  \"s\": \"\\u00e9 {{uuid}}\"\n}\n")
	x.Key("ctrl+z", "ctrl+home", "right")
	x.Type(",")
	x.Key("alt+p")
	x.shows(t, "Only JSON can be pretty-printed: line 1, column 2")
	x.Key("ctrl+a")
	x.Paste("\ufeff{\r\n\t\"a\":[1]}\r\n")
	x.Key("esc", "esc", "F")
	if got := string(x.app.desk.Draft().Body); !strings.HasPrefix(got, "\ufeff{") || !strings.HasSuffix(got, "}\r\n") {
		t.Errorf("the byte order mark or the end is lost: %q", got)
	}
}

// A fault after a variable of its line is marked where it stands in the text.
func TestFaultsAreMarkedAtTheirPlace(t *testing.T) {
	t.Parallel()
	body := "{\n \"paymentRequestId\": \"{{uuid}}\", \"productCode\": 5, \"salesCode\": \"{{env.NOPE_X}}\",\n \"x\": {{now}}\n}"
	x := writing(t, 140, 40, body)
	var texts []string
	for _, m := range x.app.panes.request.Marks() {
		texts = append(texts, body[m.Offset:m.Offset+m.Length])
	}
	got := strings.Join(texts, " ")
	if !strings.Contains(got, "{{env.NOPE_X}}") || !strings.Contains(got, " 5 ") && !strings.HasSuffix(got, " 5") {
		t.Errorf("marked are %q", texts)
	}
	x.shows(t, "of ")
	x.Key("ctrl+home", "alt+n", "alt+n")
	if x.app.panes.request.Typing() != true {
		t.Error("it is not edited any more")
	}
	x.Key("ctrl+a")
	x.Paste("{\"a\":\"{{uuid}}\" 1}")
	x.shows(t, "a comma is missing", "✗", "line 1")
	marks := x.app.panes.request.Marks()
	if len(marks) != 1 || marks[0].Offset != 16 {
		t.Errorf("the marks are %+v", marks)
	}
	x.Key("esc", "ctrl+r") // a wrong body stays sendable
	if x.runs(t) != 1 {
		t.Error("it was not sent")
	}
}

func TestVariableUnderTheCursor(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, `["{{profile.client_id}}", "{{env.NOPE_X}}"]`)
	x.Key("ctrl+home", "right", "right", "right")
	x.shows(t, "{{profile.client_id}} is 2188487325442931042")
	x.Key("end", "left", "left", "left")
	x.shows(t, "{{env.NOPE_X}} has no value")
}

func TestExpandedBeside(t *testing.T) {
	t.Parallel()
	x := writing(t, 160, 40, `{"a":"{{profile.client_id}}"}`)
	x.Key("esc", "esc", "z", "v")
	x.shows(t, "as written", "expanded, as signed", `"{{profile.client_id}}"`, `"2188487325442931042"`)
	x.Key("e", "end")
	x.Type("z")
	x.shows(t, `}z`, `"2188487325442931042"}z`)
	x.Key("esc", "esc", "z")
	x = writing(t, 70, 20, `{"a":"{{profile.client_id}}"}`)
	x.Key("esc", "esc", "v")
	x.lacks(t, `"{{profile.client_id}}"`)
	x.shows(t, `"2188487325442931042"`)
}

func TestMouseSelects(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, "alpha beta")
	r := x.app.layout.Panes[keymap.Request]
	at := func(col int, action tea.MouseAction) {
		x.Send(tea.MouseMsg{X: r.X + 1 + 3 + col, Y: r.Y + 2, Action: action, Button: tea.MouseButtonLeft})
	}
	at(0, tea.MouseActionPress)
	at(3, tea.MouseActionMotion)
	at(5, tea.MouseActionMotion)
	at(5, tea.MouseActionRelease)
	x.shows(t, "5 B selected")
	at(8, tea.MouseActionMotion) // the button is up
	x.shows(t, "5 B selected")
	at(7, tea.MouseActionPress)
	at(7, tea.MouseActionRelease)
	at(7, tea.MouseActionPress)
	x.shows(t, "4 B selected")
	x.Key("delete")
	x.is(t, "alpha ")
}

// What is in the editor goes over the wire byte for byte.
func TestBytesGoOutAsTheyAre(t *testing.T) {
	t.Parallel()
	body := "\ufeff{\r\n\t\"a\":\t\"\x00\u2028\" }\r\n\r"
	x := writing(t, 140, 40, body)
	x.app.panes.request.Type(tea.KeyMsg{Type: tea.KeyCtrlEnd})
	x.Key("esc", "ctrl+r")
	if got := x.app.desk.Shown().Request.Body; !bytes.Equal(got, []byte(body)) {
		t.Errorf("sent %q, not %q", got, body)
	}
}

// script makes an $EDITOR of a few lines of shell; the file is "$1".
func script(t *testing.T, text string) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ed")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	return []string{path}
}

// $EDITOR in all its moods: nothing is lost, and what stays behind is told.
func TestEditorProgram(t *testing.T) {
	for _, c := range []struct{ name, script, body, says string }{
		{"changes", `test "$(stat -c %a "$1")" = 600 && printf 'new\000\r\n' > "$1"`, "new\x00\r\n", "Body taken from the editor, 6 B"},
		{"unchanged", `true`, "old\x00\t", "left the body as it was"},
		{"adds a line end", `echo >> "$1"`, "old\x00\t\n", "ends in a line end"},
		{"fails", `exit 3`, "old\x00\t", "exit status 3 (the body stays as it was)"},
		{"fails with new text", `echo typed > "$1"; exit 1`, "old\x00\t", "what you typed is kept in"},
		{"deletes", `rm "$1"`, "old\x00\t", "the file is gone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			x := explore(t, 200, 40, func(x *world) { x.config.Editor = script(t, c.script) })
			x.Key("2", "e", "ctrl+a")
			x.Paste("old\x00\t")
			x.Key("ctrl+o")
			x.is(t, c.body)
			x.shows(t, c.says)
			left, _ := filepath.Glob(filepath.Join(temp, "*", "*"))
			if kept := strings.Contains(c.says, "kept"); kept != (len(left) == 1) {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// Where there is no room beside the body, the expanded one stands below it, and
// one goes on typing above it.
func TestExpandedBelow(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, `{"a":"{{profile.client_id}}"}`)
	x.Key("alt+v")
	x.shows(t, `"{{profile.client_id}}"`, "── expanded, as signed", `"2188487325442931042"}`, "editing 1:")
	x.Key("end")
	x.Type("z")
	x.shows(t, `}"}z`, `"2188487325442931042"}z`)
	rows := strings.Split(x.Screen(), "\n")
	above, below := -1, -1
	for y, row := range rows {
		if strings.Contains(row, `}"}z`) {
			above = y
		}
		if below < 0 && strings.Contains(row, `2"}z`) {
			below = y
		}
	}
	if above < 0 || below <= above {
		t.Fatalf("the expanded body is in row %d, the body in %d:\n%s", below, above, x.Screen())
	}
	// A click below is none on the text that is typed.
	x.Click(40, below)
	x.Type("y")
	x.shows(t, `}"}zy`)
	x.Click(34, above)
	x.Type("x")
	x.lacks(t, `}"}zyx`)
	x.Key("alt+v")
	x.lacks(t, "expanded, as signed")
}

// In a low pane it takes the place of the body, as before.
func TestExpandedInPlaceOfALowBody(t *testing.T) {
	t.Parallel()
	x := writing(t, 100, 30, `{"a":"{{profile.client_id}}"}`)
	x.Key("esc", "esc", "v")
	x.shows(t, "expanded, as signed", `"2188487325442931042"`)
	x.lacks(t, "{{profile.client_id}}")
}

// Both show the same place.
func TestExpandedBelowFollows(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("z", "v", "z") // wide, and narrow again
	x.shows(t, ` 2   "productCode": "CASHIER_PAYMENT"`)
	if n := strings.Count(x.Screen(), `"productCode": "CASHIER_PAYMENT",`); n != 2 {
		t.Errorf("the line is %d times on the screen:\n%s", n, x.Screen())
	}
	x.Key("e", "alt+v")
	x.Key("alt+v", "ctrl+end")
	if n := strings.Count(x.Screen(), `"extendInfo"`); n < 2 {
		t.Errorf("the end is %d times on the screen:\n%s", n, x.Screen())
	}
}

// What is shown expanded is what was signed and sent, each time: with the same
// identifiers, in the body, the path and the headers.
func TestExpandedIsWhatIsSent(t *testing.T) {
	t.Parallel()
	x := explore(t, 200, 50)
	x.app.panes.request.SetBody([]byte("{\n\"paymentRequestId\":\"{{uuid}}\",\n\"n\":\"{{uuid}}\"\n}"))
	if _, err := x.app.panes.request.SetTarget("/v2/payments/pay?id={{uuid}}"); err != nil {
		t.Fatal(err)
	}
	c := x.app.panes.headers.Changes()
	c.Set = append(c.Set, apiclient.Field{Name: "Trace", Value: "{{uuid}}"})
	x.app.panes.headers.SetChanges(c)
	x.Run(x.app.desk.Changed())
	x.Key("2", "v", "z")
	seen := map[string]bool{}
	for range 3 {
		before := x.app.desk.Signed()
		x.Key("ctrl+r")
		sent := x.newest(t).Request
		if x.app.desk.Live() {
			t.Fatal("what was sent is not shown")
		}
		if seen[string(sent.Body)] {
			t.Errorf("%s was sent twice", sent.Body)
		}
		if len(seen) == 0 && (!bytes.Equal(before.Request.Body, sent.Body) || before.Request.Line != sent.Line || before.Request.Get("Trace") != sent.Get("Trace")) {
			t.Errorf("shown was %s %s, sent %s %s", before.Request.Line, before.Request.Body, sent.Line, sent.Body)
		}
		seen[string(sent.Body)] = true
		for part := range strings.SplitSeq(string(sent.Body), "\n") {
			x.shows(t, part)
		}
		x.Key("y")
		if x.copied != string(sent.Body) {
			t.Errorf("copied is %s, sent was %s", x.copied, sent.Body)
		}
		x.Key("Y", "enter")
		if !strings.Contains(x.copied, string(sent.Body)) || !strings.Contains(x.copied, sent.Get("Trace")) {
			t.Errorf("the command %s is not what was sent: %s", x.copied, sent.Body)
		}
	}
}

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
	x.Run(x.app.desk.Changed())
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
	body := string(x.app.desk.Signed().Request.Body)
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
	line := x.app.desk.Shown().Request.Line
	if !strings.Contains(line, "?id=019aaaaa-") {
		t.Errorf("sent %s", line)
	}
	if got := x.app.desk.Shown().Request.Get("traceId"); got != "t-sandbox" {
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

// unlisted opens the form on a body of an endpoint that no schema describes.
func unlisted(t *testing.T, w, h int, body string) *world {
	t.Helper()
	x := explore(t, w, h)
	x.app.panes.request.Open(catalog.Endpoint{ID: "own", Method: "POST", Path: "/own", Example: []byte(body)})
	x.Run(x.app.desk.Changed())
	x.Key("2", "]")
	return x
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

// needles has three needles, far from each other.
func needles() []byte {
	var b bytes.Buffer
	for i := range 200_000 {
		if i%90_000 == 0 {
			fmt.Fprintf(&b, "a needle %d\n", i)
		}
		b.WriteString("nothing is here\n")
	}
	return b.Bytes()
}

// A large body is searched beside Update; all that a search does works
// meanwhile, and after it.
func TestFindInALargeBody(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.setBody(string(needles()))
	x.Key("e", "ctrl+home", "ctrl+f")
	x.Type("needle")
	x.shows(t, "1 of 3", "a needle 0")
	x.Key("enter")
	x.shows(t, "2 of 3", "a needle 90000")
	x.Key("down")
	x.shows(t, "3 of 3", "a needle 180000")
	x.Key("down")
	x.shows(t, "1 of 3")
	x.Key("up", "up")
	x.shows(t, "2 of 3")
	x.Key("alt+r", "down")
	x.Type("pin")
	x.Key("enter")
	x.shows(t, "2 of 2", "a needle 180000")
	if got := x.body(); strings.Count(got, "a pin 90000") != 1 || strings.Count(got, "needle") != 2 {
		t.Error("not the current match was replaced")
	}
	x.Key("alt+a")
	if got := x.body(); strings.Count(got, "a pin ") != 3 || strings.Contains(got, "needle") {
		t.Error("not all were replaced")
	}
	x.shows(t, "2 places were replaced")
	x.Key("esc", "ctrl+z", "ctrl+z")
	if x.body() != string(needles()) {
		t.Error("undo does not bring the body back")
	}
}

// Steps that are asked for before the matches are counted are made when they
// are; a count of a body that was edited since is dropped.
func TestFindBeforeItIsCounted(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.setBody(string(needles()))
	x.Key("e", "ctrl+home", "ctrl+f")
	late := x.now(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("needle")})
	x.shows(t, "counting…", "a needle 0")
	x.now(tea.KeyMsg{Type: tea.KeyDown})
	x.now(tea.KeyMsg{Type: tea.KeyDown})
	x.Run(late)
	x.shows(t, "3 of 3", "a needle 180000")

	x.Key("esc", "ctrl+home", "ctrl+f")
	late = x.now(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("needle")})
	x.Key("esc")
	x.app.panes.request.SetBody([]byte("one needle"))
	x.Run(late)
	x.Key("ctrl+f")
	x.Type("needle")
	x.shows(t, "1 of 1")
}

// now takes a message and gives what is to be done beside Update.
func (x *world) now(msg tea.Msg) tea.Cmd {
	_, cmd := x.app.Update(msg)
	return cmd
}

// {{last.…}} is the last answer that has the value: the expanded text shows it.
func TestTheExpandedTextLooksBackForAValue(t *testing.T) {
	t.Parallel()
	bodies := []string{
		`{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"ok"},"paymentId":"2026-THE-ID"}`,
		`{"result":{"resultCode":"PROCESS_FAIL","resultStatus":"F","resultMessage":"no"}}`,
	}
	x := explore(t, 140, 40, func(x *world) {
		n := 0
		x.handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(bodies[min(n, 1)]))
			n++
		})
	})
	x.Key("ctrl+r", "ctrl+r")
	x.shows(t, "F PROCESS_FAIL")
	endpoint, _ := x.app.panes.request.Endpoint()
	x.app.panes.request.SetBody([]byte(`{"paymentId":"{{last.` + endpoint.ID + `.paymentId}}"}`))
	x.Run(x.app.desk.Changed())
	x.Key("2", "v")
	x.shows(t, "expanded, as signed", `{"paymentId":"2026-THE-ID"}`)
}

// The find bar obeys the keys that a person set.
func TestFindBarObeysSetKeys(t *testing.T) {
	t.Parallel()
	keys, err := Keys().With(map[keymap.ID][]string{"request.find": {"/", "f7"}, "request.replace": {"f6"}})
	if err != nil {
		t.Fatal(err)
	}
	x := explore(t, 140, 40, func(x *world) { x.config.Keys = keys })
	x.setBody("one two one two one")
	x.Key("e", "ctrl+home", "f7")
	x.Type("one")
	x.Key("f7")
	x.shows(t, "2 of 3")
	x.Key("f6")
	x.shows(t, "replace ")
}

// ofLines is a body of JSON that is large enough to be rewritten beside Update.
func ofLines() string {
	return `{"items":[` + strings.Repeat(`{"id":"abc","n":1.0},`, 14_000) + `{}]}`
}

// rewrites are the keys that rewrite the body, the last of them given apart.
var rewrites = map[string]struct {
	before []string
	key    tea.KeyMsg
	waits  string
}{

	"format":  {nil, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'F'}}, "pretty-printing…"},
	"compact": {nil, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'C'}}, "compacting…"},
	"example": {nil, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'x'}}, "putting it back…"},
	"replace": {[]string{"R", "a", "b", "c", "down", "y"}, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'a'}, Alt: true}, "replacing all…"},
}

// A large body is rewritten beside Update: it can be stopped, nothing is sent
// that is about to be another, and what is typed meanwhile is not lost.
func TestALargeBodyIsRewrittenBesideUpdate(t *testing.T) {
	t.Parallel()
	body := " " + ofLines()
	for name, c := range rewrites {
		begin := func() (x *world, late tea.Cmd) {
			x = explore(t, 140, 40)
			x.app.panes.request.SetBody([]byte(body))
			x.Run(x.app.desk.Changed())
			x.Key("2")
			x.Key(c.before...)
			late = x.now(c.key)
			x.shows(t, c.waits, "esc stops it")
			x.is(t, body)
			return x, late
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x, late := begin()
			x.Run(late)
			changed := string(x.app.desk.Draft().Body)
			if changed == body {
				t.Errorf("nothing was changed\n%s", x.Screen())
			}
			x.lacks(t, c.waits)
			x.Key("esc", "esc", "ctrl+z")
			x.is(t, body)
			x.Key("ctrl+y")
			x.is(t, changed)
		})
		t.Run(name+" stopped", func(t *testing.T) {
			t.Parallel()
			x, late := begin()
			x.Key("esc")
			x.lacks(t, c.waits)
			x.shows(t, "Stopped: the body is as it was")
			x.Run(late)
			x.is(t, body)
		})
		t.Run(name+" not sent", func(t *testing.T) {
			t.Parallel()
			x, late := begin()
			x.Key("ctrl+r")
			x.shows(t, "Waiting for the body")
			if x.runs(t) != 0 {
				t.Error("the body of before was sent")
			}
			x.Run(late)
			x.Key("ctrl+r")
			if x.runs(t) != 1 || !bytes.Equal(x.newest(t).Request.Body, x.app.desk.Shown().Request.Body) {
				t.Error("it was not sent afterwards")
			}
		})
		t.Run(name+" typed meanwhile", func(t *testing.T) {
			t.Parallel()
			x, late := begin()
			x.app.panes.request.SetBody([]byte(body + "typed"))
			x.Run(late)
			x.is(t, body+"typed")
			x.shows(t, "edited meanwhile")
		})
		t.Run(name+" elsewhere meanwhile", func(t *testing.T) {
			t.Parallel()
			x, late := begin()
			x.Key("esc", "esc", "esc", "1", "down", "down", "enter")
			other := string(x.app.desk.Draft().Body)
			x.Run(late)
			x.is(t, other)
			x.Key("ctrl+r")
			if x.runs(t) != 1 {
				t.Errorf("another request could not be sent\n%s", x.Screen())
			}
		})
	}
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

// While a text is replaced tab goes between its two lines, as in any form;
// nothing that was typed is lost.
func TestTabGoesBetweenFindAndReplace(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("R")
	x.Type("USD")
	x.Key("tab")
	x.Type("EUR")
	x.Key("shift+tab", "tab", "alt+a")
	x.shows(t, "2 places were replaced", `"currency": "EUR"`)
	x.Key("esc", "tab")
	x.shows(t, "override") // the headers have the focus
}

// Tab chooses the variable that is offered, as it completes a word elsewhere.
func TestTabChoosesAVariable(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e", "ctrl+a", "backspace")
	x.Type(`"{{uui`)
	x.shows(t, "variables")
	x.Key("tab")
	x.shows(t, `"{{uuid}}`, "editing")
}

// The keys of a bar are named whole, or left out.
func TestKeysOfTheBarAreNotCut(t *testing.T) {
	t.Parallel()
	for _, w := range []int{140, 100, 80, 60, 40} {
		x := explore(t, w, 24)
		x.Key("/")
		x.Type("currency")
		for _, line := range strings.Split(x.Screen(), "\n") {
			if strings.Contains(line, "find currency") && strings.Contains(line, "…") {
				t.Errorf("%d columns: %s", w, line)
			}
		}
	}
}

// ctrl+a selects all wherever text is typed, so that a paste replaces it.
func TestSelectAllWhereverTextIsTyped(t *testing.T) {
	t.Parallel()
	const text = "pasted"
	for name, c := range map[string]struct {
		open []string
		text func(x *world) string
	}{
		"body":       {[]string{"e"}, func(x *world) string { return string(x.app.desk.Draft().Body) }},
		"path":       {[]string{"t"}, func(x *world) string { return x.app.box.(*box.Prompt).Input.Value() }},
		"header":     {[]string{"3", "e"}, func(x *world) string { return x.app.box.(*box.Prompt).Input.Value() }},
		"palette":    {[]string{"ctrl+p", "z"}, func(x *world) string { return x.app.box.(*box.Palette).Input.Value() }},
		"whole text": {[]string{"4", "enter", "/", "z"}, func(x *world) string { return x.app.box.(*box.Sheet).Search.Value() }},
		"told":       {[]string{"d", "p", "z"}, func(x *world) string { return string(x.app.box.(*box.Paste).Editor.Bytes()) }},
	} {
		t.Run(name, func(t *testing.T) {
			x := explore(t, 140, 40)
			x.Key("ctrl+r")
			x.Key(c.open...)
			x.Key("ctrl+a")
			x.Paste(text)
			if got := c.text(x); got != text {
				t.Errorf("the text is %q", got)
			}
		})
	}
	for name, keys := range map[string][]string{
		"filter of endpoints": {"1", "/"}, "search of the answer": {"5", "/"}, "jq": {"5", "|"}, "search of runs": {"6", "/"}, "find": {"2", "/"},
		"filter of fields": {"2", "]", "/"}, "value of a field": {"2", "]", "enter"},
	} {
		t.Run(name, func(t *testing.T) {
			x := explore(t, 140, 40)
			x.Key("ctrl+r")
			x.Key(keys...)
			x.Paste("earlier")
			x.Key("ctrl+a")
			x.Paste(text)
			x.shows(t, text)
			x.lacks(t, "earlier")
		})
	}
}

// What they signed is one thing: what is pasted next takes its place.
func TestToldIsReplaced(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "d")
	x.Paste("one")
	x.Key("enter")
	x.Paste("two")
	if got := string(x.app.box.(*box.Paste).Editor.Bytes()); got != "two" {
		t.Errorf("it is %q", got)
	}
}

// Replacing starts without what replaced the last time; what is found is that
// of the search, or the selection.
func TestReplaceStartsEmpty(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, "one two one")
	x.Key("ctrl+home", "alt+r")
	x.Type("one")
	x.Key("down")
	x.Type("three")
	x.Key("esc", "esc", "e", "alt+r")
	x.lacks(t, "three")
	x.Key("esc", "ctrl+home", "ctrl+shift+right", "alt+r", "down", "enter")
	x.is(t, " two one")
}

// From a search to replacing: the text to find stays, the other field is empty.
func TestReplaceFromFind(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, "one two one")
	x.Key("ctrl+home", "alt+r")
	x.Type("one")
	x.Key("down")
	x.Type("three")
	x.Key("ctrl+f", "alt+r")
	x.shows(t, "find    one")
	x.lacks(t, "three")
}

// Choosing an endpoint ends the filter: the list is whole again.
func TestEnterEndsTheFilterOfEndpoints(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("1", "/")
	x.Type("refund")
	x.lacks(t, "inquiryPayment ")
	x.Key("enter")
	x.shows(t, "inquiryPayment ", "/v1/payments/refund", "5/18")
	x.Key("1", "/")
	x.Type("nothing has this")
	x.Key("enter") // it chooses nothing, so there is nothing to end
	x.shows(t, "nothing has this")
}

// A backslash that is a character of a string does not take the meaning from
// the variable behind it, and what stands for braces is shown as that.
func TestTheVariableBehindABackslashIsShown(t *testing.T) {
	t.Parallel()
	now := strconv.FormatInt(noon.UnixMilli(), 10)
	for text, says := range map[string]string{
		`{"a":"C:\\{{now}}"}`:      "{{now}} is NOW",
		`{"a":"C:\\\\{{now}}"}`:    "{{now}} is NOW",
		`{"a":"C:\\\{{now}}"}`:     "",
		`{"a":"C:{{'\{{'}} b"}`:    `is \{{`,
		`{"a":"{{now}} \{{now}}"}`: "",
	} {
		says = strings.Replace(says, "NOW", now, 1)
		x := explore(t, 140, 40)
		x.app.panes.request.SetBody([]byte(text))
		x.Run(x.app.desk.Changed())
		x.Key("2", "e", "ctrl+end", "left", "left", "left", "left", "left")
		if says == "" {
			x.lacks(t, "is "+now)
			continue
		}
		x.shows(t, says)
	}
}

// Braces behind a backslash that is escaped itself offer variables.
func TestVariablesAreOfferedBehindABackslash(t *testing.T) {
	t.Parallel()
	for text, offers := range map[string]bool{`C:\\{{no`: true, `C:\{{no`: false, `{{no`: true, `\\\{{no`: false} {
		x := explore(t, 140, 40)
		x.app.panes.request.SetBody([]byte(`{"a":""}`))
		x.Key("2", "e", "ctrl+end", "left", "left")
		x.Type(text)
		if got := strings.Contains(x.Screen(), "variables ·"); got != offers {
			t.Errorf("behind %s variables are offered: %v", text, got)
		}
	}
}

// parametersDoc has an interface with parameters, one that takes a form, and one
// without a body.
const parametersDoc = `openapi: 3.0.3
paths:
  /v2/links/{linkId}/close/{reason}:
    post:
      tags: [Payments]
      parameters:
        - {name: linkId, in: path, required: true, description: The link to close}
        - {name: reason, in: path, required: true, schema: {type: string, enum: [sold, expired]}}
        - {name: notify, in: query, schema: {type: boolean}}
      requestBody: {content: {application/json: {schema: {type: object, properties: {by: {type: string}}}}}}
      responses: {}
  /v2/tokens/issue:
    post:
      tags: [Payments]
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {grant: {type: string}}}}}}
      responses: {}
  /v2/links/list:
    get: {tags: [Payments], responses: {}}
  /v2/links/open:
    post:
      tags: [Payments]
      parameters:
        - {name: X-Region, in: header, required: true, schema: {type: string, enum: [ID, TH]}}
        - {name: Client-Id, in: header, required: true, schema: {type: string}}
        - {name: Request-Time, in: header, required: true, schema: {type: string}}
        - {name: X-Trace, in: header, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}
      responses: {}
`

func withParameters(x *world) {
	all := catalog.Builtin()
	if err := all.Load(context.Background(), "own.yaml", []byte(parametersDoc), nil); err != nil {
		panic(err)
	}
	x.config.Catalog = all
}

// A newcomer is told to fill in what is missing before being told to send.
func TestTheGuideNamesMissingParameters(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withParameters, func(x *world) { x.config.Hints = true })
	x.Key("1", "/")
	x.Type("close")
	x.Key("enter", "2")
	x.shows(t, "➜ p in the request fills in linkId, reason; then ctrl+r signs and sends it to the built-in Super App")
}

// Why a draft cannot be signed is shown as far as there is room, and where it goes on.
func TestWhyADraftCannotBeSignedIsNotCutSilently(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		w, h int
		says []string
	}{
		{100, 30, []string{"✗ cannot be signed: the parameters linkId, reason of the ", "path have no value …"}},
		{80, 24, []string{"✗ cannot be signed: the parameters", " …"}},
	} {
		x := explore(t, c.w, c.h, withParameters)
		x.Key("1", "/")
		x.Type("close")
		x.Key("enter", "2")
		pane := x.Screen()[strings.Index(x.Screen(), "4 Signature"):]
		for _, want := range c.says {
			if !strings.Contains(pane, want) {
				t.Errorf("%dx%d lacks %q:\n%s", c.w, c.h, want, pane)
			}
		}
	}
}

// Parameters of the path are asked for above the body, and without them nothing is
// sent; what is typed is encoded, with its variables expanded, and signed as it is sent.
func TestParameters(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withParameters)
	x.Key("1", "/")
	x.Type("close")
	x.Key("enter", "2")
	x.shows(t, "linkId* = needs a value · p (The link to close)", "reason* = needs a value · p (one of sold, expired)",
		"notify  = none (query: boolean)", "the parameters linkId, reason of the path have no value")
	x.lacks(t, "Ready: ctrl+r")
	x.Key("ctrl+r")
	x.shows(t, "Not sent: no value yet for linkId, reason of the path: press p in the request", "0 runs")
	x.Key("p")
	x.Type("a/b {{now}}")
	x.Key("enter")
	x.Type("sold")
	x.Key("down")
	x.Type("true")
	x.Key("esc")
	x.lacks(t, "needs a value", "has no value")
	d, err := x.app.services.Expand(t.Context(), x.app.desk.Draft())
	if err != nil {
		t.Fatal(err)
	}
	e, err := x.app.services.Client.Preview(d)
	if err != nil {
		t.Fatal(err)
	}
	const want = "POST /miniprogram/api/v2/links/a%2Fb%201795435391199/close/sold?notify=true HTTP/1.1"
	if e.Request.Line != want || !strings.Contains(string(e.Sent.Canonical), "/links/a%2Fb%201795435391199/close/sold?notify=true\n") {
		t.Errorf("%s, signed %s", e.Request.Line, e.Sent.Canonical)
	}
	x.Key("ctrl+r")
	x.shows(t, "1 run")

	// They stay with the draft, and x takes them back.
	k, edited := x.app.panes.request.Keep("v2/links/{linkId}/close/{reason}")
	if !edited || fmt.Sprint(k.Draft.Params) != "[{linkId a/b {{now}}} {notify true} {reason sold}]" {
		t.Errorf("%v %v", edited, k.Draft.Params)
	}
	other := explore(t, 140, 40, withParameters)
	endpoint, known := other.app.config.Catalog.ByID(k.Key)
	if !other.app.panes.request.Restore(k, endpoint, known) || !other.app.panes.request.Reopen(k.Key) {
		t.Fatal("not restored")
	}
	other.Key("2")
	other.shows(t, "linkId* = a/b {{now}}", "reason* = sold", "notify  = true")
	other.Key("x")
	other.shows(t, "linkId* = needs a value")
	for _, size := range [][2]int{{60, 20}, {80, 24}, {40, 12}} {
		other.Resize(size[0], size[1])
		other.Key("p", "a", "down", "b", "esc", "]", "]", "[")
	}
}

// Headers that an interface requires are asked for like the path's parameters, but
// for those that go with every request; one that was set by hand counts.
func TestHeaderParameters(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withParameters)
	x.Key("1", "/")
	x.Type("open")
	x.Key("enter", "2")
	x.shows(t, "X-Region* = needs a value · p (header: one of ID, TH)", "X-Trace   = none (header: string)")
	x.lacks(t, "Client-Id* =", "Request-Time* =")
	x.Key("p")
	x.Type("TH")
	x.Key("enter")
	x.lacks(t, "needs a value")
	x.shows(t, "X-Region* = TH")
	d := x.app.desk.Draft()
	if fmt.Sprint(d.Header, d.Params) != "[{X-Region TH}] []" {
		t.Errorf("header %v, params %v", d.Header, d.Params)
	}
	x.Key("3")
	x.shows(t, "X-Region", "TH")

	// One that is set among the headers wins, and is said.
	x.app.panes.headers.SetChanges(headers.Changes{Set: []apiclient.Field{{Name: "x-region", Value: "ID"}}})
	x.Run(x.app.desk.Changed())
	if d := x.app.desk.Draft(); fmt.Sprint(d.Header) != "[{x-region ID}]" {
		t.Errorf("header %v", d.Header)
	}
	x.Key("2", "x")
	x.shows(t, "X-Region* = set in the headers")
	if k, edited := x.app.panes.request.Keep("v2/links/open"); edited || len(k.Draft.Params) > 0 {
		t.Errorf("%v %v", edited, k.Draft.Params)
	}
}

func TestFormsAndNoBody(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withParameters)
	x.Key("1", "/")
	x.Type("issue")
	x.Key("enter", "2")
	x.shows(t, "1 grant=grant", "application/x-www-form-urlencoded")
	x.lacks(t, "not JSON")
	x.Key("]")
	x.shows(t, "The body is application/x-www-form-urlencoded, not")
	x.Key("[")
	x.Key("1", "/")
	x.Type("links/list")
	x.Key("enter")
	x.shows(t, "GET /miniprogram/api/v2/links/list")
	x.lacks(t, "Content-Type")
}
