package apiclient

import (
	"encoding/json"
	"testing"
	"time"

	"countersign/apiclient/jsonstream"
)

// What is written by hand is what encoding/json makes of the form that is read.
func TestWrittenAsRead(t *testing.T) {
	t.Parallel()
	bare := wholeExchange()
	bare.Response, bare.Findings, bare.Sent.Signature, bare.Tampered = nil, nil, nil, nil
	bare.SentVerdict.Recovered.PSS, bare.SentVerdict.Repaired.Causes = nil, nil
	bodies := wholeExchange()
	bodies.Request.Body = []byte(hostile() + hostile())
	bodies.Sent.Canonical = append([]byte("POST /\n"), bodies.Request.Body...)
	bodies.Request.Trailer = []Field{{Name: "a", Value: "b"}}
	for name, e := range map[string]Exchange{"whole": wholeExchange(), "bare": bare, "zero": {}, "bodies": bodies} {
		bodies := e.Bodies()
		for kind, p := range map[string]place{"all": {}, "without bodies": {bodies: &bodies, beside: &bodies},
			"record": {bodies: &bodies, beside: &Bodies{}}, "streamed": {stream: jsonstream.New()}} {
			got, err := e.appendJSON(nil, p)
			if err != nil {
				t.Fatal(err)
			}
			var form exchangeJSON
			if err := json.Unmarshal(got, &form); err != nil {
				t.Fatalf("%s, %s: %v in %s", name, kind, err, got)
			}
			if want, err := marshal(form); err != nil || string(got) != string(want) {
				t.Errorf("%s, %s: %v\n got %s\nwant %s", name, kind, err, got, want)
			}
		}
	}
	if _, err := (&Exchange{StartedAt: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}).appendJSON(nil, place{}); err == nil {
		t.Error("a year of five digits is written, and could not be read")
	}
}

func FuzzText(f *testing.F) {
	f.Add(hostile())
	f.Add("plain")
	f.Add("支付 <&>\u2028\x7f\"\\\x1f")
	f.Fuzz(func(t *testing.T, s string) {
		got := appendText([]byte("x"), s)
		var back Text
		if err := json.Unmarshal(got[1:], &back); err != nil || string(back) != s {
			t.Errorf("%q is written as %s and read as %q: %v", s, got, back, err)
		}
		if want, err := marshal(s); err == nil && got[1] == '"' && string(got[1:]) != string(want) {
			t.Errorf("%q is written as %s, not %s", s, got[1:], want)
		}
	})
}

// A string that nobody here wrote is read as encoding/json reads it.
func TestTextIsReadAsStrings(t *testing.T) {
	t.Parallel()
	for _, in := range []string{`"plain"`, `""`, `"a\nb\u00e9"`, "\"支付\"", "\"cut \xe6\xff\"", `null`, `"\\"`} {
		want, got := "before", Text("before")
		if err := json.Unmarshal([]byte(in), &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(in), &got); err != nil || string(got) != want {
			t.Errorf("%s is read as %q, not %q: %v", in, got, want, err)
		}
	}
}
