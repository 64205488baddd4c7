package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"countersign/apiclient/hint"
)

func TestSet(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, doc, edit, want string }{
		{"string", `{"a": "b" , "c":1.0}`, `a=x`, `{"a": "x" , "c":1.0}`},
		{"nested", "{\n  \"amount\": {\n    \"value\": \"1\"\n  },\n  \"n\": 1.00\n}\n", `amount.value=10000`, "{\n  \"amount\": {\n    \"value\": \"10000\"\n  },\n  \"n\": 1.00\n}\n"},
		{"pointer", `{"a/b":{"c":[1,2]}}`, `/a~1b/c/1:=3`, `{"a/b":{"c":[1,3]}}`},
		{"bracket", `{"goods":[{"name":"a"},{"name":"b"}]}`, `goods[1].name=c`, `{"goods":[{"name":"a"},{"name":"c"}]}`},
		{"number step", `{"goods":[1]}`, `goods.0:=2`, `{"goods":[2]}`},
		{"escaped dot", `{"a.b":1}`, `a\.b:=2`, `{"a.b":2}`},
		{"missing leaf, compact", `{"a":1}`, `b=x`, `{"a":1,"b":"x"}`},
		{"missing leaf, pretty", "{\n  \"a\": 1\n}", `b=x`, "{\n  \"a\": 1,\n  \"b\": \"x\"\n}"},
		{"missing leaf, empty object", `{"a":{ }}`, `a.b=x`, `{"a":{"b":"x" }}`},
		{"missing parents", `{"a":1}`, `b.c.d:=true`, `{"a":1,"b":{"c":{"d":true}}}`},
		{"missing array", `{}`, `goods[0].name=x`, `{"goods":[{"name":"x"}]}`},
		{"append", "[1,\n 2]", `-:=3`, "[1,\n 2,\n 3]"},
		{"append to empty", `{"a":[]}`, `a.-=x`, `{"a":["x"]}`},
		{"append at length", `{"a":[1]}`, `a[1]:=2`, `{"a":[1,2]}`},
		{"empty body", ``, `a=x`, `{"a":"x"}`},
		{"last of two", `{"a":1,"a":2}`, `a:=3`, `{"a":1,"a":3}`},
		{"escaped key", `{"\u0061":1}`, `a:=2`, `{"\u0061":2}`},
		{"value with equals", `{"a":1}`, `a=b=c`, `{"a":"b=c"}`},
		{"quotes", `{"a":1}`, "a=say \"hi\"\n<b>\\", `{"a":"say \"hi\"\n<b>\\"}`},
		{"object", `{"a":1}`, `a:={"x": 1.0}`, `{"a":{"x": 1.0}}`},
		{"braces in strings", `{"s":"}{\"]","a":1}`, `a:=2`, `{"s":"}{\"]","a":2}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			edit, err := ParseEdit(tt.edit)
			if err != nil {
				t.Fatal(err)
			}
			doc := []byte(tt.doc)
			got, err := Set(doc, edit)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if string(doc) != tt.doc {
				t.Error("the document itself was changed")
			}
		})
	}
}

func TestSetRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, doc, edit, says string }{
		{"no JSON", "{\n \"a\": }", "a=1", "line 2, column 7"},
		{"trailing", `{"a":1} x`, "a=1", "not JSON"},
		{"into a string", `{"a":"b"}`, "a.c=1", "/a is a string"},
		{"into a number", `3`, "c=1", "the body is a number"},
		{"far index", `{"a":[1]}`, "a[5]=1", "array of 1"},
		{"name in array", `[1]`, "x=1", "has no place"},
		{"leading zero", `[1]`, "00=1", "has no place"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			edit, err := ParseEdit(tt.edit)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Set([]byte(tt.doc), edit)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("error %v, want one with %q", err, tt.says)
			}
			var e *hint.Error
			if !errors.As(err, &e) || e.Hint() == "" {
				t.Error("no hint")
			}
		})
	}
}

func TestParseEditRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "a", "=x", "a:=nope", "a..b=1", ".a=1", "a.=1", "a[=1", "a[]=1", ":=1", "\xff=1"} {
		if e, err := ParseEdit(s); err == nil {
			t.Errorf("%q was read as %v", s, e)
		}
	}
}

func TestGet(t *testing.T) {
	t.Parallel()
	doc := []byte(`{"a":{"b":[10, {"c":"x\u0041"}]},"a2":null}`)
	for path, want := range map[string]string{"a.b[0]": "10", "a.b.1.c": `"x\u0041"`, "a2": "null", "/a/b/1": `{"c":"x\u0041"}`} {
		p, err := ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := Get(doc, p); !ok || string(got) != want {
			t.Errorf("%s: got %s, %v; want %s", path, got, ok, want)
		}
	}
	for _, path := range []string{"b", "a.b[2]", "a.b.-", "a2.x", "a.c"} {
		p, err := ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := Get(doc, p); ok {
			t.Errorf("%s: found %s", path, got)
		}
	}
}

// FuzzSet holds that an edit leaves JSON behind, that the value can be read
// back, and that the bytes around one replaced or added place are the same.
func FuzzSet(f *testing.F) {
	f.Add([]byte(`{"a":{"b":[1,2,{"c":"d"}]}}`), "a.b[2].c=x")
	f.Add([]byte("{\n  \"a\" : 1 ,\n  \"a\":2}"), "a:=[]")
	f.Add([]byte(`[]`), "-:=1")
	f.Add([]byte(`{"a":""}`), "b.c=")
	f.Add([]byte(` "x" `), "/=1")
	f.Fuzz(func(t *testing.T, doc []byte, s string) {
		edit, err := ParseEdit(s)
		if err != nil {
			return
		}
		got, err := Set(doc, edit)
		if err != nil {
			return
		}
		if !json.Valid(got) {
			t.Fatalf("Set(%q, %q) = %q, not JSON", doc, s, got)
		}
		last := edit.Path[len(edit.Path)-1]
		if value, ok := Get(got, edit.Path); last != "-" && (!ok || !bytes.Equal(value, edit.Value)) {
			t.Fatalf("Set(%q, %q) = %q: reads back as %q", doc, s, got, value)
		}
		again, err := Set(got, edit)
		if err != nil || last != "-" && !bytes.Equal(again, got) {
			t.Fatalf("Set twice: %q, then %q, %v", got, again, err)
		}
		if len(bytes.TrimSpace(doc)) == 0 {
			return
		}
		at, _ := Find(doc, edit.Path)
		if !bytes.HasPrefix(got, doc[:at.From]) || !bytes.HasSuffix(got, doc[at.To:]) {
			t.Fatalf("Set(%q, %q) = %q: bytes around %q changed", doc, s, got, at.Of(doc))
		}
	})
}

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
