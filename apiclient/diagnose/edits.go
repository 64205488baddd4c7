package diagnose

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
)

// edit is one change of a few bytes of a string.
type edit struct {
	at, cut int
	put     []byte
}

func (e edit) apply(dst, src []byte) []byte {
	return append(append(append(dst, src[:e.at]...), e.put...), src[e.at+e.cut:]...)
}

// editor counts through all edits of one byte of src without making a list of
// them: take one away, exchange two, put one in place of another, put one in.
type editor struct {
	src      []byte
	alphabet []byte
}

func (d editor) count() int {
	n := len(d.src)
	return n + max(0, n-1) + n*len(d.alphabet) + (n+1)*len(d.alphabet)
}

func (d editor) edit(i int) edit {
	n, a := len(d.src), len(d.alphabet)
	if i < n {
		return edit{at: i, cut: 1}
	}
	if i -= n; i < n-1 {
		return edit{at: i, cut: 2, put: []byte{d.src[i+1], d.src[i]}}
	}
	if i -= max(0, n-1); i < n*a {
		return edit{at: i / a, cut: 1, put: d.alphabet[i%a : i%a+1]}
	}
	i -= n * a
	return edit{at: i / a, put: d.alphabet[i%a : i%a+1]}
}

// append makes the i-th edit without allocating.
func (d editor) append(dst []byte, i int) []byte {
	n, a := len(d.src), len(d.alphabet)
	if i >= n && i < n+n-1 {
		k := i - n
		dst = append(append(dst, d.src[:k]...), d.src[k+1], d.src[k])
		return append(dst, d.src[k+2:]...)
	}
	if i < n {
		return append(append(dst, d.src[:i]...), d.src[i+1:]...)
	}
	i -= n + max(0, n-1)
	cut := 1
	if i >= n*a {
		i -= n * a
		cut = 0
	}
	dst = append(append(dst, d.src[:i/a]...), d.alphabet[i%a])
	return append(dst, d.src[i/a+cut:]...)
}

// printable and anyByte are what may be put in.
var (
	printable = func() []byte {
		b := []byte("0123456789")
		for c := byte(' '); c <= '~'; c++ {
			if c < '0' || c > '9' {
				b = append(b, c)
			}
		}
		return append(b, '\n', '\r', '\t')
	}()
	anyByte = func() []byte {
		b := make([]byte, 256)
		for i := range b {
			b[i] = byte(i) //nolint:gosec // below 256
		}
		return b
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
	ed := editor{head, anyByte}
	space := search.Space{Layouts: []search.Layout{{Pieces: []search.Piece{{Part: search.Target},
		{Part: search.Body}}}}, Wholes: []search.Whole{{}}}
	space.Variants[search.Body] = []search.Variant{{Bytes: body}}
	seq := search.Sequence{Part: search.Target, Len: ed.count(), Append: ed.append}
	if hit, ok := h.search.FirstOf(&space, seq, 0, 0); ok {
		e := ed.edit(hit.Choice[search.Target])
		return h.edited(e, e.apply(nil, h.rule)), true
	}
	cuts := cutter{head}
	seq = search.Sequence{Part: search.Target, Len: cuts.count(), Append: cuts.append}
	if hit, ok := h.search.FirstOf(&space, seq, 0, 0); ok {
		e := cuts.edit(hit.Choice[search.Target])
		return h.edited(e, e.apply(nil, h.rule)), true
	}
	return found{}, false
}

// cutter counts through all ways to take two or more bytes out.
type cutter struct{ src []byte }

func (c cutter) count() int { return max(0, len(c.src)-1) * len(c.src) }

func (c cutter) edit(i int) edit {
	at, size := i/len(c.src), i%len(c.src)+2
	return edit{at: at, cut: min(size, len(c.src)-at)}
}

func (c cutter) append(dst []byte, i int) []byte {
	e := c.edit(i)
	return append(append(dst, c.src[:e.at]...), c.src[e.at+e.cut:]...)
}

// edited explains an edit of the head by the part that it falls in.
func (h *hunt) edited(e edit, content []byte) found {
	signed, expected := differing(content, h.rule)
	part, where := h.partAt(e.at, e.cut)
	c := variant.Change(habit{part.cause, fmt.Sprintf("%s, %s: %s.", part.says, where, e.words(h.rule)), part.code})
	return found{content: content, changes: []explained{{part: search.None, Change: c, signed: signed, expected: expected}}}
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

type editedPart struct{ cause, says, code string }

// partAt names the part of the rule's string in which a byte lies.
func (h *hunt) partAt(at, cut int) (editedPart, string) {
	rule := h.e.values()
	texts := map[search.Part]string{search.Method: rule.Method, search.Target: rule.Target,
		search.Client: rule.ClientID, search.Time: rule.Time}
	named := map[search.Part]editedPart{
		search.Method: {"method_other", "Another method was signed", "a constant that was typed by hand"},
		search.Target: {"path_characters_differ", "The path was signed with other characters", "a path that was typed by hand"},
		search.Client: {"client_id_characters_differ",
			"The client id was signed with other characters", "an id that was typed or copied by hand"},
		search.Time: {"time_differs_from_header", "The time was signed with other characters", "two variables for one time"},
	}
	pos := 0
	for _, p := range h.layouts.List[0].Pieces {
		end := pos + len(p.Literal)
		if at < end || at == end && cut == 0 && len(p.Literal) > 0 {
			return separatorAt(string(p.Literal)), fmt.Sprintf("at byte %d", at+1)
		}
		pos = end
		text, ok := texts[p.Part]
		if !ok {
			break
		}
		if at < pos+len(text) {
			return named[p.Part], fmt.Sprintf("at its byte %d", at-pos+1)
		}
		pos += len(text)
	}
	return separatorAt("."), fmt.Sprintf("at byte %d", at+1)
}

func separatorAt(literal string) editedPart {
	const code = "a template that was typed by hand"
	switch literal {
	case " ":
		return editedPart{"method_space_other", "The string was signed differently behind the method", code}
	case "\n":
		return editedPart{"newline_other", "The string was signed differently at its line feed", code}
	}
	return editedPart{"separator_other", "The string was signed with another separator", code}
}

// bodyEdits changes one character of the body, or leaves its end out.
func (h *hunt) bodyEdits() (found, bool) {
	body := h.parts[search.Body][0].Bytes
	try := func(n int, appendTo func([]byte, int) []byte, how func(i int) variant.Change) (found, bool) {
		seq := search.Sequence{Part: search.Body, Len: n, Append: appendTo}
		space := search.Space{Variants: h.space.Variants, Layouts: h.space.Layouts[:1], Wholes: h.space.Wholes[:1]}
		hit, ok := h.search.FirstOf(&space, seq, 0, 0)
		if !ok {
			return found{}, false
		}
		one := func(_ search.Part, i int) []variant.Change { return []variant.Change{how(i)} }
		return h.explain(hit, &seq, one), true
	}
	if len(body) <= 1<<20 {
		f, ok := try(len(body), func(dst []byte, i int) []byte { return append(dst, body[:i]...) },
			func(i int) variant.Change {
				if bodies.IsJSON(body[:i]) {
					return variant.Change(habit{"body_changed_in_transit",
						fmt.Sprintf("The last %d bytes of the body were added after it was signed.", len(body)-i), ""})
				}
				return variant.Change(habit{"body_truncated_signed",
					fmt.Sprintf("Only the first %d of the %d bytes of the body were signed.",
						i, len(body)), "a length counted in characters where bytes are meant, a buffer that is too " +
						"short, or a C string"})
			})
		if ok {
			return f, true
		}
	}
	if len(body) > maxEdited {
		return found{}, false
	}
	ed := editor{body, printable}
	f, ok := try(ed.count(), ed.append, func(i int) variant.Change { return tampered(ed.edit(i), body) })
	if ok {
		return f, true
	}
	list := lookalikes(body)
	return try(len(list), func(dst []byte, i int) []byte { return list[i].apply(dst, body) },
		func(i int) variant.Change { return tampered(list[i], body) })
}

func tampered(e edit, body []byte) variant.Change {
	line := 1 + bytes.Count(body[:e.at], []byte{'\n'})
	return variant.Change(habit{"body_changed_in_transit",
		fmt.Sprintf("One place of the body was changed after signing, at byte %d (line %d): %s.", e.at+1,
			line, e.words(body)), ""})
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
			if !containsRune(group, r) {
				continue
			}
			for _, other := range group {
				if other != r {
					list = append(list, edit{at, size, []byte(string(other))})
				}
			}
		}
		if r >= 0x80 {
			list = append(list, edit{at, size, nil}, edit{at, size, []byte("?")}, edit{at, size, []byte("\ufffd")})
		}
		at += size
	}
	for at := 0; at <= len(body); at++ {
		if at < len(body) && !utf8.RuneStart(body[at]) {
			continue
		}
		for _, put := range []string{"\u200b", "\ufeff", "\u00a0", "\u200e", "\u00ad", "\u2028"} {
			list = append(list, edit{at, 0, []byte(put)})
		}
	}
	return list
}

func containsRune(group string, r rune) bool {
	for _, g := range group {
		if g == r {
			return true
		}
	}
	return false
}
