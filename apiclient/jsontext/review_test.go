package jsontext

import (
	"bytes"
	"testing"
)

// The escape of the variables, \{{, stands in strings of a body that is sent
// without it: such a body can be edited by its fields too.
func TestEscapedBraces(t *testing.T) {
	t.Parallel()
	doc := []byte(`{"a":"x \{{kept}} y","b":"\\{{now}}","c":"\{{"}`)
	tree := Parse(doc)
	if tree.Fault != nil {
		t.Fatalf("%+v", tree.Fault)
	}
	list := tree.Children(0)
	if got, _ := Unquote(tree.Raw(list[0])); string(got) != `x \{{kept}} y` {
		t.Errorf("the text is %q", got)
	}
	for name, c := range map[string]struct {
		change Change
		want   string
	}{
		"beside it":     {tree.SetText(list[0], `x \{{kept}} z`), `{"a":"x \{{kept}} z","b":"\\{{now}}","c":"\{{"}`},
		"typed":         {tree.SetText(list[1], `\{{kept}}`), `{"a":"x \{{kept}} y","b":"\\{{kept}}","c":"\{{"}`},
		"typed anew":    {tree.SetText(list[2], `two: \{{kept}}`), `{"a":"x \{{kept}} y","b":"\\{{now}}","c":"two: \{{kept}}"}`},
		"taken away":    {tree.SetText(list[0], "x  y"), `{"a":"x  y","b":"\\{{now}}","c":"\{{"}`},
		"into a number": {Parse([]byte(`[1]`)).SetText(1, `\{{kept}}`), `["\{{kept}}"]`},
	} {
		on := doc
		if name == "into a number" {
			on = []byte(`[1]`)
		}
		got := c.change.Apply(on)
		if string(got) != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if Parse(got).Fault != nil {
			t.Errorf("%s: %s cannot be read any more", name, got)
		}
	}
	for _, bad := range []string{`{"a":"\{x"}`, `{"a":"\{"}`, `["\{`} {
		if Parse([]byte(bad)).Fault == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

// Half a surrogate pair that is copied to another place of a string is written
// as an escape: as bytes it would be no UTF-8.
func TestLoneSurrogateStaysAnEscape(t *testing.T) {
	t.Parallel()
	doc := []byte(`["a\ud83db"]`)
	tree := Parse(doc)
	text, _ := Unquote(tree.Raw(1))
	got := tree.SetText(1, "X"+string(bytes.Repeat(text, 2))+"Y").Apply(doc)
	if want := `["Xa\ud83dba\ud83dbY"]`; string(got) != want {
		t.Errorf("%q, want %q", got, want)
	}
}
