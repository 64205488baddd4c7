package bodies

import (
	"slices"
	"strings"

	"countersign/apiclient/diagnose/variant"
)

// classForm is how a language prints an object of a class.
type classForm struct {
	words       // what is inside; open stands behind the name
	cause, code string
}

// inClass returns the words of an object of a class, with what stands around its members.
func inClass(w words, open, closing string) words {
	w.open, w.close = open, closing
	return w
}

var (
	sharpWords     = with(javaWords, func(w *words) { w.null, w.yes, w.no, w.pair, w.key = "", "True", "False", " = ", pascal })
	pythonFields   = with(pythonWords, func(w *words) { w.key, w.pair = asIs, "=" })
	rubyFieldWords = with(rubyWords, func(w *words) { w.key, w.pair = asIs, "=" })
	quotedJava     = with(javaWords, func(w *words) { w.str = func(s string) string { return "'" + s + "'" } })
)

// classForms are those of Java's records, Lombok and Kotlin, of IntelliJ's and of
// Guava's toString, of Python's dataclasses, of C# records and of Ruby's structs.
var classForms = []classForm{
	{inClass(javaWords, "[", "]"), toStringed, "`toString()` of a record in place of a JSON library"},
	{inClass(javaWords, "(", ")"), toStringed, "`toString()` of Lombok's `@Data` or of a Kotlin data class in place of a JSON library"},
	{inClass(quotedJava, "{", "}"), toStringed, "`toString()` that an IDE made, in place of a JSON library"},
	{inClass(javaWords, "{", "}"), toStringed, "`MoreObjects.toStringHelper` in place of a JSON library"},
	pythonClass,
	{inClass(sharpWords, " { ", " }"), toStringed, "`ToString()` of a record in place of a serialiser"},
	{inClass(rubyFieldWords, " ", ">"), rubyInspect, "`struct.to_s` instead of `struct.to_h.to_json`"},
}

var pythonClass = classForm{inClass(pythonFields, "(", ")"), pythonRepr,
	"`str(data)` of a dataclass or a model instead of `json.dumps(asdict(data))`"}

// write prints an object of a class, with the groups inside as the classes that
// named returns; nil leaves them maps.
func (f classForm) write(v *value, name string, named func(key string) string) string {
	switch {
	case v.kind == object && name != "":
		parts := make([]string, len(v.members))
		for i, m := range v.members {
			key := m.key.decoded()
			parts[i] = f.key(key) + f.pair + f.write(m.value, named(key), named)
		}
		if strings.HasSuffix(f.close, ">") {
			name = "#<struct " + name
		}
		return name + f.open + strings.Join(parts, f.comma) + f.close
	case v.kind == array:
		parts := make([]string, len(v.items))
		for i, item := range v.items {
			parts[i] = f.write(item, strings.TrimSuffix(name, "s"), named)
		}
		return f.first + strings.Join(parts, f.comma) + f.last
	case v.kind == object:
		return javaWords.write(v)
	}
	return f.words.write(v)
}

// generalClasses are names that a class of a body may have, beside those that the
// path suggests.
var generalClasses = []string{"Request", "Req", "Order", "Body", "Data", "Payload", "Payment", "PayRequest", "PaymentRequest",
	"PayReq", "Pay", "RequestBody", "Dto", "Params", "Message", "Model", "Response", "Result", "OrderRequest"}

// lastWord returns the class that a field's name ends in: Amount of paymentAmount.
func lastWord(key string) string {
	i := strings.LastIndexFunc(key, func(r rune) bool { return 'A' <= r && r <= 'Z' })
	return pascal(key[max(i, 0):])
}

// classes adds the body as languages print an object of a class whose name the path
// suggests, or that is common.
func (m *Maker) classes(set *Set) {
	if m.doc.root.kind != object {
		return
	}
	inner := []func(string) string{pascal, lastWord, func(string) string { return "" }}
	for _, f := range classForms {
		for _, name := range slices.Concat(m.Classes, generalClasses) {
			for i, named := range inner {
				if m.stop() || i > 0 && !slices.ContainsFunc(m.doc.root.members, func(m member) bool { return isGroup(m.value) }) {
					break
				}
				set.Add(Variant{Bytes: []byte(f.write(m.doc.root, name, named)), Changes: one(variant.Change{Cause: f.cause,
					Says:  "The body was signed as an object of a class " + name + " is printed, not as JSON.",
					Habit: f.code}), Cost: Library})
			}
		}
	}
}
