package apiclient

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// TimeFormat is how a Request-Time or Response-Time is written.
type TimeFormat string

// Time formats. A profile may use all but Micros and ISOFraction, which are
// only recognised.
const (
	Millis      TimeFormat = "ms"             // 1682060290199: the default
	Seconds     TimeFormat = "s"              // 1682060290
	ISO         TimeFormat = "iso"            // 2023-04-21T14:58:10+08:00 in the local zone
	ISOUTC      TimeFormat = "iso-utc"        // 2023-04-21T06:58:10Z
	ISOms       TimeFormat = "iso-ms"         // 2023-04-21T06:58:10.199Z
	ISOzone     TimeFormat = "iso-basic-zone" // 2023-04-21T14:58:10+0800
	Micros      TimeFormat = "us"             // 1682060290199000
	ISOFraction TimeFormat = "iso-fraction"   // 2023-04-21T06:58:10.1990000Z, any other fraction, with any zone
)

// timeFormats are the ones that a profile may use.
var timeFormats = []TimeFormat{Millis, Seconds, ISO, ISOUTC, ISOms, ISOzone}

// TimeFormats lists the formats that a profile may use.
func TimeFormats() []TimeFormat { return slices.Clone(timeFormats) }

// FormatTime writes t as the format says; "" means Millis. ISO and ISOzone use
// t's own zone.
func FormatTime(t time.Time, f TimeFormat) string {
	switch f {
	case Seconds:
		return strconv.FormatInt(t.Unix(), 10)
	case ISO:
		return t.Format("2006-01-02T15:04:05-07:00")
	case ISOUTC:
		return t.UTC().Format("2006-01-02T15:04:05Z")
	case ISOms:
		return t.UTC().Format("2006-01-02T15:04:05.000Z")
	case ISOzone:
		return t.Format("2006-01-02T15:04:05-0700")
	}
	return strconv.FormatInt(t.UnixMilli(), 10)
}

// isoLayouts are the spellings of a date that are accepted. time.Parse takes a
// fraction of a second after each.
var isoLayouts = []string{
	"2006-01-02T15:04:05Z07:00",
	"2006-01-02T15:04:05Z0700",
	"2006-01-02T15:04:05Z07",
}

// ParseTime reads a time header in any spelling that is met in practice:
// epoch milliseconds (12 or 13 digits), seconds (9 or 10), microseconds (15 or
// 16), and ISO 8601 with a zone. See the protocol, section 3.
func ParseTime(s string) (time.Time, TimeFormat, error) {
	if s != "" && strings.Trim(s, "0123456789") == "" {
		return parseEpoch(s)
	}
	for _, layout := range isoLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, isoFormat(s), nil
		}
	}
	if _, err := time.Parse("2006-01-02T15:04:05", s); err == nil {
		return time.Time{}, "", fmt.Errorf("time %q has no zone", s)
	}
	return time.Time{}, "", fmt.Errorf("time %q is neither epoch milliseconds nor ISO 8601", s)
}

func parseEpoch(s string) (time.Time, TimeFormat, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err == nil {
		switch len(s) {
		case 9, 10:
			return time.Unix(n, 0), Seconds, nil
		case 12, 13:
			return time.UnixMilli(n), Millis, nil
		case 15, 16:
			return time.UnixMicro(n), Micros, nil
		}
	}
	return time.Time{}, "", fmt.Errorf("time %q has %d digits: epoch milliseconds have 13", s, len(s))
}

func isoFormat(s string) TimeFormat {
	clock := s[len("2006-01-02T15:04:05"):]
	fraction := strings.HasPrefix(clock, ".") || strings.HasPrefix(clock, ",")
	switch {
	case fraction && len(clock) == len(".000Z") && strings.HasSuffix(clock, "Z"):
		return ISOms
	case fraction:
		return ISOFraction
	case clock == "Z":
		return ISOUTC
	case strings.Contains(clock, ":"):
		return ISO
	}
	return ISOzone
}
