package evidence

import (
	"bytes"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

// unreadForm is what is known and cannot be read: named for what it is.
type unreadForm struct {
	magic string // what it begins with
	is    string
	fix   string
}

var unreadFiles = []unreadForm{
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
	{"-----BEGIN ", "a key or a certificate", "give it with --key FILE, and the exchange as the FILE"},
	{"\x7fELF", "a program", "give the exchange: a raw message, a HAR, a curl command or a log"},
	{"0\x82", "a key, a certificate or another structure in DER", "give it with --key FILE, and the exchange as the FILE"},
	{"CHLS", "a session of Charles", "export it as HAR: File, Export Session"},
}

const (
	capture = "open it in Wireshark, follow the TCP or HTTP stream, and save that; TLS has to be decrypted first"
	picture = "a signature covers bytes, and a picture has none of them: copy the text of the request, with its headers and body"
)

// mitmFlow is how mitmproxy's flow files begin: with lengths and names.
var mitmFlow = lazyregexp.New(`^\d{2,9}:\d{1,3}:[a-z_]+;\d+:`)

// isUnread knows a log that no other form could make something of.
func isUnread(text []byte) bool { return unreadLog(text, true) != nil }

func (Reader) nameUnread(text []byte) (Evidence, error) { return Evidence{}, unreadLog(text, true) }

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
var accessLogs = []struct {
	line    *lazyregexp.Regexp
	is, fix string
}{
	{lazyregexp.New(`(?m)^(?:GET|POST|PUT|PATCH|DELETE) /\S* \d{3} [\d.]+ ms\b`), "an access log (morgan)",
		logging},
	{lazyregexp.New(`(?m)^\d{4}/\d\d/\d\d [\d:]+ \[(?:error|warn|crit|info|notice|debug)\] \d+#\d+: `),
		"an error log of nginx", logging},
	{lazyregexp.New(`(?m)^(?:https?|h2|grpcs?|wss?) \d{4}-\S+ \S+ [\d.]+:\d+ `), "an access log of a load balancer",
		logging},
	{lazyregexp.New(`(?m)^\[[^\]\n]+\] "[A-Z]+ \S+ HTTP/[\d.]+" \d+ `), "an access log of Envoy", logging},
	{lazyregexp.New(`(?m)^#Fields: .*\bcs-method\b`), "an access log of IIS", logging},
	{lazyregexp.New(`(?m)Started [A-Z]+ "/[^"\n]*" for \S+ at `), "a log of Rails", logging},
	{lazyregexp.New(`ExchangeFunctions|reactor\.netty\.\S* ?: .*(?:WRITE|READ): \d+B`), "a log of Spring WebFlux", "log them as well: " +
		"HttpClient.create().wiretap(true), with reactor.netty.http.client at DEBUG"},
}

// lineForms are logs whose lines tell of requests and do not have them.
// The first of them have what looks like messages.
var lineForms = []struct {
	line    *lazyregexp.Regexp
	is, fix string
	first   bool // before the forms that would take it for a message
}{
	{lazyregexp.New(`(?m)^Request method:\t[A-Z]+\s+Request URI:\t`), "a log of REST Assured: it changes the layout of the body",
		"record the call with a proxy and give its HAR, or log the wire with Apache HttpClient", true},
	{lazyregexp.New(`(?m)^.{0,80}╔╣ ?Request`), "a log in a frame, such as pretty_dio_logger of Flutter: it breaks lines and changes the layout of the body",
		"log with dio's own LogInterceptor(requestBody: true, responseBody: true)", true},
	{lazyregexp.New(`(?m)^Sample Start: `), "a sampler result of JMeter without the request's headers", "give the tab Request, Raw, with the " +
		"Request Headers in it", false},
	{lazyregexp.New(`jdk\.internal\.net\.http\.|sun\.net\.www\.MessageHeader@`), "a log of Java's own HTTP client: it has no " +
		"bodies", "print the body that is sent and the one that comes, or record the call with a proxy and give its HAR", true},
	{lazyregexp.New(`(?m)^\S+ \S+ \S+ \[[^\]]+\] "[A-Z]+ \S+ HTTP/[\d.]+" \d{3} `),
		"an access log: it has neither headers nor bodies", logging, false},
	{lazyregexp.New(`(?m)haproxy\[\d+\]: |\d+/\d+/\d+/\d+/\+?\d+ \d{3} \+?\d+ .*"[A-Z]+ \S+ HTTP/[\d.]+"`),
		"a log of HAProxy: it has neither headers nor bodies", logging, false},
	{lazyregexp.New(`(?mi)RestTemplate.*HTTP (?:GET|POST|PUT|DELETE) |Writing \[.*\] (?:with|as) |HttpEntityMethodProcessor`),
		"a log of Spring: it has no headers", "log the wire: logging.level.org.apache.http.wire=DEBUG, or an interceptor " +
			"that prints headers and body", true},
	{lazyregexp.New(`(?m)System\.Net\.Http\.HttpClient\.|RequestUri: '[^']*', Version: `), "a log of .NET's HttpClient: it has no bodies",
		"log the body too: await request.Content.ReadAsStringAsync(), or record the call with a proxy and give its HAR", false},
	{lazyregexp.New(`(?is)^\s*<\?xml\b.{0,200}<charles-session`), "a session of Charles in XML", "export it as HAR: " +
		"File, Export Session", false},
	{lazyregexp.New(`(?i)^\s*<\?xml\b`), "an XML document that is no item of Burp", "give the request with its headers and body, or a HAR", false},
	{lazyregexp.New(`(?m)^(?:Caused by: |\s+at [\w.$]+\([^)]*\)|Traceback \(most recent call last\))`),
		"a stack trace without a message", "log the request as it is sent, with its headers and body", false},
	{lazyregexp.New(`(?i)^\{[^{}]*\bsignature['"]?: ['"]algorithm[^{}]*\}`), "a printed object with headers alone: it has neither a method, nor a path, nor a body",
		"print req.method, req.originalUrl and the raw body as well", false},
	{lazyregexp.New(`(?m)^curl: \(\d+\) `), "what curl says where a request fails, without the request", "give the command, or what curl -v prints of a " +
		"request that is answered", false},
	{lazyregexp.New(`^[\[(]?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d`), "a log without a request in it", logging, false},
	{lazyregexp.New(`(?mi)^signature: *\S`), "a list of headers without a request line", "give the method and the path above them, and the body below: " +
		"POST /v2/payments/pay HTTP/1.1", false},
	{lazyregexp.New(`^(?:---\s*\n)?(?:\s*#.*\n)*(?:\[[\w .-]+\]\n)?(?:(?:[A-Za-z_][\w.-]*(?::(?: [^\n]*)?| *=[^\n]*)|[ \t]+[^\n]*|- [^\n]*|)\n){2,}$`),
		"a text of names and values such as YAML or .properties, without a request line", "give the request with its method, path, headers and body", false},
	{lazyregexp.New(`^[\w "@.-]+(?:,[\w "@.-]+)+\r?\n(?:[^,\n]*,[^\n]*\n?)+$`), "a table (CSV) without a message in it",
		"give the request with its method, path, headers and body", false},
	{lazyregexp.New(`(?i)^\s*<(?:!doctype html|html)\b`), "an HTML page", "give the request with its headers and body, or a HAR", false},
	{lazyregexp.New(`(?m)^\d\d:\d\d:\d\d\.\d+ IP6? \S+ > \S+: `),
		"the output of tcpdump without the bytes as they are", "print them with tcpdump -X, or write a file with -w and follow the " +
			"stream in Wireshark", false},
}

var signatureWord = lazyregexp.New(`(?i)signature`)

const logging = "log the message itself: a HAR of the proxy, curl -v with its command, or the wire log of the HTTP library"

// unreadLog names a log that has no messages in it.
func unreadLog(text []byte, first bool) error {
	text = text[:min(len(text), 256<<10)]
	for _, f := range accessLogs {
		if first && f.line.Match(text) && !signatureWord.Match(text) {
			return &hint.Error{Says: "this is " + f.is + ": it has neither headers nor bodies", Fix: f.fix}
		}
	}
	for _, f := range lineForms {
		if f.first == first && f.line.Match(text) {
			return &hint.Error{Says: "this is " + f.is, Fix: f.fix}
		}
	}
	return nil
}
