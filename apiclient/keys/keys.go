// Package keys reads RSA keys in every spelling that people have, says what a
// piece of data is when it cannot be used, and names keys by fingerprint.
//
//	bytes --find--> items (PEM block, base64, DER) --identify--> things --pick--> Private or Public
//
// What the data is decides, never its label: a PKCS#8 body under an RSA
// PRIVATE KEY label is read and the label is mentioned. No error or warning
// ever holds a part of the data.
package keys

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"countersign/apiclient/hint"
)

// Private is a private key with what was noticed while reading it.
type Private struct {
	Key      *rsa.PrivateKey
	Format   string   // what the data was: "PKCS#8 PEM", "PKCS#1 base64 without armour", "PKCS#12 DER", ...
	Warnings []string // weak, mislabelled, readable by others: usable, but worth saying
}

// Public is a public key with what was noticed while reading it.
type Public struct {
	Key         *rsa.PublicKey
	Format      string
	FromPrivate bool // it is the public half of a private key: the data holds no public key
	Warnings    []string
}

// Passphrase returns the pass phrase of an encrypted key. It is called only
// when the data turns out to be encrypted; what describes it for the prompt.
// The bytes it returns are overwritten with zeros after use.
type Passphrase func(ctx context.Context, what string) ([]byte, error)

// ParsePrivate reads an RSA private key from PEM, base64, hex or DER holding
// PKCS#8, PKCS#1 or PKCS#12, encrypted or not. Where data holds several
// things, the private key is taken; of several that differ none is, and the error
// lists them.
//
// pass may be nil; an encrypted key then gives an error with
// ErrPassphraseNeeded in its chain. Every error names what the data is and
// has a hint.
func ParsePrivate(ctx context.Context, data []byte, pass Passphrase) (Private, error) {
	return reader{pass: pass, now: time.Now}.private(ctx, data)
}

// ParsePublic reads an RSA public key: SPKI, PKCS#1, certificate, or the
// public half of a private key (with a warning: a private key in the place of
// the other side's public key is usually one's own). pass is as in
// ParsePrivate.
func ParsePublic(ctx context.Context, data []byte, pass Passphrase) (Public, error) {
	return reader{pass: pass, now: time.Now}.public(ctx, data)
}

// reader is what reading needs from the world.
type reader struct {
	pass Passphrase
	now  func() time.Time
}

func (r reader) private(ctx context.Context, data []byte) (Private, error) {
	things, err := r.things(ctx, data, wantPrivate)
	if err != nil {
		return Private{}, err
	}
	var fits []thing
	for _, t := range things {
		if t.kind == privateKey {
			fits = append(fits, t)
		}
	}
	if len(fits) == 0 {
		return Private{}, explain(things, wantPrivate)
	}
	if err := ambiguous(fits, wantPrivate); err != nil {
		return Private{}, err
	}
	chosen := fits[0]
	warnings := append(chosen.warnings, r.strength(chosen)...)
	warnings = append(warnings, company(chosen, things, wantPrivate)...)
	return Private{Key: chosen.priv, Format: chosen.format(), Warnings: warnings}, nil
}

func (r reader) public(ctx context.Context, data []byte) (Public, error) {
	things, err := r.things(ctx, data, wantPublic)
	if err != nil {
		return Public{}, err
	}
	chosen, ok := choosePublic(things)
	if !ok {
		return Public{}, explain(things, wantPublic)
	}
	if err := ambiguous(publics(things, chosen), wantPublic); err != nil {
		return Public{}, err
	}
	warnings := append(chosen.warnings, r.strength(chosen)...)
	warnings = append(warnings, company(chosen, things, wantPublic)...)
	return Public{chosen.pub, chosen.format(), chosen.kind == privateKey, warnings}, nil
}

// choosePublic takes the public key or certificate that belongs to a private
// key in the same data, else the first one, and the private key itself only
// where there is neither.
func choosePublic(things []thing) (chosen thing, ok bool) {
	rank := func(t thing) int {
		switch {
		case t.pub == nil:
			return 0
		case t.kind == privateKey:
			return 1
		}
		for _, other := range things {
			if other.kind == privateKey && other.pub.Equal(t.pub) {
				return 3
			}
		}
		return 2
	}
	best := 0
	for _, t := range things {
		if r := rank(t); r > best {
			chosen, best = t, r
		}
	}
	return chosen, best > 0
}

// publics are those that may be meant where chosen is one of them: certificates
// that come together are a chain, whose first is meant.
func publics(things []thing, chosen thing) []thing {
	var fits []thing
	chain := true
	for _, t := range things {
		if t.pub != nil && (t.kind != privateKey || chosen.kind == privateKey) {
			fits = append(fits, t)
			chain = chain && t.kind == certificate
		}
	}
	if chain {
		return nil
	}
	return fits
}

// ambiguous returns an error that lists the keys where they differ: none is
// taken by luck.
func ambiguous(fits []thing, want purpose) error {
	differ := slices.ContainsFunc(fits, func(t thing) bool { return !t.pub.Equal(fits[0].pub) })
	if !differ {
		return nil
	}
	list := make([]string, 0, len(fits))
	for _, t := range fits[:min(len(fits), 5)] {
		says := t.says + " " + Short(Fingerprint(t.pub))
		if t.line > 0 {
			says = fmt.Sprintf("line %d: %s", t.line, says)
		}
		list = append(list, says)
	}
	return &hint.Error{
		Says: fmt.Sprintf("it holds %d keys, and any may be meant where %s is due: %s", len(fits), want,
			strings.Join(list, "; ")),
		Fix: "copy the one that is meant into a file of its own",
		Err: ErrSeveral,
	}
}

// things finds everything in data, identifies it, and opens encrypted parts
// where nothing else serves the purpose: nobody is asked for a pass phrase in
// vain.
func (r reader) things(ctx context.Context, data []byte, want purpose) ([]thing, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	items, err := find(data)
	if err != nil {
		return nil, err
	}
	things := make([]thing, 0, len(items))
	for _, it := range items {
		things = append(things, identify(it))
	}
	for i := 0; i < len(things) && !served(things, want); i++ {
		if things[i].kind != locked {
			continue
		}
		opened, err := r.unlock(ctx, things[i], want)
		if err != nil {
			return nil, err
		}
		things = slices.Replace(things, i, i+1, opened...)
	}
	return things, nil
}

func served(things []thing, want purpose) bool {
	for _, t := range things {
		if t.kind == privateKey || want == wantPublic && (t.kind == publicKey || t.kind == certificate) {
			return true
		}
	}
	return false
}

// ErrPassphraseNeeded is in the chain of an error about an encrypted key that
// nobody gave a pass phrase for.
var ErrPassphraseNeeded = errors.New("the key is encrypted and there is no pass phrase")

// ErrWrongPassphrase is in the chain of an error about a pass phrase that does
// not open the key. The data itself looked whole.
var ErrWrongPassphrase = errors.New("the pass phrase does not open the key")

// ErrSeveral is in the chain of an error about data with several keys, any of
// which may be meant.
var ErrSeveral = errors.New("there are several keys")

// at names the place of an error and keeps its hint.
func at(place string, err error) error {
	return &hint.Error{Says: place + ": " + err.Error(), Fix: hint.Of(err), Err: err}
}

// Hints that several findings share.
const (
	hintNewRSA    = "signatures here are RSA: make a key pair with \"countersign keys new\" and register its public key"
	hintLonger    = "use a key of 2048 bits or more: make one with \"countersign keys new\", and register its public key"
	hintGiveWhole = "copy the whole key again, from the BEGIN line to the END line, or the whole base64 line"
	hintPass      = "set passphrase = { env = \"NAME\" } (or file, or command) beside the key, or run in a terminal " +
		"to be asked"
)
