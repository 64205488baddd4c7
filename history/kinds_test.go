package history

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// anyRun is a run that differs from others in all that can be filtered by.
func anyRun(r *rand.Rand, n int) *apiclient.Exchange {
	e := exchangeOf(n)
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	e.Profile = pick("sandbox", "sandbox", "sandbox", "staging", "live-eu")
	e.Endpoint = pick("v2/payments/pay", "v1/payments/pay", "v1/payments/refund", "")
	e.Origin = apiclient.Origin(pick("cli", "explorer", "replay"))
	e.SentVerdict.Status = signing.Status(pick("verified", "verified", "mismatch"))
	if r.IntN(4) == 0 {
		return e
	}
	e = answer(e)
	e.Result.Status = pick("S", "S", "S", "F", "U", "A")
	e.Response.Line = "HTTP/1.1 " + pick("200 OK", "200 OK", "404 Not Found", "503 Service Unavailable")
	e.Received.Status = signing.Status(pick("verified", "verified", "unsigned", "mismatch"))
	if r.IntN(9) == 0 {
		e.Tampered = []string{"wrong time"}
	}
	return e
}

// fits reports whether a line of the list is what q asks for, run by run.
func fits(q Query, r Run) bool {
	bad := func(s string) bool { return s != "" && s != "verified" }
	like := func(value, part string) bool {
		return part == "" || value == part || strings.HasSuffix(value, "/"+part)
	}
	return (q.Profile == "" || r.Profile == q.Profile) && (q.Endpoint == "" || r.Endpoint == q.Endpoint) && (q.Path == "" || r.Path == q.Path) &&
		like(r.Profile, q.ProfileLike) && (like(r.Endpoint, q.EndpointLike) || r.Endpoint == "" && strings.Contains(r.Path, q.EndpointLike)) &&
		(q.Result == "" || r.Result.Status == q.Result) && (q.Status == 0 || r.Status == q.Status) && (q.Class == 0 || r.Status/100 == q.Class) &&
		(q.Outcome == "" || r.Outcome == q.Outcome) && (q.Origin == "" || r.Origin == q.Origin) && (q.Sent == "" || r.Sent == q.Sent) &&
		(q.Received == "" || r.Received == q.Received) && (q.Verdict == "" || r.Sent == q.Verdict || r.Received == q.Verdict) &&
		(!q.Unverified || bad(r.Sent) || bad(r.Received)) && (!q.Pinned || r.Pinned) && (!q.Tampered || r.Tampered != "") && (!q.Named || r.Name != "") &&
		(q.Before == 0 || r.Seq < q.Before) && (q.After == 0 || r.Seq > q.After)
}

// anyQuery asks for one to three things.
func anyQuery(r *rand.Rand, runs int) Query {
	q := Query{Limit: []int{1, 3, 20, 200, 5000}[r.IntN(5)], Oldest: r.IntN(3) == 0}
	for range 1 + r.IntN(3) {
		switch r.IntN(16) {
		case 0:
			q.Profile = "sandbox"
		case 1:
			q.ProfileLike = "staging"
		case 2:
			q.Endpoint = "v1/payments/refund"
		case 3:
			q.EndpointLike = "pay"
		case 4:
			q.Result = []string{"S", "F", "X"}[r.IntN(3)]
		case 5:
			q.Status = []int{200, 404, 418}[r.IntN(3)]
		case 6:
			q.Class = 5
		case 7:
			q.Outcome = apiclient.Unknown
		case 8:
			q.Origin = apiclient.FromReplay
		case 9:
			q.Sent = "verified"
		case 10:
			q.Received = "unsigned"
		case 11:
			q.Verdict = "mismatch"
		case 12:
			q.Unverified = true
		case 13:
			q.Tampered = true
		case 14:
			q.Path = "/api/v2/payments/pay"
		case 15:
			q.Pinned = true
		}
	}
	if r.IntN(2) == 0 {
		q.Before = int64(1 + r.IntN(runs))
	}
	if r.IntN(4) == 0 {
		q.After = int64(1 + r.IntN(runs))
	}
	return q
}

// TestQueriesFindWhatFits compares pages and counts with a look at each run,
// after runs have come, ended, gone and come back.
func TestQueriesFindWhatFits(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	const total = 400
	r := rand.New(rand.NewPCG(1, 2))
	addQuickly(t, s, 0, total, func(n int) *apiclient.Exchange { return anyRun(r, n) })
	for range 40 { // runs that end otherwise than they began
		if err := s.Complete(ctx, anyRun(r, r.IntN(total))); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 20 {
		if _, err := s.Delete(ctx, idOf(n*17)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Pin(ctx, true, idOf(n*13)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Restore(ctx, idOf(17), idOf(34), idOf(51)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.remove(ctx, nil, "deleted IS NOT NULL AND seq < 170"); err != nil {
		t.Fatal(err)
	}
	all, err := s.List(ctx, Query{Limit: 2 * total})
	if err != nil {
		t.Fatal(err)
	}
	for range 150 {
		q := anyQuery(r, total)
		var want []int64
		for _, run := range all {
			if fits(q, run) {
				want = append(want, run.Seq)
			}
		}
		if n, err := s.CountOf(ctx, q); n != len(want) || err != nil {
			t.Fatalf("%+v: counts %d, want %d, %v", q, n, len(want), err)
		}
		if q.Oldest {
			want = want[max(0, len(want)-q.Limit):]
		} else {
			want = want[:min(len(want), q.Limit)]
		}
		if got := seqs(t, s, q); !slices.Equal(got, want) {
			t.Fatalf("%+v: found %d runs %v, want %d %v", q, len(got), got, len(want), want)
		}
	}
	checkKinds(t, s)
}

// checkKinds compares the kept numbers with the runs.
func checkKinds(t *testing.T, s *Store) {
	t.Helper()
	list := strings.Join(kindColumns, ", ")
	var wrong int
	err := s.db().QueryRow("SELECT count(*) FROM (SELECT " + list + ", n FROM kinds WHERE n <> 0 EXCEPT SELECT " + list +
		", count(*) FROM runs WHERE deleted IS NULL GROUP BY " + list + ")").Scan(&wrong)
	if err != nil || wrong != 0 {
		t.Errorf("%d kinds are counted wrongly, %v", wrong, err)
	}
	err = s.db().QueryRow("SELECT count(*) FROM (SELECT " + list + ", count(*) FROM runs WHERE deleted IS NULL GROUP BY " + list +
		" EXCEPT SELECT " + list + ", n FROM kinds)").Scan(&wrong)
	if err != nil || wrong != 0 {
		t.Errorf("%d kinds are missing, %v", wrong, err)
	}
}

// TestEachFilterHasAnIndex: none looks at all runs to find a few.
func TestEachFilterHasAnIndex(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	r := rand.New(rand.NewPCG(5, 6))
	addQuickly(t, s, 0, 600, func(n int) *apiclient.Exchange {
		e := anyRun(r, n)
		if e.Endpoint == "" {
			e.Endpoint = "v2/payments/pay" // a part of a path has no index
		}
		return e
	})
	for filter, index := range map[string]string{
		"":                "",
		"endpoint:refund": "runs_kind", "endpoint:v1/payments/refund": "runs_kind", "profile:staging": "runs_kind", "status:F": "runs_kind", "status:404": "runs_kind", "status:5xx": "runs_kind",
		"status:lost": "runs_kind", "verdict:bad": "runs_kind", "verdict:unsigned": "runs_kind", "request:mismatch": "runs_kind",
		"response:unsigned": "runs_kind", "origin:replay": "runs_kind", "origin:replay profile:staging status:F": "runs_kind",
		"pinned": "runs_pinned", "tampered": "runs_tampered", "named": "runs_named", "pinned status:F": "runs_pinned", "pay": "search VIRTUAL TABLE", "pay status:F": "search VIRTUAL TABLE",
	} {
		q, wrong := ParseQuery(filter)
		if len(wrong) > 0 {
			t.Fatal(wrong)
		}
		for _, oldest := range []bool{false, true} {
			for _, before := range []int64{0, 300} {
				q.Before, q.Oldest = before, oldest
				w, err := s.selection(ctx, q, matchOf(q.Search))
				if err != nil {
					t.Fatal(err)
				}
				statement, args, err := s.page(ctx, w, oldest, DefaultLimit)
				if err != nil {
					t.Fatal(err)
				}
				plan := planOf(t, s, statement, args)
				if !strings.Contains(plan, index) || index != "" && strings.Contains(plan, "SCAN runs\n") ||
					strings.Contains(plan, "TEMP B-TREE") && !strings.Contains(plan, "runs_kind") {
					t.Errorf("%q, oldest %t, before %d:\n%s\n%s", filter, oldest, before, statement, plan)
				}
			}
		}
	}
}

// TestAFrequentFilterLooksAtFewOthers: where nearly all runs are wanted, one
// after the other is quicker than by the index.
func TestAFrequentFilterLooksAtFewOthers(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	const rare = fewOthers + 1
	addQuickly(t, s, 0, 1000, func(n int) *apiclient.Exchange {
		e := exchangeOf(n)
		if n < rare {
			e.Profile = "staging"
		}
		return e
	})
	for limit, scans := range map[int]bool{1: false, 2: true, 600: false} {
		w, err := s.selection(ctx, Query{Profile: "sandbox"}, "")
		if err != nil {
			t.Fatal(err)
		}
		statement, args, err := s.page(ctx, w, false, limit)
		if err != nil {
			t.Fatal(err)
		}
		if plan := planOf(t, s, statement, args); strings.Contains(plan, "SCAN runs\n") != scans || strings.Contains(plan, "runs_kind") == scans {
			t.Errorf("a page of %d:\n%s", limit, plan)
		}
	}
}

func planOf(t *testing.T, s *Store, statement string, args []any) string {
	t.Helper()
	rows, err := s.db().Query("EXPLAIN QUERY PLAN "+statement, args...)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	defer func() { _ = rows.Close() }()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&plan, detail)
	}
	return plan.String()
}

// TestIndexesAreFew: each is written with every run before it is sent.
func TestIndexesAreFew(t *testing.T) {
	t.Parallel()
	rows, err := openNew(t).db().Query("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'runs' AND sql NOT LIKE '%WHERE%<>%' AND sql NOT LIKE '%WHERE pinned%' AND sql NOT LIKE '%NOT NULL'")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if want := []string{"runs_kind"}; !reflect.DeepEqual(names, want) {
		t.Errorf("every run is put into %v, want %v: measure BenchmarkBegin", names, want)
	}
}
