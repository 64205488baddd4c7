package keymap

// Scope is where an action works. Global actions work everywhere but in
// overlays; a pane's own win over them.
type Scope string

// Scopes, in the order of the panes on the screen.
const (
	Global    Scope = "global"
	Endpoints Scope = "endpoints"
	Request   Scope = "request"
	Headers   Scope = "headers"
	Signature Scope = "signature"
	Response  Scope = "response"
	Runs      Scope = "runs"
	Diagnosis Scope = "diagnosis"
	Compare   Scope = "compare"
)

// Fields is the scope of the request pane's Fields tab. What it does not claim
// means there what it means in the pane.
const Fields Scope = "fields"

// Lists is the scope of boxes over the screen and of lists that open while one
// types: how to move in them. Other keys are up to the box.
const Lists Scope = "lists"

// Sheet is the scope of a text that is shown whole over the screen. The keys of
// Lists scroll it.
const Sheet Scope = "sheet"

// Scopes lists all scopes in the order in which help shows them.
var Scopes = []Scope{Endpoints, Request, Fields, Headers, Signature, Response, Runs, Diagnosis, Compare, Sheet, Lists,
	Global}

// outer are the scopes around those of tabs: their keys work in the tab too.
var outer = map[Scope]Scope{Fields: Request}

// Pane is the pane of a scope: of a tab's, that which has the tab.
func (s Scope) Pane() Scope {
	if o, ok := outer[s]; ok {
		return o
	}
	return s
}

// chain lists the scopes whose keys work where this one does, nearest first.
func (s Scope) chain() []Scope {
	if o, ok := outer[s]; ok {
		return []Scope{s, o, Global}
	}
	return []Scope{s, Global}
}
