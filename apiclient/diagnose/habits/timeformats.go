package habits

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// layout of a time, by Go's reference time.
type timeLayout struct {
	layout string
	cause  string // where the header is ISO 8601, too
	says   string // "as ISO 8601 with milliseconds"
	code   string
	cost   int
	zoned  bool // it shows the zone
}

const iso = "2006-01-02T15:04:05"

// Causes of many times.
const (
	isoSigned     = "time_iso8601_signed"
	isoFormat     = "time_iso_format"
	isoFraction   = "time_iso_fraction"
	isoZone       = "time_iso_timezone"
	secondsSigned = "time_seconds_signed"
	microsecs     = "time_microseconds_signed"
	nanosecs      = "time_nanoseconds_signed"
	asNumber      = "time_number_format"
)

var timeLayouts = []timeLayout{
	{iso + "Z07:00", isoZone, "as ISO 8601", "`toISOString()`, `isoformat()` or `ISO_OFFSET_DATE_TIME`", 0, true},
	{iso + ".000Z07:00", isoFraction, "as ISO 8601 with milliseconds", "JavaScript's `toISOString()`", 0, true},
	{iso + "-07:00", isoZone, "as ISO 8601 with +00:00 for UTC", "Python's `isoformat()` or `DateTimeOffset`", 0, true},
	{iso + "-0700", isoZone, "as ISO 8601 with an offset without colon", "`SimpleDateFormat(\"yyyy-MM-dd'T'HH:mm:ssZ\")` or `%z`", 1, true},
	{iso + ".000-07:00", isoFraction, "as ISO 8601 with milliseconds", "`SimpleDateFormat(\"…SSSXXX\")`", 1, true},
	{iso + ".000-0700", isoFraction, "as ISO 8601 with milliseconds", "`SimpleDateFormat(\"…SSSZ\")`", 2, true},
	{iso + ".000000-07:00", isoFraction, "as ISO 8601 with microseconds", "Python's `isoformat()`", 2, true},
	{iso + ".000000Z07:00", isoFraction, "as ISO 8601 with microseconds", "Python or PHP's `Y-m-d\\TH:i:s.u`", 2, true},
	{iso + ".0000000Z07:00", isoFraction, "as ISO 8601 with seven digits of a fraction", ".NET's `ToString(\"o\")`", 2, true},
	{iso + ".0000000-07:00", isoFraction, "as ISO 8601 with seven digits of a fraction", ".NET's `ToString(\"o\")`", 2, true},
	{iso + ".000000000Z07:00", isoFraction, "as ISO 8601 with nanoseconds", "Go's `RFC3339Nano` or Java's `Instant.toString()`", 3, true},
	{iso + ".999999999Z07:00", isoFraction, "as ISO 8601 with a fraction as short as possible", "Go's `RFC3339Nano`", 3, true},
	{iso + ".0Z07:00", isoFraction, "as ISO 8601 with a tenth", "a date format", 4, true},
	{iso + ".00Z07:00", isoFraction, "as ISO 8601 with hundredths", "a date format", 4, true},
	{iso + "Z07", isoFormat, "as ISO 8601 with an offset of hours", "`SimpleDateFormat(\"…X\")`", 3, true},
	{"2006-01-02T15:04Z07:00", isoFormat, "as ISO 8601 without seconds", "Java's `toString()`, which leaves out :00", 3, true},
	{"2006-01-02T15:04-07:00", isoFormat, "as ISO 8601 without seconds", "Java's `toString()`, which leaves out :00", 4, true},
	{"20060102T150405Z0700", isoFormat, "as basic ISO 8601", "the date format of AWS", 3, true},
	{"20060102T150405-0700", isoFormat, "as basic ISO 8601", "`%Y%m%dT%H%M%S%z`", 4, true},
	{"20060102150405-0700", isoFormat, "as digits with an offset", "`%Y%m%d%H%M%S%z`", 5, true},
	{"20060102150405Z", isoFormat, "as digits with Z", "ASN.1", 5, false},
	{iso, "time_iso_offset_missing", "as ISO 8601 without its zone", "`LocalDateTime.now()` or `datetime.now().isoformat()`", 0, false},
	{iso + ".000", "time_iso_offset_missing", "as ISO 8601 with milliseconds and without its zone", "`LocalDateTime`", 2, false},
	{iso + ".000000", "time_iso_offset_missing", "as ISO 8601 with microseconds and without its zone",
		"Python's `datetime.now().isoformat()`", 2, false},
	{"2006-01-02 15:04:05", isoFormat, "as yyyy-MM-dd HH:mm:ss", "`date('Y-m-d H:i:s')` or `SimpleDateFormat`", 1, false},
	{"2006-01-02 15:04:05.000", isoFormat, "as yyyy-MM-dd HH:mm:ss.SSS", "`Timestamp.toString()`", 2, false},
	{"2006-01-02 15:04:05.000000", isoFormat, "as yyyy-MM-dd HH:mm:ss with microseconds", "Python's `str(datetime.now())`", 3, false},
	{"2006-01-02 15:04:05-07:00", isoFormat, "with a space for the T", "Python's `str(datetime)`", 1, true},
	{"2006-01-02 15:04:05Z07:00", isoFormat, "with a space for the T", "`.replace('T', ' ')`", 2, true},
	{"2006-01-02 15:04:05.000000-07:00", isoFormat, "as Python prints a datetime", "Python's `str(datetime)`", 3, true},
	{"2006-01-02 15:04:05.000Z07:00", isoFormat, "with a space for the T", "`.replace('T', ' ')`", 3, true},
	{"2006-01-02 15:04:05 -0700", isoFormat, "as Ruby prints a time", "Ruby's `Time#to_s`", 2, true},
	{"2006-01-02 15:04:05 UTC", isoFormat, "as Ruby prints a time in UTC", "Ruby's `Time#to_s`", 3, false},
	{"2006-01-02 15:04:05 -0700 MST", isoFormat, "as Go prints a time", "Go's `t.String()`", 3, true},
	{"2006-01-02 15:04:05.999999999 -0700 MST", isoFormat, "as Go prints a time", "Go's `t.String()`", 3, true},
	{"2006-01-02 15:04", isoFormat, "as yyyy-MM-dd HH:mm", "a date format", 5, false},
	{"20060102150405", isoFormat, "as yyyyMMddHHmmss", "`date('YmdHis')` or `SimpleDateFormat`", 1, false},
	{"20060102150405.000", "time_compact_millis", "as yyyyMMddHHmmssSSS", "`SimpleDateFormat(\"yyyyMMddHHmmssSSS\")`", 2, false},
	{"20060102 15:04:05", isoFormat, "as yyyyMMdd HH:mm:ss", "a date format", 5, false},
	{"20060102", isoFormat, "as a date alone", "a date format", 4, false},
	{"2006-01-02", isoFormat, "as a date alone", "a date format", 4, false},
	{"2006/01/02 15:04:05", isoFormat, "as yyyy/MM/dd HH:mm:ss", "a date format", 3, false},
	{"02/01/2006 15:04:05", isoFormat, "as dd/MM/yyyy HH:mm:ss", "`DateTime.ToString()` of .NET", 4, false},
	{"01/02/2006 15:04:05", isoFormat, "as MM/dd/yyyy HH:mm:ss", "`DateTime.ToString(InvariantCulture)` of .NET", 3, false},
	{"1/2/2006 3:04:05 PM", isoFormat, "as .NET prints a DateTime", "`DateTime.ToString()` of .NET", 3, false},
	{"1/2/2006, 3:04:05 PM", isoFormat, "as JavaScript prints a local time", "`toLocaleString()`", 3, false},
	{"2/1/2006 15:04:05", isoFormat, "as d/M/yyyy HH:mm:ss", "a local date format", 5, false},
	{"2006/1/2 15:04:05", isoFormat, "as yyyy/M/d HH:mm:ss", "`toLocaleString('zh-CN')`", 4, false},
	{"02.01.2006 15:04:05", isoFormat, "as dd.MM.yyyy HH:mm:ss", "a local date format", 5, false},
	{"1/2/2006 3:04:05 PM -07:00", isoFormat, "as .NET prints a DateTimeOffset", "`DateTimeOffset.ToString()` of .NET", 4, true},
	{"01/02/2006 15:04:05 -07:00", isoFormat, "as .NET prints a DateTimeOffset", "`DateTimeOffset.ToString()` of .NET", 4, true},
	{"2006-01-02T15:04:05.000Z07:00[UTC]", isoFormat, "as Java prints a ZonedDateTime", "`ZonedDateTime.toString()`", 4, false},
	{http.TimeFormat, "time_http_date", "as an HTTP date", "`toUTCString()`, or the Date header", 2, false},
	{time.RFC1123Z, "time_http_date", "as a mail date", "`date('r')` or `email.utils`", 3, true},
	{"Mon, 02 Jan 2006 15:04:05 -0000", "time_http_date", "as Python prints a mail date", "`email.utils.formatdate()`", 4, false},
	{time.RFC1123, "time_http_date", "as a mail date", "RFC 1123", 4, true},
	{time.RFC850, "time_http_date", "as an old HTTP date", "RFC 850", 5, true},
	{time.ANSIC, isoFormat, "as ctime prints a time", "`ctime`", 3, false},
	{time.UnixDate, isoFormat, "as `date` prints a time", "Java's `Date.toString()`, or `date`", 3, true},
	{"Mon Jan 02 15:04:05 MST 2006", isoFormat, "as Java prints a Date", "Java's `Date.toString()`", 3, true},
	{"Mon Jan 02 2006 15:04:05 GMT-0700 (Coordinated Universal Time)", isoFormat, "as JavaScript prints a Date",
		"string concatenation with `new Date()`", 3, false},
	{"Mon Jan 02 2006 15:04:05 GMT-0700 (China Standard Time)", isoFormat, "as JavaScript prints a Date",
		"string concatenation with `new Date()`", 4, true},
	{"Mon Jan 02 2006 15:04:05 GMT-0700", isoFormat, "as JavaScript prints a Date", "string concatenation with `new Date()`", 4, true},
	{`"` + iso + `.000Z07:00"`, isoFormat, "as JSON writes a Date", "`JSON.stringify(new Date())`", 3, true},
	{`"` + iso + `Z07:00"`, isoFormat, "as ISO 8601 in quotes", "a serialiser over a date", 4, true},
	{"1/2/2006, 3:04:05\u202fPM", isoFormat, "as JavaScript prints a local time", "`toLocaleString()` of newer engines", 4, false},
	{"02/01/2006, 15:04:05", isoFormat, "as JavaScript prints a local time", "`toLocaleString('en-GB')`", 4, false},
	{"2.1.2006, 15:04:05", isoFormat, "as JavaScript prints a local time", "`toLocaleString('de-DE')`", 4, false},
	{"2/1/2006, 15:04:05", isoFormat, "as JavaScript prints a local time", "`toLocaleString('es-ES')`", 4, false},
	{"2006-1-2 15:04:05", isoFormat, "as a local time", "`toLocaleString('sv-SE')`, or an older zh-CN", 5, false},
	{"Jan 2, 2006 3:04:05 PM", isoFormat, "as Gson or a DateFormat prints a Date", "`DateFormat.getDateTimeInstance()`", 4, false},
	{"Jan 2, 2006, 3:04:05 PM", isoFormat, "as Gson or a DateFormat prints a Date", "Gson's default date format", 4, false},
	{"2006-01-02T15:04:05.000-07:00[Asia/Shanghai]", isoFormat, "as Java prints a ZonedDateTime", "`ZonedDateTime.toString()`", 5, true},
	{"Mon Jan 02 2006 15:04:05 GMT-0700 (Central European Standard Time)", isoFormat, "as JavaScript prints a Date",
		"string concatenation with `new Date()`", 4, true},
	{"Mon Jan 02 2006 15:04:05 GMT-0700 (India Standard Time)", isoFormat, "as JavaScript prints a Date",
		"string concatenation with `new Date()`", 4, true},
	{"Mon Jan 02 2006 15:04:05 GMT-0700 (Western Indonesia Time)", isoFormat, "as JavaScript prints a Date",
		"string concatenation with `new Date()`", 4, true},
	{"15:04:05", isoFormat, "as a time of day alone", "a date format", 5, false},
}

// zone is an offset that people live in.
type zone struct {
	location *time.Location
	cost     int
}

// zones lists common offsets, UTC and those of the platforms first.
var zones = func() []zone {
	names := map[int]string{0: "UTC", 480: "CST", 540: "JST", 330: "IST", 420: "WIB", 60: "CET",
		-300: "EST", -480: "PST"}
	minutes := []int{0, 480, 420, 540, 330, 60, 120, -300, -480, -420, -240, -360, 180, 240, 300, 600, -180, 360, 390,
		345, 210, 270, 660, 720, 570, 630, -60, -120, -540, -600, -660, -720, 780, 765, 840, -210, -570}
	list := make([]zone, len(minutes))
	for i, m := range minutes {
		name := names[m]
		if m == 0 {
			list[i] = zone{time.UTC, 0}
			continue
		}
		list[i] = zone{time.FixedZone(name, m*60), min(1+i/2, 6)}
	}
	return list
}()

// epochs adds the units since 1970.
func (p part) epochs(s stamp, add func(string, int, habit)) {
	ms := s.at.UnixMilli()
	unit := func(cause, what, code string) habit {
		if !s.epoch() {
			return habit{"time_epoch_signed", "as " + what + " where the header has a date", code}
		}
		return habit{cause, "The time was signed as " + what + ".", code}
	}
	const exponent = "a number with an exponent"
	digits := strconv.FormatInt(ms, 10)
	seconds := strconv.FormatInt(s.at.Unix(), 10)
	add(digits, common, unit("time_milliseconds_signed", "epoch milliseconds", "`System.currentTimeMillis()` or `Date.now()`"))
	add(seconds, common, unit(secondsSigned, "epoch seconds", "`time()`, `Instant.getEpochSecond()` or `int(time.time())`"))
	add(strconv.FormatInt((ms+500)/1000, 10), usual, unit(secondsSigned, "epoch seconds, rounded", "`Math.round(Date.now() / 1000)`"))
	add(strconv.FormatInt((ms+999)/1000, 10), plausible, unit(secondsSigned, "epoch seconds, rounded up", "`Math.ceil(Date.now() / 1000)`"))
	add(seconds+"000", usual, unit(secondsSigned, "whole seconds in milliseconds", "`time() * 1000`"))
	add(strconv.FormatInt((ms+500)/1000, 10)+"000", plausible, unit(secondsSigned, "rounded seconds in milliseconds",
		"`Math.round(t) * 1000`"))
	add(digits+"000", usual, unit(microsecs, "epoch microseconds", "`time.time_ns() // 1000` or `UnixMicro()`"))
	add(strconv.FormatInt(s.at.UnixMicro(), 10), usual, unit(microsecs, "epoch microseconds", "`UnixMicro()`"))
	add(digits+"000000", usual, unit(nanosecs, "epoch nanoseconds", "`time.time_ns()` or `UnixNano()`"))
	add(seconds+"000000000", plausible, unit(nanosecs, "whole seconds in nanoseconds", "`time.time_ns()` of a coarse clock"))
	for _, f := range []string{"%.3f", "%.1f", "%.2f", "%.6f", "%.0f", "%.7f"} {
		add(fmt.Sprintf(f, float64(ms)/1000), plausible,
			unit(secondsSigned, "epoch seconds with a fraction", "`time.time()` of Python, or `microtime(true)` of PHP"))
	}
	add(strconv.FormatFloat(float64(ms)/1000, 'f', -1, 64), usual,
		unit(secondsSigned, "epoch seconds with a fraction", "`time.time()` of Python, or `microtime(true)` of PHP"))
	add(digits+".0", usual, unit(asNumber, "a floating-point number", "`time.time() * 1000` without `int()`"))
	add(strings.ToUpper(strconv.FormatFloat(float64(ms), 'e', -1, 64)), plausible, unit(asNumber, exponent, "a double that is printed"))
	add(strconv.FormatFloat(float64(ms), 'e', -1, 64), plausible, unit(asNumber, exponent, "a double that is printed"))
	add(javaDouble(ms), plausible, unit(asNumber, exponent, "a Java `Double`, as Gson makes of numbers"))
	add(strconv.FormatFloat(float64(ms), 'g', 6, 64), rare, unit(asNumber, "a number with six digits", "`%g`"))
	add(grouped(digits, ","), plausible, unit(asNumber, "a number with thousands separators", "`NumberFormat` or `MessageFormat` of Java"))
	add(grouped(digits, "."), rare, unit(asNumber, "a number with thousands separators", "a local number format"))
	add(strconv.FormatInt(ms, 16), rare, unit(asNumber, "a hexadecimal number", "`%x`"))
	add(digits+"L", rare, unit(asNumber, "a number with an L", "a long literal"))
	add(digits+"n", rare, unit(asNumber, "a number with an n", "a BigInt that is printed by `util.inspect`"))
	add(digits[:min(10, len(digits))], plausible, unit(secondsSigned, "ten digits", "`substring(0, 10)`"))
	cut := strconv.FormatInt(int64(int32(ms)), 10) //nolint:gosec // cut on purpose
	add(cut, plausible, unit(asNumber, "a number cut to 32 bits", "an `int`, which overflows"))
	add(strconv.FormatUint(uint64(uint32(ms)), 10), rare, unit(asNumber, "a number cut to 32 bits", "an `unsigned`, which overflows"))
	add(strconv.FormatInt(ms/60000, 10), rare, unit(secondsSigned, "epoch minutes", "a clock in minutes"))
	add(strconv.FormatInt((ms+62135596800000)*10000, 10), plausible, unit("time_ticks_signed", ".NET ticks", "`DateTime.Ticks`"))
	add(strconv.FormatInt((ms+11644473600000)*10000, 10), rare, unit("time_ticks_signed", "Windows file time", "`ToFileTime()`"))
	add("/Date("+digits+")/", plausible, unit(asNumber, "a Microsoft JSON date", "`JavaScriptSerializer`"))
}

func javaDouble(ms int64) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(float64(ms), 'e', -1, 64), "e+")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	return mantissa + "E" + strings.TrimLeft(exponent, "0")
}

func grouped(digits, by string) string {
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(by)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// formatted adds dates in all common zones, with that of the header first.
func (p part) formatted(s stamp, takes func(cost int) bool, add func(string, int, habit)) {
	list := zones
	if !s.epoch() {
		list = append([]zone{{s.at.Location(), 0}}, zones...)
	}
	for _, l := range timeLayouts {
		for i, z := range list {
			if i > 8 && l.cost > 2 {
				break // odd forms in far zones
			}
			cost := common + l.cost + z.cost
			if !takes(cost) && !takes(rare+l.cost) {
				continue
			}
			text := s.at.In(z.location).Format(l.layout)
			if l.cause == "time_compact_millis" {
				text = strings.ReplaceAll(text, ".", "")
			}
			h := habit{isoSigned, "The time was signed " + l.says + " where the header has epoch milliseconds.", l.code}
			if !s.epoch() {
				h = habit{l.cause, "The time was signed " + l.says + " where the header has another form.", l.code}
				if strings.Contains(s.text, ".") && !strings.Contains(l.layout, ".") && l.zoned &&
					sameZone(z.location, s.at) {
					h.Cause = isoFraction
				}
				if h.Cause == isoZone && sameZone(z.location, s.at) {
					h.Cause = isoFormat
				}
			} else if l.cause == "time_http_date" {
				h.Cause = l.cause
			}
			if h.Cause == "time_compact_millis" {
				h.Cause = isoFormat
			}
			add(text, cost, h)
			if takes(rare+l.cost) && strings.Contains(l.layout, "Z07") && z.location == time.UTC {
				// A zone without its name: local time marked as UTC.
				layout := strings.NewReplacer("Z07:00", "Z", "Z0700", "Z", "Z07", "Z").Replace(l.layout)
				for _, local := range list[1:min(8, len(list))] {
					add(s.at.In(local.location).Format(layout),
						rare+l.cost, habit{isoZone, "as local time that is marked as UTC",
							"`SimpleDateFormat(\"…'Z'\")` with the local zone"})
				}
			}
		}
	}
}

// wallClocks adds the header's date and time of day with another offset.
func (p part) wallClocks(s stamp, add func(string, int, habit)) {
	if s.epoch() || len(s.text) < len(iso) {
		return
	}
	wall := s.at.Format("2006-01-02T15:04:05.999999999")
	for i, z := range zones {
		at, err := time.ParseInLocation("2006-01-02T15:04:05.999999999", wall, z.location)
		if err != nil {
			return
		}
		h := habit{isoZone, "with the header's date and time of day, but with another offset",
			"a zone that is put behind a local time without converting it"}
		add(at.Format(s.layout()), usual+i/4, h)
		add(at.Format(iso+"-07:00"), usual+i/4, h)
		add(at.Format(iso+"Z07:00"), usual+i/4, h)
		add(at.Format(iso+"-0700"), plausible+i/4, h)
	}
}

func sameZone(l *time.Location, at time.Time) bool {
	_, a := at.Zone()
	_, b := at.In(l).Zone()
	return a == b
}
