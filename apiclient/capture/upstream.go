package capture

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/wire"
)

func (p *Proxy) dial(ctx context.Context) (net.Conn, error) {
	var d net.Dialer
	u := p.config.Upstream
	port := cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil || p.secure == nil {
		return conn, err
	}
	secured := tls.Client(conn, p.secure)
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secured, nil
}

func (p *Proxy) host() string {
	return cmp.Or(p.config.Mapping.Host, p.config.Upstream.Host)
}

// urlOf returns the URL that the upstream is asked for.
func (p *Proxy) urlOf(target string) string {
	return p.config.Upstream.Scheme + "://" + p.host() + p.config.Mapping.Target(wire.PathOf(target))
}

// mapped returns the head for the upstream: the target of its line and the value
// of Host are changed, and not a byte besides. A target that is a whole URL stays
// one.
func (p *Proxy) mapped(m *apiclient.Message) []byte {
	head := m.HeadBytes()
	target := m.Target()
	method := m.Method()
	version := m.Line[len(method)+1+len(target):]
	asked := p.config.Mapping.Target(wire.PathOf(target))
	if !strings.HasPrefix(target, "/") && strings.Contains(target, "://") { // as the official Python SDK writes it
		asked = p.config.Upstream.Scheme + "://" + p.host() + asked
	}
	from, to, host := len(head), len(head), ""
	if at, end, ok := valueOf(head, "host"); ok {
		from, to, host = at, end, p.host()
	}
	return slices.Concat([]byte(method+" "+asked+version), head[len(m.Line):from], []byte(host), head[to:])
}

// valueOf finds the value of the first field of a name in a head.
func valueOf(head []byte, name string) (from, to int, ok bool) {
	for at := bytes.IndexByte(head, '\n') + 1; at > 0 && at < len(head); {
		end := bytes.IndexByte(head[at:], '\n')
		if end < 0 {
			return 0, 0, false
		}
		line := head[at : at+end]
		if colon := bytes.IndexByte(line, ':'); colon == len(name) && strings.EqualFold(string(line[:colon]), name) {
			value := bytes.TrimRight(line[colon+1:], " \t\r")
			front := len(value) - len(bytes.TrimLeft(value, " \t"))
			return at + colon + 1 + front, at + colon + 1 + len(value), true
		}
		at += end + 1
	}
	return 0, 0, false
}
