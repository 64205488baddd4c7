package requests

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/english"
	"countersign/apiclient/hint"
)

// Bounds of a file.
const (
	MaxFile     = 16 << 20 // bytes
	maxRequests = 10_000
	maxFaults   = 100 // of each kind that is kept
)

// File is a request file: its text, and where the parts of it stand.
type File struct {
	Name      string // as errors name it
	Text      []byte
	Requests  []*Request
	Variables []Variable // in their order
	Profile   string     // of all requests that name none of their own; ""
	NotRun    []Note     // what other tools do and this one does not
	Faults    []*Error   // what cannot be used; the rest can
	Cut       bool       // it has more requests than are read
}

// Span is a part of a text, in bytes.
type Span struct{ From, To int }

// Of returns the part of the text.
func (s Span) Of(text []byte) []byte { return text[s.From:s.To] }

// Variable is a line "@name = value".
type Variable struct {
	Name  string
	Value string // with variables of its own
	At    Span   // of the value
}

// Note is something that stands in the file and is not run.
type Note struct {
	Line int
	Says string // "a script for the answer"
}

// Request is one request of a file.
type Request struct {
	Name  string // of # @name, else that of the ### line; "" where there is none
	Title string // of the ### line
	Line  int    // of its request line

	Method     string // "GET" where the line has none
	Target     string // a URL, or a path below the base URL; its lines are joined
	Header     []Header
	Directives []Directive
	Body       Body

	// Foreign says what of the request is not known here, so that it cannot be
	// sent: "GRAPHQL". "" where it can be.
	Foreign  string
	Disabled bool // by # @disabled

	Part      Span // from its ### line to the next, or the end
	Separator Span // the ### line without its line break; empty for the first part
	line      Span // the request line without its line break, continued lines too
	target    int  // where its target begins
	headEnd   int  // where the head ends: after the last header, before its line break
	headStart int  // where directives may be put: the first line of the request's comments
	separated bool // the head ends in a blank line
}

// Header is a line "Name: value".
type Header struct {
	Name, Value string
	At          Span // the line without its line break
	value       int  // where the value begins
}

// Directive is a comment line "# @name value" before the request line.
type Directive struct {
	Name, Value string
	At          Span // the line without its line break
	value       int  // where the value begins
}

// Body is where the body of a request is.
type Body struct {
	At     Span   // of its bytes in the text, or of the line that names the file; empty where there is none
	File   string // "./pay.bin" where it stands in a file of its own; else ""
	Filled bool   // variables of the file are replaced: <@
	start  int    // where it begins, or would
}

// Empty reports whether there is no body.
func (b Body) Empty() bool { return b.At.From == b.At.To }

// Error says what in a file cannot be used, and where.
type Error struct {
	File   string
	Line   int // from 1; 0: the whole file
	Column int // from 1, in bytes
	Says   string
	hint.Fix
	Err       error // what lies behind it, if anything
	NoRequest bool  // a part of the file cannot be read as a request
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Says
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Says)
}

func (e *Error) Unwrap() error { return e.Err }

// errorAt makes an error about an offset of the text.
func (f *File) errorAt(at int, fix, format string, args ...any) *Error {
	before := f.Text[:max(0, min(at, len(f.Text)))]
	return &Error{
		File: f.Name, Line: 1 + bytes.Count(before, []byte{'\n'}),
		Column: len(before) - bytes.LastIndexByte(before, '\n'),
		Says:   fmt.Sprintf(format, args...), Fix: hint.Fix(fix),
	}
}

// causedAt makes one of an error that lies behind it, with more before it.
func (f *File) causedAt(at int, more string, err error) *Error {
	e := f.errorAt(at, hint.Of(err), "%s%v", more, err)
	e.Err = err
	return e
}

// Err returns the first fault; nil where there is none.
func (f *File) Err() error {
	if len(f.Faults) == 0 {
		return nil
	}
	return f.Faults[0]
}

// Label names a request: its name, or where it has none its method and target.
func (r *Request) Label() string {
	return cmp.Or(r.Name, r.Method+" "+r.Target)
}

// Get returns the values of a directive, in their order.
func (r *Request) Get(name string) []string {
	var list []string
	for _, d := range r.Directives {
		if d.Name == name {
			list = append(list, d.Value)
		}
	}
	return list
}

// first returns the first value of a directive; "" where there is none.
func (r *Request) first(name string) string {
	for _, d := range r.Directives {
		if d.Name == name {
			return d.Value
		}
	}
	return ""
}

// Find returns the request of a name or title, or of a number from 1 as it stands
// in the file. The error is an *Error.
func (f *File) Find(name string) (*Request, error) {
	for _, of := range []func(*Request) string{
		func(r *Request) string { return r.Name }, func(r *Request) string { return r.Title },
	} {
		var found []*Request
		for _, r := range f.Requests {
			if of(r) == name && name != "" {
				found = append(found, r)
			}
		}
		if len(found) > 1 {
			return nil, f.errorAt(found[1].line.From, "rename one of them",
				"%q is the name of two requests: in line %d too", name,
				found[0].Line)
		}
		if len(found) == 1 {
			return found[0], nil
		}
	}
	var n int
	if _, err := fmt.Sscanf(name, "%d", &n); err == nil && fmt.Sprint(n) == name && n >= 1 && n <= len(f.Requests) {
		return f.Requests[n-1], nil
	}
	var names []string
	for _, r := range f.Requests {
		names = append(names, r.Label())
	}
	fix := "its requests are " + strings.Join(names[:min(len(names), 20)], ", ")
	if len(names) == 0 {
		fix = "it has no request"
	} else if near := english.Nearest(name, names); near != "" {
		fix = fmt.Sprintf("did you mean %q? %s", near, fix)
	}
	return nil, &Error{File: f.Name, Says: fmt.Sprintf("it has no request %q", name), Fix: hint.Fix(fix)}
}

// lineBreak is how the lines of the file end.
func (f *File) lineBreak() string {
	if i := bytes.IndexByte(f.Text, '\n'); i > 0 && f.Text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// index returns the place of a request in the file.
func (f *File) index(r *Request) int { return slices.Index(f.Requests, r) }
