package keymap

// Actions of the comparison of two runs.
const (
	CompareNext      ID = "compare.next"
	ComparePrev      ID = "compare.previous"
	CompareFold      ID = "compare.fold"
	CompareSwap      ID = "compare.swap"
	CompareTabNext   ID = "compare.tab-next"
	CompareTabPrev   ID = "compare.tab-previous"
	CompareRequest   ID = "compare.request"
	CompareHeaders   ID = "compare.headers"
	CompareCanonical ID = "compare.canonical"
	CompareResponse  ID = "compare.response"
	CompareUp        ID = "compare.up"
	CompareDown      ID = "compare.down"
	ComparePageUp    ID = "compare.page-up"
	ComparePageDn    ID = "compare.page-down"
	CompareTop       ID = "compare.top"
	CompareBottom    ID = "compare.bottom"
)

var compareActions = []Action{
	{ID: CompareNext, Scope: Compare, Keys: []string{"n"}, Short: "next difference", Long: "Go to the next difference", Footer: 15},
	{ID: ComparePrev, Scope: Compare, Keys: []string{"N"}, Long: "Go to the difference before"},
	{ID: CompareTabNext, Scope: Compare, Keys: []string{"right", "l"}, Short: "next part", Long: "Go to the next part: request, headers, canonical string, response (tab does so too)", Footer: 16},
	{ID: CompareTabPrev, Scope: Compare, Keys: []string{"left", "h"}, Long: "Go to the part before"},
	{ID: CompareFold, Scope: Compare, Keys: []string{"f"}, Short: "fold", Long: "Show only the differences with a little around them, or everything", Footer: 17},
	{ID: CompareSwap, Scope: Compare, Keys: []string{"s"}, Short: "swap", Long: "Swap the sides", Footer: 18},
	{ID: CompareRequest, Scope: Compare, Keys: []string{"1"}, Long: "Compare the requests: line and body"},
	{ID: CompareHeaders, Scope: Compare, Keys: []string{"2"}, Long: "Compare the headers of the requests"},
	{ID: CompareCanonical, Scope: Compare, Keys: []string{"3"}, Long: "Compare the strings that were signed"},
	{ID: CompareResponse, Scope: Compare, Keys: []string{"4"}, Long: "Compare the responses: line, headers and body"},
	{ID: CompareUp, Scope: Compare, Keys: []string{"up", "k"}, Long: "Scroll up"},
	{ID: CompareDown, Scope: Compare, Keys: []string{"down", "j"}, Long: "Scroll down"},
	{ID: ComparePageUp, Scope: Compare, Keys: []string{"pgup", "b"}, Long: "Scroll up a page"},
	{ID: ComparePageDn, Scope: Compare, Keys: []string{"pgdown", " "}, Long: "Scroll down a page"},
	{ID: CompareTop, Scope: Compare, Keys: []string{"home", "g"}, Long: "Go to the start"},
	{ID: CompareBottom, Scope: Compare, Keys: []string{"end", "G"}, Long: "Go to the end"},
}
