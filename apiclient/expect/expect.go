package expect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"countersign/apiclient/hint"
	"countersign/apiclient/jq"
	"countersign/apiclient/lazyregexp"
)

// Expectation is a compiled expression. It is safe for concurrent use.
type Expectation struct {
	source  string // as it was written
	program *jq.Program
	paths   []Path   // that it names, in its order
	names   []string // variables {{name}} in it, in the order of the program's
	values  []any    // of them
}

// Error says what is wrong with an expression, and where.
type Error struct {
	Source string
	Offset int // in bytes; 0 where it is not known
	Column int // in characters, from 1; 0: not known
	Says   string
	hint.Fix
}

func (e *Error) Error() string { return fmt.Sprintf("the expectation %s: %s", e.Source, e.Says) }

// maxSource bounds an expression, in bytes.
const maxSource = 64 << 10

// Compile reads an expression. The error is an *Error. A name that the answer
// never has at its top is one too: .bdoy.id != "x" would always hold.
func Compile(source string) (*Expectation, error) {
	fault := func(at int, says, fix string) error {
		e := &Error{Source: clip(source), Says: says, Fix: hint.Fix(fix)}
		if at >= 0 {
			e.Offset, e.Column = at, jq.Column(source, at)
			if !strings.Contains(says, "at column") {
				e.Says += fmt.Sprintf(" at column %d", e.Column)
			}
		}
		return e
	}
	const write = `write a jq expression such as .result.status == "S"`
	switch {
	case len(source) > maxSource:
		return nil, fault(-1, fmt.Sprintf("it is longer than %d kB", maxSource>>10), write)
	case !utf8.ValidString(source):
		return nil, fault(-1, "it is not UTF-8", write)
	}
	written := source
	source, names := withVariables(source)
	if len(names) > 0 {
		fault = func(_ int, says, fix string) error { // places in it are not those of what was written
			return &Error{Source: clip(written), Says: says, Fix: hint.Fix(fix)}
		}
	}
	p, err := jq.Compile(source, jqNames(names)...)
	if err != nil {
		var f *jq.Fault
		if errors.As(err, &f) {
			return nil, fault(f.At, f.Says, write)
		}
		return nil, fault(-1, err.Error(), write)
	}
	x := &Expectation{source: written, program: p, paths: pathsOf(p.Query), names: names,
		values: make([]any, len(names))}
	for _, path := range x.paths {
		if name, fix := path.unknown(valueNames); name != "" {
			return nil, fault(strings.Index(source, name), fmt.Sprintf("%q is nothing that an answer has", name), fix)
		}
	}
	return x, nil
}

func (x *Expectation) String() string { return x.source }

// Result is how an expectation stands.
type Result struct {
	Expression string
	Holds      bool
	Gave       string // the last value as JSON, or "nothing"; "" where Err says why there is none
	Err        error  // why it could not be evaluated: then it does not hold
	Parts      []Part // the values that it looks at; nil where it holds

	last any
}

// Part is a value of the answer that an expression names.
type Part struct {
	Path  string // ".result.status"
	Value string // JSON; "" where there is none
	Near  string // where there is none: what is there instead
}

func (p Part) String() string {
	if p.Value == "" {
		return p.Path + " is not there" + p.Near
	}
	return p.Path + " is " + clip(p.Value)
}

// String says in one line why an expectation failed.
func (r Result) String() string {
	if r.Holds {
		return r.Expression + ": holds"
	}
	text := r.Expression + ": gave " + clip(r.Gave)
	if r.Err != nil {
		text = r.Expression + ": " + r.Err.Error()
	}
	for _, p := range r.Parts {
		text += "; " + p.String()
	}
	return text
}

// limits of one expectation: it is to look at an answer, not to compute.
var limits = jq.Limits{Time: 5 * time.Second, Memory: 256 << 20}

// maxResults is how many values an expression may give.
const maxResults = 100_000

// Check holds the expectation against a value, as Value returns it.
func (x *Expectation) Check(ctx context.Context, value any) Result {
	r := Result{Expression: x.source, Gave: "nothing"}
	var last any
	count := 0
	err := x.program.Run(ctx, limits, value, func(v any) bool {
		last = v
		count++
		return count < maxResults
	}, x.values...)
	switch {
	case err != nil:
		r.Err, r.Gave = err, ""
	case count == maxResults:
		r.Err, r.Gave = fmt.Errorf("it was stopped after %d values", count), ""
	case count > 0:
		r.Gave, r.last = shown(last), last
		r.Holds = last != nil && last != false
	}
	if r.Holds {
		return r
	}
	for _, path := range x.paths[:min(len(x.paths), maxParts)] {
		r.Parts = append(r.Parts, path.in(value))
	}
	return r
}

// quoted is a text in quotes.
var quoted = lazyregexp.New(`"(?:[^"\\]|\\.)*"?`)

// Masked returns the result with what mask makes of the values in it.
func (r Result) Masked(mask func(string) string) Result {
	parts := make([]Part, len(r.Parts))
	for i, p := range r.Parts {
		parts[i] = Part{p.Path, mask(p.Value), mask(p.Near)}
	}
	r.Parts, r.Gave = parts, mask(r.Gave)
	if r.Err != nil { // it quotes a piece of a value, which no mask knows
		says, _, _ := strings.Cut(r.Err.Error(), " (")
		r.Err = errors.New(mask(quoted.ReplaceAllString(says, `"…"`)))
	}
	return r
}

// Text returns the last value as text: a string as it is, all else as JSON. An
// expression that gives nothing or null is an error.
func (x *Expectation) Text(ctx context.Context, value any) (string, error) {
	r := x.Check(ctx, value)
	if !r.Holds && r.last != false {
		return "", errors.New(r.String())
	}
	if s, ok := r.last.(string); ok {
		return s, nil
	}
	text, err := jq.Encode(r.last)
	return string(text), err
}

// Bounds of what is shown.
const (
	maxParts = 8
	maxShown = 200 // bytes of a value
	maxNames = 12  // members that are named
)

// shown is a value as JSON.
func shown(v any) string {
	text, err := jq.Encode(v)
	if err != nil {
		return "a value that cannot be written"
	}
	return string(text)
}

func clip(s string) string {
	if len(s) <= maxShown {
		return s
	}
	n := maxShown
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return fmt.Sprintf("%s… (%d bytes)", s[:n], len(s))
}

// in finds the value at the path.
func (p Path) in(value any) Part {
	part := Part{Path: p.String()}
	for i, step := range p {
		next, ok := child(value, step)
		if !ok {
			part.Near = instead(p[:i], value)
			return part
		}
		value = next
	}
	part.Value = shown(value)
	return part
}

func child(value, step any) (any, bool) {
	switch v := value.(type) {
	case map[string]any:
		name, named := step.(string)
		next, there := v[name]
		return next, named && there
	case []any:
		i, ok := step.(int)
		if i < 0 {
			i += len(v)
		}
		if !ok || i < 0 || i >= len(v) {
			return nil, false
		}
		return v[i], true
	}
	return nil, false
}

// instead says what stands where a value is missing.
func instead(at Path, value any) string {
	switch v := value.(type) {
	case map[string]any:
		list := slices.Sorted(maps.Keys(v))
		if len(list) == 0 {
			return fmt.Sprintf(" (%s is empty)", at)
		}
		more := ""
		if len(list) > maxNames {
			list, more = list[:maxNames], ", …"
		}
		return fmt.Sprintf(" (%s has %s%s)", at, clip(strings.Join(list, ", ")), more)
	case []any:
		return fmt.Sprintf(" (%s has %d elements)", at, len(v))
	case nil:
		return fmt.Sprintf(" (%s is null)", at)
	case string:
		return fmt.Sprintf(" (%s is text)", at)
	}
	return fmt.Sprintf(" (%s is neither an object nor a list)", at)
}
