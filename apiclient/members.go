package apiclient

import "bytes"

// member finds the values of a top-level member of valid JSON, as they are
// written: the last of them, and how many there are. It copies nothing, as a
// body may be 20 MB. Of what is no object there is none.
func member(body []byte, name string) (value []byte, times int) {
	at := skipBlank(body, 0)
	if at >= len(body) || body[at] != '{' {
		return nil, 0
	}
	for at++; ; at++ {
		at = skipBlank(body, at)
		if at >= len(body) || body[at] != '"' {
			return value, times // the end: the object is valid
		}
		keyEnd := skipString(body, at)
		key := body[at:keyEnd]
		at = skipBlank(body, skipBlank(body, keyEnd)+1) // past the colon
		end := skipValue(body, at)
		if named(key, name) {
			value, times = body[at:end], times+1
		}
		at = skipBlank(body, end) // on the comma or the end
	}
}

// named reports whether a key, with its quotes, is this name, whatever escapes
// it is written with.
func named(key []byte, name string) bool {
	if bytes.IndexByte(key, '\\') < 0 {
		return string(key[1:len(key)-1]) == name
	}
	return looseText(key) == name
}

func skipBlank(b []byte, at int) int {
	for at < len(b) && (b[at] == ' ' || b[at] == '\n' || b[at] == '\t' || b[at] == '\r') {
		at++
	}
	return at
}

// skipString gives the place after the string that begins at at.
func skipString(b []byte, at int) int {
	for at++; at < len(b); at++ {
		i := bytes.IndexByte(b[at:], '"')
		if i < 0 {
			return len(b)
		}
		if escaped := bytes.IndexByte(b[at:at+i], '\\'); escaped >= 0 {
			at += escaped + 1 // on what is escaped, which the loop passes
			continue
		}
		return at + i + 1
	}
	return len(b)
}

// skipValue gives the place after the value that begins at at.
func skipValue(b []byte, at int) int {
	depth := 0
	for at < len(b) {
		switch b[at] {
		case '"':
			at = skipString(b, at)
			if depth == 0 {
				return at
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return at // the end of the object around a number or a word
			}
			if depth--; depth == 0 {
				return at + 1
			}
		case ',', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return at
			}
		}
		at++
	}
	return at
}
