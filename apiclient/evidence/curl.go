package evidence

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/wire"
)

func isCurl(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte("$ "))
	return bytes.HasPrefix(text, []byte("curl ")) || bytes.HasPrefix(text, []byte("curl\t")) ||
		bytes.HasPrefix(text, []byte("curl.exe ")) ||
		bytes.HasPrefix(text, []byte("curl \\\n"))
}

// isCommand reports whether text is a curl command, or one that pipes into it.
func isCommand(text []byte) bool {
	if isCurl(text) {
		return true
	}
	if !bytes.HasPrefix(text, []byte(": ")) && !bytes.HasPrefix(text, []byte("printf ")) {
		return false
	}
	_, _, ok := piped(string(text))
	return ok
}

// readCurl reads a curl command with what may stand before it.
func (r Reader) readCurl(text []byte) (Evidence, error) {
	command, stdin, _ := piped(string(text))
	r.stdin = stdin
	e, notes, err := r.curl(command)
	if err != nil {
		return Evidence{}, err
	}
	return Evidence{Kind: Curl, Exchanges: []apiclient.Exchange{e}, Notes: notes}, nil
}

// request is what a curl command would send.
type request struct {
	reader  Reader
	method  string
	url     string
	fields  []apiclient.Field
	data    [][]byte
	hasData bool
	get     bool
	json    bool
	notes   []string
}

// option is what one of curl's options does; takes says whether it has a value.
type option struct {
	takes bool
	apply func(r *request, value string) error
}

// options are those of curl that matter to a request. Short ones are aliases.
var options = map[string]option{
	"--request":        {true, func(r *request, v string) error { r.method = v; return nil }},
	"--url":            {true, func(r *request, v string) error { r.url = v; return nil }},
	"--header":         {true, (*request).header},
	"--user-agent":     {true, func(r *request, v string) error { return r.header("User-Agent: " + v) }},
	"--cookie":         {true, func(r *request, v string) error { return r.header("Cookie: " + v) }},
	"--referer":        {true, func(r *request, v string) error { return r.header("Referer: " + v) }},
	"--data":           {true, func(r *request, v string) error { return r.body(v, true, true) }},
	"--data-ascii":     {true, func(r *request, v string) error { return r.body(v, true, true) }},
	"--data-binary":    {true, func(r *request, v string) error { return r.body(v, true, false) }},
	"--data-raw":       {true, func(r *request, v string) error { return r.body(v, false, false) }},
	"--json":           {true, func(r *request, v string) error { r.json = true; return r.body(v, true, false) }},
	"--data-urlencode": {true, (*request).urlencoded},
	"--get":            {false, func(r *request, _ string) error { r.get = true; return nil }},
	"--head":           {false, func(r *request, _ string) error { r.method = "HEAD"; return nil }},
	"--form": {true, func(*request, string) error {
		return &hint.Error{Says: "the curl command sends a form (-F): its bytes have a random boundary",
			Fix: "give the raw HTTP message"}
	}},
	"--upload-file": {true, func(*request, string) error {
		return &hint.Error{Says: "the curl command uploads a file (-T)", Fix: "give the raw HTTP message"}
	}},
}

var aliases = map[string]string{
	"-X": "--request", "-H": "--header", "-d": "--data", "-A": "--user-agent", "-b": "--cookie", "-e": "--referer",
	"-G": "--get",
	"-I": "--head", "-F": "--form", "-T": "--upload-file",
}

// others are the options that take a value and change nothing that is signed;
// those without a value are simply passed over.
var others = strings.Fields(`
	-o --output -u --user -x --proxy -m --max-time --connect-timeout --cacert --cert --key -E -w --write-out
	--resolve --retry -c --cookie-jar -D --dump-header --trace --trace-ascii -K --config --interface
	--limit-rate --max-redirs --noproxy --tls-max --ciphers --capath --stderr`)

// curl reads a curl command into the request that it would send.
func (r Reader) curl(text string) (apiclient.Exchange, []string, error) {
	words, err := split(strings.TrimPrefix(text, "$ "))
	if err != nil {
		return apiclient.Exchange{}, nil, err
	}
	req := &request{reader: r}
	for i := 1; i < len(words); i++ {
		if i, err = req.word(words, i); err != nil {
			return apiclient.Exchange{}, nil, err
		}
	}
	m, err := req.message()
	if err != nil {
		return apiclient.Exchange{}, nil, err
	}
	return r.fromRequest(m), req.notes, nil
}

// word takes the word at i and gives the index of the last one it used up.
func (r *request) word(words []string, i int) (int, error) {
	w := words[i]
	if !strings.HasPrefix(w, "-") || w == "-" {
		r.url = w
		return i, nil
	}
	name, value, inline := w, "", false
	if strings.HasPrefix(w, "--") {
		name, value, inline = strings.Cut(w, "=")
	} else if len(w) > 2 {
		if o := aliases[w[:2]]; options[o].takes || slices.Contains(others, w[:2]) {
			name, value, inline = w[:2], w[2:], true
		} else {
			return r.flags(words, i)
		}
	}
	if long, ok := aliases[name]; ok {
		name = long
	}
	o, known := options[name]
	if (o.takes || slices.Contains(others, name)) && !inline {
		if i++; i >= len(words) {
			return i, &hint.Error{Says: fmt.Sprintf("the curl command ends after %s, which takes a value", w),
				Fix: "copy the whole command"}
		}
		value = words[i]
	}
	if !known {
		return i, nil
	}
	return i, o.apply(r, value)
}

// flags reads short options written together, such as -sSX POST.
func (r *request) flags(words []string, i int) (int, error) {
	letters := words[i][1:]
	for n := range letters {
		short := "-" + letters[n:n+1]
		o := options[aliases[short]]
		if o.takes || slices.Contains(others, short) {
			rest := append([]string{short}, words[i+1:]...)
			if n+1 < len(letters) {
				rest = append([]string{short, letters[n+1:]}, words[i+1:]...)
				_, err := r.word(rest, 0)
				return i, err
			}
			used, err := r.word(rest, 0)
			return i + used, err
		}
		if o.apply != nil {
			if err := o.apply(r, ""); err != nil {
				return i, err
			}
		}
	}
	return i, nil
}

// header adds a header as curl does: "Name;" is one without a value, and
// "Name:" removes one that curl would add by itself.
func (r *request) header(v string) error {
	if name, value, ok := strings.Cut(v, ":"); ok {
		if value = strings.TrimSpace(value); value != "" {
			r.fields = append(r.fields, apiclient.Field{Name: strings.TrimSpace(name), Value: value})
		}
		return nil
	}
	if name, ok := strings.CutSuffix(v, ";"); ok {
		r.fields = append(r.fields, apiclient.Field{Name: name})
	}
	return nil
}

// body adds data; files says whether @ names one, strip whether its line ends
// are lost, as -d does.
func (r *request) body(v string, files, strip bool) error {
	r.hasData = true
	name, isFile := strings.CutPrefix(v, "@")
	if !files || !isFile {
		r.data = append(r.data, []byte(v))
		return nil
	}
	if name == "-" && r.reader.stdin != nil && !strip {
		r.data = append(r.data, r.reader.stdin)
		return nil
	}
	if name == "-" || r.reader.ReadFile == nil {
		return &hint.Error{Says: fmt.Sprintf("the curl command takes its body from %q, which is not at hand", name),
			Fix: "give the raw HTTP message, or put the body into the command"}
	}
	data, err := r.reader.ReadFile(name)
	if err != nil {
		return &hint.Error{Says: fmt.Sprintf("the curl command takes its body from a file: %v", err),
			Fix: "run this where the curl command runs", Err: err}
	}
	if strip {
		data = bytes.Map(func(c rune) rune {
			if c == '\r' || c == '\n' || c == 0 {
				return -1
			}
			return c
		}, data)
		r.notes = append(r.notes, "curl -d removes line ends from a file; --data-binary would keep them")
	}
	r.data = append(r.data, data)
	return nil
}

func (r *request) urlencoded(v string) error {
	if strings.Contains(v, "@") && !strings.Contains(v, "=") {
		return &hint.Error{Says: "the curl command encodes a file's content (--data-urlencode name@file)",
			Fix: "give the raw HTTP message"}
	}
	name, value, ok := strings.Cut(v, "=")
	if !ok {
		name, value = "", v
	}
	encoded := strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
	if name != "" {
		encoded = name + "=" + encoded
	}
	return r.body(encoded, false, false)
}

func (r *request) message() (apiclient.Message, error) {
	if r.url == "" {
		return apiclient.Message{}, &hint.Error{Says: "the curl command has no URL", Fix: "copy the whole command"}
	}
	sep := "&"
	if r.json {
		sep = ""
	}
	data := bytes.Join(r.data, []byte(sep))
	target := r.url
	if !strings.Contains(target, "://") && !strings.HasPrefix(target, "/") {
		target = "http://" + target
	}
	target, _, _ = strings.Cut(target, "#")
	if r.get && len(data) > 0 {
		join := "?"
		if strings.Contains(target, "?") {
			join = "&"
		}
		target, data = target+join+string(data), nil
	}
	if r.method == "" {
		r.method = "GET"
		if r.hasData && !r.get {
			r.method = "POST"
		}
	}
	if err := wire.CheckMethod(r.method); err != nil {
		return apiclient.Message{}, fmt.Errorf("the curl command: %w", err)
	}
	m := apiclient.Message{Line: r.method + " " + target + " HTTP/1.1", Header: r.fields, Body: data}
	if strings.ContainsAny(m.Line, "\r\n") {
		return m, &hint.Error{Says: "the curl command has a line end inside its URL or method",
			Fix: "copy the whole command, with its quotes"}
	}
	return m, nil
}
