package response

import (
	"bytes"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/lazyregexp"
	"countersign/tui/ui"
)

// SaveAsked asks for a body to be saved to a file.
type SaveAsked struct {
	Data []byte
	Ext  string // what its name may end in: ".json"
}

// BrowseAsked asks for an address of the answer to be opened in the browser.
type BrowseAsked struct{ Address string }

// extensions by what the media type contains.
var extensions = []struct{ part, ext string }{
	{"json", ".json"}, {"xml", ".xml"}, {"html", ".html"}, {"text/", ".txt"}, {"image/png", ".png"}, {"image/jpeg",
		".jpg"}, {"pdf", ".pdf"},
	{"zip", ".zip"}, {"csv", ".csv"},
}

// save hands the body over, byte for byte: decoded, as it is shown.
func (p *Pane) save() tea.Cmd {
	m := p.exchange.Response
	media, ext := strings.ToLower(m.Get("Content-Type")), ".bin"
	i := slices.IndexFunc(extensions, func(e struct{ part, ext string }) bool { return strings.Contains(media, e.part) })
	if i >= 0 {
		ext = extensions[i].ext
	}
	return ui.Emit(SaveAsked{bytes.Clone(m.Content()), ext})
}

var address = lazyregexp.New(`https?:(?://|\\/\\/)[^\s"'<>]+`)

// browse opens the address under the cursor, or the only one of the answer.
func (p *Pane) browse() tea.Cmd {
	if p.tab == bodyTab {
		if value, _, why := p.valueHere(); why == "" {
			if text := p.shown().Mode().Says(value); strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") {
				return ui.Emit(BrowseAsked{text})
			}
		}
	}
	content := p.exchange.Response.Content()
	part := string(content[:min(len(content), maxSearched)])
	var found []string
	for _, at := range address.FindAllStringIndex(part, 100) {
		text := strings.ReplaceAll(part[at[0]:at[1]], `\/`, "/")
		if !slices.Contains(found, text) {
			found = append(found, text)
		}
	}
	switch len(found) {
	case 0:
		return ui.Tell("There is no web address in this answer")
	case 1:
		return ui.Emit(BrowseAsked{found[0]})
	}
	return ui.Tell("There are several web addresses: move to the line of one in the body")
}

// maxSearched is how much of a body is searched for addresses, in bytes.
const maxSearched = 1 << 20
