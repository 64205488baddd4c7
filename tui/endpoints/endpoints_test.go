package endpoints

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"countersign/apiclient/catalog"
	"countersign/apiclient/workspace"
	"countersign/tui/tuitest"
	"countersign/tui/ui"
)

// pane lists files below a folder, and the catalogue.
func pane(t *testing.T, w, h int, files map[string]string) *Pane {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, place := catalog.Builtin(), workspace.Place{Dir: dir}
	s, _ := workspace.New(place).Look(t.Context(), all)
	p := New(ui.NewTheme(ui.ThemeDark, termenv.Ascii))
	p.SetEndpoints(all.Endpoints())
	p.SetRequests(place, s)
	p.Resize(w, h)
	p.Focus(true)
	return p
}

// do presses a key of the pane's own actions.
func do(t *testing.T, p *Pane, id string) tea.Msg {
	t.Helper()
	for _, a := range p.Actions() {
		if string(a.ID) == id {
			if why := a.Refuses(); why != "" {
				t.Fatalf("%s: %s", id, why)
			}
			if cmd := a.Do(); cmd != nil {
				return cmd()
			}
			return nil
		}
	}
	t.Fatalf("there is no action %s", id)
	return nil
}

const two = "### pay\nPOST /v2/payments/pay\n\n{}\n\n### query\nGET /x\n"

func TestFoldAndUnfold(t *testing.T) {
	t.Parallel()
	p := pane(t, 30, 12, map[string]string{"a.http": two, "deep/er/b.http": two, "bad.http": "nonsense\n"})
	tuitest.Shows(t, p.View(), "▾ a.http", "pay", "query", "✗ 1:1", "▾ deep/er/", "▾ b.http")
	tuitest.Exact(t, p.View(), 30, 12)
	p.GoToFile("deep/er/b.http")
	do(t, p, "endpoints.fold")
	tuitest.Shows(t, p.View(), "▸ b.http")
	do(t, p, "endpoints.fold")
	tuitest.Shows(t, p.View(), "▸ deep/er/")
	if msg := do(t, p, "endpoints.run"); msg != (RunAsked{"deep/er/"}) {
		t.Errorf("%#v", msg)
	}
	p.MarkRequest("deep/er/b.http", "query") // what is opened is shown
	tuitest.Shows(t, p.View(), "▌   query")
	if msg := do(t, p, "endpoints.delete"); msg != (DeleteAsked{"deep/er/b.http", "query"}) {
		t.Errorf("%#v", msg)
	}
}

// The cursor stays where it is when files are read again.
func TestTheCursorStays(t *testing.T) {
	t.Parallel()
	files := map[string]string{"b.http": two}
	p := pane(t, 30, 12, files)
	p.GoTo("b.http", "query")
	files["a.http"] = two
	more := pane(t, 30, 12, files)
	p.SetRequests(p.place, more.files)
	if msg := do(t, p, "endpoints.choose"); msg != (RequestChosen{"b.http", "query", false}) {
		t.Errorf("%#v", msg)
	}
}

// Many files are folded, so that the catalogue is in reach; two requests without a
// name are told apart.
func TestManyFilesAreFolded(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for i := range 50 {
		files[fmt.Sprintf("g/%02d.http", i)] = "GET /a\n\n###\nGET /a\n"
	}
	p := pane(t, 30, 12, files)
	tuitest.Shows(t, p.View(), "▸ g/", "Payments")
	p.MarkRequest("g/07.http", "#2")
	if msg := do(t, p, "endpoints.choose"); msg != (RequestChosen{"g/07.http", "#2", false}) {
		t.Errorf("%#v", msg)
	}
}

// What is on the screen fits, whatever names there are.
func TestNamesOfAnyWidthFit(t *testing.T) {
	t.Parallel()
	files := map[string]string{"漢字漢字漢字漢字漢字漢字漢字.http": "### \x1b[31m漢字\u202e\nGET /x\n\n### " + "long "[:4] + "\nTRACE /y\n"}
	for w := 1; w < 40; w++ {
		tuitest.Exact(t, pane(t, w, 9, files).View(), w, 9)
	}
}
