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
)

var headersActions = []Action{
	{ID: HeadersOverride, Scope: Headers, Keys: []string{"e", "enter"}, Short: "override", Long: "Send another value in this header", Footer: 15},
	{ID: HeadersOmit, Scope: Headers, Keys: []string{"x"}, Short: "leave out", Long: "Leave this header out on purpose, or put it back", Footer: 16},
	{ID: HeadersAdd, Scope: Headers, Keys: []string{"a"}, Short: "add", Long: "Add a header", Footer: 17},
	{ID: HeadersReset, Scope: Headers, Keys: []string{"u"}, Short: "reset", Long: "Undo all that was changed in the headers", Footer: 18},
	{ID: HeadersUp, Scope: Headers, Keys: []string{"up", "k"}, Long: "Go up"},
	{ID: HeadersDown, Scope: Headers, Keys: []string{"down", "j"}, Long: "Go down"},
	{ID: HeadersTop, Scope: Headers, Keys: []string{"home", "g"}, Long: "Go to the first header"},
	{ID: HeadersBottom, Scope: Headers, Keys: []string{"end", "G"}, Long: "Go to the last header"},
}
