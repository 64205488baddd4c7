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
	ResponseLeft     ID = "response.left"
	ResponseRight    ID = "response.right"

	ResponseFold      ID = "response.fold"
	ResponseFoldAll   ID = "response.fold-all"
	ResponseFoldLess  ID = "response.fold-less"
	ResponseUnfold    ID = "response.unfold-all"
	ResponseFilter    ID = "response.filter"
	ResponseCopyValue ID = "response.copy-value"
	ResponseCopyPath  ID = "response.copy-path"
	ResponseFollow    ID = "response.follow"
	ResponseApprove   ID = "response.approve"
	ResponseExplain   ID = "response.explain"
)

var responseActions = []Action{
	{ID: ResponseTabNext, Scope: Response, Keys: []string{"]", "right", "l"}, Short: "raw, hex, timing", Long: "Show the next of Body, Raw, Hex, Timing", Footer: 15},
	{ID: ResponseTabPrev, Scope: Response, Keys: []string{"[", "left", "h"}, Long: "Show the previous of Body, Raw, Hex, Timing"},
	{ID: ResponseFollow, Scope: Response, Keys: []string{"a"}, Short: "what next", Long: "Open the request that follows, filled in from this one: inquire, refund, revoke", Footer: 14},
	{ID: ResponseApprove, Scope: Response, Keys: []string{"A"}, Short: "approve", Long: "Approve the payment as the buyer, in the built-in Super App", Footer: 13},
	{ID: ResponseExplain, Scope: Response, Keys: []string{"v"}, Short: "explain", Long: "Show all that is said of this answer: what is wrong, what its result means, what to do next", Footer: 15},
	{ID: ResponseSearch, Scope: Response, Keys: []string{"/"}, Short: "search", Long: "Search the response", Footer: 16},
	{ID: ResponseNext, Scope: Response, Keys: []string{"n"}, Long: "Go to the next match"},
	{ID: ResponsePrevious, Scope: Response, Keys: []string{"N"}, Long: "Go to the previous match"},
	{ID: ResponseFilter, Scope: Response, Keys: []string{"|"}, Short: "jq", Long: "Filter the body with jq; the body itself stays as it is", Footer: 17},
	{ID: ResponseFold, Scope: Response, Keys: []string{"enter", "o"}, Short: "fold", Long: "Fold what begins in this line, or is around it; open what is folded", Footer: 18},
	{ID: ResponseFoldAll, Scope: Response, Keys: []string{"-"}, Long: "Fold all below the first level; again, a level more"},
	{ID: ResponseFoldLess, Scope: Response, Keys: []string{"+", "="}, Long: "Open one level more of what is folded"},
	{ID: ResponseUnfold, Scope: Response, Keys: []string{"*"}, Long: "Open all folds"},
	{ID: ResponseCopyValue, Scope: Response, Keys: []string{"c"}, Short: "copy value", Long: "Copy the value under the cursor", Footer: 19},
	{ID: ResponseCopyPath, Scope: Response, Keys: []string{"C"}, Long: "Copy the path of the value under the cursor"},
	{ID: ResponseWrap, Scope: Response, Keys: []string{"w"}, Short: "wrap", Long: "Wrap long lines, or cut them", Footer: 20},
	{ID: ResponseUp, Scope: Response, Keys: []string{"up", "k"}, Long: "Go up a line"},
	{ID: ResponseDown, Scope: Response, Keys: []string{"down", "j"}, Long: "Go down a line"},
	{ID: ResponsePageUp, Scope: Response, Keys: []string{"pgup", "b"}, Long: "Go up a page"},
	{ID: ResponsePageDn, Scope: Response, Keys: []string{"pgdown", " "}, Long: "Go down a page"},
	{ID: ResponseTop, Scope: Response, Keys: []string{"home", "g"}, Long: "Go to the start"},
	{ID: ResponseBottom, Scope: Response, Keys: []string{"end", "G"}, Long: "Go to the end"},
	{ID: ResponseLeft, Scope: Response, Keys: []string{"<", "shift+left"}, Long: "Move cut lines to the left"},
	{ID: ResponseRight, Scope: Response, Keys: []string{">", "shift+right"}, Long: "Move cut lines to the right"},
}
