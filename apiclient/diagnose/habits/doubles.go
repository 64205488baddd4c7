package habits

import (
	"math"
	"slices"
	"strconv"
	"time"

	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
)

// doubles are the ways in which languages print a floating-point number of
// seconds or milliseconds.
var doubles = []struct {
	unit   float64 // milliseconds
	append func(dst []byte, f float64) []byte
	code   string
}{
	{1, func(dst []byte, f float64) []byte { return strconv.AppendFloat(dst, f, 'f', -1, 64) },
		"`performance.timeOrigin + performance.now()`, `time.time() * 1000` or `to_f * 1000`"},
	{1000, func(dst []byte, f float64) []byte { return strconv.AppendFloat(dst, f, 'f', -1, 64) },
		"`time.time()`, `Time.now.to_f` or `microtime(true)`"},
	{1, func(dst []byte, f float64) []byte { return strconv.AppendFloat(dst, f, 'e', -1, 64) }, "`fmt.Sprint` of a float64"},
	{1000, func(dst []byte, f float64) []byte { return strconv.AppendFloat(dst, f, 'e', -1, 64) }, "`fmt.Sprint` of a float64"},
	{1, javaExponent, "`String.valueOf(double)` of Java"},
	{1000, javaExponent, "`String.valueOf(double)` of Java"},
}

// javaExponent writes 1.7960037405E12.
func javaExponent(dst []byte, f float64) []byte {
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	i := start + slices.Index(dst[start:], '+')
	dst[i-1] = 'E'
	for dst[i] == '+' || dst[i] == '0' {
		dst = slices.Delete(dst, i, i+1)
	}
	return dst
}

// maxFraction is how many times one series may have.
const maxFraction = 2_000_000

// floats returns the floating-point numbers within and next to a header's unit.
func floats(own stamp, unit time.Duration) []Series {
	var list []Series
	for _, d := range doubles {
		ms := float64(own.at.Truncate(unit).UnixMilli())
		width := unit.Seconds() * 1000
		first, middle, end := math.Float64bits((ms-width)/d.unit), math.Float64bits(ms/d.unit), math.Float64bits((ms+width)/d.unit)+1
		if first >= middle || end <= middle || end-first > maxFraction {
			continue
		}
		change := variant.Change{Cause: asNumber, Says: "The time was signed as a floating-point number, more finely " +
			"than the header has it.",
			Habit: d.code + "; make it an integer once, and use that for both"}
		list = append(list, Series{
			search.Sequence{Part: search.Time, Len: int(end - first), Append: func(dst []byte, i int) []byte { //nolint:gosec // checked
				bits := middle + uint64(i) //nolint:gosec // not negative
				if bits >= end {
					bits -= end - first
				}
				return d.append(dst, math.Float64frombits(bits))
			}},
			func(int) []variant.Change { return []variant.Change{change} },
		})
	}
	return list
}
