package wire

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
)

// inChunks writes a body as chunks of n bytes.
func inChunks(body []byte, n int, size, end string) string {
	var b strings.Builder
	for rest := body; len(rest) > 0; {
		piece := rest[:min(n, len(rest))]
		rest = rest[len(piece):]
		fmt.Fprintf(&b, size+end, len(piece))
		b.Write(piece)
		b.WriteString(end)
	}
	return b.String() + "0" + end + end
}

// TestTransferCodings reads messages as servers and captures have them: what the
// transfer coding did is undone, whatever stands in the sizes of the chunks.
func TestTransferCodings(t *testing.T) {
	t.Parallel()
	body := []byte(`{"paymentId":"P-1","note":"Crème 咖啡"}`)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(body); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	const chunked = "Transfer-Encoding: chunked"
	for _, c := range []struct{ name, header, sent, want string }{
		{"plain", chunked, inChunks(body, 7, "%x", "\r\n"), string(body)},
		{"upper case", chunked, inChunks(body, 30, "%X", "\r\n"), string(body)},
		{"extensions", chunked, inChunks(body, 7, `%x;a=b;c="d"`, "\r\n"), string(body)},
		{"zeros and blanks", chunked, inChunks(body, 7, "%06x  ", "\r\n"), string(body)},
		{"LF alone", chunked, inChunks(body, 7, "%x", "\n"), string(body)},
		{"gzip below", "Transfer-Encoding: gzip, chunked", inChunks(zipped.Bytes(), 9, "%x", "\r\n"), string(body)},
		{"gzip below, on two lines", "Transfer-Encoding: gzip\r\n" + chunked, inChunks(zipped.Bytes(), 9, "%x", "\r\n"),
			string(body)},
		{"gzip alone", "Transfer-Encoding: gzip", zipped.String(), string(body)},
		{"decoded by a tool", "Transfer-Encoding: gzip, chunked", string(body), string(body)},
		{"content coding stays", chunked + "\r\nContent-Encoding: gzip", inChunks(zipped.Bytes(), 9, "%x", "\r\n"),
			zipped.String()},
	} {
		m, err := ParseMessage([]byte("HTTP/1.1 200 OK\r\n" + c.header + "\r\n\r\n" + c.sent))
		if err != nil || string(m.Body) != c.want || m.Partial {
			t.Errorf("%s: %q, partial %t, %v", c.name, m.Body, m.Partial, err)
		}
	}
}

// TestUndoChunks undoes a coding that a tool left in a body, and nothing else.
func TestUndoChunks(t *testing.T) {
	t.Parallel()
	whole := inChunks([]byte("{\"a\":1}"), 4, "%x", "\r\n")
	for body, want := range map[string]string{
		whole: `{"a":1}`, whole[:len(whole)-4]: whole[:len(whole)-4], "0\r\n\r\n": "0\r\n\r\n", "7": "7",
		`{"a":1}`: `{"a":1}`,
	} {
		m := Message{Header: []Field{{"Transfer-Encoding", "chunked"}}, Body: []byte(body)}
		m.UndoChunks()
		if string(m.Body) != want {
			t.Errorf("%q: %q", body, m.Body)
		}
		m = Message{Body: []byte(body)}
		if m.UndoChunks(); string(m.Body) != body {
			t.Errorf("%q without the header: %q", body, m.Body)
		}
	}
}
