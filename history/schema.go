package history

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// applicationID marks the file as ours ("CSgn"), so that a database of another
// program is told apart from a damaged one.
const applicationID = 0x4353676e

// schemaVersion is the file's user_version. It changes with the tables and
// with the encoding of a record: a program refuses a version that it does not
// know. Records and bodies of version 1 are read where they stand.
const schemaVersion = 2

// schema makes the tables of an empty file, as they were in version 1.
//
// runs holds what a list shows, records the rest of the exchange, and
// bodies the bytes that do not stand in that (the first of them, where there are many: the others are in
// more), so that a list reads none of them and Complete does not write the
// request's body again. sum is the checksum of a run; see checksum. search is
// an index of words without a copy of the text. pending are the runs that it
// does not show yet: it is filled off the write path. state holds counters, so
// that counting and polling cost the same with any number of runs; orphans are
// the runs that are gone and still in the index. kinds counts the listed runs
// that agree in all that is filtered by. drafts are what was edited and not
// sent; they have no part in the counters, as a draft changes no list of runs.
// Triggers keep the counters, but for runs that are added: see counted.
var schema = strings.NewReplacer(
	"KINDS", strings.Join(kindColumns, ", "),
	"NEW8", "NEW."+strings.Join(kindColumns, ", NEW."),
	"OLD8", "OLD."+strings.Join(kindColumns, ", OLD."),
	"PENDING", `INSERT INTO pending SELECT NEW.seq, changes FROM state WHERE true
    ON CONFLICT(seq) DO UPDATE SET stamp = excluded.stamp;`,
	"FORM", searchForm,
).Replace(`
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
  tampered       TEXT    NOT NULL, -- joined names
  deleted        INTEGER,          -- Unix seconds; NULL: not deleted
  name           TEXT    NOT NULL DEFAULT '',
  pinned         INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX runs_deleted  ON runs(deleted) WHERE deleted IS NOT NULL;
CREATE INDEX runs_pinned   ON runs(pinned) WHERE pinned = 1;
CREATE INDEX runs_tampered ON runs(seq) WHERE tampered <> '';
CREATE INDEX runs_named    ON runs(seq) WHERE name <> '';
CREATE INDEX runs_kind     ON runs(KINDS) WHERE deleted IS NULL;

CREATE TABLE records (seq INTEGER PRIMARY KEY, record TEXT NOT NULL, sum INTEGER NOT NULL); -- packed JSON, in a blob
CREATE TABLE bodies  (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL, size INTEGER, crc INTEGER); -- key: 4*seq + part
CREATE TABLE more    (id  INTEGER PRIMARY KEY, bytes BLOB NOT NULL); -- id: bodies.key << 16 | n, n from 1

CREATE VIRTUAL TABLE search USING FORM;
CREATE TABLE pending (seq INTEGER PRIMARY KEY, stamp INTEGER NOT NULL);

CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), changes INTEGER NOT NULL, live INTEGER NOT NULL, orphans INTEGER NOT NULL);
INSERT INTO state VALUES (1, 0, 0, 0);
CREATE TABLE kinds (
  profile       TEXT    NOT NULL,
  endpoint      TEXT    NOT NULL,
  outcome       TEXT    NOT NULL,
  origin        TEXT    NOT NULL,
  result_status TEXT    NOT NULL,
  status        INTEGER NOT NULL,
  sent          TEXT    NOT NULL,
  received      TEXT    NOT NULL,
  n             INTEGER NOT NULL, -- runs that are not deleted
  PRIMARY KEY (KINDS)
) WITHOUT ROWID;

CREATE TRIGGER run_completed AFTER UPDATE OF outcome ON runs BEGIN
  UPDATE state SET changes = changes + 1;
  PENDING
END;
CREATE TRIGGER run_marked AFTER UPDATE OF deleted ON runs BEGIN
  UPDATE state SET changes = changes + 1, live = live + (NEW.deleted IS NULL) - (OLD.deleted IS NULL);
END;
CREATE TRIGGER run_pinned AFTER UPDATE OF pinned ON runs BEGIN
  UPDATE state SET changes = changes + 1;
END;
CREATE TRIGGER run_named AFTER UPDATE OF name ON runs BEGIN
  UPDATE state SET changes = changes + 1;
  PENDING
END;
CREATE TRIGGER run_removed AFTER DELETE ON runs BEGIN
  UPDATE state SET changes = changes + 1, live = live - (OLD.deleted IS NULL), orphans = orphans + 1;
  DELETE FROM records WHERE seq = OLD.seq;
  DELETE FROM bodies  WHERE key BETWEEN 4 * OLD.seq AND 4 * OLD.seq + 3;
  DELETE FROM more    WHERE id BETWEEN (4 * OLD.seq) << 16 AND ((4 * OLD.seq + 4) << 16) - 1;
  DELETE FROM pending WHERE seq = OLD.seq;
END;
CREATE TRIGGER kind_changed AFTER UPDATE OF KINDS, deleted ON runs BEGIN
  UPDATE kinds SET n = n - 1 WHERE OLD.deleted IS NULL AND (KINDS) = (OLD8);
  INSERT INTO kinds SELECT NEW8, 1 WHERE NEW.deleted IS NULL ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER kind_removed AFTER DELETE ON runs WHEN OLD.deleted IS NULL BEGIN
  UPDATE kinds SET n = n - 1 WHERE (KINDS) = (OLD8);
END;

CREATE TABLE drafts (
  profile  TEXT    NOT NULL,
  key      TEXT    NOT NULL,
  changed  INTEGER NOT NULL, -- Unix nanoseconds
  record   TEXT    NOT NULL,
  body     BLOB    NOT NULL, -- what was typed
  original BLOB,             -- what a run's copy began with
  PRIMARY KEY (profile, key)
);
CREATE TABLE places (profile TEXT PRIMARY KEY, key TEXT NOT NULL, tab TEXT NOT NULL);
`)

// upgrade makes version 2 of version 1: large bodies are there once; see largeBody. The
// triggers that it drops counted added runs in the files of earlier builds.
const upgrade = `
DROP TRIGGER IF EXISTS run_added;
DROP TRIGGER IF EXISTS kind_added;
CREATE TABLE large  (key INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE); -- key: in bodies, below 0
CREATE TABLE shares (key INTEGER PRIMARY KEY, large INTEGER NOT NULL);      -- key: 4*seq + part
CREATE INDEX shares_large ON shares(large);
CREATE TRIGGER run_unshared AFTER DELETE ON runs BEGIN
  DELETE FROM shares WHERE key BETWEEN 4 * OLD.seq AND 4 * OLD.seq + 3;
END;
CREATE TRIGGER large_unused AFTER DELETE ON shares WHEN NOT EXISTS (SELECT 1 FROM shares WHERE large = OLD.large) BEGIN
  DELETE FROM large  WHERE key = OLD.large;
  DELETE FROM bodies WHERE key = OLD.large;
  DELETE FROM more   WHERE id BETWEEN OLD.large << 16 AND ((OLD.large + 1) << 16) - 1;
END;
`

// searchForm is the form of the index of words.
const searchForm = "fts5(text, content='', contentless_delete=1, tokenize='unicode61')"

// makeTables makes the tables of an empty file, or what a file of an earlier version
// lacks, in one transaction. Two programs may do so at once: each looks again under the
// write lock.
func makeTables(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	var at int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&at); err != nil || at >= schemaVersion {
		return err
	}
	if at == 0 {
		if _, err := tx.ExecContext(ctx, schema); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, upgrade); err != nil {
		return err
	}
	mark := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, schemaVersion)
	if _, err := tx.ExecContext(ctx, mark); err != nil {
		return err
	}
	return tx.Commit()
}
