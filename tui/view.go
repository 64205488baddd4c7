package tui

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/english"
	"countersign/apiclient/keys"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// View draws the whole screen: exactly as many rows and columns as there are.
func (a *App) View() string {
	w, h := a.layout.width, a.layout.height
	if w <= 0 || h <= 0 {
		return ""
	}
	if a.layout.shape == tooSmall {
		return a.viewTooSmall(w, h)
	}
	rows := make([]string, 0, h)
	rows = append(rows, a.headLine(w))
	if a.layout.shape == single {
		rows = append(rows, a.strip(w))
	}
	rows = append(rows, a.body()...)
	rows = append(rows, a.bannerLines(w)...)
	rows = append(rows, a.statusLine(w), a.footer(w))
	if over, ok := a.overlay.(painted); ok {
		rows = over.draw(rows, w)
	} else if a.overlay != nil {
		rows = place(rows, a.overlay.view(), w)
	}
	return strings.Join(rows, "\n")
}

func (a *App) viewTooSmall(w, h int) string {
	rows := make([]string, h)
	for i := range rows {
		rows[i] = strings.Repeat(" ", w)
	}
	for _, says := range []string{"40x12", "needs 40x12", fmt.Sprintf("countersign needs 40x12, this is %dx%d", w, h)} {
		if ui.Width(says) <= w || rows[0] == "" {
			rows[0] = ui.Fit(ui.Truncate(says, w), w)
		}
	}
	return strings.Join(rows, "\n")
}

// body joins the panes row by row; arrange covers every cell exactly once.
func (a *App) body() []string {
	type drawn struct {
		rect
		lines []string
	}
	var all []drawn
	top, bottom := a.layout.height, 0
	for scope, r := range a.layout.panes {
		p := a.panes.get(scope)
		frame := ui.Frame(a.theme, ui.FrameOpts{
			Title: a.paneTitle(scope), TitleRight: titleRight(p), Footer: paneFooter(p),
			Focused: scope == a.focus && a.overlay == nil, Width: r.w, Height: r.h,
		}, p.View())
		all = append(all, drawn{r, strings.Split(frame, "\n")})
		top, bottom = min(top, r.y), max(bottom, r.y+r.h)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].x < all[j].x })
	rows := make([]string, 0, bottom-top)
	for y := top; y < bottom; y++ {
		row := make([]string, 0, len(all))
		for _, d := range all {
			if y >= d.y && y < d.y+d.h {
				row = append(row, d.lines[y-d.y])
			}
		}
		rows = append(rows, strings.Join(row, ""))
	}
	return rows
}

func (a *App) paneTitle(s keymap.Scope) string {
	if covers(s) {
		return a.panes.get(s).Title()
	}
	return fmt.Sprintf("%d %s", number(s), a.panes.get(s).Title())
}

func titleRight(p ui.Pane) string {
	if r, ok := p.(interface{ TitleRight() string }); ok {
		return r.TitleRight()
	}
	return ""
}

// paneFooter is what a pane says in the border below it.
func paneFooter(p ui.Pane) string {
	if f, ok := p.(interface{ Footer() string }); ok {
		return f.Footer()
	}
	return ""
}

func number(s keymap.Scope) int {
	for i, o := range order {
		if o == s {
			return i + 1
		}
	}
	return 0
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
	left += "  " + a.profileBadge(p)
	host, _, _ := strings.Cut(hostOf(p.BaseURL), "/")
	right := a.theme.Muted.Render(fmt.Sprintf("%d %s ", a.desk.recorded, english.Plural(a.desk.recorded, "run")))
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

// keyWords names the key that signs.
func keyWords(p apiclient.Profile) string {
	if p.Key == nil {
		return "no private key: nothing can be signed"
	}
	return fmt.Sprintf("key v%s RSA-%d %s", orDash(p.KeyVersion), p.Key.N.BitLen(), keys.Short(keys.Fingerprint(&p.Key.PublicKey)))
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
	for _, c := range a.stripCells() {
		style := a.theme.Muted
		if c.scope == a.focus {
			style = a.theme.TitleFocused
		}
		b.WriteString(style.Render(c.text))
	}
	return ui.Fit(b.String(), w)
}

type stripCell struct {
	scope keymap.Scope
	text  string
}

// shortTitles are for the strip of a narrow screen.
var shortTitles = map[keymap.Scope]string{
	keymap.Endpoints: "Endp", keymap.Request: "Req", keymap.Headers: "Head", keymap.Signature: "Sign", keymap.Response: "Resp", keymap.Runs: "Runs",
}

// stripCells writes the titles in full; where they do not fit all but the
// focused one's short, or as numbers.
func (a *App) stripCells() []stripCell {
	cells := make([]stripCell, len(order))
	for _, name := range []func(keymap.Scope) string{
		func(s keymap.Scope) string { return " " + title(s) },
		func(s keymap.Scope) string { return " " + shortTitles[s] },
		func(keymap.Scope) string { return "" },
	} {
		total := 0
		for i, s := range order {
			text := name(s)
			if s == a.focus {
				text = " " + title(s)
			}
			cells[i] = stripCell{s, fmt.Sprintf(" %d%s", i+1, text)}
			total += ui.Width(cells[i].text)
		}
		if total <= a.layout.width {
			break
		}
	}
	return cells
}

func title(s keymap.Scope) string { return strings.ToUpper(string(s[:1])) + string(s[1:]) }

func (a *App) stripAt(x int) (keymap.Scope, bool) {
	at := 0
	for _, c := range a.stripCells() {
		at += ui.Width(c.text)
		if x < at {
			return c.scope, true
		}
	}
	return "", false
}

// statusLine says what is happening, or how the last thing ended.
func (a *App) statusLine(w int) string {
	if f := a.flight; f != nil {
		return ui.Fit(" "+a.theme.Info.Render(f.words(a.theme.Words("{cancel} cancels"))), w)
	}
	style := map[tone]ui.Style{neutral: a.theme.Muted, good: a.theme.Good, warn: a.theme.Warn, bad: a.theme.Bad}[a.status.tone]
	glyph := map[tone]string{neutral: " ", good: "✓", warn: "!", bad: "✗"}[a.status.tone]
	text := a.status.text
	if text == "" {
		glyph = " "
	}
	text, explained := strings.CutSuffix(text, explains)
	text = ui.Safe(text)
	more := ""
	if explained && !covers(a.focus) {
		more = a.theme.Words(explains)
	}
	short := shortened(text, w-3-ui.Width(more), false)
	if more == "" || ui.Width(short+more) > w-3 {
		short = shortened(text, w-3, true)
	}
	if ui.Width(short+more) <= w-3 {
		short += more // else the footer says so
	}
	text = short
	if a.status.tone == bad && ui.Width(text) > w-3 {
		text = causeOf(text, w-3)
	}
	return ui.Fit(" "+style.Render(glyph+" "+text), w)
}

// causeOf leaves out the middle of a long chain of reasons: what failed comes
// first in it, and why at last.
func causeOf(text string, w int) string {
	links := strings.Split(text, ": ")
	for last := 2; last < len(links); last++ {
		if short := links[0] + ": …: " + strings.Join(links[last:], ": "); ui.Width(short) <= w {
			return short
		}
	}
	return text
}

// shortened says a status in fewer words until it fits into a width: with those
// of shorter that lose little, or with all.
func shortened(text string, w int, all bool) string {
	for _, s := range shorter {
		if ui.Width(text) > w && (all || s.little) {
			text = s.what.ReplaceAllString(text, s.by)
		}
	}
	return text
}

// shorter is what a narrow screen says in fewer words, or can do without, in
// this order: how long an exchange took and what was tampered, which stands above
// too; never how the other side took it, nor what verified.
var shorter = []struct {
	what   *regexp.Regexp
	by     string
	little bool // is lost: the key that explains is worth more
}{
	{regexp.MustCompile(` · [0-9.]+ m?s$`), "", true},
	{regexp.MustCompile(` · tampered on purpose: [^·]*?, (refused|and ACCEPTED|not known)`), " · tampered, $1", false},
	{regexp.MustCompile(` · (request|response) (?:signed with the |signed with an |signature )`), " · $1 ", false},
	{regexp.MustCompile(` · request verified · response verified`), " · both verified", false},
	{regexp.MustCompile(`tampered, refused as it should be`), "tampered, refused", true},
	{regexp.MustCompile(`, refused by the other side\b`), ", refused", true},
	{regexp.MustCompile(` · response verified$`), "", false}, // the request's is bad: that is the news
	{regexp.MustCompile(`\b200 · `), "", true},
	{regexp.MustCompile(`signed with our key, refused\b`), "verifies here, refused", true},
	{regexp.MustCompile(`( · tampered, refused) · request .*$`), "$1", false},
	{regexp.MustCompile(`^[0-9:]{8} · `), "", false}, // of a saved run: its title has it
}

// words says what a request under way is doing and, in the words that are
// given, how to stop it.
func (f *flight) words(cancels string) string {
	phase := f.progress.Phase
	if phase == "" {
		phase = "signing"
	}
	parts := []string{spin.Frames[f.frame%len(spin.Frames)] + " " + phase}
	if f.progress.Bytes > 0 {
		parts = append(parts, ui.Bytes(f.progress.Bytes))
	}
	seconds := int(f.now.Sub(f.since) / time.Second)
	return strings.Join(append(parts, fmt.Sprintf("%d s", seconds), cancels), " · ")
}

// place lays a box over the middle of the rows.
func place(rows []string, box string, w int) []string {
	lines := strings.Split(box, "\n")
	boxW := 0
	for _, l := range lines {
		boxW = max(boxW, ui.Width(l))
	}
	x, y := corner(w, len(rows), boxW, len(lines))
	for i, l := range lines {
		if y+i >= len(rows) {
			break
		}
		base := rows[y+i]
		rows[y+i] = ui.Cells(base, 0, x) + ui.Fit(l, boxW) + ui.Cells(base, x+boxW, w)
	}
	return rows
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
