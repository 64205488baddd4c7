package variables

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"testing"

	"countersign/apiclient"
)

// traced expands a body as the explorer does.
func traced(t *testing.T, r *Resolver, text []byte) Expansion {
	t.Helper()
	_, x, _ := r.TraceDraft(t.Context(), apiclient.Draft{Body: text}) // its error is in x
	return x
}

func TestTraceSaysWhatEachBecame(t *testing.T) {
	t.Parallel()
	text := []byte("{\"a\":\"{{uuid}}\",\"b\":{{now}},\"c\":\"{{env.NOPE}}\",\n\"d\":{{env.GONE}},\"e\":\"{{env.ODD}}\",\"f\":1}")
	x := traced(t, resolver(), text)
	want := "{\"a\":\"id-1\",\"b\":1767294245678,\"c\":\"{{env.NOPE}}\",\n\"d\":null,\"e\":\"say \\\"hi\\\"\\n\",\"f\":1}"
	if string(x.Text) != want {
		t.Errorf("the text is %s", x.Text)
	}
	if len(x.Spans) != 5 || x.Spans[0].Value != "id-1" || x.Spans[2].Err == nil || x.Spans[3].Err == nil || x.Spans[4].Value != "say \"hi\"\n" {
		t.Errorf("the spans are %+v", x.Spans)
	}
	var fault *Error
	if !errors.As(x.Err, &fault) || fault.Name != "env.NOPE" {
		t.Errorf("the error is %v", x.Err)
	}
	if e := x.Spans[3].Err; e.Line != 2 || e.Column != 5 {
		t.Errorf("the second is at %d:%d", e.Line, e.Column)
	}
	for _, mark := range []string{`"f":1`, `,"b"`, `"d"`, "}"} {
		in, out := bytes.LastIndex(text, []byte(mark)), bytes.LastIndex(x.Text, []byte(mark))
		if got := x.Origin(out); got != in {
			t.Errorf("%s of %d comes from %d, not %d", mark, out, got, in)
		}
		if got := x.Place(in); got != out {
			t.Errorf("%s of %d stands at %d, not %d", mark, in, got, out)
		}
	}
}

func TestFormatKeepsVariables(t *testing.T) {
	t.Parallel()
	indent := func(out *bytes.Buffer, b []byte) error { return json.Indent(out, b, "", "  ") }
	for _, c := range []struct{ text, pretty, compact string }{
		{
			`{ "n" : {{ now }},"n":1.50e+1 , "s":"a {{env.X "q"}}  \u00e9\/" ,"o":[ {{last.p/q.r}} ,{{uuid}}]}`,
			"{\n  \"n\": {{ now }},\n  \"n\": 1.50e+1,\n  \"s\": \"a {{env.X \"q\"}}  \\u00e9\\/\",\n  \"o\": [\n    {{last.p/q.r}},\n    {{uuid}}\n  ]\n}",
			`{"n":{{ now }},"n":1.50e+1,"s":"a {{env.X "q"}}  \u00e9\/","o":[{{last.p/q.r}},{{uuid}}]}`,
		},
		{`{"a":-{{now}},"b":{{env.A}}.5}`, "{\n  \"a\": -{{now}},\n  \"b\": {{env.A}}.5\n}", `{"a":-{{now}},"b":{{env.A}}.5}`},
		{`{"a": "\{{kept"}`, "{\n  \"a\": \"\\{{kept\"\n}", `{"a":"\{{kept"}`},
		{`[1 ]`, "[\n  1\n]", `[1]`},
	} {
		if got, err := Format([]byte(c.text), indent); err != nil || string(got) != c.pretty {
			t.Errorf("%s\n is laid out as %s (%v)", c.text, got, err)
		}
		if got, err := Format([]byte(c.text), json.Compact); err != nil || string(got) != c.compact {
			t.Errorf("%s\n is compacted to %s (%v)", c.text, got, err)
		}
	}
	for _, text := range []string{`{"a":{{now}`, `{{{uuid}}:1}`, `{"a":{{now}}x}`, ``} {
		if got, err := Format([]byte(text), indent); err == nil {
			t.Errorf("%q is laid out as %s", text, got)
		}
	}
}

// FuzzTrace: Trace and Expand agree, offsets lead there and back, and what is
// formatted and compacted differs from the text in white space only.
func FuzzTrace(f *testing.F) {
	for _, s := range []string{
		`{"a":"{{uuid}}","b":{{now}}}`, `{"a":"\{{x}} {{env.TOKEN}}"}`, `{{now}} {{`, `["{{env.ODD}}", {{env.NONE}} , "{{ profile.name }}" ]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		ctx := context.Background()
		x := traced(t, resolver(), text)
		out, err := resolver().Expand(ctx, text)
		if (err == nil) != (x.Err == nil) || err == nil && !bytes.Equal(out, x.Text) {
			t.Fatalf("Expand gives %q (%v), Trace %q (%v)", out, err, x.Text, x.Err)
		}
		at, in := 0, 0
		for _, s := range x.Spans {
			if !bytes.Equal(x.Text[at:s.At], text[in:s.From]) {
				t.Fatalf("before %q stands another text", s.Name)
			}
			for i := s.At - 1; i >= at && i > s.At-8; i-- {
				if x.Origin(i) != in+i-at || x.Place(in+i-at) != i {
					t.Fatalf("offset %d of %q leads to %d", i, x.Text, x.Origin(i))
				}
			}
			at, in = s.End, s.To
		}
		if !bytes.Equal(x.Text[at:], text[in:]) {
			t.Fatal("the rest differs")
		}
		if m := Mask(text); len(m) != len(text) {
			t.Fatalf("masked it is %q", m)
		}
		small, err := Format(text, json.Compact)
		if err != nil {
			return
		}
		if again, err := Format(small, json.Compact); err != nil || !bytes.Equal(again, small) {
			t.Fatalf("%q compacted twice is %q (%v)", small, again, err)
		}
		if !bytes.Equal(blankless(small), blankless(text)) {
			t.Fatalf("%q is compacted to %q", text, small)
		}
	})
}

func blankless(b []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r < 0x80 && white(byte(r)) {
			return -1
		}
		return r
	}, bytes.ToValidUTF8(b, []byte("?")))
}
