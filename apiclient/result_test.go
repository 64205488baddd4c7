package apiclient

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// decodedResult is parseResult as the standard library's decoder does it.
func decodedResult(body []byte) (r Result, times int) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, bom)))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return r, 0
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return r, times
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return r, times
		}
		if key == "result" {
			times++
			r = readResult(value)
		}
	}
	return r, times
}

func FuzzParseResult(f *testing.F) {
	for _, s := range []string{
		goodBody, `{"a":[1,{"result":2}],"result":{"resultStatus":"S","resultCode":"x\"]}"}}`, `{"result":{},"result":{"resultStatus":"F"}}`,
		`{"r\u0065sult":{"resultStatus":"S"}}`, `{"a":nul,"result":{"resultStatus":"S"}}`, `{"result":{"resultStatus":"S"}`, `[{"result":1}]`, ` { "result" : 5 , } `,
		`{"a":"\\","result":{"resultStatus":"U"}} trailing`, `{"result":{"resultStatus":"S"}},`, `{"a" "result":{}}`, "\xef\xbb\xbf{\"result\":{\"resultStatus\":\"A\"}}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, times := parseResult(body)
		want, wanted := decodedResult(body)
		if json.Valid(bytes.TrimPrefix(body, bom)) && (got != want || times != wanted) {
			t.Fatalf("%q: %+v %d times, not %+v %d times", body, got, times, want, wanted)
		}
		if times > wanted && got.Status != "" && want == (Result{}) {
			t.Fatalf("%q: a result is read where the decoder reads none: %+v", body, got)
		}
	})
}

// A result behind a large member is found, and takes no memory of its size.
func TestResultBehindALargeMember(t *testing.T) {
	body := []byte(`{"items":[` + strings.Repeat(`{"id":1,"s":"]}\""},`, 1<<17) + `0],"result":{"resultStatus":"S"}}`)
	r, times := parseResult(body)
	if r.Status != "S" || times != 1 {
		t.Fatalf("%+v, %d times", r, times)
	}
	if n := testing.AllocsPerRun(3, func() { parseResult(body) }); n > 60 {
		t.Errorf("%v allocations", n)
	}
}
