package diagnose

import (
	"context"
	"crypto"
	"slices"
	"time"

	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/diagnose/habits"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/signing"
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
	sets    [search.Parts]*variant.Set
	layouts habits.Layouts
	wholes  []habits.Whole
	maker   *bodies.Maker
	making  time.Time // when making variants of the body ends; zero where none are made
	partly  found     // what is known of a string that was shown, where not all of it is a habit
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

// explain makes it of what a part was signed as and what the rule gives; also is what else makes the same bytes.
func explain(part search.Part, signed, expected []byte, changes, also []variant.Change) []explained {
	s, e := differing(signed, expected)
	list := make([]explained, len(changes))
	for i, c := range changes {
		list[i] = explained{Change: c, part: part, signed: s, expected: e, also: also}
	}
	return list
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

// likely is the highest cost of what is made before anything is tried: enough for
// the commonest causes, with what else explains the same bytes.
const likely = variant.Common + near

// near is how much dearer another explanation of the same bytes may be to be told.
const near = 4

// prepare makes the variants of all parts that one change makes.
func (h *hunt) prepare() {
	h.prepareLikely()
	h.prepareRest()
}

// prepareLikely makes those of them that are likely.
func (h *hunt) prepareLikely() {
	body := h.e.Content
	if h.e.hasExchange() {
		body = h.e.message().Body
		rule := h.e.values()
		for p := range search.Body {
			h.sets[p] = habits.NewSet(valueOf(rule, p))
		}
	}
	h.sets[search.Body] = variant.NewSet(body, bodyLimit)
	h.newMaker(body)
	h.wholes = habits.Wholes()
	for _, w := range h.wholes {
		h.space.Wholes = append(h.space.Wholes, w.Whole)
	}
	h.fill(0, likely)
}

// prepareRest makes all others.
func (h *hunt) prepareRest() { h.fill(likely+1, 2*single) }

// fill adds what changes of these costs make.
func (h *hunt) fill(least, most int) {
	made := make(chan struct{})
	go func() {
		switch {
		case !h.e.hasExchange():
			h.singles(most)
		case least == 0:
			h.singles(most)
			h.otherBodies(h.sets[search.Body])
		default:
			h.formBodies(h.sets[search.Body], true)
			h.singles(most)
		}
		close(made)
	}()
	if h.e.hasExchange() {
		for p := range search.Body {
			h.sets[p].Only(least, most)
		}
		src := h.e.source()
		src.Methods(h.sets[search.Method])
		src.Paths(h.sets[search.Target])
		src.Clients(h.sets[search.Client])
		src.Times(h.sets[search.Time])
		src.Layouts(&h.layouts, least, most)
	} else {
		h.layouts.List = []habits.Layout{{Layout: search.Layout{Pieces: []search.Piece{{Part: search.Body}}}}}
	}
	<-made
	h.useLayouts()
	for p, set := range h.sets {
		if set != nil {
			h.parts[p] = set.Variants()
			h.space.Variants[p] = plainVariants(h.parts[p])
		}
	}
}

// useLayouts puts the layouts into the space.
func (h *hunt) useLayouts() {
	h.space.Layouts = slices.Grow(h.space.Layouts[:0], len(h.layouts.List))
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

// newMaker gets ready to make the variants of a body.
func (h *hunt) newMaker(body []byte) {
	h.maker = bodies.NewMaker(body, func() bool {
		return h.search.Expired() || !h.making.IsZero() && time.Now().After(h.making)
	})
	h.maker.Prefer = h.e.stack().has
	h.maker.Classes = h.e.classes()
	h.maker.Begin()
}

// singles adds what one change makes of the body. Making it must leave time for
// trying it.
func (h *hunt) singles(most int) {
	if !h.until.IsZero() {
		h.making = time.Now().Add(time.Until(h.until) / 2)
	}
	h.maker.Continue(h.sets[search.Body], most)
	h.making = time.Time{}
}

// explain turns a hit into words.
func (h *hunt) explain(hit search.Hit, seq *search.Sequence, how func(index int) []variant.Change) found {
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
			changes, signed = how(index), seq.Append(nil, index)
		case index > 0:
			v := h.parts[part][index]
			changes, signed, also = v.Changes, v.Bytes, v.Also
		}
		if len(changes) > 0 {
			f.rule = withValue(f.rule, part, signed)
		}
		f.changes = append(f.changes, explain(part, signed, expected, changes, also)...)
	}
	tell := func(changes []variant.Change, also ...variant.Change) {
		f.changes = append(f.changes, explain(search.None, f.content, h.rule, changes, also)...)
	}
	whole := h.wholes[hit.Whole].Change
	body := whole
	if body.Cause = endOfBody[whole.Cause]; body.Cause != "" {
		tell([]variant.Change{body}, whole)
	}
	tell(h.layouts.List[hit.Layout].Changes)
	if hit.Whole > 0 && body.Cause == "" {
		tell([]variant.Change{whole})
	}
	return f
}

// endOfBody are the changes at the end of the string that are told as changes of
// the body, which comes last.
var endOfBody = map[string]string{
	"content_trailing_newline": "body_trailing_newline", "content_trailing_nul": "body_trailing_nul",
	"content_trailing_blank": "body_whitespace_trimmed",
}

// partOrder is the order in which findings are told.
var partOrder = []search.Part{search.Body, search.Target, search.Time, search.Client, search.Method}
