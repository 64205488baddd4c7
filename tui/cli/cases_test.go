package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"countersign/apiclient/signing"
)

// everydayCase is a piece of evidence, a key or a catalogue as people really have
// it, and what a right answer has in it.
type everydayCase struct {
	ID, Kind, Why string
	Files         string // its folder
	Args          []string
	Config        string
	AnyConfig     []string `json:"any_config"` // of which one that works is enough
	Stdin         string
	Expect        struct {
		expected
		OneOf []expected `json:"one_of"`
	}
}

// expected is what must hold of an answer.
type expected struct {
	Exit         []int
	Verdict      []signing.Status
	SignedSHA256 string   `json:"signed_sha256"`
	Any, None    []string // expressions, of which one must match what is printed, or none may
}

const caseFolder = "testdata/cases"

// TestEverydayCases runs what people come with: each ends in a right answer, or is
// named for what it is.
func TestEverydayCases(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join(caseFolder, "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []everydayCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			configs := c.AnyConfig
			if len(configs) == 0 {
				configs = []string{c.Config}
			}
			var faults []string
			for _, config := range configs {
				fault := c.run(t, config)
				if fault == "" {
					return
				}
				faults = append(faults, fault)
			}
			t.Errorf("%s\n%s", c.Why, faults[0])
		})
	}
}

// run returns what is wrong with the answer; "" where it is right.
func (c everydayCase) run(t *testing.T, config string) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join(caseFolder, c.Files))
	if err != nil {
		t.Fatal(err)
	}
	var args []string
	if config != "" {
		args = append(args, "--config", filepath.Join(dir, config))
	}
	for _, a := range c.Args {
		args = append(args, strings.ReplaceAll(a, "{dir}", dir))
	}
	home, err := os.MkdirTemp("", "cases") // a command that fails early leaves its sandbox at work on it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	env := map[string]string{"HOME": home, "NO_COLOR": "1"}
	var stdin []byte
	if c.Stdin != "" {
		if stdin, err = os.ReadFile(filepath.Join(dir, c.Stdin)); err != nil {
			t.Fatal(err)
		}
	}
	code, stdout, stderr := in(t, env, string(stdin), args...)
	// The name of the folder says what the case is: it must not count as an answer.
	folder := strings.NewReplacer(dir+"/", "", dir, ".")
	stdout, stderr = folder.Replace(stdout), folder.Replace(stderr)
	wants := c.Expect.OneOf
	if len(wants) == 0 {
		wants = []expected{c.Expect.expected}
	}
	var faults []string
	for _, want := range wants {
		fault := want.fault(code, stdout, stderr)
		if fault == "" {
			return ""
		}
		faults = append(faults, fault)
	}
	return fmt.Sprintf("%s\nit said: exit code %d\n%.2000s\n%.1000s", strings.Join(faults, "\nor "), code, stdout, stderr)
}

func (e expected) fault(code int, stdout, stderr string) string {
	var faults []string
	wrong := func(format string, a ...any) { faults = append(faults, fmt.Sprintf(format, a...)) }
	var doc document
	printed := stdout + "\n" + stderr
	if json.Unmarshal([]byte(stdout), &doc) == nil {
		shown := regexp.MustCompile(`"(signedContent|expectedContent)":\s*"[^"]*"`).ReplaceAllString(stdout, "")
		printed = shown + "\n" + stderr + "\n" + texts([]byte(shown))
	}
	if len(e.Exit) > 0 && !slices.Contains(e.Exit, code) {
		wrong("exit code %d, not %v", code, e.Exit)
	}
	if len(e.Verdict) > 0 && !slices.Contains(e.Verdict, doc.Verdict) {
		wrong("verdict %q, not %q", doc.Verdict, e.Verdict)
	}
	if e.SignedSHA256 != "" {
		content := doc.SignedContent
		if content == nil && doc.Verdict == signing.Verified {
			content = doc.ExpectedContent
		}
		if sum := sha256.Sum256(content); content == nil || hex.EncodeToString(sum[:]) != e.SignedSHA256 {
			wrong("the signed bytes are %q", content)
		}
	}
	matches := func(expression string) bool { return regexp.MustCompile("(?is)" + expression).MatchString(printed) }
	if len(e.Any) > 0 && !slices.ContainsFunc(e.Any, matches) {
		wrong("it says none of %q", e.Any)
	}
	for _, expression := range e.None {
		if matches(expression) {
			wrong("it says %q", expression)
		}
	}
	return strings.Join(faults, "; ")
}

// texts returns the strings of a JSON text as they read, a line each.
func texts(doc []byte) string {
	var list []string
	d := json.NewDecoder(bytes.NewReader(doc))
	for {
		token, err := d.Token()
		if err != nil {
			return strings.Join(list, "\n")
		}
		if s, ok := token.(string); ok {
			list = append(list, s)
		}
	}
}
