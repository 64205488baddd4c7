package redact

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient/jsontext"
)

// pattern is a jq path: ".a.b", "..a", ".a[].b", ".a[0]", `."odd name"`.
type pattern []step

type step struct {
	name  string
	index int  // of an element: a position, or one of the two below
	deep  bool // anywhere below
}

const (
	byName = -1
	every  = -2 // []
)

// parsePattern reads a path; an error ends the sentence "the path "…" …".
func parsePattern(s string) (pattern, error) {
	var p pattern
	if !strings.HasPrefix(s, ".") {
		return nil, errors.New("does not begin with a dot")
	}
	for rest := s; rest != ""; {
		st := step{index: byName}
		rest, st.deep = strings.CutPrefix(rest, "..")
		if !st.deep {
			rest, _ = strings.CutPrefix(rest, ".")
		}
		switch {
		case strings.HasPrefix(rest, "["):
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return nil, errors.New("has a bracket that is not closed")
			}
			if inner := rest[1:]; strings.HasPrefix(inner, `"`) {
				t := jsontext.Next([]byte(inner), 0)
				if t.Kind != jsontext.String || !strings.HasPrefix(inner[t.To:], "]") {
					return nil, errors.New("has a bracket that is not closed")
				}
				st.name, rest = jsontext.Text([]byte(inner[:t.To])), inner[t.To+1:]
				break
			}
			inside := rest[1:end]
			rest = rest[end+1:]
			if inside == "" {
				st.index = every
				break
			}
			n, err := strconv.Atoi(inside)
			if err != nil || n < 0 {
				return nil, errors.New("has something other than a position or a name in brackets")
			}
			st.index = n
		case strings.HasPrefix(rest, `"`):
			t := jsontext.Next([]byte(rest), 0)
			if t.Kind != jsontext.String {
				return nil, errors.New("has a quote that is not closed")
			}
			st.name, rest = jsontext.Text([]byte(rest[:t.To])), rest[t.To:]
		default:
			end := strings.IndexAny(rest, ".[")
			if end < 0 {
				end = len(rest)
			}
			if st.name, rest = rest[:end], rest[end:]; !isName(st.name) {
				return nil, errors.New("has a step that is no name")
			}
		}
		rest = strings.TrimPrefix(rest, "?")
		p = append(p, st)
	}
	return p, nil
}

// isName reports whether jq takes a name without quotes.
func isName(s string) bool {
	for i, c := range s {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// state is how far a path of the configuration leads to a value: its next step is
// to come.
type state struct{ path, step int }

// start returns the states at the top of a text.
func (r *Redactor) start() []state {
	states := make([]state, len(r.paths))
	for i := range r.paths {
		states[i].path = i
	}
	return states
}

// follow returns the states at a member of that name, or at the element at that
// position where it is not byName; hit: a path ends there.
func (r *Redactor) follow(states []state, name string, index int) (next []state, hit bool) {
	add := func(s state) {
		if !slices.Contains(next, s) {
			next = append(next, s)
		}
	}
	for _, s := range states {
		path := r.paths[s.path]
		st := path[s.step]
		if st.deep {
			add(s)
		}
		fits := st.index == index || st.index == every && index >= 0
		if index == byName {
			fits = st.index == byName && st.name == name
		}
		switch {
		case fits && s.step+1 == len(path):
			hit = true
		case fits:
			add(state{s.path, s.step + 1})
		}
	}
	return next, hit
}
