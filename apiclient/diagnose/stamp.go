package diagnose

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
)

// stamp is a point in time that the exchange names, and how it was written.
type stamp struct {
	text   string
	at     time.Time
	format apiclient.TimeFormat // "" where it cannot be read
}

func readStamp(text string) stamp {
	at, format, err := apiclient.ParseTime(text)
	if err != nil {
		for _, layout := range []string{iso, "2006-01-02 15:04:05", http.TimeFormat, "20060102150405"} {
			if at, err := time.Parse(layout, text); err == nil {
				return stamp{text, at, apiclient.ISOFraction}
			}
		}
		return stamp{text: text}
	}
	return stamp{text, at, format}
}

func (s stamp) epoch() bool {
	return s.format == apiclient.Millis || s.format == apiclient.Seconds || s.format == apiclient.Micros
}

var shifts = func() []time.Duration {
	var list []time.Duration
	for ms := 1; ms <= 50; ms++ {
		list = append(list, time.Duration(ms)*time.Millisecond, -time.Duration(ms)*time.Millisecond)
	}
	for s := 1; s <= 60; s++ {
		list = append(list, time.Duration(s)*time.Second, -time.Duration(s)*time.Second)
	}
	for m := 2; m <= 15; m++ {
		list = append(list, time.Duration(m)*time.Minute, -time.Duration(m)*time.Minute)
	}
	for h := 1; h <= 14; h++ {
		list = append(list, time.Duration(h)*time.Hour, -time.Duration(h)*time.Hour)
	}
	for _, m := range []int{330, 345, 390, 570, 210, 270} {
		list = append(list, time.Duration(m)*time.Minute, -time.Duration(m)*time.Minute)
	}
	return append(list, 24*time.Hour, -24*time.Hour, 37*time.Second, -37*time.Second)
}()

func shiftCost(d time.Duration) int {
	switch d = d.Abs(); {
	case d <= 3*time.Millisecond:
		return variant.Common
	case d < time.Second:
		return variant.Plausible
	case d <= 3*time.Second, d == 8*time.Hour:
		return variant.Usual
	case d%time.Hour == 0, d == time.Minute, d == 5*time.Minute:
		return variant.Plausible
	}
	return variant.Rare
}

// differs is the cause of a time that is not the header's.
func differs(d time.Duration) habit {
	const code = "reading the clock once for the header and once for the string to sign; read it once"
	switch {
	case d.Abs() >= time.Hour && d%(15*time.Minute) == 0:
		return habit{"time_zone_shifted", "The signed time is " + offsetWords(d) + " the header's: a time zone apart.", "local time taken for UTC, or the reverse"}
	default:
		return habit{"time_differs_from_header", "The signed time is " + offsetWords(d) + " the header's.", code}
	}
}

func offsetWords(d time.Duration) string {
	side := "after"
	if d < 0 {
		side = "before"
	}
	if d = d.Abs(); d < time.Minute && d%time.Second != 0 || d < time.Second {
		return fmt.Sprintf("%d ms %s", d.Milliseconds(), side)
	}
	return strings.TrimSuffix(d.String(), "0s") + " " + side
}

// rewrite writes another time in the form of this one.
func (s stamp) rewrite(at time.Time) string {
	switch s.format {
	case apiclient.Millis, apiclient.Seconds:
		return apiclient.FormatTime(at, s.format)
	case apiclient.Micros:
		return strconv.FormatInt(at.UnixMicro(), 10)
	}
	return at.In(s.at.Location()).Format(s.layout())
}

// layout is Go's reference time in the form of this one.
func (s stamp) layout() string {
	if len(s.text) < len(iso) || s.text[10] != 'T' {
		return "2006-01-02 15:04:05"
	}
	rest := s.text[len(iso):]
	layout := iso
	if rest != "" && (rest[0] == '.' || rest[0] == ',') {
		n := 1
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		layout += rest[:1] + strings.Repeat("0", n-1)
		rest = rest[n:]
	}
	switch {
	case rest == "":
		return layout
	case rest == "Z":
		return layout + "Z07:00"
	case strings.Contains(rest, ":"):
		return layout + "-07:00"
	case len(rest) == 3:
		return layout + "-07"
	}
	return layout + "-0700"
}

// every is the sequence of all times of one step around a stamp, in its own
// form, nearest first.
func (s stamp) every(step time.Duration, count int) search.Sequence {
	base, unit := s.at, int64(1)
	if s.format == apiclient.Micros {
		unit = 1000
	}
	ms := base.UnixMilli()
	return search.Sequence{Part: search.Time, Len: 2 * count, Append: func(dst []byte, i int) []byte {
		d := time.Duration(i/2+1) * step
		if i%2 == 1 {
			d = -d
		}
		switch s.format {
		case apiclient.Millis, apiclient.Micros:
			dst = strconv.AppendInt(dst, ms+d.Milliseconds(), 10)
			if unit == 1000 {
				dst = append(dst, "000"...)
			}
			return dst
		case apiclient.Seconds:
			return strconv.AppendInt(dst, base.Add(d).Unix(), 10)
		}
		return base.Add(d).In(base.Location()).AppendFormat(dst, s.layout())
	}}
}

// offset is how far the i-th of every lies from the stamp.
func offset(step time.Duration, i int) time.Duration {
	d := time.Duration(i/2+1) * step
	if i%2 == 1 {
		return -d
	}
	return d
}
