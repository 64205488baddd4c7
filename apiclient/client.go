package apiclient

import (
	"context"
	"time"

	"countersign/apiclient/signing"
)

// Client signs, sends and verifies for one profile. It is safe for concurrent
// use.
type Client struct {
	profile Profile
	options Options
}

// Options are what a Client needs from the world. Zero fields mean the real
// one.
type Options struct {
	Now     func() time.Time
	NewID   func() string
	Journal Journal        // nil: nothing is kept
	Known   []signing.Key  // more keys by which to name the signer of an answer that does not verify
	Observe func(Progress) // called while an answer arrives; nil: not
}

// Progress tells how far an exchange is.
type Progress struct {
	ID    string
	Phase string // "connecting", "sending", "waiting", "receiving"
	Bytes int64  // of the response body so far
}

// New checks the profile and makes a Client.
func New(p Profile, o Options) (*Client, error) { panic("todo") }

// Profile returns the client's profile.
func (c *Client) Profile() Profile { return c.profile }

// Preview signs d as Send would at this moment and sends nothing.
func (c *Client) Preview(d Draft) (Exchange, error) { panic("todo") }

// Send signs d, records it, transmits it, verifies the answer and completes
// the record. Failures are in the Exchange.
func (c *Client) Send(ctx context.Context, d Draft, from Origin) Exchange { panic("todo") }

// Resend transmits the very bytes of a saved exchange's request again: same
// time, same signature.
func (c *Client) Resend(ctx context.Context, e Exchange) Exchange { panic("todo") }

// Verify checks the signatures of a saved exchange again with this client's keys.
func (c *Client) Verify(e *Exchange) { panic("todo") }
