// Package evidence reads exchanges from what people have at hand: the JSON
// that this program prints, HAR files, curl commands and raw HTTP messages,
// told apart by looking. Nothing is repaired: bodies are the bytes that the
// evidence has, and what it cannot have kept is said in Notes.
package evidence

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/wire"
)

// Kind names a form of evidence.
type Kind string

// Kinds of evidence.
const (
	Record Kind = "exchange" // one exchange, or an array of them, as --json prints it
	HAR    Kind = "HAR"      // HTTP Archive 1.2
	Curl   Kind = "curl command"
	Wget   Kind = "wget command"
	HTTPie Kind = "HTTPie command" // or xh
	Raw    Kind = "raw message"    // an HTTP/1.1 request
	// Fetch is a call of fetch, axios, jQuery.ajax or an XMLHttpRequest.
	Fetch    Kind = "JavaScript source"
	HTTPFile Kind = "request file" // .http, of an editor
	Postman  Kind = "Postman collection"
	Insomnia Kind = "Insomnia export"
	Bruno    Kind = "Bruno request"
	// WebRequest is Invoke-WebRequest or Invoke-RestMethod.
	WebRequest Kind = "PowerShell command"
)

// Evidence is what was read.
type Evidence struct {
	Kind      Kind
	Exchanges []apiclient.Exchange // at least one
	Numbers   []int                // the number that each of them has in the file, from 1
	Of        int                  // how many items the file has, those that are not signed included
	Notes     []string             // what the evidence may have changed or lost, and items that cannot be read

	written   []Written // of Exchanges, as they are written, where a Collection is read
	variables []Variable
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
	// Entry is the number of the item that is wanted of several, from 1; 0: all
	// that are signed or, where none is, all.
	Entry int

	depth   int  // how much was already taken away around the text
	written bool // variables stay, and all that is there is wanted, signed or not
}

// maxExchanges is how many exchanges are read from one file. A person looks at
// one, and a browser's session of a day has some thousands, most of them
// without a signature. Tests lower it.
var maxExchanges = 10_000

// Read tells by looking what data is, and reads it. Messages have the limits of
// those from the network, and there are at most 10,000 of them.
func (r Reader) Read(data []byte) (Evidence, error) {
	e, err := r.read(data)
	if err != nil {
		return Evidence{}, err
	}
	if e.Numbers == nil { // a form without items
		l := items{r: r, kind: e.Kind}
		for _, x := range e.Exchanges {
			l.add(x, nil, nil)
		}
		all, err := l.evidence()
		all.Notes = append(all.Notes, e.Notes...)
		return all, err
	}
	e.Notes = slices.Compact(e.Notes) // both messages may have the same
	return e, nil
}

// tooMany is the error for more than maxExchanges.
func tooMany(k Kind) error {
	return &hint.Error{Says: fmt.Sprintf("the %s has more than %d exchanges; no more are read", k, maxExchanges),
		Fix: "give only those in question"}
}

// form is one way in which people have an exchange.
type form struct {
	// looks reports whether a text may be of this form; it looks at no more than
	// it needs, and the first form that says yes reads the text.
	looks func(text []byte) bool
	// read reads it, byte order mark and leading white space cut off.
	read func(r Reader, text []byte) (Evidence, error)
}

// messages makes a form of the messages that find returns; of none, where there are none.
func messages(kind Kind, find func(text []byte) []part, notes ...string) form {
	return form{func(text []byte) bool { return len(find(text)) > 0 },
		func(r Reader, text []byte) (Evidence, error) { return r.pairs(kind, find(text), notes...) }}
}

// written makes a form of a text that undo makes readable.
func written(undo func(text []byte) ([]byte, bool), read func(r Reader, plain []byte) (Evidence, error)) form {
	return form{func(text []byte) bool { _, ok := undo(text); return ok }, func(r Reader, text []byte) (Evidence, error) {
		plain, _ := undo(text)
		return read(r, plain)
	}}
}

// refused makes a form of what is known and cannot be read; why returns nil for others.
func refused(why func(text []byte) error) form {
	return form{func(text []byte) bool { return why(text) != nil },
		func(_ Reader, text []byte) (Evidence, error) { return Evidence{}, why(text) }}
}

// forms are told apart in this order. What none of them knows is taken as a raw
// message, whose errors say what is missing.
func forms() []form {
	return []form{
		{isPlainMessage, Reader.readMessages},
		messages(Stream, rawStrings),
		written(saidInJSON, Reader.read),
		{isInsomnia, Reader.readInsomnia},
		{isPostman, Reader.readPostman},
		{isBrunoJSON, Reader.readBrunoJSON},
		refused(exportOf),
		{isJSON, Reader.readJSON},
		{isBruno, Reader.readBruno},
		{isBurp, Reader.readBurp},
		{isTranscript, Reader.readTranscript},
		{isArrowLog, Reader.readArrowLog},
		{isPieceLog, Reader.readPieceLog},
		{isRubyLog, Reader.readRubyLog},
		messages(FilterLog, filterRequests, filterNote),
		{isFollowed, Reader.readFollowed},
		{isHexDump, Reader.readHexDump},
		messages(HexDump, octalDump),
		{isFlows, Reader.readFlows},
		{isPackets, Reader.readPackets},
		{isNumbered, Reader.readNumbered},
		written(fromYAML, Reader.readDump),
		refused(unreadLog),
		{isTable, Reader.readTable},
		{isStreamYAML, Reader.readStreamYAML},
		{isPacketDetails, Reader.readPacketDetails},
		{isSpelled, Reader.readSpelled},
		{isHeaderList, Reader.readHeaderList},
		written(decoded, Reader.readMessages),
		{isConsole, Reader.readDump},
		{isEscapedLog, Reader.readEscaped},
		{isPrefixedMessage, Reader.readLoggedMessages},
		{isSignedString, Reader.readSignedString},
		{isHTTPFile, Reader.readHTTPFile},
		{isCommand, Reader.readCommands},
		{isFetch, Reader.readFetch},
		{hasRequest, Reader.readDump},
		{isEscaped, Reader.readEscaped},
		{isLoggedMessage, Reader.readLoggedMessages},
		refused(foreignOf),
		{isDump, Reader.readDump},
	}
}

func (r Reader) read(data []byte) (Evidence, error) {
	if err := unreadFile(data); err != nil {
		return Evidence{}, err
	}
	text := bytes.TrimLeft(data, " \t\r\n\ufeff")
	if plain, ok := uncolored(text); ok {
		e, err := r.read(plain)
		e.Notes = append(e.Notes, "the colours of a terminal were taken out of the text")
		return e, err
	}
	if len(text) == 0 {
		return Evidence{}, &hint.Error{Says: "there is nothing to read",
			Fix: "give a raw HTTP message, a curl command, a HAR, or an exchange in the JSON of this program"}
	}
	if plain, ok := dedented(data); ok {
		return r.read(plain)
	}
	if plain, ok := unquotedMail(text); ok {
		return r.read(plain)
	}
	e, inside, done := r.unwrap(data, text)
	if done {
		return e, inside
	}
	for _, f := range forms() {
		if f.looks(text) {
			return f.read(r, text)
		}
	}
	if inside != nil {
		return Evidence{}, inside
	}
	e, err := r.rawMessage(data)
	if err != nil {
		return Evidence{}, cmp.Or(lateLog(text), err)
	}
	return e, nil
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
	if response == nil {
		return r.fromRequest(m), nil
	}
	answer, err := wire.ParseMessage(response)
	if err != nil {
		return apiclient.Exchange{}, fmt.Errorf("the response: %w", err)
	}
	if !answer.IsResponse() {
		return apiclient.Exchange{}, &hint.Error{Says: fmt.Sprintf("the response starts with %q, which is a request",
			clip(answer.Line)), Fix: "it should start with a status line such as HTTP/1.1 200 OK"}
	}
	e, _, err := r.pair(part{message: m}, &part{message: answer})
	return e, err
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

func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
