package evidence

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"html"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
)

// maxInside is how many texts inside of another are tried.
const maxInside = 50

// readInside reads the first texts in strings of JSON that are evidence themselves,
// such as a command in a ticket; ok is false where none is.
func (r Reader) readInside(data []byte) (e Evidence, ok bool) {
	if r.depth++; r.depth > maxWraps {
		return Evidence{}, false
	}
	var texts []string
	d := json.NewDecoder(bytes.NewReader(data))
	for len(texts) < maxInside {
		token, err := d.Token()
		if err != nil {
			break
		}
		if s, is := token.(string); is && len(s) > 40 && strings.ContainsAny(s, " \n") {
			texts = append(texts, s)
		}
	}
	e, _ = r.pieces(texts)
	return e, slices.ContainsFunc(e.Exchanges, r.isSigned)
}

// tableHead is the first line of a table that has a column for what a log says.
var tableHead = lazyregexp.New(`(?i)^[^\n]{0,400}?(?:^|[,;\t])"?(@?message|log|msg|_source\.message|line|textpayload)"?(?:[,;\t][^\n]*)?\r?\n`)

// isTable knows a log that was exported as a table (CSV), as CloudWatch and Kibana
// do.
func isTable(text []byte) bool {
	return text[0] != '{' && text[0] != '[' && tableHead.Match(text)
}

// readTable reads what the column of messages says.
func (r Reader) readTable(text []byte) (Evidence, error) {
	c := csv.NewReader(bytes.NewReader(text))
	head := firstLine(text)
	for _, comma := range ";\t" {
		if bytes.Count(head, []byte{byte(comma)}) > bytes.Count(head, []byte{byte(c.Comma)}) {
			c.Comma = comma
		}
	}
	c.FieldsPerRecord, c.LazyQuotes = -1, true
	rows, err := c.ReadAll()
	if err != nil || len(rows) < 2 {
		return Evidence{}, unread("table", "its rows do not have the form of CSV")
	}
	column := slices.IndexFunc(rows[0], func(name string) bool { return tableHead.MatchString(name + "\n") })
	var out []byte
	for _, row := range rows[1:] {
		if column >= 0 && column < len(row) {
			out = append(append(out, strings.TrimSuffix(row[column], "\n")...), '\n')
		}
	}
	if r.depth++; r.depth > maxWraps {
		return Evidence{}, unread("table", "there are too many texts inside of each other")
	}
	return r.read(out)
}

// byteList is a list of bytes in decimal, as Go, Java, Python and JavaScript
// print it; Java's may be less than zero.
var byteList = lazyregexp.New(`\[ ?-?\d{1,3}(?:[ ,]{1,2}-?\d{1,3}){15,} ?\]`)

// decoded returns the message that a text has in base64 or as a list of bytes.
func decoded(text []byte) ([]byte, bool) {
	bare := strings.Join(strings.Fields(string(text)), "")
	if plain, err := base64.StdEncoding.DecodeString(bare); err == nil && isMessage(plain) {
		return plain, true
	}
	var plain []byte
	for _, list := range byteList.FindAllStringSubmatch(string(text), maxExchanges) {
		for _, number := range strings.FieldsFunc(list[0], func(c rune) bool { return strings.ContainsRune("[], ", c) }) {
			n, err := strconv.Atoi(number)
			if err != nil || n < -128 || n > 255 {
				return nil, false
			}
			plain = append(plain, byte(n)) //nolint:gosec // two's complement is meant
		}
	}
	return plain, isMessage(plain)
}

// encodedStart is a JSON string with the base64 of a request line.
var encodedStart = lazyregexp.New(`"(?:UE9TV|R0VUI|UFVUI|UEFUQ0|REVMRVRF|SEVBR)[A-Za-z0-9+/]{16}`)

// rawStrings returns the messages that strings of a JSON text hold in base64, in
// their order, as ngrok's inspector and others export them.
func rawStrings(text []byte) []part {
	if text[0] != '{' && text[0] != '[' || !encodedStart.Match(text) {
		return nil
	}
	var parts []part
	d := json.NewDecoder(bytes.NewReader(text))
	for len(parts) <= 2*maxExchanges {
		token, err := d.Token()
		if err != nil {
			break
		}
		s, ok := token.(string)
		if !ok || len(s) < 20 {
			continue
		}
		if data, err := base64.StdEncoding.DecodeString(s); err == nil && isMessage(data) {
			m, err := wire.ParseMessage(data)
			parts = append(parts, part{message: m, err: err})
		}
	}
	return parts
}

// entities are the ones that a page has for what JSON is made of.
var entities = lazyregexp.New(`&(?:quot|#34|#x22|amp|lt|#39|#x27|apos);`)

// unescapedHTML undoes the entities that a web page has put into a copied message.
// Only Content-Length can tell them from those that were sent: all bodies must have
// their length without the entities, and not with them.
func unescapedHTML(text []byte) ([]byte, bool) {
	if !entities.Match(text) || fitsLength(text) {
		return text, false
	}
	plain := []byte(html.UnescapeString(string(text)))
	return plain, fitsLength(plain)
}

// fitsLength reports whether each message has a body of its Content-Length, and
// nothing stands behind the last.
func fitsLength(text []byte) bool {
	for len(text) > 0 {
		raw, rest := wire.CutMessage(text)
		m, err := wire.ParseMessage(raw)
		if err != nil || m.Get("Content-Length") != strconv.Itoa(len(m.Body)) {
			return false
		}
		text = rest
	}
	return true
}

// logTexts are the members in which loggers and containers keep a line.
var logTexts = []string{"log", "message", "msg", "textPayload", "@message", "MESSAGE", "event", "text", "body", "line"}

// jsonLog returns the lines of a log whose every line is a JSON object.
func jsonLog(text []byte) ([]byte, bool) {
	var out []byte
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		var record map[string]json.RawMessage
		if line[0] != '{' || json.Unmarshal(line, &record) != nil {
			return nil, false
		}
		said, ok := "", false
		for _, name := range logTexts {
			if raw, has := record[name]; has && !ok {
				ok = json.Unmarshal(raw, &said) == nil
			}
		}
		if !ok {
			return nil, false
		}
		out = append(append(out, strings.TrimSuffix(said, "\n")...), '\n')
	}
	return out, len(out) > 0
}

// saidInJSON returns what the lines of such a log say, where that is evidence.
func saidInJSON(text []byte) ([]byte, bool) {
	if text[0] != '{' {
		return nil, false
	}
	said, ok := jsonLog(text)
	return said, ok && !hasRequest(text) && slices.ContainsFunc(forms(), func(f form) bool { return f.looks(said) })
}
