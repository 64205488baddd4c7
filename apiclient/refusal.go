package apiclient

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"countersign/apiclient/refusal"
)

// Refusal is an answer that refuses a request for its signature.
type Refusal struct {
	Code    string        // "INVALID_SIGNATURE"; "" where the answer has none
	Message string        // the sentence that goes with it; "" where the answer has none
	Fault   refusal.Fault // what they say is wrong with the signature
}

// String is the refusal in short: its code, else its message.
func (r Refusal) String() string {
	return cmp.Or(r.Code, r.Message)
}

// Refusal reports whether the answer refuses the request for its signature, and
// how. On some platforms a signature's fault has no code of its own (the
// protocol, section 6): then its message decides, which has to name the
// signature and a fault of it. An answer that says neither is no refusal of the
// signature, whatever its code. Nothing is said of whether the answer is right.
func (e *Exchange) Refusal() (Refusal, bool) {
	if e.Response == nil || e.Response.Line == "" {
		return Refusal{}, false
	}
	result, http := e.Result, e.Response.Status()
	if result == (Result{}) && len(e.Response.Content()) <= refusal.MaxText {
		result, _ = resultOf(e.Response)
	}
	if result.Status == "S" || result.Status == "A" {
		return Refusal{}, false
	}
	r := Refusal{Code: strings.TrimSpace(result.Code), Message: strings.TrimSpace(result.Message)}
	if result == (Result{}) {
		r = e.plainRefusal()
	}
	for _, text := range []string{r.Code, r.Message} {
		if fault, ok := refusal.FaultOf(text); ok && (r.Fault == "" || r.Fault == refusal.Invalid) {
			r.Fault = fault // the message may say more than the code
		}
	}
	if r.Fault != "" {
		return r, true
	}
	if challenge := e.Response.Get("WWW-Authenticate"); http == 401 {
		if fault, ok := refusal.FaultOf(challenge); ok {
			return Refusal{Code: r.Code, Message: challenge, Fault: fault}, true
		}
	}
	return Refusal{}, false
}

// plainRefusal reads an answer without a result object: the members of a JSON
// body that by their names hold a code or an error; of anything else the text,
// where the HTTP status is that of a refusal.
func (e *Exchange) plainRefusal() Refusal {
	body := e.Response.Content()
	body = body[:min(len(body), refusal.MaxText)]
	var document any
	if json.Unmarshal(body, &document) == nil {
		var r Refusal
		r.read(document, 0)
		return r
	}
	if status := e.Response.Status(); status < 400 {
		return Refusal{}
	}
	return Refusal{Message: refusal.SentenceAbout(textOf(string(body)))}
}

// faultMembers are parts of the names of members that hold a code or an error.
var faultMembers = []string{"code", "err", "msg", "message", "reason", "detail", "description", "title", "fault", "status"}

// read takes the first code and the first message that name a fault of the
// signature.
func (r *Refusal) read(v any, depth int) {
	members, ok := v.(map[string]any)
	if !ok || depth > 3 {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		text, isText := members[name].(string)
		if !isText {
			r.read(members[name], depth+1)
			continue
		}
		lower := strings.ToLower(name)
		if _, fault := refusal.FaultOf(text); !fault ||
			!slices.ContainsFunc(faultMembers, func(part string) bool { return strings.Contains(lower, part) }) {
			continue
		}
		if r.Code == "" && !strings.ContainsAny(text, " \n") {
			r.Code = text
		} else if r.Message == "" {
			r.Message = text
		}
	}
}

// textOf is the text of a page without its tags, scripts apart.
func textOf(page string) string {
	var out strings.Builder
	for page != "" {
		text, rest, tag := strings.Cut(page, "<")
		out.WriteString(text)
		if !tag {
			break
		}
		out.WriteString(" . ") // what a tag parts is no sentence
		_, page, _ = strings.Cut(rest, ">")
	}
	return out.String()
}
