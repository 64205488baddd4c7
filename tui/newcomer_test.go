package tui

import (
	"context"
	"strings"
	"testing"

	"countersign/apiclient"
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
	for _, size := range [][2]int{{60, 20}, {70, 20}, {80, 24}, {100, 30}, {140, 40}} {
		for _, keys := range [][]string{{"?"}, {"3", "s"}, {"ctrl+p"}, {"P"}} {
			x := explore(t, size[0], size[1])
			x.Key(keys...)
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
	for w, want := range map[int]string{
		140: "200 · F PARAM_ILLEGAL · tampered on purpose: unreadable time, refused as it should be · request verified · response verified",
		100: "200 · F PARAM_ILLEGAL · tampered, refused as it should be · request verified · response verified",
		80:  "200 · F PARAM_ILLEGAL · tampered, refused as it should be · both verified",
		60:  "200 · F PARAM_ILLEGAL · tampered, refused · both verified",
	} {
		x := explore(t, w, 30)
		x.Key("3", "s")
		x.choose(t, "time_unreadable")
		x.Key("esc", "ctrl+r")
		x.shows(t, want)
	}
	x := explore(t, 60, 20)
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
