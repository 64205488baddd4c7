package keys

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"countersign/apiclient/hint"
)

// item is one run of bytes that was found in the data, decoded from its
// armour and not yet identified.
type item struct {
	label    string // of the PEM block; "" where there was none
	form     string
	der      []byte
	legacy   *pem.Block // the block, where its body is encrypted in the way of the 1990s (DEK-Info)
	warnings []string
	fault    *hint.Error // the body could not be decoded
	named    *thing      // a text that was recognised as it stands
}

// find splits data into items. It gives an error where the data is something
// that is no key at all, and says what.
func find(data []byte) ([]item, error) {
	if looksBinary(data) {
		return []item{{form: "DER", der: data}}, nil
	}
	text, warnings := plainText(data)
	if strings.TrimSpace(text) == "" {
		return nil, &hint.Error{Says: "there is nothing in it",
			Fix: "put the key there: PEM, or the one base64 line that the portal gives"}
	}
	if items := findArmoured(text); len(items) > 0 {
		items[0].warnings = append(warnings, items[0].warnings...)
		return items, nil
	}
	if t, ok := foreignKeyText(text); ok {
		return []item{{named: &t}}, nil
	}
	if f := noKeyText(text); f != nil {
		return nil, f
	}
	return findBare(text, warnings)
}

// looksBinary tells DER and other binary formats from text. Both DER and text
// may begin with "0" (0x30); a whole DER structure settles it.
func looksBinary(data []byte) bool {
	if bytes.HasPrefix(data, []byte(jksMagic)) || bytes.HasPrefix(data, []byte(openSSHMagic)) {
		return true
	}
	if len(data) < 2 || data[0] != 0x30 {
		return false
	}
	if data[1] >= 0x80 {
		return true
	}
	return len(data) == 2+int(data[1]) &&
		bytes.ContainsFunc(data, func(r rune) bool { return r < ' ' || r == utf8.RuneError })
}

// look-alikes that word processors and chats put in the place of what PEM needs.
var lookAlikes = strings.NewReplacer(
	"\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u2014", "--", "\u2212", "-",
	"\u00a0", " ", "\u200b", "", "\ufeff", "",
	"\u201c", "\"", "\u201d", "\"", "\u2018", "'", "\u2019", "'",
)

// escaped line ends, as environment variables and JSON carry them, perhaps
// escaped twice.
var escapedEnds = compiled(`\\+r\\+n|\\+n|\\+r`)

// jsonEscapes are what JSON writers make of the characters of base64.
var jsonEscapes = strings.NewReplacer(
	`\/`, "/", `\u002f`, "/", `\u002F`, "/", `\u002b`, "+", `\u002B`, "+", `\u003d`, "=", `\u003D`, "=",
	`\u000a`, "\n", `\u000A`, "\n", `\u000d`, "", `\u000D`, "",
)

// joints are the seams of a string constant that was copied out of a program:
// a quote, perhaps a plus or a dot, a line end, and a quote.
var joints = compiled(`["'][ \t]*[+.,\\]?[ \t]*\n[ \t]*[+.]?[ \t]*["']`)

// plainText undoes what editors, shells and programs do to a text.
func plainText(data []byte) (string, []string) {
	var warnings []string
	text := string(data)
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		text = fromUTF16(data[2:], binary.LittleEndian)
		warnings = append(warnings, "the text is UTF-16, which most tools refuse")
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		text = fromUTF16(data[2:], binary.BigEndian)
		warnings = append(warnings, "the text is UTF-16, which most tools refuse")
	case bytes.HasPrefix(data, []byte("\ufeff")):
		warnings = append(warnings, "the text begins with a byte order mark, which some SDKs refuse")
	}
	text = lookAlikes.Replace(text)
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	text = joints().ReplaceAllString(text, "\n")
	text = jsonEscapes.Replace(text)
	return escapedEnds().ReplaceAllString(text, "\n"), warnings
}

func fromUTF16(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

// assignment is the NAME= of an environment file, or the NAME: of YAML.
var assignment = compiled(`^(?:export[ \t]+)?[A-Za-z_][A-Za-z0-9_.-]{0,60}(?:[ \t]*=[ \t]*|:[ \t]+)["']?`)

var hexOnly = compiled(`^(?:0x)?30[0-9A-Fa-f\s:]+$`)

// shortestKey is the length in characters below which nothing is taken for the
// base64 of a key, were it even cut short.
const shortestKey = 40

// findBare reads a text without armour: base64, base64 of a PEM text, or hex.
func findBare(text string, warnings []string) ([]item, error) {
	body := strings.TrimSpace(text)
	body = body[len(assignment().FindString(body)):]
	body = strings.Trim(body, "\"'`,; \t\n")
	if hexOnly().MatchString(body) {
		if der, ok := decodeHex(body); ok {
			warnings = append(warnings, "the key is written in hex, which most tools refuse")
			return []item{{form: "hex", der: der, warnings: warnings}}, nil
		}
	}
	der, more, f := decodeBody(body)
	if (f != nil || len(body) < shortestKey) && !whole(der) && strange(body) {
		return nil, notAKey(body)
	}
	if f != nil {
		return nil, &hint.Error{Says: "a damaged base64 line: " + f.Says, Fix: f.Fix}
	}
	warnings = append(warnings, more...)
	if bytes.Contains(der, []byte("-----BEGIN ")) {
		inner, _ := plainText(der)
		if items := findArmoured(inner); len(items) > 0 {
			for i := range items {
				items[i].form += " in base64"
			}
			items[0].warnings = append(warnings, items[0].warnings...)
			return items, nil
		}
	}
	return []item{{form: "base64 without armour", der: der, warnings: warnings}}, nil
}

func decodeHex(s string) ([]byte, bool) {
	s = strings.TrimPrefix(s, "0x")
	s = strings.Map(func(r rune) rune {
		if r == ':' || r == ' ' || r == '\t' || r == '\n' {
			return -1
		}
		return r
	}, s)
	der, err := hex.DecodeString(s)
	return der, err == nil
}
