package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"countersign/apiclient/evidence/jsliteral"
	"countersign/apiclient/evidence/shell"
	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

// httpieValues are the options of HTTPie and xh that have a value.
var httpieValues = wordSet(`--raw --print -p --output -o --auth -a --auth-type -A --session --session-read-only --style -s
	--pretty --proxy --verify --timeout --max-redirects --cert --cert-key --ssl --ciphers --boundary 
	--default-scheme --format-options --sorted --response-charset --response-mime --max-headers --bearer --resolve
	--interface --history-print -P`)

// httpieItem is name, separator and value of one item; a backslash takes the
// meaning from a separator.
var httpieItem = lazyregexp.New(`^((?:\\.|[^\\:=@;])*)(:=@|=@|:=|==@|==|:@|=|@|:|;)`)

// httpieRequest is what a command of HTTPie would send.
type httpieRequest struct {
	request
	form    bool
	members []member
	query   []string
	https   bool
	xh      bool // which writes JSON without blanks and escapes
}

// member is a member of a JSON body: a name and a value in JSON.
type member struct{ name, value string }

// readHTTPie reads a command of HTTPie or xh.
func readHTTPie(base request, c shell.Command) ([]*request, error) {
	_, name, _ := strings.Cut("/"+c.Words[0].Text, "/")
	r := &httpieRequest{request: base, https: strings.HasSuffix(name, "s"), xh: strings.Contains(name, "xh")}
	var rest []shell.Word
	err := r.arguments(c.Words[1:], func(name string) bool { return httpieValues[name] }, func(name string, v shell.Word) error {
		switch name {
		case "":
			rest = append(rest, v)
		case "--raw":
			r.body, r.hasBody = []byte(v.Text), true
			return r.needs(name, v)
		case "--form", "-f":
			r.form = true
		case "--multipart":
			return &hint.Error{Says: "the HTTPie command sends a form in parts: its bytes have a random boundary",
				Fix: "give the raw HTTP message"}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := r.positional(rest); err != nil {
		return nil, err
	}
	if err := r.finish(); err != nil {
		return nil, err
	}
	return []*request{&r.request}, nil
}

var httpMethod = lazyregexp.New(`^[A-Za-z]{3,10}$`)

func (r *httpieRequest) positional(words []shell.Word) error {
	if len(words) > 0 && httpMethod.MatchString(words[0].Text) && !strings.EqualFold(words[0].Text, "localhost") {
		r.method, words = strings.ToUpper(words[0].Text), words[1:]
	}
	if len(words) == 0 {
		return nil
	}
	if words[0].Unknown != "" {
		return r.unknown("its URL", words[0].Unknown)
	}
	r.url = words[0].Text
	for _, w := range words[1:] {
		if err := r.item(w); err != nil {
			return err
		}
	}
	return nil
}

// item reads one item: name:value, name=value, name:=json, name==value and
// those whose value is a file.
func (r *httpieRequest) item(w shell.Word) error {
	m := httpieItem.FindStringSubmatch(w.Text)
	if m == nil {
		return &hint.Error{Says: fmt.Sprintf("the HTTPie command has %q, which is no item such as name=value", clip(w.Text)),
			Fix: "copy the whole command, with its quotes"}
	}
	name, value := unescapeItem(m[1]), w.Text[len(m[0]):]
	separator, isFile := strings.CutSuffix(m[2], "@")
	if m[2] == "@" && name == "" && !r.form { // the body itself
		data, err := r.file(value)
		r.body, r.hasBody = data, true
		return err
	}
	if m[2] == "@" {
		return &hint.Error{Says: "the HTTPie command sends a file in a form: its bytes have a random boundary",
			Fix: "give the raw HTTP message"}
	}
	if separator == ":" || separator == ";" {
		if err := r.known(name, w.Unknown); err != nil {
			return err
		}
		if value != "" || separator == ";" {
			r.add(name, value)
		}
		return nil
	}
	if w.Unknown != "" {
		return r.unknown(name, w.Unknown)
	}
	if isFile {
		data, err := r.file(value)
		if err != nil {
			return err
		}
		value = string(data)
	}
	switch separator {
	case "==":
		r.query = append(r.query, url.QueryEscape(name)+"="+url.QueryEscape(value))
	case ":=":
		text, err := r.json(value)
		if err != nil {
			return &hint.Error{Says: fmt.Sprintf("the HTTPie command has a value of %s that is no JSON: %v", name, err),
				Fix: "copy the whole command, with its quotes", Err: err}
		}
		r.members = append(r.members, member{name, text})
	default:
		if r.form {
			r.members = append(r.members, member{name, value})
			return nil
		}
		r.members = append(r.members, member{name, r.text(value)})
	}
	return nil
}

func unescapeItem(s string) string {
	return regexp.MustCompile(`\\([\\:=@;])`).ReplaceAllString(s, "$1")
}

// finish builds the body as HTTPie does: a form, or JSON with a blank behind
// commas and colons.
func (r *httpieRequest) finish() error {
	r.url = joined(r.url, strings.Join(r.query, "&"))
	if rest, ok := strings.CutPrefix(r.url, ":"); ok {
		r.url = "localhost" + map[bool]string{true: ":"}[rest != "" && rest[0] != '/'] + rest
	}
	if !strings.Contains(r.url, "://") && r.url != "" {
		r.url = map[bool]string{true: "https://", false: "http://"}[r.https] + r.url
	}
	if len(r.members) == 0 {
		if r.stdin != nil && !r.hasBody {
			data, err := r.file("-")
			if err != nil {
				return err
			}
			r.body, r.hasBody = data, true
		}
		return nil
	}
	r.hasBody = true
	var b bytes.Buffer
	if r.form {
		for i, m := range r.members {
			if i > 0 {
				b.WriteByte('&')
			}
			b.WriteString(url.QueryEscape(m.name) + "=" + url.QueryEscape(m.value))
		}
		r.body = b.Bytes()
		return nil
	}
	for _, m := range r.members {
		if strings.Contains(m.name, "[") {
			return &hint.Error{Says: fmt.Sprintf("the HTTPie command builds nested JSON (%s), which is not read", clip(m.name)),
				Fix: "give the body with --raw, or the output of http --offline"}
		}
	}
	b.WriteByte('{')
	for i, m := range r.unique() {
		if i > 0 {
			b.WriteString(r.gap(","))
		}
		b.WriteString(r.text(m.name) + r.gap(":") + m.value)
	}
	b.WriteByte('}')
	r.body = b.Bytes()
	return nil
}

// gap is a comma or colon with the blank that HTTPie sets behind it.
func (r *httpieRequest) gap(mark string) string {
	if r.xh {
		return mark
	}
	return mark + " "
}

// text writes a JSON string, and json a JSON value, as the program does.
func (r *httpieRequest) text(s string) string {
	if r.xh {
		v := jsliteral.Value{Kind: jsliteral.String, Text: s}
		text, _ := v.Stringify("")
		return text
	}
	return pythonString(s)
}

func (r *httpieRequest) json(s string) (string, error) {
	if !r.xh {
		return pythonJSON(s)
	}
	var b bytes.Buffer
	err := json.Compact(&b, []byte(s))
	return b.String(), err
}

// unique returns the members as a dict of Python has them: of a name that stands
// twice the last value, at the first place.
func (r *httpieRequest) unique() []member {
	var list []member
	places := map[string]int{}
	for _, m := range r.members {
		if i, ok := places[m.name]; ok {
			list[i].value = m.value
			continue
		}
		places[m.name] = len(list)
		list = append(list, m)
	}
	return list
}

// unformatted takes away the bodies that HTTPie printed in its own form: by
// default it indents JSON and sorts its keys, so that they are not what was
// sent.
func unformatted(parts []part) {
	httpie := false
	for i := range parts {
		p := &parts[i]
		m := &p.message
		if !m.IsResponse() {
			httpie = strings.HasPrefix(m.Get("User-Agent"), "HTTPie/")
		}
		indented := bytes.HasPrefix(m.Body, []byte("{\n    ")) || bytes.HasPrefix(m.Body, []byte("[\n    "))
		if !httpie || !indented || m.Get("Content-Length") == strconv.Itoa(len(m.Body)) {
			continue
		}
		m.Body, p.bodyless = nil, true
		p.notes = append(p.notes, "HTTPie prints JSON indented and with sorted keys, not as it was sent: print it again "+
			"with --pretty=none, or save the body with --download")
	}
}
