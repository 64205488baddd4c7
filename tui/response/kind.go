package response

import (
	"bytes"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"countersign/tui/ui/viewer"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/jsontext"
	"countersign/apiclient/xmltext"
	"countersign/tui/ui"
)

// kind is the type of a body, in a word, and how it is shown best.
type kind struct {
	name string
	mode viewer.Mode
}

// sniffed is how much of a body is looked at to tell what it is.
const sniffed = 4 << 10

// kindOf recognises what a body is: by its first bytes, as the header is often
// wrong, and by the header where the bytes may be several things.
func kindOf(m *apiclient.Message) kind {
	body := m.Content()
	head := body[:min(len(body), sniffed)]
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	declared, _, _ := mime.ParseMediaType(m.Get("Content-Type"))
	_, _, xml := xmltext.Read(head, m.Get("Content-Type"))
	found, _, _ := strings.Cut(http.DetectContentType(head), ";")
	switch {
	case len(body) == 0:
		return kind{"", viewer.Text}
	case m.Decoded == nil && m.Get("Content-Encoding") != "" && !printable(head):
		return kind{"compressed", viewer.Hex}
	case jsontext.Opens(start):
		return kind{"JSON", viewer.JSON}
	case xml:
		return kind{"XML", viewer.XML}
	case found == "text/html" || len(start) > 0 && start[0] == '<':
		return kind{"HTML", viewer.Text}
	case strings.HasPrefix(found, "image/"):
		return kind{strings.ToUpper(strings.TrimPrefix(found, "image/")) + " image", viewer.Hex}
	case !printable(head):
		if name := strings.TrimPrefix(found, "application/"); name != found && name != "octet-stream" {
			return kind{strings.ToUpper(name), viewer.Hex}
		}
		return kind{"binary", viewer.Hex}
	case declared == "application/x-www-form-urlencoded":
		return kind{"form", viewer.Text}
	case strings.HasSuffix(declared, "json"):
		return kind{"JSON", viewer.JSON} // a number, a text, or damaged
	}
	return kind{"text", viewer.Text}
}

// newText makes the body as it is shown: XML in another encoding than UTF-8 is
// read as that, and the encoding named.
func newText(m *apiclient.Message, k kind) (*made, tea.Cmd) {
	body := m.Content()
	if k.mode != viewer.XML {
		return &made{bytes: body}, nil
	}
	return newMade(len(body), func() ([]byte, string) {
		if text, encoding, ok := xmltext.Read(body, m.Get("Content-Type")); ok && encoding != "" {
			return text, encoding
		}
		return body, ""
	})
}

// printable reports text: a few bytes that are no UTF-8 do not make it binary.
func printable(b []byte) bool {
	bad := 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == 0 || r == utf8.RuneError && n == 1 && len(b)-i >= utf8.UTFMax {
			bad++
		}
		i += n
	}
	return bad*10 <= len(b)
}

// about says what the open tab shows, and what was done to it.
func (p *Pane) about() string {
	m := p.exchange.Response
	coding := ui.Safe(m.Get("Content-Encoding"))
	switch {
	case p.viewer.Waiting() != "":
		return p.viewer.Waiting()
	case p.made() != nil && p.made().making:
		return "one moment…"
	case p.tab == rawTab || p.tab == hexTab:
		if m.Decoded != nil {
			return "as received: " + coding
		}
		return "as received"
	case p.tab != bodyTab:
		return ""
	}
	parts := []string{p.kind.name}
	if encoding := p.text.encoding; encoding != "" {
		parts = append(parts, "read as "+ui.Safe(encoding))
	}
	if p.viewer.Indented() {
		parts = append(parts, "indented")
	}
	if m.Decoded != nil {
		parts = append(parts, coding+" undone, "+ui.Bytes(int64(len(m.Decoded))))
	}
	return strings.Trim(strings.Join(parts, " · "), " ·")
}
