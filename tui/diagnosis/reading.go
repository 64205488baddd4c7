package diagnosis

import (
	"bytes"
	"unicode/utf8"

	"countersign/apiclient/diagnose"
)

// Reading is a report made ready to be drawn. To lay two large strings side by
// side takes time, so it is done where the report was made, not in Update.
type Reading struct {
	Report diagnose.Report

	pair   pair              // the two strings that are shown whole
	chunks []chunk           // the pair, cut around its differences
	hidden int               // differences that are not in chunks: there are too many
	parts  [][]diagnose.Span // the differing parts of each finding
}

// pair is two strings, or one where left has no name.
type pair struct {
	leftName, rightName string
	left, right         []byte
	spans               []diagnose.Span
	differs             bool
}

func (p pair) single() bool { return p.leftName == "" }

// Read makes a reading of a report.
func Read(r diagnose.Report) *Reading {
	d := &Reading{Report: r, pair: choose(&r)}
	if d.pair.single() {
		d.pair.spans = []diagnose.Span{{Signed: d.pair.right, Expected: d.pair.right, Same: true}}
	} else {
		d.pair.spans = calm(d.pair.left, d.pair.right, 3)
	}
	for _, s := range d.pair.spans {
		d.pair.differs = d.pair.differs || !s.Same
	}
	d.chunks, d.hidden = lay(d.pair.spans)
	for _, f := range r.Findings {
		d.parts = append(d.parts, part([]byte(f.Signed), []byte(f.Expected)))
	}
	return d
}

// choose takes the two strings that are worth a look: what the other side told
// against what is known best, else what was signed against what the rule gives.
func choose(r *diagnose.Report) pair {
	known, name := r.Expected, "expected"
	if c := r.Comparison; c != nil && c.Told != nil && !c.Matches {
		if r.Proven() {
			known, name = r.Signed, "signed"
		}
		return pair{leftName: "told", left: c.Told, rightName: name, right: known}
	}
	switch {
	case r.Proven() && bytes.Equal(r.Signed, known):
		return pair{rightName: "signed", right: known} // twice the same says nothing
	case r.Proven():
		return pair{leftName: "signed", left: r.Signed, rightName: name, right: known}
	}
	return pair{rightName: name, right: known}
}

// part lays the differing parts of a finding side by side. Two parts that have
// little in common are told as a whole: letters that happen to be equal say
// nothing.
func part(signed, expected []byte) []diagnose.Span {
	spans := calm(signed, expected, 4)
	same := 0
	for _, s := range spans {
		if s.Same {
			same += len(s.Signed)
		}
	}
	if 2*same < min(len(signed), len(expected)) {
		return []diagnose.Span{{Signed: signed, Expected: expected}}
	}
	return spans
}

// spansOf lays two strings side by side. Where one of them is no text, what
// lies between their common ends counts as one difference: a diff goes by
// characters, and such bytes are none.
func spansOf(signed, expected []byte) []diagnose.Span {
	if utf8.Valid(signed) && utf8.Valid(expected) {
		return diagnose.Spans(signed, expected)
	}
	front, back, n := 0, 0, min(len(signed), len(expected))
	for front < n && signed[front] == expected[front] {
		front++
	}
	for back < n-front && signed[len(signed)-1-back] == expected[len(expected)-1-back] {
		back++
	}
	s, e := len(signed)-back, len(expected)-back
	var spans []diagnose.Span
	for _, span := range []diagnose.Span{
		{Signed: signed[:front], Expected: expected[:front], Same: true},
		{Signed: signed[front:s], Expected: expected[front:e]},
		{Signed: signed[s:], Expected: expected[e:], Same: true},
	} {
		if len(span.Signed)+len(span.Expected) > 0 {
			spans = append(spans, span)
		}
	}
	return spans
}

// calm returns the spans of two strings, with differences that have less than
// gap equal bytes between them taken for one.
func calm(signed, expected []byte, gap int) []diagnose.Span {
	spans := spansOf(signed, expected)
	var out []diagnose.Span
	var at, began struct{ signed, expected int } // of the next span, of the last one in out
	for i, s := range spans {
		next := at
		next.signed += len(s.Signed)
		next.expected += len(s.Expected)
		short := s.Same && len(s.Signed) < gap && i > 0 && i < len(spans)-1
		if n := len(out); n > 0 && !out[n-1].Same && (!s.Same || short) {
			out[n-1].Signed = signed[began.signed:next.signed]
			out[n-1].Expected = expected[began.expected:next.expected]
		} else {
			out, began = append(out, s), at
		}
		at = next
	}
	return out
}
