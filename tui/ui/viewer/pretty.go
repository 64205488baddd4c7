package viewer

import "countersign/apiclient/jsontext"

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
