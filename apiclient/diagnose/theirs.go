package diagnose

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/english"
	"countersign/apiclient/lazyregexp"
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

// foundAs returns the comparison once their string is found: it is not the one that
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
	f.Fix = "Ask the other side which of the two is right; theirs is built so by its own code or by what stands in front of it."
	if f.Setting != "" {
		f.Fix = "If their rule is right, put the setting into the profile: our string is as theirs then."
	}
	return f
}

var lengthText = lazyregexp.New(`(?i)^[a-z _-]{0,40}[:= ]?\s*([0-9]{1,9})\s*(?:b|bytes?|octets?|chars?|characters?)?\.?$`)

// readLength reads a number of bytes, with a word around it or not.
func readLength(text string) (int, bool) {
	m := lengthText.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil
}

func (e *Evidence) compareLength(r *Report, n int) *Comparison {
	c := &Comparison{Kind: ToldLength}
	ours := len(r.Expected)
	switch {
	case n == ours && r.coversAnother():
		c.Matches = true
		c.Says = fmt.Sprintf("Their string is as long as ours, %d bytes, but the signature covers another one: "+
			"if theirs is ours, the fault is where it is signed.", ours)
	case n == ours:
		c.Matches = true
		c.Says = fmt.Sprintf("Their string is as long as ours, %d bytes: look for characters that were "+
			"exchanged, not for some that are missing.", ours)
	case n == len([]rune(string(r.Expected))):
		c.Says = fmt.Sprintf("Theirs has %d where ours has %d bytes, and ours has %d characters: they "+
			"counted characters, or have them in a charset of one byte each.", n, ours, n)
	case n > ours:
		c.Says = fmt.Sprintf("Their string is longer than ours by %s: %d against %d.", english.Count(n-ours, "byte"), n, ours)
	default:
		c.Says = fmt.Sprintf("Their string is shorter than ours by %s: %d against %d.", english.Count(ours-n, "byte"), n, ours)
	}
	return c
}

// Bounds of the search for strings of a length.
const (
	lengthTime = 500 * time.Millisecond // to make the variants
	maxLengths = 4                      // findings
	maxWhole   = 1 << 20                // bytes of a string of which changes of the whole are made
)

// ofLength lists the single changes that make our string as long as theirs,
// the likeliest first. A length proves nothing.
func (e *Evidence) ofLength(ctx context.Context, r *Report, n int) []Finding {
	if r.Signed != nil && len(r.Signed) == n && !bytes.Equal(r.Signed, r.Expected) {
		r.Comparison.Says += " What was signed is just as long."
		return nil
	}
	h := newHunt(ctx, e, knownTarget(), Options{Workers: 1}, time.Now().Add(lengthTime), func(string) {})
	h.prepare()
	var hits []search.Hit
	consider := func(size, cost int, set func(*search.Hit)) {
		if size == n && cost > 0 {
			hit := search.Hit{Cost: cost}
			set(&hit)
			hits = append(hits, hit)
		}
	}
	for p, list := range h.parts {
		for i, v := range list {
			consider(len(h.rule)-len(list[0].Bytes)+len(v.Bytes), v.Cost, func(hit *search.Hit) { hit.Choice[p] = i })
		}
	}
	for i, l := range h.space.Layouts {
		size := 0
		for _, piece := range l.Pieces {
			size += len(piece.Literal)
			if piece.Part != search.None {
				size += len(h.parts[piece.Part][0].Bytes)
			}
		}
		consider(size, l.Cost, func(hit *search.Hit) { hit.Layout = i })
	}
	for i, w := range h.space.Wholes {
		if w.Apply == nil || len(h.rule) > maxWhole {
			continue
		}
		if changed, ok := w.Apply(nil, h.rule); ok {
			consider(len(changed), w.Cost, func(hit *search.Hit) { hit.Whole = i })
		}
	}
	slices.SortStableFunc(hits, func(a, b search.Hit) int { return a.Cost - b.Cost })
	return e.guesses(h, hits, n)
}

// guesses words the first hits of each cause.
func (e *Evidence) guesses(h *hunt, hits []search.Hit, n int) []Finding {
	var list []Finding
	seen := map[string]bool{}
	for _, hit := range hits {
		if len(list) == maxLengths {
			break
		}
		f := h.explain(hit, nil, nil)
		if len(f.changes) == 0 || seen[f.changes[0].Cause] || string(f.content) == string(h.rule) {
			continue
		}
		seen[f.changes[0].Cause] = true
		finding := e.asTheirs(e.findings(f)[0])
		finding.Proven = false
		finding.Says = strings.Replace(finding.Says, " is built as if ",
			fmt.Sprintf(" would have just these %s if ", english.Count(n, "byte")), 1)
		list = append(list, finding)
	}
	return list
}
