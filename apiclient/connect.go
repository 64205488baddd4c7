package apiclient

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/http/httpproxy"
	"golang.org/x/net/proxy"

	"countersign/apiclient/wire"
)

// proxyFor decides which proxy leads to base; nil means none.
func proxyFor(setting string, base *url.URL) (*url.URL, error) {
	if setting != proxyFromEnvironment {
		return parseProxy(setting)
	}
	u, err := httpproxy.FromEnvironment().ProxyFunc()(base)
	if err != nil {
		return nil, &FieldError{"proxy", "taken from the environment is no URL", "look at HTTPS_PROXY and HTTP_PROXY"}
	}
	if u == nil {
		return nil, nil
	}
	return parseProxy(u.String())
}

// absoluteForm reports whether the request line carries the whole URL, as
// plain HTTP through an HTTP proxy does.
func (c *Client) absoluteForm() bool {
	return c.proxy != nil && c.base.Scheme == "http" && !c.proxyIsSocks()
}

func (c *Client) proxyIsSocks() bool {
	return c.proxy.Scheme == "socks5" || c.proxy.Scheme == "socks5h"
}

// line is an open connection to the other side.
type line struct {
	net.Conn          // what HTTP is spoken on
	raw      net.Conn // what is under it: closing it stops everything at once
	remote   string
}

// connect opens the connection: name, address, proxy, TLS. stage is kept up to
// date, so that a timeout can be named.
func (c *Client) connect(ctx context.Context, e *Exchange, d *dialing, stage *stage) (*line, error) {
	address := hostPort(c.base)
	stage.set(stageConnect, address)
	if c.proxy != nil {
		stage.set(stageToProxy, hostPort(c.proxy))
	}
	raw, err := d.wait(ctx)
	e.Timing.DNS, e.Timing.Connect = d.times()
	if err != nil {
		return nil, err
	}
	begun := c.options.Now()
	l := &line{Conn: raw, raw: raw, remote: raw.RemoteAddr().String()}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	if c.proxy != nil {
		l.remote = address + " by way of " + hostPort(c.proxy)
		if err := c.openTunnel(ctx, l, address, stage); err != nil {
			_ = raw.Close()
			return nil, err
		}
	}
	e.Timing.Connect += c.options.Now().Sub(begun)
	e.Remote = l.remote
	if c.base.Scheme == "https" {
		stage.set(stageTLS, address)
		begun = c.options.Now()
		err := l.secure(ctx, c.tls)
		e.Timing.TLS = c.options.Now().Sub(begun)
		if err != nil {
			_ = raw.Close()
			return nil, err
		}
		e.Remote = l.remote
	}
	if c.options.Wrap != nil {
		l.Conn = c.options.Wrap(l.Conn)
	}
	return l, nil
}

// dialing is a connection that opens while the request is signed and
// recorded. Nothing is written to it before both are done.
type dialing struct {
	cancel    context.CancelFunc
	done      chan struct{} // closed when the fields below are set
	conn      net.Conn
	err       error
	dns, took time.Duration
}

func (c *Client) startDialing(ctx context.Context) *dialing {
	ctx, cancel := context.WithCancel(ctx)
	d := &dialing{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(d.done)
		begun := c.options.Now()
		var dns atomic.Int64
		d.conn, d.err = c.dial(c.traceDNS(ctx, &dns), hostPort(c.base))
		d.dns = time.Duration(dns.Load())
		d.took = c.options.Now().Sub(begun)
	}()
	return d
}

// wait returns the connection, whose owner is then the caller.
func (d *dialing) wait(ctx context.Context) (net.Conn, error) {
	select {
	case <-d.done:
		d.cancel()
		return d.conn, d.err
	case <-ctx.Done():
		d.drop()
		return nil, ctx.Err()
	}
}

// times are how long the look-up of the name and the connection took; zero
// where the connection was given up.
func (d *dialing) times() (dns, connect time.Duration) {
	select {
	case <-d.done:
		return d.dns, d.took - d.dns
	default:
		return 0, 0
	}
}

// drop returns the connection up: the request is not to be sent.
func (d *dialing) drop() {
	d.cancel()
	go func() {
		<-d.done
		if d.conn != nil {
			_ = d.conn.Close()
		}
	}()
}

// traceDNS adds up the time that the dialer spends on looking names up.
func (c *Client) traceDNS(ctx context.Context, total *atomic.Int64) context.Context {
	if net.ParseIP(c.base.Hostname()) != nil && c.proxy == nil {
		return ctx
	}
	var begun atomic.Pointer[time.Time]
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { now := c.options.Now(); begun.Store(&now) },
		DNSDone: func(httptrace.DNSDoneInfo) {
			if t := begun.Load(); t != nil {
				total.Add(int64(c.options.Now().Sub(*t)))
			}
		},
	})
}

// dial opens the connection to the host, or to the proxy that leads there. A
// SOCKS proxy has made its connection to address when dial returns.
func (c *Client) dial(ctx context.Context, address string) (net.Conn, error) {
	switch {
	case c.proxy == nil:
		return c.options.Dial(ctx, "tcp", address)
	case !c.proxyIsSocks():
		return c.options.Dial(ctx, "tcp", hostPort(c.proxy))
	}
	var auth *proxy.Auth
	if u := c.proxy.User; u != nil {
		password, _ := u.Password()
		auth = &proxy.Auth{User: u.Username(), Password: password}
	}
	d, err := proxy.SOCKS5("tcp", hostPort(c.proxy), auth, dialer(c.options.Dial))
	if err != nil {
		return nil, err
	}
	return d.(proxy.ContextDialer).DialContext(ctx, "tcp", address)
}

// dialer makes the interfaces of golang.org/x/net/proxy of a dial function.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

func (d dialer) Dial(network, address string) (net.Conn, error) {
	return d(context.Background(), network, address)
}

func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return d(ctx, network, address)
}

// openTunnel talks to an HTTP proxy until bytes go to the host itself. Plain
// HTTP needs no tunnel: its request line carries the whole URL.
func (c *Client) openTunnel(ctx context.Context, l *line, address string, stage *stage) error {
	if c.proxyIsSocks() {
		return nil
	}
	if c.proxy.Scheme == "https" {
		stage.set(stageProxyTLS, hostPort(c.proxy))
		config := c.tls.Clone()
		config.ServerName = c.proxy.Hostname()
		if err := l.secure(ctx, config); err != nil {
			return err
		}
		l.remote = address + " by way of " + hostPort(c.proxy)
	}
	if c.absoluteForm() {
		return nil
	}
	stage.set(stageProxy, hostPort(c.proxy))
	request := Message{Line: "CONNECT " + address + " HTTP/1.1",
		Header: append([]Field{{Name: "Host", Value: address}}, c.proxyLogin()...)}
	if _, err := l.Write(request.HeadBytes()); err != nil {
		return err
	}
	// A reader of one byte: what follows the head belongs to TLS.
	answer, err := wire.ReadResponse(bufio.NewReaderSize(oneByte{l.Conn}, 16), "CONNECT", 0)
	if err != nil && answer.Status() == 0 {
		if p := explainNoAnswer(err, "the proxy "+hostPort(c.proxy), "proxy", &answer.Message); p != nil {
			return p
		}
		return err
	}
	if code := answer.Status(); code < 200 || code > 299 {
		return c.refusedByProxy(answer.Line)
	}
	return nil
}

// refusedByProxy is the error for a proxy that does not connect to the host.
func (c *Client) refusedByProxy(line string) error {
	if c.proxy == nil {
		return problemf("a proxy on the way asks for a login that this profile does not know: set proxy in the profile",
			"a proxy refused the request: %s", line)
	}
	hint := "look at the profile's proxy setting, and at what that proxy allows"
	if strings.Contains(line, " 407") {
		hint = "put user and password into the profile's proxy URL: http://user:password@host:port"
	}
	return problemf(hint, "the proxy %s refused to connect to %s: %s", hostPort(c.proxy), hostPort(c.base), line)
}

// peer is who is spoken to once the connection stands, for texts.
func (c *Client) peer() string {
	if c.absoluteForm() {
		return hostPort(c.base) + " by way of the proxy " + hostPort(c.proxy)
	}
	return hostPort(c.base)
}

// oneByte hands over single bytes, so that a buffered reader on top of it
// never takes more than it was asked for.
type oneByte struct{ net.Conn }

func (r oneByte) Read(b []byte) (int, error) {
	if len(b) > 1 {
		b = b[:1]
	}
	return r.Conn.Read(b)
}

// proxyLogin is the Proxy-Authorization header, if the proxy URL has a user.
// It goes to the proxy and never into an Exchange.
func (c *Client) proxyLogin() []Field {
	if c.proxy == nil || c.proxy.User == nil {
		return nil
	}
	password, _ := c.proxy.User.Password()
	login := base64.StdEncoding.EncodeToString([]byte(c.proxy.User.Username() + ":" + password))
	return []Field{{Name: "Proxy-Authorization", Value: "Basic " + login}}
}

// secure does the TLS handshake and speaks TLS from then on.
func (l *line) secure(ctx context.Context, config *tls.Config) error {
	conn := tls.Client(l.Conn, config)
	if err := conn.HandshakeContext(ctx); err != nil {
		return err
	}
	l.Conn = conn
	l.remote = fmt.Sprintf("%s, %s", l.remote, tls.VersionName(conn.ConnectionState().Version))
	return nil
}

// hostPort is the address to dial for a URL.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
