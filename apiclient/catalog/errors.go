package catalog

import (
	"fmt"

	"github.com/pb33f/go-yaml"

	"countersign/apiclient/hint"
)

// Error says what is wrong with a catalogue document, and where.
type Error struct {
	Source string // file name of the document
	Line   int    // 1-based; 0 where unknown
	Column int    // 1-based, in bytes; 0 where unknown
	Says   string // one sentence without its full stop
	Err    error  // what it comes from, if anything
	hint.Fix
}

// Error has the form "file:line:column: what is wrong".
func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return e.Source + ": " + e.Says
	case e.Column == 0:
		return fmt.Sprintf("%s:%d: %s", e.Source, e.Line, e.Says)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.Source, e.Line, e.Column, e.Says)
}

func (e *Error) Unwrap() error { return e.Err }

// at returns an error about a node.
func (d *document) at(n *yaml.Node, fix, format string, args ...any) *Error {
	e := &Error{Source: d.name, Says: fmt.Sprintf(format, args...), Fix: hint.Fix(fix)}
	if n != nil {
		e.Line, e.Column = n.Line, n.Column
	}
	return e
}
