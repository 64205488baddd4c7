package evidence

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

const (
	lineBody   = `{"title":"Nina's tea 茶 \"large\" C:\\new 100% --> END","n":1.0}`
	lineAnswer = `{"result":{"resultStatus":"S","text":"it's \"fine\" é"}}`
	lineSigned = "algorithm=RSA256, keyVersion=1, signature=aGVsbG8%3D"
	lineURL    = "https://h.example/v2/pay"
	lineHead   = "Client-Id: C-1\nRequest-Time: 1733000111222\nSignature: " + lineSigned
	lineReply  = "Client-Id: C-1\nResponse-Time: 1733000111999\nSignature: " + lineSigned
)

var okHTTP = fmt.Sprintf("--> POST %s http/1.1\n%s\n\n%s\n--> END POST (%d-byte body)\n<-- 200 OK %s (12ms)\n%s\n\n%s\n"+
	"<-- END HTTP (%d-byte body)", lineURL, lineHead, lineBody, len(lineBody), lineURL, lineReply, lineAnswer, len(lineAnswer))

// prefixed writes each line behind a prefix in which the clock goes on.
func prefixed(prefix, text string) string {
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		b.WriteString(strings.ReplaceAll(prefix, "000", fmt.Sprintf("%03d", i*7)) + line + "\n")
	}
	return b.String()
}

// marked writes each line behind a mark of curl's.
func marked(mark, text string) string { return mark + strings.ReplaceAll(text, "\n", "\n"+mark) + "\n" }

var (
	rawRequest = "POST /v2/pay HTTP/1.1\nHost: h.example\n" + lineHead + "\n\n" + lineBody
	rawAnswer  = "HTTP/1.1 200 OK\n" + lineReply + "\n\n" + lineAnswer
	command    = "curl -v " + lineURL + " -H 'Client-Id: C-1' -H 'Request-Time: 1733000111222' \\\n -H 'Signature: " + lineSigned +
		"' --data-raw '" + strings.ReplaceAll(lineBody, "'", `'\''`) + "'\n"
	verbose = marked("> ", "POST /v2/pay HTTP/2\n"+lineHead+"\nContent-Length: "+strconv.Itoa(len(lineBody))) + ">\n* sent off\n" +
		marked("< ", "HTTP/2 200 \n"+lineReply) + "<\n"
	signedString = "POST /v2/pay\nC-1.1733000111222." + lineBody
)

func jsonText(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}

func TestLogs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		kind       Kind
		answer     bool
	}{
		{"OkHttp", okHTTP, ArrowLog, true},
		{"OkHttp in logcat", prefixed("02-03 04:05:06.000  1234  5678 D OkHttp  : ", okHTTP), ArrowLog, true},
		{"OkHttp in java.util.logging", prefixed("Feb 03, 2026 4:05:06 AM okhttp3.internal.platform.Platform log\nINFO: ", okHTTP), ArrowLog, true},
		{"Feign", prefixed("2026-02-03 04:05:06.000 DEBUG 1 --- [exec-1] c.e.Pay : [Pay#pay] ", strings.NewReplacer("100% -->", "100% -->", "-->", "--->",
			"<-- ", "<--- ").Replace(okHTTP)), ArrowLog, true},
		{"OkHttp in a container", dockerLines(okHTTP), ArrowLog, true},
		{"raw in a container", prefixed("app_1  | ", rawRequest), Stream, false},
		{"raw in the journal", prefixed("Feb 03 04:05:06 host app[000]: ", rawRequest), Stream, false},
		{"a dump of Go's in a log", "2026/02/03 04:05:06 " + rawRequest + "\n2026/02/03 04:05:07 " + rawAnswer + "\n", Stream, true},
		{"with labels", "Hello,\n\nRequest:\n" + rawRequest + "\n\nResponse:\n" + rawAnswer + "\n", Stream, true},
		{"Logbook", "TRACE Outgoing Request: 2d66\nRemote: h\n" + rawRequest + "\nTRACE Incoming Response: 2d66\nDuration: 2 ms\n" + rawAnswer + "\n",
			Stream, true},
		{"curl's command and transcript", "$ " + command + "* Trying\n" + verbose + lineAnswer + "\n", Transcript, true},
		{"a glued end", command + verbose + lineAnswer + "* Connection #0 to host h left intact\n", Transcript, true},
		{"in CI", prefixed("2026-02-03T04:05:06.000Z ", command+verbose+lineAnswer), Transcript, true},
		{"curl -i below its command", "me@h:~$ " + strings.Replace(command, "-v", "-i", 1) + rawAnswer + "\nme@h:~$ ", Transcript, true},
		{"Insomnia", "* Preparing\n" + marked("> ", "POST /v2/pay HTTP/1.1\n"+lineHead) + "\n| " + lineBody + "\n* sent\n\n" +
			marked("< ", "HTTP/1.1 204 No Content\nA: b"), Transcript, false},
		{"HTTP/2 headers", ":method: POST\n:path: /v2/pay\n:authority: h.example\n" + lineHead + "\n\n" + lineBody + "\n", HeaderList, false},
		{"HTTP/2 headers in two lines", ":method\nPOST\n:path\n/v2/pay\n" + strings.ReplaceAll(lineHead, ": ", "\n") + "\n\n" + lineBody, HeaderList, false},
		{"Chrome's panel", "Request URL:\n" + lineURL + "\nRequest Method:\nPOST\nStatus Code:\n200 OK\nResponse Headers\n" + lineReply +
			"\nRequest Headers\n:path:\n/v2/pay\n" + lineHead + "\nRequest Payload\n" + lineBody + "\nResponse\n" + lineAnswer + "\n", HeaderList, true},
		{"Postman's console, raw", "POST " + lineURL + "\n200\n12 ms\nRequest Headers\n" + lineHead + "\nRequest Body\n" + lineBody +
			"\nResponse Headers\n" + lineReply + "\nResponse Body\n" + lineAnswer + "\n", HeaderList, true},
		{"dio", prefixed("I/flutter ( 000): ", "*** Request ***\nuri: "+lineURL+"\nmethod: POST\nheaders:\n"+lineHead+"\ndata:\n"+lineBody+
			"\n\n*** Response ***\nuri: "+lineURL+"\nstatusCode: 200\nheaders:\n"+lineReply+"\nResponse Text:\n"+lineAnswer+"\n"), HeaderList, true},
		{"Postman's console", "POST " + lineURL + ": {\n \"Request Headers\": {" + jsonHead(lineHead) + "},\n \"Request Body\": " + jsonText(lineBody) +
			",\n \"Response Headers\": {" + jsonHead(lineReply) + "},\n \"Response Body\": " + jsonText(lineAnswer) + "}", Dump, true},
		{"a gateway's event", `{"httpMethod":"POST","path":"/v2/pay","headers":{` + jsonHead(lineHead) + `},"body":` + jsonText(lineBody) + "}", Dump, false},
		{"pino", `{"level":30,"req":{"method":"POST","url":"/v2/pay","headers":{` + jsonHead(lineHead) + `},"body":` + jsonText(lineBody) +
			`},"res":{"statusCode":200,"headers":{` + jsonHead(lineReply) + `},"body":` + jsonText(lineAnswer) + `},"msg":"done"}`, Dump, true},
		{"Logbook, JSON", `{"type":"request","method":"POST","uri":"` + lineURL + `","headers":{` + jsonHead(lineHead) + `},"body":` + lineBody + "}\n" +
			`{"type":"response","status":200,"headers":{` + jsonHead(lineReply) + `},"body":` + lineAnswer + "}\n", Dump, true},
		{"Spring's filter", "DEBUG After request [POST /v2/pay, client=::1, headers=[" + strings.NewReplacer(": ", `:"`, "\n", `", `).Replace(lineHead) +
			`"], payload=` + lineBody + "]\n", FilterLog, false},
		{"a signed string", "content: " + signedString + "\nsignature: " + lineSigned + "\n", SignedString, false},
		{"a signed string in JSON", `{"msg":"signing","content":` + jsonText(signedString) + `,"header":"` + lineSigned + `"}`, SignedString, false},
		{"a signed string in a container's JSON", dockerLines("sign " + strconv.Quote(signedString) + " " + lineSigned), SignedString, false},
		{"only line ends escaped", strings.ReplaceAll(signedString, "\n", `\n`) + "\n" + lineSigned + "\n", SignedString, false},
		{"Ktor", "INFO io.ktor.client.HttpClient - REQUEST: " + lineURL + "\nMETHOD: HttpMethod(value=POST)\nCOMMON HEADERS\n" + strings.TrimSuffix(marked("-> ", lineHead), "\n") + "\nCONTENT HEADERS\n-> Content-Length: " + strconv.Itoa(len(lineBody)) + "\nBODY Content-Type: application/json\nBODY START\n" + lineBody + "\nBODY END\nRESPONSE: 200 OK\nMETHOD: HttpMethod(value=POST)\nFROM: " + lineURL + "\nCOMMON HEADERS\n" + marked("-> ", lineReply) + "BODY Content-Type: application/json\nBODY START\n" + lineAnswer + "\nBODY END\n", HeaderList, true},
		{"Retrofit 1", prefixed("D/Retrofit: ", strings.Replace(okHTTP, "--> POST", "---> HTTP POST", 1)), ArrowLog, true},
		{"a table", "timestamp,message\n" + tableRows(okHTTP), ArrowLog, true},
		{"a table with semicolons", "@timestamp;@message;stream\n" + strings.ReplaceAll(tableRows(okHTTP), "1764,", "1764;"), ArrowLog, true},
		{"a document of Kibana", "{\n  \"_source\": {\n    \"level\": \"DEBUG\",\n    \"message\": " + jsonText("request "+strings.Replace(rawRequest, "\n\n", "\nContent-Length: "+strconv.Itoa(len(lineBody))+"\n\n", 1)) + ",\n    \"pod\": \"x\"\n  }\n}", Escaped, false},
		{"wrapped by a mail", strings.Replace(rawRequest, "keyVersion=1, signature=aGVs", "keyVersion=1,\nsignature=aG\nVs", 1), Raw, false},
		{"CGI", "META = {'REQUEST_METHOD': 'POST', 'PATH_INFO': '/v2/pay', 'HTTP_HOST': 'h.example', 'HTTP_CLIENT_ID': 'C-1', 'HTTP_REQUEST_TIME': '1733000111222', 'HTTP_SIGNATURE': '" + lineSigned + "', 'wsgi.input': None}\n" + `{"title":` + strings.TrimPrefix(lineBody, `{"title":`) + "\n", Dump, false},
		{"Ruby's symbols", `{method: :post, url: "` + lineURL + `", headers: {` + strings.ReplaceAll(jsonHead(lineHead), `":"`, `"=>"`) + `}, payload: ` + strconv.Quote(lineBody) + "}\n", Dump, false},
		{"Ruby's symbols, before 3.4", `{:method=>:post, :url=>"` + lineURL + `", :headers=>{` + strings.ReplaceAll(jsonHead(lineHead), `":"`, `"=>"`) + `}, :payload=>` + strconv.Quote(lineBody) + "}\n", Dump, false},
		{"Elixir", `%HTTPoison.Request{method: :post, url: "` + lineURL + `", headers: [{` + strings.NewReplacer(`":"`, `", "`, `","`, `"}, {"`).Replace(jsonHead(lineHead)) + `}], body: ` + strconv.Quote(lineBody) + "}\n", Dump, false},
		{"titles in brackets", "[Request] POST " + lineURL + "\n[Headers]:\n" + marked("    ", lineHead) + "[Body]:\n" + lineBody + "\n", HeaderList, false},
		{"numbers in a cassette", "http_interactions:\n- request:\n    method: post\n    uri: " + lineURL + "\n    body:\n      string: '" + strings.ReplaceAll(lineBody, "'", "''") + "'\n    headers:\n" + strings.NewReplacer(": ", ":\n      - ", "\n", "\n      ").Replace("      "+lineHead) + "\n  recorded_at: x\n", Dump, false},
		{"a quoted mail", marked("> ", rawRequest), Raw, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x, e := read(t, Reader{}, tt.text)
			if e.Kind != tt.kind || x.Request.Path() != "/v2/pay" || x.Request.Get("Signature") != lineSigned ||
				x.ClientID != "C-1" || string(x.Request.Body) != lineBody || x.Request.Partial {
				t.Errorf("read as %s: %q %q\n%s", e.Kind, x.Request.Line, x.Request.Header, x.Request.Body)
			}
			if tt.answer && (x.Response == nil || string(x.Response.Body) != lineAnswer || x.Response.Partial ||
				x.Response.Get("Response-Time") != "1733000111999") {
				t.Errorf("the answer is %+v", x.Response)
			}
		})
	}
}

// tableRows writes each line of a log as a row of a table.
func tableRows(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteString(`1764,"` + strings.ReplaceAll(line, `"`, `""`) + "\"\n")
	}
	return b.String()
}

func dockerLines(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteString(`{"log":` + jsonText(line+"\n") + `,"stream":"stdout"}` + "\n")
	}
	return b.String()
}

func jsonHead(head string) string {
	var members []string
	for line := range strings.SplitSeq(head, "\n") {
		name, value, _ := strings.Cut(line, ": ")
		members = append(members, jsonText(name)+":"+jsonText(value))
	}
	return strings.Join(members, ",")
}

// What is known and cannot be read is named, with what to do.
func TestNamed(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"PK\x03\x04\x14\x00raw/01_c.txt": "ZIP archive", "\x1f\x8b\x08\x00": "gzip", "\x89PNG\r\n\x1a\n": "a picture", "%PDF-1.7\n": "PDF",
		"\x0a\x0d\x0d\x0a\xa4\x00\x00\x00": "pcapng", "\xd4\xc3\xb2\xa1\x02\x00": "capture of packets", "2608:4:type;4:http;7:version;2:17#": "mitmproxy",
		"-----BEGIN PUBLIC KEY-----\nMII\n":                                                                 "a key or a certificate",
		"1.2.3.4 - - [03/Feb/2026:04:05:06 +0000] \"POST /x HTTP/1.1\" 200 9 \"-\"":                         "an access log",
		"lb haproxy[14387]: 10.0.1.2:33313 fe be/s1 10/0/30/69/109 200 2750 - - \"POST /x HTTP/1.1\"":       "a log of HAProxy",
		"DEBUG o.s.web.client.RestTemplate : HTTP POST https://h/x\n":                                       "a log of Spring",
		"INFO: jdk.internal.net.http.Http1Request headers\nREQUEST HEADERS:\nPOST /x HTTP/1.1\nA: b\n":      "Java's own HTTP client",
		"info: System.Net.Http.HttpClient.W.ClientHandler[100]\n Sending HTTP request\n":                    "a log of .NET's",
		"<?xml version=\"1.0\"?>\n<?charles-session version=\"2.0\"?>\n<charles-session></charles-session>": "Charles",
		"--> POST https://h/x http/1.1 (92-byte body)\n<-- 200 OK https://h/x (1ms)\n":                      "level BASIC",
		"{ method: 'post', url: 'https://h/x', headers: [Object], data: [Object] }":                         "is not whole",
		"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl\n":                                               "a JSON Web Token",
		"ssh-rsa AAAAB3NzaC1yc2E me@host\n":                                                                 "an SSH key",
		"panic: x\n\ngoroutine 1 [running]:\nmain.main()\n":                                                 "a stack trace of Go",
		"apiVersion: v1\nkind: ConfigMap\ndata:\n  a: b\n":                                                  "YAML",
		"[profiles.x]\nbase_url = \"https://h\"\n":                                                          "a configuration of this program",
		"id,status,amount\n1,ok,10\n2,ok,11\n":                                                              "a table (CSV)",
		"INSERT INTO logs (id) VALUES (1);\n":                                                               "this is SQL",
		"algorithm=RSA256, keyVersion=1, signature=aGVsbG8%3D\n":                                            "a value of a Signature header",
		"Client-Id: C\nSignature: algorithm=RSA256, signature=x\n":                                          "a list of headers without a request line",
		"pay.client=1\npay.key=abc\n":                                                                       "names and values",
		"[pay]\nclient_id = 1\nkey=abc\n":                                                                   "names and values",
		"query { payments { id } }\n":                                                                       "a query of GraphQL",
		"syntax = \"proto3\";\nmessage A {}\n":                                                              "a definition of Protocol Buffers",
		"diff --git a/x b/x\n":                                                                              "a patch",
		"iVBORw0KGgoAAAANSUhEUgAA":                                                                          "a picture in base64",
		"<?xml version=\"1.0\"?>\n<testResults version=\"1.2\"><httpSample><requestHeader>A: b</requestHeader><method>POST</method></httpSample></testResults>": "an XML document",
		"var req = unirest('POST', 'https://h/x').headers({'Signature': 'algorithm=RSA256, signature=x'}).send('{}');":                                          "this is JavaScript",
		"0\x82\x04\xa4\x02":                                                                     "in DER",
		"curl: (60) SSL certificate problem\n":                                                  "what curl says",
		"2026-02-03 04:05:06 ERROR PayService - not verified\n":                                 "a log without a request",
		"https://h.example/v2/pay\n":                                                            "an address alone",
		"<soapenv:Envelope xmlns:soapenv=\"x\"><soapenv:Body/></soapenv:Envelope>":              "an XML document",
		"CURL *curl = curl_easy_init();\ncurl_easy_setopt(curl, CURLOPT_URL, \"https://h/x\");": "C source code",
		"var request = http.Request('POST', Uri.parse('https://h/x'));":                         "Dart source code",
		"val client = OkHttpClient()\nval request = Request.Builder()":                          "Kotlin source code",
		"grpcurl -d '{}' h:443 pay.v1.Pay/Create\n":                                             "a command of gRPC",
		"{\n  'client-id': 'C',\n  'signature': 'algorithm=RSA256, signature=x'\n}\n{ a: 1 }":   "headers alone",
		"POST https://h/x HTTP/1.1\n":                                                           "without headers and body",
		"HTTP/1.1 200 OK\nSignature: s\n\nHTTP/1.1 200 OK\nSignature: s\n\n":                    "not the request",
	} {
		_, err := Reader{}.Read([]byte(text))
		var hinted interface{ Hint() string }
		if err == nil || !strings.Contains(err.Error(), says) || !asHint(err, &hinted) || hinted.Hint() == "" {
			t.Errorf("%q: error %v, want one with %q and a hint", text, err, says)
		}
	}
}

func asHint(err error, target *interface{ Hint() string }) bool {
	h, ok := err.(interface{ Hint() string }) //nolint:errorlint // these come as they are made
	*target = h
	return ok
}
