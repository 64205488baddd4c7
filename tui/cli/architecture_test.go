package cli_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport is the import rule: which packages of this module, and which
// libraries of others, each package may use besides the standard library.
// Arrows point down and towards the domain. A line here is a decision: see
// .dev/adr/001.
var mayImport = map[string][]string{
	"countersign": {"tui/cli"},

	"tui/cli": {
		"history", "tui", "tui/cli/config", "tui/hugepages", "tui/keymap", "tui/quiet", "tui/ui",
		"apiclient", "apiclient/capture", "apiclient/catalog", "apiclient/compare", "apiclient/diagnose",
		"apiclient/english", "apiclient/evidence", "apiclient/expect", "apiclient/export", "apiclient/files", "apiclient/followup",
		"apiclient/hint", "apiclient/importing", "apiclient/jsonstream", "apiclient/jsontext", "apiclient/junit",
		"apiclient/keys", "apiclient/localcert", "apiclient/page", "apiclient/probe", "apiclient/rawbody",
		"apiclient/redact", "apiclient/redact/mark", "apiclient/requests", "apiclient/sandbox", "apiclient/signing",
		"apiclient/suite", "apiclient/variables", "apiclient/watch", "apiclient/wire", "apiclient/workspace",
		"github.com/google/uuid", "github.com/muesli/termenv", "github.com/spf13/cobra", "github.com/spf13/pflag",
		"golang.org/x/term",
	},
	"tui/cli/config": {
		"apiclient/files", "apiclient/hint", "apiclient/sandbox",
		"tui", "tui/keymap", "apiclient", "apiclient/catalog", "apiclient/english", "apiclient/keys", "apiclient/redact", "apiclient/signing", "github.com/pelletier/go-toml/v2",
	},

	"tui": {
		"apiclient/hint",
		"tui/box", "tui/endpoints", "tui/request", "tui/headers", "tui/signature", "tui/response", "tui/runs", "tui/diagnosis",
		"tui/compare", "tui/keymap", "tui/guide", "tui/layout", "tui/status", "tui/terminal", "tui/ui",
		"tui/desk", "tui/export", "tui/files", "tui/pasted", "tui/services", "tui/traffic", "tui/unrecorded",
		"history", "apiclient", "apiclient/catalog", "apiclient/compare", "apiclient/english", "apiclient/expect", "apiclient/export",
		"apiclient/followup", "apiclient/keys", "apiclient/page", "apiclient/redact", "apiclient/signing", "apiclient/suite", "apiclient/workspace",
		"github.com/charmbracelet/bubbletea",
	},
	"tui/desk": {
		"tui/box", "tui/files", "tui/headers", "tui/pasted", "tui/request", "tui/response", "tui/services", "tui/signature", "tui/status", "tui/ui",
		"tui/ui/editor", "history", "apiclient", "apiclient/amount", "apiclient/catalog", "apiclient/expect", "apiclient/followup", "apiclient/hint",
		"apiclient/keys", "apiclient/redact", "apiclient/requests", "apiclient/variables", "apiclient/workspace", "github.com/charmbracelet/bubbletea",
	},
	"tui/services": {
		"tui/box", "tui/request", "tui/traffic", "history", "apiclient", "apiclient/catalog", "apiclient/diagnose", "apiclient/followup",
		"apiclient/hint", "apiclient/redact", "apiclient/suite", "apiclient/variables",
	},
	"tui/guide":      {"tui/keymap"},
	"tui/layout":     {"tui/keymap", "tui/ui", "github.com/charmbracelet/bubbletea"},
	"tui/unrecorded": {"apiclient", "history", "github.com/charmbracelet/bubbletea"},
	"tui/export": {
		"tui/box", "tui/ui", "apiclient", "apiclient/diagnose", "apiclient/export", "apiclient/hint", "apiclient/page", "apiclient/redact",
		"github.com/charmbracelet/bubbletea",
	},
	"tui/files": {
		"tui/box", "tui/status", "tui/ui", "apiclient", "apiclient/catalog", "apiclient/english", "apiclient/expect", "apiclient/hint",
		"apiclient/keys", "apiclient/redact", "apiclient/requests", "apiclient/suite", "apiclient/variables", "apiclient/workspace",
		"github.com/charmbracelet/bubbletea",
	},
	"tui/pasted": {
		"tui/box", "tui/ui", "apiclient", "apiclient/catalog", "apiclient/evidence", "apiclient/files", "apiclient/hint", "apiclient/requests", "apiclient/signing",
		"apiclient/variables", "github.com/charmbracelet/bubbletea",
	},
	"tui/traffic": {
		"tui/box", "tui/status", "tui/ui", "apiclient", "apiclient/diagnose", "apiclient/hint", "apiclient/watch", "github.com/charmbracelet/bubbletea",
	},
	"tui/status": {"tui/ui", "apiclient", "apiclient/signing"},
	"tui/box": {
		"tui/keymap", "tui/ui", "tui/ui/editor", "tui/ui/viewer", "apiclient", "apiclient/followup", "apiclient/hint", "history",
		"github.com/charmbracelet/bubbles/viewport", "github.com/charmbracelet/bubbletea", "github.com/sahilm/fuzzy",
	},
	"tui/terminal": {
		"apiclient/hint",
		"github.com/charmbracelet/bubbletea", "github.com/atotto/clipboard", "github.com/aymanbagabas/go-osc52/v2",
		"golang.org/x/term", "golang.org/x/sys",
	},
	"tui/endpoints": {"tui/keymap", "tui/ui", "apiclient/catalog", "apiclient/hint", "apiclient/requests", "apiclient/workspace", "github.com/charmbracelet/bubbletea", "github.com/sahilm/fuzzy"},
	"tui/request": {
		"tui/keymap", "tui/ui", "tui/ui/editor", "apiclient", "apiclient/catalog", "apiclient/hint", "apiclient/jsontext", "apiclient/variables", "history",
		"github.com/charmbracelet/bubbles/viewport", "github.com/charmbracelet/bubbletea",
	},
	"tui/headers":   {"tui/keymap", "tui/ui", "apiclient", "apiclient/redact", "apiclient/signing", "github.com/charmbracelet/bubbletea"},
	"tui/signature": {"apiclient/hint", "tui/keymap", "tui/ui", "tui/ui/viewer", "apiclient", "apiclient/signing", "github.com/charmbracelet/bubbletea"},
	"tui/response":  {"tui/keymap", "tui/ui", "tui/ui/viewer", "apiclient", "apiclient/catalog", "apiclient/english", "apiclient/expect", "apiclient/followup", "apiclient/hint", "apiclient/jq", "apiclient/jsontext", "apiclient/redact", "apiclient/xmltext", "github.com/charmbracelet/bubbletea"},
	"tui/runs": {
		"tui/keymap", "tui/ui", "apiclient", "apiclient/english", "history", "github.com/charmbracelet/bubbletea",
	},
	"tui/diagnosis": {
		"apiclient/english", "apiclient/hint",
		"tui/keymap", "tui/ui", "apiclient", "apiclient/diagnose", "apiclient/redact", "apiclient/signing",
		"github.com/charmbracelet/bubbletea",
	},
	"tui/compare": {"tui/keymap", "tui/ui", "tui/ui/rows", "apiclient", "apiclient/compare", "apiclient/english", "apiclient/redact", "history", "github.com/charmbracelet/bubbletea"},
	"tui/ui": {
		"apiclient/english", "tui/keymap", "tui/quiet", "tui/ui/glyph",
		"github.com/charmbracelet/bubbletea", "github.com/charmbracelet/bubbles/progress", "github.com/charmbracelet/bubbles/spinner", "github.com/charmbracelet/lipgloss", "github.com/charmbracelet/x/ansi",
		"github.com/muesli/termenv", "golang.org/x/term",
	},
	"tui/ui/glyph":  {"github.com/charmbracelet/x/ansi"},
	"tui/ui/rows":   {"tui/ui", "tui/ui/glyph", "apiclient/jsontext", "github.com/charmbracelet/bubbletea"},
	"tui/ui/viewer": {"tui/ui", "tui/ui/rows", "apiclient/jsontext", "apiclient/xmltext", "github.com/charmbracelet/bubbletea"},
	"tui/ui/editor": {"tui/ui", "tui/ui/glyph", "tui/ui/rows", "github.com/charmbracelet/bubbletea"},
	"tui/tuitest": {
		"tui/quiet", "github.com/charmbracelet/bubbletea", "github.com/charmbracelet/x/ansi",
		"github.com/charmbracelet/x/vt", "github.com/charmbracelet/ultraviolet",
	},
	"tui/keymap": {"apiclient/hint", "github.com/charmbracelet/bubbles/key", "github.com/charmbracelet/bubbletea"},
	"tui/quiet":  {"github.com/charmbracelet/lipgloss"},

	"tui/hugepages": {},

	"history": {"apiclient/hint", "apiclient", "apiclient/jsontext", "apiclient/signing", "apiclient/xmltext", "github.com/klauspost/compress/s2", "modernc.org/sqlite", "golang.org/x/text"},

	"apiclient/export": {"apiclient", "apiclient/diagnose", "apiclient/english", "apiclient/hint", "apiclient/redact", "apiclient/signing", "apiclient/wire"},
	"apiclient": {
		"apiclient/hint",
		"apiclient/redact/mark", "apiclient/refusal", "apiclient/signing", "apiclient/wire", "apiclient/jsontext", "apiclient/jsonstream", "apiclient/xmltext", "github.com/google/uuid",
		"golang.org/x/net/proxy", "golang.org/x/net/http/httpproxy",
	},
	"apiclient/diagnose": {
		"apiclient", "apiclient/jsontext", "apiclient/keys", "apiclient/refusal", "apiclient/signing", "apiclient/wire", "apiclient/xmltext",
		"apiclient/diagnose/search", "apiclient/diagnose/bodies", "apiclient/diagnose/habits", "apiclient/diagnose/logged",
		"apiclient/diagnose/elsewhere", "apiclient/diagnose/variant", "apiclient/english",
		"github.com/sergi/go-diff",
	},
	"apiclient/page":                {"apiclient", "apiclient/diagnose", "apiclient/keys", "apiclient/redact", "apiclient/signing", "apiclient/wire"},
	"apiclient/compare":             {"apiclient", "apiclient/diagnose", "apiclient/english", "apiclient/jsontext", "apiclient/redact", "github.com/sergi/go-diff"},
	"apiclient/diagnose/bodies":     {"apiclient/diagnose/variant", "apiclient/jsontext", "golang.org/x/text"},
	"apiclient/diagnose/elsewhere":  {"apiclient", "apiclient/jsontext", "apiclient/signing", "apiclient/wire", "apiclient/xmltext"},
	"apiclient/diagnose/habits":     {"apiclient", "apiclient/diagnose/bodies", "apiclient/diagnose/search", "apiclient/diagnose/variant", "apiclient/english", "apiclient/signing", "apiclient/wire", "golang.org/x/net/idna", "golang.org/x/text"},
	"apiclient/diagnose/logged":     {"apiclient/escapes", "apiclient/jsontext"},
	"apiclient/english":             {},
	"apiclient/escapes":             {},
	"apiclient/expect":              {"apiclient", "apiclient/english", "apiclient/hint", "apiclient/jq", "apiclient/jsontext", "github.com/itchyny/gojq"},
	"apiclient/files":               {},
	"apiclient/hint":                {},
	"apiclient/jq":                  {"github.com/itchyny/gojq"},
	"apiclient/jsonstream":          {},
	"apiclient/junit":               {},
	"apiclient/refusal":             {},
	"apiclient/diagnose/search":     {},
	"apiclient/diagnose/variant":    {},
	"apiclient/redact":              {"apiclient", "apiclient/english", "apiclient/hint", "apiclient/jsontext", "apiclient/redact/mark", "apiclient/signing", "apiclient/xmltext"},
	"apiclient/requests":            {"apiclient", "apiclient/catalog", "apiclient/english", "apiclient/expect", "apiclient/files", "apiclient/hint", "apiclient/jsontext", "apiclient/signing", "apiclient/variables"},
	"apiclient/workspace":           {"apiclient/catalog", "apiclient/files", "apiclient/hint", "apiclient/requests"},
	"apiclient/redact/mark":         {"apiclient/english"},
	"apiclient/importing":           {"apiclient", "apiclient/catalog", "apiclient/evidence", "apiclient/hint", "apiclient/redact", "apiclient/requests", "apiclient/signing", "apiclient/variables"},
	"apiclient/signing":             {},
	"apiclient/signing/signingtest": {},
	"apiclient/wire":                {"apiclient/hint", "github.com/andybalholm/brotli"},
	"apiclient/amount":              {"apiclient/jsontext"},
	"apiclient/jsontext":            {"apiclient/hint"},
	"apiclient/xmltext":             {"apiclient/jsontext", "golang.org/x/text"},
	"apiclient/keys":                {"apiclient/files", "apiclient/hint", "software.sslmate.com/src/go-pkcs12", "golang.org/x/crypto/scrypt"},
	"apiclient/catalog":             {"apiclient/english", "apiclient/hint", "apiclient/jsontext", "github.com/pb33f/go-yaml"},
	"apiclient/probe":               {"apiclient", "apiclient/hint", "apiclient/jsontext", "apiclient/signing", "github.com/google/uuid"},
	"apiclient/probe/probetest":     {},
	"apiclient/followup":            {"apiclient", "apiclient/catalog", "apiclient/jsontext", "apiclient/variables"},
	"apiclient/variables":           {"apiclient/english", "apiclient/hint", "apiclient", "apiclient/jsontext"},
	"apiclient/evidence":            {"apiclient/evidence/jsliteral", "apiclient/evidence/shell", "apiclient/diagnose/logged", "apiclient/escapes", "apiclient/jsontext", "apiclient/hint", "apiclient", "apiclient/requests", "apiclient/signing", "apiclient/wire", "github.com/pb33f/go-yaml"},
	"apiclient/evidence/jsliteral":  {"apiclient/escapes"},
	"apiclient/lazyregexp":          {},
	"apiclient/evidence/shell":      {"apiclient/hint"},
	"apiclient/capture":             {"apiclient", "apiclient/hint", "apiclient/wire"},
	"apiclient/localcert":           {},
	"apiclient/rawbody":             {"apiclient/lazyregexp"},
	"apiclient/suite":               {"apiclient", "apiclient/catalog", "apiclient/english", "apiclient/expect", "apiclient/hint", "apiclient/requests", "apiclient/signing", "apiclient/variables"},
	"apiclient/watch": {
		"apiclient", "apiclient/capture", "apiclient/catalog", "apiclient/diagnose", "apiclient/hint", "apiclient/keys", "apiclient/signing",
		"apiclient/wire", "github.com/google/uuid",
	},
	"apiclient/sandbox": {"apiclient/files", "apiclient/jsontext", "apiclient/hint", "apiclient", "apiclient/amount", "apiclient/catalog", "apiclient/diagnose", "apiclient/keys", "apiclient/signing", "apiclient/wire"},
}

// anywhere is a package that all may use like one of the standard library, but
// for signing, which has that alone.
const anywhere = "apiclient/lazyregexp"

// The imports are read from the files, not asked of go list: the test cache
// does not see what a child process reads.
func TestImportRule(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || (strings.HasPrefix(d.Name(), ".") && path != root)) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(dir)
		if pkg == "." {
			pkg = "countersign"
		}
		seen[pkg] = true
		checkFile(t, pkg, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range mayImport {
		if !seen[pkg] {
			t.Errorf("the rule names %s, which is not there", pkg)
		}
	}
}

func checkFile(t *testing.T, pkg, path string) {
	t.Helper()
	allowed, known := mayImport[pkg]
	if !known {
		t.Errorf("%s: the import rule does not know this package: say what it may import", pkg)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		own, isOwn := strings.CutPrefix(name, "countersign/")
		first, _, _ := strings.Cut(name, "/")
		switch {
		case own == anywhere && pkg != "apiclient/signing":
		case isOwn && !slices.Contains(allowed, own):
			t.Errorf("%s imports %s: not by the import rule", path, name)
		case !isOwn && strings.Contains(first, ".") && !library(allowed, name):
			t.Errorf("%s imports %s: not by the import rule", path, name)
		}
	}
}

// library reports whether a package belongs to one that is allowed: naming a
// module's path allows what lies below it.
func library(allowed []string, name string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool { return name == a || strings.HasPrefix(name, a+"/") })
}

// A test file of the explorer is called after the file that it tests: NAME, or
// FOLDER_NAME where the whole explorer is driven for it, or FOLDER. What it tests
// may follow.
func TestTestFilesAreCalledAfterWhatTheyTest(t *testing.T) {
	root := filepath.Join("..")
	general := []string{"world", "bench", "fuzz", "ui"} // helpers; all of it at once
	kinds := regexp.MustCompile(`_(bench|fuzz|model|linux|unix)$`)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || path == filepath.Join(root, "cli")) {
			return filepath.SkipDir // the tests of commands are called after what a user does
		}
		name, isTest := strings.CutSuffix(d.Name(), "_test.go")
		if !isTest {
			return nil
		}
		folder := filepath.Dir(path)
		name = kinds.ReplaceAllString(name, "")
		sub, file, _ := strings.Cut(name, "_")
		for _, of := range []string{name + ".go", name, filepath.Join(sub, file+".go")} {
			if _, err := os.Stat(filepath.Join(folder, of)); err == nil {
				return nil
			}
		}
		if !slices.Contains(general, name) {
			t.Errorf("%s is called after no file", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
