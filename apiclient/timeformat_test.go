package apiclient

import (
	"testing"
	"time"
)

func TestTimeFormatSpellings(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 2, 3, 9, 35, 6, 789_012_345, time.FixedZone("IST", 5*3600+1800))
	tests := map[string]string{
		"epoch-s": "1770091506", "unix": "1770091506", "Epoch_Seconds": "1770091506", "unixtime": "1770091506", "s": "1770091506",
		"epoch-ms": "1770091506789", "unixMillis": "1770091506789", "millis": "1770091506789", "epoch-milliseconds": "1770091506789",
		"timestamp-ms": "1770091506789", "milliseconds since epoch": "1770091506789", "MS": "1770091506789", "epochmicros": "1770091506789012",
		"iso8601": "2026-02-03T09:35:06+05:30", "ISO-8601": "2026-02-03T09:35:06+05:30", "rfc3339": "2026-02-03T09:35:06+05:30",
		"iso-z": "2026-02-03T04:05:06Z", "iso_utc": "2026-02-03T04:05:06Z", "rfc3339-utc": "2026-02-03T04:05:06Z",
		"iso-ms-z": "2026-02-03T04:05:06.789Z", "iso8601ms": "2026-02-03T04:05:06.789Z", "iso-utc-ms": "2026-02-03T04:05:06.789Z",
		"iso-milli-zone": "2026-02-03T09:35:06.789+05:30", "iso-offset-ms": "2026-02-03T09:35:06.789+05:30",
		"iso-zone-basic": "2026-02-03T09:35:06+0530", "iso-ms-nocolon": "2026-02-03T09:35:06.789+0530",
		"rfc3339nano": "2026-02-03T04:05:06.789012345Z", "rfc1123": "Tue, 03 Feb 2026 04:05:06 GMT", "http-date": "Tue, 03 Feb 2026 04:05:06 GMT",

		"yyyy-MM-dd'T'HH:mm:ss.SSSXXX": "2026-02-03T09:35:06.789+05:30", "yyyy-MM-dd'T'HH:mm:ss'Z'": "2026-02-03T04:05:06Z",
		"yyyy-MM-dd'T'HH:mm:ssZ": "2026-02-03T09:35:06+0530", "yyyyMMddHHmmssSSS": "20260203093506789", "yyyy-MM-dd HH:mm:ss": "2026-02-03 09:35:06",
		"EEE, dd MMM yyyy HH:mm:ss zzz": "Tue, 03 Feb 2026 09:35:06 IST", "yyyy-MM-ddTHH:mm:ss.fffzzz": "2026-02-03T09:35:06.789+05:30",
		"yyyy-MM-ddTHH:mm:ss.fffZ": "2026-02-03T04:05:06.789Z", "yyyy-MM-ddTHH:mm:ssK": "2026-02-03T09:35:06+05:30",
		"YYYY-MM-DDTHH:mm:ss.SSSZ": "2026-02-03T09:35:06.789+05:30", "YYYY-MM-DD[T]HH:mm:ss[Z]": "2026-02-03T04:05:06Z",
		"2006-01-02T15:04:05.000Z07:00": "2026-02-03T09:35:06.789+05:30", "2006-01-02T15:04:05Z": "2026-02-03T04:05:06Z", "20060102150405": "20260203093506",
		"%Y-%m-%dT%H:%M:%S%z": "2026-02-03T09:35:06+0530", "%FT%T.%3NZ": "2026-02-03T04:05:06.789Z", "%Y%m%d%H%M%S": "20260203093506", "%FT%T%:z": "2026-02-03T09:35:06+05:30",
		`Y-m-d\TH:i:s.vP`: "2026-02-03T09:35:06.789+05:30", "Y-m-d H:i:s": "2026-02-03 09:35:06", "YmdHis": "20260203093506",
	}
	for in, want := range tests {
		f, err := ParseTimeFormat(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		got := FormatTime(at, f)
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if err := (Profile{BaseURL: "https://h.example", ClientID: "C", TimeFormat: f}).Validate(); err != nil {
			t.Errorf("%q: %v", in, err)
		}
	}
	for _, in := range []string{"epoch", "timestamp", "iso-basic", "bananas", "iso-fraction", "yyyy-MM-dd", "HH:mm:ss", "%Y-%m-%d %Q", "%", "yyyy-MM-dd'T", "é", "YY", "ms\n"} {
		if f, err := ParseTimeFormat(in); err == nil {
			t.Errorf("%q is read as %q", in, f)
		}
	}
}

// What a profile writes, it reads: in its own zone, to the precision that it has.
func TestTimeFormatParse(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 23, 19, 35, 16, 789_000_000, time.Local)
	for _, f := range []TimeFormat{"yyyyMMddHHmmssSSS", "yyyy-MM-dd HH:mm:ss.SSS", "%Y%m%d%H%M%S", "YmdHis", "20060102150405", Millis, ISO, "2006-01-02T15:04:05.000000Z"} {
		text := FormatTime(at, f)
		back, format, err := f.Parse(text)
		if d := at.Sub(back); err != nil || d < 0 || d >= time.Second || format != f && format != ISOFraction {
			t.Errorf("%s: %q is read back as %v, %s, %v", f, text, back, format, err)
		}
		if _, _, err := f.Parse("tomorrow"); err == nil {
			t.Errorf("%s reads a word", f)
		}
	}
}

func TestSettingSpellings(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"Base64-URL": "base64url", "URL_safe": "base64url", "urlencoded": "percent-base64", "plain": "base64", "base64url-nopad": "base64url-raw", "percent-base64-lower": "percent-base64-lower"} {
		if got, err := ParseEncoding(in); err != nil || string(got) != want {
			t.Errorf("%s: %s, %v", in, got, err)
		}
	}
	if _, err := ParseEncoding("hex"); err == nil {
		t.Error("hex is no encoding of the protocol")
	}
	for in, want := range map[string]bool{"comma-space": false, ", ": false, ",": true, "comma": true, "Compact": true} {
		if got, err := ParseHeaderSpacing(in); err != nil || got != want {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
	for in, want := range map[string]string{"Client-Id": "client_id", "requestTime": "request_time", "SIGNATURE": "signature"} {
		if got, ok := HeaderSetting(in); !ok || got != want {
			t.Errorf("%s: %s, %v", in, got, ok)
		}
	}
}
