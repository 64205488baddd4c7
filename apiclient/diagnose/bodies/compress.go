package bodies

import (
	"strings"

	"countersign/apiclient/diagnose/deflate"
	"countersign/apiclient/diagnose/variant"
)

// maxCompressed is the size in bytes up to which all compressors are tried.
const maxCompressed = 1 << 20

// Compressed gives the body as common platforms compress it. It takes some
// milliseconds, so it is not among Singles.
func (m *Maker) Compressed() []Variant {
	if len(m.sent) == 0 || len(m.sent) > maxCompressed {
		return nil
	}
	var list []Variant
	for i, c := range deflate.Variants(m.sent) {
		if m.stop() {
			break
		}
		who := strings.Join(append([]string{c.Name}, c.Also...), ", ")
		list = append(list, Variant{Bytes: c.Bytes, Cost: min(usual+i/12, exotic), Changes: []variant.Change{{
			Cause: "body_gzip_signed", Says: "The body was signed compressed, and received without compression.",
			Habit: "signing behind the code that compresses (" + who + "), or an HTTP client that decompresses by itself",
		}}})
	}
	return list
}
