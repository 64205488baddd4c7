package tui

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"countersign/apiclient/jsontext"
)

func bodyValue(t *testing.T, x *world, pointer string) string {
	t.Helper()
	path, err := jsontext.ParsePath(pointer)
	if err != nil {
		t.Fatal(err)
	}
	v, _ := jsontext.Get(x.app.desk.Draft().Body, path)
	return string(v)
}

// From a payment to its inquiry: filled in, not sent, and a draft of its own.
func TestFollowUp(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "5")
	x.shows(t, "approve it as the buyer · query this payment")
	x.lacks(t, "refund it") // nobody has paid yet
	sent := x.app.desk.Shown()
	x.Key("a")
	x.shows(t, "What next", "v2/payments/inquiryPayment")
	x.lacks(t, "its notification", "v1/payments/refund")
	x.Key("down", "enter")
	x.shows(t, "query this payment 12:03:11", "ctrl+r sends it")
	if n := x.runs(t); n != 1 {
		t.Fatalf("%d runs: it was sent by itself", n)
	}
	id, _ := jsontext.Get(sent.Response.Body, jsontext.Path{"paymentId"})
	if got := bodyValue(t, x, "/paymentId"); got != string(id) || got == "" {
		t.Errorf("paymentId is %s, want %s", got, id)
	}
	x.Key("ctrl+r")
	x.shows(t, "200 · S SUCCESS")
	if x.app.desk.Shown().Endpoint != "v2/payments/inquiryPayment" {
		t.Errorf("it went to %s", x.app.desk.Shown().Endpoint)
	}
}

// The endpoint's own draft, edited before, is left alone.
func TestFollowUpKeepsDrafts(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	e, err := x.config.Catalog.Lookup("v2/payments/inquiryPayment")
	if err != nil {
		t.Fatal(err)
	}
	x.Run(x.app.desk.OpenEndpoint(e))
	x.Key("2", "e")
	x.Type("Z")
	x.Key("esc", "1", "home", "enter", "ctrl+r", "5", "a", "down", "enter")
	if body := string(x.app.desk.Draft().Body); strings.HasPrefix(body, "Z") {
		t.Errorf("it opened the edited draft: %.20q", body)
	}
	x.Run(x.app.desk.OpenEndpoint(e))
	if body := string(x.app.desk.Draft().Body); !strings.HasPrefix(body, "Z{") {
		t.Errorf("the edited draft is gone: %.20q", body)
	}
}

// After U, and after no answer at all, the inquiry comes first.
func TestUnknownOutcomeInquiresFirst(t *testing.T) {
	t.Parallel()
	for name, option := range map[string]func(*world){
		"U":           answering(200, nil, `{"result":{"resultStatus":"U","resultCode":"UNKNOWN_EXCEPTION"}}`),
		"bad gateway": answering(502, nil, `<html>`),
		"lost": func(x *world) {
			x.handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := w.(http.Hijacker).Hijack()
				if err == nil {
					_ = conn.Close()
				}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := explore(t, 140, 40, option)
			x.Key("ctrl+r", "5")
			x.shows(t, "query this payment first: the outcome is unkn")
			id := bodyOf(x, "paymentRequestId")
			x.Key("a")
			if got := bodyValue(t, x, "/paymentRequestId"); got != id || len(got) < 10 {
				t.Errorf("paymentRequestId is %s, want %s", got, id)
			}
			if n := x.runs(t); n != 1 {
				t.Errorf("%d runs: it was sent by itself", n)
			}
		})
	}
}

func bodyOf(x *world, name string) string {
	v, _ := jsontext.Get(x.app.desk.Shown().Request.Body, jsontext.Path{name})
	return string(v)
}

// A payment that the buyer has not approved is neither refunded nor notified of;
// approved by a key, it is a success, and can be.
func TestApproveAsTheBuyer(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("5", "A")
	x.shows(t, "Nothing waits for the buyer")
	x.Key("ctrl+r", "a", "down", "enter", "ctrl+r", "5")
	x.shows(t, `"PROCESSING"`)
	x.Key("a")
	x.shows(t, "Nothing can follow: paymentStatus is PROCESSING, not SUCCESS")

	x = explore(t, 140, 40)
	x.Key("ctrl+r", "5")
	x.shows(t, "A approve")
	x.Key("A")
	x.shows(t, "Paid. The merchant learns it from inquiryPayment · a opens what comes next")
	x.lacks(t, "approve it as the buyer")
	if n := x.runs(t); n != 1 {
		t.Errorf("%d runs: approving is no request", n)
	}
	x.Key("a", "ctrl+r", "5")
	x.shows(t, `"SUCCESS"`, "refund it")
	x.Key("a", "ctrl+r")
	x.shows(t, "200 · S SUCCESS")
	if got := x.app.desk.Shown().Endpoint; got != "v1/payments/refund" {
		t.Errorf("it went to %s", got)
	}
}

// From the list it is done as by its key.
func TestApproveFromTheList(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "5", "a")
	x.shows(t, "It is done at once")
	x.Key("enter")
	x.shows(t, "Paid.")
	if x.app.box != nil {
		t.Errorf("a %T is open", x.app.box)
	}
}

// What was offered before another profile came into use is not done any more.
func TestApproveAfterAnotherProfile(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "5")
	x.app.services.Buyer = nil
	x.Key("A")
	x.shows(t, "Nothing was approved")
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

const foldable = `{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"ok"},"items":[{"id":12345678901234567890,"price":10.00,"note":"say \"hi\""},{"id":2}],"end":true}`

var asJSON = map[string]string{"Content-Type": "application/json"}

// answered shows a body in the response pane, zoomed.
func answered(t *testing.T, header map[string]string, body string) *world {
	t.Helper()
	x := explore(t, 120, 40, answering(http.StatusOK, header, body))
	x.Key("ctrl+r", "5", "z")
	return x
}

func TestFoldingAndCopying(t *testing.T) {
	t.Parallel()
	x := answered(t, asJSON, foldable)
	x.shows(t, "JSON · indented", "▾▌{")
	x.Key("-")
	x.shows(t, `"result": { … 3 keys, `, `"items": [ … 2 items ],`, `"end": true`)
	x.lacks(t, "resultCode\"")
	x.Key("+")
	x.shows(t, `"resultCode": "SUCCESS"`, "{ … 3 keys, ")
	x.Key("*")
	x.lacks(t, "…  keys", "items ]")
	x.Key("down", "enter")
	x.shows(t, `▸▌  "result": { … 3 keys`)
	x.Key("/")
	x.Type("hi")
	x.shows(t, "1 of 1", "items[0].note")
	x.Key("enter", "c")
	if x.copied != `say "hi"` {
		t.Errorf("the value of a text is %q", x.copied)
	}
	x.Key("C")
	if x.copied != "items[0].note" {
		t.Errorf("the path is %q", x.copied)
	}
	x.Key("up", "up", "c")
	if x.copied != "12345678901234567890" {
		t.Errorf("the value of a number is %q", x.copied)
	}
	x.Key("y")
	if x.copied != foldable {
		t.Errorf("the body is %q", x.copied)
	}
	x.Key("]", "enter")
	x.shows(t, "Only a body of JSON or XML has values")
}

func TestFilterByJQ(t *testing.T) {
	t.Parallel()
	x := answered(t, asJSON, foldable)
	x.Key("|")
	x.Type(".items[]|.price,.id")
	x.shows(t, "4 results", "10.00", "│  4  2")
	x.Type(" | foo(")
	x.shows(t, "✗ it is not complete", "10.00")
	x.Key("enter", "y")
	if !strings.Contains(x.copied, "12345678901234567890") {
		t.Errorf("the result is %q", x.copied)
	}
	x.Key("/")
	x.Type("10.0")
	x.shows(t, "1 of 1")
	x.Key("esc", "esc")
	x.lacks(t, "4 results", "│  4  2")
	x.shows(t, `"end": true`)
	x.Key("y")
	if x.copied != foldable {
		t.Errorf("the body was changed: %q", x.copied)
	}

	x = answered(t, map[string]string{"Content-Type": "text/plain"}, "no JSON")
	x.Key("|")
	x.shows(t, "The body is neither JSON nor XML, which is what jq filters")
}

// A filter of a large body waits for enter; one without an end is bounded.
func TestFilterOfALargeBody(t *testing.T) {
	t.Parallel()
	body := `{"result":{"resultStatus":"S"},"items":[` + strings.Repeat(`{"id":1},`, 60_000) + `{"id":7}]}`
	x := answered(t, asJSON, body)
	x.Key("|")
	x.Type(".items|length")
	x.shows(t, "enter runs it")
	x.lacks(t, "60001")
	x.Key("enter")
	x.shows(t, "60001", "1 result")
	x.Key("|")
	x.Type("|repeat(.)")
	x.Key("enter")
	x.shows(t, "there may be more")
}

func TestWhatTheBodyIs(t *testing.T) {
	t.Parallel()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write([]byte(foldable))
	_ = w.Close()
	for _, c := range []struct {
		kind, contentType, coding, body string
		shows                           []string
	}{
		{"gzip", "application/json", "gzip", zipped.String(), []string{"JSON · indented · gzip undone, ", `"items": [`}},
		{"broken gzip", "application/json", "gzip", "\x1f\x8b\x08\x00nonsense\x00\x01", []string{"compressed", "1f 8b 08 00"}},
		{"form", "application/x-www-form-urlencoded", "", "a=1&b=%20", []string{"form", "a=1&b=%20"}},
		{"XML", "application/xml", "", "<?xml version=\"1.0\"?><a/>", []string{"XML", "<a/>"}},
		{"XML in GBK", "text/xml", "", "<?xml version=\"1.0\" encoding=\"GBK\"?><a>\xd6\xd0</a>", []string{"XML · read as GBK", "<a>中</a>"}},
		{"XML in UTF-16", "application/xml", "", "\xff\xfe<\x00a\x00>\x00\x2d\x4e<\x00/\x00a\x00>\x00", []string{"XML · read as UTF-16", "<a>中</a>"}},
		{"HTML", "application/json", "", "<!DOCTYPE html><html>", []string{"HTML", "<!DOCTYPE"}},
		{"text", "text/plain", "", "plain words", []string{"text", "plain words"}},
		{"PNG", "application/json", "", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", []string{"PNG image", "89 50 4e 47"}},
		{"binary", "", "", "\x00\x01\x02\xff\xfe\xfd\xfc", []string{"binary", "00 01 02"}},
	} {
		header := map[string]string{"Content-Type": c.contentType}
		if c.coding != "" {
			header["Content-Encoding"] = c.coding
		}
		x := answered(t, header, c.body)
		t.Log(c.kind)
		x.shows(t, c.shows...)
		x.Key("]")
		x.shows(t, "as received")
	}
}

// XML of another encoding is read as that however large it is; until it is, a
// word says that it comes.
func TestLargeXMLOfAnotherEncoding(t *testing.T) {
	t.Parallel()
	body := `<?xml version="1.0" encoding="GBK"?><a><b>` + "\xd6\xd0" + `</b>` + strings.Repeat("<c>1</c>\n", 120_000) + `</a>`
	x := explore(t, 120, 40, answering(http.StatusOK, map[string]string{"Content-Type": "text/xml"}, body))
	x.Key("ctrl+r", "5", "z")
	x.shows(t, "XML · read as GBK", "<b>中</b>")
	x.Key("]")
	x.shows(t, "as received")
	x.Key("[")
	x.shows(t, "XML · read as GBK", "<b>中</b>")
}

// What a hostile server sends is drawn, never obeyed, in each tab and with
// every fold.
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"escapes in names": `{"\u001b[2J":{"a` + "\x1b]0;title\a" + `":[1,2]},"` + strings.Repeat("e\u0301\u0302", 500) + `":{"x":[` + "\u202e" + `]}}`,
		"marks":            `{"a":"` + strings.Repeat("\u0301", 20_000) + `"}`,
		"emoji":            `["` + strings.Repeat("👩‍👩‍👧‍👦", 2_000) + `"]`,
		"invalid":          `{"a":"` + strings.Repeat("\xff\xc0\x80", 5_000) + `",` + "\x00\x9b31m" + `}`,
		"deep":             strings.Repeat(`{"a":`, 9_000) + "1" + strings.Repeat("}", 9_000),
		"unbalanced":       `{"a":[}]]]]{"b":` + strings.Repeat("[", 30_000),
		"brackets":         strings.Repeat("[[\n],[\n", 5_000),
	} {
		t.Run(name, func(t *testing.T) {
			x := answered(t, asJSON, body)
			for _, key := range []string{"-", "-", "+", "+", "*", "enter", "down", "o", "G", "enter", "pgup", "w", ">", "enter", "c", "C", "|", "."} {
				x.Key(key)
			}
			x.Key("esc", "]", "G", "]", "G", "]")
		})
	}
}

// A body of several megabytes is indented, indexed, counted and folded in
// commands.
func TestLargeBody(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`{"result":{"resultStatus":"S","resultCode":"SUCCESS"},"items":[`)
	for i := range 60_000 {
		fmt.Fprintf(&b, `{"id":%d,"name":"item %d"},`, i, i)
	}
	b.WriteString(`{}]}`)
	x := answered(t, asJSON, b.String())
	x.Key("/")
	x.Type("item 59999")
	x.shows(t, "1 of 1", "items[59999].name")
	x.Key("enter", "-")
	x.shows(t, "[ … 60,001 items ]")
	x.Key("g", "]", "G")
	x.shows(t, "as received", `{}]}`)
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
