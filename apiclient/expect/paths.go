package expect

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/itchyny/gojq"

	"countersign/apiclient/english"
	"countersign/apiclient/jsontext"
)

// Path leads to a value: names (string) and positions (int).
type Path []any

// String writes the path as jq does.
func (p Path) String() string {
	if len(p) == 0 {
		return "."
	}
	var b []byte
	for _, step := range p {
		if i, ok := step.(int); ok {
			b = jsontext.AppendPosition(b, i)
		} else if name, ok := step.(string); ok {
			b = jsontext.AppendName(b, name)
		}
	}
	return "." + string(b)
}

// unknown returns the first name of the path that there never is, and what was
// meant.
func (p Path) unknown(known map[string]any) (name, fix string) {
	for i, step := range p {
		name, ok := step.(string)
		if !ok {
			return "", ""
		}
		below, there := known[name]
		if !there {
			all := slices.Sorted(maps.Keys(known))
			fix = p[:i].String() + " has " + strings.Join(all, ", ")
			if near := english.Nearest(name, all); near != "" {
				fix = "did you mean " + near + "? " + fix
			} else if i == 0 {
				fix += "; a value of the answer's body is .body." + name
			}
			return name, fix
		}
		if name == "headers" && i == 0 && len(p) > 1 {
			if h, ok := p[1].(string); ok && h != strings.ToLower(h) {
				return h, "headers are named in lower case: " + Path{"headers", strings.ToLower(h)}.String()
			}
		}
		known, ok = below.(map[string]any)
		if !ok {
			return "", ""
		}
	}
	return "", ""
}

// pathsOf lists the paths into its input that a program names. What it does with
// values that it made itself, or with each element of a list, is not followed.
func pathsOf(q *gojq.Query) []Path {
	var c collector
	c.use(q, at{known: true})
	return c.paths
}

// at is where in the input an expression stands.
type at struct {
	path  Path
	known bool
}

type collector struct{ paths []Path }

// note adds a path that is used.
func (c *collector) note(a at) {
	if !a.known || len(a.path) == 0 ||
		slices.ContainsFunc(c.paths, func(p Path) bool { return slices.Equal(p, a.path) }) {
		return
	}
	c.paths = append(c.paths, a.path)
}

// use follows an expression whose result is used here.
func (c *collector) use(q *gojq.Query, in at) { c.note(c.query(q, in)) }

// query follows an expression and returns where its result is.
func (c *collector) query(q *gojq.Query, in at) at {
	switch {
	case q == nil:
		return at{}
	case q.Term != nil:
		return c.term(q.Term, in)
	case q.Op == gojq.OpPipe && len(q.Patterns) > 0: // left as $x | right
		c.use(q.Left, in)
		return c.query(q.Right, in)
	case q.Op == gojq.OpPipe:
		return c.query(q.Right, c.query(q.Left, in))
	}
	c.use(q.Left, in)
	c.use(q.Right, in)
	return at{}
}

func (c *collector) term(t *gojq.Term, in at) at {
	var out at
	switch t.Type {
	case gojq.TermTypeIdentity:
		out = in
	case gojq.TermTypeIndex:
		out = c.index(t.Index, in, in)
	case gojq.TermTypeQuery:
		out = c.query(t.Query, in)
	case gojq.TermTypeFunc:
		out = c.call(t.Func, in)
	case gojq.TermTypeUnary:
		c.note(c.term(t.Unary.Term, in))
	default:
		for _, q := range inner(t) {
			c.use(q, in)
		}
	}
	for _, s := range t.SuffixList {
		switch {
		case s.Index != nil:
			out = c.index(s.Index, out, in)
		case s.Iter:
			c.note(out)
			out = at{}
		}
	}
	return out
}

// index goes a step on; what is in brackets is evaluated where the term stands.
func (c *collector) index(x *gojq.Index, from, in at) at {
	var step any
	switch {
	case x.Name != "":
		step = x.Name
	case x.Str != nil && len(x.Str.Queries) == 0:
		step = x.Str.Str
	case !x.IsSlice && x.Start != nil:
		if n, err := strconv.Atoi(x.Start.String()); err == nil {
			step = n
			break
		}
		if s, err := strconv.Unquote(x.Start.String()); err == nil {
			step = s
		}
	}
	if step == nil {
		c.note(from)
		for _, q := range []*gojq.Query{x.Start, x.End} {
			if q != nil {
				c.use(q, in)
			}
		}
		return at{}
	}
	return at{append(slices.Clone(from.path), step), from.known}
}

// onElements are functions whose arguments look at elements of the input.
var onElements = strings.Fields(`map map_values any all sort_by group_by min_by max_by unique_by with_entries walk
	recurse paths del path to_entries from_entries reduce add limit while until repeat range`)

// call follows what a function looks at: its input and its arguments.
func (c *collector) call(f *gojq.Func, in at) at {
	if strings.HasPrefix(f.Name, "$") {
		return at{}
	}
	if f.Name != "select" {
		c.note(in)
	}
	if len(f.Args) == 1 && slices.Contains(onElements, f.Name) {
		return at{}
	}
	for i, q := range f.Args {
		if i > 0 && slices.Contains(onElements, f.Name) {
			break
		}
		c.use(q, in)
	}
	if f.Name == "select" {
		return in
	}
	return at{}
}

// inner lists the expressions inside of a term that see its input.
func inner(t *gojq.Term) []*gojq.Query {
	var list []*gojq.Query
	switch {
	case t.Array != nil:
		list = append(list, t.Array.Query)
	case t.Object != nil:
		for _, kv := range t.Object.KeyVals {
			list = append(list, kv.KeyQuery, kv.Val)
		}
	case t.Str != nil:
		list = append(list, t.Str.Queries...)
	case t.If != nil:
		list = append(list, t.If.Cond, t.If.Then, t.If.Else)
		for _, e := range t.If.Elif {
			list = append(list, e.Cond, e.Then)
		}
	case t.Try != nil:
		list = append(list, t.Try.Body)
	case t.Reduce != nil:
		list = append(list, t.Reduce.Query, t.Reduce.Start)
	case t.Foreach != nil:
		list = append(list, t.Foreach.Query, t.Foreach.Start)
	case t.Label != nil:
		list = append(list, t.Label.Body)
	}
	return list
}
