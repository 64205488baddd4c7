package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"countersign/apiclient/sandbox"
)

// An exported collection, run by newman, is accepted by the built-in Super App.
func TestNewmanPaysInTheSandbox(t *testing.T) {
	t.Parallel()
	newman, err := exec.LookPath("newman")
	if err != nil {
		t.Skip("newman is not on this machine")
	}
	dir, env := seededHome(t)
	keys := filepath.Join(dir, "data", "sandbox")
	config := filepath.Join(dir, "config.toml")
	profile := fmt.Sprintf("[profiles.p]\nbase_url = %q\nallow_http = true\nclient_id = %q\nprivate_key = { file = %q }\n"+
		"peer_keys = { \"1\" = { file = %q } }\n", superAppAt(t, env)+sandbox.Prefix, sandbox.ClientID,
		filepath.Join(keys, "merchant.pem"), filepath.Join(keys, "superapp.pub"))
	if err := os.WriteFile(config, []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) {
		if code, out, stderr := in(t, env, "", append(args, "--config", config, "--profile", "p")...); code != 0 {
			t.Fatalf("%q: exit code %d\n%s\n%s", args, code, out, stderr)
		}
	}
	collection, report := filepath.Join(dir, "pay.json"), filepath.Join(dir, "report.json")
	run("send", "payments/pay")
	run("export", "last", "--as", "postman", "--out", collection)
	key, err := os.ReadFile(filepath.Join(keys, "merchant.pem"))
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), newman, "run", collection, "-r", "cli,json", "--reporter-json-export", report,
		"--env-var", "private_key="+strings.ReplaceAll(string(key), "\n", `\n`))
	c.Env = append(os.Environ(), "no_proxy=*", "NO_PROXY=*")
	said, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	var ran struct {
		Run struct {
			Executions []struct {
				Response struct {
					Stream struct{ Data []byteNumber }
				}
			}
		}
	}
	data, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &ran); err != nil || len(ran.Run.Executions) != 1 {
		t.Fatalf("%v\n%s", err, said)
	}
	var answer []byte
	for _, b := range ran.Run.Executions[0].Response.Stream.Data {
		answer = append(answer, byte(b))
	}
	if !strings.Contains(string(answer), `"resultStatus":"A"`) {
		t.Errorf("%s\n%s", answer, said)
	}
}

// byteNumber is a byte as newman writes it. A []byte would be base64.
type byteNumber uint16
