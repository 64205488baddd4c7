package diagnose_test

import (
	"fmt"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
)

// chunkedAnswer is the sample with its signature in the trailer.
func chunkedAnswer(t *testing.T, header string) diagnose.Evidence {
	t.Helper()
	s := answer()
	request := fmt.Sprintf("POST %s HTTP/1.1\nClient-Id: %s\nRequest-Time: 1760000000123\n\n{}", s.path, s.client)
	response := fmt.Sprintf("HTTP/1.1 200 OK\nClient-Id: %s\nResponse-Time: %s\nTransfer-Encoding: chunked\nTrailer: Signature\n\n%x\n%s\n0\n%s",
		s.client, s.time, len(s.body), s.body, header)
	e, err := diagnose.FromProfile(apiclient.Profile{}, again(t, []byte(request), []byte(response)), apiclient.ResponseSide)
	if err != nil {
		t.Fatal(err)
	}
	e.Expected = []apiclient.Key{publicKey(t, "server2048")}
	return e
}

// A signature in the trailer is found, its content searched for, and its place
// named first.
func TestSignatureInTheTrailer(t *testing.T) {
	t.Parallel()
	right := answer().canonical()
	for _, c := range []struct {
		content string
		causes  string
	}{
		{right, "signature_in_trailer"},
		{strings.Replace(right, "/miniprogram/api", "", 1), "signature_in_trailer path_prefix_missing"},
	} {
		r := diagnosed(chunkedAnswer(t, "Signature: "+sign(t, "server2048", c.content, "1")+"\n\n"), patience)
		if r.Verdict != signing.Undecodable || strings.Join(r.Causes(), " ") != c.causes {
			t.Errorf("%s, %q", r.Verdict, r.Causes())
		}
		if f, _ := finding(r, "signature_in_trailer"); !f.Proven || f.Family != diagnose.FamilyHeader || !strings.Contains(f.Says, "trailer") {
			t.Errorf("%+v", f)
		}
	}
	r := diagnosed(chunkedAnswer(t, "\n"), patience)
	if f, _ := finding(r, "signature_trailer_lost"); r.Verdict != signing.Unsigned || !strings.Contains(f.Says+r.Headline(), "trailer") {
		t.Errorf("%s: %q", r.Verdict, r.Causes())
	}
}
