package signature

import (
	"bytes"
	"cmp"
	"crypto"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/signing"
	"countersign/tui/ui"
	"countersign/tui/ui/viewer"
)

// link is the place of a stage in the chain.
type link int

const (
	linkString link = iota
	linkDigest
	linkSignature
	linkHeader
	linkRecovered // what opening the signature shows: only where it does not verify
)

// stage is one link of a chain.
type stage struct {
	side  apiclient.Side
	link  link
	name  string // as the pane and the status line call it
	text  []byte // as it is shown whole
	bytes []byte // as it is copied
	mode  viewer.Mode
	brief string // it in a few words
	more  string // and the rest of them, where the chain does not break here
	says  string // what it is, in a sentence
	fault string // why the chain breaks here, or what was tampered here; "" where it holds
	sound bool   // the chain holds all the same: fault only says what was tampered
}

// opened is the line that says so where the stage is shown whole.
func (s stage) opened() []string {
	if s.fault == "" {
		return []string{s.says}
	}
	return []string{s.mark(), s.says}
}

// mark says in words that the chain breaks at a stage, and why.
func (s stage) mark() string {
	switch {
	case s.fault == "":
		return ""
	case s.sound:
		return "● tampered on purpose: " + s.fault
	}
	return "✗ breaks here: " + s.fault
}

// source is one chain as it was found in an exchange.
type source struct {
	side      apiclient.Side
	canonical []byte
	digest    [32]byte
	signature []byte
	value     string
	head      string // the Signature header as it was sent
	version   string
	key       string // fingerprint, or the name of the key that was found
	verdict   signing.Verdict
	tampered  []string
	of        string             // the profile of the exchange
	profile   *apiclient.Profile // in use
}

func (p *Pane) requestSource(e *apiclient.Exchange) source {
	return source{
		side: apiclient.RequestSide, canonical: p.proof.Canonical, digest: p.proof.Digest, signature: p.proof.Signature,
		value: p.proof.Value,
		head:  e.Request.Get(p.profile.HeaderNames.Of(signing.HeaderName)), version: p.proof.KeyVersion,
		key:     cmp.Or(e.SentKey, e.SentVerdict.Key),
		verdict: e.SentVerdict, tampered: e.Tampered,
		of: e.Profile, profile: &p.profile,
	}
}

func (p *Pane) responseSource(e *apiclient.Exchange) source {
	v := e.Received
	return source{
		side: apiclient.ResponseSide, canonical: v.Canonical, digest: v.Digest, signature: v.Signature, value: v.Header.Value,
		head: e.Response.Get(p.profile.HeaderNames.Of(signing.HeaderName)), version: v.Header.KeyVersion, key: v.Key,
		verdict: v,
		of:      e.Profile, profile: &p.profile,
	}
}

// rule says in words what the string is made of.
func (s source) rule() string {
	if s.of != "" && s.of != s.profile.Name {
		return "by the rule of profile " + ui.Safe(s.of)
	}
	t, err := s.profile.Template(s.side)
	if err != nil || t.String() == signing.DefaultTemplate {
		return s.profile.HeaderNames.Say("method, blank, path, line feed, Client-Id, dot, time, dot, body")
	}
	return fmt.Sprintf("by the profile's rule %q", t)
}

// stages are the links of a chain, in the order in which a signature is made.
func (s source) stages() []stage {
	spelling := "base64"
	if strings.Contains(s.value, "%") {
		spelling = "base64 → %-encoded"
	}
	list := []stage{
		{link: linkString, name: "canonical string", text: s.canonical, bytes: s.canonical, mode: viewer.Canonical,
			brief: ui.Bytes(int64(len(s.canonical))),
			says: fmt.Sprintf("What is signed, %s: %s. Blanks and line ends are drawn.", ui.Bytes(int64(len(s.canonical))),
				s.rule())},
		{link: linkDigest, name: "digest", text: s.digestText(), bytes: s.digest[:],
			brief: fmt.Sprintf("SHA-256 %x…", s.digest[:4]), says: "SHA-256 of the canonical string, 32 bytes."},
		{link: linkSignature, name: "signature", text: s.signatureText(), bytes: s.signature, brief: s.keyWords(),
			says: "The digest, padded (PKCS#1 v1.5) and raised to the private exponent: as many bytes as the key has."},
		{link: linkHeader, name: s.profile.HeaderNames.Say("Signature header"), text: s.headerText(), bytes: []byte(s.head),
			brief: spelling, more: " → " + s.value[:min(len(s.value), mostValue)],
			says: "The signature in base64, percent-encoded, behind algorithm and keyVersion."},
	}
	if r := s.verdict.Recovered; r != nil && !s.verdict.OK() {
		list = append(list, stage{link: linkRecovered, name: "recovered digest", text: recoveredText(*r), bytes: r.Digest,
			says: "What the signature covers: opened with the public key, it shows with certainty which key made it, with " +
				"which hash, over which digest."})
	}
	at, why := s.breaks()
	for i := range list {
		list[i].side = s.side
		if list[i].link == at && why != "" {
			list[i].fault = why
		} else if titles := s.tamperedAt(list[i].link); titles != "" {
			list[i].fault, list[i].sound = titles, true
		}
	}
	return list
}

// mostValue is how much of a value a chain shows at most, in bytes.
const mostValue = 1000

// keyWords say which key has made the signature.
func (s source) keyWords() string {
	words := fmt.Sprintf("RSA-%d key", 8*len(s.signature))
	switch {
	case len(s.signature) == 0:
		return "no signature"
	case s.version != "":
		words += " v" + s.version
	}
	return words
}

// tamperedAt names what was tampered at a link.
func (s source) tamperedAt(at link) string {
	places := map[link][]apiclient.Where{
		linkString:    {apiclient.InHeader, apiclient.InString, apiclient.InBody},
		linkSignature: {apiclient.InSignature}, linkHeader: {apiclient.InValue},
	}
	return apiclient.TamperTitles(slices.DeleteFunc(slices.Clone(s.tampered), func(name string) bool {
		return !slices.Contains(places[at], apiclient.TamperOf(name).Where)
	}))
}

// breaks finds the link at which the chain from content to header does not
// hold, and says why; "" where it holds or nothing is known.
func (s source) breaks() (link, string) {
	v := s.verdict
	at, why := linkString, ""
	switch v.Status {
	case "", signing.Verified:
		return at, ""
	case signing.Unsigned, signing.Undecodable:
		at, why = linkHeader, v.Reason
	case signing.WrongKey, signing.UnknownKey:
		at, why = linkSignature, v.Reason
	default:
		at, why = s.mismatch()
	}
	if titles := s.tamperedAt(at); titles != "" {
		why = "tampered on purpose: " + titles
	}
	return at, why
}

// mismatch finds where a signature by the right key over other content breaks.
func (s source) mismatch() (link, string) {
	v := s.verdict
	switch r := v.Recovered; {
	case r != nil && r.Covers(v.Canonical):
		return linkSignature, v.Reason // right content, wrong hash or padding
	case s.side == apiclient.RequestSide && !bytes.Equal(s.canonical, v.Canonical):
		return linkString, "what was signed is not what is sent"
	case r != nil && r.Hash != 0 && len(r.Digest) > 0:
		return linkDigest, fmt.Sprintf("the signature covers %s %s…", hashName(r.Hash),
			hex.EncodeToString(r.Digest[:min(4, len(r.Digest))]))
	}
	return linkSignature, v.Reason
}

func hashName(h crypto.Hash) string { return strings.Replace(h.String(), "SHA1", "SHA-1", 1) }

func (s source) digestText() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "SHA-256  %x\nbase64   %s\n", s.digest, base64.StdEncoding.EncodeToString(s.digest[:]))
	if r := s.verdict.Recovered; r != nil && !s.verdict.OK() && len(r.Digest) > 0 {
		fmt.Fprintf(&b, "\ninside the signature\n%-8s %x\nbase64   %s\n", digestName(*r), r.Digest,
			base64.StdEncoding.EncodeToString(r.Digest))
	}
	return []byte(b.String())
}

func digestName(r signing.Recovered) string {
	if r.Hash == 0 {
		return "digest"
	}
	return hashName(r.Hash)
}

func (s source) signatureText() []byte {
	if len(s.signature) == 0 {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "length   %d bytes, as by RSA-%d\n", len(s.signature), 8*len(s.signature))
	if s.key != "" {
		fmt.Fprintf(&b, "key      %s\n", s.key)
	}
	if s.version != "" {
		fmt.Fprintf(&b, "version  %s\n", s.version)
	}
	fmt.Fprintf(&b, "base64   %s\nhex      %x\n", base64.StdEncoding.EncodeToString(s.signature), s.signature)
	return []byte(b.String())
}

// headerText is the header as it was sent, and its pairs below.
func (s source) headerText() []byte {
	if s.head == "" {
		return nil
	}
	h, err := signing.ParseHeader(s.head)
	var b strings.Builder
	b.WriteString(s.head + "\n")
	for _, pair := range h.Pairs {
		fmt.Fprintf(&b, "\n%s=%s", pair.Key, pair.Value)
	}
	if err != nil {
		fmt.Fprintf(&b, "\n\n%v", err)
	} else if _, encoding, err := signing.DecodeValue(h.Value); err == nil {
		fmt.Fprintf(&b, "\n\nthe value is written as %s", encoding)
	} else {
		fmt.Fprintf(&b, "\n\nthe value cannot be decoded: %v", err)
	}
	return []byte(b.String())
}

func recoveredText(r signing.Recovered) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "key      %s\n", r.Key)
	if r.Hash != 0 {
		fmt.Fprintf(&b, "hash     %s\n", hashName(r.Hash))
	}
	fmt.Fprintf(&b, "padding  %s\n", r.Padding)
	if len(r.Digest) > 0 {
		fmt.Fprintf(&b, "digest   %x\nbase64   %s\n", r.Digest, base64.StdEncoding.EncodeToString(r.Digest))
	}
	fmt.Fprintf(&b, "\nthe padded block\n%x\n", r.Raw)
	return []byte(b.String())
}
