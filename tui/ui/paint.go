package ui

// Paint names a style of the theme where a place in a large text has one.
type Paint uint8

// Paints of a text, by meaning.
const (
	PaintNone Paint = iota
	PaintText
	PaintKey
	PaintString
	PaintNumber
	PaintLiteral
	PaintPunct
	PaintInvisible
	PaintMatch
	PaintMatchCurrent
	PaintCursor
	PaintLineNumber
	PaintFaint
	PaintMarkBad
	PaintMarkWarn
	PaintMarkInfo
	PaintBad
	PaintWarn
	PaintInfo
	PaintCursorLine
	PaintFold
	PaintGood
	PaintAdded
	PaintRemoved
	PaintQuiet
	PaintSelected
	PaintBracket
	PaintVariable
	PaintQuietCursor
	paintCount
)

// Ends returns what goes before and after a text in a paint.
func (t *Theme) Ends(p Paint) (open, end string) { return t.paints[p].open, t.paints[p].close }

func (t *Theme) prepare() {
	t.editing()
	for id, s := range map[Paint]Style{
		PaintText: t.Text, PaintKey: t.JSONKey, PaintString: t.JSONString, PaintNumber: t.JSONNumber,
		PaintLiteral: t.JSONLiteral, PaintPunct: t.JSONPunct, PaintInvisible: t.Invisible,
		PaintMatch: t.Match, PaintMatchCurrent: t.MatchCurrent, PaintCursor: t.Cursor,
		PaintLineNumber: t.LineNumber, PaintFaint: t.Faint,
		PaintMarkBad: t.MarkBad, PaintMarkWarn: t.MarkWarn, PaintMarkInfo: t.MarkInfo,
		PaintBad: t.Bad, PaintWarn: t.Warn, PaintInfo: t.Info, PaintCursorLine: t.Accent.Bold(true), PaintFold: t.Muted,
		PaintGood: t.Good, PaintAdded: t.DiffAdded.Underline(true), PaintRemoved: t.DiffRemoved.Underline(true),
		PaintQuiet:    t.Muted.Underline(true),
		PaintSelected: t.Selected, PaintBracket: t.Bracket, PaintVariable: t.Variable, PaintQuietCursor: t.QuietCursor,
	} {
		t.paints[id] = s.ends
	}
}
