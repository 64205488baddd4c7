package evidence

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"os"
	"strings"
	"testing"

	"countersign/apiclient"
)

const body = "{\"a\": \"it's \\\"x\\\"\",\n \"n\":1.0}"

// read reads one exchange or fails the test.
func read(t *testing.T, r Reader, text string) (apiclient.Exchange, Evidence) {
	t.Helper()
	e, err := r.Read([]byte(text))
	if err != nil {
		t.Fatalf("%v\nreading %q", err, text)
	}
	if len(e.Exchanges) != 1 {
		t.Fatalf("%d exchanges", len(e.Exchanges))
	}
	return e.Exchanges[0], e
}

func TestFormsAreToldApart(t *testing.T) {
	t.Parallel()
	saved, err := json.Marshal(apiclient.Exchange{
		ID: "0193", Request: apiclient.Message{Line: "POST /v2/x HTTP/1.1", Header: []apiclient.Field{{Name: "Client-Id", Value: "C"}}, Body: []byte(body)},
	})
	if err != nil {
		t.Fatal(err)
	}
	quotedBody, _ := json.Marshal(body)
	tests := []struct {
		name, text string
		kind       Kind
	}{
		{"raw, LF", "POST /v2/x HTTP/1.1\nHost: h\nClient-Id: C\n\n" + body, Raw},
		{"raw, CRLF", "POST https://h/v2/x HTTP/1.1\r\nClient-Id: C\r\nContent-Length: 3\r\n\r\n" + body, Raw},
		{"record", string(saved), Record},
		{"records with a BOM", "\ufeff[" + string(saved) + "]", Record},
		{"HAR", `{"log":{"entries":[{"request":{"method":"GET","url":"https://h/logo.png","headers":[]}},
			{"request":{"method":"POST","url":"https://h/v2/x","headers":[{"name":":path","value":"/"},{"name":"client-id","value":"C"},{"name":"signature","value":"s"}],
			"postData":{"text":` + string(quotedBody) + `}},"response":{"status":0}}]}}`, HAR},
		{"curl, ANSI quotes", "$ curl -sS -X POST 'https://h/v2/x' \\\n  -H 'Client-Id: C' --data-raw $'{\"a\": \"it\\'s \\\\\"x\\\\\"\",\\n \"n\":1.0}'", Curl},
		{"curl, double quotes", `curl https://h/v2/x -H "Client-Id: C" -d "{\"a\": \"it's \\\"x\\\"\",` + "\n" + ` \"n\":1.0}" | jq .`, Curl},
		{"curl, short options together", "curl -sSXPOST --url=https://h/v2/x -HClient-Id:C --data-binary @b.json -o out", Curl},
	}
	r := Reader{ReadFile: func(name string) ([]byte, error) {
		if name != "b.json" {
			return nil, os.ErrNotExist
		}
		return []byte(body), nil
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x, e := read(t, r, tt.text)
			m := x.Request
			if e.Kind != tt.kind || m.Method() != "POST" || m.Path() != "/v2/x" || m.Get("Client-Id") != "C" || string(m.Body) != body || x.SignedAs != "/v2/x" {
				t.Errorf("read as %s: %q %q %q, signed as %q", e.Kind, m.Line, m.Header, m.Body, x.SignedAs)
			}
		})
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	request := []byte("POST /x HTTP/1.1\nHost: h\n\nq")
	x, err := Reader{}.Messages(request, []byte("HTTP/1.1 200\nClient-Id: R\n\nanswer\n"))
	if err != nil || x.Response == nil || string(x.Response.Body) != "answer\n" || x.Outcome != apiclient.Answered || x.URL != "https://h/x" {
		t.Errorf("%+v, %v", x, err)
	}
	for _, tt := range []struct{ request, response, says string }{
		{"HTTP/1.1 200 OK\n\n", "", "this is a response"},
		{"POST /x HTTP/1.1\n\n", "POST /x HTTP/1.1\n\n", "which is a request"},
		{"hello", "", "neither a request line"},
		{"POST /x HTTP/1.1\n\n", "HTTP/1.1\n\n", "status"},
	} {
		_, err := (Reader{}).Messages([]byte(tt.request), []byte(tt.response))
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%q: error %v, want %q", tt.request, err, tt.says)
		}
	}
}

func TestHAR(t *testing.T) {
	t.Parallel()
	x, e := read(t, Reader{}, `{"log":{"entries":[{"startedDateTime":"2026-01-02T03:04:05Z","time":12.5,
		"request":{"method":"POST","url":"https://h/x","headers":[],"postData":{"text":"","params":[{"name":"a"}]}},
		"response":{"status":200,"statusText":"","headers":[{"name":"Content-Encoding","value":"gzip"}],"content":{"size":5,"encoding":"base64","text":"AP8="}}}]}}`)
	if string(x.Response.Body) != "\x00\xff" || x.Response.Line != "HTTP/1.1 200" || len(e.Notes) != 2 || x.Timing.Total == 0 {
		t.Errorf("%q %q %v", x.Response.Line, x.Response.Body, e.Notes)
	}
	x, e = read(t, Reader{}, `{"log":{"entries":[{"request":{"method":"POST","url":"https://h/x"},"response":{"status":200,"content":{"size":5}}}]}}`)
	if !x.Response.Partial || len(e.Notes) != 1 || !strings.Contains(e.Notes[0], "export it with content") {
		t.Errorf("a missing body is not said: %v", e.Notes)
	}
}

func TestCurlDetails(t *testing.T) {
	t.Parallel()
	r := Reader{ReadFile: func(string) ([]byte, error) { return []byte("a\r\nb\n"), nil }}
	tests := []struct{ command, line, header, body string }{
		{"curl h/x", "GET http://h/x HTTP/1.1", "", ""},
		{"curl https://h/x#frag -I", "HEAD https://h/x HTTP/1.1", "", ""},
		{"curl https://h/x -d a=1 -d b=2", "POST https://h/x HTTP/1.1", "", "a=1&b=2"},
		{"curl https://h/x --json '{' --json '}'", "POST https://h/x HTTP/1.1", "", "{}"},
		{"curl -G https://h/x?q=1 --data-urlencode 'n=a b&'", "GET https://h/x?q=1&n=a+b%26 HTTP/1.1", "", ""},
		{"curl https://h/x -d @f", "POST https://h/x HTTP/1.1", "", "ab"},
		{"curl https://h/x --data-binary @f", "POST https://h/x HTTP/1.1", "", "a\r\nb\n"},
		{"curl https://h/x -H 'Accept:' -H 'X-Empty;' -A me -kL --compressed -m 3", "GET https://h/x HTTP/1.1", "X-Empty: |User-Agent: me", ""},
		{`curl https://h/x -d $'\x41\u00e9\101\U0001F4B3\q\''`, "POST https://h/x HTTP/1.1", "", "AéA💳\\q'"},
		{"curl https://h/x -d ''", "POST https://h/x HTTP/1.1", "", ""},
		{"curl https://h/x -d a$1$", "POST https://h/x HTTP/1.1", "", "a$1$"},
	}
	for _, tt := range tests {
		x, _ := read(t, r, tt.command)
		var header []string
		for _, f := range x.Request.Header {
			header = append(header, f.Name+": "+f.Value)
		}
		if x.Request.Line != tt.line || strings.Join(header, "|") != tt.header || string(x.Request.Body) != tt.body {
			t.Errorf("%s\n gave %q %q %q", tt.command, x.Request.Line, header, x.Request.Body)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, says string }{
		{"", "nothing to read"},
		{" \n\t", "nothing to read"},
		{"{\n \"a\": }", "in line 2"},
		{`{"a":1}`, "neither an exchange"},
		{`[]`, "empty"},
		{`[{"request":{"line":"x"}}]`, "no request line"},
		{`{"request":3}`, "not an exchange of this program: request is a number"},
		{`{"request":{"line":"POST / HTTP/1.1"},"sent":"verified"}`, "not an exchange of this program: sent is a string"},
		{`{"request":{"line":7}}`, "request.line is a number"},
		{`{"request":{"line":"POST / HTTP/1.1"},"startedAt":"now"}`, "is no time such as"},
		{`{"request":{"line":"POST / HTTP/1.1"},"startedAt":5}`, "a time is no string"},
		{`{"log":{"entries":"x"}}`, "not a HAR: log: entries is a string"},
		{`[{"id":"1","method":"POST","path":"/x","outcome":"answered","sent":"verified"}]`, "a list of runs, without their messages"},
		{`{"log":{"entries":[]}}`, "no entries"},
		{`{"log":{"entries":[{"request":{"method":"POST"}}]}}`, "no method or no URL"},
		{"curl -H 'a: b'", "no URL"},
		{"curl https://h -d", "ends after -d"},
		{"curl 'https://h", "not closed"},
		{`curl "https://h`, "not closed"},
		{"curl https://h -d $'a", "not closed"},
		{`curl https://h -d "$BODY"`, "shell expansion"},
		{"curl https://h -d $(cat x)", "shell expansion"},
		{"curl https://h -d @secret", "not at hand"},
		{"curl https://h -F a=b", "random boundary"},
		{"curl 'https://h\n/x'", "line end"},
		{"just some words", "neither a request line"},
		{"curl is a tool", "neither a request line"},
		{"curl https://h -H 'Signature: '\"$SIG\"", "the header Signature ($SIG)"},
		{"curl https://h \"${HEADERS[@]}\" -d x", "its words (${HEADERS[@]})"},
		{"curl https://h -H \"$HEADER\" -d x", "a header ($HEADER)"},
		{"curl \"$URL\" -d x", "its words ($URL)"},
		{"curl \"$BASE/x\" -d x", "its URL ($BASE)"},
		{"irm https://h @params", "its parameters (@params)"},
		{`{"clientName":"Thunder Client","requests":[]}`, "Thunder Client"},
		{`{"openapi":"3.0.0","paths":{}}`, "an OpenAPI document"},
		{"we send an http POST https://h/x", "no command with a URL"},
		{"Error: x\n    at fetch (node:internal/deps/undici:1:2)", "neither a request line"},
		{"jq -c . f | curl https://h -d @-", "what jq prints"},
		{"curl https://h -d '{\"a\":\"it's b\",}'", "the ' in line 1, column 28 ends the quoted text"},
		{"curl https://h -d '{\"a\":\"it's b and c's d\",}'", "the ' in line 1, column 28 ends the quoted text"},
		{"curl https://h -K pay.conf", "options from the file"},
		{"curl -X POST \"%URL%\" ^\n -d x", "%URL%"},
		{"irm $uri -Method Post", "its URI ($uri)"},
		{"$b = @{a=1} | ConvertTo-Json\nirm https://h -Method Post -Body $b", "its body"},
		{"http POST h.test a[b]=c", "nested JSON"},
		{"http -f POST h.test f@x.png", "random boundary"},
		{"http POST h.test a:=b", "no JSON"},
		{"fetch(url, {method: 'POST'})", "its URL from url"},
		{"fetch('https://h', {method: 'POST', body: make(1)})", "its body from make(1)"},
		{"### a\nPOST {{base}}/x\n\n{}", "the variable {{base}}"},
		{"import requests\nrequests.post('https://h')", "Python source code"},
		{"package main\n\nfunc main() { http.NewRequest(\"POST\", url, nil) }", "Go source code"},
		{"<?php\n$c = curl_init();", "PHP source code"},
		{"\x89PNG\r\n", "a picture"},
		{"\x1f\x8b\x08", "a compressed file"},
		{"```json\n{\"a\":1}\n```", "neither an exchange"},
		{`{"info":{"schema":"https://schema.getpostman.com/json/collection/v2.1.0/"},"item":[]}`, "no request"},
	}
	for _, tt := range tests {
		_, err := Reader{}.Read([]byte(tt.text))
		var hinted interface{ Hint() string }
		if err == nil || !strings.Contains(err.Error(), tt.says) || !errors.As(err, &hinted) || hinted.Hint() == "" {
			t.Errorf("%q: error %v, want one with %q and a hint", tt.text, err, tt.says)
		}
	}
}

// FuzzRead holds that nothing panics and that whatever is read has a request
// with a method and a target.
func FuzzRead(f *testing.F) {
	for _, form := range printed {
		f.Add([]byte(form("POST /x HTTP/1.1\r\nSignature: s\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 200 OK\r\nA: b\r\n\r\n{}")))
	}
	for _, text := range []string{okHTTP, command + verbose + lineAnswer, signedString + " signature=" + lineSigned,
		"Array\n(\n    [method] => POST\n    [url] => /x\n    [headers] => Array\n        (\n            [A] => b\n        )\n)\n",
		"array(1) {\n  [\"method\"]=>\n  string(4) \"POST\"\n}", "{ method: 'post', url: '/x', headers: [Object: null prototype] { A: 'b' }, data: <Buffer 7b 7d> }",
		":method: POST\n:path: /x\na: b\n\n{}"} {
		f.Add([]byte(text))
	}
	f.Add([]byte("POST /x HTTP/1.1\nA: b\n\nbody"))
	f.Add([]byte(`{"log":{"entries":[{"request":{"method":"POST","url":"https://h/x"}}]}}`))
	f.Add([]byte(`{"request":{"line":"POST /x HTTP/1.1","headers":[["a","b"]],"bodyBase64":"AA=="},"response":null}`))
	f.Add([]byte("curl -sXPOST https://h/x -H 'a: b' -d $'\\x4' \"\\\n\""))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := Reader{}.Read(data)
		if err != nil {
			return
		}
		if len(e.Exchanges) == 0 {
			t.Fatal("no exchange and no error")
		}
		for _, x := range e.Exchanges {
			if x.Request.Method() == "" || x.Request.Target() == "" {
				t.Fatalf("%q gave the request line %q", data, x.Request.Line)
			}
		}
	})
}

func TestMoreForms(t *testing.T) {
	t.Parallel()
	const answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
	message := rawMessageOf(quotedBody)
	encoded := base64.StdEncoding.EncodeToString
	ruby := func(before, between string) string {
		head := strings.NewReplacer("~", "\"").Replace(headersAs("", ": ~", "~\n"))
		return before + "POST https://h.test/api/v2/payments/pay\n" + strings.Replace(before, "request", "request", 1) + "User-Agent: \"Faraday v2.9\"\n" + head +
			before + quotedBody + "\n" + between + "Status 200\n" + between + "content-type: \"application/json\"\n" + between + "{}\n"
	}
	const log = `I, [2026-11-30T05:18:27.911556 #5471]  INFO -- `
	for name, text := range map[string]string{
		"Faraday's logger":               ruby(log+"request: ", log+"response: "),
		"Faraday's logger, bare":         ruby("", ""),
		"ngrok's export":                 `{"uri":"/api/requests/http","requests":[{"id":"airt_1","request":{"method":"POST","uri":"/api/v2/payments/pay","raw":"` + encoded([]byte(message)) + `"},"response":{"status":"200 OK","raw":"` + encoded([]byte(answer)) + `"}}]}`,
		"a request of ngrok":             `{"id":"airt_1","request":{"method":"POST","headers":{"Client-Id":["C1"]},"raw":"` + encoded([]byte(message)) + `"}}`,
		"out of a web page":              html.EscapeString(message),
		"a body with entities":           strings.Replace(message, quotedBody, html.EscapeString(quotedBody), 1),
		"two messages out of a web page": html.EscapeString(message) + html.EscapeString(answer),
	} {
		got, err := Reader{}.Read([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		x := got.Exchanges[0]
		if len(got.Exchanges) != 1 || string(x.Request.Body) != quotedBody || x.ClientID != "C1" || x.Request.Method() != "POST" || !strings.HasSuffix(x.Request.Target(), "/api/v2/payments/pay") {
			t.Errorf("%s: %+v", name, x.Request)
		}
		if x.Response != nil && (x.Response.Status() != 200 || string(x.Response.Body) != "{}") {
			t.Errorf("%s: answer %+v", name, *x.Response)
		}
	}
	// Entities that were sent stay: the length says so.
	sent := rawMessageOf(html.EscapeString(quotedBody))
	got, err := Reader{}.Read([]byte(sent))
	if err != nil || string(got.Exchanges[0].Request.Body) != html.EscapeString(quotedBody) || len(got.Notes) > 0 {
		t.Errorf("%v, %+v", err, got)
	}
}
