package apiclient

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"
)

func failing(err error) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
	}
}

// certificate makes a self-signed one for 127.0.0.1.
func certificate(t *testing.T, until time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Authority"}, NotBefore: until.Add(-48 * time.Hour), NotAfter: until,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// overTLS makes a handler speak TLS.
func overTLS(config *tls.Config, handle func(net.Conn)) func(net.Conn) {
	return func(conn net.Conn) {
		secure := tls.Server(conn, config)
		if secure.Handshake() == nil {
			handle(secure)
			_ = secure.Close()
		}
	}
}

func replying(reply func(seen) string) func(net.Conn) {
	return func(conn net.Conn) {
		if s, err := takeRequest(conn); err == nil {
			_, _ = io.WriteString(conn, reply(s))
		}
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	valid, pool := certificate(t, time.Now().Add(24*time.Hour))
	expired, expiredPool := certificate(t, time.Now().Add(-24*time.Hour))
	good := &tls.Config{Certificates: []tls.Certificate{valid}, NextProtos: []string{"h2", "http/1.1"}}
	old := &tls.Config{Certificates: []tls.Certificate{valid}, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10} //nolint:gosec // it is to be refused
	mutual := &tls.Config{Certificates: []tls.Certificate{valid}, ClientAuth: tls.RequireAnyClientCert}
	for _, c := range []struct {
		name   string
		server func(net.Conn)
		host   string // in place of 127.0.0.1
		roots  *x509.CertPool
		err    string
		hint   string
	}{
		{"verified", overTLS(good, replying(goodAnswer().text)), "", pool, "", ""},
		{"unknown authority", overTLS(good, replying(goodAnswer().text)), "", x509.NewCertPool(), `not trusted here (issued by "CN=Test Authority")`, "ca_file"},
		{"another host", overTLS(good, replying(goodAnswer().text)), "localhost", pool, "is not for this host", "base_url"},
		{"expired", overTLS(&tls.Config{Certificates: []tls.Certificate{expired}}, replying(goodAnswer().text)), "", expiredPool, "has expired or is not valid yet: it is valid from", "clock"},
		{"plain HTTP behind", func(conn net.Conn) {
			_, _ = conn.Read(make([]byte, 100))
			_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
		}, "", pool, "does not speak TLS", "http://"},
		{"hangs up", func(conn net.Conn) { _, _ = conn.Read(make([]byte, 4096)) }, "", pool, "during the TLS handshake", "port"},
		{"too old", overTLS(old, replying(goodAnswer().text)), "", pool, "refused the TLS handshake: tls: protocol version", "client_cert in the profile"},
		{"wants a client certificate", overTLS(mutual, replying(goodAnswer().text)), "", pool, "certificate required", "client certificate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			u, _ := url.Parse(serve(t, c.server))
			host := u.Host
			if c.host != "" {
				host = c.host + ":" + u.Port()
			}
			p := testProfile("https://" + host)
			p.RootCAs = c.roots
			e := newClient(t, p, testOptions()).Send(t.Context(), payDraft(), FromCLI)
			if c.err == "" {
				if e.Err != "" || !e.Received.OK() || !strings.HasSuffix(e.Remote, "TLS 1.3") {
					t.Errorf("%q, remote %q, %s", e.Err, e.Remote, e.Received.Reason)
				}
				return
			}
			// TLS 1.3 tells of a missing client certificate only after the client
			// has spoken.
			want := Failed
			if e.BytesSent {
				want = Lost
			}
			if e.Outcome != want || !strings.Contains(e.Err, c.err) || !strings.Contains(e.Hint, c.hint) || e.Response != nil {
				t.Errorf("%s %q %q", e.Outcome, e.Err, e.Hint)
			}
		})
	}
}

func TestTLSSessionIsResumed(t *testing.T) {
	t.Parallel()
	valid, pool := certificate(t, time.Now().Add(24*time.Hour))
	resumed := make(chan bool, 2)
	config := &tls.Config{Certificates: []tls.Certificate{valid}, VerifyConnection: func(s tls.ConnectionState) error {
		resumed <- s.DidResume
		return nil
	}}
	u, _ := url.Parse(serve(t, overTLS(config, replying(goodAnswer().text))))
	p := testProfile("https://" + u.Host)
	p.RootCAs = pool
	client := newClient(t, p, testOptions())
	for range 2 {
		if e := client.Send(t.Context(), payDraft(), FromCLI); e.Err != "" {
			t.Fatal(e.Err)
		}
	}
	if first, second := <-resumed, <-resumed; first || !second {
		t.Errorf("resumed: %v, %v", first, second)
	}
}
