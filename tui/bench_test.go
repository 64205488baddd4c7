package tui

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/compare"
	"countersign/tui/keymap"
	"countersign/tui/tuitest"
)

// largeRequest opens a run whose request has a body of some 20 MB.
func largeRequest(b *testing.B) *world {
	b.Helper()
	x := explore(b, 160, 45, func(x *world) {
		x.config.Hints = true
		body := append(append([]byte(`{"items": [`), bytes.Repeat([]byte("\n  {\"id\": \"abcdefghijklmnop\", \"value\": 100},"), 20<<20/46)...), "\n  {}]}"...)
		e := &apiclient.Exchange{ID: "018aaaaa-0000-7000-8000-000000000001", Profile: "sandbox", Endpoint: "v2/payments/pay",
			Request:   apiclient.Message{Line: "POST /miniprogram/api/v2/payments/pay HTTP/1.1", Body: body},
			StartedAt: noon, Outcome: apiclient.Answered}
		if err := x.history.Complete(context.Background(), e); err != nil {
			b.Fatal(err)
		}
	})
	x.Key("6", "enter", "2")
	return x
}

// A frame and a key cost the same with a request of 20 MB on the screen as with
// a small one: BenchmarkFrameOfALargeRequest stays below a millisecond or two.
func BenchmarkFrameOfALargeRequest(b *testing.B) {
	x := largeRequest(b)
	b.ResetTimer()
	for b.Loop() {
		x.app.Update(tea.KeyMsg{Type: tea.KeyDown})
		_ = x.app.View()
	}
}

func BenchmarkKeyInALargeRequest(b *testing.B) {
	x := largeRequest(b)
	x.Key("e")
	b.ResetTimer()
	for b.Loop() {
		x.app.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'x'}})
		_ = x.app.View()
	}
}

func BenchmarkFindInALargeRequest(b *testing.B) {
	x := largeRequest(b)
	x.Key("/")
	b.ResetTimer()
	for b.Loop() {
		x.app.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'x'}})
		_ = x.app.View()
		x.app.Update(tea.KeyMsg{Type: tea.KeyBackspace})
		_ = x.app.View()
	}
}

// longest runs a message and all that follows from it, and gives how long the
// slowest single Update with its frame took.
func (x *world) longest(msg tea.Msg) (most time.Duration) {
	queue := []tea.Msg{msg}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		if batch, ok := next.(tea.BatchMsg); ok {
			for _, cmd := range batch {
				if cmd != nil {
					queue = append(queue, cmd())
				}
			}
			continue
		}
		if next == nil {
			continue
		}
		start := time.Now()
		_, cmd := x.app.Update(next)
		_ = x.app.View()
		most = max(most, time.Since(start))
		if cmd != nil {
			queue = append(queue, cmd())
		}
	}
	return most
}

// What rewrites a body of 20 MB is done beside Update: the figure to look at is
// the slowest single Update, in milliseconds. It is to stay below one frame or
// two, 20 ms.
func BenchmarkRewriteOfALargeRequest(b *testing.B) {
	for _, c := range []struct {
		name string
		keys func(x *world) tea.Msg
	}{
		{"replace-all", func(x *world) tea.Msg {
			x.Key("e", "ctrl+f")
			x.Type("abcdefgh")
			x.Key("alt+r", "down")
			x.Type("zyx")
			return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'a'}, Alt: true}
		}},
		{"format", func(*world) tea.Msg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'F'}} }},
		{"compact", func(*world) tea.Msg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'C'}} }},
		{"undo", func(x *world) tea.Msg {
			x.Key("F")
			return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'u'}}
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			most := time.Duration(0)
			for b.Loop() {
				b.StopTimer()
				x := largeRequest(b)
				last := c.keys(x)
				before := x.app.panes.request.Revision()
				b.StartTimer()
				most = max(most, x.longest(last))
				if x.app.panes.request.Revision() == before {
					b.Fatal("nothing was rewritten")
				}
			}
			b.ReportMetric(float64(most.Microseconds())/1000, "ms-update")
		})
	}
}

// longList is an explorer with 100,000 runs in the list.
func longList(b *testing.B) *world {
	b.Helper()
	x := explore(b, 160, 45)
	many(b, x.history, 1)
	db, err := sql.Open("sqlite", x.history.Path())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	const columns = "started, profile, endpoint, method, path, origin, outcome, status, result_status, result_code, result_message, sent, received, total, err, tampered"
	_, err = db.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99999)
		INSERT INTO runs (id, ` + columns + `) SELECT printf('%08d-0000-7000-8000-000000000000', i), ` + columns + ` FROM n, runs WHERE runs.seq = 1`)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := db.Exec("INSERT INTO records SELECT runs.seq, record FROM runs, records WHERE records.seq = 1 AND runs.seq > 1; " +
		"UPDATE state SET live = 100000, changes = changes + 99999; UPDATE kinds SET n = 100000; DELETE FROM pending"); err != nil {
		b.Fatal(err)
	}
	x.Run(x.app.checkHistory(false))
	x.Key("6")
	x.Checked = nil
	return x
}

// BenchmarkRunsKey is what a key costs until its frame, with 100,000 runs in the
// list: what the commands do comes later and holds nothing up.
func BenchmarkRunsKey(b *testing.B) {
	x := longList(b)
	key := func(name string) tea.KeyMsg {
		for _, k := range []tea.KeyMsg{{Type: tea.KeyPgDown}, {Type: tea.KeyDown}, {Type: tea.KeyPgUp}} {
			if k.String() == name {
				return k
			}
		}
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
	}
	for _, c := range []struct {
		name  string
		start []string
		keys  []string
	}{
		{"down", []string{"g"}, []string{"down"}},
		{"page down", []string{"g"}, []string{"pgdown"}},
		{"page up from the end", []string{"G"}, []string{"pgup"}},
		{"end and top", nil, []string{"G", "g"}},
		{"mark", []string{"g"}, []string{" "}},
		{"search", []string{"/"}, []string{"p", "q", "r", "s"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			x.Key("esc")
			x.Key(c.start...)
			for i := 0; b.Loop(); i++ {
				_, cmd := x.app.Update(key(c.keys[i%len(c.keys)]))
				_ = x.app.View()
				b.StopTimer()
				if c.name != "search" {
					x.Run(cmd)
				}
				b.StartTimer()
			}
		})
	}
}

// BenchmarkRunsAnswer is what taking a page costs, and a refresh of all that is
// held.
func BenchmarkRunsAnswer(b *testing.B) {
	x := longList(b)
	for range 40 {
		x.Key("pgdown")
	}
	b.Run("refresh", func(b *testing.B) {
		for b.Loop() {
			x.Run(x.app.panes.runs.Refresh())
		}
	})
	b.Run("end and top", func(b *testing.B) {
		for b.Loop() {
			x.Key("G", "g")
		}
	})
}

// large are two exchanges with bodies of 20 MB.
func large() (a, b compare.Side) {
	body := func(n int, other string) []byte {
		var out bytes.Buffer
		out.WriteByte('{')
		for i := range 500_000 {
			value := "value"
			if i%n == n/2 {
				value = other
			}
			fmt.Fprintf(&out, `"field%d":"%s with some text %d",`, i, value, i)
		}
		out.WriteString(`"end":true}`)
		return out.Bytes()
	}
	side := func(content []byte) compare.Side {
		return compare.Side{Name: "run", Exchange: &apiclient.Exchange{
			Request: apiclient.Message{Line: "POST /x HTTP/1.1"}, Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: content}}}
	}
	return side(body(1000, "value")), side(body(1000, "other"))
}

// BenchmarkCompareFrame: a key and a frame in a comparison of 20 MB with 20 MB.
func BenchmarkCompareFrame(b *testing.B) {
	x := explore(b, 160, 45)
	x.Checked = nil
	first, second := large()
	x.Run(x.app.openComparison("response", func(context.Context) (compare.Side, compare.Side, string, error) {
		return first, second, "", nil
	}))
	if !strings.Contains(x.Screen(), "of 500") {
		b.Fatal(tuitest.Plain(x.View()))
	}
	for _, name := range []string{"n", "N", "j", "G", "f", "s"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				x.app.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)})
				_ = x.app.View()
			}
		})
	}
}

// bodies of one megabyte: what a person types into.
var megabytes = []struct {
	name string
	make func() []byte
}{

	{"lines", func() []byte {
		var b bytes.Buffer
		b.WriteString("{\n  \"paymentRequestId\": \"{{uuid}}\"")
		for i := 0; b.Len() < 1<<20; i++ {
			fmt.Fprintf(&b, ",\n  \"key%d\": {\"text\": \"value %d\", \"list\": [1, 2.50, true]}", i, i)
		}
		b.WriteString("\n}\n")
		return b.Bytes()
	}},
	{"line", func() []byte {
		var b bytes.Buffer
		b.WriteString(`{"paymentRequestId":"{{uuid}}"`)
		for i := 0; b.Len() < 1<<20; i++ {
			fmt.Fprintf(&b, `,"key%d":{"text":"value %d","list":[1,2.50,true]}`, i, i)
		}
		b.WriteString("}")
		return b.Bytes()
	}},
	{"string", func() []byte { return []byte(`{"k":"` + strings.Repeat("abcdefghij", 1<<20/10) + `"}`) }},
}

// background runs commands beside the test as Bubble Tea does, and hands over
// their messages.
type background struct {
	app  *App
	msgs chan tea.Msg
}

func (r *background) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		if msg := cmd(); msg != nil {
			r.msgs <- msg
		}
	}()
}

// take updates the application with a message, as the event loop would.
func (r *background) take(msg tea.Msg) {
	if batch, ok := msg.(tea.BatchMsg); ok {
		for _, cmd := range batch {
			r.run(cmd)
		}
		return
	}
	_, cmd := r.app.Update(msg)
	r.run(cmd)
}

// drain takes what has come meanwhile; each message costs a frame too.
func (r *background) drain() {
	for {
		select {
		case msg := <-r.msgs:
			r.take(msg)
		default:
			return
		}
	}
}

// BenchmarkTyping: from a key to its frame in the real explorer, with a body of
// 1 MB, its previews running beside. A key comes every 20 ms, which is faster
// than anybody types.
func BenchmarkTyping(b *testing.B) {
	for _, body := range megabytes {
		b.Run(body.name, func(b *testing.B) {
			x := explore(b, 160, 45)
			x.app.config.After = tea.Tick // from here on: the driver waits for no watch
			x.app.setFocus(keymap.Request)
			x.app.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'e'}})
			r := &background{app: x.app, msgs: make(chan tea.Msg, 1000)}
			p := x.app.panes.request
			_, cmd := x.app.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(string(body.make())), Paste: true})
			r.run(cmd)
			for range 10 {
				time.Sleep(100 * time.Millisecond)
				r.drain()
			}
			p.Type(tea.KeyMsg{Type: tea.KeyCtrlHome})
			for range 2000 {
				p.Type(tea.KeyMsg{Type: tea.KeyCtrlRight})
			}
			keys := []tea.KeyMsg{
				{Type: tea.KeyRunes, Runes: []rune("x")}, {Type: tea.KeyRunes, Runes: []rune("y")}, {Type: tea.KeyBackspace},
				{Type: tea.KeyRight}, {Type: tea.KeyEnter}, {Type: tea.KeyBackspace}, {Type: tea.KeyBackspace}, {Type: tea.KeyLeft}, {Type: tea.KeyDown}, {Type: tea.KeyUp},
			}
			var took []time.Duration
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				start := time.Now()
				r.drain()
				r.take(keys[i%len(keys)])
				_ = x.app.View()
				took = append(took, time.Since(start))
				b.StopTimer()
				time.Sleep(20*time.Millisecond - time.Since(start))
				b.StartTimer()
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100])/1e6, "ms/p95")
			b.ReportMetric(float64(took[len(took)/2])/1e6, "ms/median")
			b.ReportMetric(float64(took[len(took)-1])/1e6, "ms/max")
		})
	}
}

// thousandFiles writes 1,000 request files of one request each, in ten folders.
func thousandFiles(tb testing.TB) func(*world) {
	tb.Helper()
	files := map[string]string{}
	for i := range 1000 {
		files[fmt.Sprintf("group%d/request%03d.http", i%10, i)] = fmt.Sprintf("### request %d of %s\n# @expect .result.status == \"S\"\n"+
			"POST /v2/payments/pay\n\n{\"n\": %d}\n", i, []string{"pay", "refund", "inquiry"}[i%3], i)
	}
	return withFiles(tb.TempDir(), files)
}

// A key in the filter over 1,000 requests and its frame take less than 12 ms.
func BenchmarkFilterOfThousandRequests(b *testing.B) {
	x := explore(b, 140, 40, thousandFiles(b), openAt("."))
	x.Key("/")
	b.ResetTimer()
	for b.Loop() {
		for _, r := range "refu" {
			x.app.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
			_ = x.app.View()
		}
		for range 4 {
			x.app.Update(tea.KeyMsg{Type: tea.KeyBackspace})
			_ = x.app.View()
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(8*b.N), "µs/key")
}

// The first frame waits for no file: with 1,000 of them it comes as with none. What
// they say is on the screen some 100 ms later.
func BenchmarkStart(b *testing.B) {
	for name, options := range map[string][]func(*world){"none": nil, "1000 files": {thousandFiles(b)}} {
		b.Run(name, func(b *testing.B) {
			x := newWorld(b, options...)
			for b.Loop() {
				app := New(x.config)
				app.Update(tea.WindowSizeMsg{Width: 140, Height: 40})
				_ = app.Init()
				_ = app.View()
			}
		})
		b.Run(name+" read and shown", func(b *testing.B) {
			x := newWorld(b, options...)
			for b.Loop() {
				app := New(x.config)
				app.Update(tea.WindowSizeMsg{Width: 140, Height: 40})
				if cmd := app.files.Look(); cmd != nil {
					app.Update(cmd())
				}
				_ = app.View()
			}
		})
	}
}
