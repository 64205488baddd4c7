package keys

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// helperMode makes this test binary the command of a Source.
const helperMode = "COUNTERSIGN_KEYS_TEST_COMMAND"

func TestMain(m *testing.M) {
	switch os.Getenv(helperMode) {
	case "":
		os.Exit(m.Run())
	case "key":
		data, err := os.ReadFile(filepath.Join("client2048.pkcs8.pem"))
		if err != nil {
			panic(err)
		}
		_, _ = os.Stdout.Write(data)
	case "refuse":
		fmt.Println("half a secret on standard output")
		fmt.Fprint(os.Stderr, "\x1b[31m[ERROR]\x1b[0m not signed in\r\n\ttoken eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9 is old\n", strings.Repeat("and so on ", 1000))
		os.Exit(3)
	case "refuse silently":
		os.Exit(4)
	case "flood":
		_, _ = os.Stdout.Write(bytes.Repeat([]byte("A"), 3<<20))
	case "hang":
		time.Sleep(time.Hour)
	}
}

func TestValidateSource(t *testing.T) {
	t.Parallel()
	b64 := strings.TrimSpace(string(fixture(t, "client2048.pkcs8.b64")))
	cases := map[string]struct {
		source Source
		says   string // "" where it is right
	}{
		"file":             {Source{File: "a.pem"}, ""},
		"env":              {Source{Env: "A"}, ""},
		"command":          {Source{Command: []string{"op", "read"}}, ""},
		"pass phrase":      {Source{File: "a.pem", Passphrase: &Source{Env: "P"}}, ""},
		"nothing":          {Source{}, "no source is named"},
		"two":              {Source{File: "a.pem", Env: "A"}, "file and env are both set"},
		"three":            {Source{File: "a.pem", Env: "A", Command: []string{"x"}}, "file and env and command"},
		"empty command":    {Source{Command: []string{}}, "the command is empty"},
		"nameless command": {Source{Command: []string{""}}, "the command is empty"},
		"dollar":           {Source{Env: "$A"}, "env wants the name of a variable"},
		"key in env":       {Source{Env: "A=MIIE"}, "env wants the name of a variable"},
		"base64 in env":    {Source{Env: b64}, "env wants the name of a variable"},
		"PEM in file":      {Source{File: string(fixture(t, "client2048.pkcs8.pem"))}, "file wants the path of a file"},
		"base64 in file":   {Source{File: b64}, "file wants the path of a file"},
		"bad pass phrase":  {Source{File: "a", Passphrase: &Source{}}, "passphrase: no source is named"},
		"nested":           {Source{File: "a", Passphrase: &Source{Env: "P", Passphrase: &Source{Env: "Q"}}}, "cannot have a pass phrase of its own"},
	}
	for name, c := range cases {
		err := c.source.Validate()
		if c.says == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		checkSilence(t, []byte(c.source.File+c.source.Env), err, []string{c.source.String()})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want %q", name, err, c.says)
		}
		if _, loadErr := (Loader{}).Private(t.Context(), c.source); loadErr == nil || loadErr.Error() != err.Error() {
			t.Errorf("%s: loading gave %v", name, loadErr)
		}
	}
}

func env(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := values[name]
		return v, ok
	}
}

// keyDir is a folder with a private key of the given mode in it.
func keyDir(t *testing.T, mode os.FileMode) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "merchant.pem")
	if err := os.WriteFile(path, fixture(t, "client2048.pkcs8.pem"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestLoadPrivate(t *testing.T) {
	t.Parallel()
	dir := keyDir(t, 0o600)
	b64 := string(fixture(t, "client2048.pkcs8.b64"))
	locked := string(fixture(t, "client2048.enc-aes256.pem"))
	passFile := filepath.Join(dir, "pass")
	if err := os.WriteFile(passFile, []byte(interopPass+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	loader := Loader{
		Dir: dir,
		Getenv: env(map[string]string{
			"KEY": b64, "LOCKED": locked, "PASS": interopPass,
			"ONE_LINE": strings.ReplaceAll(locked, "\n", `\n`),
		}),
		Run: func(_ context.Context, argv []string) ([]byte, error) {
			switch strings.Join(argv, " ") {
			case "op read op://team/key":
				return []byte(b64), nil
			case "op read op://team/pass":
				return []byte(interopPass + "\n"), nil
			}
			return nil, errors.New("no such item")
		},
		Prompt: func(_ context.Context, what string) ([]byte, error) {
			if what != "$LOCKED (encrypted PKCS#8 private key)" {
				t.Errorf("asked for %q", what)
			}
			return []byte(interopPass), nil
		},
	}
	for name, s := range map[string]Source{
		"relative file":           {File: "merchant.pem"},
		"absolute file":           {File: filepath.Join(dir, "merchant.pem")},
		"variable":                {Env: "KEY"},
		"command":                 {Command: []string{"op", "read", "op://team/key"}},
		"pass phrase, asked":      {Env: "LOCKED"},
		"pass phrase, variable":   {Env: "ONE_LINE", Passphrase: &Source{Env: "PASS"}},
		"pass phrase, file":       {Env: "LOCKED", Passphrase: &Source{File: "pass"}},
		"pass phrase, command":    {Env: "LOCKED", Passphrase: &Source{Command: []string{"op", "read", "op://team/pass"}}},
		"pass phrase, not needed": {File: "merchant.pem", Passphrase: &Source{Env: "UNSET"}},
	} {
		p, err := loader.Private(t.Context(), s)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !p.Key.Equal(fixtureKey(t, "client2048")) || len(p.Warnings) > 0 {
			t.Errorf("%s: another key, or warnings %q", name, p.Warnings)
		}
		pub, err := loader.Public(t.Context(), s)
		if err != nil || !p.Key.PublicKey.Equal(pub.Key) {
			t.Errorf("%s: public half: %v", name, err)
		}
	}
}

func TestLoadFaults(t *testing.T) {
	t.Parallel()
	dir := keyDir(t, 0o600)
	for name, content := range map[string][]byte{"empty": {}, "huge": make([]byte, maxSource+1), "public": fixture(t, "client2048.pub.spki.pem")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	loader := Loader{
		Dir:    dir,
		Getenv: env(map[string]string{"EMPTY": "", "PATH_IN_IT": "keys/merchant.pem", "LOCKED": string(fixture(t, "client2048.enc-aes256.pem")), "WRONG": "no"}),
		Run: func(_ context.Context, argv []string) ([]byte, error) {
			switch argv[0] {
			case "/opt/bin/silent":
				return []byte("\n"), nil
			case "absent":
				return nil, &exec.Error{Name: "absent", Err: exec.ErrNotFound}
			case "leaky":
				return nil, errors.New("cannot parse -----BEGIN PRIVATE KEY----- MII")
			}
			return nil, errors.New("exit status 1: [ERROR]\n\x1b[2Jdenied for AKIAIOSFODNN7EXAMPLEKEY")
		},
	}
	cases := map[string]struct {
		source Source
		says   string
		hint   string
	}{
		"no file":        {Source{File: "absent.pem"}, "absent.pem: there is no such file", dir},
		"folder":         {Source{File: "."}, ".: this is a folder, not a file", ""},
		"empty file":     {Source{File: "empty"}, "empty: the file is empty", ""},
		"huge file":      {Source{File: "huge"}, "huge: this is larger than 1 MB, and no key", ""},
		"public":         {Source{File: "public"}, "public: an SPKI public key where a private key is due", ""},
		"unset variable": {Source{Env: "UNSET"}, "$UNSET: the environment variable is not set", "export UNSET=…"},
		"empty variable": {Source{Env: "EMPTY"}, "$EMPTY: the environment variable is empty", ""},
		"path in it":     {Source{Env: "PATH_IN_IT"}, "$PATH_IN_IT: the name of a file, not a key", "{ file ="},
		"silent":         {Source{Command: []string{"/opt/bin/silent", "a secret argument"}}, "command silent: it printed nothing", ""},
		"absent":         {Source{Command: []string{"absent"}}, "command absent: the program is not installed, or not in PATH", ""},
		"leaky":          {Source{Command: []string{"leaky"}}, "command leaky: it failed: what it said holds a key and is not shown", ""},
		"denied":         {Source{Command: []string{"op"}}, "command op: it failed: exit status 1: [ERROR] denied for …", "run it by hand"},
		"no pass phrase": {Source{Env: "LOCKED"}, "$LOCKED: an encrypted PKCS#8 private key, and there is no pass phrase", "passphrase = { env ="},
		"wrong":          {Source{Env: "LOCKED", Passphrase: &Source{Env: "WRONG"}}, "$LOCKED: the pass phrase does not open it", ""},
		"unset phrase":   {Source{Env: "LOCKED", Passphrase: &Source{Env: "UNSET"}}, "$LOCKED: pass phrase from $UNSET: the environment variable is not set", ""},
	}
	for name, c := range cases {
		_, err := loader.Private(t.Context(), c.source)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		checkSilence(t, nil, err, nil)
		var hinted interface{ Hint() string }
		if !strings.HasPrefix(err.Error(), c.says) || !errors.As(err, &hinted) || !strings.Contains(hinted.Hint(), c.hint) {
			t.Errorf("%s: error %q with hint %q, want %q", name, err, hinted.Hint(), c.says)
		}
	}
}

func TestHomeFolder(t *testing.T) {
	dir := keyDir(t, 0o600)
	t.Setenv("HOME", dir)
	t.Setenv("USERPROFILE", dir)
	if _, err := (Loader{Dir: "/nowhere"}).Private(t.Context(), Source{File: "~/merchant.pem"}); err != nil {
		t.Error(err)
	}
}

func TestExposedFiles(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // no such permissions to see
	}
	for mode, exposed := range map[os.FileMode]bool{0o600: false, 0o640: true, 0o604: true} {
		loader := Loader{Dir: keyDir(t, mode), Getenv: env(map[string]string{"LOCKED": string(fixture(t, "client2048.enc-aes256.pem"))})}
		s := Source{File: "merchant.pem"}
		p, err := loader.Private(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		d, err := loader.Inspect(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		for _, warnings := range [][]string{p.Warnings, d.Warnings} {
			all := strings.Join(warnings, "; ")
			if got := strings.Contains(all, fmt.Sprintf("the mode of merchant.pem is %04o", mode)); got != exposed {
				t.Errorf("mode %04o: warnings %q", mode, all)
			}
		}
		pub, err := loader.Public(t.Context(), s)
		if err != nil || strings.Contains(strings.Join(pub.Warnings, ""), "the mode of") {
			t.Errorf("mode %04o as a public key: %v, warnings %q", mode, err, pub.Warnings)
		}
		// a pass phrase that others may read is as bad
		if err := os.WriteFile(filepath.Join(loader.Dir, "pass"), []byte(interopPass), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(loader.Dir, "pass"), mode); err != nil {
			t.Fatal(err)
		}
		p, err = loader.Private(t.Context(), Source{Env: "LOCKED", Passphrase: &Source{File: "pass"}})
		if err != nil || strings.Contains(strings.Join(p.Warnings, ""), "others may read the pass phrase") != exposed {
			t.Errorf("mode %04o of the pass phrase: %v, warnings %q", mode, err, p.Warnings)
		}
	}
}

func TestRealCommand(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	loader, s := Loader{Dir: "testdata"}, Source{Command: []string{self}}

	t.Setenv(helperMode, "key")
	p, err := loader.Private(t.Context(), s)
	if err != nil || !p.Key.Equal(fixtureKey(t, "client2048")) {
		t.Errorf("key: %v", err)
	}

	t.Setenv(helperMode, "refuse")
	_, err = loader.Private(t.Context(), s)
	if err == nil {
		t.Fatal("no error from a command that fails")
	}
	said := err.Error()
	if !strings.Contains(said, "it failed: exit status 3: [ERROR] not signed in token … is old and so on") ||
		strings.Contains(said, "half a secret") || strings.ContainsAny(said, "\x1b\n\r\t") || len(said) > 400 {
		t.Errorf("refuse: %q", said)
	}

	t.Setenv(helperMode, "refuse silently")
	if _, err = loader.Private(t.Context(), s); err == nil || !strings.HasSuffix(err.Error(), "it failed: exit status 4") {
		t.Errorf("refuse silently: %v", err)
	}

	t.Setenv(helperMode, "flood")
	if _, err = loader.Private(t.Context(), s); err == nil || !strings.Contains(err.Error(), "it printed more than 1 MB") {
		t.Errorf("flood: %v", err)
	}

	t.Setenv(helperMode, "hang")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err = loader.Private(ctx, s); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("hang: %v", err)
	}

	_, err = loader.Private(t.Context(), Source{Command: []string{"countersign-no-such-program"}})
	if err == nil || !strings.Contains(err.Error(), "the program is not installed") {
		t.Errorf("absent: %v", err)
	}
}

// A command that waits for an answer is given up after its time.
func TestCommandTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loader := Loader{Run: func(ctx context.Context, _ []string) ([]byte, error) {
			<-ctx.Done()
			return nil, errors.New("signal: killed")
		}}
		start := time.Now()
		_, err := loader.Private(t.Context(), Source{Command: []string{"op"}})
		if err == nil || !strings.HasPrefix(err.Error(), "command op: it did not finish in 30s") {
			t.Errorf("error %v", err)
		}
		if waited := time.Since(start); waited != commandTimeout {
			t.Errorf("waited %v", waited)
		}
	})
}
