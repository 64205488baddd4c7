package jsontext

import (
	"bytes"
	"math"
	"slices"
	"strings"
)

// Layout is how a text is set: what stands between its tokens.
type Layout struct {
	Line         string // begins each line: a line end, and the indentation of the outermost value; "": all is on one line
	Unit         string // one level of indentation
	Most         int    // of it on a line, in bytes; 0: no bound
	Colon, Comma string // with the blanks behind them
}

// lead returns the length of what begins a line so many levels deep.
func (l *Layout) lead(depth int) int {
	if l.Line == "" {
		return 0
	}
	indent := max(0, depth) * len(l.Unit)
	if l.Most > 0 {
		indent = min(indent, l.Most)
	}
	return len(l.Line) + indent
}

// Append appends a JSON text, or the beginning of one, with its white space
// replaced. An empty object or array stays on its line. It stops when out has more
// than most bytes.
func (l *Layout) Append(out, b []byte, most int) []byte {
	depth, lead, n := 0, l.Line, l.lead(0) // a line begins with n bytes of lead
	for t := Next(b, 0); t.Kind != None && len(out) <= most; {
		var after Token
		if t.To < len(b) && classes[b[t.To]] == mark { // so it is mostly: a call less
			after = Token{Kind(b[t.To]), t.To, t.To + 1}
		} else {
			after = Next(b, t.To)
		}
		switch t.Kind {
		case Comma:
			out = append(append(out, l.Comma...), lead[:n]...)
		case Colon:
			out = append(out, l.Colon...)
		case Object, Array:
			out = append(out, byte(t.Kind))
			if after.Kind == ObjectEnd || after.Kind == ArrayEnd {
				out = append(out, byte(after.Kind))
				after = Next(b, after.To)
				break
			}
			depth++
			for n = l.lead(depth); len(lead) < n; {
				lead += strings.Repeat(l.Unit, 32)
			}
			out = append(out, lead[:n]...)
		case ObjectEnd, ArrayEnd:
			depth--
			n = l.lead(depth)
			out = append(append(out, lead[:n]...), byte(t.Kind))
		default:
			out = append(out, b[t.From:t.To]...)
		}
		t = after
	}
	return out
}

// layout is how a container is written.
type layout struct {
	gap     []byte // before a member
	closing []byte // before the closing bracket, where it is the first member
	colon   []byte // between name and value
	unit    string // one level of indentation; "" where all is in one line
}

// layoutOf reads how a container is written; colon is used where the text has none.
func (t *Tree) layoutOf(parent int, colon string) layout {
	list := t.Children(parent)
	lay := layout{colon: t.colon(parent, list, colon)}
	switch len(list) {
	case 0:
		lay.gap, lay.closing = t.emptyGap(parent)
	case 1:
		lay.gap = t.before(list[0])
		if len(lay.gap) == 0 && len(lay.colon) > 1 {
			lay.gap = []byte(" ") // {"a": 1} is written with a space after the comma too
		}
	default:
		lay.gap = t.before(list[len(list)-1])
	}
	if i := bytes.LastIndexByte(lay.gap, '\n'); i >= 0 {
		lay.unit = t.unit(parent, string(lay.gap[i+1:]))
	}
	return lay
}

// before is the white space before a member.
func (t *Tree) before(n int) []byte {
	head := t.Doc[:t.first(n)]
	return head[len(bytes.TrimRight(head, " \t\r\n")):]
}

// colon is what stands between name and value: of a neighbour, or one nearby.
func (t *Tree) colon(parent int, list []int, otherwise string) []byte {
	near := parent
	if len(list) > 0 {
		near = list[len(list)-1]
	}
	for near >= 0 && t.Nodes[near].Name.Kind == None {
		near = t.Nodes[near].Parent
	}
	if near < 0 {
		near = slices.IndexFunc(t.Nodes, func(n Node) bool { return n.Name.Kind == String })
	}
	if near < 0 {
		return []byte(otherwise)
	}
	return t.Doc[t.Nodes[near].Name.To:t.Nodes[near].From]
}

// emptyGap lays out the first member of an empty container: on a line of its
// own where the container itself stands on one.
func (t *Tree) emptyGap(parent int) (gap, closing []byte) {
	if t.Nodes[parent].Parent < 0 {
		if len(t.Doc) > 2 && bytes.IndexByte(t.Doc, '\n') >= 0 {
			eol := "\n"
			if bytes.Contains(t.Doc, []byte("\r\n")) {
				eol = "\r\n"
			}
			return []byte(eol + "  "), []byte(eol)
		}
		return nil, nil
	}
	own := t.before(parent)
	i := bytes.LastIndexByte(own, '\n')
	if i < 0 {
		return nil, nil
	}
	indent := string(own[i+1:])
	end := own[max(0, i-1) : i+1] // with its CR
	if end[0] != '\r' {
		end = own[i : i+1]
	}
	unit := t.unit(t.Nodes[parent].Parent, indent)
	return slices.Concat(end, []byte(indent+unit)), slices.Concat(end, []byte(indent))
}

// unit is one level of indentation: what a member is indented more than the
// container that it is in.
func (t *Tree) unit(parent int, indent string) string {
	at := t.first(parent)
	line := t.Doc[bytes.LastIndexByte(t.Doc[:at], '\n')+1 : at]
	lead := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
	if more, ok := strings.CutPrefix(indent, string(lead)); ok && more != "" {
		return more
	}
	return "  "
}

// value lays out a value that spans lines as its new neighbours are; where
// they stand in one line, so does it.
func (l layout) value(v []byte) []byte {
	if !bytes.ContainsAny(v, "{[") || Parse(v).Fault != nil {
		return v
	}
	set := Layout{Colon: string(l.colon), Comma: ","}
	switch {
	case l.unit != "":
		set.Line, set.Unit = string(l.gap), l.unit
	case len(l.colon) > 1:
		set.Comma = ", "
	}
	return set.Append(nil, v, math.MaxInt)
}
