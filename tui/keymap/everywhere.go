package keymap

// Actions that work everywhere.
const (
	Send         ID = "send"
	Cancel       ID = "cancel"
	Copy         ID = "copy"
	CopyCurl     ID = "copy-curl"
	Palette      ID = "palette"
	Help         ID = "help"
	HelpAnywhere ID = "help-anywhere"
	Next         ID = "focus.next"
	Previous     ID = "focus.previous"
	Zoom         ID = "zoom"
	Quit         ID = "quit"
	Interrupt    ID = "interrupt"
	Mouse        ID = "mouse"
	Diagnose     ID = "diagnose"
	Profiles     ID = "profiles"
	NextTheme    ID = "theme"
	HintsOff     ID = "hints-off"
	PanesBack    ID = "panes-back"
	Jump         ID = "jump"

	FocusEndpoints ID = "focus.endpoints"
	FocusRequest   ID = "focus.request"
	FocusHeaders   ID = "focus.headers"
	FocusSignature ID = "focus.signature"
	FocusResponse  ID = "focus.response"
	FocusRuns      ID = "focus.runs"
)

var globalActions = []Action{
	{ID: Send, Scope: Global, Keys: []string{"ctrl+r"}, Short: "send", Long: "Sign the request and send it", Footer: 10, Always: true},
	{ID: Cancel, Scope: Global, Keys: []string{"esc"}, Short: "cancel", Long: "Stop what is running; else leave what is open", Footer: 11, Always: true},
	{ID: Diagnose, Scope: Global, Keys: []string{"d"}, Short: "diagnose", Long: "Explain why a signature does not match", Footer: 12},
	{ID: Copy, Scope: Global, Keys: []string{"y"}, Short: "copy", Long: "Copy what is under the cursor", Footer: 30},
	{ID: CopyCurl, Scope: Global, Keys: []string{"Y"}, Long: "Copy the request as a curl command, signed as it is shown"},
	{ID: Palette, Scope: Global, Keys: []string{"ctrl+p", ":"}, Short: "commands", Long: "Run anything by its name", Footer: 40, Always: true},
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
	{ID: Profiles, Scope: Global, Keys: []string{"P"}, Short: "profile", Long: "Choose the profile: where requests go, and as whom", Footer: 45},
	{ID: NextTheme, Scope: Global, Keys: []string{"T"}, Short: "theme", Long: "Change the colours: dark, light, high contrast"},
	{ID: HintsOff, Scope: Global, Keys: []string{"H"}, Short: "hints off", Long: "End the hints for newcomers"},
	{ID: Jump, Scope: Global, Keys: []string{"'"}, Short: "jump", Long: "Jump to anything on the screen by the letters shown on it", Footer: 46},
	{ID: PanesBack, Scope: Global, Keys: []string{"0"}, Short: "panes", Long: "Put the dividers back where they were"},
	{ID: Mouse, Scope: Global, Keys: []string{"m"}, Long: "Free the mouse for selecting text, or take it back"},
	{ID: Quit, Scope: Global, Keys: []string{"q"}, Long: "Close what covers the screen; else quit"},
	{ID: Interrupt, Scope: Global, Keys: []string{"ctrl+c"}, Long: "Stop what is running; twice: quit", Always: true},
}
