package keymap

// Actions of the diagnosis.
const (
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

var diagnosisActions = []Action{
	{ID: DiagnosisTell, Scope: Diagnosis, Keys: []string{"p"}, Short: "paste their string", Long: "Compare with what the other side says it signed: string, digest, header or error", Footer: 15},
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
}
