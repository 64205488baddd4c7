// Package probe tests a merchant's server of callbacks: it sends one valid
// notification, then many that must be refused, then valid ones in odd spellings,
// and says what the server made of each. It prints nothing and keeps nothing.
package probe

import (
	"cmp"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"net"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
)

// Options say how a server is probed. Zero fields mean the usual.
type Options struct {
	// Accepts reports whether an answer says that the callback was accepted; nil: by
	// its resultStatus, S.
	Accepts func(context.Context, *apiclient.Exchange) (bool, error)
	Now     func() time.Time
	NewID   func() string
	// Told is called with each row as soon as it is known, one call at a time; nil: not.
	Told    func(Row)
	MakeKey func() (*rsa.PrivateKey, error) // a key that belongs to nobody; nil: a new one
	Hold    time.Duration                   // how long a slow callback is silent; 0: two seconds
	Limit   time.Duration                   // of the whole run; 0: the constant of that name
	// Patience is how long the first callback may take; the others by what that took,
	// and less once one was not answered in time. 0: eight seconds.
	Patience time.Duration
}

// Bounds of a run.
const (
	Limit        = 26 * time.Second // of all of it; the command around it is to end within 30
	patience     = 8 * time.Second  // of the first exchange
	maxAnswer    = 1 << 20          // bytes of an answer
	workers      = 6                // exchanges at once, where their order does not matter
	mostWorkers  = 96               // of a server that is slow: all of them
	togetherTime = Limit / 4        // what those together are to take
)

// ErrUnreachable is of a server that cannot be connected to.
var ErrUnreachable = errors.New("the server cannot be reached")

// Run probes the server that a draft, a callback, goes to. The error says why
// nothing could be sent: ErrUnreachable, or what is wrong with the draft or the
// profile. What ctx or the Limit ends early is told row by row.
func Run(ctx context.Context, p apiclient.Profile, d apiclient.Draft, o Options) (Report, error) {
	s, err := newSession(p, d, o)
	if err != nil {
		return Report{}, err
	}
	began := s.options.Now()
	ctx, cancel := context.WithTimeout(ctx, s.options.Limit)
	defer cancel()
	cases := Cases()
	rows := make([]Row, len(cases))
	// The next depend on the first, and on whether it may come again.
	again := slices.IndexFunc(cases, func(c Case) bool { return c.Name == retried })
	first := time.Now()
	rows[0] = s.try(ctx, &cases[0])
	if e := rows[0].Exchange; e != nil && e.Outcome == apiclient.Failed {
		return Report{}, &hint.Error{Says: e.Err, Fix: e.Hint, Err: ErrUnreachable}
	}
	s.accepted, s.valid = rows[0].Outcome == WasAccepted, rows[0].Exchange
	width := s.pace(time.Since(first), len(cases))
	rows[again] = s.try(ctx, &cases[again])
	s.repeats = rows[again].Outcome == WasAccepted
	s.tell(rows[0])
	s.tell(rows[again])
	run := func(at []int, width int) {
		next := make(chan int)
		var wg sync.WaitGroup
		for range min(width, len(at)) {
			wg.Go(func() {
				for i := range next {
					rows[i] = s.try(ctx, &cases[i])
					s.tell(rows[i])
				}
			})
		}
		for _, i := range at {
			next <- i
		}
		close(next)
		wg.Wait()
	}
	// What keeps a server busy comes after all that measures it, and is followed by
	// what must still work then.
	var together, busy, after []int
	for i := range cases {
		switch c := cases[i]; {
		case i == 0 || i == again:
		case !c.Last:
			together = append(together, i)
		case c.Silence:
			busy = append(busy, i)
		default:
			after = append(after, i)
		}
	}
	run(together, width)
	run(busy, len(busy))
	run(after, len(after))
	return Report{URL: d.Target, Key: s.keyName(), Rows: rows, Took: s.options.Now().Sub(began)}, nil
}

// session is one run.
type session struct {
	profile  apiclient.Profile
	options  Options
	draft    apiclient.Draft
	rule     apiclient.Rule
	kit      kit
	base     apiclient.Exchange  // a right one, which was not sent
	valid    *apiclient.Exchange // the first
	accepted bool                // it was accepted
	repeats  bool                // it was accepted when it came again

	patience time.Duration // how long an exchange may take
	brief    time.Duration // the same, once the server
	hangs    atomic.Bool   // did not answer one in time

	mu sync.Mutex
}

func newSession(p apiclient.Profile, d apiclient.Draft, o Options) (*session, error) {
	if _, err := p.CallbackURL(d.Target); err != nil {
		return nil, err
	}
	p.MaxResponse = maxAnswer
	s := &session{profile: p, options: o, draft: d, patience: cmp.Or(o.Patience, patience)}
	s.draft.Callback = true
	if s.options.Now == nil {
		s.options.Now = time.Now
	}
	s.options.Limit = cmp.Or(o.Limit, Limit)
	if s.options.NewID == nil {
		s.options.NewID = uuid.NewString
	}
	if s.options.MakeKey == nil {
		s.options.MakeKey = func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) }
	}
	var err error
	if s.rule, err = p.Rule(); err != nil {
		return nil, err
	}
	client, err := s.client(nil)
	if err != nil {
		return nil, err
	}
	if s.base, err = client.Preview(s.draft); err != nil {
		return nil, err
	}
	s.kit.merchant, s.kit.hold = p.Key, cmp.Or(o.Hold, 2*time.Second)
	s.kit.stranger, err = s.options.MakeKey()
	return s, err
}

// keyName says what signs.
func (s *session) keyName() string {
	return cmp.Or(s.profile.PlatformKeyName, apiclient.PlatformKeyID)
}

// client sends one case. slow is how its connection is written to; nil: at once.
func (s *session) client(slow func(net.Conn) net.Conn) (*apiclient.Client, error) {
	p := s.profile
	if p.Timeout = s.patience; s.hangs.Load() { // and is going to hang again
		p.Timeout = s.brief
	}
	if slow != nil {
		p.Timeout += 2 * s.kit.hold
	}
	return apiclient.New(p, apiclient.Options{Now: s.options.Now, Wrap: slow})
}

// pace sets how long the others are waited for, by what the first took, and returns
// how many are sent at once: all are to be sent before the run is over.
func (s *session) pace(first time.Duration, cases int) (width int) {
	most := s.patience
	s.patience, s.brief = min(max(4*first, most/2), most), min(max(2*first, most/8), most)
	if first >= most {
		s.patience, s.brief = most/8, most/8
		return 2 * workers
	}
	rounds := max(1, int(togetherTime/max(first, 1)))
	return min(max(workers, (cases+rounds-1)/rounds), mostWorkers)
}

func (s *session) tell(r Row) {
	if s.options.Told == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.options.Told(r)
}

// try sends one case and judges the answer.
func (s *session) try(ctx context.Context, c *Case) Row {
	row := Row{Case: *c}
	over := "the run was over: it ends after " + s.options.Limit.String() + ", and the server answers too slowly"
	const late = "Answer callbacks at once, and do the work behind them later: the Super App does not wait long, either."
	if ctx.Err() != nil {
		return row.notSent(over, late)
	}
	switch {
	case c.Name == valid.Name || c.Expect != Accepted:
	case !s.accepted:
		return row.skipped("the valid one is not accepted, either")
	case c.Name != retried && !s.repeats:
		return row.skipped("the server refuses what it has handled already, whatever its spelling")
	}
	e, slow, cannot, err := s.exchange(c)
	switch {
	case cannot != "":
		return row.skipped(cannot)
	case err != nil:
		return row.notSent(err.Error(), "")
	}
	client, err := s.client(slow)
	if err != nil {
		return row.notSent(err.Error(), "")
	}
	began := time.Now()
	sent := client.Resend(ctx, e)
	if sent.Response == nil && !c.Silence && time.Since(began) >= s.patience {
		s.hangs.Store(true)
	}
	if ctx.Err() != nil && sent.Response == nil {
		return row.notSent(over, late)
	}
	sent.Request = bounded(sent.Request)
	row.Exchange = &sent
	return s.judge(ctx, row)
}

// bounded keeps the front of a large body: the rest is spaces that nobody needs.
func bounded(m apiclient.Message) apiclient.Message {
	const most = 64 << 10
	if len(m.Body) > most {
		m.Body, m.Partial = slices.Clone(m.Body[:most]), true
	}
	return m
}

// exchange makes the request of a case.
func (s *session) exchange(c *Case) (e apiclient.Exchange, slow func(net.Conn) net.Conn, cannot string, err error) {
	if c.repeat {
		if s.valid == nil || s.valid.Request.Line == "" {
			return e, nil, "the valid one was not sent", nil
		}
		e = *s.valid
		e.Response, e.Findings, e.Err, e.Hint = nil, nil, "", ""
		return e, nil, "", nil
	}
	e = s.base
	r := &request{
		profile: &s.profile, now: s.options.Now(), content: s.rule.Content(&e, apiclient.RequestSide), key: s.profile.PlatformKey,
		hash: crypto.SHA256, target: e.Request.Target(), header: slices.Clone(e.Request.Header), body: e.Request.Body, length: -1,
		style: signing.Style{Compact: s.profile.CompactHeader, KeyVersion: s.profile.PlatformVersion(), Encoding: s.profile.Encoding},
	}
	r.sendAt(r.now)
	if s.profile.SignsRequestID() {
		r.content.RequestID = s.options.NewID()
		r.set(r.name(apiclient.HeaderRequestID), r.content.RequestID)
	}
	cannot, err = c.makes(r, &s.kit, s.rule.RequestTemplate)
	if cannot != "" || err != nil {
		return e, nil, cannot, err
	}
	e.Origin, e.Request = apiclient.FromProbe, r.message(e.Request.Method())
	e.Sent = signing.Proof{Canonical: s.rule.RequestTemplate.Canonical(r.content), Signature: r.sig,
		Value: r.right(), Header: r.style.Header(r.right())}
	e.Sent.Digest = sha256.Sum256(e.Sent.Canonical)
	if u, err := url.Parse(e.URL); err == nil {
		e.URL, e.SignedAs = u.Scheme+"://"+u.Host+r.target, r.target
	}
	if c.Expect == Refused {
		e.Tampered = []string{c.Name}
	}
	return e, r.slow, "", nil
}
