package watch

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/capture"
)

// SetUp says what to change elsewhere so that traffic passes here.
type SetUp struct {
	At       string   // the URL where it listens, as programs of this machine reach it
	Rows     []Row    // to be copied
	Warnings []string // what to know before that
}

// Row is a setting of another program.
type Row struct{ What, Value string }

// Text returns a set-up as lines of text, aligned at their arrows.
func (s SetUp) Text() string {
	widest := 0
	for _, r := range s.Rows {
		widest = max(widest, len(r.What))
	}
	var b strings.Builder
	for _, r := range s.Rows {
		fmt.Fprintf(&b, "  %*s -> %s\n", widest, r.What, r.Value)
	}
	for _, w := range s.Warnings {
		fmt.Fprintf(&b, "\n  ! %s\n", w)
	}
	return b.String()
}

// NewSetUp returns what to change for a listener. caFile holds what clients must
// trust, where its certificate was made here; "": nothing.
func NewSetUp(p apiclient.Profile, c capture.Config, addr net.Addr, secure bool, caFile string) SetUp {
	s := SetUp{At: reachedAt(addr, secure)}
	if c.Origin == apiclient.FromListen {
		s.Rows = []Row{{"notify URL", s.At + "/"}, {"from a container", inContainer(s.At) + "/"}}
	} else {
		at := s.At + clientPath(p, c)
		s.Rows = []Row{{"base URL", at}, {"in a container", inContainer(at)}}
		s.Warnings = append(s.Warnings, mappingWarnings(p, c)...)
	}
	if caFile != "" {
		s.Rows = append(s.Rows, Row{"it must trust", caFile}, Row{"Node", "NODE_EXTRA_CA_CERTS=" + caFile},
			Row{"Go, OpenSSL, curl", "SSL_CERT_FILE=" + caFile}, Row{"Python requests", "REQUESTS_CA_BUNDLE=" + caFile})
	}
	if loopback(addr) {
		_, port, _ := net.SplitHostPort(addr.String())
		s.Warnings = append(s.Warnings, "A container on Linux does not reach loopback: start it with --add-host=host.docker.internal:"+
			"host-gateway, and listen on Docker's own address (--listen 172.17.0.1:"+port+"). Docker Desktop needs neither.")
	} else {
		s.Warnings = append(s.Warnings, beyondLoopback(c, addr))
	}
	return s
}

func loopback(addr net.Addr) bool {
	host, _, _ := net.SplitHostPort(addr.String())
	return net.ParseIP(host).IsLoopback()
}

func beyondLoopback(c capture.Config, addr net.Addr) string {
	does := "talk to your handler through it"
	switch {
	case c.Reply != nil:
		does = "send it notifications, and has them answered with your key"
	case c.Resign != nil:
		does = "have requests signed with your key and sent to the Super App"
	case c.Origin == apiclient.FromCapture:
		does = "send requests to the Super App through it"
	}
	return fmt.Sprintf("It listens on %s, not on loopback alone: whoever reaches this machine can %s. All that is "+
		"said is kept in the history.",
		addr, does)
}

// clientPath is the path of the base URL that a backend is given: what the mapping
// makes into that of the profile.
func clientPath(p apiclient.Profile, c capture.Config) string {
	m := c.Mapping
	added := strings.TrimSuffix(c.Upstream.Path, "/") + strings.TrimSuffix(m.AddPrefix, "/")
	rest, ok := strings.CutPrefix(p.Prefix(), added)
	if !ok {
		rest = "" // the upstream is another than the profile's
	}
	return strings.TrimSuffix(m.StripPrefix, "/") + rest
}

// mappingWarnings say where the signed string depends on what changes on the way.
func mappingWarnings(p apiclient.Profile, c capture.Config) (all []string) {
	const example = "/v2/payments/pay"
	asked := clientPath(p, c) + example
	m := c.Mapping
	m.AddPrefix = strings.TrimSuffix(c.Upstream.Path, "/") + m.AddPrefix
	if sent := m.Target(asked); sent != asked && c.Resign == nil {
		all = append(all, fmt.Sprintf("The path is part of the signed string and changes on the way: your backend "+
			"asks for %s, the Super App "+
			"for %s. Sign the latter; each request that signs the former is told.", asked, sent))
	}
	for _, side := range []apiclient.Side{apiclient.RequestSide, apiclient.ResponseSide} {
		t, err := p.Template(side)
		if err != nil {
			continue
		}
		for _, part := range t.Parts() {
			if strings.Contains(part.Literal, c.Upstream.Hostname()) {
				return append(all, "The signed string names the host "+c.Upstream.Hostname()+": sign with that, not with the address of "+
					"this proxy.")
			}
		}
	}
	return all
}

// reachedAt is the URL of a listener, as programs of this machine reach it.
func reachedAt(addr net.Addr, secure bool) string {
	u := url.URL{Scheme: "http"}
	if secure {
		u.Scheme = "https"
	}
	host, port, _ := net.SplitHostPort(addr.String())
	if net.ParseIP(host).IsUnspecified() {
		host = "127.0.0.1"
	}
	u.Host = net.JoinHostPort(host, port)
	return u.String()
}

// inContainer is a URL of this machine as a container sees it.
func inContainer(at string) string {
	for _, host := range []string{"127.0.0.1", "[::1]", "localhost"} {
		at = strings.Replace(at, "//"+host, "//host.docker.internal", 1)
	}
	return at
}
