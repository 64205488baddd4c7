package history

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
)

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
