package signing

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"strings"
)

// Verify checks one message's signature. crypto/rsa alone decides: the status
// is Verified only where the one signature of the header, read by the rule,
// strictly verifies over Canonical with one of Expected. In all other cases
// Reason and Hint say what is certain: the key that made it, from what opening
// the signature shows, and whether it covers Canonical. Without Expected nothing
// can be Verified. A signature that verifies costs one public operation and one
// SHA-256. Canonical is kept, not copied.
func Verify(c Check) Verdict {
	v := newVerdict(c)
	if len(c.Headers) == 0 && len(c.Trailer) > 0 {
		v.inTrailer(c)
		return v
	}
	if err := v.readHeader(c.Headers); err != nil {
		v.refuseHeader(c, err)
		return v
	}
	if err := v.decide(c); err != nil {
		v.refuseValue(c, v.Header.Value, err)
	} else if !v.OK() {
		v.explain(c)
	}
	return v
}

// Strictly returns what Verify does where that is Verified, and whether it is. Where
// not, it saves the search for the reason, which takes a hundred times as long.
func Strictly(c Check) (Verdict, bool) {
	v := newVerdict(c)
	if len(c.Headers) == 0 || v.readHeader(c.Headers) != nil || v.decide(c) != nil {
		return v, false
	}
	return v, v.OK()
}

func newVerdict(c Check) Verdict {
	v := Verdict{Canonical: c.Canonical, NoKey: len(c.Expected) == 0}
	if c.Digest != nil {
		v.Digest = *c.Digest
	} else {
		v.Digest = sha256.Sum256(c.Canonical)
	}
	return v
}

// decide says Verified where one of the expected keys strictly verifies. An error is
// of a value that cannot be read.
func (v *Verdict) decide(c Check) (err error) {
	if v.Signature, v.Encoding, err = DecodeValue(v.Header.Value); err != nil {
		v.Signature, v.Encoding = nil, Encoding("")
		return err
	}
	v.warnSpelling()
	for _, k := range c.Expected {
		if usable(k.Public) && rsa.VerifyPKCS1v15(k.Public, crypto.SHA256, v.Digest[:], v.Signature) == nil {
			v.Status, v.Key = Verified, k.ID
			v.Reason = "Signed by " + k.ID + " over exactly this content."
			return nil
		}
	}
	return nil
}

// InTrailer is the cause of a signature that is in the trailer alone.
const InTrailer = "signature_in_trailer"

// inTrailer returns the verdict on a signature behind the body. The rule wants it in
// the header, where receivers look alone, so that it is not Verified; whose it is
// and whether it is right is told.
func (v *Verdict) inTrailer(c Check) {
	const says, fix = "the signature is in the trailer, behind the chunked body, and not in the header",
		"send the Signature as a header, before the body: receivers do not look behind it"
	v.undecodable(InTrailer, says, fix)
	header, err := ParseHeader(c.Trailer[0])
	if err != nil {
		return
	}
	v.Header = header
	if sig, encoding, err := DecodeValue(header.Value); err == nil {
		v.Signature, v.Encoding = sig, encoding
		v.tryReading(c, Reading{}.with(InTrailer, says, fix).found(sig))
	}
}

// readHeader takes the one header that counts: empty ones and exact copies do
// not, and two that differ are an error, because each reader takes another one.
func (v *Verdict) readHeader(values []string) error {
	if len(values) == 0 {
		return misspelt("signature_missing", "there is no Signature header",
			"the other side must sign: an unsigned message proves nothing")
	}
	if err := checkSize(values...); err != nil {
		return err
	}
	var first string
	var differ, copies bool
	for _, value := range values {
		switch {
		case value == "" || value == first:
			copies = true
		case first == "":
			first = value
		default:
			differ = true
		}
	}
	header, err := ParseHeader(first)
	v.Header = header
	v.Warnings = append(v.Warnings, header.Warnings...)
	if differ {
		return misspelt("signature_header_repeated", "there are several Signature headers that differ",
			"send one: each receiver takes another of them")
	}
	if copies && len(values) > 1 {
		v.Warnings = append(v.Warnings, Warning{"signature_header_repeated",
			"The Signature header is there more than once; the others are empty or say the same."})
	}
	return err
}

// warnSpelling names a spelling that is not the documented one.
func (v *Verdict) warnSpelling() {
	warn := func(cause, says string) { v.Warnings = append(v.Warnings, Warning{cause, says}) }
	switch v.Encoding {
	case Base64:
		warn("signature_not_urlencoded",
			"The signature value is plain base64; some receivers decode its + as a space.")
	case Base64URL, Base64URLRaw:
		warn("signature_base64url",
			"The signature value is base64url; receivers that expect standard base64 refuse it.")
	case PercentBase64, PercentBase64Lower:
		if partlyEscaped(v.Header.Value) {
			warn("signature_partly_urlencoded", "The signature value is percent-encoded in part only.")
		}
		if value := v.Header.Value; strings.Contains(value, "%0A") || strings.Contains(value, "%0a") || strings.Contains(value, "\n") {
			warn("signature_line_wrapped",
				"The base64 of the signature value is wrapped into lines, which are percent-encoded, too; some receivers "+
					"refuse it.")
		}
	}
}

func partlyEscaped(value string) bool {
	escaped, plain := false, false
	for i := range len(value) {
		switch value[i] {
		case '%':
			escaped = true
		case '+', '/', '=':
			plain = true
		}
	}
	return escaped && plain
}

// tryDeep looks for a signature behind several faults on top of each other.
func (v *Verdict) tryDeep(c Check, texts []string) bool {
	room := maxDeepText
	for _, text := range texts {
		for _, r := range deepReadings(text, &room) {
			if v.tryReading(c, r) {
				return true
			}
		}
	}
	return false
}

// explain says why a value that can be read does not verify.
func (v *Verdict) explain(c Check) {
	if says := trivial(v.Signature, openers(c)); says != "" {
		v.undecodable("signature_trivial", says,
			"look where the signature is made: an empty buffer was encoded, or signing failed and nobody looked")
		return
	}
	if k, r, ok := open(c, v.Signature); ok {
		v.blame(c, k, r)
		return
	}
	if v.tryReading(c, Reading{Signature: v.Signature}) {
		return
	}
	for _, r := range Readings(v.Header.Value) {
		if v.tryReading(c, r) {
			return
		}
	}
	if v.tryDeep(c, []string{v.Header.Value}) {
		return
	}
	v.unknown(c)
}

// tryReading looks for a key that made the signature of a misspelt value.
func (v *Verdict) tryReading(c Check, r Reading) bool {
	sizes := map[int]bool{}
	for _, k := range openers(c) {
		if !usable(k.Public) {
			continue
		}
		fits := r.reduced(r.Signature, k.Public)
		if !sizes[k.Public.Size()] {
			fits = append(fits, r.fits(r.Signature, k.Public.Size())...)
		}
		sizes[k.Public.Size()] = true
		for _, fitted := range fits {
			if k, recovered, ok := open(c, fitted.Signature); ok && recovered.Certain() {
				v.misspelt(c, fitted, k, recovered)
				return true
			}
		}
	}
	return false
}

// opener is a key and whether it was expected.
type opener struct {
	Key
	expected bool
}

func openers(c Check) []opener {
	all := make([]opener, 0, len(c.Expected)+len(c.Known))
	for _, k := range c.Expected {
		all = append(all, opener{k, true})
	}
	for _, k := range c.Known {
		all = append(all, opener{k, false})
	}
	return all
}

// open looks for the key that made sig, expected keys first. A key that opens
// it beyond doubt is preferred to one that may do so by chance.
func open(c Check, sig []byte) (opener, *Recovered, bool) {
	var maybe *Recovered
	var maybeKey opener
	for _, k := range openers(c) {
		r, ok := Recover(k.Public, sig)
		if !ok {
			continue
		}
		r.Key = k.ID
		if !r.Certain() {
			r.settle(k.Public, c.Canonical)
		}
		r.settleWrapping(c.Canonical)
		if r.Certain() || r.Covers(c.Canonical) {
			return k, &r, true
		}
		if maybe == nil {
			maybe, maybeKey = &r, k
		}
	}
	return maybeKey, maybe, maybe != nil
}

// settle picks among the readings of a PSS block the one that covers canonical.
func (r *Recovered) settle(pub *rsa.PublicKey, canonical []byte) {
	for _, block := range pssBlocks(r.Raw, pub.N.BitLen()) {
		h := block.Hash.New()
		h.Write(canonical)
		if block.Covers(h.Sum(nil)) {
			r.Hash, r.PSS = block.Hash, block
			return
		}
	}
}
