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
	all   []apiclient.Profile
	inUse apiclient.Profile
	file  string // where more are made
}

// NewProfiles makes the box. File names where profiles are written, choose
// takes the name of the one that is chosen.
func NewProfiles(theme *ui.Theme, all []apiclient.Profile, inUse apiclient.Profile, file string,
	choose func(name string) tea.Cmd) *Profiles {
	p := &Profiles{all: all, inUse: inUse, file: file}
	p.frame = frame{theme: theme, opener: keymap.Profiles,
		keys: "{lists.up}{lists.down} · enter uses it · {cancel} leaves it as it is"}
	p.List.Len, p.points = len(all), true
	p.List.Cursor = max(0, slices.IndexFunc(all, func(q apiclient.Profile) bool { return q.Name == inUse.Name }))
	p.choose = func() (tea.Cmd, bool) { return choose(all[p.List.Cursor].Name), true }
	return p
}

// profileDetail is how many rows say what is different in the chosen profile.
const profileDetail = 7

// Resize implements Box.
func (p *Profiles) Resize(w, h int) { p.fit(w, h, 96, len(p.all)+profileDetail+3, profileDetail+2) }

// Key goes to the next profile by the key of the next pane, too.
func (p *Profiles) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if p.motion(msg) == "" && p.theme.Keys().Has(keymap.Next, msg.String()) {
		p.List.Move(1)
	}
	return p.listed.Key(msg)
}

// View implements Box.
func (p *Profiles) View() string {
	lines := append(append(p.lines(p.line), p.rule()), p.differences(p.all[p.List.Cursor])...)
	return p.bordered("Profiles", fmt.Sprintf("%d · ", len(p.all))+p.theme.Words("enter uses it · {cancel}"), lines)
}

func (p *Profiles) line(i int) string {
	q, t := p.all[i], p.theme
	mark, style, tail := "  ", t.Text, ""
	if q.Name == p.inUse.Name {
		mark = "◆ "
	}
	if q.Confirm {
		style, tail = t.Warn, " ! asks before sending "
	}
	nameW := min(20, max(8, p.w/4))
	name := ui.Fit(ui.Safe(q.Name), nameW) + " "
	where := ui.Fit(ui.Safe(Host(q.BaseURL)), p.w-2-3-nameW-1-ui.Width(tail))
	return t.Row(i == p.List.Cursor, p.w-2,
		t.Accent.On(" "+mark), style.On(name), t.Muted.On(where), t.Warn.On(tail))
}

// differences says what sending with a profile would change.
func (p *Profiles) differences(q apiclient.Profile) []string {
	if q.Name == p.inUse.Name {
		return p.more()
	}
	var lines []string
	differ := func(what, now, then string) {
		if now == then {
			return
		}
		text := fmt.Sprintf("%-12s %s → %s", what, cmp.Or(ui.Safe(now), "–"), cmp.Or(ui.Safe(then), "–"))
		lines = append(lines, " "+p.theme.Text.Render(ui.Truncate(text, p.w-4)))
	}
	differ("base URL", p.inUse.BaseURL, q.BaseURL)
	differ("client id", p.inUse.ClientID, q.ClientID)
	differ("merchant id", p.inUse.MerchantID, q.MerchantID)
	differ("key", keyOf(p.inUse), keyOf(q))
	differ("confirm", asks(p.inUse), asks(q))
	if len(lines) == 0 {
		lines = append(lines, " "+p.theme.Muted.Render("The same host, client and key"))
	}
	return lines
}

// more says what the profile in use is good for, and how another one is made.
func (p *Profiles) more() []string {
	lines := append(p.said(p.theme.Muted, "This profile is in use; enter loads its keys again", 1), "")
	text := "Another one: a table [profiles.NAME] in " + p.file +
		", with base_url, client_id, private_key and peer_keys. It is here as soon as the file is saved."
	return append(lines, p.said(p.theme.Muted, text, profileDetail-len(lines)-1)...)
}

// keyOf names a profile's key before it is loaded: where it comes from.
func keyOf(p apiclient.Profile) string {
	if p.KeyName == "" {
		return "none: cannot sign"
	}
	return p.KeyName + ", v" + cmp.Or(p.KeyVersion, "–")
}

func asks(p apiclient.Profile) string {
	if p.Confirm {
		return "asks before sending"
	}
	return "sends at once"
}
