package habits

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
)

// A header has milliseconds or seconds; a clock has more. A time that was signed
// with what the header leaves out lies within the header's unit: about 4,000
// doubles, 1,000 microseconds or a million nanoseconds.

// fraction is one way to write a time more finely than the header does.
type fraction struct {
	step   time.Duration // between two times that it writes differently
	append func(dst []byte, at time.Time) []byte
	cause  string
	says   string
	code   string
	stacks string // that write it, as their User-Agent names them
	zones  zoning
}

// zoning says in which zones a form is written.
type zoning int

const (
	inUTC zoning = iota
	anywhere
	abroad // outside UTC, where it has another form
)

// in reports whether a form is written in a zone, by its place among the zones.
func (z zoning) in(place int) bool { return z == anywhere || (z == inUTC) == (place == 0) }

// layoutOf returns the writer of a layout.
func layoutOf(layout string) func([]byte, time.Time) []byte {
	return func(dst []byte, at time.Time) []byte { return at.AppendFormat(dst, layout) }
}

const offHeader = "; the header has less of the same time: format it once, and use that for both"

// fractions are those of the clocks and formats of common languages.
var fractions = []fraction{
	{time.Millisecond, func(dst []byte, at time.Time) []byte { return strconv.AppendInt(dst, at.UnixMilli(), 10) },
		"time_milliseconds_signed", "as epoch milliseconds", "`System.currentTimeMillis()` or `Date.now()`", "", inUTC},
	{time.Millisecond, layoutOf(iso + ".000Z07:00"), isoSigned, "as ISO 8601 with milliseconds", "`toISOString()`", "", anywhere},
	{time.Millisecond, layoutOf(iso + ".000-07:00"), isoSigned, "as ISO 8601 with milliseconds", "`isoformat(timespec='milliseconds')`", "",
		anywhere},
	{time.Microsecond, layoutOf(iso + ".000000"), isoSigned, "as ISO 8601 with microseconds and without its zone",
		"Python's `datetime.now().isoformat()`", "python", anywhere},
	{time.Microsecond, layoutOf(iso + ".000000-07:00"), isoSigned, "as ISO 8601 with microseconds",
		"Python's `datetime.now(tz).isoformat()` or PHP's `format('Y-m-d\\TH:i:s.uP')`", "python guzzle php", anywhere},
	{time.Microsecond, layoutOf(iso + ".000000Z07:00"), isoSigned, "as ISO 8601 with microseconds and Z",
		"`isoformat() + 'Z'`, Ruby's `iso8601(6)` or Java's `Instant`", "python ruby java", inUTC},
	{time.Microsecond, layoutOf(iso + ".000000-0700"), isoSigned, "as ISO 8601 with microseconds",
		"`%Y-%m-%dT%H:%M:%S.%f%z`", "python", anywhere},
	{time.Microsecond, layoutOf("2006-01-02 15:04:05.000000"), isoSigned, "as a date with microseconds",
		"Python's `str(datetime.now())` or PHP's `Y-m-d H:i:s.u`", "python guzzle php", anywhere},
	{time.Microsecond, layoutOf("2006-01-02 15:04:05.000000-07:00"), isoSigned, "as Python prints a datetime", "`str(datetime.now(tz))`",
		"python", anywhere},
	{time.Microsecond, func(dst []byte, at time.Time) []byte { return strconv.AppendInt(dst, at.UnixMicro(), 10) },
		microsecs, "as epoch microseconds", "`time.time_ns() // 1000` or `UnixMicro()`", "python go", inUTC},
	{time.Microsecond, decimal(6, time.Second, false), asNumber, "as epoch seconds with six decimals",
		"`'%f' % time.time()` or `sprintf('%.6f', microtime(true))`", "python guzzle php go ruby", inUTC},
	{time.Microsecond, decimal(6, time.Second, true), asNumber, "as epoch seconds with up to six decimals",
		"`time.time()`, `microtime(true)` in JSON or `Time.now.to_f`", "python guzzle php ruby", inUTC},
	{time.Microsecond, decimal(3, time.Millisecond, true), asNumber, "as epoch milliseconds with a fraction",
		"`time.time() * 1000` without `int()`, or `microtime(true) * 1000`", "python guzzle php ruby", inUTC},
	{100 * time.Microsecond, decimal(1, time.Millisecond, true), asNumber, "as PHP prints a float",
		"`microtime(true) * 1000` as a string, which PHP cuts to 14 digits", "guzzle php", inUTC},
	{100 * time.Microsecond, decimal(4, time.Second, true), asNumber, "as PHP prints a float",
		"`microtime(true)` as a string, which PHP cuts to 14 digits", "guzzle php", inUTC},
	{100 * time.Microsecond, undotted(4), asNumber, "as PHP prints a float, without the dot",
		"`str_replace('.', '', microtime(true))`", "guzzle php", inUTC},
	{100 * time.Microsecond, decimal(4, time.Second, false), asNumber, "as epoch seconds with four decimals",
		"`sprintf('%.4f', microtime(true))`", "guzzle php", inUTC},
	{10 * time.Microsecond, decimal(5, time.Second, false), asNumber, "as epoch seconds with five decimals", "`'%.5f'`", "", inUTC},
	{10 * time.Microsecond, decimal(5, time.Second, true), asNumber, "as epoch seconds with up to five decimals",
		"`round(t, 5)`", "", inUTC},
	{time.Microsecond, microtime, asNumber, "as PHP's `microtime()` writes it", "`microtime()` without `true`", "guzzle php", inUTC},
	{100 * time.Nanosecond, layoutOf(iso + ".0000000Z07:00"), isoSigned, "as ISO 8601 with seven digits of a fraction",
		".NET's `ToString(\"o\")`", ".net", anywhere},
	{100 * time.Nanosecond, layoutOf(iso + ".0000000-07:00"), isoSigned, "as ISO 8601 with seven digits of a fraction",
		".NET's `ToString(\"o\")`", ".net", anywhere},
	{100 * time.Nanosecond, layoutOf(iso + ".0000000"), isoSigned, "as ISO 8601 with seven digits of a fraction",
		".NET's `ToString(\"o\")`",
		".net", anywhere},
	{100 * time.Nanosecond, func(dst []byte, at time.Time) []byte {
		return strconv.AppendInt(dst, at.UnixNano()/100+621355968000000000, 10)
	}, "time_ticks_signed", "as .NET ticks", "`DateTime.UtcNow.Ticks`", ".net", inUTC},
	{time.Nanosecond, layoutOf(iso + ".999999999Z07:00"), isoSigned, "as ISO 8601 with nanoseconds",
		"Go's `RFC3339Nano`, or Java's `Instant.toString()`", "go java okhttp apache fasthttp resty", inUTC},
	{time.Nanosecond, func(dst []byte, at time.Time) []byte { return strconv.AppendInt(dst, at.UnixNano(), 10) },
		nanosecs, "as epoch nanoseconds", "`time.time_ns()`, `UnixNano()` or `hrtime`",
		"go python ruby java fasthttp resty axios node undici got", inUTC},
	{time.Nanosecond, layoutOf(iso + ".000000000"), isoSigned, "as ISO 8601 with nanoseconds and without its zone",
		"Java's `LocalDateTime.now()`", "java okhttp apache", anywhere},
	{time.Nanosecond, layoutOf(iso + ".999999999-07:00"), isoSigned, "as ISO 8601 with nanoseconds", "Java's `OffsetDateTime.now()`",
		"java okhttp apache", abroad},
	{time.Nanosecond, layoutOf(iso + ".999999999-07:00[Asia/Shanghai]"), isoSigned, "as Java prints a ZonedDateTime",
		"`ZonedDateTime.now()`", "java okhttp apache", abroad},
	{time.Nanosecond, layoutOf("2006-01-02 15:04:05.999999999 -0700"), isoSigned, "as Ruby shows a time", "`Time#inspect`", "ruby faraday",
		inUTC},
	{time.Nanosecond, layoutOf("2006-01-02 15:04:05.999999999 -0700 MST"), isoSigned, "as Go prints a time", "`t.String()`",
		"go fasthttp resty", inUTC},
	{time.Nanosecond, decimal(9, time.Second, false), asNumber, "as epoch seconds with nine decimals",
		"`date +%s.%N`, `BigDecimal` or `clock_gettime`", "java curl", inUTC},
	{time.Nanosecond, decimal(6, time.Millisecond, true), asNumber, "as epoch milliseconds with six decimals", "nanoseconds divided by 1e6",
		"go ruby", inUTC},
}

// decimal returns the writer of a number of units with that many decimals, cut
// of zeros at its end where cut says so.
func decimal(digits int, unit time.Duration, cut bool) func([]byte, time.Time) []byte {
	return func(dst []byte, at time.Time) []byte {
		n := at.UnixNano()
		dst = strconv.AppendInt(dst, n/int64(unit), 10)
		rest, step := n%int64(unit), int64(unit)
		dst = append(dst, '.')
		for range digits {
			step /= 10
			if step == 0 {
				break
			}
			dst = append(dst, byte('0'+rest/step)) //nolint:gosec // a digit
			rest %= step
		}
		for cut && dst[len(dst)-1] == '0' {
			dst = dst[:len(dst)-1]
		}
		if cut && dst[len(dst)-1] == '.' {
			dst = dst[:len(dst)-1]
		}
		return dst
	}
}

// undotted writes seconds with decimals, cut of zeros, and without the dot.
func undotted(digits int) func([]byte, time.Time) []byte {
	write := decimal(digits, time.Second, true)
	return func(dst []byte, at time.Time) []byte {
		start := len(dst)
		dst = write(dst, at)
		if i := slices.Index(dst[start:], '.'); i >= 0 {
			dst = slices.Delete(dst, start+i, start+i+1)
		}
		return dst
	}
}

var microseconds = decimal(6, time.Second, false)

// microtime writes "0.12345600 1796003724".
func microtime(dst []byte, at time.Time) []byte {
	dst = microseconds(dst, time.Unix(0, int64(at.Nanosecond())))
	return strconv.AppendInt(append(dst, '0', '0', ' '), at.Unix(), 10)
}

// otherClock is how far beside the header's unit a time lies that was read from
// the clock before or after the header's.
const otherClock = 3 * time.Millisecond

// fewFractions is how many times a series has at most that is tried early.
const fewFractions = 9_000

// Fractions returns the times within the header's unit in finer forms that are
// few, with what the stack of the message writes first.
func (src *Source) Fractions() []Series {
	return src.finer(func(n, _ int, _ fraction) bool { return n <= fewFractions }, 0)
}

// OwnFractions returns the times in forms that are many, as far as the stack of
// the message writes them, in UTC or in the likeliest of the other zones.
func (src *Source) OwnFractions(local bool) []Series {
	own := 0
	if local {
		own = 1
	}
	return src.finer(func(n, zone int, f fraction) bool { return n > fewFractions && zone == own && src.sentBy(f.stacks) }, 0)
}

// MoreFractions returns the times in the forms that are many, and those of the
// few that lie beside the header's unit.
func (src *Source) MoreFractions() []Series {
	own := src.sentBy
	return slices.Concat(
		src.finer(func(n, zone int, _ fraction) bool { return n <= fewFractions && zone == 0 }, otherClock),
		src.finer(func(n, zone int, f fraction) bool { return n > fewFractions && (zone > 1 || !own(f.stacks)) }, 0),
		src.finer(func(n, zone int, _ fraction) bool { return n <= fewFractions && zone > 0 }, otherClock))
}

// finer returns the series of those forms and zones that want chooses by how many
// times they have, with times beside the header's unit as far as slack.
func (src *Source) finer(want func(n, zone int, f fraction) bool, slack time.Duration) []Series {
	own := readStamp(src.values().Time)
	if own.format == "" {
		return nil
	}
	unit := own.unit()
	var list []Series
	for _, s := range floats(own, unit) {
		if slack == 0 && want(s.Len, 0, fraction{}) {
			list = append(list, s)
		}
	}
	rows := slices.Clone(fractions)
	slices.SortStableFunc(rows, func(a, b fraction) int { return foreign(src, a) - foreign(src, b) })
	for i, z := range zones[:9] {
		for _, f := range rows {
			if n := int(unit / f.step); n > 1 && n <= maxFraction && f.zones.in(i) && want(n, i, f) {
				list = append(list, f.series(own, unit, slack, z.location))
			}
		}
	}
	return list
}

// foreign orders forms: those of the message's stack before others.
func foreign(src *Source, f fraction) int {
	if src.sentBy(f.stacks) {
		return 0
	}
	return 1
}

// series returns the times of a form around a header's time.
func (f fraction) series(own stamp, unit, slack time.Duration, zone *time.Location) Series {
	from := own.at.Truncate(unit).In(zone)
	inside, outside := int(unit/f.step)+1, int(slack/f.step) // one more: what rounding makes of the last
	at := func(i int) time.Time {
		if i >= inside+outside { // after what is inside and behind it, what is before
			i -= 2*outside + inside
		}
		return from.Add(time.Duration(i) * f.step)
	}
	change := variant.Change{Cause: f.cause, Says: f.says + ", more finely than the header has it", Habit: f.code + offHeader}
	if f.cause == isoSigned && !own.epoch() {
		change.Cause = isoFraction
	}
	return Series{
		search.Sequence{Part: search.Time, Len: inside + 2*outside,
			Append: func(dst []byte, i int) []byte { return f.append(dst, at(i)) }},
		func(int) []variant.Change { return []variant.Change{change} },
	}
}

// unit is the smallest step in which a time is written.
func (s stamp) unit() time.Duration {
	switch s.format {
	case apiclient.Millis:
		return time.Millisecond
	case apiclient.Micros:
		return time.Microsecond
	case apiclient.Seconds:
		return time.Second
	}
	layout := s.layout()
	if i := strings.IndexAny(layout, ".,"); i >= 0 {
		unit := time.Second
		for _, c := range layout[i+1:] {
			if c != '0' || unit == 1 {
				break
			}
			unit /= 10
		}
		return unit
	}
	return time.Second
}

// sentBy reports whether the message names one of the stacks.
func (src *Source) sentBy(stacks string) bool {
	agent := strings.ToLower(src.Exchange.Request.Get("User-Agent"))
	return agent != "" && slices.ContainsFunc(strings.Fields(stacks), func(s string) bool { return strings.Contains(agent, s) })
}
