package watch

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"

	"countersign/apiclient"
	"countersign/apiclient/capture"
)

// whole judges a body that is too long to be kept, as it passes: by its digest.
type whole struct {
	client *apiclient.Client
	side   apiclient.Side
	size   int64
	body   hash.Hash
	signed hash.Hash // of the string to be signed, up to the end of the body; nil: it cannot be told
	after  []byte    // what follows the body in that string
}

// Whole returns what judges bodies that are too long to be kept.
func Whole(client *apiclient.Client) func(*apiclient.Exchange, apiclient.Side) capture.Whole {
	return func(e *apiclient.Exchange, side apiclient.Side) capture.Whole {
		w := &whole{client: client, side: side, body: sha256.New()}
		before, after, ok := around(client, *e, side)
		if ok && !e.Message(side).Has("Content-Encoding") { // there the decoded bytes may be signed
			w.signed, w.after = sha256.New(), after
			_, _ = w.signed.Write(before)
		}
		return w
	}
}

// around returns what stands before and behind the body in the string to be signed,
// where the body is in it once.
func around(client *apiclient.Client, e apiclient.Exchange, side apiclient.Side) (before, after []byte, ok bool) {
	mark := []byte("\x00the body\x00") // no header holds NUL
	if side == apiclient.RequestSide {
		e.Request.Body = mark
	} else {
		response := *e.Response
		response.Body = mark
		e.Response = &response
	}
	e.SignedAs = signedAs(client, &e)
	rule := client.Rule()
	before, after, ok = bytes.Cut(rule.Canonical(&e, side), mark)
	return before, after, ok && !bytes.Contains(after, mark)
}

func (w *whole) Write(p []byte) (int, error) {
	w.size += int64(len(p))
	_, _ = w.body.Write(p)
	if w.signed != nil {
		_, _ = w.signed.Write(p)
	}
	return len(p), nil
}

// Done judges the message.
func (w *whole) Done(e *apiclient.Exchange) {
	f := apiclient.Finding{Side: w.side, Field: "body", Cause: apiclient.RecordedInPart, Severity: apiclient.Note}
	kept := len(e.Message(w.side).Body)
	f.Says = fmt.Sprintf("Recorded in part: the first %d of %d bytes of the body, whose SHA-256 is %x. ", kept, w.size, w.body.Sum(nil))
	if w.signed == nil {
		f.Says += "Its signature was not judged."
		f.Hint = "What is signed is not the body as it passed: it is compressed, or stands in the signed string in another form."
	} else {
		_, _ = w.signed.Write(w.after)
		v := w.client.VerifyDigest(e, w.side, [32]byte(w.signed.Sum(nil)))
		f.Says += fmt.Sprintf("Its signature was judged over the whole as it passed: %s.", v.Status)
		if w.side == apiclient.RequestSide {
			e.SentVerdict = v
		} else {
			e.Received = v
		}
	}
	e.Findings = append(e.Findings, f)
}
