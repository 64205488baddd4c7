package bodies

import (
	"bytes"
	"hash/maphash"
	"slices"

	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/lazyregexp"
)

// Maker makes the variants of one body.
type Maker struct {
	// Prefer reports whether a library is one of the sender's stack; its name is told
	// then where several write alike. It may be nil.
	Prefer func(library string) bool
	// Classes are names that the class of the body may have.
	Classes []string

	sent  []byte
	doc   *document // nil where the body is no JSON
	own   style     // its white space
	ruled bool      // own gives the document as it is
	plain []byte    // it without white space, once it was needed
	stop  func() bool

	pending []trial // of single changes, likeliest first

	seed maphash.Seed
	made map[uint64]bool // the hashes of what ops of JSON made

	// ops that change this body, cheapest first
	aspects [aspects][]op
	bytes   []byteOp

	written []written // by libraries, all different
}

// aspect is what an op of JSON changes; ops of different aspects compose.
type aspect int

const (
	shapeAspect aspect = iota
	orderAspect
	numberAspect
	stringAspect
	styleAspect
	aspects
)

// op is a change of one aspect of JSON: one of its functions is set.
type op struct {
	shape  shaper
	number func(dst, raw []byte) []byte
	string func(dst []byte, v *value) []byte
	style  *style
	change variant.Change
	more   *variant.Change // a second difference that comes with the first
	cost   int
}

// NewMaker looks at a body. stop is asked once in a while whether to end early.
func NewMaker(sent []byte, stop func() bool) *Maker {
	m := &Maker{sent: sent, doc: parse(sent), stop: stop, seed: maphash.MakeSeed(), made: map[uint64]bool{}}
	m.made[maphash.Bytes(m.seed, sent)] = true
	if m.doc != nil && isGroup(m.doc.root) {
		m.own, m.ruled = m.doc.ownStyle()
	}
	return m
}

// Singles returns the body as it was sent and everything that one change makes
// of it, as far as limit bytes hold it; the likeliest first, for bodies that
// take longer than there is time.
func (m *Maker) Singles(limit int) []Variant {
	set := variant.NewSet(m.sent, limit)
	m.Begin()
	m.Continue(set, exotic)
	return set.Variants()
}

// Begin gets ready to make single changes, by and by.
func (m *Maker) Begin() {
	m.pending = m.trials()
	slices.SortStableFunc(m.pending, func(a, b trial) int { return a.cost - b.cost })
}

// Continue adds to set what one change of up to that cost makes of the body, as
// far as it was not made yet; beside that there may be dearer ones.
func (m *Maker) Continue(set *Set, most int) {
	for len(m.pending) > 0 && m.pending[0].cost <= most && !m.stop() {
		t := m.pending[0]
		m.pending = m.pending[1:]
		t.run(set)
	}
}

// trial is one thing to try, with the cost of the likeliest that it makes.
type trial struct {
	cost int
	run  func(*Set)
}

// trials lists everything that one change may make of the body.
func (m *Maker) trials() []trial {
	var list []trial
	add := func(cost int, run func(*Set)) { list = append(list, trial{cost, run}) }
	for _, c := range constants {
		add(c.cost, func(set *Set) { set.Add(Variant{Bytes: []byte(c.how), Changes: one(c.change()), Cost: c.cost}) })
	}
	if m.doc != nil {
		if isGroup(m.doc.root) {
			for a, ops := range m.allOps() {
				for _, o := range ops {
					add(o.cost, func(set *Set) { m.tryOp(set, aspect(a), o) })
				}
			}
		}
		add(usual, m.parts)
		add(usual, m.dates)
		for _, d := range slices.Concat(dumps, javaMaps(), likelyForms()) {
			add(d.cost, func(set *Set) {
				if s, ok := d.how(m.doc.root); ok {
					set.Add(Variant{Bytes: []byte(s), Changes: one(d.change()), Cost: d.cost})
				}
			})
		}
	}
	for _, ops := range [][]byteOp{texts, wrappings(), charsetOps(), encodings()} {
		for _, o := range ops {
			add(o.cost, func(set *Set) {
				if b, ok := o.how(m.sent); ok && !bytes.Equal(b, m.sent) {
					m.bytes = append(m.bytes, o)
					set.Add(Variant{Bytes: b, Changes: one(o.change()), Cost: o.cost})
				}
			})
		}
	}
	return list
}

// tryOp tries an op of JSON, and keeps it for combinations where it makes
// something new.
func (m *Maker) tryOp(set *Set, a aspect, o op) {
	if o.shape != nil && m.idle(o.shape) {
		return
	}
	fresh := false
	for _, v := range m.render(o) {
		set.Add(v)
		sum := maphash.Bytes(m.seed, v.Bytes)
		fresh = fresh || !m.made[sum]
		m.made[sum] = true
	}
	if fresh {
		m.aspects[a] = append(m.aspects[a], o)
	}
}

// allOps lists the ops of each aspect.
func (m *Maker) allOps() [aspects][]op {
	var all [aspects][]op
	for _, o := range shapes {
		all[shapeAspect] = append(all[shapeAspect], op{shape: o.how, change: o.change(), cost: o.cost})
	}
	for _, o := range orders {
		all[orderAspect] = append(all[orderAspect], op{shape: o.how, change: o.change(), cost: o.cost})
	}
	for _, n := range numbers {
		all[numberAspect] = append(all[numberAspect], op{number: spell(n.how), change: n.change(), cost: n.cost})
	}
	for _, e := range escapings {
		change := e.change()
		if e.how == (escaping{}) {
			change = m.unescaped()
		}
		more := m.alsoEscaped(e.how)
		all[stringAspect] = append(all[stringAspect],
			op{string: e.how.add, change: change, more: more, cost: e.cost},
			op{string: e.how.roundTrip, change: change, more: more, cost: min(e.cost+1, exotic)})
	}
	for _, s := range styleTable() {
		if s.how.lf() == m.own.lf() && m.ruled {
			continue // only what is around it, or its line ends, would change
		}
		all[styleAspect] = append(all[styleAspect], op{style: &s.how, change: s.change(), cost: s.cost})
	}
	return all
}

// alsoEscaped returns the second difference of a spelling that escapes characters
// of two kinds, where this body has both.
func (m *Maker) alsoEscaped(e escaping) *variant.Change {
	if e.nonASCII == "" || !hasHigh(m.sent) {
		return nil
	}
	const code = "the same serialiser"
	switch {
	case e.ascii != "" && bytes.ContainsAny(bytes.ReplaceAll(m.sent, []byte{'"'}, nil), e.ascii):
		return &variant.Change{Cause: htmlEscaped, Says: "Characters that mean something in HTML were escaped, too.", Habit: code}
	case e.slash && bytes.IndexByte(m.sent, '/') >= 0:
		return &variant.Change{Cause: "body_slash_escaped_signed", Says: "/ was written as \\/, too.", Habit: code}
	}
	return nil
}

// idle reports whether a change of shape leaves this body as it is.
func (m *Maker) idle(apply shaper) bool {
	changed := apply(m.doc.root)
	return changed == nil || m.same(changed)
}

// same reports whether a document has the values of this one.
func (m *Maker) same(root *value) bool {
	if m.plain == nil {
		m.plain = writer{style: compact}.write(m.doc.root)
	}
	return bytes.Equal(writer{style: compact}.write(root), m.plain)
}

// unescaped names what writing plain characters undoes in this body.
func (m *Maker) unescaped() variant.Change {
	c := escapings[0].change()
	switch {
	case bytes.Contains(m.sent, []byte(`\/`)) && !highEscape.Match(m.sent):
		c.Cause, c.Says = "body_slash_unescaped_signed", "The body was signed with / where \\/ was sent."
	case highEscape.Match(m.sent):
	case bytes.Contains(bytes.ToLower(m.sent), []byte(`\u00`)):
		c.Cause, c.Says = "body_html_unescaped_signed", "The body was signed with plain characters where \\u003c and such were sent."
	}
	return c
}

// highEscape is the escape of a character outside ASCII.
var highEscape = lazyregexp.New(`\\u(?:00[89a-fA-F]|0[1-9a-fA-F]|[1-9a-fA-F])`)

// render makes what ops of different aspects make together. A change of shape
// goes with the white space that the body has, and with none: code that sorts
// keys has parsed the body and writes it again.
func (m *Maker) render(ops ...op) []Variant {
	w := writer{style: m.own}
	root, changed := m.doc.root, false
	cost := 0
	changes := make([]variant.Change, 0, len(ops))
	styled := false
	for _, o := range ops {
		cost += o.cost
		changes = append(changes, o.change)
		if o.more != nil {
			changes = append(changes, *o.more)
		}
		switch {
		case o.shape != nil:
			if root = o.shape(root); root == nil {
				return nil
			}
			changed = true
		case o.style != nil:
			w.style, changed, styled = *o.style, true, true
		case o.number != nil:
			w.number = o.number
		case o.string != nil:
			w.string = o.string
		}
	}
	if !changed {
		return []Variant{{Bytes: m.doc.respell(w), Changes: changes, Cost: cost}}
	}
	all := []Variant{{Bytes: w.write(root), Changes: changes, Cost: cost}}
	if !styled && m.own != compact {
		w.style = compact
		all = append(all, Variant{Bytes: w.write(root), Changes: changes, Cost: cost})
	}
	return all
}
