package tui

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/compare"
	"countersign/tui/tuitest"
)

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
	if _, err := db.Exec("INSERT INTO records SELECT runs.seq, record FROM runs, records WHERE records.seq = 1 AND runs.seq > 1; DELETE FROM pending"); err != nil {
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
