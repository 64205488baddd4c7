package sandbox

import (
	"errors"
	"strconv"
	"time"

	"countersign/apiclient"
)

// parseTime reads a Request-Time: epoch milliseconds, or ISO 8601 with a zone
// as older SDKs send it (the protocol, section 3, Time). Other units are
// recognised to be refused by name. The error completes the sentence
// "Request-Time … <error>".
func parseTime(s string) (time.Time, error) {
	t, format, err := apiclient.ParseTime(s)
	switch {
	case err != nil:
		if _, bare := time.Parse("2006-01-02T15:04:05", s); bare == nil {
			return time.Time{}, errors.New("has no zone; add Z or an offset such as +08:00")
		}
		return time.Time{}, errors.New("is neither epoch milliseconds, which have 13 digits, nor ISO 8601")
	case format == apiclient.Seconds:
		return time.Time{}, errors.New("is in seconds; milliseconds are due, three digits more")
	case format == apiclient.Micros:
		return time.Time{}, errors.New("is in microseconds; milliseconds are due, three digits fewer")
	}
	return t, nil
}

// parseTime reads a Request-Time as the preset does: one that is lenient takes any
// unit.
func (s *Sandbox) parseTime(value string) (time.Time, error) {
	units := s.config.Client.TimeFormat != "" || s.preset.anyEpoch
	if t, _, err := apiclient.ParseTime(value); units && err == nil {
		return t, nil
	}
	if nanos, err := strconv.ParseInt(value, 10, 64); units && err == nil && len(value) == len("1795426982752000000") {
		return time.Unix(0, nanos), nil
	}
	return parseTime(value)
}

// isoTime is how the sandbox writes a time inside a body.
func isoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z07:00") }
