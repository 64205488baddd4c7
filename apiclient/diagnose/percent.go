package diagnose

import (
	"net/url"
	"strings"

	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/diagnose/variant"
)

// percentEncoders are the encoders of common languages.
var percentEncoders = []struct {
	f    func(string) string
	code string
	cost int
}{
	{bodies.PercentAll, "`encodeURIComponent`, `rawurlencode` or `quote(s, safe='')`", variant.Usual},
	{url.QueryEscape, "`URLEncoder.encode`, `url.QueryEscape`, `quote_plus` or `urlencode`", variant.Usual},
	{bodies.EncodeURI, "`encodeURI`", variant.Usual},
	{func(s string) string { return bodies.Percent(s, bodies.Unreserved+"/", false) }, "Python's `quote`", variant.Plausible},
	{url.PathEscape, "`url.PathEscape`", variant.Plausible},
	{func(s string) string { return bodies.Percent(s, bodies.Unreserved, true) }, "a percent-encoder with lower-case hex", variant.Plausible},
	{func(s string) string { return bodies.Percent(s, bodies.Unreserved+"/", true) }, "a percent-encoder with lower-case hex", variant.Rare},
	{func(s string) string { return lowerEscapes(url.QueryEscape(s)) }, "`HttpUtility.UrlEncode` of .NET", variant.Plausible},
	{bodies.EncodeURIComponent, "`encodeURIComponent`", variant.Usual},
	{func(s string) string { return bodies.PercentAll(bodies.PercentAll(s)) }, "encoding what is encoded already", variant.Rare},
}

// lowerEscapes writes the hex of percent-escapes in lower case.
func lowerEscapes(s string) string { return mapEscapes(s, strings.ToLower) }

func upperEscapes(s string) string { return mapEscapes(s, strings.ToUpper) }

func mapEscapes(s string, f func(string) string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			b.WriteString(f(s[i : i+3]))
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
