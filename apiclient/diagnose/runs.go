package diagnose

import (
	"fmt"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
)

// entirely explains a string that was signed as a whole in place of this one.
func (h *hunt) entirely(content []byte, cause, says, code string) (found, bool) {
	signed, expected := differing(content, h.rule)
	return found{content: content, changes: []explained{{part: search.None,
		Change: variant.Change(habit{cause, says, code}), signed: signed, expected: expected}}}, true
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
				return h.entirely(c, "signature_of_other_request",
					fmt.Sprintf("The signature belongs to another run, of %s (%s).",
						o.StartedAt.Format("2006-01-02 15:04:05"), o.Request.Path()),
					"a signature that was kept and sent again")
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
		when := o.StartedAt.Format("2006-01-02 15:04:05")
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
