package variables

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/jsontext"
)

func reviewed(answer string) *Resolver {
	return &Resolver{
		Now: time.Now, NewID: func() string { return "id" },
		Getenv: func(name string) (string, bool) { return `va"lue`, name == "X" },
		Last: func(context.Context, string) (*apiclient.Exchange, error) {
			return &apiclient.Exchange{Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(answer)}}, nil
		},
	}
}

// A backslash that is escaped itself is a character of the string, and no word
// to the variable behind it.
func TestEscapedBackslashBeforeAVariable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"a":"C:\\{{env.X}}"}`:      `{"a":"C:\\va\"lue"}`,
		`{"a":"C:\\\{{env.X}}"}`:     `{"a":"C:\\{{env.X}}"}`,
		`{"a":"C:\\\\{{env.X}}"}`:    `{"a":"C:\\\\va\"lue"}`,
		`{"a":"\{{env.X}}"}`:         `{"a":"{{env.X}}"}`,
		`\{{env.X}}`:                 `{{env.X}}`,
		`\\{{env.X}}`:                `\{{env.X}}`, // no JSON: there nothing escapes a backslash
		`{"a":"\\","b":"{{env.X}}"}`: `{"a":"\\","b":"va\"lue"}`,
	} {
		got, err := reviewed("{}").Expand(context.Background(), []byte(text))
		if err != nil || string(got) != want {
			t.Errorf("%s is %s, %v; want %s", text, got, err, want)
		}
	}
}

// What the other side answered stands for one value outside of a string, or
// for none: it cannot add members to the next request.
func TestAnAnswerAddsNoMembers(t *testing.T) {
	t.Parallel()
	for _, value := range []string{`1,"paymentAmount":{"value":"999"}`, `} {`, `1]`, ``, `"`, `a`, `1 // x`} {
		quoted, _ := json.Marshal(value)
		r := reviewed(`{"id":` + string(quoted) + `}`)
		got, err := r.Expand(context.Background(), []byte(`{"a":{{last.p.id}},"b":1}`))
		var fault *Error
		if !errors.As(err, &fault) || !strings.Contains(fault.Hint(), "quotes") {
			t.Errorf("%q gives %s, %v", value, got, err)
		}
		if got, err = r.Expand(context.Background(), []byte(`{"a":"{{last.p.id}}"}`)); err != nil || !json.Valid(got) {
			t.Errorf("%q in a string gives %s, %v", value, got, err)
		}
	}
	for _, value := range []string{`5`, `"5"`, `{"currency":"USD","value":"1"}`, `[1,2]`, `null`, `1e400`} {
		if got, err := reviewed(`{"id":`+value+`}`).Expand(context.Background(), []byte(`{"a":{{last.p.id}}}`)); err != nil || !json.Valid(got) {
			t.Errorf("%s gives %s, %v", value, got, err)
		}
	}
}

// Literal is what Expand undoes, whatever the text is.
func TestLiteral(t *testing.T) {
	t.Parallel()
	for _, text := range literals {
		undone(t, []byte(text))
	}
	same := []byte(`{"a":{"b":1}}`)
	if got := Literal(same); &got[0] != &same[0] {
		t.Error("a text without braces was copied")
	}
}

var literals = []string{
	`{"a":"{{env.X}}"}`, `{{env.X}}`, `{"a":"\\{{env.X}}"}`, `\{{env.X}}`, `{{{{`, `{"a":"{{{"}`, `[{{now}},"{{"]`, `{{a}}{{b`, `"{{env.X}}`, `\\{{x`,
}

func undone(t *testing.T, text []byte) {
	t.Helper()
	got, err := reviewed("{}").Expand(context.Background(), Literal(text))
	if err != nil {
		t.Fatalf("%q becomes %q: %v", text, Literal(text), err)
	}
	if bytes.Contains(got, []byte("va")) && !bytes.Contains(text, []byte("va")) {
		t.Fatalf("%q becomes %q: a variable was replaced", text, got)
	}
	if !bytes.Equal(got, text) && jsontext.Parse(text).Fault == nil {
		t.Fatalf("%q becomes %q, and that %q", text, Literal(text), got)
	}
}

func FuzzLiteral(f *testing.F) {
	for _, text := range literals {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) { undone(t, text) })
}
