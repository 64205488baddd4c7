package bodies

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/lazyregexp"
)

// readDates are the layouts that are read, of which "Z07:00" reads Z, too.
var readDates = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999",
	"2006-01-02 15:04:05.999999999 -0700 MST",
	"2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999 -0700", "2006-01-02 15:04:05.999999999 MST",
	"2006-01-02 15:04:05.999999999", time.RFC1123, time.RFC1123Z,
	"Monday, 02-Jan-2006 15:04:05 GMT-0700", time.RFC850, "Mon Jan 02 15:04:05 MST 2006",
	"Mon Jan 02 2006 15:04:05 GMT-0700", "Jan 2, 2006, 3:04:05 PM", "Jan 2, 2006 3:04:05 PM", "1/2/2006, 3:04:05 PM",
	"2006/01/02 15:04:05", "20060102150405", "2006-01-02T15:04Z07:00", "2006-01-02",
}

// readDate returns the moment that a string or number names.
func readDate(v *value) (time.Time, bool) {
	s := string(v.raw)
	if v.kind == text {
		s = v.decoded()
	}
	if len(s) < 8 || len(s) > 80 || s[0] == '-' || !dateLike(s) {
		return time.Time{}, false
	}
	if whole, fraction, _ := strings.Cut(s, "."); isInteger(v.raw) || v.kind == number {
		n, err := strconv.ParseInt(whole, 10, 64)
		switch {
		case err != nil:
		case n >= 1e12 && n < 4e12 && fraction == "":
			return time.UnixMilli(n).UTC(), true
		case n >= 1e9 && n < 4e9 && len(fraction) <= 9:
			nanos, _ := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
			return time.Unix(n, nanos).UTC(), true
		}
		if v.kind == number {
			return time.Time{}, false
		}
	}
	if ms, ok := strings.CutPrefix(s, "/Date("); ok {
		n, err := strconv.ParseInt(strings.TrimRight(ms, ")/"), 10, 64)
		return time.UnixMilli(n).UTC(), err == nil
	}
	if s, _, ok := strings.Cut(s, " ("); ok && strings.Contains(s, "GMT") {
		return readDate(&value{kind: text, raw: []byte(`"` + s + `"`)})
	}
	for _, l := range readDates {
		if t, err := time.Parse(l, s); err == nil && t.Year() > 1970 && t.Year() < 2200 {
			return t, true
		}
	}
	return time.Time{}, false
}

// dateLike reports whether a text has the digits of a date and looks like no URL.
func dateLike(s string) bool {
	digits := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			digits++
		}
	}
	return digits >= 8 && (digits == len(s) || strings.ContainsAny(s, ":-/.")) && !strings.Contains(s, "://")
}

// plainDate makes a string of a date that is an object, as a DateTime of PHP is.
func plainDate(v *value) *value {
	if at, ok := dateOfList(v); ok {
		return &value{kind: text, raw: []byte(layout(time.RFC3339Nano)(at))}
	}
	if v.kind != object || len(v.members) != 3 || v.members[0].key.decoded() != "date" ||
		v.members[2].key.decoded() != "timezone" {
		return v
	}
	s, zone := v.members[0].value.decoded(), v.members[2].value.decoded()
	t, err := time.Parse("2006-01-02 15:04:05.000000", s)
	if at, e := time.Parse("2006-01-02 15:04:05.000000Z07:00", s+zone); e == nil {
		t, err = at, nil
	}
	if err != nil {
		return v
	}
	return &value{kind: text, raw: []byte(layout(time.RFC3339Nano)(t))}
}

// dateOfList reads a date that is a list of numbers, as Jackson writes a LocalDateTime.
func dateOfList(v *value) (time.Time, bool) {
	if v.kind != array || len(v.items) < 5 || len(v.items) > 7 {
		return time.Time{}, false
	}
	var n [7]int
	for i, item := range v.items {
		var err error
		if n[i], err = strconv.Atoi(string(item.raw)); err != nil {
			return time.Time{}, false
		}
	}
	at := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], n[6], time.UTC)
	return at, n[0] > 1970 && n[0] < 2200 && at.Month() == time.Month(n[1]) && at.Day() == n[2] && n[3] < 24 && n[4] < 60 && n[5] < 60
}

// zoned is the end of a date that says its zone, or a number, which needs none.
var zoned = lazyregexp.New(`(Z|[+-]\d\d:?\d\d|[A-Z]{3,4}( \d{4})?|\)/?)"$|^"\d+"$`)

// dates tries each form in each zone for the dates of the body.
func (m *Maker) dates(set *Set) {
	own, zoneless := map[string]time.Time{}, false
	root := m.doc.root.transform(plainDate)
	root.tokens(func(v *value) {
		if t, ok := readDate(v); ok && (v.kind == text || v.kind == number) {
			own[string(v.raw)] = t
			zoneless = zoneless || v.kind == text && !zoned.Match(v.raw)
		}
	})
	if len(own) == 0 {
		return
	}
	seen := map[string]bool{}
	inZones := slices.Concat([]*time.Location{nil}, zones)
	m.redate(set, own, seen, inZones, 0)
	if !zoneless {
		return
	}
	for _, source := range zones[1:] {
		here := map[string]time.Time{}
		for raw, t := range own {
			_, offset := t.In(source).Zone()
			here[raw] = t.Add(-time.Duration(offset) * time.Second).In(source)
		}
		m.redate(set, here, seen, []*time.Location{nil, time.UTC}, 3)
	}
}

// redate writes the dates of the body in each form and each of some zones; more is
// what that costs beside the form.
func (m *Maker) redate(set *Set, own map[string]time.Time, seen map[string]bool, zones []*time.Location, more int) {
	for _, form := range moments {
		for i, zone := range zones {
			if m.stop() {
				return
			}
			written, key := map[string][]byte{}, ""
			for raw, t := range own {
				if zone != nil {
					t = t.In(zone)
				}
				written[raw] = []byte(form.write(t))
			}
			for _, raw := range slices.Sorted(maps.Keys(written)) {
				key += string(written[raw]) + " "
			}
			if seen[key] {
				continue
			}
			seen[key] = true
			o := op{
				shape: func(r *value) *value { return redated(written)(r.transform(plainDate)) },
				cost:  min(form.cost+(i+1)/2+more, exotic),
				change: variant.Change{Cause: "body_date_format", Says: "with its dates in another form",
					Habit: form.habit},
			}
			if i < 2 && more == 0 && form.cost <= plausible {
				m.tryOp(set, shapeAspect, o)
				continue
			}
			for _, v := range m.render(o) {
				set.Add(v)
			}
		}
	}
}

// redated puts other spellings in the place of tokens.
func redated(written map[string][]byte) shaper {
	return func(root *value) *value {
		return root.transform(func(v *value) *value {
			if to, ok := written[string(v.raw)]; ok && !isGroup(v) {
				return &value{kind: literal, raw: to}
			}
			return v
		})
	}
}

// Fractions returns the bodies whose one date has a fraction that was not sent, down
// to milliseconds.
func (m *Maker) Fractions() []Sequence {
	if m.doc == nil || !isGroup(m.doc.root) {
		return nil
	}
	var at time.Time
	var token *value
	n := 0
	root := m.doc.root.transform(plainDate)
	root.tokens(func(v *value) {
		if t, ok := readDate(v); ok && t.Nanosecond() == 0 {
			at, token = t, v
			n++
		}
	})
	if n != 1 {
		return nil
	}
	var list []Sequence
	for _, form := range moments {
		for _, t := range []time.Time{at, at.UTC()} {
			with := t.Add(123 * time.Millisecond)
			head, tail, ok := strings.Cut(form.write(with), "123")
			if form.write(t) == form.write(with) || !ok || form.cost > rare {
				continue
			}
			mark := []byte(head + "\x00" + tail)
			for _, s := range []style{m.own, compact, spaced} {
				text := writer{style: s}.write(redated(map[string][]byte{string(token.raw): mark})(root))
				before, after, ok := bytes.Cut(text, []byte{0})
				if !ok {
					continue
				}
				list = append(list, Sequence{Len: 1000, Append: func(dst []byte, i int) []byte {
					dst = append(dst, before...)
					dst = append(dst, byte('0'+i/100), byte('0'+i/10%10), byte('0'+i%10)) //nolint:gosec // digits
					return append(dst, after...)
				}, Change: variant.Change{Cause: "body_date_format",
					Says: "with a date to the millisecond, and sent with whole seconds", Habit: form.habit}})
			}
		}
	}
	return list
}
