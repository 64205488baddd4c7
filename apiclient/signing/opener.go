package signing

import (
	"crypto/rsa"
)

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
