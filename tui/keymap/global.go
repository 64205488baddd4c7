package keymap

// Actions that work everywhere. Their rows are the root's; a pane's row with
// one of these IDs says what it does there.
const (
	Send         ID = "send"
	Cancel       ID = "cancel"
	Save         ID = "save"
	Copy         ID = "copy"
	Export       ID = "export"
	Mask         ID = "mask"
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
	Faults       ID = "faults"
	HintsOff     ID = "hints-off"
)
