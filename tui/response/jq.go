package response

import (
	"bytes"
	"context"
	"errors"

	"countersign/apiclient/jq"
	"countersign/tui/ui"
	"countersign/tui/ui/viewer"
)

// jqLimits bound a filter, and what it may show.
type jqLimits struct {
	jq.Limits
	results int
	bytes   int // of results
}

// jqUsual are the limits of the pane.
var jqUsual = jqLimits{Limits: jq.Usual, results: 100_000, bytes: 8 << 20}

// filtered is the output of a jq filter. Text is JSON, one value after another.
type filtered struct {
	text    []byte
	results int
	note    string // why there is no more, though nothing is wrong
	err     string // what went wrong, in words; what was found before it is in text
}

// jq runs a filter over a body, which is not changed: JSON, or what XML says. It
// ends with ctx, and by itself within limits.
func (l jqLimits) jq(ctx context.Context, query string, body []byte) filtered {
	var out filtered
	program, err := jq.Compile(query)
	if err != nil {
		out.err = err.Error()
		return out
	}
	value, err := jq.Decode(body)
	if err != nil {
		out.err = "the body is not JSON: " + err.Error()
		if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
			out.err = "the body is not well-formed XML"
		}
		return out
	}
	var text bytes.Buffer
	var broken error
	err = program.Run(ctx, l.Limits, value, func(v any) bool {
		var line []byte
		if line, broken = jq.Encode(v); broken != nil {
			return false
		}
		if pretty, ok := viewer.Pretty(line); ok {
			line = pretty
		}
		if out.results > 0 {
			text.WriteByte('\n')
		}
		text.Write(line)
		if out.results++; out.results == l.results || text.Len() > l.bytes {
			out.note = "there may be more: it was stopped after " + ui.Count(out.results, "result") + ", " +
				ui.Bytes(int64(text.Len()))
			return false
		}
		return true
	})
	if err = errors.Join(err, broken); err != nil {
		out.err = err.Error()
	}
	out.text = text.Bytes()
	return out
}
