package bodies

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"sync"

	"countersign/apiclient/diagnose/variant"
)

// Libraries returns what whole libraries make of the body, as far as limit bytes
// hold it.
func (m *Maker) Libraries(limit int) []Variant {
	if m.doc == nil || !isGroup(m.doc.root) {
		return nil
	}
	set := variant.NewSet(m.sent, limit)
	m.libraries(set)
	m.partials(set)
	m.typedForms(set)
	m.classes(set)
	return set.Variants()[1:]
}

// written is what one library makes of the body, unlike that of those before.
type written struct {
	library
	text    []byte
	changes []variant.Change
}

func (m *Maker) libraries(set *Set) {
	root := lastOfDuplicates(m.doc.root)
	list := libraries()
	if m.Prefer != nil {
		slices.SortStableFunc(list, func(a, b library) int { return cmp.Compare(m.rank(a), m.rank(b)) })
	}
	for _, l := range list {
		if m.stop() {
			return
		}
		text := l.write(root)
		if bytes.Equal(text, m.sent) {
			continue
		}
		changes := m.differences(l)
		if set.Add(Variant{Bytes: text, Changes: changes, Cost: Library}) {
			m.written = append(m.written, written{l, text, changes})
		}
	}
}

// rank puts the libraries of the sender's stack before others.
func (m *Maker) rank(l library) int {
	if m.Prefer(l.name) {
		return 0
	}
	return 1
}

// write returns what the library makes of a document.
func (l library) write(root *value) []byte {
	for _, shape := range []shaper{l.shape, l.orders} {
		if shape != nil {
			root = shape(root)
		}
	}
	w := writer{style: *l.style, string: l.escapes.roundTrip}
	if l.numbers != nil {
		w.number = spell(l.numbers)
	}
	return append(w.write(root), l.tail...)
}

// Writes reports whether b is what the library of that name makes of itself.
func Writes(name string, b []byte) bool {
	d := parse(b)
	if d == nil || !isGroup(d.root) || len(b) > 1<<20 {
		return false
	}
	for _, l := range libraries() {
		if strings.HasPrefix(l.name, name) && bytes.Equal(l.write(lastOfDuplicates(d.root)), b) {
			return true
		}
	}
	return false
}

// LibraryPairs returns what libraries make of the body after its values were
// changed, or what is made of their text: the likeliest changes first. Libraries
// must have been called before.
func (m *Maker) LibraryPairs(limit int) []Variant {
	if m.doc == nil || !isGroup(m.doc.root) {
		return nil
	}
	set := variant.NewSet(m.sent, limit)
	root, all := lastOfDuplicates(m.doc.root), libraries()
	for _, o := range m.aspects[shapeAspect] {
		changed := o.shape(root)
		if changed == nil {
			continue
		}
		for _, w := range m.written {
			if m.stop() || set.Full() {
				break
			}
			set.Add(Variant{Bytes: w.write(changed), Changes: append(one(o.change), w.changes...), Cost: o.cost + Library})
		}
		if o.change.Cause != reformatted {
			continue
		}
		for _, l := range all { // that write alike what has no such numbers yet
			if m.stop() || set.Full() {
				break
			}
			change := o.change
			change.Habit = l.name + ", which parses and rewrites the body"
			set.Add(Variant{Bytes: l.write(changed), Changes: one(change), Cost: o.cost + Library})
		}
	}
	m.rewrittenPartials(set)
	var ops []byteOp
	for _, list := range [][]byteOp{charsetOps(), encodings(), texts} {
		ops = append(ops, slices.DeleteFunc(slices.Clone(list), func(o byteOp) bool { return o.cost > plausible })...)
	}
	slices.SortStableFunc(ops, func(a, b byteOp) int { return a.cost - b.cost })
	for _, o := range ops {
		for _, w := range m.written {
			if m.stop() || set.Full() {
				break
			}
			if b, ok := o.how(w.text); ok {
				set.Add(Variant{Bytes: b, Changes: append(slices.Clone(w.changes), o.change()), Cost: o.cost + Library})
			}
		}
	}
	return set.Variants()[1:]
}

// differences names the aspects in which a library's text differs from the
// body.
func (m *Maker) differences(l library) []variant.Change {
	var changes []variant.Change
	habitually := l.name + ", which parses and rewrites the body"
	note := func(text []byte, cause, says string) {
		if !bytes.Equal(text, m.sent) {
			changes = append(changes, variant.Change{Cause: cause, Says: says, Habit: habitually})
		}
	}
	own := writer{style: m.own}
	before := own.write(m.doc.root)
	same := func(v *value) bool { return bytes.Equal(own.write(v), before) }
	if l.orders != nil && !same(l.orders(m.doc.root)) {
		says := "The body was signed with its keys in the order of a hash table."
		if bytes.Equal(own.write(l.orders(m.doc.root)), own.write(sortedKeys(m.doc.root))) {
			says = "The body was signed with its keys sorted."
		}
		note(nil, orderChanged, says)
	}
	if l.shape != nil && !same(l.shape(m.doc.root)) {
		if bytes.Contains(m.sent, []byte("null")) && !same(noNulls(m.doc.root)) {
			note(nil, "body_null_fields_dropped", "The body was signed without the members that are null.")
		} else {
			note(nil, "body_empty_object_as_array", "The body was signed with [] for {}.")
		}
	}
	if *l.style != m.own || !m.ruled {
		note(nil, styleCause(*l.style), styleSays(*l.style))
	}
	if text := m.doc.respell(writer{string: l.escapes.roundTrip}); !bytes.Equal(text, m.sent) {
		says := escapeSays(*l.escapes)
		if len(text) < len(m.sent) {
			says = m.unescaped().Says
		}
		note(text, m.escapeCause(text, l.escapes), says)
	}
	if l.numbers != nil {
		if text := m.doc.respell(writer{number: spell(l.numbers)}); !bytes.Equal(text, m.sent) {
			cause := reformatted
			if m.onlyIntegers(l.numbers) {
				cause = precisionLost
			}
			note(text, cause, "The numbers of the body were signed as this library prints them, which is not how they were sent.")
		}
	}
	if l.tail != "" && !bytes.HasSuffix(m.sent, []byte(l.tail)) {
		note(nil, "body_trailing_newline", "The body was signed with a line feed at its end.")
	}
	if len(changes) == 0 {
		note(nil, "body_whitespace_trimmed", "The body was signed without the white space around it.")
	}
	return changes
}

// styleTable is styles, made once.
var styleTable = sync.OnceValue(styles)

// styleSays returns what setting that white space does, in a sentence.
func styleSays(s style) string {
	for _, o := range styleTable() {
		if o.how == s {
			return o.says
		}
	}
	return "The body was signed with other white space."
}

// escapeSays returns what that spelling of strings does, in a sentence.
func escapeSays(e escaping) string {
	for _, o := range escapings {
		if o.how == e {
			return o.says
		}
	}
	return "The body was signed with the characters of its strings escaped differently."
}

func styleCause(s style) string {
	switch {
	case s == compact:
		return "body_compact_signed"
	case s == spaced:
		return "body_python_separators_signed"
	case s.newline != "":
		return prettySigned
	}
	return blanksChanged
}

// escapeCause names what a spelling of strings did.
func (m *Maker) escapeCause(text []byte, e *escaping) string {
	grew := len(text) > len(m.sent)
	switch {
	case !grew:
		return m.unescaped().Cause
	case e.nonASCII != "" && hasHigh(m.sent):
		return unicodeEscaped
	case e.ascii != "" && bytes.ContainsAny(m.sent, e.ascii):
		return htmlEscaped
	case e.slash:
		return "body_slash_escaped_signed"
	}
	return unicodeEscaped
}

// onlyIntegers reports whether a way to print numbers changes only integers.
func (m *Maker) onlyIntegers(spell speller) bool {
	only := true
	m.doc.root.tokens(func(v *value) {
		if v.kind != number || isInteger(v.raw) {
			return
		}
		if s, ok := spell(v.raw); ok && s != string(v.raw) {
			only = false
		}
	})
	return only
}
