package capture_test

import (
	"io"
	"net"
	"testing"
	"time"
)

// What has arrived is passed on before more is waited for, wherever it ends.
func TestNothingIsHeldBack(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	ours, _ := proxy(t, "http://"+l.Addr().String())
	client, err := net.Dial("tcp", ours)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	var server net.Conn
	pass := func(from, to net.Conn, part string) {
		t.Helper()
		if _, err := io.WriteString(from, part); err != nil {
			t.Fatal(err)
		}
		if to == nil {
			if server, err = l.Accept(); err != nil {
				t.Fatal(err)
			}
			to = server
		}
		_ = to.SetReadDeadline(time.Now().Add(5 * time.Second))
		got := make([]byte, len(part))
		if _, err := io.ReadFull(to, got); err != nil || string(got) != part {
			t.Fatalf("%q came as %q: %v", part, got, err)
		}
	}
	pass(client, nil, "POST / HTTP/1.1\r\nHost: "+l.Addr().String()+"\r\nTransfer-Encoding: chunked\r\n\r\n")
	defer func() { _ = server.Close() }()
	pass(client, server, "5\r\nhel")
	pass(client, server, "lo\r\n6\r\nworlds\r\n")
	pass(server, client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
	pass(server, client, "cde\r\n0\r\n\r\n")
	pass(client, server, "0\r\nX: y\r\n\r\n")
}

// A head and a body that came at once leave at once.
func TestOneWrite(t *testing.T) {
	t.Parallel()
	const request, answer = "POST / HTTP/1.1\r\nHost: up\r\nContent-Length: 2\r\n\r\nhi", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nyo"
	up, _ := script(t, [2]string{request, answer})
	ours, _ := proxy(t, up)
	conn, err := net.Dial("tcp", ours)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 1000)
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	if n, err := conn.Read(b); err != nil || string(b[:n]) != answer {
		t.Errorf("%q came first: %v", b[:n], err)
	}
}
