// Package page writes the evidence page: one HTML file that says what is wrong
// with a signature, and proves it in any browser. It needs no network and no
// program: its script recomputes the digests of the strings that it shows, opens
// the signature with the public key that is in it, and ticks each claim. Without
// scripts it can be read all the same.
//
// Everything from outside is text in it, never markup: html/template writes it,
// and its Content-Security-Policy lets no other script or style run and nothing
// be loaded.
package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"sync"
	"time"

	"countersign/apiclient/diagnose"
	"countersign/apiclient/redact"
)

// Options say what the evidence does not.
type Options struct {
	Now    time.Time       // when the page is made
	By     string          // what makes it: "countersign 1.2"; "" means "countersign"
	Redact redact.Redactor // what is masked; the zero one masks what is built in
}

var (
	//go:embed page.html
	markup string
	//go:embed page.css
	style string
	//go:embed page.js
	script string
)

// Write writes the page of a report and of the evidence that it is about.
func Write(w io.Writer, e diagnose.Evidence, r diagnose.Report, o Options) error {
	return layout().Execute(w, newView(&e, &r, o))
}

var layout = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Parse(markup))
})

// policy returns the page's Content-Security-Policy: its own script and style by
// their hashes, and nothing else from anywhere.
func policy() string {
	return "default-src 'none'; script-src " + hashSource(script) + "; style-src " + hashSource(style) +
		"; img-src data:; base-uri 'none'; form-action 'none'"
}

func hashSource(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
