package xmltext

import "bytes"

// Kind is what a token is.
type Kind uint8

// Kinds of tokens.
const (
	Text        Kind = iota // between tags, with its references as they are written
	Open                    // <a x="1">
	Close                   // </a>
	Empty                   // <a/>
	CData                   // <![CDATA[…]]>
	Comment                 // <!--…-->
	Instruction             // <?…?>
	Doctype                 // <!DOCTYPE …>
	Damaged                 // a < that begins none of them, or one that is cut off
)

// Token is a stretch of XML: the bytes [From, To).
type Token struct {
	Kind     Kind
	From, To int
}

// Classes of bytes.
const (
	isBlank uint8 = 1 << iota
	isName
	isNameStart
	isForbidden // in XML 1.0
)

var class = func() (class [256]uint8) {
	for c := range class {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == ':', c >= 0x80:
			class[c] = isName | isNameStart
		case c >= '0' && c <= '9', c == '-', c == '.':
			class[c] = isName
		case c == ' ', c == '\t', c == '\r', c == '\n':
			class[c] = isBlank
		case c < ' ':
			class[c] = isForbidden
		}
	}
	return class
}()

// marked are the tokens that begin with more than a name.
var marked = []struct {
	from, to string
	kind     Kind
}{
	{"<!--", "-->", Comment},
	{"<![CDATA[", "]]>", CData},
	{"<?", "?>", Instruction},
}

// Next returns the token that begins at an offset of b. It never fails: what
// is damaged ends where the next tag begins, so that one fault does not hide
// the rest.
func Next(b []byte, at int) Token {
	if b[at] != '<' {
		if i := bytes.IndexByte(b[at:], '<'); i >= 0 {
			return Token{Text, at, at + i}
		}
		return Token{Text, at, len(b)}
	}
	if at+1 < len(b) && (b[at+1] == '!' || b[at+1] == '?') {
		return nextMarked(b, at)
	}
	i, kind := at+1, Open
	if i < len(b) && b[i] == '/' {
		i, kind = i+1, Close
	}
	if i == len(b) || class[b[i]]&isNameStart == 0 {
		return Token{Damaged, at, i}
	}
	for quote := byte(0); i < len(b); i++ {
		switch c := b[i]; {
		case c == '<': // not allowed in a tag, not even in quotes
			return Token{Damaged, at, i}
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			if kind == Open && b[i-1] == '/' {
				kind = Empty
			}
			return Token{kind, at, i + 1}
		}
	}
	return Token{Damaged, at, len(b)}
}

func nextMarked(b []byte, at int) Token {
	for _, m := range marked {
		if !bytes.HasPrefix(b[at:], []byte(m.from)) {
			continue
		}
		from := at + len(m.from)
		if i := bytes.Index(b[from:], []byte(m.to)); i >= 0 {
			return Token{m.kind, at, from + i + len(m.to)}
		}
		return Token{Damaged, at, len(b)}
	}
	if n := len("<!DOCTYPE"); len(b)-at >= n && bytes.EqualFold(b[at:at+n], []byte("<!DOCTYPE")) {
		if end := endOfDoctype(b, at+n); end > 0 {
			return Token{Doctype, at, end}
		}
		return Token{Damaged, at, len(b)}
	}
	return Token{Damaged, at, at + 1}
}

// endOfDoctype returns the offset after a document type; 0 where it is cut off.
func endOfDoctype(b []byte, i int) int {
	for depth := 0; i < len(b); i++ {
		switch c := b[i]; c {
		case '"', '\'':
			n := bytes.IndexByte(b[i+1:], c)
			if n < 0 {
				return 0
			}
			i += n + 1
		case '[':
			depth++
		case ']':
			depth--
		case '<':
			if t := b[i:]; bytes.HasPrefix(t, []byte("<!--")) || bytes.HasPrefix(t, []byte("<?")) {
				inner := nextMarked(b, i)
				if inner.Kind == Damaged {
					return 0
				}
				i = inner.To - 1
			}
		case '>':
			if depth <= 0 {
				return i + 1
			}
		}
	}
	return 0
}

// Name returns the name in a tag, with its prefix; nil for other tokens.
func (t Token) Name(b []byte) []byte {
	from := t.From + 1
	if t.Kind == Text || from >= t.To {
		return nil
	}
	if b[from] == '/' {
		from++
	}
	end := from
	for end < t.To && class[b[end]]&isName != 0 {
		end++
	}
	return b[from:end]
}

// Local returns a name without its prefix.
func Local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// Inside returns the text of a CDATA section.
func (t Token) Inside(b []byte) []byte { return b[t.From+len("<![CDATA[") : t.To-len("]]>")] }

// Attributes calls with the attributes in the inside of a tag, behind the
// element's name: values as they are written, without their quotes. It ends at
// the first one that is not well formed, or where each returns false: ok is
// false then, and at is the offset where it ended.
func Attributes(b []byte, each func(name, value []byte) bool) (at int, ok bool) {
	for {
		from := skipBlanks(b, at)
		if from == len(b) {
			return from, true
		}
		if from == at || class[b[from]]&isNameStart == 0 {
			return from, false
		}
		end := from
		for end < len(b) && class[b[end]]&isName != 0 {
			end++
		}
		eq := skipBlanks(b, end)
		if eq == len(b) || b[eq] != '=' {
			return from, false
		}
		quote := skipBlanks(b, eq+1)
		if quote == len(b) || b[quote] != '"' && b[quote] != '\'' {
			return from, false
		}
		n := bytes.IndexByte(b[quote+1:], b[quote])
		if n < 0 || !each(b[from:end], b[quote+1:quote+1+n]) {
			return from, false
		}
		at = quote + n + 2
	}
}

// attributesOf returns what is behind the name in an opening or empty tag.
func attributesOf(b []byte, t Token) []byte {
	end := t.To - 1
	if t.Kind == Empty {
		end--
	}
	return b[t.From+1+len(t.Name(b)) : end]
}
