package expect

import (
	"strings"
	"time"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/jq"
)

// valueNames are those that Value has, as far as they are known beforehand; nil stands
// for anything.
var valueNames = map[string]any{
	"status": nil, "headers": nil, "body": nil, "schema": nil,
	"result":  map[string]any{"status": nil, "code": nil, "message": nil},
	"verdict": map[string]any{"request": nil, "response": nil},
	"timing":  map[string]any{"totalMs": nil},
}

// Names are the top-level names of the value that expressions look at.
var Names = []string{"status", "headers", "body", "result", "schema", "verdict", "timing"}

// Value is what expressions look at. status is null and headers are empty where
// nothing was answered; a header that comes more than once has its values joined by
// ", "; body is what its JSON or XML says, text where it is neither, null where
// there is none. schema lists what the answer's schema does not allow.
func Value(e *apiclient.Exchange, schema []string) any {
	sides := e.Sides()
	list := make([]any, len(schema))
	for i, s := range schema {
		list[i] = s
	}
	value := map[string]any{
		"status": nil, "headers": map[string]any{}, "body": nil, "schema": list,
		"result": map[string]any{"status": e.Result.Status, "code": e.Result.Code, "message": e.Result.Message},
		"verdict": map[string]any{
			"request": string(sides.Request.Status), "response": string(sides.Response.Status),
		},
		"timing": map[string]any{"totalMs": float64(e.Timing.Total) / float64(time.Millisecond)},
	}
	if e.Response == nil {
		return value
	}
	if e.Response.Line != "" {
		value["status"] = e.Response.Status()
	}
	headers := make(map[string]any, len(e.Response.Header))
	for _, f := range e.Response.Header {
		name := strings.ToLower(f.Name)
		if before, ok := headers[name].(string); ok {
			headers[name] = before + ", " + f.Value
		} else {
			headers[name] = f.Value
		}
	}
	value["headers"] = headers
	value["body"] = body(e.Response)
	return value
}

func body(m *apiclient.Message) any {
	content := m.Content()
	if len(content) == 0 {
		return nil
	}
	if v, err := jq.Decode(apiclient.ValuesOf(m).JSON); err == nil {
		return v
	}
	if !utf8.Valid(content) {
		return strings.ToValidUTF8(string(content), "\ufffd")
	}
	return string(content)
}
