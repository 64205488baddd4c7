package apiclient

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// timeLayout is a layout of a time, in parts.
type timeLayout []timePart

// timePart is a text, an element of Go's layouts, or digits of the fraction of
// the second without the point before them.
type timePart struct {
	text   string
	std    string // "2006", "-07:00"
	digits int    // 3 for milliseconds
}

// parseTimeLayout reads a layout in any of the usual notations.
func parseTimeLayout(s string) (timeLayout, error) {
	var l timeLayout
	var err error
	switch {
	case strings.Contains(s, "2006") || strings.Contains(s, "15:04") || strings.Contains(s, "1504"):
		l = timeLayout{{std: s}}
	case strings.Contains(s, "%"):
		l, err = percentLayout(s)
	case strings.Contains(s, "Y-m-d") || strings.Contains(s, "Ymd"):
		l, err = phpLayout(s)
	default:
		l, err = letterLayout(s)
	}
	if err != nil {
		return nil, err
	}
	// Two times that differ in all that matters must not look the same.
	at := time.Date(2023, 4, 21, 6, 58, 10, 0, time.UTC)
	for _, other := range []time.Time{at.AddDate(1, 0, 0), at.AddDate(0, 1, 0), at.AddDate(0, 0, 1), at.Add(time.Hour),
		at.Add(time.Minute), at.Add(time.Second)} {
		if l.format(at) == l.format(other) {
			return nil, errors.New("as a layout it lacks the year, month, day, hour, minute or second")
		}
	}
	return l, nil
}

var withoutZones = strings.NewReplacer("Z0700", "", "Z07:00", "", "Z07", "")

// utc reports whether the layout says by its text that the time is in UTC.
func (l timeLayout) utc() bool {
	return slices.ContainsFunc(l, func(p timePart) bool {
		text := p.text + withoutZones.Replace(p.std)
		return strings.HasSuffix(text, "Z") || strings.Contains(text, "GMT") || strings.Contains(text, "UTC")
	})
}

func (l timeLayout) format(t time.Time) string {
	if l.utc() {
		t = t.UTC()
	}
	var b strings.Builder
	for _, p := range l {
		b.WriteString(p.text)
		b.WriteString(t.Format(p.std))
		if p.digits > 0 {
			b.WriteString(fmt.Sprintf("%09d", t.Nanosecond())[:p.digits])
		}
	}
	return b.String()
}

// parse reads a time back. Fractions without a point before them stand where
// they do in a time with two digits in each number.
func (l timeLayout) parse(s string) (time.Time, error) {
	var layout strings.Builder
	sample := time.Date(2023, 10, 20, 16, 30, 40, 0, time.UTC)
	at := 0
	for i, p := range l {
		if p.digits == 0 {
			at += len(p.text) + len(sample.Format(p.std))
			layout.WriteString(p.text + p.std)
			continue
		}
		if before := layout.String(); i == 0 || !strings.HasSuffix(before, ".") && !strings.HasSuffix(before, ",") {
			if at > len(s) {
				return time.Time{}, errors.New("too short")
			}
			s = s[:at] + "." + s[at:]
			at++
			layout.WriteByte('.')
		}
		at += p.digits
		layout.WriteString(strings.Repeat("0", p.digits))
	}
	zone := time.Local
	if l.utc() {
		zone = time.UTC
	}
	return time.ParseInLocation(layout.String(), s, zone)
}

// letterElements are the runs of letters that Java, .NET and moment use alike.
var letterElements = map[string]string{
	"yyyy": "2006", "YYYY": "2006", "uuuu": "2006", "y": "2006", "yy": "06", "YY": "06",
	"MM": "01", "M": "1", "MMM": "Jan", "MMMM": "January", "dd": "02", "DD": "02", "d": "2", "D": "2",
	"HH": "15", "hh": "03", "h": "3", "mm": "04", "m": "4", "ss": "05", "s": "5", "a": "PM", "tt": "PM", "A": "PM",
	"E": "Mon", "EEE": "Mon", "EEEE": "Monday", "ddd": "Mon", "dddd": "Monday",
	"X": "Z07", "XX": "Z0700", "XXX": "Z07:00", "x": "-07", "xx": "-0700", "xxx": "-07:00", "K": "Z07:00",
	"z": "MST", "zz": "-07", "zzz": "-07:00", "ZZZZZ": "Z07:00",
}

// letterLayout reads yyyy-MM-dd'T'HH:mm:ss.SSSXXX and its relatives. Where they
// differ in Z, moment has YYYY and DD, and .NET leaves a T without quotes.
func letterLayout(s string) (timeLayout, error) {
	moment := strings.Contains(s, "YYYY") || strings.Contains(s, "DD")
	bareT := false
	var l timeLayout
	for i := 0; i < len(s); {
		c := s[i]
		if text, end, ok := quotedText(s, i); ok {
			if end < 0 {
				return nil, fmt.Errorf("as a layout it has a quote at byte %d that is never closed", i+1)
			}
			l, i = append(l, timePart{text: text}), end
			continue
		}
		n := 1
		for i+n < len(s) && s[i+n] == c {
			n++
		}
		run := s[i : i+n]
		std, known := letterElements[run]
		switch {
		case run == "Z" && bareT && !moment, run == "T":
			bareT = true
			l = append(l, timePart{text: run})
		case run == "Z" && moment:
			l = append(l, timePart{std: "-07:00"})
		case c == 'Z' && n < 4:
			l = append(l, timePart{std: "-0700"})
		case (c == 'S' || c == 'f' || c == 'F') && n <= 9:
			l = append(l, timePart{digits: n})
		case run == "zzz" && strings.Contains(s, "E"): // Java, as E is: GMT
			l = append(l, timePart{std: "MST"})
		case known:
			l = append(l, timePart{std: std})
		case isLetter(c):
			return nil, fmt.Errorf("it is none of the names, and as a layout it has %q at byte %d, which means nothing there", run, i+1)
		case c < ' ' || c > '~':
			return nil, fmt.Errorf("it has %q at byte %d, which no header can carry", c, i+1)
		default:
			l = append(l, timePart{text: run})
		}
		i += n
	}
	return l, nil
}

// quotedText reads text in quotes, in brackets, or behind a backslash at byte i.
func quotedText(s string, i int) (text string, end int, ok bool) {
	closing, isQuote := map[byte]string{'\'': "'", '"': "\"", '[': "]"}[s[i]]
	switch {
	case s[i] == '\\' && i+1 < len(s):
		return s[i+1 : i+2], i + 2, true
	case !isQuote:
		return "", 0, false
	}
	n := strings.Index(s[i+1:], closing)
	switch {
	case n < 0:
		return "", -1, true
	case n == 0: // '' is a quote itself
		return closing, i + 2, true
	}
	return s[i+1 : i+1+n], i + n + 2, true
}

// letterCodes are the elements of strftime and of PHP's date, by their letter.
type letterCodes map[string]timePart

var percentCodes = letterCodes{
	"Y": {std: "2006"}, "y": {std: "06"}, "m": {std: "01"}, "d": {std: "02"}, "e": {std: "_2"}, "H": {std: "15"}, "I": {std: "03"},
	"M": {std: "04"}, "S": {std: "05"}, "p": {std: "PM"}, "b": {std: "Jan"}, "B": {std: "January"}, "a": {std: "Mon"},
	"A": {std: "Monday"}, "z": {std: "-0700"}, ":z": {std: "-07:00"}, "Z": {std: "MST"}, "F": {std: "2006-01-02"},
	"T": {std: "15:04:05"}, "f": {digits: 6}, "L": {digits: 3}, "N": {digits: 9}, "3N": {digits: 3}, "6N": {digits: 6},
	"3f": {digits: 3}, "6f": {digits: 6}, "%": {text: "%"},
}

func percentLayout(s string) (timeLayout, error) {
	var l timeLayout
	for at := 0; at < len(s); {
		text, rest, found := strings.Cut(s[at:], "%")
		l, at = append(l, timePart{text: text}), at+len(text)
		if !found {
			break
		}
		n := len(rest) - len(strings.TrimLeft(rest, ":0123456789"))
		if n == len(rest) {
			return nil, errors.New("as a strftime layout it ends in the middle of a directive")
		}
		part, ok := percentCodes[rest[:n+1]]
		if !ok {
			return nil, fmt.Errorf("a strftime layout has no %%%s here, at byte %d", rest[:n+1], at+1)
		}
		l, at = append(l, part), at+n+2
	}
	return l, nil
}

var phpCodes = letterCodes{
	"Y": {std: "2006"}, "y": {std: "06"}, "m": {std: "01"}, "n": {std: "1"}, "d": {std: "02"}, "j": {std: "2"}, "H": {std: "15"},
	"h": {std: "03"}, "g": {std: "3"}, "i": {std: "04"}, "s": {std: "05"}, "v": {digits: 3}, "u": {digits: 6}, "A": {std: "PM"},
	"P": {std: "-07:00"}, "p": {std: "Z07:00"}, "O": {std: "-0700"}, "D": {std: "Mon"}, "M": {std: "Jan"},
	"T": {text: "T"}, "Z": {text: "Z"}, // PHP means a zone's name and its seconds: nobody who writes Y-m-dTH:i:sZ does
}

func phpLayout(s string) (timeLayout, error) {
	var l timeLayout
	for i := 0; i < len(s); i++ {
		part, known := phpCodes[s[i:i+1]]
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			part.text = s[i : i+1]
		case !known && isLetter(s[i]):
			return nil, fmt.Errorf("a layout of PHP has no %q here, at byte %d", s[i:i+1], i+1)
		case !known:
			part.text = s[i : i+1]
		}
		l = append(l, part)
	}
	return l, nil
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
