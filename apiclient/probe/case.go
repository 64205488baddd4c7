package probe

import (
	"bytes"
	"crypto/rsa"
	"time"

	"countersign/apiclient/signing"
)

// Expect is what a right server does with a callback.
type Expect string

// What is expected.
const (
	Refused  Expect = "refused"
	Accepted Expect = "accepted"
	Either   Expect = "either" // right servers differ: Accepts and Refuses say what each means
)

// Case is one callback that is sent: a row of the tables.
type Case struct {
	Name   string // snake_case
	Group  string // "signature", "body"
	Expect Expect
	Sends  string // one sentence: what is sent
	Why    string // one sentence: why a right server does as expected
	Fix    string // one sentence: how to fix one that does not
	// Of Either: what it means that it was accepted, or refused; "" is nothing to be said.
	Accepts, Refuses string

	// Verifies says that the signature is right: what must be noticed is something else.
	Verifies bool
	// Silence says that a right server may close the connection without an answer.
	Silence bool
	// Last says that it is sent when all others are answered: after the valid one that
	// it repeats, or since it keeps a server busy.
	Last bool

	sends  func(*request, *kit)               // changes what is sent, and signed so; or the key
	signs  func(*signing.Content)             // changes what is signed alone
	alters func(r *request, canonical []byte) // changes what is sent, after it was signed
	repeat bool                               // the valid one, byte for byte
}

// kit is what cases are made with.
type kit struct {
	stranger *rsa.PrivateKey // belongs to nobody
	merchant *rsa.PrivateKey // the merchant's own; nil: not at hand
	hold     time.Duration   // how long the slow ones are silent
}

// makes makes the request of a case of r, the valid one. It says why it cannot.
func (c *Case) makes(r *request, k *kit, template signing.Template) (cannot string, err error) {
	valid := template.Canonical(r.content)
	r.hold = k.hold
	if c.sends != nil {
		c.sends(r, k)
	}
	if r.key == nil {
		return "the profile has no private_key", nil
	}
	if c.signs != nil {
		c.signs(&r.content)
		if bytes.Equal(valid, template.Canonical(r.content)) {
			return "the signed string of this profile does not have that part", nil
		}
	}
	if r.cannot != "" {
		return r.cannot, nil
	}
	if err := r.sign(template); err != nil {
		return "", err
	}
	if c.alters != nil {
		c.alters(r, template.Canonical(r.content))
	}
	return r.cannot, nil
}

// Cases returns all cases in the order of the report: the valid one first, then
// those that must be refused, then those about which right servers differ, then
// valid ones in odd spellings.
func Cases() []Case {
	all := []Case{valid}
	for _, list := range [][]Case{bad(), either(), odd()} {
		all = append(all, list...)
	}
	return all
}

// retried is the case that comes next: whether the same may come again.
const retried = "retried"

// valid is the first callback, on which all else rests.
var valid = Case{
	Name: "valid", Group: "valid", Expect: Accepted, Verifies: true,
	Sends: "A callback as the Super App sends it.",
	Why:   "It is signed by the Super App's key over exactly these bytes.",
	Fix: "Verify POST, the path that is called, Client-Id, Request-Time and the raw body with the public key that the Super App " +
		"gave out.",
}
