package jsontext

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func kinds(b string, read func([]byte, int) Token) string {
	var list []string
	for t := read([]byte(b), 0); t.Kind != None; t = read([]byte(b), t.To) {
		list = append(list, fmt.Sprintf("%c%s", t.Kind, t.Of([]byte(b))))
	}
	return strings.Join(list, " ")
}

func TestTokens(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want, glance string }{
		{`{"a\"":-1.5e3}`, `{{ ""a\"" :: 0-1.5e3 }}`, ""},
		{`[true,nul,null]`, `[[ ttrue ,, wnul ,, tnull ]]`, ""},
		{"[\"a\n\"b\"]", "[[ \"\"a\n\" wb '\"]", "[[ '\"a \"\"b\" ]]"},
		{`{{now}}-{{x`, `${{now}} 0- {{ {{ wx`, ""},
		{`"\\"`, `""\\"`, ""},
		{`"\"`, `'"\"`, ""},
		{` `, ``, ""},
	}
	for _, tt := range tests {
		if got := kinds(tt.text, Next); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.text, got, tt.want)
		}
		if tt.glance == "" {
			tt.glance = tt.want
		}
		if got := kinds(tt.text, Glance); got != tt.glance {
			t.Errorf("%q at a glance: %s, want %s", tt.text, got, tt.glance)
		}
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	doc := []byte(`{"a b":[{"c":1,"c":[{"d.e":{"[":2}}]}],"":3}`)
	tree := Parse(doc)
	last := len(tree.Nodes) - 2
	if got, want := tree.Path(last), `["a b"][0].c[0]["d.e"]["["]`; got != want {
		t.Fatalf("%s, want %s", got, want)
	}
	for _, written := range []string{tree.Path(last), `a b[0].c.0.d\.e.\[`, `/a b/0/c/0/d.e/[`, EscapeName("a b") + ".0.c[0]." + EscapeName("d.e") + `["["]`} {
		path, err := ParsePath(written)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := Get(doc, path); !ok || string(got) != "2" {
			t.Errorf("%s leads to %s", written, got)
		}
	}
	if got := tree.Doubled(); len(got) != 1 || tree.Path(got[0]) != `["a b"][0].c` {
		t.Errorf("doubled: %v", got)
	}
	if path := AppendName(nil, strings.Repeat("x", maxStep+1)); string(path) != "[…]" {
		t.Errorf("a long name is %s", path)
	}
}

// A text of 20 MB is read in one go, whatever it holds: a missing quote on each
// line, escapes without an end, or one word.
func TestTokensAreLinear(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"\\\"\n", "\\\\", "{{", "x", "\"\\", "[\"", "{{a\n"} {
		b := []byte(strings.Repeat(part, (2<<20)/len(part)))
		count := 0
		for at, tok := 0, (Token{}); at < len(b); at = tok.To {
			tok = Glance(b, at)
			count++
		}
		if count > len(b) {
			t.Errorf("%q: %d tokens", part, count)
		}
	}
}

// FuzzNext holds that tokens of any text follow each other without a gap but white
// space, and that a walk over JSON finds what encoding/json decodes.
func FuzzNext(f *testing.F) {
	f.Add([]byte(`{"a":{"b":[1,2,{"c":"d"}]}}`))
	f.Add([]byte("{\"a\n\":{{now}},]}\"\\"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, read := range []func([]byte, int) Token{Next, Glance} {
			for at := 0; ; {
				tok := read(b, at)
				if len(bytes.Trim(b[at:tok.From], " \t\r\n")) > 0 || tok.Kind != None && tok.To <= tok.From || tok.To > len(b) {
					t.Fatalf("%q: %+v follows %d", b, tok, at)
				}
				if at = tok.To; tok.Kind == None {
					break
				}
			}
		}
		var members map[string]json.RawMessage
		if json.Unmarshal(b, &members) != nil {
			return
		}
		for name, want := range members {
			got, ok := Get(b, Path{name})
			if !ok && !strings.Contains(name, "\ufffd") || ok && !bytes.Equal(got, want) && !strings.Contains(name, "\ufffd") {
				t.Fatalf("%q: %q is %q, not %q", b, name, got, want)
			}
		}
	})
}
