package keymap

// Actions of the headers pane.
const (
	HeadersUp       ID = "headers.up"
	HeadersDown     ID = "headers.down"
	HeadersTop      ID = "headers.top"
	HeadersBottom   ID = "headers.bottom"
	HeadersOverride ID = "headers.override"
	HeadersAdd      ID = "headers.add"
	HeadersOmit     ID = "headers.omit"
	HeadersReset    ID = "headers.reset"
	HeadersTamper   ID = "headers.tamper"
	HeadersEnter    ID = "headers.enter"
	HeadersWhole    ID = "headers.whole"
)

var headersActions = []Action{
	{ID: HeadersOverride, Scope: Headers, Keys: []string{"e"}, Short: "override", Long: "Send another value in this header", Footer: 15},
	{ID: HeadersOmit, Scope: Headers, Keys: []string{"x"}, Short: "leave out", Long: "Leave this header out on purpose, or put it back", Footer: 16},
	{ID: HeadersTamper, Scope: Headers, Keys: []string{"s"}, Short: "tamper", Long: "Make the request wrong on purpose, to test the other side: time, path, key, signature", Footer: 17},
	{ID: HeadersWhole, Scope: Headers, Keys: []string{"v"}, Short: "whole", Long: "Show this header whole, with what it means", Footer: 18},
	{ID: HeadersAdd, Scope: Headers, Keys: []string{"a"}, Short: "add", Long: "Add a header", Footer: 19},
	{ID: HeadersReset, Scope: Headers, Keys: []string{"u"}, Short: "reset", Long: "Undo all that was changed or tampered with on purpose", Footer: 20},
	{ID: HeadersEnter, Scope: Headers, Keys: []string{"enter"}, Long: "Override a header of the request; show one of the response whole"},
	{ID: HeadersUp, Scope: Headers, Keys: []string{"up", "k"}, Long: "Go up"},
	{ID: HeadersDown, Scope: Headers, Keys: []string{"down", "j"}, Long: "Go down"},
	{ID: HeadersTop, Scope: Headers, Keys: []string{"home", "g"}, Long: "Go to the first header"},
	{ID: HeadersBottom, Scope: Headers, Keys: []string{"end", "G"}, Long: "Go to the last header"},
}
