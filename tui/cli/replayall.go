package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/suite"
	"countersign/tui/ui"
)

// Bounds of replay.
const (
	askedFrom  = 100 // more requests are asked about
	maxReplays = 10_000
	maxEvery   = time.Hour
)

// replayed finds the ids of the runs to send again.
func (a *app) replayed(ctx context.Context, ids []string, o replayOptions) ([]string, error) {
	switch {
	case o.count < 1 || o.count > maxReplays:
		return nil, usage(fmt.Sprintf("give a number from 1 to %d", maxReplays), "--count is %d", o.count)
	case o.every < 0 || o.every > maxEvery:
		return nil, usage("give a time up to 1h", "--every is %s", o.every)
	case o.limit < 1:
		return nil, usage("give a number of at least 1", "--limit is %d", o.limit)
	}
	var found []string
	if !o.search.set {
		for _, id := range ids {
			e, err := a.run(ctx, id)
			if err != nil {
				return nil, err
			}
			found = append(found, e.ID)
		}
	} else {
		runs, err := a.found(ctx, o.search.text, "", o.limit)
		if err != nil {
			return nil, err
		}
		for _, r := range runs {
			found = append(found, r.ID)
		}
	}
	n := len(found) * o.count
	if n > maxReplays {
		return nil, usage("send fewer: --limit, --count", "that would send %d requests; at most %d are sent", n, maxReplays)
	}
	if n > askedFrom && !o.yes {
		return found, a.askYes(ctx, fmt.Sprintf("Send %d requests?", n),
			fmt.Sprintf("that sends %d requests, and there is no terminal to ask on", n))
	}
	return found, nil
}

// replayLine is one run that was sent again, in the document of replay --json.
type replayLine struct {
	Of       string    `json:"of"`  // the saved run
	Run      string    `json:"run"` // the new one; "" where none was kept
	Endpoint string    `json:"endpoint"`
	Same     bool      `json:"same"` // but for the time that it took
	Then     replayEnd `json:"then"`
	Now      replayEnd `json:"now"`
	Error    string    `json:"error,omitempty"`
}

// replayEnd is how a run ended.
type replayEnd struct {
	Status   int     `json:"status"`
	Result   string  `json:"result"`
	Request  string  `json:"request"`
	Response string  `json:"response"`
	Schema   int     `json:"schema"` // places that the answer's schema does not allow
	TotalMs  float64 `json:"totalMs"`
}

func endOf(endpoint catalog.Endpoint, e apiclient.Exchange) replayEnd {
	sides := e.Sides()
	end := replayEnd{
		Result:  strings.TrimSpace(e.Result.Status + " " + e.Result.Code),
		Request: string(sides.Request.Status), Response: string(sides.Response.Status),
		Schema: len(suite.SchemaFaults(endpoint, &e)), TotalMs: float64(e.Timing.Total.Microseconds()) / 1000,
	}
	if e.Response != nil {
		end.Status = e.Response.Status()
	}
	return end
}

// againAndThen compares a run with the one that it was sent again from.
func againAndThen(endpoint catalog.Endpoint, then, now apiclient.Exchange) replayLine {
	l := replayLine{Of: then.ID, Run: now.ID, Endpoint: then.Endpoint, Then: endOf(endpoint, then),
		Now: endOf(endpoint, now), Error: now.Err}
	if l.Endpoint == "" {
		l.Endpoint = now.Request.Path()
	}
	a, b := l.Then, l.Now
	a.TotalMs, b.TotalMs = 0, 0
	l.Same = a == b && now.Err == ""
	return l
}

// cells are what the table shows: one value where it is the same, else both.
func (l replayLine) cells() []string {
	both := func(then, now string) string {
		if then == now {
			return ui.Safe(word(now))
		}
		return ui.Safe(word(then) + " → " + word(now))
	}
	status := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	schema := func(n int) string {
		if n == 0 {
			return "ok"
		}
		return ui.Count(n, "fault")
	}
	took := ui.Millis(time.Duration(l.Then.TotalMs*1e6)) + " → " + ui.Millis(time.Duration(l.Now.TotalMs*1e6))
	return []string{
		both(status(l.Then.Status), status(l.Now.Status)), both(l.Then.Result, l.Now.Result),
		both(l.Then.Request, l.Now.Request),
		both(l.Then.Response, l.Now.Response), both(schema(l.Then.Schema), schema(l.Now.Schema)), took,
	}
}

// replayColumns name what cells are.
var replayColumns = []string{"STATUS", "RESULT", "REQUEST", "RESPONSE", "SCHEMA", "TOOK"}

// printDifference tells what differs of one run; nothing where --json prints the
// exchange.
func (a *app) printDifference(l replayLine) {
	if a.flags.json {
		return
	}
	if l.Same {
		_ = a.write([]byte(a.paint(faint, "as then ("+l.Of+")") + "\n")) // stdout that is gone is told by the rest
		return
	}
	var parts []string
	for i, cell := range l.cells() {
		if strings.Contains(cell, " → ") {
			parts = append(parts, strings.ToLower(replayColumns[i])+" "+cell)
		}
	}
	_ = a.write([]byte("differs from then (" + l.Of + "): " + strings.Join(parts, " · ") + "\n"))
}

// replayAll sends several runs, or one several times, and prints a table.
func (a *app) replayAll(ctx context.Context, jobs []replayJob, o replayOptions) error {
	var lines []replayLine
	code := exitDone
	for i, n := 0, len(jobs)*o.count; i < n; i++ {
		if i > 0 && !sleep(ctx, o.every) {
			break
		}
		j := jobs[i%len(jobs)]
		e, err := a.sendAgain(ctx, j)
		if err != nil {
			return fmt.Errorf("run %s: %w", j.saved.ID, err)
		}
		lines = append(lines, againAndThen(j.endpoint, j.saved, e))
		code = max(code, replayCode(e))
	}
	if err := a.printReplays(lines); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return said(code)
}

// replayCode is the exit code for one run that was sent again.
func replayCode(e apiclient.Exchange) int {
	switch {
	case cutUnverified(e):
		return exitUnverified
	case e.Err != "":
		return exitFailed
	case len(e.Tampered) > 0 && e.Reaction() != apiclient.NoReaction:
		if err := tamperedCode(e); err != nil {
			return codeOf(err)
		}
		return exitDone
	}
	return exchangeCode(e)
}

// sleep waits; false where ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

func (a *app) printReplays(lines []replayLine) error {
	rows := [][]string{slices.Concat([]string{"RUN", "ENDPOINT"}, replayColumns, []string{"NEW RUN"})}
	same := 0
	for _, l := range lines {
		rows = append(rows, slices.Concat([]string{l.Of, ui.Safe(l.Endpoint)}, l.cells(), []string{word(l.Run)}))
		if l.Same {
			same++
		}
	}
	var out printer
	table(&out, rows)
	for _, l := range lines {
		if l.Error != "" {
			out.line("%s  %s: %s", a.paint(bad, "✗ problem"), l.Of, ui.Safe(l.Error))
		}
	}
	out.line("%s: %d as then, %d different", ui.Count(len(lines), "request"), same, len(lines)-same)
	return a.tell(append([]replayLine{}, lines...), &out)
}
