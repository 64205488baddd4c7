package history

import (
	"context"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"countersign/apiclient"
)

func TestDrafts(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "history.db")
	s, _, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	body := []byte("{\r\n\x00\xff{{uuid}}")
	draft := Draft{Key: "v2/payments/pay", Cursor: 3, Title: "run", Original: []byte("{}"), Draft: apiclient.Draft{
		Endpoint: "v2/payments/pay", Method: "POST", Target: "/x?y", Body: body,
		Header: []apiclient.Field{{Name: "A", Value: "b"}}, Omit: []string{"Signature"},
	}}
	before, err := s.Version(ctx)
	if err != nil {
		t.Fatal(err)
	}
	save := func(profile string, place *Place, drafts ...Draft) {
		t.Helper()
		if err := s.SaveDrafts(ctx, profile, drafts, place); err != nil {
			t.Fatal(err)
		}
	}
	save("a", &Place{Key: draft.Key, Tab: "Fields"}, draft, Draft{Key: "empty"})
	save("b", nil, Draft{Key: draft.Key})
	if after, _ := s.Version(ctx); after != before {
		t.Error("a draft makes the list of runs be read again")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, _, err = Open(ctx, path); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	got, place, err := s.Drafts(ctx, "a")
	if err != nil || len(got) != 2 || place != (Place{draft.Key, "Fields"}) {
		t.Fatalf("%v, %v, %v", got, place, err)
	}
	slices.SortFunc(got, func(x, y Draft) int { return y.Cursor - x.Cursor })
	d := got[0]
	if string(d.Draft.Body) != string(body) || d.Draft.Target != "/x?y" || d.Draft.Header[0].Value != "b" || d.Draft.Omit[0] != "Signature" ||
		d.Cursor != 3 || d.Title != "run" || string(d.Original) != "{}" || d.Changed.IsZero() {
		t.Errorf("%+v", d)
	}
	if len(got[1].Draft.Body) != 0 || got[1].Original != nil {
		t.Errorf("%+v", got[1])
	}
	save("a", nil, Draft{Key: draft.Key, Gone: true}, Draft{Key: "never there", Gone: true})
	if got, _, _ = s.Drafts(ctx, "a"); len(got) != 1 {
		t.Errorf("%d drafts after one is gone", len(got))
	}
	if got, place, _ = s.Drafts(ctx, "b"); len(got) != 1 || place != (Place{}) {
		t.Errorf("the other profile has %d drafts at %v", len(got), place)
	}
}

// Endpoints lists those with an answered run of a profile.
func TestEndpointsWithAnswers(t *testing.T) {
	ctx := context.Background()
	s := openNew(t)
	for _, e := range []apiclient.Exchange{
		{ID: "1", Profile: "a", Endpoint: "v2/payments/pay", Outcome: apiclient.Answered},
		{ID: "2", Profile: "a", Endpoint: "v2/payments/pay", Outcome: apiclient.Answered},
		{ID: "3", Profile: "a", Endpoint: "v1/payments/refund", Outcome: apiclient.Failed},
		{ID: "4", Profile: "b", Endpoint: "v1/payments/refund", Outcome: apiclient.Answered},
		{ID: "5", Profile: "a", Outcome: apiclient.Answered},
	} {
		if err := s.Complete(ctx, &e); err != nil {
			t.Fatal(err)
		}
	}
	for profile, want := range map[string]string{"a": "v2/payments/pay", "b": "v1/payments/refund", "c": ""} {
		if list, err := s.Endpoints(ctx, profile); err != nil || strings.Join(list, " ") != want {
			t.Errorf("%s: %v, %v", profile, list, err)
		}
	}
}

// Bytes that are no UTF-8 stay as they are, in headers and paths too.
func TestDraftsKeepEveryByte(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s, _, err := Open(ctx, filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	d := Draft{Key: "run:1", Title: "run \xff", Original: []byte{}, Cursor: 1, Draft: apiclient.Draft{
		Endpoint: "v\xfe", Method: "POST", Target: "/a\xff?{{x}}<", Body: []byte("\xff"),
		Header: []apiclient.Field{{Name: "X\xfd", Value: "caf\xe9"}, {Name: "Y", Value: "&"}}, Omit: []string{"Z\xff"}, Tamper: []string{"wrong_key"},
	}}
	if err := s.SaveDrafts(ctx, "p\xff", []Draft{d}, &Place{Key: d.Key, Tab: "Body"}); err != nil {
		t.Fatal(err)
	}
	got, place, err := s.Drafts(ctx, "p\xff")
	if err != nil || len(got) != 1 || place.Key != d.Key {
		t.Fatal(got, place, err)
	}
	if !reflect.DeepEqual(got[0].Draft, d.Draft) || got[0].Title != d.Title {
		t.Errorf("%+v\nwant %+v", got[0].Draft, d.Draft)
	}
}
