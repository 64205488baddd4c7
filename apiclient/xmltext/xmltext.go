// Package xmltext reads XML by offsets: its tokens, whether it is well formed,
// and its values as JSON, so that whatever reads a value out of an answer reads
// it by the same path from both.
//
// Nothing is looked up and nothing is expanded: of entities only XML's own five
// and character references count, and a document type is passed over.
package xmltext

import (
	"bytes"
	"mime"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// Form is what a text that begins with "<" is.
type Form int

// Forms of a text.
const (
	Neither Form = iota
	XML
	HTML
)

// pageRoots are elements that a web page or a piece of one begins with, in
// small letters.
var pageRoots = strings.Fields(`
	html head body title meta h1 h2 h3 div p center table script style br hr pre span form iframe`)

// Sniff tells XML from a web page. What the root is called counts more than the
// Content-Type: servers send XML as text/html, and pages as XML. It looks no
// further than the root, so the beginning of a text is enough.
func Sniff(b []byte, contentType string) Form {
	b = bytes.TrimPrefix(b, bom8)
	if start := skipBlanks(b, 0); start == len(b) || b[start] != '<' {
		return Neither
	}
	surely := bytes.HasPrefix(b, []byte("<?xml")) || isXMLType(contentType)
	for at := 0; at < len(b); {
		t := Next(b, at)
		at = t.To
		switch t.Kind {
		case Comment, Instruction:
			continue
		case Text:
			if blank(b[t.From:t.To]) {
				continue
			}
		case Doctype:
			if word := bytes.Fields(b[t.From:t.To]); len(word) > 1 &&
				strings.EqualFold(strings.TrimSuffix(string(word[1]), ">"), "html") {
				return HTML
			}
			surely = true
			continue
		case Open, Empty, Damaged:
			root := strings.ToLower(string(Local(t.Name(b))))
			switch {
			case root == "html", slices.Contains(pageRoots, root) && !surely:
				return HTML
			case root != "":
				return XML
			}
		}
		break
	}
	if surely {
		return XML
	}
	return Neither
}

func isXMLType(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/xml" || media == "text/xml" || strings.HasSuffix(media, "+xml"))
}

// Read returns the text of a body that is XML by its looks, in UTF-8 and
// without a byte order mark, and the name of its encoding where that is another
// one. The encoding is what a byte order mark says, else the XML declaration,
// else the Content-Type; what is UTF-8 already is taken as that. ok is false
// for what is not XML; whether it is well formed, Check says.
func Read(body []byte, contentType string) (text []byte, enc string, ok bool) {
	text, enc = decode(body, contentType)
	if Sniff(text, contentType) != XML {
		return nil, "", false
	}
	return text, enc, true
}

var bom8 = []byte("\xef\xbb\xbf")

func decode(body []byte, contentType string) ([]byte, string) {
	if bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) {
		return decoded(body, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16")
	}
	body = bytes.TrimPrefix(body, bom8)
	if at := skipBlanks(body, 0); at == len(body) || body[at] != '<' || utf8.Valid(body) {
		return body, ""
	}
	name := declared(body)
	if name == "" {
		if _, params, err := mime.ParseMediaType(contentType); err == nil {
			name = params["charset"]
		}
	}
	enc, err := htmlindex.Get(name)
	if err != nil || enc == unicode.UTF8 {
		return body, ""
	}
	return decoded(body, enc, name)
}

func decoded(body []byte, enc encoding.Encoding, name string) ([]byte, string) {
	text, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return body, ""
	}
	return text, name
}

// declared returns the encoding that an XML declaration names; "" for none.
func declared(b []byte) string {
	if !bytes.HasPrefix(b, []byte("<?xml")) {
		return ""
	}
	t := Next(b, 0)
	if t.Kind != Instruction {
		return ""
	}
	var name string
	Attributes(b[t.From+len("<?xml"):t.To-len("?>")], func(key, value []byte) bool {
		if string(key) == "encoding" {
			name = string(value)
		}
		return true
	})
	return name
}

func skipBlanks(b []byte, i int) int {
	for i < len(b) && class[b[i]]&isBlank != 0 {
		i++
	}
	return i
}

func blank(b []byte) bool { return skipBlanks(b, 0) == len(b) }
