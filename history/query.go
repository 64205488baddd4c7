package history

import (
	"context"
	"database/sql"
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
	Tampered   bool
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

// selection is a query in SQL. In its conditions on what kinds there are, K.
// stands before each column: runs and kinds both have it.
type selection struct {
	from, seq string
	kind      []string // conditions on the columns of a kind
	kindArgs  []any
	where     []string // the others
	args      []any
	span      []string // bounds of seq
	spanArgs  []any
}

func (w *selection) and(condition string, args ...any) {
	w.where, w.args = append(w.where, condition), append(w.args, args...)
}

func (w *selection) andKind(condition string, args ...any) {
	w.kind, w.kindArgs = append(w.kind, condition), append(w.kindArgs, args...)
}

func (w *selection) andSpan(condition string, bound int64) {
	if bound > 0 {
		w.span, w.spanArgs = append(w.span, w.seq+condition), append(w.spanArgs, bound)
	}
}

// String looks at the runs one after the other, or goes by the index of words or
// of the pinned, tampered or named ones: never by that of the kinds, which would have
// them all sorted.
func (w *selection) String() string {
	conditions := slices.Concat([]string{"deleted IS NULL"}, w.where, w.span)
	for _, k := range w.kind {
		conditions = append(conditions, strings.ReplaceAll(k, "K.", "+runs."))
	}
	return w.from + " WHERE " + strings.Join(conditions, " AND ")
}

func (w *selection) arguments() []any { return slices.Concat(w.args, w.spanArgs, w.kindArgs) }

// selection writes the conditions of q. match is its Search for FTS5.
func (s *Store) selection(ctx context.Context, q Query, match string) (*selection, error) {
	w := &selection{from: "FROM runs", seq: "runs.seq"}
	if match != "" {
		// The index gives its rows newest first by itself.
		w.from, w.seq = "FROM runs JOIN search ON search.rowid = runs.seq", "search.rowid"
		w.and("search MATCH ?", match)
	}
	for column, value := range map[string]string{"profile": q.Profile, "endpoint": q.Endpoint, "result_status": q.Result,
		"outcome": string(q.Outcome), "origin": string(q.Origin), "sent": q.Sent, "received": q.Received} {
		if value != "" {
			w.andKind("K."+column+" = ?", value)
		}
	}
	if q.Verdict != "" {
		w.andKind("(K.sent = ? OR K.received = ?)", q.Verdict, q.Verdict)
	}
	if q.Unverified {
		w.andKind(unverified)
	}
	if q.Status > 0 {
		w.andKind("K.status = ?", q.Status)
	}
	if q.Class > 0 {
		w.andKind("K.status / 100 = ?", q.Class)
	}
	if q.Path != "" {
		w.and("path = ?", q.Path)
	}
	for condition, wanted := range map[string]bool{"pinned = 1": q.Pinned, "tampered <> ''": q.Tampered,
		"name <> ''": q.Named} {
		if wanted {
			w.and(condition)
		}
	}
	w.andSpan(" < ?", q.Before)
	w.andSpan(" > ?", q.After)
	for column, part := range map[string]string{"endpoint": q.EndpointLike, "profile": q.ProfileLike} {
		if part == "" {
			continue
		}
		if err := s.like(ctx, w, column, part); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// like asks for the values of a column that are meant by a part of them.
func (s *Store) like(ctx context.Context, w *selection, column, part string) error {
	names, err := texts(ctx, s.db(), "SELECT DISTINCT "+column+" FROM kinds WHERE n > 0")
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
	if column == "endpoint" && slices.Contains(names, "") { // there are runs without one
		last = append(last, "")
		w.and("(endpoint <> '' OR instr(lower(path), ?) > 0)", part)
	}
	if len(last) == 0 {
		w.andKind("false")
		return nil
	}
	w.andKind("K."+column+" IN ("+strings.Repeat(", ?", len(last))[2:]+")", last...)
	return nil
}

// listColumns are what scanRuns reads.
const listColumns = "seq, name, pinned, " + columnNames

func (s *Store) scanRuns(ctx context.Context, statement string, args []any) ([]Run, error) {
	runs := make([]Run, 0, 64)
	err := eachRow(ctx, s.db(), func(rows *sql.Rows) error {
		var r Run
		var started int64
		err := rows.Scan(&r.Seq, &r.Name, &r.Pinned, &r.ID, &started, &r.Profile, &r.Endpoint, &r.Method, &r.Path, &r.Origin,
			&r.Outcome, &r.Status, &r.Result.Status, &r.Result.Code, &r.Result.Message, &r.Sent, &r.Received, &r.Total, &r.Err,
			&r.Tampered)
		if started != 0 {
			r.StartedAt = time.Unix(0, started)
		}
		runs = append(runs, r)
		return err
	}, statement, args...)
	return runs, err
}
