package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/jsontext"
	"countersign/apiclient/signing"
)

// Check is one thing that the sandbox looks at before it acts.
type Check struct {
	Name   string // "time window"
	Code   string // resultCode of the refusal
	HTTP   int    // HTTP status of the refusal
	Signed bool   // whether the refusal is signed
	Says   string // one sentence: what passes

	run func(*Sandbox, *request) *answer
}

// checks is the order in which a request is judged. It is filled in init
// because the checks read it for their codes.
var checks []Check

func init() {
	checks = []Check{
		{"message", "PARAM_ILLEGAL", http.StatusBadRequest, false, "The request can be read in one way only: one " +
			"length, names without spaces.",
			checkMessage},
		{"method", "METHOD_NOT_SUPPORTED", http.StatusMethodNotAllowed, false, "The method is POST.", checkMethod},
		{"media type", "MEDIA_TYPE_NOT_ACCEPTABLE", http.StatusUnsupportedMediaType, false,
			"Content-Type is absent or application/json in UTF-8.", checkMediaType},
		{"client", "INVALID_CLIENT", http.StatusOK, false, "Client-Id names the client.", checkClient},
		{"merchant", "ACCESS_DENIED", http.StatusOK, true, "Merchant-Id is absent or names the merchant.", checkMerchant},
		{"time format", "PARAM_ILLEGAL", http.StatusOK, true, "Request-Time is epoch milliseconds or ISO 8601 " +
			"with a zone.", checkTimeFormat},
		{"time window", "ACCESS_DENIED", http.StatusOK, true, "Request-Time is near the sandbox's clock: within five " +
			"minutes, unless configured.",
			checkTimeWindow},
		{"body", "PARAM_ILLEGAL", http.StatusRequestEntityTooLarge, true, "The body arrives whole and has at most 8 MiB.", checkBody},
		{"signature", "INVALID_SIGNATURE", http.StatusOK, true,
			"Signature verifies over the received method, target, Client-Id, Request-Time and body, and names no algorithm " +
				"but RSA256.", checkSignature},
		{"path", "INVALID_API", http.StatusOK, true, "The path ends in an interface that merchants call.", checkPath},
		{"JSON", "PARAM_ILLEGAL", http.StatusOK, true, "The body is one JSON object in UTF-8.", checkJSON},
		{"schema", "PARAM_ILLEGAL", http.StatusOK, true, "The body follows the interface's schema.", checkSchema},
	}
}

// refusal is the answer of the named check.
func refusal(name, format string, args ...any) *answer {
	for _, c := range checks {
		if c.Name == name {
			a := refuse(c.Code, format, args...)
			a.http = c.HTTP
			return a
		}
	}
	panic("sandbox: no check is called " + name)
}

func checkMessage(_ *Sandbox, q *request) *answer {
	if q.fault == "" {
		return nil
	}
	q.partial = true // what follows on the connection is not read
	a := refusal("message", "%s", q.fault)
	if q.large {
		a.http = http.StatusRequestHeaderFieldsTooLarge
	}
	return a
}

func checkMethod(s *Sandbox, q *request) *answer {
	if q.method == http.MethodPost || s.methods[q.method] {
		return nil
	}
	return refusal("method", "The method is %s; every interface is called with POST.", q.method)
}

func checkMediaType(s *Sandbox, q *request) *answer {
	// The Go SDK sends two, so each is judged.
	for _, value := range q.http.Header.Values("Content-Type") {
		kind, params, err := mime.ParseMediaType(value)
		if err != nil {
			return refusal("media type", "Content-Type %q cannot be read; send application/json; charset=UTF-8.", value)
		}
		if kind != "application/json" && !s.media[kind] {
			return refusal("media type", "Content-Type is %s; send application/json; charset=UTF-8.", kind)
		}
		if charset, ok := params["charset"]; ok && !strings.EqualFold(charset, "utf-8") &&
			!strings.EqualFold(charset, "utf8") {
			return refusal("media type", "The charset is %s; bodies are JSON in UTF-8.", charset)
		}
	}
	if coding := q.http.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return refusal("media type", "Content-Encoding is %s; send the body uncompressed.", coding)
	}
	return nil
}

func checkClient(s *Sandbox, q *request) *answer {
	id, single := q.only(s.rule.Names.Of(apiclient.HeaderClientID))
	switch {
	case !single:
		return refusal("client", "There are two different Client-Id headers; send one.")
	case id == "":
		return refusal("client", "The Client-Id header is missing or empty.")
	case id == s.config.ClientID || s.config.AnyClient:
		q.known = true
		return nil
	case id == s.config.MerchantID:
		return refusal("client", "Client-Id %s is the Merchant-Id; the client is %s.", id, s.config.ClientID)
	}
	return refusal("client", "Client-Id %q is not known; this sandbox knows %s.", id, s.config.ClientID)
}

func checkMerchant(s *Sandbox, q *request) *answer {
	id, single := q.only(s.rule.Names.Of(apiclient.HeaderMerchantID))
	switch {
	case !single:
		return refusal("merchant", "There are two different Merchant-Id headers; send one.")
	case id == "" || id == s.config.MerchantID || s.config.AnyClient:
		return nil
	}
	return refusal("merchant", "Merchant-Id %q does not belong to client %s; its merchant is %s.", id, s.config.ClientID,
		s.config.MerchantID)
}

func checkTimeFormat(s *Sandbox, q *request) *answer {
	value, single := q.only(s.rule.Names.Of(apiclient.HeaderRequestTime))
	switch {
	case !single:
		return refusal("time format", "There are two different Request-Time headers; send one.")
	case value == "":
		return refusal("time format", "The Request-Time header is missing or empty; send epoch milliseconds such as %d.",
			q.at.UnixMilli())
	}
	q.time = value
	var err error
	if q.sent, err = s.parseTime(value); err != nil {
		return refusal("time format", "Request-Time %q %v.", value, err)
	}
	return nil
}

func checkTimeWindow(s *Sandbox, q *request) *answer {
	skew := q.sent.Sub(q.at)
	if skew.Abs() <= s.config.Window {
		return nil
	}
	side := "ahead of"
	if skew < 0 {
		side = "behind"
	}
	return refusal("time window",
		"Request-Time %s is %s %s the sandbox's clock; %s are tolerated. Set the clock, and take a new time for each "+
			"request.",
		q.time, skew.Abs().Round(time.Second), side, s.config.Window)
}

// Large bodies share a little memory: whoever sends one waits for its turn, and
// nobody else does.
const (
	smallBody  = 256 << 10        // bytes: up to here a body has no turn
	largeTurns = 4                // large bodies at once
	turnWait   = 10 * time.Second // for a turn
)

func checkBody(s *Sandbox, q *request) *answer {
	source := http.MaxBytesReader(q.writer, q.http.Body, MaxBody)
	body, err := io.ReadAll(io.LimitReader(source, smallBody))
	if err == nil && len(body) == smallBody {
		if !s.takeTurn(q) {
			q.partial = true
			a := refusal("body", "%d large bodies are under way: send it again later.", largeTurns)
			a.result.Code, a.http = "REQUEST_TRAFFIC_EXCEED_LIMIT", http.StatusServiceUnavailable
			return a
		}
		rest := bytes.NewBuffer(body)
		_, err = rest.ReadFrom(source)
		body = rest.Bytes()
	}
	q.body = body
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &tooLarge):
		q.partial = true
		return refusal("body", "The body is larger than %d MiB.", MaxBody>>20)
	}
	q.partial = true
	a := refusal("body", "The body did not arrive whole: it ended after %d bytes.", len(body))
	a.http = http.StatusBadRequest
	if errors.Is(err, os.ErrDeadlineExceeded) {
		a.http = http.StatusRequestTimeout
	}
	return a
}

// takeTurn waits for the turn of a large body, which the request then has until
// it is answered.
func (s *Sandbox) takeTurn(q *request) bool {
	wait := time.NewTimer(turnWait)
	defer wait.Stop()
	select {
	case s.turns <- struct{}{}:
		q.release = func() { <-s.turns }
		return true
	case <-wait.C:
	case <-q.http.Context().Done():
	}
	return false
}

func checkSignature(s *Sandbox, q *request) *answer {
	e := s.exchange(q)
	signers := s.clientSigners(&e.Request)
	q.verdict = signing.Verify(s.rule.Check(&e.Request, signers, s.rule.Canonical(&e, apiclient.RequestSide)))
	if q.verdict.OK() {
		return s.refuseAlgorithm(q)
	}
	return s.refuseSignature(q, e, signers)
}

// clientSigners are the keys for a message that the client signed.
func (s *Sandbox) clientSigners(m *apiclient.Message) apiclient.Signers {
	signers := s.rule.SignersOf(m, false)
	if !signers.Unknown || !s.config.AnyVersion {
		return signers
	}
	known := signers.Known
	signers.Known, signers.Unknown = nil, false
	for _, k := range known {
		if k.Role == apiclient.RolePeer {
			signers.Expected = append(signers.Expected, k)
		} else {
			signers.Known = append(signers.Known, k)
		}
	}
	return signers
}

// refuseAlgorithm refuses a signature that is right under a name that is not:
// only RSA256 is supported (the protocol, section 1). A header without a name
// is taken for RSA256.
func (s *Sandbox) refuseAlgorithm(q *request) *answer {
	i := slices.IndexFunc(q.verdict.Warnings, func(w signing.Warning) bool { return w.Cause == "algorithm_unknown" })
	if i < 0 {
		return nil
	}
	// The signature is right: what is said of it is about its name alone.
	q.verdict.Status, q.verdict.Reason = signing.Undecodable, q.verdict.Warnings[i].Says
	q.verdict.Hint = "Write algorithm=RSA256 in the Signature header; the signature itself is right."
	return s.refuseNamed(q, "algorithm_unknown")
}

func checkPath(s *Sandbox, q *request) *answer {
	endpoint, ok := s.config.Catalog.Match(q.path())
	switch {
	case !ok:
		return refusal("path", "%s is no interface of this Super App; a path ends like /v2/payments/pay.", q.path())
	case endpoint.Direction == catalog.Callback:
		return refusal("path", "%s is called by the Super App, not by the merchant.", endpoint.Path)
	case endpoint.Method != q.method:
		i := slices.IndexFunc(s.config.Catalog.Endpoints(), func(e catalog.Endpoint) bool {
			return e.Path == endpoint.Path && e.Method == q.method && e.Direction == catalog.Outbound
		})
		if i < 0 {
			return refusal("method", "%s is called with %s, not with %s.", endpoint.Path, endpoint.Method, q.method)
		}
		endpoint = s.config.Catalog.Endpoints()[i]
	}
	if before, _ := strings.CutSuffix(q.path(), endpoint.Path); strings.HasSuffix(before, "/"+versionOf(endpoint.Path)) {
		return refusal("path", "%s holds %s twice: base_url ends in a version, and the interface's path %s begins with it.",
			q.path(), versionOf(endpoint.Path), endpoint.Path)
	}
	q.endpoint = endpoint
	return nil
}

// versionOf is the first segment of an interface's path: "v2".
func versionOf(path string) string {
	version, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return version
}

func checkJSON(_ *Sandbox, q *request) *answer {
	bodiless := q.endpoint.Bodiless && q.endpoint.Source != catalog.BuiltinSource
	switch {
	case q.endpoint.Media != "", bodiless && len(q.body) == 0, q.method == http.MethodGet:
		return nil
	case len(bytes.TrimSpace(q.body)) == 0:
		return refusal("JSON", "The body is empty; send a JSON object.")
	case bytes.HasPrefix(q.body, []byte("\xef\xbb\xbf")):
		return refusal("JSON", "The body starts with a byte order mark; JSON has none.")
	case !utf8.Valid(q.body):
		return refusal("JSON", "The body is not UTF-8: byte %d does not fit.", jsontext.InvalidUTF8(q.body))
	}
	if bytes.HasPrefix(bytes.TrimLeft(q.body, " \t\r\n"), []byte("{")) && json.Valid(q.body) {
		return nil
	}
	var fault *json.SyntaxError
	var object map[string]json.RawMessage
	err := json.Unmarshal(q.body, &object)
	switch {
	case errors.As(err, &fault):
		// encoding/json quotes one byte of a wide character; the catalogue names
		// the whole of it.
		wide := fault.Offset > 0 && q.body[fault.Offset-1] >= utf8.RuneSelf
		if v := q.endpoint.Check(q.body); wide && len(v) > 0 && v[0].Line > 0 {
			return refusal("JSON", "The body is not JSON: %s, at line %d, column %d.", v[0].Message, v[0].Line, v[0].Column)
		}
		line, column := jsontext.LineColumn(q.body, int(fault.Offset)-1) // it counts the bytes read before it
		return refusal("JSON", "The body is not JSON: %v, at line %d, column %d.", fault, line, column)
	case err != nil || object == nil:
		return refusal("JSON", "The body is JSON but not an object; it starts with %q.", bytes.TrimSpace(q.body)[0])
	}
	return nil
}

func checkSchema(_ *Sandbox, q *request) *answer {
	if q.endpoint.Media != "" || len(q.body) == 0 {
		return nil
	}
	violations := q.endpoint.Check(q.body)
	if len(violations) == 0 {
		return nil
	}
	more := ""
	if n := len(violations) - 1; n > 0 {
		more = fmt.Sprintf(" (and %d more: see violations)", n)
	}
	a := refusal("schema", "%s%s", strings.Replace(violations[0].Message, ": is required", " is required", 1), more)
	var list []violation
	for _, v := range violations[:min(len(violations), maxViolations)] {
		list = append(list, violation{v.Pointer, v.Message})
	}
	return a.add("violations", list)
}

const maxViolations = 20

type violation struct {
	Pointer string `json:"pointer"`
	Message string `json:"message"`
}
