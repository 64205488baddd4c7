package history

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"countersign/apiclient"
)

// TestNoSecretIsKept sends with a known key and looks for any spelling of any
// secret part of it, and for the lines of its file, in all files of the history and in
// what its compressed records hold, when a run is begun and when it is complete.
func TestNoSecretIsKept(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	file, err := os.ReadFile("../apiclient/keys/testdata/client2048.pkcs8.pem")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(file)
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	key := parsed.(*rsa.PrivateKey)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"result":{"resultStatus":"S"}}`)
	}))
	defer server.Close()
	s := openNew(t)
	journal := &unpacked{t: t, Store: s}
	client, err := apiclient.New(apiclient.Profile{
		Name: "test", BaseURL: server.URL + "/api", ClientID: "218800000042", KeyVersion: "1", Key: key, KeyName: "merchant.pem",
	}, apiclient.Options{Journal: journal})
	if err != nil {
		t.Fatal(err)
	}
	sent := client.Send(ctx, apiclient.Draft{Target: "/v2/payments/pay", Body: []byte(`{"paymentRequestId":"1"}`)}, apiclient.FromCLI)
	if sent.Err != "" || sent.Outcome != apiclient.Answered || len(sent.Sent.Signature) == 0 {
		t.Fatalf("%+v", sent)
	}
	kept, err := s.Get(ctx, "last")
	if err != nil {
		t.Fatal(err)
	}
	same(t, kept, sent)
	if got := seqs(t, s, Query{Search: sent.Sent.Value}); len(got) != 1 {
		t.Errorf("the signature is not found: %v", got)
	}

	if len(journal.begun) == 0 || len(journal.complete) == 0 {
		t.Fatal("the records were not read")
	}
	data := slices.Concat(allBytes(t, filepath.Dir(s.Path())), journal.begun, journal.complete)
	if !contains(data, new(big.Int).SetBytes(sent.Sent.Signature)) {
		t.Fatal("not even the signature is found: this test would find nothing")
	}
	secrets := map[string]*big.Int{"private exponent": key.D, "prime 1": key.Primes[0], "prime 2": key.Primes[1],
		"exponent 1": key.Precomputed.Dp, "exponent 2": key.Precomputed.Dq, "coefficient": key.Precomputed.Qinv}
	for name, n := range secrets {
		if contains(data, n) {
			t.Errorf("the history has the %s of the key", name)
		}
	}
	for _, line := range strings.Fields(string(file)) {
		if len(line) > 8 && bytes.Contains(data, []byte(line)) {
			t.Errorf("the history has a line of the key file: %s", line)
		}
	}
}

// unpacked is a history with what its records hold.
type unpacked struct {
	*Store
	t               *testing.T
	begun, complete []byte
}

func (u *unpacked) Begin(ctx context.Context, e *apiclient.Exchange) error {
	err := u.Store.Begin(ctx, e)
	u.begun = u.records(ctx)
	return err
}

func (u *unpacked) Complete(ctx context.Context, e *apiclient.Exchange) error {
	err := u.Store.Complete(ctx, e)
	u.complete = u.records(ctx)
	return err
}

func (u *unpacked) records(ctx context.Context) (all []byte) {
	if err := eachRow(ctx, u.db(), func(rows *sql.Rows) error {
		var packed []byte
		if err := rows.Scan(&packed); err != nil {
			return err
		}
		record, err := unpack(packed)
		all = append(all, record...)
		return err
	}, "SELECT record FROM records"); err != nil {
		u.t.Error(err)
	}
	return all
}

// allBytes is the content of all files of a folder.
func allBytes(t *testing.T, dir string) []byte {
	t.Helper()
	var all []byte
	for name := range files(t, dir) {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data...)
	}
	return all
}

// contains looks for n as bytes, hex, decimal and base64. The part that is
// looked for is from the middle: at the ends base64 depends on what is beside.
func contains(data []byte, n *big.Int) bool {
	b := n.Bytes()
	middle := base64.StdEncoding.EncodeToString(b)[8:40]
	for _, s := range []string{string(b[8:40]), hex.EncodeToString(b[8:40]), strings.ToUpper(hex.EncodeToString(b[8:40])), n.String()[8:60],
		middle, base64.StdEncoding.EncodeToString(b[1:])[8:40], base64.StdEncoding.EncodeToString(b[2:])[8:40]} {
		if bytes.Contains(data, []byte(s)) {
			return true
		}
	}
	return false
}
