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
func arrange(w, h int, focus, last keymap.Scope, zoomed bool) layout {
	l := layout{width: w, height: h, panes: map[keymap.Scope]rect{}}
	if w < 40 || h < 12 {
		return l
	}
	body := rect{0, headRows, w, h - headRows - tailRows}
	switch {
	case covers(focus):
		l.shape = covered
		l.panes[focus] = body
	case w < 80 || body.h < 18:
		l.shape = single
		body.y, body.h = body.y+stripRows, body.h-stripRows
		l.panes[focus] = body
	case zoomed:
		l.shape = double
		if w >= 140 {
			l.shape = triple
		}
		l.panes[focus] = body
	case w < 140:
		l.shape = double
		l.arrangeDouble(body, focus, last)
	default:
		l.shape = triple
		l.arrangeTriple(body)
	}
	return l
}

// arrangeDouble: lists on the left; on the right the request over the response
// over the signature. Headers have a place of their own where there is room,
// else they share the request's.
func (l *layout) arrangeDouble(body rect, focus, last keymap.Scope) {
	left, right := splitColumns(body, clamp(body.w*28/100, 24, 30))
	l.lists(left)
	above, below := splitRows(right, right.h-clamp(right.h/5, 5, 7))
	l.panes[keymap.Signature] = below
	if above.h >= 30 {
		top, rest := splitRows(above, above.h*4/10)
		mid, bottom := splitRows(rest, clamp(rest.h*4/10, 7, 10))
		l.panes[keymap.Request], l.panes[keymap.Headers], l.panes[keymap.Response] = top, mid, bottom
		return
	}
	top, bottom := splitRows(above, above.h/2)
	shared := keymap.Request
	if focus == keymap.Headers || (focus != keymap.Request && last == keymap.Headers) {
		shared = keymap.Headers
	}
	l.panes[shared], l.panes[keymap.Response] = top, bottom
}

// arrangeTriple: lists, request over headers, response; the signature across
// the whole width below them.
func (l *layout) arrangeTriple(body rect) {
	above, below := splitRows(body, body.h-clamp(body.h/5, 5, 10))
	l.panes[keymap.Signature] = below
	left, rest := splitColumns(above, clamp(body.w*20/100, 28, 36))
	l.lists(left)
	middle, right := splitColumns(rest, rest.w/2)
	l.panes[keymap.Response] = right
	request, headers := splitRows(middle, middle.h-clamp(middle.h*4/10, 6, 14))
	l.panes[keymap.Request], l.panes[keymap.Headers] = request, headers
}

func (l *layout) lists(column rect) {
	endpoints, runs := splitRows(column, column.h*55/100)
	l.panes[keymap.Endpoints], l.panes[keymap.Runs] = endpoints, runs
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
