package diagnosis

import (
	"bytes"
	"unicode/utf8"

	"countersign/apiclient/diagnose"
	"countersign/tui/ui"
)

// kind says what a bit is.
type kind int

const (
	equal  kind = iota // the same on both sides
	differ             // not on the other side, or otherwise there
	remark             // words of ours: so much is left out
)

// bit is a stretch of one side.
type bit struct {
	bytes []byte
	kind  kind
}

// chunk is what stands side by side: a line, or what takes its place. A fold
// is one row of words instead.
type chunk struct {
	left, right []bit
	differs     bool
	fold        string
}

// How much is drawn. What is left out is said; y and Y copy all of it.
const (
	around         = 160 // bytes of what is equal, before and after a difference
	aroundLines    = 2
	alone          = 2000 // bytes of a string that has nothing to differ from
	spare          = 400  // less than this is not worth to be left out
	inlineFold     = 2000 // bytes that may be left out within a line
	maxDiffering   = 1500 // bytes of one difference
	maxDifferences = 300
)

// lay cuts two strings around their differences. hidden counts the
// differences beyond the most that are drawn.
func lay(spans []diagnose.Span) (chunks []chunk, hidden int) {
	l := layer{}
	seen := 0
	for i, s := range spans {
		switch {
		case !s.Same && seen == maxDifferences:
			for _, rest := range spans[i:] {
				if !rest.Same {
					hidden++
				}
			}
			l.close()
			return l.chunks, hidden
		case !s.Same:
			seen++
			l.open.left = append(l.open.left, differing(s.Signed)...)
			l.open.right = append(l.open.right, differing(s.Expected)...)
			l.open.differs = true
		default:
			l.same(s.Signed, i == 0, i == len(spans)-1)
		}
	}
	l.close()
	return l.chunks, 0
}

type layer struct {
	chunks []chunk
	open   chunk
}

func (l *layer) close() {
	if len(l.open.left)+len(l.open.right) > 0 {
		l.chunks = append(l.chunks, l.open)
	}
	l.open = chunk{}
}

func (l *layer) add(b []byte, k kind) {
	if len(b) > 0 {
		l.open.left = append(l.open.left, bit{b, k})
		l.open.right = append(l.open.right, bit{b, k})
	}
}

// lines adds what is equal, a chunk for each line.
func (l *layer) lines(b []byte) {
	for line := range bytes.Lines(b) {
		l.add(line, equal)
		if line[len(line)-1] == '\n' {
			l.close()
		}
	}
}

// same adds an equal stretch: its end before a difference, its beginning after
// one.
func (l *layer) same(b []byte, first, last bool) {
	head, tail := around, around
	if first {
		head = 0
	}
	if last {
		tail = 0
	}
	if first && last {
		head = alone
	}
	if len(b) <= head+tail+spare {
		l.lines(b)
		return
	}
	from, to := headOf(b, head), tailOf(b, tail)
	if first && last {
		from = boundary(b, head)
	}
	out := b[from:to]
	l.lines(b[:from])
	if len(out) <= inlineFold && bytes.IndexByte(out, '\n') < 0 && !first && !last {
		l.add([]byte(" ⋯ "+ui.Bytes(int64(len(out)))+" ⋯ "), remark)
	} else {
		l.close()
		words := " the same"
		if first && last {
			words = " more"
		}
		l.chunks = append(l.chunks, chunk{fold: "⋯ " + ui.Bytes(int64(len(out))) + words + " ⋯"})
	}
	l.lines(b[to:])
}

// headOf returns where the beginning of a stretch is cut: after so many bytes or
// lines.
func headOf(b []byte, most int) int {
	at := 0
	for range aroundLines {
		i := bytes.IndexByte(b[at:min(len(b), most)], '\n')
		if i < 0 {
			return boundary(b, most)
		}
		at += i + 1
	}
	return at
}

// tailOf is headOf for the end. The lines that it keeps are whole.
func tailOf(b []byte, most int) int {
	from := boundary(b, len(b)-most)
	at := len(b)
	for range aroundLines + 1 {
		i := bytes.LastIndexByte(b[from:at], '\n')
		if i < 0 {
			return from
		}
		at = from + i
	}
	return at + 1
}

// boundary moves a cut back to where no character is cut.
func boundary(b []byte, at int) int {
	at = max(0, min(at, len(b)))
	for i := at; i > 0 && i < len(b) && at-i < utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			return i
		}
	}
	return at
}

// differing is one side of a difference, cut in its middle.
func differing(b []byte) []bit {
	if len(b) <= maxDiffering+around {
		return []bit{{b, differ}}
	}
	from, to := boundary(b, maxDiffering*2/3), boundary(b, len(b)-maxDiffering/3)
	return []bit{
		{b[:from], differ},
		{[]byte(" ⋯ " + ui.Bytes(int64(to-from)) + " more ⋯ "), remark},
		{b[to:], differ},
	}
}

// sideOf is one side of a span: what was signed is on the left.
func sideOf(s diagnose.Span, left bool) []byte {
	if left {
		return s.Signed
	}
	return s.Expected
}

// excerpt is one side of a finding's part, short enough for a row or two.
func excerpt(spans []diagnose.Span, left bool) []bit {
	const near, most, few = 24, 240, 60
	dots := bit{[]byte("… "), remark}
	var bits []bit
	for i, s := range spans {
		b := sideOf(s, left)
		switch {
		case !s.Same && len(b) > most+few:
			bits = append(bits, bit{b[:boundary(b, most/2)], differ}, bit{[]byte(" … "), remark},
				bit{b[boundary(b, len(b)-most/2):], differ})
		case !s.Same:
			bits = append(bits, bit{b, differ})
		case len(b) <= few:
			bits = append(bits, bit{b, equal})
		case i == 0:
			bits = append(bits, dots, bit{b[boundary(b, len(b)-2*near):], equal})
		case i == len(spans)-1:
			bits = append(bits, bit{b[:boundary(b, near)], equal}, bit{[]byte(" …"), remark})
		default:
			bits = append(bits, bit{b[:boundary(b, near)], equal}, bit{[]byte(" … "), remark},
				bit{b[boundary(b, len(b)-near):], equal})
		}
	}
	return bits
}
