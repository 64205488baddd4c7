package diagnosis

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
	"countersign/tui/keymap"
	"countersign/tui/tuitest"
	"countersign/tui/ui"
)

// The title shows a time of day: it is that of UTC.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}

// pane makes an empty one, in which the keys are named by their defaults.
func pane(p termenv.Profile) *Pane {
	made := New(ui.NewTheme(ui.ThemeDark, p), func() time.Time { return time.Unix(0, 0) })
	global := keymap.Actions{
		{ID: keymap.Cancel, Keys: keymap.On("esc"), Long: "Leave"}, {ID: keymap.Copy, Keys: keymap.On("y"), Long: "Copy"},
	}
	keys, err := keymap.New(append(made.Actions(), keymap.In(keymap.Global, global)...)...)
	if err != nil {
		panic(err)
	}
	made.theme.SetKeys(keys)
	return made
}

// study begins a search, which end ends.
func study(p *Pane, effort int, told []byte) (end func(diagnose.Report, error)) {
	var report diagnose.Report
	var failed error
	p.Attach(func(context.Context, apiclient.Exchange, apiclient.Side, []byte, diagnose.Options) (diagnose.Report, error) {
		return report, failed
	})
	p.effort, p.told = effort, told
	cmd := p.search()
	return func(r diagnose.Report, err error) {
		report, failed = r, err
		p.Update(cmd())
	}
}

func exchange() *apiclient.Exchange {
	return &apiclient.Exchange{
		StartedAt:   time.Date(2026, 11, 23, 12, 3, 11, 0, time.UTC),
		SentVerdict: signing.Verdict{Status: signing.Verified, Reason: "Signed by our key over exactly this content."},
		Response:    &apiclient.Message{Line: "HTTP/1.1 200 OK"},
		Received:    signing.Verdict{Status: signing.Mismatch, Reason: "Signed by peer key v1 over other content."},
	}
}

// found is the report of the sketch: the newline behind the body is not signed.
func found() diagnose.Report {
	const expected = "POST /v2/payments/pay\n2188.1682060290199.{\"resultMessage\":\"Success\"}\n"
	return diagnose.Report{
		Verdict:      signing.Mismatch,
		Verification: signing.Verdict{Status: signing.Mismatch, Reason: "Signed by sandbox key v1 with SHA-256 (certain). The key is right: the content differs."},
		Signer: &diagnose.Signer{
			Key: apiclient.Key{Key: signing.Key{ID: "peer key v1"}, Role: apiclient.RolePeer}, Hash: crypto.SHA256, Padding: signing.PKCS1v15, Salt: -1, Certain: true,
		},
		Expected: []byte(expected), Signed: []byte(strings.TrimSuffix(expected, "\n")), SignedDigest: bytes.Repeat([]byte{0xab}, 32),
		Findings: []diagnose.Finding{{
			Cause: "body_trailing_newline", Family: diagnose.FamilyBody, Proven: true,
			Says: "The signer signed the body without the newline that was sent after it.",
			Fix:  "sign the exact bytes that you send, or send the exact bytes that you signed.",
			Also: []string{"body_trimmed"}, Signed: `"Success"}`, Expected: "\"Success\"}\n",
		}},
		Tried: 3412, Elapsed: 4 * time.Millisecond, Ended: diagnose.Found,
	}
}

// lost is a search that ran out of time.
func lost() diagnose.Report {
	r := found()
	r.Signed, r.Ended, r.Tried, r.Elapsed = nil, diagnose.OutOfTime, 2_412_345, 1800*time.Millisecond
	r.Verification.Hint = "Ask the other side for the string that it signed."
	r.Findings = []diagnose.Finding{
		{Cause: "time_zone", Family: diagnose.FamilyTime, Says: "The clock is three hours off."},
		{Cause: "signature_not_urlencoded", Family: diagnose.FamilyWarning, Says: "The value is plain base64."},
	}
	return r
}

// open makes a pane that shows a report.
func open(w, h int, r diagnose.Report) *Pane {
	p := pane(termenv.Ascii)
	p.Resize(w, h)
	p.turnTo(exchange(), apiclient.ResponseSide, true)
	study(p, 0, nil)(r, nil)
	return p
}

func shows(t *testing.T, p *Pane, texts ...string) {
	t.Helper()
	screen := tuitest.Plain(p.View())
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			t.Errorf("the pane lacks %q:\n%s", text, screen)
		}
	}
}

func lacks(t *testing.T, p *Pane, texts ...string) {
	t.Helper()
	screen := tuitest.Plain(p.View())
	for _, text := range texts {
		if strings.Contains(screen, text) {
			t.Errorf("the pane shows %q:\n%s", text, screen)
		}
	}
}

func TestGoldens(t *testing.T) {
	told := found()
	told.Comparison = &diagnose.Comparison{Kind: "string", Says: "Their string differs from ours at byte 47 (93 bytes against 93).", Told: bytes.Replace(told.Expected, []byte("0199"), []byte("0200"), 1)}
	for name, r := range map[string]diagnose.Report{"found": found(), "lost": lost(), "told": told} {
		for _, size := range [][2]int{{138, 37}, {58, 37}} {
			p := open(size[0], size[1], r)
			if r.Comparison != nil {
				study(p, 0, r.Comparison.Told)(r, nil)
			}
			tuitest.Golden(t, fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), tuitest.Plain(p.View()))
		}
	}
}

// hostile is a report whose every text wants to tamper the screen.
func hostile(body string) diagnose.Report {
	r := found()
	r.Verification.Reason = body
	r.Expected, r.Signed = []byte("POST /\n"+body+"\nend"), []byte("POST /\n"+strings.ToUpper(body)+"end\r")
	r.Findings = []diagnose.Finding{
		{Cause: body, Family: "body", Proven: true, Says: body, Fix: body, Also: []string{body, body}, Signed: strings.ToUpper(body), Expected: body},
		{Cause: "x", Says: body, Expected: body},
		{Cause: "y", Family: diagnose.FamilyWarning, Says: body, Signed: body},
	}
	r.Comparison = &diagnose.Comparison{Kind: body, Says: body, Told: []byte("POST /\n" + body)}
	return r
}

const tamper = "\x1b[2J\x1b]0;owned\x07\u202Eevil\u200b\r\n\x00\x9b31m\xff\xfe 🧑‍🤝‍🧑 漢字\t[]‹›e\u0301\u0301"

// Whatever is drawn, at whatever size, wherever one scrolls: exactly so many
// cells, and nothing that a terminal obeys.
func TestExactSize(t *testing.T) {
	contents := map[string]string{"hostile": tamper, "large": strings.Repeat(tamper, 1<<20/len(tamper)), "empty": ""}
	for name, body := range contents {
		withSigned, without := hostile(body), hostile(body)
		without.Signed, without.Signer, without.Ended = nil, nil, diagnose.Exhausted
		for kind, r := range map[string]diagnose.Report{"found": withSigned, "lost": without} {
			for _, size := range [][2]int{{200, 60}, {140, 40}, {100, 30}, {80, 24}, {60, 20}, {40, 12}, {10, 3}, {1, 1}} {
				t.Run(fmt.Sprintf("%s %s %dx%d", name, kind, size[0], size[1]), func(t *testing.T) {
					walk(t, size[0]-2, size[1]-5, r, body)
				})
			}
		}
	}
}

func walk(t *testing.T, w, h int, r diagnose.Report, told string) {
	t.Helper()
	p := pane(termenv.TrueColor)
	p.Resize(max(0, w), max(0, h))
	check := func() { t.Helper(); tuitest.Exact(t, p.View(), max(0, w), max(0, h)) }
	check()
	p.turnTo(exchange(), apiclient.ResponseSide, true)
	check()
	end := study(p, 0, []byte(told))
	p.latest.Store(&diagnose.Progress{Stage: told, Tried: 1 << 40, PerSecond: 1e9, Elapsed: time.Hour})
	p.Tick(time.Unix(60, 0))
	check()
	end(r, nil)
	for _, a := range []keymap.ID{
		"diagnosis.page-down", "diagnosis.down", "diagnosis.page-down", "diagnosis.bottom", "diagnosis.page-up", "diagnosis.top",
		"diagnosis.hex", "diagnosis.page-down", "diagnosis.bottom", "diagnosis.up", "diagnosis.hex",
	} {
		if p.Actions().Refuses(a) == "" {
			p.Actions().Act(a)
		}
		check()
	}
	study(p, 0, nil)(r, errors.New(r.Verification.Reason))
	check()
}

// A frame of 5 MB costs what a frame of 5 kB does: the rows are made for the
// window.
func TestALargeDifferenceIsWindowed(t *testing.T) {
	r := found()
	r.Expected, r.Signed = bytes.Repeat([]byte("ab\n漢"), 1<<20), bytes.Repeat([]byte("xy\t字"), 1<<20)
	p := open(138, 37, r)
	if p.all > 2000 {
		t.Errorf("the document has %d rows: the strings are not cut", p.all)
	}
	shows(t, p, "⋯ 6.3 MB more")
	p.Actions().Act("diagnosis.hex")
	if p.all < 600_000 {
		t.Errorf("the hex view has %d rows only", p.all)
	}
	p.Actions().Act("diagnosis.bottom")
	shows(t, p, "005ffff8")
	allocated := testing.AllocsPerRun(10, func() { _ = p.View() })
	if allocated > 20_000 {
		t.Errorf("a frame takes %.0f allocations", allocated)
	}
}

func TestManyDifferencesAreCounted(t *testing.T) {
	var spans []diagnose.Span
	for range 400 {
		spans = append(spans, diagnose.Span{Signed: []byte("b"), Expected: []byte("a")}, diagnose.Span{Signed: []byte("same"), Expected: []byte("same"), Same: true})
	}
	p := open(138, 60, found())
	p.reading.chunks, p.reading.hidden = lay(spans)
	p.build()
	shows(t, p, "and 100 more differences")
}

func TestStringsAreCutAroundDifferences(t *testing.T) {
	r := found()
	long := strings.Repeat("line of text\n", 1000)
	r.Expected, r.Signed = []byte("head\n"+long+"A]x\n"+long+"tail"), []byte("head\n"+long+"B]x\n"+long+"tail")
	p := open(138, 60, r)
	shows(t, p, "⋯ 12 kB the same ⋯", "[B]]x␊", "[A]]x␊")
	lacks(t, p, "tail")
}

// What one side lacks is marked where it is missing.
func TestMissingBytesAreMarked(t *testing.T) {
	p := open(138, 37, found())
	shows(t, p, `signed    "Success"}[]`, `expected  "Success"}[␊]`, "signed  68 bytes", "expected  69 bytes")
}

// What two findings have in common is drawn once, and digests where they are
// certain.
func TestPartsAreDrawnOnce(t *testing.T) {
	r := found()
	second := r.Findings[0]
	second.Cause = "body_trimmed"
	r.Findings = append(r.Findings, second, diagnose.Finding{Cause: "unknown", Family: diagnose.FamilyContent, Says: "Other.", Signed: "SHA-256 11", Expected: "SHA-256 22"})
	p := open(138, 60, r)
	if n := strings.Count(tuitest.Plain(p.View()), "signed    "); n != 1 {
		t.Errorf("parts are drawn %d times:\n%s", n, tuitest.Plain(p.View()))
	}
	lacks(t, p, "SHA-256·11")
}

func TestHex(t *testing.T) {
	p := open(138, 37, found())
	p.Actions().Act("diagnosis.hex")
	shows(t, p, "00000040", `73 22 7d[  ]`, `73 22 7d[0a]`, "56 bytes the same")
	lacks(t, p, "[␊]]")
	p.Actions().Act("diagnosis.hex")
	lacks(t, p, "00000040")
}

// Across from a byte that only one side has stands a gap: what is equal stays
// in line.
func TestHexKeepsBothSidesInLine(t *testing.T) {
	r := found()
	r.Signed, r.Expected = []byte("abcXYdefgh"), []byte("abcdefgh")
	p := open(138, 37, r)
	p.Actions().Act("diagnosis.hex")
	shows(t, p, "61 62 63[58 59]64 65 66  abcXYdef", "61 62 63[     ]64 65 66  abc  def", "00000008  67 68", "00000006  67 68")
}

func TestNothingProvenSaysWhatIsCertain(t *testing.T) {
	p := open(138, 60, lost())
	shows(t, p, "time is up after 2,412,345 hypotheses in 1.8 s", "○ time_zone   likely, not proven", "! signature_not_urlencoded   odd, not the cause",
		"peer key v1, the other side's key (certain)", "SHA-256 "+strings.Repeat("ab", 32), "69 bytes", "Ask the other side", "Search on for 18.0 s", "The string that the rule gives")
}

func TestEveryStateHasWords(t *testing.T) {
	p := pane(termenv.Ascii)
	p.Resize(98, 27)
	shows(t, p, "Nothing is diagnosed yet")
	p.turnTo(exchange(), apiclient.ResponseSide, true)
	shows(t, p, "✗ Signed by peer key v1 over other content.")
	study(p, 0, nil)
	shows(t, p, "Searching: opening the signature", "0.0 s of 1.8 s", "esc stops, + gives it more time")
	p.latest.Store(&diagnose.Progress{Stage: "pairs of changes", Tried: 123456, PerSecond: 1.23e6})
	p.Tick(time.Unix(0, 700e6))
	shows(t, p, "⠙ Searching: pairs of changes", "123,456 hypotheses", "1.2 million per second", "0.7 s of 1.8 s")
	end := study(p, len(Budgets)-1, nil)
	shows(t, p, "without end · esc stops")
	end(diagnose.Report{}, errors.New("the history is gone"))
	shows(t, p, "✗ Cannot be diagnosed: the history is gone")
	for ended, words := range map[diagnose.End]string{
		diagnose.Exhausted: "everything known was tried", diagnose.Canceled: "Stopped: 2,412,345 hypotheses", diagnose.OutOfTime: "time is up",
	} {
		r := lost()
		r.Ended = ended
		shows(t, open(98, 27, r), words)
	}
	verified := lost()
	verified.Verdict, verified.Verification.Status, verified.Ended = signing.Verified, signing.Verified, diagnose.NotSearched
	p = open(98, 27, verified)
	shows(t, p, "✓ ")
	lacks(t, p, "What is certain", "What to try")
}

func TestComparisonStandsOnTop(t *testing.T) {
	r := lost()
	r.Comparison = &diagnose.Comparison{Kind: "error text", Says: "Their string differs from ours at byte 7."}
	r.Findings = append(r.Findings, diagnose.Finding{Cause: "path_prefix_missing", Proven: true, Says: "It is.", Setting: `signed_path = "{path}"`})
	p := open(138, 37, r)
	end := study(p, 0, []byte("invalid signature"))
	lacks(t, p, "Their string")
	end(r, nil)
	shows(t, p, "○ Their string differs from ours at byte 7.", `Setting: signed_path = "{path}"`)
	r.Comparison = &diagnose.Comparison{Kind: "digest", Matches: true, Says: "It is what the signature covers."}
	study(p, 0, []byte("invalid signature"))(r, nil)
	shows(t, p, "● It is what the signature covers.")
	r.Comparison = nil
	study(p, 0, []byte("invalid signature"))(r, nil)
	shows(t, p, "could not be compared")
}

func TestRefusals(t *testing.T) {
	p := pane(termenv.Ascii)
	p.Resize(98, 27)
	p.turnTo(exchange(), apiclient.RequestSide, true)
	for _, a := range []keymap.ID{keymap.Copy, "diagnosis.hex", "diagnosis.copy-string", "diagnosis.more"} {
		if p.Actions().Refuses(a) == "" {
			t.Errorf("%s is not refused before there is a report", a)
		}
	}
	alone := exchange()
	alone.Response = nil
	p.turnTo(alone, apiclient.RequestSide, true)
	if p.Actions().Refuses("diagnosis.side") == "" {
		t.Error("the other side is offered where there is none")
	}
	p = open(98, 27, lost())
	for a, refused := range map[keymap.ID]bool{
		keymap.Copy: false, "diagnosis.more": false, "diagnosis.tell": false, "diagnosis.side": false,
		"diagnosis.hex": true, "diagnosis.copy-string": true,
	} {
		if got := p.Actions().Refuses(a); (got != "") != refused {
			t.Errorf("%s is refused with %q", a, got)
		}
	}
	p = open(98, 27, found())
	if p.Actions().Refuses("diagnosis.more") == "" {
		t.Error("a search that found is offered more time")
	}
	same := found()
	same.Signed = same.Expected
	p = open(98, 60, same)
	if p.Actions().Refuses("diagnosis.hex") == "" {
		t.Error("hex of no difference is offered")
	}
	shows(t, p, "The string that was signed", "signed  69 bytes")
	tuitest.Lacks(t, p.View(), "Both strings", "expected  69 bytes")
	same.Verdict, same.Refusal = apiclient.SignatureRefused, &apiclient.Refusal{}
	shows(t, open(98, 60, same), "Our string, which verifies here; compare theirs")
}

func TestMessages(t *testing.T) {
	p := open(98, 27, found())
	r := found()
	for a, want := range map[keymap.ID]tea.Msg{
		keymap.Cancel:           Left{},
		keymap.Copy:             ui.Copied{What: "report", Text: r.Markdown()},
		"diagnosis.copy-string": ui.Copied{What: "string that was signed", Text: string(r.Signed)},
	} {
		if got := p.Actions().Act(a)(); got != want {
			t.Errorf("%s emits %#v, not %#v", a, got, want)
		}
	}
	study(p, 0, []byte("told"))
	if p.Actions().Act(keymap.Cancel) != nil || !p.Searching() {
		t.Error("esc does not stop the search first, which then ends with what it knows")
	}
	if m, ok := p.Actions().Act("diagnosis.tell")().(TellAsked); !ok || string(m.Told) != "told" {
		t.Errorf("p emits %#v", m)
	}
}

func TestWheelScrolls(t *testing.T) {
	p := open(38, 7, found())
	before := p.View()
	p.Wheel(3)
	if p.View() == before || p.top != 3 {
		t.Errorf("the wheel scrolled to %d", p.top)
	}
	p.Wheel(-100)
	if p.View() != before {
		t.Error("the wheel does not come back")
	}
}
