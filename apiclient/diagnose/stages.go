package diagnose

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/diagnose/habits"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
)

// single is the highest cost of one change.
const single = variant.Exotic

// pair is the lowest cost of two changes.
const pair = 2 * variant.Common

// three is the lowest cost of three changes.
const three = 3 * variant.Common

// run searches in the order of likelihood and ends at the first hit.
func (h *hunt) run() (found, bool) {
	if f, ok := h.others(); ok {
		return f, true
	}
	h.stage("single changes")
	h.prepareLikely()
	if f, ok := h.one(); ok {
		return f, true
	}
	if f, ok := h.apart(); ok {
		return f, true
	}
	for _, s := range h.stages() {
		if h.search.Expired() {
			break
		}
		h.stage(s.name)
		if f, ok := s.run(); ok {
			return f, true
		}
	}
	return h.partly, h.partly.content != nil
}

type stage struct {
	name string
	run  func() (found, bool)
}

// stages returns what follows after single changes, likeliest first for its cost.
func (h *hunt) stages() []stage {
	upTo := func(least, most int) func() (found, bool) {
		return func() (found, bool) { return h.first(least, most) }
	}
	around := func(step, reach time.Duration, most int) func() (found, bool) {
		return func() (found, bool) { return h.sweep(step, reach, most) }
	}
	if !h.e.hasExchange() {
		return []stage{
			{"habits of whole libraries", h.libraries},
			{"compressed bodies", h.compressed},
			{"edits of one byte", h.bodyEdits},
			{"pairs of changes", upTo(pair, pair+6)},
			{"changes of two aspects of the body", h.deepBodies},
			{"all pairs of changes", upTo(pair, 3*variant.Common+4)},
		}
	}
	own := func(local bool) func(*habits.Source) []habits.Series {
		return func(src *habits.Source) []habits.Series { return src.OwnFractions(local) }
	}
	pairs := stage{"pairs of changes", func() (found, bool) {
		h.layouts.Twice()
		h.useLayouts()
		return h.first(pair, pair+4)
	}}
	threes := stage{"likely threes of changes", upTo(three, three+1)}
	if len(h.target.known) > 0 {
		return h.shown(pairs, threes)
	}
	return []stage{
		{"spellings of path and query", h.targets},
		{"habits of whole libraries", h.libraries},
		{"likely pairs of changes", upTo(pair, pair+2)},
		{"times finer than the header's", h.fractions((*habits.Source).Fractions, early)},
		{"other runs", h.otherRuns},
		{"every millisecond of a minute around the time", around(time.Millisecond, time.Minute+5*time.Second, 0)},
		{"orders of the body's members", h.orders},
		{"orders of what a map has put into its own", func() (found, bool) { return h.sequences(h.maker.MoreOrders()) }},
		{"edits of one byte", h.edits},
		{"libraries with another change", h.libraryPairs},
		{"blanks of the body", h.blanks},
		{"compressed bodies", h.compressed},
		{"changes of two aspects of the body", h.deepBodies},
		{"path and query together", h.targetsTogether},
		{"nanoseconds of the time", h.fractions(own(false), late)},
		pairs,
		{"nanoseconds of a local time", h.fractions(own(true), late)},
		threes,
		{"finer times of other forms", h.fractions((*habits.Source).MoreFractions, late)},
		{"every millisecond of ten minutes around the time", around(time.Millisecond, 10*time.Minute, 0)},
		{"every second of a day around the time", around(time.Second, 24*time.Hour, 0)},
		{"more pairs of changes", upTo(pair+5, pair+6)},
		{"threes of changes", upTo(three+2, three+3)},
		{"milliseconds around the time, with another change", around(time.Millisecond, 600*time.Millisecond, variant.Usual)},
		{"pairs and threes of changes", upTo(pair, 2*single)},
		{"seconds of milliseconds around the time, with another change", around(time.Millisecond, 5*time.Second, single)},
		{"every millisecond of a day around the time", around(time.Millisecond, 24*time.Hour, 0)},
		{"all that is left of threes", upTo(2*single+1, 4*variant.Common)},
	}
}

// shown returns the stages for a string that is shown: no value of it has to be
// guessed.
func (h *hunt) shown(pairs, threes stage) []stage {
	runs, ours := stage{"other runs", h.otherRuns}, h.e.values().Body
	switch {
	case h.partly.content == nil:
		return []stage{pairs, {"habits of whole libraries", h.libraries}, runs, {"edits of one byte", h.edits}, threes}
	case bytes.Equal(h.partly.rule.Body, ours):
		return []stage{runs}
	}
	return []stage{
		{"habits of whole libraries", h.libraries}, runs, {"orders of the body's members", h.orders}, {"compressed bodies", h.compressed},
		{"edits of one byte", h.edits}, {"changes of two aspects of the body", h.deepBodies},
	}
}

// others looks at the string as it is due, and at that of the other message.
func (h *hunt) others() (found, bool) {
	if h.target.matches(h.rule) {
		return found{content: h.rule}, true
	}
	if !h.e.hasExchange() {
		return found{}, false
	}
	if h.e.Side == apiclient.ResponseSide {
		request := *h.e
		request.Side = apiclient.RequestSide
		if c := request.Canonical(); h.target.matches(c) {
			return h.whole(c, habit{"response_carries_request_signature", "The signature of the response is one over the request.",
				"a server that echoes the request's headers"}), true
		}
	}
	return found{}, false
}

// one tries every single change and takes the likeliest of those that match. The
// likely ones are tried before the others are made.
func (h *hunt) one() (found, bool) {
	hits := h.search.All(&h.space, 0, likely, near)
	if len(hits) == 0 || hits[0].Cost+near > likely {
		h.prepareRest()
		most := single
		if len(hits) > 0 {
			most = min(most, hits[0].Cost+near)
		}
		hits = append(hits, h.search.All(&h.space, likely+1, most, near)...)
	}
	if len(hits) == 0 {
		return found{}, false
	}
	f := h.explain(hits[0], nil, nil)
	for _, other := range hits[1:] {
		for _, c := range h.explain(other, nil, nil).changes {
			if len(f.changes) > 0 && c.Cause != f.changes[0].Cause {
				f.changes[0].also = append(f.changes[0].also, c.Change)
			}
		}
	}
	return f, true
}

// first tries combinations of several changes.
func (h *hunt) first(least, most int) (found, bool) {
	hit, ok := h.search.First(&h.space, least, most)
	if !ok {
		return found{}, false
	}
	return h.explain(hit, nil, nil), true
}

// libraries adds what whole libraries make of the body, and tries that.
func (h *hunt) libraries() (found, bool) { return h.more(h.maker.Libraries(bodyLimit)) }

// libraryPairs adds what libraries make of the body with another change before or
// behind them, and tries that.
func (h *hunt) libraryPairs() (found, bool) { return h.more(h.maker.LibraryPairs(bodyLimit)) }

// compressed adds what compressors make of the body, and tries that.
func (h *hunt) compressed() (found, bool) { return h.more(h.maker.Compressed()) }

// orders tries the outermost members of the body in every order.
func (h *hunt) orders() (found, bool) { return h.sequences(h.maker.Orders()) }

// blanks tries the milliseconds of a date that was sent without them, and blanks
// behind some of the body's colons and commas.
func (h *hunt) blanks() (found, bool) {
	return h.sequences(slices.Concat(h.maker.Fractions(), h.maker.Blanks()))
}

func (h *hunt) sequences(list []bodies.Sequence) (found, bool) {
	for _, o := range list {
		changes := []variant.Change{o.Change}
		if o.More != nil {
			changes = append(changes, *o.More)
		}
		seq := search.Sequence{Part: search.Body, Len: o.Len, Append: o.Append}
		if f, ok := h.alone(seq, func(int) []variant.Change { return changes }); ok {
			return f, true
		}
	}
	return found{}, false
}

// alone tries a sequence of bodies with all else as it is.
func (h *hunt) alone(seq search.Sequence, changes func(i int) []variant.Change) (found, bool) {
	space := h.onlyBody()
	hit, ok := h.search.FirstOf(&space, seq, 0, 0)
	if !ok {
		return found{}, false
	}
	return h.explain(hit, &seq, changes), true
}

// more adds variants of the body, and tries them alone.
func (h *hunt) more(list []variant.Variant) (found, bool) {
	if len(list) == 0 {
		return found{}, false
	}
	alone := h.onlyBody()
	alone.Variants[search.Body] = plainVariants(append([]variant.Variant{h.parts[search.Body][0]}, list...))
	start := len(h.parts[search.Body])
	h.parts[search.Body] = append(h.parts[search.Body], list...)
	h.space.Variants[search.Body] = plainVariants(h.parts[search.Body])
	hit, ok := h.search.First(&alone, variant.Common, 3*single)
	if !ok {
		return found{}, false
	}
	hit.Choice[search.Body] += start - 1
	return h.explain(hit, nil, nil), true
}

// onlyBody returns the space in which nothing but the body varies.
func (h *hunt) onlyBody() search.Space {
	alone := search.Space{Variants: h.space.Variants, Layouts: h.space.Layouts[:1], Wholes: h.space.Wholes[:1]}
	for p := range alone.Variants {
		if search.Part(p) != search.Body && len(alone.Variants[p]) > 0 {
			alone.Variants[p] = alone.Variants[p][:1]
		}
	}
	return alone
}

// deepBodies adds what two changes make of the body, and tries that.
func (h *hunt) deepBodies() (found, bool) {
	pairs := h.maker.Pairs(bodyLimit)
	slices.SortStableFunc(pairs, func(a, b variant.Variant) int { return a.Cost - b.Cost })
	return h.more(pairs)
}

// whole explains a string by one habit.
func (h *hunt) whole(content []byte, why habit) found {
	return found{content: content, changes: explain(search.None, content, h.rule, []variant.Change{variant.Change(why)}, nil)}
}

// otherRuns looks for what belongs to another run: its signature, or a part of
// what was signed.
func (h *hunt) otherRuns() (found, bool) {
	if h.e.OtherRuns == nil {
		return found{}, false
	}
	runs := h.e.OtherRuns(h.ctx)
	for _, o := range runs {
		for _, c := range [][]byte{o.Sent.Canonical, o.SentVerdict.Canonical, o.Received.Canonical} {
			if len(c) > 0 && h.target.matches(c) {
				return h.whole(c, habit{"signature_of_other_request", fmt.Sprintf("The signature belongs to another run, of %s (%s).",
					o.StartedAt.Format(time.DateTime), o.Request.Path()), "a signature that was kept and sent again"}), true
			}
		}
	}
	return h.borrowed(runs)
}

// borrowed puts parts of other runs in the place of this one's.
func (h *hunt) borrowed(runs []apiclient.Exchange) (found, bool) {
	var sets [search.Parts]*variant.Set
	for p := range sets {
		if len(h.parts[p]) == 0 {
			return found{}, false
		}
		sets[p] = variant.NewSet(h.parts[p][0].Bytes, bodyLimit)
	}
	add := func(p search.Part, b []byte, cause, says, code string) {
		sets[p].Add(variant.Variant{Bytes: b, Changes: []variant.Change{variant.Change(habit{cause, says, code})}, Cost: variant.Usual})
	}
	names := h.e.Names
	for _, o := range runs {
		when := o.StartedAt.Format(time.DateTime)
		add(search.Target, []byte(o.Request.Path()), "path_other_endpoint",
			"The path of another run, of "+when+", was signed.",
			"a variable that still holds the path of another call")
		add(search.Body, o.Request.Body, "body_other_run", "The body of another run, of "+when+", was signed.",
			"a signature that was kept, or a body that was changed after signing")
		add(search.Client, []byte(o.Request.Get(names.Of(apiclient.HeaderClientID))),
			"client_id_other", "The client id of another run, of "+when+", was signed.",
			"the configuration of another environment or merchant")
		add(search.Time, []byte(o.Request.Get(names.Of(apiclient.HeaderRequestTime))),
			"time_differs_from_header", "The time of another run, of "+when+", was signed.",
			"a time that is taken once, at the start of the process")
		if r := o.Response; r != nil {
			add(search.Body, r.Body, "body_other_run", "The response body of another run, of "+when+", was signed.",
				"a variable that still holds another answer")
			add(search.Time, []byte(r.Get(names.Of(apiclient.HeaderResponseTime))),
				"time_differs_from_header", "The Response-Time of another run, of "+when+", was signed.",
				"a time that is taken once, at the start of the process")
		}
	}
	space := search.Space{Layouts: h.space.Layouts[:1], Wholes: h.space.Wholes[:1]}
	var start [search.Parts]int
	for p, set := range sets {
		list := set.Variants()
		space.Variants[p] = plainVariants(list)
		start[p] = len(h.parts[p]) - 1
		h.parts[p] = append(h.parts[p], list[1:]...)
		h.space.Variants[p] = plainVariants(h.parts[p])
	}
	hit, ok := h.search.First(&space, variant.Common, 2*variant.Usual)
	if !ok {
		return found{}, false
	}
	for p := range hit.Choice {
		if hit.Choice[p] > 0 {
			hit.Choice[p] += start[p]
		}
	}
	return h.explain(hit, nil, nil), true
}
