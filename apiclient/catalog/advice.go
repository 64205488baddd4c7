package catalog

import (
	"fmt"
)

const (
	queryFirst    = "Query the outcome before you send it again; do not pay again with a new id."
	notFollowed   = "Redirects are not followed, because the signature covers one path."
	nothingCalled = "The interface did not see the request: fix it and send it again with the same ids."
)

// httpWords are what HTTP statuses mean where there is no result in the answer.
var httpWords = map[int]struct{ meaning, advice string }{
	301: {"The address has moved, for good.",
		"Set base_url to the new address. " + notFollowed + " " + nothingCalled},
	302: {"The server sends you elsewhere, often to a login page.",
		"Check base_url: an API does not redirect. " + notFollowed},
	307: {"The server sends you elsewhere for now.", "Set base_url to that address. " + notFollowed},
	308: {"The address has moved, for good.", "Set base_url to the new address. " + notFollowed},
	400: {"The server could not read the request.",
		"Look at headers and body: it was refused before the interface saw it. " + nothingCalled},
	401: {"Who calls is not known there.",
		"Check Client-Id and Signature, and whether other credentials are wanted too. " + nothingCalled},
	403: {"The call is not allowed.", "Check Client-Id, and from which addresses it may be called. " + nothingCalled},
	404: {"There is nothing under this path.",
		"Check base_url with its prefix, and the version in the path. " + nothingCalled},
	405: {"The method is not understood there.", "Every interface is called with POST. " + nothingCalled},
	408: {"The server waited too long for the request.", queryFirst},
	411: {"The server wants a Content-Length.", "Put that header back. " + nothingCalled},
	413: {"The body is too large.", "Send less. " + nothingCalled},
	415: {"The type of the body is not understood.",
		"Send Content-Type: application/json; charset=UTF-8. " + nothingCalled},
	421: {"This server does not serve that host.",
		"Check the host in base_url, and the Host header. " + nothingCalled},
	429: {"Too many calls.",
		"Wait, as Retry-After says if it is there, then send the same request with the same ids."},
	431: {"The headers are too large.", "Send shorter ones. " + nothingCalled},
	500: {"The server failed while it worked on the request.", queryFirst},
	502: {"A gateway got no usable answer from the server behind it.",
		"It may have been carried out there. " + queryFirst},
	503: {"The server is not available.",
		"Wait, then query it: it may have been carried out. Do not pay again with a new id."},
	504: {"A gateway waited too long for the server behind it.",
		"It may have been carried out there. " + queryFirst},
}

// HTTPAdvice says what an answer without a result means by its HTTP status, and
// what to do next; 0 means that it was not HTTP. It never returns an empty
// string.
func HTTPAdvice(status int) (meaning, advice string) {
	if w, ok := httpWords[status]; ok {
		return w.meaning, w.advice
	}
	switch status / 100 {
	case 1, 2:
		meaning = fmt.Sprintf("HTTP %d says that the call worked, but the answer has no result.", status)
		return meaning, statusWords[""].advice
	case 3:
		return fmt.Sprintf("HTTP %d sends you elsewhere.", status), "Check base_url. " + notFollowed
	case 4:
		meaning = fmt.Sprintf("HTTP %d: the server refused the request.", status)
		return meaning, "Look at path, headers and body. " + nothingCalled
	case 5:
		return fmt.Sprintf("HTTP %d: the server failed.", status), queryFirst
	}
	return "The answer has no HTTP status that is known.", "Take the outcome as unknown. " + queryFirst
}
