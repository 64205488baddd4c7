package diagnose_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
)

// sent is payment() as our profile sends it, with what was told about it.
func sent(t testing.TB, header, told string) diagnose.Evidence {
	t.Helper()
	x := payment().exchange(t, header)
	x.Origin = apiclient.FromCLI
	e, err := diagnose.FromProfile(ours(t), x, apiclient.RequestSide)
	if err != nil {
		t.Fatal(err)
	}
	e.Told = []byte(told)
	return e
}

// TestToldOfARightRequest has nothing wrong on our side: what is told is ours,
// or another string whose cause is said.
func TestToldOfARightRequest(t *testing.T) {
	t.Parallel()
	s := payment()
	header := sign(t, "client2048", s.canonical(), "1")
	digest := sha256.Sum256([]byte(s.canonical()))
	theirs := strings.Replace(s.canonical(), "/miniprogram/api", "", 1)
	other := sha256.Sum256([]byte(theirs))
	message, err := json.Marshal(map[string]any{"result": map[string]string{"resultCode": "INVALID_SIGNATURE", "resultMessage": "expected " + html.EscapeString(theirs)}})
	if err != nil {
		t.Fatal(err)
	}
	lossy := strings.Replace(s.canonical(), "\n", "", 1)
	for _, c := range []struct {
		name, told string
		by         diagnose.Teller
		matches    bool
		says       string
		cause      string
		proven     bool
	}{
		{"our string", s.canonical(), diagnose.ToldByThem, true, "if they refuse it, they hold another public key or key version than SHA256:", "", false},
		{"our string, in the answer", `{"expected":` + fmt.Sprintf("%q", s.canonical()) + `}`, diagnose.ToldByAnswer, true, "The string in their answer is ours, byte for byte, and our signature covers it: they hold another public key", "", false},
		{"our digest", hex.EncodeToString(digest[:]), diagnose.ToldByThem, true, "Their SHA-256 is that of our string, and our signature covers it: if they refuse it, they hold another public key", "", false},
		{"their string, in the answer", string(message), diagnose.ToldByAnswer, false, "The string in their answer differs from ours at byte 7", "path_prefix_missing", true},
		{"their digest, in the answer", `{"traceId":"0123456789abcdef0123456789abcdef","sha256":"` + hex.EncodeToString(other[:]) + `"}`, diagnose.ToldByAnswer, false, "The string in their answer differs from ours at byte 7", "path_prefix_missing", true},
		{"a digest in a log", "verify failed, sha256=" + hex.EncodeToString(other[:]) + " user=7", diagnose.ToldByThem, false, "Their string differs from ours at byte 7", "path_prefix_missing", true},
		{"a lost line feed", lossy, diagnose.ToldByThem, false, "byte for byte but for its line feed, which is missing", "newline_missing", false},
		{"a length", fmt.Sprint(len(theirs)), diagnose.ToldByThem, false, "shorter than ours by 16 bytes", "path_prefix_missing", false},
		{"a length with words", fmt.Sprintf("Content length: %d bytes", len(theirs)), diagnose.ToldByThem, false, "shorter than ours by 16 bytes", "path_prefix_missing", false},
		{"a longer length", fmt.Sprint(len(s.canonical()) + 1), diagnose.ToldByThem, false, "longer than ours by 1 byte", "path_trailing_slash", false},
		{"the beginning", s.canonical()[:70] + "...", diagnose.ToldByThem, false, "As far as it was told", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := sent(t, header, c.told)
			e.ToldBy = c.by
			r := diagnosed(e, 5*time.Second)
			if r.Verdict != signing.Verified || r.Comparison == nil || r.Comparison.Matches != c.matches || !strings.Contains(r.Comparison.Says, c.says) {
				t.Fatalf("%s, %+v", r.Verdict, r.Comparison)
			}
			f, ok := finding(r, c.cause)
			if ok != (c.cause != "") || f.Proven != c.proven {
				t.Errorf("%v: %+v", r.Causes(), f)
			}
			if c.cause == "path_prefix_missing" && f.Setting != `signed_path = "{path}"` {
				t.Errorf("the setting is %q", f.Setting)
			}
			if c.cause != "" && !strings.HasPrefix(f.Says, subjectOf(c.by)) {
				t.Errorf("it says %q", f.Says)
			}
		})
	}
}

func subjectOf(by diagnose.Teller) string {
	if by == diagnose.ToldByAnswer {
		return "The string in their answer "
	}
	return "Their string "
}

// TestAnswersThatTellNothing have no string in them.
func TestAnswersThatTellNothing(t *testing.T) {
	t.Parallel()
	header := sign(t, "client2048", payment().canonical(), "1")
	for _, told := range []string{`{"result":{"resultCode":"INVALID_SIGNATURE","resultStatus":"F","resultMessage":"The signature is invalid."}}`, "<html><h1>403</h1></html>", "7", "0123456789abcdef0123456789abcdef"} {
		e := sent(t, header, told)
		e.ToldBy = diagnose.ToldByAnswer
		if r := diagnosed(e, short); r.Comparison != nil && told != "0123456789abcdef0123456789abcdef" {
			t.Errorf("%q: %+v", told, r.Comparison)
		}
	}
}

// TestToldHeader says with which settings our header is theirs.
func TestToldHeader(t *testing.T) {
	t.Parallel()
	header := sign(t, "client2048", payment().canonical(), "1")
	h, err := signing.ParseHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	sig, _, err := signing.DecodeValue(h.Value)
	if err != nil {
		t.Fatal(err)
	}
	for want, style := range map[string]signing.Style{
		`key_version = "2"`:             {KeyVersion: "2"},
		`key_version = ""`:              {},
		`signature_encoding = "base64"`: {KeyVersion: "1", Encoding: signing.Base64},
		`header_spacing = "comma"`:      {KeyVersion: "1", Compact: true},
		`key_version = "3"; signature_encoding = "base64url"; header_spacing = "comma"`: {KeyVersion: "3", Compact: true, Encoding: signing.Base64URL},
		"": {KeyVersion: "1"},
	} {
		e := sent(t, header, "Signature: "+style.Header(signing.EncodeValue(sig, style.Encoding)))
		if got := strings.Join(settingsOf(diagnosed(e, time.Second)), "; "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestSettingsOfSignatures gives the line for what was signed, where nothing
// was told: by a client that our profile shall be like, and by the other side.
func TestSettingsOfSignatures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s      sample
		change func(string) string
		want   string
	}{
		{payment(), func(s string) string { return strings.Replace(s, "/miniprogram/api", "", 1) }, `signed_path = "{path}"`},
		{payment(), func(s string) string { return strings.Replace(s, "1760000000123", "1760000000", 1) }, `time_format = "s"`},
		{payment(), func(s string) string { return s + "\n" }, `content_template = "{method} {uri}\n{client_id}.{time}.{body}\n"`},
		{answer(), func(s string) string { return strings.Replace(s, "/miniprogram/api", "", 1) }, `signed_path = "{path}"`},
		{answer(), func(s string) string { return strings.Replace(s, "1760000000456", "1760000000", 1) }, ""},
		{answer(), func(s string) string { _, rest, _ := strings.Cut(s, "\n"); return rest }, `response_template = "{client_id}.{time}.{body}"`},
	} {
		theirs := c.change(c.s.canonical())
		x := c.s.exchange(t, sign(t, "client2048", theirs, "1"))
		diagnosedFrom := func(origin apiclient.Origin) diagnose.Report {
			x.Origin = origin
			e, err := diagnose.FromProfile(ours(t), x, c.s.side)
			if err != nil {
				t.Fatal(err)
			}
			e.Expected = []apiclient.Key{publicKey(t, "client2048")}
			return diagnosed(e, patience)
		}
		if c.s.side == apiclient.RequestSide {
			// What our own profile sent is no model for a setting of it.
			if got := settingsOf(diagnosedFrom(apiclient.FromCLI)); len(got) > 0 {
				t.Errorf("of a request of ours: %q", got)
			}
		}
		r := diagnosedFrom(apiclient.FromFile)
		got := settingsOf(r)
		if strings.Join(got, "; ") != c.want || string(r.Signed) != theirs {
			t.Errorf("%v: %q, want %q", r.Causes(), got, c.want)
		}
		if len(got) > 0 {
			if made := resent(t, with(t, ours(t), got...), x, c.s.side); made != theirs {
				t.Errorf("the lines make %q, not %q", made, theirs)
			}
		}
	}
}
