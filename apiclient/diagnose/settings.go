package diagnose

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/habits"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/signing"
)

// settingLines are the lines of a profile that make our string what theirs is,
// by the part that each is about; search.None for the template.
type settingLines map[search.Part]string

// of returns the line for one change.
func (l settingLines) of(c explained) string {
	if strings.HasPrefix(c.Cause, "query_") {
		return l[search.None]
	}
	if s, ok := l[c.part]; ok {
		return s
	}
	if c.part == search.None && len(l) == 1 {
		for _, s := range l {
			return s
		}
	}
	return ""
}

// configLine returns a line of the configuration.
func configLine(name, value string) string { return name + " = " + tomlString(value) }

// tomlString writes a basic string of TOML.
func tomlString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			fmt.Fprintf(&b, `\u%04X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// settings finds the lines with which our rule makes their string. A line is
// given only where the value that it sets, or the whole string, comes out as
// theirs is.
func (e *Evidence) settings(f found) settingLines {
	if !e.hasExchange() || len(f.content) == 0 {
		return nil
	}
	ours, theirs := e.values(), f.rule
	if theirs.Method == "" && theirs.Target == "" && theirs.Body == nil {
		var ok bool
		if theirs, ok = e.apart(f.content); !ok {
			theirs = ours
		}
	}
	lines := settingLines{}
	now := ours // as the lines make it
	if target, line := e.signedPath(theirs.Target); line != "" {
		now.Target, lines[search.Target] = target, line
	}
	if e.Side == apiclient.RequestSide {
		if line := timeFormat(ours.Time, theirs.Time); line != "" {
			now.Time, lines[search.Time] = theirs.Time, line
		}
		if line := e.clientID(theirs.ClientID); line != "" {
			now.ClientID, lines[search.Client] = theirs.ClientID, line
		}
	}
	// What no line can set is taken as theirs has it, step by step, to see the rest.
	framed := now
	if now.Body = theirs.Body; !bytes.Contains(theirs.Body, ours.Body) {
		framed = now
	}
	rest := now
	rest.Method, rest.ClientID, rest.Time = theirs.Method, theirs.ClientID, theirs.Time
	whole := rest
	whole.Target = theirs.Target
	for _, c := range []signing.Content{framed, now, rest, whole} {
		if bytes.Equal(e.template().Canonical(c), f.content) {
			return lines
		}
		if t, ok := templateOf(f.content, c, ours, theirs); ok {
			lines[search.None] = configLine(e.templateName(), t.String())
			lines.absorb(c, ours, theirs)
			return lines
		}
	}
	return lines
}

// absorb copies the line of the template to each part that differs and that the
// template fills with values of ours.
func (l settingLines) absorb(c, ours, theirs signing.Content) {
	for part := range search.Parts {
		if l[part] == "" && bytes.Equal(valueOf(c, part), valueOf(ours, part)) &&
			!bytes.Equal(valueOf(theirs, part), valueOf(ours, part)) {
			l[part] = l[search.None]
		}
	}
}

// templateName returns the setting that holds the template of this side.
func (e *Evidence) templateName() string {
	if e.Side == apiclient.ResponseSide {
		return "response_template"
	}
	return "content_template"
}

// timeFormat returns the line that writes our time as theirs is.
func timeFormat(ours, theirs string) string {
	at, _, err := apiclient.ParseTime(ours)
	if ours == theirs || err != nil {
		return ""
	}
	for _, f := range apiclient.TimeFormats() {
		if apiclient.FormatTime(at, f) == theirs {
			return configLine("time_format", string(f))
		}
	}
	return ""
}

// clientID returns the line for another id of ours that the other side has. An id
// that is empty, quoted or a word in its place is a fault, and no setting.
func (e *Evidence) clientID(theirs string) string {
	rule := e.values()
	if theirs == rule.ClientID || theirs == rule.MerchantID || len(theirs) < 4 ||
		strings.Contains(theirs, rule.ClientID) && rule.ClientID != "" {
		return ""
	}
	if !idLike.MatchString(theirs) || strings.EqualFold(theirs, rule.ClientID) {
		return ""
	}
	return configLine("client_id", theirs)
}

// signedPath returns the line that makes the target what theirs is, and the target
// with it. The query stays as it is.
func (e *Evidence) signedPath(theirs string) (target, setting string) {
	ours := e.values().Target
	want, _, _ := strings.Cut(theirs, "?")
	have, _, _ := strings.Cut(ours, "?")
	if want == have || want == "" {
		return ours, ""
	}
	requested := e.Exchange.Request.Target()
	path, _, _ := strings.Cut(e.Exchange.Request.Path(), "?")
	if want == path {
		return e.Exchange.Request.Path(), configLine("signed_path", "")
	}
	prefix := e.basePath(path)
	below := strings.TrimPrefix(path, prefix)
	if len(below) < 2 || !strings.Contains(want, below) {
		return ours, ""
	}
	i := strings.LastIndex(want, below)
	front, back := want[:i], want[i+len(below):]
	value := front + "{path}" + back
	if back == "" && front != "" {
		value = front
	}
	if !strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "{path}") || strings.ContainsFunc(front+back,
		func(r rune) bool { return r <= ' ' || r > '~' || r == '{' || r == '}' || r == '#' }) {
		return ours, ""
	}
	p := apiclient.Profile{BaseURL: "https://host" + prefix, SignedPath: value}
	target = p.SignedFromRequested(requested)
	if got, _, _ := strings.Cut(target, "?"); got != want {
		return ours, ""
	}
	return target, configLine("signed_path", value)
}

// basePath returns the path of the base URL under which an endpoint was called: the
// profile's, else what stands before the path of an endpoint that is known.
func (e *Evidence) basePath(path string) string {
	for _, p := range e.Prefixes {
		if p = strings.TrimRight(p, "/"); strings.HasPrefix(path, p+"/") {
			return p
		}
	}
	if e.based {
		return ""
	}
	for _, endpoint := range slices.Concat(e.Endpoints, habits.CommonEndpoints) {
		endpoint = "/" + strings.Trim(endpoint, "/")
		if front, ok := strings.CutSuffix(path, endpoint); ok && len(endpoint) > 2 {
			return front
		}
	}
	return ""
}

// maxLiteral is how many bytes of a template that is read from a string are no value.
const maxLiteral = 100

var (
	manyDigits = lazyregexp.New(`\d{4}`) // in a literal they are a value that is not known
	idLike     = lazyregexp.New(`^[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]*$`)
)

// templateOf reads the template that makes a string of these values. What it
// has besides are separators and names: no value of ours or theirs.
func templateOf(s []byte, c, ours, theirs signing.Content) (signing.Template, bool) {
	t := &placed{text: string(s)}
	path, query, _ := strings.Cut(c.Target, "?")
	t.put("body", string(c.Body), true)
	if !t.put("uri", c.Target, false) && t.put("path", path, false) {
		t.put("query", query, false)
	}
	t.put("client_id", c.ClientID, false)
	t.put("merchant_id", c.MerchantID, false)
	t.put("request_id", c.RequestID, false)
	t.put("time", c.Time, false)
	t.put("method", c.Method, false)
	text, literal := t.template()
	if len(t.list) == 0 || len(literal) > maxLiteral || manyDigits.MatchString(literal) || len(c.Body) == 0 {
		return signing.Template{}, false
	}
	segment := path[strings.LastIndexByte(path, '/')+1:]
	for _, v := range []string{ours.Method, ours.ClientID, ours.Time, theirs.Method, theirs.ClientID, theirs.Time,
		theirs.Target, segment} {
		if len(v) > 2 && strings.Contains(strings.ToLower(literal), strings.ToLower(v)) {
			return signing.Template{}, false
		}
	}
	made, err := signing.ParseTemplate(text)
	return made, err == nil && bytes.Equal(made.Canonical(c), s)
}

// placed is a string in which values are found.
type placed struct {
	text string
	list []place
}

type place struct {
	start, end int
	name       string
}

// put finds a value where none is yet. A short one must stand alone.
func (t *placed) put(name, value string, last bool) bool {
	if value == "" {
		return false
	}
	const sure = 6
	for from := 0; from <= len(t.text)-len(value); {
		i := strings.Index(t.text[from:], value)
		if last {
			i = strings.LastIndex(t.text[from:], value)
		}
		if i < 0 {
			return false
		}
		p := place{from + i, from + i + len(value), name}
		if t.free(p) && (len(value) >= sure || t.alone(p)) {
			t.list = append(t.list, p)
			slices.SortFunc(t.list, func(a, b place) int { return a.start - b.start })
			return true
		}
		if last {
			return false
		}
		from = p.start + 1
	}
	return false
}

func (t *placed) free(p place) bool {
	return !slices.ContainsFunc(t.list, func(o place) bool { return p.start < o.end && o.start < p.end })
}

// alone reports whether no letter or digit is beside a place.
func (t *placed) alone(p place) bool {
	wordy := func(i int) bool {
		return i >= 0 && i < len(t.text) &&
			!slices.ContainsFunc(t.list, func(o place) bool { return o.start <= i && i < o.end }) &&
			(t.text[i] >= '0' && t.text[i] <= '9' || t.text[i] >= 'A' && t.text[i] <= 'Z' ||
				t.text[i] >= 'a' && t.text[i] <= 'z')
	}
	return !wordy(p.start-1) && !wordy(p.end)
}

// template writes placeholders for the values; literal is what is left.
func (t *placed) template() (text, literal string) {
	escape := strings.NewReplacer("{", "{{", "}", "}}")
	at := 0
	for _, p := range append(slices.Clone(t.list), place{start: len(t.text), end: len(t.text)}) {
		text += escape.Replace(t.text[at:p.start])
		literal += t.text[at:p.start]
		if p.name != "" {
			text += "{" + p.name + "}"
		}
		at = p.end
	}
	return text, literal
}
