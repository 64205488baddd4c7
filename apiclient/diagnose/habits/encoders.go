package habits

import (
	"strings"

	"countersign/apiclient/diagnose/bodies"
)

// encoder is a rule of percent-encoding: what stays as it is besides letters and
// digits, and how the rest is written. What each keeps was read from its output,
// see .ci/stacks.
type encoder struct {
	code   string // that uses it
	keep   string // what it leaves alone, as far as it is ASCII
	spaces string // what a space becomes
	lower  bool   // with lower-case hex
	high   bool   // bytes from 0x80 on stay, too
	cost   int
}

// encoders are those of common languages and of the libraries that send.
var encoders = []encoder{
	{"`rawurlencode`, `quote(s, safe='')` or `ERB::Util.url_encode`", "-_.~", "%20", false, false, usual},
	{"`url.QueryEscape`, `quote_plus` or `urlencode` of Python", "-_.~", "+", false, false, usual},
	{"`encodeURIComponent`", "-_.!~*'()", "%20", false, false, usual},
	{"`URLEncoder.encode` of Java, `URLSearchParams` or `URI.encode_www_form`", "-_.*", "+", false, false, usual},
	{"`urlencode` or `http_build_query` of PHP", "-_.", "+", false, false, usual},
	{"`encodeURI`", "-_.!~*'();/?:@&=+$,#", "%20", false, false, usual},
	{"`URLEncoder.encode` of Java with %20 for +, or OkHttp's `addQueryParameter`", "-_.*", "%20", false, false, plausible},
	{"axios, which leaves : $ and , alone", "-_.!~*'():$,", "+", false, false, plausible},
	{"axios before 1.0, which leaves brackets alone, too", "-_.!~*'():$,[]", "+", false, false, plausible},
	{"Python's `quote`", "-_.~/", "%20", false, false, plausible},
	{"`url.PathEscape`", "-_.~$&+:=@", "%20", false, false, plausible},
	{"`URL` of browsers and Node in a query", "-_.!~*()$&+,/:;=?@[]\\^`{|}%", "%20", false, false, plausible},
	{"`URL` of browsers and Node in a path", "-_.!~*'()$&+,/:;=@[]\\|%", "%20", false, false, plausible},
	{"requests or Guzzle, which escape only what no URL may have", "-_.~!$&'()*+,/:;=?@[]%", "%20", false, false, plausible},
	{"an encoder that escapes spaces alone", " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "%20", false, true, plausible},
	{"an encoder that escapes spaces and what is not ASCII", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "%20", false, false, plausible},
	{"joining names and values without encoding them", " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", " ", false, true, plausible},
	{"`HttpUtility.UrlEncode` of .NET", "-_.!*()", "+", true, false, plausible},
	{"a percent-encoder with lower-case hex", "-_.~", "%20", true, false, plausible},
	{"Python's `quote`, in lower case", "-_.~/", "%20", true, false, rare},
	{"an encoder that keeps only letters and digits", "", "%20", false, false, plausible},
}

// encode writes s by the rule.
func (e encoder) encode(s string) string {
	keep := bodies.Unreserved[:62] + e.keep
	if e.high {
		keep += highBytes
	}
	return strings.ReplaceAll(bodies.Percent(s, keep, e.lower), "%20", e.spaces)
}

// highBytes are those from 0x80 on.
var highBytes = func() string {
	b := make([]byte, 0x80)
	for i := range b {
		b[i] = 0x80 + byte(i) //nolint:gosec // below 0x100
	}
	return string(b)
}()

// isAlphanumeric reports the characters that no encoder touches.
func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// whole reports whether the encoder is one that code uses on a text of its own,
// not one that only joins or repairs a URL.
func (e encoder) whole() bool { return !strings.Contains(e.keep, "%") && !e.high }

// senders are what libraries do to the URL that they are given, as their
// User-Agent begins: what was read from their output, see .ci/stacks.
var senders = []struct{ agent, does string }{
	{"axios", "axios writes spaces as +, leaves : $ , alone, writes arrays as name[] and drops null and undefined"},
	{"got", "got writes a query as URLSearchParams does: spaces as +, ~ as %7E, * alone"},
	{"node-superagent", "superagent writes objects as qs does, with brackets, and spaces as %20"},
	{"node-fetch", "the URL class escapes blanks, quotes, < and > and what is not ASCII, and takes dot segments out"},
	{"node", "the URL class escapes blanks, quotes, < and > and what is not ASCII, and takes dot segments out"},
	{"undici", "undici writes a query as URLSearchParams does, and repeats the name for arrays"},
	{"python-requests", "requests drops None, repeats the name for lists, and writes %7E as ~ and other escapes that " +
		"no URL needs as they are"},
	{"python-httpx", "httpx writes None as nothing, True as true, and repeats the name for lists"},
	{"Go-http-client", "url.Values.Encode sorts by name and writes spaces as +"},
	{"go-resty", "resty sorts parameters by name and writes spaces as +"},
	{"fasthttp", "fasthttp decodes and cleans the path, and writes it again"},
	{"GuzzleHttp", "Guzzle writes arrays as name[0], spaces as %20, true as 1, and drops null"},
	{"Faraday", "Faraday sorts parameters by name, writes arrays as name[] and spaces as +"},
	{"Ruby", "URI.encode_www_form writes spaces as + and ~ as %7E"},
	{"okhttp", "OkHttp escapes quotes and blanks in a URL, and everything but - . _ * in parameters that it is given one by one"},
	{"Java-http-client", "java.net.URI keeps what it is given, and its constructor with several arguments escapes what no URL may have"},
}

// sender returns what the library that sent the request does to URLs; "" where
// the request does not name one that is known.
func (src *Source) sender() string {
	agent := strings.ToLower(src.Exchange.Request.Get("User-Agent"))
	for _, s := range senders {
		if strings.HasPrefix(agent, strings.ToLower(s.agent)) {
			return s.does
		}
	}
	return ""
}
