package sandbox

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
)

// Who the sandbox and its one client are, unless Config says otherwise.
const (
	ClientID    = "2188487325442931042"
	MerchantID  = "217120000000037263001"
	KeyVersion  = "1"
	ProfileName = "sandbox"          // of exchanges that it saw, and of its client's profile
	Prefix      = "/miniprogram/api" // of the base URL that Listen reports; any other is accepted too
)

// Limits of what is accepted and kept.
const (
	MaxBody = 8 << 20 // bytes of a request body
	// kept at once, and as many refunds, tokens and messages; the oldest are forgotten first
	MaxPayments   = 10_000
	DefaultWindow = 5 * time.Minute // between Request-Time and the sandbox's clock
)

// Config is what a sandbox needs.
type Config struct {
	ClientID string // the one client it knows; "" means ClientID
	// refused where a request names another; absent is accepted, as the SDKs omit it; "" means MerchantID
	MerchantID string
	ClientKeys map[string]*rsa.PublicKey // the client's public keys by keyVersion
	Key        *rsa.PrivateKey           // signs the answers
	KeyVersion string                    // keyVersion of Key; "" means KeyVersion
	Catalog    *catalog.Catalog          // nil: the built-in one
	Now        func() time.Time          // nil: time.Now
	Window     time.Duration             // tolerated clock difference; 0: DefaultWindow
	Rand       io.Reader                 // ids and tokens; nil: crypto/rand
	Observe    func(apiclient.Exchange)  // called with each exchange it served; nil: not
	Log        *slog.Logger              // nil: silent
}

// Sandbox is a Super App. It is an http.Handler.
type Sandbox struct {
	config Config
	rule   apiclient.Rule // as the Super App sees it: the client is the other side

	patience   patience
	explainFor time.Duration // how long a refusal looks for what the client signed

	turns      chan struct{} // of large bodies
	explaining chan struct{} // of refusals that look for what was signed

	randMu sync.Mutex // guards reads of config.Rand
	mu     sync.Mutex // guards books
	books  *books
}

// New makes a sandbox. It fails where there is no key to sign with or no
// client key to verify with.
func New(c Config) (*Sandbox, error) {
	if c.Key == nil {
		return nil, errors.New("the sandbox has no private key to sign its answers with")
	}
	if len(c.ClientKeys) == 0 {
		return nil, errors.New("the sandbox has no public key to verify its client's requests with")
	}
	if c.Catalog == nil {
		c.Catalog = catalog.Builtin()
	}
	setDefaults(&c)
	s := &Sandbox{config: c, patience: defaultPatience, explainFor: defaultExplainFor, books: newBooks(MaxPayments),
		turns: make(chan struct{}, largeTurns), explaining: make(chan struct{}, explainTurns)}
	var err error
	s.rule, err = apiclient.Profile{ClientID: c.ClientID, MerchantID: c.MerchantID, Key: c.Key,
		PeerKeys: c.ClientKeys}.Rule()
	for i := range s.rule.Keys {
		k := &s.rule.Keys[i]
		if k.ID = "the Super App's own key"; k.Role == apiclient.RolePeer {
			k.ID = "the client's key, version " + k.Version
		}
	}
	return s, err
}

func setDefaults(c *Config) {
	if c.ClientID == "" {
		c.ClientID = ClientID
	}
	if c.MerchantID == "" {
		c.MerchantID = MerchantID
	}
	if c.KeyVersion == "" {
		c.KeyVersion = KeyVersion
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Window == 0 {
		c.Window = DefaultWindow
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
}

// versions are the keyVersions of the client's keys, newest first.
func (s *Sandbox) versions() []string {
	var list []string
	for _, k := range s.rule.Keys {
		if k.Role == apiclient.RolePeer {
			list = append(list, k.Version)
		}
	}
	return list
}

// ServeHTTP answers one request: the pages that a buyer opens below
// /checkout/ and /authorize/, and the signed interface everywhere else.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := s.receive(w, r)
	if token, ok := pageToken(q.path()); ok && q.fault == "" {
		s.servePage(w, r, token)
		return
	}
	a := s.answer(q)
	if q.release != nil {
		defer q.release()
	}
	sent := s.send(w, q, a)
	s.observe(q, a, sent)
}

// answer runs the checks and then the interface. A panic in either is a fault
// of the sandbox: the outcome is unknown, and says so.
func (s *Sandbox) answer(q *request) (a answer) {
	defer func() {
		if fault := recover(); fault != nil {
			s.config.Log.Error("panic while answering", "target", q.target, "panic", fault, "stack", string(debug.Stack()))
			a = refuse("UNKNOWN_EXCEPTION",
				"The sandbox failed while answering; the outcome is unknown. Its log has the reason.")
			a.http = http.StatusInternalServerError
		}
	}()
	for _, c := range checks {
		if refusal := c.run(s, q); refusal != nil {
			q.refusedBy = c.Name
			return *refusal
		}
	}
	return operations[q.endpoint.ID](s, q)
}
