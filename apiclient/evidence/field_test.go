package evidence

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// everyLine writes text before each line of a message.
func everyLine(before, text string) string {
	return before + strings.ReplaceAll(text, "\n", "\n"+before) + "\n"
}

func netty(s string) string {
	var b strings.Builder
	b.WriteString("02:03 DEBUG r.n.h.client.HttpClient : [x] WRITE: 9B\n         +---+\n         |  0  1 |\n+--------+---+\n")
	for at := 0; at < len(s); at += 16 {
		row := s[at:min(at+16, len(s))]
		fmt.Fprintf(&b, "|%08x| %-48s|%-16s|\n", at, spaced(row, 1), strings.Map(dot, row))
	}
	return b.String()
}

// Forms that tools and logs print, with the whole request in them.
func TestField(t *testing.T) {
	t.Parallel()
	const body = `{"id":"PR-8","text":"it's \"ok\" 5%"}`
	head := lineHead + "\nContent-Length: " + strconv.Itoa(len(body))
	raw := "POST /v2/pay HTTP/1.1\nHost: h.example\n" + head + "\n\n" + body
	ip := "E..k..@.@.......\n...\n...P..:.....P...i..."
	for name, text := range map[string]string{
		"Netty":          netty(strings.ReplaceAll(raw, "\n", "\r\n")),
		"base64":         base64.StdEncoding.EncodeToString([]byte(raw)) + "\n",
		"bytes of Go":    "2026/02/03 04:05:06 " + fmt.Sprintf("%d", []byte(raw)) + "\n",
		"bytes of Java":  "sent: " + strings.ReplaceAll(fmt.Sprintf("%d", []byte(raw)), " ", ", "),
		"ngrep":          "interface: eth0\n####\nT 10.0.0.1:512 -> 10.0.0.2:80 [AP] #4\n" + strings.Replace(strings.ReplaceAll(raw, "\n", ".\n"), body+".", body, 1) + "\n\n##",
		"tcpdump -A":     "04:05:06.789 IP 10.0.0.1.512 > 10.0.0.2.80: Flags [P.], length 811: HTTP: POST /v2/pay HTTP/1.1\n" + ip + raw + "\n04:05:06.8 IP 10.0.0.2.80 > 10.0.0.1.512: Flags [.]\nE..(..\n",
		"Karate":         "04:05:06.789 [main] DEBUG c.i.karate - request:\n" + everyLine("1 > ", "POST https://h.example/v2/pay\n"+head) + body + "\n\n04:05:06.9 [main] DEBUG c.i.karate - response time\n" + "1 < 200\n1 < A: b\n{}\n",
		"Jersey":         "INFO: 1 * Sending client request on thread main\n" + everyLine("1 > ", "POST https://h.example/v2/pay\n"+head) + body + "\n",
		"JMeter":         "POST https://h.example/v2/pay\n\nPOST data:\n" + body + "\n\n[no cookies]\n\nRequest Headers:\n" + head + "\n",
		"a cassette":     "---\nhttp_interactions:\n- request:\n    method: post\n    uri: https://h.example/v2/pay\n    body:\n      encoding: UTF-8\n      string: '" + strings.ReplaceAll(body, "'", "''") + "'\n    headers:\n" + yamlHead("      %s:\n      - %q\n") + "  recorded_at: x\n",
		"YAML":           "request:\n  method: POST\n  url: https://h.example/v2/pay\n  headers:\n" + yamlHead("    %s: %q\n") + "  body: '" + strings.ReplaceAll(body, "'", "''") + "'\n",
		"got":            "options: {\n  method: 'POST',\n  url: URL {\n    href: 'https://h.example/v2/pay',\n    search: ''\n  },\n  headers: {" + yamlHead("'%s': %q,") + "},\n  body: " + strconv.Quote(body) + "\n}",
		"a balancer's":   `{"httpMethod":"POST","path":"/v2/pay","multiValueHeaders":{` + strings.TrimSuffix(yamlHead(`"%s":[%q],`), ",") + `},"body":"` + base64.StdEncoding.EncodeToString([]byte(body)) + `","isBase64Encoded":true}`,
		"a gateway's":    `{"version":"2.0","rawPath":"/v2/pay","headers":{` + strings.TrimSuffix(yamlHead(`"%s":%q,`), ",") + `},"requestContext":{"http":{"method":"POST"}},"body":` + strconv.Quote(body) + "}",
		"indented":       everyLine("    ", raw),
		"no-break space": strings.ReplaceAll(raw, ": ", ":\u00a0"),
		"lines behind":   raw + "\n\n",
		"PowerShell":     "PS C:\\Users\\me> curl.exe -X POST \"https://h.example/v2/pay\"" + yamlHead(` -H "%s: %s"`) + " -d '" + strings.NewReplacer(`\"`, `\\\"`, `"`, `\"`, "'", "''").Replace(body) + "'\nPS C:\\Users\\me>",
	} {
		x, e := read(t, Reader{}, text)
		if x.Request.Path() != "/v2/pay" || x.Request.Get("Signature") != lineSigned || x.ClientID != "C-1" ||
			string(x.Request.Body) != body || x.Request.Partial {
			t.Errorf("%s is read as %s: %q %q\n%s", name, e.Kind, x.Request.Line, x.Request.Header, x.Request.Body)
		}
	}
}

// yamlHead writes each header with its name and value in a format.
func yamlHead(format string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(lineHead, "\n") {
		name, value, _ := strings.Cut(line, ": ")
		fmt.Fprintf(&b, format, name, value)
	}
	return b.String()
}

// What has no headers is never taken for a request without a signature.
func TestWithoutHeaders(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"POST /v2/pay 401 3.123 ms - 94\n": "morgan",
		"2026/02/03 04:05:06 [error] 31#31: *7 upstream closed, request: \"POST /v2/pay HTTP/1.1\"\n":                "nginx",
		"https 2026-02-03T04:05:06Z app/lb/50dc 10.0.0.1:2817 10.0.0.2:80 0.0 401 \"POST https://h:443/x HTTP/1.1\"": "load balancer",
		"[2026-02-03T04:05:06.789Z] \"POST /v2/pay HTTP/1.1\" 401 - via_upstream\n":                                  "Envoy",
		"#Software: IIS\n#Fields: date time cs-method cs-uri-stem\n2026-02-03 04:05:06 POST /v2/pay\n":               "IIS",
		"Started POST \"/v2/pay\" for 10.0.0.1 at 2026-02-03\nCompleted 401\n":                                       "Rails",
		"o.s.w.r.f.client.ExchangeFunctions : [1d] HTTP POST https://h/x\n":                                          "WebFlux",
		"Request method:\tPOST\nRequest URI:\thttps://h/x\nHeaders:\t\tSignature=s\nBody:\n{}":                       "REST Assured",
		"╔╣ Request ║ POST\n║  https://h/x\n╟ Signature: s\n":                                                        "frame",
		"Thread Name: 1\nSample Start: 2026\nPOST https://h/x\n\nPOST data:\n{}\n\n[no cookies]\n":                   "headers",
		"curlie POST https://h/x Signature:s a=b":                                                                    "curlie",
		"let res = reqwest::Client::new().post(\"https://h/x\").send().await?;":                                      "Rust",
	} {
		if e, err := (Reader{}).Read([]byte(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, read as %s, want an error with %q", text, err, e.Kind, says)
		}
	}
}
