package bodies

import (
	"bytes"
	"encoding/base64"
	"math"
	"strconv"

	"countersign/apiclient/diagnose/variant"
)

// partial is a change of some of the values of a kind, where a program has both
// kinds: a price that is a float beside a count that is not.
type partial struct {
	pick   func(*value) bool
	change shaper
	reach  reach

	cause, says, code string
}

// reach is in which texts a change of some values is looked for.
type reach int

const (
	asSent      reach = iota // in the white space that was sent, or in none
	inLibraries              // in what libraries write, too
	inDumps                  // and in the forms that are not JSON
)

var partials = []partial{
	{func(v *value) bool { return v.kind == number && isInteger(v.raw) }, withFractionOf, inDumps,
		reformatted, "with some of its whole numbers as decimals: 3.0 for 3",
		"a language with floats beside integers, and `json_encode` or `JSON.stringify`, which write both alike"},
	{isNumericText, unquoted, inLibraries,
		reformatted, "with some of its strings as numbers",
		"a decimal or a long integer that one of two serialisers writes as a string"},
	{isNumericText, shortUnquoted, asSent,
		reformatted, "with some of its strings as numbers, without zeros at their end",
		"a decimal that one of two serialisers writes as a string, and the other as a double"},
	{func(v *value) bool { return v.kind == number && !isInteger(v.raw) }, func(v *value) *value { return quoted(oneZeroMore(v)) }, asSent,
		reformatted, "with some of its numbers as strings with a zero more",
		"a decimal that one of two serialisers writes as a string, and the other as a double"},
	{func(v *value) bool { return v.kind == number }, quoted, inLibraries,
		reformatted, "with some of its numbers as strings",
		"a decimal or a long integer that one of two serialisers writes as a string"},
	{func(v *value) bool { return v.kind == number && !bytes.ContainsAny(v.raw, "eE") }, oneZeroMore, asSent,
		reformatted, "with some of its numbers with a zero more: 12.50 for 12.5",
		"a decimal type, such as Python's Decimal or Java's BigDecimal, that was sent as a double"},
	{func(v *value) bool { return v.kind == number && isInteger(v.raw) }, withCents, asSent,
		reformatted, "with some of its whole numbers with two decimals: 10.00 for 10",
		"a decimal type, such as Python's Decimal or Java's BigDecimal, that was sent without its zeros"},
	{func(v *value) bool { return v.kind == number }, asBigDecimal, asSent,
		reformatted, "with some of its numbers as Java's BigDecimal prints them: 1E+3",
		"`BigDecimal.toString()` of Java, or `stripTrailingZeros()`; `toPlainString()` writes no exponent"},
	{isNull, fixedValue(literal, "NaN"), asSent,
		nullReplaced, "with NaN for some of its nulls",
		"`json.dumps` of a float that is no number, which other libraries write as null"},
	{isNull, fixedValue(literal, "[]"), asSent,
		nullReplaced, "with [] for some of its nulls",
		"a nil slice of Go, which `json.Marshal` writes as null"},
	{isBase64Text, byteArray, asSent,
		"body_byte_list_signed", "with some of its base64 as a list of bytes",
		"Gson, which writes byte[] as numbers, where Jackson and Go write base64"},
	{isEmptyArray, func(*value) *value { return &value{kind: object} }, inDumps,
		"body_empty_object_as_array", "with {} for some of its []",
		"PHP, which has one empty array for both"},
	{isEmptyObject, func(*value) *value { return &value{kind: array} }, inDumps,
		"body_empty_object_as_array", "with [] for some of its {}",
		"PHP, which has one empty array for both"},
	{isNull, func(*value) *value { return nil }, inLibraries,
		"body_null_fields_dropped", "without some of the members that are null",
		"undefined beside null in JavaScript, or `JsonInclude.NON_NULL` of one class"},
	{isNull, fixedValue(text, `""`), inLibraries, nullReplaced, "with empty strings for some of its nulls", "a default value of one field"},
}

func withFractionOf(v *value) *value {
	return &value{kind: number, raw: append(v.raw[:len(v.raw):len(v.raw)], ".0"...)}
}

func isNumericText(v *value) bool {
	if v.kind != text {
		return false
	}
	_, err := strconv.ParseFloat(v.decoded(), 64)
	return err == nil
}

// Bounds of the sets of values that are changed.
const (
	maxSubset = 5  // values of which every set is
	maxAlone  = 30 // values of which each is, by itself
)

func (p partial) words() variant.Change {
	return variant.Change{Cause: p.cause, Says: p.says, Habit: p.code}
}

// documents returns the documents in which some of the values are changed.
func (p partial) documents(root *value) []*value {
	n := 0
	root.transform(func(v *value) *value {
		if p.pick(v) {
			n++
		}
		return v
	})
	var masks []uint64
	switch {
	case n <= maxSubset:
		for mask := uint64(1); mask < 1<<n; mask++ {
			masks = append(masks, mask)
		}
	case n <= maxAlone:
		for i := range n {
			masks = append(masks, 1<<i)
		}
		masks = append(masks, 1<<n-1)
	}
	list := make([]*value, len(masks))
	for k, mask := range masks {
		i := -1
		list[k] = root.transform(func(v *value) *value {
			if !p.pick(v) {
				return v
			}
			if i++; mask>>i&1 == 1 {
				return p.change(v)
			}
			return v
		})
	}
	return list
}

// partials adds the bodies in which some values are changed, in the white space that
// was sent and in none.
func (m *Maker) partials(set *Set) {
	for _, p := range partials {
		for _, root := range p.documents(m.doc.root) {
			if m.stop() || set.Full() || root == nil {
				return
			}
			for _, s := range []style{m.own, compact} {
				set.Add(Variant{Bytes: writer{style: s}.write(root), Changes: one(p.words()), Cost: exotic})
			}
		}
	}
}

// rewrittenPartials adds them as libraries write them, and in the forms that are not
// JSON.
func (m *Maker) rewrittenPartials(set *Set) {
	for _, p := range partials {
		if p.reach == asSent {
			continue
		}
		for _, root := range p.documents(m.doc.root) {
			if m.stop() || set.Full() || root == nil {
				return
			}
			for _, w := range m.written {
				set.Add(Variant{Bytes: w.write(root), Changes: append(one(p.words()), w.changes...), Cost: Library + 2})
			}
			if p.reach < inDumps {
				continue
			}
			for _, d := range dumps {
				if s, ok := d.how(root); ok {
					set.Add(Variant{Bytes: []byte(s), Changes: one(d.change()), Cost: exotic})
				}
			}
		}
	}
}

func oneZeroMore(v *value) *value {
	if isInteger(v.raw) {
		return withFractionOf(v)
	}
	return &value{kind: number, raw: append(v.raw[:len(v.raw):len(v.raw)], '0')}
}

func shortUnquoted(v *value) *value {
	n := unquoted(v)
	if s, ok := double(ecma, false)(n.raw); ok && n != v {
		return &value{kind: number, raw: []byte(s)}
	}
	return v
}

func withCents(v *value) *value {
	return &value{kind: number, raw: append(v.raw[:len(v.raw):len(v.raw)], ".00"...)}
}

// asBigDecimal writes a number as a BigDecimal prints it that has no zeros at its end,
// or that is small.
func asBigDecimal(v *value) *value {
	if f, ok := asFloat(v.raw); ok && f != 0 && math.Abs(f) < 1e-6 {
		if s, ok := bigDecimal(append(v.raw[:len(v.raw):len(v.raw)], "e0"...)); ok {
			return &value{kind: number, raw: []byte(s)}
		}
	}
	if s, ok := stripZeros(true)(v.raw); ok {
		return &value{kind: number, raw: []byte(s)}
	}
	return v
}

func isBase64Text(v *value) bool {
	if v.kind != text || len(v.raw) < 6 || (len(v.raw)-2)%4 != 0 {
		return false
	}
	_, err := base64.StdEncoding.DecodeString(v.decoded())
	return err == nil
}

// byteArray turns base64 into the list of its bytes, as Java has them.
func byteArray(v *value) *value {
	b, err := base64.StdEncoding.DecodeString(v.decoded())
	if err != nil {
		return v
	}
	list := &value{kind: array}
	for _, c := range b {
		list.items = append(list.items, &value{kind: number, raw: []byte(itoa(int(int8(c))))}) //nolint:gosec // as Java has them
	}
	return list
}
