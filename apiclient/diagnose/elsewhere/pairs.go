package elsewhere

import (
	"net/url"
	"slices"
	"strings"
)

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
