package signing_test

import (
	"errors"
	"strings"
	"testing"

	"countersign/apiclient/signing"
)

var sample = signing.Content{
	Method: "POST", Target: "/v2/payments/pay?a=1&b=?", ClientID: "C", Time: "1682060290199", Body: []byte("{\"x\":\"\\u00e9\"}\n"),
	RequestID: "R", MerchantID: "M",
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		signing.DefaultTemplate:                                 "POST /v2/payments/pay?a=1&b=?\nC.1682060290199.{\"x\":\"\\u00e9\"}\n",
		"{method}.{uri}.{client_id}.{request_id}.{time}.{body}": "POST./v2/payments/pay?a=1&b=?.C.R.1682060290199.{\"x\":\"\\u00e9\"}\n",
		"{path}|{query}|{merchant_id}":                          "/v2/payments/pay|a=1&b=?|M",
		"{{{time}}}":                                            "{1682060290199}",
		"{{body}} }}{{":                                         "{body} }{",
		"{time}{time}":                                          "16820602901991682060290199",
		"nothing":                                               "nothing",
		`C:\dir`:                                                `C:\dir`,
		"é\r\n{client_id}":                                      "é\r\nC",
	} {
		tmpl, err := signing.ParseTemplate(template)
		if err != nil {
			t.Errorf("%q: %v", template, err)
			continue
		}
		if got := string(tmpl.Canonical(sample)); got != want {
			t.Errorf("%q: %q, want %q", template, got, want)
		}
		again, err := signing.ParseTemplate(tmpl.String())
		if err != nil || string(again.Canonical(sample)) != want || tmpl.String() != template {
			t.Errorf("%q written as %q (%v)", template, tmpl.String(), err)
		}
	}
	if got := (signing.Template{}).String(); got != signing.DefaultTemplate {
		t.Errorf("the zero template is %q", got)
	}
}

func TestDefaultTemplateIsTheRule(t *testing.T) {
	t.Parallel()
	parsed, err := signing.ParseTemplate(signing.DefaultTemplate)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors(t).Vectors {
		c := v.content(t)
		if string(parsed.Canonical(c)) != string(c.Canonical()) {
			t.Errorf("%s: the template and the rule differ", v.ID)
		}
	}
	if empty := string(signing.Content{}.Canonical()); empty != " \n.." {
		t.Errorf("empty content: %q", empty)
	}
}

func TestTemplateSpellings(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		"{clientId}.{timestamp}.{requestBody}":    "{client_id}.{time}.{body}",
		"{HTTP-Method}:{ uri }:{Request-Id}{{x}}": "{method}:{uri}:{request_id}{{x}}",
	} {
		got, err := signing.ParseTemplate(template)
		if err != nil || got.String() != want {
			t.Errorf("%q: %q, %v", template, got, err)
		}
	}
}

func TestTemplateErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		template     string
		offset       int
		says, hinted string
	}{
		{"", 0, "empty", "leave it out"},
		{"{method} {url}", 9, "{url} at byte 10 is no placeholder", "did you mean {uri}?"},
		{"{nonce}", 0, "{nonce}", "did you mean {request_id}?"},
		{"{nonsense}", 0, "{nonsense}", "{method} {uri} {path} {query} {client_id} {merchant_id} {request_id} {time} {body}"},
		{"{}", 0, "{}", "{method}"},
		{"a{uri", 1, "opens at byte 2 is never closed", "{{ for a brace"},
		{"{uri {time}", 0, "never closed", "{{ for a brace"},
		{"{", 0, "never closed", "{{"},
		{"x}", 1, "closes nothing", "}}"},
		{"{uri}}", 5, "closes nothing", "}}"},
		{`{method} {uri}\n{body}`, 14, "byte 15", "double quotes"},
	}
	for _, tt := range tests {
		_, err := signing.ParseTemplate(tt.template)
		var e *signing.TemplateError
		if !errors.As(err, &e) {
			t.Errorf("%q: error %v", tt.template, err)
			continue
		}
		if e.Offset != tt.offset || !strings.Contains(e.Error(), tt.says) || !strings.Contains(e.Hint(), tt.hinted) {
			t.Errorf("%q: at %d: %s (hint: %s)", tt.template, e.Offset, e.Error(), e.Hint())
		}
	}
}

func TestPlaceholdersAllHaveValues(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"method", "uri", "path", "query", "client_id", "merchant_id", "request_id", "time", "body"} {
		tmpl, err := signing.ParseTemplate("<{" + name + "}>")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := string(tmpl.Canonical(sample)); got == "<>" {
			t.Errorf("%s has no value", name)
		}
	}
}

func TestCanonicalIsOneAllocation(t *testing.T) {
	c := sample
	c.Body = make([]byte, 1<<16)
	other, err := signing.ParseTemplate("{method}.{path}.{query}.{client_id}.{request_id}.{time}.{body}")
	if err != nil {
		t.Fatal(err)
	}
	for name, tmpl := range map[string]signing.Template{"default": {}, "template": other} {
		if n := testing.AllocsPerRun(20, func() { tmpl.Canonical(c) }); n > 1 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
