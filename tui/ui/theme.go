package ui

import (
	"io"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"countersign/tui/keymap"
)

// Theme is every style of the explorer, by meaning. A style never stands
// alone for a status: a glyph and a word come first, so that the screen can be
// read without colours.
type Theme struct {
	Text, Muted, Faint              Style
	Accent, Good, Warn, Bad, Info   Style
	Key, Help                       Style // footer: the key, and what it does
	Title, TitleFocused             Style
	Border, BorderFocused           Style
	Selection                       Style // the chosen row of the focused list
	SelectionBlurred                Style // the chosen row of a list without the focus
	Cursor                          Style
	Match, MatchCurrent             Style // search: every match, and the one the search stands at
	Invisible                       Style // symbols drawn for what has no shape
	LineNumber                      Style
	JSONKey, JSONString, JSONNumber Style
	JSONLiteral, JSONPunct          Style
	Badge, BadgeWarn                Style
	DiffAdded, DiffRemoved          Style
	MarkBad, MarkWarn, MarkInfo     Style // the place of a finding in a text
	Placeholder                     Style
	Name                            string // dark, light or high-contrast
	keys                            *keymap.Table
	profile                         termenv.Profile
	Selected, Bracket, Variable     Style // of the editor: selected text, the bracket of the one at the cursor, {{name}}
	QuietCursor                     Style // the place in a text that keys do not go into
	renderer                        *lipgloss.Renderer
	paints                          [paintCount]ends
}

// Names of the themes that NewTheme knows.
const (
	ThemeDark         = "dark"
	ThemeLight        = "light"
	ThemeHighContrast = "high-contrast"
)

// Themes are their names.
var Themes = []string{ThemeDark, ThemeLight, ThemeHighContrast}

// As makes the theme of another name with as many colours as this one.
func (t *Theme) As(name string) *Theme { return NewTheme(name, t.profile) }

// SetKeys sets the keys that Words names.
func (t *Theme) SetKeys(keys *keymap.Table) { t.keys = keys }

// Keys are those that Words names.
func (t *Theme) Keys() *keymap.Table {
	if t.keys == nil {
		t.keys = new(keymap.Table)
	}
	return t.keys
}

// Words puts the keys of actions into a text: {send} becomes ctrl+r, or what a
// person has set in its place; the palette's name for it where it has no key.
func (t *Theme) Words(text string) string { return t.Keys().Words(text) }

// palette is the colours of a theme: true colour, 256 colours, 16 colours.
type palette struct {
	text, muted, faint, accent, good, warn, bad, info lipgloss.TerminalColor
	border, selection, selectionBlurred               lipgloss.TerminalColor
	onSelection, match, matchCurrent, onMatch         lipgloss.TerminalColor
	invisible, key, str, number, literal              lipgloss.TerminalColor
	badge, onBadge, onStatus                          lipgloss.TerminalColor
}

func colour(trueColour, ansi256, ansi16 string) lipgloss.TerminalColor {
	return lipgloss.CompleteColor{TrueColor: trueColour, ANSI256: ansi256, ANSI: ansi16}
}

// darkPalette draws nothing in bright black where there are 16 colours: that is
// the background of some schemes, as white is of light ones.
func darkPalette() palette {
	return palette{
		text: lipgloss.NoColor{}, muted: colour("#9aa5b1", "247", "7"), faint: colour("#6b7683", "243", "7"),
		accent: colour("#7aa2f7", "111", "12"), good: colour("#8fce72", "113", "10"), warn: colour("#e5b95c", "179", "11"),
		bad: colour("#f7768e", "210", "9"), info: colour("#6cc7d9", "80", "14"),
		border: colour("#4a5361", "239", "7"), selection: colour("#2f4570", "24", "4"),
		selectionBlurred: colour("#2b313b", "236", "8"),
		onSelection:      colour("#ffffff", "231", "15"), match: colour("#7a5f1e", "94", "3"),
		matchCurrent: colour("#f2c14e", "221", "11"),
		onMatch:      colour("#101418", "233", "0"), invisible: colour("#d387d8", "176", "13"),
		key: colour("#7aa2f7", "111", "12"), str: colour("#a8d08d", "150", "10"), number: colour("#f0a978", "216", "11"),
		literal: colour("#c9a0f2", "183", "13"), badge: colour("#39424e", "238", "8"),
		onBadge:  colour("#e6ebf0", "255", "15"),
		onStatus: colour("#101418", "233", "0"),
	}
}

func lightPalette() palette {
	return palette{
		text: lipgloss.NoColor{}, muted: colour("#55606b", "240", "8"), faint: colour("#737e89", "243", "8"),
		accent: colour("#1f55c4", "26", "4"), good: colour("#2c7a1f", "28", "2"), warn: colour("#8a5a00", "94", "3"),
		bad: colour("#b8203a", "160", "1"), info: colour("#0f6f82", "30", "6"),
		border: colour("#a9b2bc", "249", "8"), selection: colour("#1f55c4", "26", "4"),
		selectionBlurred: colour("#dde2e8", "254", "7"),
		onSelection:      colour("#ffffff", "231", "15"), match: colour("#ffe08a", "222", "11"),
		matchCurrent: colour("#f2a900", "214", "3"),
		onMatch:      colour("#101418", "233", "0"), invisible: colour("#9b2fa3", "127", "5"),
		key: colour("#1f55c4", "26", "4"), str: colour("#2c6e1f", "22", "2"), number: colour("#a04a00", "130", "1"),
		literal: colour("#6a3bb5", "55", "5"), badge: colour("#dde2e8", "254", "7"), onBadge: colour("#22303c", "235", "0"),
		onStatus: colour("#ffffff", "231", "15"),
	}
}

// contrastPalette keeps to the pure colours, which terminals draw brightest.
// The text's own colour is left to the terminal, so it serves dark and light.
func contrastPalette() palette {
	none := lipgloss.NoColor{}
	white, black := colour("#ffffff", "231", "15"), colour("#000000", "16", "0")
	return palette{
		text: none, muted: none, faint: none, accent: none, good: none, warn: none, bad: none, info: none,
		border: none, selection: white, selectionBlurred: none, onSelection: black,
		match: colour("#ffff00", "226", "11"), matchCurrent: colour("#00ffff", "51", "14"), onMatch: black,
		invisible: none, key: none, str: none, number: none, literal: none,
		badge: white, onBadge: black, onStatus: black,
	}
}

// NewTheme makes the theme of that name; an unknown name means the dark one.
// With termenv.Ascii, which is what NO_COLOR asks for, nothing is coloured: bold,
// reverse and underline alone show focus, selection and matches.
func NewTheme(name string, profile termenv.Profile) *Theme {
	t := &Theme{Name: name, profile: profile, renderer: lipgloss.NewRenderer(io.Discard)}
	t.renderer.SetHasDarkBackground(name != ThemeLight)
	t.renderer.SetColorProfile(profile)
	if profile == termenv.Ascii {
		// Lip Gloss drops bold and reverse too in this profile, so the theme
		// says ANSI and uses no colour.
		t.renderer.SetColorProfile(termenv.ANSI)
		t.plain()
		t.prepare()
		return t
	}
	switch name {
	case ThemeLight:
		t.coloured(lightPalette())
	case ThemeHighContrast:
		t.coloured(contrastPalette())
		t.emphasise()
	default:
		t.Name = ThemeDark
		t.coloured(darkPalette())
	}
	t.prepare()
	return t
}

// Style returns an empty style that renders in the theme's colour profile.
func (t *Theme) Style() Style { return newStyle(t.renderer.NewStyle()) }

func (t *Theme) coloured(p palette) {
	fg := func(c lipgloss.TerminalColor) Style { return t.Style().foreground(c) }
	on := func(c, back lipgloss.TerminalColor) Style { return fg(c).background(back) }

	t.Text, t.Muted, t.Faint = fg(p.text), fg(p.muted), fg(p.faint)
	t.Accent, t.Good, t.Warn, t.Bad, t.Info = fg(p.accent), fg(p.good), fg(p.warn), fg(p.bad), fg(p.info)
	t.Key, t.Help = fg(p.accent).Bold(true), fg(p.muted)
	t.Title, t.TitleFocused = fg(p.muted).Bold(true), fg(p.accent).Bold(true)
	t.Border, t.BorderFocused = fg(p.border), fg(p.accent)
	t.Selection, t.SelectionBlurred = on(p.onSelection, p.selection).Bold(true), t.Style().background(p.selectionBlurred)
	t.Cursor = t.Style().Reverse(true)
	t.Match, t.MatchCurrent = t.Style().background(p.match), on(p.onMatch, p.matchCurrent).Bold(true)
	if t.Name != ThemeDark {
		t.Match = on(p.onMatch, p.match)
	}
	t.Invisible, t.LineNumber = fg(p.invisible), fg(p.faint)
	t.JSONKey, t.JSONString, t.JSONNumber = fg(p.key), fg(p.str), fg(p.number)
	t.JSONLiteral, t.JSONPunct = fg(p.literal), fg(p.muted)
	t.Badge, t.BadgeWarn = on(p.onBadge, p.badge), on(p.onStatus, p.warn).Bold(true)
	t.DiffAdded, t.DiffRemoved = fg(p.good), fg(p.bad)
	t.MarkBad, t.MarkWarn, t.MarkInfo = fg(p.bad).Underline(true), fg(p.warn).Underline(true), fg(p.info).Underline(true)
	t.Placeholder = fg(p.faint).Italic(true)
}

// emphasise adds to the high contrast theme what it gives up in colours.
func (t *Theme) emphasise() {
	bold := t.Style().Bold(true)
	t.Accent, t.Good, t.Warn, t.Info = bold, bold, bold.Underline(true), bold
	t.Bad = bold.Reverse(true)
	t.TitleFocused, t.BorderFocused = bold.Reverse(true), bold
	t.SelectionBlurred = bold.Underline(true)
	t.BadgeWarn = t.Badge.Bold(true)
	t.Invisible = t.Style().Reverse(true)
	t.JSONKey = bold
	t.DiffAdded, t.DiffRemoved = bold.Underline(true), bold.Reverse(true)
}

// plain is the theme without colours.
func (t *Theme) plain() {
	none, bold := t.Style(), t.Style().Bold(true)
	under, reverse := t.Style().Underline(true), t.Style().Reverse(true)

	t.Text, t.Muted, t.Faint, t.Info = none, none, none, none
	t.Accent, t.Good, t.Warn, t.Bad = bold, none, bold, bold
	t.Key, t.Help = bold, none
	t.Title, t.TitleFocused = none, bold.Reverse(true)
	t.Border, t.BorderFocused = none, bold
	t.Selection, t.SelectionBlurred = bold.Reverse(true), under
	t.Cursor = reverse
	t.Match, t.MatchCurrent = under, bold.Reverse(true)
	t.Invisible, t.LineNumber = under, none
	t.JSONKey, t.JSONString, t.JSONNumber, t.JSONLiteral, t.JSONPunct = bold, none, none, none, none
	t.Badge, t.BadgeWarn = reverse, bold.Reverse(true)
	t.DiffAdded, t.DiffRemoved = bold.Underline(true), bold.Reverse(true)
	t.MarkBad, t.MarkWarn, t.MarkInfo = bold.Underline(true), under, under
	t.Placeholder = none
}

// editing derives the editor's styles. Without colours selected text is
// reversed, the other bracket bold too; a variable has its braces.
func (t *Theme) editing() {
	t.Selected, t.QuietCursor = t.Selection.Bold(false), t.Style().Underline(true).Bold(true)
	t.Bracket, t.Variable = t.Style().Reverse(true).Bold(true), t.Info
}
