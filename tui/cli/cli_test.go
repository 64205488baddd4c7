package cli

import (
	"bytes"
	"context"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"countersign/apiclient/keys"
)

// testKeys holds the key files of all tests: making RSA keys takes too long.
const testKeys = "../../apiclient/keys/testdata"

// TestMain is also the program under test: scripts run it as "countersign".
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"countersign": func() {
		a := newApp(os.Stdin, os.Stdout, os.Stderr)
		a.generate = func(bits int) (*rsa.PrivateKey, error) {
			if bits != keys.DefaultBits {
				return keys.Generate(nil, bits) // only refusals get this far in a test
			}
			data, err := os.ReadFile(filepath.Join(os.Getenv("TEST_KEYS"), "client2048.pkcs8.pem"))
			if err != nil {
				return nil, err
			}
			key, err := keys.ParsePrivate(context.Background(), data, nil)
			return key.Key, err
		}
		os.Exit(run(os.Args[1:], a))
	}})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	abs, err := filepath.Abs(testKeys)
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("COUNTERSIGN_DATA", filepath.Join(env.WorkDir, "data"))
			env.Setenv("TEST_KEYS", abs)
			env.Setenv("EVIDENCE", filepath.Join(abs, "../../evidence/testdata/real"))
			env.Setenv("SAMPLE", filepath.Join(filepath.Dir(abs), "../../tui/cli/testdata/sample"))
			env.Setenv("GORACE", "atexit_sleep_ms=0") // a second for each process, otherwise
			return seedSandbox(abs, filepath.Join(env.WorkDir, "data", "sandbox"))
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"json": cmdJSON, "exit": cmdExit, "server": cmdServer, "received": cmdReceived, "savestdout": cmdSaveStdout, "mode": cmdMode,
			"merchant": cmdMerchant,
		},
	})
}

// seedSandbox puts the test keys where the sandbox looks for its own.
func seedSandbox(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	for name, key := range map[string]string{"merchant.pem": "client2048.pkcs8.pem", "superapp.pem": "server2048.pkcs8.pem"} {
		data, err := os.ReadFile(filepath.Join(from, key))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// cmdExit runs the program and compares its exit code: exit CODE ARGS...
func cmdExit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit CODE countersign ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if err != nil {
		if _, err := fmt.Sscanf(err.Error(), "exit status %d", &got); err != nil {
			ts.Fatalf("%v", err)
		}
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d\nstdout:\n%s\nstderr:\n%s", got, want, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

// cmdJSON looks into the JSON document on stdout: json PATH WANT compares, json
// PATH ~REGEXP matches, json PATH only wants it to be there.
func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 || len(args) > 2 {
		ts.Fatalf("usage: json PATH [WANT|~REGEXP]")
	}
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	dec.UseNumber()
	var doc any
	if err := dec.Decode(&doc); err != nil {
		ts.Fatalf("stdout is not JSON: %v\n%s", err, ts.ReadFile("stdout"))
	}
	if dec.More() {
		ts.Fatalf("stdout has more than one document")
	}
	got, ok := dig(doc, args[0])
	match := ok
	if ok && len(args) == 2 {
		if pattern, isPattern := strings.CutPrefix(args[1], "~"); isPattern {
			match = regexp.MustCompile(pattern).MatchString(got)
		} else {
			match = got == args[1]
		}
	}
	if match == neg {
		ts.Fatalf("%s is %q (there: %v)", args[0], got, ok)
	}
}

// dig follows a dotted path; "len" is the length of an array.
func dig(v any, path string) (string, bool) {
	for _, step := range strings.Split(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			below, ok := at[step]
			if !ok {
				return "", false
			}
			v = below
		case []any:
			if step == "len" {
				return strconv.Itoa(len(at)), true
			}
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(at) {
				return "", false
			}
			v = at[i]
		default:
			return "", false
		}
	}
	if s, ok := v.(string); ok {
		return s, true
	}
	b, err := json.Marshal(v)
	return string(b), err == nil
}

// cmdSaveStdout keeps stdout as a file: savestdout FILE.
func cmdSaveStdout(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile("stdout")), 0o600))
}

// cmdMode compares a file's permissions: mode 600 FILE.
func cmdMode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[0] {
		ts.Fatalf("%s has mode %s, want %s", args[1], got, args[0])
	}
}

// in runs a command in this process and gives what it printed.
func in(t *testing.T, env map[string]string, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	a := newApp(strings.NewReader(stdin), &out, &err)
	a.env = func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	code = a.execute(t.Context(), args)
	return code, out.String(), err.String()
}
