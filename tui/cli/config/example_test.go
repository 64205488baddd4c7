package config

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"countersign/tui"
	"countersign/tui/keymap"
)

var update = flag.Bool("update", false, "write the example's keys anew")

// The example's keys are made from the table of actions, and say its defaults.
func TestExampleKeys(t *testing.T) {
	t.Parallel()
	const file = "../../../config.toml.example"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const from = "[keys]\n"
	head, old, ok := strings.Cut(string(text), from)
	if !ok {
		t.Fatal("the example has no [keys]")
	}
	keys := exampleKeys()
	if *update {
		if err := os.WriteFile(file, []byte(head+from+keys), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if old != keys {
		t.Fatal("the example's keys are not those of the table: go test ./tui/cli/config -update writes them")
	}
	c := parse(t, from+strings.ReplaceAll(keys, "# ", ""))
	for _, a := range tui.Keys().All() {
		if set, _ := c.UI.Keys.Get(a.ID); set.AllKeys() != a.AllKeys() {
			t.Errorf("the example sets %s to %s, not to its default %s", a.ID, set.AllKeys(), a.AllKeys())
		}
	}
}

func exampleKeys() string {
	var b strings.Builder
	for _, s := range append([]keymap.Scope{keymap.Global}, keymap.Scopes[:len(keymap.Scopes)-1]...) {
		b.WriteByte('\n')
		for _, a := range tui.Keys().In(s) {
			if !a.Settable() {
				continue
			}
			names := make([]string, len(a.Keys.Keys()))
			for i, k := range a.Keys.Keys() {
				names[i] = strconv.Quote(strings.Replace(k, " ", "space", 1))
			}
			fmt.Fprintf(&b, "# %s = [%s]\n", a.ID, strings.Join(names, ", "))
		}
	}
	return b.String()
}
