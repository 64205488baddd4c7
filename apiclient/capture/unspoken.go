package capture

import (
	"crypto/tls"
	"errors"
	"io"
	"strings"

	"countersign/apiclient/hint"
	"countersign/apiclient/wire"
)

// errHTTP2 is about a client that never comes to a request.
var errHTTP2 = &hint.Error{Says: "a client insists on HTTP/2 (h2); this address speaks HTTP/1.1 alone, and ALPN says so",
	Fix: "let the client offer http/1.1 too, or switch HTTP/2 off in it"}

// firstOfTLS is the first byte of a client that begins with TLS (RFC 8446, 5.1).
const firstOfTLS = 0x16

// http2Preface is the first line of a client that speaks HTTP/2 without asking
// (RFC 9113, section 3.4).
const http2Preface = "PRI * HTTP/2.0"

// unspoken tells why a new connection comes to no request: by its first byte, or the
// error in its place. It reports whether there is such a reason.
func (r *relay) unspoken(first []byte, err error) bool {
	var record tls.RecordHeaderError
	var reason *hint.Error
	var status string // of the answer, to a client that can read one
	switch {
	case err == nil && len(first) > 0 && first[0] == firstOfTLS:
		reason = hint.Errorf("begin its URL with http://, or listen with --tls",
			"a client begins with TLS, and this address speaks plain HTTP")
		status = "400 Bad Request"
	case err == nil:
		return false
	case errors.As(err, &record):
		reason = hint.Errorf("begin its URL with https://", "a client speaks plain HTTP, and this address speaks TLS")
	case strings.Contains(err.Error(), "application protocol"):
		reason = errHTTP2
	case strings.Contains(err.Error(), "certificate"):
		reason = hint.Errorf("let it trust the CA file that the set-up names",
			"a client does not trust the certificate of this address (%v)", err)
	default:
		return false
	}
	r.turnAway(reason, status)
	return true
}

// turnAway tells why a client comes to no request: it too, where a status is given.
func (r *relay) turnAway(reason *hint.Error, status string) {
	if r.proxy.config.Unspoken != nil {
		r.proxy.config.Unspoken(reason)
	}
	if status != "" {
		(&passing{relay: r}).say(status, reason.Says, reason.Fix)
	}
}

// sayOf says what is wrong with a request that cannot be read.
func sayOf(err error) string {
	var e *wire.Error
	if errors.As(err, &e) {
		return e.Of("the request")
	}
	return err.Error()
}

// tunnel moves what follows a switch of protocols, such as to WebSocket, in both
// directions until one end hangs up. It is not looked at.
func (x *passing) tunnel() {
	if !x.switched {
		return
	}
	done := make(chan struct{}, 2)
	move := func(to, from *side) {
		on := moveOn(from.reads, to.out)
		_, _ = io.Copy(on, from.in)
		_ = on.flush()
		done <- struct{}{}
	}
	go move(x.client, x.server)
	go move(x.server, x.client)
	<-done
	x.abort() // which ends the other direction
	<-done
}
