package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"countersign/apiclient/export"
)

// shopPIN is a secret that is known by nothing but that it is of the environment.
const shopPIN = "ENV-0123456789"

// secretive is a server whose answers, unsigned, have planted secrets in each place,
// and the environment of a home whose profile sends there. Its count is of requests.
func secretive(t *testing.T) (env map[string]string, url string, count *atomic.Int64) {
	t.Helper()
	count = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		count.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Set-Cookie", "sid="+planted["set-cookie"])
		w.Header().Set("X-Device", planted["configured header"])
		w.Header().Set("Signature", "algorithm="+planted["token"]+", signature=x")
		_, _ = fmt.Fprintf(w, `{"result":{"resultStatus":"F","resultCode":"NO","resultMessage":"no %s"},"accessToken":%[1]q,"buyer":{"mark":%q}}`,
			planted["token"], planted["configured path"])
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	keys, err := filepath.Abs(testKeys)
	if err != nil {
		t.Fatal(err)
	}
	config := redactConfig + fmt.Sprintf("\n[profiles.mine]\nbase_url = %q\nallow_http = true\nclient_id = \"C-1\"\nprivate_key = { file = %q }\npeer_keys = { \"1\" = { file = %q } }\nplatform_key = { file = %q }\n",
		server.URL, filepath.Join(keys, "client2048.pkcs8.pem"), filepath.Join(keys, "server2048.pub.spki.pem"), filepath.Join(keys, "server2048.pkcs8.pem"))
	file := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"HOME": dir, "COUNTERSIGN_DATA": filepath.Join(dir, "data"), "COUNTERSIGN_CONFIG": file, "COUNTERSIGN_PROFILE": "mine",
		"SHOP_PIN": shopPIN}, server.URL, count
}

func secretRequests(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pay.http")
	text := "@token = " + planted["token"] + "\n\n### pay\n# @expect .body.accessToken == \"x\"\n# @expect .headers[\"x-device\"] == 1\n" +
		"# @expect .body.buyer.mark == \"{{env.SHOP_PIN}}\"\n" +
		"POST /v2/x?accessToken=" + planted["query"] + "\nContent-Type: application/json\nAuthorization: Bearer " + planted["authorization"] +
		"\nX-Device: " + planted["configured header"] + "\n\n" + `{"accessToken":"{{token}}","note":"{{env.SHOP_PIN}}","buyer":{"mark":"` + planted["configured path"] + `"}}` +
		"\n\n### next\n# @set t = .body.accessToken\n# @tamper wrong_key\nPOST /v2/y?authCode={{token}}\n\n{}\n"
	name2 := strings.ReplaceAll(text, "SECRET QUERY+2", "SECRET%20QUERY%2B2")
	if err := os.WriteFile(name, []byte(name2), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// A request of a request file is exported as it would be sent, signed, and not sent.
func TestRequestFilesAreExportedSigned(t *testing.T) {
	t.Parallel()
	env, _, count := secretive(t)
	file := secretRequests(t)
	names := []string{pageFormat}
	for _, f := range export.Formats() {
		names = append(names, f.Name)
	}
	for _, name := range names {
		code, out, said := in(t, env, "", "export", file+"#pay", "--as", name)
		if got := leaks(out + said); code != 0 || len(got) > 0 || strings.Contains(out+said, shopPIN) {
			t.Errorf("%s: %d, %q in\n%s\n%s", name, code, got, out, said)
		}
	}
	if count.Load() != 0 {
		t.Errorf("%d requests were sent", count.Load())
	}
	_, out, _ := in(t, env, "", "export", file+"#pay", "--as", "httpfile")
	if !strings.Contains(out, "{{env.SHOP_PIN}}") {
		t.Errorf("what came of the environment does not go back there: %s", out)
	}
	_, out, said := in(t, env, "", "export", file+"#pay", "--as", "http", "--reveal")
	for _, want := range []string{planted["token"], shopPIN, planted["authorization"], "Signature: algorithm=RSA256"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s\n%s", want, out, said)
		}
	}
	again := filepath.Join(t.TempDir(), "again.http")
	_, out, _ = in(t, env, "", "export", file+"#pay", "--as", "httpfile", "--reveal")
	if err := os.WriteFile(again, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	_, once, said := in(t, env, "", "export", again, "--as", "httpfile", "--reveal")
	if signature := headerOf(out, "Signature"); signature == "" || headerOf(once, "Signature") != signature {
		t.Errorf("what has its signature was signed again:\n%s\n%s\n%s", out, once, said)
	}
	code, out, said := in(t, env, "", "export", file+"#next", "--as", "markdown")
	if code != 0 || !strings.Contains(out, "tampered on purpose: wrong key") {
		t.Errorf("%d\n%s\n%s", code, out, said)
	}
	for _, name := range []string{file, file + "#nope"} {
		if code, out, said := in(t, env, "", "export", name, "--as", "curl"); code != exitUsage || out != "" || !strings.Contains(said, "next") {
			t.Errorf("%s: %d\n%s\n%s", name, code, out, said)
		}
	}
}

func headerOf(text, name string) string {
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, name+": "); ok {
			return value
		}
	}
	return ""
}

// No secret is in what test, probe and notify tell, nor in what a capture prints, nor in
// an exported history.
func TestPlantedSecretsAreInNoReport(t *testing.T) {
	t.Parallel()
	env, url, _ := secretive(t)
	file, junit := secretRequests(t), filepath.Join(t.TempDir(), "junit.xml")
	clean := func(what, want, out string) {
		t.Helper()
		if got := leaks(out); len(got) > 0 || !strings.Contains(out, want) {
			for line := range strings.Lines(out) {
				if at := strings.Index(line, planted["token"]); at >= 0 {
					out = line[max(0, at-900):min(len(line), at+200)]
				}
			}
			t.Errorf("%s: %q, wants %q, in\n%.3000s", what, got, want, out)
		}
	}
	reported := func(what, want string, args ...string) {
		t.Helper()
		_, out, said := in(t, env, "", args...)
		xml, err := os.ReadFile(junit)
		if err != nil {
			t.Fatal(err, out, said)
		}
		clean(what, want, out+said)
		if strings.Contains(out+said+string(xml), shopPIN) && what != "test --runs" {
			t.Errorf("%s: %s is in\n%s\n%s", what, shopPIN, out+said, xml)
		}
		clean(what+" as JUnit", "<failure", string(xml))
		_ = os.Remove(junit)
	}
	reported("test", "masked", "test", file, "--junit", junit)
	reported("test --tap", "not ok", "test", file, "--tap", "--junit", junit)
	reported("test --json", `"failures"`, "test", file, "--json", "--junit", junit)
	reported("test --runs", "masked", "test", "--runs", "", "--expect", `.body.accessToken == "x"`, "--junit", junit)
	reported("probe", "signature_missing", "probe", url+"/n?accessToken="+planted["token"], "--yes", "--junit", junit, "--markdown",
		"--accepts", ".body.accessToken == null")
	_, out, said := in(t, env, "", "history", "export")
	clean("history export", "***masked-", out+said)
	_, out, _ = in(t, env, "", "history", "show", "last")
	if strings.Contains(out, planted["configured header"]) || strings.Contains(out, planted["set-cookie"]) {
		t.Errorf("a header is shown: %s", out)
	}
	c := start(t, env, "capture", "--upstream", url)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.at+"/v2/x?accessToken="+planted["token"], strings.NewReader(plantedBodies["JSON"]))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Device", planted["configured header"])
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if !c.out.Scan() {
		t.Fatal("nothing was captured")
	}
	lines := c.out.Text()
	go func() { _, _ = c.stop() }()
	for c.out.Scan() {
		lines += "\n" + c.out.Text()
	}
	clean("capture", "***masked-", lines)
}
