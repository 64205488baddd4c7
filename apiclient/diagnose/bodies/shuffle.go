package bodies

import (
	"slices"

	"countersign/apiclient/diagnose/variant"
)

// Sequence is a run of bodies that are made while they are tried. Append makes
// the i-th of Len behind dst, without allocating.
type Sequence struct {
	Len    int
	Append func(dst []byte, i int) []byte
	Change variant.Change
	More   *variant.Change // a second difference that comes with it
}

// Bounds of the orders that are tried.
const (
	maxOrdered    = 9         // members of one object that are put into every order: 362,880
	maxObjects    = 6         // objects that are
	maxOrders     = 100_000   // of all of them together
	maxMoreOrders = 1_000_000 // of a body that a map has sorted
)

// Orders returns the orders of the members, for the body's own white space and
// for that of common libraries: those of all objects together, where they are not
// too many, else of the outermost; and those in which keys that are numbers,
// which JavaScript puts first, may have stood.
func (m *Maker) Orders() []Sequence {
	if m.doc == nil || !isGroup(m.doc.root) {
		return nil
	}
	var list []Sequence
	sequences := func(moved map[*value]int, c variant.Change) {
		if count(moved) > maxOrders {
			return
		}
		for i, s := range []style{m.own, compact, spaced, pretty("  "), pretty("    ")} {
			if i > 0 && s == m.own {
				continue
			}
			if seq, ok := shuffled(m.doc.root, s, moved); ok {
				seq.Change = c
				list = append(list, seq)
			}
		}
	}
	sequences(movable(m.doc.root, indexKeys), variant.Change{Cause: orderChanged,
		Says:  "with its keys that are numbers in another place; they were sent first",
		Habit: "`JSON.parse` and `JSON.stringify` on the way: JavaScript objects keep such keys first"})
	other := variant.Change{Cause: orderChanged,
		Says:  "with the members of its objects in another order",
		Habit: "a serialiser with its own order, such as that of a class's fields or of a hash table"}
	all := orderable(m.doc.root, maxOrders)
	if len(m.doc.root.members) > 2 || len(all) > 1 {
		sequences(all, other)
	}
	return append(list, m.respelledOrders(other)...)
}

// orderable returns the objects that are put into every order: all of them where
// those are not too many, else the outermost.
func orderable(root *value, most int) map[*value]int {
	all := movable(root, func(v *value) int { return len(v.members) })
	if count(all) <= most && len(all) <= maxObjects {
		return all
	}
	return movable(root, func(v *value) int {
		if v != root {
			return 0
		}
		return len(v.members)
	})
}

// MoreOrders returns the orders of a body that a map has put into its own, which are
// too many to be tried of any body.
func (m *Maker) MoreOrders() []Sequence {
	if m.doc == nil || m.doc.root.kind != object || len(m.doc.root.members) < 4 {
		return nil
	}
	for _, order := range []shaper{sortedKeys, javaOrder} {
		moved := orderable(m.doc.root, maxMoreOrders)
		if !m.same(order(m.doc.root)) || count(moved) <= maxOrders {
			continue
		}
		if seq, ok := shuffled(m.doc.root, compact, moved); ok {
			seq.Change = variant.Change{Cause: orderChanged,
				Says:  "with the members of its objects in another order than that of a map, in which it was sent",
				Habit: "reading the body into a map and writing it again: `json.Marshal` of a map in Go, `jsonify` of Flask, or a HashMap"}
			return []Sequence{seq}
		}
	}
	return nil
}

// maxRespelled is how many ways to write strings, and numbers, are tried in every order.
const maxRespelled = 4

// respelledOrders returns the orders of the members with the strings or numbers in
// another spelling: what was sent was read, sorted and written by another library.
func (m *Maker) respelledOrders(c variant.Change) []Sequence {
	var list []Sequence
	first := func(a aspect) []op { return m.aspects[a][:min(maxRespelled, len(m.aspects[a]))] }
	for _, o := range slices.Concat(first(stringAspect), first(numberAspect)) {
		respell := func(v *value) *value {
			switch {
			case v.kind == text && o.string != nil:
				return &value{kind: text, raw: o.string(nil, v)}
			case v.kind == number && o.number != nil:
				return &value{kind: number, raw: o.number(nil, v.raw)}
			}
			return v
		}
		root := m.doc.root.transform(respell)
		moved := orderable(root, maxOrders/5)
		if count(moved) > maxOrders/5 {
			continue
		}
		for _, s := range []style{compact, spaced} {
			if seq, ok := shuffled(root, s, moved); ok {
				seq.Change, seq.More = c, &o.change
				list = append(list, seq)
			}
		}
	}
	return list
}

// indexKeys returns how many keys of an object are numbers that stand first.
func indexKeys(v *value) int {
	n := 0
	for n < len(v.members) {
		if _, ok := arrayIndex(v.members[n]); !ok {
			break
		}
		n++
	}
	return n
}

// movable returns how many of its first members are moved to any place, for each
// object that has some.
func movable(root *value, first func(*value) int) map[*value]int {
	moved := map[*value]int{}
	var visit func(v *value)
	visit = func(v *value) {
		if n := first(v); v.kind == object && n > 0 && len(v.members) > 1 {
			moved[v] = n
		}
		for _, m := range v.members {
			visit(m.value)
		}
		for _, item := range v.items {
			visit(item)
		}
	}
	visit(root)
	return moved
}

// count returns how many orders there are together; more than maxMoreOrders where
// they are too many.
func count(moved map[*value]int) int {
	n := 1
	for v, first := range moved {
		for k := len(v.members) - first; k < len(v.members); k++ {
			if n *= k + 1; n > maxMoreOrders {
				return n
			}
		}
	}
	return n
}

// shuffle is a document whose objects are written in any order.
type shuffle struct {
	objects []shuffledObject
	pieces  []piece
}

type shuffledObject struct{ members, first int }

// piece is text, or an object that is put into some order.
type piece struct {
	text    []byte
	object  int // its number, where members is set
	members [][]piece
	between []byte
}

// shuffled returns the sequence of the orders of a document in one style.
func shuffled(root *value, s style, moved map[*value]int) (Sequence, bool) {
	n := count(moved)
	if len(moved) == 0 || len(moved) > maxObjects || n > maxMoreOrders || n < 2 {
		return Sequence{}, false
	}
	for v := range moved {
		if len(v.members) > maxOrdered {
			return Sequence{}, false
		}
	}
	sh := &shuffle{}
	sh.pieces = sh.compile(nil, root, writer{style: s}, 0, moved)
	return Sequence{Len: n, Append: func(dst []byte, i int) []byte {
		var orders [maxObjects][maxOrdered]byte
		for k, o := range sh.objects {
			i = o.unrank(&orders[k], i)
		}
		return write(dst, sh.pieces, &orders)
	}}, true
}

// unrank puts the members into the order that i names and returns what is left
// of i: the last ones keep their order, and each of the first takes any place
// among those that stand already.
func (o shuffledObject) unrank(order *[maxOrdered]byte, i int) int {
	n := 0
	for k := o.first; k < o.members; k++ {
		order[n] = byte(k) //nolint:gosec // at most maxOrdered
		n++
	}
	for k := range o.first {
		n++
		at := i % n
		i /= n
		copy(order[at+1:n], order[at:n-1])
		order[at] = byte(k) //nolint:gosec // at most maxOrdered
	}
	return i
}

func write(dst []byte, pieces []piece, orders *[maxObjects][maxOrdered]byte) []byte {
	for i := range pieces {
		p := &pieces[i]
		dst = append(dst, p.text...)
		for k := range p.members {
			if k > 0 {
				dst = append(dst, p.between...)
			}
			dst = write(dst, p.members[orders[p.object][k]], orders)
		}
	}
	return dst
}

// compile appends the pieces of v.
func (sh *shuffle) compile(to []piece, v *value, w writer, depth int, moved map[*value]int) []piece {
	text := func(parts ...[]byte) { to = append(to, piece{text: slices.Concat(parts...)}) }
	switch {
	case v.kind == object && len(v.members) > 0:
		text([]byte{'{'}, w.line(nil, depth+1))
		between := []byte(w.comma)
		if w.newline != "" {
			between = w.line(between, depth+1)
		}
		members := make([][]piece, len(v.members))
		for i, m := range v.members {
			members[i] = []piece{{text: append(w.append(nil, m.key, depth+1), w.colon...)}}
			members[i] = sh.compile(members[i], m.value, w, depth+1, moved)
		}
		if first := moved[v]; first > 0 {
			to = append(to, piece{object: len(sh.objects), members: members, between: between})
			sh.objects = append(sh.objects, shuffledObject{len(members), first})
		} else {
			for i, m := range members {
				if i > 0 {
					text(between)
				}
				to = append(to, m...)
			}
		}
		text(w.line(nil, depth), []byte{'}'})
	case v.kind == array && len(v.items) > 0:
		inner, first, last := depth+1, w.line(nil, depth+1), w.line(nil, depth)
		between := []byte(w.comma)
		if w.newline != "" {
			between = w.line(between, inner)
		}
		if w.inline {
			inner, first, last, between = depth, []byte(w.arrayPad), []byte(w.arrayPad), []byte(w.comma+" ")
		}
		text([]byte{'['}, first)
		for i, item := range v.items {
			if i > 0 {
				text(between)
			}
			to = sh.compile(to, item, w, inner, moved)
		}
		text(last, []byte{']'})
	default:
		text(w.append(nil, v, depth))
	}
	return to
}
