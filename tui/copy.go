package tui

import (
	"fmt"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// copy puts what a pane hands over on the clipboard.
func (a *App) copy(msg ui.Copied) tea.Cmd {
	put := a.config.Copy
	return func() tea.Msg {
		if put == nil {
			return copied{"There is no clipboard here", bad}
		}
		if err := put(msg.Text); err != nil {
			return copied{"Not copied: " + err.Error(), bad}
		}
		return copied{fmt.Sprintf("Copied the %s (%s)", msg.What, ui.Bytes(int64(len(msg.Text)))), neutral}
	}
}

func (a *App) copyCurl() tea.Cmd {
	return ui.CopyText("curl command", curl(*a.desk.request()))
}

// unneeded are headers that curl writes by itself, or better leaves out; unasked
// are those that it adds where nobody gave them.
var (
	unneeded = map[string]bool{"host": true, "content-length": true, "connection": true}
	unasked  = []string{"Content-Type", "Accept", "User-Agent"}
)

// curl writes the request as a command for a POSIX shell, byte for byte as it
// was signed. One that was spoilt says so in its first line.
func curl(e apiclient.Exchange) string {
	method, _, _ := strings.Cut(e.Request.Line, " ")
	mark := ""
	if len(e.Spoilt) > 0 {
		// A command that does nothing: not every shell takes comments at its prompt.
		mark = ": " + quote("spoilt on purpose: "+apiclient.SpoilTitles(e.Spoilt)) + "\n"
	}
	parts := []string{"curl --http1.1 --path-as-is -sS -i -X " + quote(method), quote(e.URL)}
	for _, f := range e.Request.Header {
		switch {
		case unneeded[strings.ToLower(f.Name)]:
		case f.Value == "":
			parts = append(parts, "-H "+quote(f.Name+";")) // as curl wants it
		default:
			parts = append(parts, "-H "+quote(f.Name+": "+f.Value))
		}
	}
	for _, name := range unasked {
		if !e.Request.Has(name) {
			parts = append(parts, "-H "+quote(name+":"))
		}
	}
	data := "--data-binary "
	if len(e.Request.Body) > 0 && e.Request.Body[0] == '@' {
		data = "--data-raw " // else curl would send the file of that name
	}
	parts = append(parts, data+quote(string(e.Request.Body)))
	return mark + strings.Join(parts, " \\\n  ") + "\n"
}

// quote writes a word for a POSIX shell; bytes that a terminal would change on
// pasting are written as escapes, which bash and zsh understand.
func quote(s string) string {
	plain := utf8.ValidString(s)
	for _, r := range s {
		if (r < ' ' && r != '\n') || r == 0x7f || (r >= 0x80 && r < 0xa0) {
			plain = false
		}
	}
	if plain {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + "'"
}
