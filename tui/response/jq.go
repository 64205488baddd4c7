package response

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/metrics"
	"time"

	"github.com/itchyny/gojq"

	"countersign/tui/ui"
	"countersign/tui/ui/viewer"
)

// jqLimits bound a filter: programs such as repeat(.) have no end.
type jqLimits struct {
	time    time.Duration
	results int
	bytes   int    // of results
	memory  uint64 // that the program's memory may grow by meanwhile, in bytes
}

// jqUsual are the limits of the pane.
var jqUsual = jqLimits{time: 10 * time.Second, results: 100_000, bytes: 8 << 20, memory: 512 << 20}

var errStopped = errors.New("stopped")

// filtered is what a jq filter gave. Text is JSON, a value after the other.
type filtered struct {
	text    []byte
	results int
	note    string // why there is no more, though nothing is wrong
	err     string // what went wrong, in words; what was found before it is in text
	at      int    // where in the filter, in bytes; -1: not known
}

// jq runs a filter over a body, which is not changed: JSON, or what XML says.
// Numbers that the filter only hands on keep their digits: 10.00 stays 10.00. It
// ends with ctx, and by itself within limits.
func (l jqLimits) jq(ctx context.Context, query string, body []byte) filtered {
	out := filtered{at: -1}
	parsed, err := gojq.Parse(query)
	if err != nil {
		out.err, out.at = parseWords(query, err)
		return out
	}
	code, err := gojq.Compile(parsed) // without environment, modules and files
	if err != nil {
		out.err = err.Error()
		return out
	}
	value, err := decode(body)
	if err != nil {
		out.err = "the body is not JSON: " + err.Error()
		if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
			out.err = "the body is not well-formed XML"
		}
		return out
	}
	ctx, cancel := context.WithTimeoutCause(ctx, l.time, fmt.Errorf("it was stopped after %v", l.time))
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go l.watchMemory(ctx, stop)
	out.collect(ctx, l, code.RunWithContext(ctx, value))
	return out
}

// collect takes results until there are no more, or too many.
func (f *filtered) collect(ctx context.Context, l jqLimits, results gojq.Iter) {
	var text bytes.Buffer
	defer func() { f.text = text.Bytes() }()
	for {
		v, ok := results.Next()
		if !ok {
			return
		}
		if err, bad := v.(error); bad {
			var halt *gojq.HaltError
			switch {
			case ctx.Err() != nil:
				f.err = errStopped.Error()
				if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
					f.err = cause.Error()
				}
			case errors.As(err, &halt) && halt.Value() == nil:
			default:
				f.err = err.Error()
			}
			return
		}
		line, err := gojq.Marshal(v)
		if err != nil {
			f.err = err.Error()
			return
		}
		if pretty, ok := viewer.Pretty(line); ok {
			line = pretty
		}
		if f.results > 0 {
			text.WriteByte('\n')
		}
		text.Write(line)
		f.results++
		if f.results == l.results || text.Len() > l.bytes {
			f.note = "there may be more: it was stopped after " + ui.Count(f.results, "result") + ", " +
				ui.Bytes(int64(text.Len()))
			return
		}
	}
}

// decode reads a body; numbers stay as they are written.
func decode(body []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))))
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

// parseWords says what is wrong with a filter, and where, in bytes.
func parseWords(query string, err error) (string, int) {
	var parse *gojq.ParseError
	if !errors.As(err, &parse) {
		return err.Error(), -1
	}
	at := max(0, min(parse.Offset-len(parse.Token), len(query)))
	if parse.Token == "" || at >= len(query) {
		return "it is not complete", len(query)
	}
	return fmt.Sprintf("%q is not expected at column %d", parse.Token, ui.Width(query[:at])+1), at
}

// watchMemory stops a filter that builds something too large in memory.
func (l jqLimits) watchMemory(ctx context.Context, stop context.CancelCauseFunc) {
	used := func() uint64 {
		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	begin := used()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if used() > begin+l.memory {
				stop(fmt.Errorf("it was stopped: it took more than %d MB of memory", l.memory>>20))
				return
			}
		}
	}
}
