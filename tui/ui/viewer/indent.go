package viewer

import (
	"bytes"

	"countersign/apiclient/jsontext"
	"countersign/tui/ui/rows"
)

// prettyAtOnce is the size up to which SetContent indents a body itself.
const prettyAtOnce = 512 << 10

// firstScreens is how much of a larger body is indented at once, to be looked
// at until all of it is.
const firstScreens = 32 << 10

// indentation is where the indenting of a body on one line stands.
type indentation struct {
	done    bool // what is shown is indented
	wanting bool // a large body that somebody else should indent: only its beginning is shown
}

// begin returns what is shown of a body at once: its beginning, where work says
// that the rest will follow.
func (x *indentation) begin(lang *language, b []byte, work bool) []byte {
	if len(b) > prettyAtOnce {
		x.wanting = true
		if !work {
			return b
		}
		return lang.indented(nil, b[:firstScreens], prettyGrowth*firstScreens)
	}
	if pretty, ok := lang.pretty(b); ok {
		x.done = true
		return pretty
	}
	return b
}

// compactJSON reports JSON on one line, which nobody can read as it is.
func compactJSON(b []byte) bool {
	return jsontext.Opens(b) && !rows.HasLF(bytes.TrimSpace(b))
}

// setIndented puts the whole in place of its beginning: what is on the screen
// stays where it is.
func (v *Viewer) setIndented(text *rows.Flat, ok bool) {
	v.indent = indentation{done: ok}
	top, cursor, typed := v.top, v.cursor, v.find.Typed
	v.renew(text)
	if ok && v.folds.on {
		v.cursor = v.rows.At(cursor).Start
		v.place(top)
	}
	if typed != "" {
		v.Search(typed)
	}
}

// Indented reports whether the content is shown indented, not as received.
func (v *Viewer) Indented() bool { return v.indent.done || v.indent.wanting && v.folds.on }

// prettyIndent bounds the blanks before a line: a hostile body nests ten
// thousand levels, and would take more room for blanks than for anything else.
const prettyIndent = 64

var jsonLayout = jsontext.Layout{Line: "\n", Unit: "  ", Most: prettyIndent, Colon: ": ", Comma: ","}

// prettyGrowth bounds the size of the result for the same reason: this many
// times the input, and prettySpare bytes.
const (
	prettyGrowth = 8
	prettySpare  = 1 << 20
)

// Pretty indents valid JSON by two spaces for reading. Strings and numbers keep
// their bytes. It is for views only: what is signed is what was received. It
// reports false, and nil, for what is not JSON and for what would grow out of
// proportion.
func Pretty(b []byte) ([]byte, bool) { return jsonLanguage.pretty(b) }

// pretty makes room for as much as the beginning of a text takes.
func (l *language) pretty(b []byte) ([]byte, bool) {
	if !l.valid(b) {
		return nil, false
	}
	most := prettyGrowth*len(b) + prettySpare
	head := b[:min(1+len(b)/16, 64<<10)]
	room := len(l.indented(nil, head, most)) * (1 + len(b)/len(head))
	out := l.indented(make([]byte, 0, min(room, most)), b, most)
	if len(out) > most {
		return nil, false
	}
	return out, true
}
