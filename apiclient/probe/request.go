package probe

import (
	"cmp"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1" //nolint:gosec // a wrong signature is what is wanted
	"crypto/sha256"
	_ "crypto/sha512"
	"crypto/x509"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// request is a callback while a case makes it.
type request struct {
	profile *apiclient.Profile
	now     time.Time

	// What is signed, and with what. A case changes it before it is signed.
	content signing.Content
	key     *rsa.PrivateKey
	hash    crypto.Hash
	pss     bool

	// What is sent.
	target string
	header []apiclient.Field
	body   []byte
	style  signing.Style
	sig    []byte // set once it is signed
	length int    // Content-Length; -1: that of the body

	cannot string // why the case cannot be had with this body or profile
	// how the connection is written to; nil: at once
	slow func(net.Conn) net.Conn
	hold time.Duration // how long a slow one is silent
}

func (r *request) name(header string) string { return r.profile.HeaderNames.Of(header) }

// set puts a header in its place.
func (r *request) set(name, value string) {
	for i, f := range r.header {
		if strings.EqualFold(f.Name, name) {
			r.header[i].Value = value
			return
		}
	}
	r.header = append(r.header, apiclient.Field{Name: name, Value: value})
}

func (r *request) drop(name string) {
	r.header = slices.DeleteFunc(r.header, func(f apiclient.Field) bool { return strings.EqualFold(f.Name, name) })
}

// sendAt has another time sent, and signed so.
func (r *request) sendAt(t time.Time) { r.sendTime(apiclient.FormatTime(t, r.profile.TimeFormat)) }

func (r *request) sendTime(value string) {
	r.content.Time = value
	r.set(r.name(apiclient.HeaderRequestTime), value)
}

func (r *request) sendClient(id string) {
	r.content.ClientID = id
	r.set(r.name(apiclient.HeaderClientID), id)
}

// sendBody has another body sent, and signed so.
func (r *request) sendBody(body []byte, cannot string) {
	r.content.Body, r.body, r.cannot = body, body, cannot
}

// swapBody has another body sent than is signed.
func (r *request) swapBody(body []byte, cannot string) { r.body, r.cannot = body, cannot }

// sendTarget has another path or query requested, and signed so.
func (r *request) sendTarget(target string) { r.content.Target, r.target = target, target }

// signature writes the Signature header.
func (r *request) signature(value string) { r.set(r.name(signing.HeaderName), value) }

// value writes a signature where the right one belongs.
func (r *request) value(sig []byte) {
	r.signature(r.style.Header(signing.EncodeValue(sig, r.style.Encoding)))
}

// pairs writes the value of a Signature header.
func (r *request) pairs(algorithm, value string) string {
	return strings.Replace(signing.Style{KeyVersion: r.style.KeyVersion}.Header(value), "RSA256", algorithm, 1)
}

// right is the value of the right signature.
func (r *request) right() string { return signing.EncodeValue(r.sig, r.style.Encoding) }

// sign makes the signature of what is to be signed.
func (r *request) sign(template signing.Template) error {
	canonical := template.Canonical(r.content)
	h := r.hash.New()
	_, _ = h.Write(canonical) // a hash never fails
	var err error
	if r.pss {
		r.sig, err = rsa.SignPSS(rand.Reader, r.key, r.hash, h.Sum(nil), nil)
	} else {
		r.sig, err = rsa.SignPKCS1v15(nil, r.key, r.hash, h.Sum(nil))
	}
	if err == nil {
		r.value(r.sig)
	}
	return err
}

// message is the request as it goes out.
func (r *request) message(method string) apiclient.Message {
	length := len(r.body)
	if r.length >= 0 {
		length = r.length
	}
	header := slices.Clone(r.header) // a slow connection asks for it while the request is sent
	for i, f := range header {
		if strings.EqualFold(f.Name, "Content-Length") {
			header[i].Value = strconv.Itoa(length)
		}
	}
	return apiclient.Message{Line: method + " " + r.target + " HTTP/1.1", Header: header, Body: r.body}
}

// another is an id of the same form.
func another(id string) string {
	if id == "" {
		return "1"
	}
	last := byte('0')
	if id[len(id)-1] == last {
		last = '1'
	}
	return id[:len(id)-1] + string(last)
}

// anotherPath is another path on the same server.
func anotherPath(target string) string {
	path, query, has := strings.Cut(target, "?")
	path = cmp.Or(strings.TrimRight(path, "/"), "") + "/other"
	if has {
		return path + "?" + query
	}
	return path
}

// macOf is the HMAC of a string under the public key that everybody knows: the
// confusion that JWT libraries are famous for.
func macOf(public *rsa.PublicKey, canonical []byte) []byte {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil
	}
	mac := hmac.New(sha256.New, der)
	_, _ = mac.Write(canonical)
	return mac.Sum(nil)
}

// trickle writes the request in pieces, with a pause before each. Where cut is set
// it closes the writing side after cut bytes.
type trickle struct {
	net.Conn
	piece int
	pause time.Duration
	cut   int // bytes after which nothing more comes; 0: all comes
	hold  time.Duration
	sent  int
}

func (t *trickle) Write(b []byte) (int, error) {
	for n := 0; n < len(b); {
		end := min(n+t.piece, len(b))
		if t.cut > 0 && t.sent+end-n > t.cut {
			end = n + max(0, t.cut-t.sent)
		}
		if end > n {
			if _, err := t.Conn.Write(b[n:end]); err != nil {
				return n, err
			}
			t.sent += end - n
			n = end
		}
		if t.cut > 0 && t.sent >= t.cut {
			time.Sleep(t.hold)
			if half, ok := t.Conn.(interface{ CloseWrite() error }); ok {
				_ = half.CloseWrite()
			}
			return len(b), nil
		}
		if n < len(b) {
			time.Sleep(t.pause)
		}
	}
	return len(b), nil
}
