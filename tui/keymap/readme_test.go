package keymap

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the README's table of keys anew")

// The README's table of keys is made from this package's.
func TestReadmeKeys(t *testing.T) {
	path := filepath.Join("..", "..", "README.md")
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const from, to = "<!-- keys -->\n", "<!-- /keys -->\n"
	head, rest, ok := strings.Cut(string(readme), from)
	old, tail, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		t.Fatal("the README has no place for the keys")
	}
	table := readmeKeys()
	if old == table {
		return
	}
	if !*update {
		t.Fatal("the README's keys are not those of the table: go test ./tui/keymap -update writes them")
	}
	if err := os.WriteFile(path, []byte(head+from+table+to+tail), 0o600); err != nil {
		t.Fatal(err)
	}
}

// readmeKeys lists what is worth knowing before the first start: not how to
// scroll.
func readmeKeys() string {
	var b strings.Builder
	b.WriteString("| where | key | does |\n|---|---|---|\n")
	for _, s := range append([]Scope{Global}, Scopes[:len(Scopes)-1]...) {
		where := string(s)
		if s == Global {
			where = "everywhere"
		}
		for _, a := range Default().In(s) {
			if a.Footer == 0 && s != Global {
				continue
			}
			keys := make([]string, len(a.Keys))
			for i, k := range a.Keys {
				keys[i] = "`" + strings.ReplaceAll(Spell(k), "|", `\|`) + "`"
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", where, strings.Join(keys, " "), a.Long)
			where = ""
		}
	}
	return b.String()
}
