package evidence

import (
	"bytes"

	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
)

// unprefixed cuts from the lines of a log what its writer puts before each:
// time, level, thread, container. anchor tells where in a line the content
// begins; -1 where the line has none. The shape of the prefix is learned from
// the first line that has an anchor, its digits standing for any digits. Lines
// of others, which begin with a time as well, are left out; all other lines
// go on with the one before.
func unprefixed(text []byte, anchor func(line []byte) int) []byte {
	prefix := firstPrefix(text, anchor)
	if len(prefix) == 0 {
		return text
	}
	clock := logClock.Find(prefix)
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		line := firstLine(text)
		text = text[len(line):]
		n := likePrefix(prefix, line)
		switch {
		case n > 0:
			out = append(out, line[n:]...)
		case len(clock) > 0 && likePrefix(clock, line) > 0:
		case timeLine.Match(line) && likePrefix(prefix, firstLine(text)) > 0: // a line of its own for the time
		default:
			out = append(out, line...)
		}
	}
	return out
}

var (
	logClock = lazyregexp.New(`^[\[(]?\d[\d\-/.:,TZ+ ]{6,}`)
	timeLine = lazyregexp.New(`^.{0,40}\d{1,2}:\d\d:\d\d`)
)

// maxAnchored is how long a line is, in bytes, in which a log begins a message.
const maxAnchored = 64 << 10

// maxPrefix is how long a prefix may be, in bytes.
const maxPrefix = 400

func firstPrefix(text []byte, anchor func(line []byte) int) []byte {
	for len(text) > 0 {
		line := firstLine(text)
		if at := anchor(line); at >= 0 && at <= maxPrefix {
			return line[:at]
		}
		text = text[len(line):]
	}
	return nil
}

// likePrefix is the length of the prefix of a line that has the shape of another;
// 0 where it has none. A prefix may lack the white space at its end where
// nothing follows it.
func likePrefix(prefix, line []byte) int {
	at := 0
	for i := 0; i < len(prefix); {
		c := prefix[i]
		digits := digitRun(prefix[i:])
		switch {
		case digits > 0:
			n := digitRun(line[at:])
			if n == 0 {
				return 0
			}
			i, at = i+digits, at+n
		case at < len(line) && line[at] == c:
			i, at = i+1, at+1
		case c == ' ' && len(bytes.TrimSpace(prefix[i:])) == 0 && len(bytes.TrimSpace(line[at:])) == 0:
			return at
		default:
			return 0
		}
	}
	return at
}

func digitRun(s []byte) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// unquotedMail takes the marks of a quoted mail from a text whose every line has one.
// The request of curl -v has them too, and no body.
func unquotedMail(text []byte) ([]byte, bool) {
	plain, ok := unmarked(text)
	if !ok {
		return text, false
	}
	head, body := true, false
	for line := range bytes.Lines(plain) {
		blank := len(bytes.TrimSpace(line)) == 0
		body = body || !head && !blank && !wire.StartsMessage(line)
		head = head && !blank
	}
	return bytes.TrimRight(plain, "\r\n"), body
}

// unmarked takes the > away that each line of a quotation begins with.
func unmarked(text []byte) (plain []byte, ok bool) {
	if text[0] != '>' {
		return text, false
	}
	for line := range bytes.Lines(text) {
		rest, quoted := bytes.CutPrefix(bytes.TrimLeft(line, " "), []byte{'>'})
		if !quoted && len(bytes.TrimSpace(line)) > 0 {
			return text, false
		}
		plain = append(plain, bytes.TrimPrefix(rest, []byte{' '})...)
	}
	return plain, true
}

var colors = lazyregexp.New(`\x1b\[[0-9;]*[mK]`)

// uncolored takes the colours of a terminal out of a text whose first line has
// some.
func uncolored(text []byte) ([]byte, bool) {
	if !colors.Match(firstLine(text)) {
		return text, false
	}
	return colors.ReplaceAll(text, nil), true
}

var (
	nameless    = lazyregexp.New(`^[A-Za-z0-9+/=%_.,-]+(?: [A-Za-z0-9+/=%_.,-]+)*\r?\n$`)
	namedLine   = lazyregexp.New(`^[\w-]+:`)
	wrappedTail = lazyregexp.New(`[,;]$`)
)

// rewrapped joins the lines of a head that a mail has wrapped: those behind a
// header that have no name of their own. HTTP has none of them.
func rewrapped(text []byte) ([]byte, bool) {
	var out []byte
	named, joined := false, false
	for rest := text; len(rest) > 0; {
		line := firstLine(rest)
		rest = rest[len(line):]
		bare := bytes.TrimRight(line, "\r\n")
		if len(bare) == 0 { // the head ends
			return append(append(out, line...), rest...), joined
		}
		if named && nameless.Match(line) && !bytes.Contains(bare, []byte(": ")) {
			out = bytes.TrimRight(out, "\r\n ")
			if wrappedTail.Match(out) {
				out = append(out, ' ')
			}
			out, joined = append(out, line...), true
			continue
		}
		named = named || namedLine.Match(line)
		out = append(out, line...)
	}
	return text, false
}
