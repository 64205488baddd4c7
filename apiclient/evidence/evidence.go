// Package evidence reads exchanges from what people have at hand: the JSON
// that this program prints, HAR files, curl commands and raw HTTP messages,
// told apart by looking. Nothing is repaired: bodies are the bytes that the
// evidence has, and what it cannot have kept is said in Notes.
package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/wire"
)

// Kind names a form of evidence.
type Kind string

// Kinds of evidence.
const (
	Record Kind = "exchange"     // one exchange, or an array of them, as --json prints it
	HAR    Kind = "HAR"          // HTTP Archive 1.2
	Curl   Kind = "curl command" // with POSIX quoting
	Raw    Kind = "raw message"  // an HTTP/1.1 request
)

// Evidence is what was read.
type Evidence struct {
	Kind      Kind
	Exchanges []apiclient.Exchange // at least one
	Notes     []string             // what the evidence may have changed or lost
}

// ErrRunList is in the error for a list of runs, which has no messages.
var ErrRunList = errors.New("a list of runs")

// Reader reads evidence. The zero value opens no files.
type Reader struct {
	// ReadFile opens a file that a curl command names with @; nil refuses.
	ReadFile func(name string) ([]byte, error)
	// Names says what the platform calls the headers; the zero value, as the
	// protocol does.
	Names apiclient.HeaderNames

	stdin []byte // what is piped into a curl command; nil: nothing
}

// maxExchanges is how many exchanges are read from one file. A person looks at
// one, and a browser's session of a day has some thousands, most of them
// without a signature.
const maxExchanges = 10_000

// Read tells by looking what data is, and reads it. Messages have the limits of
// those from the network, and there are at most 10,000 of them.
func (r Reader) Read(data []byte) (Evidence, error) {
	e, err := r.read(data)
	if err != nil {
		return Evidence{}, err
	}
	for i, x := range e.Exchanges {
		for _, m := range []*apiclient.Message{&x.Request, x.Response} {
			if m == nil {
				continue
			}
			m.UndoChunks()
			if err := wire.CheckHead(*m); err != nil {
				return Evidence{}, fmt.Errorf("exchange %d of the %s: %w", i+1, e.Kind, err)
			}
		}
	}
	return e, nil
}

// tooMany is the error for more than maxExchanges.
func tooMany(k Kind) error {
	return &hint.Error{Says: fmt.Sprintf("the %s has more than %d exchanges; no more are read", k, maxExchanges),
		Fix: "give only those in question"}
}

func (r Reader) read(data []byte) (Evidence, error) {
	switch text := bytes.TrimLeft(data, " \t\r\n\ufeff"); {
	case len(text) == 0:
		return Evidence{}, &hint.Error{Says: "there is nothing to read",
			Fix: "give a raw HTTP message, a curl command, a HAR, or an exchange in the JSON of this program"}
	case text[0] == '{' || text[0] == '[':
		return r.readJSON(text)
	case isCurl(text), bytes.HasPrefix(text, []byte(": ")), bytes.HasPrefix(text, []byte("printf ")):
		command, stdin, ok := piped(string(text))
		if !ok {
			break
		}
		r.stdin = stdin
		e, notes, err := r.curl(command)
		if err != nil {
			return Evidence{}, err
		}
		return Evidence{Curl, []apiclient.Exchange{e}, notes}, nil
	}
	e, err := r.Messages(data, nil)
	if err != nil {
		return Evidence{}, err
	}
	return Evidence{Kind: Raw, Exchanges: []apiclient.Exchange{e}}, nil
}

// Messages makes an exchange of raw HTTP/1.1 messages; response may be nil.
func (r Reader) Messages(request, response []byte) (apiclient.Exchange, error) {
	m, err := wire.ParseMessage(request)
	if err != nil {
		return apiclient.Exchange{}, fmt.Errorf("the request: %w", err)
	}
	if m.IsResponse() {
		return apiclient.Exchange{}, &hint.Error{
			Says: "this is a response, and its signed string starts with the request's method and path",
			Fix:  "give both, the request and the response",
		}
	}
	e := r.fromRequest(m)
	if response == nil {
		return e, nil
	}
	answer, err := wire.ParseMessage(response)
	if err != nil {
		return apiclient.Exchange{}, fmt.Errorf("the response: %w", err)
	}
	if !answer.IsResponse() {
		return apiclient.Exchange{}, &hint.Error{Says: fmt.Sprintf("the response starts with %q, which is a request",
			clip(answer.Line)), Fix: "it should start with a status line such as HTTP/1.1 200 OK"}
	}
	if m.Method() == "HEAD" {
		answer.Partial = false // its Content-Length is of a body that must not come
	}
	e.Response, e.Outcome = &answer, apiclient.Answered
	return e, nil
}

// fromRequest makes an exchange around a request.
func (r Reader) fromRequest(m apiclient.Message) apiclient.Exchange {
	e := apiclient.Exchange{
		Origin: apiclient.FromFile, Outcome: apiclient.Unknown, Request: m, SignedAs: m.Path(),
		ClientID: m.Get(r.Names.Of(apiclient.HeaderClientID)), MerchantID: m.Get(r.Names.Of(apiclient.HeaderMerchantID)),
		URL: m.Target(),
	}
	if host := m.Get("Host"); strings.HasPrefix(e.URL, "/") && host != "" {
		e.URL = "https://" + host + e.URL
	}
	return e
}

// readJSON tells a HAR from exchanges.
func (r Reader) readJSON(data []byte) (Evidence, error) {
	var look struct {
		Log     json.RawMessage `json:"log"`
		Request json.RawMessage `json:"request"`
	}
	if data[0] == '[' {
		return readRecords(data)
	}
	if err := json.Unmarshal(data, &look); err != nil {
		return Evidence{}, notJSON(data, err)
	}
	switch {
	case look.Log != nil:
		return r.readHAR(look.Log)
	case look.Request != nil:
		return readRecords(append(append([]byte{'['}, data...), ']'))
	}
	return Evidence{}, &hint.Error{
		Says: `this JSON is neither an exchange (it has no "request") nor a HAR (it has no "log")`,
		Fix:  "a body alone has no signature: give the whole message with its headers",
	}
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
	says := "this JSON is not an exchange of this program: " + inWords(err)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at := max(0, min(int(syntax.Offset)-1, len(data)))
		says = fmt.Sprintf("the JSON cannot be read: %v, in line %d", err, 1+bytes.Count(data[:at], []byte{'\n'}))
	}
	return &hint.Error{Says: says, Fix: "give an exchange in the JSON of this program, or a HAR file", Err: err}
}

func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
