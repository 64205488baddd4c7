package apiclient

import (
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// HeaderNames says what a platform calls the headers of the protocol. An empty
// field means the protocol's own name; the zero value, all of them.
type HeaderNames struct {
	Signature    string
	ClientID     string
	MerchantID   string
	RequestTime  string
	ResponseTime string
	RequestID    string
}

// The protocol's own names, by which rules and findings speak of headers. The
// one of the signature is signing.HeaderName.
const (
	HeaderClientID     = "Client-Id"
	HeaderMerchantID   = "Merchant-Id"
	HeaderRequestTime  = "Request-Time"
	HeaderResponseTime = "Response-Time"
	HeaderRequestID    = "Request-Id"
)

// headerName is one header of the protocol: its own name, its key in the
// configuration, and where HeaderNames holds the platform's name.
type headerName struct {
	protocol, setting string
	field             func(n *HeaderNames) *string
}

// renamable are the headers that a platform may call differently.
var renamable = []headerName{
	{signing.HeaderName, "signature", func(n *HeaderNames) *string { return &n.Signature }},
	{HeaderClientID, "client_id", func(n *HeaderNames) *string { return &n.ClientID }},
	{HeaderMerchantID, "merchant_id", func(n *HeaderNames) *string { return &n.MerchantID }},
	{HeaderRequestTime, "request_time", func(n *HeaderNames) *string { return &n.RequestTime }},
	{HeaderResponseTime, "response_time", func(n *HeaderNames) *string { return &n.ResponseTime }},
	{HeaderRequestID, "request_id", func(n *HeaderNames) *string { return &n.RequestID }},
}

// HeaderSettings lists the keys of header_names in the configuration.
func HeaderSettings() []string {
	list := make([]string, len(renamable))
	for i, r := range renamable {
		list[i] = r.setting
	}
	return list
}

// Set stores the platform's name under a key of the configuration; a key that
// HeaderSettings does not list changes nothing.
func (n *HeaderNames) Set(setting, name string) {
	for _, r := range renamable {
		switch {
		case r.setting != setting:
		case name == r.protocol:
			*r.field(n) = "" // as without the setting
		default:
			*r.field(n) = name
		}
	}
}

// Setting returns what Set stored under a key of the configuration; "" where it
// is the protocol's own name.
func (n HeaderNames) Setting(setting string) string {
	for _, r := range renamable {
		if r.setting == setting {
			return *r.field(&n)
		}
	}
	return ""
}

// Of returns the platform's name for a header that the protocol calls so, and
// any other name unchanged. The case of the argument does not matter.
func (n HeaderNames) Of(protocol string) string {
	if n == (HeaderNames{}) {
		return protocol // as most do, at no cost
	}
	return n.renamed(protocol)
}

func (n HeaderNames) renamed(protocol string) string {
	for _, r := range renamable {
		if name := *r.field(&n); name != "" && strings.EqualFold(r.protocol, protocol) {
			return name
		}
	}
	return protocol
}

// Protocol returns the protocol's name for a header that the platform calls so.
// A header that the platform calls otherwise has no meaning under the
// protocol's name: for that it returns "". Any other name is unchanged.
func (n HeaderNames) Protocol(name string) string {
	for _, r := range renamable {
		if strings.EqualFold(n.Of(r.protocol), name) {
			return r.protocol
		}
	}
	if !strings.EqualFold(n.Of(name), name) {
		return ""
	}
	return name
}

// IsSignature reports whether a header carries the signature.
func (n HeaderNames) IsSignature(name string) bool {
	return strings.EqualFold(n.Of(signing.HeaderName), name)
}

// Say puts the platform's names into a sentence that speaks of the protocol's
// headers.
func (n HeaderNames) Say(text string) string {
	var pairs []string
	for _, r := range renamable {
		name := n.Of(r.protocol)
		if name == r.protocol {
			continue
		}
		from, to := r.protocol, name
		if from == signing.HeaderName { // the word alone means the signature
			from, to = from+" header", to+" header"
		}
		// The platform's name may end in the protocol's: it stays as it is.
		pairs = append([]string{to, to}, append(pairs, from, to)...)
	}
	if len(pairs) == 0 {
		return text
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// SayVerdict is Say for all sentences of a verdict.
func (n HeaderNames) SayVerdict(v signing.Verdict) signing.Verdict {
	if n == (HeaderNames{}) {
		return v
	}
	v.Reason, v.Hint, v.Warnings = n.Say(v.Reason), n.Say(v.Hint), slices.Clone(v.Warnings)
	for i := range v.Warnings {
		v.Warnings[i].Says = n.Say(v.Warnings[i].Says)
	}
	return v
}

// sayFindings is Say for all sentences of findings, and names their fields.
func (n HeaderNames) sayFindings(findings []Finding) []Finding {
	if n == (HeaderNames{}) {
		return findings
	}
	for i := range findings {
		f := &findings[i]
		f.Says, f.Hint = n.Say(f.Says), n.Say(f.Hint)
	}
	return findings
}

// Called returns the tamper in the words of a platform that has these names.
func (s Tamper) Called(n HeaderNames) Tamper {
	s.Title, s.Says, s.Expect, s.Checks, s.Header = n.Say(s.Title), n.Say(s.Says), n.Say(s.Expect), n.Say(s.Checks),
		n.Of(s.Header)
	return s
}

// httpsOwn are headers that each request has for HTTP's sake: no header of the
// protocol can be called so.
var httpsOwn = []string{
	"Host", "Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding", "User-Agent", "Accept",
	"Connection", "Date",
}

// check returns what is wrong with the names, as a *FieldError.
func (n HeaderNames) check() error {
	for i, r := range renamable {
		name, field := *r.field(&n), "header_names."+r.setting
		if name == "" {
			continue
		}
		if err := wire.CheckField(Field{Name: name}); err != nil {
			return &FieldError{field, fmt.Sprintf("is %q: %v", name, err), `write a name as HTTP has it, such as "X-Signature"`}
		}
		if containsFold(httpsOwn, name) {
			return &FieldError{field, fmt.Sprintf("is %q, which HTTP needs for itself", name),
				hint.Fix(`choose the name that the platform uses, such as "X-` + r.protocol + `"`)}
		}
		for j, other := range renamable {
			if i != j && strings.EqualFold(n.Of(other.protocol), name) {
				return &FieldError{field, fmt.Sprintf("is %q, as the header for %s is called", name, other.setting),
					"give each header a name of its own"}
			}
		}
	}
	return nil
}
