package response

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/english"
	"countersign/apiclient/expect"
	"countersign/apiclient/hint"
	"countersign/apiclient/jsontext"
	"countersign/apiclient/redact"
	"countersign/tui/ui"
	"countersign/tui/ui/viewer"
)

// ExpectAsked asks for an expectation to be added to the request of the answer.
type ExpectAsked struct{ Expression string }

// SetExpectations sets which expectations of the request hold for this answer.
func (p *Pane) SetExpectations(results []expect.Result) {
	p.expected = results
	p.fit()
}

// expectedLines say how the expectations stand, and why the first that failed did.
func (p *Pane) expectedLines() []string {
	n := len(p.expected)
	if n == 0 {
		return nil
	}
	failed := slices.DeleteFunc(slices.Clone(p.expected), func(r expect.Result) bool { return r.Holds })
	if len(failed) == 0 {
		return []string{p.theme.Good.Render(ui.Truncate(fmt.Sprintf("✓ %d of %s", n, english.Count(n, "expectation")), p.w))}
	}
	text := fmt.Sprintf("✗ %d of %s failed: %s", len(failed), english.Count(n, "expectation"), safe(failed[0].String()))
	rows := mostFailed
	if p.h < 10 {
		rows = 1
	}
	return p.clipped(p.theme.Bad.On(text), rows, p.theme.Words("  {response.explain} all"), len(failed) > 1)
}

// mostFailed is how many rows say why an expectation failed; a key shows the rest.
const mostFailed = 3

// expectations says of each how it stands.
func (p *Pane) expectations() []remark {
	var said []remark
	for _, r := range p.expected {
		sign, style := "✓ ", p.theme.Good
		if !r.Holds {
			sign, style = "✗ ", p.theme.Bad
		}
		said = append(said, style.On(sign+safe(r.String())))
	}
	return said
}

// longestExpected bounds a value that is expected word for word, in bytes.
const longestExpected = 1000

// expect asks for the value under the cursor to be expected.
func (p *Pane) expect() tea.Cmd {
	value, path, why := p.valueHere()
	if why != "" {
		return ui.Tell(why)
	}
	if p.filtering() {
		return ui.Tell(p.theme.Words("The result of a filter is not part of the answer: {cancel} leaves it first"))
	}
	text, why := expression(value, path, p.shown().Mode(), p.redactor)
	if why != "" {
		return ui.Tell(why)
	}
	if _, err := expect.Compile(text); err != nil {
		return ui.Complain(hint.Sentence(err))
	}
	return ui.Emit(ExpectAsked{text})
}

// expression is one that holds where the answer has this value at this place: of a
// list how long it is, of an object or a secret that it is there.
func expression(value []byte, path string, mode viewer.Mode, r redact.Redactor) (text, why string) {
	at := ".body"
	switch {
	case path == "" || path == ".":
	case strings.HasPrefix(path, "["):
		at += path
	default:
		at += "." + path
	}
	kind := jsontext.Glance(value, 0).Kind
	steps := strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune(`.[]"`, r) })
	switch {
	case len(steps) > 0 && r.Secret(steps[len(steps)-1]): // it does not go into a file
		return at + " != null", ""
	case mode == viewer.JSON && kind == jsontext.Object, mode == viewer.XML && bytes.Count(value, []byte("<")) > 2:
		return at + " | type == \"object\"", ""
	case mode == viewer.JSON && kind == jsontext.Array:
		var items []json.RawMessage
		if json.Unmarshal(value, &items) != nil {
			return "", "The list is not whole"
		}
		return fmt.Sprintf("%s | length == %d", at, len(items)), ""
	case len(value) > longestExpected:
		return "", "The value is too long to be expected word for word"
	case mode == viewer.JSON:
		if !json.Valid(value) {
			return "", "The value is not JSON"
		}
		return at + " == " + string(bytes.TrimSpace(value)), ""
	}
	return at + " == " + string(jsontext.Quote(mode.Says(value))), ""
}
