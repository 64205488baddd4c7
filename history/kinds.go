package history

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// kindColumns are what a run is filtered by. Runs that agree in all of them are
// of one kind: there are hundreds of thousands of runs, and some dozens of kinds.
var kindColumns = []string{"profile", "endpoint", "outcome", "origin", "result_status", "status", "sent", "received"}

// kindsAdded counts the runs from a Seq on.
var kindsAdded = func() string {
	kind := strings.Join(kindColumns, ", ")
	return "INSERT INTO kinds SELECT " + kind + ", count(*) FROM runs WHERE seq >= ? AND deleted IS NULL GROUP BY " + kind +
		" ON CONFLICT DO UPDATE SET n = n + excluded.n"
}()

// unverified is the condition of Unverified.
const unverified = "(K.sent NOT IN ('verified', '') OR K.received NOT IN ('verified', ''))"

const (
	// fewRuns are so many runs that each may be looked at.
	fewRuns = 20_000
	// fewOthers are so many runs that they may all be passed over to find one.
	fewOthers = 50
	// fewSteps are so many steps in the index of kinds that they take some milliseconds.
	fewSteps = 50_000
)

// page writes the statement of a page of w, newest first or oldest first.
//
// Where it filters by kind, the index has the runs of each kind in order. So
// the newest 200 of all are among the newest 200 of each kind, whatever their
// number; and of a kind that has 200, none older than those can be one of them.
func (s *Store) page(ctx context.Context, w *selection, oldest bool, limit int) (statement string, args []any,
	err error) {
	order, worst, beyond, none := " DESC", "max", " >= ", "0"
	if oldest {
		order, worst, beyond, none = " ASC", "min", " <= ", "9223372036854775807"
	}
	all := "SELECT " + listColumns + " " + w.String() + " ORDER BY " + w.seq + order + " LIMIT ?"
	if !w.byKind() {
		return all, append(w.arguments(), limit), nil
	}
	kind := strings.ReplaceAll(strings.Join(w.kind, " AND "), "K.", "kinds.")
	var kinds, runs, live int
	err = s.db().QueryRowContext(ctx,
		"SELECT count(*), coalesce(sum(n), 0), (SELECT live FROM state) FROM kinds WHERE n > 0 AND "+kind,
		w.kindArgs...).Scan(&kinds, &runs, &live)
	if err != nil {
		return "", nil, err
	}
	// With conditions of another sort, the newest of a kind may be none of those that are wanted.
	bounded := len(w.where) == 0 && kinds*limit <= fewSteps
	if !bounded && runs > fewRuns || len(w.where) == 0 && runs > 2*limit &&
		live-runs <= fewOthers*min(limit, DefaultLimit) {
		return all, append(w.arguments(), limit), nil // frequent: they are soon found
	}
	each := strings.Join(slices.Concat(sameKind(), []string{"runs.deleted IS NULL"}, w.span), " AND ")
	eachArgs := w.spanArgs
	inner := "SELECT runs.seq FROM kinds CROSS JOIN runs INDEXED BY runs_kind ON " + each + " WHERE n > 0 AND " + kind
	args = slices.Concat(eachArgs, w.kindArgs)
	for _, condition := range w.where {
		inner += " AND " + strings.ReplaceAll(condition, "endpoint", "runs.endpoint")
	}
	args = append(args, w.args...)
	if bounded && runs > limit {
		// The bound is a constant to SQLite: by it each kind is entered at its place.
		inner += fmt.Sprintf(" AND runs.seq%scoalesce((SELECT %s((SELECT runs.seq FROM runs INDEXED BY runs_kind WHERE "+
			"%s ORDER BY runs.seq%s LIMIT 1 OFFSET %d)) FROM kinds WHERE n >= %d AND %s), %s)",
			beyond, worst, each, order, limit-1, limit, kind, none)
		args = slices.Concat(args, eachArgs, w.kindArgs)
	}
	inner += " ORDER BY runs.seq" + order + " LIMIT ?"
	return "SELECT " + listColumns + " FROM runs WHERE seq IN (" + inner + ") ORDER BY seq" + order, append(args,
		limit), nil
}

// byKind reports whether the index of kinds is the best that there is.
func (w *selection) byKind() bool {
	return len(w.kind) > 0 && w.seq == "runs.seq" && !slices.ContainsFunc(w.where, func(c string) bool {
		return c == "pinned = 1" || c == "tampered <> ''" || c == "name <> ''" // each has an index of its few
	})
}

func sameKind() []string {
	same := make([]string, len(kindColumns))
	for i, c := range kindColumns {
		same[i] = "runs." + c + " = kinds." + c
	}
	return same
}

// countOf says how many runs there are in w.
func (s *Store) countOf(ctx context.Context, w *selection) (n int, err error) {
	statement, args := "SELECT count(*) "+w.String(), w.arguments()
	switch kind := strings.ReplaceAll(strings.Join(w.kind, " AND "), "K.", "kinds."); {
	case len(w.where) > 0:
	case len(w.kind) == 0:
		return s.countBetween(ctx, w)
	case len(w.span) == 0:
		statement = "SELECT coalesce(sum(n), 0) FROM kinds WHERE " + kind
	default:
		each := strings.Join(slices.Concat(sameKind(), []string{"runs.deleted IS NULL"}, w.span), " AND ")
		statement = "SELECT count(*) FROM kinds CROSS JOIN runs INDEXED BY runs_kind ON " + each + " WHERE n > 0 AND " + kind
	}
	err = s.db().QueryRowContext(ctx, statement, args...).Scan(&n)
	return n, err
}

// countBetween counts the runs after a bound or before one, or those on its
// other side where these are fewer: how many there are of all is known.
func (s *Store) countBetween(ctx context.Context, w *selection) (n int, err error) {
	condition := strings.Join(w.span, " AND ")
	if len(w.span) == 1 {
		var middle int64
		if err := s.db().QueryRowContext(ctx,
			"SELECT coalesce((SELECT min(seq) FROM runs) / 2 + (SELECT max(seq) FROM runs) / 2, 0)").Scan(&middle); err != nil {
			return 0, err
		}
		if after := strings.Contains(condition, ">"); after == (w.spanArgs[0].(int64) < middle) {
			others := strings.NewReplacer(" < ", " >= ", " > ", " <= ").Replace(condition)
			err := s.db().QueryRowContext(ctx,
				"SELECT live - (SELECT count(*) FROM runs WHERE deleted IS NULL AND "+others+") FROM state", w.spanArgs...).Scan(&n)
			return n, err
		}
	}
	err = s.db().QueryRowContext(ctx, "SELECT count(*) FROM runs WHERE deleted IS NULL AND "+condition,
		w.spanArgs...).Scan(&n)
	return n, err
}

// Facet is a filter with how many runs it finds.
type Facet struct {
	Filter string // as ParseQuery reads it: "status:F"
	Count  int
}

// facetColumns are what Facets counts, and the filter that each value makes.
var facetColumns = []struct{ column, filter string }{
	{"result_status", "status:"}, {"outcome", "status:"}, {"sent", "request:"}, {"received", "response:"},
	{"endpoint", "endpoint:"}, {"profile", "profile:"}, {"origin", "origin:"},
}

// Facets counts the runs for each value that can be filtered by, the frequent
// ones first within each kind. Values that ParseQuery could not read back,
// such as a profile with a blank in its name, are left out.
func (s *Store) Facets(ctx context.Context) ([]Facet, error) {
	const doing = "the runs cannot be counted"
	var facets []Facet
	for _, c := range []struct{ filter, count string }{
		{"verdict:bad", "coalesce(sum(n), 0) FROM kinds WHERE " + strings.ReplaceAll(unverified, "K.", "")},
		{"pinned", "count(*) FROM runs WHERE deleted IS NULL AND pinned = 1"},
		{"tampered", "count(*) FROM runs WHERE deleted IS NULL AND tampered <> ''"},
		{"named", "count(*) FROM runs WHERE deleted IS NULL AND name <> ''"},
	} {
		n := 0
		err := s.db().QueryRowContext(ctx, "SELECT "+c.count).Scan(&n)
		if err != nil {
			return nil, s.explain(doing, err)
		}
		facets = append(facets, Facet{c.filter, n})
	}
	for _, c := range facetColumns {
		found, err := s.facet(ctx, c.column, c.filter)
		if err != nil {
			return nil, s.explain(doing, err)
		}
		facets = append(facets, found...)
	}
	return facets, nil
}

func (s *Store) facet(ctx context.Context, column, filter string) ([]Facet, error) {
	var facets []Facet
	err := eachRow(ctx, s.db(), func(rows *sql.Rows) error {
		var value string
		var n int
		err := rows.Scan(&value, &n)
		unreadable := strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r == 0x7f })
		if _, wrong := ParseQuery(filter + value); value != "" && !unreadable && len(wrong) == 0 {
			facets = append(facets, Facet{filter + value, n})
		}
		return err
	}, "SELECT "+column+", sum(n) FROM kinds WHERE n > 0 GROUP BY 1")
	slices.SortStableFunc(facets, func(a, b Facet) int { return cmp.Compare(b.Count, a.Count) })
	return facets, err
}
