package evidence

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"countersign/apiclient/wire"
)

// Files with more exchanges than are read are as large as the limit: it is lower here.
func init() { maxExchanges = 500 }

// hostileFile is a file that no tool should write. err is "" where it can be
// read all the same.
type hostileFile struct{ name, text, err string }

// hostileFiles are so many 32nds of the sizes that are named: one is beyond each limit.
func hostileFiles(share int) []hostileFile {
	n := func(whole int) int { return whole * share / 32 }
	over := maxExchanges * 11 / 10
	tooMuch := fmt.Sprintf("has more than %d exchanges", maxExchanges)
	headers := fmt.Sprintf("the header has %d lines; at most 2000", n(100_000)+1)
	const (
		start = "POST /x HTTP/1.1\n"
		entry = `{"request":{"method":"POST","url":"https://h/x","headers":[{"name":"Signature","value":"s"}]}}`
		one   = `{"request":{"line":"POST /x HTTP/1.1"}}`
	)
	har := func(entries string) string { return `{"log":{"entries":[` + entries + `]}}` }
	answer := func(content string) string {
		return har(`{"request":{"method":"POST","url":"https://h/x"},"response":{"status":200,"content":` + content + `}}`)
	}
	pairs := strings.TrimSuffix(strings.Repeat(`["a","b"],`, n(100_000)), ",")
	fields := strings.TrimSuffix(strings.Repeat(`{"name":"a","value":"b"},`, n(100_000)), ",")
	return []hostileFile{
		{"1.6 MB of folded lines", start + "A: b\n" + strings.Repeat(" c\n", n(530_000)), "lines; at most 2000"},
		{"1.6 MB of empty header lines", start + strings.Repeat("A:\n", n(530_000)), "lines; at most 2000"},
		{"a header line of 1.2 MB", start + "A: " + strings.Repeat("b", 9<<17) + "\n\n", "bytes; at most 1048576"},
		{"a first line of 1.2 MB", "POST /" + strings.Repeat("x", 9<<17) + " HTTP/1.1\n\n", "bytes; at most 1048576"},
		{"words", strings.Repeat("word ", n(50_000)), "neither a request line nor a status line"},
		{"2 MB of CR", strings.Repeat("\r", n(2<<20)), "nothing to read"},
		{"NUL", strings.Repeat("\x00", n(1<<18)), "neither a request line nor a status line"},
		{"a million tiny chunks", start + "Transfer-Encoding: chunked\n\n" + strings.Repeat("1\na\n", n(1_000_000)) + "0\n\n", ""},
		{"a chunk of 2 GB", start + "Transfer-Encoding: chunked\n\n7fffffff\nabc", ""},
		{"a HAR of 100,000 entries", har(strings.TrimSuffix(strings.Repeat(entry+",", over), ",")), tooMuch},
		{"100,000 records", "[" + strings.TrimSuffix(strings.Repeat(one+",", over), ",") + "]", tooMuch},
		{"a HAR with 8 MB of base64", answer(`{"encoding":"base64","text":"` + base64.StdEncoding.EncodeToString(make([]byte, n(6<<20))) + `"}`), ""},
		{"a HAR with broken base64", answer(`{"encoding":"base64","text":"` + strings.Repeat("A", n(1<<20)) + `*"}`), ""},
		{"a HAR with 100,000 headers", har(`{"request":{"method":"POST","url":"https://h/x","headers":[` + fields + `]}}`), headers},
		{"a record with 100,000 headers", `{"request":{"line":"POST /x HTTP/1.1","headers":[` + pairs + `]}}`, headers},
		{"a record whose answer has them", `{"request":{"line":"POST /x HTTP/1.1"},"response":{"line":"HTTP/1.1 200 OK","headers":[` + pairs + `]}}`, headers},
		{"a record with a header of 1.2 MB", `{"request":{"line":"POST /x HTTP/1.1","headers":[["a","` + strings.Repeat("b", 9<<17) + `"]]}}`, "bytes; at most 1048576"},
		{"deep arrays", strings.Repeat("[", n(1_000_000)), "JSON cannot be read"},
		{"deep objects", strings.Repeat(`{"request":`, n(200_000)), "JSON cannot be read"},
		{"a number of 1 MB", `{"request":{"line":"POST /x HTTP/1.1"},"timing":{"totalMs":1` + strings.Repeat("0", n(1<<20)) + `}}`, "is a number"},
		{"a member a million times", `{"a":1` + strings.Repeat(`,"request":1`, n(300_000)) + `}`, "request is a number"},
		{"curl with quotes without an end", "curl 'https://h/x' -d " + strings.Repeat(`'a'\''`, n(300_000)), "not closed"},
		{"curl with a million quotes", "curl 'https://h/x' -d " + strings.Repeat(`'a'"b"`, n(300_000)), ""},
		{"curl with escapes", "curl https://h/x -d $'" + strings.Repeat(`\x41\u00e9`, n(40_000)) + "'", ""},
		{"curl with 100,000 headers", "curl https://h/x" + strings.Repeat(" -H a:b", n(100_000)), headers},
		{"curl with 300,000 options", "curl https://h/x -" + strings.Repeat("s", n(300_000)), ""},
		{"curl with a name without an end", "curl -" + strings.Repeat("=", n(1<<17)), "no URL"},
		{"curl with expansions", "curl https://h/x -d " + strings.Repeat(`"a$`, n(320_000)) + `{x}`, "shell expansion"},
		{"11,000 messages", strings.Repeat("POST /x HTTP/1.1\nContent-Length: 1\n\na\n", over), tooMuch},
		{"messages with false lengths", strings.Repeat("POST /x HTTP/1.1\nContent-Length: 2000000\n\na\n", over), tooMuch},
		{"messages with false chunks", strings.Repeat("POST /x HTTP/1.1\nTransfer-Encoding: chunked\n\n80\n", over), tooMuch},
		{"100,000 start lines", strings.Repeat("POST /x HTTP/1.1\n", over), tooMuch},
		{"curl's marks", strings.Repeat("> POST /x HTTP/1.1\n< HTTP/1.1 200 OK\n", over), tooMuch},
		{"curl's marks without an end", "> POST /x HTTP/1.1\n" + strings.Repeat("> a: b\n", n(100_000)), "lines; at most 2000"},
		{"many commands with answers", strings.Repeat("$ curl h/x\n> POST /x HTTP/1.1\n>\n< HTTP/1.1 200 OK\n<\n", over), tooMuch},
		{"arrows", strings.Repeat("--> POST http://h/x\nA: b\n\n", over), tooMuch},
		{"arrows in a line", strings.Repeat("--> POST ", n(40_000)), "neither a request line"},
		{"wire lines", strings.Repeat(">> \"POST /x HTTP/1.1[\\r][\\n]\"\n", over), tooMuch},
		{"a wire line of 2 MB", `>> "POST /x HTTP/1.1[\r][\n]"` + "\n>> \"" + strings.Repeat("[0x", 400_000) + "\"", "bytes; at most"},
		{"escaped messages in a line", strings.Repeat(`"POST /x HTTP/1.1\r\n`, over), tooMuch},
		{"backslashes", `"POST /x HTTP/1.1` + strings.Repeat(`\`, n(1<<17)) + "n", ""},
		{"signed strings in a line", strings.Repeat(`POST /x\nC.1733000111222.{"a":`, n(50_000)) + " signature=" + strings.Repeat("A", 344), ""},
		{"braces", "method header url " + strings.Repeat("{", n(1<<17)), "without a request in it"},
		{"pairs of braces", "method header url " + strings.Repeat("{a:[", n(40_000)), "without a request in it"},
		{"quotes without an end", "method header url " + strings.Repeat("{'a", n(40_000)), "without a request in it"},
		{"print_r", "method url header Array\n(\n" + strings.Repeat("[a] => Array\n(\n", n(16_000)), "without a request in it"},
		{"var_dump", "method url header\narray(1) {\n" + strings.Repeat("[\"a\"]=>\narray(1) {\n", n(16_000)), "without a request in it"},
		{"hex lines", strings.Repeat("0000  50 4f 53 54\n", n(40_000)), "neither a request line"},
		{"hex that is a message", strings.Repeat("0000  50 4f 53 54 20 2f 20 48  54 54 50 2f 31 2e 31 0a\n", over), tooMuch},
		{"pseudo-headers", strings.Repeat(":path: /x\n:method: POST\n", n(40_000)), "none of its headers"},
		{"YAML of aliases", yamlBomb, "names and values"},
		{"two-line headers", ":path\n/x\n" + strings.Repeat("a\nb\n", n(100_000)), "lines; at most 2000"},
		{"Burp items", "<items>\n" + strings.Repeat("<item><request>POST /x HTTP/1.1\n\n</request></item>", over), tooMuch},
		{"Burp requests without an end", "<items>\n" + strings.Repeat("<item><request>", n(40_000)), "has no end"},
		{"JSON lines", strings.Repeat(`{"log":"POST /x HTTP/1.1\n\n"}`+"\n", over), tooMuch},
		{"JSON logs in each other", jsonInJSON(15), ""},
		{"colours", "\x1b[1m" + strings.Repeat("\x1b[3", n(50_000)), "neither a request line"},
		{"fences", strings.Repeat("```\n", n(50_000)), "nothing to read"},
		{"fences with requests", strings.Repeat("```\nGET / HTTP/1.1\nA: b\n\n```\n", n(40_000)), ""},
		{"quotations in quotations", strings.Repeat(">", n(1<<17)), "neither a request line"},
		{"a million parts", strings.Repeat("###\nGET https://h/x\n", over), tooMuch},
		{"variables in variables", "@a=xxxxxxxx\n" + strings.Repeat("@a={{a}}{{a}}\n", 1000) + "POST https://h/{{a}}\n\n", "the variable {{a}}"},
		{"long variables", "@a=" + strings.Repeat("x", 1<<13) + "\nPOST https://h/\n\n" + strings.Repeat("{{a}}", maxFilled>>13+1), "the variable {{a}}"},
		{"folders in folders", `{"info":{"schema":"getpostman.com/json/collection"},` + strings.Repeat(`"item":[{`, 5_000), "cannot be read"},
		{"calls in calls", strings.Repeat("fetch(", n(200_000)), "JavaScript"},
		{"many curls", strings.Repeat("curl https://h/x -H a:b\n", over), tooMuch},
		{"curls in sentences", strings.Repeat("so curl https://h/x' ", n(16_000)), "not closed"},
		{"printf without an end", "printf %b '" + strings.Repeat(`\0101`, n(60_000)), "neither a request line"},
	}
}

// jsonInJSON is a line of a log in a line of a log, and so on; each of them has
// twice the backslashes.
func jsonInJSON(depth int) string {
	s := "POST /x HTTP/1.1\nA: b\n\n"
	for range depth {
		quoted, _ := json.Marshal(s)
		s = `{"log":` + string(quoted) + "}"
	}
	return s
}

// yamlBomb has 9 lists, each of nine times the one before.
var yamlBomb = "request:\n  method: POST\n  headers:\n    a: b\na0: &a0 [x]\n" + func() string {
	var b strings.Builder
	for i := range 9 {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 9), ","))
	}
	return b.String()
}()

// Whatever is in a file, it is read within its limits or refused by name.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	for _, c := range hostileFiles(1) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, err := Reader{}.Read([]byte(c.text))
			if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %.300v, want %q", err, c.err)
			}
			if err != nil && len(err.Error()) > 1000 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
			if len(e.Exchanges) > maxExchanges {
				t.Errorf("%d exchanges", len(e.Exchanges))
			}
			for _, x := range e.Exchanges {
				if len(x.Request.Header) > wire.MaxLines || len(x.Request.Body) > len(c.text) {
					t.Errorf("%d fields, a body of %d bytes", len(x.Request.Header), len(x.Request.Body))
				}
			}
		})
	}
}

// BenchmarkHostileFiles shows what one file costs: less than 3 s and 300 MB.
func BenchmarkHostileFiles(b *testing.B) {
	maxExchanges = 10_000
	for _, c := range hostileFiles(32) {
		b.Run(strings.ReplaceAll(c.name, " ", "-"), func(b *testing.B) {
			data := []byte(c.text)
			b.ReportAllocs()
			b.ReportMetric(float64(len(data)), "B/file")
			for b.Loop() {
				_, _ = Reader{}.Read(data)
			}
		})
	}
}

// A file that is cut says so, with its own bytes.
func TestMessagesCut(t *testing.T) {
	t.Parallel()
	const request = "POST /x HTTP/1.1\n\n"
	for _, c := range []struct {
		request, response string
		partial           bool
	}{
		{request, "HTTP/1.1 200 OK\nContent-Length: 5\n\nabc", true},
		{request, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n", true},
		{request, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n", false},
		{"HEAD /x HTTP/1.1\n\n", "HTTP/1.1 200 OK\nContent-Length: 5\n\n", false},
	} {
		x, err := (Reader{}).Messages([]byte(c.request), []byte(c.response))
		if err != nil || x.Response.Partial != c.partial {
			t.Errorf("%q: partial %v, %v", c.response, x.Response.Partial, err)
		}
		if body := string(x.Response.Body); c.request == request && body != "abc" {
			t.Errorf("%q: body %q", c.response, body)
		}
	}
}
