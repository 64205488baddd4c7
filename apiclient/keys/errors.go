package keys

import (
	"errors"

	"countersign/apiclient/hint"
)

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
