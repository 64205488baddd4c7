package sandbox

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// Notify lets the sandbox tell merchants what became of their payments.
type Notify struct {
	Beyond  bool           // addresses beyond this machine too
	RootCAs *x509.CertPool // of notify URLs with https; nil: the system's
	// Waits are the pauses before a notification is sent again; nil: those of
	// DefaultWaits.
	Waits []time.Duration
}

// DefaultWaits are the pauses after an answer that is not S: real platforms go on
// for a day.
var DefaultWaits = []time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute}

// NotifyEndpoint is the callback that tells of a payment, without its version.
const NotifyEndpoint = "payments/notifyPayment"

const (
	maxNotifying  = 100              // notifications under way
	notifyTimeout = 10 * time.Second // of one attempt
	notifyAnswer  = 1 << 20          // bytes of an answer
)

// notifier sends the notifications of a sandbox.
type notifier struct {
	Notify

	ctx  context.Context
	stop context.CancelFunc
	room chan struct{}
	done sync.WaitGroup
}

func newNotifier(c *Notify) *notifier {
	if c == nil {
		return nil
	}
	n := &notifier{Notify: *c, room: make(chan struct{}, maxNotifying)}
	if n.Waits == nil {
		n.Waits = DefaultWaits
	}
	n.ctx, n.stop = context.WithCancel(context.Background())
	return n
}

// close ends what is under way.
func (n *notifier) close() {
	if n != nil {
		n.stop()
		n.done.Wait()
	}
}

// notification is one that is to be sent.
type notification struct {
	endpoint, url    string
	client, merchant string
	paymentID        string
	body             []byte
}

// notifyOf makes the notification of a payment; false where none is due.
func (s *Sandbox) notifyOf(p *payment) (notification, bool) {
	if s.notifier == nil || p.notifyURL == "" || p.status != success && p.status != failed {
		return notification{}, false
	}
	body, err := s.notificationBody(p)
	if err != nil {
		panic(err) // it holds nothing but strings
	}
	version := p.version
	if version == versionAMS {
		version = "v1"
	}
	return notification{endpoint: version + "/" + NotifyEndpoint, url: p.notifyURL, client: p.client,
		merchant: s.config.MerchantID, paymentID: p.id, body: body}, true
}

// notificationBody is a notifyPayment in the shape of the interface that made the
// payment.
func (s *Sandbox) notificationBody(p *payment) ([]byte, error) {
	if p.version == versionAMS {
		a := succeed()
		if p.status != success {
			a = refuse(p.code, "%s", p.reason)
		}
		return p.describeAMS(a.add("notifyType", "PAYMENT_RESULT")).body()
	}
	partner := p.owner
	if p.version != "v1" {
		partner = s.config.MerchantID
	}
	var a answer
	a.add("partnerId", partner).add("paymentId", p.id).add("paymentRequestId", p.requestID).add("paymentAmount", p.amount).
		addText("paymentTime", p.paidAt()).add("paymentStatus", p.status).addText("paymentFailReason", p.reason)
	return object(a.members)
}

// notify sends the notification of a payment that is settled, in the background.
// The books are locked.
func (s *Sandbox) notify(p *payment) {
	n, due := s.notifyOf(p)
	if !due || s.notifier.ctx.Err() != nil {
		return
	}
	if says, _ := s.notifier.refuses(n.url); says != "" {
		p.told = "not sent: " + says
	}
	select {
	case s.notifier.room <- struct{}{}:
	default:
		p.told = fmt.Sprintf("not sent: %d notifications are under way", maxNotifying)
		return
	}
	if p.told == "" {
		p.told = "under way to " + p.notifyURL
	}
	s.notifier.done.Go(func() {
		defer func() { <-s.notifier.room }()
		s.deliver(n, func(told string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			p.told = told
		})
	})
}

// deliver sends a notification until the merchant answers S, or the waits are used
// up. Each attempt is signed again and is an exchange of its own.
func (s *Sandbox) deliver(n notification, told func(string)) {
	attempts := len(s.notifier.Waits) + 1
	for i := range attempts {
		e := s.attempt(n)
		taken := e.Outcome == apiclient.Answered && e.Result.Status == "S"
		says := fmt.Sprintf("Notification of payment %s, attempt %d of %d", n.paymentID, i+1, attempts)
		again := !taken && e.Request.Line != "" && i+1 < attempts
		switch {
		case taken:
			says += ": the merchant took it."
		case again:
			says += fmt.Sprintf(": the merchant did not answer S, so it comes again in %v.", s.notifier.Waits[i])
		default:
			says += ": it is not sent again."
		}
		e.Findings = append(e.Findings, apiclient.Finding{Cause: "sandbox_notification", Severity: apiclient.Note, Says: says})
		if e.Request.Line != "" {
			told(strings.TrimSuffix(strings.TrimPrefix(says, "Notification of payment "+n.paymentID+", "), "."))
		}
		if s.config.Observe != nil {
			s.config.Observe(e)
		}
		if !again {
			return
		}
		select {
		case <-s.notifier.ctx.Done():
			return
		case <-time.After(s.notifier.Waits[i]):
		}
	}
}

// attempt sends a notification once.
func (s *Sandbox) attempt(n notification) apiclient.Exchange {
	fail := func(says, fix string) apiclient.Exchange {
		return apiclient.Exchange{ID: s.newID(), Profile: ProfileName, Endpoint: n.endpoint, Origin: apiclient.FromSandbox, URL: n.url,
			ClientID: n.client, StartedAt: s.config.Now(), Outcome: apiclient.Failed, Err: says, Hint: fix}
	}
	if says, fix := s.notifier.refuses(n.url); says != "" {
		return fail(says, fix)
	}
	u, err := url.Parse(n.url)
	if err != nil {
		return fail(err.Error(), "")
	}
	client, err := s.platformAt(u, n)
	if err != nil {
		return fail("the notification cannot be sent: "+err.Error(), "")
	}
	e := client.Send(s.notifier.ctx, apiclient.Draft{Endpoint: n.endpoint, Target: u.RequestURI(), Body: n.body},
		apiclient.FromSandbox)
	if e.Request.Line != "" { // with the names that keys have here
		e.SentVerdict = signing.Verify(s.rule.Check(&e.Request, s.rule.SignersOf(&e.Request, true), e.Sent.Canonical))
	}
	if e.Response != nil {
		e.Received = signing.Verify(s.rule.Check(e.Response, s.clientSigners(e.Response), s.rule.Canonical(&e, apiclient.ResponseSide)))
	}
	return e
}

// platformAt is the Super App as a client of the merchant's server.
func (s *Sandbox) platformAt(u *url.URL, n notification) (*apiclient.Client, error) {
	p := s.config.Client
	p.Name, p.BaseURL, p.SignedPath, p.Header, p.Proxy = ProfileName, u.Scheme+"://"+u.Host, "", nil, ""
	p.ClientID, p.MerchantID = n.client, n.merchant
	p.KeyVersion, p.Key, p.PeerKeys = s.config.KeyVersion, s.config.Key, s.config.ClientKeys
	p.RootCAs, p.Timeout, p.MaxResponse, p.AllowHTTP = s.notifier.RootCAs, notifyTimeout, notifyAnswer, true
	if p.TimeFormat == "" && s.preset.isoTime {
		p.TimeFormat = apiclient.ISO
	}
	dialer := &net.Dialer{KeepAlive: -1, Control: s.notifier.control}
	return apiclient.New(p, apiclient.Options{Now: s.config.Now, NewID: s.newID, UserAgent: "countersign-sandbox",
		Dial: dialer.DialContext})
}

// refuses says why nothing is sent to a notify URL, and what to do; "" where it is.
func (n *notifier) refuses(address string) (says, fix string) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Sprintf("the notify URL %q is no http or https URL", clip(address, 80)), "send the whole URL in paymentNotifyUrl"
	case !n.Beyond && !onThisMachine(u.Hostname()):
		return "the notify URL is beyond this machine: " + u.Host,
			"let it be on 127.0.0.1, or allow it: --notify-beyond-loopback, or notify_beyond_loopback = true in config.toml"
	}
	return "", ""
}

// control refuses connections to other machines, whatever a name stands for.
func (n *notifier) control(_, address string, _ syscall.RawConn) error {
	if at, err := netip.ParseAddrPort(address); !n.Beyond && (err != nil || !at.Addr().Unmap().IsLoopback()) {
		return fmt.Errorf("%s is beyond this machine", address)
	}
	return nil
}

func onThisMachine(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// wake lets the clock settle a payment that has to be told of, though nobody asks.
func (s *Sandbox) wake(p *payment) {
	if s.notifier == nil || p.notifyURL == "" || p.status != processing {
		return
	}
	at := p.expires
	if p.due != nil {
		at = p.due.at
	}
	wait := at.Sub(s.config.Now())
	if wait > time.Hour { // until then somebody asks, or nobody cares
		return
	}
	time.AfterFunc(wait, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.catchUp(p, s.config.Now())
	})
}
