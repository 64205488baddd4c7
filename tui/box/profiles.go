package box

import (
	"cmp"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Profiles chooses a profile and says what is different in it.
type Profiles struct {
	listed
	all    []apiclient.Profile
	inUse  apiclient.Profile
	file   string // where more are made
	chosen func(name string) tea.Cmd
}

// NewProfiles makes the box. File names where profiles are written, choose
// takes the name of the one that is chosen.
func NewProfiles(theme *ui.Theme, all []apiclient.Profile, inUse apiclient.Profile, file string,
	choose func(name string) tea.Cmd) *Profiles {
	p := &Profiles{listed: listed{frame: frame{theme: theme}}, all: all, inUse: inUse, file: file, chosen: choose}
	p.List.Len = len(all)
	p.List.Cursor = max(0, slices.IndexFunc(all, func(q apiclient.Profile) bool { return q.Name == inUse.Name }))
	return p
}

// profileDetail is how many rows say what is different in the chosen profile.
const profileDetail = 7

// Resize implements Box.
func (p *Profiles) Resize(w, h int) {
	p.within(w, h, 96, len(p.all)+profileDetail+3)
	p.List.Height = max(1, p.h-2-profileDetail)
	p.List.To(p.List.Cursor)
}

// Key implements Box.
func (p *Profiles) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if p.List.Act(p.motion(msg, false)) {
		return nil, false
	}
	switch key := msg.String(); {
	case key == "enter":
		return p.choose(), true
	case p.theme.Keys().Has(keymap.Next, key):
		p.List.Move(1)
	}
	return nil, p.leaves(msg, keymap.Profiles, false)
}

func (p *Profiles) choose() tea.Cmd {
	return p.chosen(p.all[p.List.Cursor].Name)
}

// Click points at a profile; a second click uses it.
func (p *Profiles) Click(_, y int) (tea.Cmd, bool) {
	before := p.List.Cursor
	if !p.List.Click(y) || p.List.Cursor != before {
		return nil, false
	}
	return p.choose(), true
}

// Keys implements Box.
func (p *Profiles) Keys() string {
	return p.theme.Words("{lists.up}{lists.down} · enter uses it · {cancel} leaves it as it is")
}

// View implements Box.
func (p *Profiles) View() string {
	lines := append(p.above(p.line), p.differences(p.all[p.List.Cursor])...)
	return p.bordered("Profiles", fmt.Sprintf("%d · ", len(p.all))+p.theme.Words("enter uses it · {cancel}"), lines)
}

func (p *Profiles) line(i int) string {
	q := p.all[i]
	mark := "  "
	if q.Name == p.inUse.Name {
		mark = "◆ "
	}
	tail := ""
	if q.Confirm {
		tail = " ! asks before sending "
	}
	nameW := min(20, max(8, p.w/4))
	name := ui.Fit(ui.Truncate(ui.Safe(q.Name), nameW), nameW)
	room := max(0, p.w-2-3-nameW-1-ui.Width(tail))
	where := ui.Fit(ui.Truncate(ui.Safe(Host(q.BaseURL)), room), room)
	if i == p.List.Cursor {
		return p.theme.Selection.Render(" " + mark + name + " " + where + tail)
	}
	style := p.theme.Text
	if q.Confirm {
		style = p.theme.Warn
	}
	return " " + p.theme.Accent.Render(mark) + style.Render(name) + " " + p.theme.Muted.Render(where) +
		p.theme.Warn.Render(tail)
}

// differences says what sending with a profile would change.
func (p *Profiles) differences(q apiclient.Profile) []string {
	w := p.w - 4
	if q.Name == p.inUse.Name {
		return p.more(w)
	}
	var lines []string
	differ := func(what, now, then string) {
		if now == then {
			return
		}
		text := fmt.Sprintf("%-12s %s → %s", what, cmp.Or(ui.Safe(now), "–"), cmp.Or(ui.Safe(then), "–"))
		lines = append(lines, " "+p.theme.Text.Render(ui.Truncate(text, w)))
	}
	differ("base URL", p.inUse.BaseURL, q.BaseURL)
	differ("client id", p.inUse.ClientID, q.ClientID)
	differ("merchant id", p.inUse.MerchantID, q.MerchantID)
	differ("key", keyOf(p.inUse), keyOf(q))
	differ("confirm", yesNo(p.inUse.Confirm, "asks before sending", "sends at once"),
		yesNo(q.Confirm, "asks before sending", "sends at once"))
	if len(lines) == 0 {
		lines = append(lines, " "+p.theme.Muted.Render("The same host, client and key"))
	}
	return lines
}

// more says what the profile in use is good for, and how another one is made.
func (p *Profiles) more(w int) []string {
	lines := []string{" " + p.theme.Muted.Render(ui.Truncate("This profile is in use; enter loads its keys again", w)), ""}
	text := "Another one: a table [profiles.NAME] in " + p.file +
		", with base_url, client_id, private_key and peer_keys. It is here as soon as the file is saved."
	for _, l := range ui.AtMost(ui.Words(text, w), profileDetail-len(lines)-1, w) {
		lines = append(lines, " "+p.theme.Muted.Render(l))
	}
	return lines
}

// keyOf names a profile's key before it is loaded: where it comes from.
func keyOf(p apiclient.Profile) string {
	if p.KeyName == "" {
		return "none: cannot sign"
	}
	return p.KeyName + ", v" + cmp.Or(p.KeyVersion, "–")
}

func yesNo(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}
