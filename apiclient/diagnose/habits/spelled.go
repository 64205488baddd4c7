package habits

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"countersign/apiclient/diagnose/bodies"
)

// A target that was sent went through encoders and normalisers. What was signed
// had each kind of character in one of a few forms: a slash as / or %2F, a space
// as +, %20 or itself. A spelling is one choice of a form for every kind.

// token is a piece of text with the forms that it may have had. Tokens of one
// kind have the same form wherever they stand.
type token struct {
	forms []string
	kind  int // index into kinds.sizes; -1 where there is one form
}

// kinds counts the forms of each kind of character.
type kinds struct {
	sizes []int
	order []int // of kinds, those whose form is likeliest to differ first
	late  []int // the others
	index map[string]int
}

// maxKinds is how many kinds may vary; what comes on top stays as it was sent.
const maxKinds = 24

// token makes a token of a kind. Kinds that begin with "?" hardly ever differ.
func (k *kinds) token(name string, forms ...string) token {
	if len(forms) == 1 {
		return token{forms, -1}
	}
	at, ok := k.index[name]
	if !ok {
		if len(k.sizes) == maxKinds {
			return token{forms[:1], -1}
		}
		at = len(k.sizes)
		k.index[name] = at
		k.sizes = append(k.sizes, 1)
		if strings.HasPrefix(name, "?") {
			k.late = append(k.late, at)
		} else {
			k.order = append(k.order, at)
		}
	}
	k.sizes[at] = max(k.sizes[at], len(forms))
	return token{forms, at}
}

// spellings returns how many there are, limit at most.
func (k *kinds) spellings(limit int) int {
	n := 1
	for _, size := range k.sizes {
		if n *= size; n >= limit {
			return limit
		}
	}
	return n
}

// choice is one form for each kind.
type choice [maxKinds]uint8

// choice returns the i-th spelling.
func (k *kinds) choice(i int) choice {
	var c choice
	for _, list := range [2][]int{k.order, k.late} {
		for _, at := range list {
			c[at] = uint8(i % k.sizes[at]) //nolint:gosec // no kind has so many forms
			i /= k.sizes[at]
		}
	}
	return c
}

// appendTokens writes tokens in their chosen forms.
func appendTokens(dst []byte, list []token, c *choice) []byte {
	for _, t := range list {
		form := 0
		if t.kind >= 0 {
			form = min(int(c[t.kind]), len(t.forms)-1)
		}
		dst = append(dst, t.forms[form]...)
	}
	return dst
}

// chosenBy returns the choice of an encoder: the form of each token that it
// makes, as far as that is one of its forms.
func chosenBy(e encoder, lists ...[]token) choice {
	var c choice
	for _, list := range lists {
		for _, t := range list {
			if t.kind < 0 {
				continue
			}
			plain := unescaped(t.forms[0])
			if i := slices.Index(t.forms, e.encode(plain)); i >= 0 {
				c[t.kind] = uint8(i) //nolint:gosec // no kind has so many forms
			}
		}
	}
	return c
}

// unescaped returns the character that a form stands for.
func unescaped(form string) string {
	if form == "+" {
		return " "
	}
	return bodies.PercentDecode(form, false)
}

// text makes tokens of what was sent. at names the place, for kinds that differ
// from place to place.
func (k *kinds) text(sent, at string) []token {
	var list []token
	start := 0
	for i := 0; i < len(sent); {
		n := width(sent[i:])
		t := k.character(sent[i:i+n], at)
		if t.kind >= 0 {
			if start < i {
				list = append(list, token{[]string{sent[start:i]}, -1})
			}
			list = append(list, t)
			start = i + n
		}
		i += n
	}
	if start < len(sent) {
		list = append(list, token{[]string{sent[start:]}, -1})
	}
	return list
}

// width is the length of what stands for one character, or for a run of those
// that are not ASCII.
func width(s string) int {
	n := 0
	for n < len(s) {
		switch {
		case s[n] >= utf8.RuneSelf:
			n++
			continue
		case isEscape(s[n:]) && hexByte(s[n+1:]) >= utf8.RuneSelf:
			n += 3
			continue
		}
		break
	}
	switch {
	case n > 0:
		return n
	case isEscape(s):
		return 3
	}
	return 1
}

func isEscape(s string) bool {
	return len(s) > 2 && s[0] == '%' && isHex(s[1]) && isHex(s[2])
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func hexByte(s string) byte {
	b, _ := strconv.ParseUint(s[:2], 16, 8)
	return byte(b)
}

// character makes a token of one that was sent, its own form first.
func (k *kinds) character(sent, at string) token {
	plain := bodies.PercentDecode(sent, false)
	escaped := bodies.Percent(plain, "", false)
	switch {
	case sent == "+":
		return k.token("+"+at, "+", "%20", " ", "%2B", "%2b")
	case sent == "%20":
		return k.token("%20"+at, "%20", "+", " ")
	case plain == "+":
		return k.token("%2B", formsOf(sent, "%2B", "+", "%2b", " ", "%20")...)
	case plain == "%":
		return k.token(sent, formsOf(sent, "%25", "%", "%2525")...)
	case len(sent) == 1 && isAlphanumeric(sent[0]):
		return token{[]string{sent}, -1}
	case strings.Contains("-._", sent): // hardly ever escaped
		return k.token("?"+sent, formsOf(sent, escaped, strings.ToLower(escaped))...)
	case plain[0] >= utf8.RuneSelf:
		name := "not ASCII"
		if sent != plain {
			name = "escaped, not ASCII"
		}
		return k.token(name, formsOf(sent, plain, escaped, strings.ToLower(escaped))...)
	}
	return k.token(strings.ToUpper(sent), formsOf(sent, plain, escaped, strings.ToLower(escaped))...)
}

// formsOf returns different forms, that of the sent text first.
func formsOf(forms ...string) []string {
	var list []string
	for _, f := range forms {
		if !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	return list
}
