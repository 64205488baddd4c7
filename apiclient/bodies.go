package apiclient

import "bytes"

// Bodies are the bodies of an exchange: of the request, of the request decoded, of the
// response, of the response decoded. nil: there is none.
type Bodies [4][]byte

// Bodies returns the bodies of the exchange. They are not copied.
func (e *Exchange) Bodies() Bodies {
	b := Bodies{e.Request.Body, e.Request.Decoded}
	if e.Response != nil {
		b[2], b[3] = e.Response.Body, e.Response.Decoded
	}
	return b
}

// shareFrom is the size in bytes from which a body is not kept in memory beside
// the signed string that ends in it.
const shareFrom = 1 << 20

func shared(body, canonical []byte) []byte {
	if len(body) < shareFrom || !bytes.HasSuffix(canonical, body) {
		return body
	}
	return canonical[len(canonical)-len(body) : len(canonical) : len(canonical)]
}

// quoteFrom is the size in bytes from which quoting a body saves space.
const quoteFrom = 64

// quote finds the largest of the bodies in a signed string, and what stands around it.
func (b *Bodies) quote(signed []byte) (body int, before, after []byte, ok bool) {
	for n, candidate := range b {
		if len(candidate) < quoteFrom || ok && len(candidate) <= len(b[body]) {
			continue
		}
		i := len(signed) - len(candidate) // where a body nearly always is
		if !bytes.HasSuffix(signed, candidate) {
			i = bytes.Index(signed, candidate)
		}
		if i >= 0 {
			body, before, after, ok = n, signed[:i], signed[i+len(candidate):], true
		}
	}
	return body, before, after, ok
}
