package headers

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/redact"
	"countersign/apiclient/signing"
	"countersign/tui/ui"
)

// words explain a row: what is wrong and how to fix it, or what is right; then
// what the header is for.
func (p *Pane) words(r row) []string {
	var words []string
	if r.tampered {
		words = append(words, "Tampered on purpose.")
	}
	meaning := p.profile.ExplainHeader(r.side, r.name).Words()
	if r.severity == apiclient.Good || r.says == "" {
		words = append(words, meaning, r.says)
	} else {
		words = append(words, strings.ToUpper(r.says[:1])+r.says[1:], r.hint, meaning)
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// SetProfile sets the profile in use: it may call headers otherwise than the
// protocol, and sign more of them.
func (p *Pane) SetProfile(profile apiclient.Profile) { p.profile = profile }

// SetRedactor sets which values are masked.
func (p *Pane) SetRedactor(r redact.Redactor) { p.redactor = r }

// whole shows the header under the cursor with all of its value.
func (p *Pane) whole() tea.Cmd {
	r, _ := p.current()
	size := ui.Bytes(int64(len(r.value)))
	if r.missing {
		size = "not there"
	}
	title := fmt.Sprintf("%s of the %s · %s", ui.Safe(r.name), r.side, size)
	sign, _ := p.judged(r)
	intro := append([]string{sign + " " + state(r)}, p.words(r)...)
	return ui.Emit(Opened{Title: title, Intro: intro, Text: p.spread(r), Value: r.value})
}

// state is the judgement in a word.
func state(r row) string {
	switch {
	case r.omitted:
		return "left out on purpose"
	case r.missing:
		return "missing"
	case r.severity == apiclient.Good:
		return "right"
	case r.severity == apiclient.Problem:
		return "wrong"
	case r.severity == apiclient.Warn:
		return "suspicious"
	}
	return "odd, and harmless"
}

// spread puts the pairs of a Signature header on lines of their own; any other
// value stays as it is.
func (p *Pane) spread(r row) []byte {
	if !p.profile.HeaderNames.IsSignature(r.name) || r.missing {
		return []byte(p.redactor.Header(r.name, r.value))
	}
	h, err := signing.ParseHeader(r.value)
	if len(h.Pairs) == 0 {
		return []byte(r.value)
	}
	var b strings.Builder
	for _, pair := range h.Pairs {
		fmt.Fprintf(&b, "%s=%s\n", pair.Key, pair.Value)
	}
	if err == nil {
		if sig, encoding, err := signing.DecodeValue(h.Value); err == nil {
			fmt.Fprintf(&b, "\n%d bytes, as by RSA-%d, written as %s\n", len(sig), 8*len(sig), encoding)
		} else {
			fmt.Fprintf(&b, "\nthe value cannot be decoded: %v\n", err)
		}
	} else {
		fmt.Fprintf(&b, "\n%v\n", err)
	}
	b.WriteString("\nas on the wire:\n" + r.value)
	return []byte(b.String())
}
