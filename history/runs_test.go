package history

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
)

// add records n completed runs.
func add(t testing.TB, s *Store, n int) {
	t.Helper()
	for i := range n {
		if err := s.Complete(context.Background(), answer(exchangeOf(i))); err != nil {
			t.Fatal(err)
		}
	}
}

// seqs lists the runs of a query by Seq.
func seqs(t testing.TB, s *Store, q Query) []int64 {
	t.Helper()
	runs, err := s.List(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	out := []int64{}
	for _, r := range runs {
		out = append(out, r.Seq)
	}
	return out
}

func TestARunIsThereBeforeItIsSentAndWholeAfter(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	e := exchangeOf(1)
	e.Outcome = apiclient.Answered // whatever it says, it has not been sent
	if err := s.Begin(ctx, e); err != nil {
		t.Fatal(err)
	}
	if e.Outcome != apiclient.Answered {
		t.Error("Begin changed the exchange")
	}
	begun, err := s.Get(ctx, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	e.Outcome = apiclient.Unknown
	if !reflect.DeepEqual(begun, *e) {
		t.Errorf("begun:\n%+v, want\n%+v", begun, *e)
	}
	if err := s.Complete(ctx, answer(e)); err != nil {
		t.Fatal(err)
	}
	completed, err := s.Get(ctx, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(completed, *e) {
		t.Errorf("completed:\n%+v, want\n%+v", completed, *e)
	}
	runs, err := s.List(ctx, Query{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Run{{
		Seq: 1, ID: e.ID, StartedAt: time.Unix(0, e.StartedAt.UnixNano()), Profile: "sandbox", Endpoint: "v2/payments/pay",
		Path: "/api/v2/payments/pay", Method: "POST", Origin: apiclient.FromCLI, Outcome: apiclient.Answered, Status: 200,
		Result: apiclient.Result{Status: "S", Code: "SUCCESS", Message: "Success"}, Sent: "verified", Received: "verified",
		Total: 41 * time.Millisecond,
	}}
	if !reflect.DeepEqual(runs, want) {
		t.Errorf("list:\n%+v, want\n%+v", runs, want)
	}
}

// TestCompleteReplacesWhatChanged: a body may be dropped or become another.
func TestCompleteReplacesWhatChanged(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	e := answer(exchangeOf(1))
	e.Request.Decoded = []byte("decoded")
	if err := s.Complete(ctx, e); err != nil {
		t.Fatal(err)
	}
	e.Request.Body, e.Request.Decoded, e.Response, e.Received = []byte("other"), nil, nil, signing.Verdict{}
	e.Outcome, e.Err = apiclient.Canceled, "the send was cancelled"
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Complete(canceled, e); err != nil {
		t.Fatalf("a cancelled send has an outcome too: %v", err)
	}
	got, err := s.Get(ctx, e.ID)
	if err != nil || !reflect.DeepEqual(got, *e) {
		t.Errorf("got %+v %v, want %+v", got, err, *e)
	}
	if n, err := s.Count(ctx); n != 1 || err != nil {
		t.Errorf("%d runs, %v", n, err)
	}
}

func TestBeginRefuses(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	if err := s.Begin(context.Background(), exchangeOf(1)); err != nil {
		t.Fatal(err)
	}
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		e    *apiclient.Exchange
		says string
	}{
		"twice":         {context.Background(), exchangeOf(1), "recorded already"},
		"without an ID": {context.Background(), &apiclient.Exchange{}, "no ID"},
		"too late":      {canceled, exchangeOf(2), "canceled"},
	} {
		if err := s.Begin(c.ctx, c.e); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n, err := s.Count(context.Background()); n != 1 || err != nil {
		t.Errorf("%d runs, %v", n, err)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	add(t, s, 9)
	for i := range 3 {
		e := exchangeOf(100 + i)
		e.Profile, e.Endpoint = "staging", fmt.Sprint("v1/", i%2)
		if err := s.Begin(context.Background(), e); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		q    Query
		want []int64
	}{
		"all":                  {Query{}, []int64{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}},
		"first page":           {Query{Limit: 5}, []int64{12, 11, 10, 9, 8}},
		"next page":            {Query{Limit: 5, Before: 8}, []int64{7, 6, 5, 4, 3}},
		"last page":            {Query{Limit: 5, Before: 3}, []int64{2, 1}},
		"beyond":               {Query{Before: 1}, []int64{}},
		"new ones":             {Query{After: 10}, []int64{12, 11}},
		"between":              {Query{After: 3, Before: 6}, []int64{5, 4}},
		"profile":              {Query{Profile: "staging"}, []int64{12, 11, 10}},
		"endpoint":             {Query{Endpoint: "v1/0"}, []int64{12, 10}},
		"both":                 {Query{Endpoint: "v1/0", Profile: "sandbox"}, []int64{}},
		"search and filter":    {Query{Endpoint: "v1/0", Search: "payment"}, []int64{12, 10}},
		"search, second page":  {Query{Search: "payment", Before: 3}, []int64{2, 1}},
		"search in a window":   {Query{Search: "payment", After: 3, Before: 6, Limit: 1}, []int64{5}},
		"search what is not":   {Query{Search: "payment nowhere"}, []int64{}},
		"a filter is no match": {Query{Profile: "stag%"}, []int64{}},
	} {
		if got := seqs(t, s, c.q); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestGetByName(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	if _, err := s.Get(ctx, "last"); !errors.Is(err, ErrNotFound) || hint.Of(err) == "" {
		t.Errorf("last of none: %v", err)
	}
	add(t, s, 3)
	odd := exchangeOf(700)
	odd.ID = "Odd_%"
	if err := s.Begin(ctx, odd); err != nil {
		t.Fatal(err)
	}
	if err := s.Begin(ctx, exchangeOf(600)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"last": idOf(600), idOf(1): idOf(1), idOf(600)[:13]: idOf(600), strings.ToUpper(idOf(600)[:13]): idOf(600),
		"Odd_": "Odd_%", idOf(2)[:35] + "2": idOf(2),
	} {
		if e, err := s.Get(ctx, name); err != nil || e.ID != want {
			t.Errorf("%q: %q, %v", name, e.ID, err)
		}
	}
	for name, c := range map[string]struct {
		says     string
		notFound bool
	}{
		"0198":     {"more than one", false},
		"019":      {"no run is named", true},
		"":         {"no run is named", true},
		"0199":     {"no run is named", true},
		"Odd%":     {"no run is named", true},
		"0198e5a%": {"no run is named", true},
	} {
		_, err := s.Get(ctx, name)
		if err == nil || !strings.Contains(err.Error(), c.says) || errors.Is(err, ErrNotFound) != c.notFound || hint.Of(err) == "" {
			t.Errorf("%q: %v (hint %q)", name, err, hint.Of(err))
		}
	}
}

func TestVersionMovesWithEveryChangeAndOnlyThen(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	other := openAt(t, s.Path())
	e := exchangeOf(1)
	moves := func(name string, want bool, do func() error) {
		t.Helper()
		before, err := s.Version(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := do(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		after, err := s.Version(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if (after != before) != want {
			t.Errorf("%s: version %d, then %d", name, before, after)
		}
	}
	moves("own Begin", true, func() error { return s.Begin(ctx, e) })
	moves("another's Complete", true, func() error { return other.Complete(ctx, answer(e)) })
	moves("another's Delete", true, func() error { _, err := other.Delete(ctx, e.ID); return err })
	moves("Restore", true, func() error { _, err := s.Restore(ctx, e.ID); return err })
	moves("indexing", false, func() error { return s.index.catchUp(ctx) })
	moves("a search", false, func() error { _, err := s.List(ctx, Query{Search: "pay"}); return err })
	moves("Get", false, func() error { _, err := s.Get(ctx, "last"); return err })
	moves("Prune", true, func() error { _, err := other.Prune(ctx, 0, time.Time{}, nil); return err })
}

func TestCloseTwice(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	add(t, s, 1)
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := s.Begin(context.Background(), exchangeOf(5)); err == nil {
		t.Error("a closed history records")
	}
	if exists(s.Path() + "-wal") {
		t.Error("the write-ahead log was not folded into the file")
	}
}
