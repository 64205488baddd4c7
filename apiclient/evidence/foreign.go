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
	if !little && !big || len(data)%2 == 1 {
		return data, false
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i < len(data); i += 2 {
		unit := uint16(data[i])<<8 | uint16(data[i+1])
		if little {
			unit = uint16(data[i+1])<<8 | uint16(data[i])
		}
		units = append(units, unit)
	}
	return []byte(string(utf16.Decode(units))), true
}
