package apiclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"unicode/utf8"

	"countersign/apiclient/jsontext"
	"countersign/apiclient/xmltext"
)

// checkStatus judges the status line.
func checkStatus(i *inspection) Finding {
	code := i.m.Status()
	line := fmt.Sprintf("HTTP %d %s", code, http.StatusText(code))
	switch {
	case code == 0:
		return i.finding(Problem, "", "not_http", "Check host and port.", "What arrived is not an HTTP response.")
	case code >= 300 && code < 400 && code != 304:
		return i.finding(Problem, "", "redirect_not_followed",
			"Correct base_url or the path: a signed request cannot be redirected, because the path is signed.",
			"%s points to %q. It was not followed.", line, i.m.Get("Location"))
	case code >= 200 && code < 300:
		return i.finding(Good, "", "ok", "", "%s.", line)
	case code >= 500:
		return i.finding(Problem, "", "http_status",
			"The other side or its gateway failed: the request may have been carried out all the same.", "%s.", line)
	}
	return i.finding(Problem, "", "http_status", statusHints[code], "%s.", line)
}

var statusHints = map[int]string{
	400: "The other side could not read the request: look at its headers.",
	401: "Look at Client-Id and Signature.",
	403: "Look at Client-Id and at the addresses that the other side allows.",
	404: "Check the prefix in base_url and the path.",
	405: "Interfaces take POST.",
	413: "The body is too large for the other side.",
	415: "Send Content-Type: application/json; charset=UTF-8.",
	429: "Slow down.",
}

// body is about the body.
func (i *inspection) body(s Severity, cause, hint, format string, args ...any) Finding {
	return i.finding(s, "body", cause, hint, format, args...)
}

// checkBody judges the body as a reader sees it, and the result inside it.
func (i *inspection) checkBody() []Finding {
	body := i.m.Content()
	if i.m.Partial {
		return append([]Finding{i.body(Problem, "body_incomplete", "", "Only %d bytes of the body arrived.",
			len(i.m.Body))}, i.checkResult()...)
	}
	if len(body) == 0 {
		if i.side == RequestSide || i.m.Status() == 204 || i.e.Request.Method() == "HEAD" {
			return []Finding{i.body(Note, "body_empty", "", "There is no body.")}
		}
		return []Finding{i.body(Problem, "body_empty", "Every answer of the protocol has a result.",
			"The body is empty.")}
	}
	if i.m.Decoded == nil && len(i.m.ContentCodings()) > 0 {
		return nil // it has its own finding
	}
	var findings []Finding
	if bytes.HasPrefix(body, bom) {
		findings = append(findings,
			i.body(Warn, "body_bom", "Send the body without it: many JSON parsers refuse it, and it is signed along.",
				"The body starts with a byte order mark."))
		body = body[len(bom):]
	}
	if i.form.xml() && i.form.encoding != "" {
		findings = append(findings, i.body(Warn, "body_not_utf8",
			"It is read as that, and verified as it came. The protocol's text is UTF-8: the other side should send it so.",
			"The body is %s, not UTF-8.", i.form.encoding))
	} else if !utf8.Valid(body) {
		findings = append(findings,
			i.body(Problem, "body_not_utf8", "Send UTF-8: GBK and Latin-1 look alike until a name has an accent.",
				"The body is not UTF-8: byte %d does not fit.", jsontext.InvalidUTF8(body)+1))
	}
	findings = append(findings, i.checkJSON(body))
	return append(findings, i.checkResult()...)
}

func (i *inspection) checkJSON(body []byte) Finding {
	switch {
	case i.form.json:
		return i.body(Good, "ok", "", "The body is JSON.")
	case i.side == RequestSide && isForm(i.m):
		return i.body(Good, "ok", "", "The body is a form.")
	case i.form.xml() && i.side == ResponseSide:
		return i.body(Good, "ok", "", "The body is XML.")
	}
	severity := Warn // a wrong body must still be sendable
	if i.side == ResponseSide {
		severity = Problem
	}
	switch fault := i.form.fault; {
	case i.form.markup == xmltext.HTML:
		return i.body(severity, "body_html",
			"A web server or gateway answered in place of the API: check host and path.", "The body is an HTML page, not JSON.")
	case fault != nil:
		return i.body(severity, "body_xml_malformed",
			"Its signature can be checked all the same; an XML parser will refuse it.",
			"The body is not well-formed XML: %s at byte %d, line %d.", fault.Says, fault.Offset+1, fault.Line)
	case i.form.xml():
		return i.body(severity, "body_xml",
			"Interfaces take JSON: send XML only where your platform's documentation says so.", "The body is XML, not JSON.")
	}
	var syntax *json.SyntaxError
	var value json.RawMessage
	if errors.As(json.Unmarshal(body, &value), &syntax) {
		line := 1 + bytes.Count(body[:min(int(syntax.Offset), len(body))], []byte{'\n'})
		return i.body(severity, "body_not_json", "", "The body is not JSON: %v at byte %d, line %d.", syntax,
			syntax.Offset, line)
	}
	return i.body(severity, "body_not_json", "", "The body is not JSON.")
}

// Limits of the result (the protocol, section 2), in characters.
const (
	maxResultCode    = 64
	maxResultMessage = 256
)

func (i *inspection) checkResult() (findings []Finding) {
	if i.side != ResponseSide || len(i.m.Content()) == 0 {
		return nil
	}
	r := i.e.Result
	if r == (Result{}) {
		return []Finding{i.finding(Warn, "result", "result_missing", "Every answer of the protocol has one.",
			"The body has no result.")}
	}
	add := func(s Severity, member, cause, hint, format string, args ...any) {
		findings = append(findings, i.finding(s, "result."+member, cause, hint, format, args...))
	}
	const unknown = "Treat the outcome as unknown."
	switch r.Status {
	case "S", "F", "U", "A":
		add(Good, "resultStatus", "ok", "", "It is one of S, F, U and A.")
	case "":
		add(Problem, "resultStatus", "result_status_missing", unknown, "resultStatus is missing.")
	default:
		add(Problem, "resultStatus", "result_status_unknown", unknown, "It is %q, none of S, F, U and A.", r.Status)
	}
	const tooLong = "%s has %d characters; at most %d are allowed."
	switch n := utf8.RuneCountInString(r.Code); {
	case n == 0:
		add(Warn, "resultCode", "result_code_missing", "", "resultCode is missing.")
	case n > maxResultCode:
		add(Warn, "resultCode", "result_code_too_long", "", tooLong, "resultCode", n, maxResultCode)
	}
	if n := utf8.RuneCountInString(r.Message); n > maxResultMessage {
		add(Warn, "resultMessage", "result_message_too_long", "", tooLong, "resultMessage", n, maxResultMessage)
	}
	return findings
}
