package keymap

// Actions of the explorer. Panes and the root switch on these.
const (
	Send         ID = "send"
	Cancel       ID = "cancel"
	Copy         ID = "copy"
	CopyCurl     ID = "copy.curl"
	Palette      ID = "palette"
	Help         ID = "help"
	HelpAnywhere ID = "help.anywhere"
	Next         ID = "focus.next"
	Previous     ID = "focus.previous"
	Zoom         ID = "zoom"
	Quit         ID = "quit"
	Interrupt    ID = "interrupt"
	Mouse        ID = "mouse"
	Diagnose     ID = "diagnose"

	FocusEndpoints ID = "focus.endpoints"
	FocusRequest   ID = "focus.request"
	FocusHeaders   ID = "focus.headers"
	FocusSignature ID = "focus.signature"
	FocusResponse  ID = "focus.response"
	FocusRuns      ID = "focus.runs"

	EndpointsUp     ID = "endpoints.up"
	EndpointsDown   ID = "endpoints.down"
	EndpointsPageUp ID = "endpoints.page-up"
	EndpointsPageDn ID = "endpoints.page-down"
	EndpointsTop    ID = "endpoints.top"
	EndpointsBottom ID = "endpoints.bottom"
	EndpointsChoose ID = "endpoints.choose"
	EndpointsFilter ID = "endpoints.filter"

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

	HeadersUp       ID = "headers.up"
	HeadersDown     ID = "headers.down"
	HeadersTop      ID = "headers.top"
	HeadersBottom   ID = "headers.bottom"
	HeadersOverride ID = "headers.override"
	HeadersAdd      ID = "headers.add"
	HeadersOmit     ID = "headers.omit"
	HeadersReset    ID = "headers.reset"

	SignatureUp     ID = "signature.up"
	SignatureDown   ID = "signature.down"
	SignaturePrev   ID = "signature.previous"
	SignatureNext   ID = "signature.next"
	SignatureTop    ID = "signature.top"
	SignatureBottom ID = "signature.bottom"

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

	RunsUp     ID = "runs.up"
	RunsDown   ID = "runs.down"
	RunsPageUp ID = "runs.page-up"
	RunsPageDn ID = "runs.page-down"
	RunsTop    ID = "runs.top"
	RunsBottom ID = "runs.bottom"
	RunsLoad   ID = "runs.load"
	RunsAgain  ID = "runs.again"
	RunsSearch ID = "runs.search"

	DiagnosisTell   ID = "diagnosis.tell"
	DiagnosisHex    ID = "diagnosis.hex"
	DiagnosisMore   ID = "diagnosis.more"
	DiagnosisSide   ID = "diagnosis.side"
	DiagnosisString ID = "diagnosis.copy-string"
	DiagnosisUp     ID = "diagnosis.up"
	DiagnosisDown   ID = "diagnosis.down"
	DiagnosisPageUp ID = "diagnosis.page-up"
	DiagnosisPageDn ID = "diagnosis.page-down"
	DiagnosisTop    ID = "diagnosis.top"
	DiagnosisBottom ID = "diagnosis.bottom"
)

// Actions is the table.
var Actions = []Action{
	{ID: EndpointsChoose, Scope: Endpoints, Keys: []string{"enter", "l", "right"}, Short: "choose", Long: "Choose this endpoint and go to its request", Footer: 15},
	{ID: EndpointsFilter, Scope: Endpoints, Keys: []string{"/"}, Short: "filter", Long: "Filter the endpoints by any letters of their names", Footer: 16},
	{ID: EndpointsUp, Scope: Endpoints, Keys: []string{"up", "k"}, Long: "Go up"},
	{ID: EndpointsDown, Scope: Endpoints, Keys: []string{"down", "j"}, Long: "Go down"},
	{ID: EndpointsPageUp, Scope: Endpoints, Keys: []string{"pgup"}, Long: "Go up a page"},
	{ID: EndpointsPageDn, Scope: Endpoints, Keys: []string{"pgdown"}, Long: "Go down a page"},
	{ID: EndpointsTop, Scope: Endpoints, Keys: []string{"home", "g"}, Long: "Go to the first endpoint"},
	{ID: EndpointsBottom, Scope: Endpoints, Keys: []string{"end", "G"}, Long: "Go to the last endpoint"},

	{ID: RequestEdit, Scope: Request, Keys: []string{"e", "enter", "i"}, Short: "edit", Long: "Edit the body (on Fields: go to this field in it)", Footer: 15},
	{ID: RequestTabNext, Scope: Request, Keys: []string{"]", "right", "l"}, Short: "fields, docs", Long: "Show the next of Body, Fields, Docs", Footer: 18},
	{ID: RequestTabPrev, Scope: Request, Keys: []string{"[", "left", "h"}, Long: "Show the previous of Body, Fields, Docs"},
	{ID: RequestTarget, Scope: Request, Keys: []string{"t"}, Short: "path", Long: "Edit the path and query that are requested", Footer: 19},
	{ID: RequestExpanded, Scope: Request, Keys: []string{"v"}, Short: "expanded", Long: "Show the body with its variables expanded, as it will be signed and sent", Footer: 20},
	{ID: RequestEditor, Scope: Request, Keys: []string{"ctrl+o"}, Short: "$EDITOR", Long: "Open the body in $EDITOR, byte for byte", Footer: 21, Always: true},
	{ID: RequestFormat, Scope: Request, Keys: []string{"F"}, Long: "Pretty-print the body (changes its bytes)"},
	{ID: RequestCompact, Scope: Request, Keys: []string{"C"}, Long: "Compact the body (changes its bytes)"},
	{ID: RequestExample, Scope: Request, Keys: []string{"x"}, Long: "Put the endpoint's example back (ctrl+z in the editor undoes it)"},
	{ID: RequestUp, Scope: Request, Keys: []string{"up", "k"}, Long: "Go up"},
	{ID: RequestDown, Scope: Request, Keys: []string{"down", "j"}, Long: "Go down"},
	{ID: RequestPageUp, Scope: Request, Keys: []string{"pgup"}, Long: "Go up a page"},
	{ID: RequestPageDn, Scope: Request, Keys: []string{"pgdown"}, Long: "Go down a page"},
	{ID: RequestTop, Scope: Request, Keys: []string{"home", "g"}, Long: "Go to the start"},
	{ID: RequestBottom, Scope: Request, Keys: []string{"end", "G"}, Long: "Go to the end"},

	{ID: "edit.undo", Scope: Request, Keys: []string{"ctrl+z"}, Short: "undo", Long: "Undo, while editing", Text: true, Footer: 22},
	{ID: "edit.redo", Scope: Request, Keys: []string{"ctrl+y"}, Long: "Redo, while editing", Text: true},
	{ID: "edit.word", Scope: Request, Keys: []string{"ctrl+left", "ctrl+right"}, Long: "Go a word back or on, while editing", Text: true},
	{ID: "edit.ends", Scope: Request, Keys: []string{"ctrl+home", "ctrl+end"}, Long: "Go to the start or the end, while editing", Text: true},
	{ID: "edit.delete-word", Scope: Request, Keys: []string{"ctrl+w"}, Long: "Delete the word before the cursor, while editing", Text: true},
	{ID: "edit.delete-rest", Scope: Request, Keys: []string{"ctrl+k", "ctrl+u"}, Long: "Delete the rest of the line, or what is before the cursor, while editing", Text: true},

	{ID: HeadersOverride, Scope: Headers, Keys: []string{"e", "enter"}, Short: "override", Long: "Send another value in this header", Footer: 15},
	{ID: HeadersOmit, Scope: Headers, Keys: []string{"x"}, Short: "leave out", Long: "Leave this header out on purpose, or put it back", Footer: 16},
	{ID: HeadersAdd, Scope: Headers, Keys: []string{"a"}, Short: "add", Long: "Add a header", Footer: 17},
	{ID: HeadersReset, Scope: Headers, Keys: []string{"u"}, Short: "reset", Long: "Undo all that was changed in the headers", Footer: 18},
	{ID: HeadersUp, Scope: Headers, Keys: []string{"up", "k"}, Long: "Go up"},
	{ID: HeadersDown, Scope: Headers, Keys: []string{"down", "j"}, Long: "Go down"},
	{ID: HeadersTop, Scope: Headers, Keys: []string{"home", "g"}, Long: "Go to the first header"},
	{ID: HeadersBottom, Scope: Headers, Keys: []string{"end", "G"}, Long: "Go to the last header"},

	{ID: SignatureNext, Scope: Signature, Keys: []string{"right", "l"}, Short: "next stage", Long: "Go to the next stage of the chain", Footer: 15},
	{ID: SignaturePrev, Scope: Signature, Keys: []string{"left", "h"}, Long: "Go to the previous stage of the chain"},
	{ID: SignatureUp, Scope: Signature, Keys: []string{"up", "k"}, Long: "Scroll up"},
	{ID: SignatureDown, Scope: Signature, Keys: []string{"down", "j"}, Long: "Scroll down"},
	{ID: SignatureTop, Scope: Signature, Keys: []string{"home", "g"}, Long: "Scroll to the start"},
	{ID: SignatureBottom, Scope: Signature, Keys: []string{"end", "G"}, Long: "Scroll to the end"},

	{ID: ResponseTabNext, Scope: Response, Keys: []string{"]", "right", "l"}, Short: "raw, hex, timing", Long: "Show the next of Body, Raw, Hex, Timing", Footer: 15},
	{ID: ResponseTabPrev, Scope: Response, Keys: []string{"[", "left", "h"}, Long: "Show the previous of Body, Raw, Hex, Timing"},
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

	{ID: RunsLoad, Scope: Runs, Keys: []string{"enter", "l", "right"}, Short: "show", Long: "Show this run (sends nothing)", Footer: 15},
	{ID: RunsAgain, Scope: Runs, Keys: []string{"r"}, Short: "send again", Long: "Send this run's request again, with a new time and signature", Footer: 16},
	{ID: RunsSearch, Scope: Runs, Keys: []string{"/"}, Short: "search", Long: "Search everything in all runs", Footer: 17},
	{ID: RunsUp, Scope: Runs, Keys: []string{"up", "k"}, Long: "Go up"},
	{ID: RunsDown, Scope: Runs, Keys: []string{"down", "j"}, Long: "Go down"},
	{ID: RunsPageUp, Scope: Runs, Keys: []string{"pgup"}, Long: "Go up a page"},
	{ID: RunsPageDn, Scope: Runs, Keys: []string{"pgdown"}, Long: "Go down a page"},
	{ID: RunsTop, Scope: Runs, Keys: []string{"home", "g"}, Long: "Go to the newest run"},
	{ID: RunsBottom, Scope: Runs, Keys: []string{"end", "G"}, Long: "Go to the oldest run that is loaded"},

	{ID: DiagnosisTell, Scope: Diagnosis, Keys: []string{"p"}, Short: "paste what they signed", Long: "Compare with what the other side says it signed: string, digest, header or error", Footer: 15},
	{ID: DiagnosisHex, Scope: Diagnosis, Keys: []string{"h"}, Short: "hex", Long: "Show the difference as hex, or as text again", Footer: 16},
	{ID: DiagnosisMore, Scope: Diagnosis, Keys: []string{"+", "="}, Short: "more time", Long: "Search on with ten times the time; the third time without end, every millisecond of 24 hours too", Footer: 17},
	{ID: DiagnosisSide, Scope: Diagnosis, Keys: []string{"s"}, Short: "other side", Long: "Go to the other signature of this exchange: request or response", Footer: 18},
	{ID: DiagnosisString, Scope: Diagnosis, Keys: []string{"Y"}, Short: "copy string", Long: "Copy the string that was really signed, byte for byte", Footer: 31},
	{ID: DiagnosisUp, Scope: Diagnosis, Keys: []string{"up", "k"}, Long: "Scroll up"},
	{ID: DiagnosisDown, Scope: Diagnosis, Keys: []string{"down", "j"}, Long: "Scroll down"},
	{ID: DiagnosisPageUp, Scope: Diagnosis, Keys: []string{"pgup", "b"}, Long: "Scroll up a page"},
	{ID: DiagnosisPageDn, Scope: Diagnosis, Keys: []string{"pgdown", " "}, Long: "Scroll down a page"},
	{ID: DiagnosisTop, Scope: Diagnosis, Keys: []string{"home", "g"}, Long: "Go to the start"},
	{ID: DiagnosisBottom, Scope: Diagnosis, Keys: []string{"end", "G"}, Long: "Go to the end"},

	{ID: Send, Scope: Global, Keys: []string{"ctrl+r"}, Short: "send", Long: "Sign the request and send it", Footer: 10, Always: true},
	{ID: Cancel, Scope: Global, Keys: []string{"esc"}, Short: "cancel", Long: "Stop what is running; else leave what is open", Footer: 11, Always: true},
	{ID: Diagnose, Scope: Global, Keys: []string{"d"}, Short: "diagnose", Long: "Explain why a signature does not match", Footer: 12},
	{ID: Copy, Scope: Global, Keys: []string{"y"}, Short: "copy", Long: "Copy what is under the cursor", Footer: 30},
	{ID: CopyCurl, Scope: Global, Keys: []string{"Y"}, Long: "Copy the request as a curl command, signed as it is shown"},
	{ID: Palette, Scope: Global, Keys: []string{"ctrl+p"}, Short: "commands", Long: "Run anything by its name", Footer: 40, Always: true},
	{ID: Help, Scope: Global, Keys: []string{"?"}, Short: "help", Long: "Show all keys", Footer: 41},
	{ID: HelpAnywhere, Scope: Global, Keys: []string{"f1"}, Short: "help", Long: "Show all keys, while typing too", Always: true, Footer: 44},
	{ID: Next, Scope: Global, Keys: []string{"tab"}, Short: "next", Long: "Go to the next pane", Footer: 42, Always: true},
	{ID: Previous, Scope: Global, Keys: []string{"shift+tab"}, Long: "Go to the previous pane", Always: true},
	{ID: FocusEndpoints, Scope: Global, Keys: []string{"1"}, Long: "Go to the endpoints"},
	{ID: FocusRequest, Scope: Global, Keys: []string{"2"}, Long: "Go to the request"},
	{ID: FocusHeaders, Scope: Global, Keys: []string{"3"}, Long: "Go to the headers"},
	{ID: FocusSignature, Scope: Global, Keys: []string{"4"}, Long: "Go to the signature"},
	{ID: FocusResponse, Scope: Global, Keys: []string{"5"}, Long: "Go to the response"},
	{ID: FocusRuns, Scope: Global, Keys: []string{"6"}, Long: "Go to the runs"},
	{ID: Zoom, Scope: Global, Keys: []string{"z"}, Short: "zoom", Long: "Give this pane the whole screen, or take it back", Footer: 43},
	{ID: Mouse, Scope: Global, Keys: []string{"m"}, Long: "Free the mouse for selecting text, or take it back"},
	{ID: Quit, Scope: Global, Keys: []string{"q"}, Long: "Quit"},
	{ID: Interrupt, Scope: Global, Keys: []string{"ctrl+c"}, Long: "Stop what is running; twice: quit", Always: true},
}
