package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/hint"
)

// isJSON knows JSON by its first mark. What Node and Python print begins as JSON
// does.
func isJSON(text []byte) bool {
	rest := bytes.TrimLeft(text[1:], " \t\r\n")
	begins := text[0] == '{' && (len(rest) == 0 || rest[0] == '"' || rest[0] == '}') ||
		text[0] == '[' && (len(rest) == 0 || strings.IndexByte("{[]\"", rest[0]) >= 0)
	return begins && (json.Valid(text) || !isDump(text) && !isEscaped(text) && !isSignedString(text))
}

// readJSON tells a HAR, whole or in parts, from exchanges.
func (r Reader) readJSON(data []byte) (Evidence, error) {
	list := []json.RawMessage{data}
	if data[0] == '[' {
		list = nil
		if err := json.Unmarshal(data, &list); err != nil {
			return Evidence{}, notJSON(data, err)
		}
	}
	entries, err := harEntries(list)
	if entries == nil && isDump(data) {
		if e, err := r.readDump(data); err == nil {
			return e, nil
		}
	}
	switch {
	case err != nil && len(list) == 1:
		return Evidence{}, notJSON(list[0], err)
	case entries != nil:
		return r.readEntries(entries)
	case data[0] == '{' && bytes.Contains(data, []byte(`"request"`)):
		return readRecords(slices.Concat([]byte{'['}, data, []byte{']'}))
	case data[0] == '[' && (len(list) == 0 || bytes.Contains(list[0], []byte(`"request"`)) || isRunList(data)):
		return readRecords(data)
	case isEscaped(data):
		return r.readEscaped(data)
	case isSignedString(data):
		return r.readSignedString(data)
	case data[0] == '[':
		return readRecords(data)
	}
	if e, ok := r.readInside(data); ok {
		return e, nil
	}
	return Evidence{}, &hint.Error{
		Says: `this JSON is neither an exchange (it has no "request") nor a HAR (it has no "log")`,
		Fix:  "a body alone has no signature: give the whole message with its headers",
	}
}

// maxLook is how many items are looked at to tell what a list is of.
const maxLook = 50

// harEntries returns the entries of a HAR, be the list the HAR itself, its log,
// some of its entries or their requests; nil where it is something else.
func harEntries(list []json.RawMessage) ([]json.RawMessage, error) {
	for _, item := range list[:min(len(list), maxLook)] {
		var look struct {
			Log     json.RawMessage
			Entries []json.RawMessage
			Request json.RawMessage
		}
		err := json.Unmarshal(item, &look)
		switch {
		case look.Log != nil:
			var log struct {
				Entries []json.RawMessage `json:"entries"`
			}
			if err := json.Unmarshal(look.Log, &log); err != nil {
				return nil, &hint.Error{Says: "this JSON is not a HAR: log: " + inWords(err),
					Fix: "export it again from the browser or proxy", Err: err}
			}
			return append([]json.RawMessage{}, log.Entries...), nil
		case err != nil && len(list) == 1:
			return nil, err
		case look.Entries != nil:
			return look.Entries, nil
		case isHARRequest(look.Request):
			return list, nil
		case isHARRequest(item):
			for i, request := range list {
				list[i] = slices.Concat([]byte(`{"request":`), request, []byte{'}'})
			}
			return list, nil
		}
	}
	return nil, nil
}

// isHARRequest knows the request of a HAR's entry: its headers have names and
// values.
func isHARRequest(raw json.RawMessage) bool {
	var look struct {
		Method  string
		URL     *string
		Line    *string
		Headers []struct{ Name, Value *string }
	}
	return json.Unmarshal(raw, &look) == nil && look.Line == nil && look.Method != "" && look.URL != nil
}

func readRecords(data []byte) (Evidence, error) {
	if isRunList(data) {
		return Evidence{}, &hint.Error{Says: "this is a list of runs, without their messages", Fix: "give one run whole",
			Err: ErrRunList}
	}
	var texts []json.RawMessage
	if err := json.Unmarshal(data, &texts); err != nil {
		return Evidence{}, notJSON(data, err)
	}
	if len(texts) > maxExchanges {
		return Evidence{}, tooMany(Record)
	}
	list := make([]apiclient.Exchange, len(texts))
	for i, text := range texts {
		if err := json.Unmarshal(text, &list[i]); err != nil {
			return Evidence{}, notJSON(text, err)
		}
		if m := list[i].Request; m.Method() == "" || m.Target() == "" {
			return Evidence{}, &hint.Error{Says: fmt.Sprintf("exchange %d has no request line", i+1),
				Fix: `its "request" needs a "line" such as "POST /v2/payments/pay HTTP/1.1"`}
		}
		if list[i].Origin == "" {
			list[i].Origin = apiclient.FromFile
		}
		if list[i].SignedAs == "" {
			list[i].SignedAs = list[i].Request.Path()
		}
	}
	if len(list) == 0 {
		return Evidence{}, &hint.Error{Says: "the list of exchanges is empty", Fix: "give at least one"}
	}
	return Evidence{Kind: Record, Exchanges: list}, nil
}

// isRunList knows what history list --json prints: it has no messages.
func isRunList(data []byte) bool {
	var lines []struct{ Request, Method, Path, Outcome json.RawMessage }
	if json.Unmarshal(data, &lines) != nil || len(lines) == 0 {
		return false
	}
	first := lines[0]
	return first.Request == nil && first.Method != nil && first.Path != nil && first.Outcome != nil
}

// jsonKinds are the names of JSON types in errors.
var jsonKinds = map[string]string{"bool": "true or false", "string": "a string", "number": "a number",
	"array": "an array", "object": "an object"}

// inWords says what an error of the decoder means for somebody who does not
// know the types that it decodes into.
func inWords(err error) string {
	var kind *json.UnmarshalTypeError
	var stamp *time.ParseError
	switch {
	case errors.As(err, &kind):
		value, _, _ := strings.Cut(kind.Value, " ")
		is := jsonKinds[value]
		if is == "" {
			is = kind.Value
		}
		if kind.Field == "" {
			return is + " stands where something else belongs"
		}
		return kind.Field + " is " + is
	case errors.As(err, &stamp):
		return fmt.Sprintf("%s is no time such as 2026-01-02T15:04:05Z", stamp.Value)
	case strings.HasPrefix(err.Error(), "Time.UnmarshalJSON: "):
		return "a time is no string such as \"2026-01-02T15:04:05Z\""
	}
	return err.Error()
}

func notJSON(data []byte, err error) error {
	if hint.Of(err) != "" {
		return err
	}
	says := "this JSON is not an exchange of this program: " + inWords(err)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at := max(0, min(int(syntax.Offset)-1, len(data)))
		says = fmt.Sprintf("the JSON cannot be read: %v, in line %d", err, 1+bytes.Count(data[:at], []byte{'\n'}))
	}
	return &hint.Error{Says: says, Fix: "give an exchange in the JSON of this program, or a HAR file", Err: err}
}
