package box

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// tamperHeadings say in words where a request can be made wrong.
var tamperHeadings = map[apiclient.Where]string{
	apiclient.InHeader:    "Headers: sent wrong, and signed so",
	apiclient.InString:    "String: what is signed is not what is sent",
	apiclient.InSignature: "Signature: wrong key, hash or padding",
	apiclient.InValue:     "Signature header: right signature, written wrong",
	apiclient.InBody:      "Body: changed after it was signed",
}

// tamperOrder is the order of the places: first what breaks a signature, which
// is what most come for, and of that what a diagnosis proves.
var tamperOrder = []apiclient.Where{apiclient.InString, apiclient.InSignature, apiclient.InHeader, apiclient.InValue,
	apiclient.InBody}

// NewTamper makes the box that chooses the ways to make a request wrong, for requests
// with a profile. The signature behind the box follows each choice.
func NewTamper(theme *ui.Theme, profile apiclient.Profile, chosen []string, done func([]string) tea.Cmd,
	send func() tea.Cmd) *Chooser {
	all := apiclient.Tampers()
	slices.SortStableFunc(all, func(s, t apiclient.Tamper) int {
		return slices.Index(tamperOrder, s.Where) - slices.Index(tamperOrder, t.Where)
	})
	var rows []chooserRow
	for i, s := range all {
		if i == 0 || s.Where != all[i-1].Where {
			rows = append(rows, chooserRow{text: tamperHeadings[s.Where]})
		}
		rows = append(rows, tamperRow(s.Called(profile.HeaderNames), s.Cannot(profile)))
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
