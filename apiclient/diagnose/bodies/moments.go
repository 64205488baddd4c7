package bodies

import (
	"fmt"
	"strings"
	"time"
)

// moment is a form in which a serialiser writes a point in time, as JSON.
type moment struct {
	cost  int
	write func(t time.Time) string
	habit string
}

// layout writes a time by a layout of package time, as a JSON string.
func layout(s string) func(time.Time) string {
	return func(t time.Time) string { return `"` + t.Format(s) + `"` }
}

func printed(format string, of func(time.Time) int64) func(time.Time) string {
	return func(t time.Time) string { return fmt.Sprintf(format, of(t)) }
}

// moments are the forms, as Node 20, Python 3.11, PHP 8.2, Ruby 3.1, Go, .NET
// and Java 17 with Jackson and Gson write them.
var moments = []moment{
	{common, printed("%d", time.Time.UnixMilli), "Jackson's `WRITE_DATES_AS_TIMESTAMPS`, fastjson, or `Date.now()`"},
	{common, layout("2006-01-02T15:04:05.000Z07:00"), "`toISOString()` of JavaScript, Rails, or `Instant.toString()`"},
	{common, layout("2006-01-02T15:04:05Z07:00"), "RFC 3339: Go, `iso8601` of Ruby, or `Instant.toString()`"},
	{common, layout("2006-01-02T15:04:05-07:00"), "`isoformat()` of Python, or `date('c')` of PHP"},
	{common, layout("2006-01-02 15:04:05"), "fastjson2, `strftime`, or a database"},
	{usual, printed("%d", time.Time.Unix), "`time()`, or `timestamp()` cut to an integer"},
	{usual, layout("2006-01-02T15:04:05.000-07:00"), "Jackson's `StdDateFormat`"},
	{usual, layout("2006-01-02T15:04:05.000-0700"), "Jackson's `StdDateFormat` before 2.11"},
	{usual, layout("2006-01-02T15:04:05.999999999Z07:00"), "`time.Time` of Go"},
	{usual, asNeeded("2006-01-02T15:04:05", "-07:00", 6), "`isoformat()` of Python"},
	{usual, layout("2006-01-02T15:04:05"), "`isoformat()` of a naive datetime, or a `LocalDateTime`"},
	{usual, layout("2006-01-02T15:04:05.999999999"), "a `LocalDateTime`"},
	{usual, asNeeded("2006-01-02T15:04:05", "", 6), "`isoformat()` of a naive datetime"},
	{usual, asNeeded("2006-01-02T15:04:05", "Z07:00", 3, 6, 9), "`Instant.toString()` of Java"},
	{usual, layout("2006-01-02T15:04:05.000"), "a `LocalDateTime`"},
	{usual, javaScriptDate, "`String(date)` of JavaScript in place of `toISOString()`"},
	{usual, layout("Mon Jan 02 15:04:05 MST 2006"), "`Date.toString()` of Java"},
	{usual, layout("Jan 2, 2006, 3:04:05 PM"), "Gson without `setDateFormat`"},
	{usual, layout("Jan 2, 2006 3:04:05 PM"), "Gson without `setDateFormat` on Java 8"},
	{plausible, layout("Jan 2, 2006, 3:04:05\u202fPM"), "Gson without `setDateFormat` on Java 20 and later"},
	{usual, layout("2006-01-02 15:04:05 MST"), "`Time#to_s` of Ruby"},
	{usual, layout("2006-01-02 15:04:05 -0700"), "`Time#to_s` of Ruby"},
	{usual, layout("2006-01-02 15:04:05-07:00"), "`str(datetime)` of Python"},
	{usual, asNeeded("2006-01-02 15:04:05", "-07:00", 6), "`str(datetime)` of Python"},
	{usual, asNeeded("2006-01-02 15:04:05", "", 6), "`str(datetime)` of Python"},
	{plausible, layout("2006-01-02 15:04:05.000"), "`Timestamp.toString()` of Java, or a database"},
	{plausible, layout("2006-01-02 15:04:05.0"), "`Timestamp.toString()` of Java"},
	{usual, layout("2006-01-02 15:04:05.999999999 -0700 MST"), "`time.Time.String()` of Go"},
	{plausible, layout("2006-01-02 15:04:05.999999999 MST"), "`Time#inspect` of Ruby"},
	{usual, layout("Mon, 02 Jan 2006 15:04:05 GMT"), "`toUTCString()`, Flask's `jsonify`, or an HTTP date"},
	{plausible, layout("Mon, 02 Jan 2006 15:04:05 -0700"), "`DATE_RFC2822` of PHP, or a mail date"},
	{plausible, layout("2006-01-02T15:04:05-0700"), "`strftime('%Y-%m-%dT%H:%M:%S%z')`, or `DATE_ISO8601` of PHP"},
	{plausible, layout("2006-01-02T15:04:05.000000Z07:00"), "Laravel's `toJSON`, or pydantic"},
	{plausible, layout("2006-01-02T15:04:05.0000000Z07:00"), "`ToString(\"o\")` of .NET"},
	{plausible, layout("2006-01-02T15:04:05.9999999-07:00"), "`DateTimeOffset` of .NET"},
	{plausible, layout("2006-01-02T15:04:05.000000000Z07:00"), "nanoseconds"},
	{plausible, layout("1/2/2006, 3:04:05 PM"), "`toLocaleString()` of JavaScript"},
	{plausible, layout("1/2/2006 3:04:05 PM"), "`DateTime.ToString()` of .NET"},
	{plausible, layout("01/02/2006 15:04:05"), "`DateTime.ToString()` of .NET, invariant"},
	{plausible, layout("02/01/2006, 15:04:05"), "`toLocaleString('en-GB')`"},
	{plausible, layout("02/01/2006 15:04:05"), "a European locale"},
	{plausible, layout("2.1.2006, 15:04:05"), "`toLocaleString('de-DE')`"},
	{plausible, layout("2006/1/2 15:04:05"), "`toLocaleString('zh-CN')`"},
	{plausible, layout("2006/01/02 15:04:05"), "a Chinese or Japanese locale"},
	{plausible, layout("20060102150405"), "`yyyyMMddHHmmss`"},
	{rare, layout("20060102T150405Z"), "ISO 8601 without separators"},
	{plausible, layout("2006-01-02"), "a date without its time"},
	{rare, layout("20060102"), "a date without its time"},
	{rare, layout("Mon Jan _2 15:04:05 2006"), "`ctime`"},
	{rare, layout("Mon Jan 02 2006"), "`toDateString()`"},
	{rare, layout("Monday, 02-Jan-2006 15:04:05 MST"), "`DATE_COOKIE` of PHP"},
	{rare, layout("Monday, 02-Jan-2006 15:04:05 GMT-0700"), "`DATE_COOKIE` of PHP"},
	{plausible, layout("2006-01-02T15:04:05.999999999Z07:00[MST]"), "`ZonedDateTime.toString()` of Java"},
	{plausible, printed(`"%d"`, time.Time.UnixMilli), "`String(date.getTime())`"},
	{plausible, printed(`"%d"`, time.Time.Unix), "a timestamp in a string"},
	{plausible, seconds(-1), "`timestamp()` of Python, or `microtime(true)`"},
	{plausible, seconds(9), "Jackson with `JavaTimeModule`: seconds and nanoseconds"},
	{plausible, printed("%d", time.Time.UnixMicro), "microseconds"},
	{plausible, printed("%d", time.Time.UnixNano), "`UnixNano()`"},
	{plausible, printed(`"\/Date(%d)\/"`, time.Time.UnixMilli), "`JavaScriptSerializer` or `DataContractJsonSerializer` of .NET"},
	{plausible, printed(`"/Date(%d)/"`, time.Time.UnixMilli), "`DateFormatHandling.MicrosoftDateFormat` of Newtonsoft"},
	{rare, func(t time.Time) string {
		return fmt.Sprintf(`"\/Date(%d%s)\/"`, t.UnixMilli(), t.Format("-0700"))
	}, "`DataContractJsonSerializer` of .NET"},
	{plausible, func(t time.Time) string { return dateArray(t, true) }, "Jackson with `JavaTimeModule`: a `LocalDateTime` as an array"},
	{rare, func(t time.Time) string { return dateArray(t, false) }, "Jackson with `JavaTimeModule`: a `LocalDate` as an array"},
	{plausible, phpDate(3, "MST"), "`json_encode` of a `DateTime` of PHP"},
	{plausible, phpDate(1, "-07:00"), "`json_encode` of a `DateTime` of PHP"},
	{rare, phpDate(2, "Z07:00"), "`json_encode` of a `DateTime` of PHP"},
	{rare, func(t time.Time) string { return `{"$date":` + layout("2006-01-02T15:04:05.000Z07:00")(t) + `}` }, "BSON's extended JSON"},
	{rare, printed(`{"$date":%d}`, time.Time.UnixMilli), "BSON's extended JSON"},
	{rare, func(time.Time) string { return "{}" }, "a copy of a `Date` object, which has no members"},
}

// asNeeded writes a fraction only where there is one, with the first number of
// digits that holds it.
func asNeeded(before, zone string, digits ...int) func(time.Time) string {
	return func(t time.Time) string {
		if t.Nanosecond() == 0 {
			return layout(before + zone)(t)
		}
		fraction := fmt.Sprintf("%09d", t.Nanosecond())
		n := digits[len(digits)-1]
		for _, d := range digits {
			if strings.Trim(fraction[d:], "0") == "" {
				n = d
				break
			}
		}
		return layout(before + "." + strings.Repeat("0", n) + zone)(t)
	}
}

func javaScriptDate(t time.Time) string {
	name, ok := zoneNames[t.Format("MST")]
	if !ok {
		return layout("Mon Jan 02 2006 15:04:05 GMT-0700")(t)
	}
	return layout("Mon Jan 02 2006 15:04:05 GMT-0700 (" + name + ")")(t)
}

// seconds writes seconds with a fraction of so many digits, the fewest for -1.
func seconds(digits int) func(time.Time) string {
	return func(t time.Time) string {
		s := fmt.Sprintf("%d.%09d", t.Unix(), t.Nanosecond())
		if digits < 0 {
			return withFraction(short(s))
		}
		return s
	}
}

func dateArray(t time.Time, clock bool) string {
	s := fmt.Sprintf("[%d,%d,%d", t.Year(), t.Month(), t.Day())
	if !clock {
		return s + "]"
	}
	s += fmt.Sprintf(",%d,%d", t.Hour(), t.Minute())
	if t.Second() > 0 || t.Nanosecond() > 0 {
		s += fmt.Sprintf(",%d", t.Second())
	}
	if t.Nanosecond() > 0 {
		s += fmt.Sprintf(",%d", t.Nanosecond())
	}
	return s + "]"
}

func phpDate(kind int, zone string) func(time.Time) string {
	return func(t time.Time) string {
		return fmt.Sprintf(`{"date":"%s","timezone_type":%d,"timezone":"%s"}`, t.Format("2006-01-02 15:04:05.000000"), kind, t.Format(zone))
	}
}

// zones are those in which a serialiser may stand.
var zones = []*time.Location{
	time.UTC, time.FixedZone("CST", 8*3600), time.FixedZone("GMT", 0), time.FixedZone("ICT", 7*3600),
	time.FixedZone("JST", 9*3600), time.FixedZone("KST", 9*3600), time.FixedZone("IST", 19800),
	time.FixedZone("CET", 3600), time.FixedZone("CEST", 7200), time.FixedZone("EST", -5*3600),
	time.FixedZone("EDT", -4*3600), time.FixedZone("PST", -8*3600), time.FixedZone("PDT", -7*3600),
	time.FixedZone("SGT", 8*3600), time.FixedZone("MYT", 8*3600), time.FixedZone("HKT", 8*3600),
	time.FixedZone("WIB", 7*3600), time.FixedZone("PKT", 5*3600), time.FixedZone("BRT", -3*3600),
	time.FixedZone("MSK", 3*3600), time.FixedZone("GST", 4*3600),
}

// zoneNames are what JavaScript calls them.
var zoneNames = map[string]string{
	"UTC": "Coordinated Universal Time", "GMT": "Greenwich Mean Time", "CST": "China Standard Time", "ICT": "Indochina Time",
	"JST": "Japan Standard Time", "KST": "Korean Standard Time", "IST": "India Standard Time",
	"CET": "Central European Standard Time", "CEST": "Central European Summer Time", "EST": "Eastern Standard Time",
	"EDT": "Eastern Daylight Time", "PST": "Pacific Standard Time", "PDT": "Pacific Daylight Time",
	"SGT": "Singapore Standard Time", "MYT": "Malaysia Time", "HKT": "Hong Kong Standard Time",
	"WIB": "Western Indonesia Time", "PKT": "Pakistan Standard Time", "BRT": "Brasilia Standard Time",
	"MSK": "Moscow Standard Time", "GST": "Gulf Standard Time",
}
