// Package hint is the error that says what to do.
package hint

import (
	"errors"
	"fmt"
)

// Error says what is wrong and how to fix it.
type Error struct {
	Says string // one sentence without its full stop
	Fix  string // how to fix it; "" where nothing is known
	Err  error  // what it comes from, if anything
}

// Fix says how to fix an error; "" where nothing is known. Errors that have more
// to them than a sentence, such as a place, embed it.
type Fix string

// Hint returns how to fix it.
func (f Fix) Hint() string { return string(f) }

// Errorf returns an Error whose text follows a format, as that of fmt.Errorf
// does, %w included.
func Errorf(fix, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Says: err.Error(), Fix: fix, Err: errors.Unwrap(err)}
}

func (e *Error) Error() string { return e.Says }

// Hint returns how to fix it.
func (e *Error) Hint() string { return e.Fix }

func (e *Error) Unwrap() error { return e.Err }

// Of returns the first hint of err and of what it wraps; "" where there is none.
func Of(err error) string {
	var hinted interface{ Hint() string }
	for err != nil && errors.As(err, &hinted) {
		if h := hinted.Hint(); h != "" {
			return h
		}
		e, ok := hinted.(error)
		if !ok {
			break
		}
		err = errors.Unwrap(e)
	}
	return ""
}

// Sentence returns an error with its hint, in one line.
func Sentence(err error) string {
	text := err.Error()
	if fix := Of(err); fix != "" {
		text += ": " + fix
	}
	return text
}
