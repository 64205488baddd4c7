package keymap

// Fields is the scope of the request pane's Fields tab. What it does not claim
// means there what it means in the pane.
const Fields Scope = "fields"

// Actions of the Fields tab.
const (
	FieldsEdit    ID = "fields.edit"
	FieldsFold    ID = "fields.fold"
	FieldsFoldAll ID = "fields.fold-all"
	FieldsRemove  ID = "fields.remove"
	FieldsNull    ID = "fields.null"
	FieldsRaw     ID = "fields.raw"
	FieldsAdd     ID = "fields.add"
	FieldsUndo    ID = "fields.undo"
	FieldsRedo    ID = "fields.redo"
	FieldsFilter  ID = "fields.filter"
	FieldsGo      ID = "fields.go"
)

var fieldsActions = []Action{
	{ID: FieldsEdit, Scope: Fields, Keys: []string{"enter", "e", "i"}, Short: "edit", Long: "Edit this value; add the field if it is missing; open or fold an object", Footer: 13},
	{ID: FieldsFold, Scope: Fields, Keys: []string{" "}, Short: "fold", Long: "Fold or unfold this object; turn true into false", Footer: 17},
	{ID: FieldsAdd, Scope: Fields, Keys: []string{"a"}, Short: "add", Long: "Add an item to this array, or a field of another name to this object", Footer: 15},
	{ID: FieldsRemove, Scope: Fields, Keys: []string{"x", "delete"}, Short: "remove", Long: "Take this field out of the body", Footer: 14},
	{ID: FieldsNull, Scope: Fields, Keys: []string{"n"}, Short: "null", Long: "Set this field to null", Footer: 22},
	{ID: FieldsRaw, Scope: Fields, Keys: []string{"r", "ctrl+t"}, Short: "as JSON", Long: "Edit this value as it stands in the body: any JSON, quotes and all; while typing it, turn between text and JSON", Footer: 16, Typing: true},
	{ID: FieldsUndo, Scope: Fields, Keys: []string{"u", "ctrl+z"}, Short: "undo", Long: "Undo the last change of the body", Footer: 18},
	{ID: FieldsRedo, Scope: Fields, Keys: []string{"U", "ctrl+y"}, Long: "Do again what was undone"},
	{ID: FieldsFilter, Scope: Fields, Keys: []string{"/"}, Short: "filter", Long: "Show only the fields whose path has what is typed", Footer: 19},
	{ID: FieldsGo, Scope: Fields, Keys: []string{"o"}, Short: "in the body", Long: "Go to this field in the text of the body", Footer: 20},
	{ID: FieldsFoldAll, Scope: Fields, Keys: []string{"f"}, Long: "Fold all objects, or unfold them"},
}

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
