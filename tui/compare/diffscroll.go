package compare

import (
	"sort"

	"countersign/tui/ui"
)

// blockAt finds the block of an entry.
func (v *diff) blockAt(entry int) (diffBlock, bool) {
	i := sort.Search(len(v.blocks), func(i int) bool { return v.blocks[i].start > entry }) - 1
	if i < 0 {
		return diffBlock{}, false
	}
	return v.blocks[i], true
}

// ScrollBy moves the screen by n rows; up is negative.
func (v *diff) ScrollBy(n int) {
	last := v.lastTop()
	for ; n > 0 && v.top.before(last); n-- {
		if v.top.row++; v.top.row >= v.rowsOf(v.top.entry) {
			v.top = diffTop{v.top.entry + 1, 0}
		}
	}
	for ; n < 0; n++ {
		if v.top.row--; v.top.row < 0 {
			if v.top.entry == 0 {
				break
			}
			v.top.entry--
			v.top.row = v.rowsOf(v.top.entry) - 1
		}
	}
	v.settle()
}

func (t diffTop) before(o diffTop) bool {
	return t.entry < o.entry || t.entry == o.entry && t.row < o.row
}

// settle keeps the screen full.
func (v *diff) settle() {
	if last := v.lastTop(); last.before(v.top) {
		v.top = last
	}
	if v.top.entry < 0 || v.top.row < 0 {
		v.top = diffTop{}
	}
}

// lastTop is the top at which the last row is at the bottom.
func (v *diff) lastTop() diffTop {
	room := v.h
	for entry := v.entries - 1; entry >= 0 && room > 0; entry-- {
		n := v.rowsOf(entry)
		if n >= room {
			return diffTop{entry, n - room}
		}
		room -= n
	}
	return diffTop{}
}

// Go moves the screen; a page is a screen less a row, which keeps the context.
func (v *diff) Go(m ui.Move) {
	switch m.End {
	case -1:
		v.top = diffTop{}
	case 1:
		v.top = v.lastTop()
	default:
		v.ScrollBy(m.Rows(v.h))
	}
}

// Percent says how far down the screen is: 100 at the end.
func (v *diff) Percent() int {
	last := v.lastTop()
	if v.top == last || last.entry == 0 {
		return 100
	}
	return min(99, v.top.entry*100/last.entry)
}

// Fits reports whether everything is on the screen.
func (v *diff) Fits() bool { return v.lastTop() == diffTop{} }

// Step goes to the next difference, after the last to the first, or with -1 to the
// one before.
func (v *diff) Step(by int) {
	n := len(v.places)
	if n == 0 {
		return
	}
	if v.current >= 0 && v.visible(v.places[v.current].entry) {
		v.current = (v.current + by + n) % n
	} else { // from what is on the screen
		v.current = sort.Search(n, func(i int) bool { return v.places[i].entry >= v.top.entry })
		if by < 0 {
			v.current += n - 1
		}
		v.current %= n
	}
	v.reveal()
}

// First goes to the first difference, if there is one.
func (v *diff) First() {
	if len(v.places) > 0 {
		v.current = 0
		v.reveal()
	}
}

// Place says which difference one is at, from 1, and how many there are; 0
// before the first jump.
func (v *diff) Place() (current, count int) { return v.current + 1, len(v.places) }

// visible reports whether an entry begins on the screen.
func (v *diff) visible(entry int) bool {
	if entry < v.top.entry || entry == v.top.entry && v.top.row > 0 {
		return false
	}
	rows := -v.top.row
	for e := v.top.entry; e < entry; e++ {
		if rows += v.rowsOf(e); rows >= v.h {
			return false
		}
	}
	return true
}

// reveal puts the current difference on the screen, a third down if it was not.
func (v *diff) reveal() {
	at := v.places[v.current].entry
	if v.visible(at) {
		return
	}
	v.top = diffTop{at, 0}
	v.ScrollBy(-v.h / 3)
}
