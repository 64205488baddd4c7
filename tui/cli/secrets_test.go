package cli

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/export"
	"countersign/apiclient/signing"
)

// planted are secrets, each in a place of its own. No output but --json and what
// was asked for with --reveal has one of them.
var planted = map[string]string{
	"authorization": "Bearer-SECRET-AUTH", "cookie": "SECRET-COOKIE-1", "set-cookie": "SECRET-COOKIE-2", "configured header": "SECRET-DEVICE-1",
	"token": "SECRET-TOKEN-1", "escaped": `SECRET-"QUOTED"-é`, "in a string": "SECRET-INNER-1", "in an array": "SECRET-ARRAY-1", "number": "8613800138000",
	"configured path": "SECRET-PATH-1", "anywhere": "SECRET-DEEP-1", "query": "SECRET-QUERY-1", "query, encoded": "SECRET QUERY+2", "in a URL": "SECRET-URL-1",
	"answer": "SECRET-ANSWER-1", "name": "Ann SECRET Example", "short": "Z!9", "form": "SECRET-FORM-1", "xml": "SECRET-XML-1", "coded": "SECRET-CODED-1",
	"other member": "SECRET-TOKEN-1", "folded": "SECRET-FOLDED-1", "trailer": "SECRET-TRAILER",
}

const redactConfig = `[redact]
headers = ["X-Device"]
paths = [".buyer.mark", "..deep", ".pin3"]
`

// plantedExchange has them all; its request body is of some form.
func plantedExchange(body string) apiclient.Exchange {
	coded := func(s string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write([]byte(s))
		_ = w.Close()
		return b.Bytes()
	}
	target := "/miniprogram/api/v2/pay?accessToken=" + planted["query"] + "&authCode=SECRET+QUERY%2B2&x=1"
	canonical := []byte("POST " + target + "\nC-1.1682060290199." + body)
	answer := `{"accessToken":"` + planted["coded"] + `","idToken":"` + planted["token"] + `","userInfo":{"fullName":"` + planted["name"] + `"},"refreshToken":"` + planted["answer"] + `"}`
	return apiclient.Exchange{
		ID: "01900000-0000-7000-8000-000000000001", Profile: "sandbox", Origin: apiclient.FromCLI, URL: "https://superapp.example" + target, ClientID: "C-1",
		Request: apiclient.Message{Line: "POST " + target + " HTTP/1.1", Body: []byte(body), Header: []apiclient.Field{
			{Name: "Host", Value: "superapp.example"}, {Name: "Content-Type", Value: "application/json"}, {Name: "Client-Id", Value: "C-1"},
			{Name: "Request-Time", Value: "1682060290199"}, {Name: "Signature", Value: "algorithm=RSA256, keyVersion=1, signature=abcd"},
			{Name: "Authorization", Value: "Bearer " + planted["authorization"]}, {Name: "Cookie", Value: "a=" + planted["cookie"]},
			{Name: "X-Device", Value: planted["configured header"]}, {Name: "X-Note", Value: "for " + planted["token"]},
			{Name: "X-Session-Id", Value: planted["folded"]},
		}},
		Sent: signing.Proof{Canonical: canonical}, SignedAs: target,
		SentVerdict: signing.Verdict{Status: signing.Mismatch, Canonical: canonical, Reason: "over " + planted["token"] + ".", Hint: planted["answer"]},
		Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: coded(answer), Decoded: []byte(answer), Header: []apiclient.Field{
			{Name: "Content-Encoding", Value: "gzip"}, {Name: "Content-Type", Value: "application/json"}, {Name: "Set-Cookie", Value: "sid=" + planted["set-cookie"] + "; Path=/"},
			{Name: "Location", Value: "https://x.example/?authState=" + planted["in a URL"]},
		}, Trailer: []apiclient.Field{{Name: "X-Token", Value: planted["trailer"]}}},
		Received: signing.Verdict{Status: signing.Unsigned, Canonical: []byte("x" + planted["answer"])},
		Outcome:  apiclient.Answered, Err: "refused " + planted["token"], Hint: "not " + planted["token"],
		Result: apiclient.Result{Message: "no " + planted["token"]}, Findings: []apiclient.Finding{{Says: "bad " + planted["token"], Hint: planted["token"], Severity: apiclient.Warn}},
	}
}

var plantedBodies = map[string]string{
	"JSON": `{"accessToken":"` + planted["token"] + `","apiKey":"SECRET-\"QUOTED\"-\u00e9","order":"{\"loginId\":\"` + planted["in a string"] + `\"}",
	"phones":[{"phone":` + planted["number"] + `}],"secretKey":["` + planted["in an array"] + `"],"buyer":{"mark":"` + planted["configured path"] + `","b":[{"deep":"` + planted["anywhere"] + `"}]},"pin3":"` + planted["short"] + `"}`,
	"form": "grant_type=x&auth_code=" + planted["form"] + "&b=1",
	"XML":  `<r a="1"><accessToken>` + planted["xml"] + `</accessToken><buyer mark="` + planted["configured path"] + `"/></r>`,
}

// leaks names the secrets that are in an output, in any spelling.
func leaks(text string) []string {
	var list []string
	for place, secret := range planted {
		for _, s := range []string{secret, strings.ReplaceAll(secret, `"`, `\"`), strings.ReplaceAll(secret, " ", "%20")} {
			if strings.Contains(text, s) {
				list = append(list, place)
				break
			}
		}
	}
	for _, part := range []string{"QUOTED", "SECRET+QUERY"} {
		if strings.Contains(text, part) {
			list = append(list, part)
		}
	}
	return list
}

func TestPlantedSecretsAreInNoOutput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	env := map[string]string{"HOME": dir, "COUNTERSIGN_DATA": filepath.Join(dir, "data"), "COUNTERSIGN_CONFIG": file("config.toml", redactConfig)}
	key := "k=" + filepath.Join(testKeys, "client2048.pub.spki.pem")
	for form, body := range plantedBodies {
		data, err := json.Marshal(plantedExchange(body))
		if err != nil {
			t.Fatal(err)
		}
		if got := leaks(string(data)); len(got) < 10 {
			t.Fatalf("%s: only %q are planted: this test would find nothing", form, got)
		}
		evidence := file(form+".json", string(data))
		for _, f := range export.Formats() {
			code, out, said := in(t, env, "", "export", evidence, "--as", f.Name)
			if got := leaks(out + said); len(got) > 0 {
				t.Errorf("%s as %s: %q is in\n%s\n%s", form, f.Name, got, out, said)
			}
			if code == 0 && !strings.Contains(said, "--reveal") {
				t.Errorf("%s as %s: nothing says what is masked: %s", form, f.Name, said)
			}
			if code != 0 && !strings.Contains(said, "hint:") {
				t.Errorf("%s as %s: %d, %s", form, f.Name, code, said)
			}
		}
		for _, told := range []string{"", "signature of " + planted["token"] + " is invalid", "POST /x\nC-1.1." + body} {
			args := []string{"diagnose", evidence, "--markdown", "--key", key, "--budget", "50ms"}
			if told != "" {
				args = append(args, "--told", told)
			}
			_, out, said := in(t, env, "", args...)
			if got := leaks(out + said); len(got) > 0 || out == "" {
				t.Errorf("%s: diagnose --markdown, told %q: %q in\n%s%s", form, told, got, out, said)
			}
		}
		if _, out, _ := in(t, env, "", "export", evidence, "--as", "json", "--reveal"); len(leaks(out)) < 10 {
			t.Errorf("%s: --reveal hides %s", form, out)
		}
	}
}

// With redact.store = true no file of the history has a secret, a run is told to be
// masked and not judged, and what is masked is not sent.
func TestNoSecretIsStored(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(config, []byte(redactConfig+"store = true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"HOME": dir, "COUNTERSIGN_DATA": filepath.Join(dir, "data"), "COUNTERSIGN_CONFIG": config}
	body := plantedBodies["JSON"]
	code, out, said := in(t, env, "", "send", "/v2/payments/pay?accessToken="+planted["query"], "-d", body, "-H", "Authorization: Bearer "+planted["authorization"], "-H", "X-Device: "+planted["configured header"])
	if code != 0 && out == "" {
		t.Fatal(code, said)
	}
	seen := 0
	err := filepath.WalkDir(filepath.Join(dir, "data"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if got := leaks(string(data)); len(got) > 0 && !strings.HasSuffix(path, ".pem") {
			t.Errorf("%s has %q", path, got)
		}
		if bytes.Contains(data, []byte("***masked-")) {
			seen++
		}
		return err
	})
	if err != nil || seen == 0 {
		t.Errorf("no mark is in the history: %v", err)
	}
	_, out, said = in(t, env, "", "history", "show", "last")
	if !strings.Contains(out, "masked, so not verified again") || !strings.Contains(out+said, "verified") || len(leaks(out+said)) > 0 {
		t.Errorf("%s\n%s", out, said)
	}
	var doc document
	code, out, said = in(t, env, "", "diagnose", "last", "--side", "request", "--json")
	if err := json.Unmarshal([]byte(out), &doc); err != nil || doc.Verdict != "masked" || code != exitUnverified {
		t.Errorf("%d, %v, %s: %s", code, err, doc.Verdict, said)
	}
	code, _, said = in(t, env, "", "replay", "last")
	if code == 0 || !strings.Contains(said, "masked") {
		t.Errorf("replay: %d, %s", code, said)
	}
	code, _, said = in(t, env, "", "replay", "last", "--exact")
	if code == 0 || !strings.Contains(said, "masked") {
		t.Errorf("replay --exact: %d, %s", code, said)
	}
}

// A masked export that is verified elsewhere is neither verified nor a mismatch.
func TestMaskedEvidenceIsNotJudged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := map[string]string{"HOME": dir, "COUNTERSIGN_DATA": filepath.Join(dir, "data")}
	code, _, said := in(t, env, "", "send", "/v2/payments/pay", "-d", `{"accessToken":"SECRET-TOKEN-1"}`)
	if said == "" && code != 0 && code != exitUnverified {
		t.Fatal(code)
	}
	for _, format := range []string{"json", "har", "http"} {
		_, out, said := in(t, env, "", "export", "last", "--as", format)
		if !strings.Contains(out, "***masked-") {
			t.Fatalf("%s: %s", out, said)
		}
		file := filepath.Join(dir, "masked."+format)
		if err := os.WriteFile(file, []byte(out), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, command := range []string{"verify", "diagnose"} {
			code, out, said := in(t, env, "", command, file, "--side", "request", "--json")
			var doc document
			if err := json.Unmarshal([]byte(out), &doc); err != nil || doc.Verdict != "masked" || code != exitUnverified {
				t.Errorf("%s of %s: %d, %v, %s: %s", command, format, code, err, doc.Verdict, said)
			}
		}
	}
}
