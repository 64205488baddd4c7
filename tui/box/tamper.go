package box

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// tamperPlaces are where a request can be made wrong: first what breaks a signature,
// which is what most come for, and of that what a diagnosis proves.
var tamperPlaces = []struct {
	where   apiclient.Where
	heading string
}{
	{apiclient.InString, "String: what is signed is not what is sent"},
	{apiclient.InSignature, "Signature: wrong key, hash or padding"},
	{apiclient.InHeader, "Headers: sent wrong, and signed so"},
	{apiclient.InValue, "Signature header: right signature, written wrong"},
	{apiclient.InBody, "Body: changed after it was signed"},
}

// NewTamper makes the box that chooses the ways to make a request wrong, for requests
// with a profile. The signature behind the box follows each choice.
func NewTamper(theme *ui.Theme, profile apiclient.Profile, chosen []string, done func([]string) tea.Cmd,
	send func() tea.Cmd) *Chooser {
	var rows []chooserRow
	for _, place := range tamperPlaces {
		rows = append(rows, chooserRow{text: place.heading})
		for _, t := range apiclient.Tampers() {
			if t.Where == place.where {
				rows = append(rows, tamperRow(t.Called(profile.HeaderNames), t.Cannot(profile)))
			}
		}
	}
	return newChooser(theme, "headers.tamper", chooserWords{
		title:  "Tamper with the request on purpose, to test the other side",
		chosen: "Tamper on purpose", clear: "undoes all", explain: 4,
	}, rows, chosen, done, send)
}

// tamperRow is the row of a tamper; cannot says why it would tamper nothing here.
func tamperRow(t apiclient.Tamper, cannot string) chooserRow {
	row := chooserRow{Name: t.Name, text: t.Title, aside: t.Name, right: true,
		explains: t.Says + " Expected: " + t.Expect, cannot: cannot != "",
		excludes: func(name string) bool { return t.Excludes(apiclient.TamperOf(name)) }}
	if row.cannot {
		row.explains = "Not here: " + cannot + ". " + t.Says
	}
	return row
}
