package evidence

import (
	"html"
	"os"
	"strings"
	"testing"
)

// Bodies that commands carry: with quotes of every kind, and plain.
const (
	plainBody  = `{"paymentRequestId":"PR-7","amount":{"currency":"THB","value":"25900"}}`
	quotedBody = `{"id":"PR-8","order":"Nina's tea 茶 \"large\"","n":1.0,"path":"C:\\x","pct":"50%"}`
	payURL     = "https://h.test/api/v2/payments/pay"
	payHeaders = "Client-Id: C1|Request-Time: 1733000111222|Signature: algorithm=RSA256, keyVersion=1, signature=t2%2BUk%2Fw%3D%3D"
)

// headersAs writes the headers of a request in a form: before and after each,
// with the name and value parted by sep.
func headersAs(before, sep, after string) string {
	var b strings.Builder
	for _, h := range strings.Split(payHeaders, "|") {
		name, value, _ := strings.Cut(h, ": ")
		b.WriteString(before + name + sep + value + after)
	}
	return b.String()
}

// spelling is a text that people have, and the body that was sent; "": plainBody.
type spelling struct{ name, text, body string }

func posixSpellings() []spelling {
	h := headersAs(" -H '", ": ", "'")
	lines := headersAs(" \\\n  -H '", ": ", "'")
	single := strings.ReplaceAll(quotedBody, "'", `'\''`)
	double := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`").Replace(quotedBody)
	return []spelling{
		{"one line", "curl " + payURL + h + " -d '" + plainBody + "'", ""},
		{"single quotes", "curl -X POST '" + payURL + "'" + lines + " \\\n  --data-raw '" + single + "'\n", quotedBody},
		{"double quotes", "curl -X POST \"" + payURL + "\"" + h + ` --data "` + double + `"`, quotedBody},
		{"quotes in quotes", "curl " + payURL + h + ` -d '` + strings.ReplaceAll(quotedBody, "'", `'"'"'`) + `'`, quotedBody},
		{"ansi", "curl '" + payURL + "'" + lines + ` --data-raw $'` + strings.NewReplacer(`\`, `\\`, "'", `\'`, "茶", `\u8336`).Replace(quotedBody) + "' --compressed", quotedBody},
		{"prompt", "$ curl " + payURL + h + " -d '" + plainBody + "'\n{\"result\":{}}\n$ ", ""},
		{"prompt and continued lines", "user@host:~/x$ curl " + payURL + " \\\n" + strings.ReplaceAll(headersAs(">   -H '", ": ", "' \\\n"), "\n>", "\n>") + ">   -d '{\n>   \"a\": 1\n> }'\n", "{\n  \"a\": 1\n}"},
		{"root prompt", "[root@pay-1 ~]# curl -s " + payURL + h + " -d '" + plainBody + "'", ""},
		{"zsh prompt", "➜  pay git:(main) ✗ curl " + payURL + h + " -d '" + plainBody + "'", ""},
		{"notebook", "!curl " + payURL + h + " -d '" + plainBody + "'", ""},
		{"comment and export", "#!/bin/bash\nset -euo pipefail\n# pay 'now'\nexport HOST=https://h.test CLIENT=C1\nBODY='" + single + "'\n\ncurl -sS -X POST \"${HOST}/api/v2/payments/pay\" -H \"Client-Id: $CLIENT\"" + strings.ReplaceAll(h, "-H 'Client-Id: C1'", "") + " -d \"$BODY\" | jq .", quotedBody},
		{"assignment before", "TOKEN=x curl " + payURL + h + " -H \"Authorization: Bearer $TOKEN\" -d '" + plainBody + "'", ""},
		{"variable that is not signed", "curl " + payURL + h + " -H \"Authorization: Bearer $JWT\" -o $OUT -d '" + plainBody + "'", ""},
		{"default value", "curl ${HOST:-https://h.test}/api/v2/payments/pay" + h + " -d '" + plainBody + "'", ""},
		{"sudo, time, env", "sudo -E time env A=b nohup curl " + payURL + h + " -d '" + plainBody + "' &", ""},
		{"arrays", "H=(\n" + headersAs("  -H '", ": ", "'\n") + ")\nH+=(--compressed)\ncurl \"${H[@]}\" -d '" + plainBody + "' " + payURL, ""},
		{"options in a variable", "OPTS='-s -X POST'\ncurl $OPTS " + payURL + h + " -d '" + plainBody + "'", ""},
		{"options that are not known", "curl $OPTS \"${MORE[@]}\" " + payURL + h + " -d '" + plainBody + "'", ""},
		{"in a container", "docker run --rm curlimages/curl:8.1.0 -sS " + payURL, "-"},
		{"kubectl", "kubectl exec -it pod-1 -- curl -sS " + payURL + h + " -d '" + plainBody + "'", ""},
		{"printf into it", "printf '%s' '" + single + "' | curl " + payURL + h + " --data-binary @-", quotedBody},
		{"printf with escapes", `printf '{"a":"b\\n%%"}' | curl ` + payURL + h + " --data-binary @-", `{"a":"b\n%"}`},
		{"echo into it", "echo '" + plainBody + "' | curl " + payURL + h + " --data-binary @-", plainBody + "\n"},
		{"echo -n into it", "echo -n '" + plainBody + "' |\n  curl " + payURL + h + " --data-binary @-", ""},
		{"cat into it", "cat body.json | curl " + payURL + h + " -d @-", `{"a":1}`},
		{"file", "curl " + payURL + h + " --data-binary @body.json", "{\"a\":1}\n"},
		{"redirected", "curl " + payURL + h + " --data-binary @- < body.json", "{\"a\":1}\n"},
		{"here-document", "curl " + payURL + h + " --data-binary @- <<'EOF'\n" + quotedBody + "\nEOF\n", quotedBody + "\n"},
		{"here-document with -d", "curl -X POST " + payURL + lines + " \\\n  -d @- <<EOF\n{\"a\":\n \"\\$x\\\\\"}\nEOF\necho done", `{"a": "$x\"}`},
		{"here-document with tabs", "cat <<-END | curl " + payURL + h + " --data-binary @-\n\t{\n\t  \"a\": 1\n\t}\n\tEND\n", "{\n  \"a\": 1\n}\n"},
		{"here-string", "curl " + payURL + h + " -d @- <<< '" + single + "'", quotedBody},
		{"here-document in a word", "curl " + payURL + h + " -d \"$(cat <<'EOF'\n" + quotedBody + "\nEOF\n)\"", quotedBody},
		{"file that the text writes", "cat > /tmp/req.json <<'EOF'\n" + quotedBody + "\nEOF\ncurl " + payURL + h + " --data @/tmp/req.json", quotedBody},
		{"in a substitution", "RESP=$(curl -s -w '%{http_code}' " + payURL + h + " -d '" + plainBody + "')\necho \"$RESP\"", ""},
		{"in a loop", "for i in 1 2 3; do\n  curl " + payURL + h + " -d '" + plainBody + "'\ndone", ""},
		{"no-break spaces", strings.ReplaceAll("curl "+payURL+h, " -H", "\u00a0-H\u200b") + "\u00a0\\\u00a0\n--data '{\"a\":\"x\u00a0y\"}'", "{\"a\":\"x\u00a0y\"}"},
		{"typographic quotes", "curl –request POST “" + payURL + "”" + headersAs(" —header “", ": ", "”") + " –data ‘" + plainBody + "’", ""},
		{"typographic quotes in the body", "curl -X POST " + payURL + h + " -d ‘{“a”: “b”}’", `{"a": "b"}`},
		{"blank behind the join", "curl " + payURL + strings.ReplaceAll(lines, "\\\n", "\\  \n") + " \\\t\n -d '" + plainBody + "'", ""},
		{"joins are lost", "curl " + payURL + strings.ReplaceAll(lines, "\\\n", "\n") + "\n --data '" + plainBody + "'\n", ""},
		{"CRLF", strings.ReplaceAll("curl "+payURL+lines+" \\\n -d '"+plainBody+"'\n", "\n", "\r\n"), ""},
		{"CRLF in the body", strings.ReplaceAll("curl "+payURL+lines+" \\\n -d '{\n  \"a\": 1\n}'\n", "\n", "\r\n"), "{\n  \"a\": 1\n}"},
		{"quote not escaped", "curl " + payURL + h + " -d '{\"a\":\"Nina's tea and Ben's cake\"}' --compressed", `{"a":"Nina's tea and Ben's cake"}`},
		{"one quote not escaped", "curl " + payURL + h + " -d '{\"a\":\"Nina's tea\"}'\n", `{"a":"Nina's tea"}`},
		{"double quotes not escaped", "curl " + payURL + h + " -d \"{\"a\":\"b c\"}\"", `{"a":"b c"}`},
		{"json", "curl --json '" + plainBody + "' " + payURL + h, ""},
		{"next", "curl https://h.test/health --next " + payURL + h + " -d '" + plainBody + "'", ""},
		{"several commands", "curl https://h.test/health\n\ncurl " + payURL + h + " -d '" + plainBody + "'\ncurl https://h.test/bye", ""},
		{"options everywhere", "curl -sSkL --max-time 10 -o /dev/null -w '%{http_code}\\n' --http1.1 --url " + payURL + h + " -XPOST --data-ascii '" + plainBody + "' 2>/dev/null && echo ok", ""},
		{"urlencoded", "curl -X POST '" + payURL + "'" + h + " --data-urlencode 'a=x y&z' --data-urlencode =b --data-urlencode 'c@body.json' -d d=e", "a=x+y%26z&b&c=%7B%22a%22%3A1%7D%0A&d=e"},
		{"prose", "This doesn't work for me:\n\ncurl " + payURL + h + " -d '" + plainBody + "'\n\nIt's refused.", ""},
		{"fence in prose", "It's so:\n\n```sh\n$ curl " + payURL + h + " -d '" + plainBody + "'\n```\n\nand it answers\n\n```json\n{\"result\":{}}\n```", ""},
		{"tilde fence in a list", "1. run\n\n   ~~~ bash\n   curl " + payURL + " \\\n" + headersAs("     -H '", ": ", "' \\\n") + "     -d '" + plainBody + "'\n   ~~~\n", ""},
		{"quoted mail", "> ```\n> curl " + payURL + h + " -d '" + plainBody + "'\n> ```\n", ""},
		{"wiki", "h3. Pay\n{code:bash}\ncurl " + payURL + h + " -d '" + plainBody + "'\n{code}", ""},
		{"inline", "`curl " + payURL + h + " -d '" + plainBody + "'`", ""},
		{"fenced message", "```http\nPOST " + payURL + " HTTP/1.1\nHost: h.test\n" + headersAs("", ": ", "\n") + "\n" + plainBody + "\n```", ""},
		{"path to curl", "/usr/local/opt/curl/bin/curl " + payURL + h + " -d '" + plainBody + "'", ""},
		{"trace of a shell", "+ set -e\n+ BODY=x\n++ date\n+ curl -X POST " + payURL + h + " --data-raw '" + single + "'\n  % Total    % Received\n{}", quotedBody},
		{"escaped as a string", "request: " + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace("curl \""+payURL+"\""+strings.ReplaceAll(h, "'", `"`)+` -d "`+strings.ReplaceAll(plainBody, `"`, `\"`)+`"`), ""},
		{"log line", "2026-01-02 10:31:02.123 [main] DEBUG c.e.Client - Executing: curl -X POST " + payURL + h + " -d '" + plainBody + "'\n2026-01-02 10:31:03.000 [main] INFO  it's done", ""},
		{"sentence", "I run curl like this: curl " + payURL + h + " -d '" + plainBody + "'", ""},
		{"workflow", "steps:\n  - name: pay\n    run: |\n      curl " + payURL + " \\\n" + headersAs("        -H '", ": ", "' \\\n") + "        -d '" + plainBody + "'\n", ""},
		{"makefile", "pay:\n\t@curl " + payURL + h + " -d '" + plainBody + "'\n", ""},
		{"fish", "set -gx CLIENT C1\nset BODY '" + single + "'\ncurl " + payURL + " -H \"Client-Id: $CLIENT\"" + strings.ReplaceAll(h, "-H 'Client-Id: C1'", "") + " -d \"$BODY\"", quotedBody},
		{"escaped for HTML", strings.NewReplacer("&", "&amp;", `"`, "&quot;", "'", "&#39;").Replace("curl " + payURL + h + " -d '" + plainBody + "'"), ""},
		{"copy all", "curl 'https://h.test/a' -H 'accept: */*' ;\ncurl '" + payURL + "'" + lines + " \\\n  --data-raw '" + plainBody + "' ;\ncurl 'https://h.test/b'", ""},
		{"read -d", "read -r -d '' PAYLOAD <<'JSON' || true\n" + quotedBody + "\nJSON\n\ncurl -sS " + payURL + lines + " \\\n  --data \"$PAYLOAD\"\n", quotedBody},
		{"read of a line", "read -r PAYLOAD <<< '" + single + "'\ncurl " + payURL + h + " -d \"$PAYLOAD\"", quotedBody},
		{"over ssh", "ssh prod-1 'curl -s " + payURL + headersAs(" -H \"", ": ", "\"") + " -d @/tmp/body.json'", `{"a":1}`},
		{"in bash -c", "$ kubectl exec -it pay-0 -- bash -c \"curl -s " + payURL + h + " -d '" + strings.ReplaceAll(plainBody, `"`, `\"`) + "'\"", ""},
		{"kubectl run", "kubectl run tmp --rm -it --image=curlimages/curl -- curl -s " + payURL + h + " -d '" + plainBody + "'", ""},
		{"a pipeline of Jenkins", "sh '''\n  curl -s " + payURL + lines + " \\\n  -d '" + single + "'\n'''\n", quotedBody},
		{"in watch", "watch -n 5 \"curl -s " + payURL + h + " -d '" + strings.ReplaceAll(plainBody, `"`, `\"`) + "'\"", ""},
		{"in JSON", `{"ticket":7,"command":` + jsonText("curl -X POST "+payURL+lines+" \\\n  -d '"+single+"'") + `}`, quotedBody},
		{"in a web page", "<pre><code class=\"language-bash\">" + html.EscapeString("curl "+payURL+lines+" \\\n -d '"+single+"'") + "</code></pre>", quotedBody},
		{"httpie, file", "http POST " + payURL + headersAs(" '", ":", "'") + " @body.json", "{\"a\":1}\n"},
		{"wget", "wget -qO- --method=POST" + headersAs(" --header='", ": ", "'") + " --body-data='" + single + "' " + payURL, quotedBody},
		{"wget post", "wget --quiet" + headersAs(" --header '", ": ", "'") + " --post-data '" + plainBody + "' -O - " + payURL, ""},
		{"wget file", "wget" + headersAs(" --header '", ":", "'") + " --post-file body.json " + payURL, "{\"a\":1}\n"},
		{"httpie json", "http POST " + payURL + headersAs(" '", ":", "'") + " id=PR-8 'who=Zoë \"x\"' n:=1.50 'list:=[1,{\"a\":null}]' ok:=true", `{"id": "PR-8", "who": "Zo\u00eb \"x\"", "n": 1.5, "list": [1, {"a": null}], "ok": true}`},
		{"httpie without method", "https --print=HhBb h.test/api/v2/payments/pay" + headersAs(" '", ":", "'") + " a=1", `{"a": "1"}`},
		{"httpie form", "http -f POST " + payURL + headersAs(" '", ":", "'") + " a='x y' b=ü", "a=x+y&b=%C3%BC"},
		{"httpie stdin", "echo -n '" + plainBody + "' | http POST " + payURL + headersAs(" '", ":", "'"), ""},
		{"xh", "xh post " + payURL + headersAs(" '", ":", "'") + " who=Zoë n:='{\"a\": 1}'", `{"who":"Zoë","n":{"a":1}}`},
	}
}

func windowsSpellings() []spelling {
	dq := headersAs(` -H "`, ": ", `"`)
	caret := func(s string) string { // Chrome's "Copy as cURL (cmd)"
		s = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s)
		var b strings.Builder
		for _, c := range s {
			if strings.ContainsRune("\"\\{}[]<>|&%^!@$#", c) {
				b.WriteByte('^')
			}
			b.WriteRune(c)
		}
		return `^"` + strings.ReplaceAll(b.String(), "\n", "^\n\n") + `^"`
	}
	crt := strings.NewReplacer(`\"`, `\\\"`, `"`, `\"`)
	tick := strings.NewReplacer("`", "``", "$", "`$", `"`, "`\"")
	var carets strings.Builder
	for _, h := range strings.Split(payHeaders, "|") {
		carets.WriteString(" ^\n  -H " + caret(h))
	}
	return []spelling{
		{"cmd, carets", "curl " + caret(payURL) + carets.String() + " ^\n  --data-raw " + caret(quotedBody) + "\n", quotedBody},
		{"cmd, carets, lines", "C:\\Users\\me>curl " + caret(payURL) + carets.String() + " ^\n  --data-raw " + caret("{\n  \"a\": 1\n}"), "{\n  \"a\": 1\n}"},
		{"cmd, CRLF", strings.ReplaceAll("curl "+caret(payURL)+carets.String()+" ^\n  --data-raw "+caret("{\n  \"a\": 1\n}"), "\n", "\r\n"), "{\n  \"a\": 1\n}"},
		{"cmd, joined", "curl -X POST \"" + payURL + "\"" + strings.ReplaceAll(dq, " -H", " ^\n -H") + " ^\n -d \"" + crt.Replace(quotedBody) + "\"", quotedBody},
		{"cmd, doubled quotes", "C:\\> curl.exe -X POST \"" + payURL + "\"" + dq + ` -d "` + strings.ReplaceAll(plainBody, `"`, `""`) + `"`, ""},
		{"older Firefox", "curl \"" + payURL + "\"" + dq + ` --data-binary "` + strings.ReplaceAll(plainBody, `"`, `""`) + `"`, ""},
		{"copy all, cmd", "curl " + caret("https://h.test/a") + " &\ncurl " + caret(payURL) + carets.String() + " ^\n  --data-raw " + caret(quotedBody), quotedBody},
		{"batch", "@echo off\r\nset CLIENT=C1\r\nset \"BASE=https://h.test/api\"\r\nrem pay\r\ncurl \"%BASE%/v2/payments/pay\" -H \"Client-Id: %CLIENT%\"" + strings.NewReplacer("%", "%%", ` -H "Client-Id: C1"`, "").Replace(dq) + ` -d "` + crt.Replace(plainBody) + "\"\r\n", "batch"},
		{"batch, for", "for /l %%i in (1,1,3) do curl -s " + payURL + strings.ReplaceAll(dq, "%", "%%") + ` -d "` + crt.Replace(plainBody) + "\"\r\n", ""},
		{"quoted path", `"C:\Program Files\Git\mingw64\bin\curl.exe" -X POST "` + payURL + `"` + dq + ` -d "` + crt.Replace(plainBody) + `"`, ""},
		{"PowerShell, curl.exe", "PS C:\\x> curl.exe -X POST '" + payURL + "' `\n" + headersAs("  -H '", ": ", "' `\n") + "  -d '" + strings.ReplaceAll(plainBody, `"`, `\"`) + "'", ""},
		{"PowerShell 7, curl", "curl '" + payURL + "' `\n" + headersAs("  -H '", ": ", "' `\n") + "  --data-raw '" + strings.ReplaceAll(quotedBody, "'", "''") + "'", quotedBody},
		{"PowerShell, Chrome", "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = \"Mozilla/5.0\"\n$session.Cookies.Add((New-Object System.Net.Cookie(\"a\", \"b\", \"/\", \"h.test\")))\nInvoke-WebRequest -UseBasicParsing -Uri \"" + payURL + "\" `\n-Method \"POST\" `\n-WebSession $session `\n-Headers @{\n\"authority\"=\"h.test\"\n  \"method\"=\"POST\"\n" + headersAs("  \"", "\"=\"", "\"\n") + "} `\n-ContentType \"application/json\" `\n-Body ([System.Text.Encoding]::UTF8.GetBytes(\"" + strings.ReplaceAll(tick.Replace(quotedBody), "茶", "$([char]33590)") + "\"))", quotedBody},
		{"PowerShell, here-string", "$headers = @{\n" + headersAs("    \"", "\" = \"", "\"\n") + "}\n$body = @'\n" + quotedBody + "\n'@\n\n$r = Invoke-RestMethod -Uri '" + payURL + "' -Method Post -Headers $headers -ContentType 'application/json; charset=utf-8' -Body $body\n$r | ConvertTo-Json", quotedBody},
		{"PowerShell, Postman", "$headers = New-Object \"System.Collections.Generic.Dictionary[[String],[String]]\"\n" + headersAs("$headers.Add(\"", "\", \"", "\")\n") + "\n$body = @\"\n" + strings.NewReplacer("$", "`$").Replace(quotedBody) + "\n\"@\n\n$response = Invoke-RestMethod '" + payURL + "' -Method 'POST' -Headers $headers -Body $body\n$response | ConvertTo-Json", quotedBody},
		{"PowerShell, splatting", "$p = @{\n  Uri = '" + payURL + "'\n  Method = 'POST'\n  Headers = @{" + headersAs("'", "'='", "'; ") + "}\n  Body = '" + plainBody + "'\n}\nInvoke-RestMethod @p", ""},
		{"PowerShell, piped", "$b = @'\n" + quotedBody + "\n'@\n$b | Invoke-RestMethod -Uri " + payURL + " -Method Post -Headers @{" + headersAs("'", "'='", "';") + "}\n", quotedBody},
		{"PowerShell, aliases", "PS> irm " + payURL + " -me POST -h @{" + headersAs("'", "'='", "';") + "} -b '" + plainBody + "'", ""},
		{"PowerShell, curl is an alias", "curl -Uri " + payURL + " -Method POST -Headers @{" + headersAs("\"", "\"=\"", "\"; ") + "} -Body \"" + tick.Replace(plainBody) + "\" -UseBasicParsing", ""},
	}
}

func sourceSpellings() []spelling {
	js := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	members := headersAs(`    "`, `": "`, "\",\n")
	http := headersAs("", ": ", "\n")
	postman := headersAs(`{"key":"`, `","value":"`, `"},`) + `{"key":"X-Off","value":"{{nothing}}","disabled":true}`
	item := func(url, body string) string {
		return `{"name":"pay","request":{"method":"POST","header":[` + postman + `],"body":` + body + `,"url":` + url + `}}`
	}
	collection := func(items, more string) string {
		return `{"info":{"name":"w","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[` + items + `]` + more + `}`
	}
	raw := `{"mode":"raw","raw":"` + js.Replace(quotedBody) + `"}`
	return []spelling{
		{"fetch, Chrome", "fetch(\"" + payURL + "\", {\n  \"headers\": {\n" + members + "  },\n  \"body\": \"" + js.Replace(quotedBody) + "\",\n  \"method\": \"POST\"\n});", quotedBody},
		{"fetch, Firefox", "await fetch(\"" + payURL + "\", {\n    \"credentials\": \"include\",\n    \"headers\": {\n" + members + "    },\n    \"referrer\": \"https://h.test/\",\n    \"body\": \"" + js.Replace(quotedBody) + "\",\n    \"method\": \"POST\",\n    \"mode\": \"cors\"\n});", quotedBody},
		{"fetch by hand", "const body = JSON.stringify({ id: 'PR-9', list: [1.0, \"x\"], 7: null, });\n// sign 'it'\nconst res = await fetch('" + payURL + "', { method: 'POST', headers: {\n" + members + "}, body }).then(r => r.json());", `{"7":null,"id":"PR-9","list":[1,"x"]}`},
		{"fetch, Postman", "const myHeaders = new Headers();\n" + headersAs("myHeaders.append(\"", "\", \"", "\");\n") + "const raw = JSON.stringify({\n  \"a\": \"b\"\n});\nconst requestOptions = {\n  method: \"POST\",\n  headers: myHeaders,\n  body: raw,\n  redirect: \"follow\"\n};\n\nfetch(\"" + payURL + "\", requestOptions)\n  .then((response) => response.text())\n  .catch((error) => console.error(error));", `{"a":"b"}`},
		{"axios.post", "import axios from 'axios';\nconst base = 'https://h.test/api';\nawait axios.post(`${base}/v2/payments/pay`, { a: 'b', n: 1.50 }, { headers: {\n" + members + "} });", `{"a":"b","n":1.5}`},
		{"axios config", "let data = JSON.stringify({\"a\": \"b\"});\nlet config = { method: 'post', maxBodyLength: Infinity, url: '" + payURL + "', headers: {\n" + members + "}, data : data };\naxios.request(config).then((response) => { console.log(JSON.stringify(response.data)); })", `{"a":"b"}`},
		{"XMLHttpRequest", "var data = JSON.stringify({\"a\": \"b\"});\nvar xhr = new XMLHttpRequest();\nxhr.withCredentials = true;\nxhr.addEventListener(\"readystatechange\", function() { if(this.readyState === 4) { console.log(this.responseText); } });\nxhr.open(\"POST\", \"" + payURL + "\");\n" + headersAs("xhr.setRequestHeader(\"", "\", \"", "\");\n") + "xhr.send(data);", `{"a":"b"}`},
		{"jQuery", "var settings = { \"url\": \"" + payURL + "\", \"method\": \"POST\", \"timeout\": 0, \"headers\": {\n" + members + "}, \"data\": JSON.stringify({\"a\": \"b\"}) };\n$.ajax(settings).done(function (response) { console.log(response); });", `{"a":"b"}`},
		{"several fetches", "fetch(\"https://h.test/a\", {\"body\": null, \"method\": \"GET\"}); ;\nfetch(\"" + payURL + "\", {\n  \"headers\": {\n" + members + "  },\n  \"body\": \"" + js.Replace(plainBody) + "\",\n  \"method\": \"POST\"\n}); ;", ""},
		{"k6", "import http from 'k6/http';\nexport default function () {\n  http.post('" + payURL + "', JSON.stringify({a: 'b'}), { headers: {\n" + members + "} });\n}", `{"a":"b"}`},
		{"got", "const r = await got.post('" + payURL + "', { json: {a: 'b'}, headers: {\n" + members + "} }).json();", `{"a":"b"}`},
		{"Cypress", "cy.request({ method: 'POST', url: '" + payURL + "', body: {a: 'b'}, headers: {\n" + members + "} })", `{"a":"b"}`},
		{"http file", "### pay\n# @name pay\n@host = https://h.test\n@base = {{host}}/api\n\nPOST {{base}}/v2/payments/pay\n" + http + "\n" + quotedBody + "\n\n\n### next\nGET {{host}}/health\n", quotedBody},
		{"http file without marks", "POST " + payURL + "\n" + http + "\n" + plainBody + "\n", ""},
		{"http file, body in a file", "// pay\nPOST " + payURL + " HTTP/1.1\n" + http + "\n< ./body.json\n\n> {%\n client.test(\"x\", () => {})\n%}\n", "{\"a\":1}\n"},
		{"http file, query in lines", "GET https://h.test/health\n    ?a=1\n    &b=2\n\n###\nPOST " + payURL + "\n" + http + "\n" + plainBody, ""},
		{"Postman, folders", collection(`{"name":"f","item":[`+item(`{"raw":"{{base}}/v2/payments/pay"}`, raw)+`]},{"name":"g","request":"https://h.test/health"}`, `,"variable":[{"key":"base","value":"https://h.test/api"}]`), quotedBody},
		{"Postman, URL in parts", collection(item(`{"protocol":"https","host":["h","test"],"path":["api","v2","payments","pay"]}`, raw), ""), quotedBody},
		{"Postman, form", collection(item(`"`+payURL+`"`, `{"mode":"urlencoded","urlencoded":[{"key":"a","value":"x y"},{"key":"b","value":"c","disabled":true}]}`), ""), "a=x%20y"},
		{"Postman, item alone", item(`"`+payURL+`"`, raw), quotedBody},
		{"Hurl", "# pay\nPOST " + payURL + "\n" + http + plainBody + "\nHTTP 200\n[Asserts]\njsonpath \"$.x\" == 1\n\nGET https://h.test/x\nHTTP 200\n", ""},
		{"Insomnia", `{"_type":"export","__export_format":4,"resources":[{"_type":"environment","data":{"base":"https://h.test"}},{"_type":"workspace"},{"_type":"request","method":"POST","url":"{{ _.base }}/api/v2/payments/pay","headers":[` + strings.TrimSuffix(headersAs(`{"name":"`, `","value":"`, `"},`), ",") + `],"body":{"mimeType":"application/json","text":"` + js.Replace(quotedBody) + `"}}]}`, quotedBody},
		{"Bruno", "meta {\n  name: pay\n  type: http\n  seq: 1\n}\n\npost {\n  url: {{base}}/api/v2/payments/pay\n  body: json\n  auth: none\n}\n\nheaders {\n" + headersAs("  ", ": ", "\n") + "  ~X-Off: {{x}}\n}\n\nbody:json {\n  {\n    \"a\": \"b:c\"\n  }\n}\n\nvars:pre-request {\n  base: https://h.test\n}\n", "{\n  \"a\": \"b:c\"\n}"},
		{"Node", "const https = require('https');\nconst options = {\n  hostname: 'h.test',\n  port: 443,\n  path: '/api/v2/payments/pay',\n  method: 'POST',\n  headers: {\n" + members + "  },\n};\nconst req = https.request(options, (res) => {\n  res.on('data', (d) => process.stdout.write(d));\n});\nreq.write('" + plainBody + "');\nreq.end();", ""},
		{"Node, end", "var http = require('http');\nvar req = http.request({host: 'h.test', path: '/api/v2/payments/pay', method: 'POST', headers: {\n" + members + "}}, function (res) {});\nreq.end(JSON.stringify({\"a\":\"b\"}));", `{"a":"b"}`},
		{"request", "var request = require('request');\nvar options = {\n  'method': 'POST',\n  'url': '" + payURL + "',\n  'headers': {\n" + members + "  },\n  body: JSON.stringify({\"a\": \"b\"})\n};\nrequest(options, function (error, response) {\n  if (error) throw new Error(error);\n});\n", `{"a":"b"}`},
		{"mini program", "wx.request({\n  url: '" + payURL + "',\n  method: 'POST',\n  header: {\n" + members + "  },\n  data: { a: 'b' },\n  success (res) { console.log(res.data) }\n})", `{"a":"b"}`},
		{"http file, scripts before", "### Pay\n// @no-cookie-jar\n< {%\n    request.variables.set(\"x\", \"1\");\n%}\nPOST " + payURL + "\n" + http + "\n" + plainBody + "\n\n> {%\n  client.test()\n%}\n", ""},
		{"http file, one request, body in a file", "POST " + payURL + " HTTP/1.1\n" + http + "\n<@ ./body.json\n", "{\"a\":1}\n"},
		{"Postman's own API", `{"collection":` + collection(item(`"`+payURL+`"`, raw), "") + `}`, quotedBody},
		{"Postman, example", collection(strings.Replace(item(`"`+payURL+`"`, raw), `{"name":"pay",`, `{"name":"pay","response":[{"name":"ok","code":200,"originalRequest":`+strings.TrimSuffix(strings.TrimPrefix(item(`"`+payURL+`"`, raw), `{"name":"pay","request":`), "}")+`,"header":[],"body":"{}"}],`, 1), ""), quotedBody},
		{"Postman 1", `{"id":"a","requests":[{"url":"` + payURL + `","method":"POST","headers":` + jsonText(http) + `,"dataMode":"raw","rawModeData":"` + js.Replace(quotedBody) + `"}]}`, quotedBody},
		{"Bruno's export", `{"name":"W","version":"1","items":[{"type":"folder","name":"f","items":[{"type":"http","name":"pay","request":{"url":"` + payURL + `","method":"POST","headers":[` + strings.TrimSuffix(headersAs(`{"name":"`, `","value":"`, `","enabled":true},`), ",") + `],"body":{"mode":"json","json":"` + js.Replace(quotedBody) + `"}}}]}]}`, quotedBody},
		{"UTF-16 without a mark", string(utf16Of("curl " + payURL + headersAs(" -H '", ": ", "'") + " -d '" + plainBody + "'\r\n")), ""},
		{"UTF-16", "\xff\xfe" + string(utf16Of("curl "+payURL+headersAs(" -H '", ": ", "'")+" -d '"+plainBody+"'\r\n")), ""},
	}
}

func utf16Of(s string) []byte {
	var b []byte
	for _, c := range s {
		b = append(b, byte(c), byte(c>>8))
	}
	return b
}

func TestSpellings(t *testing.T) {
	t.Parallel()
	reader := Reader{ReadFile: func(name string) ([]byte, error) {
		if strings.HasSuffix(name, "body.json") {
			return []byte("{\"a\":1}\n"), nil
		}
		return nil, os.ErrNotExist
	}}
	for _, s := range append(append(posixSpellings(), windowsSpellings()...), sourceSpellings()...) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			x, _ := read(t, reader, s.text)
			want := s.body
			switch want {
			case "-":
				return
			case "", "batch":
				want = plainBody
			}
			m := x.Request
			if m.Method() != "POST" || m.Path() != "/api/v2/payments/pay" || !strings.Contains(x.URL, "h.test") {
				t.Errorf("the request line is %q, of %s", m.Line, x.URL)
			}
			for _, h := range strings.Split(payHeaders, "|") {
				if name, value, _ := strings.Cut(h, ": "); m.Get(name) != value {
					t.Errorf("%s is %q, want %q", name, m.Get(name), value)
				}
			}
			if string(m.Body) != want {
				t.Errorf("the body is\n%q, want\n%q", m.Body, want)
			}
		})
	}
}
