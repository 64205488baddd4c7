package apiclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"countersign/apiclient/jsonstream"
)

// The names and the order of the members are those that were promised.
func TestFormOfAnExchange(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/exchange.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := wholeExchange().MarshalJSON()
	if err != nil || string(got)+"\n" != string(want) {
		t.Errorf("%v\n got %s\nwant %s", err, got, want)
	}
}

// What is written is JSON as encoding/json has it, and is the same once it was read.
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
			var compact bytes.Buffer
			if err := json.Compact(&compact, got); err != nil || compact.String() != string(got) {
				t.Errorf("%s, %s: %v, %s", name, kind, err, got)
			}
			var back Exchange
			if err := back.readJSON(got, p.beside); err != nil {
				t.Fatalf("%s, %s: %v in %s", name, kind, err, got)
			}
			if again, err := back.appendJSON(nil, p); err != nil || string(again) != string(got) {
				t.Errorf("%s, %s: %v\n got %s\nwant %s", name, kind, err, again, got)
			}
		}
	}
	if _, err := (&Exchange{StartedAt: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}).appendJSON(nil, place{}); err == nil {
		t.Error("a year of five digits is written, and could not be read")
	}
}

// A value of the wrong type is told by where it stands.
func TestWrongTypesAreNamed(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`7`: "", `{"url": 7}`: "url", `{"request": {"headers": 7}}`: "request.headers", `{"request": []}`: "request",
		`{"request": {"headers": [["A", {"a": 1}, 2], 3]}}`: "request.headers", `{"findings": [7]}`: "findings",
		`{"findings": [{"says": true}]}`: "findings.says", `{"received": {"header": {"hasKeyVersion": "yes"}}}`: "received.header.hasKeyVersion",
		`{"timing": {"dnsMs": "1"}}`: "timing.dnsMs", `{"sent": {"signature": 1}}`: "sent.signature",
	} {
		var e Exchange
		var kind *json.UnmarshalTypeError
		if err := json.Unmarshal([]byte(in), &e); !errors.As(err, &kind) || kind.Field != want {
			t.Errorf("%s: %v, want an error about %q", in, err, want)
		}
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
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(s); err == nil && got[1] == '"' && string(got[1:])+"\n" != want.String() {
			t.Errorf("%q is written as %s, not %s", s, got[1:], want.String())
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
