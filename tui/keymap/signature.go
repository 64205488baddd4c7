package keymap

// Actions of the signature pane.
const (
	SignatureUp     ID = "signature.up"
	SignatureDown   ID = "signature.down"
	SignaturePrev   ID = "signature.previous"
	SignatureNext   ID = "signature.next"
	SignatureTop    ID = "signature.top"
	SignatureBottom ID = "signature.bottom"

	SignatureCompare ID = "signature.compare"
)

var signatureActions = []Action{
	{ID: SignatureNext, Scope: Signature, Keys: []string{"right", "l"}, Short: "next stage", Long: "Go to the next stage of the chain", Footer: 15},
	{ID: SignatureCompare, Scope: Signature, Keys: []string{"c"}, Short: "compare", Long: "Compare these strings with those of the marked run, or of the one before of this endpoint", Footer: 16},
	{ID: SignaturePrev, Scope: Signature, Keys: []string{"left", "h"}, Long: "Go to the previous stage of the chain"},
	{ID: SignatureUp, Scope: Signature, Keys: []string{"up", "k"}, Long: "Scroll up"},
	{ID: SignatureDown, Scope: Signature, Keys: []string{"down", "j"}, Long: "Scroll down"},
	{ID: SignatureTop, Scope: Signature, Keys: []string{"home", "g"}, Long: "Scroll to the start"},
	{ID: SignatureBottom, Scope: Signature, Keys: []string{"end", "G"}, Long: "Scroll to the end"},
}
