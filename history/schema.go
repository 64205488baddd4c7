package history

import (
	"context"
	"database/sql"
	"fmt"
)

// applicationID marks the file as ours ("CSgn"), so that a database of another
// program is told apart from a damaged one.
const applicationID = 0x4353676e

// migrations bring the file from user_version i to i+1. A step that was
// released is never changed; a change of the record encoding that an older
// program could not read is a step too, because an older program refuses a
// newer user_version.
//
// runs holds what a list shows, records the rest of the exchange as JSON, and
// bodies the bytes (the first of them, where there are many: the others are in
// more), so that a list reads none of them and Complete does not write the
// request's body again. search is an index of words without a copy
// of the text. pending are the runs that it does not show yet: it is filled
// off the write path. state holds counters, so that counting and polling cost
// the same with any number of runs.
var migrations = []string{`
CREATE TABLE runs (
  seq            INTEGER PRIMARY KEY AUTOINCREMENT,
  id             TEXT    NOT NULL UNIQUE,
  started        INTEGER NOT NULL, -- Unix nanoseconds; 0: not known
  profile        TEXT    NOT NULL,
  endpoint       TEXT    NOT NULL,
  method         TEXT    NOT NULL,
  path           TEXT    NOT NULL,
  origin         TEXT    NOT NULL,
  outcome        TEXT    NOT NULL,
  status         INTEGER NOT NULL,
  result_status  TEXT    NOT NULL,
  result_code    TEXT    NOT NULL,
  result_message TEXT    NOT NULL,
  sent           TEXT    NOT NULL,
  received       TEXT    NOT NULL,
  total          INTEGER NOT NULL, -- nanoseconds
  err            TEXT    NOT NULL,
  deleted        INTEGER           -- Unix seconds; NULL: not deleted
);
CREATE INDEX runs_profile  ON runs(profile);
CREATE INDEX runs_endpoint ON runs(endpoint);
CREATE INDEX runs_deleted  ON runs(deleted) WHERE deleted IS NOT NULL;

CREATE TABLE records (seq INTEGER PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE bodies  (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL); -- key: 4*seq + part

CREATE VIRTUAL TABLE search USING fts5(text, content='', contentless_delete=1, tokenize='unicode61');
CREATE TABLE pending (seq INTEGER PRIMARY KEY, stamp INTEGER NOT NULL);

CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), changes INTEGER NOT NULL, live INTEGER NOT NULL);
INSERT INTO state VALUES (1, 0, 0);

CREATE TRIGGER run_added AFTER INSERT ON runs BEGIN
  UPDATE state SET changes = changes + 1, live = live + (NEW.deleted IS NULL);
  INSERT INTO pending SELECT NEW.seq, changes FROM state WHERE true
    ON CONFLICT(seq) DO UPDATE SET stamp = excluded.stamp;
END;
CREATE TRIGGER run_completed AFTER UPDATE OF outcome ON runs BEGIN
  UPDATE state SET changes = changes + 1;
  INSERT INTO pending SELECT NEW.seq, changes FROM state WHERE true
    ON CONFLICT(seq) DO UPDATE SET stamp = excluded.stamp;
END;
CREATE TRIGGER run_marked AFTER UPDATE OF deleted ON runs BEGIN
  UPDATE state SET changes = changes + 1, live = live + (NEW.deleted IS NULL) - (OLD.deleted IS NULL);
END;
CREATE TRIGGER run_removed AFTER DELETE ON runs BEGIN
  UPDATE state SET changes = changes + 1, live = live - (OLD.deleted IS NULL);
  DELETE FROM records WHERE seq = OLD.seq;
  DELETE FROM bodies  WHERE key BETWEEN 4 * OLD.seq AND 4 * OLD.seq + 3;
  DELETE FROM pending WHERE seq = OLD.seq;
  DELETE FROM search  WHERE rowid = OLD.seq;
END;
`, pinsAndNames, draftTables, morePieces, oneIndex}

// pinsAndNames lets a run have a name and be kept from Prune, shows in the list
// what was tampered on purpose, and has the list filtered without reading it all.
const pinsAndNames = `
ALTER TABLE runs ADD COLUMN name   TEXT    NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN tampered TEXT    NOT NULL DEFAULT ''; -- joined names
UPDATE runs SET tampered = coalesce((SELECT group_concat(value, ', ') FROM records, json_each(record, '$.tampered')
    WHERE records.seq = runs.seq AND json_each.type = 'text'), '')
  WHERE seq IN (SELECT seq FROM records WHERE instr(record, '"tampered":[') > 0 AND json_valid(record));

CREATE INDEX runs_result     ON runs(result_status);
CREATE INDEX runs_status     ON runs(status);
CREATE INDEX runs_class      ON runs(status / 100);
CREATE INDEX runs_outcome    ON runs(outcome);
CREATE INDEX runs_origin     ON runs(origin);
CREATE INDEX runs_sent       ON runs(sent);
CREATE INDEX runs_received   ON runs(received);
CREATE INDEX runs_unverified ON runs(seq) WHERE sent NOT IN ('verified', '') OR received NOT IN ('verified', '');
CREATE INDEX runs_pinned     ON runs(pinned) WHERE pinned = 1;
CREATE INDEX runs_tampered     ON runs(seq) WHERE tampered <> '';
CREATE INDEX runs_named      ON runs(seq) WHERE name <> '';

CREATE TRIGGER run_pinned AFTER UPDATE OF pinned ON runs BEGIN
  UPDATE state SET changes = changes + 1;
END;
CREATE TRIGGER run_named AFTER UPDATE OF name ON runs BEGIN
  UPDATE state SET changes = changes + 1;
  INSERT INTO pending SELECT NEW.seq, changes FROM state WHERE true
    ON CONFLICT(seq) DO UPDATE SET stamp = excluded.stamp;
END;
`

// draftTables keep what was edited and not sent: record is JSON, body what was
// typed, original what a run's copy began with. They have no part in the
// counters of state: a draft changes no list of runs.
const draftTables = `
CREATE TABLE drafts (
  profile  TEXT    NOT NULL,
  key      TEXT    NOT NULL,
  changed  INTEGER NOT NULL, -- Unix nanoseconds
  record   TEXT    NOT NULL,
  body     BLOB    NOT NULL,
  original BLOB,
  PRIMARY KEY (profile, key)
);
CREATE TABLE places (profile TEXT PRIMARY KEY, key TEXT NOT NULL, tab TEXT NOT NULL);
`

// migrate brings the schema up to date, one step per transaction. Two programs
// may do so at once: each step looks again under the write lock.
func migrate(ctx context.Context, db *sql.DB, steps []string) error {
	for {
		done, err := migrateOne(ctx, db, steps)
		if done || err != nil {
			return err
		}
	}
}

func migrateOne(ctx context.Context, db *sql.DB, steps []string) (done bool, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }()
	var at int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&at); err != nil {
		return false, err
	}
	if at >= len(steps) {
		return true, nil
	}
	if _, err := tx.ExecContext(ctx, steps[at]); err != nil {
		return false, err
	}
	mark := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, at+1)
	if _, err := tx.ExecContext(ctx, mark); err != nil {
		return false, err
	}
	return at+1 == len(steps), tx.Commit()
}
