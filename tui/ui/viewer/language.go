package viewer

import (
	"bytes"
	"encoding/json"

	"countersign/tui/ui/rows"
)

// language is how a text with containers is read: what is coloured, indented,
// folded, and found by its path.
type language struct {
	begins   string                                         // the characters that such a text begins with
	tokens   rows.Lexer                                     // to be coloured
	step     func(s *scan, to int) (closed frame, ok bool)  // see scan.step
	closed   func(b []byte, end int) int                    // the offset behind what closes a container
	at       func(o *outline, from, lineEnd int) valuePlace // see outline.at
	says     func(value []byte) string                      // see Mode.Says
	compact  func(b []byte) bool                            // on one line, which nobody can read as it is
	valid    func(b []byte) bool
	indented func(out, b []byte, most int) []byte // appends a text indented, up to most bytes
}

// language returns the language of a mode; nil for those that have none.
func (m Mode) language() *language {
	switch m {
	case JSON:
		return &jsonLanguage
	case XML:
		return &xmlLanguage
	}
	return nil
}

// Folds reports a mode in which containers fold and values have paths.
func (m Mode) Folds() bool { return m.language() != nil }

var jsonLanguage, xmlLanguage language

func init() {
	jsonLanguage = language{
		begins: "{[", tokens: rows.JSONTokens, step: jsonStep, closed: func(_ []byte, end int) int { return end + 1 },
		at: jsonAt, says: jsonSays, compact: compactJSON, valid: json.Valid, indented: jsonLayout.Append,
	}
	xmlLanguage = language{
		begins: "<", tokens: xmlTokens, step: xmlStep, closed: xmlClosed,
		at: xmlAt, says: xmlSays, compact: compactXML, valid: wellFormed, indented: appendIndentedXML,
	}
}

// jsonSays returns the text of a string.
func jsonSays(value []byte) string {
	var s string
	if bytes.HasPrefix(value, []byte(`"`)) && json.Unmarshal(value, &s) == nil {
		return s
	}
	return string(value)
}
