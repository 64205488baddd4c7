package wire

import (
	"fmt"
	"strings"
	"testing"
)

func TestStartsMessage(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"POST /x HTTP/1.1\r\n": true, "GET https://h/x HTTP/2": true, "HTTP/1.1 200 OK": true, "HTTP/2 200 ": true, "HTTP/1.0 404\n": true,
		"OPTIONS * HTTP/1.1": true,
		"POST /x":            false, "HTTP/1.1": false, "HTTP/1.1 2000": false, "HTTP/x 200 OK": false, "Host: h": false, "": false, " ": false,
		"2026-02-03 04:05:06 POST https://h/x HTTP/1.1": false, "post /x HTTP/1.1": false, "A sentence about HTTP/1.1": false,
	} {
		if StartsMessage([]byte(line)) != want {
			t.Errorf("%q: %v", line, !want)
		}
	}
}

// Where a message ends, with what follows it.
func TestCutMessage(t *testing.T) {
	t.Parallel()
	const next = "HTTP/1.1 200 OK\nA: b\n\nanswer"
	head := func(fields string) string { return "POST /x HTTP/1.1\r\n" + fields + "\r\n" }
	length := func(n int) string { return head(fmt.Sprintf("Content-Length: %d\r\n", n)) }
	for name, c := range map[string]struct{ message, between, rest string }{
		"length, glued":               {length(4) + "body", "", next},
		"length, with line ends":      {length(4) + "body", "\r\n\r\n", next},
		"length, the body has a head": {length(len("a\n"+next)) + "a\n" + next, "", next},
		"length, a label follows":     {length(4) + "body", "\n\n--- Response ---\n", next},
		"length, another text":        {length(4) + "body", "", "\nand so on\n" + next},
		"length, nothing follows":     {length(4) + "body", "\n\n", ""},
		"length too small":            {length(2) + "body", "\n", next},
		"length too large":            {length(400) + "body", "\n", next},
		"length too large, glued":     {length(400) + "body", "", next},
		"length in the JSON":          {length(9) + "{\"a\": [1,\n 2]}", "\n", next},
		"chunks":                      {head("Transfer-Encoding: chunked\r\n") + "4;x=y\r\nbo\r\n\r\n0\r\n\r\n", "", next},
		"chunks with a trailer":       {head("Transfer-Encoding: chunked\r\n") + "A\r\n0123456789\r\n0\r\nT: u\r\n\r\n", "", next},
		"chunks that were decoded":    {head("Transfer-Encoding: chunked\r\n") + "body", "\n", next},
		"none":                        {head("A: b\r\n") + "body\nand more", "\n\n\n", next},
		"none, no body":               {head("A: b\r\n"), "", next},
		"none, the last":              {head("A: b\r\n") + "body", "", ""},
		"no blank line":               {"POST /x HTTP/1.1\r\nA: b\r\n", "", next},
		"a status without a body":     {"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", "", next},
		"a sentence about HTTP/":      {head("A: b\r\n") + "they say HTTP/1.1 200 OK\nthere", "\n", next},
	} {
		message, rest := CutMessage([]byte(c.message + c.between + c.rest))
		if string(message) != c.message || string(rest) != c.rest {
			t.Errorf("%s: cut into\n%q\n%q", name, message, rest)
		}
	}
}

// FuzzCutMessage holds that a message and what follows it are the text itself,
// with nothing between them but separators.
func FuzzCutMessage(f *testing.F) {
	f.Add("POST /x HTTP/1.1\nContent-Length: 1\n\na\nHTTP/1.1 200 OK\n\nb")
	f.Add("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\na\n0\n\nPOST / HTTP/1.1\n\n")
	f.Fuzz(func(t *testing.T, data string) {
		message, rest := CutMessage([]byte(data))
		between := data[len(message) : len(data)-len(rest)]
		if string(message) != data[:len(message)] || string(rest) != data[len(data)-len(rest):] {
			t.Fatalf("%q gave %q and %q", data, message, rest)
		}
		for line := range strings.Lines(between) {
			if strings.Trim(line, "\r\n") != "" && !isSeparator([]byte(line)) {
				t.Fatalf("%q lost %q", data, line)
			}
		}
		if len(data) > 0 && len(message)+len(between) == 0 {
			t.Fatalf("%q does not get shorter", data)
		}
	})
}
