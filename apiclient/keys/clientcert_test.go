package keys

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// clientFiles writes a certificate for a key.
func clientCertPEM(t *testing.T, key crypto.Signer) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestClientCert(t *testing.T) {
	t.Parallel()
	dir, ctx := t.TempDir(), context.Background()
	write := func(name string, data []byte) Source {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return Source{File: path}
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	ecKey := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	rsaKey, err := os.ReadFile("testdata/client2048.pkcs8.pem")
	if err != nil {
		t.Fatal(err)
	}
	private, err := ParsePrivate(ctx, rsaKey, nil)
	if err != nil {
		t.Fatal(err)
	}
	ecCert, rsaCert := clientCertPEM(t, ec), clientCertPEM(t, private.Key)
	var l Loader
	both := write("both.pem", append(append([]byte{}, ecCert...), ecKey...))
	c, err := l.ClientCert(ctx, both, both)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = l.ClientCert(ctx, write("rsa.crt", rsaCert), write("rsa.key", rsaKey)); err != nil {
		t.Fatal(err)
	}
	for says, pair := range map[string][2]Source{
		"the private key does not belong": {write("rsa2.crt", rsaCert), write("ec.key", ecKey)},
		"there is no certificate in PEM":  {write("no.crt", rsaKey), write("rsa3.key", rsaKey)},
		"none.crt":                        {{File: filepath.Join(dir, "none.crt")}, both},
	} {
		if _, err := l.ClientCert(ctx, pair[0], pair[1]); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}

	// A server that asks for it gets it.
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(r.TLS.PeerCertificates[0].Raw)
	}))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	defer server.Close()
	client := server.Client()
	client.Transport.(*http.Transport).TLSClientConfig.Certificates = []tls.Certificate{c} //nolint:forcetypeassert // it is
	answer, err := client.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
}
