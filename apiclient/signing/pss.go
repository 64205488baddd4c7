package signing

import (
	"bytes"
	"cmp"
	"crypto"
	"slices"
)

// PSSBlock is what a public key shows inside an RSA-PSS signature (RFC 8017,
// section 9.1). The digest cannot be read from it; a digest can only be tested.
type PSSBlock struct {
	Hash crypto.Hash // of the content
	MGF  crypto.Hash // of the mask generation function: the same as a rule, SHA-1 where a library left its default
	H    []byte      // the hash over padding, digest and salt
	Salt []byte
	// Certain is false where the salt is so long that little else can be
	// recognised, as by the default of OpenSSL and Node: about one key in ten
	// thousand then looks like the signer by chance.
	Certain bool
}

// Covers reports whether digest, made with Hash, is the one that was signed.
func (b *PSSBlock) Covers(digest []byte) bool {
	if len(digest) != b.Hash.Size() {
		return false
	}
	h := b.Hash.New()
	h.Write(make([]byte, 8))
	h.Write(digest)
	h.Write(b.Salt)
	return bytes.Equal(h.Sum(nil), b.H)
}

var pssHashes = []crypto.Hash{crypto.SHA256, crypto.SHA1, crypto.SHA512, crypto.SHA384, crypto.SHA224,
	crypto.MD5, crypto.SHA512_256}

// pssBlocks unmasks raw with each hash and gives what reads as PSS, the most
// certain first.
func pssBlocks(raw []byte, modulusBits int) []*PSSBlock {
	em := raw[len(raw)-(modulusBits-1+7)/8:]
	topBits := 8*len(em) - (modulusBits - 1)
	if len(raw) > len(em) && raw[0] != 0 || len(em) == 0 || em[len(em)-1] != 0xbc || em[0]>>(8-topBits) != 0 {
		return nil
	}
	type found struct {
		block *PSSBlock
		zeros int
	}
	var all []found
	for _, hash := range pssHashes {
		for i, mgf := range []crypto.Hash{hash, crypto.SHA1, crypto.SHA256} {
			if i > 0 && mgf == hash {
				continue
			}
			block, zeros := unmask(em, topBits, hash, mgf)
			if block == nil || !block.Certain && mgf != hash {
				continue
			}
			all = append(all, found{block, zeros})
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(b.zeros, a.zeros) })
	blocks := make([]*PSSBlock, len(all))
	for i, f := range all {
		blocks[i] = f.block
	}
	return blocks
}

// unmask reads em as maskedDB, H and 0xBC, and counts the zeros before the salt.
func unmask(em []byte, topBits int, hash, mgf crypto.Hash) (*PSSBlock, int) {
	size := len(em) - hash.Size() - 1
	if size < 1 {
		return nil, 0
	}
	h := em[size : len(em)-1]
	db := bytes.Clone(em[:size])
	xorMGF1(db, h, mgf)
	db[0] &= 0xff >> topBits
	rest := bytes.TrimLeft(db, "\x00")
	if len(rest) == 0 || rest[0] != 1 {
		return nil, 0
	}
	zeros := len(db) - len(rest)
	return &PSSBlock{Hash: hash, MGF: mgf, H: h, Salt: rest[1:], Certain: zeros >= minCertain}, zeros
}

// xorMGF1 is MGF1 of RFC 8017, appendix B.2.1, applied to out.
func xorMGF1(out, seed []byte, hash crypto.Hash) {
	h := hash.New()
	var mask []byte
	for counter := uint32(0); len(out) > 0; counter++ {
		h.Reset()
		h.Write(seed)
		h.Write([]byte{byte(counter >> 24), byte(counter >> 16), byte(counter >> 8), byte(counter)})
		mask = h.Sum(mask[:0])
		n := min(len(mask), len(out))
		for i := range n {
			out[i] ^= mask[i]
		}
		out = out[n:]
	}
}
