package apiclient

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient/hint"
)

// timeWord is what a word in the name of a format adds to its meaning.
type timeWord struct {
	word  string
	means string // "iso", "epoch"; a unit: "s", "ms", "us", "ns"; a zone: "Z", "offset", "nocolon", "basic"; "" for nothing
}

// timeWords are the words that names of formats are made of: "epoch-ms",
// "unixMillis", "iso8601-z", "rfc3339nano".
var timeWords = []timeWord{
	{"iso8601", "iso"}, {"iso", "iso"}, {"rfc3339", "iso"}, {"8601", "iso"}, {"xsd", "iso"}, {"w3c", "iso"}, {"atom", "iso"},
	{"epoch", "epoch"}, {"unix", "epoch"}, {"posix", "epoch"},
	{"s", "s"}, {"sec", "s"}, {"secs", "s"}, {"second", "s"}, {"seconds", "s"},
	{"ms", "ms"}, {"msec", "ms"}, {"milli", "ms"}, {"millis", "ms"}, {"millisecond", "ms"}, {"milliseconds", "ms"},
	{"us", "us"}, {"micro", "us"}, {"micros", "us"}, {"microsecond", "us"}, {"microseconds", "us"},
	{"ns", "ns"}, {"nano", "ns"}, {"nanos", "ns"}, {"nanosecond", "ns"}, {"nanoseconds", "ns"},
	{"z", "Z"}, {"zulu", "Z"}, {"utc", "Z"}, {"gmt", "Z"},
	{"offset", "offset"}, {"zone", "offset"}, {"tz", "offset"}, {"timezone", "offset"}, {"local", "offset"},
	{"basic", "basic"}, {"nocolon", "nocolon"},
	{"timestamp", ""}, {"time", ""}, {"date", ""}, {"datetime", ""}, {"with", ""}, {"in", ""}, {"since", ""}, {"number", ""},
}

// ParseTimeFormat returns the format that somebody means who writes s into a
// profile: a name (TimeFormats), another spelling of one ("epoch-ms", "unix",
// "rfc3339", "iso-ms-z"), or a layout as Java, .NET, moment, Go, strftime or PHP
// have it. An error is a *FieldError for the setting time_format.
func ParseTimeFormat(s string) (TimeFormat, error) {
	f := TimeFormat(s)
	if s == "" || slices.Contains(timeFormats, f) {
		return f, nil
	}
	if f, ok := namedTimeFormat(s); ok {
		return f, nil
	}
	if _, err := parseTimeLayout(s); err != nil {
		return "", &FieldError{"time_format", fmt.Sprintf("is %q: %v", s, err), hint.Fix("use one of " + quoted(timeFormats) +
			`, or a layout such as "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2006-01-02T15:04:05Z07:00" or "%Y%m%d%H%M%S"`)}
	}
	return f, nil
}

// namedTimeFormat reads the words of a name. Without a zone, fractions are in
// UTC and whole seconds in the local zone, as "iso-ms" and "iso" are.
func namedTimeFormat(s string) (TimeFormat, bool) {
	plain := plainName(s)
	if slices.Contains([]string{"http", "httpdate", "rfc1123", "rfc7231", "imffixdate"}, plain) {
		return http.TimeFormat, true
	}
	meanings, ok := splitTimeWords(plain)
	if !ok {
		return "", false
	}
	has := func(m string) bool { return slices.Contains(meanings, m) }
	unit := ""
	for _, u := range []string{"s", "ms", "us", "ns"} {
		if has(u) {
			unit = u
		}
	}
	zoned := has("Z") || has("offset") || has("nocolon")
	switch {
	case !has("iso") && !zoned && !has("basic"):
		if unit == "" && (plain == "unix" || plain == "unixtime" || plain == "unixtimestamp" || plain == "posix") {
			unit = "s"
		}
		f := TimeFormat(unit)
		return f, slices.Contains(timeFormats, f)
	case has("epoch"), !has("iso") && unit == "", has("basic") && !zoned:
		return "", false
	}
	return isoFormatOf(unit, has), true
}

func isoFormatOf(unit string, has func(string) bool) TimeFormat {
	fraction := map[string]string{"ms": ".000", "us": ".000000", "ns": ".000000000"}[unit]
	zone := "-07:00"
	switch {
	case has("basic"), has("nocolon"):
		zone = "-0700"
	case has("offset"):
	case has("Z"), fraction != "":
		zone = "Z"
	}
	layout := "2006-01-02T15:04:05" + fraction + zone
	for f, l := range isoLayout {
		if l == layout {
			return f
		}
	}
	return TimeFormat(layout)
}

// splitTimeWords cuts a name without its separators into known words, and
// returns what they mean; ok is false where something is left. It is linear but
// for names that no person writes, of which it reads the first 40 bytes.
func splitTimeWords(s string) (meanings []string, ok bool) {
	if s == "" {
		return nil, true
	}
	if len(s) > 40 {
		return nil, false
	}
	// ends[i] is the word that ends at byte i of a way to cut all before it, the longest first.
	ends := make([]*timeWord, len(s)+1)
	for i := range len(s) {
		if i > 0 && ends[i] == nil {
			continue
		}
		for j := range timeWords {
			w := &timeWords[j]
			end := i + len(w.word)
			if strings.HasPrefix(s[i:], w.word) && (ends[end] == nil || len(ends[end].word) < len(w.word)) {
				ends[end] = w
			}
		}
	}
	for i := len(s); i > 0; {
		if ends[i] == nil {
			return nil, false
		}
		meanings = append(meanings, ends[i].means)
		i -= len(ends[i].word)
	}
	return meanings, true
}

// TimeFormat is how a Request-Time or Response-Time is written.
type TimeFormat string

// Time formats by name. A profile may as well say a layout, see ParseTimeFormat.
const (
	Millis      TimeFormat = "ms"             // 1682060290199: the default
	Seconds     TimeFormat = "s"              // 1682060290
	Micros      TimeFormat = "us"             // 1682060290199000
	ISO         TimeFormat = "iso"            // 2023-04-21T14:58:10+08:00 in the local zone
	ISOUTC      TimeFormat = "iso-utc"        // 2023-04-21T06:58:10Z
	ISOms       TimeFormat = "iso-ms"         // 2023-04-21T06:58:10.199Z
	ISOmsZone   TimeFormat = "iso-ms-zone"    // 2023-04-21T14:58:10.199+08:00 in the local zone
	ISOzone     TimeFormat = "iso-basic-zone" // 2023-04-21T14:58:10+0800
	ISOFraction TimeFormat = "iso-fraction"   // 2023-04-21T06:58:10.1990000Z, any other fraction, with any zone: only recognised
)

// timeFormats are the names that a profile may use.
var timeFormats = []TimeFormat{Millis, Seconds, Micros, ISO, ISOUTC, ISOms, ISOmsZone, ISOzone}

// TimeFormats lists the names of formats that a profile may use.
func TimeFormats() []TimeFormat { return slices.Clone(timeFormats) }

// isoLayout are the layouts of the names, as Go writes them.
var isoLayout = map[TimeFormat]string{
	ISO:       "2006-01-02T15:04:05-07:00",
	ISOUTC:    "2006-01-02T15:04:05Z",
	ISOms:     "2006-01-02T15:04:05.000Z",
	ISOmsZone: "2006-01-02T15:04:05.000-07:00",
	ISOzone:   "2006-01-02T15:04:05-0700",
}

// FormatTime writes t as the format says; "" means Millis, as does what is no
// format. A format with an offset, or without any zone, uses t's own zone.
func FormatTime(t time.Time, f TimeFormat) string {
	f, _ = ParseTimeFormat(string(f))
	switch f {
	case Millis, "":
		return strconv.FormatInt(t.UnixMilli(), 10)
	case Seconds:
		return strconv.FormatInt(t.Unix(), 10)
	case Micros:
		return strconv.FormatInt(t.UnixMicro(), 10)
	}
	l, err := parseTimeLayout(cmp.Or(isoLayout[f], string(f)))
	if err != nil {
		return strconv.FormatInt(t.UnixMilli(), 10)
	}
	return l.format(t)
}

// Parse reads a time that is written in this format, or in any spelling that
// ParseTime takes, and returns the format that it has.
func (f TimeFormat) Parse(s string) (time.Time, TimeFormat, error) {
	if f != "" && !slices.Contains(timeFormats, f) {
		if l, err := parseTimeLayout(string(f)); err == nil {
			if t, err := l.parse(s); err == nil {
				return t, f, nil
			}
		}
	}
	return ParseTime(s)
}

// isoLayouts are the spellings of a date that are accepted. time.Parse takes a
// fraction of a second after each.
var isoLayouts = []string{
	"2006-01-02T15:04:05Z07:00",
	"2006-01-02T15:04:05Z0700",
	"2006-01-02T15:04:05Z07",
}

// ParseTime reads a time header in any spelling that is met in practice:
// epoch milliseconds (12 or 13 digits), seconds (9 or 10), microseconds (15 or
// 16), and ISO 8601 with a zone. See the protocol, section 3.
func ParseTime(s string) (time.Time, TimeFormat, error) {
	if s != "" && strings.Trim(s, "0123456789") == "" {
		return parseEpoch(s)
	}
	for _, layout := range isoLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, isoFormat(s), nil
		}
	}
	if _, err := time.Parse("2006-01-02T15:04:05", s); err == nil {
		return time.Time{}, "", fmt.Errorf("time %q has no zone", s)
	}
	return time.Time{}, "", fmt.Errorf("time %q is neither epoch milliseconds nor ISO 8601", s)
}

func parseEpoch(s string) (time.Time, TimeFormat, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err == nil {
		switch len(s) {
		case 9, 10:
			return time.Unix(n, 0), Seconds, nil
		case 12, 13:
			return time.UnixMilli(n), Millis, nil
		case 15, 16:
			return time.UnixMicro(n), Micros, nil
		}
	}
	return time.Time{}, "", fmt.Errorf("time %q has %d digits: epoch milliseconds have 13", s, len(s))
}

func isoFormat(s string) TimeFormat {
	clock := s[len("2006-01-02T15:04:05"):]
	fraction := strings.HasPrefix(clock, ".") || strings.HasPrefix(clock, ",")
	switch {
	case fraction && len(clock) == len(".000Z") && strings.HasSuffix(clock, "Z"):
		return ISOms
	case fraction && len(clock) == len(".000+00:00") && strings.Contains(clock, ":"):
		return ISOmsZone
	case fraction:
		return ISOFraction
	case clock == "Z":
		return ISOUTC
	case strings.Contains(clock, ":"):
		return ISO
	}
	return ISOzone
}
