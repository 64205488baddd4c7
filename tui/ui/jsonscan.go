package ui

import "bytes"

// scan walks through a text of a language, or what looks like it, and knows
// which containers are open. It never fails: a string of JSON ends with its line,
// as it is drawn, and what closes nothing that is open is passed over.
type scan struct {
	lang  *language
	b     []byte
	at    int // the next byte
	token int // where the last token began
	open  []frame
}

// frame is a container that is open.
type frame struct {
	at      int   // its bracket or first tag
	from    int   // where its inside begins
	kids    []kid // how many elements of which names were met in it; XML only
	ordinal int   // of the current item, from 0
	filled  bool
	wide    int // its place in outline.wide, -1 for none
}

// items is how many items were met so far.
func (f frame) items() int {
	if !f.filled {
		return 0
	}
	return f.ordinal + 1
}

// maxJSONDepth bounds what is kept of a body that nests without end.
// encoding/json refuses as much.
const maxJSONDepth = 10_000

// maxPlainToken bounds what is no string and no punctuation, so that what is no
// JSON at all is read in small steps.
const maxPlainToken = 4 << 10

// Classes of bytes for scan.
const (
	jsonPlain uint8 = iota
	jsonBlank
	jsonQuote
	jsonOpen
	jsonClose
	jsonComma
	jsonColon
)

var jsonClass = func() (class [256]uint8) {
	for _, c := range []byte(" \t\r\n") {
		class[c] = jsonBlank
	}
	class['"'], class['{'], class['['], class['}'], class[']'] = jsonQuote, jsonOpen, jsonOpen, jsonClose, jsonClose
	class[','], class[':'] = jsonComma, jsonColon
	return class
}()

// step takes one token, blanks passed over. closed is the container that it
// closes, if any: the token is what closes it.
func (s *scan) step(to int) (closed frame, ok bool) { return s.lang.step(s, to) }

func jsonStep(s *scan, to int) (closed frame, ok bool) {
	b, i := s.b, s.at
	for i < to && jsonClass[b[i]] == jsonBlank {
		i++
	}
	if i >= to {
		s.at = i
		return closed, false
	}
	s.token = i
	class := jsonClass[b[i]]
	if class != jsonClose && class != jsonComma && len(s.open) > 0 {
		s.open[len(s.open)-1].filled = true
	}
	switch class {
	case jsonQuote:
		s.at = stringOfLineEnd(b, i+1)
		return closed, false
	case jsonOpen:
		if len(s.open) < maxJSONDepth {
			s.open = append(s.open, frame{at: i, from: i + 1, wide: -1})
		}
	case jsonClose:
		if n := len(s.open) - 1; n >= 0 && b[s.open[n].at] == b[i]-2 { // { and }, [ and ] are two apart
			closed, ok = s.open[n], true
			s.open = s.open[:n]
		}
	case jsonComma:
		if n := len(s.open) - 1; n >= 0 {
			s.open[n].ordinal++
		}
	case jsonColon:
	default:
		for last := min(len(b), i+maxPlainToken) - 1; i < last && jsonClass[b[i+1]] == jsonPlain; {
			i++
		}
	}
	s.at = i + 1
	return closed, ok
}

// run takes the tokens that begin before an offset.
func (s *scan) run(to int) {
	to = min(to, len(s.b))
	for s.at < to {
		s.step(to)
	}
}

// stringOfLineEnd gives the offset after the quote that closes a string, or
// the end of the line. i is behind the opening quote.
func stringOfLineEnd(b []byte, i int) int {
	line := len(b)
	if j := bytes.IndexByte(b[i:min(len(b), i+64)], '\n'); j >= 0 {
		line = i + j
	}
	for known := min(len(b), i+64); ; {
		q := bytes.IndexByte(b[i:line], '"')
		end := line
		if q >= 0 {
			end = i + q
		}
		// The line end is looked for no further than the quote.
		if end > known {
			if j := bytes.IndexByte(b[known:end], '\n'); j >= 0 {
				return known + j
			}
			known = end
		}
		if q < 0 {
			return line
		}
		slashes := 0
		for k := end - 1; k >= i && b[k] == '\\'; k-- {
			slashes++
		}
		if slashes%2 == 0 {
			return end + 1
		}
		i = end + 1
	}
}

// stringStart gives where the string that ends with the quote at end begins.
func stringStart(b []byte, end int) int {
	for i := end - 1; i >= 0 && b[i] != '\n'; i-- {
		if b[i] != '"' {
			continue
		}
		slashes := 0
		for k := i - 1; k >= 0 && b[k] == '\\'; k-- {
			slashes++
		}
		if slashes%2 == 0 {
			return i
		}
	}
	return end
}

// keyBefore gives the name, with its quotes, of the member whose value begins
// at an offset; nil where there is none.
func keyBefore(b []byte, at int) []byte {
	i := at - 1
	for i >= 0 && jsonClass[b[i]] == jsonBlank {
		i--
	}
	if i < 0 || b[i] != ':' {
		return nil
	}
	for i--; i >= 0 && jsonClass[b[i]] == jsonBlank; i-- {
	}
	if i < 1 || b[i] != '"' {
		return nil
	}
	return b[stringStart(b, i) : i+1]
}
