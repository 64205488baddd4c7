package apiclient

import (
	"crypto"
	"encoding/hex"
	"fmt"
	"strings"

	"countersign/apiclient/signing"
)

type sentJSON struct {
	canonicalJSON
	SHA256     string   `json:"sha256"`
	Signature  []byte   `json:"signature"` // standard base64
	Value      Text     `json:"value"`     // as it is written in the header
	Header     Text     `json:"header"`
	KeyVersion Text     `json:"keyVersion"`
	Key        string   `json:"key"` // fingerprint; the name of the key where somebody else signed
	SignedAs   Text     `json:"signedAs"`
	Tampered   []string `json:"tampered,omitempty"` // names of ours: what was made wrong on purpose
	// of the request as it was really sent; the same as in verification
	Verdict      signing.Status `json:"verdict"`
	Verification *verdictJSON   `json:"verification"`
}

// canonicalJSON is a signed string: canonical, or canonicalBase64 where it is
// not UTF-8. quoted stands in its place where a body in it is kept elsewhere.
type canonicalJSON struct {
	Canonical       *Text      `json:"canonical,omitempty"`
	CanonicalBase64 []byte     `json:"canonicalBase64,omitempty"`
	Quoted          *quoteJSON `json:"quoted,omitempty"`
}

// bytes returns nil for an empty one.
func (j canonicalJSON) bytes(bodies *Bodies) []byte {
	switch {
	case j.Quoted != nil:
		return j.Quoted.bytes(bodies)
	case len(j.CanonicalBase64) > 0:
		return j.CanonicalBase64
	case j.Canonical != nil && *j.Canonical != "":
		return []byte(*j.Canonical) // which may be {"base64": …}, as it once was written
	}
	return nil
}

type verdictJSON struct {
	Verdict signing.Status `json:"verdict"`
	Reason  Text           `json:"reason"`
	Hint    Text           `json:"hint,omitempty"`
	Key     Text           `json:"key"`
	canonicalJSON
	SHA256    string              `json:"sha256"`
	Header    signatureHeaderJSON `json:"header"`
	Encoding  signing.Encoding    `json:"encoding,omitempty"`
	Signature []byte              `json:"signature"`
	Recovered *recoveredJSON      `json:"recovered,omitempty"`
	Repaired  *readingJSON        `json:"repaired,omitempty"`
	Warnings  []warningJSON       `json:"warnings"`
	NoKey     bool                `json:"noKey,omitempty"`
}

type signatureHeaderJSON struct {
	Algorithm     Text          `json:"algorithm"`
	KeyVersion    Text          `json:"keyVersion"`
	HasKeyVersion bool          `json:"hasKeyVersion"`
	Value         Text          `json:"value"`
	Pairs         [][2]Text     `json:"pairs"`
	Warnings      []warningJSON `json:"warnings,omitempty"`
}

type recoveredJSON struct {
	Key     Text            `json:"key"`
	Hash    string          `json:"hash"`
	Padding signing.Padding `json:"padding"`
	Digest  []byte          `json:"digest"`
	Raw     []byte          `json:"raw"`
	PSS     *pssJSON        `json:"pss,omitempty"`
	Fault   *warningJSON    `json:"fault,omitempty"`
}

type pssJSON struct {
	Hash    string `json:"hash"`
	MGF     string `json:"mgf"`
	H       []byte `json:"h"`
	Salt    []byte `json:"salt"`
	Certain bool   `json:"certain"`
}

type readingJSON struct {
	Causes    []string `json:"causes"`
	Says      Text     `json:"says"`
	Fix       Text     `json:"fix"`
	Signature []byte   `json:"signature"`
}

type warningJSON struct {
	Cause string `json:"cause"`
	Says  Text   `json:"says"`
}

// seenProof is the signature of a request that somebody else made and sent, as it
// came, with the string that it should cover; zero where nothing was verified.
func (e *Exchange) seenProof() signing.Proof {
	v := e.SentVerdict
	p := signing.Proof{Canonical: v.Canonical, Digest: v.Digest, Signature: v.Signature, Value: v.Header.Value,
		KeyVersion: v.Header.KeyVersion}
	for _, f := range e.Request.Header { // whatever the platform calls it
		if p.Value != "" && strings.Contains(f.Value, p.Value) {
			p.Header = f.Value
		}
	}
	return p
}

func (j sentJSON) into(e *Exchange, bodies *Bodies) error {
	e.SentKey, e.SignedAs, e.Tampered = j.Key, string(j.SignedAs), j.Tampered
	e.Sent = signing.Proof{
		Canonical: j.bytes(bodies), Signature: j.Signature, Value: string(j.Value), Header: string(j.Header),
		KeyVersion: string(j.KeyVersion),
	}
	if err := parseDigest(j.SHA256, &e.Sent.Digest); err != nil {
		return err
	}
	if j.Verification == nil {
		return nil
	}
	var err error
	e.SentVerdict, err = j.Verification.verdict(bodies)
	return err
}

func (j *verdictJSON) verdict(bodies *Bodies) (signing.Verdict, error) {
	v := signing.Verdict{
		Status: j.Verdict, Reason: string(j.Reason), Hint: string(j.Hint), Key: string(j.Key), Canonical: j.bytes(bodies),
		Encoding: j.Encoding, Signature: j.Signature, Warnings: warningsFromJSON(j.Warnings), NoKey: j.NoKey,
		Header: signing.Header{
			Algorithm: string(j.Header.Algorithm), KeyVersion: string(j.Header.KeyVersion),
			HasKeyVersion: j.Header.HasKeyVersion,
			Value:         string(j.Header.Value), Warnings: warningsFromJSON(j.Header.Warnings),
		},
	}
	for _, p := range j.Header.Pairs {
		v.Header.Pairs = append(v.Header.Pairs, signing.Pair{Key: string(p[0]), Value: string(p[1])})
	}
	if r := j.Repaired; r != nil {
		v.Repaired = &signing.Reading{Causes: r.Causes, Says: string(r.Says), Fix: string(r.Fix), Signature: r.Signature}
	}
	var err error
	if v.Recovered, err = j.Recovered.recovered(); err != nil {
		return signing.Verdict{}, err
	}
	return v, parseDigest(j.SHA256, &v.Digest)
}

func (j *recoveredJSON) recovered() (*signing.Recovered, error) {
	if j == nil {
		return nil, nil
	}
	hash, err := hashNamed(j.Hash)
	if err != nil {
		return nil, err
	}
	r := &signing.Recovered{Key: string(j.Key), Hash: hash, Padding: j.Padding, Digest: j.Digest, Raw: j.Raw}
	if f := j.Fault; f != nil {
		r.Fault = &signing.Warning{Cause: f.Cause, Says: string(f.Says)}
	}
	if p := j.PSS; p != nil {
		r.PSS = &signing.PSSBlock{H: p.H, Salt: p.Salt, Certain: p.Certain}
		if r.PSS.Hash, err = hashNamed(p.Hash); err != nil {
			return nil, err
		}
		if r.PSS.MGF, err = hashNamed(p.MGF); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func warningsFromJSON(list []warningJSON) []signing.Warning {
	var out []signing.Warning
	for _, w := range list {
		out = append(out, signing.Warning{Cause: w.Cause, Says: string(w.Says)})
	}
	return out
}

func parseDigest(s string, into *[32]byte) error {
	if s == "" {
		return nil
	}
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(into) {
		return fmt.Errorf("sha256 is not 64 hexadecimal digits: %q", s)
	}
	copy(into[:], b)
	return nil
}

func hashName(h crypto.Hash) string {
	if h == 0 {
		return ""
	}
	return h.String()
}

func hashNamed(name string) (crypto.Hash, error) {
	if name == "" {
		return 0, nil
	}
	for h := crypto.Hash(1); h <= crypto.BLAKE2b_512; h++ {
		if h.String() == name {
			return h, nil
		}
	}
	return 0, fmt.Errorf("unknown hash %q", name)
}
