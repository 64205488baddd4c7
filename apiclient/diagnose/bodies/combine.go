package bodies

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"

	"countersign/apiclient/diagnose/variant"
)

// Maker makes the variants of one body.
type Maker struct {
	sent  []byte
	doc   *document // nil where the body is no JSON
	own   style     // its white space
	ruled bool      // own gives the document as it is
	plain []byte    // it without white space, once it was needed
	stop  func() bool

	// ops that change this body, cheapest first
	aspects [aspects][]op
	bytes   []byteOp
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
	shape  func(*value) *value
	number func(dst, raw []byte) []byte
	string func(dst []byte, v *value) []byte
	style  *style
	change habit
	more   *habit // a second difference that comes with the first
	cost   int
}

// NewMaker looks at a body. stop is asked once in a while whether to end early.
func NewMaker(sent []byte, stop func() bool) *Maker {
	m := &Maker{sent: sent, doc: parse(sent), stop: stop}
	if m.doc != nil && isGroup(m.doc.root) {
		m.own, m.ruled = m.doc.ownStyle()
	}
	return m
}

// Singles gives the body as it was sent and everything that one change makes
// of it, as far as limit bytes hold it.
func (m *Maker) Singles(limit int) []Variant {
	set := variant.NewSet(m.sent, limit)
	for _, c := range constants {
		set.Add(Variant{Bytes: []byte(c.text), Changes: one(c.change), Cost: c.cost})
	}
	if m.doc != nil {
		m.json(set)
	}
	for _, list := range [][]byteOp{texts, charsetOps(), encodings()} {
		for _, o := range list {
			if m.stop() {
				return set.Variants()
			}
			if b, ok := o.apply(m.sent); ok && !bytes.Equal(b, m.sent) {
				m.bytes = append(m.bytes, o)
				set.Add(Variant{Bytes: b, Changes: one(o.change), Cost: o.cost})
			}
		}
	}
	slices.SortStableFunc(m.bytes, func(a, b byteOp) int { return a.cost - b.cost })
	return set.Variants()
}

// json adds what one op of JSON makes.
func (m *Maker) json(set *Set) {
	if isGroup(m.doc.root) {
		for a, list := range m.allOps() {
			for _, o := range list {
				if m.stop() {
					return
				}
				fresh := false
				for _, v := range m.render(o) {
					fresh = set.Add(v) || fresh
				}
				if fresh {
					m.aspects[a] = append(m.aspects[a], o)
				}
			}
			slices.SortStableFunc(m.aspects[a], func(a, b op) int { return a.cost - b.cost })
		}
	}
	m.parts(set)
	for _, d := range slices.Concat(dumps, javaMaps(), forms()) {
		if m.stop() {
			return
		}
		if s, ok := d.write(m.doc.root); ok {
			set.Add(Variant{Bytes: []byte(s), Changes: one(d.change), Cost: d.cost})
		}
	}
}

// allOps lists the ops of each aspect.
func (m *Maker) allOps() [aspects][]op {
	var all [aspects][]op
	for _, o := range shapes {
		if m.idle(o.apply) {
			continue
		}
		all[shapeAspect] = append(all[shapeAspect], op{shape: o.apply, change: o.change, cost: o.cost})
	}
	for _, o := range orders {
		if m.idle(o.apply) {
			continue
		}
		all[orderAspect] = append(all[orderAspect], op{shape: o.apply, change: o.change, cost: o.cost})
	}
	for _, n := range numbers {
		all[numberAspect] = append(all[numberAspect], op{number: spell(n.spell), change: n.change, cost: n.cost})
	}
	for _, e := range escapings {
		change := e.change
		if e.escaping == (escaping{}) {
			change = m.unescaped()
		}
		more := m.alsoEscaped(e.escaping)
		all[stringAspect] = append(all[stringAspect],
			op{string: e.add, change: change, more: more, cost: e.cost}, op{string: e.roundTrip, change: change, more: more, cost: min(e.cost+1, exotic)})
	}
	for _, s := range styles() {
		if s.style == m.own && m.ruled {
			continue // only what is around it would change
		}
		all[styleAspect] = append(all[styleAspect], op{style: &s.style, change: s.change, cost: s.cost})
	}
	return all
}

// alsoEscaped is the second difference of a spelling that escapes characters
// of two kinds, where this body has both.
func (m *Maker) alsoEscaped(e escaping) *habit {
	if e.nonASCII == "" || !hasHigh(m.sent) {
		return nil
	}
	const code = "the same serialiser"
	switch {
	case e.ascii != "" && bytes.ContainsAny(bytes.ReplaceAll(m.sent, []byte{'"'}, nil), e.ascii):
		return &habit{"body_html_escaped_signed", "Characters that mean something in HTML were escaped, too.", code}
	case e.slash && bytes.IndexByte(m.sent, '/') >= 0:
		return &habit{"body_slash_escaped_signed", "/ was written as \\/, too.", code}
	}
	return nil
}

// idle reports whether a change of shape leaves this body as it is.
func (m *Maker) idle(apply func(*value) *value) bool {
	if m.plain == nil {
		m.plain = writer{style: compact}.write(m.doc.root)
	}
	changed := apply(m.doc.root)
	return changed == nil || bytes.Equal(writer{style: compact}.write(changed), m.plain)
}

// unescaped names what writing plain characters undoes in this body.
func (m *Maker) unescaped() habit {
	c := escapings[0].change
	switch {
	case bytes.Contains(m.sent, []byte(`\/`)) && !highEscape.Match(m.sent):
		c.Cause, c.Says = "body_slash_unescaped_signed", "The body was signed with / where \\/ was sent."
	case highEscape.Match(m.sent):
	case bytes.Contains(bytes.ToLower(m.sent), []byte(`\u00`)):
		c.Cause, c.Says = "body_html_unescaped_signed", "The body was signed with plain characters where \\u003c and its like were sent."
	}
	return c
}

// highEscape is the escape of a character outside ASCII.
var highEscape = regexp.MustCompile(`\\u(?:00[89a-fA-F]|0[1-9a-fA-F]|[1-9a-fA-F])`)

// render makes what ops of different aspects make together. A change of shape
// goes with the white space that the body has, and with none: whoever sorts
// keys has parsed the body and writes it anew.
func (m *Maker) render(ops ...op) []Variant {
	w := writer{style: m.own}
	root, anew := m.doc.root, false
	cost := 0
	changes := make([]variant.Change, 0, len(ops))
	styled := false
	for _, o := range ops {
		cost += o.cost
		changes = append(changes, variant.Change(o.change))
		if o.more != nil {
			changes = append(changes, variant.Change(*o.more))
		}
		switch {
		case o.shape != nil:
			if root = o.shape(root); root == nil {
				return nil
			}
			anew = true
		case o.style != nil:
			w.style, anew, styled = *o.style, true, true
		case o.number != nil:
			w.number = o.number
		case o.string != nil:
			w.string = o.string
		}
	}
	if !anew {
		return []Variant{{Bytes: m.doc.respell(w), Changes: changes, Cost: cost}}
	}
	all := []Variant{{Bytes: w.write(root), Changes: changes, Cost: cost}}
	if !styled && m.own != compact {
		w.style = compact
		all = append(all, Variant{Bytes: w.write(root), Changes: changes, Cost: cost})
	}
	return all
}

// styleOp is a way to set white space.
type styleOp struct {
	style
	change habit
	cost   int
}

func styles() []styleOp {
	prettily := func(says, code string) habit { return habit{"body_pretty_signed", says, code} }
	python := habit{"body_python_separators_signed", "The body was signed with a space after each colon and comma.", "Python's `json.dumps(data)`; `separators=(',', ':')` leaves the spaces out"}
	list := []styleOp{
		{compact, habit{"body_compact_signed", "The body was signed as compact JSON, but sent with white space.", "`JSON.stringify(req.body)` after parsing, or any serialiser without indentation"}, common},
		{spaced, python, common},
		{style{colon: ": ", comma: ","}, habit{"body_whitespace_changed", "The body was signed with a space after each colon.", "a serialiser with its own separators"}, usual},
		{style{colon: ":", comma: ", "}, habit{"body_whitespace_changed", "The body was signed with a space after each comma.", "a serialiser with its own separators"}, usual},
		{style{colon: " : ", comma: ", "}, habit{"body_whitespace_changed", "The body was signed with spaces around each colon and after each comma.", "a serialiser with its own separators"}, plausible},
		{style{colon: " : ", comma: ","}, habit{"body_whitespace_changed", "The body was signed with spaces around each colon.", "a serialiser with its own separators"}, plausible},
		{style{colon: ": ", comma: ", ", pad: " "}, habit{"body_whitespace_changed", "The body was signed with a space inside braces, after colons and after commas.", "a serialiser with its own separators"}, plausible},
		{style{colon: ":", comma: ",", pad: " "}, habit{"body_whitespace_changed", "The body was signed with a space inside braces.", "a serialiser with its own separators"}, rare},
		{style{colon: " : ", comma: " , "}, habit{"body_whitespace_changed", "The body was signed with spaces around colons and commas.", "a serialiser with its own separators"}, rare},
		{jackson, prettily("The body was signed as Jackson's pretty printer writes it.", "`writerWithDefaultPrettyPrinter()`"), usual},
		{jackson.crlf(), prettily("The body was signed as Jackson's pretty printer writes it on Windows.", "`writerWithDefaultPrettyPrinter()`"), plausible},
		{style{newline: "\n", indent: "\t", colon: ":", comma: ","}, prettily("The body was signed with tabs, as fastjson's pretty format.", "`JSON.toJSONString(o, PrettyFormat)`"), usual},
		{style{newline: "\n", indent: "", colon: ": ", comma: ","}, prettily("The body was signed with a line for each member and no indentation.", "Python's `json.dumps(data, indent=0)`"), plausible},
		{style{newline: "\n", indent: "", colon: ":", comma: ","}, prettily("The body was signed with a line for each member and no indentation.", "a pretty printer without indentation"), rare},
		{style{newline: "\n", indent: "   ", colon: " : ", comma: ","}, prettily("The body was signed as Perl's JSON module prints it.", "`JSON->new->pretty`"), plausible},
		{style{newline: "\n", indent: "  ", colon: ": ", comma: ", "}, prettily("The body was signed as old Python prints it, with a space at the ends of lines.", "`json.dumps(data, indent=2)` of Python 2"), plausible},
		{style{newline: "\n", indent: "    ", colon: ": ", comma: ", "}, prettily("The body was signed as old Python prints it, with a space at the ends of lines.", "`json.dumps(data, indent=4)` of Python 2"), plausible},
		{style{newline: "\n", indent: "  ", colon: " : ", comma: ","}, prettily("The body was signed with two spaces for each level and spaces around colons.", "Apple's JSONSerialization"), plausible},
		{style{newline: "\n", indent: "    ", colon: " : ", comma: ","}, prettily("The body was signed with four spaces for each level and spaces around colons.", "a pretty printer"), rare},
		{style{newline: "\n", indent: "\t", colon: " : ", comma: ","}, prettily("The body was signed with tabs and spaces around colons.", "jsoncpp"), plausible},
	}
	habits := map[string]string{
		"  ":   "`JSON.stringify(o, null, 2)`, Gson's `setPrettyPrinting()`, Ruby's `pretty_generate`",
		"    ": "Python's `json.dumps(data, indent=4)`, or PHP's `JSON_PRETTY_PRINT`",
		"\t":   "`json.MarshalIndent(v, \"\", \"\\t\")`, or an editor",
	}
	for i, indent := range []string{"  ", "    ", "\t", "   ", " ", "      ", "        ", "     "} {
		code := habits[indent]
		if code == "" {
			code = "a pretty printer with this indentation"
		}
		says := "The body was signed pretty-printed with " + indentWords(indent) + " for each level, but sent otherwise."
		cost := min(common+i, exotic)
		list = append(list,
			styleOp{pretty(indent), prettily(says, code), cost},
			styleOp{pretty(indent).crlf(), prettily(says[:len(says)-1]+", with CR LF.", code+", on Windows"), min(cost+3, exotic)})
		for _, colon := range []string{":", " : ", " :"} {
			other := pretty(indent)
			other.colon = colon
			list = append(list, styleOp{other, prettily(says[:len(says)-1]+fmt.Sprintf(", with %q behind keys.", colon), "a pretty printer of its own kind"), min(cost+4, exotic)})
		}
		inline := pretty(indent)
		inline.inline = true
		list = append(list, styleOp{inline, prettily(says[:len(says)-1]+", arrays on one line.", "a pretty printer that keeps arrays on one line"), min(cost+4, exotic)})
		empties := pretty(indent)
		empties.emptyArray, empties.emptyObject = "[\n\n]", "{\n}"
		list = append(list, styleOp{empties, prettily(says, "an old Ruby or Jackson pretty printer"), exotic})
	}
	return list
}

func indentWords(indent string) string {
	switch {
	case indent == "\t":
		return "a tab"
	case len(indent) == 1:
		return "a space"
	}
	return itoa(len(indent)) + " spaces"
}

// parts adds the bodies that are only a part of this one, or have it inside.
func (m *Maker) parts(set *Set) {
	root := m.doc.root
	w := writer{style: m.own}
	add := func(b []byte, cause, says, code string, cost int) {
		set.Add(Variant{Bytes: b, Changes: one(habit{cause, says, code}), Cost: min(cost, exotic)})
	}
	raw := func(v *value) [][]byte {
		if !isGroup(v) {
			return [][]byte{v.raw, []byte(v.decoded())}
		}
		return [][]byte{writer{style: compact}.write(v), m.within(v), w.write(v), writer{style: spaced}.write(v)}
	}
	const inner = "body_inner_object_signed"
	for i, field := range root.members {
		key := field.key.decoded()
		for k, b := range raw(field.value) {
			cost := usual + k + min(i/4, 2)
			if !isGroup(field.value) {
				cost = rare
			}
			add(b, inner, "Only the member "+key+" was signed instead of the whole body.", "`JSON.stringify(body."+key+")` instead of the body", cost)
		}
		alone := &value{kind: object, members: []member{field}}
		for k, s := range []style{m.own, compact} {
			add(writer{style: s}.write(alone), inner, "Only the member "+key+" was signed, with its name, instead of the whole body.", "signing a part of the body", plausible+k)
		}
		// Without this member: it was added after signing.
		rest := &value{kind: object, members: slices.Delete(slices.Clone(root.members), i, i+1)}
		for _, s := range []style{m.own, compact} {
			add(writer{style: s}.write(rest), "body_changed_in_transit", "The body was signed without its member "+key+", which was added after signing.", "a proxy or later code that adds "+key, plausible)
		}
		for _, below := range field.value.members {
			for _, b := range raw(below.value) {
				add(b, inner, "Only the member "+key+"."+below.key.decoded()+" was signed instead of the whole body.", "serialising a part of the body", exotic)
			}
		}
	}
	if root.kind == array && len(root.items) > 0 {
		for k, b := range raw(root.items[0]) {
			add(b, inner, "Only the first element was signed instead of the whole body.", "signing the element before it is put into a list", usual+k)
		}
	}
	for _, v := range swaps(root) {
		add(w.write(v), "body_key_order_changed", "The body was signed with its outermost members in another order.", "a serialiser that has an order of its own", exotic)
	}
	m.wrappings(set)
}

// within is v as it stands in the source; white space kept.
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

// ends are the first and last token inside a group of scalars at its ends.
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
		set.Add(Variant{Bytes: b, Changes: one(habit{"body_wrapped_signed", says, "signing the object around the body, before or after it is taken out"}), Cost: cost})
	}
	tight := writer{style: compact}.write(m.doc.root)
	for i, name := range wrappers {
		says := `The body was signed inside an object: {"` + name + `": …}.`
		cost := min(usual+i/3, exotic)
		for k, b := range [][]byte{m.sent, tight} {
			add([]byte(`{"`+name+`":`+string(b)+`}`), says, min(cost+k, exotic))
			add([]byte(`{"`+name+`": `+string(b)+`}`), says, min(cost+2, exotic))
		}
		add([]byte(`{"`+name+`":`+string(stringify(m.sent, escaping{}))+`}`), says, min(cost+3, exotic))
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
