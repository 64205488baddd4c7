package keymap

// Actions of the request pane.
const (
	RequestEdit     ID = "request.edit"
	RequestTarget   ID = "request.target"
	RequestEditor   ID = "request.editor"
	RequestFormat   ID = "request.format"
	RequestCompact  ID = "request.compact"
	RequestExample  ID = "request.example"
	RequestExpanded ID = "request.expanded"
	RequestTabNext  ID = "request.tab-next"
	RequestTabPrev  ID = "request.tab-previous"
	RequestUp       ID = "request.up"
	RequestDown     ID = "request.down"
	RequestPageUp   ID = "request.page-up"
	RequestPageDn   ID = "request.page-down"
	RequestTop      ID = "request.top"
	RequestBottom   ID = "request.bottom"
)

var requestActions = []Action{
	{ID: RequestEdit, Scope: Request, Keys: []string{"e", "enter", "i"}, Short: "edit", Long: "Edit the body", Footer: 15},
	{ID: RequestTabNext, Scope: Request, Keys: []string{"]", "right", "l"}, Short: "fields, docs", Long: "Show the next of Body, Fields, Docs", Footer: 18},
	{ID: RequestTabPrev, Scope: Request, Keys: []string{"[", "left", "h"}, Long: "Show the previous of Body, Fields, Docs"},
	{ID: RequestTarget, Scope: Request, Keys: []string{"t"}, Short: "path", Long: "Edit the path and query that are requested", Footer: 19},
	{ID: RequestExpanded, Scope: Request, Keys: []string{"v", "alt+v"}, Short: "expanded", Long: "Show the body with its variables expanded, as it will be signed and sent; beside it where there is room", Footer: 20, Typing: true},
	{ID: RequestEditor, Scope: Request, Keys: []string{"ctrl+o"}, Short: "$EDITOR", Long: "Open the body in $EDITOR, byte for byte", Footer: 21, Always: true},
	{ID: RequestFormat, Scope: Request, Keys: []string{"F", "alt+p"}, Long: "Pretty-print the body (changes its white space, nothing else)", Typing: true},
	{ID: RequestCompact, Scope: Request, Keys: []string{"C", "alt+l"}, Long: "Compact the body to one line (changes its white space, nothing else)", Typing: true},
	{ID: RequestExample, Scope: Request, Keys: []string{"x"}, Long: "Put the endpoint's example back"},
	{ID: RequestUp, Scope: Request, Keys: []string{"up", "k"}, Long: "Go up"},
	{ID: RequestDown, Scope: Request, Keys: []string{"down", "j"}, Long: "Go down"},
	{ID: RequestPageUp, Scope: Request, Keys: []string{"pgup"}, Long: "Go up a page"},
	{ID: RequestPageDn, Scope: Request, Keys: []string{"pgdown"}, Long: "Go down a page"},
	{ID: RequestTop, Scope: Request, Keys: []string{"home", "g"}, Long: "Go to the start"},
	{ID: RequestBottom, Scope: Request, Keys: []string{"end", "G"}, Long: "Go to the end"},
}
