package tui

import (
	"strings"
	"testing"

	"countersign/tui/keymap"
)

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
	for _, size := range [][2]int{{140, 40}, {100, 30}, {80, 24}, {60, 20}} {
		x := explore(t, size[0], size[1])
		x.Key("ctrl+r", "3")
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
	for _, size := range [][2]int{{200, 60}, {140, 40}, {100, 30}, {80, 24}, {60, 20}} {
		x := explore(t, size[0], size[1])
		x.Key("3", "s")
		x.choose(t, "wrong_key")
		x.Key("esc", "ctrl+r", "5")
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
	for _, size := range [][2]int{{200, 60}, {140, 40}, {100, 30}, {80, 24}, {60, 20}} {
		x := explore(t, size[0], size[1])
		x.Key("ctrl+r", "3", "s")
		x.choose(t, "wrong_key")
		x.Key("esc", "ctrl+r", "6")
		x.shows(t, "F INVALID_SIGNATURE ✗ ✓", "A ACCEPT            ✓ ✓")
	}
}

// What was tampered gives way to the path in a title that is short of room.
func TestATamperedTitleKeepsThePath(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{140, 40}, {100, 30}, {80, 24}, {60, 20}} {
		x := explore(t, size[0], size[1])
		x.Key("3", "s")
		x.choose(t, "path_prefix_missing")
		x.Key("esc", "2")
		x.shows(t, "2 Request  TAMPERED", "/v2/payments/pay ─")
	}
}
