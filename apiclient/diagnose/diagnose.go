package diagnose

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/signing"
)

// Diagnose says why the signature of e does not match, or that it does. The
// work is bounded by o and by ctx; what is known by then is in the report.
func Diagnose(ctx context.Context, e Evidence, o Options) Report {
	start := time.Now()
	e.readAnswer()
	if whole, ok := e.takenApart(); ok {
		e = whole
	}
	e.lookElsewhere()
	r, targets := e.open()
	t := e.readTold(ctx, &r, targets)
	if t.signed != nil {
		targets = []target{knownTarget(t.signed)}
	}
	if r.Verdict != signing.Verified && r.Signed == nil && len(targets) > 0 {
		f, hit := r.searchAll(ctx, &e, targets, o, &r.Ended)
		if !hit && t.signed != nil {
			f, hit = e.byParts(t.signed), true
		}
		if hit {
			r.take(&e, f)
		}
	}
	r.explainTold(ctx, &e, t, o)
	r.finish(&e)
	r.refuse(&e)
	r.Elapsed = time.Since(start)
	return r
}

// Verify returns the report of strict verification alone, without a search.
func Verify(e Evidence) Report {
	start := time.Now()
	e.lookElsewhere()
	r, _ := e.open()
	r.verifiedOnly = true
	r.finish(&e)
	r.refuse(&e)
	r.Elapsed = time.Since(start)
	return r
}

// open does all that needs no search: strict verification, and what opening
// the signature shows. A message without a Signature header stays unsigned,
// whatever a signature elsewhere in it shows.
func (e *Evidence) open() (Report, []target) {
	v := e.Verify()
	r, targets := e.opened(v)
	if e.elsewhere == nil {
		return r, targets
	}
	targets = e.tryUsual(&r, targets)
	e.sayElsewhere(&r)
	return r, targets
}

func (e *Evidence) opened(v signing.Verdict) (Report, []target) {
	r := Report{Verdict: v.Status, Side: e.Side, Sides: e.Sides, Verification: v, Expected: v.Canonical, Tried: 1,
		callback: e.caller != ""}
	other, isOther := e.forAnotherClient(v)
	if isOther {
		r.Findings = append(r.Findings, other)
	}
	if v.OK() || isOther {
		r.Signed, r.SignedDigest = v.Canonical, v.Digest[:]
		r.Signer = &Signer{Key: e.key(v.Key), Hash: regularHash, Padding: signing.PKCS1v15, Salt: -1, Certain: true}
		return r, nil
	}
	c := v.Recovered
	if c == nil {
		return r, nil
	}
	certain := c.Certain() || c.Covers(v.Canonical)
	r.Signer = &Signer{Key: e.key(v.Key), Hash: c.Hash, Padding: c.Padding, Salt: -1, Certain: certain}
	if c.PSS != nil {
		r.Signer.Salt = len(c.PSS.Salt)
	}
	r.SignedDigest = c.Digest
	if content, ok := e.shown(v); ok {
		r.Signed = content
		return r, nil
	}
	if v.Status == apiclient.MaskedContent {
		return r, nil // what was signed cannot be found: a part of it is not there
	}
	if f, ok := e.overDecoded(c); ok {
		r.take(e, f)
		return r, nil
	}
	return r, targetsOf(c, r.Signer.Key.Public)
}

// overDecoded tries the one other reading of a body that HTTP itself makes:
// many clients see a compressed body only decoded, and some servers sign it so.
func (e *Evidence) overDecoded(c *signing.Recovered) (found, bool) {
	if !e.hasExchange() {
		return found{}, false
	}
	decoded := e.decoded()
	if decoded == nil {
		return found{}, false
	}
	rule := e.values()
	rule.Body = decoded
	content := e.template().Canonical(rule)
	if !c.Covers(content) {
		return found{}, false
	}
	changes := []variant.Change{variant.Change(notDecoded)}
	return found{content: content, changes: explain(search.Body, decoded, e.message().Body, changes, nil)}, true
}

// notDecoded is a signature over the body without its content coding.
var notDecoded = habit{"body_gzip_not_decoded",
	"The signature covers the body after its Content-Encoding is undone, not the bytes on the wire.",
	"compressing behind the code that signs, or a client that verifies before it decompresses"}

// shown returns the signed content where it can be seen without a search: it is
// what the rule gives, or stands in the signature or beside it.
func (e *Evidence) shown(v signing.Verdict) ([]byte, bool) {
	c := v.Recovered
	if c.Covers(v.Canonical) {
		return v.Canonical, true
	}
	if content, ok := signing.JWSInput(v.Header.Value); ok && v.Repaired != nil && c.Covers(content) {
		return content, true
	}
	return nil, false
}

// key finds a key by its name.
func (e *Evidence) key(id string) apiclient.Key {
	keys := slices.Concat(e.Expected, e.Known)
	if i := slices.IndexFunc(keys, func(k apiclient.Key) bool { return k.ID == id }); i >= 0 {
		return keys[i]
	}
	return apiclient.Key{}
}

// searchAll looks for the bytes that one of the targets has, one target after
// the other. Each search is counted in the report; ended says why the last one
// ended.
func (r *Report) searchAll(ctx context.Context, e *Evidence, targets []target, o Options, ended *End) (found, bool) {
	start := time.Now()
	budget := o.Budget
	if budget == 0 {
		budget = DefaultBudget
	}
	var until time.Time
	if budget > 0 {
		until = start.Add(budget)
	}
	var stage atomic.Value
	stage.Store("single changes")
	var current atomic.Pointer[hunt]
	done := make(chan struct{})
	var f found
	go func() {
		defer close(done)
		for i, t := range targets {
			end := until
			if rest := len(targets) - i; rest > 1 && budget > 0 {
				end = time.Now().Add(time.Until(until) / time.Duration(rest))
			}
			h := newHunt(ctx, e, t, o, end, func(s string) { stage.Store(s) })
			current.Store(h)
			var ok bool
			if f, ok = h.run(); ok {
				*ended = Found
				if len(t.known) == 0 {
					f.hash = t.hash
				}
			} else if h.search.Stopped() {
				*ended = OutOfTime
			} else if *ended == NotSearched {
				*ended = Exhausted
			}
			r.Tried += h.search.Tried()
			if ok {
				return
			}
		}
	}()
	r.watch(o, start, budget, &stage, &current, done)
	if ctx.Err() != nil && *ended == OutOfTime {
		*ended = Canceled
	}
	return f, *ended == Found
}

// watch reports progress until the search is done.
func (r *Report) watch(o Options, start time.Time, budget time.Duration, stage *atomic.Value,
	current *atomic.Pointer[hunt], done <-chan struct{}) {
	if o.Progress == nil {
		<-done
		return
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		p := Progress{Elapsed: time.Since(start), Budget: max(0, budget)}
		p.Stage, _ = stage.Load().(string)
		if h := current.Load(); h != nil {
			p.Tried = h.search.Tried()
		}
		p.PerSecond = float64(p.Tried) / p.Elapsed.Seconds()
		o.Progress(p)
	}
}

// take puts the signed string that was found into the report.
func (r *Report) take(e *Evidence, f found) {
	r.Signed = f.content
	r.Signer.Certain = true
	if r.Signer.Hash != 0 && f.hash != 0 {
		r.Signer.Hash = f.hash
	}
	list := e.findings(f)
	if e.Side == apiclient.RequestSide && (e.Exchange.Origin.Ours() || e.Exchange.Origin.AsPlatform()) {
		// Our own profile made it, so no setting of it is what they do.
		for i := range list {
			list[i].Setting = ""
		}
	}
	r.Findings = append(r.Findings, list...)
}

// findings says each change of what was found.
func (e *Evidence) findings(f found) []Finding {
	lines := e.settings(f)
	var list []Finding
	for _, c := range f.changes {
		finding := Finding{
			Cause: c.Cause, Family: familyOf(c.Cause), Proven: true, Says: c.Sentence(), Fix: e.fixOf(c.Change),
			Signed: c.signed, Expected: c.expected, Setting: lines.of(c),
		}
		for _, also := range c.also {
			if !slices.Contains(finding.Also, also.Cause) && also.Cause != c.Cause {
				finding.Also = append(finding.Also, also.Cause)
			}
		}
		list = append(list, finding)
	}
	return list
}

// finish adds what is known besides the content, in the order in which it
// helps: how the value is spelt, who signed and how, what differs, and what is
// odd.
func (r *Report) finish(e *Evidence) {
	content := r.Findings
	r.Findings = nil
	if r.Verdict != signing.Verified {
		r.Findings = slices.Concat(e.valueFindings(r), content, e.signerFindings(r))
		if r.Signed == nil {
			r.Findings = append(r.Findings, e.suspicions(r)...)
		}
	}
	r.Findings = slices.Concat(r.Findings, r.theirs, e.warnings(r))
	r.dedupe()
	r.call(e.Names)
}

// call puts the platform's names of headers into all sentences.
func (r *Report) call(names apiclient.HeaderNames) {
	r.Verification = names.SayVerdict(r.Verification)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Says, f.Fix = names.Say(f.Says), names.Say(f.Fix)
	}
	if r.Comparison != nil {
		r.Comparison.Says = names.Say(r.Comparison.Says)
	}
}

// dedupe keeps the first finding of each cause.
func (r *Report) dedupe() {
	seen := map[string]bool{}
	r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool {
		was := seen[f.Cause]
		seen[f.Cause] = true
		return was
	})
}
