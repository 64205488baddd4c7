package sandbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"countersign/apiclient/hint"
)

// Server is a sandbox that listens.
type Server struct {
	URL  string // "http://127.0.0.1:41234/miniprogram/api": ready for a profile's base_url
	Addr string // "127.0.0.1:41234"

	Sandbox *Sandbox // that answers

	http *http.Server
	done chan error
}

const maxHead = 64 << 10 // bytes of request line and header

// patience is how long a slow or silent client may hold a connection.
type patience struct{ head, read, write, idle time.Duration }

var defaultPatience = patience{head: 10 * time.Second, read: 30 * time.Second, write: 30 * time.Second,
	idle: 2 * time.Minute}

// Listen starts serving on addr; "" means a free port on 127.0.0.1. Any
// address that is given is taken, loopback or not: the sandbox has no secrets
// but its own key, and a client in a container has to reach it somehow.
func (s *Sandbox) Listen(addr string) (*Server, error) {
	listener, err := open(addr)
	if err != nil {
		return nil, err
	}
	return s.Serve(listener, false), nil
}

func open(addr string) (net.Listener, error) {
	addr = cmp.Or(addr, "127.0.0.1:0")
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, &hint.Error{
			Says: fmt.Sprintf("the sandbox cannot listen on %s: %v", addr, err), Err: err,
			Fix: "Choose another address, such as 127.0.0.1:8090, or 127.0.0.1:0 for a free port.",
		}
	}
	return listener, nil
}

// Serve starts serving on a listener. secure says that it speaks TLS.
func (s *Sandbox) Serve(listener net.Listener, secure bool) *Server {
	scheme := "http://"
	if secure {
		scheme = "https://"
	}
	prefix := s.preset.prefix
	if u, err := url.Parse(s.config.Client.BaseURL); err == nil && s.config.Client.BaseURL != "" {
		prefix = strings.TrimRight(u.EscapedPath(), "/")
	}
	server := &Server{
		Addr:    listener.Addr().String(),
		URL:     scheme + reachable(listener.Addr()) + prefix,
		Sandbox: s, done: make(chan error, 1),
		http: &http.Server{
			Handler:           s,
			ReadHeaderTimeout: s.patience.head, ReadTimeout: s.patience.read,
			WriteTimeout: s.patience.write, IdleTimeout: s.patience.idle,
			MaxHeaderBytes:               maxHead,
			DisableGeneralOptionsHandler: true, // OPTIONS * is a method like any other: refused in our words
			ErrorLog:                     slog.NewLogLogger(s.config.Log.Handler(), slog.LevelDebug),
			ConnContext: func(ctx context.Context, c net.Conn) context.Context {
				return context.WithValue(withRawHeads(ctx, c), secureKey{}, secure)
			},
		},
	}
	go func() { server.done <- server.http.Serve(rawListener{listener}) }()
	return server
}

// secureKey is the context's key for whether a connection has TLS.
type secureKey struct{}

// Gateway is the URL without its path: what official SDKs call so.
func (s *Server) Gateway() string {
	scheme, rest, _ := strings.Cut(s.URL, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

// Loopback reports whether only programs of this machine can reach the server.
func (s *Server) Loopback() bool {
	host, _, err := net.SplitHostPort(s.Addr)
	return err == nil && net.ParseIP(host).IsLoopback()
}

// Close stops the server and waits for requests in flight, at most a second.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}
	s.Sandbox.notifier.close()
	if served := <-s.done; err == nil && !errors.Is(served, http.ErrServerClosed) {
		err = served
	}
	return err
}

// reachable is an address to dial for a listener: one that listens on every
// address is reached on loopback.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	host := "127.0.0.1"
	if tcp.IP.To4() == nil {
		host = "::1"
	}
	return net.JoinHostPort(host, fmt.Sprint(tcp.Port))
}
