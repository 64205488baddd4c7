package export

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/base64"
	"fmt"
	"go/format"
	"net/url"
	"slices"
	"strings"
	"text/template"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

//go:embed code
var codeFiles embed.FS

// program returns how a program in a language is written.
func program(name string) func(j *job) ([]byte, error) {
	return func(j *job) ([]byte, error) { return j.program(languages()[name], name) }
}

// sheet is what a template is filled with.
type sheet struct {
	Title         string // "POST /v2/payments/pay", on one line
	Method        string
	URL           string // scheme, host, path and query
	URI           string // what is signed of it
	SameURI       bool   // it is what the URL has
	Body          string
	BodyBase64    bool // Body is base64: it is not UTF-8
	ClientID      string
	MerchantID    string
	ClientHeader  string
	Signature     string // the name of its header
	TimeHeader    string
	AnswerTime    string // the name of the header with the answer's time
	Headers       []sheetHeader
	Prefix        string // what stands before the value in the Signature header
	Content       []signing.Part
	Answer        []signing.Part
	SameContent   bool // answers are signed by the same rule
	Secrets       []string
	Tampered      string
	RequestID     bool // the rule signs an id of the request
	RequestHeader string
}

type sheetHeader struct {
	Name, Value string
	Made        string // "client", "time", "signature", "id": made by the program; "" where Value stands
}

func (j *job) program(l language, name string) ([]byte, error) {
	s, err := j.sheet()
	if err != nil {
		return nil, err
	}
	text, err := codeFiles.ReadFile("code/" + name + ".tmpl")
	if err != nil {
		return nil, err
	}
	t, err := template.New(name).Funcs(j.functions(l)).Parse(string(text))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, s); err != nil {
		return nil, err
	}
	if name == "go" {
		return format.Source(b.Bytes())
	}
	return b.Bytes(), nil
}

// sheet fills in what every language needs.
func (j *job) sheet() (*sheet, error) {
	e, p := &j.e, &j.Profile
	request, err := p.Template(apiclient.RequestSide)
	if err != nil {
		return nil, err
	}
	answer, err := p.Template(apiclient.ResponseSide)
	if err != nil {
		return nil, err
	}
	address, err := url.Parse(e.URL)
	if err != nil || address.Host == "" {
		return nil, cannot("a program", fmt.Sprintf("%.80q is no URL with a host", e.URL))
	}
	names := p.HeaderNames
	s := &sheet{
		Title: strings.Map(plainASCII, method(e)+" "+e.Request.Path()), Method: method(e), URL: e.URL,
		URI: cmp.Or(e.SignedAs, e.Request.Path()), Body: string(e.Request.Body), MerchantID: cmp.Or(e.MerchantID, p.MerchantID),
		ClientID:     cmp.Or(e.Request.Get(names.Of(apiclient.HeaderClientID)), e.ClientID, p.ClientID),
		ClientHeader: names.Of(apiclient.HeaderClientID),
		Signature:    names.Of(signing.HeaderName), AnswerTime: names.Of(apiclient.HeaderResponseTime),
		TimeHeader: names.Of(apiclient.HeaderRequestTime),
		Prefix:     signing.Style{Compact: p.CompactHeader, KeyVersion: p.KeyVersion}.Header(""),
		Content:    request.Parts(), Answer: answer.Parts(), Secrets: j.names(), SameContent: request.String() == answer.String(),
		RequestID: uses("request_id", request.Parts(), answer.Parts()), RequestHeader: names.Of(apiclient.HeaderRequestID),
	}
	s.SameURI = s.URI == e.Request.Path()
	if len(e.Tampered) > 0 {
		s.Tampered = strings.Map(plainASCII, apiclient.TamperTitles(e.Tampered))
		j.notes = append(j.notes, "the request was tampered with on purpose: the program signs it right")
	}
	if !utf8.ValidString(s.Body) {
		if len(j.pieces(s.Body)) > 1 {
			return nil, cannot("a program", "its body is not UTF-8, and a part of it is secret")
		}
		s.Body, s.BodyBase64 = base64.StdEncoding.EncodeToString(e.Request.Body), true
	}
	s.Headers = j.headers()
	return s, nil
}

// libraries write these headers themselves.
var byLibrary = map[string]bool{"host": true, "content-length": true, "connection": true, "accept-encoding": true,
	"transfer-encoding": true, "expect": true, "user-agent": true}

// headers are those of the request, with those of the protocol where they stand,
// or behind the others where the request lacks them.
func (j *job) headers() []sheetHeader {
	names := j.Profile.HeaderNames
	made := []sheetHeader{{Name: names.Of(apiclient.HeaderClientID), Made: "client"},
		{Name: names.Of(apiclient.HeaderRequestTime), Made: "time"},
		{Name: names.Of(signing.HeaderName), Made: "signature"}}
	if t, err := j.Profile.Template(apiclient.RequestSide); err == nil && uses("request_id", t.Parts()) {
		made = append(made, sheetHeader{Name: names.Of(apiclient.HeaderRequestID), Made: "id"})
	}
	var list []sheetHeader
	placed := map[string]bool{}
	for _, f := range j.e.Request.Header {
		h := sheetHeader{Name: f.Name, Value: f.Value}
		for _, m := range made {
			if strings.EqualFold(m.Name, f.Name) {
				h = m
			}
		}
		if h.Made != "" && placed[h.Made] || byLibrary[strings.ToLower(f.Name)] {
			continue
		}
		placed[h.Made] = true
		list = append(list, h)
	}
	for _, m := range made {
		if !placed[m.Made] {
			list = append(list, m)
		}
	}
	return list
}

// functions are those of the templates.
func (j *job) functions(l language) template.FuncMap {
	encoding := cmp.Or(j.Profile.Encoding, signing.PercentBase64)
	times := cmp.Or(j.Profile.TimeFormat, apiclient.Millis)
	return template.FuncMap{
		// lit writes a text as an expression, with what is taken from the environment.
		"lit": func(s string) string { return j.literal(l, s) },
		// lines is lit on several lines, where the text has or needs them.
		"lines": func(indent, s string) string { return j.lines(l, indent, s) },
		// content writes the signed bytes as an expression.
		"content": func(parts []signing.Part) string { return l.content(parts) },
		"uses":    uses,
		"now":     func() string { return l.times[times] },
		"encode":  func(variable string) string { return strings.ReplaceAll(l.encodings[encoding], "$", variable) },
		// found writes comments on what a diagnosis found about a line of the program.
		"found": func(indent, what string) string { return j.found(l, indent, what) },
	}
}

// uses reports whether any of these rules has a placeholder.
func uses(name string, rules ...[]signing.Part) bool {
	return slices.ContainsFunc(slices.Concat(rules...), func(p signing.Part) bool { return p.Name == name })
}

func (j *job) literal(l language, s string) string {
	var parts []string
	for _, p := range j.pieces(s) {
		if p.env != "" {
			parts = append(parts, fmt.Sprintf(l.env, p.env))
		} else {
			parts = append(parts, l.quote(p.text))
		}
	}
	if len(parts) == 0 {
		return l.quote("")
	}
	return strings.Join(parts, l.join)
}

// longestPiece is the longest text that is written as one literal, in bytes: Java
// takes no more than 65,535, and a line should be read.
const longestPiece = 8000

// lines writes a text with one literal for each of its lines.
func (j *job) lines(l language, indent, s string) string {
	var list []string
	for s != "" {
		n := strings.IndexByte(s, '\n') + 1
		if n == 0 || n > longestPiece {
			n = min(len(s), longestPiece)
			for n < len(s) && n > 1 && !utf8.RuneStart(s[n]) {
				n--
			}
		}
		n = j.whole(s, n)
		list, s = append(list, j.literal(l, s[:n])), s[n:]
	}
	if len(list) == 0 {
		list = []string{l.quote("")}
	}
	return strings.Join(list, l.lineJoin+"\n"+indent)
}

// whole moves a cut behind a mark that it would cut.
func (j *job) whole(s string, n int) int {
	for _, v := range j.vars {
		from := max(0, n-len(v.Mark))
		if i := strings.Index(s[from:min(len(s), n+len(v.Mark))], v.Mark); i >= 0 && from+i < n && from+i+len(v.Mark) > n {
			return from + i + len(v.Mark)
		}
	}
	return n
}

// found returns comments, each on a line of its own, on the line that follows.
func (j *job) found(l language, indent, what string) string {
	if j.Report == nil {
		return ""
	}
	var b strings.Builder
	for _, f := range j.Report.Findings {
		if lineOf(f) != what {
			continue
		}
		fmt.Fprintf(&b, "%s%s <<< %s: %s\n", indent, l.comment, f.Cause, oneLine(f.Says))
		if typical := l.typical(f); typical != "" {
			fmt.Fprintf(&b, "%s%s     yours probably says `%s` here\n", indent, l.comment, typical)
		}
		if f.Fix != "" {
			fmt.Fprintf(&b, "%s%s     %s\n", indent, l.comment, oneLine(f.Fix))
		}
	}
	return b.String()
}

// oneLine keeps text on its line, in a comment that nothing in it can end.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == '\\' {
			return ' ' // a backslash: Java reads \u in comments too
		}
		return r
	}, s)
	return strings.NewReplacer("?>", "? >", "*/", "* /").Replace(s)
}
