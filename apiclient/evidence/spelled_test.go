package evidence

import (
	"strconv"
	"strings"
	"testing"
)

// Logs that have a request's parts one by one, its headers in brackets.
func TestSpelled(t *testing.T) {
	t.Parallel()
	const body = `{"id":"PR-8","text":"it's \"ok\" 5% {x}"}`
	const answer = `{"result":{"resultStatus":"S"}}`
	python := "{" + strings.TrimSuffix(yamlHead("'%s': %q, "), ", ") + "}"
	python = strings.ReplaceAll(python, `"`, "'")
	spring := "[" + strings.TrimSuffix(yamlHead("%s:%q, "), ", ") + "]"
	java := "{" + strings.TrimSuffix(yamlHead("%s=[%s], "), ", ") + "}"
	springAnswer := "\n====response begin====\nStatus code  : 200 OK\nHeaders      : " + strings.ReplaceAll(spring, "Request-Time", "Response-Time") +
		"\nResponse body: " + answer + "\n====response end====\n"
	for name, text := range map[string]string{
		"interceptor of Spring":    "2026-02-03 04:05:06.789 DEBUG 1 --- [main] c.e.LoggingInterceptor : ====request begin====\nURI         : " + lineURL + "\nMethod      : POST\nHeaders     : " + spring + "\nRequest body: " + body + "\n====request end====\n" + springAnswer,
		"a map of Java":            "URI: " + lineURL + ", Method: POST, Headers: " + java + ", Body: " + body,
		"a map of Java, bare":      "POST " + lineURL + " headers={" + strings.TrimSuffix(yamlHead("%s=%s, "), ", ") + "} payload=" + body + "\n",
		"Serilog":                  "[08:00:00 DBG] HTTP POST " + lineURL + " Headers: {" + strings.TrimSuffix(yamlHead(`"%s": [%q], `), ", ") + "} Body: " + body + "\n",
		"print of Python":          "POST " + lineURL + "\n" + python + "\n" + body + "\n",
		"a log of Python":          "2026-02-03 04:05:06,789 DEBUG pay: url=" + lineURL + " headers=" + python + " body=" + body + "\n2026-02-03 04:05:07,1 DEBUG urllib3: https://h:443 \"POST /v2/pay HTTP/1.1\" 200 120\n",
		"a session of Python":      ">>> r.request.method, r.request.url\n('POST', '" + lineURL + "')\n>>> r.request.headers\n" + python + "\n>>> r.request.body\nb'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(body) + "'\n",
		"logrus":                   `time="2026-02-03" level=debug msg="request" body=` + strconv.Quote(body) + ` headers="map[` + yamlHead("%s:[%s] ") + `]" method=POST url="` + lineURL + "\"\n",
		"aiohttp":                  "<ClientRequest(POST " + lineURL + ") headers=<CIMultiDict(" + strings.Trim(python, "{}") + ")>> body=b'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(body) + "'\n",
		"httpx":                    "HTTP Request: POST " + lineURL + " \"HTTP/1.1 200 OK\"\nheaders: Headers(" + python + ")\ncontent: b'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(body) + "'\n",
		"a path alone":             "POST /v2/pay\n\nHeaders\n" + strings.ReplaceAll(python, "'", `"`) + "\n\nBody\n" + body + "\n",
		"the body before, in JSON": "method=POST url=" + lineURL + " body=" + strconv.Quote(body) + " headers=" + python,
	} {
		x, e := read(t, Reader{}, text)
		if e.Kind != Spelled || x.Request.Path() != "/v2/pay" || x.Request.Method() != "POST" || x.Request.Get("Signature") != lineSigned ||
			x.ClientID != "C-1" || string(x.Request.Body) != body || x.Request.Partial {
			t.Errorf("%s is read as %s: %q %q\n%s", name, e.Kind, x.Request.Line, x.Request.Header, x.Request.Body)
		}
		if strings.Contains(text, "response begin") && (x.Response == nil || x.Response.Status() != 200 || string(x.Response.Body) != answer) {
			t.Errorf("%s: the answer is %+v", name, x.Response)
		}
	}
}

// A HAR may have the parameters of a form in place of its text.
func TestHARParameters(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ params, size, want string }{
		{`{"name":"a","value":"x+y%26z"},{"name":"b","value":"%C3%A9"}`, "", "a=x+y%26z&b=%C3%A9"}, // as they were sent
		{`{"name":"a","value":"x y&z"},{"name":"b","value":"é"}`, "", "a=x+y%26z&b=%C3%A9"},        // decoded
		{`{"name":"a","value":"x y"}`, `,"bodySize":7`, "a=x%20y"},
		{`{"name":"a","value":"x y"}`, `,"bodySize":5`, "a=x+y"},
	} {
		x, e := read(t, Reader{}, `{"log":{"entries":[{"request":{"method":"POST","url":"https://h/x"`+tt.size+
			`,"headers":[],"postData":{"mimeType":"application/x-www-form-urlencoded","params":[`+tt.params+`]}}}]}}`)
		if string(x.Request.Body) != tt.want || x.Request.Partial || len(e.Notes) != 1 {
			t.Errorf("%s: the body is %q, want %q, notes %q", tt.params, x.Request.Body, tt.want, e.Notes)
		}
	}
}

// The details of a packet have the heads, and no bodies.
func TestPacketDetails(t *testing.T) {
	t.Parallel()
	text := "Frame 4: 790 bytes on wire\nHypertext Transfer Protocol\n    POST /v2/pay HTTP/1.1\\r\\n\n    Host: h.example\\r\\n\n" +
		everyLine("    ", strings.ReplaceAll(lineHead, "\n", "\\r\\n\n")+"\\r\\n") + "    Content-Length: 9\\r\\n\n    \\r\\n\n    File Data: 9 bytes\n"
	x, e := read(t, Reader{}, text)
	if x.Request.Path() != "/v2/pay" || x.Request.Get("Signature") != lineSigned || !x.Request.Partial || len(e.Notes) == 0 {
		t.Errorf("read as %s: %q %q, notes %q", e.Kind, x.Request.Line, x.Request.Header, e.Notes)
	}
}

// A command whose body cannot be had is no command with an empty body.
func TestFaultyCommandIsNoRequest(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"& curl.exe @args https://h/x", "http POST https://h/x a[b]=c", "http POST https://h/x < none.json"} {
		if e, err := (Reader{}).Read([]byte(text)); err == nil {
			t.Errorf("%s is read as %+v", text, e.Exchanges[0].Request)
		}
	}
}
