package bodies

import "strings"

// wrappings are a base64 text in lines, as its encoders write it.
func wrappings() []byteOp {
	var ops []byteOp
	for _, w := range []struct {
		width int
		habit string
	}{{76, "`base64` without -w0, `encodebytes`, `chunk_split` or `Base64.getMimeEncoder()`"},
		{64, "`openssl base64`, or PEM"}, {60, "Ruby's `Base64.encode64`"}} {
		for i, newline := range []string{"\n", "\r\n"} {
			for k, last := range []bool{true, false} {
				ops = append(ops, byteOp{min(usual+i+k, exotic), onText(func(s string) string {
					return rewrapped(s, w.width, newline, last)
				}), "body_base64_wrapped", "The base64 of the body was signed in lines of " + itoa(w.width) + ".", w.habit})
			}
		}
	}
	return ops
}

// rewrapped sets a base64 text in lines; other text stays.
func rewrapped(s string, width int, newline string, last bool) string {
	tight := dropSpace(s)
	if len(tight) <= 60 || !isBase64(tight) {
		return s
	}
	return Wrap(tight, width, newline, last)
}

func isBase64(s string) bool {
	inside := func(r rune) bool { return r < 0x80 && strings.ContainsRune(Unreserved[:62]+"+/-_", r) }
	return strings.TrimFunc(strings.TrimRight(s, "="), inside) == "" && len(s)-len(strings.TrimRight(s, "=")) <= 2
}
