package bodies

import (
	"slices"

	"countersign/apiclient/diagnose/variant"
)

// Pairs returns what two changes make of the body, and the habits of whole
// serialisers, which change several aspects at once; cheapest first where
// limit bytes do not hold them all. Singles must have been called before.
func (m *Maker) Pairs(limit int) []Variant {
	set := variant.NewSet(m.sent, limit)
	if m.doc != nil && isGroup(m.doc.root) {
		m.serialisers(set)
		m.jsonPairs(set)
	}
	m.bytePairs(set)
	return slices.DeleteFunc(set.Variants(), func(v Variant) bool { return len(v.Changes) < 2 })
}

// jsonPairs combines ops of two different aspects.
func (m *Maker) jsonPairs(set *Set) {
	for a := range aspects {
		for b := a + 1; b < aspects; b++ {
			for _, x := range m.aspects[a] {
				for _, y := range m.aspects[b] {
					if m.stop() || set.Full() {
						return
					}
					for _, v := range m.render(x, y) {
						set.Add(v)
					}
				}
			}
		}
	}
	// Shapes compose with each other, too.
	for i, x := range m.aspects[shapeAspect] {
		for _, y := range m.aspects[shapeAspect][i+1:] {
			if m.stop() || set.Full() {
				return
			}
			for _, v := range m.render(x, y) {
				set.Add(v)
			}
		}
	}
	for _, x := range m.aspects[numberAspect] {
		for _, y := range m.aspects[numberAspect] {
			if x.change.Cause == y.change.Cause || x.cost+y.cost > common+usual {
				continue
			}
			chain := x
			chain.number = func(dst, raw []byte) []byte { return y.number(dst, x.number(nil, raw)) }
			chain.cost = x.cost + y.cost
			for _, v := range m.render(chain) {
				v.Changes = []variant.Change{x.change, y.change}
				set.Add(v)
			}
		}
	}
}

// serialisers combines the habits of white space, order, escapes and numbers
// as whole libraries have them.
func (m *Maker) serialisers(set *Set) {
	nothing := []op{{}}
	take := func(a aspect, n int) []op {
		list := m.aspects[a]
		return append(nothing[:1:1], list[:min(n, len(list))]...)
	}
	for _, order := range take(orderAspect, 4) {
		for _, shape := range take(shapeAspect, 4) {
			for _, text := range take(stringAspect, 10) {
				for _, number := range take(numberAspect, 6) {
					for _, style := range take(styleAspect, 7) {
						if m.stop() || set.Full() {
							return
						}
						m.serialiser(set, order, shape, text, number, style)
					}
				}
			}
		}
	}
}

func (m *Maker) serialiser(set *Set, ops ...op) {
	var chosen []op
	for _, o := range ops {
		if o.change.Cause != "" {
			chosen = append(chosen, o)
		}
	}
	// Two are pairs, which come anyway; more than three are rarely a library.
	if len(chosen) != 3 {
		return
	}
	for _, v := range m.render(chosen...) {
		set.Add(v)
	}
}

// bytePairs applies changes of bytes to what changes of JSON or of bytes made.
func (m *Maker) bytePairs(set *Set) {
	after := m.bytes
	apply := func(v Variant, o byteOp) {
		if b, ok := o.how(v.Bytes); ok {
			set.Add(Variant{Bytes: b, Changes: append(slices.Clone(v.Changes), o.change()), Cost: v.Cost + o.cost})
		}
	}
	late := allBytes(after)
	for _, list := range m.aspects {
		for _, x := range list {
			if x.cost > plausible {
				break // cheapest first
			}
			for _, v := range m.render(x) {
				for _, o := range late {
					if m.stop() || set.Full() {
						return
					}
					if x.cost+o.cost <= usual+plausible {
						apply(v, o)
					}
				}
			}
		}
	}
	for _, x := range after {
		b, ok := x.how(m.sent)
		if !ok || x.cost > plausible {
			continue
		}
		for _, o := range after {
			if m.stop() || set.Full() {
				return
			}
			if o.cost+x.cost <= usual+plausible && o.cause != x.cause {
				apply(Variant{Bytes: b, Changes: one(x.change()), Cost: x.cost}, o)
			}
		}
	}
	if m.doc == nil {
		return
	}
	for _, d := range slices.Concat(dumps, javaMaps(), likelyForms()) {
		if m.stop() || set.Full() {
			return
		}
		if d.cost > plausible {
			continue
		}
		s, ok := d.how(m.doc.root)
		if !ok {
			continue
		}
		for _, o := range after {
			if m.stop() || set.Full() {
				return
			}
			if o.cost <= usual {
				apply(Variant{Bytes: []byte(s), Changes: one(d.change()), Cost: d.cost}, o)
			}
		}
	}
}

// allBytes returns the byte ops that may follow a change of JSON: those that
// change the body as it was sent, and those of line ends, which it may have
// only then.
func allBytes(active []byteOp) []byteOp {
	list := slices.DeleteFunc(slices.Clone(active), func(o byteOp) bool { return o.cost > rare })
	for _, o := range texts {
		if o.cause == "body_line_endings" && o.cost <= usual {
			list = append(list, o)
		}
	}
	return list
}
