package diagnose

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"hash"

	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/signing"
)

// target is what the signed bytes must hash to.
type target struct {
	hash   crypto.Hash
	digest []byte              // nil for PSS
	blocks []*signing.PSSBlock // of this hash; a digest can only be tested against them
	known  []byte              // the signed bytes themselves, where the signature shows them
}

// targetsOf gives what opening a signature shows of its content: one target as
// a rule, one for each hash where a PSS signature leaves that open.
func targetsOf(r *signing.Recovered, pub *rsa.PublicKey) []target {
	switch {
	case r == nil:
		return nil
	case r.PSS != nil:
		var list []target
		for _, b := range r.Blocks(pub) {
			i := indexOf(list, func(t target) bool { return t.hash == b.Hash })
			if i < 0 {
				list = append(list, target{hash: b.Hash})
				i = len(list) - 1
			}
			list[i].blocks = append(list[i].blocks, b)
		}
		return list
	case r.Hash == 0:
		// The content itself, or something that is made of it.
		payload := r.Payload()
		sum := sha256.Sum256(payload)
		return []target{{hash: crypto.SHA256, digest: sum[:], known: payload}}
	case r.Hash.Available() && r.Digest != nil:
		return []target{{hash: r.Hash, digest: r.Digest}}
	}
	return nil
}

func indexOf[T any](list []T, f func(T) bool) int {
	for i, v := range list {
		if f(v) {
			return i
		}
	}
	return -1
}

// knownTarget is a target for bytes that somebody showed.
func knownTarget(content []byte) target {
	sum := sha256.Sum256(content)
	return target{hash: crypto.SHA256, digest: sum[:], known: content}
}

// search makes what the search needs of it.
func (t target) search() search.Digest {
	return search.Digest{
		New: func() hash.Hash { return t.hash.New() },
		Matcher: func() func([]byte) bool {
			if t.digest != nil {
				want, first := t.digest, t.digest[0]
				return func(d []byte) bool { return d[0] == first && bytes.Equal(d, want) }
			}
			return t.coveredBy
		},
	}
}

// coveredBy tests a digest against the PSS blocks.
func (t target) coveredBy(digest []byte) bool {
	for _, b := range t.blocks {
		if b.Covers(digest) {
			return true
		}
	}
	return false
}

// matches hashes content and tests it.
func (t target) matches(content []byte) bool {
	h := t.hash.New()
	h.Write(content)
	d := h.Sum(nil)
	if t.digest != nil {
		return bytes.Equal(d, t.digest)
	}
	return t.coveredBy(d)
}
