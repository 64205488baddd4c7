package headers

import (
	"fmt"
	"testing"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// BenchmarkShow is the pane with an exchange from before heads had a limit:
// 40,000 headers, each with a finding.
func BenchmarkShow(b *testing.B) {
	e := apiclient.Exchange{Response: &apiclient.Message{Line: "HTTP/1.1 200 OK"}}
	for i := range 40_000 {
		name := fmt.Sprintf("X-%d", i)
		e.Response.Header = append(e.Response.Header, apiclient.Field{Name: name, Value: "v"})
		e.Findings = append(e.Findings, apiclient.Finding{Side: apiclient.ResponseSide, Field: name, Severity: apiclient.Good})
	}
	p := New(ui.NewTheme(ui.ThemeDark, 0))
	p.Resize(80, 24)
	b.ReportAllocs()
	for b.Loop() {
		p.Show(nil, &e, true)
		_ = p.View()
	}
}
