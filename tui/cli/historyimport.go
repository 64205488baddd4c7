package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/redact/mark"
	"countersign/apiclient/signing"
	"countersign/history"
	"countersign/tui/ui"
)

func (a *app) historyImportCommand() *cobra.Command {
	return &cobra.Command{
		Use: "import FILE|-", Short: "Record runs that were exported",
		Args: args(1, 1, "one FILE, or - for stdin"),
		RunE: func(cmd *cobra.Command, args []string) error {
			in := a.in
			if args[0] != "-" {
				file, err := os.Open(args[0])
				if err != nil {
					return unreadable(fmt.Errorf("%s cannot be read: %w", ui.Safe(args[0]), reasonOf(err)))
				}
				defer func() { _ = file.Close() }()
				in = file
			}
			return a.importRuns(cmd.Context(), in)
		},
	}
}

// imported is the document of history import.
type imported struct {
	Imported  int `json:"imported"`
	Skipped   int `json:"skipped"`   // their ids were here already
	Unchecked int `json:"unchecked"` // their signatures could not be verified again
}

// A batch of an import is one transaction.
const (
	batchRuns  = 200
	batchBytes = 16 << 20
)

// importRuns records the runs of a stream. What stands before a fault in it is recorded.
func (a *app) importRuns(ctx context.Context, in io.Reader) error {
	store, err := a.store()
	if err != nil {
		return err
	}
	var doc imported
	var batch []history.Entry
	size := 0
	flush := func() error {
		n, err := store.Import(ctx, batch)
		if err != nil {
			return err
		}
		doc.Imported, doc.Skipped = doc.Imported+n, doc.Skipped+len(batch)-n
		batch, size = nil, 0
		return nil
	}
	check := a.importChecker(ctx)
	read := newRunReader(in)
	var fault error
	for ctx.Err() == nil {
		e, n, err := read.next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				fault = err
			}
			break
		}
		if !check(&e.Exchange) {
			doc.Unchecked++
		}
		batch, size = append(batch, e), size+n
		if len(batch) == batchRuns || size > batchBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := errors.Join(ctx.Err(), flush()); err != nil {
		return err
	}
	if fault != nil {
		return usage("give what history export or history show --json has written",
			"%w; %s before it imported, %d skipped", fault, runCount(doc.Imported), doc.Skipped)
	}
	unchecked := ""
	if doc.Unchecked > 0 {
		unchecked = fmt.Sprintf("; %d cannot be verified again here", doc.Unchecked)
	}
	var out printer
	out.line("imported %s; %d skipped, as their ids are here already%s", runCount(doc.Imported), doc.Skipped, unchecked)
	return a.tell(doc, &out)
}

// runReader reads documents one after the other, each of a bounded size.
type runReader struct {
	in   io.Reader
	left int // bytes that the document may still have
	dec  *json.Decoder
	n    int
}

func newRunReader(in io.Reader) *runReader {
	r := &runReader{in: in}
	r.dec = json.NewDecoder(r)
	return r
}

var errLargeRun = fmt.Errorf("larger than %d MB", inputEvidence.limit>>20)

// Read gives the decoder what the document may have.
func (r *runReader) Read(b []byte) (int, error) {
	if r.left <= 0 {
		return 0, errLargeRun
	}
	n, err := r.in.Read(b[:min(len(b), r.left)])
	r.left -= n
	return n, err
}

// next returns the next run and the bytes of its document; io.EOF behind the last.
func (r *runReader) next() (history.Entry, int, error) {
	r.left = inputEvidence.limit
	r.n++
	var raw json.RawMessage
	if err := r.dec.Decode(&raw); err != nil {
		if errors.Is(err, io.EOF) {
			return history.Entry{}, 0, io.EOF
		}
		return history.Entry{}, 0, fmt.Errorf("run %d cannot be read: %w", r.n, err)
	}
	var e history.Entry
	var marks entryMarks
	if !bytes.HasPrefix(raw, []byte("{")) {
		return e, 0, fmt.Errorf("run %d is not a JSON object", r.n)
	}
	if err := errors.Join(json.Unmarshal(raw, &e.Exchange), json.Unmarshal(raw, &marks)); err != nil {
		return e, 0, fmt.Errorf("run %d cannot be read: %w", r.n, err)
	}
	if e.Exchange.Request.Line == "" {
		return e, 0, fmt.Errorf("run %d has no request", r.n)
	}
	if id, err := uuid.Parse(e.Exchange.ID); err != nil || id.String() != e.Exchange.ID {
		return e, 0, fmt.Errorf("run %d has no id as runs have, a UUID", r.n)
	}
	e.Name, e.Pinned = marks.Name, marks.Pinned
	return e, len(raw), nil
}

// importChecker returns what verifies the signatures of a run again, and reports
// whether it could: a file may say of them what it likes.
func (a *app) importChecker(ctx context.Context) func(e *apiclient.Exchange) bool {
	clients := a.quietClients(ctx)
	return func(e *apiclient.Exchange) bool {
		client, why := clients(e.Profile), "There is no profile “"+e.Profile+"” here whose keys could verify it"
		own, peer := client != nil && client.Profile().Key != nil, client != nil && len(client.Profile().PeerKeys) > 0
		if hasMasks(e) {
			own, peer, why = false, false, "Parts of it are masked, so that it cannot be verified again"
		}
		if own || peer {
			client.Recheck(e)
		}
		sent, received := takenBack(&e.SentVerdict, own, why), takenBack(&e.Received, peer, why)
		return !sent && !received
	}
}

// takenBack takes back a verdict that was not made here, and reports whether it did.
func takenBack(v *signing.Verdict, here bool, why string) bool {
	if v.Status == "" || v.Status == signing.Unsigned || here && !(v.OK() && v.Key == apiclient.ThrowAwayKeyID) {
		return false
	}
	*v = signing.Verdict{Status: signing.UnknownKey, NoKey: true, Canonical: v.Canonical, Digest: v.Digest,
		Header: v.Header, Encoding: v.Encoding, Signature: v.Signature,
		Reason: fmt.Sprintf("%s; where it was recorded it stood as %s.", why, v.Status),
		Hint:   "Verify it with the keys: countersign verify RUN --key FILE."}
	return true
}

// hasMasks reports whether what a signature covers is masked.
func hasMasks(e *apiclient.Exchange) bool {
	masked := mark.In([]byte(e.Request.Line)) || mark.In(e.Request.Body)
	return masked || e.Response != nil && mark.In(e.Response.Body)
}
