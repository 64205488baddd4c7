// Package keys reads RSA keys in every spelling that people have, says what a
// piece of data is when it cannot be used, and names keys by fingerprint.
package keys

import (
	"context"
	"crypto/rsa"
)

// Private is a private key with what was noticed while reading it.
type Private struct {
	Key      *rsa.PrivateKey
	Format   string   // what the data was: "PKCS#8 PEM", "PKCS#1 base64 without armour", "PKCS#12", ...
	Warnings []string // weak, mislabelled, world-readable: usable, but worth saying
}

// Public is a public key with what was noticed while reading it.
type Public struct {
	Key      *rsa.PublicKey
	Format   string
	Warnings []string
}

// Passphrase gives the pass phrase of an encrypted key. It is called only
// when the data turns out to be encrypted; what describes it for the prompt.
type Passphrase func(ctx context.Context, what string) ([]byte, error)

// ParsePrivate reads a private key. pass may be nil.
func ParsePrivate(ctx context.Context, data []byte, pass Passphrase) (Private, error) { panic("todo") }

// ParsePublic reads a public key: SPKI, PKCS#1, certificate, or the public
// half of a private key.
func ParsePublic(ctx context.Context, data []byte, pass Passphrase) (Public, error) { panic("todo") }

// Source says where a key (or a pass phrase) comes from: exactly one of File,
// Env and Command is set.
type Source struct {
	File    string
	Env     string
	Command []string

	Passphrase *Source // where its pass phrase comes from; nil: ask, if there is a way to ask
}

// Loader reads sources. Zero fields mean the real world.
type Loader struct {
	Dir    string                                                   // relative files start here
	Getenv func(string) (string, bool)                              // nil: os.LookupEnv
	Run    func(ctx context.Context, argv []string) ([]byte, error) // nil: os/exec
	Prompt func(ctx context.Context, what string) ([]byte, error)   // nil: cannot ask
}

// Private loads and parses a private key.
func (l Loader) Private(ctx context.Context, s Source) (Private, error) { panic("todo") }

// Public loads and parses a public key.
func (l Loader) Public(ctx context.Context, s Source) (Public, error) { panic("todo") }

// Fingerprint names a key: "SHA256:" and the hex of SHA-256 over its SPKI DER.
func Fingerprint(pub *rsa.PublicKey) string { panic("todo") }

// Match reports whether a private and a public key belong together.
func Match(priv *rsa.PrivateKey, pub *rsa.PublicKey) bool { panic("todo") }

// EncodePrivate writes PKCS#8 PEM; EncodePublic writes SPKI PEM.
func EncodePrivate(key *rsa.PrivateKey) []byte { panic("todo") }

// EncodePublic writes SPKI PEM.
func EncodePublic(key *rsa.PublicKey) []byte { panic("todo") }
