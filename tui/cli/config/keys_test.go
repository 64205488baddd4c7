package config

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

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
	if !reflect.DeepEqual(c.UI.Keys, keymap.Default()) {
		t.Error("the example's keys are not the defaults")
	}
}

func exampleKeys() string {
	var b strings.Builder
	for _, s := range append([]keymap.Scope{keymap.Global}, keymap.Scopes[:len(keymap.Scopes)-1]...) {
		b.WriteByte('\n')
		for _, a := range keymap.Default().In(s) {
			if !a.Settable() {
				continue
			}
			names := make([]string, len(a.Keys))
			for i, k := range a.Keys {
				names[i] = strconv.Quote(strings.Replace(k, " ", "space", 1))
			}
			fmt.Fprintf(&b, "# %s = [%s]\n", a.ID, strings.Join(names, ", "))
		}
	}
	return b.String()
}
