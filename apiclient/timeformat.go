package apiclient

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

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
