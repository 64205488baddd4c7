package keymap

// Actions of the response pane.
const (
	ResponseTabNext  ID = "response.tab-next"
	ResponseTabPrev  ID = "response.tab-previous"
	ResponseUp       ID = "response.up"
	ResponseDown     ID = "response.down"
	ResponsePageUp   ID = "response.page-up"
	ResponsePageDn   ID = "response.page-down"
	ResponseTop      ID = "response.top"
	ResponseBottom   ID = "response.bottom"
	ResponseSearch   ID = "response.search"
	ResponseNext     ID = "response.next-match"
	ResponsePrevious ID = "response.previous-match"
	ResponseWrap     ID = "response.wrap"
	ResponseFollow   ID = "response.follow"
)

var responseActions = []Action{
	{ID: ResponseTabNext, Scope: Response, Keys: []string{"]", "right", "l"}, Short: "raw, hex, timing", Long: "Show the next of Body, Raw, Hex, Timing", Footer: 15},
	{ID: ResponseTabPrev, Scope: Response, Keys: []string{"[", "left", "h"}, Long: "Show the previous of Body, Raw, Hex, Timing"},
	{ID: ResponseFollow, Scope: Response, Keys: []string{"a"}, Short: "what next", Long: "Open the request that follows, filled in from this one: inquire, refund, revoke", Footer: 14},
	{ID: ResponseSearch, Scope: Response, Keys: []string{"/"}, Short: "search", Long: "Search the response", Footer: 16},
	{ID: ResponseNext, Scope: Response, Keys: []string{"n"}, Long: "Go to the next match"},
	{ID: ResponsePrevious, Scope: Response, Keys: []string{"N"}, Long: "Go to the previous match"},
	{ID: ResponseWrap, Scope: Response, Keys: []string{"w"}, Short: "wrap", Long: "Wrap long lines, or cut them", Footer: 17},
	{ID: ResponseUp, Scope: Response, Keys: []string{"up", "k"}, Long: "Scroll up"},
	{ID: ResponseDown, Scope: Response, Keys: []string{"down", "j"}, Long: "Scroll down"},
	{ID: ResponsePageUp, Scope: Response, Keys: []string{"pgup", "b"}, Long: "Scroll up a page"},
	{ID: ResponsePageDn, Scope: Response, Keys: []string{"pgdown", " "}, Long: "Scroll down a page"},
	{ID: ResponseTop, Scope: Response, Keys: []string{"home", "g"}, Long: "Go to the start"},
	{ID: ResponseBottom, Scope: Response, Keys: []string{"end", "G"}, Long: "Go to the end"},
}
