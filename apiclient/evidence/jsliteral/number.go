package jsliteral

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// number reads a number as JavaScript writes it, and returns its value as
// JavaScript prints it.
func number(source string) (string, bool) {
	digits := strings.ReplaceAll(source, "_", "")
	if big, isBig := strings.CutSuffix(digits, "n"); isBig {
		return integer(big)
	}
	if len(digits) > 1 && digits[0] == '0' && strings.IndexByte("xXoObB", digits[1]) >= 0 {
		return integer(digits)
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil && !math.IsInf(f, 0) {
		return "", false
	}
	return Format(f), true
}

func integer(digits string) (string, bool) {
	if len(digits) > 1000 {
		return "", false
	}
	n, ok := new(big.Int).SetString(digits, 0)
	if !ok {
		return "", false
	}
	return n.String(), true
}

// Format returns a number as JavaScript prints it: ECMA-262, Number::toString.
func Format(f float64) string {
	switch size := math.Abs(f); {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case math.IsNaN(f):
		return "NaN"
	case f == 0:
		return "0"
	case size >= 1e21 || size < 1e-6:
		text := strconv.FormatFloat(f, 'e', -1, 64)
		mantissa, exponent, _ := strings.Cut(text, "e")
		return mantissa + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0")
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
