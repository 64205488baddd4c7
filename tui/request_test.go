package tui

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/catalog"
	"countersign/tui/box"
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

// unlisted opens the form on a body of an endpoint that no schema describes.
func unlisted(t *testing.T, w, h int, body string) *world {
	t.Helper()
	x := explore(t, w, h)
	x.app.panes.request.Open(catalog.Endpoint{ID: "own", Method: "POST", Path: "/own", Example: []byte(body)})
	x.Run(x.app.desk.Changed())
	x.Key("2", "]")
	return x
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

// now takes a message and gives what is to be done beside Update.
func (x *world) now(msg tea.Msg) tea.Cmd {
	_, cmd := x.app.Update(msg)
	return cmd
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
