package apiclient

import (
	"encoding/json"
	"strings"
	"testing"
)

// What is found in valid JSON without copying is what the decoder finds.
func FuzzParseResult(f *testing.F) {
	for _, s := range []string{
		``, `{}`, `[]`, `"result"`, `{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"ok"}}`,
		` { "a" : [ {"result": 1}, "}" , "\"" ] , "result" : {"resultStatus":"F"} , "b" : 1 } `, `{"result":1,"result":{"resultStatus":"U"}}`,
		`{"r\u0065sult":{"resultCode":7},"a":"\\"}`, `{"a":1e5,"result":null}`, `{"a":tru,"result":{}}`, `{"result":{"resultStatus":"S"}`, `{"result":{"resultStatus":"S"}} x`,
		`{"a":"\\\"","result":{"resultMessage":"\u4e2d"}}`, `{"a":-0.5,"b":[[]],"result":"text"}`, "\xef\xbb\xbf{\"result\":{\"resultStatus\":\"A\"}}", `{"":{},"result":[]}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, n := parseResult([]byte(s), isJSON([]byte(s)))
		want, m := parseDamaged([]byte(strings.TrimPrefix(s, "\xef\xbb\xbf")))
		if got != want || n != m {
			t.Errorf("%q (valid %v): %+v, %d times; the decoder says %+v, %d times", s, json.Valid([]byte(s)), got, n, want, m)
		}
	})
}

func BenchmarkParseResult(b *testing.B) {
	body := []byte(`{"orders":[` + strings.Repeat(`{"orderId":"1","note":"goods of a common kind","n":[1,2]},`, 350_000) + `0],"result":{"resultStatus":"S"}}`)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if r, _ := parseResult(body, isJSON(body)); r.Status != "S" {
			b.Fatal(r)
		}
	}
}
