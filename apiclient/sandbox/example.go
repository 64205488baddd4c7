package sandbox

import (
	"bytes"
	"encoding/json"
	"strings"
)

// exemplify answers an interface that the sandbox does not play: the signature was
// right, and the rest is the example of the document, or one made of its schema.
func (s *Sandbox) exemplify(q *request) answer {
	a := succeed()
	a.result.Message = clip("signature ok: the sandbox does not play "+q.endpoint.ID+
		", so the rest of this answer is its schema's example.", maxMessage)
	example := strings.NewReplacer("{{uuid}}", s.newID(), "{{now_iso}}", isoTime(q.at)).
		Replace(string(q.endpoint.ResponseExample()))
	d := json.NewDecoder(bytes.NewReader([]byte(example)))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		if json.Valid([]byte(example)) {
			a.add("example", json.RawMessage(example))
		}
		return a
	}
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			break
		}
		if name != "result" {
			a.add(name.(string), value)
		}
	}
	return a
}
