package logged_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"countersign/apiclient/diagnose/logged"
)

const (
	path   = "/miniprogram/api/v2/payments/pay"
	client = "2077000000000000001234"
	stamp  = "1733000111222"
	body   = `{"paymentRequestId":"PR-7782","order":{"orderDescription":"Nina's tea 茶 \"large\" 50% off + <b>, C:\\new"},"n":1}`
	whole  = "POST " + path + "\n" + client + "." + stamp + "." + body
)

func guide() logged.Guide {
	return logged.Guide{
		Like: []byte(whole), Body: []byte(body), Marks: []string{"POST ", path, client, stamp},
		Breaks: []logged.Break{{Before: path, Text: "\n", After: client}},
	}
}

func read(text string) logged.Readings {
	return logged.Read(context.Background(), []byte(text), guide(), func(b []byte) bool { return string(b) == whole })
}

func asJSON(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// pythonRepr writes a string as Python's repr does where it has both kinds of
// quotes.
func pythonRepr(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`, "\n", `\n`).Replace(s) + "'"
}

// pythonBytes writes it as Python prints bytes.
func pythonBytes(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\'' || c == '\\':
			b.WriteString(`\` + string(rune(c)))
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return "b'" + b.String() + "'"
}

func texts(list []logged.Reading) []string {
	var out []string
	for _, r := range list {
		out = append(out, string(r.Text))
	}
	return out
}

// wrappings are what logs and tools do to a string.
var wrappings = map[string]func(string) string{
	"as it is": func(s string) string { return s },
	"JSON":     asJSON,
	"JSON object": func(s string) string {
		return `{"code":"SIGN","sub_msg":` + asJSON("string to verify: "+s) + `,"ok":false}`
	},
	"JSON with slashes": func(s string) string {
		return `{"resultMessage":` + strings.ReplaceAll(asJSON(s), "/", `\/`) + "}"
	},
	"HTML": html.EscapeString,
	"HTML, named": func(s string) string {
		return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#x27;").Replace(s)
	},
	"HTML page": func(s string) string {
		return "<html><body><pre>sign content: " + html.EscapeString(s) + "</pre></body></html>"
	},
	"Python's repr":    func(s string) string { return "{'subMsg': " + pythonRepr("string to verify: "+s) + "}" },
	"Python's bytes":   func(s string) string { return "DEBUG:sign:content=" + pythonBytes(s) },
	"Go":               func(s string) string { return fmt.Sprintf("level=error msg=%q path=/x", "content "+s) },
	"JavaScript":       func(s string) string { return "{ stringToSign: " + pythonRepr(s) + ", ok: false }" },
	"percent-encoding": url.QueryEscape,
	"percent, %20":     url.PathEscape,
	"syslog": func(s string) string {
		return "Feb  3 04:05:06 host app[12]: sign " + strings.ReplaceAll(s, "\n", "#012")
	},
	"octal":       func(s string) string { return "sign " + strings.ReplaceAll(s, "\n", `\012`) },
	"symbols":     func(s string) string { return strings.ReplaceAll(s, "\n", "␊") },
	"caret":       func(s string) string { return strings.ReplaceAll(s, "\n", "^J") },
	"arrows":      func(s string) string { return strings.ReplaceAll(s, "\n", "↵\n") },
	"Windows":     func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	"backslash n": func(s string) string { return strings.ReplaceAll(s, "\n", `\n`) },
	"base64":      func(s string) string { return "content(base64): " + base64.StdEncoding.EncodeToString([]byte(s)) },
	"hex":         func(s string) string { return hex.EncodeToString([]byte(s)) },
	"brackets":    func(s string) string { return "2026-02-03 04:05:06.789 WARN [exec-1] verify [" + s + "] failed" },
	"quotes":      func(s string) string { return "content to be signed: '" + s + "'\n" },
	"CSV":         func(s string) string { return `12,"` + strings.ReplaceAll(s, `"`, `""`) + `",x` },
	"log lines": func(s string) string {
		return "2026-02-03T04:05:06Z app | " + strings.ReplaceAll(s, "\n", "\n2026-02-03T04:05:07Z app | ")
	},
	"e-mail":      func(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") },
	"docker":      func(s string) string { return `{"log":` + asJSON("sign: "+s+"\n") + `,"stream":"stdout"}` },
	"named twice": func(s string) string { return "POST " + path + " refused, string to verify: " + s + "\nPOST /other" },
	"hexdump -C": func(s string) string {
		return "content:\n" + dumped(s, 16, "%08x  ", hexByte, 8, true) + fmt.Sprintf("%08x\n", len(s))
	},
	"xxd": func(s string) string { return dumped(s, 16, "%08x: ", hexPair, 16, false) },
	"od -An -tx1": func(s string) string {
		return dumped(s, 16, "", func(s string) string { return " " + hexByte(s) }, 0, false)
	},
	"numbers": func(s string) string { return fmt.Sprintf("bytes = %v", []byte(s)) },
	"JavaScript in pieces": func(s string) string {
		return "  const s = " + strings.ReplaceAll(pythonRepr(s), `\n`, `\n' +`+"\n    '") + ";"
	},
	"Java in pieces": func(s string) string {
		return "String s = " + strings.ReplaceAll(asJSON(s), `\n`, `\n"`+"\n      + \"") + ";"
	},
	"Python in pieces": func(s string) string {
		return "s = (" + strings.ReplaceAll(pythonRepr(s), `\n`, `\n'`+"\n     '") + ")"
	},
	"chat": func(s string) string { return strings.NewReplacer(`"`, "”", " ", "\u00a0").Replace(s) },
}

// TestRead undoes each wrapping, and each pair of them.
func TestRead(t *testing.T) {
	t.Parallel()
	for name, wrap := range wrappings {
		if r := read(wrap(whole)); r.Exact == nil {
			t.Errorf("%s is not read:\n%s\nnear %v", name, wrap(whole), texts(r.Near))
		}
	}
	pairs, missed := 0, 0
	for outer, a := range wrappings {
		for inner, b := range wrappings {
			pairs++
			if text := a(b(whole)); read(text).Exact == nil {
				missed++
				t.Logf("%s inside %s is not read", inner, outer)
			}
		}
	}
	if missed*25 > pairs { // lines with a prefix inside a longer line, mostly
		t.Errorf("%d of %d pairs are not read", missed, pairs)
	}
}

// dumped prints a string in rows of n bytes, with an offset, cells, their text
// behind a gap, and more space in the middle.
func dumped(s string, n int, offset string, cells func(string) string, middle int, framed bool) string {
	var b strings.Builder
	for at := 0; at < len(s); at += n {
		row := s[at:min(len(s), at+n)]
		if offset != "" {
			fmt.Fprintf(&b, offset, at)
		}
		line := cells(row)
		if framed && len(row) > middle {
			line = cells(row[:middle]) + "  " + cells(row[middle:])
		}
		b.WriteString(line)
		if offset != "" {
			text := strings.Map(func(r rune) rune {
				if r < ' ' || r > '~' {
					return '.'
				}
				return r
			}, latin1(row))
			if framed {
				text = "|" + text + "|"
			}
			b.WriteString(strings.Repeat(" ", max(0, 3*n-len(line))) + "  " + text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func latin1(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

func hexByte(s string) string { return fmt.Sprintf("% x", s) }

func hexPair(s string) string {
	var list []string
	for ; s != ""; s = s[min(2, len(s)):] {
		list = append(list, fmt.Sprintf("%x", s[:min(2, len(s))]))
	}
	return strings.Join(list, " ")
}

// TestReadDumps reads what the tools themselves print.
func TestReadDumps(t *testing.T) {
	t.Parallel()
	dumps, err := filepath.Glob("testdata/dumps/*.txt")
	if err != nil || len(dumps) < 12 {
		t.Fatalf("%d dumps, %v", len(dumps), err)
	}
	for _, file := range dumps {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"": string(b), "in a log, ": "2026-02-03 DEBUG content to sign\n" + string(b) + "done\n", "indented, ": "    " + strings.ReplaceAll(string(b), "\n", "\n    ")} {
			if r := read(text); r.Exact == nil {
				t.Errorf("%s%s is not read: %q", name, file, texts(r.Near))
			}
		}
	}
}

// TestReadPieces joins literals of source code by what stands between them.
func TestReadPieces(t *testing.T) {
	t.Parallel()
	first, second, _ := strings.Cut(whole, "\n")
	a, b := pythonRepr(first+"\n"), pythonRepr(second)
	c, d := strconv.Quote(first+"\n"), asJSON(second)
	for name, text := range map[string]string{
		"+":                    a + " + " + b,
		"+ at the end":         "const x = " + a + " +\n  " + b + ";",
		"+ in front":           "String x = " + c + "\r\n\t+ " + d + ";",
		"adjacent":             "(" + a + "\n " + b + ")",
		"adjacent in C":        "char *x = " + c + "\n  " + d + ";",
		"mixed quotes":         "(" + a + "\n " + d + ")",
		"bytes of Python":      "(b" + a + "\n b" + pythonBytes(second)[1:] + ")",
		"a dot":                "$x = " + c + " . " + d + ";",
		"a backslash":          "x = " + c + " \\\n    " + d,
		"an ampersand":         "x = " + c + " & _\n    " + d,
		"the line feed apart":  pythonRepr(first) + " + '\\n' + " + b,
		"an apostrophe before": "it's " + a + " + " + b,
		"in JSON":              `{"code":` + asJSON(a+" +\n"+b) + "}",
	} {
		if r := read(text); r.Exact == nil {
			t.Errorf("%s: %q: %q", name, text, texts(r.Near))
		}
	}
}

// TestReadSays names what was undone, outermost first.
func TestReadSays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		whole: "",
		`{"m":` + strings.NewReplacer(`"`, `\"`, `\`, `\\`, "\n", `\n`).Replace(whole) + `}`: "backslash escapes",
		`{"sub_msg":` + asJSON(html.EscapeString(whole)) + `}`:                               "HTML entities inside a JSON string",
		strconv.Quote(whole): "a quoted string",
	} {
		r := read(text)
		if r.Exact == nil || r.Exact.Words() != want {
			t.Errorf("%s: %+v, want %q", text, r.Exact, want)
		}
	}
}

// TestReadTakesNoMore does not take a string for the expected one that only
// has it inside.
func TestReadTakesNoMore(t *testing.T) {
	t.Parallel()
	for _, more := range []string{
		whole + ".299000000000000007", whole + "&key=x", "v1." + whole, asJSON(whole + "\n"), "content='" + strings.ReplaceAll(whole, "\n", `\n`) + `\n'`,
		strings.Replace(whole, "pay\n", "pay/\n", 1), whole[:len(whole)-1], whole + "|", "GET" + whole[4:],
	} {
		if r := read(more); r.Exact != nil {
			t.Errorf("%q is taken for the string, as %q (%v)", more, r.Exact.Text, r.Exact.How)
		}
	}
}

// TestLost says by what a log changed a string.
func TestLost(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		strings.ReplaceAll(whole, "\n", ""):                               "its line feed, which is missing",
		strings.ReplaceAll(whole, "\n", " "):                              "its line feed, which is a space there",
		strings.ReplaceAll(whole, "\n", "\n\n"):                           "doubled line feeds",
		strings.ReplaceAll(whole, "\n", "n"):                              "its line feed, which is the letter n there",
		strings.ReplaceAll(whole, "茶", "?"):                               "characters outside ASCII, which are missing",
		strings.ReplaceAll(whole, "茶", "???"):                             "characters outside ASCII, which are missing",
		strings.ReplaceAll(whole, `\`, ""):                                "backslashes, which are missing",
		strings.ReplaceAll(strings.ReplaceAll(whole, "\n", ""), "茶", "?"): "its line feed, which is missing and characters outside ASCII, which are missing",
		whole + "\n": "line feeds at its end",
	} {
		if got, ok := logged.Lost([]byte(text), []byte(whole)); !ok || strings.Join(got, " and ") != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{strings.Replace(whole, "/v2", "", 1), whole[10:], "", strings.Replace(whole, "7782", "7783", 1)} {
		if got, ok := logged.Lost([]byte(text), []byte(whole)); ok {
			t.Errorf("%q differs by %q alone", text, got)
		}
	}
}

// TestCutOff knows the beginning of a string.
func TestCutOff(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{whole[:60]: 60, whole[:12] + "...": 12, whole[:50] + "…": 50, whole[:70] + " [truncated]\n": 70, whole: 0, "POST": 0, "x" + whole[:60]: 0, "...": 0} {
		if n, ok := logged.CutOff([]byte(text), []byte(whole)); n != want && ok || ok != (want > 0) {
			t.Errorf("%q: %d, %t", text, n, ok)
		}
	}
}

// TestLostLineFeedsAreRestored puts lost line feeds back.
func TestLostLineFeedsAreRestored(t *testing.T) {
	t.Parallel()
	for _, lost := range []string{"", " ", "  "} {
		theirs := strings.Replace(whole, "/v2", "/v3", 1)
		text := "sign: " + strings.ReplaceAll(theirs, "\n", lost)
		r := logged.Read(context.Background(), []byte(text), guide(), func(b []byte) bool { return string(b) == theirs })
		if r.Exact == nil || r.Exact.Restored == "" {
			t.Errorf("%q is not restored: %q", text, texts(r.Near))
		}
	}
}

// hostile are texts that make decoders work.
func hostile(n int) map[string]string {
	return map[string]string{
		"backslashes": strings.Repeat(`\`, n), "quotes": strings.Repeat(`"`, n), "quoted backslashes": strings.Repeat(`"\\\"`, n/5), "ampersands": strings.Repeat("&amp;", n/5),
		"percent": strings.Repeat("%25", n/3), "nested": strings.Repeat(`{"a":[`, n/6), "marks": strings.Repeat("POST ", n/5), "line feeds": strings.Repeat("\n", n), "prefixes": strings.Repeat("1 2\n", n/4),
		"rows": strings.Repeat("00000000: 5050 5050\n", n/20), "one row": strings.Repeat("50 ", n/3), "rows of characters": strings.Repeat("   P   O\n", n/9), "pieces": strings.Repeat("'a' + ", n/6), "open pieces": strings.Repeat("'a' + \"", n/7),
		"base64": strings.Repeat("QUFB", n/4), "clients": strings.Repeat(client+".", n/23), "zeros": strings.Repeat("\x00", n), "escapes": strings.Repeat(`\u005c`, n/6), "strings": strings.Repeat(whole, n/len(whole)),
		"entities of entities": strings.Repeat("&amp;amp;lt;", n/12), "carriage returns": strings.Repeat("\r\n", n/2), "quoted marks": strings.Repeat(`"POST \"x`, n/9),
	}
}

// TestReadIsBounded reads texts of 64 kB into few candidates, and stops
// when it is told to. Work that grew with the square of the length would not end in minutes.
func TestReadIsBounded(t *testing.T) {
	t.Parallel()
	for name, text := range hostile(1 << 16) {
		if r := read(text); len(r.Near) > 48 {
			t.Errorf("%s: %d candidates", name, len(r.Near))
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	logged.Read(ctx, []byte(strings.Repeat(`"POST \"x`, logged.MaxText/9)), guide(), func([]byte) bool { return false })
}

// FuzzRead reads any text: nothing panics, what is accepted is what was asked
// for, and the work stays bounded.
func FuzzRead(f *testing.F) {
	for _, wrap := range wrappings {
		f.Add([]byte(wrap(whole)))
	}
	for _, text := range hostile(400) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		start := time.Now()
		asked := 0
		r := logged.Read(context.Background(), text, guide(), func(b []byte) bool { asked++; return string(b) == whole })
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("it took %v", took)
		}
		if r.Exact != nil && string(r.Exact.Text) != whole {
			t.Errorf("%q is accepted", r.Exact.Text)
		}
		if len(r.Near) > 48 || asked > 200_000 {
			t.Errorf("%d candidates, %d asked for", len(r.Near), asked)
		}
		for _, near := range r.Near {
			if len(near.Text) == 0 || bytes.Equal(near.Text, []byte(whole)) {
				t.Errorf("near: %q", near.Text)
			}
			logged.Lost(near.Text, []byte(whole))
			logged.CutOff(near.Text, []byte(whole))
		}
	})
}

// BenchmarkRead reads a string of 1 kB out of JSON inside HTML, and what has
// none in it.
func BenchmarkRead(b *testing.B) {
	text := html.EscapeString(`{"m":` + asJSON("to sign: "+whole) + `}`)
	b.Run("found", func(b *testing.B) {
		for b.Loop() {
			read(text)
		}
	})
	b.Run("not found", func(b *testing.B) {
		other := strings.Replace(text, "7782", "7783", 1)
		for b.Loop() {
			read(other)
		}
	})
	b.Run("hostile", func(b *testing.B) {
		other := hostile(1 << 20)["quoted marks"]
		for b.Loop() {
			read(other)
		}
	})
}
