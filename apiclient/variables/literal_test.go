package variables

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strings"
	"testing"
)

// odd are bytes that no JSON holds, as a client with a fault sends them.
var odd = []string{
	`{"a":"\{{x}}"}`, `{"a":"\{{x}}`, `{"a":"\\\{{env.X}}"}`, `["\{{","{{"]`, `{"a":"{\{{x"}`, `{"a":"\{\{{{x"}`, `{"a":"\{{{{{x}}"}`, `{"a":"\{{'\{{'}}"}`,
	`{a:\{{x}}}`, `{{'{{'}}`, `{{'}}`, `[{{''}}]`, `{"a":"{\"b\":\"\{{x\"}"}`, "[\"\\\n{{", "\ufeff{\"\\{{", `["\u{{`, `[\"{{`, `["\\{{`, `"\{{`, `{`, `{{`, `\`, `["{\`,
}

// Whatever was sent, its literal text expands to the same bytes.
func TestLiteralIsExact(t *testing.T) {
	t.Parallel()
	for _, text := range odd {
		exact(t, []byte(text))
	}
	random, pieces := rand.New(rand.NewPCG(1, 2)), []string{"{", "{", "{{", `\`, `\`, `"`, "}", "}}", "'", "x", "[", ",", "\n", "\xff", "\x00", "uuid", "\ufeff", `\u0041`}
	for range 50_000 {
		text := []string{"", "{", "[", `{"a":"`, `["{`, `["{\"`}[random.IntN(6)]
		for range random.IntN(14) {
			text += pieces[random.IntN(len(pieces))]
		}
		exact(t, []byte(text))
	}
}

func exact(t *testing.T, text []byte) {
	t.Helper()
	literal := Literal(text)
	got, err := reviewed("{}").Expand(context.Background(), literal)
	if err != nil || !bytes.Equal(got, text) {
		t.Fatalf("%q is written %q, and that stands for %q (%v)", text, literal, got, err)
	}
}

// FuzzLiteralIsExact holds that Expand undoes Literal for any bytes, and that
// both leave alone what has no braces.
func FuzzLiteralIsExact(f *testing.F) {
	for _, text := range odd {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) { exact(t, text) })
}

// What a literal text stands for does not hang on what is written around it.
func TestLiteralMeansTheSameEverywhere(t *testing.T) {
	t.Parallel()
	for _, text := range odd {
		for _, around := range [][2]string{{"", ""}, {"[", "]"}, {`{"a":"`, `"}`}, {`{"a":"{\"b\":\"`, `\"}"}`}, {`"`, ""}, {`["\\`, ""}, {"{{uuid}}", "{{now}}"}} {
			r := resolver()
			got, err := r.Expand(context.Background(), []byte(around[0]+string(Literal([]byte(text)))+around[1]))
			want := around[0] + text + around[1]
			if around[0] == "{{uuid}}" {
				if strings.HasSuffix(text, "{") || strings.HasSuffix(text, `\`) {
					continue // what is typed right behind it belongs to it
				}
				want = "id-1" + text + "1767294245678"
			}
			if err != nil || string(got) != want {
				t.Errorf("%q between %q is %q, %v", text, around, got, err)
			}
		}
	}
}
