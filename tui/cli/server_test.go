package cli

import (
	"bufio"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"countersign/apiclient/keys"
	"countersign/apiclient/probe/probetest"
	"countersign/apiclient/sandbox"
)

// rawServer answers every request with fixed bytes, or not at all.
type rawServer struct {
	answer   []byte // nil: stall
	mu       sync.Mutex
	requests int
	arrived  chan struct{}
}

var (
	serversMu sync.Mutex
	servers   = map[string]*rawServer{} // by address
)

// cmdServer starts a server on loopback: server NAME FILE answers with the
// file's bytes, server NAME stall never answers. $NAME is its address.
func cmdServer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: server NAME FILE|stall")
	}
	s := &rawServer{arrived: make(chan struct{}, 100)}
	if args[1] != "stall" {
		s.answer = []byte(ts.ReadFile(args[1]))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = l.Close() })
	ts.Setenv(args[0], l.Addr().String())
	serversMu.Lock()
	servers[l.Addr().String()] = s
	serversMu.Unlock()
	go s.serve(l)
}

func (s *rawServer) serve(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go s.handle(conn)
	}
}

func (s *rawServer) handle(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	r := bufio.NewReader(conn)
	request, err := http.ReadRequest(r)
	if err != nil {
		return
	}
	if _, err := io.Copy(io.Discard, request.Body); err != nil {
		return
	}
	s.mu.Lock()
	s.requests++
	s.mu.Unlock()
	s.arrived <- struct{}{}
	if s.answer == nil {
		_, _ = io.Copy(io.Discard, r) // until the client is gone
		return
	}
	_, _ = conn.Write(s.answer)
}

// cmdReceived waits until a server has got a request: received ADDRESS.
func cmdReceived(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: received ADDRESS")
	}
	serversMu.Lock()
	s := servers[args[0]]
	serversMu.Unlock()
	select {
	case <-s.arrived:
	case <-time.After(20 * time.Second):
		ts.Fatalf("no request reached %s", args[0])
	}
}

// cmdMerchant starts a merchant's server of callbacks on loopback: merchant NAME
// [MISTAKE]. $NAME is its URL. It has the merchant's keys of the sandbox.
func cmdMerchant(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: merchant NAME [MISTAKE]")
	}
	read := func(name string) keys.Private {
		data, err := os.ReadFile(filepath.Join(ts.Getenv("TEST_KEYS"), name))
		ts.Check(err)
		key, err := keys.ParsePrivate(context.Background(), data, nil)
		ts.Check(err)
		return key
	}
	m := &probetest.Merchant{Key: read("client2048.pkcs8.pem").Key, Platform: &read("server2048.pkcs8.pem").Key.PublicKey,
		ClientID: sandbox.ClientID}
	if len(args) == 2 {
		m.Mistake = args[1]
	}
	s := httptest.NewUnstartedServer(m)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	ts.Defer(s.Close)
	ts.Setenv(args[0], s.URL)
}
