// Package layout says where everything stands on the screen: all arithmetic on its
// widths and heights is here.
package layout

import (
	"slices"

	"countersign/tui/keymap"
)

// Rect is where a pane stands on the screen, frame included.
type Rect struct{ X, Y, W, H int }

func (r Rect) contains(x, y int) bool {
	return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H
}

// Shape says how many columns of panes a screen has.
type Shape int

// Shapes.
const (
	TooSmall Shape = iota // below 40x12: one line says so
	Single                // one pane at a time under a strip of titles
	Double                // lists on the left, the exchange on the right
	Triple                // lists, request, response, and the signature below
	Covered               // the diagnosis or a comparison over all of them
)

// Layout is where everything stands.
type Layout struct {
	Shape         Shape
	Width, Height int
	Panes         map[keymap.Scope]Rect // the visible ones
	edges         []edge                // between panes, to be dragged
}

// Wish says what a person wants to see.
type Wish struct {
	Focus, Last keymap.Scope // Last is which of request and headers was seen last
	Zoomed      bool
	Extra       int      // rows above the status line that are left free
	Dividers    Dividers // as they were dragged
}

// divider names the line between two panes, or two columns of them, in one
// shape of the screen.
type divider struct {
	shape Shape
	name  string
}

// edge is a divider that is on the screen: the first column right of it, or
// the first row below it, over a stretch of the other direction.
type edge struct {
	divider
	upright  bool
	at       int
	home     int // where it stands if neither a hand nor the focus moves it
	from, to int
}

// Rows that are not panes: the head line above, the status and the footer
// below; a strip of titles too where one pane is shown at a time.
const (
	HeadRows  = 1
	tailRows  = 2
	stripRows = 1
)

// Order is the order of the panes for tab and the number keys.
var Order = []keymap.Scope{
	keymap.Endpoints, keymap.Request, keymap.Headers, keymap.Signature, keymap.Response, keymap.Runs,
}

// All are those, and the panes that cover them.
var All = slices.Concat(Order, []keymap.Scope{keymap.Diagnosis, keymap.Compare})

// Covers reports the panes that take the whole screen while they are open.
func Covers(s keymap.Scope) bool { return s == keymap.Diagnosis || s == keymap.Compare }

// Arrange places the panes for a screen of w x h. The focused pane is always
// visible; where panes share a place it decides which is shown, and last does
// when neither is focused.
func Arrange(w, h int, want Wish) Layout {
	focus := want.Focus
	l := Layout{Width: w, Height: h, Panes: map[keymap.Scope]Rect{}}
	if w < 40 || h < 12 {
		return l
	}
	body := Rect{0, HeadRows, w, h - HeadRows - tailRows - want.Extra}
	switch {
	case Covers(focus):
		l.Shape = Covered
		l.Panes[focus] = body
	case w < 80 || body.H < 18:
		l.Shape = Single
		body.Y, body.H = body.Y+stripRows, body.H-stripRows
		l.Panes[focus] = body
	case want.Zoomed:
		l.Shape = Double
		if w >= 140 {
			l.Shape = Triple
		}
		l.Panes[focus] = body
	case w < 140:
		l.Shape = Double
		l.arrangeDouble(body, want)
	default:
		l.Shape = Triple
		l.arrangeTriple(body, want)
	}
	return l
}

// arrangeDouble: lists on the left; on the right the request over the response
// over the signature. Headers have a separate place where there is room,
// else they share the request's.
func (l *Layout) arrangeDouble(body Rect, want Wish) {
	left, right := l.listsColumns(want, body, clamp(body.W*28/100, 24, 30), 1)
	l.lists(want, left)
	exchange, signature := right.H-clamp(right.H/5, 5, 7), stack{keymap.Signature}
	if exchange >= 30 {
		above, below := l.rows(want, "signature", right, exchange, stack{keymap.Request, keymap.Headers, keymap.Response},
			signature)
		top, rest := l.rows(want, "request", above, above.H*4/10, stack{keymap.Request},
			stack{keymap.Headers, keymap.Response})
		mid, bottom := l.rows(want, "headers", rest, clamp(rest.H*4/10, 7, 10), stack{keymap.Headers}, stack{keymap.Response})
		l.Panes[keymap.Request], l.Panes[keymap.Headers] = top, mid
		l.Panes[keymap.Response], l.Panes[keymap.Signature] = bottom, below
		return
	}
	shared := keymap.Request
	if want.Focus == keymap.Headers || (want.Focus != keymap.Request && want.Last == keymap.Headers) {
		shared = keymap.Headers
	}
	above, below := l.rows(want, "signature", right, exchange, stack{shared, keymap.Response}, signature)
	top, bottom := l.rows(want, "exchange", above, above.H/2, stack{shared}, stack{keymap.Response})
	l.Panes[shared], l.Panes[keymap.Response], l.Panes[keymap.Signature] = top, bottom, below
}

// arrangeTriple: lists, request over headers, response; the signature across
// the whole width below them.
func (l *Layout) arrangeTriple(body Rect, want Wish) {
	tallest := stack{keymap.Request, keymap.Headers}
	for _, column := range []stack{listsColumn, {keymap.Response}} {
		if slices.Contains(column, want.Focus) {
			tallest = column
		}
	}
	above, below := l.rows(want, "signature", body, body.H-clamp(body.H/5, 5, 10), tallest, stack{keymap.Signature})
	l.Panes[keymap.Signature] = below
	left, rest := l.listsColumns(want, above, clamp(body.W*20/100, 28, 36), 2)
	l.lists(want, left)
	middle, right := l.columns(want, "response", rest, rest.W/2, rest.W/2, 1)
	l.Panes[keymap.Response] = right
	top := middle.H - clamp(middle.H*4/10, 6, 14)
	request, headers := l.rows(want, "headers", middle, top, stack{keymap.Request}, stack{keymap.Headers})
	l.Panes[keymap.Request], l.Panes[keymap.Headers] = request, headers
}

func (l *Layout) lists(want Wish, column Rect) {
	endpoints, runs := l.rows(want, "runs", column, column.H*55/100, stack{keymap.Endpoints}, stack{keymap.Runs})
	l.Panes[keymap.Endpoints], l.Panes[keymap.Runs] = endpoints, runs
}

// stack is panes over each other.
type stack []keymap.Scope

var listsColumn = stack{keymap.Endpoints, keymap.Runs}

// comfort is the height, frame included, to which a pane grows while it has the
// focus, where the screen is too small to give it that anyway.
var comfort = map[keymap.Scope]int{
	keymap.Endpoints: 15, keymap.Request: 16, keymap.Headers: 14, keymap.Response: 16, keymap.Signature: 10,
	keymap.Runs: 15,
}

// runsWidth is the width to which the lists grow while the runs have the focus:
// a line of theirs holds more than a name.
const runsWidth = 40

// What a divider leaves on either side of it, for each pane there: where a hand
// drags it, and where the focused pane grows.
const (
	leastWidth  = 16
	leastHeight = 4
	keptWidth   = 40
)

// keptHeight is a title and a row or two.
func (l *Layout) keptHeight() int { return clamp(l.Height/7, 3, 5) }

// listsColumns splits the lists from what stands right of them in a number of
// columns.
func (l *Layout) listsColumns(want Wish, r Rect, home, columns int) (Rect, Rect) {
	grown := home
	if want.Focus == keymap.Runs {
		grown = max(home, min(runsWidth, r.W-columns*keptWidth))
	}
	return l.columns(want, "lists", r, home, grown, 2)
}

// columns splits a place where its divider stands: at home, or where the focused
// pane or a hand moved it. toRight is how many panes stand side by side there.
func (l *Layout) columns(want Wish, name string, r Rect, home, grown, toRight int) (Rect, Rect) {
	e := edge{divider: divider{l.Shape, name}, upright: true, from: r.Y, to: r.Y + r.H}
	left := l.stand(want, e, r.X, home, grown, min(leastWidth, home), max(r.W-toRight*leastWidth, home))
	return splitColumns(r, left)
}

// rows is columns for the panes above a divider and those below it.
func (l *Layout) rows(want Wish, name string, r Rect, home int, above, below stack) (Rect, Rect) {
	low, high := len(above)*leastHeight, r.H-len(below)*leastHeight
	home = max(home, min(low, high))
	kept, grown := l.keptHeight(), home
	switch needs := comfort[want.Focus] - kept; { // besides what the others of its stack keep
	case slices.Contains(above, want.Focus):
		grown = max(home, min(needs+len(above)*kept, r.H-len(below)*kept))
	case slices.Contains(below, want.Focus):
		grown = min(home, max(r.H-needs-len(below)*kept, len(above)*kept))
	}
	e := edge{divider: divider{l.Shape, name}, from: r.X, to: r.X + r.W}
	top := l.stand(want, e, r.Y, home, grown, min(low, home), max(high, home))
	return splitRows(r, top)
}

// stand puts a divider where it belongs in a place that begins at start: where a
// hand dragged it to, between low and high, else where the focused pane moves it.
func (l *Layout) stand(want Wish, e edge, start, home, grown, low, high int) int {
	at := grown
	if by, dragged := want.Dividers.moved[e.divider]; dragged {
		at = clamp(home+by, low, high)
	}
	e.at, e.home = start+at, start+home
	l.edges = append(l.edges, e)
	return at
}

// edgeAt finds the divider under a cell: the border on either side of it.
func (l *Layout) edgeAt(x, y int) (edge, bool) {
	for _, e := range l.edges {
		across := e.across(x, y)
		along := x + y - across
		if along >= e.from && along < e.to && (across == e.at || across == e.at-1) {
			return e, true
		}
	}
	return edge{}, false
}

// At finds the pane under a cell.
func (l *Layout) At(x, y int) (keymap.Scope, Rect, bool) {
	for scope, r := range l.Panes {
		if r.contains(x, y) {
			return scope, r, true
		}
	}
	return "", Rect{}, false
}

func splitColumns(r Rect, left int) (Rect, Rect) {
	return Rect{r.X, r.Y, left, r.H}, Rect{r.X + left, r.Y, r.W - left, r.H}
}

func splitRows(r Rect, top int) (Rect, Rect) {
	return Rect{r.X, r.Y, r.W, top}, Rect{r.X, r.Y + top, r.W, r.H - top}
}

func clamp(n, low, high int) int { return max(low, min(n, high)) }
