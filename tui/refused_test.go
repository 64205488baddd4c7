package tui

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"countersign/tui/ui"
)

// refusing answers that the signature is wrong, whatever comes.
var refusing = answering(http.StatusOK, asJSON, `{"result":{"resultCode":"INVALID_SIGNATURE","resultStatus":"F","resultMessage":"The signature is invalid."}}`)

// A request that verifies here and is refused there says so at every size, with
// the key that explains it.
func TestARefusedSignatureIsSaidAtEverySize(t *testing.T) {
	t.Parallel()
	for w, want := range map[int]string{
		140: "200 · F INVALID_SIGNATURE · signed with our key, refused by the other side · d explains",
		100: "200 · F INVALID_SIGNATURE · signed with our key, refused by the other side · d explains",
		80:  "200 · F INVALID_SIGNATURE · signed with our key, refused · d explains",
		60:  "F INVALID_SIGNATURE · verifies here, refused · d explains",
	} {
		x := explore(t, w, 30, refusing)
		x.Key("ctrl+r")
		x.shows(t, want)
		x.Key("4")
		x.shows(t, "✗ refused by them d explains")
		x.Key("d")
		for range 8 {
			x.lacks(t, "Both strings")
			if strings.Contains(x.Screen(), "Our string, which verifies here; compare theirs") {
				break
			}
			x.Key("pgdown")
		}
		x.shows(t, "Our string, which verifies here; compare theirs")
		x.Key("p")
		x.shows(t, "The string that the other side built")
	}
}

// The keys of a box are left out whole, never the one that leaves it.
func TestTheKeysOfABoxFit(t *testing.T) {
	t.Parallel()
	const keys = "↑↓ · space chooses · ctrl+r sends · esc closes"
	for w, want := range map[int]string{
		80: keys,
		45: "↑↓ · space chooses · esc closes",
		20: "↑↓ · esc closes",
		5:  "↑↓ · esc closes", // what cannot be shorter is cut where it is drawn
	} {
		if got := ui.FewerKeys(keys, w); got != want {
			t.Errorf("in %d cells: %q, not %q", w, got, want)
		}
	}
}

// What is said above an answer uses each row to its end, and ends in the key
// that shows the rest.
func TestTheRowsAboveAnAnswerAreFull(t *testing.T) {
	t.Parallel()
	long := "One averyveryveryveryveryveryverylongwordthatdoesnotbreak and " + strings.Repeat("more ", 60)
	body := `{"result":{"resultCode":"PROCESS_FAIL","resultStatus":"F","resultMessage":"` + long + `"}}`
	x := explore(t, 60, 20, answering(http.StatusOK, asJSON, body))
	x.Key("ctrl+r", "5")
	rows := strings.Split(x.Screen(), "\n")
	if want := "│F PROCESS_FAIL One averyveryveryveryveryveryverylongwordt…│"; rows[3] != want {
		t.Errorf("the first row is\n%s, not\n%s", rows[3], want)
	}
	if !strings.HasSuffix(rows[4], "…  v all│") {
		t.Errorf("the second row is\n%s", rows[4])
	}
	x.Key("v")
	x.shows(t, "averyveryveryveryveryveryverylongwordthatdoesnotbreak", "Not verified")
	x.Key("h", "/")
	x.Type("4e")
	x.Key("enter")
	x.shows(t, "00000000  46 20 50") // a search in the bytes does not leave them
	x.Key("h")
	x.shows(t, "averyveryveryveryveryveryverylongwordthatdoesnotbreak")
}

// A private key in the body is asked about before it leaves, and never kept.
func TestAPrivateKeyInTheBodyIsAskedAbout(t *testing.T) {
	t.Parallel()
	const secret = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\n"
	var sent atomic.Int32
	x := explore(t, 100, 30, func(x *world) {
		x.handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent.Add(1) })
	})
	x.Key("2", "e", "ctrl+a")
	x.Paste(secret)
	x.Key("esc", "ctrl+r")
	x.shows(t, "Send a private key as the body?", "BEGIN PRIVATE KEY", "can sign as you")
	x.Key("n")
	if n := x.runs(t); sent.Load() != 0 || n != 0 {
		t.Errorf("%d requests left and %d are in the history, though the answer was no", sent.Load(), n)
	}
	x.Run(x.app.saveDrafts(false))
	for _, d := range x.kept(t) {
		t.Errorf("the draft is kept: %q", d.Draft.Body)
	}
	x.Key("ctrl+r", "y")
	if sent.Load() != 1 {
		t.Errorf("%d requests left, though the answer was yes", sent.Load())
	}
}

// {{last.…}} is the last answer that has the value: the expanded text shows it.
func TestTheExpandedTextLooksBackForAValue(t *testing.T) {
	t.Parallel()
	bodies := []string{
		`{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"ok"},"paymentId":"2026-THE-ID"}`,
		`{"result":{"resultCode":"PROCESS_FAIL","resultStatus":"F","resultMessage":"no"}}`,
	}
	x := explore(t, 140, 40, func(x *world) {
		n := 0
		x.handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(bodies[min(n, 1)]))
			n++
		})
	})
	x.Key("ctrl+r", "ctrl+r")
	x.shows(t, "F PROCESS_FAIL")
	endpoint, _ := x.app.panes.request.Endpoint()
	x.app.panes.request.SetBody([]byte(`{"paymentId":"{{last.` + endpoint.ID + `.paymentId}}"}`))
	x.Run(x.app.draftChanged())
	x.Key("2", "v")
	x.shows(t, "expanded, as signed", `{"paymentId":"2026-THE-ID"}`)
}

// A rule of the profile's own is told where its string is shown, for either side.
func TestTheSignaturePaneTellsTheRuleOfTheProfile(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) {
		x.profile.ContentTemplate, x.profile.ResponseTemplate = "{client_id}.{time}.{body}", "{body}.{time}"
	})
	x.Key("ctrl+r", "4", "enter")
	x.shows(t, "by the profile's rule \"{client_id}.{time}.{body}\"")
	x.Key("esc", "right", "right", "right", "right", "enter")
	x.shows(t, "by the profile's rule \"{body}.{time}\"")
	e := *x.app.desk.shown
	e.Profile = "production"
	x.app.panes.signature.Show(&e, &e, false, nil)
	x.Key("esc", "left", "left", "left", "left", "enter")
	x.shows(t, "by the rule of profile production")
}
