//go:build unix

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/sandbox"
	"countersign/apiclient/signing"
	"countersign/apiclient/watch"
	"countersign/history"
	"countersign/tui"
)

// road is a way to a Super App whose signed answer is made beforehand: what is
// measured is what stands on the way.
type road struct {
	body    []byte
	header  http.Header
	server  *url.URL
	running *watch.Running
	client  *http.Client
	roads   map[string]string // by name
	index   func()            // fills the index of words, which rests while many runs are recorded
}

func newRoad(b *testing.B) *road {
	b.Helper()
	before := debug.SetGCPercent(100) // as commands that stay have it
	b.Cleanup(func() { debug.SetGCPercent(before) })
	body := fmt.Appendf(nil, `{"memo":%q}`, strings.Repeat("x", 1000))
	answer := []byte(`{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"success"}}`)
	a := newApp(strings.NewReader(""), io.Discard, io.Discard)
	b.Cleanup(a.close)
	dir := b.TempDir()
	if err := seedSandbox(testKeys, dir+"/data/sandbox"); err != nil {
		b.Fatal(err)
	}
	env := map[string]string{"HOME": dir, "COUNTERSIGN_DATA": dir + "/data"}
	a.env = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	k, err := a.material()
	if err != nil {
		b.Fatal(err)
	}
	p, err := a.sandboxProfile()
	if err != nil {
		b.Fatal(err)
	}
	sign := func(content string, own bool) string {
		key := k.Config().Key
		if own {
			key = p.Key
		}
		proof, err := signing.Sign(key, []byte(content), signing.Style{KeyVersion: "1"})
		if err != nil {
			b.Fatal(err)
		}
		return proof.Header
	}
	const path = sandbox.Prefix + "/v2/payments/pay"
	r := &road{body: body, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}}
	r.header = http.Header{"Client-Id": {p.ClientID}, "Request-Time": {"1682060290100"},
		"Signature": {sign("POST "+path+"\n"+p.ClientID+".1682060290100."+string(body), true)}}
	answered := http.Header{"Client-Id": {p.ClientID}, "Response-Time": {"1682060290199"}, "Content-Type": {"application/json"},
		"Signature": {sign("POST "+path+"\n"+p.ClientID+".1682060290199."+string(answer), false)}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		for name, v := range answered {
			w.Header()[name] = v
		}
		_, _ = w.Write(answer)
	}))
	b.Cleanup(server.Close)
	r.server, _ = url.Parse(server.URL + path)
	up := &url.URL{Scheme: "http", Host: r.server.Host}
	o := watchOptions{Wish: tui.Wish{Kind: apiclient.FromCapture, Listen: "127.0.0.1:0", Upstream: up.String()}, keep: defaultKeep, keepMB: defaultKeepMB}
	running, setUp, err := a.startTraffic(p, o, func(watch.Seen) {}, func(error) {})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _, _ = running.Stop() })
	r.running = running
	store, err := a.store()
	if err != nil {
		b.Fatal(err)
	}
	r.index = func() {
		if _, err := store.CountOf(b.Context(), history.Query{Search: "POST"}); err != nil {
			b.Error(err)
		}
	}
	r.ways(b, setUp.At, up, path)
	return r
}

func (r *road) ways(b *testing.B, capture string, up *url.URL, path string) {
	bare := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(up) },
		Transport: &http.Transport{MaxIdleConnsPerHost: 100}})
	b.Cleanup(bare.Close)
	r.roads = map[string]string{"capture": capture + path, "ReverseProxy": bare.URL + path, "none": up.String() + path}
}

func (r *road) ask(url string) error {
	q, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(r.body))
	if err != nil {
		return err
	}
	q.Header = r.header.Clone()
	answer, err := r.client.Do(q)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return errors.Join(err, answer.Body.Close())
}

// BenchmarkTraffic moves signed POST requests of 1 kB over kept connections, through
// capture, which verifies both sides and records, through a bare ReverseProxy, and
// through mitmdump where it is on the machine. The time of capture ends once all is
// recorded; the index of words is filled between the turns. They take turns, as the machine may
// be busy: read the ratios. cpu-µs is the time of the processors for an exchange, with that
// of client and server in it.
//
//	go test ./tui/cli -run xxx -bench Traffic -benchtime 1x
func BenchmarkTraffic(b *testing.B) {
	r := newRoad(b)
	names := []string{"capture", "ReverseProxy"}
	if at := mitmdump(b, r.server); at != "" {
		r.roads["mitmdump"] = at + r.server.Path
		names = append(names, "mitmdump")
	}
	const clients, turns = 8, 6
	var indexed time.Duration
	took, spent, asked := map[string]time.Duration{}, map[string]time.Duration{}, map[string]int{}
	for b.Loop() {
		for range turns {
			for _, name := range names {
				n := 2000
				if name == "mitmdump" {
					n = 300
				}
				began, cpu := time.Now(), processTime(b)
				var all sync.WaitGroup
				for range clients {
					all.Go(func() {
						for range n / clients {
							if err := r.ask(r.roads[name]); err != nil {
								b.Error(name, err)
								return
							}
						}
					})
				}
				all.Wait()
				for name == "capture" && r.waits() { // its own work is its own time
					time.Sleep(time.Millisecond)
				}
				took[name] += time.Since(began)
				spent[name] += processTime(b) - cpu
				asked[name] += n / clients * clients
				if name == "capture" {
					began := time.Now()
					r.index() // it is not to burden the next one's turn
					indexed += time.Since(began)
				}
			}
		}
	}
	rate := func(name string) float64 { return float64(asked[name]) / took[name].Seconds() }
	for _, name := range names {
		b.ReportMetric(rate(name), name+"/s")
	}
	for _, name := range names[:2] { // mitmdump is another process
		b.ReportMetric(float64(spent[name].Microseconds())/float64(asked[name]), name+"-cpu-µs")
	}
	b.ReportMetric(rate("capture")/rate("ReverseProxy"), "of-ReverseProxy")
	if asked["mitmdump"] > 0 {
		b.ReportMetric(rate("capture")/rate("mitmdump"), "of-mitmdump")
	}
	b.ReportMetric(float64(indexed.Microseconds())/float64(asked["capture"]), "µs-to-index")
	c := r.running.Counts()
	b.ReportMetric(float64(c.Unsaved), "dropped")
	b.ReportMetric(float64(c.Failed), "failed")
}

func processTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// waits reports whether something that passed is still to be recorded.
func (r *road) waits() bool { return r.running.Waiting() > 0 }

// mitmdump starts one before a server; "": it is not on this machine.
func mitmdump(b *testing.B, server *url.URL) string {
	b.Helper()
	if _, err := exec.LookPath("mitmdump"); err != nil {
		b.Log("mitmdump is not on this machine")
		return ""
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_ = l.Close()
	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, "mitmdump", "-q", "--mode", "reverse:http://"+server.Host, "--listen-host", "127.0.0.1", "-p", port,
		"--set", "confdir="+b.TempDir())
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { cancel(); _ = command.Wait() })
	for range 300 {
		if conn, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			_ = conn.Close()
			return "http://127.0.0.1:" + port
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.Log("mitmdump does not listen")
	return ""
}

// BenchmarkTrafficLatency reports what capture adds to the median of one request
// after the other, in microseconds, beside the same without it.
func BenchmarkTrafficLatency(b *testing.B) {
	r := newRoad(b)
	all := map[string][]time.Duration{}
	for b.Loop() {
		for range 1000 {
			for _, name := range []string{"none", "capture"} {
				began := time.Now()
				if err := r.ask(r.roads[name]); err != nil {
					b.Fatal(err)
				}
				all[name] = append(all[name], time.Since(began))
			}
		}
	}
	median := func(name string) float64 {
		slices.Sort(all[name])
		return float64(all[name][len(all[name])/2].Microseconds())
	}
	b.ReportMetric(median("capture")-median("none"), "added-µs")
}

// BenchmarkTrafficPace sends 1,000 requests a second for ten seconds, and counts what
// was not recorded.
func BenchmarkTrafficPace(b *testing.B) {
	r := newRoad(b)
	const rate, seconds, clients = 1000, 10, 16
	for b.Loop() {
		work := make(chan struct{}, rate)
		var all sync.WaitGroup
		for range clients {
			all.Go(func() {
				for range work {
					if err := r.ask(r.roads["capture"]); err != nil {
						b.Error(err)
					}
				}
			})
		}
		began := time.Now()
		for sent := 0; sent < rate*seconds; {
			for due := int(time.Since(began).Seconds() * rate); sent < min(due, rate*seconds); sent++ {
				work <- struct{}{}
			}
			time.Sleep(time.Millisecond)
		}
		close(work)
		all.Wait()
		b.ReportMetric(float64(rate*seconds)/time.Since(began).Seconds(), "requests/s")
		b.ReportMetric(float64(r.running.Waiting()), "waiting")
	}
	c, _ := r.running.Stop()
	b.ReportMetric(float64(c.Unsaved), "dropped")
}

// BenchmarkTrafficMemory moves 100,000 exchanges, and reports the heap in use after
// each half.
func BenchmarkTrafficMemory(b *testing.B) {
	r := newRoad(b)
	heap := func() float64 {
		for r.waits() {
			time.Sleep(time.Millisecond)
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapInuse) / (1 << 20)
	}
	for b.Loop() {
		for _, half := range []string{"first", "second"} {
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					for range 50_000 / 8 {
						if err := r.ask(r.roads["capture"]); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(heap(), "MB-after-"+half)
		}
	}
	b.ReportMetric(float64(r.running.Counts().Unsaved), "dropped")
}
