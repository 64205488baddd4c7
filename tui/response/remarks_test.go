package response

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// A result of any length costs a frame no more than a screenful of it.
func TestWhatIsSaidIsBounded(t *testing.T) {
	p := New(ui.NewTheme(ui.ThemeDark, termenv.Ascii))
	p.Resize(60, 20)
	long := strings.Repeat("世界 ", 1<<20)
	p.Show(&apiclient.Exchange{
		Err: long, Hint: long, Result: apiclient.Result{Status: "F", Code: long, Message: long},
		Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte("{}")},
		Findings: []apiclient.Finding{{Side: apiclient.ResponseSide, Field: "body", Severity: apiclient.Problem, Says: long}},
	})
	said := p.remarks()
	if len(said) < 4 {
		t.Fatalf("only %d remarks", len(said))
	}
	for _, r := range said {
		if len(r.Text) > maxSaid+200 {
			t.Errorf("%d bytes are said, beginning with %.20q", len(r.Text), r.Text)
		}
	}
	for _, row := range p.brief() {
		if w := ui.Width(row); w > 60 {
			t.Errorf("a row is %d cells wide", w)
		}
	}
}
