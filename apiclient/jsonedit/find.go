package jsonedit

import "encoding/json"

// Find tells where the value at path stands in doc: the bytes [start, end). Of
// members with the same name, the last counts. ok is false where there is
// none, or doc is not JSON.
func Find(doc []byte, path Path) (start, end int, ok bool) {
	if !json.Valid(doc) {
		return 0, 0, false
	}
	at, depth := locate(doc, path)
	if depth < len(path) {
		return 0, 0, false
	}
	return at.start, at.end, true
}
