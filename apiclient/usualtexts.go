package apiclient

import "sync"

// usualTexts are written in a record by their number. The numbers stand in files:
// append to the list, and neither change nor remove what is there, whatever becomes of
// the text where it is said. A text that is not here costs its length, no more.
var usualTexts = [...]string{
	"",
	// origins, outcomes, sides, severities
	"explorer", "cli", "replay", "sandbox", "file", "capture", "listen", "test", "notify", "probe",
	"unknown", "answered", "failed", "lost", "canceled",
	"request", "response", "ok", "note", "warning", "problem",
	// verdicts
	"verified", "mismatch", "wrong-key", "unknown-key", "unsigned", "undecodable",
	"our key", "peer key v1", "peer key v2",
	"Signed by our key over exactly this content.", "Signed by peer key v1 over exactly this content.",
	"Signed by peer key v2 over exactly this content.",
	"percent-base64", "percent-base64-lower", "base64", "base64url", "base64url-raw", "PKCS1v15",
	"algorithm", "RSA256", "keyVersion", "signature", "1", "2",
	// messages
	"HTTP/1.1 200 OK", "Host", "User-Agent", "Accept", "Accept-Encoding", "Connection", "Content-Type", "Content-Length",
	"Content-Encoding", "Transfer-Encoding", "Date", "Server", "Cache-Control", "Via", "X-Forwarded-For", "X-Request-Id",
	"Authorization", "Client-Id", "Merchant-Id", "Request-Time", "Response-Time", "Signature",
	"host", "user-agent", "accept", "accept-encoding", "connection", "content-type", "content-length", "client-id",
	"request-time", "response-time", "date", "server",
	"*/*", "gzip", "gzip, deflate", "gzip, deflate, br", "keep-alive", "close", "chunked", "Go-http-client/1.1",
	"application/json", "application/json; charset=UTF-8", "application/json; charset=utf-8", "application/json;charset=UTF-8",
	"S", "F", "U", "A", "SUCCESS", "success", "Success",
	// findings
	"body", "result.resultStatus", "result.resultCode", "not_checked", "host_differs", "header_missing", "clock_skew",
	"client_id_differs", "time_format_differs", "content_type_not_json", "http_status", "result_missing", "body_empty",
	"signature_missing", "signature_mismatch", "signature_wrong_key", "signature_unknown_key", "signature_undecodable",
	"Nothing in the protocol depends on it.",
	"It names the host.",
	"It names the client of this profile.",
	"It names the merchant of this profile.",
	"It is JSON in UTF-8.",
	"It is the length of the body in bytes.",
	"It is one of S, F, U and A.",
	"The body is JSON.",
	"HTTP 200 OK.",
	"Merchant-Id is missing.",
	"Set merchant_id in the profile if your Super App wants it: some SDKs leave it out.",
	"Set the clock of the side that is wrong: receivers refuse old and future messages.",
	"The protocol requires it.",
	"There is no body.",
	"The request is not signed.",
	"The response is not signed.",
	"Do not trust this answer. It is often left out where the request itself is refused.",
	"Every answer of the protocol has one.",
}

var usualNumbers = sync.OnceValue(func() map[string]int {
	numbers := make(map[string]int, len(usualTexts))
	for n, s := range usualTexts {
		numbers[s] = n
	}
	return numbers
})
