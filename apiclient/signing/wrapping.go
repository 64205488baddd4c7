package signing

import (
	"bytes"
	"crypto"
	"fmt"
	"unicode/utf8"
)

// malformed reads a block that has a padding and a DigestInfo, but not as
// RFC 8017, section 9.2 wants them. A long run of FF, or the DER of a DigestInfo, is never
// chance: the key did open the signature. The digest may be guessed wrongly
// until settle has seen the content.
func malformed(raw []byte) (Recovered, bool) {
	r := Recovered{Padding: Malformed, Raw: raw}
	start, filled := fillOf(raw)
	info := indexInfo(raw)
	if !filled && info < 0 {
		return Recovered{}, false
	}
	if payload, ok := type1Payload(raw); ok {
		if len(payload) >= minRaw && text(payload) {
			r.Padding = PKCS1v15Raw
			return r, true
		}
		r.Fault = &Warning{"digestinfo_malformed", digestInfoFault(payload)}
		r.Hash, r.Digest = guessDigest(payload)
		return r, true
	}
	r.Fault = &Warning{"padding_malformed", paddingFault(raw, start, filled)}
	r.Hash, r.Digest = guessDigest(raw)
	return r, true
}

// fillOf finds the run of FF that pads, near the front of raw.
func fillOf(raw []byte) (start int, ok bool) {
	run := bytes.Repeat([]byte{0xff}, minCertain)
	start = bytes.Index(raw[:min(len(raw), 4*minCertain)], run)
	return start, start >= 0
}

// indexInfo finds the DER before a SHA-2, SHA-1 or other known digest.
func indexInfo(raw []byte) int {
	for _, info := range digestInfos {
		if i := bytes.Index(raw, info.withNULL); i >= 0 {
			return i
		}
	}
	return -1
}

// paddingFault says where the padding 00 01 FF … FF 00 is left.
func paddingFault(raw []byte, start int, filled bool) string {
	switch {
	case !filled:
		if info := indexInfo(raw); info < 3+minCertain {
			return fmt.Sprintf("the padding is too short: %d bytes stand before the DigestInfo, where at least "+
				"%d "+"are due", info, 3+minCertain)
		}
		return "the bytes before the DigestInfo are not FF"
	case !bytes.Equal(raw[:start], []byte{0, 1}):
		return fmt.Sprintf("the padding starts with % X where 00 01 belongs", raw[:start])
	}
	rest := afterFill(raw[start:])
	if len(rest) == 0 {
		return "the padding fills the whole block, and nothing stands behind it"
	}
	return fmt.Sprintf("the FF bytes of the padding end in %02X where 00 belongs", rest[0])
}

// guessDigest takes the hash that a malformed DigestInfo names, and the bytes
// in the place of the digest.
func guessDigest(b []byte) (crypto.Hash, []byte) {
	for _, info := range digestInfos {
		i := bytes.Index(b, info.oid)
		if i < 0 {
			continue
		}
		rest := b[i+len(info.oid):]
		if at := bytes.Index(rest, []byte{4, byte(info.hash.Size())}); at >= 0 && len(rest)-at-2 >= info.hash.Size() {
			return info.hash, rest[at+2:][:info.hash.Size()]
		}
		if len(rest) >= info.hash.Size() {
			return info.hash, rest[len(rest)-info.hash.Size():]
		}
		return 0, nil
	}
	if size := crypto.SHA256.Size(); len(b) >= size && len(b) <= 4*size {
		return crypto.SHA256, b[len(b)-size:]
	}
	return 0, nil
}

// text tells content that was not hashed from DER and rubbish.
func text(b []byte) bool {
	return len(b) > 0 && utf8.Valid(b) && bytes.IndexFunc(b, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f
	}) < 0
}

// digestInfoFault says what is wrong in a DigestInfo, the outermost fault only.
func digestInfoFault(b []byte) string {
	info, rest, fault := element(b, 0x30, "the DigestInfo")
	if fault == "" && len(rest) > 0 {
		fault = behind(rest, "the DigestInfo")
	}
	if fault != "" {
		return fault
	}
	algorithm, rest, fault := element(info, 0x30, "the AlgorithmIdentifier")
	if fault != "" {
		return fault
	}
	oid, parameters, fault := element(algorithm, 0x06, "the hash's object identifier")
	if fault != "" {
		return fault
	}
	hash := hashOfOID(oid)
	if hash == 0 {
		return fmt.Sprintf("the object identifier % X names no hash that is known here", oid)
	}
	digest, rest, fault := element(rest, 0x04, "the digest")
	if fault != "" {
		return fault
	}
	if len(rest) > 0 {
		return behind(rest, "the digest")
	}
	if len(parameters) > 0 {
		null, extra, fault := element(parameters, 0x05, "the NULL parameter")
		switch {
		case fault != "":
			return fault
		case len(null) > 0:
			return fmt.Sprintf("the NULL parameter has %s inside", count(len(null)))
		case len(extra) > 0:
			return behind(extra, "the NULL parameter")
		}
	}
	if len(digest) != hash.Size() {
		return fmt.Sprintf("the DigestInfo names %s, whose digests have %d bytes, and holds %s", hash,
			hash.Size(), count(len(digest)))
	}
	return "the DigestInfo is not the one of RFC 8017"
}

func behind(rest []byte, name string) string {
	if len(rest) == 1 {
		return "1 byte stands behind " + name
	}
	return fmt.Sprintf("%d bytes stand behind %s", len(rest), name)
}

func count(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}

func hashOfOID(oid []byte) crypto.Hash {
	for _, info := range digestInfos {
		if bytes.Equal(info.oid[2:], oid) {
			return info.hash
		}
	}
	return 0
}

// element reads one element of DER with that tag, and what follows it. fault
// says why it cannot.
func element(b []byte, tag byte, name string) (value, rest []byte, fault string) {
	switch {
	case len(b) == 0:
		return nil, nil, name + " is missing"
	case b[0] != tag:
		return nil, nil, fmt.Sprintf("the tag of %s is %02X where %02X belongs", name, b[0], tag)
	case len(b) == 1:
		return nil, nil, name + " ends before its length"
	}
	n, rest := int(b[1]), b[2:]
	switch {
	case n == 0x80:
		return nil, nil, "the length of " + name + " is indefinite, which DER does not allow"
	case n > 0x80 && n&0x7f > len(rest):
		return nil, nil, "the length of " + name + " is cut"
	case n > 0x80:
		return nil, nil, fmt.Sprintf("the length of %s is written in %d bytes (% X), and DER needs one", name,
			1+n&0x7f, b[1:2+n&0x7f])
	case n > len(rest):
		return nil, nil, fmt.Sprintf("the length of %s is %d, and %d follow", name, n, len(rest))
	}
	return rest[:n], rest[n:], ""
}

// holds reports whether the block of a signature has the digest of canonical in
// it: by which hash, and whether it is whole. Half of a digest is 8 bytes or
// more, and never chance.
func (r Recovered) holds(canonical []byte, hashes ...crypto.Hash) (hash crypto.Hash, digest []byte, whole bool) {
	for _, h := range hashes {
		if !h.Available() {
			continue
		}
		sum := h.New()
		sum.Write(canonical)
		digest := sum.Sum(nil)
		half := len(digest) / 2
		switch {
		case bytes.Contains(r.Raw, digest):
			return h, digest, true
		case bytes.Contains(r.Raw, digest[:half]) || bytes.Contains(r.Raw, digest[half:]):
			return h, digest, false
		}
	}
	return 0, nil, false
}

// holdsRaw reports whether the content itself stands where its digest belongs.
func (r Recovered) holdsRaw(canonical []byte) bool {
	return len(canonical) >= minRaw && (r.Padding == Malformed && bytes.Contains(r.Raw, canonical) ||
		bytes.Equal(bytes.TrimRight(r.Digest, "\x00"), canonical))
}

// settleWrapping decides by the content what a block holds whose digest is not
// wrapped by the rule, or was changed in part.
func (r *Recovered) settleWrapping(canonical []byte) {
	hashes := []crypto.Hash{crypto.SHA256}
	switch {
	case r.Padding == Malformed:
		hashes = pssHashes
	case r.PSS != nil || r.Digest == nil || r.Covers(canonical):
		return
	}
	named, inside := r.Hash, r.Digest
	hash, digest, whole := r.holds(canonical, hashes...)
	if hash == 0 {
		if r.holdsRaw(canonical) {
			r.Padding, r.Hash, r.Digest = Malformed, 0, nil
			r.Fault = &Warning{"content_not_hashed",
				"the content itself stands where its digest belongs: it was not hashed"}
		}
		return
	}
	payload, _ := type1Payload(r.Raw)
	r.Hash, r.Digest = hash, digest
	switch {
	case !whole && r.Padding == PKCS1v15 && named == hash:
		r.Fault = &Warning{"digest_damaged", fmt.Sprintf("%d of the %d bytes of the digest differ from that of this "+
			"content: it was changed after hashing", differ(digest, inside), len(digest))}
	case r.Padding == PKCS1v15:
		r.Fault = &Warning{"digestinfo_malformed",
			fmt.Sprintf("the DigestInfo names %s, and the digest is made with %s", named, hash)}
	case r.Padding != Malformed:
		r.Fault = &Warning{"digestinfo_malformed", digestInfoFault(payload)}
	}
	if r.Padding = Malformed; !whole && r.Fault.Cause != "digest_damaged" {
		r.Fault = &Warning{r.Fault.Cause, r.Fault.Says + "; the digest is there in part, or in pieces"}
	}
}

func differ(a, b []byte) int {
	n := 0
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			n++
		}
	}
	return n
}

// minRaw is the shortest content in bytes that is recognised inside a block.
const minRaw = 4
