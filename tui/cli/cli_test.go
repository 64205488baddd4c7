package cli

import (
	"bytes"
	"context"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"countersign/apiclient/keys"
	"countersign/apiclient/sandbox"
	"countersign/tui/cli/config"
)

// testKeys holds the key files of all tests: making RSA keys takes too long.
const testKeys = "../../apiclient/keys/testdata"

// TestMain is also the program under test, for what has to be a process:
// scripts and terminals run it as "countersign".
func TestMain(m *testing.M) {
	debug.SetGCPercent(whileStarting) // as Main does it
	testscript.Main(m, map[string]func(){"countersign": func() {
		os.Exit(run(os.Args[1:], testApp(os.LookupEnv, os.Stdin, os.Stdout, os.Stderr)))
	}})
}

// testApp is an app that does not wait long for slow callbacks, and makes no RSA
// keys: the new ones, and those of a sandbox that has none yet, are in the folder
// TEST_KEYS of its environment, or else in that of the tests.
func testApp(env config.Getenv, stdin io.Reader, stdout, stderr io.Writer) *app {
	a := newApp(stdin, stdout, stderr)
	a.env, a.hold = env, 50*time.Millisecond
	folder, ok := env("TEST_KEYS")
	if !ok {
		folder = testKeys
	}
	material := a.material
	a.material = sync.OnceValues(func() (sandbox.Keys, error) {
		if dir, err := a.dataFile(config.Sandbox); err == nil && !exists(dir) {
			_ = seedSandbox(folder, dir) // else it makes its own, or says why it cannot
		}
		return material()
	})
	read := func(name string) (*rsa.PrivateKey, error) {
		data, err := os.ReadFile(filepath.Join(folder, name)) //nolint:gosec // a folder of the tests
		if err != nil {
			return nil, err
		}
		key, err := keys.ParsePrivate(context.Background(), data, nil)
		return key.Key, err
	}
	a.stranger = func() (*rsa.PrivateKey, error) { return read("other2048.pkcs8.pem") }
	a.generate = func(bits int) (*rsa.PrivateKey, error) {
		if bits != keys.DefaultBits {
			return keys.Generate(nil, bits) // only refusals get this far in a test
		}
		return read("client2048.pkcs8.pem")
	}
	return a
}

func TestScripts(t *testing.T) {
	abs, err := filepath.Abs(testKeys)
	if err != nil {
		t.Fatal(err)
	}
	deadline, _ := t.Deadline()
	testscript.RunT(oneByOne{t}, testscript.Params{
		Dir:                 "testdata/script",
		Deadline:            deadline,
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
			"json": cmdJSON, "exit": cmdExit, "server": cmdServer, "received": cmdReceived, "savestdout": cmdSaveStdout, "keep": cmdKeep, "mode": cmdMode,
			"merchant": cmdMerchant,
		},
	})
}

// oneByOne runs scripts one after the other, and beside no other test: their
// commands run in this process, whose working folder is the script's meanwhile.
type oneByOne struct{ *testing.T }

func (oneByOne) Parallel()     {}
func (oneByOne) Verbose() bool { return testing.Verbose() }

func (t oneByOne) Run(name string, f func(testscript.T)) {
	t.T.Run(name, func(t *testing.T) { f(oneByOne{t}) })
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

// cmdExit runs a command line of the program and compares the exit code:
// exit CODE countersign ARGS... [< FILE]. FILE is its stdin. It runs in this
// process, as starting one takes longer than most commands do. "exec
// countersign" starts one, for signals and pipes.
func cmdExit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || args[1] != "countersign" {
		ts.Fatalf("usage: exit CODE countersign ARGS... [< FILE]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	args = args[2:]
	stdin := ""
	if n := len(args) - 2; n >= 0 && args[n] == "<" {
		stdin, args = ts.ReadFile(args[n+1]), args[:n]
	}
	before, err := os.Getwd()
	ts.Check(err)
	ts.Check(os.Chdir(ts.MkAbs(".")))
	defer func() { ts.Check(os.Chdir(before)) }()
	// What a command began ahead may still be at work when it ends, as nothing is in
	// a process that ended: it finds no variables, and the script may set others.
	var mu sync.Mutex
	over := false
	env := func(name string) (string, bool) {
		mu.Lock()
		defer mu.Unlock()
		if over {
			return "", false
		}
		v := ts.Getenv(name)
		return v, v != ""
	}
	var stdout, stderr bytes.Buffer
	got := testApp(env, strings.NewReader(stdin), &stdout, &stderr).execute(context.Background(), args)
	mu.Lock()
	over = true
	mu.Unlock()
	_, _ = stdout.WriteTo(ts.Stdout())
	_, _ = stderr.WriteTo(ts.Stderr())
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// cmdJSON looks into the JSON document on stdout: json PATH WANT compares, json
// PATH ~REGEXP matches, json PATH only wants it to be there.
func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 || len(args) > 2 {
		ts.Fatalf("usage: json PATH [WANT|~REGEXP]")
	}
	got, ok := dig(printed(ts), args[0])
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

// cmdKeep sets a variable to what is in the JSON document on stdout: keep NAME PATH.
func cmdKeep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: keep NAME PATH")
	}
	value, ok := dig(printed(ts), args[1])
	if !ok {
		ts.Fatalf("there is no %s", args[1])
	}
	ts.Setenv(args[0], value)
}

// printed is the one JSON document on stdout.
func printed(ts *testscript.TestScript) (doc any) {
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	dec.UseNumber()
	if err := dec.Decode(&doc); err != nil {
		ts.Fatalf("stdout is not JSON: %v\n%s", err, ts.ReadFile("stdout"))
	}
	if dec.More() {
		ts.Fatalf("stdout has more than one document")
	}
	return doc
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
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	code = testApp(lookup, strings.NewReader(stdin), &out, &err).execute(t.Context(), args)
	return code, out.String(), err.String()
}
