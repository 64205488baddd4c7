package diagnose_test

import (
	"encoding/hex"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
)

var unknowable = flag.Int("unknowable", 30, "how many random exchanges TestNothingIsProvenOfTheUnknowable takes")

// maker makes payments that differ in all their parts.
type maker struct{ *rand.Rand }

func (r maker) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = '0' + byte(r.IntN(10))
	}
	return string(b)
}

func (r maker) hex(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return hex.EncodeToString(b)
}

func (r maker) sample() sample {
	s := sample{
		path: "/" + r.hex(2) + "/v" + r.digits(1) + "/" + r.hex(3), client: r.digits(16 + r.IntN(8)),
		time: "17" + r.digits(11), side: []apiclient.Side{apiclient.RequestSide, apiclient.ResponseSide}[r.IntN(2)],
	}
	switch r.IntN(5) {
	case 0:
		s.body = fmt.Sprintf("a=%s&b=%s&sign_type=RSA2", r.hex(4), r.digits(3))
	case 1:
		s.body = fmt.Sprintf("<a><b>%s</b><c/></a>", r.hex(6))
	case 2:
		s.body = r.hex(10 + r.IntN(40))
	default:
		s.body = fmt.Sprintf(`{"id":%q,"amount":{"value":"%s.50","n":%s},"list":[1.0,null,"é\/<"],"at":"2026-01-02T03:04:05Z"}`,
			r.hex(8), "1"+r.digits(2), "4"+r.digits(4))
	}
	return s
}

// changed returns content with bytes that nobody can know in one to three places.
func (r maker) changed(content string) string {
	for range 1 + r.IntN(3) {
		at := r.IntN(len(content) + 1)
		end := min(len(content), at+r.IntN(4))
		content = content[:at] + r.hex(8) + content[end:]
	}
	return content
}

// aboutContent are the families of causes that only the signed bytes can prove.
var aboutContent = []diagnose.Family{diagnose.FamilyBody, diagnose.FamilyTime, diagnose.FamilyPath, diagnose.FamilyMethod,
	diagnose.FamilyTemplate, diagnose.FamilyClientID, diagnose.FamilyTamper, diagnose.FamilyContent}

// TestNothingIsProvenOfTheUnknowable holds that no cause of a content is called
// proven where the content cannot be known. Of 10,000 exchanges:
//
//	go test ./apiclient/diagnose -run Unknowable -unknowable 10000
func TestNothingIsProvenOfTheUnknowable(t *testing.T) {
	t.Parallel()
	r := maker{rand.New(rand.NewPCG(7, uint64(time.Now().UnixNano())))} //nolint:gosec // no secret
	for range *unknowable {
		s := r.sample()
		signed := r.changed(s.canonical())
		report := diagnosed(s.evidence(t, sign(t, "client2048", signed, "")), 10*time.Millisecond)
		if report.Verdict != signing.Mismatch || report.Proven() {
			t.Fatalf("%+v signed as %q: %s, proven: %q", s, signed, report.Verdict, report.Signed)
		}
		for _, f := range report.Findings {
			if f.Proven && slices.Contains(aboutContent, f.Family) {
				t.Fatalf("%+v signed as %q: %+v", s, signed, f)
			}
		}
	}
}

// What no search explains is narrowed by the other signature of the exchange, and one
// thing to log is named.
func TestUnknownContentIsNarrowed(t *testing.T) {
	t.Parallel()
	s := answer()
	e := unfindable(t, s)
	f, _ := finding(diagnosed(e, 10*time.Millisecond), "content_mismatch_unknown")
	if strings.Contains(f.Says, "The request verifies") || !strings.Contains(f.Fix, "Ask the other side for the string that it signed") {
		t.Errorf("%+v", f)
	}
	e.Sides.Request.Status = signing.Verified
	if f, _ := finding(diagnosed(e, 10*time.Millisecond), "content_mismatch_unknown"); !strings.Contains(f.Says, "The request verifies") {
		t.Errorf("%+v", f)
	}
	if f, _ := finding(diagnosed(unfindable(t, payment()), 10*time.Millisecond), "content_mismatch_unknown"); !strings.Contains(f.Fix, "Log the string") {
		t.Errorf("%+v", f)
	}
}
