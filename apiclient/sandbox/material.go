package sandbox

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"countersign/apiclient"
	"countersign/apiclient/files"
	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
)

// Keys are the two key pairs of a sandbox with the files that hold them.
type Keys struct {
	Merchant *rsa.PrivateKey // the client signs with it
	SuperApp *rsa.PrivateKey // the sandbox signs with it

	MerchantFile string // PKCS#8 PEM: what your client signs with
	// the same without armour, as one line: what the official SDKs take
	MerchantBase64File string
	MerchantPubFile    string // SPKI PEM: what the sandbox verifies with
	SuperAppFile       string // PKCS#8 PEM: what the sandbox signs with
	SuperAppPubFile    string // SPKI PEM: what your client verifies with

	Made bool // whether the files are new
}

// Config is a sandbox's configuration with these keys and the well-known ids.
func (k Keys) Config() Config {
	return Config{
		ClientID: ClientID, MerchantID: MerchantID, KeyVersion: KeyVersion,
		ClientKeys: map[string]*rsa.PublicKey{KeyVersion: &k.Merchant.PublicKey}, Key: k.SuperApp,
	}
}

// Profile is the other side of Config: the profile of a client that talks to
// a sandbox with these keys at baseURL.
func (k Keys) Profile(baseURL string) apiclient.Profile {
	return apiclient.Profile{
		Name: ProfileName, BaseURL: baseURL, ClientID: ClientID, MerchantID: MerchantID,
		KeyVersion: KeyVersion, Key: k.Merchant, KeyName: filepath.Base(k.MerchantFile),
		PeerKeys:    map[string]*rsa.PublicKey{KeyVersion: &k.SuperApp.PublicKey},
		PlatformKey: k.SuperApp, PlatformKeyName: filepath.Base(k.SuperAppFile),
	}
}

// Material loads the sandbox's keys from dir. What is missing is made first:
// the folder with mode 0700, the private keys, RSA of 2048 bits, with 0600. A
// file that exists is never overwritten, and programs that start at the same
// moment end up with the same keys.
func Material(dir string) (Keys, error) {
	return material(dir, generateKey)
}

func material(dir string, generate func() (*rsa.PrivateKey, error)) (Keys, error) {
	k := Keys{
		MerchantFile: filepath.Join(dir, "merchant.pem"), MerchantPubFile: filepath.Join(dir, "merchant.pub"),
		MerchantBase64File: filepath.Join(dir, "merchant.b64"),
		SuperAppFile:       filepath.Join(dir, "superapp.pem"), SuperAppPubFile: filepath.Join(dir, "superapp.pub"),
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Keys{}, fmt.Errorf("the folder for the sandbox's keys: %w", err)
	}
	var wg sync.WaitGroup
	var merchant, superApp pair
	wg.Go(func() { merchant = loadPair(k.MerchantFile, k.MerchantPubFile, generate) })
	wg.Go(func() { superApp = loadPair(k.SuperAppFile, k.SuperAppPubFile, generate) })
	wg.Wait()
	for _, p := range []pair{merchant, superApp} {
		if p.err != nil {
			return Keys{}, p.err
		}
	}
	k.Merchant, k.SuperApp = merchant.key, superApp.key
	k.Made = merchant.made || superApp.made
	return k, k.writeBase64()
}

// writeBase64 writes the merchant's private key without armour, again where it is
// another one.
func (k Keys) writeBase64() error {
	block, _ := pem.Decode(keys.EncodePrivate(k.Merchant))
	line := []byte(base64.StdEncoding.EncodeToString(block.Bytes) + "\n")
	if old, err := os.ReadFile(k.MerchantBase64File); err == nil && bytes.Equal(old, line) {
		return nil
	}
	if err := os.Remove(k.MerchantBase64File); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	_, err := files.Create(k.MerchantBase64File, line, 0o600)
	return err
}

// pair is the outcome of loading or making one key pair.
type pair struct {
	key  *rsa.PrivateKey
	made bool
	err  error
}

// loadPair loads a private key, making it where there is none, and sees that
// the public key beside it is its own.
func loadPair(privateFile, publicFile string, generate func() (*rsa.PrivateKey, error)) pair {
	// The public file is looked for first: another program writes it last, so
	// a public file without a private one was not left by a race.
	_, publicErr := os.Stat(publicFile)
	key, err := readPrivate(privateFile)
	made := false
	if errors.Is(err, fs.ErrNotExist) {
		if publicErr == nil {
			return pair{err: badKeyFile(publicFile, "has no private key beside it, "+filepath.Base(privateFile)+" is missing",
				"Put the private key back, or delete "+publicFile+" to have a new pair made.")}
		}
		if made, err = makePrivate(privateFile, generate); err == nil {
			key, err = readPrivate(privateFile) // perhaps another program's, which was faster
		}
	}
	if err != nil {
		return pair{err: err}
	}
	return pair{key, made, settlePublic(privateFile, publicFile, &key.PublicKey)}
}

// readPrivate reads a private key file and closes it to other users.
func readPrivate(name string) (*rsa.PrivateKey, error) {
	data, err := os.ReadFile(name) //nolint:gosec // the caller's folder
	if err != nil {
		return nil, err
	}
	damaged := badKeyFile(name, "is not a PKCS#8 RSA private key in PEM",
		"Delete it and the .pub file beside it to have a new pair made.")
	block, _ := pem.Decode(data)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, damaged
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(*rsa.PrivateKey)
	if err != nil || !ok {
		return nil, damaged
	}
	if info, err := os.Stat(name); err == nil && info.Mode().Perm()&0o077 != 0 {
		if err := os.Chmod(name, 0o600); err != nil {
			return nil, badKeyFile(name, "can be read by other users", "Run chmod 600 on it.")
		}
	}
	return key, nil
}

// makePrivate makes a key and puts it under name, unless another program has
// done so meanwhile.
func makePrivate(name string, generate func() (*rsa.PrivateKey, error)) (bool, error) {
	key, err := generate()
	if err != nil {
		return false, fmt.Errorf("making a key: %w", err)
	}
	return files.Create(name, keys.EncodePrivate(key), 0o600)
}

// settlePublic writes the public key's file, or sees that the one that is
// there belongs to the private key.
func settlePublic(privateFile, publicFile string, pub *rsa.PublicKey) error {
	own := keys.EncodePublic(pub)
	made, err := files.Create(publicFile, own, 0o600)
	if made || err != nil {
		return err
	}
	data, err := os.ReadFile(publicFile) //nolint:gosec // the caller's folder
	if err != nil {
		return err
	}
	ours, _ := pem.Decode(own)
	if block, _ := pem.Decode(data); block == nil || !bytes.Equal(block.Bytes, ours.Bytes) {
		return badKeyFile(publicFile, "is not the public half of "+filepath.Base(privateFile),
			"Delete "+publicFile+" to have it written again, or delete both files for a new pair.")
	}
	return nil
}

// badKeyFile is the error for a key file that cannot be used.
func badKeyFile(file, says, fix string) error { return &hint.Error{Says: file + " " + says, Fix: fix} }
