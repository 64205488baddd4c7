package variables

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// A field that holds JSON in a string still holds it after the variables in it
// are replaced, however deep it is, whatever stands in the values.
func TestAValueInJSONInAString(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"e":"{\"a\":\"{{env.X}}\"}"}`:                                `{"e":"{\"a\":\"va\\\"lue\"}"}`,
		`{"e":"{\"a\":{{profile.merchant_id}}, \"b\":\"{{env.X}}\"}"}`: `{"e":"{\"a\":7, \"b\":\"va\\\"lue\"}"}`,
		`{"e":" [\u0022{{env.X}}\u0022]","f":"{{env.X}}"}`:             `{"e":" [\u0022va\\\"lue\u0022]","f":"va\"lue"}`,
		`["{\"a\":\"{\\\"b\\\":\\\"{{env.X}}\\\"}\"}"]`:                `["{\"a\":\"{\\\"b\\\":\\\"va\\\\\\\"lue\\\"}\"}"]`,
		`{"e":"{\"a\":\"\{{x {{env.X}}\"}"}`:                           `{"e":"{\"a\":\"{{x va\\\"lue\"}"}`,
		`{"memo":"[note] {{env.X}}"}`:                                  `{"memo":"[note] va\"lue"}`, // no JSON
		`{"memo":"{ {{env.X}}"}`:                                       `{"memo":"{ va\"lue"}`,
		`{"memo":"{{env.X}} {}"}`:                                      `{"memo":"va\"lue {}"}`,
		`{"e":"{\"a\":\"{{env.X}}`:                                     `{"e":"{\"a\":\"va\"lue`, // broken off: nobody knows what it was to be
	} {
		r := reviewed("{}")
		r.Profile.MerchantID = "7"
		got, err := r.Expand(context.Background(), []byte(text))
		if err != nil || string(got) != want {
			t.Errorf("%s\nis   %s, %v\nwant %s", text, got, err, want)
		}
	}
}

// What the other side answered adds no members to JSON in a string either.
func TestAnAnswerAddsNoMembersInside(t *testing.T) {
	t.Parallel()
	for _, value := range []string{`x","amount":"999`, `1,"amount":999`, `\`, "\n"} {
		quoted, _ := json.Marshal(value)
		r := reviewed(`{"id":` + string(quoted) + `}`)
		got, err := r.Expand(context.Background(), []byte(`{"e":"{\"a\":\"{{last.p.id}}\"}"}`))
		var outer struct{ E string }
		var inner map[string]string
		if err != nil || json.Unmarshal(got, &outer) != nil || json.Unmarshal([]byte(outer.E), &inner) != nil || len(inner) != 1 || inner["a"] != value {
			t.Errorf("%q gives %s, %v: %v", value, got, err, inner)
		}
		got, err = r.Expand(context.Background(), []byte(`{"e":"{\"a\":{{last.p.id}}}"}`))
		var fault *Error
		if !errors.As(err, &fault) || !strings.Contains(fault.Hint(), "quotes") {
			t.Errorf("%q outside of a string gives %s, %v", value, got, err)
		}
	}
}

// Braces that are not closed are told from a name that is not known, and a
// text full of them is read once.
func TestBracesThatAreNotClosed(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"a":"{{uuid","b":{"c":{}}}`, "{\"a\":\"{{uuid\",\n\"b\":[{\"c\":1}]}}", `{"a":"{{uuid","b":"{{now}}"}`, "{{uuid" + strings.Repeat(" x", 1000) + "}}"} {
		_, err := reviewed("{}").Expand(context.Background(), []byte(text))
		var fault *Error
		if !errors.As(err, &fault) || fault.Name != "uuid" || fault.Says != "is not closed" {
			t.Errorf("%.60q: %.300v", text, err)
		}
	}
	x := traced(t, reviewed("{}"), bytes.Repeat([]byte("{{nope}}\n"), 100_000))
	last := x.Spans[len(x.Spans)-1]
	if len(x.Spans) != 100_000 || last.Err.Line != 100_000 || last.Err.Column != 1 {
		t.Errorf("%d faults, the last at %d:%d", len(x.Spans), last.Err.Line, last.Err.Column)
	}
}

// FuzzInner holds that a body that is JSON, with JSON in its strings, holds as
// much JSON after its variables are replaced.
func FuzzInner(f *testing.F) {
	for _, value := range []string{`say "hi"`, `\`, "\n\x00", `","x":"`, "é\u2028"} {
		for depth := range 4 {
			f.Add(value, depth)
		}
	}
	f.Fuzz(func(t *testing.T, value string, depth int) {
		depth &= 3
		r := reviewed("{}")
		r.Getenv = func(string) (string, bool) { return value, true }
		text := `{"a":"{{env.X}}"}`
		for range depth {
			q, _ := json.Marshal(text)
			text = `{"a":` + string(q) + `}`
		}
		got, err := r.Expand(context.Background(), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for range depth + 1 {
			var in struct{ A string }
			if err := json.Unmarshal(got, &in); err != nil {
				t.Fatalf("%q holds %q: %v", text, got, err)
			}
			got = []byte(in.A)
		}
		if string(got) != strings.ToValidUTF8(value, "\ufffd") && string(got) != value {
			if !bytes.ContainsRune(got, '\ufffd') { // encoding/json reads what is no UTF-8 so
				t.Fatalf("the value is %q, not %q", got, value)
			}
		}
	})
}

// Braces with no name behind them, as one has just typed them, are shown as
// they stand.
func TestBracesWithoutAName(t *testing.T) {
	t.Parallel()
	_, err := reviewed("{}").Expand(context.Background(), []byte(`{"a":"{{","b":"{{now}}"}`))
	if err == nil || err.Error() != "the variable {{ at line 1, column 7 is not closed" {
		t.Errorf("%v", err)
	}
}
