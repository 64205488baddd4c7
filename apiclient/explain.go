package apiclient

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"countersign/apiclient/hint"
	"countersign/apiclient/wire"
)

// explain says in words why an exchange broke off, and how it counts.
func (c *Client) explain(parent, ctx context.Context, err error, s *stage, e *Exchange) (*hint.Error, Outcome) {
	outcome := Failed
	switch {
	case e.Response != nil && e.Response.Line != "":
		outcome = Answered
	case e.BytesSent: // whatever came back says nothing about what became of it
		outcome = Lost
	}
	at, with := s.now()
	where := fmt.Sprintf("%s %s", at, with)
	switch {
	case errors.Is(parent.Err(), context.Canceled):
		return problemf(afterSending(e, ""), "canceled while %s", where), Canceled
	case parent.Err() != nil:
		return problemf(afterSending(e, "allow more time"), "the time allowed ran out while %s", where), outcome
	case ctx.Err() != nil:
		return problemf(afterSending(e, timeoutHints[at]), "timed out after %s while %s", c.timeout(), where), outcome
	}
	if p, ok := errors.AsType[*hint.Error](err); ok {
		return p, outcome
	}
	if p := c.explainAnswer(err, e); p != nil {
		return p, outcome
	}
	for _, explain := range []func(error, phase, string, string) *hint.Error{explainTLS, explainNetwork} {
		if p := explain(err, at, with, c.setting(at)); p != nil {
			p.Fix = afterSending(e, p.Fix)
			return p, outcome
		}
	}
	return problemf(afterSending(e, "look at "+c.setting(stageConnect)+", and at proxy in the profile"), "failed while %s: %v",
		where, rootOf(err)), outcome
}

// setting is what says with whom a phase talks: one of the profile's settings, or the
// URL that a callback was given.
func (c *Client) setting(at phase) string {
	switch {
	case at == stageToProxy, at == stageProxy, at == stageProxyTLS:
		return "proxy"
	case c.callback:
		return "the URL of your server"
	}
	return "base_url"
}

var timeoutHints = map[phase]string{
	stageConnect: "nothing answers there: check host, port, VPN and firewall, or set proxy in the profile",
	stageTLS:     "something accepts connections there but does not speak TLS: check the port",
	stageToProxy: "nothing answers there: check proxy in the profile, VPN and firewall",
	stageProxy:   "the proxy does not answer: check proxy in the profile",
	stageWait:    "raise timeout in the profile if the other side is slow",
	stageReceive: "raise timeout in the profile if the answer is large",
}

// afterSending adds what matters most once bytes have left: it may have been a
// payment.
func afterSending(e *Exchange, hint string) string {
	if !e.BytesSent {
		return hint
	}
	const careful = "the request may have been carried out: query it before you send it again with a new id"
	return strings.TrimPrefix(hint+"; "+careful, "; ")
}

// explainAnswer names what is wrong with an answer that arrived.
func (c *Client) explainAnswer(err error, e *Exchange) *hint.Error {
	var w *wire.Error
	if !errors.As(err, &w) {
		return nil
	}
	if p := explainNoAnswer(err, c.peer(), c.setting(stageConnect), e.Response); p != nil {
		p.Fix = afterSending(e, p.Fix)
		return p
	}
	const faulty = "the server is faulty, or what stands before it"
	switch w.Kind {
	case wire.NoAnswer:
		return nil // the network's own words say more
	case wire.HeadTooLong, wire.HeadLines:
		return problemf(afterSending(e, "this is no API endpoint, or it is broken: check host and path"), "%s", w.Error())
	case wire.BodyTooLong:
		return problemf(afterSending(e, "raise max_response in the profile if such answers are right"),
			"%s; the rest was not read", w.Error())
	case wire.BadLength:
		return problemf(afterSending(e, faulty), "the answer's Content-Length cannot be used: %q",
			e.Response.Values("Content-Length"))
	case wire.BadChunk:
		return problemf(afterSending(e, faulty), "%s: %v", w.Error(), w.Err)
	case wire.TrailerLong, wire.TrailerCut:
		return problemf(afterSending(e, "header and body are whole; a signature belongs into the header"), "%s", w.Error())
	}
	says := w.Error()
	if !ended(w.Err) {
		says = fmt.Sprintf("%s: %v", says, rootOf(w.Err))
	}
	return problemf(afterSending(e, "what arrived is kept, but its signature cannot be checked"), "%s", says)
}

// ended reports whether a connection came to its end without an error of the
// network.
func ended(err error) bool {
	return err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// explainNoAnswer names an end without an answer, and an answer that is not
// HTTP; nil for any other error. who is who should have answered, and setting
// what in the profile names it.
func explainNoAnswer(err error, who, setting string, m *Message) *hint.Error {
	var w *wire.Error
	if !errors.As(err, &w) {
		return nil
	}
	var body []byte
	if m != nil {
		body = m.Body
	}
	switch {
	case w.Kind == wire.NoAnswer && ended(w.Err):
		return problemf("a server that expects TLS does this, and one that broke down",
			"%s closed the connection without an answer", who)
	case w.Kind != wire.NotHTTP:
		return nil
	case len(body) > 1 && body[0] == 0x15 && body[1] == 3:
		return problemf("use https:// in "+setting, "%s speaks TLS, and this was plain HTTP", who)
	case len(body) > 9 && body[3] == 4 && body[4] == 0:
		return problemf("this port is for HTTP/2 only (gRPC as a rule): check host and port in "+setting,
			"%s speaks HTTP/2 only", who)
	}
	return problemf("something else than a web server listens there: check host and port in "+setting,
		"%s answered with something that is not HTTP/1.1: %q", who, body[:min(len(body), 40)])
}

// explainTLS names a failed handshake.
func explainTLS(err error, at phase, with, setting string) *hint.Error {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var plain tls.RecordHeaderError
	var alert *net.OpError // crypto/tls wraps the other side's alerts in one
	switch {
	case errors.As(err, &unknown):
		issuer := ""
		if unknown.Cert != nil {
			issuer = fmt.Sprintf(" (issued by %q)", unknown.Cert.Issuer.String())
		}
		return problemf("if it is a private authority, set ca_file in the profile to its certificate",
			"the certificate of %s is from an authority that is not trusted here%s", with, issuer)
	case errors.As(err, &name):
		return problemf("check the host in "+setting+": the certificate belongs to another one",
			"the certificate of %s is not for this host: %v", with, name)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		when := ""
		if invalid.Cert != nil {
			when = fmt.Sprintf(": it is valid from %s to %s", invalid.Cert.NotBefore.UTC().Format("2006-01-02"),
				invalid.Cert.NotAfter.UTC().Format("2006-01-02"))
		}
		return problemf("check this computer's clock; if it is right, the other side must renew",
			"the certificate of %s has expired or is not valid yet%s", with, when)
	case errors.As(err, &invalid):
		return problemf("the other side must fix its certificate", "the certificate of %s cannot be used: %v", with, invalid)
	case errors.As(err, &plain):
		return problemf("check the port, or use http:// in "+setting+" if the server is meant to be plain",
			"%s does not speak TLS", with)
	case errors.As(err, &alert) && alert.Op == "remote error":
		return problemf("the server may expect another TLS version, another name, or a client certificate (client_cert in the profile)",
			"%s refused the TLS handshake: %v", with, alert.Err)
	case (at == stageTLS || at == stageProxyTLS) && (errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET)):
		return problemf("check the port; a firewall that filters by name does this too",
			"%s ended the connection during the TLS handshake", with)
	}
	return nil
}

// explainNetwork names what the operating system reports.
func explainNetwork(err error, at phase, with, setting string) *hint.Error {
	var dns *net.DNSError
	where := fmt.Sprintf("while %s %s", at, with)
	if setting == "proxy" {
		with = "the proxy " + with
	}
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return problemf("check the host in "+setting+", and whether a VPN is needed to see it", "there is no host %q",
			dns.Name)
	case errors.As(err, &dns):
		return problemf("check the network and the name server", "the name %q could not be looked up: %s", dns.Name, dns.Err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return problemf("nothing listens on that port: start the server, or check host and port in "+setting,
			"%s refused the connection", with)
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return problemf("check the network, VPN and firewall", "%s cannot be reached: %v", with, rootOf(err))
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNABORTED):
		return problemf("the server, or something between, cut it off", "the connection was reset %s", where)
	case errors.Is(err, syscall.ETIMEDOUT), errors.Is(err, os.ErrDeadlineExceeded):
		return problemf("check host, port, VPN and firewall", "the network gave up %s", where)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return problemf("", "the connection ended %s", where)
	}
	return nil
}

// rootOf is the innermost error, without the addresses that wrap it.
func rootOf(err error) error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}
