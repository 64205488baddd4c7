package evidence

import (
	"bytes"
	"fmt"
	"unicode/utf16"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

// foreign are texts that have no exchange that could be read, by what they are.
var foreign = []struct {
	name string
	mark *lazyregexp.Regexp
	fix  string
}{
	{"a key or certificate", lazyregexp.New(`^-----BEGIN `), "give it with --key, and the exchange as FILE"},
	{"an export of Insomnia", lazyregexp.New(`(?m)^type: (?:collection|spec|environment)\.insomnia`),
		`choose "Copy as cURL" at the request in Insomnia, or export a HAR`},
	{"an OpenCollection of Bruno", lazyregexp.New(`(?m)^opencollection:`), `choose "Generate Code", curl, at the request in Bruno`},
	{"an OpenAPI document", lazyregexp.New(`(?m)^(?:openapi|swagger): `), "give it as a catalogue; an exchange has a message with its headers"},
	{"Python source code", lazyregexp.New(`(?m)^\s*(?:import|from) (?:requests|httpx|aiohttp|urllib|http\.client|json)\b|\b(?:requests|httpx|session)\.(?:get|post|put|patch|delete|request)\(`),
		"give what it sends: requests.Request(…).prepare() has method, url, headers and body; or send it through a proxy and save a HAR"},
	{"Java or Kotlin source code", lazyregexp.New(`(?m)^\s*(?:import|package) [a-z]\w*(?:\.\w+)+(?:\.\*)?;?\s*$|HttpRequest\.newBuilder\(|new OkHttpClient|Unirest\.|new Request\.Builder\(`),
		"give what it sends: OkHttp's logging interceptor at level BODY writes it"},
	{"Go source code", lazyregexp.New(`(?m)^package \w+\s*$|http\.NewRequest(?:WithContext)?\(`), "give what it sends: httputil.DumpRequestOut writes it"},
	{"PHP source code", lazyregexp.New(`<\?php|curl_setopt|curl_init\(|new GuzzleHttp|new Client\(`), "give what it sends: CURLOPT_VERBOSE, or Guzzle's debug option, write it"},
	{"C# source code", lazyregexp.New(`(?m)^using System|new HttpRequestMessage|new RestRequest|new HttpClient\(`), "give what it sends, out of a proxy such as Fiddler, as a HAR"},
	{"Ruby source code", lazyregexp.New(`Net::HTTP|(?m)^require ['"]|Faraday\.`), "give what it sends: http.set_debug_output($stdout) writes it"},
	{"Rust source code", lazyregexp.New(`reqwest::|(?m)^use \w+::|\.send\(\)\s*\.await`), "give what it sends, out of a proxy, as a HAR"},
	{"Dart source code", lazyregexp.New(`(?m)^import 'package:|http\.Request\('|http\.(?:post|get)\(Uri\.parse\(|\bDio\(\)`), "log what it sends: dio's LogInterceptor(requestBody: true) writes it"},
	{"Kotlin source code", lazyregexp.New(`(?m)^\s*(?:val|fun) \w+.*(?:OkHttpClient|Request\.Builder|HttpClient)\(`), "give what it sends: OkHttp's logging interceptor at level BODY writes it"},
	{"C source code that uses libcurl", lazyregexp.New(`curl_easy_(?:init|setopt|perform)\(`), "give what it sends: CURLOPT_VERBOSE writes its headers"},
	{"an SSH key", lazyregexp.New(`^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+) AAAA`), "give it with --key, and the exchange as FILE"},
	{"a JSON Web Token (JWT)", lazyregexp.New(`^eyJ[\w-]+\.[\w-]+\.[\w-]*\s*$`), "it signs itself, not a message: give the message whose Signature header is in question"},
	{"a value of a Signature header, without the message that it is for", lazyregexp.New(`^(?:Signature: *)?algorithm *= *\w+ *,[^\n{]*signature *=[^\n{]*\s*$`),
		"give the whole message; or the signed string with --content FILE --signature VALUE"},
	{"an address alone", lazyregexp.New(`^https?://\S+\s*$`), "give the whole request: its headers and its body, such as a browser's \"Copy as cURL\""},
	{"SQL", lazyregexp.New(`(?i)^(?:insert into|select|update|create table|delete from)\s`), "give the message that is in it: its headers and its body"},
	{"a query of GraphQL", lazyregexp.New(`^(?:query|mutation|subscription)\b[^{\n]{0,200}\{`), "give the whole HTTP request that carries it"},
	{"a definition of Protocol Buffers", lazyregexp.New(`^(?:\s*//.*\n)*syntax\s*=\s*"proto`), "give the message that was sent"},
	{"a patch", lazyregexp.New(`^(?:diff --git |--- \S+\n\+\+\+ )`), "give the message that was sent"},
	{"a picture in base64", lazyregexp.New(`^(?:iVBORw0KGgo|/9j/4|R0lGOD)`), "a signature covers bytes, and a picture has none of them: copy the text of the request"},
	{"a command of gRPC", lazyregexp.New(`(?m)^[$ ]*grpcurl\s`), "gRPC has no text that could be read here: give a HAR of a proxy"},
	{"a configuration of this program", lazyregexp.New(`(?m)^\[profiles\.`), "give it with --config; an exchange has a message with its headers"},
	{"a stack trace of Go", lazyregexp.New(`(?m)^goroutine \d+ \[`), "give what was sent: httputil.DumpRequestOut writes it"},
	{"an XML document", lazyregexp.New(`^(?:<\?xml[^>]*>\s*(?:<!--.*?-->\s*)*)?<(?:\w+:)?\w+(?:\s+[\w:-]+="[^"]*")*\s*/?>`), "a body alone has no signature: give the whole message with its headers"},
	{"Swift source code", lazyregexp.New(`URLRequest\(url:|(?m)^import Foundation`), "give what it sends, out of a proxy, as a HAR"},
	{"an HTML page", lazyregexp.New(`(?i)^<(?:!doctype html|html|head|body)\b`), "give the exchange itself: a HAR of the browser, or its \"Copy as cURL\""},
}

func notRead(name, fix string) error {
	return &hint.Error{Says: fmt.Sprintf("this is %s, which is not read", name), Fix: fix}
}

// exports are texts in JSON that have no exchange that could be read.
var exports = []struct {
	name string
	mark *lazyregexp.Regexp
	fix  string
}{
	{"an export of Thunder Client", lazyregexp.New(`"(?:clientName|client)"\s*:\s*"Thunder Client"`), exportFix},
	{"an export of Hoppscotch", lazyregexp.New(`"preRequestScript"\s*:`), exportFix},
	{"an environment of Postman", lazyregexp.New(`"_postman_variable_scope"`), "give the collection, with the values in it"},
	{"an OpenAPI document", lazyregexp.New(`^\{\s*"(?:openapi|swagger)"\s*:\s*"`), "give it as a catalogue"},
}

const exportFix = "copy the request as cURL there, or give a HAR"

// isExport reports whether a text in JSON is known to have no exchange.
func isExport(text []byte) bool { return exportOf(text) != nil }

func exportOf(text []byte) error {
	head := text[:min(len(text), 1<<16)]
	if text[0] != '{' && text[0] != '[' || recordMark.Match(head) {
		return nil
	}
	for _, e := range exports {
		if e.mark.Match(head) {
			return notRead(e.name, e.fix)
		}
	}
	return nil
}

// recordMark is in an exchange and in a HAR.
var recordMark = lazyregexp.New(`^\[?\s*\{\s*"(?:log|request|startedDateTime|id)"\s*:`)

// refuseExport says what a text in JSON is.
func (r Reader) refuseExport(text []byte) (Evidence, error) { return Evidence{}, exportOf(text) }

// foreignNumber returns the number of what a text is; -1 where it is none of them.
func foreignNumber(text []byte) int {
	head := text[:min(len(text), 1<<16)]
	for i, f := range foreign {
		if f.mark.Match(head) {
			return i
		}
	}
	return -1
}

// isForeign reports whether a text is known to be something without an exchange.
func isForeign(text []byte) bool {
	return !startsMessage(text) && foreignNumber(text) >= 0
}

// refuse says what a text is, and what to give instead.
func (r Reader) refuse(text []byte) (Evidence, error) {
	f := foreign[foreignNumber(text)]
	return Evidence{}, notRead(f.name, f.fix)
}

// fromUTF16 reads a text in UTF-16, as PowerShell writes what is redirected into
// a file.
func fromUTF16(data []byte) ([]byte, bool) {
	little, big := bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff})
	from := 2
	if !little && !big { // without its mark, ASCII tells: every other byte is zero
		from, little = 0, everyOther(data, 1)
		big = !little && everyOther(data, 0)
	}
	if !little && !big || len(data)%2 == 1 {
		return data, false
	}
	units := make([]uint16, 0, len(data)/2)
	for i := from; i < len(data); i += 2 {
		unit := uint16(data[i])<<8 | uint16(data[i+1])
		if little {
			unit = uint16(data[i+1])<<8 | uint16(data[i])
		}
		units = append(units, unit)
	}
	return []byte(string(utf16.Decode(units))), true
}

// everyOther reports whether a text begins with characters of ASCII that have a
// zero byte each, before (0) or behind (1) them.
func everyOther(data []byte, zero int) bool {
	head := data[:min(len(data), 64)]
	for i, c := range head {
		if (c == 0) != (i%2 == zero) {
			return false
		}
	}
	return len(head) >= 16
}
