package diagnose

import (
	"bytes"
	"fmt"
	"slices"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/english"
	"countersign/apiclient/wire"
)

// otherBodies adds the other bodies that were at hand, which may have stood in the
// place of this one.
func (h *hunt) otherBodies(set *variant.Set) {
	m := h.e.message()
	if decoded := h.e.decoded(); decoded != nil {
		h.addSource(set, decoded, notDecoded)
	}
	if plain, ok := wire.Unchunk(m.Body); ok {
		h.addSource(set, plain, habit{"body_chunked_not_decoded",
			"The signature is right over the body without its chunked coding, which is still in the body here, with no " +
				"header that names it.",
			"a capture of the socket, or a header that was lost on the way"})
	}
	if n, ok := m.Announced(); ok && n < int64(len(m.Body)) {
		h.addSource(set, m.Body[:n], beyondLength(n, len(m.Body)))
	}
	h.formBodies(set, false)
	h.joinedBodies(set)
	if h.e.Side == apiclient.ResponseSide {
		h.addSource(set, h.e.Exchange.Request.Body,
			habit{"response_signed_over_request_body", "The request's body was signed instead of the response's.",
				"the code that verifies the request, copied for the response"})
	} else if r := h.e.Exchange.Response; r != nil {
		h.addSource(set, r.Body, habit{"request_signed_over_response_body",
			"The response's body was signed instead of the request's.", "a variable that is used twice"})
	}
}

// formBodies adds the JSON that a form was made of.
func (h *hunt) formBodies(set *variant.Set, deep bool) {
	m := h.e.message()
	for _, v := range bodies.FromForm(m.Content(), m.Get("Content-Type"), bodyLimit/4, deep, h.search.Expired) {
		set.Add(v)
	}
}

// beyondLength says that more bytes follow than the Content-Length has.
func beyondLength(announced int64, all int) habit {
	return habit{"body_beyond_length", fmt.Sprintf("The first %s of the body, which its Content-Length announces, "+
		"were signed; "+
		"%s more follow, which are no part of it.", english.Count(int(announced), "byte"), english.Count(all-int(announced),
		"byte")),
		"a file or capture in which something stands behind the message, or bytes that were added to the body after it " +
			"was signed"}
}

// joinedBodies puts in both bodies of the exchange, one behind the other.
func (h *hunt) joinedBodies(set *variant.Set) {
	r := h.e.Exchange.Response
	if h.e.Side != apiclient.ResponseSide || r == nil || len(h.e.Exchange.Request.Body) == 0 {
		return
	}
	both := variant.Change(habit{"response_signed_over_both_bodies",
		"The bodies of request and response were both signed.", "a buffer that was not cleared between the two"})
	for i, join := range []string{"", ".", "\n"} {
		for _, b := range [][2][]byte{{h.e.Exchange.Request.Body, r.Body}, {r.Body, h.e.Exchange.Request.Body}} {
			set.Add(variant.Variant{Bytes: slices.Concat(b[0], []byte(join), b[1]), Changes: []variant.Change{both},
				Cost: variant.Plausible + i})
		}
	}
}

// addSource puts in another body and, as a second change, what one change
// makes of it.
func (h *hunt) addSource(set *variant.Set, source []byte, why habit) {
	if len(source) == 0 && why != notDecoded {
		return
	}
	first := variant.Change(why)
	set.Add(variant.Variant{Bytes: source, Changes: []variant.Change{first}, Cost: variant.Common})
	for _, v := range bodies.NewMaker(source, h.search.Expired).Singles(bodyLimit / 4) {
		if v.Cost > 0 && v.Cost <= variant.Rare {
			changes := append([]variant.Change{first}, v.Changes...)
			set.Add(variant.Variant{Bytes: v.Bytes, Changes: changes, Cost: variant.Common + v.Cost})
		}
	}
}

// decoded returns the body without its content coding; nil where it has none.
func (e *Evidence) decoded() []byte {
	m := e.message()
	if m.Decoded != nil {
		return m.Decoded
	}
	decoded, err := wire.DecodeBody(m, apiclient.DefaultMaxResponse)
	if err != nil {
		return nil
	}
	if decoded == nil && bytes.HasPrefix(m.Body, []byte{0x1f, 0x8b}) {
		// Compressed, and nothing says so.
		named := *m
		named.Header = append([]apiclient.Field{{Name: "Content-Encoding", Value: "gzip"}}, m.Header...)
		if decoded, err = wire.DecodeBody(&named, apiclient.DefaultMaxResponse); err != nil {
			return nil
		}
	}
	return decoded
}
