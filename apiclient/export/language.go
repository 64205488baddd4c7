package export

import (
	"fmt"
	"maps"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// language is how programs in one language are written.
type language struct {
	name     string
	comment  string // begins one
	join     string // between the parts of a text
	lineJoin string // the same at the end of a line
	env      string // a secret of the environment, by its name
	quote    func(s string) string
	names    map[string]string // of the placeholders of a rule, as variables or expressions
	text     string            // bytes of a text; "%s" where both are the same
	bytes    string            // several of them put together
	between  string            // between them
	times    map[apiclient.TimeFormat]string
	// encodings write a signature that is base64 in the variable $.
	encodings map[signing.Encoding]string
}

// content writes the signed bytes as an expression: texts in a row are put together
// first.
func (l language) content(parts []signing.Part) string {
	var groups, row []string
	flush := func() {
		if len(row) > 0 {
			groups = append(groups, fmt.Sprintf(l.text, strings.Join(row, l.join)))
			row = nil
		}
	}
	for _, p := range parts {
		switch {
		case p.Name == "body":
			flush()
			groups = append(groups, l.names["body"])
		case p.Name != "":
			row = append(row, l.names[p.Name])
		default:
			row = append(row, l.quote(p.Literal))
		}
	}
	flush()
	if len(groups) == 0 {
		groups = []string{fmt.Sprintf(l.text, l.quote(""))}
	}
	return fmt.Sprintf(l.bytes, strings.Join(groups, l.between))
}

// quoted writes a text in double quotes: short escapes where C has them, and for
// all else that cannot be typed what the language writes.
func quoted(s, also string, escape func(r rune) string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\' || strings.ContainsRune(also, r):
			b.WriteString("\\" + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r >= 0x200b && r <= 0x200f ||
			r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			b.WriteString(escape(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

func plain(also string, escape func(r rune) string) func(string) string {
	return func(s string) string { return quoted(s, also, escape) }
}

func u4or8(r rune) string {
	if r < 0x10000 {
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// javaQuote writes ASCII alone: how javac reads other characters depends on where
// it runs. It reads \u before anything else, so that a control character is octal.
func javaQuote(s string) string {
	text := quoted(s, "", func(r rune) string {
		if r < ' ' || r == 0x7f {
			return fmt.Sprintf(`\%03o`, r)
		}
		return string(r)
	})
	var b strings.Builder
	for _, r := range text {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

var camel = map[string]string{"method": "method", "uri": "uri", "client_id": "clientId", "merchant_id": "MERCHANT_ID",
	"request_id": "requestId", "time": "time", "body": "body"}

func with(base map[string]string, pairs ...string) map[string]string {
	m := maps.Clone(base)
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

// encodings returns the spellings of a value, with how a language percent-encodes
// it, replaces a text, and trims one at the end.
func encodings(percent string, replace func(in, old, now string) string, trim func(in string) string) map[signing.Encoding]string {
	lower := replace(replace(replace("$", "+", "%2b"), "/", "%2f"), "=", "%3d")
	safe := replace(replace("$", "+", "-"), "/", "_")
	return map[signing.Encoding]string{signing.PercentBase64: percent, signing.PercentBase64Lower: lower, signing.Base64: "$",
		signing.Base64URL: safe, signing.Base64URLRaw: trim(safe)}
}

// method returns a call of a method that replaces a text.
func methodCall(name string) func(in, old, now string) string {
	return func(in, old, now string) string { return fmt.Sprintf("%s.%s(%q, %q)", in, name, old, now) }
}

// times returns the time formats; utc writes the current time by a pattern.
func times(ms, s string, utc func(pattern string) string, patterns [5]string) map[apiclient.TimeFormat]string {
	return map[apiclient.TimeFormat]string{apiclient.Millis: ms, apiclient.Seconds: s, apiclient.ISO: utc(patterns[0]),
		apiclient.ISOUTC: utc(patterns[1]), apiclient.ISOms: utc(patterns[2]),
		apiclient.ISOmsZone: utc(patterns[3]), apiclient.ISOzone: utc(patterns[4])}
}

func languages() map[string]language {
	return map[string]language{
		"go": {
			name: "go", comment: "//", join: " + ", lineJoin: " +", env: "secret(%q)",
			quote: plain("", u4or8),
			names: with(camel, "client_id", "clientID", "request_id", "requestID", "merchant_id", "merchantID", "path",
				"pathOf(uri)", "query", "queryOf(uri)"),
			text: "[]byte(%s)", bytes: "slices.Concat(%s)", between: ", ",
			times: times("fmt.Sprint(time.Now().UnixMilli())", "fmt.Sprint(time.Now().Unix())",
				func(p string) string { return fmt.Sprintf("time.Now().UTC().Format(%q)", p) },
				[5]string{"2006-01-02T15:04:05-07:00", "2006-01-02T15:04:05Z", "2006-01-02T15:04:05.000Z",
					"2006-01-02T15:04:05.000-07:00", "2006-01-02T15:04:05-0700"}),
			encodings: encodings("url.QueryEscape($)", func(in, old, now string) string {
				return fmt.Sprintf("strings.ReplaceAll(%s, %q, %q)", in, old, now)
			},
				func(in string) string { return `strings.TrimRight(` + in + `, "=")` }),
		},
		"java": {
			name: "java", comment: "//", join: " + ", lineJoin: ",", env: "secret(%q)", quote: javaQuote,
			names: with(camel, "path", `uri.split("\\?", 2)[0]`, "query", `(uri.contains("?") ? uri.substring(uri.indexOf('?') + 1) : "")`),
			text:  "(%s).getBytes(UTF_8)", bytes: "concat(%s)", between: ", ",
			times: times("String.valueOf(System.currentTimeMillis())", "String.valueOf(Instant.now().getEpochSecond())",
				func(p string) string {
					return fmt.Sprintf("OffsetDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern(%q))", p)
				},
				[5]string{"uuuu-MM-dd'T'HH:mm:ssxxx", "uuuu-MM-dd'T'HH:mm:ss'Z'", "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'",
					"uuuu-MM-dd'T'HH:mm:ss.SSSxxx", "uuuu-MM-dd'T'HH:mm:ssxx"}),
			encodings: encodings("URLEncoder.encode($, UTF_8)", methodCall("replace"),
				func(in string) string { return in + `.replace("=", "")` }),
		},
		"node": {
			name: "node", comment: "//", join: " + ", lineJoin: " +", env: "secret(%q)",
			quote: plain("", func(r rune) string { return fmt.Sprintf(`\u{%x}`, r) }),
			names: with(camel, "path", `uri.split("?")[0]`, "query", `(uri.split(/\?(.*)/s)[1] ?? "")`),
			text:  "Buffer.from(%s)", bytes: "Buffer.concat([%s])", between: ", ",
			times: times("String(Date.now())", "String(Math.floor(Date.now() / 1000))",
				func(p string) string { return "new Date().toISOString()" + p },
				[5]string{`.replace(/\.\d+Z/, "+00:00")`, `.replace(/\.\d+Z/, "Z")`, "", `.replace("Z", "+00:00")`,
					`.replace(/\.\d+Z/, "+0000")`}),
			encodings: encodings("encodeURIComponent($)", methodCall("replaceAll"),
				func(in string) string { return in + `.replaceAll("=", "")` }),
		},
		"python": {
			name: "python", comment: "#", join: " + ", lineJoin: " +", env: "secret(%q)",
			quote: plain("", func(r rune) string {
				if r < 0x100 {
					return fmt.Sprintf(`\x%02x`, r)
				}
				return u4or8(r)
			}),
			names: map[string]string{"method": "method", "uri": "uri", "client_id": "client_id",
				"merchant_id": "MERCHANT_ID", "request_id": "request_id",
				"time": "time", "body": "body", "path": `uri.partition("?")[0]`, "query": `uri.partition("?")[2]`},
			text: "(%s).encode()", bytes: "%s", between: " + ",
			times: times("str(clock.time_ns() // 1_000_000)", "str(int(clock.time()))",
				func(p string) string { return "datetime.datetime.now(datetime.timezone.utc)." + p },
				[5]string{`isoformat(timespec="seconds")`, `strftime("%Y-%m-%dT%H:%M:%SZ")`,
					`isoformat(timespec="milliseconds").replace("+00:00", "Z")`,
					`isoformat(timespec="milliseconds")`, `strftime("%Y-%m-%dT%H:%M:%S%z")`}),
			encodings: encodings(`urllib.parse.quote($, safe="")`, methodCall("replace"),
				func(in string) string { return in + `.rstrip("=")` }),
		},
		"php": {
			name: "php", comment: "//", join: " . ", lineJoin: " .", env: "secret(%q)",
			quote: plain("$", func(r rune) string { return fmt.Sprintf(`\u{%x}`, r) }),
			names: map[string]string{"method": "$method", "uri": "$uri", "client_id": "$clientId",
				"merchant_id": "MERCHANT_ID", "request_id": "$requestId",
				"time": "$time", "body": "$body", "path": `explode("?", $uri, 2)[0]`, "query": `(explode("?", $uri, 2)[1] ?? "")`},
			text: "%s", bytes: "%s", between: " . ",
			times: times("(string) (int) floor(microtime(true) * 1000)", "(string) time()",
				func(p string) string {
					return fmt.Sprintf(`(new DateTimeImmutable("now", new DateTimeZone("UTC")))->format('%s')`, p)
				},
				[5]string{`Y-m-d\TH:i:sP`, `Y-m-d\TH:i:s\Z`, `Y-m-d\TH:i:s.v\Z`, `Y-m-d\TH:i:s.vP`, `Y-m-d\TH:i:sO`}),
			encodings: encodings("rawurlencode($)", func(in, old, now string) string {
				return fmt.Sprintf("str_replace(%q, %q, %s)", old, now, in)
			},
				func(in string) string { return "rtrim(" + in + `, "=")` }),
		},
		"csharp": {
			name: "csharp", comment: "//", join: " + ", lineJoin: " +", env: "Secret(%q)", quote: plain("", u4or8),
			names: with(camel, "merchant_id", "MerchantId", "path", "uri.Split('?')[0]", "query",
				`(uri.Contains("?") ? uri.Substring(uri.IndexOf('?') + 1) : "")`),
			text: "Encoding.UTF8.GetBytes(%s)", bytes: "Concat(%s)", between: ", ",
			times: times("DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString()",
				"DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString()",
				func(p string) string {
					return fmt.Sprintf("DateTimeOffset.UtcNow.ToString(%q, CultureInfo.InvariantCulture)", p)
				},
				[5]string{"yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
					"yyyy-MM-dd'T'HH:mm:ss.fffzzz", "yyyy-MM-dd'T'HH:mm:ss'+0000'"}),
			encodings: encodings("Uri.EscapeDataString($)", methodCall("Replace"), func(in string) string { return in + `.TrimEnd('=')` }),
		},
	}
}
