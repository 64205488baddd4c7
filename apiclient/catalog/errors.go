package catalog

import "fmt"

// Error says what is wrong with a catalogue document or a name, and where.
type Error struct {
	Source string // file name of the document; "" where there is none
	Line   int    // 1-based; 0 where unknown
	Column int    // 1-based, in bytes; 0 where unknown
	Says   string // one sentence without its full stop
	Fix    string // how to mend it; "" where nothing is known
	Err    error  // what it comes from, if anything
}

// Error has the form "file:line:column: what is wrong".
func (e *Error) Error() string {
	switch {
	case e.Source == "":
		return e.Says
	case e.Line == 0:
		return e.Source + ": " + e.Says
	case e.Column == 0:
		return fmt.Sprintf("%s:%d: %s", e.Source, e.Line, e.Says)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.Source, e.Line, e.Column, e.Says)
}

// Hint says how to mend it.
func (e *Error) Hint() string { return e.Fix }

func (e *Error) Unwrap() error { return e.Err }
