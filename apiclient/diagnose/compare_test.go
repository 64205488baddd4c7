package diagnose_test

import (
	"bytes"
	"crypto/sha1" // what others hash with
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
	"time"

	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
)

// TestTold diagnoses a signature over a body that no search finds, with what
// the other side tells of it.
func TestTold(t *testing.T) {
	t.Parallel()
	s := payment()
	ours := s.canonical()
	theirs := strings.Replace(ours, s.body, `{"paymentId":"P-2","amount":{"value":"99.00","currency":"USD"},"extra":["a"]}`, 1)
	header := sign(t, "client2048", theirs, "1")
	digest := sha256.Sum256([]byte(theirs))
	ownDigest := sha256.Sum256([]byte(ours))
	other := sha256.Sum256([]byte("another"))
	sha1Sum := sha1.Sum([]byte(ours))
	errorText, err := json.Marshal(map[string]string{"error": "signature mismatch", "stringToSign": theirs})
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(header, "signature=", "signature=A", 1)
	for _, c := range []struct {
		name, told, kind string
		matches          bool
		says             string
		found            bool // their string is taken for the signed one
	}{
		{"their string", theirs, diagnose.ToldString, true, "covers exactly their string", true},
		{"pasted with a line feed", theirs + "\n", diagnose.ToldString, true, "covers exactly", true},
		{"pasted with CR LF", theirs + "\r\n", diagnose.ToldString, true, "covers exactly", true},
		{"pasted with blanks around it", "  " + theirs + " \n", diagnose.ToldString, true, "covers exactly", true},
		{"line ends of Windows", strings.ReplaceAll(theirs, "\n", "\r\n"), diagnose.ToldString, true, "covers exactly", true},
		{"inside JSON", string(errorText), diagnose.ToldError, true, "covers exactly", true},
		{"as a Go string", fmt.Sprintf("content=%q", theirs), diagnose.ToldError, true, "covers exactly", true},
		{"in a log line", "2026-01-02 ERROR sign [" + theirs + "] failed", diagnose.ToldError, true, "covers exactly", true},
		{"with \\n for the line feed", strings.ReplaceAll(theirs, "\n", `\n`), diagnose.ToldError, true, "covers exactly", true},
		{"with a symbol for the line feed", strings.ReplaceAll(theirs, "\n", "␊"), diagnose.ToldError, true, "covers exactly", true},
		{"in HTML", html.EscapeString(theirs), diagnose.ToldError, true, "covers exactly", true},
		{"percent-encoded", url.QueryEscape(theirs), diagnose.ToldError, true, "covers exactly", true},
		{"our string", ours, diagnose.ToldString, true, "is ours, byte for byte, but the signature covers another one: the fault is where it is signed.", false},
		{"another string", strings.Replace(theirs, "99.00", "98.00", 1), diagnose.ToldString, false, "differs from ours at byte 87 (147 bytes against 140)", false},
		{"nonsense", "it does not work, please check", diagnose.ToldError, false, "Nothing in it looks like", false},
		{"control characters", "\x00\x1b[31m\xff", diagnose.ToldError, false, "Nothing in it looks like", false},
		{"their digest", hex.EncodeToString(digest[:]), diagnose.ToldDigest, true, "inside the signature", false},
		{"their digest, upper case with colons", colons(digest[:]), diagnose.ToldDigest, true, "inside the signature", false},
		{"their digest, named", "sha256:" + hex.EncodeToString(digest[:]), diagnose.ToldDigest, true, "inside the signature", false},
		{"their digest, named otherwise", "SHA-256 = " + hex.EncodeToString(digest[:]), diagnose.ToldDigest, true, "inside the signature", false},
		{"their digest in base64", base64.StdEncoding.EncodeToString(digest[:]), diagnose.ToldDigest, true, "inside the signature", false},
		{"their digest in base64url", base64.RawURLEncoding.EncodeToString(digest[:]) + "\n", diagnose.ToldDigest, true, "inside the signature", false},
		{"our digest", hex.EncodeToString(ownDigest[:]), diagnose.ToldDigest, true, "of our string, but the signature covers another one: the fault is where it is signed.", false},
		{"our digest in base64", base64.StdEncoding.EncodeToString(ownDigest[:]), diagnose.ToldDigest, true, "of our string, but the signature covers another one: the fault is where it is signed.", false},
		{"our SHA-1", hex.EncodeToString(sha1Sum[:]), diagnose.ToldDigest, true, "SHA-1 is that of our string, but the signature covers another one: the fault is where it is signed.", false},
		{"another digest", hex.EncodeToString(other[:]), diagnose.ToldDigest, false, "neither", false},
		{"our length", fmt.Sprint(len(ours)), diagnose.ToldLength, true, "as long as ours, 140 bytes, but the signature covers another one", false},
		{"the length of what was signed", fmt.Sprint(len(theirs)), diagnose.ToldLength, false, "longer than ours by 7 bytes", false},
		{"one more", fmt.Sprint(len(ours) + 1), diagnose.ToldLength, false, "longer than ours by 1 byte:", false},
		{"without the prefix", fmt.Sprint(len(ours) - len("/miniprogram/api")), diagnose.ToldLength, false, "shorter than ours by 16 bytes", false},
		{"without the body", fmt.Sprint(len(ours) - len(s.body)), diagnose.ToldLength, false, "shorter than ours by 70 bytes", false},
		{"the header", header, diagnose.ToldHeader, true, "character for character", false},
		{"the header with its name", "Signature: " + header + "\r\n", diagnose.ToldHeader, true, "character for character", false},
		{"the header without blanks", strings.ReplaceAll(header, ", ", ","), diagnose.ToldHeader, true, "only the spelling", false},
		{"another value", changed, diagnose.ToldHeader, false, "from character 1 on", false},
		{"another keyVersion", strings.Replace(header, "keyVersion=1", "keyVersion=2", 1), diagnose.ToldHeader, false, "keyVersion", false},
		{"no header", "signature=", diagnose.ToldHeader, false, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := s.evidence(t, header)
			e.Told = []byte(c.told)
			r := diagnosed(e, 10*time.Millisecond)
			if r.Verdict != signing.Mismatch {
				t.Errorf("the verdict is %s", r.Verdict)
			}
			got := r.Comparison
			if got == nil {
				t.Fatal("nothing is compared")
			}
			if c.kind != "" && got.Kind != c.kind || got.Matches != c.matches || !strings.Contains(got.Says, c.says) || !strings.HasSuffix(got.Says, ".") {
				t.Errorf("%+v, want %s, %t, %q", got, c.kind, c.matches, c.says)
			}
			if c.found != (string(r.Signed) == theirs) || c.found != bytes.Equal(got.Told, []byte(theirs)) {
				t.Errorf("signed %q, told %q", r.Signed, got.Told)
			}
			if _, ok := finding(r, "body_differs"); c.found && !ok {
				t.Errorf("what differs is not said: %v", r.Causes())
			}
			if report := r.Markdown(); !clean(report) {
				t.Errorf("%q", report)
			}
		})
	}
}

// TestToldOursOfAWrongKey has our string signed with another key: there the key
// is at fault, whatever of the string was told.
func TestToldOursOfAWrongKey(t *testing.T) {
	t.Parallel()
	s := payment()
	digest := sha256.Sum256([]byte(s.canonical()))
	e := s.evidence(t, sign(t, "old2048", s.canonical(), "1"))
	for _, known := range []bool{false, true} {
		if known {
			e.Known = append(e.Known, publicKey(t, "old2048"))
		}
		for _, told := range []string{s.canonical(), hex.EncodeToString(digest[:])} {
			e.Told = []byte(told)
			r := diagnosed(e, 10*time.Millisecond)
			if says := r.Comparison.Says; !r.Comparison.Matches || !strings.Contains(says, "the fault is in the key or in how the signature is made or sent.") || strings.Contains(says, "the signature covers it") != known {
				t.Errorf("known %t: %s, %s", known, r.Verdict, says)
			}
		}
	}
}

// TestToldTheLengthOfWhatWasSigned says so, once what was signed is found.
func TestToldTheLengthOfWhatWasSigned(t *testing.T) {
	t.Parallel()
	s := payment()
	theirs := strings.Replace(s.canonical(), "/miniprogram/api", "", 1)
	e := s.evidence(t, sign(t, "client2048", theirs, "1"))
	e.Told = []byte(fmt.Sprint(len(theirs)))
	r := diagnosed(e, patience)
	if want := "shorter than ours by 16 bytes: 124 against 140. What was signed is just as long."; !strings.HasSuffix(r.Comparison.Says, want) {
		t.Errorf("%q, want %q", r.Comparison.Says, want)
	}
}

func colons(b []byte) string {
	return strings.TrimSuffix(strings.ToUpper(fmt.Sprintf("% x", b)), " ")
}

// TestToldNothing has nothing to compare.
func TestToldNothing(t *testing.T) {
	t.Parallel()
	for _, told := range []string{"", " ", "\r\n"} {
		e := payment().evidence(t, sign(t, "client2048", "else", ""))
		if e.Told = []byte(told); diagnosed(e, time.Millisecond).Comparison != nil {
			t.Errorf("%q is compared", told)
		}
	}
	unsigned := payment().evidence(t, "")
	unsigned.Told = []byte(sign(t, "client2048", payment().canonical(), ""))
	if c := diagnosed(unsigned, time.Millisecond).Comparison; c == nil || c.Matches || !strings.Contains(c.Says, "none arrived") {
		t.Errorf("%+v", c)
	}
}

// TestToldDecidesNothing tells the right string, and lies, where no key that
// is expected has signed it.
func TestToldDecidesNothing(t *testing.T) {
	t.Parallel()
	s := payment()
	for _, header := range []string{
		sign(t, "other2048", s.canonical(), ""), // a key that nobody knows
		strings.Replace(sign(t, "client2048", s.canonical(), ""), "signature=", "signature=AAAA", 1),
		"algorithm=RSA256, signature=AAAA",
		"nonsense",
		"",
	} {
		for _, told := range []string{s.canonical(), header, "verified"} {
			e := s.evidence(t, header)
			e.Told = []byte(told)
			if r := diagnosed(e, 10*time.Millisecond); r.Verdict == signing.Verified {
				t.Errorf("%q told of %q: %s", told, header, r.Verdict)
			}
		}
	}
}

// TestToldFromWindows has the line ends of Windows inside and at the end.
func TestToldFromWindows(t *testing.T) {
	t.Parallel()
	s := payment()
	theirs := strings.Replace(s.canonical(), s.body, `{"another":["body"]}`, 1)
	e := s.evidence(t, sign(t, "client2048", theirs, "1"))
	e.Told = []byte(strings.ReplaceAll(theirs, "\n", "\r\n") + "\r\n")
	if r := diagnosed(e, 10*time.Millisecond); r.Comparison == nil || !r.Comparison.Matches || string(r.Signed) != theirs {
		t.Errorf("%+v", r.Comparison)
	}
}
