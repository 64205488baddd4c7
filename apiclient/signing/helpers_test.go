package signing_test

import (
	"bytes"
	"compress/gzip"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"countersign/apiclient/signing"
	"countersign/apiclient/signing/signingtest"
)

// vector is one input that independent implementations signed alike.
type vector struct {
	ID         string `json:"id"`
	KeyID      string `json:"key_id"`
	Method     string `json:"method"`
	URI        string `json:"uri"`
	ClientID   string `json:"client_id"`
	Time       string `json:"time"`
	BodyB64    []byte `json:"body_b64"`
	BodyFile   string `json:"body_file"`
	ContentB64 []byte `json:"content_b64"`
	SHA256     string `json:"content_sha256"`
	Signature  []byte `json:"signature_b64"`
	Encoded    string `json:"signature_urlencoded"`
	Header     string `json:"signature_header"`
	SDKHeader  string `json:"signature_header_sdk_style"`

	RequestLine string      `json:"request_line"`
	Headers     [][2]string `json:"headers_as_sent"`
}

func (v vector) content(t testing.TB) signing.Content {
	return signing.Content{Method: v.Method, Target: v.URI, ClientID: v.ClientID, Time: v.Time, Body: v.body(t)}
}

func (v vector) body(t testing.TB) []byte {
	if v.BodyFile != "" {
		return readGzip(t, v.BodyFile)
	}
	return v.BodyB64
}

// header is the value of a header as it went over the wire.
func (v vector) header(name string) string {
	for _, f := range v.Headers {
		if strings.EqualFold(f[0], name) {
			return f[1]
		}
	}
	return ""
}

type vectorFile struct {
	Vectors []vector `json:"vectors"`
	Wire    []vector `json:"wire_vectors"`
}

var loadVectors = sync.OnceValues(func() (f vectorFile, err error) {
	data, err := os.ReadFile("testdata/sdk_vectors.json")
	if err == nil {
		err = json.Unmarshal(data, &f)
	}
	return f, err
})

func vectors(t testing.TB) vectorFile {
	t.Helper()
	f, err := loadVectors()
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Vectors) != 77 || len(f.Wire) != 41 {
		t.Fatalf("%d vectors and %d wire captures, want 77 and 41", len(f.Vectors), len(f.Wire))
	}
	return f
}

func readGzip(t testing.TB, name string) []byte {
	t.Helper()
	packed, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var keyCache sync.Map

func cached[K any](t testing.TB, file string, parse func([]byte) (any, error)) K {
	t.Helper()
	if k, ok := keyCache.Load(file); ok {
		return k.(K)
	}
	data, err := os.ReadFile(filepath.Join("testdata/keys", file))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	key, err := parse(block.Bytes)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	keyCache.Store(file, key)
	return key.(K)
}

func privateKey(t testing.TB, id string) *rsa.PrivateKey {
	return cached[*rsa.PrivateKey](t, id+".pkcs8.pem", x509.ParsePKCS8PrivateKey)
}

// publicKey is the key under its own name, as reports know it.
func publicKey(t testing.TB, id string) signing.Key {
	return signing.Key{ID: id, Public: cached[*rsa.PublicKey](t, id+".pub.spki.pem", x509.ParsePKIXPublicKey)}
}

// keyring is every key but those named.
func keyring(t testing.TB, without ...string) []signing.Key {
	var keys []signing.Key
	for _, id := range []string{"client2048", "client3072", "client4096", "server2048", "old2048", "server4096", "other2048"} {
		if !strings.Contains(" "+strings.Join(without, " ")+" ", " "+id+" ") {
			keys = append(keys, publicKey(t, id))
		}
	}
	return keys
}

func cases(t testing.TB) []signingtest.Mismatch {
	t.Helper()
	return signingtest.Load(t, "testdata").Cases
}

// checkOf is what the rule says about the message whose signature is under test.
func checkOf(t testing.TB, c signingtest.Mismatch) signing.Check {
	x := c.Case.Exchange
	_, target, _ := strings.Cut(strings.TrimPrefix(x.Request.URL, "https://"), "/")
	content := signing.Content{
		Method: x.Request.Method, Target: "/" + target,
		ClientID: x.Request.Get("Client-Id"), Time: x.Request.Get("Request-Time"), Body: x.Request.Body,
	}
	headers := x.Request.Values("Signature")
	if x.Kind == "response" {
		if id := x.Response.Get("Client-Id"); id != "" {
			content.ClientID = id
		}
		content.Time, content.Body = x.Response.Get("Response-Time"), x.Response.Body
		headers = x.Response.Values("Signature")
	}
	return signing.Check{
		Canonical: content.Canonical(), Headers: headers,
		Expected: []signing.Key{publicKey(t, c.Case.Key)}, Known: keyring(t, c.Case.Key),
	}
}
