// Package rawbody tells how to reach the bytes of a request's body in the frameworks
// that parse it first. A signature covers those bytes: what a parser has read and a
// serialiser written again differs in spaces, order, escapes or numbers.
package rawbody

import (
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/lazyregexp"
)

// Recipe is how to do it in one framework.
type Recipe struct {
	Framework string
	Do        string // one sentence
	Code      string // lines that can be copied
	Trap      string // what goes wrong there; "": nothing that is its own

	known *lazyregexp.Regexp // in headers, log lines or error pages that come from it
}

// Recipes are those of the frameworks that merchants' callback handlers are written with.
var Recipes = []Recipe{
	{"Express", "Keep the buffer before the JSON parser makes an object of it.",
		"app.use(express.json({ verify: (req, res, buf) => { req.rawBody = buf } }))\n// verify the signature over " +
			"req.rawBody, not JSON.stringify(req.body)",
		"A body parser that runs before this one has taken the stream: register it first.",
		lazyregexp.New(`(?i)x-powered-by: express|\bexpress(?:js|\.json)?\b|body-parser|node_modules`)},
	{"Spring", "Take the body as bytes, not as a DTO.",
		"@PostMapping(\"/hooks\")\nResponseEntity<?> hook(@RequestBody byte[] body, @RequestHeader HttpHeaders " +
			"headers)\n// verify over body, then objectMapper.readValue(body, Notification.class)",
		"ContentCachingRequestWrapper has the bytes only after something has read the stream.",
		lazyregexp.New(`(?i)springframework|\bspring(?:-?boot)?\b|apache tomcat|"timestamp":.*"status":.*"error":.*"path":|fasterxml|jackson`)},
	{"Flask", "Ask for the data before anything else reads the request.",
		"raw = request.get_data()          # bytes; before request.json or request.form\n# verify over raw, then json.loads(raw)",
		"json.dumps writes \", \" and \": \" and escapes what is not ASCII: it never gives the body back.",
		lazyregexp.New(`(?i)werkzeug|\bflask\b`)},
	{"Django", "Use request.body, which is bytes.",
		"raw = request.body                # before request.POST, and before request.data of REST framework\n# verify " +
			"over raw, then json.loads(raw)",
		"With REST framework request.data is parsed, and afterwards request.body raises RawPostDataException.",
		lazyregexp.New(`(?i)wsgiserver|\bdjango\b|csrftoken`)},
	{"Laravel", "Use the content of the request, not its input.",
		"$raw = $request->getContent();    // not $request->all(), not json_encode($request->input())\n// verify over " +
			"$raw, then json_decode($raw, true)",
		"TrimStrings and ConvertEmptyStringsToNull change the input, and json_encode escapes / as \\/.",
		lazyregexp.New(`(?i)\blaravel|illuminate\\|xsrf-token`)},
	{"Rails", "Use raw_post, not params.",
		"raw = request.raw_post            # not params.to_json\n# verify over raw, then JSON.parse(raw)",
		"params has the keys of the path and the action in it as well.",
		lazyregexp.New(`(?i)\brails\b|x-runtime:|actioncontroller|action_dispatch|puma`)},
	{"Gin", "Read the bytes first, and put them back for the binding.",
		"raw, err := c.GetRawData()\nc.Request.Body = io.NopCloser(bytes.NewReader(raw)) // for c.ShouldBindJSON\n// verify over raw",
		"A struct or a map that is marshalled again has another order of keys, and escapes <, > and &.",
		lazyregexp.New(`(?i)\bgin(?:-gonic)?\b`)},
}

// Text returns a recipe as lines.
func (r Recipe) Text() string {
	text := r.Framework + ": " + r.Do + "\n"
	for line := range strings.Lines(r.Code) {
		text += "    " + strings.TrimRight(line, "\n") + "\n"
	}
	if r.Trap != "" {
		text += "  " + r.Trap + "\n"
	}
	return text
}

// longest bounds what is looked through for the name of a framework, in bytes.
const longest = 64 << 10

// Named returns the recipes of the frameworks that a text comes from: the head of
// an answer, an error page, a log. None: it does not say.
func Named(text []byte) []Recipe {
	text = text[:min(len(text), longest)]
	var found []Recipe
	for _, r := range Recipes {
		if r.known.Match(text) {
			found = append(found, r)
		}
	}
	return found
}

// parsed are the causes of a body that was read by a parser and written again.
var parsed = []string{"body_not_raw", "body_whitespace_changed", "body_all_whitespace_removed", "body_compact_signed", "body_pretty_signed",
	"body_python_separators_signed", "body_key_order_changed", "body_array_order_changed", "body_key_names_changed",
	"body_unicode_escaped_signed", "body_unicode_unescaped_signed", "body_html_escaped_signed", "body_slash_escaped_signed",
	"body_slash_unescaped_signed", "body_number_reformatted", "body_number_precision_lost", "body_boolean_reformatted",
	"body_boolean_literal_signed", "body_null_fields_dropped", "body_empty_fields_dropped", "body_null_replaced",
	"body_undefined_literal_signed", "body_empty_object_as_array", "body_date_format", "body_go_map_signed",
	"body_java_map_tostring_signed",
	"body_js_inspect_signed", "body_object_object_signed", "body_python_repr_signed", "body_php_dump_signed", "body_ruby_inspect_signed",
	"body_yaml_signed", "body_form_encoded_signed", "body_double_stringified", "body_inner_parsed", "body_inner_stringified"}

// Parsed reports whether a cause of diagnose is that a parsed body was signed or
// verified instead of its bytes.
func Parsed(cause string) bool { return slices.Contains(parsed, cause) }

// Advice is what to tell with such a cause: the recipe of the framework that a text
// names, else where all of them are.
func Advice(text []byte) string {
	found := Named(text)
	if len(found) != 1 {
		names := make([]string, len(Recipes))
		for i, r := range Recipes {
			names[i] = r.Framework
		}
		return fmt.Sprintf("How to reach the raw bytes in %s and %s: countersign help raw-body", strings.Join(names[:len(names)-1], ", "),
			names[len(names)-1])
	}
	r := found[0]
	return fmt.Sprintf("In %s: %s\n%s", r.Framework, r.Do, r.Code)
}
