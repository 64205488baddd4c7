package variables

import (
	"context"
	"errors"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/hint"
)

func TestKnown(t *testing.T) {
	t.Parallel()
	r := resolver()
	r.Environ = func() []string {
		return []string{"B=2", "A_TOKEN=hide", "A=" + strings.Repeat("é", 100), "=C:", "odd}=1"}
	}
	r.Endpoints = func(context.Context) ([]string, error) { return []string{"payments/pay"}, nil }
	list, err := r.Known(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, k := range list {
		values[k.Name] = k.Says()
		if strings.Contains(k.Value, "hide") {
			t.Errorf("a secret is shown: %+v", k)
		}
		if !strings.HasSuffix(k.Name, ".") {
			if _, err := r.Expand(context.Background(), []byte("{{"+k.Name+"}}")); err != nil && !strings.HasPrefix(k.Name, "env.") {
				t.Errorf("{{%s}} is offered, but: %v", k.Name, err)
			}
		}
	}
	for name, want := range map[string]string{"now": "1767294245678", "profile.client_id": "2021", "env.B": "2", "last.payments/pay.": "a value of its last answer"} {
		if values[name] != want {
			t.Errorf("%s: %q, not %q", name, values[name], want)
		}
	}
	for _, none := range []string{"profile.merchant_id", "env.", "env.odd}"} {
		if _, ok := values[none]; ok {
			t.Errorf("%s is offered", none)
		}
	}
	list, err = r.Known(context.Background(), "last.payments/pay")
	if err != nil || len(list) != 5 {
		t.Fatalf("%v, %v", list, err)
	}
	for _, k := range list { // what is offered can be written, and has that value
		got, err := r.Expand(context.Background(), []byte("{{"+k.Name+"}}"))
		if err != nil || string(got) != k.Value {
			t.Errorf("{{%s}} gives %q, %v; %q was offered", k.Name, got, err, k.Value)
		}
	}
	if _, err := r.Known(context.Background(), "last.nothing"); err == nil || !strings.Contains(err.Error(), "no answered run") {
		t.Errorf("%v", err)
	}
}

func TestExpandDraft(t *testing.T) {
	t.Parallel()
	r := resolver()
	d := apiclient.Draft{Body: []byte(`{"a":"{{uuid}}"}`), Target: "/x?id={{uuid}}", Header: []apiclient.Field{{Name: "X", Value: "{{profile.name}}"}}}
	got, err := r.ExpandDraft(context.Background(), d)
	if err != nil || string(got.Body) != `{"a":"id-1"}` || got.Target != "/x?id=id-2" || got.Header[0].Value != "staging" {
		t.Errorf("%s %s %v, %v", got.Body, got.Target, got.Header, err)
	}
	if d.Header[0].Value != "{{profile.name}}" {
		t.Error("the draft itself was changed")
	}
	d.Header[0].Value = "{{env.NONE}}"
	_, err = r.ExpandDraft(context.Background(), d)
	var e *Error
	if !errors.As(err, &e) || hint.Of(err) == "" || !strings.HasPrefix(err.Error(), "the header X: the variable {{env.NONE}} has no value") {
		t.Errorf("%v", err)
	}
	d.Target = "/{{nope}}"
	if _, err = r.ExpandDraft(context.Background(), d); err == nil || !strings.HasPrefix(err.Error(), "the path: ") {
		t.Errorf("%v", err)
	}
}
