package jsontext

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// at finds a value by its path, as the tree has it; of members with one name
// the last.
func (t *Tree) lookup(path string) int {
	n := 0
	for _, step := range strings.Split(path, ".") {
		if step == "" {
			continue
		}
		found := -1
		for i, c := range t.Children(n) {
			if t.Name(c) == step && t.Nodes[n].Kind == Object || t.Nodes[n].Kind == Array && step == string(rune('0'+i)) {
				found = c
			}
		}
		if found < 0 {
			return -1
		}
		n = found
	}
	return n
}

func TestParseFinds(t *testing.T) {
	t.Parallel()
	tests := []struct{ doc, path, want string }{
		{`{"a": 1, "b": [true, {"c": "x"}]}`, "b.1.c", `"x"`},
		{`{"a": {{now}}, "b": "{{uuid}}"}`, "a", `{{now}}`},
		{`{"a": {{now}}, "b": "{{uuid}}"}`, "b", `"{{uuid}}"`},
		{`{"a": -{{env.N}}00 }`, "a", `-{{env.N}}00`},
		{`{"a":1,"a":2}`, "a", "2"},
		{"{\r\n\t\"a\"\t:\t1\r\n}", "a", "1"},
		{`{"a": {"x": 1}, "b": oops}`, "a.x", "1"},
		{`{"a": {"x": 1}, "b"`, "a", `{"x": 1}`},
		{`{"\u0061": 1}`, "a", "1"},
	}
	for _, tt := range tests {
		tree := Parse([]byte(tt.doc))
		n := tree.lookup(tt.path)
		if n < 0 || string(tree.Raw(n)) != tt.want {
			t.Errorf("%s in %s: node %d of %v", tt.path, tt.doc, n, tree.Nodes)
		}
	}
}

func TestParseFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		doc  string
		line int
		says string
	}{
		{"", 1, "a value is expected"}, {"{\n\"a\": 1,\n}", 3, "name in double quotes"}, {`{"a" 1}`, 1, "colon"},
		{"[1 2]", 1, "comma or ]"}, {"[1]x", 1, "more text"}, {"{\"a\": \"x\n\"}", 1, "not closed"},
		{`["\q"]`, 1, "backslash"}, {"[\n\n01]", 3, "a value"}, {`["a`, 1, "inside of a string"}, {"[{{now}]", 1, "name in double quotes"},
		{strings.Repeat("[", 1200), 1, "deeper"},
	}
	for _, tt := range tests {
		f := Parse([]byte(tt.doc)).Fault
		if f == nil || f.Line != tt.line || !strings.Contains(f.Says, tt.says) {
			t.Errorf("%.20q: %+v", tt.doc, f)
		}
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	set := func(text string) func(*Tree, int) (Change, error) {
		return func(t *Tree, n int) (Change, error) { return t.SetText(n, text), nil }
	}
	raw := func(value string) func(*Tree, int) (Change, error) {
		return func(t *Tree, n int) (Change, error) { return t.Replace(n, []byte(value)), nil }
	}
	remove := func(t *Tree, n int) (Change, error) { return t.Remove(n) }
	add := func(after, name, value string) func(*Tree, int) (Change, error) {
		return func(t *Tree, n int) (Change, error) {
			from := -1
			for _, c := range t.Children(n) {
				if t.Name(c) == after {
					from = c
				}
			}
			return t.Insert(n, from, name, []byte(value))
		}
	}
	tests := []struct {
		name, doc, path string
		do              func(*Tree, int) (Change, error)
		want            string
	}{
		{"text", "{ \"a\" : \"b\" ,\"c\":1.0}\t", "a", set(`x"y`), "{ \"a\" : \"x\\\"y\" ,\"c\":1.0}\t"},
		{"text keeps escapes", `{"a":"\u0041\/b\u00e9c"}`, "a", set("A/bécd"), `{"a":"\u0041\/b\u00e9cd"}`},
		{"new text is escaped alike", `{"a":"http:\/\/x\u00E9"}`, "a", set("http://x/é/ö"), `{"a":"http:\/\/x\/\u00E9\/\u00F6"}`},
		{"surrogates", `{"a":"\ud83d\ude00"}`, "a", set("😀😁"), `{"a":"\ud83d\ude00\ud83d\ude01"}`},
		{"half of a rune", `{"a":"é"}`, "a", set("è"), `{"a":"è"}`},
		{"number becomes text", `{"a":1}`, "a", set("1"), `{"a":"1"}`},
		{"raw", `{"a":"x","a":"y"}`, "a", raw("[]"), `{"a":"x","a":[]}`},
		{"variable", `{"a":{{now}}}`, "a", raw("1"), `{"a":1}`},
		{"remove first", "{\n\t\"a\": 1,\n\t\"b\": 2\n}", "a", remove, "{\n\t\"b\": 2\n}"},
		{"remove last", "{\r\n  \"a\": 1,\r\n  \"b\": 2\r\n}", "b", remove, "{\r\n  \"a\": 1\r\n}"},
		{"remove only", "{ \"x\": {\n  \"a\": 1\n} }", "x.a", remove, "{ \"x\": {} }"},
		{"remove element", "[1, 2 ,3]", "1", remove, "[1, 3]"},
		{"add first", "{\n  \"b\": 2\n}", "", add("", "a", "1"), "{\n  \"a\": 1,\n  \"b\": 2\n}"},
		{"add between, CRLF and tabs", "{\r\n\t\"a\":1,\r\n\t\"c\":3\r\n}", "", add("a", "b", "2"), "{\r\n\t\"a\":1,\r\n\t\"b\":2,\r\n\t\"c\":3\r\n}"},
		{"add in one line", `{"a": 1}`, "", add("a", "b", "2"), `{"a": 1, "b": 2}`},
		{"add compact", `{"a":1}`, "", add("a", "b", `{"x":1,"y":[2]}`), `{"a":1,"b":{"x":1,"y":[2]}}`},
		{"add to empty", "{\n  \"a\": {}\n}", "a", add("", "b", "1"), "{\n  \"a\": {\n    \"b\": 1\n  }\n}"},
		{"add to empty, CRLF", "{\r\n\t\"a\": { }\r\n}", "a", add("", "b", "1"), "{\r\n\t\"a\": {\r\n\t\t\"b\": 1\r\n\t}\r\n}"},
		{"add an object", "{\n  \"a\": 1\n}", "", add("a", "b", `{"x":1,"y":{}}`), "{\n  \"a\": 1,\n  \"b\": {\n    \"x\": 1,\n    \"y\": {}\n  }\n}"},
		{"add to an empty body", `{}`, "", add("", "b", "1"), `{"b": 1}`},
		{"add element", "{\n \"a\": [\n  1\n ]\n}", "a", func(t *Tree, n int) (Change, error) { return t.Insert(n, n+1, "", []byte("2")) }, "{\n \"a\": [\n  1,\n  2\n ]\n}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tree := Parse([]byte(tt.doc))
			c, err := tt.do(tree, tree.lookup(tt.path))
			if err != nil {
				t.Fatal(err)
			}
			if got := string(c.Apply(tree.Doc)); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// Only the changed part of a string that holds JSON is written again.
func TestEmbeddedChanges(t *testing.T) {
	t.Parallel()
	doc := `{"extendInfo": "{\u0022a\u0022:\"\u0041 <\\\/x>\",\n\"in\":\"{\\\"deep\\\":\\\"old\\\"}\"}"}`
	tree := Parse([]byte(doc))
	inner, ok := tree.Embedded(tree.lookup("extendInfo"))
	if !ok {
		t.Fatalf("not opened: %+v", inner.Fault)
	}
	deep, ok := inner.Embedded(inner.lookup("in"))
	if !ok || string(deep.Doc) != `{"deep":"old"}` {
		t.Fatalf("the string in the string is %q", deep.Doc)
	}
	got := string(deep.SetText(deep.lookup("deep"), "odd").Apply(tree.Doc))
	if want := strings.Replace(doc, "old", "odd", 1); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	got = string(deep.SetText(deep.lookup("deep"), `o"d`).Apply(tree.Doc))
	outer := Parse([]byte(got))
	inner, _ = outer.Embedded(outer.lookup("extendInfo"))
	deep, ok = inner.Embedded(inner.lookup("in"))
	if !ok || string(deep.Doc) != `{"deep":"o\"d"}` || !strings.HasPrefix(got, doc[:60]) {
		t.Errorf("%s holds %q", got, deep.Doc)
	}
	c, err := deep.Remove(deep.lookup("deep"))
	if got := string(c.Apply(outer.Doc)); err != nil || !strings.HasSuffix(got, `\"in\":\"{}\"}"}`) {
		t.Errorf("%s, %v", got, err)
	}
}

// A variable in a string is no JSON in a string.
func TestVariableIsNotEmbedded(t *testing.T) {
	t.Parallel()
	tree := Parse([]byte(`["{{uuid}}", "{oops", "[1]", "1"]`))
	for i, want := range []bool{false, false, true, false} {
		if _, ok := tree.Embedded(tree.Children(0)[i]); ok != want {
			t.Errorf("%s: embedded is %v", tree.Raw(tree.Children(0)[i]), ok)
		}
	}
}

func TestChangesRefused(t *testing.T) {
	t.Parallel()
	tree := Parse([]byte("{\"a\": {\"x\": 1},\n \"b\" 2}"))
	if _, err := tree.Remove(tree.lookup("a")); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("removed from a text with a fault: %v", err)
	}
	if _, err := tree.Insert(0, -1, "z", []byte("1")); err == nil {
		t.Error("added to a text with a fault")
	}
	if _, err := tree.Insert(tree.lookup("a"), -1, "z", []byte("1")); err != nil {
		t.Errorf("what stands whole before the fault can be changed: %v", err)
	}
	if _, err := Parse([]byte("1")).Remove(0); err == nil {
		t.Error("the whole body was removed")
	}
	if _, err := Parse([]byte("1")).Insert(0, -1, "z", []byte("1")); err == nil {
		t.Error("a number took a member")
	}
}

// FuzzTree holds that the tree agrees with encoding/json about what is JSON,
// that a change leaves JSON behind with the value in it and every other value
// as it was, and that a change inside of a string is the same change of the
// text that the string holds.
func FuzzTree(f *testing.F) {
	f.Add([]byte("{\n  \"a\": {\"b\":[1,2,{\"c\":\"d\\u00e9\"}]}\n}"), uint(3), "x\"\n")
	f.Add([]byte(`{"e":"{\"a\":\"\\u0041\",\"b\":{}}"}`), uint(2), "é/<")
	f.Add([]byte("[{},[],\"\\ud800\"]"), uint(1), "")
	f.Add([]byte(`{"a":{{now}},"b":"{{uuid}}"}`), uint(1), "{{")
	f.Fuzz(func(t *testing.T, doc []byte, pick uint, text string) {
		tree := Parse(doc)
		if tree.Fault != nil {
			if json.Valid(doc) && !strings.Contains(tree.Fault.Says, "deeper") {
				t.Fatalf("%q is JSON, but: %+v", doc, tree.Fault)
			}
			return
		}
		if !bytes.Contains(doc, []byte("{{")) && !json.Valid(doc) {
			t.Fatalf("%q is no JSON, but was read", doc)
		}
		n := int(pick % uint(len(tree.Nodes)))
		fuzzChanges(t, tree, n, text)
		if inner, ok := tree.Embedded(n); ok {
			m := int(pick % uint(len(inner.Nodes)))
			fuzzChanges(t, inner, m, text)
		}
	})
}

func fuzzChanges(t *testing.T, tree *Tree, n int, text string) {
	t.Helper()
	root := tree
	for root.outer != nil {
		root = root.outer
	}
	alone := *tree
	alone.outer = nil
	try := func(name string, c Change, plain Change) *Tree {
		t.Helper()
		after := Parse(c.Apply(root.Doc))
		if after.Fault != nil {
			t.Fatalf("%s at %d of %q leads to %q: %+v", name, n, root.Doc, after.Doc, after.Fault)
		}
		want := plain.Apply(tree.Doc)
		if tree.outer != nil {
			got, _ := Unquote(after.Raw(tree.node))
			if !bytes.Equal(got, want) {
				t.Fatalf("%s at %d of %q: the string holds %q, not %q", name, n, root.Doc, got, want)
			}
			return Parse(want)
		}
		return after
	}
	after := try("SetText", tree.SetText(n, text), alone.SetText(n, text))
	if got, _ := Unquote(after.Raw(n)); string(got) != text && utf8.ValidString(text) {
		t.Fatalf("SetText(%d, %q) of %q reads back as %q", n, text, tree.Doc, got)
	}
	value := Quote(text)
	if after = try("Replace", tree.Replace(n, value), alone.Replace(n, value)); !bytes.Equal(after.Raw(n), value) {
		t.Fatalf("Replace(%d) of %q: %q", n, tree.Doc, after.Doc)
	}
	if c, err := tree.Remove(n); err == nil {
		plain, _ := alone.Remove(n)
		after = try("Remove", c, plain)
		if gone := tree.Nodes[n].Next - n; len(after.Nodes) != len(tree.Nodes)-gone {
			t.Fatalf("Remove(%d) of %q leaves %q", n, tree.Doc, after.Doc)
		}
	}
	places := append([]int{-1}, tree.Children(n)...)
	place := places[len(text)%len(places)]
	if c, err := tree.Insert(n, place, text, value); err == nil {
		plain, _ := alone.Insert(n, place, text, value)
		after = try("Insert", c, plain)
		at := n + 1
		if place >= 0 {
			at = tree.Nodes[place].Next
		}
		if len(after.Nodes) != len(tree.Nodes)+1 || !bytes.Equal(after.Raw(at), value) {
			t.Fatalf("Insert(%d after %d) into %q leads to %q", n, place, tree.Doc, after.Doc)
		}
	}
}
