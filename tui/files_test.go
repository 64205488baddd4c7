package tui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/workspace"
	"countersign/tui/tuitest"
)

// withFiles gives the explorer a folder of request files.
func withFiles(dir string, files map[string]string) func(*world) {
	return func(x *world) {
		x.t.Helper()
		for name, text := range files {
			writeFile(x.t, filepath.Join(dir, name), text)
		}
		x.config.Requests = workspace.Place{Dir: dir}
	}
}

// someFiles are those of the scenes.
func someFiles(x *world) {
	withFiles(x.t.TempDir(), map[string]string{"pay.http": payFile, "refunds/bad.http": "### x\nnonsense\n"})(x)
	openAt(".")(x)
}

func writeFile(t testing.TB, at, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(at), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func readFile(t testing.TB, at string) string {
	t.Helper()
	text, err := os.ReadFile(at) //nolint:gosec // a path of the test's own
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// openAt starts the explorer for a file, or "." for the list.
func openAt(at string) func(*world) { return func(x *world) { x.config.OpenAt = at } }

// look has the files read again, as it is done every two seconds.
func (x *world) look() { x.Run(x.app.files.Look()) }

const payFile = `@buyer = BUYER-1

### pay
# @expect .result.status == "S"
# @expect .body.paymentId != null
# @set paymentId = .body.paymentId
POST /v2/payments/pay
X-Trace: one

{
  "productCode": "51051000101000100001",
  "paymentRequestId": "{{uuid}}",
  "paymentAuthCode": "AUTH-CODE-1",
  "paymentAmount": {"currency": "USD", "value": "100"},
  "order": {"orderDescription": "for {{buyer}}", "orderAmount": {"currency": "USD", "value": "100"}}
}

### query
# @expect .body.paymentId == "other"
POST /v1/payments/inquiryPayment

{"paymentId": "{{paymentId}}"}
`

func TestRequestsStandInTheList(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withFiles(t.TempDir(), map[string]string{"pay.http": payFile, "refunds/bad.http": "### x\nnonsense\n"}), openAt("."))
	x.shows(t, "Requests", "▾ pay.http", "pay", "query", "refunds/", "▾ bad.http", "! 1", "✗ 2:1")
	x.Key("enter")
	x.lacks(t, "query")
}

func TestARequestIsOpenedSentAndHeld(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withFiles(t.TempDir(), map[string]string{"pay.http": payFile}), openAt("pay.http"))
	x.shows(t, "pay.http · pay", "for {{buyer}}")
	x.lacks(t, "unsaved")
	x.Key("ctrl+r")
	sent := x.newest(t)
	if !strings.Contains(string(sent.Request.Body), "for BUYER-1") || sent.Request.Get("X-Trace") != "one" {
		t.Errorf("sent %v %s", sent.Request.Header, sent.Request.Body)
	}
	x.shows(t, "✓ 2 of 2 expectations")
	// The value that the answer has set goes on to the next request.
	x.Key("1", "down", "enter", "ctrl+r")
	if next := x.newest(t); strings.Contains(string(next.Request.Body), "{{") || next.ID == sent.ID {
		t.Errorf("sent %s", next.Request.Body)
	}
	x.shows(t, "✗ 1 of 1 expectation failed", "gave false")
	x.Key("6", "down", "enter") // a saved run of it is held too
	x.shows(t, "✓ 2 of 2 expectations")
}

func TestSaveChangesThatPartAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := explore(t, 140, 40, withFiles(dir, map[string]string{"pay.http": payFile}), openAt("pay.http"))
	x.Key("2", "e", "ctrl+end", "enter")
	x.Type(" ")
	x.shows(t, "● unsaved")
	x.Key("backspace", "backspace", "esc")
	x.lacks(t, "● unsaved")
	x.Key("e", "ctrl+home")
	x.Type(" ")
	x.Key("ctrl+s")
	x.lacks(t, "● unsaved")
	x.shows(t, "Saved in pay.http: pay")
	want := strings.Replace(payFile, "\n\n{\n", "\n\n {\n", 1)
	if got := readFile(t, filepath.Join(dir, "pay.http")); got != want {
		t.Errorf("%s", got)
	}
	tuitest.Lacks(t, x.Screen(), "unsaved")
}

// theirs changes a request in the file, as somebody else does.
func theirs(t testing.TB, dir, from, to string) {
	t.Helper()
	at := filepath.Join(dir, "pay.http")
	was := readFile(t, at)
	if !strings.Contains(was, from) {
		t.Fatalf("%q is not in the file", from)
	}
	writeFile(t, at, strings.Replace(was, from, to, 1))
}

// mineEdited opens pay.http and puts a blank before the body.
func mineEdited(t *testing.T, dir string) *world {
	t.Helper()
	x := explore(t, 140, 40, withFiles(dir, map[string]string{"pay.http": payFile}), openAt("pay.http"))
	x.Key("2", "e", "ctrl+home")
	x.Type(" ")
	x.Key("esc")
	return x
}

func TestFilesChangedOutsideAreReadAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := explore(t, 140, 40, withFiles(dir, map[string]string{"pay.http": payFile}), openAt("pay.http"))
	theirs(t, dir, "AUTH-CODE-1", "AUTH-CODE-2")
	x.look()
	x.shows(t, "AUTH-CODE-2", "was read again")
	theirs(t, dir, "### query", "### inquire")
	writeFile(t, filepath.Join(dir, "more.http"), "### third\nGET /x\n")
	x.look()
	x.shows(t, "inquire", "more.http", "third")
	if err := os.Remove(filepath.Join(dir, "pay.http")); err != nil {
		t.Fatal(err)
	}
	x.look()
	x.shows(t, "is gone from pay.http", "AUTH-CODE-2")
	x.Key("2", "ctrl+s")
	if got := readFile(t, filepath.Join(dir, "pay.http")); !strings.Contains(got, "### pay\n") || !strings.Contains(got, "AUTH-CODE-2") {
		t.Errorf("it was not put back: %s", got)
	}
}

// An edit of another part of the file is no conflict: both are kept.
func TestAnEditBesideMineIsKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := mineEdited(t, dir)
	theirs(t, dir, `"{{paymentId}}"}`, `"{{paymentId}}", "theirs": 1}`)
	x.Key("ctrl+s")
	got := readFile(t, filepath.Join(dir, "pay.http"))
	if !strings.Contains(got, `"theirs": 1}`) || !strings.Contains(got, "\n\n {\n") {
		t.Errorf("something is lost: %s", got)
	}
}

func TestAConflictAsksAndNothingIsLost(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		keys       []string
		want, lack string
		open       string
	}{
		"left":   {[]string{"esc"}, "AUTH-CODE-2", "\n\n {\n", "● unsaved"},
		"both":   {[]string{"enter"}, "### pay (mine)\n# @endpoint v2/payments/pay\nPOST /v2/payments/pay\nX-Trace: one\n\n {\n", "none", "pay.http · pay (mine)"},
		"mine":   {[]string{"down", "enter"}, "\n\n {\n", "AUTH-CODE-2", "pay.http · pay "},
		"theirs": {[]string{"down", "down", "enter"}, "AUTH-CODE-2", "\n\n {\n", "pay.http · pay "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			x := mineEdited(t, dir)
			theirs(t, dir, "AUTH-CODE-1", "AUTH-CODE-2")
			x.look()
			x.shows(t, "was changed by somebody else, and here", "● unsaved")
			x.Key("ctrl+s")
			x.shows(t, "somebody else changed the body", "Both:", "Mine:", "Theirs:")
			x.Key(tt.keys...)
			got := readFile(t, filepath.Join(dir, "pay.http"))
			if !strings.Contains(got, tt.want) || strings.Contains(got, tt.lack) {
				t.Errorf("the file is\n%s", got)
			}
			if name == "both" && !strings.Contains(got, "AUTH-CODE-2") {
				t.Error("theirs is lost")
			}
			x.shows(t, tt.open)
			if name != "left" {
				x.lacks(t, "● unsaved")
			}
		})
	}
}

// What somebody changes while the question stands there asks again.
func TestAConflictThatChangesAsksAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := mineEdited(t, dir)
	theirs(t, dir, "AUTH-CODE-1", "AUTH-CODE-2")
	x.Key("ctrl+s")
	theirs(t, dir, "AUTH-CODE-2", "AUTH-CODE-3")
	x.Key("down", "enter")
	x.shows(t, "Both:", "Mine:")
	if got := readFile(t, filepath.Join(dir, "pay.http")); !strings.Contains(got, "AUTH-CODE-3") {
		t.Error("it was written over")
	}
}

// Unsaved edits of a request outlive the explorer, with what they were made of.
func TestUnsavedEditsComeBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := mineEdited(t, dir)
	x.Key("3", "down", "e")
	x.Type("9")
	x.Key("enter")
	x.Run(x.app.desk.SaveThen(nil))
	theirs(t, dir, "X-Trace: one", "X-Trace: theirs")
	y := explore(t, 140, 40, withFiles(dir, nil), func(w *world) { w.history, w.profile = x.history, x.profile })
	y.shows(t, "pay.http · pay ● unsaved")
	y.Key("2", "ctrl+s")
	y.shows(t, "somebody else changed headers")
}

func TestADraftWithoutAFileIsSavedInOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := explore(t, 140, 40, withFiles(dir, map[string]string{"pay.http": "@host = http://superapp.test/miniprogram/api\n### a\nPOST {{host}}/v2/payments/pay\n\n{}\n"}))
	x.Key("ctrl+s")
	x.shows(t, "Save in FILE#NAME", "payments.http#pay")
	x.Key("ctrl+u")
	x.Type("pay.http#a\n")
	x.shows(t, "has a request a already")
	x.Key("ctrl+u")
	x.Type("pay#full\n")
	x.shows(t, "pay.http · full", "Saved in pay.http: full")
	got := readFile(t, filepath.Join(dir, "pay.http"))
	if !strings.Contains(got, "### full\n# @endpoint v2/payments/pay\nPOST {{host}}/v2/payments/pay\n\n{\n  \"productCode\"") {
		t.Errorf("%s", got)
	}
	x.Key("ctrl+r")
	x.shows(t, "200 · A ACCEPT")
}

func TestNewRenameDuplicateDeleteUndo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := filepath.Join(dir, "pay.http")
	x := explore(t, 140, 40, withFiles(dir, map[string]string{"pay.http": payFile}), openAt("pay.http"))
	x.Key("c")
	x.shows(t, "pay copy", "pay.http · pay copy")
	x.Key("1", "R", "ctrl+u")
	x.Type("pay twice\n")
	x.shows(t, "pay.http · pay twice", "Renamed to pay twice")
	before := readFile(t, at)
	if want := strings.Replace(payFile, "### query", strings.TrimPrefix(strings.Replace(payFile[strings.Index(payFile, "### pay"):strings.Index(payFile, "### query")],
		"### pay", "### pay twice", 1), "")+"### query", 1); before != want {
		t.Errorf("copied\n%s", before)
	}
	x.Key("1", "x")
	if got := readFile(t, at); got != payFile {
		t.Errorf("deleted\n%s", got)
	}
	x.shows(t, "Deleted pay twice")
	x.Key("u")
	if got := readFile(t, at); got != before {
		t.Errorf("restored\n%s", got)
	}
	x.Key("x")
	theirs(t, dir, "AUTH-CODE-1", "AUTH-CODE-2") // the file is another by now
	x.Key("u")
	if got := readFile(t, at); !strings.Contains(got, "AUTH-CODE-2") || !strings.HasSuffix(got, "{\"currency\": \"USD\", \"value\": \"100\"}}\n}\n") ||
		strings.Count(got, "### pay twice") != 1 {
		t.Errorf("restored\n%s", got)
	}
	x.Key("g", "x")
	x.shows(t, "Delete pay.http?")
	x.Key("y")
	if _, err := os.Stat(at); err == nil {
		t.Error("the file is still there")
	}
	x.Key("u")
	if got := readFile(t, at); !strings.Contains(got, "AUTH-CODE-2") {
		t.Errorf("restored\n%s", got)
	}
	x.Key("g", "n", "ctrl+u")
	x.Type("new/more#first\n")
	if got := readFile(t, filepath.Join(dir, "new", "more.http")); !strings.HasPrefix(got, "### first\n# @endpoint v2/payments/pay\nPOST /v2/payments/pay\n\n{") {
		t.Errorf("made\n%s", got)
	}
	x.shows(t, "more.http · first")
	x.Key("1", "up", "R", "ctrl+u")
	x.Type("new/other\n")
	x.shows(t, "other.http · first")
}

func TestAValueBecomesAnExpectation(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := explore(t, 140, 40, withFiles(dir, map[string]string{"pay.http": payFile}), openAt("pay.http"))
	x.Key("ctrl+r", "5", "down", "down", "E")
	x.shows(t, "# @expect .body.result.resultCode", "✓ 3 of 3 expectations")
	if got := readFile(t, filepath.Join(dir, "pay.http")); !strings.Contains(got, "\n# @set paymentId = .body.paymentId\n# @expect .body.result.resultCode == \"SUCCESS\"\nPOST") {
		t.Errorf("%s", got)
	}
	x.Key("E")
	x.shows(t, "expects that already")
}

func TestAnExpectationNeedsAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := explore(t, 140, 40, withFiles(dir, nil))
	x.Key("ctrl+r", "5", "down", "down", "E")
	x.shows(t, "The request has no file yet")
	x.Key("enter")
	if got := readFile(t, filepath.Join(dir, "payments.http")); !strings.Contains(got, "# @expect .body.result.resultCode == \"ACCEPT\"\n") {
		t.Errorf("%s", got)
	}
	x.shows(t, "✓ 1 of 1 expectation")
}

func TestAFileIsRun(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{140, 40}, {60, 20}} {
		dir := t.TempDir()
		x := explore(t, size[0], size[1], withFiles(dir, map[string]string{"pay.http": payFile}), openAt("."))
		x.Key("g", "r")
		x.shows(t, "Run pay.http", "✓ pay", "✗ query", "1 of 2 passed · 1 failed")
		x.Key("g", "enter") // opens that run
		x.Key("5")
		x.shows(t, "✓ 2 of 2 expectations")
		x.Key("L")
		x.shows(t, "1 of 2 passed")
		x.Key("esc")
		x.lacks(t, "1 of 2 passed · 1 failed · 0 ms ")
	}
}

func TestAFileWithFaultsIsNotRun(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withFiles(t.TempDir(), map[string]string{"a.http": payFile + "\n### bad\n# @expect .bdoy\nGET /x\n"}), openAt("."))
	x.Key("g", "r")
	x.shows(t, "Nothing was sent", "a.http:25:12:", "did you mean body?")
	if x.runs(t) > 0 {
		t.Error("something was sent")
	}
}

// A run is stopped with esc, and what was not begun is not sent.
func TestARunIsStopped(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withFiles(t.TempDir(), map[string]string{"pay.http": payFile}), openAt("."))
	x.Key("g")
	cmd := x.app.askRunFiles("pay.http")
	x.app.box.Key(tea.KeyMsg{Type: tea.KeyEsc})
	x.Run(cmd)
	x.shows(t, "– pay", "stopped")
	if x.runs(t) > 0 {
		t.Error("something was sent")
	}
}

// Where nothing is configured, the keys say what is missing.
func TestWithoutAFolder(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+s")
	x.shows(t, "There is no folder of request files")
	x.Key("1", "n")
	x.shows(t, "There is no folder of request files")
	x.lacks(t, "Requests")
}

func TestFilterOverEndpointsAndRequests(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withFiles(t.TempDir(), map[string]string{"deep/pay.http": payFile}), openAt("."))
	x.Key("/")
	x.Type("deepquery")
	x.shows(t, "query  deep/pay", "1 of ")
	x.Key("enter")
	x.shows(t, "pay.http · query")
}

// What is not run is said once.
func TestWhatIsNotRunIsSaidOnce(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withFiles(t.TempDir(), map[string]string{"a.http": "# @profile staging\n\n### a\n# @prompt x\nPOST /v2/payments/pay\n\n{}\n\n> {% s() %}\n\n" +
		"### b\nGRAPHQL /x\n"}), openAt("a.http"))
	x.shows(t, "not run: # @prompt (line 4), a script for the answer (line 9)", "for the profile staging")
	x.Key("ctrl+r")
	x.shows(t, "which its file has for staging")
	x.Key("n", "1", "down", "enter", "ctrl+r")
	x.shows(t, "cannot be sent here (GRAPHQL)")
	x.Key("1", "up", "enter")
	x.lacks(t, "not run")
}

const pastedCurl = `curl 'https://other.example.com/gateway/v2/payments/pay?x=1' -H 'Content-Type: application/json' \
  -H 'Client-Id: 999' -H 'Request-Time: 1' -H 'Signature: algorithm=RSA256,keyVersion=1,signature=abc' -H 'X-Keep: {{a}}' \
  --data-raw '{"a" :  "{{x}}",
 "b":1}'`

// A request that is pasted becomes a draft: byte for byte, signed again.
func TestPastedRequestIsADraft(t *testing.T) {
	t.Parallel()
	for name, paste := range map[string]func(x *world){
		"pasted": func(x *world) { x.Key("1"); x.Paste(pastedCurl) },
		"box":    func(x *world) { x.Key("V"); x.Paste(pastedCurl); x.Key("enter") },
		"dropped": func(x *world) {
			at := filepath.Join(x.t.(*testing.T).TempDir(), "a b.txt")
			writeFile(x.t, at, pastedCurl)
			x.Key("5")
			x.Paste(strings.ReplaceAll(at, " ", `\ `) + " ")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := explore(t, 240, 40)
			paste(x)
			x.shows(t, "pasted curl command", "made again: Client-Id, Request-Time, Signature", "it was for other.example.com")
			if x.runs(t) > 0 {
				t.Fatal("something was sent")
			}
			x.Key("ctrl+r")
			sent := x.newest(t)
			if got := string(sent.Request.Body); got != "{\"a\" :  \"{{x}}\",\n \"b\":1}" {
				t.Errorf("the body is %q", got)
			}
			if sent.Request.Get("X-Keep") != "{{a}}" || sent.Request.Get("Client-Id") == "999" || !sent.SentVerdict.OK() ||
				sent.Request.Target() != "/miniprogram/api/v2/payments/pay?x=1" || sent.Endpoint != "v2/payments/pay" {
				t.Errorf("%s %v", sent.Request.Line, sent.Request.Header)
			}
		})
	}
}

func TestPastedArchiveAsksWhichOne(t *testing.T) {
	t.Parallel()
	entry := func(url string) string {
		return `{"request": {"method": "POST", "url": "` + url + `", "headers": [], "postData": {"mimeType": "application/json", "text": "{}"}},
			"response": {"status": 200, "headers": [], "content": {}}, "startedDateTime": "2026-11-23T12:00:00Z", "time": 1}`
	}
	x := explore(t, 140, 40)
	x.Key("1")
	x.Paste(`{"log": {"version": "1.2", "entries": [` + entry("https://a.example/v2/payments/pay") + "," + entry("https://a.example/v1/users/x") + `]}}`)
	x.shows(t, "2 requests were pasted", "POST /v2/payments/pay", "POST /v1/users/x")
	x.Key("down", "enter")
	x.shows(t, "pasted HAR", "/v1/users/x")
}

func TestPastedTextThatIsNoRequest(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("1")
	x.Paste("hello")
	x.shows(t, "No request was pasted")
	if x.runs(t) > 0 {
		t.Error("something was sent")
	}
}

// On a narrow screen, what is not as it was is said where it can be read whole.
func TestNotesOfAPasteAreReadWhole(t *testing.T) {
	t.Parallel()
	x := explore(t, 80, 24)
	x.Key("1")
	x.Paste(pastedCurl)
	x.shows(t, "made again: Client-Id, Request-Time, Signature", "enter closes")
	x.Key("enter")
	x.lacks(t, "enter closes")
}

// What an expectation compares with is what the variable was when the request went
// out, then and later.
func TestExpectationsWithVariables(t *testing.T) {
	t.Parallel()
	text := strings.Replace(payFile, "# @expect .body.paymentId != null\n", "# @expect \"{{buyer}}{{id}}\" | test(\"BUYER-1.\")\n", 1)
	x := explore(t, 140, 40, withFiles(t.TempDir(), map[string]string{"pay.http": "@id = {{uuid}}\n" + text}), openAt("pay.http"))
	x.Key("ctrl+r")
	x.shows(t, "✓ 2 of 2 expectations")
	x.Key("ctrl+r", "6", "down", "enter")
	x.shows(t, "✓ 2 of 2 expectations")
	x.Key("M", "M")
	x.shows(t, "✓ 2 of 2 expectations")
}

// The variables of the file are offered while one is typed.
func TestVariablesOfTheFileAreOffered(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withFiles(t.TempDir(), map[string]string{"pay.http": payFile}), openAt("pay.http"))
	x.Key("2", "e", "ctrl+home")
	x.Type("{{")
	x.shows(t, "buyer", "BUYER-1", "paymentId", "from the answer of pay")
}

// The request that was open when the explorer was left is open again.
func TestTheRequestThatWasLeftIsOpenAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := explore(t, 140, 40, withFiles(dir, map[string]string{"pay.http": payFile}), openAt("pay.http"))
	x.Run(x.app.desk.SaveThen(nil))
	y := explore(t, 140, 40, withFiles(dir, nil), func(w *world) { w.history, w.profile = x.history, x.profile })
	y.shows(t, "pay.http · pay ")
	y.lacks(t, "unsaved")
}
