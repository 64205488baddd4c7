package tui

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"countersign/apiclient"
)

// Where the status line has no room for why a profile cannot be used, a box
// says it: the reason is what a person mends.
func TestWhyAProfileCannotBeUsedIsSaidWhole(t *testing.T) {
	t.Parallel()
	why := "/home/merchant/.config/countersign/config.toml:17:1: private_key: /home/merchant/.config/countersign/nosuch.pem cannot be read: no such file or directory"
	broken := func(x *world) {
		x.config.Switch = func(context.Context, string, bool, func(apiclient.Progress)) (*Services, error) {
			return nil, errors.New(why)
		}
	}
	for _, size := range [][2]int{{140, 40}, {100, 30}, {60, 20}} {
		x := explore(t, size[0], size[1], broken)
		x.Send(chosenProfile{"broken"})
		x.shows(t, "Please note", "no such file or", "stays in use")
		x.Key("enter")
		x.lacks(t, "Please note")
	}
	x := explore(t, 240, 60, broken)
	x.Send(chosenProfile{"broken"})
	x.lacks(t, "Please note") // all of it fits the status line
	x.shows(t, "no such file or directory")
}

// An answer says as whom its request was sent, where that is another profile
// by now; nobody edited anything.
func TestAnswerOfAnotherProfile(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, elsewhere)
	x.Key("ctrl+r")
	x.Send(chosenProfile{"production"})
	x.shows(t, "5 Response  200 OK", "of profile sandbox")
	x.lacks(t, "before your edits")
	x.Send(chosenProfile{"sandbox"})
	x.lacks(t, "of profile sandbox")
}

// That there was no answer is as old as the request that it was to.
func TestFailureBeforeEdits(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) {
		x.handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = c.Close()
			}
		})
	})
	x.Key("ctrl+r")
	x.lacks(t, "before your edits")
	x.Key("e")
	x.Type("Z")
	x.shows(t, "5 Response  none · before your edits")
}

// What is searched for is searched for in the result of the filter too.
func TestSearchGoesOnInTheFiltersResult(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "5", "/")
	x.Type("resultstatus")
	x.shows(t, "1 of 1")
	x.Key("enter", "|")
	x.Type(".result")
	x.Key("enter")
	x.shows(t, "1 result", "/ resultstatus", "1 of 1")
	x.Key("|")
	x.Type(".resultCode")
	x.Key("enter")
	x.shows(t, "not found")
}

// A title without room for all of the path keeps its end: what is requested,
// not the prefix that all requests have.
func TestTitleNamesTheEndpoint(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "6", "enter", "2")
	x.shows(t, "2 Request  run 12:03:11  POST …/v2/payments/pay ")
	x.Key("2", "e")
	x.Type("Z")
	x.shows(t, "your copy  POST …yments/pay ")
	x.Key("esc", "t")
	x.Type("?page=1&size=200&sort=descending")
	x.Key("enter")
	x.shows(t, "POST …yments/pay ")
}

// Why a value cannot be taken is said whole where there is room for it.
func TestWhyAFieldCannotBeTakenIsSaidWhole(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("]", "down", "r", "backspace", "enter")
	x.shows(t, "this is no JSON", "(ctrl+t: text)")
}

// What was pasted by mistake becomes no name.
func TestNameOfARunIsShort(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "6", "n")
	x.Paste(strings.Repeat("long ", 50))
	x.Key("enter")
	x.shows(t, "a name has at most 200 characters, this one has 250")
	x.Key("ctrl+u")
	x.Type("first try")
	x.Key("enter")
	x.shows(t, "The run is called first try")
}

// A filter that was pasted leaves the count, and how to be rid of it, in sight.
func TestPastedFilterOfFieldsLeavesTheCount(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("]", "/")
	x.Paste(strings.Repeat("no such field ", 1000))
	x.shows(t, "0 found")
	x.Key("enter")
	x.shows(t, "0 found · esc shows all")
	x.Key("esc", "ctrl+p")
	x.Paste(strings.Repeat("payments ", 1000))
	x.shows(t, "Nothing has these letters")
}

// Where the whole address has no room the host stands in the head line: where
// requests go is what one must not be wrong about.
func TestHeadLineNamesTheHost(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{200, 60}, {140, 40}, {100, 30}} {
		x := explore(t, size[0], size[1], elsewhere)
		x.Send(chosenProfile{"production"})
		head, _, _ := strings.Cut(x.Screen(), "\n")
		if !strings.Contains(head, "superapp.example.com") {
			t.Errorf("%d columns: %s", size[0], head)
		}
	}
}

// Bytes that are no UTF-8 cannot be pasted: that they became something else is
// said.
func TestPasteOfBytesThatAreNoText(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e")
	x.Paste("plain text")
	x.lacks(t, "byte for byte")
	x.Paste("a\uFFFDb")
	x.shows(t, "The paste holds �", "ctrl+o opens the body byte for byte")
}

// While a text is replaced tab goes between its two lines, as in any form;
// nothing that was typed is lost.
func TestTabGoesBetweenFindAndReplace(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("R")
	x.Type("USD")
	x.Key("tab")
	x.Type("EUR")
	x.Key("shift+tab", "tab", "alt+a")
	x.shows(t, "2 places were replaced", `"currency": "EUR"`)
	x.Key("esc", "tab")
	x.shows(t, "override") // the headers have the focus
}

// Tab chooses the variable that is offered, as it completes a word elsewhere.
func TestTabChoosesAVariable(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e", "ctrl+a", "backspace")
	x.Type(`"{{uui`)
	x.shows(t, "variables")
	x.Key("tab")
	x.shows(t, `"{{uuid}}`, "editing")
}

// The keys of a bar are named whole, or left out.
func TestKeysOfTheBarAreNotCut(t *testing.T) {
	t.Parallel()
	for _, w := range []int{140, 100, 80, 60, 40} {
		x := explore(t, w, 24)
		x.Key("/")
		x.Type("currency")
		for _, line := range strings.Split(x.Screen(), "\n") {
			if strings.Contains(line, "find currency") && strings.Contains(line, "…") {
				t.Errorf("%d columns: %s", w, line)
			}
		}
	}
}

// The key that leaves a header out puts it back when it is pressed again: the
// cursor goes where the header goes.
func TestLeavingOutTwicePutsBack(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("3", "x")
	x.shows(t, "Content-Type     left out")
	x.Key("x")
	x.lacks(t, "left out on purpose")
	if omitted := x.app.panes.headers.Changes().Omit; len(omitted) != 0 {
		t.Errorf("left out: %v", omitted)
	}
	x.Key("down", "down", "x", "ctrl+r")
	x.shows(t, "Merchant-Id      left out")
	x.Key("x")
	x.lacks(t, "left out on purpose")
}

// A key that could do nothing says so until the next key; then the outcome
// stands there again, as long as it is of what is on the screen.
func TestOutcomeComesBack(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	outcome := "200 · A ACCEPT · request verified"
	x.Key("ctrl+r")
	x.shows(t, "✓ "+outcome)
	x.Key("alt+n")
	x.shows(t, "No fault was found in the body")
	x.lacks(t, outcome)
	x.Key("tab")
	x.shows(t, "✓ "+outcome)
	x.Key("2", "x")
	x.shows(t, "Nothing was edited")
	x.Key("e")
	x.Type("Z")
	x.shows(t, "  "+outcome) // no longer a tick: it is of the request before
	x.Key("esc", "1", "down", "enter")
	x.lacks(t, outcome)
	x.Key("alt+n", "tab", "tab")
	x.lacks(t, outcome)
}

// A header that HTTP does not allow is refused where it is typed: with it no
// request could be signed, and the headers would be gone with the signature.
func TestHeaderThatCannotBeSent(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("3", "a")
	x.Type("foo bar: x")
	x.Key("enter")
	x.shows(t, `header "foo bar" has a name that is not allowed in HTTP: use letters, digits and hyphens`, "New header")
	x.Key("ctrl+u")
	x.Type("fooBar: {{uuid}}")
	x.Key("enter")
	x.shows(t, "→ fooBar", "on purpose")
	x.Key("e", "ctrl+u")
	x.Paste("a\x00b")
	x.Key("enter")
	x.shows(t, "has a NUL at byte 2 of its value")
	x.Key("esc")
	x.shows(t, "→ fooBar", "→ Client-Id")
}
