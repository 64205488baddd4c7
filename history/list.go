package history

import (
	"context"
	"strings"
	"time"
)

// List returns runs, newest first.
//
// Search finds whole words and beginnings of words, in any case, with or
// without accents, in all that a person can see of a run: IDs, endpoint, URL,
// headers, bodies (the first SearchedBytes of each, decoded where a
// Content-Encoding could be undone), result, verdicts, findings and errors.
// Each word of the query must occur somewhere, or the beginning of one;
// punctuation at its end asks for the whole word. A word with punctuation
// inside, such as REPEAT_REQ_INCONSISTENT or "paymentId":"2019", must occur
// with its pieces in that order. Chinese, Japanese, Korean and Thai text is
// found by any of its characters in a row. Nothing in a query is syntax.
// Before a search the runs that the index does not show yet are added to it.
func (s *Store) List(ctx context.Context, q Query) ([]Run, error) {
	match := matchOf(q.Search)
	if match == "" {
		runs, err := s.list(ctx, q, "")
		return runs, s.explain("the runs cannot be read", err)
	}
	err := s.index.catchUp(ctx)
	var runs []Run
	if err == nil {
		runs, err = s.list(ctx, q, match)
	}
	if indexDamaged(err) {
		if err = s.index.renew(ctx); err == nil {
			runs, err = s.list(ctx, q, match)
		}
	}
	return runs, s.explain("the runs cannot be searched", err)
}

func (s *Store) list(ctx context.Context, q Query, match string) ([]Run, error) {
	statement, args := listStatement(q, match)
	rows, err := s.db().QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	runs := make([]Run, 0, 64)
	for rows.Next() {
		var r Run
		var started int64
		err := rows.Scan(&r.Seq, &r.ID, &started, &r.Profile, &r.Endpoint, &r.Method, &r.Path, &r.Origin, &r.Outcome,
			&r.Status, &r.Result.Status, &r.Result.Code, &r.Result.Message, &r.Sent, &r.Received, &r.Total, &r.Err)
		if err != nil {
			return nil, err
		}
		if started != 0 {
			r.StartedAt = time.Unix(0, started)
		}
		runs = append(runs, r)
	}
	return runs, rows.Err()
}

func listStatement(q Query, match string) (statement string, args []any) {
	var b strings.Builder
	seq := "runs.seq"
	b.WriteString("SELECT seq, " + columnNames + " FROM runs")
	where := " WHERE deleted IS NULL"
	and := func(condition string, arg any) {
		where += " AND " + condition
		args = append(args, arg)
	}
	if match != "" {
		// The index gives its rows newest first by itself.
		seq = "search.rowid"
		b.WriteString(" JOIN search ON search.rowid = runs.seq")
		and("search MATCH ?", match)
	}
	if q.Profile != "" {
		and("profile = ?", q.Profile)
	}
	if q.Endpoint != "" {
		and("endpoint = ?", q.Endpoint)
	}
	if q.Before > 0 {
		and(seq+" < ?", q.Before)
	}
	if q.After > 0 {
		and(seq+" > ?", q.After)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	b.WriteString(where + " ORDER BY " + seq + " DESC LIMIT ?")
	return b.String(), append(args, limit)
}
