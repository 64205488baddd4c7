package apiclient

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"countersign/apiclient/jsontext"
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

func TestResultInXML(t *testing.T) {
	t.Parallel()
	const result = "<result><resultStatus>S</resultStatus><resultCode>OK</resultCode><resultMessage>a &lt; b</resultMessage></result>"
	whole := Result{"S", "OK", "a < b"}
	for _, c := range []struct {
		body  string
		want  Result
		times int
	}{
		{"<response>" + result + "</response>", whole, 1},
		{"<?xml version='1.0' encoding='UTF-8'?>\n<xml>\n  <paymentId>1</paymentId>\n  " + result + "</xml>", whole, 1},
		{"\xef\xbb\xbf<alipay>" + result + "</alipay>", whole, 1},
		{"<a:response xmlns:a='u'><a:result><a:resultStatus>S</a:resultStatus></a:result></a:response>", Result{Status: "S"}, 1},
		{result, whole, 1},
		{"<result>" + result + "</result>", whole, 1},
		{"<r><result><resultStatus>\n <![CDATA[F]]>\n</resultStatus></result></r>", Result{Status: "F"}, 1},
		{"<r>" + result + "<result><resultStatus>F</resultStatus></result></r>", Result{Status: "F"}, 2},
		{"<r>" + result + "<result/></r>", Result{}, 2},
		{"<r>" + result + "<cut", whole, 1},
		{"<r>" + result + "</s>", whole, 1},
		{"<r><result><resultStatus>S</resultStatus>", Result{}, 0},
		{"<r><deep>" + result + "</deep></r>", Result{}, 0},
		{"<r><!--" + result + "--><a><![CDATA[" + result + "]]></a></r>", Result{}, 0},
		{"<html><result><resultStatus>S</resultStatus></result></html>", Result{}, 0},
		{"<?xml version='1.0' encoding='GBK'?><r><result><resultMessage>\xd6\xd0</resultMessage></result></r>", Result{Message: "中"}, 1},
	} {
		m := Message{Body: []byte(c.body)}
		if got, times := resultOf(&m); got != c.want || times != c.times {
			t.Errorf("%s: %+v, %d times", c.body, got, times)
		}
	}
}

// FuzzResultInXML: where a text is well formed, the result is the one that its
// JSON has.
func FuzzResultInXML(f *testing.F) {
	f.Add([]byte("<r><result><resultStatus>S</resultStatus><resultCode><![CDATA[x]]></resultCode></result></r>"))
	f.Add([]byte("<result><result/></result>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		m := Message{Body: body}
		got, times := resultOf(&m)
		values := ValuesOf(&m)
		if !values.FromXML || times != 1 {
			return
		}
		for step, is := range map[string]string{"resultStatus": got.Status, "resultCode": got.Code, "resultMessage": got.Message} {
			var want string
			value, ok := values.Get(jsontext.Path{"result", step})
			if ok && json.Unmarshal(value, &want) == nil && strings.TrimSpace(want) != is {
				t.Errorf("%s is %q, not %q", step, is, want)
			}
		}
	})
}

func TestValuesOfXML(t *testing.T) {
	t.Parallel()
	m := Message{Body: []byte("<response><items><item><id>7</id></item></items><more>1</more><more>2</more></response>")}
	for path, want := range map[string]string{
		"items.item.id": `"7"`, "items.item[0].id": `"7"`, "items.item[1].id": "", "more[1]": `"2"`, "more[0]": `"1"`, "items[0].item[0].id[0]": `"7"`, "none": "",
	} {
		steps, err := jsontext.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		if value, ok := ValuesOf(&m).Get(steps); string(value) != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", path, value, ok)
		}
	}
	if value, ok := (Values{JSON: []byte(`{"a":{"b":1}}`)}).Get(jsontext.Path{"a", "0", "b"}); ok {
		t.Errorf("an object of JSON taken for a list: %s", value)
	}
}
