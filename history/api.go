// Package history keeps the runs in SQLite.
package history

import (
	"context"
	"time"

	"countersign/apiclient"
)

// Store is a history file. It implements apiclient.Journal.
type Store struct{}

// Notice is something a person should be told about the history: that a
// damaged file was set aside, say. It is not an error: the store works.
type Notice string

// Open opens or makes the history file at path (0600, in a folder 0700). A
// damaged file is set aside and said in the notice; a file with a newer schema
// is refused.
func Open(ctx context.Context, path string) (*Store, Notice, error) { panic("todo") }

// Close closes the store.
func (s *Store) Close() error { panic("todo") }

// Begin records an exchange that is about to be sent, durably.
func (s *Store) Begin(ctx context.Context, e *apiclient.Exchange) error { panic("todo") }

// Complete records how it ended.
func (s *Store) Complete(ctx context.Context, e *apiclient.Exchange) error { panic("todo") }

// Run is a line of the list: enough to draw it, no bodies.
type Run struct {
	Seq       int64 // grows with each run; the cursor for paging
	ID        string
	StartedAt time.Time
	Profile   string
	Endpoint  string
	Path      string // of the request line
	Method    string
	Origin    apiclient.Origin
	Outcome   apiclient.Outcome
	Status    int // HTTP status; 0 where there was none
	Result    apiclient.Result
	Sent      string // status of the request's signature: "verified" or another signing.Status
	Received  string // status of the response's signature; "" where there was no response
	Total     time.Duration
	Err       string
}

// Query selects runs.
type Query struct {
	Search   string // words that must all occur, anywhere visible; "" for all
	Profile  string
	Endpoint string
	Before   int64 // only runs with a smaller Seq; 0: from the newest
	Limit    int   // 0: 200
}

// List returns runs, newest first.
func (s *Store) List(ctx context.Context, q Query) ([]Run, error) { panic("todo") }

// Get returns one whole exchange by ID, or by a prefix of it that is unique
// (at least 4 characters), or "last".
func (s *Store) Get(ctx context.Context, id string) (apiclient.Exchange, error) { panic("todo") }

// Count says how many runs there are.
func (s *Store) Count(ctx context.Context) (int, error) { panic("todo") }

// Version changes whenever any program changes the file: poll it to keep a
// list live.
func (s *Store) Version(ctx context.Context) (int64, error) { panic("todo") }
