package history

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"countersign/apiclient"
)

// Query selects runs: those for which all of it holds. The zero Query is the
// newest page of all.
type Query struct {
	Search   string // words that must all occur, anywhere visible; "" for all. See Store.List
	Profile  string // the whole name
	Endpoint string // the whole ID
	Path     string // of the request line, without query

	// EndpointLike finds endpoints whose last part is this or, where there is no
	// such one, those that have it anywhere, whatever the case; a path counts
	// where a run has no endpoint. ProfileLike does the same for profiles.
	EndpointLike string
	ProfileLike  string

	Result     string // S, F, U or A
	Status     int    // HTTP status; 0: any, also none
	Class      int    // of the HTTP status: 4 for 400 to 499; 0: any, also none
	Outcome    apiclient.Outcome
	Origin     apiclient.Origin
	Sent       string // a signing.Status of the request
	Received   string // a signing.Status of the response
	Verdict    string // a signing.Status of either
	Unverified bool   // a signature of either does not verify, or is missing
	Pinned     bool
	Spoilt     bool
	Named      bool

	Before int64 // only runs with a smaller Seq, for the next page; 0: from the newest
	After  int64 // only runs with a greater Seq, for what is new; 0: all
	Oldest bool  // the oldest of all this, not the newest; listed newest first all the same
	Limit  int   // 0: DefaultLimit
}

// DefaultLimit is the size of a page.
const DefaultLimit = 200

// Selective reports whether the query leaves out any run for what it is.
func (q Query) Selective() bool {
	q.Before, q.After, q.Oldest, q.Limit = 0, 0, false, 0
	q.Search = matchOf(q.Search)
	return q != Query{}
}

// unverified is the condition of Unverified: word for word that of an index.
const unverified = "(sent NOT IN ('verified', '') OR received NOT IN ('verified', ''))"

// selection is a query in SQL. Each of equal has an index of its own, of which
// SQLite uses one.
type selection struct {
	from, seq string
	where     []string
	args      []any
	equals    []equality
}

type equality struct {
	column string
	value  any
}

func (w *selection) and(condition string, args ...any) {
	w.where = append(w.where, condition)
	w.args = append(w.args, args...)
}

func (w *selection) equal(column string, value string) {
	if value != "" {
		w.equals = append(w.equals, equality{column, value})
	}
}

func (w *selection) String() string { return w.from + " WHERE " + strings.Join(w.where, " AND ") }

// selection writes the conditions of q. match is its Search for FTS5.
func (s *Store) selection(ctx context.Context, q Query, match string) (*selection, error) {
	w := &selection{from: "FROM runs", seq: "runs.seq", where: []string{"deleted IS NULL"}}
	if match != "" {
		// The index gives its rows newest first by itself.
		w.from, w.seq = "FROM runs JOIN search ON search.rowid = runs.seq", "search.rowid"
		w.and("search MATCH ?", match)
	}
	w.equal("profile", q.Profile)
	w.equal("endpoint", q.Endpoint)
	w.equal("path", q.Path)
	w.equal("result_status", q.Result)
	w.equal("outcome", string(q.Outcome))
	w.equal("origin", string(q.Origin))
	w.equal("sent", q.Sent)
	w.equal("received", q.Received)
	if q.Verdict != "" {
		w.and("(sent = ? OR received = ?)", q.Verdict, q.Verdict)
	}
	for condition, wanted := range map[string]bool{
		unverified: q.Unverified, "pinned = 1": q.Pinned, "spoilt <> ''": q.Spoilt, "name <> ''": q.Named,
	} {
		if wanted {
			w.and(condition)
		}
	}
	if q.Status > 0 {
		w.equals = append(w.equals, equality{"status", q.Status})
	}
	if q.Class > 0 {
		w.equals = append(w.equals, equality{"status / 100", q.Class})
	}
	if q.Before > 0 {
		w.and(w.seq+" < ?", q.Before)
	}
	if q.After > 0 {
		w.and(w.seq+" > ?", q.After)
	}
	for column, part := range map[string]string{"endpoint": q.EndpointLike, "profile": q.ProfileLike} {
		if part == "" {
			continue
		}
		if err := s.like(ctx, w, column, part); err != nil {
			return nil, err
		}
	}
	return w, s.choose(ctx, w)
}

// frequent is from how many runs on a value is frequent.
const frequent = 20_000

// choose adds the equalities so that SQLite goes by the index of the rarest
// value: it does not know how often a value occurs, and by a frequent one it
// would look at nearly all runs.
func (s *Store) choose(ctx context.Context, w *selection) error {
	rarest, least := 0, frequent+1
	for i, e := range w.equals {
		if len(w.equals) == 1 {
			break
		}
		n := 0
		err := s.db().QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM runs WHERE %s = ? LIMIT %d)", e.column, frequent),
			e.value).Scan(&n)
		if err != nil {
			return err
		}
		if n < least {
			rarest, least = i, n
		}
	}
	for i, e := range w.equals {
		column := e.column
		if i != rarest || strings.HasPrefix(w.seq, "search") {
			column = "+(" + column + ")" // not by its index
		}
		w.and(column+" = ?", e.value)
	}
	return nil
}

// like asks for the values of a column that are meant by a part of them. There
// are few, and an index finds them without reading the runs.
func (s *Store) like(ctx context.Context, w *selection, column, part string) error {
	names, err := s.distinct(ctx, column)
	if err != nil {
		return err
	}
	part = strings.ToLower(part)
	var last, anywhere []any
	for _, name := range names {
		lower := strings.ToLower(name)
		switch {
		case name == "":
		case lower == part, strings.HasSuffix(lower, "/"+part):
			last = append(last, name)
		case strings.Contains(lower, part):
			anywhere = append(anywhere, name)
		}
	}
	if len(last) == 0 {
		last = anywhere
	}
	condition := "false"
	bare := column == "endpoint" && slices.Contains(names, "") // there are runs without one
	switch len(last) {
	case 0:
	case 1:
		if !bare {
			w.equals = append(w.equals, equality{column, last[0]})
			return nil
		}
		condition = column + " = ?"
	default:
		condition = column + " IN (" + strings.Repeat(", ?", len(last))[2:] + ")"
	}
	if bare {
		condition = "(" + condition + " OR endpoint = '' AND instr(lower(path), ?) > 0)"
		last = append(last, part)
	}
	w.and(condition, last...)
	return nil
}

// distinct lists the values of an indexed column, by one step in the index for each.
func (s *Store) distinct(ctx context.Context, column string) ([]string, error) {
	rows, err := s.db().QueryContext(ctx, strings.ReplaceAll(`WITH RECURSIVE names(n) AS (SELECT min(COLUMN) FROM runs
		UNION ALL SELECT (SELECT min(COLUMN) FROM runs WHERE COLUMN > n) FROM names WHERE n IS NOT NULL)
		SELECT n FROM names WHERE n IS NOT NULL`, "COLUMN", column))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// listColumns are what scanRuns reads.
const listColumns = "seq, name, pinned, " + columnNames

func (s *Store) scanRuns(ctx context.Context, statement string, args []any) ([]Run, error) {
	rows, err := s.db().QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	runs := make([]Run, 0, 64)
	for rows.Next() {
		var r Run
		var started int64
		err := rows.Scan(&r.Seq, &r.Name, &r.Pinned, &r.ID, &started, &r.Profile, &r.Endpoint, &r.Method, &r.Path, &r.Origin, &r.Outcome,
			&r.Status, &r.Result.Status, &r.Result.Code, &r.Result.Message, &r.Sent, &r.Received, &r.Total, &r.Err, &r.Spoilt)
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
