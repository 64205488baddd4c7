package evidence

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"

	"countersign/apiclient/lazyregexp"
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
