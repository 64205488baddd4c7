package redact

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"countersign/apiclient"
	"countersign/apiclient/jsontext"
	"countersign/apiclient/redact/mark"
)

// Masker masks one report: equal values have equal masks in it. What is learned to
// be secret in one place is masked wherever the same characters stand.
type Masker struct {
	r      Redactor
	marks  map[string]string // a value as it reads, and its mask
	values []Value
	named  map[string]int // names of values, and how often they were given
	// numbers and literals that were masked: they have no mark that tells them apart
	others map[string]bool
	// placeholders: every mask stands for its value, also that of a number
	placeholders bool
	// every spelling of what is masked, longest first, and what stands in its place
	replacer *strings.Replacer
	pairs    [][2]string
}

// Value is one that was masked.
type Value struct {
	Mark string // what stands in its place
	Name string // where it may be taken from: ACCESS_TOKEN, unlike any other of the report
	Size int    // in bytes
}

// Masker returns a Masker for one report.
func (r Redactor) Masker() *Masker {
	return &Masker{r: r, marks: map[string]string{}, others: map[string]bool{}, named: map[string]int{}}
}

// learnValues learns those of the redactor that stand in an exchange.
func (m *Masker) learnValues(e *apiclient.Exchange) {
	for _, v := range m.r.values {
		escaped, err := json.Marshal(v.value)
		if err != nil {
			continue
		}
		raw := string(escaped[1 : len(escaped)-1])
		if e == nil || in(e, v.value) || in(e, raw) || in(e, url.QueryEscape(v.value)) {
			m.learn(raw, v.value, jsontext.String, v.name)
		}
	}
}

// in reports whether a text stands in what was sent or received.
func in(e *apiclient.Exchange, text string) bool {
	holds := func(m *apiclient.Message) bool {
		return bytes.Contains(m.HeadBytes(), []byte(text)) || bytes.Contains(m.Content(), []byte(text))
	}
	return strings.Contains(e.URL, text) || holds(&e.Request) || e.Response != nil && holds(e.Response)
}

// Placeholders returns a Masker for what is to be sent: each mask, that of a
// number too, stands for one value, which is put in its place later.
func (r Redactor) Placeholders() *Masker {
	m := r.Masker()
	m.placeholders = true
	return m
}

// Reveals reports whether nothing is masked.
func (m *Masker) Reveals() bool { return m.r.reveals }

// Masked returns how many different values were masked.
func (m *Masker) Masked() int { return len(m.marks) + len(m.others) }

// Values returns what has a mask, in the order in which it was met.
func (m *Masker) Values() []Value { return m.values }

// Bounds of what is looked for elsewhere: values that are shorter stand in many
// texts by chance.
const (
	shortest   = 6
	maxLearned = 1000
)

// mark is the mask of a value: plain characters, which mean nothing in JSON, XML,
// a URL, a header or a shell. A number stays a number of as many digits.
func (m *Masker) mark(value string, kind jsontext.Kind, name string) string {
	switch {
	case mark.Is(value):
		return value
	case m.placeholders:
	case kind == jsontext.Number:
		m.others[value] = true
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '9'
			}
			return r
		}, value)
	case kind == jsontext.Literal:
		m.others[value] = true
		return "false"
	}
	if known, ok := m.marks[value]; ok {
		return known
	}
	s := Value{Size: len(value), Name: m.variable(name), Mark: mark.New(len(m.marks), len(value))}
	m.marks[value], m.values = s.Mark, append(m.values, s)
	return s.Mark
}

// variable is the name of a value as one of the environment.
func (m *Masker) variable(name string) string {
	var b strings.Builder
	var before rune
	for _, c := range name {
		switch {
		case c >= 'A' && c <= 'Z' && (before >= 'a' && before <= 'z' || before >= '0' && before <= '9'):
			b.WriteByte('_')
		case (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z'):
			c = '_'
		}
		b.WriteRune(unicode.ToUpper(c))
		before = c
	}
	name = strings.Trim(b.String(), "_")
	if name == "" || name[0] <= '9' || len(name) > maxName {
		name = "VALUE"
	}
	if m.named[name]++; m.named[name] > 1 {
		return fmt.Sprintf("%s_%d", name, m.named[name])
	}
	return name
}

// learn makes a value known, in the spellings that it may have elsewhere.
func (m *Masker) learn(raw, value string, kind jsontext.Kind, name string) string {
	masked := m.mark(value, kind, name)
	if len(value) < shortest || kind == jsontext.Literal || mark.Is(value) || len(m.pairs) > maxLearned {
		return masked
	}
	for _, s := range []string{value, raw, url.QueryEscape(value), url.PathEscape(value), html.EscapeString(value)} {
		if !slices.Contains(m.pairs, [2]string{s, masked}) {
			m.pairs, m.replacer = append(m.pairs, [2]string{s, masked}), nil
		}
	}
	return masked
}

// elsewhere replaces what was learned wherever it stands.
func (m *Masker) elsewhere(s string) string {
	if len(m.pairs) == 0 || s == "" {
		return s
	}
	if m.replacer == nil {
		slices.SortStableFunc(m.pairs, func(a, b [2]string) int { return len(b[0]) - len(a[0]) })
		var list []string
		for _, p := range m.pairs {
			list = append(list, p[0], p[1])
		}
		m.replacer = strings.NewReplacer(list...)
	}
	return m.replacer.Replace(s)
}

// learnText learns what is secret in a text, and returns where that is.
func (m *Masker) learnText(b []byte) []span {
	list := m.r.spans(b)
	for _, s := range list {
		m.learn(string(b[s.from:s.to]), reads(b[s.from:s.to], s.kind), s.kind, s.name)
	}
	return list
}

// reads returns a value as it reads, without the escapes of JSON.
func reads(raw []byte, kind jsontext.Kind) string {
	if kind != jsontext.String || bytes.IndexByte(raw, '\\') < 0 {
		return string(raw)
	}
	return jsontext.Text(slices.Concat([]byte{'"'}, raw, []byte{'"'}))
}

// Bytes masks a body, a signed string or any other text. All other bytes stay. b
// itself is not changed.
func (m *Masker) Bytes(b []byte) []byte {
	if m.r.reveals || len(b) == 0 {
		return b
	}
	if wide := bytes.IndexByte(b, 0) >= 0; wide && len(m.r.spans(bytes.ReplaceAll(b, []byte{0}, nil))) > 0 {
		return []byte(m.mark(string(b), jsontext.String, "body")) // such as UTF-16: nothing in it can be told
	}
	spans := m.learnText(b)
	out, at := make([]byte, 0, len(b)+len(b)/8), 0
	for _, s := range spans {
		out = append(out, m.elsewhere(string(b[at:s.from]))...)
		out = append(out, m.mark(reads(b[s.from:s.to], s.kind), s.kind, s.name)...)
		at = s.to
	}
	rest := m.elsewhere(string(b[at:]))
	if at == 0 && rest == string(b) {
		return b
	}
	return append(out, rest...)
}

// Text masks a text.
func (m *Masker) Text(s string) string {
	if m.r.reveals || s == "" {
		return s
	}
	return string(m.Bytes([]byte(s)))
}

// Header masks the value of a header.
func (m *Masker) Header(name, value string) string {
	if value == "" || m.r.reveals {
		return value
	}
	if !m.r.Secret(name) {
		return m.Text(value)
	}
	scheme, rest := schemeOf(name, value)
	return scheme + m.learn(rest, rest, jsontext.String, name)
}

// cookies are the values in a header that has several: each is secret alone.
func cookies(value string) []string {
	var list []string
	for part := range strings.SplitSeq(value, ";") {
		if _, v, ok := strings.Cut(part, "="); ok {
			list = append(list, strings.Trim(v, " \""))
		}
	}
	return list
}

// Says returns one sentence on what was masked; "" where nothing was.
func (m *Masker) Says() string {
	switch n := m.Masked(); n {
	case 0:
		return ""
	case 1:
		return "1 value is masked"
	default:
		return fmt.Sprintf("%d values are masked", n)
	}
}
