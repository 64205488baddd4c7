package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/hint"
)

// Run is a line of the list: enough to draw it, no bodies.
type Run struct {
	Seq       int64 // grows with each run; the cursor for paging
	ID        string
	StartedAt time.Time
	Profile   string
	Endpoint  string
	Path      string // of the request line, without query
	Method    string
	Origin    apiclient.Origin
	Outcome   apiclient.Outcome
	Status    int // HTTP status; 0 where there was none
	Result    apiclient.Result
	Sent      string // a signing.Status: how the request's signature stands; "" where that is not known
	Received  string // a signing.Status: how the response's signature stands; "" where there was no response
	Total     time.Duration
	Err       string
	Tampered  string // what was made wrong on purpose, names joined by ", "; "" where nothing was
	Name      string // given by a person; "" where there is none
	Pinned    bool   // kept by Prune
}

const doingBegin = "the run cannot be recorded"

// Begin records an exchange that is about to be sent: the whole request, with
// the outcome unknown, whatever e says. When it returns nil the run is on the
// disk and survives kill -9 and a power cut. A file that turns out to be
// damaged is set aside as Open does it; see Notices.
func (s *Store) Begin(ctx context.Context, e *apiclient.Exchange) error {
	begun := s.masked(*e)
	begun.Outcome = apiclient.Unknown
	row, err := newRow(&begun)
	if err != nil {
		return s.explain(doingBegin, err)
	}
	return s.keep(ctx, func(tx *sql.Tx) error { return row.insert(ctx, tx) })
}

// keep runs do in a transaction. Where the file turns out to be damaged it is
// done once more on a new one: a run is not to be lost because of older ones.
func (s *Store) keep(ctx context.Context, do func(*sql.Tx) error) error {
	db := s.db()
	err := s.write(ctx, db, doingBegin, do)
	if damaged(err) || err != nil && s.db() != db {
		if err := s.renew(ctx, db, err); err != nil {
			return s.explain(doingBegin, err)
		}
		err = s.write(ctx, s.db(), doingBegin, do)
	}
	if err == nil {
		s.index.wake()
	}
	return err
}

// Complete records how it ended, as durably. A run that was never begun here
// is recorded whole. The end of ctx does not stop it: a send that was
// cancelled has an outcome too.
func (s *Store) Complete(ctx context.Context, e *apiclient.Exchange) error {
	ctx = context.WithoutCancel(ctx)
	kept := s.masked(*e)
	row, err := newRow(&kept)
	if err != nil {
		return s.explain(doingBegin, err)
	}
	return s.keep(ctx, func(tx *sql.Tx) error {
		var seq int64
		err := tx.QueryRowContext(ctx, "SELECT seq FROM runs WHERE id = ?", e.ID).Scan(&seq)
		if errors.Is(err, sql.ErrNoRows) {
			return row.insert(ctx, tx)
		}
		if err != nil {
			return err
		}
		return row.update(ctx, tx, seq)
	})
}

// Record records exchanges that have ended, all of them in one transaction or, with
// an error, none.
func (s *Store) Record(ctx context.Context, list []*apiclient.Exchange) error {
	rows, err := s.rows(list)
	if err != nil {
		return err
	}
	return s.keep(ctx, func(tx *sql.Tx) error {
		many := prepared{tx: tx}
		for _, r := range rows {
			if err := r.insert(ctx, &many); err != nil {
				return err
			}
		}
		return nil
	})
}

// rows are exchanges as they are to be recorded.
func (s *Store) rows(list []*apiclient.Exchange) ([]row, error) {
	rows := make([]row, len(list))
	var scratch []byte
	for i, e := range list {
		kept := s.masked(*e)
		var err error
		if rows[i], scratch, err = appendRow(scratch[:0], &kept); err != nil {
			return nil, s.explain(doingBegin, err)
		}
	}
	return rows, nil
}

// statements runs them: a transaction does, and prepared.
type statements interface {
	ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error)
	querier
}

// prepared is a transaction in which the same statements are run again and again:
// reading one takes longer than running it.
type prepared struct {
	tx    *sql.Tx
	known map[string]*sql.Stmt // they end with the transaction
}

func (p *prepared) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	s := p.known[text]
	if s == nil {
		var err error
		if s, err = p.tx.PrepareContext(ctx, text); err != nil {
			return nil, err
		}
		if p.known == nil {
			p.known = map[string]*sql.Stmt{}
		}
		p.known[text] = s
	}
	return s, nil
}

func (p *prepared) ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error) {
	s, err := p.statement(ctx, statement)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (p *prepared) QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	s, err := p.statement(ctx, statement)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// row is an exchange as it stands in the tables.
type row struct {
	columns []any // in the order of columnNames
	record  []byte
	sum     int64
	bodies  apiclient.Bodies // that do not stand in the record
}

const columnNames = "id, started, profile, endpoint, method, path, origin, outcome, status, " +
	"result_status, result_code, result_message, sent, received, total, err, tampered"

// marks stand for the columns in a statement.
var marks = strings.Repeat("?, ", strings.Count(columnNames, ",")) + "?"

var insertRun = "INSERT INTO runs (" + columnNames + ") VALUES (" + marks + ")"

func newRow(e *apiclient.Exchange) (row, error) {
	r, _, err := appendRow(nil, e)
	return r, err
}

// appendRow makes the record in scratch, and returns that for the next one.
func appendRow(scratch []byte, e *apiclient.Exchange) (row, []byte, error) {
	if e.ID == "" {
		return row{}, scratch, errors.New("the exchange has no ID")
	}
	data, bodies, err := e.AppendRecord(scratch, smallBody)
	if err != nil {
		return row{}, scratch, err
	}
	record := pack(data)
	started := int64(0)
	if !e.StartedAt.IsZero() {
		started = e.StartedAt.UnixNano()
	}
	path, _, _ := strings.Cut(e.Request.Path(), "?")
	status := 0
	if e.Response != nil {
		status = e.Response.Status()
	}
	return row{
		columns: []any{e.ID, started, e.Profile, e.Endpoint, e.Request.Method(), path, string(e.Origin), string(e.Outcome),
			status,
			e.Result.Status, e.Result.Code, e.Result.Message, string(e.Sides().Request.Status), string(e.Received.Status),
			int64(e.Timing.Total), e.Err, strings.Join(e.Tampered, ", ")},
		record: record, sum: checksum(record, bodies), bodies: bodies,
	}, data, nil
}

func (r row) insert(ctx context.Context, tx statements) error {
	seq, _, err := r.put(ctx, tx)
	if err != nil {
		return err
	}
	return counted(ctx, tx, seq)
}

// counted takes the runs that were added, from a Seq on, into the counters and among
// those that the index waits for. It is done once for all that are recorded together,
// which triggers would do for each of them.
func counted(ctx context.Context, tx statements, from int64) error {
	for _, statement := range counting {
		if _, err := tx.ExecContext(ctx, statement, from); err != nil {
			return err
		}
	}
	return nil
}

var counting = [...]string{
	"UPDATE state SET (changes, live) = (SELECT changes + count(*), live + count(*) - count(deleted) FROM runs WHERE seq >= ?)",
	"INSERT INTO pending SELECT seq, changes FROM runs, state WHERE seq >= ?",
	kindsAdded,
}

// size is about what the row takes on the disk, in bytes, without its large bodies.
func (r row) size() int64 {
	n := int64(len(r.record)) + 512
	for _, body := range r.bodies {
		if len(body) < largeBody {
			n += int64(len(body))
		}
	}
	return n
}

// put inserts the row, and returns its Seq and which large bodies it has.
func (r row) put(ctx context.Context, tx statements) (seq int64, has larges, err error) {
	res, err := tx.ExecContext(ctx, insertRun, r.columns...)
	if err != nil {
		return 0, has, err
	}
	if seq, err = res.LastInsertId(); err != nil {
		return 0, has, err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO records VALUES (?, ?, ?)", seq, r.record, r.sum); err != nil {
		return 0, has, err
	}
	has, err = putBodies(ctx, tx, seq, r.bodies)
	return seq, has, err
}

func (r row) update(ctx context.Context, tx *sql.Tx, seq int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE runs SET ("+columnNames+") = ("+marks+") WHERE seq = ?",
		append(r.columns[:len(r.columns):len(r.columns)], seq)...)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE records SET record = ?, sum = ? WHERE seq = ?", r.record, r.sum,
		seq); err != nil {
		return err
	}
	return replaceBodies(ctx, tx, seq, r.bodies)
}

// last is the name of the newest run.
const last = "last"

// MinPrefix is the least number of characters by which Get finds a run.
const MinPrefix = 4

// Get returns one whole exchange by ID, or by a prefix of it that is unique
// (at least MinPrefix characters, case ignored), or "last" for the newest. An
// error wraps ErrNotFound where there is no such run.
func (s *Store) Get(ctx context.Context, id string) (apiclient.Exchange, error) {
	var e apiclient.Exchange
	err := s.read(ctx, func(tx *sql.Tx) error {
		seq, err := findRun(ctx, tx, id)
		if err == nil {
			e, err = load(ctx, tx, seq)
		}
		return err
	})
	return e, s.explain("the run cannot be read", err)
}

// findRun returns the Seq of the one run that id names.
func findRun(ctx context.Context, tx *sql.Tx, id string) (int64, error) {
	var seq int64
	if id == last {
		err := tx.QueryRowContext(ctx, "SELECT seq FROM runs WHERE deleted IS NULL ORDER BY seq DESC LIMIT 1").Scan(&seq)
		if errors.Is(err, sql.ErrNoRows) {
			return 0, &hint.Error{Says: "there are no runs yet", Fix: "send one: countersign send payments/pay",
				Err: ErrNotFound}
		}
		return seq, err
	}
	err := tx.QueryRowContext(ctx, "SELECT seq FROM runs WHERE id = ? AND deleted IS NULL", id).Scan(&seq)
	if !errors.Is(err, sql.ErrNoRows) {
		return seq, err
	}
	if len(id) < MinPrefix {
		return 0, unknownRun(id,
			fmt.Sprintf("give an ID as countersign history list shows it, at least %d characters of one, or last", MinPrefix))
	}
	n := 0
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		n++
		return rows.Scan(&seq)
	}, `SELECT seq FROM runs WHERE deleted IS NULL AND
		(id >= ?1 AND id < ?1 || char(1114111) OR id >= ?2 AND id < ?2 || char(1114111)) LIMIT 2`, id, strings.ToLower(id))
	switch {
	case err != nil:
		return 0, err
	case n == 0:
		return 0, unknownRun(id, "see countersign history list")
	case n > 1:
		return 0, hint.Errorf("give more of its ID, or all of it", "more than one run begins with %q", id)
	}
	return seq, nil
}

func unknownRun(id, fix string) error {
	return &hint.Error{Says: fmt.Sprintf("no run is named %q", id), Fix: fix, Err: ErrNotFound}
}

// load reads one exchange, and refuses one that is not what was written.
func load(ctx context.Context, tx *sql.Tx, seq int64) (apiclient.Exchange, error) {
	var data []byte
	var sum int64
	if err := tx.QueryRowContext(ctx, "SELECT record, sum FROM records WHERE seq = ?", seq).Scan(&data, &sum); err != nil {
		return apiclient.Exchange{}, err
	}
	bodies, err := loadBodies(ctx, tx, seq)
	if err != nil {
		return apiclient.Exchange{}, err
	}
	if checksum(data, bodies) != sum {
		return apiclient.Exchange{}, runDamage("the record of this run is damaged: " +
			"its bytes are not those that were written, so what it says of the signatures does not hold")
	}
	return decode(data, bodies)
}

// Find returns the line of the list of the run with this whole ID. An error
// wraps ErrNotFound where there is no such run.
func (s *Store) Find(ctx context.Context, id string) (Run, error) {
	runs, err := s.scanRuns(ctx, "SELECT "+listColumns+" FROM runs WHERE id = ? AND deleted IS NULL", []any{id})
	if err == nil && len(runs) == 0 {
		err = unknownRun(id, "see countersign history list")
	}
	if err != nil {
		return Run{}, s.explain("the run cannot be read", err)
	}
	return runs[0], nil
}
