package bodies

import (
	"bytes"
	"slices"

	"countersign/apiclient/diagnose/variant"
)

// parts adds the bodies that are only a part of this one, or have it inside.
func (m *Maker) parts(set *Set) {
	root := m.doc.root
	w := writer{style: m.own}
	add := func(b []byte, cause, says, code string, cost int) {
		change := variant.Change{Cause: cause, Says: says, Habit: code}
		set.Add(Variant{Bytes: b, Changes: one(change), Cost: min(cost, exotic)})
	}
	raw := func(v *value) [][]byte {
		if !isGroup(v) {
			return [][]byte{v.raw, []byte(v.decoded())}
		}
		return [][]byte{writer{style: compact}.write(v), m.within(v), w.write(v), writer{style: spaced}.write(v)}
	}
	const inner = "body_inner_object_signed"
	for i, field := range root.members {
		if m.stop() {
			return
		}
		key := field.key.decoded()
		for k, b := range raw(field.value) {
			cost := usual + k + min(i/4, 2)
			if !isGroup(field.value) {
				cost = rare
			}
			add(b, inner, "Only the member "+key+" was signed instead of the whole body.",
				"`JSON.stringify(body."+key+")` instead of the body", cost)
		}
		alone := &value{kind: object, members: []member{field}}
		for k, s := range []style{m.own, compact} {
			add(writer{style: s}.write(alone), inner,
				"Only the member "+key+" was signed, with its name, instead of the whole body.",
				"signing a part of the body", plausible+k)
		}
		// Without this member: it was added after signing.
		rest := &value{kind: object, members: slices.Delete(slices.Clone(root.members), i, i+1)}
		for _, s := range []style{m.own, compact} {
			add(writer{style: s}.write(rest), "body_changed_in_transit",
				"The body was signed without its member "+key+", which was added after signing.",
				"code that runs after signing and adds "+key, plausible)
		}
		for _, below := range field.value.members {
			for _, b := range raw(below.value) {
				add(b, inner, "Only the member "+key+"."+below.key.decoded()+" was signed instead of the whole body.",
					"serialising a part of the body", exotic)
			}
		}
	}
	if root.kind == array && len(root.items) > 0 {
		for k, b := range raw(root.items[0]) {
			add(b, inner, "Only the first element was signed instead of the whole body.",
				"signing the element before it is put into a list", usual+k)
		}
	}
	for _, v := range swaps(root) {
		if m.stop() {
			return
		}
		add(w.write(v), orderChanged, "The body was signed with its outermost members in another order.",
			"a serialiser that has its own order", exotic)
	}
	m.wrappings(set)
}

// within returns v as it stands in the source; white space kept.
func (m *Maker) within(v *value) []byte {
	first, last := v.ends()
	if first == nil {
		return writer{style: compact}.write(v)
	}
	start, end := offsetIn(m.sent, first), offsetIn(m.sent, last)+len(last)
	for start > 0 && bytes.IndexByte([]byte(" \t\r\n"), m.sent[start-1]) >= 0 {
		start--
	}
	for end < len(m.sent) && bytes.IndexByte([]byte(" \t\r\n"), m.sent[end]) >= 0 {
		end++
	}
	if start == 0 || end == len(m.sent) || m.sent[start-1] != '{' && m.sent[start-1] != '[' {
		return writer{style: compact}.write(v)
	}
	return m.sent[start-1 : end+1]
}

// ends returns the first and last token inside a group of scalars at its ends.
func (v *value) ends() (first, last []byte) {
	v.tokens(func(t *value) {
		if first == nil {
			first = t.raw
		}
		last = t.raw
	})
	return first, last
}

// wrappings adds bodies that have this one inside.
func (m *Maker) wrappings(set *Set) {
	add := func(b []byte, says string, cost int) {
		change := variant.Change{
			Cause: "body_wrapped_signed", Says: says,
			Habit: "signing the object around the body, before or after it is taken out",
		}
		set.Add(Variant{Bytes: b, Changes: one(change), Cost: cost})
	}
	tight := writer{style: compact}.write(m.doc.root)
	for i, name := range wrappers {
		if m.stop() {
			return
		}
		says := `The body was signed inside an object: {"` + name + `": …}.`
		cost := min(usual+i/3, exotic)
		for k, b := range [][]byte{m.sent, tight} {
			add([]byte(`{"`+name+`":`+string(b)+`}`), says, min(cost+k, exotic))
			add([]byte(`{"`+name+`": `+string(b)+`}`), says, min(cost+2, exotic))
		}
		for _, b := range [][]byte{m.sent, tight} {
			add([]byte(`{"`+name+`":`+string(stringify(b, escaping{}))+`}`), says, min(cost+3, exotic))
			for _, escape := range []func(string) string{queryEscape, PercentAll} {
				add([]byte(name+"="+escape(string(b))), `The body was signed as the form `+name+`=….`, min(cost+3, exotic))
			}
		}
		for _, b := range [][]byte{m.sent, tight} {
			add([]byte(`{"`+name+`":`+string(b)+`,"signature":""}`), says, exotic)
			add([]byte(`{"`+name+`":`+string(b)+`,"sign":""}`), says, exotic)
		}
		add([]byte(name+"="+string(m.sent)), `The body was signed as `+name+`=….`, min(cost+3, exotic))
	}
	add([]byte("["+string(m.sent)+"]"), "The body was signed inside an array.", plausible)
	add([]byte("["+string(tight)+"]"), "The body was signed inside an array.", plausible)
	add([]byte("("+string(m.sent)+")"), "The body was signed in parentheses.", exotic)
	add([]byte("{"+string(m.sent)+"}"), "The body was signed in braces.", exotic)
}
