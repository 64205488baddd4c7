// Package sandbox is a Super App backend on loopback. It checks what a gateway
// checks, answers with the protocol's codes, signs its answers and keeps state.
package sandbox

import (
	"crypto/rsa"
	"log/slog"
	"net/http"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
)

// Config is what a sandbox needs.
type Config struct {
	ClientID   string                    // the one client it knows
	MerchantID string                    // refused where a request names another; absent is accepted, as the SDKs omit it
	ClientKeys map[string]*rsa.PublicKey // the client's public keys by keyVersion
	Key        *rsa.PrivateKey           // signs the answers
	KeyVersion string                    // keyVersion of Key
	Catalog    *catalog.Catalog
	Now        func() time.Time         // nil: time.Now
	Window     time.Duration            // tolerated clock difference; 0: five minutes
	Observe    func(apiclient.Exchange) // called with each exchange it served; nil: not
	Log        *slog.Logger             // nil: silent
}

// Sandbox is a Super App. It is an http.Handler.
type Sandbox struct{}

// New makes a sandbox.
func New(c Config) (*Sandbox, error) { panic("todo") }

func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) { panic("todo") }

// Server is a sandbox that listens.
type Server struct {
	URL string // "http://127.0.0.1:41234/miniprogram/api": ready for a profile's base_url
}

// Listen starts serving on addr; "" means a free port on 127.0.0.1.
func (s *Sandbox) Listen(addr string) (*Server, error) { panic("todo") }

// Close stops the server and waits for requests in flight, at most a second.
func (s *Server) Close() error { panic("todo") }
