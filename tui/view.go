package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/english"
	"countersign/apiclient/keys"
	"countersign/tui/box"
	"countersign/tui/compare"
	"countersign/tui/keymap"
	"countersign/tui/layout"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// View draws the whole screen: exactly as many rows and columns as there are.
func (a *App) View() string {
	w, h := a.layout.Width, a.layout.Height
	if w <= 0 || h <= 0 {
		return ""
	}
	if a.layout.Shape == layout.TooSmall {
		return viewTooSmall(w, h)
	}
	rows := make([]string, 0, h)
	rows = append(rows, a.headLine(w))
	if a.layout.Shape == layout.Single {
		rows = append(rows, a.strip(w))
	}
	rows = append(rows, a.body()...)
	rows = append(rows, a.bannerLines(w)...)
	rows = append(rows, a.statusLine(w), a.footer(w))
	if a.box != nil {
		rows = box.Draw(a.box, rows, w)
	}
	return strings.Join(rows, "\n")
}

func viewTooSmall(w, h int) string {
	text := "40x12"
	for _, says := range []string{"needs 40x12", fmt.Sprintf("countersign needs 40x12, this is %dx%d", w, h)} {
		if ui.Width(says) <= w {
			text = says
		}
	}
	return ui.Block([]string{ui.Truncate(text, w)}, w, h)
}

// body joins the panes row by row; arrange covers every cell exactly once.
func (a *App) body() []string {
	type drawn struct {
		layout.Rect
		lines []string
	}
	var all []drawn
	top, bottom := a.layout.Height, 0
	for scope, r := range a.layout.Panes {
		p := a.panes.get(scope)
		o := ui.FrameOpts{
			Title: a.paneTitle(scope), Focused: scope == a.focus && a.box == nil, Width: r.W, Height: r.H,
		}
		if t, ok := p.(interface{ TitleRight() string }); ok {
			o.TitleRight = t.TitleRight()
		}
		if f, ok := p.(interface{ Footer() string }); ok {
			o.Footer = f.Footer()
		}
		all = append(all, drawn{r, strings.Split(ui.Frame(a.theme, o, p.View()), "\n")})
		top, bottom = min(top, r.Y), max(bottom, r.Y+r.H)
	}
	slices.SortFunc(all, func(a, b drawn) int { return a.X - b.X })
	rows := make([]string, 0, bottom-top)
	for y := top; y < bottom; y++ {
		row := make([]string, 0, len(all))
		for _, d := range all {
			if y >= d.Y && y < d.Y+d.H {
				row = append(row, d.lines[y-d.Y])
			}
		}
		rows = append(rows, strings.Join(row, ""))
	}
	return rows
}

// statusLine says what is happening, or how the last thing ended.
func (a *App) statusLine(w int) string {
	if a.desk.Flight.Running() {
		return ui.Fit(" "+a.theme.Info.Render(a.desk.Flight.Words(a.theme.Words("{cancel} cancels"))), w)
	}
	return a.status.View(a.theme, w, !layout.Covers(a.focus))
}

// tickers turn the spinners of what is under way.
func (a *App) tickers() []func(time.Time) {
	var all []func(time.Time)
	for _, w := range []struct {
		busy bool
		tick func(time.Time)
	}{
		{a.desk.Flight.Running(), a.desk.Tick},
		{a.files.Run.Running(), a.files.Run.Tick},
		{a.panes.diagnosis.Searching(), a.panes.diagnosis.Tick},
		{a.panes.compare.Comparing(), a.panes.compare.Tick},
	} {
		if w.busy {
			all = append(all, w.tick)
		}
	}
	return all
}

// ticked turns the spinners.
type ticked time.Time

// nextTick is due while anything is under way: there is never more than one.
func (a *App) nextTick() tea.Cmd {
	if a.ticks || len(a.tickers()) == 0 {
		return nil
	}
	a.ticks = true
	return a.config.After(ui.Spinner.FPS, func(t time.Time) tea.Msg { return ticked(t) })
}

func (msg ticked) handle(a *App) tea.Cmd {
	a.ticks = false
	for _, tick := range a.tickers() {
		tick(time.Time(msg))
	}
	return nil
}

func (a *App) paneTitle(s keymap.Scope) string {
	if layout.Covers(s) {
		return a.panes.get(s).Title()
	}
	return fmt.Sprintf("%d %s", slices.Index(layout.Order, s)+1, a.panes.get(s).Title())
}

// headLine says where requests go and as whom.
func (a *App) headLine(w int) string {
	left := " " + a.theme.Title.Render("countersign")
	if a.services == nil {
		word := "starting…"
		if a.loadErr != nil {
			word = "not usable"
		}
		return ui.Fit(left+"  "+a.theme.Muted.Render(word), w)
	}
	p := a.services.Client.Profile()
	left += "  " + a.profileBadge(p) + a.faultBadge(w)
	host, _, _ := strings.Cut(box.Host(p.BaseURL), "/")
	right := a.theme.Muted.Render(fmt.Sprintf("%d %s ", a.recorded.count, english.Plural(a.recorded.count, "run")))
	for _, ways := range [][]string{ // of saying it, the longest first
		{"client " + ui.TruncateMiddle(ui.Safe(p.ClientID), 12)},
		{keyWords(p)},
		{ui.Safe(p.BaseURL), ui.Safe(host)},
	} {
		for _, part := range ways {
			next := left + "   " + a.theme.Muted.Render(part)
			if ui.Width(next)+2+ui.Width(right) <= w {
				left = next
				break
			}
		}
	}
	return ui.Fit(left, max(0, w-ui.Width(right))) + ui.Fit(right, min(w, ui.Width(right)))
}

// faultBadge names the faults in force: whatever is odd in an answer comes from them.
func (a *App) faultBadge(w int) string {
	if a.services.Faulty == nil {
		return ""
	}
	names := a.services.Faulty.ActiveFaults()
	if len(names) == 0 {
		return ""
	}
	return " " + a.theme.Warn.Render(ui.Truncate("faults: "+strings.Join(names, ", "), max(0, w/3)))
}

// keyWords names the key that signs.
func keyWords(p apiclient.Profile) string {
	if p.Key == nil {
		return "no private key: nothing can be signed"
	}
	id := keys.Short(keys.Fingerprint(&p.Key.PublicKey))
	return fmt.Sprintf("key v%s RSA-%d %s", cmp.Or(p.KeyVersion, "–"), p.Key.N.BitLen(), id)
}

// profileBadge names the profile; one that asks before sending wears a warning.
func (a *App) profileBadge(p apiclient.Profile) string {
	style := a.theme.Badge
	name := ui.Safe(p.Name)
	if p.Confirm {
		style = a.theme.BadgeWarn
		name += " (asks before sending)"
	}
	return style.Render("◆ " + name)
}

// strip is the row of titles where one pane is shown at a time.
func (a *App) strip(w int) string {
	var b strings.Builder
	for _, c := range layout.Strip(a.focus, w) {
		style := a.theme.Muted
		if c.Scope == a.focus {
			style = a.theme.TitleFocused
		}
		b.WriteString(style.Render(c.Text))
	}
	return ui.Fit(b.String(), w)
}

// footer offers what works here and now, as far as it fits. Help always does.
func (a *App) footer(w int) string {
	if a.box != nil {
		return ui.Fit(" "+a.theme.Muted.Render(ui.FewerKeys(a.box.Keys(), w-1)), w)
	}
	var b strings.Builder
	for _, o := range a.offers(w) {
		b.WriteString(o.Text)
	}
	return ui.Fit(strings.TrimRight(b.String(), " "), w)
}

func (a *App) offers(w int) []ui.Offer {
	_, typing := a.typist()
	var all []ui.Offer
	for _, action := range a.keys.Footer(a.scope(), typing) {
		switch {
		case action.ID == keymap.Next && layout.Covers(a.focus): // it has another name here
		case action.ID == keymap.HelpAnywhere && !typing:
		case action.ID == keymap.Diagnose && !a.unexplained(): // possible, but there is nothing to explain
		case action.Key() == "" || a.refuses(action) != "":
		default:
			all = append(all, ui.NewOffer(a.theme, action, typing))
		}
	}
	return ui.FitOffers(all, w, keymap.Help, keymap.HelpAnywhere)
}

// edgeAction is what a click on the first or the last row of the screen means:
// the profile above, an offer of the footer below.
func (a *App) edgeAction(x, y int) (keymap.Action, bool) {
	if y == 0 && a.layout.Shape != layout.TooSmall {
		return a.keys.Get(keymap.Profiles)
	}
	if y == a.layout.Height-1 && a.layout.Shape != layout.TooSmall {
		for _, o := range a.offers(a.layout.Width) {
			if x > o.X && x < o.X+o.W-1 && !o.Action.Text {
				return o.Action, true
			}
		}
	}
	return keymap.Action{}, false
}

// toggleMask hides what is secret on the screen, for a screen that others see.
func (a *App) toggleMask() tea.Cmd {
	text := "Secrets are shown again, but for headers"
	if !a.desk.Masked() {
		text = a.theme.Words("Secrets are masked in answers, headers and signed strings; the request's own text is as " +
			"you typed it")
	}
	cmd := a.desk.SetMasked(!a.desk.Masked())
	a.status.Set(text, status.Neutral)
	return tea.Batch(cmd, a.maskCovers())
}

// mask has all panes mask what is to be masked now.
func (a *App) mask() tea.Cmd { return tea.Batch(a.desk.Mask(), a.maskCovers()) }

// maskCovers masks in what covers the panes.
func (a *App) maskCovers() tea.Cmd {
	r, masked := a.config.Redact, a.desk.Masked()
	a.panes.compare.SetMasking(compare.Masking{Redactor: r, Whole: masked})
	cmd := a.panes.diagnosis.SetMasking(r, masked)
	if a.focus == keymap.Compare {
		return tea.Batch(cmd, a.panes.compare.Again())
	}
	return cmd
}
