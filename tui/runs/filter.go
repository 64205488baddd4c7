package runs

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/history"
	"countersign/tui/ui"
)

// FilterAsked asks for the choice of filters; Text is what is typed by now.
type FilterAsked struct{ Text string }

// searching reports whether the line of the search is shown.
func (p *Pane) searching() bool { return p.typing || p.search.Value() != "" }

// head is how many rows stand above the list: the search, and what is to be
// said of it.
func (p *Pane) head() int {
	n := 0
	if p.searching() {
		n++
	}
	if p.remark() != "" {
		n++
	}
	return n
}

// remark is what the row below the search says: what is wrong in it, or how the
// word that is being typed can go on.
func (p *Pane) remark() string {
	switch {
	case len(p.wrong) > 0 && (!p.typing || len(p.completions()) == 0):
		return "! " + ui.Safe(p.wrong[0])
	case p.typing && len(p.completions()) > 0:
		return "→ " + ui.Safe(strings.Join(p.completions(), "  "))
	case p.typing && p.search.Value() == "":
		return "words, or status:F pinned …"
	}
	return ""
}

// Typing reports whether keys go into the search.
func (p *Pane) Typing() bool { return p.typing }

// Type edits the search; each change searches again.
func (p *Pane) Type(msg tea.KeyMsg) tea.Cmd {
	if !msg.Paste && p.list.Act(p.theme.Keys().InList(msg.String(), true)) {
		return p.more()
	}
	switch msg.String() {
	case "enter":
		p.stopTyping()
		return nil
	case "right":
		if found := p.completions(); p.search.AtEnd() && len(found) > 0 {
			text := p.search.Value()
			p.search.SetValue(text[:len(text)-len(lastWord(text))] + found[0])
			return p.searchAnew()
		}
	}
	before := p.search.Value()
	p.search.Update(msg)
	if p.search.Value() == before {
		return nil
	}
	return p.searchAnew()
}

// SetFilter searches for what the root's choice of filters has made.
func (p *Pane) SetFilter(text string) tea.Cmd {
	p.search.SetValue(text)
	return p.searchAnew()
}

// Filter is what is searched for, as it is typed.
func (p *Pane) Filter() string { return p.search.Value() }

// searchAnew asks from the top. The old rows stay until the answer comes.
func (p *Pane) searchAnew() tea.Cmd {
	p.query, p.wrong = history.ParseQuery(p.search.Value())
	p.list.To(0)
	p.total, p.wanted = -1, first
	p.fit()
	q := p.query
	q.Limit = page
	return p.question(fromTop, q)
}

func (p *Pane) stopTyping() {
	p.typing = false
	p.search.Blur()
	p.fit()
}

// lastWord is the word that is being typed.
func lastWord(text string) string { return text[strings.LastIndexAny(text, " \t")+1:] }

// completions are the filters that begin as the word that is being typed does,
// the likeliest first.
func (p *Pane) completions() []string {
	word := lastWord(p.search.Value())
	if word == "" {
		return nil
	}
	key, value, valued := strings.Cut(word, ":")
	var found []string
	for _, f := range history.Filters {
		switch {
		case f.Key == "":
			found = append(found, beginning(f.Values, "", word)...)
		case valued && f.Key == strings.ToLower(key):
			found = append(found, beginning(p.values(f), key+":", value)...)
		case !valued && strings.HasPrefix(f.Key, strings.ToLower(word)):
			found = append(found, f.Key+":")
		}
	}
	return found
}

// beginning returns the values that begin like what is typed and go on.
func beginning(values []string, before, typed string) []string {
	var found []string
	for _, v := range values {
		if len(v) > len(typed) && strings.EqualFold(v[:len(typed)], typed) {
			found = append(found, before+v)
		}
	}
	return found
}

// values are those of a filter: known beforehand, or met in what is loaded.
func (p *Pane) values(f history.Filter) []string {
	if f.Values != nil {
		return f.Values
	}
	var met []string
	for _, r := range p.runs[:min(len(p.runs), page)] {
		v := r.Profile
		if f.Key == "endpoint" {
			v = r.Endpoint[strings.LastIndexByte(r.Endpoint, '/')+1:]
		}
		if v != "" && !strings.ContainsAny(v, " \t") && !slices.Contains(met, v) {
			met = append(met, v)
		}
	}
	return met
}
