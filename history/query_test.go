package history

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// several records runs that differ in what they can be filtered by; Seq is the
// number in the comment.
func several(t testing.TB, s *Store) {
	t.Helper()
	for i, change := range []func(e *apiclient.Exchange){
		func(*apiclient.Exchange) {}, // 1: v2/payments/pay, S, verified both ways
		func(e *apiclient.Exchange) { // 2
			e.Endpoint, e.Result.Status, e.Profile = "v1/payments/pay", "F", "staging-eu"
		},
		func(e *apiclient.Exchange) { // 3
			e.Endpoint, e.Received.Status, e.Origin = "v1/payments/inquiryPayment", signing.Unsigned, apiclient.FromExplorer
		},
		func(e *apiclient.Exchange) { // 4
			e.SentVerdict.Status, e.Tampered = signing.Mismatch, []string{"wrong time", "wrong path"}
		},
		func(e *apiclient.Exchange) { // 5
			e.Response, e.Result, e.Received = nil, apiclient.Result{}, signing.Verdict{}
			e.Outcome = apiclient.Lost
		},
		func(e *apiclient.Exchange) { // 6
			e.Endpoint, e.Response.Line, e.Result.Status, e.Origin = "", "HTTP/1.1 404 Not Found", "", apiclient.FromReplay
		},
	} {
		e := answer(exchangeOf(i))
		change(e)
		if err := s.Complete(context.Background(), e); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	several(t, s)
	if n, err := s.Pin(ctx, true, idOf(0), idOf(3), idOf(3), "nobody"); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	if ok, err := s.Rename(ctx, idOf(1), "  the first refusal "); !ok || err != nil {
		t.Fatal(ok, err)
	}
	for text, want := range map[string][]int64{
		"":                             {6, 5, 4, 3, 2, 1},
		"endpoint:pay":                 {6, 5, 4, 2, 1}, // the last part; a run without an endpoint goes by its path
		"endpoint:v1/payments/pay":     {2},
		"endpoint:INQUIRY":             {3},
		"endpoint:nothing":             {},
		"status:F":                     {2},
		"status:s":                     {4, 3, 1},
		"status:404":                   {6},
		"status:4xx":                   {6},
		"status:2xx":                   {4, 3, 2, 1},
		"status:lost":                  {5},
		"verdict:unsigned":             {3},
		"verdict:bad":                  {4, 3},
		"verdict:mismatch":             {4},
		"request:mismatch":             {4},
		"response:mismatch":            {},
		"response:verified":            {6, 4, 2, 1},
		"profile:staging":              {2},
		"profile:sandbox":              {6, 5, 4, 3, 1},
		"origin:replay":                {6},
		"origin:cli":                   {5, 4, 2, 1},
		"pinned":                       {4, 1},
		"tampered":                     {4},
		"named":                        {2},
		"pinned tampered":              {4},
		"status:S pinned":              {4, 1},
		"req-000001":                   {2},
		"req-000001 status:S":          {},
		"status:S req-000003":          {4},
		"refusal":                      {2}, // a name is searched for
		"wrong path":                   {4}, // and what was tampered
		`"pinned"`:                     {},
		"status:S status:F":            {2},
		"endpoint:pay verdict:bad":     {4},
		"verdict:bad request:verified": {3},
	} {
		q, wrong := ParseQuery(text)
		if len(wrong) > 0 {
			t.Errorf("%q: %q", text, wrong)
		}
		if got := seqs(t, s, q); !reflect.DeepEqual(got, want) {
			t.Errorf("%q finds %v, want %v", text, got, want)
		}
		if n, err := s.CountOf(ctx, q); n != len(want) || err != nil {
			t.Errorf("%q counts %d, %v, want %d", text, n, err, len(want))
		}
		if got := text != ""; q.Selective() != got {
			t.Errorf("%q is selective: %v", text, !got)
		}
	}
}

func TestWrongFiltersAreSaid(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"status:X": "status:X is no result", "status:99": "no HTTP status", "status:": "status: wants one of S",
		"verdict:nice": "verdict:nice is none of verified", "origin:mars": "none of explorer", "endpoint:": "wants endpoint or path",
	} {
		q, wrong := ParseQuery(text + " word")
		if len(wrong) != 1 || !strings.Contains(wrong[0], says) || q.Search != "word" {
			t.Errorf("%q: %q, %+v", text, wrong, q)
		}
	}
	for _, text := range []string{`"status:F"`, "text:pay", "http://x", ":", "a:b:c"} {
		if q, wrong := ParseQuery(text); q.Search != text || len(wrong) > 0 {
			t.Errorf("%q is no filter: %+v %q", text, q, wrong)
		}
	}
}

// TestPagesFromBothEnds walks the list from the newest and from the oldest.
func TestPagesFromBothEnds(t *testing.T) {
	t.Parallel()
	s := openNew(t)
	add(t, s, 10)
	for _, c := range []struct {
		q    Query
		want []int64
	}{
		{Query{Limit: 3}, []int64{10, 9, 8}},
		{Query{Limit: 3, Before: 8}, []int64{7, 6, 5}},
		{Query{Limit: 3, Oldest: true}, []int64{3, 2, 1}},
		{Query{Limit: 3, Oldest: true, After: 3}, []int64{6, 5, 4}},
		{Query{Limit: 30, Oldest: true, After: 8}, []int64{10, 9}},
		{Query{Limit: 2, Oldest: true, Search: "payment"}, []int64{2, 1}},
		{Query{Limit: 2, Oldest: true, Search: "payment", After: 4}, []int64{6, 5}},
	} {
		if got := seqs(t, s, c.q); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v gives %v, want %v", c.q, got, c.want)
		}
	}
	if n, err := s.CountOf(context.Background(), Query{After: 7}); n != 3 || err != nil {
		t.Error(n, err)
	}
}

func TestPinnedSurvivesPrune(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	add(t, s, 6)
	if _, err := s.Pin(ctx, true, idOf(1), idOf(5)); err != nil {
		t.Fatal(err)
	}
	gone, pinned, err := s.Prunable(ctx, 2, time.Time{})
	if gone != 3 || pinned != 1 || err != nil {
		t.Errorf("would remove %d and spare %d: %v", gone, pinned, err)
	}
	if n, err := s.Prune(ctx, 2, time.Time{}, nil); n != gone || err != nil {
		t.Errorf("removed %d, %v", n, err)
	}
	if got := seqs(t, s, Query{}); !reflect.DeepEqual(got, []int64{6, 5, 2}) {
		t.Errorf("left are %v", got)
	}
	if n, err := s.Pin(ctx, false, idOf(1)); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := s.Prune(ctx, 0, time.Time{}, nil); n != 2 || err != nil {
		t.Errorf("removed %d, %v", n, err)
	}
	if got := seqs(t, s, Query{}); !reflect.DeepEqual(got, []int64{6}) {
		t.Errorf("left are %v", got)
	}
}

// TestNameAndPinOutliveCompletion: they may be given while a run is under way.
func TestNameAndPinOutliveCompletion(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	other := openAt(t, s.Path())
	e := exchangeOf(0)
	if err := s.Begin(ctx, e); err != nil {
		t.Fatal(err)
	}
	before, _ := s.Version(ctx)
	if ok, err := other.Rename(ctx, e.ID, "slow one"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	middle, _ := s.Version(ctx)
	if n, err := other.Pin(ctx, true, e.ID); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	after, _ := s.Version(ctx)
	if before == middle || middle == after {
		t.Errorf("versions %d, %d, %d: a list would not see it", before, middle, after)
	}
	if err := s.Complete(ctx, answer(e)); err != nil {
		t.Fatal(err)
	}
	runs, err := s.List(ctx, Query{Search: "slow"})
	if err != nil || len(runs) != 1 || runs[0].Name != "slow one" || !runs[0].Pinned || runs[0].Outcome != apiclient.Answered {
		t.Errorf("%+v, %v", runs, err)
	}
	if ok, err := s.Rename(ctx, "nobody", "x"); ok || err != nil {
		t.Error(ok, err)
	}
	if ok, err := s.Rename(ctx, e.ID, ""); !ok || err != nil {
		t.Error(ok, err)
	}
	if got := seqs(t, s, Query{Search: "slow"}); len(got) != 0 {
		t.Errorf("the old name is found: %v", got)
	}
}

func TestFacets(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	several(t, s)
	if _, err := s.Delete(ctx, idOf(1)); err != nil {
		t.Fatal(err)
	}
	facets, err := s.Facets(ctx)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, f := range facets {
		got[f.Filter] = f.Count
		q, _ := ParseQuery(f.Filter)
		if n := len(seqs(t, s, q)); n != f.Count && !strings.HasPrefix(f.Filter, "endpoint:") {
			t.Errorf("%s says %d and finds %d", f.Filter, f.Count, n)
		}
	}
	for filter, n := range map[string]int{"status:S": 3, "status:lost": 1, "verdict:bad": 2, "tampered": 1, "pinned": 0, "response:unsigned": 1, "origin:cli": 3} {
		if got[filter] != n {
			t.Errorf("%s: %d, want %d", filter, got[filter], n)
		}
	}
	for _, filter := range []string{"status:F", "profile:staging-eu", "endpoint:v1/payments/pay"} {
		if _, there := got[filter]; there {
			t.Errorf("%s is of a deleted run", filter)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	s := openNew(f)
	several(f, s)
	for _, seed := range []string{"status:F pay", "endpoint:%", "profile:'", "status:9xx", "verdict:bad \"", "::", "endpoint:\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, _ := ParseQuery(text)
		if _, err := s.List(context.Background(), q); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}
