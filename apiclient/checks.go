package apiclient

import (
	"fmt"
	"strings"
	"time"

	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// inspection is one message under the header checks.
type inspection struct {
	client  *Client
	names   HeaderNames
	e       *Exchange
	side    Side
	m       *Message
	clock   time.Time // the local clock when the message was sent or arrived; zero where nobody knows
	verdict signing.Verdict
	form    bodyForm

	header string          // that is being checked, as the protocol calls it
	seen   map[string]bool // lower-case names of the fields that were checked
	broken map[string]bool // lines of the head that are no Name: value
}

// headerRule is what is known about one header.
type headerRule struct {
	name     string
	required map[Side]Severity // how bad its absence is; absent: it may be missing
	check    func(i *inspection, value string) Finding
}

var onBoth = map[Side]Severity{RequestSide: Problem, ResponseSide: Problem}

// headerRules are the headers that the protocol (sections 1 and 2) and HTTP
// have an opinion on, in the order in which missing ones are reported.
var headerRules = []headerRule{
	{HeaderClientID, onBoth, checkClientID},
	{HeaderMerchantID, map[Side]Severity{RequestSide: Warn}, checkMerchantID},
	{HeaderRequestTime, map[Side]Severity{RequestSide: Problem}, checkRequestTime},
	{HeaderResponseTime, map[Side]Severity{ResponseSide: Problem}, checkResponseTime},
	{signing.HeaderName, onBoth, checkSignature},
	{"Content-Type", nil, checkContentType},
	{"Content-Length", nil, checkContentLength},
	{"Content-Encoding", nil, checkContentEncoding},
	{"Host", map[Side]Severity{RequestSide: Problem}, checkHost},
}

// inspect begins the checks of one message of an exchange, without a verdict.
func (c *Client) inspect(e *Exchange, side Side) *inspection {
	i := &inspection{client: c, names: c.profile.HeaderNames, e: e, side: side, m: &e.Request, clock: e.StartedAt,
		seen: map[string]bool{}}
	if side == ResponseSide {
		i.m, i.clock = e.Response, e.arrival()
	}
	i.broken = i.m.WithoutColon()
	return i
}

// checkMessage returns at least one finding for each header of a message, good
// ones included, one for each that is missing, and those about the body.
func (c *Client) checkMessage(e *Exchange, side Side, verdict signing.Verdict, form bodyForm) []Finding {
	i := c.inspect(e, side)
	i.verdict, i.form = verdict, form
	findings := make([]Finding, 0, len(i.m.Header)+8)
	if side == ResponseSide {
		findings = append(findings, checkStatus(i))
	} else {
		findings = append(findings, tamperedFindings(e.Tampered)...)
		findings = append(findings, checkTarget(i)...)
	}
	for _, f := range i.m.Header {
		findings = append(findings, i.checkField(f))
	}
	findings = append(findings, i.signatureDetails()...)
	for _, rule := range headerRules {
		if s := rule.required[side]; s != "" && !i.m.Has(i.names.Of(rule.name)) {
			findings = append(findings, i.missing(rule.name, s))
		}
	}
	return append(findings, i.checkBody()...)
}

// arrival is when the first byte of the answer came; zero where there is no
// start.
func (e *Exchange) arrival() time.Time {
	if e.StartedAt.IsZero() {
		return time.Time{}
	}
	t := e.Timing
	return e.StartedAt.Add(t.Sign + t.DNS + t.Connect + t.TLS + t.Write + t.FirstByte)
}

// checkField judges the next field: one whose name was there before is a
// repetition.
func (i *inspection) checkField(f Field) Finding {
	name := strings.ToLower(f.Name)
	repeated := i.seen[name]
	i.seen[name] = true
	if strings.ContainsFunc(wire.Unfold(f.Value), isControl) {
		return i.field(Warn, f.Name, "header_control_characters",
			"Send text alone: gateways cut, refuse or change such a header.",
			"It holds control characters, drawn as symbols here.")
	}
	for _, rule := range headerRules {
		if !strings.EqualFold(i.names.Of(rule.name), f.Name) {
			continue
		}
		if repeated {
			return i.field(Problem, f.Name, "header_repeated", "Send it once: receivers disagree about which one counts.",
				"%s is there more than once; the first one is used.", rule.name)
		}
		i.header = rule.name
		return rule.check(i, wire.Unfold(f.Value))
	}
	if strings.ContainsAny(f.Name, " \t") || f.Value == "" && i.broken[f.Name] {
		return i.field(Warn, f.Name, "header_malformed", "The other side, or something between, writes broken headers.",
			"This line is not Name: value.")
	}
	if len(f.Value) > longHeader {
		return i.field(Note, f.Name, "header_long", "Many servers take no more than 8 kB for all headers together.",
			"It is %d bytes long.", len(f.Value))
	}
	return i.field(Good, f.Name, "not_checked", "", "Nothing in the protocol depends on it.")
}

// longHeader is the length in bytes from which a header is worth a note.
const longHeader = 4096

func isControl(r rune) bool { return r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 }

// finding is about a header that the protocol calls so.
func (i *inspection) finding(s Severity, header, cause, hint, format string, args ...any) Finding {
	return i.field(s, i.names.Of(header), cause, hint, format, args...)
}

// say is about the header that is being checked.
func (i *inspection) say(s Severity, cause, hint, format string, args ...any) Finding {
	return i.finding(s, i.header, cause, hint, format, args...)
}

// field is about a header as it is called on the wire.
func (i *inspection) field(s Severity, field, cause, hint, format string, args ...any) Finding {
	says := format // as most are
	if len(args) > 0 {
		says = clip(fmt.Sprintf(format, args...))
	}
	return Finding{Side: i.side, Field: field, Cause: cause, Severity: s, Says: says, Hint: hint}
}

// maxSays is the length in bytes of what is said of a message, which may quote
// it: a header has up to wire.MaxHead.
const maxSays = 600

func clip(s string) string {
	if len(s) <= maxSays {
		return s
	}
	return strings.ToValidUTF8(s[:maxSays], "") + "…"
}

// unsigned says that there is no signature.
func (i *inspection) unsigned() string {
	if i.m.Announces(i.names.Of(signing.HeaderName)) && i.verdict.Status == signing.Unsigned {
		return i.verdict.Reason
	}
	return fmt.Sprintf("The %s is not signed.", i.side)
}

func (i *inspection) missing(name string, s Severity) Finding {
	hint := "The protocol requires it."
	switch {
	case len(i.m.TrailerValues(i.names.Of(name))) > 0 && name == signing.HeaderName:
		return i.finding(s, name, signing.InTrailer, i.verdict.Hint, "%s", i.verdict.Reason)
	case len(i.m.TrailerValues(i.names.Of(name))) > 0:
		return i.finding(s, name, "header_in_trailer",
			"Let the other side send it as a header, before the body: receivers do not look behind it.",
			"%s is in the trailer, behind the chunked body, and not in the header.", name)
	case name == signing.HeaderName && i.side == ResponseSide:
		return i.finding(s, name, "signature_missing",
			"Do not trust this answer. It is often left out where the request itself is refused.", "%s", i.unsigned())
	case name == signing.HeaderName:
		return i.finding(s, name, "signature_missing", hint, "%s", i.unsigned())
	case name == HeaderResponseTime:
		return i.finding(s, name, "response_time_missing", "Without it the signed string cannot be rebuilt.",
			"Response-Time is missing.")
	case name == HeaderMerchantID:
		hint = "Set merchant_id in the profile if your Super App wants it: some SDKs leave it out."
	case name == HeaderClientID && i.side == ResponseSide:
		hint = "The request's Client-Id is taken in its place."
	}
	return i.finding(s, name, "header_missing", hint, "%s is missing.", name)
}
