package evidence

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html"
	"strconv"

	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
)

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
