package bodies

import (
	"html"
	"net/url"
	"strconv"
	"strings"
)

// htmlEscape is htmlspecialchars of PHP without quotes.
func htmlEscape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

func htmlUnescape(s string) string { return html.UnescapeString(s) }

func queryEscape(s string) string { return url.QueryEscape(s) }

// Unreserved are the characters that percent-encoding never touches (RFC 3986,
// section 2.3).
const Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"

// Percent encodes all bytes but those of keep, with lower-case hex where lower
// says so.
func Percent(s, keep string, lower bool) string {
	digits := "0123456789ABCDEF"
	if lower {
		digits = "0123456789abcdef"
	}
	var kept [256]bool
	for i := range len(keep) {
		kept[keep[i]] = true
	}
	b := make([]byte, 0, len(s)+len(s)/2)
	for i := range len(s) {
		if c := s[i]; kept[c] {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}

// PercentAll encodes all but the unreserved characters.
func PercentAll(s string) string { return Percent(s, Unreserved, false) }

// EncodeURIComponent is JavaScript's.
func EncodeURIComponent(s string) string { return Percent(s, Unreserved+"!*'()", false) }

// EncodeURI is JavaScript's.
func EncodeURI(s string) string { return Percent(s, Unreserved+"!*'();/?:@&=+$,#", false) }

// PercentDecode undoes percent-encoding, and with plus also + for a space;
// what is no escape stays.
func PercentDecode(s string, plus bool) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%' && i+2 < len(s):
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b = append(b, byte(n))
				i += 2
				continue
			}
			b = append(b, '%')
		case s[i] == '+' && plus:
			b = append(b, ' ')
		default:
			b = append(b, s[i])
		}
	}
	return string(b)
}

func percentDecodeLoose(s string) string { return PercentDecode(s, true) }
