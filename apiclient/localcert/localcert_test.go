package localcert_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"countersign/apiclient/localcert"
)

func TestAClientThatTrustsTheAuthorityReachesTheServer(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	now := time.Now()
	for range 2 { // made, and read again
		cert, caFile, err := localcert.Server(dir, now)
		if err != nil {
			t.Fatal(err)
		}
		pem, err := os.ReadFile(caFile)
		if err != nil {
			t.Fatal(err)
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(pem)
		if _, err := cert.Leaf.Verify(x509.VerifyOptions{Roots: localcert.Trusted(dir), DNSName: "localhost"}); err != nil {
			t.Error(err)
		}
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}} //nolint:gosec // a test
		server.StartTLS()
		t.Cleanup(server.Close)
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}} //nolint:gosec // a test
		answer, err := client.Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		for _, name := range []string{"localhost", "host.docker.internal", "::1"} {
			if err := cert.Leaf.VerifyHostname(name); err != nil {
				t.Error(err)
			}
		}
	}
	info, err := os.Stat(filepath.Join(dir, "localhost-ca.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// An authority that is about to end is made anew.
func TestOldAuthority(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, _, err := localcert.Server(dir, time.Now().Add(-6*365*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	cert, _, err := localcert.Server(dir, time.Now())
	if err != nil || time.Now().After(cert.Leaf.NotAfter) {
		t.Errorf("%v, %v", cert.Leaf.NotAfter, err)
	}
}
