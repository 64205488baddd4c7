package bodies

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// charsets are those that platforms have as a default, likeliest first.
var charsets = []struct {
	name string
	encoding.Encoding
	habit string
	cost  int
}{

	{"GBK", simplifiedchinese.GBK, "`body.getBytes(\"GBK\")`, or the default charset of a Chinese Windows", common},
	{"ISO-8859-1", charmap.ISO8859_1, "`body.getBytes(\"ISO-8859-1\")`, or a servlet without `setCharacterEncoding`", common},
	{"Windows-1252", charmap.Windows1252, "`body.getBytes()` with the default charset of Windows", usual},
	{"UTF-16LE", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "`Encoding.Unicode.GetBytes(body)` of .NET", usual},
	{"UTF-16BE", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "`body.getBytes(\"UTF-16BE\")`", plausible},
	{"UTF-16 with a byte order mark", unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "`body.getBytes(\"UTF-16\")` of Java", plausible},
	{"UTF-16LE with a byte order mark", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "Python's `encode('utf-16')`", plausible},
	{"UTF-32LE", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), "Python's `encode('utf-32-le')`", rare},
	{"UTF-32BE", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), "Python's `encode('utf-32-be')`", rare},
	{"GB18030", simplifiedchinese.GB18030, "`body.getBytes(\"GB18030\")`", usual},
	{"Big5", traditionalchinese.Big5, "the default charset of a Windows in Taiwan", plausible},
	{"Shift_JIS", japanese.ShiftJIS, "the default charset of a Japanese Windows", plausible},
	{"EUC-JP", japanese.EUCJP, "the default charset of an old Japanese Unix", rare},
	{"EUC-KR", korean.EUCKR, "the default charset of a Korean Windows", plausible},
	{"Windows-874", charmap.Windows874, "the default charset of a Thai Windows", plausible},
	{"ISO-8859-15", charmap.ISO8859_15, "an old European Unix", rare},
	{"Windows-1250", charmap.Windows1250, "the default charset of a Central European Windows", rare},
	{"Windows-1251", charmap.Windows1251, "the default charset of a Russian Windows", plausible},
	{"KOI8-R", charmap.KOI8R, "an old Russian Unix", exotic},
	{"Windows-1254", charmap.Windows1254, "the default charset of a Turkish Windows", rare},
	{"Windows-1256", charmap.Windows1256, "the default charset of an Arabic Windows", rare},
	{"Windows-1258", charmap.Windows1258, "the default charset of a Vietnamese Windows", rare},
	{"Mac OS Roman", charmap.Macintosh, "an old Mac", exotic},
	{"CP437", charmap.CodePage437, "the console of Windows", rare},
	{"CP850", charmap.CodePage850, "the console of Windows", rare},
}

// substitutes are what stands for a character that a charset lacks: one or two
// question marks for each, an HTML entity, an escape, nothing, SUB.
var substitutes = []string{"?", "??", "&#;", "\\u", "-", "\x1a"}

// encoderOf returns what writes text in a charset, nil for US-ASCII; it fails at what is lacking.
func encoderOf(e encoding.Encoding) func([]byte) ([]byte, error) {
	if e != nil {
		return e.NewEncoder().Bytes
	}
	return func(b []byte) ([]byte, error) {
		if hasHigh(b) {
			return nil, errHigh
		}
		return b, nil
	}
}

var errHigh = errors.New("a character outside ASCII")

// inEncoding writes UTF-8 text in another charset, nil for US-ASCII, with lost for what it lacks;
// false where b is not UTF-8 or lost is "" and something is lacking.
func inEncoding(e encoding.Encoding, lost string) rewriter {
	return func(b []byte) ([]byte, bool) {
		if !utf8.Valid(b) {
			return nil, false
		}
		if out, err := encoderOf(e)(b); err == nil || lost == "" {
			return out, err == nil && lost == ""
		}
		encode := encoderOf(e)
		out := make([]byte, 0, len(b))
		for _, r := range string(b) {
			if r < 0x80 {
				out = append(out, byte(r))
				continue
			}
			c, err := encode([]byte(string(r)))
			switch {
			case err == nil:
				out = append(out, c...)
			case lost == "&#;":
				out = fmt.Appendf(out, "&#%d;", r)
			case lost == "\\u":
				out = escaping{nonASCII: lowerUnits}.units(out, r)
			case lost == "??" && r > 0xffff:
				out = append(out, "??"...)
			case lost == "-":
			default:
				out = append(out, lost[:1]...)
			}
		}
		return out, true
	}
}

// inCharset returns the row of a charset.
func inCharset(cost int, how rewriter, name, code string) byteOp {
	return byteOp{min(cost, exotic), how, "body_charset", fmt.Sprintf("in %s where it was sent in UTF-8", name),
		code + "; name UTF-8 wherever text becomes bytes"}
}

// charsetOps change the charset of the whole body.
func charsetOps() []byteOp {
	ops := make([]byteOp, 0, 4*len(charsets)+20)
	for n, c := range charsets {
		ops = append(ops, inCharset(c.cost, inEncoding(c.Encoding, ""), c.name, c.habit))
		for i, lost := range substitutes[:min(len(substitutes), max(1, 8-2*n))] {
			ops = append(ops, inCharset(c.cost+1+i, inEncoding(c.Encoding, lost),
				c.name+", with a substitute for the characters that it lacks,", c.habit))
		}
		ops = append(ops,
			byteOp{min(c.cost+1, exotic), mojibake(c.Encoding), "body_mojibake",
				fmt.Sprintf("after its UTF-8 was read as %s and encoded again", c.name),
				c.habit + ", on the side that reads"},
			byteOp{min(c.cost+4, exotic), twice(mojibake(c.Encoding)), "body_mojibake",
				fmt.Sprintf("after its UTF-8 was read as %s and encoded again, twice", c.name),
				c.habit + ", on the side that reads"},
			byteOp{min(c.cost+2, exotic), undoMojibake(c.Encoding), "body_mojibake",
				fmt.Sprintf("as it was before its UTF-8 was read as %s and encoded again", c.name),
				c.habit + ", on the way to the wire"},
			byteOp{min(c.cost+1, exotic), fromCharset(c.Encoding), "body_charset",
				fmt.Sprintf("in UTF-8 where it was sent in %s", c.name),
				c.habit + "; name UTF-8 wherever text becomes bytes"},
		)
	}
	for i, lost := range []string{"?", "??", "-", "\\u", "&#;"} {
		ops = append(ops, inCharset(usual+i, inEncoding(nil, lost),
			"US-ASCII, with a substitute for other characters,", "`body.getBytes(US_ASCII)`, or a POSIX locale"))
	}
	return append(ops,
		byteOp{usual, webMojibake, "body_mojibake", "after its UTF-8 was read as Windows-1252 and encoded again",
			"`decode('cp1252')`, or a browser's default charset, on the side that reads"},
		inCharset(usual, lowBytes, "single bytes: each UTF-16 unit cut to 8 bits,",
			"`(byte) c` in a loop, or Node's `Buffer.from(s, 'binary')`"),
		inCharset(exotic, lastBytes, "single bytes: each character's 7 low bits,", "a 7-bit channel"),
		inCharset(plausible, cesu8, "CESU-8: characters beyond U+FFFF as two surrogates,",
			"`DataOutputStream.writeUTF`, JNI, or MySQL's old utf8"),
		inCharset(usual, perByte("?"),
			"US-ASCII, with ? for each byte outside it,", "`decode('ascii', 'replace')`"),
		byteOp{plausible, perByte("\ufffd"), "body_mojibake",
			"with U+FFFD for each byte outside ASCII", "`new String(bytes, US_ASCII)`"},
		byteOp{plausible, perRune("\ufffd", 0x7f), "body_mojibake",
			"with U+FFFD for each character outside ASCII", "a decoder that replaces what it does not know"},
		byteOp{plausible, perRune("\ufffd", 0xffff), "body_mojibake",
			"with U+FFFD for characters beyond U+FFFF", "a library that knows only the basic plane"},
		byteOp{plausible, perRune("?", 0xffff), "body_charset",
			"with ? for characters beyond U+FFFF", "MySQL's utf8, which has three bytes"},
		byteOp{rare, perRune("????", 0xffff), "body_charset",
			"with ???? for characters beyond U+FFFF", "MySQL's utf8, which has three bytes"},
		byteOp{plausible, perRune("", 0xffff), "body_charset",
			"without the characters beyond U+FFFF", "a filter for emoji"},
		byteOp{usual, perRune("", 0x7f), "body_charset",
			"without the characters outside ASCII", "`encode('ascii', 'ignore')`"},
	)
}

// Charset is a charset by name, for use beyond bodies.
type Charset struct {
	Name   string
	Encode rewriter
	Habit  string
	Cost   int
}

// Charsets lists what a whole signed string may be encoded in besides UTF-8.
func Charsets() []Charset {
	list := make([]Charset, len(charsets))
	for i, c := range charsets {
		list[i] = Charset{c.name, inEncoding(c.Encoding, ""), c.habit, c.cost}
	}
	return list
}
