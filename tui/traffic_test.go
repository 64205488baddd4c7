package tui

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/capture"
	"countersign/apiclient/catalog"
	"countersign/apiclient/watch"
	"countersign/tui/traffic"
)

// trafficOf starts real proxies with the profile of a world.
type trafficOf struct {
	x    *world
	last map[apiclient.Origin]Wish
}

func (t trafficOf) Last(kind apiclient.Origin) Wish {
	if w, ok := t.last[kind]; ok {
		return w
	}
	return Wish{Kind: kind, Listen: "127.0.0.1:0", Upstream: "http://superapp.test", Reply: "S"}
}

// fixed is a listener that says to be somewhere else: a port is another each time.
type fixed struct{ net.Listener }

func (fixed) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8090} }

func (t trafficOf) Start(w Wish, tell func(watch.Seen), unspoken func(error)) (*watch.Running, watch.SetUp, error) {
	if w.Listen == "taken" {
		return nil, watch.SetUp{}, errors.New("it cannot listen on taken")
	}
	p := t.x.profile
	client, err := apiclient.New(p, apiclient.Options{Now: t.x.config.Now})
	if err != nil {
		return nil, watch.SetUp{}, err
	}
	l, err := net.Listen("tcp", w.Listen)
	if err != nil {
		return nil, watch.SetUp{}, err
	}
	c := capture.Config{Origin: w.Kind, Now: t.x.config.Now, Unspoken: unspoken}
	if w.Kind == apiclient.FromListen {
		if c.Reply, err = watch.Replier(p, w.Reply, t.x.config.Now); err != nil {
			return nil, watch.SetUp{}, err
		}
	} else {
		c.Upstream = &url.URL{Scheme: "http", Host: serve(t.x.t, t.x.handler)}
	}
	t.x.ports[w.Kind] = l.Addr().String()
	t.last[w.Kind] = w
	r, err := watch.Start(watch.Traffic{Client: client, Catalog: catalog.Builtin(), Capture: c, Listener: l, Record: t.x.history.Record, Tell: tell})
	if err == nil {
		t.x.t.Cleanup(func() { _, _ = r.Stop() })
	}
	if c.Upstream != nil {
		c.Upstream = &url.URL{Scheme: "http", Host: "superapp.test"}
	}
	return r, watch.NewSetUp(p, c, fixed{l}.Addr(), false, ""), err
}

// watching makes capture and listen possible.
func watching(x *world) {
	x.ports = map[apiclient.Origin]string{}
	x.config.Ring = func() { x.rings++ }
	x.news = make(chan tea.Msg, 16)
	after := x.config.After
	x.config.After = func(d time.Duration, msg func(time.Time) tea.Msg) tea.Cmd {
		if d != traffic.Pace {
			return after(d, msg)
		}
		go func() { x.news <- msg(x.config.Now()) }() // it waits until something passes
		return nil
	}
	load := trafficOf{x: x, last: map[apiclient.Origin]Wish{}}
	x.traffic = load
}

// starts starts one of the kinds as a person does.
func (x *world) starts(kind apiclient.Origin) {
	x.t.Helper()
	x.Key("ctrl+p")
	x.Type("start " + string(kind))
	x.Key("enter", "enter")
	if !strings.Contains(x.Screen(), "Set-up: what to change") {
		x.t.Fatalf("it does not run:\n%s", x.Screen())
	}
	x.Key("esc")
}

// through sends a request through one that runs, and shows what it tells.
func (x *world) through(kind apiclient.Origin, signed bool) {
	x.t.Helper()
	client, err := apiclient.New(x.profile, apiclient.Options{Now: x.config.Now})
	if err != nil {
		x.t.Fatal(err)
	}
	d := x.app.desk.Draft()
	if !signed {
		d.Tamper = []string{"path_prefix_missing"}
	}
	e, err := client.Preview(d)
	if err != nil {
		x.t.Fatal(err)
	}
	r, _ := http.NewRequest(http.MethodPost, "http://"+x.ports[kind]+e.Request.Target(), strings.NewReader(string(e.Request.Body)))
	for _, f := range e.Request.Header {
		r.Header.Set(f.Name, f.Value)
	}
	r.Header.Set("User-Agent", "backend/1")
	answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		x.t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	x.hears()
}

// hears shows what the one that runs tells next.
func (x *world) hears() {
	x.t.Helper()
	select {
	case msg := <-x.news:
		x.Send(msg)
	case <-time.After(5 * time.Second):
		x.t.Fatal("nothing is told")
	}
}

// turnedAway is a client that begins with bytes that are no HTTP/1.1.
func (x *world) turnedAway(kind apiclient.Origin, begins string) {
	x.t.Helper()
	c, err := net.Dial("tcp", x.ports[kind])
	if err != nil {
		x.t.Fatal(err)
	}
	_, _ = io.WriteString(c, begins)
	_, _ = io.ReadAll(c)
	_ = c.Close()
	x.hears()
}

// trafficScenes are the states of what stands in traffic.
func trafficScenes() []scene {
	form := func(x *world) { x.Key("ctrl+p"); x.Type("start capture"); x.Key("enter") }
	return []scene{
		{name: "capture-form", options: with(watching), do: form},
		{name: "listen-form", options: with(watching), do: func(x *world) {
			x.Key("ctrl+p")
			x.Type("start listen")
			x.Key("enter", "tab", "tab", " ")
		}},
		{name: "capture-setup", options: with(watching), do: then(form, pressed("enter"))},
		{name: "watching", options: with(watching), do: func(x *world) {
			x.starts(apiclient.FromCapture)
			x.starts(apiclient.FromListen)
			x.Key("6")
			x.through(apiclient.FromCapture, true)
			x.through(apiclient.FromCapture, false)
			x.through(apiclient.FromListen, false)
		}},
		{name: "quit-listening", options: with(watching), do: func(x *world) {
			x.starts(apiclient.FromCapture)
			x.Key("q")
		}},
	}
}

// While capture runs, what passes appears: the banner counts it, the list shows it
// with its origin, a failing one is told once, and d explains it.
func TestCaptureInTheExplorer(t *testing.T) {
	t.Parallel()
	for _, size := range drawnSizes {
		x := explore(t, size[0], size[1], watching)
		x.Key("ctrl+p")
		x.Type("start capture")
		x.Key("enter")
		x.shows(t, "Upstream", "http://superapp.test", "Listen on")
		x.Key("enter")
		x.shows(t, "Set-up", "base URL ->", "http://127.0.0.1:8090/miniprogram/api")
		x.Key("esc", "6")
		x.shows(t, "capture", "127.0.0.1:8090", "0 passed · 0 failed")
		x.through(apiclient.FromCapture, true)
		x.shows(t, "1 passed · 0 failed", "⇄ pay")
		if x.rings != 0 {
			t.Error("it rings for one that verifies")
		}
		x.through(apiclient.FromCapture, false)
		x.through(apiclient.FromCapture, false)
		x.shows(t, "3 passed · 2 failed", "✗ capture · pay · request mismatch")
		if x.rings != 1 {
			t.Errorf("it rings %d times", x.rings)
		}
		x.Key("g", "enter", "4")
		x.shows(t, "request", "✗ mismatch d explains") // the string of who sent it, judged
		x.Key("6", "d")
		x.shows(t, "Diagnosis")
		x.Key("esc", "6", "/")
		x.Type("origin:capture verdict:bad")
		x.Key("enter")
		x.shows(t, "⇄ pay")
	}
}

// A client that never comes to a request is no exchange: the banner counts it, the
// status line says once why, and the set-up what to change in it.
func TestClientsThatAreTurnedAway(t *testing.T) {
	t.Parallel()
	for _, size := range drawnSizes {
		x := explore(t, size[0], size[1], watching)
		x.starts(apiclient.FromCapture)
		x.turnedAway(apiclient.FromCapture, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
		x.shows(t, ":8090 ", "0 passed · 0 failed", "1 turned away", "capture · a client insists on HTTP/2")
		x.through(apiclient.FromCapture, true)
		x.Key("g") // the status line is another's
		x.turnedAway(apiclient.FromCapture, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
		x.shows(t, "1 passed · 0 failed", "2 turned away")
		x.lacks(t, "insists on HTTP/2")
		x.turnedAway(apiclient.FromCapture, "\x16\x03\x01\x00\x01\x01")
		x.shows(t, "3 turned away", "begins with TLS")
		x.Key("ctrl+p")
		x.Type("show what to change")
		x.Key("enter")
		x.Key("end")
		x.shows(t, "a client insists on HTTP/2", "a client begins with TLS")
	}
}

// Following the newest can be held: the list stays, and what is new is counted.
func TestHoldTheRuns(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, watching)
	x.starts(apiclient.FromCapture)
	x.Key("6")
	x.through(apiclient.FromCapture, true)
	x.Key("w")
	for range 2 {
		x.through(apiclient.FromCapture, true)
	}
	x.shows(t, "held, 2 new", "3 passed")
	x.Key("w")
	x.lacks(t, "held")
	x.shows(t, "1/3")
}

// Quitting says what still listens, and stops it first.
func TestQuittingStopsWhatListens(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, watching)
	x.starts(apiclient.FromCapture)
	x.starts(apiclient.FromListen)
	x.through(apiclient.FromListen, false)
	x.shows(t, "listen http://127.0.0.1:8090")
	x.Key("q")
	x.shows(t, "capture still listens on http://127.0.0.1:8090", "listen still listens on", "1 passed · 1 failed")
	x.Key("n")
	if x.Quit() || x.app.traffic.Len() != 2 {
		t.Error("it was left all the same")
	}
	x.Key("q", "y")
	if !x.Quit() || x.app.traffic.Len() != 0 {
		t.Error("it was not left, or something listens still")
	}
	if c, err := net.Dial("tcp", x.ports[apiclient.FromCapture]); err == nil {
		_ = c.Close()
		t.Error("the proxy still listens")
	}
}

// Stopping from the palette says what passed; what cannot start is asked again.
func TestStopAndStartAgain(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30, watching)
	x.starts(apiclient.FromListen)
	x.through(apiclient.FromListen, false)
	x.Key("ctrl+p")
	x.Type("stop listen")
	x.Key("enter")
	x.shows(t, "listen has stopped: 1 passed · 1 failed")
	x.lacks(t, "●")
	x.Key("ctrl+p")
	x.Type("start capture")
	x.Key("enter", "tab")
	for range 12 {
		x.Key("backspace")
	}
	x.Type("taken")
	x.Key("enter")
	x.shows(t, "✗ it cannot listen on taken", "http://superapp.test")
	x.Key("esc")
	if x.app.traffic.Len() != 0 {
		t.Error("something is left of it")
	}
}
