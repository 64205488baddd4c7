package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"countersign/apiclient"
)

// Draft is a request that a person has edited and that is kept until it is
// like its example again.
type Draft struct {
	Profile string
	Key     string          // an endpoint's ID, or a run's as the explorer names it
	Draft   apiclient.Draft // as it was typed, variables and all
	// Original is what the body began with; nil where the catalogue has that.
	Original []byte
	// OriginalTarget is the path and query that it began with, where Original is
	// not nil; "" where that was not kept.
	OriginalTarget string
	Title          string // of a run, or of a request in a file
	// Base is what a request in a file was there, when it was opened or saved last,
	// without its body, which is Original; nil for others.
	Base    *apiclient.Draft
	Cursor  int  // offset in the body, in bytes
	Gone    bool // for SaveDrafts: it is not edited any more
	Changed time.Time
}

// Place is where a person was in the explorer.
type Place struct {
	Key string // of the draft
	Tab string
}

const doingDraft = "the drafts cannot be kept"

// SaveDrafts keeps drafts of a profile, each in place of the one of its key,
// and forgets those that are Gone. Others are not touched: of two programs the
// last writer wins for each draft. place, unless nil, is kept too. When it
// returns nil they survive kill -9 and a power cut.
func (s *Store) SaveDrafts(ctx context.Context, profile string, drafts []Draft, place *Place) error {
	return s.write(ctx, s.db(), doingDraft, func(tx *sql.Tx) error {
		for _, d := range drafts {
			if d.Gone {
				if _, err := tx.ExecContext(ctx, "DELETE FROM drafts WHERE profile = ? AND key = ?", profile, d.Key); err != nil {
					return err
				}
				continue
			}
			record, err := json.Marshal(recordOf(d))
			if err != nil {
				return err
			}
			body := d.Draft.Body
			if body == nil {
				body = []byte{}
			}
			_, err = tx.ExecContext(ctx, `INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?)
				ON CONFLICT(profile, key) DO UPDATE SET changed = excluded.changed, record = excluded.record,
					body = excluded.body, original = excluded.original`,
				profile, d.Key, s.now().UnixNano(), string(record), body, d.Original)
			if err != nil {
				return err
			}
		}
		if place == nil {
			return nil
		}
		_, err := tx.ExecContext(ctx,
			"INSERT INTO places VALUES (?, ?, ?) ON CONFLICT(profile) DO UPDATE SET key = excluded.key, tab = excluded.tab",
			profile, place.Key, place.Tab)
		return err
	})
}

// draftRecord is what is kept of a draft beside its body.
type draftRecord struct {
	Draft  draftText
	Title  apiclient.Text `json:",omitempty"`
	Target apiclient.Text `json:",omitempty"` // what its path and query began with
	Cursor int            `json:",omitempty"`
	Base   *draftText     `json:",omitempty"`
}

// draftText is an apiclient.Draft without its body, which has a column of its
// own, byte for byte; other bytes that are no UTF-8 stay too.
type draftText struct {
	Endpoint, Method, Target apiclient.Text
	Callback                 bool         `json:",omitempty"`
	Params                   []draftField `json:",omitempty"`
	Header                   []draftField
	Omit, Tamper             []apiclient.Text
}

type draftField struct{ Name, Value apiclient.Text }

func recordOf(d Draft) draftRecord {
	r := draftRecord{Title: apiclient.Text(d.Title), Target: apiclient.Text(d.OriginalTarget), Cursor: d.Cursor, Draft: textOf(d.Draft)}
	if d.Base != nil {
		base := textOf(*d.Base)
		r.Base = &base
	}
	return r
}

func textOf(d apiclient.Draft) draftText {
	field := func(name, value string) draftField { return draftField{apiclient.Text(name), apiclient.Text(value)} }
	return draftText{
		Endpoint: apiclient.Text(d.Endpoint), Method: apiclient.Text(d.Method), Target: apiclient.Text(d.Target), Callback: d.Callback,
		Params: each(d.Params, func(p apiclient.Param) draftField { return field(p.Name, p.Value) }),
		Header: each(d.Header, func(f apiclient.Field) draftField { return field(f.Name, f.Value) }),
		Omit:   each(d.Omit, func(s string) apiclient.Text { return apiclient.Text(s) }),
		Tamper: each(d.Tamper, func(s string) apiclient.Text { return apiclient.Text(s) }),
	}
}

func (r draftText) draft(body []byte) apiclient.Draft {
	return apiclient.Draft{
		Endpoint: string(r.Endpoint), Method: string(r.Method), Target: string(r.Target), Callback: r.Callback, Body: body,
		Params: each(r.Params, func(f draftField) apiclient.Param {
			return apiclient.Param{Name: string(f.Name), Value: string(f.Value)}
		}),
		Header: each(r.Header, func(f draftField) apiclient.Field {
			return apiclient.Field{Name: string(f.Name), Value: string(f.Value)}
		}),
		Omit:   each(r.Omit, func(t apiclient.Text) string { return string(t) }),
		Tamper: each(r.Tamper, func(t apiclient.Text) string { return string(t) }),
	}
}

// Drafts returns the kept drafts of a profile, and where the person was last. A
// draft that cannot be read is left out and stays in the file.
func (s *Store) Drafts(ctx context.Context, profile string) ([]Draft, Place, error) {
	const doing = "the drafts cannot be read"
	var place Place
	err := s.db().QueryRowContext(ctx, "SELECT key, tab FROM places WHERE profile = ?", profile).Scan(&place.Key, &place.Tab)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, place, s.explain(doing, err)
	}
	var drafts []Draft
	err = eachRow(ctx, s.db(), func(rows *sql.Rows) error {
		d := Draft{Profile: profile}
		var changed int64
		var record, body []byte
		if err := rows.Scan(&d.Key, &changed, &record, &body, &d.Original); err != nil {
			return err
		}
		var r draftRecord
		if json.Unmarshal(record, &r) != nil {
			return nil
		}
		d.Draft, d.Title, d.OriginalTarget, d.Cursor = r.Draft.draft(body), string(r.Title), string(r.Target), r.Cursor
		d.Changed = time.Unix(0, changed)
		if r.Base != nil {
			base := r.Base.draft(d.Original)
			d.Base = &base
		}
		drafts = append(drafts, d)
		return nil
	}, "SELECT key, changed, record, body, original FROM drafts WHERE profile = ? ORDER BY changed", profile)
	return drafts, place, s.explain(doing, err)
}

// Endpoints lists the endpoints that have an answered run with a profile. It
// costs the same with any number of runs of them.
func (s *Store) Endpoints(ctx context.Context, profile string) ([]string, error) {
	list, err := texts(ctx, s.db(), `SELECT DISTINCT endpoint FROM kinds
		WHERE profile = ? AND outcome = 'answered' AND endpoint <> '' AND n > 0 ORDER BY endpoint`, profile)
	return list, s.explain("the endpoints cannot be listed", err)
}

// each maps a slice and keeps nil and empty apart.
func each[A, B any](in []A, f func(A) B) []B {
	if in == nil {
		return nil
	}
	out := make([]B, len(in))
	for i, a := range in {
		out[i] = f(a)
	}
	return out
}

// DraftWriter writes one set of drafts at a time. A draft of a set that was
// overtaken by a newer one is not written over that. The zero value is ready.
type DraftWriter struct {
	mu   sync.Mutex
	last map[[2]string]int // the newest set that holds each draft, by profile and key
}

// Write saves the drafts and the place of a set. Sets are numbered in the order in
// which they were taken.
func (w *DraftWriter) Write(ctx context.Context, s *Store, profile string, set int, drafts []Draft, place *Place) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	drafts = slices.DeleteFunc(drafts, func(d Draft) bool { return w.last[[2]string{profile, d.Key}] > set })
	if err := s.SaveDrafts(ctx, profile, drafts, place); err != nil {
		return err
	}
	if w.last == nil {
		w.last = map[[2]string]int{}
	}
	for _, d := range drafts {
		w.last[[2]string{profile, d.Key}] = set
	}
	return nil
}
