package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/sandbox"
)

// The faults of config.toml follow the file while the explorer runs.
func TestFaultsFollowTheConfiguration(t *testing.T) {
	t.Parallel()
	x := newReloading(t, twoProfiles, false)
	dir := t.TempDir()
	if err := seedSandbox(testKeys, dir); err != nil {
		t.Fatal(err)
	}
	k, err := sandbox.Material(dir)
	if err != nil {
		t.Fatal(err)
	}
	s, err := sandbox.New(k.Config())
	if err != nil {
		t.Fatal(err)
	}
	x.app.faulty.Store(s)
	for _, want := range [][]string{{"slow", "RISK_REJECT"}, {"unsigned"}, nil} {
		text := twoProfiles
		if want != nil {
			text += "[sandbox]\nfaults = [\"" + strings.Join(want, `", "`) + "\"]\n"
		}
		x.write(text)
		if _, err := x.reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := s.ActiveFaults(); !slices.Equal(got, want) {
			t.Errorf("in force: %q, want %q", got, want)
		}
	}
}

// What the sandbox of the explorer did by itself is kept, and nothing else.
func TestNotificationsOfTheExplorerAreKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := newApp(strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{})
	a.env = func(name string) (string, bool) { return dir, name == "COUNTERSIGN_DATA" || name == "HOME" }
	t.Cleanup(a.close)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i, e := range []apiclient.Exchange{
		{Endpoint: "v1/payments/pay", Request: apiclient.Message{Line: "POST /pay HTTP/1.1"}},
		{Endpoint: "v1/payments/notifyPayment", Request: apiclient.Message{Line: "POST /notify HTTP/1.1"}},
		{Endpoint: "v2/payments/notifyPayment", Err: "beyond this machine"},
	} {
		e.ID, e.Origin, e.StartedAt, e.Outcome = a.newID(), apiclient.FromSandbox, at.Add(time.Duration(i)), apiclient.Answered
		a.keepServed(e)
	}
	store, err := a.store()
	if err != nil {
		t.Fatal(err)
	}
	if n, err := store.Count(t.Context()); err != nil || n != 1 {
		t.Errorf("%d runs are kept, want the notification: %v", n, err)
	}
	if notices := a.noticed(); len(notices) != 0 {
		t.Errorf("%q", notices)
	}
}
