package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/sandbox"
	"countersign/apiclient/signing"
	"countersign/tui/box"
	"countersign/tui/keymap"
	"countersign/tui/layout"
	"countersign/tui/status"
	"countersign/tui/tuitest"
	"countersign/tui/ui"
)

// q closes what covers the screen, one thing at a time, and then quits.
func TestQuitClosesWhatCoversFirst(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		open []string
		back keymap.Scope
	}{
		"diagnosis":        {[]string{"ctrl+r", "4", "d"}, keymap.Signature},
		"comparison":       {[]string{"ctrl+r", "ctrl+r", "6", "c"}, keymap.Runs},
		"zoom":             {[]string{"z"}, keymap.Request},
		"a whole text":     {[]string{"ctrl+r", "4", "enter"}, keymap.Signature},
		"help":             {[]string{"?"}, keymap.Request},
		"a box of choices": {[]string{"3", "s"}, keymap.Headers},
	} {
		t.Run(name, func(t *testing.T) {
			x := explore(t, 140, 40)
			x.Key(c.open...)
			x.Key("q")
			if x.Quit() || x.app.box != nil || layout.Covers(x.app.focus) || x.app.zoomed || x.app.focus != c.back {
				t.Fatalf("quit %v, box %T, focus %s, zoomed %v", x.Quit(), x.app.box, x.app.focus, x.app.zoomed)
			}
			if x.Key("q"); !x.Quit() {
				t.Error("the second q does not quit")
			}
		})
	}
}

// A zoom that makes no difference on a narrow screen costs no key.
func TestQuitOnANarrowScreen(t *testing.T) {
	t.Parallel()
	x := explore(t, 60, 20)
	x.Key("z", "q")
	if !x.Quit() {
		t.Error("q did not quit")
	}
}

// : opens the palette wherever no text is typed.
func TestColonOpensThePalette(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]string{
		"endpoints": {"1"}, "request": {"2"}, "fields": {"2", "]"}, "headers": {"3"}, "signature": {"4"}, "response": {"5"}, "runs": {"6"},
		"diagnosis": {"d"}, "comparison": {"ctrl+r", "6", "c"}, "a whole text": {"4", "enter"}, "help": {"?"}, "a box of choices": {"3", "s"},
	} {
		t.Run(name, func(t *testing.T) {
			x := explore(t, 140, 40)
			x.Key("ctrl+r")
			x.Key(keys...)
			x.Key(":")
			p, open := x.app.box.(*box.Palette)
			if !open {
				t.Fatalf("it opened a %T", x.app.box)
			}
			x.Type(":") // here it is text
			if x.app.box != box.Box(p) || p.Input.Value() != ":" {
				t.Errorf("the palette has %q", p.Input.Value())
			}
		})
	}
}

func TestColonIsTextWhereTextIsTyped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		keys []string
		text func(x *world) string // nil: it is not looked at
	}{
		"body":           {[]string{"e"}, func(x *world) string { return string(x.app.desk.Draft().Body[:1]) }},
		"prompt":         {[]string{"t", "ctrl+a"}, func(x *world) string { return x.app.box.(*box.Prompt).Input.Value() }},
		"find":           {[]string{"/"}, nil},
		"search of runs": {[]string{"6", "/"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			x := explore(t, 140, 40)
			x.Key(c.keys...)
			x.Key(":")
			if _, open := x.app.box.(*box.Palette); open {
				t.Fatal("it opened the palette")
			}
			if c.text == nil {
				return
			}
			if got := c.text(x); got != ":" {
				t.Errorf("the text is %q", got)
			}
		})
	}
}

// A question stands until it is answered.
func TestColonAnswersNoQuestion(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) { x.profile.Confirm = true })
	x.Key("ctrl+r", ":")
	x.shows(t, "y yes")
}

// unsignedAnswer is an other side that does not sign.
func unsignedAnswer() func(*world) {
	return answering(200, map[string]string{"Content-Type": "application/json"},
		`{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"ok"}}`)
}

// explaining makes the search answer with a report of the test's own, and
// counts what it is asked.
type explaining struct {
	asked   []diagnose.Evidence
	options []diagnose.Options
	ctx     context.Context
	ended   diagnose.End
	signed  string
}

func (x *explaining) option(w *world) {
	w.explain = func(ctx context.Context, e diagnose.Evidence, o diagnose.Options) diagnose.Report {
		x.asked, x.options, x.ctx = append(x.asked, e), append(x.options, o), ctx
		r := diagnose.Report{Verification: e.Verify(), Expected: e.Canonical()}
		r.Verdict, r.Verification.Status, r.Verification.Reason = signing.Mismatch, signing.Mismatch, "Signed over other content, report "+fmt.Sprint(len(x.asked))+"."
		r.Ended, r.Tried, r.Elapsed = x.ended, 3412, 4*time.Millisecond
		if ctx.Err() != nil {
			r.Ended = diagnose.Canceled
		}
		if x.signed != "" {
			r.Signed = []byte(x.signed)
			r.Findings = []diagnose.Finding{{Cause: "body_altered", Proven: true, Says: "The body differs."}}
		}
		if e.Told != nil {
			r.Comparison = &diagnose.Comparison{Kind: "string", Says: "They told " + fmt.Sprint(len(e.Told)) + " bytes.", Told: e.Told}
		}
		return r
	}
}

// diagnosable is an explorer with an answer that is not signed, whose search
// ends so.
func diagnosable(t *testing.T, ended diagnose.End) (*world, *explaining) {
	t.Helper()
	explain := &explaining{ended: ended}
	x := explore(t, 140, 40, unsignedAnswer(), explain.option)
	x.Key("ctrl+r")
	return x, explain
}

func TestDiagnosisOpensAndCloses(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, unsignedAnswer())
	x.Key("ctrl+r")
	x.shows(t, "response unsigned", "d explains", "d diagnose")
	x.Key("5", "d")
	x.shows(t, "Diagnosis  run 12:03:11 · response", "There is no Signature header", "esc back")
	x.lacks(t, "d explains", "d diagnose", "ctrl+r send")
	x.Key("esc")
	if x.app.focus != keymap.Response {
		t.Errorf("esc went to %s", x.app.focus)
	}
	x.Key("d", "2")
	if x.app.focus != keymap.Request {
		t.Errorf("2 went to %s", x.app.focus)
	}
}

// What verifies can be looked at, but is not offered.
func TestDiagnosisIsOfferedWhereSomethingFails(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r")
	x.lacks(t, "d diagnose", "d explains")
	x.Key("6")
	x.lacks(t, "d diagnose")
	x.Key("d")
	x.shows(t, "run 12:03:11 · response", "✓ ")
	x.Key("s")
	x.shows(t, "run 12:03:11 · request", "✓ ")
}

// A draft whose signature was changed on purpose is explained before it is
// sent.
func TestDiagnosisOfADraft(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("3", "a")
	x.Type("Signature: algorithm=RSA256, keyVersion=1, signature=AAAA")
	x.Key("enter")
	x.shows(t, "d explains", "d diagnose")
	x.Key("d")
	x.shows(t, "Diagnosis  draft, not sent · request")
	x.Key("s")
	x.shows(t, "There is no response to look at")
	if n := x.runs(t); n != 0 {
		t.Errorf("%d runs: something was sent", n)
	}
}

func TestDiagnosisRefuses(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("d")
	x.shows(t, "Nothing is sent yet")
	x.Key("6", "d")
	x.shows(t, "There is no run yet")
	x = explore(t, 140, 40)
	x.app.services.Evidence = nil
	x.Key("ctrl+r", "d")
	x.shows(t, "There is no evidence here")
	x = explore(t, 140, 40)
	x.app.desk.Flight.Start(noon)
	x.Key("d")
	if x.app.focus == keymap.Diagnosis {
		t.Error("the diagnosis opened while a request is under way")
	}
	x.app.desk.Flight.Drop()
	// Nothing is sent from behind the diagnosis.
	x.Key("ctrl+r", "d", "ctrl+r", "Y", "tab", "z")
	if n := x.runs(t); n != 1 || x.app.focus != keymap.Diagnosis || x.app.zoomed || strings.Contains(x.copied, "curl") {
		t.Errorf("%d runs, focus %s, zoomed %v, copied %q", n, x.app.focus, x.app.zoomed, x.copied)
	}
}

// The list of forms has the evidence page too, with and without a diagnosis before.
func TestFormsHaveTheEvidencePage(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.app.config.Folder = t.TempDir()
	x.Key("Y")
	x.lacks(t, "evidence page") // nothing was sent: there is nothing to prove
	x.Key("esc", "ctrl+r", "Y", "end", "enter")
	x.shows(t, "Evidence page with secrets masked: ")
	x.Key("d", "esc", "Y", "end", "r", "s")
	x.shows(t, "Evidence page with every secret: ")
	pages, err := filepath.Glob(filepath.Join(x.app.config.Folder, "evidence-*-response*.html"))
	if err != nil || len(pages) != 2 {
		t.Fatalf("pages: %v %v", pages, err)
	}
}

// TestEvidencePage writes the page from the diagnosis, a new file each time.
func TestEvidencePage(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.app.config.Folder = t.TempDir()
	x.Key("ctrl+r", "d", "e", "e")
	x.shows(t, "Evidence page with secrets masked: ")
	pages, err := filepath.Glob(filepath.Join(x.app.config.Folder, "evidence-*-response*.html"))
	if err != nil || len(pages) != 2 {
		t.Fatalf("pages: %v %v", pages, err)
	}
	text, err := os.ReadFile(pages[0])
	if err != nil || !strings.Contains(string(text), "verifies: peer key v1 made it") {
		t.Errorf("the page says %.300s", text)
	}
	if info, err := os.Stat(pages[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the mode of the page is %v", info.Mode())
	}
	x.app.config.Folder = filepath.Join(x.app.config.Folder, "gone")
	x.Key("e")
	x.shows(t, "No evidence page: ")
}

func TestDiagnosisOfARun(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, unsignedAnswer())
	x.Key("ctrl+r", "1", "down", "down", "enter", "ctrl+r", "6")
	x.shows(t, "d diagnose")
	x.Key("end", "d")
	if got := x.app.panes.diagnosis.Exchange().Endpoint; got != "v2/payments/pay" {
		t.Errorf("the run of %s is diagnosed", got)
	}
	x.shows(t, "Diagnosis  run")
	if n := x.runs(t); n != 2 {
		t.Errorf("%d runs: something was sent", n)
	}
	x.Key("esc")
	if x.app.focus != keymap.Runs {
		t.Errorf("esc went to %s", x.app.focus)
	}
}

// The side that fails comes first; the response where both do.
func TestDiagnosisTurnsToWhatFails(t *testing.T) {
	t.Parallel()
	good, bad := signing.Verdict{Status: signing.Verified}, signing.Verdict{Status: signing.Mismatch}
	answer := &apiclient.Message{}
	for _, c := range []struct {
		e    apiclient.Exchange
		side apiclient.Side
		bad  bool
	}{
		{apiclient.Exchange{SentVerdict: bad, Received: bad, Response: answer}, apiclient.RequestSide, true},
		{apiclient.Exchange{SentVerdict: bad, Received: good, Response: answer}, apiclient.RequestSide, true},
		{apiclient.Exchange{SentVerdict: good, Received: bad, Response: answer}, apiclient.ResponseSide, true},
		{apiclient.Exchange{SentVerdict: good, Received: good, Response: answer}, apiclient.ResponseSide, false},
		{apiclient.Exchange{SentVerdict: bad}, apiclient.RequestSide, true},
		{apiclient.Exchange{}, apiclient.RequestSide, false},
	} {
		if side, is := status.Unverified(&c.e); side != c.side || is != c.bad {
			t.Errorf("sent %s, received %s: %s %v", c.e.SentVerdict.Status, c.e.Received.Status, side, is)
		}
	}
}

// esc stops the search, which then says what it knows; the next esc leaves.
func TestDiagnosisIsCancelled(t *testing.T) {
	t.Parallel()
	x, explain := diagnosable(t, diagnose.Exhausted)
	search := x.begin("d")
	x.shows(t, "Searching:", "0.0 s of 1.8 s", "esc stop")
	x.Key("esc")
	x.shows(t, "Searching:")
	x.Run(search)
	x.shows(t, "Stopped: 3,412 hypotheses", "esc back")
	if explain.ctx.Err() == nil {
		t.Error("the search was not cancelled")
	}
	x.Key("esc")
	if x.app.focus == keymap.Diagnosis {
		t.Error("the second esc did not leave")
	}
}

func TestCtrlCStopsTheSearch(t *testing.T) {
	t.Parallel()
	x, _ := diagnosable(t, diagnose.Exhausted)
	search := x.begin("d")
	x.Key("ctrl+c")
	x.Run(search)
	x.shows(t, "Stopped: 3,412 hypotheses")
	if x.Quit() {
		t.Error("ctrl+c quit at once")
	}
}

// A search that gave way to another, or that nobody waits for, changes nothing.
func TestLateDiagnosisIsIgnored(t *testing.T) {
	t.Parallel()
	x, _ := diagnosable(t, diagnose.OutOfTime)
	first := x.begin("d")
	x.Key("s")
	x.shows(t, "· request", "report 1.")
	x.Run(first)
	x.shows(t, "· request", "report 1.")
	x.lacks(t, "report 2.")

	side := x.begin("s")
	x.Run(side)
	x.Key("2") // leaves
}

// A search that was left is not shown as one that runs.
func TestLeavingEndsTheSearch(t *testing.T) {
	t.Parallel()
	x, explain := diagnosable(t, diagnose.OutOfTime)
	search := x.begin("d")
	x.Key("2")
	x.Run(search)
	if explain.ctx.Err() == nil || x.app.panes.diagnosis.Searching() {
		t.Error("the search goes on")
	}
	x.Key("d")
	x.shows(t, "report 2.", "time is up")
	x.lacks(t, "Searching:")
}

// What is known already is not searched for again.
func TestDiagnosisIsKept(t *testing.T) {
	t.Parallel()
	x, _ := diagnosable(t, diagnose.OutOfTime)
	x.Key("d", "esc", "d")
	x.shows(t, "report 1.")
	x.Key("esc", "ctrl+r", "d")
	x.shows(t, "report 2.")
}

func TestDiagnosisTakesMoreTime(t *testing.T) {
	t.Parallel()
	x, explain := diagnosable(t, diagnose.OutOfTime)
	x.Key("d")
	x.shows(t, "Search on for 18.0 s")
	x.Key("+", "+", "=", "+")
	want := []time.Duration{diagnose.DefaultBudget, 10 * diagnose.DefaultBudget, 100 * diagnose.DefaultBudget, -1, -1}
	for i, o := range explain.options {
		if o.Budget != want[i] {
			t.Errorf("search %d has %s, not %s", i, o.Budget, want[i])
		}
	}
	if len(explain.options) != len(want) {
		t.Errorf("%d searches", len(explain.options))
	}
	explain.signed = "POST /found"
	x.Key("+")
	x.shows(t, "● body_altered   proven, 3,412 hypotheses, 4.0 ms")
	x.Key("+")
	x.shows(t, "there is nothing more to search for")
}

func TestDiagnosisComparesWhatIsTold(t *testing.T) {
	t.Parallel()
	x, explain := diagnosable(t, diagnose.OutOfTime)
	x.Key("d", "p")
	x.shows(t, "What the other side says it signed", "enter compares")
	x.Paste("POST /v2/payments/pay\n2188.1.{\"a\":\n  1}\x1b[2J")
	x.Key("enter")
	told := "POST /v2/payments/pay\n2188.1.{\"a\":\n  1}\x1b[2J"
	if got := string(explain.asked[1].Told); got != told {
		t.Errorf("told %q", got)
	}
	x.shows(t, fmt.Sprintf("○ They told %d bytes.", len(told)), "told  "+fmt.Sprint(len(told))+" bytes")
	// It is there to be changed; empty takes it back.
	x.Key("p", "backspace", "alt+enter", "enter")
	if got := string(explain.asked[2].Told); got != strings.TrimSuffix(told, "J")+"\n" {
		t.Errorf("changed to %q", got)
	}
	x.Key("p", "esc")
	if len(explain.asked) != 3 {
		t.Errorf("esc compared all the same: %d searches", len(explain.asked))
	}
	x.Key("p")
	for range len(told) {
		x.Key("backspace")
	}
	x.Key("enter")
	if got := explain.asked[3].Told; got != nil {
		t.Errorf("taken back to %q", got)
	}
	x.lacks(t, "They told")
	// A paste opens the box by itself.
	x.Paste("9f2c61")
	x.shows(t, "enter compares", "9f2c61")
}

// How far a search is stands on the screen at the next tick; it never comes into
// Update by itself.
func TestDiagnosisShowsHowFarItIs(t *testing.T) {
	t.Parallel()
	told, answer := make(chan bool), make(chan bool)
	x := explore(t, 140, 40, unsignedAnswer(), func(w *world) {
		w.explain = func(_ context.Context, e diagnose.Evidence, o diagnose.Options) diagnose.Report {
			o.Progress(diagnose.Progress{Stage: "pairs of changes", Tried: 123456, PerSecond: 2.5e6})
			told <- true
			<-answer
			return diagnose.Verify(e)
		}
	})
	x.Key("ctrl+r")
	search := x.begin("d")
	done := make(chan tea.Msg)
	go func() { done <- search() }()
	<-told
	x.lacks(t, "pairs of changes")
	x.Send(ticked(noon.Add(700 * time.Millisecond)))
	x.shows(t, "Searching: pairs of changes", "123,456 hypotheses", "2.5 million per second", "0.7 s of 1.8 s")
	answer <- true
	x.Send(<-done)
	x.lacks(t, "Searching:")
}

// There is one tick, however much is waited for.
func TestThereIsOneTick(t *testing.T) {
	t.Parallel()
	timers := 0
	explain := &explaining{ended: diagnose.OutOfTime}
	x := explore(t, 140, 40, unsignedAnswer(), explain.option, func(w *world) {
		w.config.After = func(d time.Duration, _ func(time.Time) tea.Msg) tea.Cmd {
			if d == ui.Spinner.FPS {
				timers++
			}
			return nil
		}
	})
	x.Key("ctrl+r")
	x.Send(ticked(noon))
	x.begin("d")
	x.Key("s", "s", "+")
	if timers != 2 {
		t.Errorf("%d ticks were set off, not one for each wait", timers)
	}
}

func TestEvidenceThatFailsIsSaid(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, unsignedAnswer())
	x.app.services.Evidence = func(context.Context, apiclient.Exchange, apiclient.Side) (diagnose.Evidence, error) {
		return diagnose.Evidence{}, errors.New("the history is gone")
	}
	x.Key("ctrl+r", "d")
	x.shows(t, "✗ Cannot be diagnosed: the history is gone")
}

func TestDiagnosisCopies(t *testing.T) {
	t.Parallel()
	explain := &explaining{ended: diagnose.Found, signed: "POST /v2\n1.2.\x1b{}"}
	x := explore(t, 140, 40, unsignedAnswer(), explain.option)
	x.Key("ctrl+r", "d", "Y")
	if x.copied != explain.signed {
		t.Errorf("copied %q", x.copied)
	}
	x.Key("y")
	x.shows(t, "Copied the report")
}

// The screen is exactly full at every size, and says what it is about.
func TestDiagnosisAtEverySize(t *testing.T) {
	t.Parallel()
	explain := &explaining{ended: diagnose.Found, signed: "\x1b[2J\u202E漢字\xff" + strings.Repeat("x", 1<<20)}
	x := explore(t, 140, 40, unsignedAnswer(), explain.option)
	x.Key("ctrl+r")
	for _, size := range [][2]int{{200, 60}, {140, 40}, {100, 30}, {80, 24}, {60, 20}, {40, 12}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			x.Resize(size[0], size[1])
			x.Key("d")
			x.shows(t, "Diagnosis", "Signed over other")
			x.Key("pgdown", "h", "pgdown", "end", "up", "home", "h", "p")
			x.Paste("漢\x1b\n字")
			x.Key("enter", "s", "?", "esc", "ctrl+p", "esc", "esc")
			if x.app.focus == keymap.Diagnosis {
				t.Error("esc did not leave")
			}
		})
	}
}

func TestDiagnosisWheel(t *testing.T) {
	t.Parallel()
	explain := &explaining{ended: diagnose.Found, signed: strings.Repeat("line\n", 200)}
	x := explore(t, 80, 24, unsignedAnswer(), explain.option)
	x.Key("ctrl+r", "d")
	before := x.Screen()
	x.Wheel(20, 10, 1)
	if x.Screen() == before {
		t.Error("the wheel does not scroll")
	}
	x.Click(20, 10)
	if x.app.focus != keymap.Diagnosis {
		t.Errorf("a click went to %s", x.app.focus)
	}
}

// The README's second picture is a real diagnosis, with its numbers fixed: go
// test ./tui -run Picture -update draws it again.
func TestDiagnosisPicture(t *testing.T) {
	t.Parallel()
	const at, body = "1795435391240", "{\n  \"result\": {\n    \"resultCode\": \"ACCEPT\",\n    \"resultStatus\": \"A\",\n    \"resultMessage\": \"Accepté – 已受理\"\n  },\n  \"paymentId\": \"20261123\"\n}"
	const signed = `{"result": {"resultCode": "ACCEPT", "resultStatus": "A", "resultMessage": "Accept\u00e9 \u2013 \u5df2\u53d7\u7406"}, "paymentId": "20261123"}`
	proof, err := signing.Sign(testKey(t, "server2048"), []byte("POST /miniprogram/api/v2/payments/pay\n"+sandbox.ClientID+"."+at+"."+signed), signing.Style{KeyVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	answer := answering(200, map[string]string{"Content-Type": "application/json", "Client-Id": sandbox.ClientID, "Response-Time": at, "Signature": proof.Header}, body)
	x := explore(t, 140, 40, answer, func(w *world) {
		w.config.Theme = ui.NewTheme(ui.ThemeDark, termenv.TrueColor)
		w.explain = func(ctx context.Context, e diagnose.Evidence, _ diagnose.Options) diagnose.Report {
			r := diagnose.Diagnose(ctx, e, diagnose.Options{Budget: time.Minute})
			r.Tried, r.Elapsed = 56_412, 61*time.Millisecond
			return r
		}
	})
	x.Key("ctrl+r", "d")
	tuitest.GoldenFile(t, filepath.Join("..", ".dev", "diagnosis.svg"), tuitest.SVG(x.app.View(), 140, 40))
}

// The palette has the keys of the diagnosis where it is open, and d
// everywhere.
func TestDiagnosisInThePalette(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, unsignedAnswer())
	x.Key("ctrl+p")
	x.Type("hex")
	x.lacks(t, "Diagnosis: ")
	x.Key("esc", "ctrl+r", "ctrl+p")
	x.Type("diagnose")
	x.Key("enter")
	x.shows(t, "Diagnosis  run")
	x.Key("ctrl+p")
	x.Type("hex")
	x.shows(t, "Diagnosis: Show the difference as hex")
}

// Marks that change while strings are compared do not change what with.
func TestMarksDuringAComparison(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, recorded(t, 4))
	x.Key("6", "down", " ")
	marked := x.app.panes.runs.Marked()
	if len(marked) != 1 {
		t.Fatal("nothing is marked")
	}
	id := marked[0].ID
	x.Key("up", " ") // unmarked, while somebody still reads it
	if marked[0].ID != id {
		t.Errorf("what was handed over changed from %s to %q", id, marked[0].ID)
	}
}
