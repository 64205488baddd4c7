package bodies

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/jsontext"
	"countersign/apiclient/lazyregexp"
)

// field is one of a form, as its reader gets it.
type field struct{ name, value string }

// maxFields bounds what is read of a form.
const maxFields = 200

// fields reads a body that is a form, urlencoded or multipart, whatever its
// Content-Type says; nil where it is none.
func fields(body []byte, contentType string) (list []field, parts bool) {
	if bytes.HasPrefix(body, []byte("--")) {
		return multipartFields(body, contentType), true
	}
	if name, value, ok := strings.Cut(string(body), "="); ok && jsontext.Opens([]byte(value)) && IsJSON([]byte(value)) {
		return []field{{name, value}}, false // not encoded at all
	}
	if len(body) > 1<<20 || !urlencoded.Match(body) {
		return nil, false
	}
	decode := percentDecodeLoose
	if hasHigh(body) || bytes.ContainsAny(body, ` "<>{}`) {
		decode = asIs // no encoder leaves these
	}
	for _, pair := range strings.SplitN(string(body), "&", maxFields) {
		name, value, _ := strings.Cut(pair, "=")
		list = append(list, field{decode(name), decode(value)})
	}
	return list, false
}

var urlencoded = lazyregexp.New(`^[^=&\s{<"]+=[^&\r\n]*(?:&[^=&\s]+(?:=[^&\r\n]*)?)*$`)

// multipartFields reads the parts of a multipart body, its boundary from its
// first line where the Content-Type has none.
func multipartFields(body []byte, contentType string) (list []field) {
	_, params, err := mime.ParseMediaType(contentType)
	boundary := params["boundary"]
	if err != nil || boundary == "" {
		first, _, _ := bytes.Cut(body, []byte("\n"))
		boundary = string(bytes.TrimRight(bytes.TrimPrefix(first, []byte("--")), "\r"))
	}
	if boundary == "" {
		return nil
	}
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for len(list) < maxFields {
		part, err := r.NextRawPart()
		if err != nil {
			return list
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return list
		}
		if part.FileName() == "" || jsontext.Opens(value) {
			list = append(list, field{part.FormName(), string(value)})
		}
	}
	return list
}

// formAs is a way to make JSON of the fields of a form: what the program had
// before the form was made of it.
type formAs struct {
	nested bool                // a[b] and a.b are members of a
	typed  func(string) *value // what a value was that was no string; nil for strings
}

// tree returns the JSON of fields.
func (f formAs) tree(list []field) *value {
	root := &value{kind: object}
	for _, one := range list {
		v := &value{kind: text, raw: stringify([]byte(one.value), escaping{})}
		if t := f.typed(one.value); t != nil {
			v = t
		}
		path := []string{one.name}
		if f.nested {
			name := strings.ReplaceAll(one.name, "[]", "[+]")
			path = strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("[].", r) })
		}
		if len(path) > 0 && len(path) < 20 {
			put(root, path, v)
		}
	}
	return root.transform(asArray)
}

// put sets a member; where it is there, its values become an array.
func put(in *value, path []string, v *value) {
	at := slices.IndexFunc(in.members, func(m member) bool { return m.key.decoded() == path[0] })
	switch {
	case path[0] == "+":
		path[0] = strconv.Itoa(len(in.members))
		in.members = append(in.members, member{quotedKey(path[0]), v})
	case at < 0 && len(path) == 1:
		in.members = append(in.members, member{quotedKey(path[0]), v})
	case at < 0:
		inner := &value{kind: object}
		in.members = append(in.members, member{quotedKey(path[0]), inner})
		put(inner, path[1:], v)
	case len(path) > 1 && in.members[at].value.kind == object:
		put(in.members[at].value, path[1:], v)
	case in.members[at].value.kind == array:
		in.members[at].value.items = append(in.members[at].value.items, v)
	default:
		in.members[at].value = &value{kind: array, items: []*value{in.members[at].value, v}}
	}
}

func quotedKey(s string) *value { return &value{kind: text, raw: stringify([]byte(s), escaping{})} }

// asArray makes an array of an object whose keys are 0, 1 and so on.
func asArray(v *value) *value {
	if v.kind != object || len(v.members) == 0 {
		return v
	}
	out := &value{kind: array}
	for i, m := range v.members {
		if m.key.decoded() != strconv.Itoa(i) {
			return v
		}
		out.items = append(out.items, m.value)
	}
	return out
}

// literalOf returns the JSON that a value's text stands for in some language; nil
// where it is a string in all of them.
func literalOf(s string) *value {
	switch s {
	case "None", "nil", "undefined", "":
		s = "null"
	case "True", "False":
		s = strings.ToLower(s)
	}
	d := parse([]byte(s))
	if d == nil && jsontext.Opens([]byte(s)) && !strings.Contains(s, `"`) {
		d = parse([]byte(strings.NewReplacer("'", `"`, "None", "null", "True", "true", "False", "false").Replace(s))) // repr
	}
	if d == nil || d.root.kind == text {
		return nil
	}
	return d.root
}

func noType(string) *value { return nil }

// meanings lists what a value may have been: a string, what it looks like, or the
// boolean that PHP writes as 1.
func meanings(s string) []*value {
	list := []*value{nil, literalOf(s)}
	switch s {
	case "1":
		list = append(list, literalOf("true"))
	case "0":
		list = append(list, literalOf("false"))
	case "":
		list = append(list, literalOf("false"))
	}
	return list
}

// FromForm returns the JSON that a body may have been made of that is a form, or
// that has JSON verbatim in one of its values; none for other bodies. Each is
// told as one difference, with what its serialiser does as a second one. deep makes
// what every library writes of it, else only what the common ones do.
func FromForm(body []byte, contentType string, limit int, deep bool, stop func() bool) []Variant {
	list, parts := fields(body, contentType)
	if len(list) == 0 {
		return nil
	}
	set := variant.NewSet(body, limit)
	sent := variant.Change{Cause: "body_form_sent", Says: "JSON was signed, and its fields were sent as a form.",
		Habit: "`data=` of requests, `form_params` of Guzzle, `FormBody` of OkHttp, or a form's Content-Type with axios"}
	if parts {
		sent.Says = "JSON was signed, and its fields were sent as a multipart form."
		sent.Habit = "`files=` of requests, `FormData`, `set_form` of Ruby, or `CURLOPT_POSTFIELDS` with an array"
	}
	again := likelySerialised
	if deep {
		again = serialised
	}
	for _, f := range list {
		if jsontext.Opens([]byte(f.value)) && IsJSON([]byte(f.value)) {
			inside := sent
			inside.Says = "JSON was signed that was sent inside a form, as its field " + strconv.Quote(f.name) + "."
			again(set, []byte(f.value), inside, stop)
		}
	}
	trees, mixed := formTrees(list)
	for _, tree := range trees {
		if stop() {
			break
		}
		again(set, []byte(compactJSON(tree)), sent, stop)
	}
	for _, tree := range mixed {
		for _, w := range formWriters {
			set.Add(Variant{Bytes: w.write(tree), Changes: one(sent), Cost: plausible})
		}
	}
	return set.Variants()[1:]
}

// formWriters are how libraries write JSON that has both values of types and
// strings that look so.
var formWriters = func() (list []writer) {
	for _, s := range []style{compact, spaced, pretty("  "), pretty("    "), pretty("\t"), jackson} {
		for _, text := range []*escaping{plainText, asciiText, slashText, phpText, goText, gsonText} {
			list = append(list, writer{style: s, string: text.roundTrip})
		}
	}
	return list
}()

// maxMixed is how many ways to give types to the values of a form are tried.
const maxMixed = 128

// formTrees lists what the fields may have been: strings, or values of the types
// that they look like; mixed has some of both.
func formTrees(list []field) (trees, mixed []*value) {
	var typed []string
	nested, ways := false, 1
	for _, f := range list {
		if literalOf(f.value) != nil && !slices.Contains(typed, f.value) {
			typed = append(typed, f.value)
			ways = min(ways*len(meanings(f.value)), maxMixed+1)
		}
		nested = nested || strings.ContainsAny(f.name, ".[")
	}
	trees = append(trees, formAs{nested, noType}.tree(list))
	if len(typed) > 0 {
		trees = append(trees, formAs{nested, literalOf}.tree(list))
	}
	if nested {
		mixed = append(mixed, formAs{false, noType}.tree(list), formAs{false, literalOf}.tree(list))
	}
	for way := 1; way < ways && ways <= maxMixed; way++ {
		rest, is := way, map[string]*value{}
		for _, s := range typed {
			all := meanings(s)
			is[s] = all[rest%len(all)]
			rest /= len(all)
		}
		mixed = append(mixed, formAs{nested, func(s string) *value { return is[s] }}.tree(list))
	}
	return trees, mixed
}

// likelySerialised adds a body that was at hand in another form, and what the common
// writers of JSON make of it.
func likelySerialised(set *Set, body []byte, first variant.Change, _ func() bool) {
	set.Add(Variant{Bytes: body, Changes: one(first), Cost: usual})
	if d := parse(body); d != nil {
		for _, w := range formWriters {
			set.Add(Variant{Bytes: w.write(d.root), Changes: one(first), Cost: plausible})
		}
	}
}

// serialised adds a body that was at hand in another form, and what the
// libraries make of it. That it is written again in some style is no further
// mistake, so it costs little more.
func serialised(set *Set, body []byte, first variant.Change, stop func() bool) {
	set.Add(Variant{Bytes: body, Changes: one(first), Cost: usual})
	m := NewMaker(body, stop)
	for _, v := range slices.Concat(m.Singles(set.Room() / 4)[1:], m.Libraries(set.Room()/4)) {
		changes := append(one(first), v.Changes...)
		if v.Changes[0].Cause == "body_form_encoded_signed" {
			changes = v.Changes // another form of the form
		}
		set.Add(Variant{Bytes: v.Bytes, Changes: changes, Cost: min(usual+(v.Cost-common+1)/2, exotic)})
	}
}
