package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"countersign/apiclient/hint"
)

// header adds a header as curl does: "Name;" is one without a value, and
// "Name:" removes one that curl would add by itself.
func (r *curlRequest) header(v string) error {
	if name, isFile := strings.CutPrefix(v, "@"); isFile {
		data, err := r.file(name)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(data)) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '@' {
				_ = r.header(line) // a line that is no file's name has no error
			}
		}
		return nil
	}
	if name, value, ok := strings.Cut(v, ":"); ok {
		if value = strings.TrimSpace(value); value != "" {
			r.request.add(name, value)
		}
		return nil
	}
	if name, ok := strings.CutSuffix(v, ";"); ok {
		r.request.add(name, "")
	}
	return nil
}

// add adds data; files says whether @ names one, strip whether its line ends
// are lost, as -d does.
func (r *curlRequest) add(v string, files, strip bool) error {
	r.hasBody = true
	name, isFile := strings.CutPrefix(v, "@")
	if !files || !isFile {
		r.data = append(r.data, []byte(v))
		return nil
	}
	data, err := r.file(name)
	if err != nil {
		return err
	}
	if strip {
		if kept := withoutLineEnds.Replace(string(data)); len(kept) < len(data) {
			r.note("curl -d removes line ends from a file; --data-binary would keep them")
			data = []byte(kept)
		}
	}
	r.data = append(r.data, data)
	return nil
}

// encoded reads the five forms of --data-urlencode: content, =content,
// name=content, @file, name@file.
func (r *curlRequest) encoded(v string) (string, error) {
	name, value := "", v
	if i := strings.IndexAny(v, "=@"); i >= 0 {
		name, value = v[:i], v[i+1:]
		if v[i] == '@' {
			data, err := r.file(value)
			if err != nil {
				return "", err
			}
			value = string(data)
		}
	}
	if strings.Contains(value, " ") {
		r.note("--data-urlencode and --url-query write a space as +, as curl does since 2021; before, it was %%20")
	}
	value = url.QueryEscape(value)
	if name != "" {
		value = name + "=" + value
	}
	return value, nil
}

func (r *curlRequest) urlencoded(v string) error {
	text, err := r.encoded(v)
	if err != nil {
		return err
	}
	return r.add(text, false, false)
}

func (r *curlRequest) urlQuery(v string) error {
	if raw, ok := strings.CutPrefix(v, "+"); ok {
		r.query = append(r.query, raw)
		return nil
	}
	text, err := r.encoded(v)
	r.query = append(r.query, text)
	return err
}

func (r *curlRequest) upload(v string) error {
	data, err := r.file(v)
	if r.data, r.hasBody = [][]byte{data}, true; r.method == "" {
		r.method = "PUT"
	}
	return err
}

func (r *curlRequest) form(string) error {
	return &hint.Error{Says: "the curl command sends a form (-F): its bytes have a random boundary",
		Fix: "give the raw HTTP message"}
}

func (r *curlRequest) config(v string) error {
	return &hint.Error{Says: fmt.Sprintf("the curl command takes options from the file %q (-K)", v),
		Fix: "put them into the command, or give the raw HTTP message"}
}

// cutByQuote says where a quote ends a body too early: the rest of it stands
// where URLs do.
func (r *curlRequest) cutByQuote() error {
	if len(r.urls) < 2 {
		return nil
	}
	for _, d := range r.data {
		if text := bytes.TrimSpace(d); len(text) > 0 && (text[0] == '{' || text[0] == '[') && !json.Valid(text) {
			if r.fault != nil {
				return r.fault
			}
			return &hint.Error{
				Says: fmt.Sprintf("the quoting of the curl command is at fault: a quote inside the body ends it early, before %q",
					clip(r.urls[1])),
				Fix: `write a ' inside '…' as '\'', or give the body as a file: --data-binary @body.json`}
		}
	}
	return nil
}

// withoutDots takes /./ and /../ out of the path of a URL, as curl does.
func withoutDots(target string) string {
	start := strings.Index(target, "://") + 3
	if start < 3 {
		start = 0
	}
	end := len(target)
	if i := strings.IndexAny(target, "?#"); i >= 0 {
		end = i
	}
	slash := strings.IndexByte(target[min(start, end):end], '/')
	if slash < 0 || !strings.Contains(target[:end]+"/", "/.") {
		return target
	}
	start += slash
	var kept []string
	parts := strings.Split(target[start+1:end], "/")
	for i, part := range parts {
		switch {
		case part == "." || part == "..":
			if part == ".." && len(kept) > 0 {
				kept = kept[:len(kept)-1]
			}
			if i == len(parts)-1 {
				kept = append(kept, "")
			}
		default:
			kept = append(kept, part)
		}
	}
	return target[:start] + "/" + strings.Join(kept, "/") + target[end:]
}
