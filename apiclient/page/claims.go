package page

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// maxWhole is the size in bytes up to which a string or a body is in the page
// whole, so that it can be checked there.
const maxWhole = 256 << 10

// maxKeys is how many keys a page has.
const maxKeys = 8

// addOpening claims what the public key shows inside the signature.
func (v *view) addOpening(e *diagnose.Evidence, r *diagnose.Report, expected, signed int) {
	sig := signatureOf(r)
	v.Proof.Signature = sig
	if r.Signer == nil || r.Signer.Key.Public == nil {
		for i := range v.Keys {
			if len(sig) > 0 {
				v.verifies(i, expected, "SHA-256", "", 0, false)
			}
		}
		return
	}
	k, name := v.keyIndex(r.Signer.Key.ID), legible(r.Signer.Key.ID)
	opened, ok := signing.Recover(r.Signer.Key.Public, sig)
	if !ok {
		return
	}
	v.Opened = &openedView{Key: name, Block: hex.EncodeToString(opened.Raw), Method: opened.Method()}
	if at, inside := insideOf(opened, r); inside != nil {
		v.Opened.Before, v.Opened.Inside, v.Opened.After = v.Opened.Block[:2*at], hex.EncodeToString(inside),
			v.Opened.Block[2*(at+len(inside)):]
		v.claim(claim{Kind: "opens", Key: k, At: at, Want: v.Opened.Inside},
			"Opened with the public key %s, the signature holds %s.", name, v.insideWords(opened, r, inside))
	} else {
		v.claim(claim{Kind: "opens", Key: k, Want: v.Opened.Block},
			"Opened with the public key %s, the signature is a block as %s makes it.", name, opened.Method())
	}
	v.coverage(r, expected, signed)
	v.verifications(e, r, k, expected, signed)
}

// coverage claims which of the strings the digest in the signature is of.
func (v *view) coverage(r *diagnose.Report, expected, signed int) {
	digest, hash := r.SignedDigest, r.Signer.Hash
	if hash == 0 && signed >= 0 && v.Opened.Inside == hex.EncodeToString(r.Signed) {
		v.claim(claim{Kind: "same", String: signed, Want: v.Opened.Inside}, "Those bytes are: %s.",
			lower(v.Strings[signed].Name))
		return
	}
	if len(digest) == 0 || hash == 0 {
		return
	}
	name := diagnose.HashName(hash)
	want := claim{Kind: "covers", Hash: name, Want: hex.EncodeToString(digest)}
	if signed >= 0 {
		want.String, want.Holds = signed, true
		v.claim(want, "That digest is the %s of: %s.", name, lower(v.Strings[signed].Name))
	}
	if signed != expected {
		want.String, want.Holds = expected, false
		v.claim(want, "It is not the %s of: %s.", name, lower(v.Strings[expected].Name))
	}
}

// verifications claims what a verifier says to it, by the method with which it
// was signed and by the one of the rule.
func (v *view) verifications(e *diagnose.Evidence, r *diagnose.Report, k, expected, signed int) {
	hash, scheme := diagnose.HashName(r.Signer.Hash), ""
	if r.Signer.Padding == signing.PSS {
		scheme = "PSS"
	}
	if signed >= 0 && (r.Signer.Padding == signing.PKCS1v15 || scheme != "") && r.Signer.Hash != 0 {
		v.verifies(k, signed, hash, scheme, r.Signer.Salt, true)
	}
	if r.Verdict == signing.Verified || r.Refusal != nil {
		return
	}
	for _, key := range e.Expected {
		i := v.keyIndex(key.ID)
		if i < 0 || i == k && signed == expected && hash == "SHA-256" && r.Signer.Padding == signing.PKCS1v15 {
			continue // that it verifies is claimed already
		}
		v.verifies(i, expected, "SHA-256", "", 0, false)
	}
}

func (v *view) verifies(key, str int, hash, scheme string, salt int, holds bool) {
	method := "SHA-256, PKCS#1 v1.5, as RSA256 asks for"
	if scheme == "PSS" {
		method = fmt.Sprintf("%s, PSS, salt of %s", hash, size(salt))
	} else if hash != "SHA-256" {
		method = hash + ", PKCS#1 v1.5"
	}
	verb := "verifies"
	if !holds {
		verb = "does not verify"
	}
	v.claim(claim{Kind: "verify", Key: key, String: str, Hash: hash, Scheme: scheme, Salt: salt, Holds: holds},
		"With the public key %s (%s) the signature %s over: %s.", v.Keys[key].ID, method, verb,
		lower(v.Strings[str].Name))
}

// signatureOf returns the bytes of the signature, with faults of its spelling
// undone.
func signatureOf(r *diagnose.Report) []byte {
	if rep := r.Verification.Repaired; rep != nil {
		return rep.Signature
	}
	return r.Verification.Signature
}

// insideOf finds the digest, or what stands in its place, in an opened signature;
// nil where the padding hides it.
func insideOf(opened signing.Recovered, r *diagnose.Report) (at int, inside []byte) {
	digest := r.SignedDigest
	for _, form := range [][]byte{digest, []byte(hex.EncodeToString(digest)),
		[]byte(strings.ToUpper(hex.EncodeToString(digest))), []byte(base64.StdEncoding.EncodeToString(digest)),
		opened.Payload()} {
		if len(form) == 0 {
			continue
		}
		if at := bytes.LastIndex(opened.Raw, form); at >= 0 {
			return at, form
		}
	}
	return 0, nil
}

func (v *view) insideWords(opened signing.Recovered, r *diagnose.Report, inside []byte) string {
	if len(r.SignedDigest) == 0 {
		return fmt.Sprintf("%s that are no digest", size(len(inside)))
	}
	name := "a digest"
	if r.Signer.Hash != 0 {
		name = "the " + diagnose.HashName(r.Signer.Hash) + " digest"
	}
	words := fmt.Sprintf("%s %x", name, r.SignedDigest)
	if !bytes.Equal(inside, r.SignedDigest) {
		words += ", written as text"
	}
	if opened.Padding != signing.PKCS1v15 {
		words += fmt.Sprintf(" (padding: %s)", opened.Padding)
	}
	return words
}

// addBuilt claims that the string which must be signed is built from the
// messages as they are shown.
func (v *view) addBuilt(e *diagnose.Evidence, expected int) {
	if len(v.Proof.Messages) == 0 || !v.Strings[expected].Whole {
		return
	}
	own := 0
	if e.Side == apiclient.ResponseSide {
		own = 1
	}
	if own >= len(v.Proof.Messages) {
		return
	}
	content := e.Rule.Content(&e.Exchange, e.Side)
	var of []ofString
	var built []byte
	var words []string
	for _, p := range e.Rule.Template(e.Side).Parts() {
		o, b, says := v.source(e, p, content, own)
		of, built = append(of, o), append(built, b...)
		if says != "" {
			words = append(words, says)
		}
	}
	if bytes.Equal(built, v.Strings[expected].bytes) && utf8.Valid(built[:len(built)-len(content.Body)]) {
		v.claim(claim{Kind: "built", String: expected, Of: of},
			"The string that must be signed is built from what is shown below: %s.", strings.Join(words, ", "))
	}
}

// source says where a piece of the string stands in the messages; what is only
// configured is a literal.
func (v *view) source(e *diagnose.Evidence, p signing.Part, c signing.Content, own int) (ofString, []byte, string) {
	find := func(name, value, what string) (ofString, []byte, string) {
		m := e.Exchange.Message(e.Side)
		if own == 0 {
			m = &e.Exchange.Request
		}
		if name = e.Names.Of(name); m.Has(name) && m.Get(name) == value {
			return ofString{Message: own, From: name}, []byte(value), name
		}
		return ofString{Literal: value}, []byte(value), what + " as configured"
	}
	switch p.Name {
	case "":
		return ofString{Literal: p.Literal}, []byte(p.Literal), ""
	case "method":
		return ofString{From: "method"}, []byte(c.Method), "method"
	case "uri":
		if c.Target == wire.PathOf(e.Exchange.Request.Target()) {
			return ofString{From: "target"}, []byte(c.Target), "path and query of the request line"
		}
		return ofString{Literal: c.Target}, []byte(c.Target), "path as configured"
	case "client_id":
		return find(apiclient.HeaderClientID, c.ClientID, "Client-Id")
	case "merchant_id":
		return find(apiclient.HeaderMerchantID, c.MerchantID, "Merchant-Id")
	case "time":
		if own == 1 {
			return find(apiclient.HeaderResponseTime, c.Time, "time")
		}
		return find(apiclient.HeaderRequestTime, c.Time, "time")
	case "body":
		return ofString{Message: own, From: "body"}, c.Body, "body"
	}
	return ofString{Literal: "\x00"}, nil, p.Name // path, query and request id alone: not rebuilt
}

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }
