package tui

import (
	"crypto/rsa"
	"fmt"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/tui/box"
	"countersign/tui/headers"
)

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

// choose takes a tamper by its name in the open chooser.
func (x *world) choose(t testing.TB, name string) {
	t.Helper()
	chooser, ok := x.app.box.(*box.Chooser)
	if !ok {
		t.Fatalf("the chooser is not open:\n%s", x.Screen())
	}
	x.Key("home")
	for range chooser.Rows {
		if chooser.Rows[chooser.List.Cursor].Name == name {
			x.Key(" ")
			return
		}
		x.Key("down")
	}
	t.Fatalf("there is no %s", name)
}

// A tampered request is marked wherever it is shown, before and after the send.
func TestTamperedIsMarkedEverywhere(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("3", "s")
	x.shows(t, "Tamper with the request on purpose", "Headers: sent wrong", "time_hour_old", "The signed path lacks the prefix")
	x.choose(t, "path_trailing_slash")
	x.shows(t, "● wrong path signed", "1 chosen")
	x.Key("esc")
	x.shows(t, "TAMPERED  POST …/v2/payments/pay ", "● Tampered on purpose: wrong path signed · u undoes it", "would be signed now, TAMPERED on purpose",
		"✗ breaks here: tampered on purpose: wrong path signed")
	x.Key("Y", "enter")
	if !strings.HasPrefix(x.copied, ": 'tampered on purpose: wrong path signed'\ncurl ") {
		t.Errorf("curl: %.80q", x.copied)
	}
	x.Key("ctrl+r")
	x.shows(t, "tampered on purpose: wrong path signed, refused as it should be", "✓ The other side refused it, as it should", "TAMPERED  POST …/v2/payments/pay ")
	x.Key("d")
	x.shows(t, "This request was tampered with on purpose: wrong path signed.")
	x.Key("esc", "3", "u")
	x.lacks(t, "TAMPERED")
	x.Key("ctrl+r")
	x.shows(t, "200 · A ACCEPT · request verified")
}

// What the other side accepts all the same is what such a test is for.
func TestAcceptedTamperedIsLoud(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, answering(200, nil, `{"result":{"resultStatus":"S","resultCode":"SUCCESS"}}`))
	x.Key("3", "s")
	x.choose(t, "body_empty_signed")
	x.Key("esc", "ctrl+r")
	x.shows(t, "and ACCEPTED", "The other side ACCEPTED a request", "✗ not verified · S SUCCESS")
	x.Key("5", "v")
	x.shows(t, "it does not check whether the", "Not verified, so do not rely on it")
}

func TestTampersExcludeAndBelongToTheDraft(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("3", "s")
	x.choose(t, "signature_empty")
	x.choose(t, "signature_missing")
	x.choose(t, "time_hour_old")
	if got := x.app.desk.Draft().Tamper; fmt.Sprint(got) != "[signature_missing time_hour_old]" {
		t.Errorf("tampers %v", got)
	}
	x.Key("esc", "1", "down", "enter") // another endpoint
	x.lacks(t, "TAMPERED")
	if n := len(x.app.desk.Draft().Tamper); n != 0 {
		t.Errorf("%d tampers came along", n)
	}
	x.Key("1", "up", "enter")
	x.shows(t, "TAMPERED")
	x.Key("3", "s", "u", "esc")
	x.lacks(t, "TAMPERED")
}

func TestTamperChooserAtEverySize(t *testing.T) {
	t.Parallel()
	x := explore(t, 200, 60)
	for _, size := range [][2]int{{200, 60}, {140, 40}, {100, 30}, {70, 20}, {60, 20}, {40, 12}} {
		x.Resize(size[0], size[1])
		x.Key("3", "s")
		x.choose(t, "body_changed_in_transit")
		x.Key("end", "home", "pgdown", "pgup", "u", "esc", "v", "esc")
	}
}

// A tamper that would tamper nothing with this profile says so, and is not taken.
func TestTamperThatTampersNothing(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) { x.profile.MerchantID = "" })
	x.Key("3", "s")
	x.choose(t, "client_id_merchant_id_used")
	x.shows(t, "Not here: the profile has no merchant_id")
	if n := len(x.app.desk.Draft().Tamper); n != 0 {
		t.Errorf("%d tampers", n)
	}
}

func TestHeaderOpensWhole(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, answering(200, map[string]string{"X-Long": strings.Repeat("ab", 4000), "X-Odd": "1"}, `{}`))
	x.Key("ctrl+r", "3")
	for range 40 {
		if x.app.panes.headers.Current() == "X-Long" {
			break
		}
		x.Key("down")
	}
	x.Key("enter")
	x.shows(t, "X-Long of the response", "It is 8000 bytes long.", "It is not part of the protocol, and not signed")
	x.Key("y")
	if x.copied != strings.Repeat("ab", 4000) {
		t.Errorf("copied %d bytes", len(x.copied))
	}
	x.Key("/")
	x.Type("abab")
	x.shows(t, "found")
	x.Key("esc", "h", "esc")
	if x.app.box != nil {
		t.Error("esc does not close it")
	}
	x.Key("home")
	for range 40 {
		if x.app.panes.headers.Current() == "Signature" {
			break
		}
		x.Key("down")
	}
	x.Key("v")
	x.shows(t, "Signature of the request", "algorithm=RSA256", "keyVersion=1", "256 bytes, as by RSA-2048", "Required")
}

func TestSignatureStages(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("4")
	want := x.app.desk.Signed().Sent
	x.Key("y")
	if x.copied != string(want.Canonical) {
		t.Errorf("copied %.60q", x.copied)
	}
	x.Key("right", "x")
	if x.copied != fmt.Sprintf("%x", want.Digest) {
		t.Errorf("hex %q", x.copied)
	}
	x.Key("b", "enter")
	x.shows(t, "Digest of the request", fmt.Sprintf("%x", want.Digest))
	x.Key("esc", "right", "enter")
	x.shows(t, "256 bytes, as by RSA-2048", x.app.desk.Signed().SentKey)
	x.Key("esc", "right", "y")
	if x.copied != want.Header {
		t.Errorf("header %q", x.copied)
	}
	// With a wrong key the chain breaks at the signature, and what is inside it is
	// there to be seen.
	x.app.panes.headers.SetChanges(headers.Changes{Tamper: []string{"hash_sha1"}})
	x.Send(headers.Changed{})
	x.shows(t, "✗ breaks here: tampered on purpose: SHA-1")
	x.Key("right", "enter")
	x.shows(t, "Recovered digest of the request", "SHA-1")
}

// The throw-away key of the tests: making one takes too long.
func TestWrongKeyInTheExplorer(t *testing.T) {
	t.Parallel()
	x := newWorld(t)
	other := testKey(t, "other2048")
	c, err := apiclient.New(x.profile, apiclient.Options{MakeKey: func() (*rsa.PrivateKey, error) { return other, nil }})
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.Preview(apiclient.Draft{Target: "/v2/payments/pay", Tamper: []string{"wrong_key"}})
	if err != nil || e.SentVerdict.Key != apiclient.ThrowAwayKeyID {
		t.Errorf("%v %+v", err, e.SentVerdict)
	}
}

// The usual media type of a request file is no change on purpose.
func TestUsualMediaTypeIsNoChange(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	set := func(fields ...apiclient.Field) {
		x.app.panes.headers.SetChanges(headers.Changes{Set: fields})
		x.Run(x.app.desk.Changed())
	}
	json := apiclient.Field{Name: "content-type", Value: "application/json"}
	set(json)
	x.lacks(t, "changed on purpose")
	set(json, apiclient.Field{Name: "X-A", Value: "b"})
	x.shows(t, "1 changed on purpose")
	set(apiclient.Field{Name: "Content-Type", Value: "text/plain"})
	x.shows(t, "tampered: Content-Type overridden")
}

// The row that marks a tampered request keeps the key that undoes it.
func TestTamperedRowKeepsItsKey(t *testing.T) {
	t.Parallel()
	for _, width := range []int{140, 80, 60} {
		x := explore(t, width, 40)
		x.Key("3", "s", "enter", "esc")
		x.shows(t, "u undoes it")
	}
}
