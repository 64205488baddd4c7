package diagnose

import (
	"bytes"
	"context"
	"crypto"
	"fmt"
	"slices"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/diagnose/habits"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/english"
	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// hunt is the search for the bytes that were signed.
type hunt struct {
	ctx     context.Context
	until   time.Time // zero where there is no end
	e       *Evidence
	target  target
	search  *search.Searcher
	stage   func(string)
	rule    []byte // what the rule gives
	space   search.Space
	parts   [search.Parts][]variant.Variant
	layouts *habits.Layouts
	wholes  []habits.Whole
	maker   *bodies.Maker
	partly  found // what is known of a string that was shown, where not all of it is a habit
}

// found is a set of bytes that matched, and how one comes to them.
type found struct {
	content []byte
	hash    crypto.Hash     // of the target; 0 where the string itself was shown
	rule    signing.Content // the values that content is made of, as far as they are known
	changes []explained
}

// explained is a change with the part that it concerns.
type explained struct {
	variant.Change
	part             search.Part // search.None where it is about the string
	signed, expected string
	also             []variant.Change
}

// habit is a variant.Change as the tables write it.
type habit struct{ Cause, Says, Habit string }

// bodyLimit is how many bytes the variants of a body may take.
const bodyLimit = 48 << 20

// newHunt makes the search for one target.
func newHunt(ctx context.Context, e *Evidence, t target, o Options, until time.Time, stage func(string)) *hunt {
	return &hunt{
		ctx: ctx, until: until, e: e, target: t, rule: e.Canonical(), stage: stage,
		search: search.New(ctx, t.search(), o.workers(), time.Now, until),
	}
}

// prepare makes the variants of all parts that one change makes.
func (h *hunt) prepare() {
	e := h.e
	if !e.hasExchange() {
		body := search.Layout{Pieces: []search.Piece{{Part: search.Body}}}
		h.layouts = &habits.Layouts{List: []habits.Layout{{Layout: body}}}
		h.parts[search.Body] = h.singles(e.Content)
	} else {
		bodies := make(chan []variant.Variant, 1)
		go func() { bodies <- h.bodies() }()
		src := e.source()
		h.parts[search.Method] = src.Methods()
		h.parts[search.Target] = src.Paths()
		h.parts[search.Client] = src.Clients()
		h.parts[search.Time] = src.Times()
		h.layouts = src.Layouts()
		h.parts[search.Body] = <-bodies
	}
	h.wholes = habits.Wholes()
	h.useLayouts()
	for _, w := range h.wholes {
		h.space.Wholes = append(h.space.Wholes, w.Whole)
	}
	for p := range h.parts {
		h.space.Variants[p] = plainVariants(h.parts[p])
	}
}

// useLayouts puts the layouts into the space.
func (h *hunt) useLayouts() {
	h.space.Layouts = h.space.Layouts[:0]
	for _, l := range h.layouts.List {
		h.space.Layouts = append(h.space.Layouts, l.Layout)
	}
}

func plainVariants(list []variant.Variant) []search.Variant {
	out := make([]search.Variant, len(list))
	for i, v := range list {
		out[i] = search.Variant{Bytes: v.Bytes, Cost: v.Cost}
	}
	return out
}

func (h *hunt) singles(body []byte) []variant.Variant {
	// Making them must leave time for trying them.
	half := time.Now().Add(time.Until(h.until) / 2)
	making := true
	h.maker = bodies.NewMaker(body, func() bool {
		return h.search.Expired() || making && !h.until.IsZero() && time.Now().After(half)
	})
	h.maker.Prefer = h.e.stack().has
	list := h.maker.Singles(bodyLimit)
	making = false
	return list
}

// bodies returns what may have stood in the place of the body: itself changed,
// and the other bodies that were at hand.
func (h *hunt) bodies() []variant.Variant {
	m := h.e.message()
	set := variant.NewSet(m.Body, bodyLimit)
	for _, v := range h.singles(m.Body) {
		set.Add(v)
	}
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
	for _, v := range bodies.FromForm(m.Content(), m.Get("Content-Type"), bodyLimit/4, h.search.Expired) {
		set.Add(v)
	}
	h.joinedBodies(set)
	if h.e.Side == apiclient.ResponseSide {
		h.addSource(set, h.e.Exchange.Request.Body,
			habit{"response_signed_over_request_body", "The request's body was signed instead of the response's.",
				"the code that verifies the request, copied for the response"})
	} else if r := h.e.Exchange.Response; r != nil {
		h.addSource(set, r.Body, habit{"request_signed_over_response_body",
			"The response's body was signed instead of the request's.", "a variable that is used twice"})
	}
	return set.Variants()
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

// explain turns a hit into words.
func (h *hunt) explain(hit search.Hit, seq *search.Sequence,
	how func(part search.Part, index int) []variant.Change) found {
	f := found{content: h.space.Bytes(hit, seq), rule: h.e.values()}
	for _, part := range partOrder {
		if len(h.parts[part]) == 0 {
			continue // a bare string has one part
		}
		index := hit.Choice[part]
		var changes []variant.Change
		var signed []byte
		var also []variant.Change
		expected := h.parts[part][0].Bytes
		switch {
		case seq != nil && seq.Part == part:
			changes, signed = how(part, index), seq.Append(nil, index)
		case index > 0:
			v := h.parts[part][index]
			changes, signed, also = v.Changes, v.Bytes, v.Also
		}
		if len(changes) > 0 {
			f.rule = withValue(f.rule, part, signed)
		}
		for _, c := range changes {
			s, e := differing(signed, expected)
			f.changes = append(f.changes, explained{Change: c, part: part, signed: s, expected: e, also: also})
		}
	}
	if hit.Whole > 0 {
		h.atEndOfBody(hit, &f)
	}
	signed, expected := differing(f.content, h.rule)
	for _, c := range h.layouts.List[hit.Layout].Changes {
		f.changes = append(f.changes, explained{Change: c, part: search.None, signed: signed, expected: expected})
	}
	if hit.Whole > 0 && endOfBody[h.wholes[hit.Whole].Change.Cause] == "" {
		f.changes = append(f.changes,
			explained{Change: h.wholes[hit.Whole].Change, part: search.None, signed: signed, expected: expected})
	}
	return f
}

// endOfBody are the changes at the end of the string that are as well changes
// at the end of the body, which comes last.
var endOfBody = map[string]string{
	"content_trailing_newline": "body_trailing_newline", "content_trailing_nul": "body_trailing_nul",
	"content_trailing_blank": "body_whitespace_trimmed",
}

// atEndOfBody tells such a change as one of the body.
func (h *hunt) atEndOfBody(hit search.Hit, f *found) {
	whole := h.wholes[hit.Whole].Change
	cause := endOfBody[whole.Cause]
	if cause == "" {
		return
	}
	signed, expected := differing(f.content, h.rule)
	body := whole
	body.Cause = cause
	f.changes = append(f.changes,
		explained{Change: body, part: search.None, signed: signed, expected: expected, also: []variant.Change{whole}})
}

// partOrder is the order in which findings are told.
var partOrder = []search.Part{search.Body, search.Target, search.Time, search.Client, search.Method}
