package sandbox

import (
	"cmp"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
)

// request is one request on its way through the checks; each check adds what
// it found out.
type request struct {
	http   *http.Request
	writer http.ResponseWriter
	line   string            // request line as received
	header []apiclient.Field // as received where the sandbox owns the connection, else sorted
	method string
	target string // as received, without the scheme and host of an absolute form
	fault  string // why it is no request that can be answered otherwise; "" where it is one
	large  bool   // the fault is the size of its head
	at     time.Time
	base   string // "http://host:port" by which this client reaches the sandbox

	client    string             // Client-Id as received
	lower     bool               // the client spells Client-Id in lower case: see spelling
	known     bool               // the client is known: answers are signed
	time      string             // Request-Time as received
	body      []byte             // as received, without transfer coding
	release   func()             // gives back the room for a large body; nil: none was taken
	partial   bool               // the body ended before it should have
	verdict   signing.Verdict    // of the request's signature
	findings  []diagnose.Finding // why it does not match
	endpoint  catalog.Endpoint
	refusedBy string // name of the check that refused it; "" where none did
}

// receive notes what a request is before anything is judged.
func (s *Sandbox) receive(w http.ResponseWriter, r *http.Request) *request {
	q := &request{http: r, writer: w, at: s.config.Now(), method: r.Method, base: s.localBase(r)}
	head, ok := rawHead(r)
	if !ok {
		head = rebuiltHead(r)
	}
	q.line, q.header, q.fault, q.large = head.line, head.fields, head.fault, head.large
	q.target = withoutAuthority(head.target)
	id := s.rule.Names.Of(apiclient.HeaderClientID)
	q.client, _ = q.only(id)
	lower := strings.ToLower(id)
	q.lower = lower != id && slices.ContainsFunc(q.header, func(f apiclient.Field) bool { return f.Name == lower })
	return q
}

// exchange is the request as the rule looks at it.
func (s *Sandbox) exchange(q *request) apiclient.Exchange {
	return apiclient.Exchange{
		Origin: apiclient.FromSandbox, URL: q.base + q.target, SignedAs: s.signedTarget(q), StartedAt: q.at,
		Request: apiclient.Message{Line: q.line, Header: q.header, Body: q.body, Partial: q.partial},
	}
}

// withoutAuthority takes scheme and host off an absolute-form target. The rest
// stays byte for byte.
func withoutAuthority(target string) string {
	scheme, rest, ok := strings.Cut(target, "://")
	if !ok || strings.ContainsAny(scheme, "/?#") {
		return target
	}
	at := strings.IndexAny(rest, "/?")
	switch {
	case at < 0:
		return "/"
	case rest[at] == '?':
		return "/" + rest[at:]
	}
	return rest[at:]
}

// path is the target without its query.
func (q *request) path() string {
	path, _, _ := strings.Cut(q.target, "?")
	return path
}

// only returns the value of a header that may occur once. Repeating the same
// value is harmless and done by some clients; two values are not.
func (q *request) only(name string) (value string, ok bool) {
	values := slices.Compact(slices.Clone(q.http.Header.Values(name)))
	if len(values) > 1 {
		return "", false
	}
	if len(values) == 0 {
		return "", true
	}
	return values[0], true
}

// spelling is how the answer writes one of the protocol's own headers. Names
// are case-insensitive, but some SDKs look them up as they are: one finds only
// "signature", another only "Signature". Each spells the Client-Id it sends
// in the way that it reads, so the answer follows that.
func (q *request) spelling(name string, names apiclient.HeaderNames) string {
	switch name {
	case signing.HeaderName, apiclient.HeaderClientID, apiclient.HeaderResponseTime:
	default:
		return name
	}
	if q.lower {
		return strings.ToLower(names.Of(name))
	}
	return names.Of(name)
}

// localBase is where this very connection arrived: right for a loopback port,
// for one of several addresses, and for a port that the system chose.
func (s *Sandbox) localBase(r *http.Request) string {
	scheme := "http://"
	if secure, _ := r.Context().Value(secureKey{}).(bool); secure || r.TLS != nil {
		scheme = "https://"
	}
	if addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		return scheme + addr.String()
	}
	return scheme + r.Host
}

// rebuiltHead is the head as far as net/http remembers it: names in canonical
// spelling, sorted, Host first.
func rebuiltHead(r *http.Request) head {
	target := cmp.Or(r.RequestURI, r.URL.RequestURI())
	return head{line: r.Method + " " + target + " " + r.Proto, target: target,
		fields: append([]apiclient.Field{{Name: "Host", Value: r.Host}}, sortedFields(r.Header)...)}
}

func sortedFields(header http.Header) []apiclient.Field {
	var fields []apiclient.Field
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			fields = append(fields, apiclient.Field{Name: name, Value: value})
		}
	}
	return fields
}
