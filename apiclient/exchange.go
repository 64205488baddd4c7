package apiclient

import (
	"context"
	"slices"
	"strings"
	"time"

	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// Field is one header field, in the spelling and at the place it has on the
// wire.
type Field = wire.Field

// CheckField reports a field that cannot be sent as it is: a name that HTTP does
// not allow, or a control character in its value. Its error has a hint.
func CheckField(f Field) error { return wire.CheckField(f) }

// Message is one HTTP message as it was on the wire: order and spelling of the
// header kept, transfer coding removed, content coding not.
type Message = wire.Message

// Draft is a request as a person wrote it: before time, signature and the
// profile's headers are added.
type Draft struct {
	Endpoint string   // catalogue ID such as "v2/payments/pay"; "" for a bare path
	Method   string   // "" means POST
	Target   string   // path below the profile's base URL, with "?query" if any: "/v2/payments/pay"; of a callback, the URL
	Callback bool     // the Super App sends it to the merchant's server: signed with the platform key
	Params   []Param  // values for the {names} in the path; others go into the query
	Media    string   // media type of the body; "" means JSON in UTF-8
	Bodiless bool     // the interface takes no body: where there is none, no Content-Type goes out
	Header   []Field  // sets a header or overrides one in its place, whatever the case; a name given twice is sent twice
	Omit     []string // header names to leave out on purpose; wins over Header
	Body     []byte   // sent as it is, byte for byte
	Tamper   []string // names of tampers: what to make wrong on purpose, over all of the above
}

// Origin says how an exchange came about.
type Origin string

// Origins of an exchange.
const (
	FromExplorer Origin = "explorer" // sent from the explorer
	FromCLI      Origin = "cli"      // sent by a command
	FromReplay   Origin = "replay"   // a saved run sent again
	FromSandbox  Origin = "sandbox"  // seen by the built-in Super App
	FromFile     Origin = "file"     // read from evidence
	FromCapture  Origin = "capture"  // passed through a proxy between a client and the Super App
	FromListen   Origin = "listen"   // a callback that was received
	FromTest     Origin = "test"     // sent by a run of request files
	FromNotify   Origin = "notify"   // a callback that was sent to the merchant's server as the Super App
	FromProbe    Origin = "probe"    // one of the callbacks, good and bad, that test the merchant's server
)

// Ours reports whether this side made the request of such an exchange.
func (o Origin) Ours() bool {
	return o == FromExplorer || o == FromCLI || o == FromReplay || o == FromTest
}

// AsPlatform reports whether the request of such an exchange was made here in the
// place of the Super App: the other side's key signs it, and ours the answer.
func (o Origin) AsPlatform() bool { return o == FromNotify || o == FromProbe }

// Callback reports whether the request of such an exchange is a callback, whatever
// its signature says: the other side's key must sign it, and ours the answer.
func (o Origin) Callback() bool { return o.AsPlatform() || o == FromListen }

// Outcome says how far an exchange got.
type Outcome string

// Outcomes of an exchange.
const (
	Unknown  Outcome = "unknown"  // recorded before sending and never completed: it may have reached the other side
	Answered Outcome = "answered" // a response arrived, whole or in part
	Failed   Outcome = "failed"   // nothing was sent: Err says why
	// the request left, whole or in part, and no HTTP response came: it may have been carried out
	Lost     Outcome = "lost"
	Canceled Outcome = "canceled" // the person stopped it; it may have reached the other side
)

// Exchange is one request and its answer: the noun that everything passes
// around. Failures are inside it.
type Exchange struct {
	ID         string // UUID version 7: sorts by time; "" where nothing was sent and no run was recorded
	Profile    string
	Endpoint   string // catalogue ID, or "" for a bare path
	Origin     Origin
	URL        string // where it was sent
	ClientID   string // the profile's client id at that time
	MerchantID string

	Request     Message
	Sent        signing.Proof   // what was signed; without Signature where the profile has no key
	SentKey     string          // fingerprint of the signing key: "SHA256:" and the hex of its SPKI's SHA-256
	SentVerdict signing.Verdict // how the request's signature stands as it was really sent, against our own public key
	// the target inside the signed string; equals the request's unless the profile says otherwise
	SignedAs string
	// what was made wrong on purpose, to test the other side: names that TamperOf explains; nil: nothing
	Tampered []string

	// values in it were masked, in an export or because they are not kept: what its signatures cover is not there
	Masked bool

	Response *Message        // nil where nothing arrived; without a Line where what arrived was not HTTP
	Received signing.Verdict // how the response's signature stands; zero where there is no response
	Result   Result
	Findings []Finding // header checks of both messages, and whatever else was noticed

	StartedAt time.Time
	Timing    Timing
	Remote    string // address that answered, and the TLS version where there is one
	Outcome   Outcome
	BytesSent bool   // whether any byte of the request may have left
	Err       string // one sentence: what went wrong; "" where nothing did
	Hint      string // what to do about Err
}

// Message returns the message of one side: the request where there is no response.
func (e *Exchange) Message(side Side) *Message {
	if side == ResponseSide && e.Response != nil {
		return e.Response
	}
	return &e.Request
}

// Result is the "result" object of an answer.
type Result struct {
	Status  string // S, F, U or A; "" where there was none
	Code    string
	Message string
}

// Timing is the duration of each phase, one after the other; zero where a
// phase did not happen. Connect includes the talk with a proxy. FirstByte is
// from the end of Write to the first byte of the answer. Total is everything
// from StartedAt to the end of the answer.
type Timing struct {
	DNS, Connect, TLS, Sign, Write, FirstByte, Total time.Duration
}

// Severity orders findings.
type Severity string

// Severities of a finding.
const (
	Good    Severity = "ok"
	Note    Severity = "note"
	Warn    Severity = "warning"
	Problem Severity = "problem"
)

// Side says which message a finding is about.
type Side string

// Sides of an exchange.
const (
	RequestSide  Side = "request"
	ResponseSide Side = "response"
)

// Finding is one thing that was checked or noticed.
type Finding struct {
	Side     Side
	Field    string // header name, "body", "result.resultCode", or "" for the whole message
	Cause    string // short snake_case name, such as "time_in_seconds"
	Severity Severity
	Says     string // one sentence
	Hint     string // what to do; "" where nothing need be done
}

// Journal keeps exchanges. Begin is called before the first byte leaves and
// Complete when it is over, so that a crash between them leaves a record.
type Journal interface {
	Begin(ctx context.Context, e *Exchange) error
	Complete(ctx context.Context, e *Exchange) error
}

// Proof returns the signature of the request: the one that was made here, or of what
// somebody else sent the one that came, with the string that it should cover. Zero
// where nothing was signed and nothing verified.
func (e *Exchange) Proof() signing.Proof {
	v := e.SentVerdict
	if len(e.Sent.Canonical) > 0 || v.Status == "" {
		return e.Sent
	}
	p := signing.Proof{Canonical: v.Canonical, Digest: v.Digest, Signature: v.Signature, Value: v.Header.Value,
		KeyVersion: v.Header.KeyVersion}
	for _, f := range e.Request.Header { // whatever the platform calls it
		if p.Value != "" && strings.Contains(f.Value, p.Value) {
			p.Header = f.Value
		}
	}
	return p
}

// notRecorded is the cause of the finding that an exchange's record could not be
// completed, as on a full disk.
const notRecorded = "not_recorded"

// NotRecorded returns what is said of an exchange whose record could not be
// completed. It reports whether it is one.
func (e *Exchange) NotRecorded() (Finding, bool) {
	i := slices.IndexFunc(e.Findings, func(f Finding) bool { return f.Cause == notRecorded })
	if i < 0 {
		return Finding{}, false
	}
	return e.Findings[i], true
}

// Recorded returns the exchange as it is once its record is complete after all.
func (e Exchange) Recorded() Exchange {
	f, not := e.NotRecorded()
	if not && e.Err == f.Says {
		e.Err, e.Hint = "", ""
	}
	e.Findings = slices.DeleteFunc(slices.Clone(e.Findings), func(f Finding) bool { return f.Cause == notRecorded })
	if len(e.Findings) == 0 {
		e.Findings = nil
	}
	return e
}
