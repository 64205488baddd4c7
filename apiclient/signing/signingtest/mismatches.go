// Package signingtest reads the public cases of signatures that do not match,
// for the tests of the packages that judge them: apiclient/signing,
// apiclient/diagnose and tui/cli.
package signingtest

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Mismatches is the file of the cases. No one on this project wrote its
// answers.
type Mismatches struct {
	Keyring []struct {
		ID string `json:"key_id"`
	} `json:"keyring"`
	Cases []Mismatch `json:"cases"`
}

// Mismatch is an exchange whose signature fails for a known reason, or holds:
// what is seen of it, and the truth.
type Mismatch struct {
	ID         string   `json:"id"`
	Causes     []string `json:"causes"`
	Count      int      `json:"n_causes"`
	Accept     []string `json:"accept_causes"`
	Family     string   `json:"family"`
	Detail     string   `json:"detail"`
	StrictOnly bool     `json:"strict_only"`
	Recovers   string   `json:"recoverability"`
	Case       struct {
		Exchange struct {
			Kind     string   `json:"kind"` // "request" or "response": whose signature it is
			Request  Message  `json:"request"`
			Response *Message `json:"response"`
		} `json:"exchange"`
		Key        string `json:"verify_with_key"`
		ClientID   string `json:"configured_client_id"`
		MerchantID string `json:"configured_merchant_id"`
	} `json:"case"`
	Truth struct {
		Signed       []byte `json:"signed_content_b64"`
		SignedSHA256 string `json:"signed_content_sha256"`
		Expected     []byte `json:"expected_content_b64"`
		Key          string `json:"signing_key"`
		Hash         string `json:"hash"`
		Padding      string `json:"padding"`
		Signature    []byte `json:"true_signature_b64"`
	} `json:"truth"`
}

// Message is one of an exchange. A response has a status, and a request what
// goes before the version in its first line.
type Message struct {
	Method  string      `json:"method"`
	URL     string      `json:"url"`
	Status  int         `json:"status"`
	Headers [][2]string `json:"headers"`
	Body    []byte      `json:"body_b64"`
}

// Raw writes the message as on the wire.
func (m Message) Raw() []byte {
	line := m.Method + " " + m.URL + " HTTP/1.1"
	if m.Status != 0 {
		line = fmt.Sprintf("HTTP/1.1 %d OK", m.Status)
	}
	return Raw(line, m.Headers, m.Body)
}

// Raw writes a message as on the wire.
func Raw(line string, headers [][2]string, body []byte) []byte {
	var b strings.Builder
	b.WriteString(line + "\r\n")
	for _, h := range headers {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	return append([]byte(b.String()+"\r\n"), body...)
}

// Values are those of a header, in their order.
func (m Message) Values(name string) []string {
	var all []string
	for _, f := range m.Headers {
		if strings.EqualFold(f[0], name) {
			all = append(all, f[1])
		}
	}
	return all
}

// Get is the one value of a header.
func (m Message) Get(name string) string { return strings.Join(m.Values(name), "") }

// OddlySpelt reports whether the signature is right and only its spelling is
// odd. Base64url belongs here although the file calls it a fault: the protocol,
// section 3, says to accept it when verifying, with a word about it.
func (m Mismatch) OddlySpelt() bool {
	return m.StrictOnly || slices.Equal(m.Causes, []string{"signature_base64url"})
}

// Verifies reports whether the signature is right, and at most oddly spelt.
func (m Mismatch) Verifies() bool {
	return m.OddlySpelt() || slices.Equal(m.Causes, []string{"none"})
}

// Every reports whether tests take every case of their tables, which takes minutes:
// COUNTERSIGN_EVERY_CASE=1, as .ci/run has it. Without it they take a sample where the
// other cases differ in no step of the code.
func Every() bool { return os.Getenv("COUNTERSIGN_EVERY_CASE") != "" }

// Load reads the cases made in a laboratory, once, from apiclient/signing/testdata;
// the test says where that is.
func Load(t testing.TB, testdata string) Mismatches {
	t.Helper()
	return made.load(t, testdata)
}

// Stacks reads the cases that HTTP libraries, serialisers and proxies made by
// their own defaults.
func Stacks(t testing.TB, testdata string) Mismatches {
	t.Helper()
	return stacks.load(t, testdata)
}

var made, stacks = file{name: "mismatches.json.gz", cases: 224}, file{name: "stacks.json.gz", cases: 128}

// file is read once.
type file struct {
	name  string
	cases int
	once  sync.Once
	all   Mismatches
	err   error
}

func (f *file) load(t testing.TB, testdata string) Mismatches {
	t.Helper()
	f.once.Do(func() { f.all, f.err = load(filepath.Join(testdata, f.name)) })
	if f.err != nil {
		t.Fatal(f.err)
	}
	if len(f.all.Cases) != f.cases || len(f.all.Keyring) != 7 {
		t.Fatalf("%s: %d cases and %d keys, want %d and 7", f.name, len(f.all.Cases), len(f.all.Keyring), f.cases)
	}
	return f.all
}

func load(path string) (m Mismatches, err error) {
	file, err := os.Open(path) //nolint:gosec // the test's own
	if err != nil {
		return m, err
	}
	defer func() { _ = file.Close() }()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return m, err
	}
	err = json.NewDecoder(unzipped).Decode(&m)
	return m, err
}
