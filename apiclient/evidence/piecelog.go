package evidence

import (
	"bytes"
	"strconv"
	"strings"

	"countersign/apiclient/escapes"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
)

// PieceLog is a log that prints what goes over a connection piece by piece,
// quoted.
const PieceLog Kind = "wire log"

// piece is a form of log lines that print what was sent or received.
type piece struct {
	line    *lazyregexp.Regexp // its groups: connection, direction, text
	sends   string             // the direction that is the request's
	unquote func(string) []byte
	end     string // what the line stands for besides
}

// pieceForms are told apart in this order.
var pieceForms = []piece{
	// Apache HttpClient 3, 4 and 5, wire and headers.
	{lazyregexp.New(`(?:([\w-]+) )?(>>|<<) "(.*)"\s*$`), ">>", apacheEscapes, ""},
	{lazyregexp.New(`(http-outgoing-\d+|ex-\d+) (>>|<<) (.*?)\r?$`), ">>", plain, "\r\n"},
	// Python's http.client.
	{lazyregexp.New(`^()(send:) (b?['"].*['"])\s*$`), "send:", cEscapes, ""},
	{lazyregexp.New(`^()(reply:) (b?['"].*['"])\s*$`), "send:", cEscapes, ""},
	{lazyregexp.New(`^()(header:) (.*?)\s*$`), "send:", plain, "\r\n"},
	// Ruby's Net::HTTP.
	{lazyregexp.New(`^()(<-|->) (".*")\s*$`), "<-", cEscapes, ""},
}

func plain(s string) []byte { return []byte(s) }

// run is what one side said on a connection before the other did.
type run struct {
	connection string
	sent       bool
	data       []byte
	after      []byte // lines of others behind it
}

// isPieceLog knows a line of which a request line is a piece.
func isPieceLog(text []byte) bool { return len(readPieces(text, true)) > 0 }

// readPieces puts the pieces together; one says to stop at the first request.
func readPieces(text []byte, one bool) []*run {
	var runs []*run
	last := map[string]*run{}
	wires := bytes.Contains(text, []byte(`>> "`))
	var current *run
	for line := range bytes.Lines(text) {
		r, ok := readPiece(string(bytes.TrimRight(line, "\r\n")), wires)
		before := last[r.connection]
		switch {
		case !ok && current != nil:
			current.after = append(current.after, line...)
		case !ok:
		case before != nil && before.sent == r.sent && len(before.after) == 0:
			before.data = append(before.data, r.data...)
		case before != nil && before.sent == r.sent && !wire.StartsMessage(firstLine(r.data)):
			before.data, before.after = append(before.data, r.data...), nil
		case before != nil || wire.StartsMessage(firstLine(r.data)):
			if one {
				return []*run{&r}
			}
			current, last[r.connection], runs = &r, &r, append(runs, &r)
		}
	}
	return runs
}

func readPiece(line string, wires bool) (run, bool) {
	if !strings.ContainsAny(line[:min(len(line), maxPrefix)], "<>:") {
		return run{}, false
	}
	for i, f := range pieceForms {
		if wires && i == 1 {
			continue // the headers stand twice
		}
		if m := f.line.FindStringSubmatch(line); m != nil {
			return run{connection: m[1], sent: m[2] == f.sends, data: append(f.unquote(m[3]), f.end...)}, true
		}
	}
	return run{}, false
}

func (r Reader) readPieceLog(text []byte) (Evidence, error) {
	var parts []part
	headers := !bytes.Contains(text, []byte(`>> "`)) && bytes.Contains(text, []byte(" >> "))
	for _, run := range readPieces(text, false) {
		list := splitMessages(run.data)
		for i := range list {
			p := &list[i]
			p.bodyless = headers || !run.sent && len(p.message.Body) == 0
			if p.err == nil && !run.sent && i == len(list)-1 {
				p.printed(run.after)
			}
		}
		parts = append(parts, list...)
	}
	return r.pairs(PieceLog, parts)
}

// printed takes the body of an answer that a program printed behind its header,
// where its length is known.
func (p *part) printed(after []byte) {
	m := &p.message
	n, err := strconv.Atoi(m.Get("Content-Length"))
	if err != nil || n == 0 || len(m.Body) > 0 {
		return
	}
	for len(after) >= n {
		if rest := after[n:]; len(bytes.TrimRight(firstLine(rest), "\r\n")) == 0 {
			m.Body, m.Partial = bytes.Clone(after[:n]), false
			return
		}
		after = after[len(firstLine(after)):]
	}
}

// apacheEscapes reads what Apache's HttpClient makes of bytes that are not
// printable: [\r], [\n] and [0xe8].
func apacheEscapes(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		rest := s[i:]
		switch {
		case strings.HasPrefix(rest, `[\r]`):
			out, i = append(out, '\r'), i+3
		case rest == `[\n]`: // lines end with it; anywhere else it is the message's
			out, i = append(out, '\n'), i+3
		case strings.HasPrefix(rest, "[0x") && len(rest) > 4:
			end := strings.IndexByte(rest[:min(len(rest), 6)], ']')
			b, err := strconv.ParseUint(rest[3:max(3, end)], 16, 8)
			if err != nil {
				out = append(out, s[i])
				continue
			}
			out, i = append(out, byte(b)), i+end
		default:
			out = append(out, s[i])
		}
	}
	return out
}

// cEscapes reads a string as C, Go, JSON, Python, Ruby and JavaScript print it,
// with its quotes or without them.
func cEscapes(s string) []byte {
	s = strings.TrimPrefix(s, "b")
	if len(s) >= 2 && strings.IndexByte("\"'`", s[0]) >= 0 && s[len(s)-1] == s[0] {
		s = s[1 : len(s)-1]
	}
	return unescape(s, true)
}

// unescape undoes the escapes of a string, in which \xNN is a byte or a character. What
// is behind another backslash stands for itself.
func unescape(s string, bytes bool) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		n := 0
		switch {
		case s[i] != '\\' || i+1 == len(s):
			out, n = append(out, s[i]), 1
		case s[i+1] == 'e': // Ruby
			out, n = append(out, 0x1b), 2
		default:
			if out, n = escapes.Append(out, s[i:], bytes); n == 0 {
				out, n = append(out, s[i+1]), 2
			}
		}
		i += n
	}
	return out
}
