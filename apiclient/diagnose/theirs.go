package diagnose

import (
	"bytes"
	"context"
	"fmt"

	"countersign/apiclient/diagnose/habits"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/signing"
)

// explainTold looks for the change that turns our string into theirs, or for
// those that give a string as long as theirs.
func (r *Report) explainTold(ctx context.Context, e *Evidence, t telling, o Options) {
	c := r.Comparison
	switch {
	case c == nil:
		return
	case t.length > 0:
		r.theirs = e.ofLength(ctx, r, t.length)
		return
	case len(t.targets) == 0:
		return
	}
	f, ok := r.searchAll(ctx, e, t.targets, o, &c.Ended)
	switch {
	case t.lossy && !ok:
		return
	case ok:
		if c.Told == nil || !bytes.Equal(c.Told, f.content) {
			c.Told, c.Says = f.content, e.foundAs(c, f.content, r.Expected)
		}
	case t.nearest != nil:
		f = e.byParts(t.nearest)
	default:
		c.Says += " No change of ours that is known gives it" +
			map[End]string{OutOfTime: " so far; more time may find one", Canceled: " so far"}[c.Ended] + "."
		return
	}
	for _, finding := range e.findings(f) {
		finding.Proven = !t.lossy
		r.theirs = append(r.theirs, e.asTheirs(finding))
	}
}

// foundAs is the comparison once their string is found: it is not the one that
// looked likeliest, or only its digest was told.
func (e *Evidence) foundAs(c *Comparison, theirs, ours []byte) string {
	if c.Told == nil {
		return c.Says + " " + e.differs(theirs, ours)
	}
	return e.differs(theirs, ours)
}

// asTheirs words a finding for a string that somebody builds to verify.
func (e *Evidence) asTheirs(f Finding) Finding {
	f.Theirs = true
	f.Says = e.whose("string") + " is built as if " + lowerFirst(f.Says)
	f.Fix = "Ask the other side which of the two is right; theirs is built so by its own code or by what " +
		"stands in front of it."
	if f.Setting != "" {
		f.Fix = "If their rule is right, put the setting into the profile: our string is as theirs then."
	}
	return f
}

// byParts says which parts of their string differ from ours, where the rule's
// template takes it apart; else that it differs at all.
func (e *Evidence) byParts(theirs []byte) found {
	ours := e.Canonical()
	f := found{content: theirs}
	if c, ok := e.apart(theirs); ok {
		f.rule = c
		for _, part := range partOrder {
			s, x := valueOf(c, part), valueOf(e.values(), part)
			if !bytes.Equal(s, x) {
				f.changes = append(f.changes, partOther(part, s, x))
			}
		}
	}
	if len(f.changes) == 0 {
		signed, expected := differing(theirs, ours)
		h := habit{"content_differs",
			fmt.Sprintf("The signed string differs from the rule's from byte %d on.", differAt(theirs, ours)), ""}
		f.changes = []explained{{Change: variant.Change(h), part: search.None, signed: signed, expected: expected}}
	}
	return f
}

// partOther says that a part differs, where no habit does.
func partOther(part search.Part, theirs, ours []byte) explained {
	h := map[search.Part]habit{
		search.Method: {"method_other", "Another method was signed.", ""},
		search.Target: {"path_characters_differ", "Another path or query was signed.", ""},
		search.Client: {"client_id_other", "Another client id was signed.", ""},
		search.Time:   {"time_differs_from_header", "Another time was signed.", ""},
		search.Body:   {"body_differs", "Another body was signed.", ""},
	}[part]
	change := variant.Change(h)
	if c, ok := habits.TimeDiffers(string(theirs), string(ours)); ok && part == search.Time {
		change = c
	}
	s, x := differing(theirs, ours)
	return explained{Change: change, part: part, signed: s, expected: x}
}

// apart explains each part of a string that is known, where the rule's template
// made it. It does so alone where each change is a habit: any number of them.
func (h *hunt) apart() (found, bool) {
	var best found
	for _, theirs := range h.target.known {
		c, ok := h.e.apart(theirs)
		if !ok {
			continue
		}
		f, all := h.habitsOf(c, theirs)
		if all {
			return f, true
		}
		if best.content == nil {
			best = f
		}
	}
	h.partly = best
	return found{}, false
}

// habitsOf looks up what each part became; all is false where one of them is no
// habit that is known.
func (h *hunt) habitsOf(c signing.Content, theirs []byte) (f found, all bool) {
	f, all = found{content: theirs, rule: c}, true
	for _, part := range partOrder {
		value, ours := valueOf(c, part), h.parts[part][0].Bytes
		if bytes.Equal(value, ours) {
			continue
		}
		i := indexOf(h.parts[part], func(v variant.Variant) bool { return bytes.Equal(v.Bytes, value) })
		if i < 0 {
			f.changes = append(f.changes, partOther(part, value, ours))
			all = false
			continue
		}
		s, x := differing(value, ours)
		for _, change := range h.parts[part][i].Changes {
			f.changes = append(f.changes,
				explained{Change: change, part: part, signed: s, expected: x, also: h.parts[part][i].Also})
		}
	}
	return f, all && len(f.changes) > 0
}

// apart takes a string apart by the rule's template.
func (e *Evidence) apart(theirs []byte) (signing.Content, bool) {
	if !e.hasExchange() {
		return signing.Content{}, false
	}
	return takeApart(e.template(), theirs, e.values())
}
