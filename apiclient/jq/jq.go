// Package jq runs jq programs over JSON within bounds of time, memory and
// results. It reads no files, no environment and no further input.
//
// Numbers that a program only hands on keep their digits: 10.00 stays 10.00.
package jq

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/itchyny/gojq"
)

// Program is a compiled jq program. It is safe for concurrent use.
type Program struct {
	Source string
	Query  *gojq.Query // its syntax tree, to be read only
	code   *gojq.Code
}

// Fault says what is wrong with a program.
type Fault struct {
	Says string
	At   int // where in the program, in bytes; -1: not known
}

func (f *Fault) Error() string { return f.Says }

// Compile reads a program, which may use variables of these names, "$id". The
// error is a *Fault.
func Compile(source string, variables ...string) (*Program, error) {
	query, err := gojq.Parse(source)
	if err != nil {
		return nil, parseFault(source, err)
	}
	code, err := gojq.Compile(query, gojq.WithVariables(variables)) // without environment, modules and files
	if err != nil {
		return nil, compileFault(source, err)
	}
	return &Program{source, query, code}, nil
}

// parseFault says what is wrong with the syntax, and where.
func parseFault(source string, err error) *Fault {
	var parse *gojq.ParseError
	if !errors.As(err, &parse) {
		return &Fault{err.Error(), -1}
	}
	at := max(0, min(parse.Offset-len(parse.Token), len(source)))
	if parse.Token == "" || at >= len(source) {
		return &Fault{"it is not complete", len(source)}
	}
	return &Fault{fmt.Sprintf("%q is not expected at column %d", parse.Token, Column(source, at)), at}
}

// compileFault finds the name that is not defined.
func compileFault(source string, err error) *Fault {
	f := &Fault{err.Error(), -1}
	if _, name, ok := strings.Cut(f.Says, "not defined: "); ok {
		name, _, _ = strings.Cut(name, "/")
		f.At = strings.Index(source, name)
	}
	return f
}

// Column is the column of a byte offset, in characters from 1.
func Column(source string, at int) int {
	return utf8.RuneCountInString(source[:max(0, min(at, len(source)))]) + 1
}

// Limits bound a run: programs such as repeat(.) have no end.
type Limits struct {
	Time   time.Duration
	Memory uint64 // that the program's memory may grow by meanwhile, in bytes
}

// Usual are the limits for what a person or a file asks.
var Usual = Limits{Time: 10 * time.Second, Memory: 512 << 20}

// ErrStopped is the error of a run whose context ended.
var ErrStopped = errors.New("stopped")

// Run calls take for every result, in order, until it returns false. It ends with
// ctx, and by itself within the limits. value is as Decode returns it, and so are the
// values of the variables, one for each.
func (p *Program) Run(ctx context.Context, l Limits, value any, take func(any) (more bool), variables ...any) error {
	ctx, cancel := context.WithTimeoutCause(ctx, l.Time, fmt.Errorf("it was stopped after %v", l.Time))
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go l.watchMemory(ctx, stop)
	results := p.code.RunWithContext(ctx, value, variables...)
	for {
		v, ok := results.Next()
		if !ok {
			return nil
		}
		err, bad := v.(error)
		if !bad {
			if !take(v) {
				return nil
			}
			continue
		}
		var halt *gojq.HaltError
		switch {
		case ctx.Err() != nil:
			if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
				return cause
			}
			return ErrStopped
		case errors.As(err, &halt) && halt.Value() == nil:
			return nil
		}
		return err
	}
}

// Decode reads one JSON text; numbers stay as they are written.
func Decode(text []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("it is empty")
		}
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("something follows it at byte %d", dec.InputOffset())
	}
	return value, nil
}

// Encode writes a result as JSON, in one line.
func Encode(v any) ([]byte, error) { return gojq.Marshal(v) }

// watchMemory stops a program that builds something too large in memory.
func (l Limits) watchMemory(ctx context.Context, stop context.CancelCauseFunc) {
	used := func() uint64 { // runtime/metrics stops nothing meanwhile, and costs each start of the program more than that
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	begin := used()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if used() > begin+l.Memory {
				stop(fmt.Errorf("it was stopped: it took more than %d MB of memory", l.Memory>>20))
				return
			}
		}
	}
}
