package keys

import (
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

// labels are the PEM labels that are found even where dashes are missing. The
// longer comes before the shorter that it ends with.
const labels = `ENCRYPTED PRIVATE KEY|RSA PRIVATE KEY|EC PRIVATE KEY|DSA PRIVATE KEY|OPENSSH PRIVATE KEY|ANY PRIVATE KEY|PRIVATE KEY` +
	`|RSA PUBLIC KEY|EC PUBLIC KEY|DSA PUBLIC KEY|SSH2 PUBLIC KEY|PUBLIC KEY` +
	`|NEW CERTIFICATE REQUEST|CERTIFICATE REQUEST|TRUSTED CERTIFICATE|X509 CERTIFICATE|CERTIFICATE|X509 CRL` +
	`|EC PARAMETERS|DSA PARAMETERS|X9\.42 DH PARAMETERS|DH PARAMETERS|PKCS7|CMS|PKCS12` +
	`|PGP PRIVATE KEY BLOCK|PGP PUBLIC KEY BLOCK|PGP MESSAGE`

var (
	beginLine = lazyregexp.New(`(-*)[ \t]*BEGIN[ \t]+(?:(` + labels + `)\b[ \t]*(-*)|([^\n-]{1,60})(-{5}))`)
	endLine   = lazyregexp.New(`(-*)[ \t]*\bEND[ \t]+(` + labels + `)\b[ \t]*(-*)|-{3,}[^\n]*`)

	dekInfo    = lazyregexp.New(`DEK-Info:\s*([A-Z0-9-]+)\s*,\s*([0-9A-Fa-f]+)[ \t\n]`)
	procType   = lazyregexp.New(`Proc-Type:\s*4\s*,\s*ENCRYPTED`)
	pemHeaders = lazyregexp.New(`(?m)^[ \t]*[A-Za-z][A-Za-z0-9-]*:[^\n]*$`)
)

// findArmoured finds every PEM block in a text, also where its armour is
// damaged, and returns what stands before, between and after them.
func findArmoured(u unwrapped) (items []item, rest string) {
	text := u.joined
	if !strings.Contains(text, "BEGIN") {
		return nil, text
	}
	begins := beginLine.FindAllStringSubmatchIndex(text, -1)
	var others []string
	from := 0
	for i, b := range begins {
		limit := len(text)
		if i+1 < len(begins) {
			limit = begins[i+1][0]
		}
		if it, stop, ok := readBlock(text, b, limit); ok {
			if len(items) < maxPlaced {
				it.line = u.line(text[b[0]:stop])
			}
			items = append(items, it)
			others = append(others, text[from:b[0]])
			from = stop
		}
	}
	return items, strings.Join(append(others, text[from:]), "\n")
}

// readBlock reads the block whose BEGIN was matched at b and that ends before
// limit. It is not a block where neither dashes nor a body follow: the words
// stood in a sentence.
func readBlock(text string, b []int, limit int) (it item, stop int, ok bool) {
	group := func(n int) string {
		if b[2*n] < 0 {
			return ""
		}
		return text[b[2*n]:b[2*n+1]]
	}
	label, known := group(2), true
	if label == "" {
		label, known = strings.TrimSpace(group(4)), false
	}
	dashes := group(1) != "" || group(3) != "" || group(5) != ""
	body, stop := text[b[1]:limit], limit
	var notes []string
	if group(1) != "-----" || group(3)+group(5) != "-----" {
		notes = append(notes, "its BEGIN line wants five dashes on each side")
	}
	end := endLine.FindStringSubmatchIndex(body)
	switch {
	case end == nil:
		notes = append(notes, "its END line is missing")
	default:
		notes = append(notes, endNotes(body, end, label)...)
		if known && !strings.Contains(body[:end[0]], "\n") {
			notes = append(notes, "it is on one line, which many tools refuse")
		}
		body, stop = body[:end[0]], b[1]+end[1]
	}
	if !dashes && len(body) < shortestKey {
		return item{}, 0, false
	}
	if !known {
		label = "" // not repeated: it is unknown text
	}
	return blockItem(text[b[0]:stop], label, body, notes), stop, true
}

func endNotes(body string, end []int, label string) []string {
	if end[4] < 0 {
		return []string{"its END line is damaged"}
	}
	var notes []string
	if body[end[4]:end[5]] != label {
		notes = append(notes, "its BEGIN and END lines name different things")
	}
	if body[end[2]:end[3]] != "-----" || body[end[6]:end[7]] != "-----" {
		notes = append(notes, "its END line wants five dashes on each side")
	}
	return notes
}

// blockItem decodes the body of a block. whole is the block with its armour,
// for comparison with what a strict reader makes of it.
func blockItem(whole, label, body string, notes []string) item {
	it := item{label: label, form: "PEM"}
	encrypted := procType.MatchString(body)
	var headers map[string]string
	if encrypted {
		m := dekInfo.FindStringSubmatchIndex(body)
		if m == nil {
			it.fault = &hint.Error{Says: "a damaged encrypted key: its DEK-Info line is missing or unreadable",
				Fix: hintGiveWhole}
			return it
		}
		headers = map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": body[m[2]:m[3]] + "," + body[m[4]:m[5]]}
		body = body[m[1]:]
	}
	der, warnings, f := decodeBody(pemHeaders.ReplaceAllString(body, ""))
	if f != nil {
		name := "PEM block"
		if label != "" {
			name = label + " block"
		}
		it.fault = &hint.Error{Says: "a damaged " + name + ": " + f.Says, Fix: f.Fix}
		return it
	}
	it.der = der
	strict, _ := pem.Decode([]byte(whole))
	if strict == nil || !slices.Equal(strict.Bytes, der) {
		if len(notes) == 0 && len(warnings) == 0 {
			notes = []string{"it has spaces or lines where none belong"}
		}
		if len(notes) > 0 {
			it.warnings = append(it.warnings, "damaged PEM armour: "+strings.Join(notes, ", and "))
		}
	}
	it.warnings = append(it.warnings, warnings...)
	if encrypted {
		it.legacy = &pem.Block{Type: label, Headers: headers, Bytes: der}
	}
	return it
}

var percentCodes = strings.NewReplacer(
	"%2B", "+", "%2b", "+", "%2F", "/", "%2f", "/", "%3D", "=", "%3d", "=",
	"%0A", "\n", "%0a", "\n", "%0D", "", "%0d", "", "%20", " ",
)

// decodeBody decodes base64 as people have it: wrapped or not, either
// alphabet, padded or not, percent-encoded, or with plus signs that a form
// turned into spaces.
func decodeBody(body string) (der []byte, warnings []string, f *hint.Error) {
	if strings.Contains(body, "%") {
		body = percentCodes.Replace(body)
		warnings = append(warnings, "the base64 was percent-encoded")
	}
	body = strings.Trim(body, "\"'`,;*\\ \t\n")
	der, more, f := decodeBase64(strings.Join(strings.Fields(body), ""))
	if whole(der) {
		return der, append(warnings, more...), f
	}
	if strings.Contains(body, " ") {
		plus := strings.ReplaceAll(body, " ", "+")
		if again, more, f := decodeBase64(strings.Join(strings.Fields(plus), "")); f == nil && whole(again) {
			return again, append(append(warnings, more...), "spaces stood where plus signs belong"), nil
		}
	}
	return der, append(warnings, more...), f
}

func decodeBase64(s string) (der []byte, warnings []string, f *hint.Error) {
	if i := strings.IndexFunc(s, notBase64); i >= 0 {
		return nil, nil, &hint.Error{Says: fmt.Sprintf("character %d of its base64 is not base64", i+1), Fix: hintGiveWhole}
	}
	if strings.ContainsAny(s, "-_") {
		s = strings.NewReplacer("-", "+", "_", "/").Replace(s)
		warnings = append(warnings, "the base64 is in the URL alphabet, which most tools refuse")
	}
	digits := strings.TrimRight(s, "=")
	if strings.Contains(digits, "=") {
		return nil, nil, &hint.Error{Says: "its base64 goes on after the padding: two texts run into each other",
			Fix: "give one key alone"}
	}
	if digits == "" {
		return nil, nil, &hint.Error{Says: "there is no base64 in it", Fix: hintGiveWhole}
	}
	if pad := (4 - len(digits)%4) % 4; pad != len(s)-len(digits) && pad != 3 {
		warnings = append(warnings, "the padding of the base64 (=) is wrong, which most tools refuse")
	}
	if len(digits)%4 == 1 {
		digits = digits[:len(digits)-1] // cut within a byte: what is left says what it was
		warnings = append(warnings, "the base64 ends within a byte")
	}
	der, err := base64.RawStdEncoding.DecodeString(digits)
	if err != nil {
		return nil, nil, &hint.Error{Says: "its base64 cannot be decoded", Fix: hintGiveWhole}
	}
	return der, warnings, nil
}

func notBase64(r rune) bool {
	switch {
	case r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return false
	case r == '+', r == '/', r == '=', r == '-', r == '_':
		return false
	}
	return true
}
