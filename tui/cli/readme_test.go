package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The README is read before anything is run: what it names must be there, and
// what is there must be named.
func TestReadme(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	data, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	readme := string(data)
	commands := section(t, readme, "## Commands")
	for _, c := range Root().Commands() {
		if c.Name() != "help" && !strings.Contains(commands, "`"+c.Name()) {
			t.Errorf("the table of commands lacks %s", c.Name())
		}
		for _, sub := range c.Commands() {
			if c.Name() != "completion" && !strings.Contains(commands, sub.Name()) {
				t.Errorf("the table of commands lacks %s %s", c.Name(), sub.Name())
			}
		}
	}
	layout := section(t, readme, "## Layout")
	for _, folder := range []string{"apiclient", "tui"} {
		entries, err := os.ReadDir(filepath.Join(root, folder))
		if err != nil {
			t.Fatal(err)
		}
		panes := "endpoints request headers signature response runs quiet tuitest"
		for _, e := range entries {
			if e.IsDir() && e.Name() != "testdata" && !strings.Contains(panes, e.Name()) && !strings.Contains(layout, e.Name()+"/") {
				t.Errorf("the layout lacks %s/%s", folder, e.Name())
			}
		}
	}
	var parents []string // of the line, outermost first
	for _, line := range regexp.MustCompile(`(?m)^ {4}( *)(\S+/)`).FindAllStringSubmatch(layout, -1) {
		depth := min(len(line[1])/2, len(parents))
		parents = append(parents[:depth], line[2])
		path := filepath.Join(append([]string{root}, parents...)...)
		if _, err := os.Stat(path); err != nil {
			t.Errorf("the layout names %s, which is not there", path)
		}
	}
	for _, link := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(readme, -1) {
		if _, err := os.Stat(filepath.Join(root, link[1])); err != nil && !strings.Contains(link[1], "://") {
			t.Errorf("the README links to %s, which is not there", link[1])
		}
	}
}

// The README answers "where is …" in one step: the file is there, and has it.
func TestReadmeKnowsWhereThingsAre(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	data, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| (.+) \\| `(\\S+\\.go)`: `(.+)` \\|$").FindAllStringSubmatch(section(t, string(data), "## Layout"), -1)
	if len(rows) < 5 {
		t.Fatalf("only %d rows say where something is", len(rows))
	}
	for _, row := range rows {
		file, err := os.ReadFile(filepath.Join(root, row[2]))
		if err != nil || !strings.Contains(string(file), row[3]) {
			t.Errorf("%s is not in %s as %q (%v)", row[1], row[2], row[3], err)
		}
	}
}

func section(t *testing.T, readme, heading string) string {
	t.Helper()
	_, rest, ok := strings.Cut(readme, heading+"\n")
	if !ok {
		t.Fatalf("the README has no %q", heading)
	}
	text, _, _ := strings.Cut(rest, "\n## ")
	return text
}
