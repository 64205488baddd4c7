package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"countersign/apiclient/redact"
)

// part is a stretch of a string around what is masked: whoever has the whole
// string can compare each.
type part struct {
	From, Size int
	Masked     bool
	SHA256     string // of the bytes that are shown; "" for those that are masked
}

// partsOf takes a string apart at what is masked in shown; nil where that cannot be
// told for certain, as where a masked value is written otherwise than it reads.
func partsOf(whole, shown []byte, values []redact.Value) []part {
	var list []part
	at := 0
	for len(shown) > 0 {
		from, to, size := nextMark(shown, values)
		if from > 0 {
			if !bytes.HasPrefix(whole[at:], shown[:from]) {
				return nil
			}
			sum := sha256.Sum256(whole[at : at+from])
			list = append(list, part{From: at, Size: from, SHA256: hex.EncodeToString(sum[:])})
			at += from
		}
		if size > 0 {
			if size = min(size, len(whole)-at); size == 0 {
				return nil
			}
			list = append(list, part{From: at, Size: size, Masked: true})
		}
		at, shown = at+size, shown[to:]
	}
	if at != len(whole) {
		return nil
	}
	return list
}

// nextMark finds the first mask in a text, and the size of what it stands for; 0
// where there is none.
func nextMark(text []byte, values []redact.Value) (from, to, size int) {
	from, to = len(text), len(text)
	for _, v := range values {
		if at := bytes.Index(text[:min(len(text), from+len(v.Mark))], []byte(v.Mark)); at >= 0 && at < from {
			from, to, size = at, at+len(v.Mark), v.Size
		}
	}
	return from, to, size
}
