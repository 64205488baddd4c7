package evidence

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// rawMessageOf is a message with every kind of byte that dumps print in their own way.
func rawMessageOf(body string) string {
	length := len(body)
	return "POST /api/v2/payments/pay HTTP/1.1\r\nHost: h.test\r\n" + headersAs("", ": ", "\r\n") + "Content-Length: " + itoa(length) + "\r\n\r\n" + body
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

const anyBytes = "{\"order\":\"Nina's tea 茶 \\\"large\\\"\",\t\"sp\":\"" + "                                                                 " + "\",\"z\":\"\x01\"}\r\n"

// What od and hexdump print on this machine, in each of their forms.
func TestOctalDumps(t *testing.T) {
	t.Parallel()
	text := rawMessageOf(anyBytes)
	for _, command := range []string{"od", "od -c", "od -A x -c", "od -A d -c", "od -tx1 -c", "od -c -tx1", "od -tx1", "od -An -tx1 -v", "od -tx2", "od -A x -t x1z", "od -b", "hexdump -C", "hexdump -c", "hexdump", "xxd", "xxd -g1"} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			words := strings.Fields(command)
			if _, err := exec.LookPath(words[0]); err != nil {
				t.Skip(err)
			}
			c := exec.CommandContext(t.Context(), words[0], words[1:]...)
			c.Stdin = strings.NewReader(text)
			out, err := c.Output()
			if err != nil {
				t.Fatal(err)
			}
			got, err := Reader{}.Read(out)
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if b := string(got.Exchanges[0].Request.Body); b != anyBytes || got.Exchanges[0].Request.Method() != "POST" {
				t.Errorf("body %q", b)
			}
		})
	}
}

// TestRepeatedRows reads dumps in which a * stands for rows like the one before it.
func TestRepeatedRows(t *testing.T) {
	t.Parallel()
	body := strings.Repeat(" ", 80) + "end"
	message := "POST /x HTTP/1.1\nContent-Length: 83\nPad: 0123\n\n" + body
	for name, lines := range map[string]struct {
		row func(at int, row string) string
		end string
	}{
		"hexdump -C":  {func(at int, row string) string { return fmt.Sprintf("%08x  % x  |%s|\n", at, row, shown(row)) }, "%08x\n"},
		"xxd -a":      {func(at int, row string) string { return fmt.Sprintf("%08x: % x  %s\n", at, row, shown(row)) }, ""},
		"od -tx1":     {func(at int, row string) string { return fmt.Sprintf("%07o % x\n", at, row) }, "%07o\n"},
		"od -Ad -tx1": {func(at int, row string) string { return fmt.Sprintf("%07d % x\n", at, row) }, "%07d\n"},
	} {
		var dump strings.Builder
		last, starred := "", false
		for at := 0; at < len(message); at += 16 {
			row := message[at:min(len(message), at+16)]
			switch {
			case row != last:
				dump.WriteString(lines.row(at, row))
				starred = false
			case !starred:
				dump.WriteString("*\n")
				starred = true
			}
			last = row
		}
		if lines.end != "" {
			fmt.Fprintf(&dump, lines.end, len(message))
		}
		e, err := (Reader{}).Read([]byte(dump.String()))
		if err != nil || string(e.Exchanges[0].Request.Body) != body {
			t.Errorf("%s: %v, %d exchanges\n%s", name, err, len(e.Exchanges), dump.String())
		}
	}
}

// shown is the column of characters of a dump.
func shown(row string) string { return strings.ReplaceAll(row, "\n", ".") }

func TestBrokenOctalDumps(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0000000", "0000000   P   O   S   T", "0000000   P   O   S   T       /   a       H   T   T   P   /   1   .   1\n*\n7777777\n", "0000000 zz zz", "00 01\n02", strings.Repeat("*\n", 1000)} {
		if got, err := (Reader{}).Read([]byte(text)); err == nil {
			t.Errorf("%q is read as %+v", text, got.Exchanges[0].Request)
		}
	}
}
