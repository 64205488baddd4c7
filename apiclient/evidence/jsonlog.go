package evidence

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

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
