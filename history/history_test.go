package history

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

func TestMain(m *testing.M) {
	if mode := os.Getenv(childVariable); mode != "" {
		os.Exit(child(mode, os.Args[1:]))
	}
	flag.Parse()
	leave := func() {}
	if flag.Lookup("test.bench").Value.String() == "" {
		leave = inMemory()
	}
	code := m.Run()
	leave()
	if manyDir != "" {
		_ = os.RemoveAll(manyDir)
	}
	os.Exit(code)
}

// openAt opens the history at path and fails the test if that says anything.
func openAt(t testing.TB, path string) *Store {
	t.Helper()
	s, notice, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if notice != "" {
		t.Fatalf("notice: %s", notice)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// blank is the file of a history without runs. To make its tables takes longer
// than most tests, so they are made once.
var blank = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "history-blank-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "history.db")
	s, _, err := Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // a path of the test's own
})

// openNew opens a history of the test's own, without runs.
func openNew(t testing.TB) *Store {
	t.Helper()
	file, err := blank()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "history.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return openAt(t, path)
}

// idOf returns the nth ID of the tests: of version 7 and growing.
func idOf(n int) string { return fmt.Sprintf("0198e5a2-%04x-7000-8000-%012x", n>>8, n) }

// exchangeOf is an exchange as it is before it is sent.
func exchangeOf(n int) *apiclient.Exchange {
	body := fmt.Sprintf(`{"paymentRequestId":"req-%06d","paymentAmount":{"currency":"USD","value":"10000"},"memo":"a payment as any other"}`, n)
	canonical := "POST /api/v2/payments/pay\n218800000042.1682060290199." + body
	return &apiclient.Exchange{
		ID: idOf(n), Profile: "sandbox", Endpoint: "v2/payments/pay", Origin: apiclient.FromCLI,
		URL: "http://127.0.0.1:8080/api/v2/payments/pay", ClientID: "218800000042",
		Request: apiclient.Message{
			Line:   "POST /api/v2/payments/pay HTTP/1.1",
			Header: []apiclient.Field{{Name: "Client-Id", Value: "218800000042"}, {Name: "Content-Type", Value: "application/json; charset=UTF-8"}},
			Body:   []byte(body),
		},
		Sent:        signing.Proof{Canonical: []byte(canonical), Digest: [32]byte{1, 2, 3}, Signature: make([]byte, 256), Value: "KEhX", Header: "algorithm=RSA256, keyVersion=1, signature=KEhX"},
		SentVerdict: signing.Verdict{Status: signing.Verified, Canonical: []byte(canonical)},
		StartedAt:   time.Date(2026, 4, 21, 6, 58, 10, 199_000_000+n, time.UTC),
		Outcome:     apiclient.Unknown,
	}
}

// answer completes e.
func answer(e *apiclient.Exchange) *apiclient.Exchange {
	body := []byte(`{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"Success"},"paymentId":"20260421000001"}`)
	e.Response = &apiclient.Message{Line: "HTTP/1.1 200 OK", Header: []apiclient.Field{{Name: "Response-Time", Value: "1682060290240"}}, Body: body}
	e.Received = signing.Verdict{Status: signing.Verified, Reason: "the signature is right", Canonical: append([]byte("POST /api/v2/payments/pay\n218800000042.1682060290240."), body...)}
	e.Result = apiclient.Result{Status: "S", Code: "SUCCESS", Message: "Success"}
	e.Timing.Total = 41 * time.Millisecond
	e.Outcome, e.BytesSent = apiclient.Answered, true
	return e
}

// addQuickly records runs in one transaction, as nothing but a test may.
func addQuickly(t testing.TB, s *Store, from, to int, make func(n int) *apiclient.Exchange) {
	t.Helper()
	ctx := context.Background()
	err := s.write(ctx, s.db(), "test", func(tx *sql.Tx) error {
		for n := from; n < to; n++ {
			r, err := newRow(make(n))
			if err != nil {
				return err
			}
			if err := r.insert(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
