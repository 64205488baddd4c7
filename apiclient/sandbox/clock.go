package sandbox

import (
	"errors"
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

// isoTime is how the sandbox writes a time inside a body.
func isoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z07:00") }
