package sandbox

import (
	"encoding/json"
	"strings"

	"countersign/apiclient/jsontext"
)

// exemplify answers an interface that the sandbox does not play: the signature was
// right, and the rest is the example of the document, or one made of its schema.
func (s *Sandbox) exemplify(q *request) answer {
	a := succeed()
	a.result.Message = clip("signature ok: the sandbox does not play "+q.endpoint.ID+
		", so the rest of this answer is its schema's example.", maxMessage)
	example := []byte(strings.NewReplacer("{{uuid}}", s.newID(), "{{now_iso}}", isoTime(q.at)).
		Replace(string(q.endpoint.ResponseExample())))
	switch {
	case !json.Valid(example):
	case jsontext.Next(example, 0).Kind != jsontext.Object:
		a.add("example", json.RawMessage(example))
	default:
		for name, value := range jsontext.Members(example) {
			if name := jsontext.Text(name.Of(example)); name != "result" {
				a.add(name, json.RawMessage(value.Of(example)))
			}
		}
	}
	return a
}
