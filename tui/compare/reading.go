package compare

import (
	"context"
	"fmt"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/compare"
	"countersign/apiclient/redact"
	"countersign/tui/ui"
)

// Side is one of the two that are compared.
type Side struct {
	Exchange *apiclient.Exchange
	Name     string // "run 12:03:11", or "draft, not sent"
}

// NameOf names a run: its name if a person gave it one, when it was and how it
// ended.
func NameOf(e *apiclient.Exchange, given string) string {
	parts := []string{"run " + e.StartedAt.Local().Format("02 Jan 15:04:05")}
	if given != "" {
		parts[0] = fmt.Sprintf("“%s” %s", given, e.StartedAt.Local().Format("02 Jan 15:04:05"))
	}
	switch result := strings.TrimSpace(e.Result.Status + " " + e.Result.Code); {
	case result != "":
		parts = append(parts, result)
	case e.Response != nil:
		parts = append(parts, fmt.Sprintf("HTTP %d", e.Response.Status()))
	default:
		parts = append(parts, string(e.Outcome))
	}
	if len(e.Tampered) > 0 {
		parts = append(parts, "tampered: "+apiclient.TamperTitles(e.Tampered))
	}
	return strings.Join(parts, " · ")
}

// Reading is a comparison, ready to be drawn. A command makes it: that takes
// time with large bodies.
type Reading struct {
	A, B     Side
	Why      string // why these two, as Theme.Words reads it; "" where the person chose both
	parts    []compare.Part
	sections map[compare.Group][]section
}

// Masking says what is masked in a comparison: the headers that are secret, or all
// that is.
type Masking struct {
	Redactor redact.Redactor
	Whole    bool
}

// of returns two exchanges as they are shown: equal values have equal masks in both.
func (m Masking) of(a, b *apiclient.Exchange) (x, y *apiclient.Exchange) {
	if !m.Whole {
		return a, b
	}
	masks := m.Redactor.Masker()
	masks.Learn(a)
	masks.Learn(b)
	first, second := masks.Exchange(*a), masks.Exchange(*b)
	return &first, &second
}

// Read compares two exchanges. The error is that of ctx.
func Read(ctx context.Context, a, b Side, why string, masking Masking) (*Reading, error) {
	x, y := masking.of(a.Exchange, b.Exchange)
	parts, err := compare.Exchanges(ctx, x, y, masking.Redactor)
	if err != nil {
		return nil, err
	}
	r := &Reading{A: a, B: b, Why: why, parts: parts, sections: map[compare.Group][]section{}}
	for _, p := range parts {
		r.sections[p.Group] = append(r.sections[p.Group],
			sectionOf(p, newText(p.A, p.CutA), newText(p.B, p.CutB)))
	}
	return r, nil
}

// swapped is the reading with the sides exchanged.
func (r *Reading) swapped() *Reading {
	s := &Reading{A: r.B, B: r.A, Why: r.Why, parts: compare.Swapped(r.parts),
		sections: map[compare.Group][]section{}}
	for _, p := range s.parts {
		was := r.sections[p.Group][len(s.sections[p.Group])]
		s.sections[p.Group] = append(s.sections[p.Group], sectionOf(p, was.B, was.A))
	}
	return s
}

// differences counts those of a group that are not as always.
func (r *Reading) differences(g compare.Group) int {
	n := 0
	for _, p := range r.parts {
		if p.Group == g {
			differ, _ := p.Count()
			n += differ
		}
	}
	return n
}

// sectionOf is a part as the view has it; the bytes and pieces are shared.
func sectionOf(p compare.Part, a, b text) section {
	return section{
		Title: p.Name, Says: p.Summary() + " · " + sizes(p), Note: p.Note, A: a, B: b, Chunks: p.Chunks,
	}
}

func sizes(p compare.Part) string {
	a, b := ui.Bytes(int64(len(p.A))), ui.Bytes(int64(len(p.B)))
	if len(p.A) == len(p.B) {
		return a
	}
	return a + " | " + b
}

// Unified is the comparison as text.
func (r *Reading) Unified() string {
	return string(compare.Unified(r.parts, r.A.Name, r.B.Name))
}
