package diagnose

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/signing"
)

// readDigest reads a digest in hexadecimal or base64, with a name such as
// "sha256:" in front or not.
func readDigest(text string) ([]byte, bool) {
	if i := strings.LastIndexAny(text, ":= "); i >= 0 && i < 24 {
		text = strings.TrimSpace(text[i+1:])
	}
	text = strings.Trim(text, `"'`)
	if b, err := hex.DecodeString(strings.NewReplacer(" ", "", ":", "").Replace(text)); err == nil &&
		isDigestSize(len(b)) {
		return b, true
	}
	for _, coding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding,
		base64.RawURLEncoding} {
		if b, err := coding.DecodeString(text); err == nil && isDigestSize(len(b)) &&
			len(text) <= 90 && !printableText(b) {
			return b, true
		}
	}
	return nil, false
}

func isDigestSize(n int) bool { return hashOfSize(n) != 0 }

func hashOfSize(n int) crypto.Hash {
	return map[int]crypto.Hash{16: crypto.MD5, 20: crypto.SHA1, 28: crypto.SHA224, 32: crypto.SHA256,
		48: crypto.SHA384, 64: crypto.SHA512}[n]
}

func printableText(b []byte) bool {
	return bytes.IndexFunc(b, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

// maxDigests is how many digests of one text are looked at.
const maxDigests = 16

var (
	word       = lazyregexp.New(`[0-9A-Za-z+/_-]{27,128}={0,2}`)
	digestName = lazyregexp.New(`(?i)(sha|md5|digest|hash|sign)[\w .:="'-]{0,16}$`)
)

// digestsIn finds the digests in a text. Ids look like digests: those of our
// string are none, and a short one must have a name in front of it.
func (e *Evidence) digestsIn(text string) [][]byte {
	ours := string(e.Canonical())
	var list [][]byte
	for _, at := range word.FindAllStringIndex(text, 200) {
		token := text[at[0]:at[1]]
		digest, ok := readDigest(token)
		if !ok || strings.Contains(ours, token) || len(list) == maxDigests {
			continue
		}
		isHex := strings.Trim(token, "0123456789abcdefABCDEF") == ""
		if isHex && len(digest) == crypto.SHA256.Size() || digestName.MatchString(text[max(0, at[0]-32):at[0]]) {
			list = append(list, digest)
		}
	}
	return list
}

// digestsTold compares digests with ours and with the one inside the
// signature. Where it is neither, the string that has it is to be searched for.
func (e *Evidence) digestsTold(r *Report, digests [][]byte) telling {
	c := &Comparison{Kind: ToldError}
	var t telling
	for _, digest := range digests {
		hash := hashOfSize(len(digest))
		name := HashName(hash)
		ours := target{hash: hash, digests: [][]byte{digest}}.matches(r.Expected)
		signed := r.SignedDigest != nil && bytes.Equal(r.SignedDigest, digest)
		if signed {
			c.Says = fmt.Sprintf("%s is the one inside the signature: what they have is what was signed, and it "+
				"is another string than ours.", e.whose(name))
		}
		if ours {
			c.Says = e.toldOurs(r, e.whose(name)+" is that of our string", signed || r.covers())
		}
		if ours || signed {
			c.Matches = true
			r.Comparison = c
			return telling{}
		}
		i := slices.IndexFunc(t.targets, func(t target) bool { return t.hash == hash })
		if i < 0 {
			t.targets, i = append(t.targets, target{hash: hash}), len(t.targets)
		}
		t.targets[i].digests = append(t.targets[i].digests, digest)
	}
	name := HashName(t.targets[0].hash)
	c.Says = fmt.Sprintf("%s is not that of our string: the strings differ.", e.whose(name))
	if r.SignedDigest != nil && r.Verdict != signing.Verified {
		c.Says = fmt.Sprintf("%s is neither that of our string nor the one inside the signature.", e.whose(name))
	}
	r.Comparison = c
	return t
}

// digestsBeside takes digests that stand in a text into account, beside the
// string t that was found in it, if any.
func (e *Evidence) digestsBeside(r *Report, t telling, digests [][]byte) telling {
	byString := r.Comparison
	d := e.digestsTold(r, digests)
	if byString == nil || r.Comparison.Matches {
		if byString != nil {
			r.Comparison.Told = nil
		}
		return d
	}
	r.Comparison = byString
	for _, more := range d.targets {
		i := slices.IndexFunc(t.targets, func(t target) bool { return t.hash == more.hash })
		if i < 0 {
			t.targets = append(t.targets, more)
			continue
		}
		t.targets[i].digests = append(t.targets[i].digests, more.digests...)
	}
	return t
}

var header = lazyregexp.New(`(?i)(?:algorithm|keyversion|signature)\s*=[^\r\n<>{}]*`)

// readHeader finds the value of a Signature header that a text consists of.
func (e *Evidence) readHeader(text string) (string, bool) {
	if name, rest, ok := strings.Cut(text, ":"); ok && e.Names.Protocol(strings.Trim(name, "\" '")) == signing.HeaderName {
		text = strings.TrimSpace(rest)
	}
	text = strings.Trim(text, "\"'` ")
	at := header.FindStringIndex(text)
	return text, at != nil && at[0] == 0 && at[1] == len(text) && strings.Contains(strings.ToLower(text), "signature")
}

// compareHeader compares their Signature header with the one that arrived.
func (e *Evidence) compareHeader(text string) (*Comparison, []Finding) {
	c := &Comparison{Kind: ToldHeader}
	if len(e.Headers) == 0 {
		c.Says = "They log a Signature header, and none arrived: something between the two sides removed it."
		return c, nil
	}
	if text == e.Headers[0] {
		c.Matches = true
		c.Says = "It is the header that arrived, character for character: nothing changed it on the way."
		return c, nil
	}
	theirs, errTheirs := signing.ParseHeader(text)
	ours, errOurs := signing.ParseHeader(e.Headers[0])
	if errTheirs != nil || errOurs != nil {
		c.Says = fmt.Sprintf("%s differs from the one that arrived at character %d.", e.whose("header"),
			differAt([]byte(text), []byte(e.Headers[0])))
		return c, nil
	}
	sig, _, errTheirs := signing.DecodeValue(theirs.Value)
	own, _, errOurs := signing.DecodeValue(ours.Value)
	same := theirs.Value == ours.Value || errTheirs == nil && errOurs == nil && bytes.Equal(sig, own)
	if !same {
		c.Says = fmt.Sprintf("The signature value that arrived differs from theirs from character %d on "+
			"(%d characters against %d): it was changed on the way.",
			differAt([]byte(theirs.Value), []byte(ours.Value)), len(ours.Value), len(theirs.Value))
		return c, nil
	}
	findings := e.styleFindings(text, theirs, ours, sig)
	switch {
	case theirs.KeyVersion != ours.KeyVersion:
		c.Says = fmt.Sprintf("The signature is the same, but %s says keyVersion %q and %q arrived.",
			lowerFirst(e.whose("header")), theirs.KeyVersion, ours.KeyVersion)
	case theirs.Value != ours.Value:
		c.Says = "The signature is the same, but its value is written differently."
	default:
		c.Matches = true
		c.Says = "Algorithm, keyVersion and value are the same; only the spelling of the header differs."
	}
	return c, findings
}

// styleFindings say how their header is written otherwise than ours. The
// settings are those with which we would write theirs, character for character.
func (e *Evidence) styleFindings(text string, theirs, ours signing.Header, sig []byte) []Finding {
	style, known := styleOf(text, theirs, sig)
	own, _ := styleOf(e.Headers[0], ours, sig)
	known = known && e.Side == apiclient.RequestSide
	var list []Finding
	add := func(differ bool, cause, says, signed, expected, setting string) {
		if !differ {
			return
		}
		f := Finding{Cause: cause, Family: FamilyHeader, Proven: true, Says: says,
			Fix: "Ask the other side which of the two it needs.", Signed: signed, Expected: expected}
		if known {
			f.Setting, f.Fix = setting, "If theirs is right, put the setting into the profile."
		}
		list = append(list, f)
	}
	add(theirs.KeyVersion != ours.KeyVersion, "key_version_differs",
		fmt.Sprintf("Their header has keyVersion %q where ours has %q.", theirs.KeyVersion, ours.KeyVersion),
		theirs.KeyVersion, ours.KeyVersion, configLine("key_version", theirs.KeyVersion))
	add(theirs.Value != ours.Value, "signature_spelling_differs",
		"Their header has the same signature in another spelling.", theirs.Value, ours.Value,
		configLine("signature_encoding", string(style.Encoding)))
	add(known && style.Compact != own.Compact, "signature_header_spacing",
		"Their header has other blanks between its pairs.", text, e.Headers[0],
		configLine("header_spacing", map[bool]string{true: "comma", false: "comma-space"}[style.Compact]))
	return list
}

// styleOf returns the style in which a profile writes a header; ok is false where
// none writes it so.
func styleOf(text string, h signing.Header, sig []byte) (style signing.Style, ok bool) {
	for _, compact := range []bool{false, true} {
		for _, encoding := range []signing.Encoding{signing.PercentBase64, signing.PercentBase64Lower, signing.Base64,
			signing.Base64URL, signing.Base64URLRaw} {
			s := signing.Style{Compact: compact, KeyVersion: h.KeyVersion, Encoding: encoding}
			if s.Header(signing.EncodeValue(sig, encoding)) == text {
				return s, true
			}
		}
	}
	return signing.Style{}, false
}
