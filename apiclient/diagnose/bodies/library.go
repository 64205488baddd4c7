package bodies

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"sync"

	"countersign/apiclient/diagnose/variant"
)

// library is what a JSON library makes of a body that it parses and writes
// again: several aspects at once, which is still one habit.
type library struct {
	name    string
	orders  shaper
	shape   shaper
	numbers speller
	escapes *escaping
	style   *style
	tail    string // behind the text
}

// Library is the cost of what a whole library does to a body: more than a
// single change, less than two that have nothing to do with each other.
const Library = variant.Exotic + 2

var (
	sortedKeys = reorder(true, by(strings.Compare))
	javaOrder  = reorder(true, hashMap)
	jsOrder    = reorder(true, ecmaOrder)
	sortedJS   = func(root *value) *value { return jsOrder(sortedKeys(root)) }
	noNulls    = drop(true, isNull)
	phpArrays  = replace(isEmptyObject, func(*value) *value { return &value{kind: array} })
	plainText  = &escaping{}
	asciiText  = &escaping{nonASCII: lowerUnits}
	goText     = &escaping{ascii: goHTML, lines: true}
	slashText  = &escaping{slash: true}
	phpText    = &escaping{slash: true, nonASCII: lowerUnits}
	gsonText   = &escaping{ascii: gsonHTML, lines: true}
	netText    = &escaping{ascii: netHTML, nonASCII: upperUnits, upper: true, lines: true, bare: true}
	railsText  = &escaping{ascii: goHTML, lines: true}
)

// libraries lists what common libraries do, each with the forms that it has.
func libraries() []library {
	var all []library
	add := func(name string, orders, shape shaper, numbers speller, escapes *escaping, tail string, styles ...style) {
		if len(styles) == 0 {
			styles = []style{compact}
		}
		for _, s := range styles {
			all = append(all, library{name, orders, shape, numbers, escapes, &s, tail})
		}
	}
	two, four, tab := pretty("  "), pretty("    "), pretty("\t")
	for _, tail := range []string{"", "\n"} {
		for _, text := range []*escaping{goText, plainText} {
			add("encoding/json of Go", sortedKeys, nil, double(goFloat, true), text, tail, compact, two, four, tab)
			add("encoding/json of Go with UseNumber", sortedKeys, nil, nil, text, tail, compact, two, four, tab)
			add("encoding/json of Go with a struct", nil, nil, nil, text, tail, compact, two, four, tab)
		}
	}
	for _, text := range []*escaping{asciiText, plainText, {nonASCII: lowerUnits, bare: true}} {
		for _, order := range []shaper{nil, sortedKeys} {
			add("json.dumps of Python", order, nil, double(python, false), text, "", spaced, compact, two, four, pretty(""), tab)
			add("json.dumps of Python with Decimal", order, nil, nil, text, "", spaced, compact, two, four)
		}
		add("json.dumps of Python", nil, nil, double(python, false), text, "\n", spaced, two, four)
	}
	for _, number := range []speller{double(ecma, true), nil} {
		add("JSON.stringify of JavaScript", jsOrder, nil, number, plainText, "", compact, two, four, tab, spaced)
		add("JSON.stringify of JavaScript", sortedKeys, nil, number, plainText, "", compact, two)
		add("JSON.stringify of JavaScript", sortedJS, nil, number, plainText, "", compact, two, four, tab)
	}
	for _, text := range []*escaping{phpText, {slash: true, lines: true}, asciiText, {lines: true}, plainText} {
		for _, number := range []speller{mixed(phpFloat), mixed(phpFlat), mixed(phpOld)} {
			for _, shape := range []shaper{phpArrays, nil} {
				add("json_encode of PHP", nil, shape, number, text, "", compact, four)
			}
		}
		add("json_encode of PHP", nil, nil, nil, text, "", compact, four)
		for _, number := range []speller{nil, mixed(phpFloat), mixed(phpFlat)} {
			add("json_encode of PHP after ksort", reorder(false, by(strings.Compare)), nil, number, text, "")
			add("json_encode of PHP after a recursive ksort", sortedKeys, phpArrays, number, text, "")
		}
	}
	for _, text := range []escaping{{}, {slash: true}, {nonASCII: lowerUnits}, {slash: true, nonASCII: lowerUnits}} {
		text.ascii, text.upper = phpHTML, true
		for _, number := range []speller{nil, mixed(phpFloat), mixed(phpFlat)} {
			for _, shape := range []shaper{phpArrays, nil} {
				add("json_encode of PHP with JSON_HEX flags", nil, shape, number, &text, "", compact, four)
			}
		}
	}
	for _, shape := range []shaper{nil, noNulls} {
		add("Jackson", nil, shape, nil, plainText, "", compact, jackson)
		add("Jackson with Double", nil, shape, mixed(java), plainText, "", compact, jackson)
		add("Jackson with Double", nil, shape, double(java, false), plainText, "", compact, jackson)
		add("Jackson with sorted keys", sortedKeys, shape, nil, plainText, "", compact, jackson)
		add("Jackson with sorted keys", sortedKeys, shape, double(java, false), plainText, "", compact, jackson)
		add("Jackson with a HashMap", javaOrder, shape, double(java, false), plainText, "")
		add("Jackson with BigDecimal", nil, shape, bigDecimal, plainText, "", compact, jackson)
		add("Jackson in ASCII", nil, shape, double(java, false), &escaping{nonASCII: upperUnits, upper: true}, "", compact)
		for _, text := range []*escaping{gsonText, plainText} {
			for _, order := range []shaper{nil, javaOrder, sortedKeys} {
				add("Gson into a Map", order, shape, double(java, true), text, "", compact, two)
				add("Gson", order, shape, nil, text, "", compact, two)
			}
		}
	}
	for _, text := range []*escaping{plainText, slashText, {blocks: true, tags: true},
		{blocks: true, slash: true, upper: true, bare: true}, {slash: true, blocks: true}} {
		for _, number := range []speller{nil, double(java, false), double(ecma, false),
			mixed(java), double(java, true), stripped} {
			add("org.json, json-simple or fastjson", javaOrder, nil, number, text, "", compact, two, four)
			add("org.json, json-simple or fastjson", javaOrder, noNulls, number, text, "", compact, two, four)
			add("org.json of Android", nil, nil, number, text, "", compact, two, four)
		}
	}
	for _, number := range []speller{nil, double(python, false), mixed(python)} {
		add("System.Text.Json of .NET", nil, nil, number, netText, "", compact, two, two.crlf())
		add("System.Text.Json of .NET", nil, noNulls, number, netText, "", compact)
		add("Newtonsoft.Json of .NET", nil, nil, number, plainText, "", compact, two, two.crlf())
		add("Newtonsoft.Json of .NET", nil, noNulls, number, plainText, "", compact, two, two.crlf())
		add("to_json of Ruby", nil, nil, double(ruby, false), plainText, "", compact, two)
		add("to_json of Rails", nil, nil, number, railsText, "", compact)
		add("to_json of Ruby in ASCII", nil, nil, number, asciiText, "", compact, two)
	}
	perl := style{newline: "\n", indent: "   ", colon: " : ", comma: ","}
	for _, number := range []speller{nil, double(ecma, false), mixed(perlNumber)} {
		for _, text := range []*escaping{plainText, asciiText} {
			add("JSON::PP of Perl", sortedKeys, nil, number, text, "", compact)
			add("JSON::PP of Perl", sortedKeys, nil, number, text, "\n", perl)
			add("JSON::PP of Perl", nil, nil, number, text, "\n", perl)
		}
	}
	for _, number := range []speller{nil, double(jqNumber, true), double(ecma, true), mixed(ecma),
		double(goFloat, true)} {
		for _, tail := range []string{"", "\n"} {
			for _, order := range []shaper{nil, sortedKeys} {
				add("jq", order, nil, number, &escaping{bare: true}, tail, compact, two, tab)
				add("jq -a", order, nil, number, &escaping{nonASCII: lowerUnits, bare: true}, tail, compact, two)
			}
		}
	}
	cpp := style{newline: "\n", indent: "\t", colon: " : ", comma: ","}
	add("jsoncpp", sortedKeys, nil, nil, plainText, "", cpp, compact)
	add("NSJSONSerialization", nil, nil, nil, slashText, "", style{newline: "\n", indent: "  ", colon: " : ", comma: ","}, compact)
	add("NSJSONSerialization", sortedKeys, nil, nil, slashText, "", style{newline: "\n", indent: "  ", colon: " : ", comma: ","}, compact)
	return all
}

// Libraries returns what whole libraries make of the body, as far as limit bytes
// hold it.
func (m *Maker) Libraries(limit int) []Variant {
	if m.doc == nil || !isGroup(m.doc.root) {
		return nil
	}
	set := variant.NewSet(m.sent, limit)
	m.libraries(set)
	m.typedForms(set)
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
		if o.change.Cause != "body_number_reformatted" {
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
	m.partials(set)
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
		note(nil, "body_key_order_changed", says)
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
			cause := "body_number_reformatted"
			if m.onlyIntegers(l.numbers) {
				cause = "body_number_precision_lost"
			}
			note(text, cause,
				"The numbers of the body were signed as this library prints them, which is not how they were sent.")
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
		return "body_pretty_signed"
	}
	return "body_whitespace_changed"
}

// escapeCause names what a spelling of strings did.
func (m *Maker) escapeCause(text []byte, e *escaping) string {
	grew := len(text) > len(m.sent)
	switch {
	case !grew:
		return m.unescaped().Cause
	case e.nonASCII != "" && hasHigh(m.sent):
		return "body_unicode_escaped_signed"
	case e.ascii != "" && bytes.ContainsAny(m.sent, e.ascii):
		return "body_html_escaped_signed"
	case e.slash:
		return "body_slash_escaped_signed"
	}
	return "body_unicode_escaped_signed"
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
