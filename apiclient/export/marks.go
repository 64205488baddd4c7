package export

import (
	"strings"

	"countersign/apiclient/diagnose"
)

// lineOf returns which line of a program a finding is about; "" where it is about
// none.
func lineOf(f diagnose.Finding) string {
	return map[diagnose.Family]string{
		diagnose.FamilyBody: "body", diagnose.FamilyTime: "time", diagnose.FamilyPath: "uri",
		diagnose.FamilyMethod:   "method",
		diagnose.FamilyClientID: "client", diagnose.FamilyTemplate: "content", diagnose.FamilyContent: "content",
		diagnose.FamilyKey: "key", diagnose.FamilyHash: "sign", diagnose.FamilyPadding: "sign",
		diagnose.FamilyValue:  "value",
		diagnose.FamilyHeader: "header", diagnose.FamilyResponse: "answer", diagnose.FamilyTamper: "send",
	}[f.Family]
}

// typical are lines of code that make a mistake: by the beginning of the cause, for
// each language. Where a language is missing, its library does not do so.
var typical = []struct {
	cause string
	code  map[string]string
}{
	{"body_compact", map[string]string{"go": "json.Marshal(body)", "java": "objectMapper.writeValueAsString(body)",
		"node":   "JSON.stringify(body)",
		"python": `json.dumps(body, separators=(",", ":"))`, "php": "json_encode($body)",
		"csharp": "JsonConvert.SerializeObject(body)"}},
	{"body_pretty", map[string]string{"go": `json.MarshalIndent(body, "", "  ")`,
		"java": "writerWithDefaultPrettyPrinter().writeValueAsString(body)",
		"node": "JSON.stringify(body, null, 2)", "python": "json.dumps(body, indent=2)",
		"php":    "json_encode($body, JSON_PRETTY_PRINT)",
		"csharp": "JsonConvert.SerializeObject(body, Formatting.Indented)"}},
	{"body_python_separators", map[string]string{"python": "json.dumps(body)"}},
	{"body_python_repr", map[string]string{"python": "str(body)"}},
	{"body_unicode_escaped", map[string]string{"python": "json.dumps(body)", "php": "json_encode($body)"}},
	{"body_slash_escaped", map[string]string{"php": "json_encode($body)"}},
	{"body_html_escaped", map[string]string{"go": "json.Marshal(body)", "java": "new Gson().toJson(body)",
		"csharp": "System.Text.Json.JsonSerializer.Serialize(body)"}},
	{"body_java_map", map[string]string{"java": "map.toString()"}},
	{"body_key_order", map[string]string{"go": "json.Marshal(map[string]any{…})", "java": "new HashMap<>()",
		"python": "json.dumps(body, sort_keys=True)",
		"node":   "JSON.stringify(sorted(body))", "php": "ksort($body)",
		"csharp": "new SortedDictionary<string, object>()"}},
	{"body_double_stringified", map[string]string{"node": "JSON.stringify(JSON.stringify(body))",
		"python": "json.dumps(json.dumps(body))"}},
	{"body_empty", map[string]string{"go": "nil", "java": `""`, "node": `""`, "python": `""`, "php": `""`, "csharp": `""`}},
	{"body_trailing_newline", map[string]string{"go": "json.NewEncoder(w).Encode(body)", "php": `$body . "\n"`, "python": `body + "\n"`}},
	{"body_undefined", map[string]string{"node": "`${undefined}`", "python": "str(None)", "java": `"" + null`}},
	{"body_", map[string]string{"go": "json.Marshal(body)", "java": "objectMapper.writeValueAsString(body)", "node": "JSON.stringify(body)",
		"python": "json.dumps(body)", "php": "json_encode($body)", "csharp": "JsonConvert.SerializeObject(body)"}},
	{"time_seconds", map[string]string{"go": "time.Now().Unix()", "java": "Instant.now().getEpochSecond()",
		"node":   "Math.floor(Date.now() / 1000)",
		"python": "int(time.time())", "php": "time()", "csharp": "DateTimeOffset.UtcNow.ToUnixTimeSeconds()"}},
	{"time_differs", map[string]string{"go": "time.Now().UnixMilli(), a second time", "java": "System.currentTimeMillis(), a second time",
		"node": "Date.now(), a second time", "python": "time.time(), a second time",
		"php":    "microtime(true), a second time",
		"csharp": "DateTimeOffset.UtcNow, a second time"}},
	{"time_iso", map[string]string{"go": "time.Now().Format(time.RFC3339)", "java": "OffsetDateTime.now().toString()",
		"node":   "new Date().toISOString()",
		"python": "datetime.now().isoformat()", "php": "date('c')", "csharp": `DateTime.Now.ToString("o")`}},
	{"path_full_url", map[string]string{"go": "request.URL.String()", "java": "uri.toString()", "node": "url.href",
		"python": "response.request.url",
		"php":    "$url", "csharp": "uri.ToString()"}},
	{"query_omitted", map[string]string{"go": "request.URL.Path", "java": "uri.getRawPath()", "node": "url.pathname",
		"python": "urlsplit(url).path",
		"php":    "parse_url($url, PHP_URL_PATH)", "csharp": "uri.AbsolutePath"}},
	{"query_decoded", map[string]string{"java": "uri.getPath() + \"?\" + uri.getQuery()", "python": "unquote(url)",
		"php":  "urldecode($uri)",
		"node": "decodeURIComponent(url)"}},
	{"method_case", map[string]string{"go": "strings.ToLower(method)", "java": "method.toLowerCase()", "node": "method.toLowerCase()",
		"python": "method.lower()", "php": "strtolower($method)", "csharp": "method.ToLower()"}},
	{"client_id_merchant", map[string]string{"go": "merchantID", "java": "merchantId", "node": "merchantId", "python": "merchant_id",
		"php": "$merchantId", "csharp": "merchantId"}},
	{"newline_literal", map[string]string{"php": `'\n'`, "java": `"\\n"`, "node": "String.raw`\\n`", "python": `r"\n"`,
		"go": "`\\n`", "csharp": `@"\n"`}},
	{"newline_crlf", map[string]string{"java": "System.lineSeparator()", "csharp": "Environment.NewLine",
		"php": "PHP_EOL", "python": "os.linesep"}},
	{"padding_pss", map[string]string{"go": "rsa.SignPSS", "python": "padding.PSS(…)", "java": `Signature.getInstance("RSASSA-PSS")`,
		"node": "padding: constants.RSA_PKCS1_PSS_PADDING", "csharp": "RSASignaturePadding.Pss"}},
	{"hash_sha1", map[string]string{"go": "crypto.SHA1", "python": "hashes.SHA1()", "java": `"SHA1withRSA"`, "node": `"RSA-SHA1"`,
		"php": "openssl_sign($content, $signature, $key)", "csharp": "HashAlgorithmName.SHA1"}},
	{"signature_not_urlencoded", map[string]string{"go": "base64.StdEncoding.EncodeToString(signature)",
		"java": "Base64.getEncoder().encodeToString(signature)",
		"node": `signature.toString("base64")`, "python": "base64.b64encode(signature).decode()",
		"php":    "base64_encode($signature)",
		"csharp": "Convert.ToBase64String(signature)"}},
	{"signature_line_wrapped", map[string]string{"java": "Base64.getMimeEncoder()", "python": "base64.encodebytes(signature)",
		"csharp": "Base64FormattingOptions.InsertLineBreaks", "php": "chunk_split(base64_encode($signature))"}},
	{"signature_hex", map[string]string{"go": "hex.EncodeToString(signature)", "java": "HexFormat.of().formatHex(signature)",
		"node": `signature.toString("hex")`, "python": "signature.hex()", "php": "bin2hex($signature)",
		"csharp": "BitConverter.ToString(signature)"}},
	{"signature_double", map[string]string{"go": "url.QueryEscape, twice", "java": "URLEncoder.encode, twice",
		"node":   "encodeURIComponent, twice",
		"python": "quote, twice", "php": "rawurlencode, twice", "csharp": "Uri.EscapeDataString, twice"}},
}

// longestSigned is the longest value that is told as code, in bytes.
const longestSigned = 100

// typical returns the code that makes a mistake; "" where none is known. A path or a
// client id is told as the value that was signed.
func (l language) typical(f diagnose.Finding) string {
	for _, t := range typical {
		if strings.HasPrefix(f.Cause, t.cause) {
			return t.code[l.name]
		}
	}
	if (f.Family == diagnose.FamilyPath || f.Family == diagnose.FamilyClientID) && f.Proven && f.Signed != "" &&
		len(f.Signed) <= longestSigned {
		return l.quote(f.Signed)
	}
	return ""
}
