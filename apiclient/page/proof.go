package page

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"slices"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/keys"
)

// proof is what the page's script works on: public keys, strings and the
// signature, and the claims that it checks with them.
type proof struct {
	Keys      []keyData     `json:"keys"`
	Strings   []stringData  `json:"strings"`
	Signature []byte        `json:"signature"`
	Messages  []messageData `json:"messages"`
	Claims    []claim       `json:"claims"`
}

type keyData struct {
	ID   string `json:"id"`
	SPKI []byte `json:"spki"`
}

// stringData is a string without its bytes where the page may not have them.
type stringData struct {
	Bytes []byte `json:"bytes"`         // null: not in the page
	Why   string `json:"why,omitempty"` // why not
}

// messageData is a message as its signature takes it apart.
type messageData struct {
	Line    string      `json:"line"`
	Headers [][2]string `json:"headers"`
	Body    []byte      `json:"body"`
}

// claim is one thing that the script checks. Which fields count follows from
// Kind; page.js has the check of each.
type claim struct {
	Kind   string     `json:"kind"`
	Key    int        `json:"key"`
	String int        `json:"string"`
	Hash   string     `json:"hash,omitempty"` // SHA-256, as Web Cryptography names it
	Want   string     `json:"want,omitempty"` // digest or bytes, in hexadecimal
	At     int        `json:"at"`             // where Want begins in the opened signature
	Holds  bool       `json:"holds"`          // whether a verification succeeds
	Scheme string     `json:"scheme,omitempty"`
	Salt   int        `json:"salt"`
	Of     []ofString `json:"of,omitempty"`
	From   int        `json:"from"` // of a part of a string
	Size   int        `json:"size"`

	Says string `json:"-"` // the claim in words, written by the template
}

// ofString is a piece of the string that the rule builds: a literal, or what
// stands in a message.
type ofString struct {
	Literal string `json:"literal,omitempty"`
	Message int    `json:"message"`
	From    string `json:"from,omitempty"` // "method", "target", "body" or a header's name
}

func (v *view) claim(c claim, format string, args ...any) {
	c.Says = fmt.Sprintf(format, args...)
	v.Proof.Claims = append(v.Proof.Claims, c)
}

// addKeys puts the keys into the page that the report speaks of: who signed and
// who should have; where nobody did, all that were tried.
func (v *view) addKeys(e *diagnose.Evidence, r *diagnose.Report) {
	add := func(k apiclient.Key, says string) {
		if k.Public == nil || v.keyIndex(k.ID) >= 0 || len(v.Keys) == maxKeys {
			return
		}
		der, err := x509.MarshalPKIXPublicKey(k.Public)
		if err != nil {
			return
		}
		shown := keyView{ID: legible(k.ID), Says: says, Bits: k.Public.N.BitLen(),
			Fingerprint: keys.Fingerprint(k.Public),
			PEM:         string(keys.EncodePublic(k.Public)), id: k.ID}
		v.Keys = append(v.Keys, shown)
		v.Proof.Keys = append(v.Proof.Keys, keyData{k.ID, der})
		sum := sha256.Sum256(der)
		v.claim(claim{Kind: "fingerprint", Key: len(v.Keys) - 1, Want: hex.EncodeToString(sum[:])},
			"The public key %s in this page has the fingerprint %s.", shown.ID, shown.Fingerprint)
	}
	if r.Signer != nil {
		says := "made this signature"
		if !r.Signer.Certain {
			says = "almost certainly made this signature"
		}
		add(r.Signer.Key, says)
	}
	for _, k := range e.Expected {
		says := "should have made this signature"
		if r.Signer == nil && len(r.Verification.Signature) > 0 {
			says += ", and did not"
		}
		add(k, says)
	}
	if r.Signer == nil && len(r.Verification.Signature) > 0 {
		for _, k := range e.Known {
			add(k, "was tried, and did not make this signature")
		}
	}
}

func (v *view) keyIndex(id string) int {
	return slices.IndexFunc(v.Keys, func(k keyView) bool { return k.id == id })
}

// addString puts a string into the page, and claims its digest.
func (v *view) addString(name, says string, b []byte) int {
	n := len(v.Strings)
	sum := sha256.Sum256(b)
	shown := v.masker.Signed(b, v.bodies...)
	masked := !bytes.Equal(shown, b)
	s := stringView{N: n, Name: name, Says: says, Size: size(len(b)), SHA256: hex.EncodeToString(sum[:]), shown: shown,
		bytes: b, Masked: masked}
	if masked {
		s.Parts = partsOf(b, shown, v.masker.Values())
	}
	data := stringData{Bytes: b}
	switch {
	case masked:
		data = stringData{Why: "parts of the string are masked"}
	case len(b) > maxWhole:
		data = stringData{Why: "the string is too large for this page"}
	}
	s.Whole = data.Why == ""
	v.Strings = append(v.Strings, s)
	v.Proof.Strings = append(v.Proof.Strings, data)
	v.claim(claim{Kind: "digest", String: n, Hash: "SHA-256", Want: s.SHA256}, "%s has the SHA-256 %s.", name, s.SHA256)
	return n
}
