package evidence

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// printed is how a form prints one exchange of known bytes.
var printed = map[string]func(request, answer string) string{
	"stream":           func(q, a string) string { return q + a },
	"stream, labelled": func(q, a string) string { return "Request:\n" + q + "\n--- Response ---\n" + a },
	"Go %q":            func(q, a string) string { return fmt.Sprintf("request=%q response=%q\n", q, a) },
	"JSON log":         func(q, a string) string { return jsonLine("message", q) + jsonLine("message", a) },
	"JSON in JSON": func(q, a string) string {
		inner, _ := json.Marshal(map[string]string{"sent": q, "got": a})
		return "2026-02-03T04:05:06Z INFO " + strconv.Quote(string(inner)) + "\n"
	},
	"Apache wire log": func(q, a string) string { return apacheLines(">>", q) + apacheLines("<<", a) },
	"Ruby debug": func(q, a string) string {
		return "opening connection...\n<- " + strconv.QuoteToASCII(q) + "\n-> " + strconv.QuoteToASCII(a) + "\nread\n"
	},
	"Python debug": func(q, a string) string {
		head, body, _ := strings.Cut(q, "\r\n\r\n")
		return "send: " + pythonBytes(head+"\r\n\r\n") + "\nsend: " + pythonBytes(body) + "\n" +
			"noise between\n" + pythonAnswer(a)
	},
	"curl --trace":     func(q, a string) string { return traceHex("=> Send header", q) + traceHex("<= Recv data", a) },
	"Wireshark's hex":  func(q, a string) string { return wiresharkHex("", q) + wiresharkHex("    ", a) },
	"Wireshark's YAML": func(q, a string) string { return yamlPacket("0", q) + yamlPacket("1", a) },
	"xxd":              func(q, a string) string { return xxd(q + a) },
	"raw hex": func(q, a string) string {
		return "Node 0\n" + hex.EncodeToString([]byte(q)) + "\n\t" + hex.EncodeToString([]byte(a)) + "\n"
	},
	"Burp": func(q, a string) string {
		part := func(name, s string) string {
			return "<" + name + ` base64="true"><![CDATA[` + base64.StdEncoding.EncodeToString([]byte(s)) + "]]></" + name + ">"
		}
		return "<?xml version=\"1.0\"?>\n<items burpVersion=\"2024\">\n<item>" + part("request", q) + part("response", a) +
			"</item>\n</items>\n"
	},
}

func jsonLine(name, s string) string {
	line, _ := json.Marshal(map[string]string{"level": "debug", name: s})
	return string(line) + "\n"
}

func apacheLines(mark, s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		fmt.Fprintf(&b, "2026-02-03 04:05:06.789 DEBUG 7 --- [main] org.apache.http.wire : http-outgoing-3 %s \"", mark)
		for _, c := range []byte(line) {
			switch {
			case c == '\r':
				b.WriteString(`[\r]`)
			case c == '\n':
				b.WriteString(`[\n]`)
			case c < 32 || c > 127:
				fmt.Fprintf(&b, "[0x%x]", c)
			default:
				b.WriteByte(c)
			}
		}
		b.WriteString("\"\n")
	}
	return b.String()
}

func pythonBytes(s string) string {
	var b strings.Builder
	b.WriteString("b'")
	for _, c := range []byte(s) {
		switch {
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\'' || c == '\\':
			b.WriteString(`\` + string(c))
		case c < 32 || c > 126:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + "'"
}

func pythonAnswer(a string) string {
	head, body, _ := strings.Cut(a, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	return "reply: " + pythonBytes(lines[0] + "\r\n")[1:] + "\nheader: " + strings.Join(lines[1:], "\nheader: ") + "\n" + body + "\n"
}

func traceHex(mark, s string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "== Info: Connected\n%s, %d bytes (0x%x)\n", mark, len(s), len(s))
	for at := 0; at < len(s); at += 16 {
		row := s[at:min(at+16, len(s))]
		fmt.Fprintf(&b, "%04x: %-48s%s\n", at, spaced(row, 1), strings.Map(dot, row))
	}
	return b.String()
}

func wiresharkHex(indent, s string) string {
	var b strings.Builder
	for at := 0; at < len(s); at += 16 {
		row := s[at:min(at+16, len(s))]
		left, right := row[:min(8, len(row))], row[min(8, len(row)):]
		fmt.Fprintf(&b, "%s%08x  %-24s %-24s  %s\n", indent, at, spaced(left, 1), spaced(right, 1), strings.Map(dot, row))
	}
	return b.String()
}

func xxd(s string) string {
	var b strings.Builder
	for at := 0; at < len(s); at += 16 {
		row := s[at:min(at+16, len(s))]
		fmt.Fprintf(&b, "%08x: %-40s %s\n", at, spaced(row, 2), strings.Map(dot, row))
	}
	return b.String()
}

// yamlPacket is a packet of a stream that Wireshark saved as YAML.
func yamlPacket(peer, s string) string {
	text := "  - packet: 4\n    peer: " + peer + "\n    index: 0\n    data: !!binary |\n"
	if peer == "0" {
		text = "peers:\n  - peer: 0\n    host: 10.0.0.1\npackets:\n" + text
	}
	for encoded := base64.StdEncoding.EncodeToString([]byte(s)); encoded != ""; encoded = encoded[min(76, len(encoded)):] {
		text += "      " + encoded[:min(76, len(encoded))] + "\n"
	}
	return text
}

func spaced(s string, group int) string {
	var b strings.Builder
	for i := 0; i < len(s); i += group {
		b.WriteString(hex.EncodeToString([]byte(s[i:min(i+group, len(s))])) + " ")
	}
	return b.String()
}

func dot(r rune) rune {
	if r < 32 || r > 126 {
		return '.'
	}
	return r
}

// What is read from a form made of known messages equals them, whatever is in
// the bodies.
func TestFormsKeepBytes(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a seed makes the test the same each time
	for name, form := range printed {
		for range 60 {
			body, answer := randomBody(random), randomBody(random)
			if strings.HasPrefix(name, "Go") || strings.HasPrefix(name, "JSON") || name == "Python debug" || name == "Ruby debug" {
				body, answer = strings.ToValidUTF8(body, "?"), strings.ToValidUTF8(answer, "?")
			}
			if name == "Apache wire log" {
				body, answer = strings.ReplaceAll(body, "[", "("), strings.ReplaceAll(answer, "[", "(")
			}
			if name == "Python debug" { // the answer is printed between its lines as it is
				answer = strings.ReplaceAll(answer, "send: ", "")
			}
			if name == "Ruby debug" {
				body, answer = strings.ReplaceAll(body, "\ufffd", "?"), strings.ReplaceAll(answer, "\ufffd", "?")
			}
			q := fmt.Sprintf("POST /v2/x HTTP/1.1\r\nHost: h\r\nSignature: s\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
			a := fmt.Sprintf("HTTP/1.1 200 OK\r\nSignature: t\r\nContent-Length: %d\r\n\r\n%s", len(answer), answer)
			text := form(q, a)
			e, err := Reader{}.Read([]byte(text))
			if err != nil || len(e.Exchanges) != 1 || e.Exchanges[0].Response == nil {
				t.Fatalf("%s: %v, %d exchanges\n%s", name, err, len(e.Exchanges), text)
			}
			x := e.Exchanges[0]
			if string(x.Request.Body) != body || string(x.Response.Body) != answer || x.Request.Get("Signature") != "s" {
				t.Fatalf("%s (%s): bodies %q and %q, want %q and %q\n%s", name, e.Kind, x.Request.Body, x.Response.Body, body, answer,
					text)
			}
		}
	}
}

// randomBody is made of what confuses readers.
func randomBody(random *rand.Rand) string {
	pieces := []string{"{\"a\":1}", "\r\n", "\n", "\\n", "\\\\r\\\\n", "\"", "\\\"", "'", "`", "茶", "\u2028", "💳", "\x00", "\xff", "\x7f",
		"HTTP/1.1 200 OK\r\n", "\nPOST /y HTTP/1.1\nA: b\n\n", "* Connection #0 to host h left intact", "--> END", " ", "\t", "0a ", "]]>",
		"<request>", "&amp;", "%41", "$", "send: b'x'", "\n\n", "0000: 41", ",", "}"}
	var b strings.Builder
	for range random.IntN(12) {
		b.WriteString(pieces[random.IntN(len(pieces))])
	}
	if b.Len() == 0 || !utf8.ValidString(b.String()) && random.IntN(2) == 0 {
		return "{}"
	}
	return b.String()
}
