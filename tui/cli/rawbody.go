package cli

import (
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/rawbody"
	"countersign/tui/ui"
)

// adviseRawBody adds to the findings on a callback how to reach the bytes of its
// body, where our own server verified a parsed one.
func adviseRawBody(r *diagnose.Report, e diagnose.Evidence) {
	callback := e.Exchange.Origin == apiclient.FromListen ||
		slices.ContainsFunc(r.Findings, func(f diagnose.Finding) bool { return f.Cause == "callback" })
	if !callback {
		return
	}
	for i, f := range r.Findings {
		if rawbody.Parsed(f.Cause) {
			r.Findings[i].Fix = strings.TrimSpace(f.Fix + "\n" + rawbody.Advice(saidByHandler(e)))
			return
		}
	}
}

// saidByHandler is what may name the framework of our server: what it told, and the
// answer that it gave.
func saidByHandler(e diagnose.Evidence) []byte {
	text := slices.Clone(e.Told)
	if m := e.Exchange.Response; m != nil {
		text = append(append(append(text, '\n'), m.HeadBytes()...), m.Body...)
	}
	return text
}

// fix prints what to do, which may be several lines.
func (p *printer) fix(indent, text string) {
	for line := range strings.Lines(text) {
		p.line("%s%s", indent, ui.Safe(strings.TrimRight(line, "\n")))
	}
}

// rawBodyTopic is help on it.
func rawBodyTopic() string {
	var b strings.Builder
	b.WriteString("THE RAW BODY OF A CALLBACK\n\nA signature covers the bytes of the body. Verify them before " +
		"anything parses\n" +
		"them: a body that is parsed and written again has other spaces, order, escapes\nor numbers.\n\n")
	for _, r := range rawbody.Recipes {
		b.WriteString(r.Text() + "\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}
