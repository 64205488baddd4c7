package signing

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDeepText is how many bytes of text are looked at in all for a signature
// behind several faults: each is read in some 30 ways. 400 texts of an ordinary
// header take half of it.
const maxDeepText = 512 << 10

// deepReadings returns what a header or value may mean after several faults on
// top of each other, fewest first. Many are wrong: a key must open one. room is
// how many bytes of text there may still be; what is used is taken from it.
func deepReadings(raw string, room *int) []Reading {
	type state struct {
		text  string
		r     Reading
		depth int
	}
	const (
		maxDepth  = 4
		maxStates = 400
	)
	var queue []state
	seen := map[string]bool{}
	found := map[string]bool{}
	var all []Reading
	push := func(s state) {
		if s.text != "" && !seen[s.text] && len(queue) < maxStates && s.depth <= maxDepth && len(s.text) <= *room {
			seen[s.text] = true
			*room -= len(s.text)
			queue = append(queue, s)
		}
	}
	push(state{text: raw})
	for i := 0; i < len(queue); i++ {
		s := queue[i]
		for _, t := range terminals {
			sig, ok := t.read(s.text)
			if !ok {
				continue
			}
			r := s.r
			if t.cause != "" {
				r = r.with(t.cause, t.says, t.fix)
			}
			if len(sig) >= minSignature && len(sig) <= 2048 && !found[string(sig)] {
				found[string(sig)] = true
				all = append(all, r.found(sig))
			}
			if printable(sig) || utf8.Valid(sig) {
				next := s.r
				if t.cause == "" {
					next = next.with("signature_double_base64", "the value is base64 of text that is encoded itself",
						"encode the bytes of the signature once")
				} else {
					next = r
				}
				push(state{string(sig), next, s.depth + 1})
			}
		}
		for _, f := range deepFaults {
			if undone, ok := f.undo(s.text); ok {
				r := s.r
				if f.cause != "" {
					r = r.with(f.cause, f.says, f.fix)
				}
				push(state{undone, r, s.depth + 1})
			}
		}
	}
	return all
}

// terminal reads bytes out of text.
type terminal struct {
	cause, says, fix string // "" where the form is the due one
	read             func(string) ([]byte, bool)
}

const sendBytes = "encode the bytes of the signature in base64"

var terminals = []terminal{
	{"", "", "", func(s string) ([]byte, bool) { return Reading{}.looseBase64(s) }},
	{"signature_base64_other_alphabet", "the value is base64 with another alphabet", "send standard base64 with + and /", otherAlphabets},
	{"signature_hex", "the value is in hexadecimal, not in base64", sendBytes + ", not their hexadecimal form", looseHex},
	{"signature_base32", "the value is in base32, not in base64", sendBytes, looseBase32},
	{"signature_bytes_raw", "the value is the bytes of the signature themselves", sendBytes + ", then percent-encode that", rawBytes},
	{"signature_bytes_as_utf8", "the bytes of the signature were taken for text and written in UTF-8",
		sendBytes + " before they become text: a signature is no string", latin1Bytes},
	{"signature_decimal", "the value is a decimal number, not base64", sendBytes + ", not a BigInteger's toString()", decimalNumber},
	{"signature_byte_list", "the value is a list of decimal bytes, not base64",
		sendBytes + "; this is how an array is printed", decimalList},
	{"signature_byte_list", "the value is a list of bytes in hexadecimal, not base64",
		sendBytes + "; this is how an array is printed", hexList},
}

// otherAlphabets reads base64 with the two last characters of other variants.
func otherAlphabets(s string) ([]byte, bool) {
	s = strings.TrimRight(s, "=-.")
	for _, pair := range [][2]string{{".", "_"}, {"+", ","}, {".", "-"}, {"_", ":"}, {"~", "-"}, {"*", "-"},
		{".", "/"}, {"!", "-"}} {
		if !strings.ContainsAny(s, pair[0]+pair[1]) {
			continue
		}
		t := strings.NewReplacer(pair[0], "+", pair[1], "/").Replace(s)
		if sig, err := base64.RawStdEncoding.DecodeString(t); err == nil && len(sig) >= minSignature {
			return sig, true
		}
	}
	return nil, false
}

func looseHex(s string) ([]byte, bool) {
	s = strings.NewReplacer(":", "", " ", "", "-", "", `\x`, "", "0x", "", "0X", "", ",", "", "\n",
		"", "\r", "").Replace(s)
	if len(s) < 2*minSignature {
		return nil, false
	}
	b, err := hex.DecodeString(s)
	return b, err == nil
}

func looseBase32(s string) ([]byte, bool) {
	s = strings.TrimRight(strings.ToUpper(s), "=")
	if len(s) < minSignature {
		return nil, false
	}
	for _, e := range []*base32.Encoding{base32.StdEncoding, base32.HexEncoding} {
		if b, err := e.WithPadding(base32.NoPadding).DecodeString(s); err == nil {
			return b, true
		}
	}
	return nil, false
}

func rawBytes(s string) ([]byte, bool) { return []byte(s), !printable([]byte(s)) }

// latin1Bytes undoes bytes that were read as ISO-8859-1 and written in UTF-8.
func latin1Bytes(s string) ([]byte, bool) {
	if !utf8.ValidString(s) || printable([]byte(s)) {
		return nil, false
	}
	out := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return nil, false
		}
		out = append(out, byte(r))
	}
	return out, true
}

func decimalNumber(s string) ([]byte, bool) {
	if len(s) < 2*minSignature || strings.Trim(s, "-0123456789") != "" {
		return nil, false
	}
	n, ok := new(big.Int).SetString(s, 10)
	if !ok {
		return nil, false
	}
	size := (n.BitLen() + 63) / 64 * 8
	if n.Sign() < 0 { // two's complement, as a BigInteger of the bytes has it
		n.Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*size))) //nolint:gosec // small
	}
	return n.FillBytes(make([]byte, size)), true
}

func decimalList(s string) ([]byte, bool) {
	fields := strings.FieldsFunc(s, func(r rune) bool { return r != '-' && (r < '0' || r > '9') })
	if len(fields) < minSignature {
		return nil, false
	}
	out := make([]byte, len(fields))
	for i, f := range fields {
		n, err := strconv.Atoi(f)
		if err != nil || n < -128 || n > 255 {
			return nil, false
		}
		out[i] = byte(n) //nolint:gosec // checked
	}
	return out, true
}

// hexList reads bytes in hexadecimal that are written one by one.
func hexList(s string) ([]byte, bool) {
	fields := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' })
	if len(fields) < minSignature {
		return nil, false
	}
	out := make([]byte, len(fields))
	for i, f := range fields {
		n, err := strconv.ParseUint(strings.TrimPrefix(strings.TrimPrefix(f, "0x"), "0X"), 16, 8)
		if err != nil {
			return nil, false
		}
		out[i] = byte(n)
	}
	return out, true
}

// base64Digest returns a digest in base64 text.
func base64Digest(payload []byte) ([]byte, bool) {
	digest, err := base64.StdEncoding.DecodeString(string(payload))
	return digest, err == nil && hashOfSize(len(digest)) != 0
}
