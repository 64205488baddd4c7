package bodies

import (
	"bytes"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// isInteger reports whether a JSON number has neither fraction nor exponent.
func isInteger(raw []byte) bool { return !bytes.ContainsAny(raw, ".eE") }

// asFloat reads a number as a double.
func asFloat(raw []byte) (float64, bool) {
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// exact reads a number without loss; false where its exponent is absurd.
func exact(raw []byte) (*big.Rat, bool) {
	if i := bytes.IndexAny(raw, "eE"); i >= 0 {
		if e, err := strconv.Atoi(string(raw[i+1:])); err != nil || e > 400 || e < -400 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(string(raw))
}

// long applies a way to print doubles to the integers that a double rounds.
func long(print func(float64) string) speller {
	return func(raw []byte) (string, bool) {
		f, ok := asFloat(raw)
		if !ok || !isInteger(raw) || math.Abs(f) < 1<<53 {
			return "", false
		}
		return print(f), true
	}
}

// spell makes a writer's number function of one that may decline.
func spell(f speller) func(dst, raw []byte) []byte {
	return func(dst, raw []byte) []byte {
		if s, ok := f(raw); ok {
			return append(dst, s...)
		}
		return append(dst, raw...)
	}
}

// double applies a way to print doubles to all numbers, or only to those that
// are not integers, as parsers do that tell the two apart.
func double(print func(float64) string, integers bool) speller {
	return func(raw []byte) (string, bool) {
		if isInteger(raw) && !integers {
			return "", false
		}
		f, ok := asFloat(raw)
		if !ok {
			return "", false
		}
		return print(f), true
	}
}

// mixed prints integers that fit in 64 bits as they are and the rest as
// doubles, as PHP and many dynamic languages do.
func mixed(print func(float64) string) speller {
	return func(raw []byte) (string, bool) {
		if isInteger(raw) {
			if _, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
				return "", false
			}
		}
		f, ok := asFloat(raw)
		if !ok {
			return "", false
		}
		return print(f), true
	}
}

// numbers are the ways in which libraries print numbers.
var numbers = []row[speller]{
	{common, double(ecma, true), reformatted,
		"with its numbers as JavaScript prints them: 1.0 as 1, 1e3 as 1000, long integers rounded",
		"`JSON.stringify(JSON.parse(body))`"},
	{common, double(exactECMA, true), reformatted,
		"with its numbers as JavaScript holds them: 1.0 as 1, 1e3 as 1000, long integers rounded",
		"`JSON.parse` and `BigInt(n).toString()`"},
	{common, double(python, false), reformatted,
		"with its decimal numbers as doubles: 1e3 as 1000.0, 2.50 as 2.5",
		"Python's `json.loads` and `json.dumps`, or a Java `Double`"},
	{usual, double(java, false), reformatted,
		"with its decimal numbers as Java prints doubles", "a Java `Double` field or `Map<String, Object>`"},
	{common, double(ecma, false), reformatted,
		"with its decimal numbers printed shortest: 1.0 as 1, 2.50 as 2.5",
		"a parser that makes doubles of decimal numbers"},
	{usual, mixed(python), reformatted, "with decimal numbers and integers over 64 bits as doubles",
		"PHP's `json_decode` and `json_encode`"},
	{usual, mixed(phpFloat), reformatted,
		"with decimal numbers and integers over 64 bits as PHP prints doubles",
		"PHP's `json_decode` and `json_encode`"},
	{plausible, mixed(ecma), reformatted,
		"with decimal numbers and integers over 64 bits printed as shortest doubles",
		"a dynamic language's JSON library"},
	{plausible, mixed(java), reformatted, "with decimal numbers and integers over 64 bits as Java prints doubles", "a Java `Double`"},
	{usual, double(goFloat, true), reformatted, "with all numbers as Go prints a float64",
		"`json.Unmarshal` into `map[string]any` and `json.Marshal`; `UseNumber` keeps them"},
	{usual, double(python, true), reformatted, "with all numbers as doubles: 1 as 1.0",
		"Gson into `Map<String, Object>`, which makes every number a double"},
	{usual, double(java, true), reformatted,
		"with all numbers as Java doubles: 1 as 1.0, 10000000 as 1.0E7",
		"Gson into `Map<String, Object>`, which makes every number a double"},
	{plausible, exponents(doubles{e: "E", point: true}), reformatted,
		"with decimal numbers written with an exponent: 1.0 as 1.0E0",
		"Java's `DecimalFormat` or `BigDecimal` in engineering notation"},
	{plausible, exponents(doubles{e: "E"}), reformatted,
		"with decimal numbers written with an exponent: 1.0 as 1E0",
		"Java's `DecimalFormat` or `BigDecimal` in engineering notation"},
	{plausible, exponents(doubles{e: "e", plus: true, pad: true}), reformatted,
		"with decimal numbers written with an exponent: 1.0 as 1e+00", "`%e` of C, Go or Ruby"},
	{rare, exponents(doubles{e: "E", plus: true}), reformatted,
		"with decimal numbers written with an exponent: 1.0 as 1E+0", "a .NET or Java number format"},
	{rare, exponents(doubles{e: "e"}), reformatted,
		"with decimal numbers written with an exponent: 1.0 as 1e0", "a number format with an exponent"},
	{rare, exponents(doubles{e: "e", plus: true, point: true, pad: true}), reformatted,
		"with decimal numbers written with an exponent: 1.0 as 1.0e+00", "`%e` of C, Go or Ruby"},
	{plausible, bigDecimal, reformatted,
		"with decimal numbers as Java's BigDecimal prints them: 1e3 as 1E+3",
		"Jackson's `USE_BIG_DECIMAL_FOR_FLOATS`, or fastjson"},
	{plausible, stripZeros(false), reformatted,
		"with long numbers as Java's BigDecimal prints them: 1000 as 1E+3",
		"`BigDecimal.toString()` of Java, which writes an exponent where the scale is negative; `toPlainString()` does not"},
	{plausible, stripZeros(true), reformatted,
		"with its numbers as Java's BigDecimal prints them without zeros: 1000 as 1E+3, 2.50 as 2.5",
		"`stripTrailingZeros().toString()` of Java; `toPlainString()` writes no exponent"},
	{plausible, rubyDecimal(false), reformatted,
		`with its decimal numbers as Ruby prints a BigDecimal: 100.1 as "0.1001e3"`,
		"`BigDecimal#to_json` of Ruby; `to_s('F')` or `to_f` is plain"},
	{rare, rubyDecimal(true), reformatted,
		`with its numbers as Ruby prints a BigDecimal: 100.1 as "0.1001e3"`,
		"`BigDecimal#to_json` of Ruby; `to_s('F')` or `to_f` is plain"},
	{plausible, func(raw []byte) (string, bool) { return `"` + string(raw) + `"`, !isInteger(raw) }, reformatted,
		"with its decimal numbers as strings",
		"`json.dumps(…, default=str)` with Decimal, Rails with BigDecimal, or a database driver"},
	{common, stripped, reformatted,
		"with trailing zeros of numbers dropped: 1.0 as 1, 2.50 as 2.5",
		"`stripTrailingZeros().toPlainString()` of Java, or `%g`"},
	{plausible, plain, reformatted, "with exponents written out: 1e3 as 1000", "`BigDecimal.toPlainString()` of Java, or a decimal type"},
	{plausible, keepFraction, reformatted,
		"with trailing zeros of numbers dropped down to one: 2.50 as 2.5, 1.0 as it is",
		"a library that keeps at least one decimal"},
	{plausible, fixed(2), reformatted, "with decimal numbers printed with two places: 1.0 as 1.00", "`%.2f` or a money format"},
	{rare, fixed(6), reformatted, "with decimal numbers printed with six places", "`%f` of C"},
	{rare, fixed(1), reformatted, "with decimal numbers printed with one place", "`%.1f`"},
	{plausible, fixed(0), reformatted, "with decimal numbers printed as integers", "a cast to an integer type"},
	{rare, allFixed(2), reformatted, "with all numbers printed with two places: 1 as 1.00", "a money format"},
	{rare, func(raw []byte) (string, bool) { return strings.ToUpper(string(raw)), true }, reformatted,
		"with the exponents of numbers in upper case: 1e3 as 1E3", "a number format of Java or .NET"},
	{common, long(integerOf), precisionLost, "with integers beyond 2^53 rounded to a double", "`JSON.parse`, or a `double` field"},
	{common, long(ecma), precisionLost,
		"with integers beyond 2^53 rounded and printed as JavaScript does", "`JSON.parse`, or a `double` field"},
	{usual, long(python), precisionLost,
		"with integers beyond 2^53 as doubles with an exponent", "a `double` field, or PHP's `json_decode`"},
	{usual, long(java), precisionLost, "with integers beyond 2^53 as Java prints doubles", "Gson into `Map<String, Object>`"},
	{usual, long(phpFloat), precisionLost,
		"with integers beyond 2^53 as PHP prints doubles", "PHP's `json_decode` without `JSON_BIGINT_AS_STRING`"},
	{plausible, long(func(f float64) string { return integerOf(f) + ".0" }), precisionLost,
		"with integers beyond 2^53 rounded to a double and printed with .0", "a `double` field"},
	{plausible, withZero, reformatted, "with .0 behind all integers", "a decimal type for every number"},
	{plausible, double(ruby, false), reformatted, "with its decimal numbers as Ruby prints floats", "`JSON.parse` and `to_json` of Ruby"},
	{plausible, wrapped(64), precisionLost,
		"with integers beyond 64 bits cut to 64 bits", "a `long` field of Java, C# or C, which overflows"},
	{rare, wrapped(32), precisionLost, "with integers beyond 32 bits cut to 32 bits", "an `int` field, which overflows"},
	{rare, saturated, precisionLost, "with integers beyond 64 bits as the largest of 64 bits", "`strtoll`, or PHP's cast to int"},
	{plausible, func(raw []byte) (string, bool) { return `"` + string(raw) + `"`, true }, reformatted,
		"with its numbers as strings", "`WRITE_NUMBERS_AS_STRINGS`, or a map of strings"},
	{plausible, func(raw []byte) (string, bool) { _, ok := long(integerOf)(raw); return `"` + string(raw) + `"`, ok }, reformatted,
		"with its long integers as strings",
		"a `Long` serialiser for JavaScript clients, or `JSON_BIGINT_AS_STRING`"},
}

// exponents writes all decimal numbers with an exponent.
func exponents(d doubles) speller { return double(d.scientific, false) }

func keepFraction(raw []byte) (string, bool) {
	if isInteger(raw) || bytes.ContainsAny(raw, "eE") {
		return "", false
	}
	return withFraction(short(string(raw))), true
}

// fixed prints decimal numbers with so many places, allFixed all numbers.
func fixed(places int) speller {
	all := allFixed(places)
	return func(raw []byte) (string, bool) {
		s, ok := all(raw)
		return s, ok && !isInteger(raw)
	}
}

func allFixed(places int) speller {
	return func(raw []byte) (string, bool) {
		r, ok := exact(raw)
		if !ok {
			return "", false
		}
		return r.FloatString(places), true
	}
}

// wrapped returns an integer after a signed type of so many bits overflowed.
func wrapped(bits uint) speller {
	return func(raw []byte) (string, bool) {
		n, ok := new(big.Int).SetString(string(raw), 10)
		if !ok || uint(n.BitLen()) < bits { //nolint:gosec // small
			return "", false
		}
		size := new(big.Int).Lsh(big.NewInt(1), bits)
		n.Mod(n, size)
		if n.Bit(int(bits)-1) == 1 {
			n.Sub(n, size)
		}
		return n.String(), true
	}
}

func saturated(raw []byte) (string, bool) {
	n, ok := new(big.Int).SetString(string(raw), 10)
	if !ok || n.IsInt64() {
		return "", false
	}
	n64, _ := strconv.ParseInt(string(raw), 10, 64) // which ends at the bounds
	return strconv.FormatInt(n64, 10), true
}
