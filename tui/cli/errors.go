package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"countersign/apiclient/hint"
	"countersign/tui/ui"
)

// Exit codes of every command.
const (
	exitDone       = 0 // done and verified
	exitFailed     = 1 // could not be done: network, disk, configuration
	exitUsage      = 2 // wrong usage or unreadable input
	exitUnverified = 3 // a signature does not verify, or is missing where one is due
)

// codeError returns an error an exit code and perhaps a hint of its own.
type codeError struct {
	code     int
	err      error // nil where everything has been said already
	hint.Fix       // "" leaves it to the error inside
}

func (e *codeError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *codeError) Unwrap() error { return e.err }

// usage is wrong usage: exit code 2.
func usage(fix, format string, args ...any) error {
	return &codeError{exitUsage, fmt.Errorf(format, args...), hint.Fix(fix)}
}

// unreadable is input that cannot be read: exit code 2.
func unreadable(err error) error { return &codeError{exitUsage, err, ""} }

// failed is work that could not be done: exit code 1.
func failed(fix, format string, args ...any) error {
	return &codeError{exitFailed, fmt.Errorf(format, args...), hint.Fix(fix)}
}

// said ends a command with an exit code after it has reported by itself.
func said(code int) error {
	if code == exitDone {
		return nil
	}
	return &codeError{code: code}
}

// listError is an error with a list to choose from.
type listError struct {
	says  string
	lines []string
}

func (e *listError) Error() string { return e.says + "\n  " + strings.Join(e.lines, "\n  ") }

// codeOf is the exit code for an error.
func codeOf(err error) int {
	var coded *codeError
	if errors.As(err, &coded) {
		return coded.code
	}
	return exitFailed
}

// report prints an error and gives its exit code.
func report(w io.Writer, err error) int {
	if err == nil {
		return exitDone
	}
	code := codeOf(err)
	var coded *codeError
	if errors.As(err, &coded) && coded.err == nil {
		return code
	}
	var list *listError
	if text := textOf(err); errors.As(err, &list) {
		_, _ = fmt.Fprintf(w, "error: %s\n", ui.Safe(list.says))
		for _, line := range list.lines {
			_, _ = fmt.Fprintf(w, "  %s\n", ui.Safe(line))
		}
	} else {
		_, _ = fmt.Fprintf(w, "error: %s\n", ui.Safe(text))
	}
	if hint := hint.Of(err); hint != "" {
		_, _ = fmt.Fprintf(w, "hint: %s\n", ui.Safe(hint))
	}
	return code
}

func textOf(err error) string {
	if errors.Is(err, context.Canceled) {
		return "canceled"
	}
	return err.Error()
}

// reportJSON prints an error as the one document of --json, where a command
// ended before it had printed another.
func (a *app) reportJSON(err error) {
	var coded *codeError
	if err == nil || a.wrote.Load() || errors.As(err, &coded) && coded.err == nil {
		return
	}
	_ = a.printJSON(struct { // stderr has it too
		Error string `json:"error"`
		Hint  string `json:"hint,omitempty"`
	}{textOf(err), hint.Of(err)})
}
