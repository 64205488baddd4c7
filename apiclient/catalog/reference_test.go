package catalog

import (
	"strings"
	"testing"
)

// A schema may be named by its place, by an anchor, or by an $id, and names inside of
// one that has an $id are its own.
func TestReferences(t *testing.T) {
	t.Parallel()
	const document = `{"$defs":{
  "Address":{"$id":"https://example.com/schemas/address","$anchor":"whole","properties":{"zip":{"$ref":"#/$defs/zip"},"old":{"$ref":"#/$defs/Other"}},
    "$defs":{"zip":{"type":"string"},"list":{"$id":"list#","items":{"$ref":"address#whole"}}}},
  "Other":{"type":"null"},"a/b %":{"$anchor":"odd","type":"boolean"}},"$ref":"REF"}`
	tests := []struct{ ref, body, want string }{
		{"https://example.com/schemas/address", `{"zip":1}`, `"/zip" 1:8 zip: a string expected, is a number; write "1"`},
		{"https://example.com/schemas/address#whole", `{"zip":"1"}`, ""},
		{"https://example.com/schemas/address#", `{"old":1}`, `"/old" 1:8 old: null expected, is a number`},
		{"https://example.com/schemas/address#/$defs/zip", `null`, `"" 1:1 the body: a string expected, is null`},
		{"https://example.com/schemas/list", `[{"zip":1}]`, `"/0/zip" 1:9 0.zip: a string expected, is a number; write "1"`},
		{"#/$defs/Address/$defs/zip", `"a"`, ""},
		{"#/$defs/a~1b%20%25", `1`, `"" 1:1 the body: a boolean expected, is a number`},
		{"#odd", `1`, `"" 1:1 the body: a boolean expected, is a number`},
		{"#whole", `1`, "d:4:78: $ref #whole leads nowhere"},
		{"address", `1`, "d:4:78: $ref address leads out of the document; other files and addresses are not loaded"},
	}
	for _, tt := range tests {
		text, fault := readText([]byte(strings.Replace(document, "REF", tt.ref, 1)))
		if fault != nil {
			t.Fatal(fault)
		}
		k, err := contractOf(t.Context(), text)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = written(k.check([]byte(tt.body)))
		}
		if got != tt.want {
			t.Errorf("%s %s\n got %s\nwant %s", tt.ref, tt.body, got, tt.want)
		}
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for format, c := range map[string]struct{ good, bad []string }{
		"uri-template":          {[]string{"", "/pay/{id}{?lang}", "https://a.example/{+path}/x%20"}, []string{"/{id", "/id}", "{}", "a b", "%2"}},
		"relative-json-pointer": {[]string{"0", "1/a", "2/a~1b/0", "0#", "10"}, []string{"", "/a", "01", "-1", "1#/a", "1a", "0/~2"}},
		"json-pointer":          {[]string{"", "/a/~0b", "/"}, []string{"a", "/~"}},
		"duration":              {[]string{"P1D", "PT1H", "P2W"}, []string{"1D", "P", "P1DT", "PT"}},
		"uri":                   {[]string{"https://a.example/x"}, []string{"a", "/a", "https://a b"}},
		"date":                  {[]string{"2026-02-28"}, []string{"2026-02-30", "26-1-1"}},
		"ipv6":                  {[]string{"::1"}, []string{"1.2.3.4", "fe80::1%eth0"}},
	} {
		for _, s := range c.good {
			if !formats[format].valid(s) {
				t.Errorf("%s: %q is refused", format, s)
			}
		}
		for _, s := range c.bad {
			if formats[format].valid(s) {
				t.Errorf("%s: %q is accepted", format, s)
			}
		}
	}
}
