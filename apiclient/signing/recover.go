package signing

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"encoding/hex"
	"math/big"
)

// Recover opens sig with pub: one public operation, s^e mod n, and a look at
// what comes out. It reports false where that is no padding known to Padding,
// which for PKCS#1 v1.5 means with certainty that another key made sig, or that
// sig was changed. Signatures of another length than the modulus are never
// opened. It explains and does not verify. Key is left empty.
func Recover(pub *rsa.PublicKey, sig []byte) (Recovered, bool) {
	raw, ok := publicOperation(pub, sig)
	if !ok {
		return Recovered{}, false
	}
	if payload, ok := type1Payload(raw); ok {
		if r := readPayload(payload); r.Padding != PKCS1v15Raw {
			r.Raw = raw
			return r, true
		}
		return malformed(raw)
	}
	if r, ok := otherPadding(pub, raw); ok {
		return r, true
	}
	if blocks := pssBlocks(raw, pub.N.BitLen()); len(blocks) > 0 {
		return Recovered{Hash: blocks[0].Hash, Padding: PSS, Raw: raw, PSS: blocks[0]}, true
	}
	if payload := bytes.TrimLeft(raw, "\x00"); len(raw)-len(payload) >= minCertain && len(payload) > 1 {
		// A digest may itself begin with zeros: count its length from the end.
		r := readPayload(trimToDigest(raw, payload))
		r.Padding, r.Raw = Unpadded, raw
		return r, true
	}
	return malformed(raw)
}

// minCertain is how many known bytes leave nothing to chance.
const minCertain = 8

// usable reports whether the arithmetic is defined with pub.
func usable(pub *rsa.PublicKey) bool {
	return pub != nil && pub.N != nil && pub.N.Sign() > 0 && pub.N.Bit(0) == 1 && pub.E > 1
}

// publicOperation returns s^e mod n, as long as the modulus.
func publicOperation(pub *rsa.PublicKey, sig []byte) ([]byte, bool) {
	if !usable(pub) || len(sig) != pub.Size() {
		return nil, false
	}
	s := new(big.Int).SetBytes(sig)
	if s.Cmp(pub.N) >= 0 {
		return nil, false
	}
	s.Exp(s, big.NewInt(int64(pub.E)), pub.N)
	return s.FillBytes(make([]byte, len(sig))), true
}

// type1Payload returns what stands behind 00 01 FF…FF 00 (RFC 8017, section 9.2).
func type1Payload(raw []byte) ([]byte, bool) {
	if len(raw) < 3+minCertain || raw[0] != 0 || raw[1] != 1 {
		return nil, false
	}
	rest := afterFill(raw[2:])
	if len(raw)-2-len(rest) < minCertain || len(rest) == 0 || rest[0] != 0 {
		return nil, false
	}
	return rest[1:], true
}

// afterFill returns what stands behind a run of FF; bytes.TrimLeft takes a cutset
// of characters, and FF is none.
func afterFill(b []byte) []byte {
	for len(b) > 0 && b[0] == 0xff {
		b = b[1:]
	}
	return b
}

// type2Payload returns what stands behind 00 02 and at least eight bytes that are not
// zero (RFC 8017, section 7.2).
func type2Payload(raw []byte) ([]byte, bool) {
	if len(raw) < 3+minCertain || raw[0] != 0 || raw[1] != 2 {
		return nil, false
	}
	end := bytes.IndexByte(raw[2:], 0)
	if end < minCertain {
		return nil, false
	}
	return raw[2+end+1:], true
}

// otherPadding knows the paddings that libraries offer besides PKCS#1 v1.5 type
// 1 and PSS. What is inside must be a digest as signers write it: two bytes of
// padding alone would be chance.
func otherPadding(pub *rsa.PublicKey, raw []byte) (Recovered, bool) {
	if payload, ok := type2Payload(raw); ok {
		if r := readPayload(payload); r.Hash != 0 && r.Padding == PKCS1v15 || r.Padding == PKCS1v15Hex {
			r.Padding, r.Raw = PKCS1v15Type2, raw
			return r, true
		}
	}
	if raw[len(raw)-1]&0x0f != 0x0c {
		// X9.31 takes the smaller of s and n-s.
		raw = new(big.Int).Sub(pub.N, new(big.Int).SetBytes(raw)).FillBytes(make([]byte, len(raw)))
	}
	return x931(raw)
}

// x931Hashes are the hash identifiers of ANSI X9.31 (ISO/IEC 10118).
var x931Hashes = map[byte]crypto.Hash{0x33: crypto.SHA1, 0x34: crypto.SHA256, 0x35: crypto.SHA512,
	0x36: crypto.SHA384, 0x38: crypto.SHA224}

func x931(raw []byte) (Recovered, bool) {
	hash, known := x931Hashes[raw[len(raw)-2]]
	if !known || raw[len(raw)-1] != 0xcc || raw[0] != 0x6b {
		return Recovered{}, false
	}
	start := len(raw) - 2 - hash.Size()
	if start < 2+minCertain || raw[start-1] != 0xba || len(bytes.Trim(raw[1:start-1], "\xbb")) > 0 {
		return Recovered{}, false
	}
	return Recovered{Hash: hash, Padding: X931, Digest: raw[start : len(raw)-2], Raw: raw}, true
}

// trimToDigest returns the longest digest that ends raw and whose first bytes
// may be zero; payload where none fits.
func trimToDigest(raw, payload []byte) []byte {
	for _, h := range digestHashes {
		if n := h.Size(); n >= len(payload) && n-len(payload) <= 2 && n <= len(raw) {
			return raw[len(raw)-n:]
		}
	}
	return payload
}

// digestHashes are the hashes that a bare digest may come from, one for each
// length and the likeliest first.
var digestHashes = []crypto.Hash{crypto.SHA256, crypto.SHA1, crypto.MD5, crypto.SHA224, crypto.SHA384,
	crypto.SHA512, crypto.MD5SHA1}

// readPayload tells what type 1 padding was put around.
func readPayload(payload []byte) Recovered {
	for _, info := range digestInfos {
		if len(payload) == len(info.withNULL)+info.hash.Size() && bytes.HasPrefix(payload, info.withNULL) {
			return Recovered{Hash: info.hash, Padding: PKCS1v15, Digest: payload[len(info.withNULL):]}
		}
		if len(payload) == len(info.without)+info.hash.Size() && bytes.HasPrefix(payload, info.without) {
			return Recovered{Hash: info.hash, Padding: PKCS1v15NoNULL, Digest: payload[len(info.without):]}
		}
	}
	if digest := make([]byte, len(payload)/2); len(payload)%2 == 0 {
		if _, err := hex.Decode(digest, payload); err == nil {
			if h := hashOfSize(len(digest)); h != 0 {
				return Recovered{Hash: h, Padding: PKCS1v15Hex, Digest: digest}
			}
		}
	}
	if digest, ok := base64Digest(payload); ok {
		return Recovered{Hash: hashOfSize(len(digest)), Padding: PKCS1v15Base64, Digest: digest}
	}
	if h := hashOfSize(len(payload)); h != 0 && !printable(payload) {
		return Recovered{Hash: h, Padding: PKCS1v15Bare, Digest: payload}
	}
	return Recovered{Padding: PKCS1v15Raw}
}

func hashOfSize(n int) crypto.Hash {
	for _, h := range digestHashes {
		if h.Size() == n {
			return h
		}
	}
	return 0
}

// printable tells text from a digest of the same length: 16 random bytes are
// all printable once in five million.
func printable(b []byte) bool {
	for _, c := range b {
		if (c < ' ' || c > '~') && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return len(b) > 0
}

// digestInfo holds the DER that stands before a digest.
type digestInfo struct {
	hash                   crypto.Hash
	oid, withNULL, without []byte // oid with its tag and length
}

// digestInfos is built from the object identifiers: RFC 8017, section 9.2,
// and NIST's for SHA-3.
var digestInfos = func() []digestInfo {
	nist := func(last byte) []byte { return []byte{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last} }
	var infos []digestInfo
	for _, row := range []struct {
		hash crypto.Hash
		oid  []byte
	}{
		{crypto.SHA256, nist(1)},
		{crypto.SHA1, []byte{0x2b, 0x0e, 0x03, 0x02, 0x1a}},
		{crypto.SHA512, nist(3)},
		{crypto.SHA384, nist(2)},
		{crypto.MD5, []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05}},
		{crypto.SHA224, nist(4)},
		{crypto.SHA512_256, nist(6)},
		{crypto.SHA512_224, nist(5)},
		{crypto.RIPEMD160, []byte{0x2b, 0x24, 0x03, 0x02, 0x01}},
		{crypto.SHA3_224, nist(7)},
		{crypto.SHA3_256, nist(8)},
		{crypto.SHA3_384, nist(9)},
		{crypto.SHA3_512, nist(10)},
	} {
		oid := append([]byte{0x06, byte(len(row.oid))}, row.oid...)
		infos = append(infos, digestInfo{row.hash, oid,
			infoPrefix(append(oid[:len(oid):len(oid)], 0x05, 0x00), row.hash), infoPrefix(oid, row.hash)})
	}
	return infos
}()

// infoPrefix returns SEQUENCE { SEQUENCE { algorithm }, OCTET STRING … up to the
// digest.
func infoPrefix(algorithm []byte, h crypto.Hash) []byte {
	size := byte(h.Size())
	prefix := []byte{0x30, byte(len(algorithm)) + 4 + size, 0x30, byte(len(algorithm))}
	return append(append(prefix, algorithm...), 0x04, size)
}
