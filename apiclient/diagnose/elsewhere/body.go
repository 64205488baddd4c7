package elsewhere

import (
	"bytes"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/jsontext"
	"countersign/apiclient/xmltext"
)

// Bounds of what is looked at in a body: envelopes are shallow, and their
// signature is one of a few members.
const (
	maxDepth   = 3
	maxMembers = 200
)

func (found *finder) inBody(m *apiclient.Message) {
	body := m.Content()
	switch trimmed := bytes.TrimSpace(body); {
	case len(trimmed) == 0:
	case trimmed[0] == '{':
		found.inJSON(body, "the body")
	case trimmed[0] == '<':
		if doc, ok := xmltext.JSON(body); ok {
			found.inJSON(doc, "the XML body")
		}
	case isForm(m, trimmed):
		found.inPairs(string(trimmed), "the form")
	}
}

func isForm(m *apiclient.Message, body []byte) bool {
	kind, _, _ := mime.ParseMediaType(m.Get("Content-Type"))
	return kind == "application/x-www-form-urlencoded" ||
		bytes.IndexByte(body, '=') > 0 && bytes.IndexByte(body, '&') > 0 && !bytes.ContainsAny(body, " \r\n{")
}

// inJSON looks at the members of the outer objects of a document.
func (found *finder) inJSON(doc []byte, of string) {
	t := jsontext.ParseJSON(doc)
	if t.Fault != nil {
		return
	}
	type level struct{ object, depth int }
	for todo := []level{{0, 1}}; len(todo) > 0; todo = todo[1:] {
		object, depth := todo[0].object, todo[0].depth
		members := t.Children(object)
		if len(members) > maxMembers {
			continue
		}
		for _, n := range members {
			if t.Nodes[n].Kind == jsontext.Object && depth < maxDepth {
				todo = append(todo, level{n, depth + 1})
			}
			if t.Nodes[n].Kind != jsontext.String || t.Nodes[n].To-t.Nodes[n].From > maxValue {
				continue
			}
			text, byName := t.Text(n), names(t.Name(n))
			if !isRSA(text) && !(byName && isValue(text)) {
				continue
			}
			s := Signature{Place: fmt.Sprintf("the member %s of %s", t.Path(n), of), Value: text}
			s.Usual = func() []Content { return aroundMember(t, n) }
			if found.keep(s, byName); len(found.named) == maxFound {
				return
			}
		}
	}
}

// aroundMember returns what a signature in a JSON object usually covers: a member
// beside it as its bytes stand, the pairs of all, or the document without it.
func aroundMember(t *jsontext.Tree, n int) []Content {
	var usual []Content
	var list []parameter
	parent := t.Nodes[n].Parent
	for _, c := range t.Children(parent) {
		if c == n {
			continue
		}
		place, raw := t.Path(c), t.Raw(c)
		switch t.Nodes[c].Kind {
		case jsontext.Object, jsontext.Array:
			usual = append(usual, Content{"the bytes of the member " + place, raw})
		case jsontext.String:
			usual = append(usual, Content{"the text of the member " + place, []byte(t.Text(c))})
		}
		list = append(list, parameter{name: t.Name(c), value: t.Text(c), raw: string(raw)})
		if t.Nodes[c].Kind == jsontext.Object && len(t.Children(c)) <= maxMembers {
			for _, inner := range t.Children(c) {
				list = append(list, parameter{name: t.Name(inner), value: t.Text(inner), raw: string(t.Raw(inner)), within: t.Name(c)})
			}
		}
	}
	usual = append(usual, joined(list, "members")...)
	if change, err := t.Remove(n); err == nil {
		usual = append(usual, Content{"the document without its signature", change.Apply(t.Doc)})
	}
	return usual
}

// parameter is a pair of a form, a query, or an object.
type parameter struct {
	name, value, raw string // the value as it reads, and as it stands
	within           string // name of the member that this one is inside of
}

// parsePairs splits a form or query. What is no valid escape stays as it is.
func parsePairs(text string) []parameter {
	var list []parameter
	for part := range strings.SplitSeq(text, "&") {
		if name, value, ok := strings.Cut(part, "="); ok && len(list) < maxMembers {
			list = append(list, parameter{name: decoded(name), value: decoded(value), raw: value})
		}
	}
	return list
}

func decoded(s string) string {
	if text, err := url.QueryUnescape(s); err == nil {
		return text
	}
	return s
}

// joined returns the strings "name=value&name=value" that schemes over sorted
// pairs make: with or without the kind of signature, empty values, and objects
// taken apart; the values decoded, or as they stand.
// Of more than a mebibyte there are none: such pairs are short.
func joined(list []parameter, what string) []Content {
	var usual []Content
	size := 0
	for _, p := range list {
		size += len(p.name) + len(p.raw)
	}
	if size > 1<<20 {
		return nil
	}
	seen := map[string]bool{}
	for _, form := range []struct {
		says              string
		kind, empty, flat bool
		order, raw        bool
	}{
		{says: "the sorted " + what},
		{says: "the sorted " + what + ", empty ones too", empty: true},
		{says: "the sorted " + what + ", sign_type too", kind: true},
		{says: "the sorted " + what + ", sign_type and empty ones too", kind: true, empty: true},
		{says: "the sorted " + what + ", objects taken apart", flat: true},
		{says: "the sorted " + what + ", encoded as they stand", kind: true, empty: true, raw: true},
		{says: "the sorted " + what + " without sign_type, encoded as they stand", empty: true, raw: true},
		{says: "the " + what + " in their order", kind: true, empty: true, order: true},
		{says: "the " + what + " in their order, encoded as they stand", kind: true, empty: true, order: true, raw: true},
	} {
		var pairs []string
		apart := map[string]bool{}
		for _, p := range list {
			apart[p.within] = true
		}
		ordered := list
		if !form.order {
			ordered = slices.Clone(list)
			slices.SortStableFunc(ordered, func(a, b parameter) int { return strings.Compare(a.name, b.name) })
		}
		for _, p := range ordered {
			value := p.value
			if form.raw {
				value = p.raw
			}
			switch {
			case !form.flat && p.within != "", form.flat && apart[p.name],
				!form.empty && (value == "" || value == "null"), !form.kind && isKind(p.name):
				continue
			}
			pairs = append(pairs, p.name+"="+value)
		}
		text := strings.Join(pairs, "&")
		if text != "" && !seen[text] {
			seen[text] = true
			usual = append(usual, Content{form.says, []byte(text)})
		}
	}
	return usual
}

// isKind reports whether a parameter says how the signature was made; some
// schemes leave it out of what is signed.
func isKind(name string) bool {
	switch strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name)) {
	case "signtype", "signaturetype", "signmethod", "signalgorithm":
		return true
	}
	return false
}
