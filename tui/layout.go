package tui

import (
	"slices"

	"countersign/tui/keymap"
)

// rect is where a pane stands on the screen, frame included.
type rect struct{ x, y, w, h int }

func (r rect) contains(x, y int) bool {
	return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h
}

// shape says how many columns of panes a screen has.
type shape int

const (
	tooSmall shape = iota // below 40x12: one line says so
	single                // one pane at a time under a strip of titles
	double                // lists on the left, the exchange on the right
	triple                // lists, request, response, and the signature below
	covered               // the diagnosis or a comparison over all of them
)

// layout is where everything stands. All arithmetic on widths and heights of
// the screen is in this file.
type layout struct {
	shape         shape
	width, height int
	panes         map[keymap.Scope]rect // the visible ones
	edges         []edge                // between panes, to be dragged
}

// wish is what a person wants to see.
type wish struct {
	focus, last keymap.Scope // last is which of request and headers was seen last
	zoomed      bool
	extra       int             // rows above the status line that are left free
	moved       map[divider]int // by hand, from where they stand by themselves
}

// divider names the line between two panes, or two columns of them, in one
// shape of the screen.
type divider struct {
	shape shape
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
	headRows  = 1
	tailRows  = 2
	stripRows = 1
)

// order is the order of the panes for tab and the number keys.
var order = []keymap.Scope{
	keymap.Endpoints, keymap.Request, keymap.Headers, keymap.Signature, keymap.Response, keymap.Runs,
}

// allPanes are those, and the panes that cover them.
var allPanes = slices.Concat(order, []keymap.Scope{keymap.Diagnosis, keymap.Compare})

// covers reports the panes that take the whole screen while they are open.
func covers(s keymap.Scope) bool { return s == keymap.Diagnosis || s == keymap.Compare }

// arrange places the panes for a screen of w x h. The focused pane is always
// visible; where panes share a place it decides which is shown, and last does
// when neither is focused.
func arrange(w, h int, want wish) layout {
	focus := want.focus
	l := layout{width: w, height: h, panes: map[keymap.Scope]rect{}}
	if w < 40 || h < 12 {
		return l
	}
	body := rect{0, headRows, w, h - headRows - tailRows - want.extra}
	switch {
	case covers(focus):
		l.shape = covered
		l.panes[focus] = body
	case w < 80 || body.h < 18:
		l.shape = single
		body.y, body.h = body.y+stripRows, body.h-stripRows
		l.panes[focus] = body
	case want.zoomed:
		l.shape = double
		if w >= 140 {
			l.shape = triple
		}
		l.panes[focus] = body
	case w < 140:
		l.shape = double
		l.arrangeDouble(body, want)
	default:
		l.shape = triple
		l.arrangeTriple(body, want)
	}
	return l
}

// arrangeDouble: lists on the left; on the right the request over the response
// over the signature. Headers have a place of their own where there is room,
// else they share the request's.
func (l *layout) arrangeDouble(body rect, want wish) {
	left, right := l.listsColumns(want, body, clamp(body.w*28/100, 24, 30), 1)
	l.lists(want, left)
	exchange, signature := right.h-clamp(right.h/5, 5, 7), stack{keymap.Signature}
	if exchange >= 30 {
		above, below := l.rows(want, "signature", right, exchange, stack{keymap.Request, keymap.Headers, keymap.Response}, signature)
		top, rest := l.rows(want, "request", above, above.h*4/10, stack{keymap.Request}, stack{keymap.Headers, keymap.Response})
		mid, bottom := l.rows(want, "headers", rest, clamp(rest.h*4/10, 7, 10), stack{keymap.Headers}, stack{keymap.Response})
		l.panes[keymap.Request], l.panes[keymap.Headers], l.panes[keymap.Response], l.panes[keymap.Signature] = top, mid, bottom, below
		return
	}
	shared := keymap.Request
	if want.focus == keymap.Headers || (want.focus != keymap.Request && want.last == keymap.Headers) {
		shared = keymap.Headers
	}
	above, below := l.rows(want, "signature", right, exchange, stack{shared, keymap.Response}, signature)
	top, bottom := l.rows(want, "exchange", above, above.h/2, stack{shared}, stack{keymap.Response})
	l.panes[shared], l.panes[keymap.Response], l.panes[keymap.Signature] = top, bottom, below
}

// arrangeTriple: lists, request over headers, response; the signature across
// the whole width below them.
func (l *layout) arrangeTriple(body rect, want wish) {
	tallest := stack{keymap.Request, keymap.Headers}
	for _, column := range []stack{listsColumn, {keymap.Response}} {
		if slices.Contains(column, want.focus) {
			tallest = column
		}
	}
	above, below := l.rows(want, "signature", body, body.h-clamp(body.h/5, 5, 10), tallest, stack{keymap.Signature})
	l.panes[keymap.Signature] = below
	left, rest := l.listsColumns(want, above, clamp(body.w*20/100, 28, 36), 2)
	l.lists(want, left)
	middle, right := l.columns(want, "response", rest, rest.w/2, rest.w/2, 1)
	l.panes[keymap.Response] = right
	top := middle.h - clamp(middle.h*4/10, 6, 14)
	request, headers := l.rows(want, "headers", middle, top, stack{keymap.Request}, stack{keymap.Headers})
	l.panes[keymap.Request], l.panes[keymap.Headers] = request, headers
}

func (l *layout) lists(want wish, column rect) {
	endpoints, runs := l.rows(want, "runs", column, column.h*55/100, stack{keymap.Endpoints}, stack{keymap.Runs})
	l.panes[keymap.Endpoints], l.panes[keymap.Runs] = endpoints, runs
}

// stack is panes over each other.
type stack []keymap.Scope

var listsColumn = stack{keymap.Endpoints, keymap.Runs}

// comfort is the height, frame included, to which a pane grows while it has the
// focus, where the screen is too small to give it that anyway.
var comfort = map[keymap.Scope]int{
	keymap.Endpoints: 15, keymap.Request: 16, keymap.Headers: 14, keymap.Response: 16, keymap.Signature: 10, keymap.Runs: 15,
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
func (l *layout) keptHeight() int { return clamp(l.height/7, 3, 5) }

// listsColumns splits the lists from what stands right of them in a number of
// columns.
func (l *layout) listsColumns(want wish, r rect, home, columns int) (rect, rect) {
	grown := home
	if want.focus == keymap.Runs {
		grown = max(home, min(runsWidth, r.w-columns*keptWidth))
	}
	return l.columns(want, "lists", r, home, grown, 2)
}

// columns splits a place where its divider stands: at home, or where the focused
// pane or a hand moved it. toRight is how many panes stand side by side there.
func (l *layout) columns(want wish, name string, r rect, home, grown, toRight int) (rect, rect) {
	e := edge{divider: divider{l.shape, name}, upright: true, from: r.y, to: r.y + r.h}
	left := l.stand(want, e, r.x, home, grown, min(leastWidth, home), max(r.w-toRight*leastWidth, home))
	return splitColumns(r, left)
}

// rows is columns for the panes above a divider and those below it.
func (l *layout) rows(want wish, name string, r rect, home int, above, below stack) (rect, rect) {
	low, high := len(above)*leastHeight, r.h-len(below)*leastHeight
	home = max(home, min(low, high))
	kept, grown := l.keptHeight(), home
	switch needs := comfort[want.focus] - kept; { // besides what the others of its stack keep
	case slices.Contains(above, want.focus):
		grown = max(home, min(needs+len(above)*kept, r.h-len(below)*kept))
	case slices.Contains(below, want.focus):
		grown = min(home, max(r.h-needs-len(below)*kept, len(above)*kept))
	}
	e := edge{divider: divider{l.shape, name}, from: r.x, to: r.x + r.w}
	top := l.stand(want, e, r.y, home, grown, min(low, home), max(high, home))
	return splitRows(r, top)
}

// stand puts a divider where it belongs in a place that begins at start: where a
// hand dragged it to, between low and high, else where the focused pane moves it.
func (l *layout) stand(want wish, e edge, start, home, grown, low, high int) int {
	at := grown
	if by, dragged := want.moved[e.divider]; dragged {
		at = clamp(home+by, low, high)
	}
	e.at, e.home = start+at, start+home
	l.edges = append(l.edges, e)
	return at
}

// edgeAt finds the divider under a cell: the border on either side of it.
func (l *layout) edgeAt(x, y int) (edge, bool) {
	for _, e := range l.edges {
		along, across := x, y
		if e.upright {
			along, across = y, x
		}
		if along >= e.from && along < e.to && (across == e.at || across == e.at-1) {
			return e, true
		}
	}
	return edge{}, false
}

// at finds the pane under a cell.
func (l *layout) at(x, y int) (keymap.Scope, rect, bool) {
	for scope, r := range l.panes {
		if r.contains(x, y) {
			return scope, r, true
		}
	}
	return "", rect{}, false
}

func splitColumns(r rect, left int) (rect, rect) {
	return rect{r.x, r.y, left, r.h}, rect{r.x + left, r.y, r.w - left, r.h}
}

func splitRows(r rect, top int) (rect, rect) {
	return rect{r.x, r.y, r.w, top}, rect{r.x, r.y + top, r.w, r.h - top}
}

func clamp(n, low, high int) int { return max(low, min(n, high)) }
