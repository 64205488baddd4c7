package keys

import "errors"

// ErrPassphraseNeeded is in the chain of an error about an encrypted key that
// nobody gave a pass phrase for.
var ErrPassphraseNeeded = errors.New("the key is encrypted and there is no pass phrase")

// ErrWrongPassphrase is in the chain of an error about a pass phrase that does
// not open the key. The data itself looked whole.
var ErrWrongPassphrase = errors.New("the pass phrase does not open the key")

// fault is an error of this package: one sentence that says what is wrong,
// and what to do about it. Neither ever holds a part of the data.
type fault struct {
	says  string
	hint  string
	cause error
}

func (f *fault) Error() string { return f.says }

// Hint says what to do; it may be empty.
func (f *fault) Hint() string { return f.hint }

func (f *fault) Unwrap() error { return f.cause }

// at names the place of an error and keeps its hint.
func at(place string, err error) error {
	f := &fault{says: place + ": " + err.Error(), cause: err}
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		f.hint = hinted.Hint()
	}
	return f
}

// Hints that several findings share.
const (
	hintNewRSA    = "signatures here are RSA: make a key pair with \"countersign keys new\" and register its public key"
	hintLonger    = "use a key of 2048 bits or more: make one with \"countersign keys new\", and register its public key"
	hintGiveWhole = "copy the whole key again, from the BEGIN line to the END line, or the whole base64 line"
	hintPass      = "set passphrase = { env = \"NAME\" } (or file, or command) beside the key, or run in a terminal to be asked"
)
