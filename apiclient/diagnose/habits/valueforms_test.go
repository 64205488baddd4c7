package habits

import (
	"slices"
	"testing"
)

// What libraries make of a value before it is percent-encoded, and of arrays in
// objects, is found and named in both directions.
func TestValueForms(t *testing.T) {
	t.Parallel()
	const p = "/api/v2/pay"
	for _, tt := range []struct{ name, signed, sent, cause string }{
		{"NFC", p + "?n=Zo%C3%AB", p + "?n=Zoe%CC%88", "content_unicode_normalisation"},
		{"NFD, not encoded", p + "?n=Zoe\u0308&a=1", p + "?n=Zo%C3%AB&a=1", "content_unicode_normalisation"},
		{"NFD of a path", "/v2/cafe%CC%81", "/v2/caf%C3%A9", "content_unicode_normalisation"},
		{"Latin-1", p + "?n=caf%E9", p + "?n=caf%C3%A9", "query_reencoded"},
		{"Latin-1 sent", p + "?n=caf%c3%a9&b=x", p + "?n=caf%E9&b=x", "query_reencoded"},
		{"Latin-1 path", "/v2/caf%E9", "/v2/caf%C3%A9", "path_characters_differ"},
		{"JSON with blanks", p + "?f=%7B%22a%22%3A%20%5B1%2C%202%5D%7D", p + "?f=%7B%22a%22%3A%5B1%2C2%5D%7D", "query_reencoded"},
		{"JSON without blanks", p + `?f={"a,":[1,"b: c"]}`, p + "?f=%7B%22a%2C%22%3A+%5B1%2C+%22b%3A+c%22%5D%7D", "query_reencoded"},
		{"numbered items", p + "?f%5Bt%5D%5B0%5D=a&f%5Bt%5D%5B1%5D=b", p + "?f%5Bt%5D%5B%5D=a&f%5Bt%5D%5B%5D=b", "query_array_brackets"},
		{"dotted items", p + "?f.t=a&f.t=b", p + "?f%5Bt%5D%5B%5D=a&f%5Bt%5D%5B%5D=b", "query_array_brackets"},
		{"prefix of two words", "/merchant-api/v2/pay", "/miniprogram/api/v2/pay", "path_prefix_different"},
		{"prefix off, slash on", "/v2/pay/", "/x/y/v2/pay", "path_prefix_missing"},
		{"only the prefix", "/miniprogram/api/", "/miniprogram/api/v2/pay", "path_prefix_only"},
		{"matrix parameters", "/shop/v2/own", "/shop/v2;v=1/own;jsessionid=A1", "path_parameters"},
	} {
		src := sourceOf(tt.sent, "1795963496781", "")
		changes := changesTo(tt.signed, madeBy(tt.sent, src.Paths), append(slices.Concat(src.Targets(false), src.Catalogue()), src.PrefixWords()))
		if len(changes) == 0 || changes[0].Cause != tt.cause {
			t.Errorf("%s: %+v", tt.name, changes)
		}
	}
}
