package keys

import (
	"bytes"
	"encoding/hex"
	"encoding/pem"
	"slices"
	"strings"
	"unicode/utf8"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

// item is one run of bytes that was found in the data, decoded from its
// armour and not yet identified.
type item struct {
	label    string // of the PEM block; "" where there was none
	form     string
	line     int // 1-based, in the data; 0 where it is not known
	der      []byte
	legacy   *pem.Block // the block, where its body is encrypted in the way of the 1990s (DEK-Info)
	warnings []string
	fault    *hint.Error // the body could not be decoded
	named    *thing      // a text that was recognised as it stands
}

// find splits data into items: whatever the text is, armour, base64 and the
// numbers of JWK and XML are found in it. It gives an error where the data is
// something that is no key at all, and says what.
func find(data []byte) ([]item, error) {
	if looksBinary(data) {
		return []item{{form: "DER", der: data}}, nil
	}
	if it, ok := canonical(data); ok {
		return []item{it}, nil
	}
	u := unwrap(data)
	if strings.TrimSpace(u.joined) == "" {
		return nil, &hint.Error{Says: "there is nothing in it",
			Fix: "put the key there: PEM, or the one base64 line that the portal gives"}
	}
	items, rest := findArmoured(u)
	runs := findRuns(u, rest)
	items = append(append(items, valueKeys(u)...), slices.DeleteFunc(slices.Clone(runs), item.partial)...)
	var err error
	if len(items) == 0 {
		items, err = findOther(u, runs)
	}
	if len(items) > 0 {
		items[0].warnings = append(u.warnings, items[0].warnings...)
	}
	return items, err
}

// canonical reads a file that is one PEM block, exactly as tools write it: most
// files of keys are, and every command that reads one need not look for damage first.
func canonical(data []byte) (item, bool) {
	block, _ := pem.Decode(data)
	if block == nil || len(block.Bytes) == 0 || len(block.Headers) > 0 || !strings.Contains("|"+labels+"|", "|"+block.Type+"|") ||
		!bytes.Equal(bytes.TrimRight(pem.EncodeToMemory(block), "\n"), bytes.TrimRight(data, "\n")) {
		return item{}, false
	}
	u := unwrapped{written: string(data)}
	return item{label: block.Type, form: "PEM", line: u.line(u.written), der: block.Bytes}, true
}

// partial reports whether an item is not a whole key or certificate.
func (it item) partial() bool { return it.fault != nil || it.label == "" && !whole(it.der) }

// looksBinary tells DER and other binary formats from text. Both DER and text
// may begin with "0" (0x30); a whole DER structure settles it.
func looksBinary(data []byte) bool {
	if bytes.HasPrefix(data, []byte(jksMagic)) || bytes.HasPrefix(data, []byte(openSSHMagic)) {
		return true
	}
	if len(data) < 2 || data[0] != 0x30 {
		return false
	}
	if data[1] >= 0x80 {
		return true
	}
	return len(data) == 2+int(data[1]) &&
		bytes.ContainsFunc(data, func(r rune) bool { return r < ' ' || r == utf8.RuneError })
}

// runStart is where base64 without armour may begin: that of a DER SEQUENCE of
// 128 bytes or more, or that of a PEM text. Something that is no base64 stands before it.
var runStart = lazyregexp.New(`(?:^|[^A-Za-z0-9+/_-])(MI[E-L][A-Za-z0-9+/%_-]{17}|(?:LS0tL|TFMwdEx|TUlJ[A-Z])[A-Za-z0-9+/%_-]{13,15})`)

// maxPlaced bounds how many keys of one text are told apart by their lines, and how
// many runs of base64 are looked at: nobody has more.
const maxPlaced = 64

// What base64 of a text with a key begins with: of PEM, and of that or of the base64
// of DER once more.
const (
	pemInBase64   = "LS0tL"
	pemTwice      = "TFMwdEx"
	derTwiceStart = "TUlJ"
)

// isTextRun reports whether base64 is that of a text, not of DER.
func isTextRun(run string) bool {
	return strings.HasPrefix(run, pemInBase64) || strings.HasPrefix(run, pemTwice) || strings.HasPrefix(run, derTwiceStart)
}

// findRuns finds every key in base64 without armour in a text: how long it is
// stands in its first bytes, so that it does not matter what follows.
func findRuns(u unwrapped, text string) []item {
	var items []item
	for {
		at := runStart.FindStringSubmatchIndex(text)
		if at == nil {
			return items
		}
		text = text[at[2]:]
		run := keyRun(text)
		text = text[len(run):]
		items = append(items, runItems(u, run)...)
		if len(items) > maxPlaced {
			return items
		}
	}
}

func runItems(u unwrapped, run string) []item {
	der, warnings, f := decodeBody(run)
	if bytes.Contains(der, []byte("-----BEGIN ")) {
		items, _ := findArmoured(unwrap(der))
		line := u.line(run)
		for i := range items {
			items[i].form, items[i].line = items[i].form+" in base64", line
		}
		return items
	}
	if isTextRun(run) && !strings.HasPrefix(run, pemInBase64) && runStart.Match(der) {
		inner := findRuns(unwrap(der), string(der))
		for i := range inner {
			inner[i].form, inner[i].line = inner[i].form+" in base64", u.line(run)
		}
		return inner
	}
	if f != nil {
		f = &hint.Error{Says: "a damaged base64 line: " + f.Says, Fix: f.Fix}
	}
	return []item{{form: "base64 without armour", line: u.line(run), der: der, warnings: warnings, fault: f}}
}

// keyRun returns the base64 at the start of a text: up to the length that the
// key declares, over white space, as long as base64 follows.
func keyRun(text string) string {
	wanted := len(text)
	if !isTextRun(text) {
		if head, _, _ := decodeBase64(text[:12]); len(head) >= 4 {
			if n, ok := derLength(head); ok {
				wanted = (n*8 + 5) / 6
			}
		}
	}
	end, digits := 0, 0
	for digits < wanted {
		space := len(text[end:]) - len(strings.TrimLeft(text[end:], " \t\n"))
		token := tokenAt(text[end+space:])
		another := len(token) >= shortestKey && runStart.MatchString(token)
		if token == "" || end > 0 && (another || !boundary(text[end+space+len(token):])) {
			break
		}
		end += space + len(token)
		digits += len(strings.TrimRight(token, "="))
		if strings.HasSuffix(token, "=") {
			break
		}
	}
	return text[:end]
}

// tokenAt returns the base64 at the start of a text; %2B and its like are of it.
func tokenAt(text string) string {
	n := 0
	for n < len(text) {
		switch {
		case !notBase64(rune(text[n])):
			n++
		case text[n] == '%' && len(percentCode.FindString(text[n:min(len(text), n+3)])) > 0:
			n += 3
		default:
			return text[:n]
		}
	}
	return text
}

var percentCode = lazyregexp.New(`^%(?:2[BbFf]|3[Dd]|0[AaDd])`)

// boundary reports whether a line of base64 may end before rest: a word that
// goes on with other characters is none.
func boundary(rest string) bool {
	return rest == "" || strings.ContainsRune(" \t\n\"'`,;)]}<&\\%*", rune(rest[0]))
}

// assignment is the NAME= of an environment file, or the NAME: of YAML.
var assignment = lazyregexp.New(`^(?:export[ \t]+)?[A-Za-z_][A-Za-z0-9_.-]{0,60}(?:[ \t]*=[ \t]*|:[ \t]+)["']?`)

var hexOnly = lazyregexp.New(`^(?:0x)?30[0-9A-Fa-f\s:]+$`)

// shortestKey is the length in characters below which nothing is taken for the
// base64 of a key, were it even cut short.
const shortestKey = 40

// findOther reads a text in which no whole key was found: it may be in another
// form, or damaged. runs are its parts that begin as a key does.
func findOther(u unwrapped, runs []item) ([]item, error) {
	if t, ok := foreignKeyText(u.plain); ok {
		return []item{{named: &t}}, nil
	}
	if f := noKeyText(u.plain); f != nil && len(runs) == 0 {
		return nil, f
	}
	body := strings.TrimSpace(u.joined)
	body = body[len(assignment.FindString(body)):]
	body = strings.Trim(body, "\"'`,; \t\n")
	if hexOnly.MatchString(body) {
		if der, ok := decodeHex(body); ok {
			return []item{{form: "hex", der: der, warnings: []string{"the key is written in hex, which most tools refuse"}}}, nil
		}
	}
	der, warnings, f := decodeBody(body)
	switch {
	case f != nil && len(runs) > 0 && program(body):
		return runs, nil
	case (f != nil || len(body) < shortestKey) && !whole(der) && strange(body):
		return nil, notAKey(body)
	case f != nil:
		return nil, &hint.Error{Says: "a damaged base64 line: " + f.Says, Fix: f.Fix}
	}
	return []item{{form: "base64 without armour", der: der, warnings: warnings}}, nil
}

// program reports whether a text is more than one line of base64: a program, a
// configuration or notes, of which what begins as a key does is meant.
func program(body string) bool {
	return strings.ContainsAny(strings.TrimRight(body, "="), "\"'`:;=<>(){}[]#$")
}

func decodeHex(s string) ([]byte, bool) {
	s = strings.TrimPrefix(s, "0x")
	s = strings.Map(func(r rune) rune {
		if r == ':' || r == ' ' || r == '\t' || r == '\n' {
			return -1
		}
		return r
	}, s)
	der, err := hex.DecodeString(s)
	return der, err == nil
}
