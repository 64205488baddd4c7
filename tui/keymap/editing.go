package keymap

// Actions of the body's editor. Most work while the body is read too.
const (
	RequestUndo      ID = "request.undo"
	RequestRedo      ID = "request.redo"
	RequestFind      ID = "request.find"
	RequestFindNext  ID = "request.find-next"
	RequestFindPrev  ID = "request.find-previous"
	RequestReplace   ID = "request.replace"
	RequestReplAll   ID = "request.replace-all"
	RequestLine      ID = "request.line"
	RequestBracket   ID = "request.bracket"
	RequestFault     ID = "request.fault"
	RequestFaultPrev ID = "request.fault-previous"
	EditCopy         ID = "edit.copy"
	EditCut          ID = "edit.cut"
	EditPaste        ID = "edit.paste"
	EditSelectAll    ID = "edit.select-all"
	EditDeleteLine   ID = "edit.delete-line"
	EditDuplicate    ID = "edit.duplicate-line"
	EditLineUp       ID = "edit.line-up"
	EditLineDown     ID = "edit.line-down"
)

var editingActions = []Action{
	{ID: RequestFault, Scope: Request, Keys: []string{"alt+n", "f8"}, Short: "next fault", Long: "Go to the next fault of the body", Footer: 16, Typing: true},
	{ID: RequestFaultPrev, Scope: Request, Keys: []string{"alt+N"}, Long: "Go to the fault before", Typing: true},
	{ID: RequestUndo, Scope: Request, Keys: []string{"ctrl+z", "u"}, Short: "undo", Long: "Undo the last change of the body", Footer: 22, Typing: true},
	{ID: RequestRedo, Scope: Request, Keys: []string{"ctrl+y", "U"}, Long: "Do again what was undone", Typing: true},
	{ID: RequestFind, Scope: Request, Keys: []string{"/", "ctrl+f"}, Short: "find", Long: "Find a text in the body", Footer: 45, Typing: true},
	{ID: RequestFindNext, Scope: Request, Keys: []string{"n"}, Long: "Go to the next match; without a search, to the next fault"},
	{ID: RequestFindPrev, Scope: Request, Keys: []string{"N"}, Long: "Go to the match before; without a search, to the fault before"},
	{ID: RequestReplace, Scope: Request, Keys: []string{"alt+r", "R"}, Long: "Find a text in the body and replace it, one by one or all", Typing: true},
	{ID: RequestReplAll, Scope: Request, Keys: []string{"alt+a"}, Long: "Replace all that is found, while replacing", Typing: true},
	{ID: RequestLine, Scope: Request, Keys: []string{"ctrl+g"}, Long: "Go to a line of the body", Typing: true},
	{ID: RequestBracket, Scope: Request, Keys: []string{"alt+m", "ctrl+]", "%"}, Long: "Go to the bracket that belongs to the one at the cursor", Typing: true},
	{ID: EditCut, Scope: Request, Keys: []string{"ctrl+x"}, Long: "Cut the selection, or the line, while editing", Typing: true},
	{ID: EditCopy, Scope: Request, Keys: []string{"alt+c"}, Long: "Copy the selection, or the line, while editing", Typing: true},
	{ID: EditPaste, Scope: Request, Keys: []string{"ctrl+v"}, Long: "Put in what was cut or copied in the body last, while editing", Typing: true},
	{ID: EditSelectAll, Scope: Request, Keys: []string{"ctrl+a"}, Long: "Select the whole body, while editing", Typing: true},
	{ID: EditDeleteLine, Scope: Request, Keys: []string{"alt+k"}, Long: "Delete the line, or the selected ones, while editing", Typing: true},
	{ID: EditDuplicate, Scope: Request, Keys: []string{"alt+d"}, Long: "Duplicate the line, or the selected ones, while editing", Typing: true},
	{ID: EditLineUp, Scope: Request, Keys: []string{"alt+up"}, Long: "Move the line, or the selected ones, up, while editing", Typing: true},
	{ID: EditLineDown, Scope: Request, Keys: []string{"alt+down"}, Long: "Move the line, or the selected ones, down, while editing", Typing: true},
	{ID: "edit.select", Scope: Request, Keys: []string{"shift+left", "shift+right", "shift+up", "shift+down", "shift+home", "shift+end"}, Long: "Select, while editing; with ctrl a word, or to the start or the end; the mouse drags, a double click takes a word", Text: true},
	{ID: "edit.word", Scope: Request, Keys: []string{"ctrl+left", "ctrl+right"}, Long: "Go a word back or on, while editing", Text: true},
	{ID: "edit.ends", Scope: Request, Keys: []string{"ctrl+home", "ctrl+end"}, Long: "Go to the start or the end, while editing", Text: true},
	{ID: "edit.delete-word", Scope: Request, Keys: []string{"ctrl+w"}, Long: "Delete the word before the cursor, while editing", Text: true},
	{ID: "edit.delete-rest", Scope: Request, Keys: []string{"ctrl+k", "ctrl+u"}, Long: "Delete the rest of the line, or what is before the cursor, while editing", Text: true},
}
