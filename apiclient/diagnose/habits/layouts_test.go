package habits

import (
	"strings"
	"testing"

	"countersign/apiclient/diagnose/search"
)

func TestForm(t *testing.T) {
	t.Parallel()
	names := map[search.Part]string{
		search.Method: "<m>", search.Target: "<u>", search.Client: "<c>", search.Time: "<t>", search.Body: "<b>", search.None: "",
	}
	for _, c := range []struct {
		pattern string
		texts   []string
		want    string
	}{
		{"M U\nC.T.B", nil, "<m> <u>\n<c>.<t>.<b>"},
		{"", nil, ""},
		{"B.", nil, "<b>."},
		{"M~U~B", []string{"|"}, "<m>|<u>|<b>"},
		{"M~U~C~", []string{"1", "2"}, "<m>1<u>2<c>2"},
		{"~B", []string{"METHOD~"}, "METHOD~<b>"}, // texts stand for themselves
	} {
		var b strings.Builder
		for _, p := range (form{c.pattern, c.texts}).appendPieces(nil) {
			b.Write(p.Literal)
			b.WriteString(names[p.Part])
		}
		if b.String() != c.want {
			t.Errorf("%q %q: %q", c.pattern, c.texts, b.String())
		}
	}
}
