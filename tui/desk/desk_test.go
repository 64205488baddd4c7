package desk

import (
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/redact"
	"countersign/tui/box"
	"countersign/tui/files"
	"countersign/tui/headers"
	_ "countersign/tui/quiet" // before Bubble Tea's init asks the terminal
	"countersign/tui/request"
	"countersign/tui/response"
	"countersign/tui/signature"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// laid returns a desk with the draft of payments/pay and no services.
func laid(t *testing.T) *Desk {
	t.Helper()
	theme, line := ui.NewTheme(ui.ThemeDark, termenv.Ascii), &status.Line{}
	now := func() time.Time { return time.Date(2026, 11, 23, 12, 3, 11, 0, time.UTC) }
	open := func(box.Box) { t.Error("something is asked") }
	d := New(Options{Request: request.New(theme), Headers: headers.New(theme), Signature: signature.New(theme), Response: response.New(theme),
		Files: files.New(files.Options{Theme: theme, Status: line, Open: open, Now: now}), Theme: theme, Status: line, Open: open, Now: now,
		After: func(time.Duration, func(time.Time) tea.Msg) tea.Cmd { return nil }})
	all := catalog.Builtin()
	d.Use(all, redact.Redactor{})
	e, err := all.Lookup("payments/pay")
	if err != nil {
		t.Fatal(err)
	}
	d.OpenEndpoint(e)
	return d
}

// What comes late is not shown as if it were of the draft on the screen.
func TestALateAnswerIsNotShown(t *testing.T) {
	t.Parallel()
	d := laid(t)
	d.Update(signed{revision: d.revision - 1, exchange: apiclient.Exchange{ID: "of an older draft"}})
	if e := d.Signed(); e != nil {
		t.Errorf("%s is on the screen", e.ID)
	}
	cmd := d.Update(sent{seq: -1, key: "another draft", exchange: apiclient.Exchange{ID: "late"}})
	if e := d.Shown(); e != nil {
		t.Errorf("%s is beside another draft", e.ID)
	}
	if ended, ok := cmd().(Ended); !ok || ended.Shown || ended.Exchange.ID != "late" {
		t.Errorf("it is told as %+v", ended)
	}
	d.Update(signed{revision: d.revision, exchange: apiclient.Exchange{ID: "current"}})
	if e := d.Signed(); e == nil || e.ID != "current" || !d.Live() {
		t.Errorf("the draft as it stands is signed as %+v", e)
	}
}

// What was asked for is overtaken by what is asked for or opened after it.
func TestOvertaken(t *testing.T) {
	t.Parallel()
	d := laid(t)
	first := d.Ask()
	if d.Overtaken(first) {
		t.Error("overtaken by nothing")
	}
	second := d.Ask()
	if !d.Overtaken(first) || d.Overtaken(second) {
		t.Error("a second asking does not overtake the first")
	}
	d.OpenEndpoint(catalog.Builtin().Endpoints()[0])
	if !d.Overtaken(second) {
		t.Error("what is opened does not overtake")
	}
}
