package bodies

import (
	"bytes"
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"countersign/apiclient/jsontext"
)

func itoa(n int) string { return strconv.Itoa(n) }

// onText makes a byteOp's function of one on strings.
func onText(f func(string) string) rewriter {
	return func(b []byte) ([]byte, bool) {
		s := string(b)
		t := f(s)
		if t == s {
			return nil, false
		}
		return []byte(t), true
	}
}

func appended(suffix string) rewriter {
	return func(b []byte) ([]byte, bool) { return append(bytes.Clone(b), suffix...), true }
}

func prepended(prefix string) rewriter {
	return func(b []byte) ([]byte, bool) { return append([]byte(prefix), b...), true }
}

func cutSuffix(suffix string) rewriter {
	return func(b []byte) ([]byte, bool) { return bytes.CutSuffix(b, []byte(suffix)) }
}

func replaced(pairs ...string) rewriter { return onText(Replaced(pairs...)) }

// Replaced returns what strings.NewReplacer does with these pairs. Most texts have
// none of them: the tables of a replacer are made for those that do.
func Replaced(pairs ...string) func(string) string {
	replacer := strings.NewReplacer(pairs...)
	return func(s string) string {
		for i := 0; i < len(pairs); i += 2 {
			if strings.Contains(s, pairs[i]) {
				return replacer.Replace(s)
			}
		}
		return s
	}
}

const bom = "\xef\xbb\xbf"

func dropSpace(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func collapse(s string) string { return strings.Join(strings.Fields(s), " ") }

func eachLine(f func(string) string, join string) func(string) string {
	return func(s string) string {
		lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
		for i, l := range lines {
			lines[i] = f(l)
		}
		return strings.Join(lines, join)
	}
}

func toCRLF(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}

// texts are changes of white space, case, quotes and escapes.
var texts = []byteOp{
	{common, appended("\n"), "body_trailing_newline", "with a line feed at its end that was not sent",
		"`echo \"$body\" | openssl dgst …` instead of `printf %s`, or a file that an editor ended with a line feed"},
	{common, cutSuffix("\n"), "body_trailing_newline", "without the line feed at its end that was sent",
		"`$(cat body.json)`, which drops it, or `fmt.Fprintln`, which adds it after signing"},
	{usual, appended("\r\n"), "body_trailing_newline", "with CR LF at its end that was not sent", "a file made on Windows, or `println`"},
	{usual, cutSuffix("\r\n"), "body_trailing_newline",
		"without the CR LF at its end that was sent", "`println`, which adds it after signing"},
	{plausible, appended("\r"), "body_trailing_newline", "with a CR at its end that was not sent", "a CRLF file read line by line"},
	{rare, appended("\n\n"), "body_trailing_newline", "with two line feeds at its end", "`println` of a text that ends in one"},
	{common, onText(strings.TrimSpace), "body_whitespace_trimmed", "with the blanks at its ends trimmed", "`body.trim()` before signing"},
	{usual, onText(func(s string) string { return strings.TrimRight(s, " \t\r\n") }), "body_whitespace_trimmed",
		"with the blanks at its end trimmed", "`rstrip()` before signing"},
	{plausible, onText(func(s string) string { return strings.TrimLeft(s, " \t\r\n") }), "body_whitespace_trimmed",
		"with the blanks at its beginning trimmed", "`lstrip()` before signing"},
	{plausible, appended(" "), "body_whitespace_trimmed", "with a space at its end that was not sent", "string concatenation with a blank"},
	{plausible, prepended(" "), "body_whitespace_trimmed",
		"with a space at its beginning that was not sent", "string concatenation with a blank"},
	{plausible, prepended("\n"), "body_whitespace_trimmed",
		"with a line feed at its beginning that was not sent", "a text block that starts on a new line"},
	{plausible, prepended("\r\n"), blanksChanged,
		"with CR LF at its beginning that was not sent", "an HTTP message split in the wrong place"},
	{exotic, appended("\t"), "body_whitespace_trimmed", "with a tab at its end", "string concatenation"},
	{plausible, appended("\x00"), "body_trailing_nul",
		"with a NUL byte at its end", "a C buffer signed with its terminator, or a buffer that is one too long"},
	{plausible, func(b []byte) ([]byte, bool) {
		return bytes.TrimRight(b, "\x00"), bytes.HasSuffix(b, []byte{0})
	}, "body_trailing_nul",
		"without the NUL bytes at its end", "a buffer sent in its whole length"},
	{common, prepended(bom), "body_bom", "with a byte order mark (EF BB BF) that was not sent",
		"a file saved as UTF-8 with BOM, or .NET's `Encoding.UTF8` with a preamble"},
	{common, func(b []byte) ([]byte, bool) { return bytes.CutPrefix(b, []byte(bom)) }, "body_bom",
		"without the byte order mark (EF BB BF) that was sent", "a reader that drops it, or a writer that adds it"},
	{common, onText(toCRLF), "body_line_endings",
		"with CR LF line ends where LF was sent", "a file checked out on Windows, or `Environment.NewLine`"},
	{common, replaced("\r\n", "\n"), "body_line_endings",
		"with LF line ends where CR LF was sent", "a text mode that turns CR LF into LF, before or after signing"},
	{rare, replaced("\r\n", "\r", "\n", "\r"), "body_line_endings", "with CR line ends", "a text conversion for old systems"},
	{plausible, replaced("\r", ""), "body_line_endings", "without the CRs that were sent", "`tr -d '\\r'`"},
	{plausible, replaced("\n", "\r\n"), "body_line_endings", "with a CR before each LF", "text mode on Windows"},
	{common, onText(dropSpace), "body_all_whitespace_removed", "with all white space removed, inside strings too",
		"`body.replaceAll(\"\\\\s\", \"\")`; white space inside strings is data"},
	{usual, replaced(" ", ""), "body_all_whitespace_removed",
		"with all spaces removed, inside strings too", "`body.replace(\" \", \"\")`; spaces inside strings are data"},
	{usual, replaced("\r", "", "\n", ""), blanksChanged, "with its line breaks removed", "`tr -d '\\n'`, or `readLine` in a loop"},
	{usual, replaced("\r", "", "\n", "", "\t", ""), blanksChanged,
		"with its line breaks and tabs removed", "a regular expression such as `[\\r\\n\\t]`"},
	{plausible, replaced("\r\n", " ", "\n", " "), blanksChanged,
		"with spaces for its line breaks", "`$(cat body.json)` without quotes, or a header-like join"},
	{usual, onText(collapse), blanksChanged, "with runs of white space collapsed to one space", "`echo $body` without quotes"},
	{usual, onText(eachLine(strings.TrimSpace, "")), blanksChanged, "with its lines trimmed and joined", "`readLine().trim()` in a loop"},
	{plausible, onText(eachLine(strings.TrimSpace, "\n")), blanksChanged, "with its lines trimmed", "`readLine().trim()` in a loop"},
	{plausible, onText(eachLine(func(l string) string { return strings.TrimLeft(l, " \t") }, "\n")), blanksChanged,
		"without its indentation", "`stripIndent`, or a shell here-document with <<-"},
	{plausible, onText(eachLine(func(l string) string { return strings.TrimRight(l, " \t") }, "\n")), blanksChanged,
		"with the blanks at the ends of its lines trimmed", "an editor that trims trailing white space"},
	{plausible, replaced("\t", "    "), blanksChanged, "with four spaces for each tab", "a text area or an editor that expands tabs"},
	{rare, replaced("\t", "  "), blanksChanged, "with two spaces for each tab", "a text area or an editor that expands tabs"},
	{plausible, replaced("    ", "\t"), blanksChanged, "with a tab for each four spaces", "an editor that indents with tabs"},
	{rare, replaced("  ", "\t"), blanksChanged, "with a tab for each two spaces", "an editor that indents with tabs"},
	{plausible, replaced("\r\n", `\r\n`, "\n", `\n`), blanksChanged,
		"with the two characters \\n for its line breaks", "a string that was escaped for a log"},
	{exotic, replaced("\n", `\\n`), blanksChanged, "with \\\\n for its line breaks", "a string that was escaped twice"},
	{plausible, replaced("\u00a0", " "), blanksChanged, "with plain spaces for no-break spaces", "text copied from a web page"},
	{exotic, replaced(" ", "\u00a0"), blanksChanged, "with no-break spaces for spaces", "text copied from a web page"},
	{usual, onText(strings.ToLower), "body_case_changed", "in lower case", "`toLowerCase()` on the whole string to sign"},
	{usual, onText(strings.ToUpper), "body_case_changed", "in upper case", "`toUpperCase()` on the whole string to sign"},
	{usual, onText(norm.NFD.String), "body_unicode_normalisation", "with its accents decomposed (NFD)",
		"text that came from macOS file names, or `Normalizer.normalize(s, NFD)`"},
	{usual, onText(norm.NFC.String), "body_unicode_normalisation",
		"with its accents composed (NFC)", "a database, browser or `unicodedata.normalize('NFC', s)`"},
	{plausible, onText(norm.NFKC.String), "body_unicode_normalisation",
		"in the compatibility form NFKC", "`unicodedata.normalize('NFKC', s)`, or an input method"},
	{plausible, onText(norm.NFKD.String), "body_unicode_normalisation",
		"in the compatibility form NFKD", "`unicodedata.normalize('NFKD', s)`"},
	{rare, onText(stripAccents), "body_unicode_normalisation", "without accents", "a transliteration to ASCII"},
	{usual, onText(html.EscapeString), htmlEscaped,
		"with HTML entities for < > & ' and quotes", "`html.EscapeString`, an XSS filter, or a template engine"},
	{common, onText(htmlEscape), htmlEscaped, "with the HTML entities &amp; &lt; &gt;",
		"`htmlspecialchars` with ENT_NOQUOTES, an XSS filter, or a template engine"},
	{usual, replaced("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;"), htmlEscaped,
		"with HTML entities for < > & and double quotes", "`htmlspecialchars` of old PHP, or a template engine"},
	{usual, replaced("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#039;"), htmlEscaped,
		"with HTML entities for < > & ' and double quotes", "`htmlspecialchars` of PHP"},
	{plausible, replaced("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#x27;"), htmlEscaped,
		"with HTML entities for < > & ' and double quotes", "Python's `html.escape`"},
	{rare, replaced("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&#39;"), htmlEscaped, "with HTML entities for < > & '", "an XSS filter"},
	{plausible, replaced("&", "&amp;"), htmlEscaped, "with &amp; for &", "an XML or HTML template"},
	{usual, onText(html.UnescapeString), "body_html_unescaped_signed",
		"with its HTML entities undone", "an XSS filter that works on one side only"},
	{plausible, entities(`"&<>`+"'", "&#039;", named(asRune)), htmlEscaped,
		"with HTML entities for < > & ' \" and the letters that have one", "`htmlentities` of PHP"},
	{plausible, entities(`"&<>`, "", named(numericEntities)), htmlEscaped,
		"with HTML entities for < > & \" and all letters outside ASCII", "`StringEscapeUtils.escapeHtml` of Java"},
	{rare, entities(`"&<>`, "", named(unitNumbers)), htmlEscaped,
		"with HTML entities for < > & \" and all letters outside ASCII", "an old `StringEscapeUtils.escapeHtml` of Java"},
	{rare, entities(`"&<>'`, "&apos;", numericEntities), htmlEscaped,
		"with XML entities for < > & ' \" and all letters outside ASCII", "`StringEscapeUtils.escapeXml` of Java"},
	{rare, entities(`"&<>'`, "&apos;", unitNumbers), htmlEscaped,
		"with XML entities for < > & ' \" and all letters outside ASCII", "an old `StringEscapeUtils.escapeXml` of Java"},
	{plausible, entities(`"&<>'`, "&#39;", latinEntities), htmlEscaped,
		"with HTML entities for < > & ' \" and some letters outside ASCII", "`WebUtility.HtmlEncode` of .NET"},
	{rare, entities(`&<>`, "", hexEntities), htmlEscaped,
		"with XML entities for < > & and all letters outside ASCII", "`encode('US-ASCII', xml: :text)` of Ruby"},
	{plausible, onText(func(s string) string { return markup.ReplaceAllString(s, "") }), "body_markup_removed",
		"without what looks like HTML tags", "`strip_tags` of PHP, or an XSS filter that removes tags"},
	{plausible, replaced("https://", "http://", `https:\/\/`, `http:\/\/`), "body_url_scheme_changed",
		"with http:// where https:// was sent", "a proxy that replaces text, such as nginx with `sub_filter`"},
	{plausible, replaced("http://", "https://", `http:\/\/`, `https:\/\/`), "body_url_scheme_changed",
		"with https:// where http:// was sent", "a proxy that replaces text, such as nginx with `sub_filter`"},
	{plausible, replaced("/", `\/`), "body_slash_escaped_signed", "with / written as \\/",
		"PHP's `json_encode` without `JSON_UNESCAPED_SLASHES`"},
	{common, replaced(`\/`, "/"), "body_slash_unescaped_signed", "with / where \\/ was sent", "PHP's `stripslashes`, or a JSON round trip"},
	{usual, replaced(`\`, ""), "body_backslashes_removed", "without its backslashes", "`stripslashes`, or a shell that ate them"},
	{usual, onText(stripSlashes), "body_backslashes_removed",
		"with one level of backslashes removed", "`stripslashes`, `echo -e`, or a shell that ate them"},
	{usual, replaced(`\`, `\\`), "body_backslashes_doubled", "with its backslashes doubled", "escaping a string that is escaped already"},
	{usual, replaced(`\`, `\\`, `"`, `\"`), stringified,
		"escaped for a JSON string, without the quotes around it", "escaping a string that is JSON already"},
	{plausible, replaced(`\`, `\\`, `"`, `\"`, `'`, `\'`), stringified, "with backslashes before its quotes", "PHP's `addslashes`"},
	{usual, replaced(`"`, `\"`), stringified,
		"with a backslash before each quote, without quotes around it", "a template that escapes quotes"},
	{plausible, onText(unicodeEscape), unicodeEscaped, "as Python's unicode_escape writes it", "`body.encode('unicode_escape')`"},
	{usual, replaced(`"`, ""), "body_quotes_removed",
		"without its double quotes", "a shell command line without single quotes around the body"},
	{usual, replaced(`"`, "'"), "body_quotes_changed",
		"with single quotes for double ones", "`str(data)` of Python, or a replacement by hand"},
	{usual, replaced("%%", "%"), "body_percent_changed",
		"with % where %% was sent", "`printf \"$body\"` or a format string; write `printf '%s' \"$body\"`"},
	{usual, replaced("%", "%%"), "body_percent_changed",
		"with %% where % was sent", "escaping for a format string that is not used as one"},
	{usual, onText(func(s string) string { return sprintf(s) }), "body_percent_changed",
		"as Go's Sprintf leaves it, which takes % for a verb",
		"`fmt.Sprintf(body)`; write `fmt.Sprintf(\"%s\", body)` or leave it out"},
	{usual, formatted(bash, true), "body_percent_changed",
		"as printf leaves it, which takes % for a directive", "`printf \"$body\"`; write `printf '%s' \"$body\"`"},
	{usual, formatted(dash, true), "body_percent_changed",
		"as printf of sh leaves it, which takes % for a directive",
		"`printf \"$body\"`; write `printf '%s' \"$body\"`"},
	{plausible, formatted(bash, false), "body_escapes_undone",
		"as printf leaves it, which undoes escapes", "`printf \"$body\"`; write `printf '%s' \"$body\"`"},
	{plausible, formatted(dash, false), "body_escapes_undone",
		"as printf of sh leaves it, which undoes escapes", "`printf \"$body\"`; write `printf '%s' \"$body\"`"},
	{plausible, replaced("%", ""), "body_percent_changed", "without its percent signs", "a format string that ate them"},
	{usual, onText(func(s string) string { return PercentDecode(s, false) }), "body_urldecoded_signed",
		"percent-decoded", "`decodeURIComponent(body)` before signing"},
	{usual, onText(func(s string) string { return PercentDecode(s, true) }), "body_urldecoded_signed",
		"percent-decoded, with + as a space", "`URLDecoder.decode(body)` before signing, or a body parsed as a form"},
	{usual, replaced("+", " "), "body_urldecoded_signed", "with spaces for its plus signs", "a body parsed as a form"},
	{plausible, replaced(`\n`, "\n", `\t`, "\t", `\r`, "\r"), "body_escapes_undone",
		"with \\n and \\t turned into the characters", "`echo -e`, or `printf %b`"},
	{usual, onText(unescapeAll), "body_unicode_unescaped_signed",
		"with its \\uXXXX escapes turned into the characters",
		"`StringEscapeUtils.unescapeJava`, or `decode('unicode_escape')`"},
	{plausible, replaced(`\r\n`, "", `\n`, "", `\r`, "", `\t`, ""), "body_escapes_removed",
		"without its escaped line breaks and tabs", "`replace(/\\\\n/g, '')` over JSON"},
	{plausible, onText(bashEcho.unescaped), "body_escapes_undone",
		"as `echo -e` prints it, without a line feed at its end", "`echo -ne`, or `printf %b`; write `printf '%s' \"$body\"`"},
	{plausible, onText(func(s string) string { return bashEcho.unescaped(s) + "\n" }), "body_escapes_undone",
		"as `echo -e` prints it, with a line feed at its end", "`echo -e \"$body\"`; write `printf '%s' \"$body\"`"},
	{plausible, onText(func(s string) string { return dashEcho.unescaped(s) + "\n" }), "body_escapes_undone",
		"as `echo` of sh prints it, with a line feed at its end", "`echo \"$body\"` in sh; write `printf '%s' \"$body\"`"},
	{usual, withLines("\n", ""), blanksChanged, "with the line breaks that were not sent",
		"`curl -d @body.json`, which leaves line breaks out; `--data-binary @body.json` keeps them"},
	{usual, withLines("\n", "\n"), blanksChanged,
		"with the line breaks that were not sent, and one at its end",
		"`curl -d @body.json`, which leaves line breaks out; `--data-binary @body.json` keeps them"},
	{plausible, withLines("\r\n", ""), blanksChanged, "with the line breaks (CR LF) that were not sent",
		"`curl -d @body.json`, which leaves line breaks out; `--data-binary @body.json` keeps them"},
	{plausible, withLines("\r\n", "\r\n"), blanksChanged,
		"with the line breaks (CR LF) that were not sent, and one at its end",
		"`curl -d @body.json`, which leaves line breaks out; `--data-binary @body.json` keeps them"},
	{plausible, onText(backslashed), unicodeEscaped,
		"with the letters outside ASCII as Python's backslashreplace writes them",
		"`body.encode('ascii', 'backslashreplace')`"},
	{plausible, onText(onlyASCII), "body_unicode_normalisation", "without accents, and without what has no letter in ASCII",
		"`unicodedata.normalize('NFKD', s).encode('ascii', 'ignore')`"},
	{rare, onText(transliterated), "body_charset", "without accents, and with ? for what has no letter in ASCII",
		"`ActiveSupport::Inflector.transliterate`, or iconv with //TRANSLIT"},
	{plausible, replaced("“", `"`, "”", `"`, "‘", "'", "’", "'", "–", "-", "—", "-", "…", "..."), "body_punctuation_changed",
		"with plain quotes and hyphens for typographic ones", "a word processor or chat between copying and pasting"},
	{plausible, replaced("\u2028", "", "\u2029", "", "\u200b", "", "\ufeff", ""), "body_invisible_characters",
		"without its zero-width characters", "text copied from a web page"},
	{rare, replaced(":", ": ", ",", ", "), "body_python_separators_signed",
		"with a space after every colon and comma, inside strings too", "a replacement by hand"},
	{rare, replaced(": ", ":", ", ", ","), "body_compact_signed",
		"with the spaces after colons and commas removed, inside strings too", "a replacement by hand"},
	{rare, onText(func(s string) string { return s + s }), "body_repeated",
		"twice in a row", "a buffer that was not cleared, or a stream read twice"},
}

// sprintf is called with a body as its format on purpose.
var sprintf = fmt.Sprintf

func stripAccents(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s)))
}

// stripSlashes drops backslashes as PHP does, and keeps what they stood before.
func stripSlashes(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b = append(b, s[i])
	}
	return string(b)
}

func unescapeAll(s string) string {
	b := []byte(s)
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if r, size := jsontext.Escape(b[i:]); size > 2 { // \u and four digits
			out = append(out, string(r)...)
			i += size - 1
			continue
		}
		out = append(out, b[i])
	}
	return string(out)
}
