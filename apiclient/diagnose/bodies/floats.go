package bodies

import (
	"bytes"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// doubles is how a language prints doubles.
type doubles struct {
	from, below float64 // they have an exponent from here on and below
	e           string  // before the exponent
	plus, pad   bool    // a positive exponent has its sign, and each two digits at least
	point       bool    // .0 behind a mantissa without a fraction
	whole       bool    // .0 behind a number without fraction and exponent
}

var (
	ecmaDoubles   = doubles{from: 1e21, below: 1e-6, e: "e", plus: true}
	pythonDoubles = doubles{from: 1e16, below: 1e-4, e: "e", plus: true, pad: true, whole: true}
	javaDoubles   = doubles{from: 1e7, below: 1e-3, e: "E", point: true, whole: true}
	rubyDoubles   = doubles{from: 1e15, below: 1e-4, e: "e", plus: true, pad: true, point: true, whole: true}
)

func (d doubles) print(f float64) string {
	if a := math.Abs(f); a != 0 && (a >= d.from || a < d.below) {
		return d.scientific(f)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if d.whole {
		return withFraction(s)
	}
	return s
}

// scientific writes d.dddE±n with all digits that there are.
func (d doubles) scientific(f float64) string {
	mantissa, n := mantissaOf(f, -1)
	if d.point {
		mantissa = withFraction(mantissa)
	}
	sign, digits := "", strconv.Itoa(max(n, -n))
	switch {
	case n < 0:
		sign = "-"
	case d.plus:
		sign = "+"
	}
	if d.pad && len(digits) < 2 {
		digits = "0" + digits
	}
	return mantissa + d.e + sign + digits
}

// mantissaOf returns the mantissa of a number, with so many digits behind the point, and its exponent.
func mantissaOf(f float64, digits int) (mantissa string, exponent int) {
	mantissa, e, _ := strings.Cut(strconv.FormatFloat(f, 'e', digits, 64), "e")
	exponent, _ = strconv.Atoi(e)
	return mantissa, exponent
}

// ecma is Number.prototype.toString of ECMAScript, java Double.toString, python repr of a float and ruby Float#to_s.
func ecma(f float64) string {
	if f == 0 {
		return "0" // -0, too
	}
	return ecmaDoubles.print(f)
}

func java(f float64) string   { return javaDoubles.print(f) }
func python(f float64) string { return pythonDoubles.print(f) }
func ruby(f float64) string   { return rubyDoubles.print(f) }

// goFloat is what encoding/json makes of a float64: as ecma, but with -0.
func goFloat(f float64) string { return ecmaDoubles.print(f) }

// exactECMA is ecma with all digits of long integers.
func exactECMA(f float64) string {
	if math.Abs(f) >= 1<<53 && math.Abs(f) < 1e21 {
		return integerOf(f)
	}
	return ecma(f)
}

func withFraction(s string) string {
	if strings.ContainsAny(s, ".e") {
		return s
	}
	return s + ".0"
}

// plain writes a number without exponent, keeping the digits of its fraction.
func plain(raw []byte) (string, bool) {
	i := bytes.IndexAny(raw, "eE")
	if i < 0 {
		return string(raw), true
	}
	r, ok := exact(raw)
	if !ok {
		return "", false
	}
	exponent, err := strconv.Atoi(string(raw[i+1:]))
	if err != nil {
		return "", false
	}
	digits := 0
	if dot := bytes.IndexByte(raw[:i], '.'); dot >= 0 {
		digits = i - dot - 1
	}
	return r.FloatString(max(0, digits-exponent)), true
}

// short drops the zeros that end a fraction.
func short(s string) string {
	if !strings.Contains(s, ".") || strings.ContainsAny(s, "eE") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

func integerOf(f float64) string {
	i, _ := big.NewFloat(f).Int(nil)
	return i.String()
}

// phpDouble is php_gcvt: so many significant digits, the fewest that read back
// as the same double for -1; an exponent from 10^whole on and below 0.0001.
func phpDouble(f float64, digits, whole int) string {
	mantissa, n := mantissaOf(f, max(-1, digits-1))
	if f == 0 || n >= -4 && n < whole {
		if digits < 0 {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
		return short(strconv.FormatFloat(f, 'f', max(0, digits-n-1), 64))
	}
	sign := "+"
	if n < 0 {
		sign = "-"
	}
	return withFraction(short(mantissa)) + "e" + sign + strconv.Itoa(max(n, -n))
}

// phpFlat is json_encode of a PHP float with serialize_precision -1.
func phpFlat(f float64) string { return phpDouble(f, -1, 17) }

// phpFloat is the same with JSON_PRESERVE_ZERO_FRACTION.
func phpFloat(f float64) string {
	s := phpFlat(f)
	if strings.Contains(s, "e") {
		return s
	}
	return withFraction(s)
}

// phpOld is json_encode with serialize_precision 17, as PHP before 7.1 has it.
func phpOld(f float64) string { return phpDouble(f, 17, 17) }

// phpShort is a PHP float in a string with the default precision of 14.
func phpShort(f float64) string { return strings.ToUpper(phpDouble(f, 14, 14)) }

// phpForm is a PHP float in a string with a precision of -1.
func phpForm(f float64) string { return strings.ToUpper(phpFlat(f)) }

// bigDecimal is toString of Java's BigDecimal, which keeps the scale.
func bigDecimal(raw []byte) (string, bool) {
	i := bytes.IndexAny(raw, "eE")
	if i < 0 {
		return "", false
	}
	digits := strings.TrimPrefix(string(raw[:i]), "-")
	exponent, err := strconv.Atoi(string(raw[i+1:]))
	if err != nil || exponent > 400 || exponent < -400 {
		return "", false
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	unscaled := strings.TrimLeft(whole+fraction, "0")
	if unscaled == "" {
		unscaled = "0"
	}
	scale := len(fraction) - exponent
	adjusted := len(unscaled) - 1 - scale
	sign := strings.Repeat("-", strings.Count(string(raw[:1]), "-"))
	if scale >= 0 && adjusted >= -6 {
		return plain(raw)
	}
	mantissa := unscaled
	if len(unscaled) > 1 {
		mantissa = unscaled[:1] + "." + unscaled[1:]
	}
	plus := ""
	if adjusted > 0 {
		plus = "+"
	}
	return sign + mantissa + "E" + plus + strconv.Itoa(adjusted), true
}

// stripZeros is toString of a BigDecimal whose zeros at the end were taken from its
// digits: 1000 is 1E+3. With fractions it does so for all numbers, else for
// integers alone.
func stripZeros(fractions bool) speller {
	return func(raw []byte) (string, bool) {
		s, ok := plain(raw)
		if !ok || !fractions && strings.Contains(s, ".") {
			return "", false
		}
		s = short(s)
		if strings.Contains(s, ".") {
			return s, true
		}
		digits := strings.TrimRight(s, "0")
		if zeros := len(s) - len(digits); zeros > 0 && strings.Trim(digits, "-") != "" {
			return bigDecimal([]byte(digits + "e" + strconv.Itoa(zeros)))
		}
		return s, true
	}
}

// rubyDecimal is to_json of Ruby's BigDecimal, of decimal numbers or of all.
func rubyDecimal(integers bool) speller {
	return func(raw []byte) (string, bool) {
		s, ok := plain(raw)
		if !ok || isInteger(raw) && !integers {
			return "", false
		}
		sign := s[:len(s)-len(strings.TrimPrefix(s, "-"))]
		whole, fraction, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
		whole = strings.TrimLeft(whole, "0")
		exponent, digits := len(whole), strings.TrimRight(whole+fraction, "0")
		if whole == "" {
			digits = strings.TrimLeft(digits, "0")
			exponent = len(digits) - len(strings.TrimRight(fraction, "0"))
		}
		if digits == "" {
			return `"` + sign + `0.0"`, true
		}
		return `"` + sign + "0." + digits + "e" + strconv.Itoa(exponent) + `"`, true
	}
}

// perlNumber is a number in string context in Perl.
func perlNumber(f float64) string { return strconv.FormatFloat(f, 'g', 15, 64) }

// jqNumber is jq's: digits are written out as long as no more than fifteen
// zeros follow them.
func jqNumber(f float64) string {
	mantissa, point := mantissaOf(f, -1)
	digits := len(strings.Trim(strings.Replace(mantissa, ".", "", 1), "-"))
	if point++; point <= -4 || point > digits+15 {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// stripped is BigDecimal.stripTrailingZeros().toPlainString().
func stripped(raw []byte) (string, bool) {
	s, ok := plain(raw)
	return short(s), ok
}
