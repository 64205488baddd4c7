package signing

import (
	"fmt"
	"strings"
)

// TemplateError says why a content template cannot be used.
type TemplateError struct {
	Offset int    // byte at which the trouble begins, from 0
	Says   string // one sentence, without its full stop
	Fix    string // what to write instead
}

func (e *TemplateError) Error() string { return "content template: " + e.Says }

// Hint says how to fix it.
func (e *TemplateError) Hint() string { return e.Fix }

// ParseTemplate reads a content template: text, and placeholders in braces, of
// which {uri} is the path with its query, {query} comes without the question
// mark, and {body} is the bytes on the wire. Other spellings of a name
// ({clientId}, {timestamp}) are read, too. "{{" and "}}" stand for
// braces themselves. An error is a *TemplateError.
func ParseTemplate(s string) (Template, error) {
	if s == "" {
		return Template{}, &TemplateError{0, "it is empty",
			"leave it out for the usual rule, or write " + fmt.Sprintf("%q", DefaultTemplate)}
	}
	var t Template
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			t.parts = append(t.parts, Part{Literal: literal.String()})
			literal.Reset()
		}
	}
	for i := 0; i < len(s); {
		switch rest := s[i:]; {
		case strings.HasPrefix(rest, "{{"), strings.HasPrefix(rest, "}}"):
			literal.WriteByte(s[i])
			i += 2
		case s[i] == '}':
			return Template{}, &TemplateError{i, fmt.Sprintf("a closing brace at byte %d closes nothing", i+1),
				"write }} for a brace itself"}
		case s[i] == '{':
			name, end, err := placeholderAt(s, i)
			if err != nil {
				return Template{}, err
			}
			flush()
			t.parts = append(t.parts, Part{Name: name})
			i = end
		case len(rest) > 1 && s[i] == '\\' && strings.IndexByte("nrt", s[i+1]) >= 0:
			// A TOML string in single quotes keeps the backslash, and a
			// signature over it fails in a way that nobody sees.
			return Template{}, &TemplateError{i,
				fmt.Sprintf(`a backslash and %q stand at byte %d where a line feed or tab is meant`, s[i+1], i+1),
				`in TOML, put the template in double quotes: single quotes keep \n as two characters`}
		default:
			literal.WriteByte(s[i])
			i++
		}
	}
	flush()
	return t, nil
}

// placeholderAt reads the name in the braces that open at byte i, and returns where
// the text goes on.
func placeholderAt(s string, i int) (name string, after int, err error) {
	end := strings.IndexAny(s[i+1:], "{}")
	if end < 0 || s[i+1+end] == '{' {
		return "", 0, &TemplateError{i, fmt.Sprintf("the brace that opens at byte %d is never closed", i+1),
			"close it with }, or write {{ for a brace itself; the placeholders are " + placeholderList()}
	}
	name, after = s[i+1:i+1+end], i+end+len("{}")
	known, sure := placeholderOf(name)
	if sure {
		return known, after, nil
	}
	fix := "the placeholders are " + placeholderList()
	if known != "" {
		fix = "did you mean {" + known + "}? " + fix
	}
	return "", 0, &TemplateError{i, fmt.Sprintf("{%s} at byte %d is no placeholder", name, i+1), fix}
}

func placeholderList() string { return "{" + strings.Join(placeholders, "} {") + "}" }

// placeholderOf returns the placeholder that somebody means who writes name: the
// same letters in another style, or the word of another tool. It is not sure where
// the word may mean something else as well.
func placeholderOf(name string) (known string, sure bool) {
	plain := strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(strings.ToLower(name))
	for _, known := range placeholders {
		if plain == strings.ReplaceAll(known, "_", "") {
			return known, true
		}
	}
	if known, ok := otherWords[plain]; ok {
		return known, true
	}
	return unclearWords[plain], false
}

var otherWords = map[string]string{
	"verb": "method", "httpmethod": "method", "requestmethod": "method", "requesturi": "uri", "httpuri": "uri",
	"requestpath": "path", "querystring": "query", "requestid": "request_id",
	"timestamp": "time", "requesttime": "time", "responsetime": "time",
	"requestbody": "body", "responsebody": "body", "httpbody": "body", "rawbody": "body", "payload": "body",
}

var unclearWords = map[string]string{
	"url": "uri", "target": "uri", "endpoint": "uri", "client": "client_id", "appid": "client_id", "merchant": "merchant_id",
	"partnerid": "merchant_id", "traceid": "request_id", "nonce": "request_id", "content": "body", "data": "body",
}
