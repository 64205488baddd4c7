package tui

import "countersign/tui/keymap"

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
	extra       int // rows above the status line that are left free
	moved       map[divider]int
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
	left, right := l.columns(want, "lists", body, clamp(body.w*28/100, 24, 30), 1, 2)
	l.lists(want, left)
	above, below := l.rows(want, "signature", right, right.h-clamp(right.h/5, 5, 7), 3, 1)
	l.panes[keymap.Signature] = below
	if above.h >= 30 {
		top, rest := l.rows(want, "request", above, above.h*4/10, 1, 2)
		mid, bottom := l.rows(want, "headers", rest, clamp(rest.h*4/10, 7, 10), 1, 1)
		l.panes[keymap.Request], l.panes[keymap.Headers], l.panes[keymap.Response] = top, mid, bottom
		return
	}
	top, bottom := l.rows(want, "exchange", above, above.h/2, 1, 1)
	shared := keymap.Request
	if want.focus == keymap.Headers || (want.focus != keymap.Request && want.last == keymap.Headers) {
		shared = keymap.Headers
	}
	l.panes[shared], l.panes[keymap.Response] = top, bottom
}

// arrangeTriple: lists, request over headers, response; the signature across
// the whole width below them.
func (l *layout) arrangeTriple(body rect, want wish) {
	above, below := l.rows(want, "signature", body, body.h-clamp(body.h/5, 5, 10), 3, 1)
	l.panes[keymap.Signature] = below
	left, rest := l.columns(want, "lists", above, clamp(body.w*20/100, 28, 36), 1, 2)
	l.lists(want, left)
	middle, right := l.columns(want, "response", rest, rest.w/2, 1, 1)
	l.panes[keymap.Response] = right
	request, headers := l.rows(want, "headers", middle, middle.h-clamp(middle.h*4/10, 6, 14), 1, 1)
	l.panes[keymap.Request], l.panes[keymap.Headers] = request, headers
}

func (l *layout) lists(want wish, column rect) {
	endpoints, runs := l.rows(want, "runs", column, column.h*55/100, 1, 1)
	l.panes[keymap.Endpoints], l.panes[keymap.Runs] = endpoints, runs
}

// The least that a divider leaves on either side of it.
const (
	leastWidth  = 16
	leastHeight = 4
)

// columns splits a place where its divider stands: at left, or where it was
// dragged to. toLeft and toRight are how many panes stand side by side there.
func (l *layout) columns(want wish, name string, r rect, left, toLeft, toRight int) (rect, rect) {
	d := divider{l.shape, name}
	left = clamp(left+want.moved[d], min(toLeft*leastWidth, left), max(r.w-toRight*leastWidth, left))
	l.edges = append(l.edges, edge{d, true, r.x + left, r.y, r.y + r.h})
	return splitColumns(r, left)
}

// rows is columns for a place above and one below.
func (l *layout) rows(want wish, name string, r rect, top, above, below int) (rect, rect) {
	d := divider{l.shape, name}
	top = clamp(top+want.moved[d], min(above*leastHeight, top), max(r.h-below*leastHeight, top))
	l.edges = append(l.edges, edge{d, false, r.y + top, r.x, r.x + r.w})
	return splitRows(r, top)
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
