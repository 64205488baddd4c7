package sandbox

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
)

// sdkCapture is a request as an unmodified SDK put it on the wire.
type sdkCapture struct {
	ID          string      `json:"id"`
	URI         string      `json:"uri"`
	RequestLine string      `json:"request_line"`
	Headers     [][2]string `json:"headers_as_sent"`
	ClientID    string      `json:"client_id"`
	Time        string      `json:"time"`
	Body        string      `json:"body_b64"`
	By          []string    `json:"produced_by"`
}

func captures(t testing.TB) []sdkCapture {
	t.Helper()
	data, err := os.ReadFile("testdata/captures.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []sdkCapture
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// raw is the message as bytes.
func (c sdkCapture) raw(t testing.TB) []byte {
	t.Helper()
	body, err := base64.StdEncoding.DecodeString(c.Body)
	if err != nil {
		t.Fatalf("body of %s: %v", c.ID, err)
	}
	var b strings.Builder
	b.WriteString(c.RequestLine + "\r\n")
	for _, h := range c.Headers {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	return append([]byte(b.String()+"\r\n"), body...)
}

// talk sends bytes over a connection of their own and reads one answer.
func (b *bench) talk(t testing.TB, method, target string, raw []byte) reply {
	t.Helper()
	conn, err := net.Dial("tcp", b.server.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go func() { _, _ = conn.Write(raw) }()
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	return b.read(t, method, target, resp)
}

func TestCapturesOfUnmodifiedSDKs(t *testing.T) {
	t.Parallel()
	all := captures(t)
	if len(all) != 41 {
		t.Fatalf("%d captures, want 41", len(all))
	}
	b := newBench(t, func(c *Config) { c.ClientID = all[0].ClientID })
	for i, c := range all {
		at, err := parseTime(c.Time)
		if err != nil {
			t.Fatal(err)
		}
		b.mu.Lock()
		b.now = at
		b.mu.Unlock()
		r := b.talk(t, "POST", c.URI, c.raw(t))
		want := []string{"ORDER_NOT_EXIST", "PARAM_ILLEGAL"} // there is no such payment, or the body is another API's
		if !strings.HasSuffix(strings.SplitN(c.URI, "?", 2)[0], "/v2/payments/inquiryPayment") {
			want = []string{"INVALID_API"}
		}
		if !strings.Contains(strings.Join(want, " "), r.Code) || r.Code == "" {
			t.Errorf("%s %s\n%s\n got %s: %s\nwant %v", c.ID, c.By, c.RequestLine, r.Code, r.Words, want)
		}
		if !r.Signed || r.HTTP != http.StatusOK {
			t.Errorf("%s: HTTP %d, signed %v", c.ID, r.HTTP, r.Signed)
		}
		e := b.exchanges()[i]
		if e.Request.Line != c.RequestLine || e.SignedAs != c.URI {
			t.Errorf("%s: recorded line %q, target %q", c.ID, e.Request.Line, e.SignedAs)
		}
		var header []apiclient.Field
		for _, h := range c.Headers {
			header = append(header, apiclient.Field{Name: h[0], Value: strings.TrimSpace(h[1])})
		}
		if !reflect.DeepEqual(e.Request.Header, header) {
			t.Errorf("%s: recorded header\n%q\nas sent\n%q", c.ID, e.Request.Header, header)
		}
		if f := e.Findings[0]; f.Cause != "signature_verified" || f.Severity != apiclient.Good {
			t.Errorf("%s: finding %+v", c.ID, f)
		}
		if !e.Received.OK() {
			t.Errorf("%s: own answer %+v", c.ID, e.Received)
		}
	}
}

// Some SDKs find only the lower-case names in an answer, some only the others;
// each has to get its own.
func TestAnswerSpellsHeadersAsTheClientDoes(t *testing.T) {
	t.Parallel()
	all := captures(t)
	b := newBench(t, func(c *Config) { c.ClientID = all[0].ClientID; c.Window = 24 * time.Hour })
	at, _ := parseTime(all[0].Time)
	b.mu.Lock()
	b.now = at
	b.mu.Unlock()
	for _, c := range all {
		conn, err := net.Dial("tcp", b.server.Addr)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write(c.raw(t)); err != nil {
			t.Fatal(err)
		}
		head, err := bufio.NewReader(conn).ReadString('{')
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
		lower := strings.Contains(string(c.raw(t)), "\nclient-id: ")
		for _, name := range []string{"Client-Id", "Response-Time", "Signature"} {
			if lower {
				name = strings.ToLower(name)
			}
			if !strings.Contains(head, "\n"+name+": ") {
				t.Errorf("%s %s: no %s in\n%s", c.ID, c.By, name, head)
			}
		}
	}
}

// One connection carries several captures, sent all at once: the heads must
// not be mixed up.
func TestPipelinedCaptures(t *testing.T) {
	t.Parallel()
	all := captures(t)
	b := newBench(t, func(c *Config) { c.ClientID = all[0].ClientID; c.Window = time.Hour })
	at, _ := parseTime(all[0].Time)
	b.mu.Lock()
	b.now = at
	b.mu.Unlock()
	conn, err := net.Dial("tcp", b.server.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var raw []byte
	for _, c := range all[:8] {
		raw = append(raw, c.raw(t)...)
		raw = append(raw, "\r\n"...) // as old clients do after a body (RFC 9112, section 2.2)
	}
	go func() { _, _ = conn.Write(raw) }()
	in := bufio.NewReader(conn)
	for _, c := range all[:8] {
		resp, err := http.ReadResponse(in, &http.Request{Method: "POST"})
		if err != nil {
			t.Fatalf("%s: %v", c.ID, err)
		}
		if r := b.read(t, "POST", c.URI, resp); !r.Signed || r.Code == "INVALID_SIGNATURE" {
			t.Errorf("%s: %s %s", c.ID, r.Code, r.Words)
		}
	}
	for i, e := range b.exchanges() {
		if e.Request.Line != all[i].RequestLine {
			t.Errorf("exchange %d is %q, want %q", i, e.Request.Line, all[i].RequestLine)
		}
	}
}

// A chunked body is one for net/http and for the connection's own book-keeping.
func TestChunkedBodyThenAnotherRequest(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.sign(t, "/v2/payments/inquiryPayment", `{"paymentId":"1","partnerId":"P"}`)
	second := b.sign(t, "/v2/payments/nothing", `{}`)
	write := func(w io.Writer, d *draft, chunked bool) {
		var s strings.Builder
		s.WriteString("POST " + d.path + " HTTP/1.1\r\nhOST: x\r\n")
		for name := range d.header {
			s.WriteString(strings.ToLower(name) + ":" + d.header.Get(name) + "\r\n")
		}
		if !chunked {
			s.WriteString("content-length: 2\r\n\r\n" + d.body)
		} else {
			s.WriteString("transfer-encoding: chunked\r\n\r\n")
			s.WriteString("5;x=y\r\n" + d.body[:5] + "\r\n1c\r\n" + d.body[5:33] + "\r\n0\r\nTrailer: v\r\n\r\n")
		}
		for i := range s.Len() { // one byte at a time: no state may depend on how TCP cuts
			if _, err := w.Write([]byte{s.String()[i]}); err != nil {
				return
			}
		}
	}
	conn, err := net.Dial("tcp", b.server.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go func() {
		write(conn, first, true)
		write(conn, second, false)
	}()
	in := bufio.NewReader(conn)
	for i, want := range []string{"ORDER_NOT_EXIST", "INVALID_API"} {
		d := []*draft{first, second}[i]
		resp, err := http.ReadResponse(in, &http.Request{Method: "POST"})
		if err != nil {
			t.Fatal(err)
		}
		if r := b.read(t, "POST", d.path, resp); r.Code != want {
			t.Errorf("%s: %s %s", d.path, r.Code, r.Words)
		}
	}
	for i, e := range b.exchanges() {
		if e.Request.Header[0].Name != "hOST" {
			t.Errorf("exchange %d: header %q", i, e.Request.Header)
		}
	}
}

// What is no URL can be signed all the same, and the answer says what became
// of it in the protocol's words, not in net/http's.
func TestTargetsThatAreNoURL(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, target := range []string{
		"/miniprogram/api/v2/payments/%zz", "/a b/v2/payments/pay", "v2/payments/pay", "/%", "/v2/payments/pay?%zz", "/v2/\x80",
	} {
		d := b.sign(t, "", `{}`)
		d.path = target
		d.signWith(t, b.client, "1")
		var s strings.Builder
		s.WriteString("POST " + d.path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n")
		for name := range d.header {
			s.WriteString(name + ": " + d.header.Get(name) + "\r\n")
		}
		r := b.talk(t, "POST", target, []byte(s.String()+"\r\n{}"))
		if r.Code != "INVALID_API" && r.Code != "PARAM_ILLEGAL" || !r.Signed {
			t.Errorf("%q: %s %s (signed %v)", target, r.Code, r.Words, r.Signed)
		}
	}
}
