package tui

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

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
	if got := string(x.app.draft().Body); got != body {
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
	if got := string(x.app.draft().Body); !strings.HasPrefix(got, "\ufeff{") || !strings.HasSuffix(got, "}\r\n") {
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
	if got := x.app.desk.shown.Request.Body; !bytes.Equal(got, []byte(body)) {
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
