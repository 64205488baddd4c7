package keymap

// Actions of the signature pane.
const (
	SignatureUp     ID = "signature.up"
	SignatureDown   ID = "signature.down"
	SignaturePrev   ID = "signature.previous"
	SignatureNext   ID = "signature.next"
	SignatureTop    ID = "signature.top"
	SignatureBottom ID = "signature.bottom"
	SignatureOpen   ID = "signature.open"
	SignatureHex    ID = "signature.copy-hex"
	SignatureBase64 ID = "signature.copy-base64"

	SignatureCompare ID = "signature.compare"
)

var signatureActions = []Action{
	{ID: SignatureNext, Scope: Signature, Keys: []string{"right", "l"}, Short: "next stage", Long: "Go to the next stage of the chain", Footer: 15},
	{ID: SignatureOpen, Scope: Signature, Keys: []string{"enter"}, Short: "open", Long: "Show this stage whole, with search", Footer: 16},
	{ID: SignatureHex, Scope: Signature, Keys: []string{"x"}, Short: "copy hex", Long: "Copy this stage's bytes in hexadecimal", Footer: 31},
	{ID: SignatureBase64, Scope: Signature, Keys: []string{"b"}, Short: "copy base64", Long: "Copy this stage's bytes in base64", Footer: 32},
	{ID: SignatureCompare, Scope: Signature, Keys: []string{"c"}, Short: "compare", Long: "Compare these strings with those of the marked run, or of the one before of this endpoint", Footer: 16},
	{ID: SignaturePrev, Scope: Signature, Keys: []string{"left", "h"}, Long: "Go to the previous stage of the chain"},
	{ID: SignatureUp, Scope: Signature, Keys: []string{"up", "k"}, Long: "Scroll up"},
	{ID: SignatureDown, Scope: Signature, Keys: []string{"down", "j"}, Long: "Scroll down"},
	{ID: SignatureTop, Scope: Signature, Keys: []string{"home", "g"}, Long: "Scroll to the start"},
	{ID: SignatureBottom, Scope: Signature, Keys: []string{"end", "G"}, Long: "Scroll to the end"},
}
