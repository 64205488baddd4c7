package evidence

import (
	"bytes"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

// unreadable is what is known and has no exchange that could be read: named for what it is.
type unreadable struct {
	is   string
	mark *lazyregexp.Regexp
	fix  string
}

// knownAs names what a text is, with more behind it; nil where it is none of the list.
func knownAs(list []unreadable, more string, text []byte) error {
	for _, u := range list {
		if u.mark.Match(text) {
			return &hint.Error{Says: "this is " + u.is + more, Fix: u.fix}
		}
	}
	return nil
}

var like = lazyregexp.New

const (
	capture = "open it in Wireshark, follow the TCP or HTTP stream, and save that; TLS has to be decrypted first"
	picture = "a signature covers bytes, and a picture has none of them: copy the text of the request, with its headers and body"
	keyFile = "give it with --key FILE, and the exchange as the FILE"
	logging = "log the message itself: a HAR of the proxy, curl -v with its command, or the wire log of the HTTP library"
	export  = "copy the request as cURL there, or give a HAR"
)

// unreadFiles are files that are no text, by what they begin with.
var unreadFiles = []struct{ magic, is, fix string }{
	{"PK\x03\x04", "a ZIP archive, as Fiddler's .saz files and exports of tools are", "unpack it and give the raw request " +
		"inside (in a .saz: raw/01_c.txt and raw/01_s.txt), or export the session as HAR"},
	{"\x1f\x8b", "a compressed file (gzip)", "unpack it first: gunzip -c FILE | countersign diagnose -"},
	{"\x28\xb5\x2f\xfd", "a compressed file (zstd)", "unpack it first: zstd -dc FILE | countersign diagnose -"},
	{"BZh", "a compressed file (bzip2)", "unpack it first: bzip2 -dc FILE | countersign diagnose -"},
	{"\x0a\x0d\x0d\x0a", "a capture of packets (pcapng)", capture},
	{"\xd4\xc3\xb2\xa1", "a capture of packets (pcap)", capture},
	{"\xa1\xb2\xc3\xd4", "a capture of packets (pcap)", capture},
	{"\x4d\x3c\xb2\xa1", "a capture of packets (pcap)", capture},
	{"\x89PNG", "a picture", picture}, {"\xff\xd8\xff", "a picture", picture}, {"GIF8", "a picture", picture},
	{"RIFF", "a picture", picture},
	{"%PDF", "a PDF document", picture},
	{"\xd0\xcf\x11\xe0", "an Office document", picture},
	{"{\\rtf", "a document in rich text", picture},
	{"SQLite format 3\x00", "a database", "countersign history reads its own; of others, export the exchange as HAR"},
	{"-----BEGIN ", "a key or a certificate", keyFile},
	{"\x7fELF", "a program", "give the exchange: a raw message, a HAR, a curl command or a log"},
	{"0\x82", "a key, a certificate or another structure in DER", keyFile},
	{"CHLS", "a session of Charles", "export it as HAR: File, Export Session"},
}

// mitmFlow is how mitmproxy's flow files begin: with lengths and names.
var mitmFlow = like(`^\d{2,9}:\d{1,3}:[a-z_]+;\d+:`)

// unreadFile names what a file is that is no text.
func unreadFile(text []byte) error {
	for _, u := range unreadFiles {
		if bytes.HasPrefix(text, []byte(u.magic)) {
			return &hint.Error{Says: "this is " + u.is, Fix: u.fix}
		}
	}
	if mitmFlow.Match(text) {
		return &hint.Error{Says: "this is a flow file of mitmproxy",
			Fix: "export it as HAR: mitmdump -nr FILE --set hardump=out.har, or copy the flow as raw"}
	}
	return nil
}

// accessLogs are logs whose lines tell of requests, and which have neither
// headers nor bodies. Where a signature is in the text, it is something else.
var accessLogs = []unreadable{
	{"an access log (morgan)", like(`(?m)^(?:GET|POST|PUT|PATCH|DELETE) /\S* \d{3} [\d.]+ ms\b`), logging},
	{"an error log of nginx", like(`(?m)^\d{4}/\d\d/\d\d [\d:]+ \[(?:error|warn|crit|info|notice|debug)\] \d+#\d+: `), logging},
	{"an access log of a load balancer", like(`(?m)^(?:https?|h2|grpcs?|wss?) \d{4}-\S+ \S+ [\d.]+:\d+ `), logging},
	{"an access log of Envoy", like(`(?m)^\[[^\]\n]+\] "[A-Z]+ \S+ HTTP/[\d.]+" \d+ `), logging},
	{"an access log of IIS", like(`(?m)^#Fields: .*\bcs-method\b`), logging},
	{"a log of Rails", like(`(?m)Started [A-Z]+ "/[^"\n]*" for \S+ at `), logging},
	{"a log of Spring WebFlux", like(`ExchangeFunctions|reactor\.netty\.\S* ?: .*(?:WRITE|READ): \d+B`),
		"log them as well: HttpClient.create().wiretap(true), with reactor.netty.http.client at DEBUG"},
}

// earlyLogs are logs that have what looks like messages, and no other form could make
// something of.
var earlyLogs = []unreadable{
	{"a log of REST Assured: it changes the layout of the body", like(`(?m)^Request method:\t[A-Z]+\s+Request URI:\t`),
		"record the call with a proxy and give its HAR, or log the wire with Apache HttpClient"},
	{"a log in a frame, such as pretty_dio_logger of Flutter: it breaks lines and changes the layout of the body",
		like(`(?m)^.{0,80}╔╣ ?Request`), "log with dio's own LogInterceptor(requestBody: true, responseBody: true)"},
	{"a log of Java's own HTTP client: it has no bodies", like(`jdk\.internal\.net\.http\.|sun\.net\.www\.MessageHeader@`),
		"print the body that is sent and the one that comes, or record the call with a proxy and give its HAR"},
	{"a log of Spring: it has no headers",
		like(`(?mi)RestTemplate.*HTTP (?:GET|POST|PUT|DELETE) |Writing \[.*\] (?:with|as) |HttpEntityMethodProcessor`),
		"log the wire: logging.level.org.apache.http.wire=DEBUG, or an interceptor that prints headers and body"},
}

// lateLogs are what tells of requests and does not have them.
var lateLogs = []unreadable{
	{"a sampler result of JMeter without the request's headers", like(`(?m)^Sample Start: `),
		"give the tab Request, Raw, with the Request Headers in it"},
	{"an access log: it has neither headers nor bodies", like(`(?m)^\S+ \S+ \S+ \[[^\]]+\] "[A-Z]+ \S+ HTTP/[\d.]+" \d{3} `), logging},
	{"a log of HAProxy: it has neither headers nor bodies",
		like(`(?m)haproxy\[\d+\]: |\d+/\d+/\d+/\d+/\+?\d+ \d{3} \+?\d+ .*"[A-Z]+ \S+ HTTP/[\d.]+"`), logging},
	{"a log of .NET's HttpClient: it has no bodies", like(`(?m)System\.Net\.Http\.HttpClient\.|RequestUri: '[^']*', Version: `),
		"log the body too: await request.Content.ReadAsStringAsync(), or record the call with a proxy and give its HAR"},
	{"a session of Charles in XML", like(`(?is)^\s*<\?xml\b.{0,200}<charles-session`), "export it as HAR: File, Export Session"},
	{"an XML document that is no item of Burp", like(`(?i)^\s*<\?xml\b`), "give the request with its headers and body, or a HAR"},
	{"a stack trace without a message", like(`(?m)^(?:Caused by: |\s+at [\w.$]+\([^)]*\)|Traceback \(most recent call last\))`),
		"log the request as it is sent, with its headers and body"},
	{"a printed object with headers alone: it has neither a method, nor a path, nor a body",
		like(`(?i)^\{[^{}]*\bsignature['"]?: ['"]algorithm[^{}]*\}`), "print req.method, req.originalUrl and the raw body as well"},
	{"what curl says where a request fails, without the request", like(`(?m)^curl: \(\d+\) `),
		"give the command, or what curl -v prints of a request that is answered"},
	{"a log without a request in it", like(`^[\[(]?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d`), logging},
	{"a list of headers without a request line", like(`(?mi)^signature: *\S`),
		"give the method and the path above them, and the body below: POST /v2/payments/pay HTTP/1.1"},
	{"a text of names and values such as YAML or .properties, without a request line",
		like(`^(?:---\s*\n)?(?:\s*#.*\n)*(?:\[[\w .-]+\]\n)?(?:(?:[A-Za-z_][\w.-]*(?::(?: [^\n]*)?| *=[^\n]*)|[ \t]+[^\n]*|- [^\n]*|)\n){2,}$`),
		"give the request with its method, path, headers and body"},
	{"a table (CSV) without a message in it", like(`^[\w "@.-]+(?:,[\w "@.-]+)+\r?\n(?:[^,\n]*,[^\n]*\n?)+$`),
		"give the request with its method, path, headers and body"},
	{"the output of tcpdump without the bytes as they are", like(`(?m)^\d\d:\d\d:\d\d\.\d+ IP6? \S+ > \S+: `),
		"print them with tcpdump -X, or write a file with -w and follow the stream in Wireshark"},
}

var signatureWord = like(`(?i)signature`)

// maxNamed is how much of a text is looked at to name it, in bytes.
const maxNamed = 256 << 10

func lateLog(text []byte) error { return knownAs(lateLogs, "", text[:min(len(text), maxNamed)]) }

// unreadLog names a log that has no messages in it.
func unreadLog(text []byte) error {
	text = text[:min(len(text), maxNamed)]
	if err := knownAs(accessLogs, ": it has neither headers nor bodies", text); err != nil && !signatureWord.Match(text) {
		return err
	}
	return knownAs(earlyLogs, "", text)
}

// foreign are texts that have no exchange that could be read, by what they are.
var foreign = []unreadable{
	{"a key or certificate", like(`^-----BEGIN `), "give it with --key, and the exchange as FILE"},
	{"an export of Insomnia", like(`(?m)^type: (?:collection|spec|environment)\.insomnia`),
		`choose "Copy as cURL" at the request in Insomnia, or export a HAR`},
	{"an OpenCollection of Bruno", like(`(?m)^opencollection:`), `choose "Generate Code", curl, at the request in Bruno`},
	{"an OpenAPI document", like(`(?m)^(?:openapi|swagger): `), "give it as a catalogue; an exchange has a message with its headers"},
	{"Python source code",
		like(`(?m)^\s*(?:import|from) (?:requests|httpx|aiohttp|urllib|http\.client|json)\b|\b(?:requests|httpx|session)\.(?:get|post|put|patch|delete|request)\(`),
		"give what it sends: requests.Request(…).prepare() has method, url, headers and body; or send it through a proxy and save a HAR"},
	{"Java or Kotlin source code",
		like(`(?m)^\s*(?:import|package) [a-z]\w*(?:\.\w+)+(?:\.\*)?;?\s*$|HttpRequest\.newBuilder\(|new OkHttpClient|Unirest\.|new Request\.Builder\(`),
		"give what it sends: OkHttp's logging interceptor at level BODY writes it"},
	{"Go source code", like(`(?m)^package \w+\s*$|http\.NewRequest(?:WithContext)?\(`),
		"give what it sends: httputil.DumpRequestOut writes it"},
	{"PHP source code", like(`<\?php|curl_setopt|curl_init\(|new GuzzleHttp|new Client\(`),
		"give what it sends: CURLOPT_VERBOSE, or Guzzle's debug option, write it"},
	{"C# source code", like(`(?m)^using System|new HttpRequestMessage|new RestRequest|new HttpClient\(`),
		"give what it sends, out of a proxy such as Fiddler, as a HAR"},
	{"Ruby source code", like(`Net::HTTP|(?m)^require ['"]|Faraday\.`), "give what it sends: http.set_debug_output($stdout) writes it"},
	{"Rust source code", like(`reqwest::|(?m)^use \w+::|\.send\(\)\s*\.await`), "give what it sends, out of a proxy, as a HAR"},
	{"Dart source code", like(`(?m)^import 'package:|http\.Request\('|http\.(?:post|get)\(Uri\.parse\(|\bDio\(\)`),
		"log what it sends: dio's LogInterceptor(requestBody: true) writes it"},
	{"Kotlin source code", like(`(?m)^\s*(?:val|fun) \w+.*(?:OkHttpClient|Request\.Builder|HttpClient)\(`),
		"give what it sends: OkHttp's logging interceptor at level BODY writes it"},
	{"C source code that uses libcurl", like(`curl_easy_(?:init|setopt|perform)\(`),
		"give what it sends: CURLOPT_VERBOSE writes its headers"},
	{"an SSH key", like(`^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+) AAAA`), "give it with --key, and the exchange as FILE"},
	{"a JSON Web Token (JWT)", like(`^eyJ[\w-]+\.[\w-]+\.[\w-]*\s*$`),
		"it signs itself, not a message: give the message whose Signature header is in question"},
	{"a value of a Signature header, without the message that it is for",
		like(`^(?:Signature: *)?algorithm *= *\w+ *,[^\n{]*signature *=[^\n{]*\s*$`),
		"give the whole message; or the signed string with --content FILE --signature VALUE"},
	{"an address alone", like(`^https?://\S+\s*$`),
		"give the whole request: its headers and its body, such as a browser's \"Copy as cURL\""},
	{"SQL", like(`(?i)^(?:insert into|select|update|create table|delete from)\s`),
		"give the message that is in it: its headers and its body"},
	{"a query of GraphQL", like(`^(?:query|mutation|subscription)\b[^{\n]{0,200}\{`), "give the whole HTTP request that carries it"},
	{"a definition of Protocol Buffers", like(`^(?:\s*//.*\n)*syntax\s*=\s*"proto`), "give the message that was sent"},
	{"a patch", like(`^(?:diff --git |--- \S+\n\+\+\+ )`), "give the message that was sent"},
	{"a picture in base64", like(`^(?:iVBORw0KGgo|/9j/4|R0lGOD)`),
		picture},
	{"a command of gRPC", like(`(?m)^[$ ]*grpcurl\s`), "gRPC has no text that could be read here: give a HAR of a proxy"},
	{"a configuration of this program", like(`(?m)^\[profiles\.`), "give it with --config; an exchange has a message with its headers"},
	{"a stack trace of Go", like(`(?m)^goroutine \d+ \[`), "give what was sent: httputil.DumpRequestOut writes it"},
	{"an XML document", like(`^(?:<\?xml[^>]*>\s*(?:<!--.*?-->\s*)*)?<(?:\w+:)?\w+(?:\s+[\w:-]+="[^"]*")*\s*/?>`),
		"a body alone has no signature: give the whole message with its headers"},
	{"Swift source code", like(`URLRequest\(url:|(?m)^import Foundation`), "give what it sends, out of a proxy, as a HAR"},
	{"an HTML page", like(`(?i)^<(?:!doctype html|html|head|body)\b`),
		"give the exchange itself: a HAR of the browser, or its \"Copy as cURL\""},
}

const notRead = ", which is not read"

func foreignAs(text []byte) error { return knownAs(foreign, notRead, text[:min(len(text), 1<<16)]) }

// foreignOf names what a text is that is no message.
func foreignOf(text []byte) error {
	if startsMessage(text) {
		return nil
	}
	return foreignAs(text)
}

// exports are texts in JSON that have no exchange that could be read.
var exports = []unreadable{
	{"an export of Thunder Client", like(`"(?:clientName|client)"\s*:\s*"Thunder Client"`), export},
	{"an export of Hoppscotch", like(`"preRequestScript"\s*:`), export},
	{"an environment of Postman", like(`"_postman_variable_scope"`), "give the collection, with the values in it"},
	{"an OpenAPI document", like(`^\{\s*"(?:openapi|swagger)"\s*:\s*"`), "give it as a catalogue"},
}

// recordMark is in an exchange and in a HAR.
var recordMark = like(`^\[?\s*\{\s*"(?:log|request|startedDateTime|id)"\s*:`)

// exportOf names what a text in JSON is.
func exportOf(text []byte) error {
	head := text[:min(len(text), 1<<16)]
	if text[0] != '{' && text[0] != '[' || recordMark.Match(head) {
		return nil
	}
	return knownAs(exports, notRead, head)
}
