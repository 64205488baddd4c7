package apiclient

import (
	"bytes"
	"crypto"
	"encoding/json"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"countersign/apiclient/jsonstream"
	"countersign/apiclient/signing"
)

// hostile is every byte that a string can hold.
func hostile() string {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	return string(b)
}

func wholeExchange() Exchange {
	h := hostile()
	verdict := signing.Verdict{
		Status: signing.Mismatch, NoKey: true, Reason: "r" + h, Hint: "h", Canonical: []byte(h), Digest: digest([]byte(h)), Encoding: signing.Base64URL, Signature: []byte{0, 1, 255}, Key: "k",
		Header: signing.Header{Algorithm: "RSA256", KeyVersion: "1", HasKeyVersion: true, Value: h, Pairs: []signing.Pair{{Key: "a", Value: h}}, Warnings: []signing.Warning{{Cause: "c", Says: h}}},
		Recovered: &signing.Recovered{Key: "k", Hash: crypto.SHA512, Padding: signing.PSS, Digest: []byte{1}, Raw: []byte{2},
			PSS:   &signing.PSSBlock{Hash: crypto.SHA256, MGF: crypto.SHA1, H: []byte{3}, Salt: []byte{4}, Certain: true},
			Fault: &signing.Warning{Cause: "digestinfo_malformed", Says: "x"}},
		Repaired: &signing.Reading{Causes: []string{"signature_hex"}, Says: h, Fix: "f", Signature: []byte{5}},
		Warnings: []signing.Warning{{Cause: "x", Says: "y"}},
	}
	return Exchange{
		ID: "i", Profile: "p", Endpoint: "e", Origin: FromFile, URL: "u" + h, ClientID: "c", MerchantID: "m",
		Request: Message{Line: "POST /" + h, Header: []Field{{Name: "A", Value: h}, {Name: "a", Value: ""}, {Name: h, Value: "x"}}, Head: []byte(h), Body: []byte(h)},
		Sent:    signing.Proof{Canonical: []byte(h), Digest: digest(nil), Signature: []byte{9}, Value: "v", Header: "h", KeyVersion: "1"},
		SentKey: "SHA256:00", SentVerdict: verdict, SignedAs: "/s" + h, Masked: true, Tampered: []string{"stale_time"},
		Response: &Message{Line: "HTTP/1.1 200 OK", Body: []byte("支付 <&>\u2028"), Decoded: []byte{}, Partial: true},
		Received: verdict, Result: Result{"S", "C" + h, "M"},
		Findings:  []Finding{{ResponseSide, "f" + h, "cause", Warn, "says" + h, "hint"}, {Cause: "x"}},
		StartedAt: time.Date(2023, 4, 21, 14, 58, 10, 123456789, time.UTC),
		Timing:    Timing{1, 1_000_001, 3 * time.Second, 4, 5, 6, 7 * time.Hour},
		Remote:    "r", Outcome: Canceled, BytesSent: true, Err: "e" + h, Hint: "h",
	}
}

// Every field is in the sample, so that a forgotten one shows.
func TestTheSampleHasEverything(t *testing.T) {
	t.Parallel()
	var walk func(v reflect.Value, path string)
	walk = func(v reflect.Value, path string) {
		switch {
		case v.Type() == reflect.TypeFor[time.Time]():
		case v.Kind() == reflect.Pointer && !v.IsNil():
			walk(v.Elem(), path)
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				walk(v.Field(i), path+"."+v.Type().Field(i).Name)
			}
		default:
			if v.IsZero() && !strings.HasPrefix(path, ".Response.") && !strings.HasPrefix(path, ".Request.") {
				t.Errorf("%s is not in the sample", path)
			}
		}
	}
	walk(reflect.ValueOf(wholeExchange()), "")
}

func TestExchangeRoundTrip(t *testing.T) {
	t.Parallel()
	sent := send(t, goodAnswer(), nil)
	sent.StartedAt = sent.StartedAt.UTC()
	failed := Exchange{Outcome: Failed, Err: "refused", Request: Message{Line: "POST / HTTP/1.1", Body: []byte{}}}
	for name, e := range map[string]Exchange{"whole": wholeExchange(), "sent": sent, "failed": failed} {
		text, err := json.MarshalIndent(e, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		var back Exchange
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(e, back) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, back, e)
		}
		if sent.Response != nil && name == "sent" {
			client := newClient(t, testProfile("http://127.0.0.1:1"), testOptions())
			client.Verify(&back)
			if !back.SentVerdict.OK() || !back.Received.OK() {
				t.Error("it does not verify after the round trip")
			}
		}
	}
}

// The names that the command line promises.
func TestExchangeJSON(t *testing.T) {
	t.Parallel()
	e := send(t, goodAnswer(), nil)
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var j struct {
		ID, Origin, Profile, Endpoint, StartedAt, Error string
		Timing                                          map[string]float64
		Request                                         struct {
			Line    string
			Headers [][]string
			Body    string
		}
		Sent     struct{ Canonical, SHA256, Signature, Header, Key, Verdict string }
		Response struct {
			Line    string
			Headers [][]string
			Body    string
		}
		Received struct{ Verdict, Key, Canonical string }
		Result   struct{ Status, Code, Message string }
	}
	if err := json.Unmarshal(text, &j); err != nil {
		t.Fatal(err)
	}
	if j.ID != "id-1" || j.Origin != "cli" || j.Profile != "test" || j.Endpoint != "v2/payments/pay" || !strings.HasPrefix(j.StartedAt, "2023-04-21T") || j.Error != "" {
		t.Errorf("%+v", j)
	}
	if j.Request.Line != e.Request.Line || j.Request.Headers[0][0] != "Host" || j.Request.Body != `{"a":"支付"}` || j.Response.Body != goodBody {
		t.Errorf("%+v", j)
	}
	if j.Sent.Canonical != string(e.Sent.Canonical) || j.Sent.Header != e.Sent.Header || j.Sent.Key != e.SentKey || len(j.Sent.SHA256) != 64 || j.Sent.Verdict != "verified" {
		t.Errorf("%+v", j.Sent)
	}
	if j.Received.Verdict != "verified" || j.Received.Key != "peer key v1" || j.Result.Code != "SUCCESS" || j.Result.Message != "成功" {
		t.Errorf("%+v %+v", j.Received, j.Result)
	}
	if _, ok := j.Timing["totalMs"]; !ok {
		t.Errorf("%+v", j.Timing)
	}
	text, err = json.Marshal(Exchange{Request: Message{Line: "POST / HTTP/1.1", Body: []byte("\xff")}})
	if err != nil || !bytes.Contains(text, []byte(`"bodyBase64":"/w=="`)) || !bytes.Contains(text, []byte(`"response":null`)) || bytes.Contains(text, []byte(`"body":`)) {
		t.Errorf("%s", text)
	}
}

// A signed string is plain text, or base64 of its own name; the form of former
// documents is read still.
func TestCanonicalJSON(t *testing.T) {
	t.Parallel()
	raw := []byte("POST /\n\xff")
	e := Exchange{Sent: signing.Proof{Canonical: raw}, Response: &Message{Line: "HTTP/1.1 200 OK"}, Received: signing.Verdict{Status: signing.Mismatch, Canonical: raw}}
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var j struct{ Sent, Received map[string]any }
	if err := json.Unmarshal(text, &j); err != nil {
		t.Fatal(err)
	}
	for _, side := range []map[string]any{j.Sent, j.Received} {
		if _, ok := side["canonical"]; ok || side["canonicalBase64"] != "UE9TVCAvCv8=" {
			t.Errorf("%v", side)
		}
	}
	var old Exchange
	err = json.Unmarshal([]byte(`{"sent":{"canonical":{"base64":"UE9TVCAvCv8="}},"received":{"verdict":"mismatch","canonical":{"base64":"UE9TVCAvCv8="}}}`), &old)
	if err != nil || !bytes.Equal(old.Sent.Canonical, raw) || !bytes.Equal(old.Received.Canonical, raw) {
		t.Errorf("%+v, %v", old, err)
	}
}

func TestExchangeJSONThatIsWrong(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`[]`, `{"sent":{"sha256":"zz"}}`, `{"received":{"verdict":"mismatch","recovered":{"hash":"SHA-9"}}}`, `{"startedAt":"yesterday"}`, `{"request":{"headers":[["a"`} {
		var e Exchange
		if err := json.Unmarshal([]byte(text), &e); err == nil {
			t.Errorf("%s is accepted", text)
		}
	}
	var e Exchange
	if err := json.Unmarshal([]byte(`{"request":{"line":"POST / HTTP/1.1","headers":[["A","b"]],"body":"{}"}}`), &e); err != nil || e.Request.Get("a") != "b" {
		t.Errorf("%v %+v", err, e)
	}
}

func FuzzExchangeJSON(f *testing.F) {
	f.Add("POST / HTTP/1.1", "A", "b\xff", []byte("{}"), []byte(nil), "e")
	f.Fuzz(func(t *testing.T, line, name, value string, body, decoded []byte, msg string) {
		e := Exchange{
			URL: line, Request: Message{Line: line, Header: []Field{{Name: name, Value: value}}, Body: append([]byte{}, body...)},
			Response: &Message{Line: msg, Body: append([]byte{}, decoded...), Decoded: append([]byte{}, body...), Head: append([]byte{}, value...)},
			Received: signing.Verdict{Status: signing.Unsigned, Reason: msg}, Err: msg, Result: Result{Message: value},
		}
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var back Exchange
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(e, back) {
			t.Fatalf("got %+v\nwant %+v", back, e)
		}
	})
}

// What is written in pieces is what encoding/json writes at once.
func TestWriteJSON(t *testing.T) {
	t.Parallel()
	wide := strings.Repeat("支付 <&>\u2028\x00\" \\ ", 20_000)
	for name, body := range map[string]string{"text": wide, "binary": wide + "\xff", "small": "{}", "empty": "", "at the limit": strings.Repeat("é", jsonstream.WideFrom/2)} {
		e := wholeExchange()
		e.Request.Body, e.Response.Body, e.Response.Decoded = []byte(body), []byte(body), []byte(body)
		e.Received.Canonical, e.Sent.Canonical = []byte("x"+body), []byte(body+"x")
		var want, got bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := errors.Join(enc.Encode(e), e.WriteJSON(&got)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("%s: %d bytes where %d are due", name, got.Len(), want.Len())
		}
	}
	if err := wholeExchange().WriteJSON(failingWriter{}); err == nil {
		t.Error("an output that fails is no error")
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("full") }

// BenchmarkWriteJSON is --json of an answer of 32 MB, which is in it twice: as
// the body and in the signed string. peak-MB is what the heap grows by.
func BenchmarkWriteJSON(b *testing.B) {
	e := wholeExchange()
	e.Response.Body = bytes.Repeat([]byte(`{"a":"支付"},`), DefaultMaxResponse/15)
	e.Response.Decoded, e.Received.Canonical = nil, e.Response.Body
	peak := uint64(0)
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		n := 0
		err := e.WriteJSON(writerFunc(func(p []byte) (int, error) {
			if n++; n%100 == 0 {
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapInuse-min(before.HeapInuse, now.HeapInuse))
			}
			return len(p), nil
		}))
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(peak)/1e6, "peak-MB")
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// What somebody else sent is printed with its signature and the string that it
// should cover, as what was sent here is; the history keeps that once.
func TestSeenRequestIsPrintedWithItsSignature(t *testing.T) {
	t.Parallel()
	e := Exchange{Origin: FromCapture, Request: Message{Line: "POST /p HTTP/1.1",
		Header: []Field{{Name: "X-Sig", Value: "algorithm=RSA256, signature=c2ln"}}}}
	e.SentVerdict = signing.Verdict{Status: signing.Mismatch, Canonical: []byte("POST /p\n"), Digest: [32]byte{1}, Signature: []byte("sig"),
		Key: "our key", Header: signing.Header{Value: "c2ln"}}
	var printed struct{ Sent map[string]any }
	text, err := json.Marshal(e)
	if err == nil {
		err = json.Unmarshal(text, &printed)
	}
	want := map[string]any{"canonical": "POST /p\n", "sha256": "01" + strings.Repeat("00", 31), "signature": "c2ln",
		"header": "algorithm=RSA256, signature=c2ln", "key": "our key"}
	for name, value := range want {
		if printed.Sent[name] != value {
			t.Errorf("%s: %v, %v", name, printed.Sent[name], err)
		}
	}
}
