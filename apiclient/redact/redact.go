// Package redact masks what is secret in what people see and hand on: screens,
// exports, reports and logs. What is sent and what is kept is changed by it only
// where a setting says so.
//
// A Redactor says what is secret: header names, names of JSON members, XML
// elements and parameters, and paths of the configuration. A Masker masks one
// report by it. A mask says how long the value was, and equal values have equal
// masks in one report: they are counted, not hashed, as short secrets can be found
// from a hash.
package redact

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"countersign/apiclient/hint"
)

// Redactor says what is secret. The zero one knows what is built in.
type Redactor struct {
	headers map[string]bool // names beside the built-in ones, in the form of plainName
	paths   []pattern
	values  []hidden
	reveals bool
}

// hidden is a value that is secret wherever it stands.
type hidden struct{ name, value string }

// New returns a Redactor for the built-in names, the headers of these names, and
// the values in bodies at these jq paths: ".buyer.email", "..accessToken",
// ".goods[].name". Its error is a *PathError.
func New(headers, paths []string) (Redactor, error) {
	r := Redactor{headers: map[string]bool{}}
	for _, name := range headers {
		r.headers[plainName(name)] = true
	}
	for i, path := range paths {
		p, err := parsePattern(path)
		if err != nil {
			return Redactor{}, &PathError{Index: i, Says: fmt.Sprintf("the path %q %s", path, err), Fix: pathFix}
		}
		r.paths = append(r.paths, p)
	}
	return r, nil
}

// Reveal returns a Redactor that masks nothing, for those who asked for it.
func Reveal() Redactor { return Redactor{reveals: true} }

// And returns a Redactor that masks what either does.
func (r Redactor) And(other Redactor) Redactor {
	both := Redactor{headers: maps.Clone(r.headers), paths: slices.Concat(r.paths, other.paths),
		values: slices.Concat(r.values, other.values), reveals: r.reveals && other.reveals}
	if both.headers == nil {
		both.headers = map[string]bool{}
	}
	maps.Copy(both.headers, other.headers)
	return both
}

// Hiding returns a Redactor that masks a value wherever it stands too, such as one of
// the environment. Short ones stand in many texts by chance: they are left.
func (r Redactor) Hiding(name, value string) Redactor {
	if len(value) >= shortest {
		r.values = append(slices.Clone(r.values), hidden{name, value})
	}
	return r
}

// Reveals reports whether nothing is masked.
func (r Redactor) Reveals() bool { return r.reveals }

// PathError says why a path of the configuration cannot be used.
type PathError struct {
	Index int // of the path in its list
	Says  string
	hint.Fix
}

func (e *PathError) Error() string { return e.Says }

const pathFix hint.Fix = `write jq paths such as ".buyer.email", "..accessToken" or ".goods[].name"`

// Secret reports whether the value of a header with this name is masked.
func (r Redactor) Secret(name string) bool {
	return !r.reveals && (Secret(name) || r.headers[plainName(name)])
}

// Header returns the value of a header as it may be shown, alone: a mask tells its
// length only. Where several values are shown together a Masker tells which of
// them are equal.
func (r Redactor) Header(name, value string) string {
	if value == "" || !r.Secret(name) {
		return value
	}
	scheme, rest := schemeOf(name, value)
	return scheme + fmt.Sprintf("*** (masked: %d bytes)", len(rest))
}

// schemeOf splits the value of an Authorization header behind its scheme, which is
// no secret.
func schemeOf(name, value string) (scheme, rest string) {
	i := strings.IndexByte(value, ' ')
	if i < 0 || !strings.Contains(strings.ToLower(name), "authorization") {
		return "", value
	}
	return value[:i+1], value[i+1:]
}
