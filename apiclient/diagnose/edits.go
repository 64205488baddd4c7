package diagnose

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
)

// edit is one change of a few bytes of a string.
type edit struct {
	at, cut int
	put     string
}

func (e edit) apply(dst, src []byte) []byte {
	return append(append(append(dst, src[:e.at]...), e.put...), src[e.at+e.cut:]...)
}

// edits counts through edits of src without making a list of them.
type edits struct {
	src   []byte
	count int
	edit  func(i int) edit
}

// of returns the sequence of what the edits make of a part.
func (e edits) of(part search.Part) search.Sequence {
	return search.Sequence{Part: part, Len: e.count,
		Append: func(dst []byte, i int) []byte { return e.edit(i).apply(dst, e.src) }}
}

// oneByte takes one byte away, exchanges two, puts one in place of another, or puts one in.
func oneByte(src []byte, alphabet string) edits {
	n, a := len(src), len(alphabet)
	swaps := max(0, n-1)
	return edits{src, n + swaps + n*a + (n+1)*a, func(i int) edit {
		if i < n {
			return edit{at: i, cut: 1}
		}
		if i -= n; i < swaps {
			return edit{at: i, cut: 2, put: string([]byte{src[i+1], src[i]})}
		}
		cut := 1
		if i -= swaps; i >= n*a {
			i, cut = i-n*a, 0
		}
		return edit{at: i / a, cut: cut, put: alphabet[i%a : i%a+1]}
	}}
}

// cuts takes two or more bytes out.
func cuts(src []byte) edits {
	n := len(src)
	return edits{src, max(0, n-1) * n, func(i int) edit { return edit{at: i / n, cut: min(i%n+2, n-i/n)} }}
}

// printable and anyByte are what may be put in.
var (
	printable = func() string {
		s := "0123456789"
		for c := ' '; c <= '~'; c++ {
			if c < '0' || c > '9' {
				s += string(c)
			}
		}
		return s + "\n\r\t"
	}()
	anyByte = func() string {
		var b [256]byte
		for i := range b {
			b[i] = byte(i) //nolint:gosec // below 256
		}
		return string(b[:])
	}()
)

// maxEdited is the size in bytes of a body up to which all edits of one byte
// are tried.
const maxEdited = 16 << 10

// edits tries the string with one byte of its head or of its body changed, or
// with some of its head taken out: the causes that nobody thought of.
func (h *hunt) edits() (found, bool) {
	if f, ok := h.headEdits(); ok {
		return f, true
	}
	return h.bodyEdits()
}

// headEdits changes what stands before the body, as far as the rule puts the
// body last.
func (h *hunt) headEdits() (found, bool) {
	body := h.parts[search.Body][0].Bytes
	head, ok := bytes.CutSuffix(h.rule, body)
	if !ok {
		return found{}, false
	}
	space := search.Space{Layouts: []search.Layout{{Pieces: []search.Piece{{Part: search.Target},
		{Part: search.Body}}}}, Wholes: []search.Whole{{}}}
	space.Variants[search.Body] = []search.Variant{{Bytes: body}}
	for _, list := range []edits{oneByte(head, anyByte), cuts(head)} {
		if hit, ok := h.search.FirstOf(&space, list.of(search.Target), 0, 0); ok {
			return h.edited(list.edit(hit.Choice[search.Target])), true
		}
	}
	return found{}, false
}

// edited explains an edit of the head by the part that it falls in.
func (h *hunt) edited(e edit) found {
	part, where := h.partAt(e.at, e.cut)
	part.Says = fmt.Sprintf("%s, %s: %s.", part.Says, where, e.words(h.rule))
	return h.whole(e.apply(nil, h.rule), part)
}

// words says what an edit did.
func (e edit) words(src []byte) string {
	was := string(src[e.at : e.at+e.cut])
	switch {
	case len(e.put) == 0:
		return fmt.Sprintf("%q was not signed", was)
	case e.cut == 0:
		return fmt.Sprintf("%q was signed in addition", e.put)
	}
	return fmt.Sprintf("%q was signed instead of %q", e.put, was)
}

// typed says what was signed where a part has other characters than the rule's.
var typed = map[search.Part]habit{
	search.Method: {"method_other", "Another method was signed", "a constant that was typed by hand"},
	search.Target: {"path_characters_differ", "The path was signed with other characters", "a path that was typed by hand"},
	search.Client: {"client_id_characters_differ", "The client id was signed with other characters",
		"an id that was typed or copied by hand"},
	search.Time: {"time_differs_from_header", "The time was signed with other characters", "two variables for one time"},
}

// partAt names the part of the rule's string in which a byte lies.
func (h *hunt) partAt(at, cut int) (habit, string) {
	rule := h.e.values()
	pos := 0
	for _, p := range h.layouts.List[0].Pieces {
		end := pos + len(p.Literal)
		if at < end || at == end && cut == 0 && len(p.Literal) > 0 {
			return separatorAt(string(p.Literal)), fmt.Sprintf("at byte %d", at+1)
		}
		pos = end
		part, ok := typed[p.Part]
		if !ok {
			break
		}
		text := valueOf(rule, p.Part)
		if at < pos+len(text) {
			return part, fmt.Sprintf("at its byte %d", at-pos+1)
		}
		pos += len(text)
	}
	return separatorAt("."), fmt.Sprintf("at byte %d", at+1)
}

func separatorAt(literal string) habit {
	const code = "a template that was typed by hand"
	switch literal {
	case " ":
		return habit{"method_space_other", "The string was signed differently behind the method", code}
	case "\n":
		return habit{"newline_other", "The string was signed differently at its line feed", code}
	}
	return habit{"separator_other", "The string was signed with another separator", code}
}

// bodyEdits changes one character of the body, or leaves its end out.
func (h *hunt) bodyEdits() (found, bool) {
	body := h.parts[search.Body][0].Bytes
	try := func(list edits, says func(e edit) habit) (found, bool) {
		return h.alone(list.of(search.Body), func(i int) []variant.Change {
			return []variant.Change{variant.Change(says(list.edit(i)))}
		})
	}
	change := func(e edit) habit { return tampered(e, body) }
	if len(body) <= 1<<20 {
		ends := edits{body, len(body), func(i int) edit { return edit{at: i, cut: len(body) - i} }}
		if f, ok := try(ends, func(e edit) habit { return cutOff(e, body) }); ok {
			return f, true
		}
	}
	if len(body) > maxEdited {
		return found{}, false
	}
	if f, ok := try(oneByte(body, printable), change); ok {
		return f, true
	}
	list := lookalikes(body)
	return try(edits{body, len(list), func(i int) edit { return list[i] }}, change)
}

// cutOff says that the end of the body was not signed.
func cutOff(e edit, body []byte) habit {
	if bodies.IsJSON(body[:e.at]) {
		return habit{"body_changed_in_transit",
			fmt.Sprintf("The last %d bytes of the body were added after it was signed.", e.cut), ""}
	}
	return habit{"body_truncated_signed",
		fmt.Sprintf("Only the first %d of the %d bytes of the body were signed.", e.at, len(body)),
		"a length counted in characters where bytes are meant, a buffer that is too short, or a C string"}
}

func tampered(e edit, body []byte) habit {
	line := 1 + bytes.Count(body[:e.at], []byte{'\n'})
	return habit{"body_changed_in_transit",
		fmt.Sprintf("One place of the body was changed after signing, at byte %d (line %d): %s.", e.at+1, line, e.words(body)), ""}
}

// alike are characters that editors, filters and keyboards put in each other's
// place.
var alike = []string{
	"-–—−‐‑", "'’‘´`′", "\"“”„«»″", " \u00a0\u3000\u2009\u202f\u2002\u2003", ",，、", ".。．…·", ":：", ";；", "!！", "?？",
	"(（", ")）", "/／", "&＆", "<＜", ">＞", "*×·•", "~～˜",
	"aàáâãäåāăąаα", "cçćčсċ", "eèéêëēęěėеε", "iìíîïīıіι", "nñńňη", "oòóôõöøōőоο0", "uùúûüūůűųυ", "yýÿỳу", "sśšşșѕ",
	"zźžżz", "gğģ", "lł1I|", "tțťţ", "dďđ", "rřŕ",
	"AÀÁÂÃÄÅĀĂĄАΑ", "CÇĆČС", "EÈÉÊËĒĘĚĖЕΕ", "IÌÍÎÏĪİІΙ", "NÑŃŇΝ", "OÒÓÔÕÖØŌŐОΟ", "UÙÚÛÜŪŮŰŲ", "YÝŸУ", "SŚŠŞȘЅ", "ZŹŽŻ",
	"xх×", "pрρ", "kк", "hн", "mм", "bвß",
}

// lookalikes lists the edits that put one such character in place of another,
// or take out one that cannot be seen.
func lookalikes(body []byte) []edit {
	var list []edit
	for at := 0; at < len(body); {
		r, size := utf8.DecodeRune(body[at:])
		for _, group := range alike {
			if !strings.ContainsRune(group, r) {
				continue
			}
			for _, other := range group {
				if other != r {
					list = append(list, edit{at, size, string(other)})
				}
			}
		}
		if r >= 0x80 {
			list = append(list, edit{at, size, ""}, edit{at, size, "?"}, edit{at, size, "\ufffd"})
		}
		at += size
	}
	for at := 0; at <= len(body); at++ {
		if at < len(body) && !utf8.RuneStart(body[at]) {
			continue
		}
		for _, put := range []string{"\u200b", "\ufeff", "\u00a0", "\u200e", "\u00ad", "\u2028"} {
			list = append(list, edit{at, 0, put})
		}
	}
	return list
}
