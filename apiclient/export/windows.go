package export

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"countersign/apiclient"
)

// plainCMD are characters that mean nothing to cmd and to the runtime of programs.
const plainCMD = "{[abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:"

// longestCMD is the longest line that cmd takes, in characters.
const longestCMD = 8191

// curlCMD writes a command of curl for the prompt of cmd, of Windows: in a batch file
// percent signs would stand twice. cmd takes no carriage
// return and no NUL, and cannot be told so for a long body.
func (j *job) curlCMD() ([]byte, error) {
	var b strings.Builder
	for _, name := range j.names() {
		fmt.Fprintf(&b, "rem %s is secret and not in this command: first say set %s=...\r\n", name, name)
	}
	if len(j.e.Tampered) > 0 {
		b.WriteString("rem tampered on purpose: " + strings.Map(plainASCII,
			apiclient.TamperTitles(j.e.Tampered)) + "\r\n")
	}
	if len(j.e.Request.Body) > 0 && !cmdHolds(string(j.e.Request.Body)) {
		return nil, cannot("a command of cmd", "its body has a carriage return, or characters that cannot be typed")
	}
	line := "curl.exe -g --http1.1 --path-as-is -sS -i -X " + method(&j.e) + " " + j.cmdWord(j.e.URL)
	for _, h := range curlHeaders(&j.e) {
		if !cmdHolds(h) {
			return nil, cannot("a command of cmd",
				fmt.Sprintf("the header %.40q has characters that cannot be typed", h))
		}
		line += " ^\r\n  -H " + j.cmdWord(h)
	}
	line += " ^\r\n  --data-raw " + j.cmdWord(string(j.e.Request.Body)) + "\r\n"
	if len(line) > longestCMD {
		return nil, cannot("a command of cmd", fmt.Sprintf("its line would have %d characters, and cmd takes %d",
			len(line), longestCMD))
	}
	return []byte(b.String() + line), nil
}

func plainASCII(r rune) rune {
	if r < ' ' || r > '~' || strings.ContainsRune("&|<>^%\"", r) {
		return ' '
	}
	return r
}

func cmdHolds(s string) bool {
	return utf8.ValidString(s) && printed([]byte(s)) && !strings.Contains(s, "\ufeff")
}

// cmdWord writes a word that cmd hands to curl as it is. Its quotes are escaped, so
// that cmd is never inside of quotes and a caret before each of its own marks
// holds; curl's runtime then reads backslashes before quotes alone.
func (j *job) cmdWord(s string) string {
	var b strings.Builder
	// A word that begins with ^" is read here, and by others, as browsers write it: with
	// every backslash twice, which Windows does not undo.
	if strings.Contains(s, `\`) && strings.IndexByte(plainCMD, s[0]) >= 0 {
		b.WriteByte(s[0])
		s = s[1:]
	}
	b.WriteString(`^"`)
	slashes := 0
	var before rune
	for _, p := range j.pieces(s) {
		if p.env != "" {
			b.WriteString(strings.Repeat(`\`, slashes) + "%" + p.env + "%")
			slashes, before = 0, 0
			continue
		}
		for _, r := range p.text {
			if r == '\\' {
				slashes++
				continue
			}
			if r == '"' {
				slashes = 2*slashes + 1
			}
			b.WriteString(strings.Repeat(`\`, slashes))
			slashes = 0
			if before == '%' && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_') {
				b.WriteByte('^') // %NAME% is a variable, and %^NAME% none
			}
			before = r
			switch {
			case r == '\n':
				b.WriteString("^\n\n")
			case strings.ContainsRune(`^"&|<>()!`, r):
				b.WriteString("^" + string(r))
			default:
				b.WriteRune(r)
			}
		}
	}
	b.WriteString(strings.Repeat(`\`, 2*slashes) + `^"`)
	return b.String()
}

// powerShell writes Invoke-WebRequest, whose body is bytes: Windows PowerShell takes
// quotes out of the arguments of other programs, and sends a text as ISO-8859-1.
func (j *job) powerShell() ([]byte, error) {
	var b strings.Builder
	b.WriteString("# Sends the very bytes that were signed.")
	if len(j.e.Tampered) > 0 {
		b.WriteString(" Tampered on purpose: " + strings.Map(plainASCII, apiclient.TamperTitles(j.e.Tampered)))
	}
	b.WriteString("\n")
	for _, name := range j.names() {
		fmt.Fprintf(&b, "if (-not $env:%s) { throw '%s is secret and not in this command: set $env:%s first' }\n",
			name, name, name)
	}
	fmt.Fprintf(&b, "$headers = @{\n")
	seen := map[string]bool{}
	media := ""
	for _, f := range j.e.Request.Header {
		name := strings.ToLower(f.Name)
		switch {
		case name == "content-type" && media == "":
			media = f.Value
			continue
		case unneeded[name] && name != "host" || name == "host" && f.Value == hostAt(j.e.URL):
			continue
		case seen[name]:
			return nil, cannot("a command of PowerShell", "it has the header "+f.Name+" more than once")
		}
		seen[name] = true
		fmt.Fprintf(&b, "  %s = %s\n", powerQuote(f.Name), j.powerWord(f.Value))
	}
	b.WriteString("}\n")
	body := string(j.e.Request.Body)
	switch {
	case body == "":
	case utf8.ValidString(body):
		fmt.Fprintf(&b, "$body = [Text.Encoding]::UTF8.GetBytes(%s)\n", j.powerWord(body))
	case len(j.pieces(body)) > 1:
		return nil, cannot("a command of PowerShell", "its body is not UTF-8, and a part of it is secret")
	default:
		fmt.Fprintf(&b, "$body = [Convert]::FromBase64String('%s')\n", base64.StdEncoding.EncodeToString([]byte(body)))
	}
	fmt.Fprintf(&b, "Invoke-WebRequest -UseBasicParsing -Method %s -Uri %s -Headers $headers", method(&j.e),
		j.powerWord(j.e.URL))
	if media != "" {
		fmt.Fprintf(&b, " -ContentType %s", j.powerWord(media))
	}
	if body != "" {
		b.WriteString(" -Body $body")
	}
	b.WriteString("\n")
	return []byte(b.String()), nil
}

func powerQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// powerEscapes are characters that cannot be typed and have a letter.
var powerEscapes = map[rune]string{'\r': "`r", '\t': "`t", 0: "`0", '\a': "`a", '\b': "`b", '\f': "`f", '\v': "`v"}

// powerWord writes a text: in single quotes nothing has a meaning, and what cannot
// be typed there stands in double quotes by its letter or number.
func (j *job) powerWord(s string) string {
	var parts []string
	for _, p := range j.pieces(s) {
		if p.env != "" {
			parts = append(parts, "$env:"+p.env)
			continue
		}
		for p.text != "" {
			n := strings.IndexFunc(p.text, func(r rune) bool { return !printed([]byte(string(r))) })
			if n < 0 {
				n = len(p.text)
			}
			if n > 0 {
				parts = append(parts, powerQuote(p.text[:n]))
				p.text = p.text[n:]
				continue
			}
			r, size := utf8.DecodeRuneInString(p.text)
			escape, ok := powerEscapes[r]
			if !ok {
				escape = fmt.Sprintf("$([char]%d)", r)
			}
			if last := len(parts) - 1; last >= 0 && parts[last][0] == '"' {
				parts[last] = strings.TrimSuffix(parts[last], `"`) + escape + `"`
			} else {
				parts = append(parts, `"`+escape+`"`)
			}
			p.text = p.text[size:]
		}
	}
	switch len(parts) {
	case 0:
		return "''"
	case 1:
		return parts[0]
	}
	return "(" + strings.Join(parts, " + ") + ")"
}
