package tui

import (
	"context"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/tui/keymap"
	"countersign/tui/status"
)

// Whoever tampers with what comes first in the list has broken no signature
// yet: the hints say how to go on.
func TestHintsAfterATamperThatStillVerifies(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) { x.config.Hints = true })
	x.Key("ctrl+r", "3", "s")
	x.choose(t, "time_hour_old")
	x.Key("esc", "ctrl+r")
	x.shows(t, "F ACCESS_DENIED", "➜ This fault leaves the signature right")
	x.Key("u", "s")
	x.choose(t, "wrong_key")
	x.Key("esc", "ctrl+r")
	x.shows(t, "➜ d says why a signature is refused")
}

// While one types, a letter is text: the hint says how to leave first.
func TestHintsWhileTyping(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) { x.config.Hints = true })
	x.Key("ctrl+r", "e")
	x.shows(t, "Now break it: esc, then 3 goes to the headers")
	x.Key("esc")
	x.shows(t, "Now break it: 3 goes to the headers")
}

// ctrl+r means send: in the chooser of tampers too, which it closes.
func TestTamperChooserSends(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	x.Key("3", "s")
	x.choose(t, "wrong_key")
	x.shows(t, "ctrl+r sends")
	x.Key("ctrl+r")
	if x.app.box != nil {
		t.Errorf("the chooser is open:\n%s", x.Screen())
	}
	if x.runs(t) != 1 {
		t.Errorf("%d runs were sent", x.runs(t))
	}
	x.shows(t, "F INVALID_SIGNATURE", "tampered, refused · request wrong key · response verified")
}

// What the tour and the issue name is on the first page of a small screen, and
// the box says that there is more.
func TestTamperChooserOnASmallScreen(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {60, 20}} {
		x := explore(t, size[0], size[1])
		x.Key("3", "s")
		x.shows(t, "wrong key", "stale signature", "wrong path signed", "1 of 30", "space chooses")
	}
}

// A box that leaves only slivers of what is behind it takes the whole width.
func TestBoxesLeaveNoSlivers(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{{"?"}, {"3", "s"}, {"ctrl+p"}, {"P"}} {
		x := explore(t, 60, 20)
		x.Key(keys...)
		for _, size := range [][2]int{{60, 20}, {70, 20}, {80, 24}, {100, 30}, {140, 40}} {
			x.Resize(size[0], size[1])
			for _, row := range strings.Split(x.Screen(), "\n") {
				at := strings.IndexRune(row, '╭')
				if at < 0 || !strings.ContainsAny(row, "╮") || strings.Count(row, "╭") > 1 {
					continue
				}
				if n := len([]rune(row[:at])); n > 0 && n < 4 {
					t.Errorf("%dx%d %v: a sliver of %d columns:\n%s", size[0], size[1], keys, n, x.Screen())
				}
				break
			}
		}
	}
}

// How a tampered request was taken, and what verified, is what a narrow status
// line keeps.
func TestStatusKeepsWhatMatters(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 30)
	x.Key("3", "s")
	x.choose(t, "time_unreadable")
	x.Key("esc", "ctrl+r")
	for w, want := range map[int]string{
		140: "200 · F PARAM_ILLEGAL · tampered on purpose: unreadable time, refused as it should be · request verified · response verified",
		100: "200 · F PARAM_ILLEGAL · tampered, refused as it should be · request verified · response verified",
		80:  "200 · F PARAM_ILLEGAL · tampered, refused as it should be · both verified",
		60:  "200 · F PARAM_ILLEGAL · tampered, refused · both verified",
	} {
		x.Resize(w, 30)
		x.shows(t, want)
	}
	x = explore(t, 60, 20)
	x.Key("3", "s")
	x.choose(t, "wrong_key")
	x.Key("esc", "ctrl+r")
	x.shows(t, "  F INVALID_SIGNATURE · tampered, refused · d explains\n")
}

// The names of tampers in the palette of commands never touch their keys.
func TestPaletteKeepsTextAndKeyApart(t *testing.T) {
	t.Parallel()
	x := explore(t, 60, 20)
	x.Key("ctrl+p")
	x.Type("curl")
	x.shows(t, "… Y ")
}

// The outcome of another request does not stay under an endpoint that was
// opened after it.
func TestStatusFollowsTheEndpoint(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "1", "down", "enter")
	x.shows(t, "No response yet", "Ready: ctrl+r signs and sends this request")
	x.lacks(t, "A ACCEPT · request verified")
}

// A title that is too long loses the size before it loses that it is old.
func TestStaleTitleIsWhole(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "e")
	x.Type(" ")
	x.shows(t, "before your edits")
}

// The reason of a status is not cut where there is room for it.
func TestResponseTitleHasTheReason(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, answering(500, nil, "oops"))
	x.Key("ctrl+r")
	x.shows(t, "5 Response  500 Internal Server Error · ")
}

// Whoever has one profile is told where another one is made.
func TestProfilesSayWhereTheyAreMade(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) {
		x.config.File = "/home/m/.config/countersign/config.toml"
		x.config.Switch = func(context.Context, string, bool, func(apiclient.Progress)) (*Services, error) { return nil, nil }
		x.config.KeepTheme = func(string) error { return nil }
	})
	x.Key("T")
	x.shows(t, `Theme light, from now on: until theme under [ui] changes in /home/m/.config/countersign/config.toml`)
	x.Key("P")
	x.shows(t, "[profiles.NAME]", "/home/m/.config/countersign/config.toml")
}

// A comparison names what was tampered as everything else does.
func TestCompareNamesTampersInWords(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "3", "s")
	x.choose(t, "wrong_key")
	x.Key("esc", "ctrl+r", "6", "c")
	x.shows(t, "tampered: "+apiclient.TamperTitles([]string{"wrong_key"}))
	x.lacks(t, "wrong_key")
}

// What is wrong with a body is said whole: nowhere else can it be read.
func TestFaultsAreSaidWhole(t *testing.T) {
	t.Parallel()
	const says = "a whole number in the smallest unit expected, as a string"
	whole := func(x *world) {
		t.Helper()
		screen := strings.NewReplacer("│", " ", "╰", " ").Replace(x.Screen())
		var pane []string
		for _, row := range strings.Split(screen, "\n") {
			if runes := []rune(row); len(runes) > 84 {
				pane = append(pane, strings.TrimSpace(string(runes[28:84])))
			}
		}
		if text := strings.Join(pane, " "); !strings.Contains(text, says) {
			t.Errorf("the fault is cut:\n%s", x.Screen())
		}
	}
	x := explore(t, 140, 40)
	x.Key("e", "ctrl+a")
	x.Paste(`{"productCode":"X","paymentRequestId":"1","paymentAmount":{"currency":"USD","value":"12.5"}}`)
	whole(x)
	x.shows(t, "· line 1")
	x.Key("esc", "]")
	for range 5 {
		x.Key("down")
	}
	whole(x)
}

// The form says in words what its star means, and all the keys of a value that
// is typed.
func TestFormSaysWhatItMeans(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("]")
	x.shows(t, "/productCode", "· required")
	x.Key("enter")
	x.shows(t, "esc leaves it as it was", "ctrl+t JSON", "{{ variables")
}

// What the built-in Super App answers to certain values can be looked up where
// the endpoint is described.
func TestDocsSayWhatCanBeTried(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 60, func(x *world) {
		x.triggers = []Trigger{
			{Endpoint: "payments/pay", Field: "paymentAmount.value", Value: "40001", Result: "F USER_BALANCE_NOT_ENOUGH", Says: "The buyer's balance is too low."},
			{Endpoint: "payments/refund", Field: "refundAmount.value", Value: "41001", Result: "U REFUND_IN_PROCESS", Says: "In process."},
		}
	})
	x.Key("]", "]")
	x.shows(t, "To try in the built-in Super App", "paymentAmount.value: 40001", "F USER_BALANCE_NOT_ENOUGH. The buyer's")
	x.lacks(t, "41001")
}

// Of a long chain of reasons the status line keeps the first and the last.
func TestStatusKeepsTheCause(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	x.app.status.Set("the run could not be recorded, so it was not sent: history /home/me/.local/share/countersign/history.db: the run cannot be recorded: the disk is full", status.Bad)
	x.Resize(100, 31)
	x.shows(t, "✗ the run could not be recorded, so it was not sent: …: the disk is full")
}

func TestTooSmallSaysWhatItNeeds(t *testing.T) {
	t.Parallel()
	for size, want := range map[[2]int]string{{39, 11}: "countersign needs 40x12, this is 39x11", {20, 5}: "needs 40x12", {6, 3}: "40x12"} {
		x := explore(t, size[0], size[1])
		x.shows(t, want)
	}
}

// esc once too often does not take the outcome away.
func TestEscKeepsTheOutcome(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("esc")
	x.shows(t, "Nothing is running")
	x.Key("ctrl+r", "esc", "esc", "tab")
	x.shows(t, "200 · A ACCEPT · request verified")
}

// Notices never take away what is being typed.
func TestNoticesWaitForAnAnswer(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, elsewhere)
	x.Key("t")
	x.Type("/typed")
	s, err := x.app.config.Switch(context.Background(), "sandbox", false, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Notices = []string{"The key is weak"}
	x.Send(switched{name: "sandbox", services: s, again: true})
	x.shows(t, "/typed")
	x.Key("esc")
	x.shows(t, "The key is weak")
}

// The tour works at every size, by the keys that each hint names, and its broken
// signature is one that the diagnosis proves.
func TestTheTourWorksAtEverySize(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{140, 40}, {100, 30}, {80, 24}, {60, 20}} {
		x := explore(t, size[0], size[1], func(x *world) { x.config.Hints = true })
		hint := func(want string) {
			t.Helper()
			if got := x.app.banner.text; !strings.Contains(got, want) {
				t.Fatalf("%v: the hint is %q, not %q\n%s", size, got, want, x.Screen())
			}
			if got := strings.Join(x.app.banner.lines, " "); got != x.app.banner.text {
				t.Errorf("%v: the hint is cut: %q", size, got)
			}
		}
		hint("ctrl+r signs this request")
		x.Key("ctrl+r")
		hint("3 goes to the headers")
		x.Key("3")
		hint("s lists ways to make the request wrong: space chooses the first (path signed without prefix), ctrl+r sends it")
		x.Key("s")
		x.shows(t, "○ path signed without prefix", "space")
		x.Key("space", "ctrl+r")
		hint("d says why a signature is refused, and proves it")
		x.shows(t, "F INVALID_SIGNATURE")
		x.Key("d")
		x.shows(t, "path_prefix_missing", "proven")
		if !x.app.panes.diagnosis.Proven() {
			t.Errorf("%v: nothing is proven\n%s", size, x.Screen())
		}
		hint("esc leaves the diagnosis")
		x.Key("esc")
		hint("u takes back what was tampered with; then ctrl+r sends again")
		x.Key("u")
		hint("ctrl+r sends the request again")
		x.Key("ctrl+r")
		hint("ctrl+p runs anything by its name")
		x.Key("?", "esc")
		if x.app.banner.text != "" {
			t.Errorf("%v: the tour goes on: %q", size, x.app.banner.text)
		}
	}
}

// A diagnosis that is opened from the list of runs is the tour's, too.
func TestTheTourTakesADiagnosisFromTheRuns(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30, func(x *world) { x.config.Hints = true })
	x.Key("ctrl+r", "3", "s", "space", "ctrl+r", "6", "d")
	x.shows(t, "path_prefix_missing", "➜ esc leaves the diagnosis")
}

// What explains a header takes no row from the headers, nor hides the one that
// it is about.
func TestHeadersAreNotHiddenByTheirExplanation(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "3")
	for _, size := range [][2]int{{140, 40}, {100, 30}, {80, 24}, {60, 20}} {
		x.Resize(size[0], size[1])
		r := x.app.layout.Panes[keymap.Headers]
		count := strings.Count(x.Screen(), "→ ") + strings.Count(x.Screen(), "← ")
		if want := min(r.H-2, 14); count < want {
			t.Errorf("%v: %d headers are shown in %d rows\n%s", size, count, r.H-2, x.Screen())
		}
		x.shows(t, "of the body. Optional")
	}
}

// At most two rows are said above a body that is shown; a key shows all of it.
func TestAFewRowsAboveAnAnswer(t *testing.T) {
	t.Parallel()
	x := explore(t, 200, 60)
	x.Key("3", "s")
	x.choose(t, "wrong_key")
	x.Key("esc", "ctrl+r", "5")
	for _, size := range [][2]int{{200, 60}, {140, 40}, {100, 30}, {80, 24}, {60, 20}} {
		x.Resize(size[0], size[1])
		rows := strings.Split(x.Screen(), "\n")
		top, tabs := 0, 0
		for i, row := range rows {
			if strings.Contains(row, "5 Response  ") {
				top = i
			}
			if strings.Contains(row, "Raw  Hex  Timing") {
				tabs = i
			}
		}
		if tabs-top-1 > maxProseAndOffer {
			t.Errorf("%v: %d rows above the answer\n%s", size, tabs-top-1, x.Screen())
		}
		x.shows(t, "F INVALID_SIGNATURE", "v all")
		x.Key("v")
		x.shows(t, "The other side refused", "F INVALID_SIGNATURE")
		x.Key("esc")
	}
}

const maxProseAndOffer = 3

// The list of runs shows the code of a result wherever a line has room for it.
func TestRunsShowTheCode(t *testing.T) {
	t.Parallel()
	x := explore(t, 200, 60)
	x.Key("ctrl+r", "3", "s")
	x.choose(t, "wrong_key")
	x.Key("esc", "ctrl+r", "6")
	for _, size := range [][2]int{{200, 60}, {140, 40}, {100, 30}, {80, 24}, {60, 20}} {
		x.Resize(size[0], size[1])
		x.shows(t, "F INVALID_SIGNATURE ✗ ✓", "A ACCEPT            ✓ ✓")
	}
}

// What was tampered gives way to the path in a title that is short of room.
func TestATamperedTitleKeepsThePath(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("3", "s")
	x.choose(t, "path_prefix_missing")
	x.Key("esc", "2")
	for _, size := range [][2]int{{140, 40}, {100, 30}, {80, 24}, {60, 20}} {
		x.Resize(size[0], size[1])
		x.shows(t, "2 Request  TAMPERED", "/v2/payments/pay ─")
	}
}
