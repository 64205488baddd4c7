package diagnose

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"hash"
	"slices"

	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/signing"
)

// target is what the signed bytes must hash to.
type target struct {
	hash    crypto.Hash
	digests [][]byte            // any of these; none for PSS
	blocks  []*signing.PSSBlock // of this hash; a digest can only be tested against them
	known   [][]byte            // the bytes themselves, where the signature or the other side shows them
}

// targetsOf returns what opening a signature shows of its content: one target as
// a rule, one for each hash where a PSS signature leaves that open.
func targetsOf(r *signing.Recovered, pub *rsa.PublicKey) []target {
	switch {
	case r == nil:
		return nil
	case r.PSS != nil:
		var list []target
		for _, b := range r.Blocks(pub) {
			i := slices.IndexFunc(list, func(t target) bool { return t.hash == b.Hash })
			if i < 0 {
				list = append(list, target{hash: b.Hash})
				i = len(list) - 1
			}
			list[i].blocks = append(list[i].blocks, b)
		}
		return list
	case r.Hash == 0:
		// The content itself, or something that is made of it.
		return []target{knownTarget(r.Payload())}
	case r.Hash.Available() && r.Digest != nil:
		return []target{{hash: r.Hash, digests: [][]byte{r.Digest}}}
	}
	return nil
}

// knownTarget returns a target for bytes that are shown: any of those given.
func knownTarget(contents ...[]byte) target {
	t := target{hash: crypto.SHA256, known: contents}
	for _, c := range contents {
		sum := sha256.Sum256(c)
		t.digests = append(t.digests, sum[:])
	}
	return t
}

// search makes what the search needs of it.
func (t target) search() search.Digest {
	return search.Digest{
		New: func() hash.Hash { return t.hash.New() },
		Matcher: func() func([]byte) bool {
			if len(t.digests) == 0 {
				return t.coveredBy
			}
			var first [256]bool
			for _, d := range t.digests {
				first[d[0]] = true
			}
			return func(d []byte) bool { return first[d[0]] && t.has(d) }
		},
	}
}

// has reports whether a digest is one of those that are looked for.
func (t target) has(digest []byte) bool {
	return slices.ContainsFunc(t.digests, func(d []byte) bool { return bytes.Equal(d, digest) })
}

// coveredBy tests a digest against the PSS blocks.
func (t target) coveredBy(digest []byte) bool {
	return slices.ContainsFunc(t.blocks, func(b *signing.PSSBlock) bool { return b.Covers(digest) })
}

// matches hashes content and tests it.
func (t target) matches(content []byte) bool {
	h := t.hash.New()
	h.Write(content)
	d := h.Sum(nil)
	if len(t.digests) > 0 {
		return t.has(d)
	}
	return t.coveredBy(d)
}
