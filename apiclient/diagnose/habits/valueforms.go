package habits

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"countersign/apiclient/diagnose/bodies"
)

// valueForm is another text of the same value of a query or path: what a library
// makes of it before it is percent-encoded. "" means that it does not apply.
type valueForm struct {
	of    func(plain string) string
	paths bool // it happens to paths, too
	cause string
	says  string // "with its accents composed (NFC)"
	code  string
}

var valueForms = []valueForm{
	{norm.NFC.String, true, "content_unicode_normalisation", "with accents composed (NFC)",
		"`normalize('NFC')`, or a form that was typed in"},
	{norm.NFD.String, true, "content_unicode_normalisation", "with accents decomposed (NFD)",
		"names of files of macOS, or `normalize('NFD')`"},
	{latin1Of, true, "query_reencoded", "in Latin-1", "`URLEncoder.encode(s, \"ISO-8859-1\")`, or an `escape` of JavaScript"},
	{fromLatin1, true, "query_reencoded", "in UTF-8 where Latin-1 was sent", "`encodeURIComponent`, or any encoder of UTF-8"},
	{jsonForm(false), false, "query_reencoded", "with JSON in it without blanks", "`JSON.stringify`, Jackson or Gson"},
	{jsonForm(true), false, "query_reencoded", "with JSON in it with blanks", "`json.dumps` of Python"},
}

// in writes all values of a list of parameters in the form; nil where none changes.
func (f valueForm) in(sent []param) []param {
	list := slices.Clone(sent)
	changed := false
	for i, p := range sent {
		if s := f.of(p.plain()); s != "" && s != p.plain() {
			list[i].value, changed = escapedParam(s), true
		}
	}
	if !changed {
		return nil
	}
	return list
}

// latin1Of writes UTF-8 as Latin-1.
func latin1Of(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	var out []byte
	for _, r := range s {
		if r > 0xff {
			return ""
		}
		out = append(out, byte(r))
	}
	return string(out)
}

// fromLatin1 writes as UTF-8 what is Latin-1.
func fromLatin1(s string) string {
	if utf8.ValidString(s) {
		return ""
	}
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

// jsonForm writes JSON without blanks, or with one behind each comma and colon.
func jsonForm(blanks bool) func(s string) string {
	return func(s string) string {
		var compact bytes.Buffer
		if !strings.HasPrefix(s, "{") && !strings.HasPrefix(s, "[") || json.Compact(&compact, []byte(s)) != nil {
			return ""
		}
		if !blanks {
			return compact.String()
		}
		var out strings.Builder
		quoted, escaped := false, false
		for _, c := range compact.String() {
			out.WriteRune(c)
			switch {
			case escaped:
				escaped = false
			case quoted && c == '\\':
				escaped = true
			case c == '"':
				quoted = !quoted
			case !quoted && (c == ':' || c == ','):
				out.WriteByte(' ')
			}
		}
		return out.String()
	}
}

// pathForms returns the path with the texts of its segments in each form.
func pathForms(path string) []string {
	var list []string
	for _, f := range valueForms {
		if s := f.of(bodies.PercentDecode(path, false)); f.paths && s != "" && s != bodies.PercentDecode(path, false) {
			list = append(list, bodies.Percent(s, bodies.Unreserved+"/!$&'()*+,;=:@", false))
		}
	}
	return list
}

// formBetween returns the form that makes one plain value of the other.
func formBetween(signed, sent string) (valueForm, bool) {
	for _, f := range valueForms {
		if signed != sent && f.of(sent) == signed {
			return f, true
		}
	}
	return valueForm{}, false
}
