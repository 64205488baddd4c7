// Package pasted reads requests that a person pasted, or dropped as a file: curl
// commands, HARs, calls of fetch, raw messages. Each becomes a draft.
package pasted

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/evidence"
	"countersign/apiclient/files"
	"countersign/apiclient/hint"
	"countersign/apiclient/requests"
	"countersign/apiclient/variables"
	"countersign/tui/box"
	"countersign/tui/ui"
)

// Bounds of a paste.
const (
	mostPasted  = 64 << 20 // bytes of a file that was dropped
	mostOffered = 500      // requests that can be chosen from
)

// Request is a request that was pasted, as a draft.
type Request struct {
	Key, Title string // of the draft: the same paste has the same key
	Draft      apiclient.Draft
	Endpoint   catalog.Endpoint
	Notes      []string // what is not as it was
}

// Requests are those of one paste: one at least.
type Requests struct {
	List []Request
	More int // requests beyond those
}

// Reader reads pastes for a profile and a catalogue.
type Reader struct {
	Client  *apiclient.Client
	Catalog *catalog.Catalog
}

// Read returns the requests of a text, or of the file that it is the path of. It
// fails where there is none; the error has a hint.
func (r Reader) Read(text string) (Requests, error) {
	var all Requests
	data, err := droppedOr(text)
	if err != nil {
		return all, err
	}
	e, err := evidence.Reader{Names: r.Client.Profile().HeaderNames}.Read(data)
	if err != nil {
		return all, err
	}
	for i, x := range e.Exchanges {
		switch {
		case x.Request.Line == "":
		case len(all.List) == mostOffered:
			all.More++
		default:
			p := r.draftOf(x)
			p.Key = fmt.Sprintf("paste:%x:%d", sha256.Sum256(data), i)
			p.Title = "pasted " + string(e.Kind)
			p.Notes = append(p.Notes, e.Notes...)
			if strings.ContainsRune(text, utf8.RuneError) {
				p.Notes = append(p.Notes, "the paste holds �, which bytes that are no UTF-8 become")
			}
			all.List = append(all.List, p)
		}
	}
	if len(all.List) == 0 {
		return all, &hint.Error{Says: "there is no request in it, only an answer", Fix: "paste the request too"}
	}
	return all, nil
}

// NewPick makes the box that asks which of several requests is to be opened.
func NewPick(theme *ui.Theme, all Requests, open func(Request) tea.Cmd) *box.Pick {
	options := make([]box.Option, len(all.List))
	for i, p := range all.List {
		options[i] = box.Option{Text: p.Draft.Method + " " + p.Draft.Target, Right: p.Endpoint.ID,
			Do: func() tea.Cmd { return open(p) }}
	}
	why := "Which of them is to be the draft? Nothing is sent."
	if all.More > 0 {
		why += fmt.Sprintf(" %d more are not listed.", all.More)
	}
	return box.NewPick(theme, fmt.Sprintf("%d requests were pasted", len(all.List)), why, options)
}

// droppedOr returns what a dropped file holds, whose path is what the terminal
// pastes; else the text itself.
func droppedOr(text string) ([]byte, error) {
	name := strings.TrimSpace(text)
	if strings.ContainsAny(name, "\r\n\x00") || len(name) > 4096 {
		return []byte(text), nil
	}
	for _, name := range spellings(name) {
		info, err := os.Stat(name)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		file, err := os.Open(name) //nolint:gosec // the person dropped it
		if err != nil {
			return nil, &hint.Error{Says: "the file cannot be read: " + err.Error(), Fix: "look at its rights",
				Err: err}
		}
		defer func() { _ = file.Close() }() // only read
		data, err := files.ReadUpTo(file, mostPasted)
		if errors.Is(err, files.ErrTooLarge) {
			err = &hint.Error{Says: fmt.Sprintf("the file is larger than %d MB", mostPasted>>20),
				Fix: "take out the request that you mean"}
		}
		return data, err
	}
	return []byte(text), nil
}

// spellings are the paths that a dropped file's text may mean: terminals quote and
// escape.
func spellings(text string) []string {
	list := []string{text}
	if n := len(text); n > 1 && (text[0] == '\'' || text[0] == '"') && text[n-1] == text[0] {
		list = append(list, text[1:n-1])
	}
	if u, err := url.Parse(text); err == nil && u.Scheme == "file" {
		list = append(list, u.Path)
	}
	var plain strings.Builder
	escaped := false
	for _, r := range text {
		if escaped = r == '\\' && !escaped; !escaped {
			plain.WriteRune(r)
		}
	}
	return append(list, plain.String())
}

// draftOf makes a draft of a request as it was sent: it is signed again, now, as
// the profile in use. Nothing of it is a template.
func (r Reader) draftOf(x apiclient.Exchange) Request {
	profile := r.Client.Profile()
	target, from := r.targetOf(x)
	d := r.Client.Again(x, target)
	d.Target = target // a callback's too
	d.Omit = nil      // it never said that something is left out on purpose
	p := Request{Draft: variables.LiteralDraft(d)}
	p.Endpoint, _ = r.Catalog.Match(x.Request.Path())
	if again := madeAgain(profile, x); len(again) > 0 {
		p.Notes = append(p.Notes, "made again: "+strings.Join(again, ", "))
	}
	if from != "" {
		p.Notes = append(p.Notes, "it was for "+from+" and goes to "+profile.BaseURL+" from here")
	}
	if x.Request.Partial {
		p.Notes = append(p.Notes, "its body is not whole")
	}
	return p
}

// madeAgain names the headers of a request that are new when it is sent: those of
// its signature and time, and the ids, where they are another's.
func madeAgain(p apiclient.Profile, x apiclient.Exchange) []string {
	var list []string
	for _, f := range x.Request.Header {
		is := p.HeaderNames.Protocol(f.Name)
		same := f.Value == p.ClientID && strings.EqualFold(is, apiclient.HeaderClientID) ||
			f.Value == p.MerchantID && strings.EqualFold(is, apiclient.HeaderMerchantID)
		if (apiclient.MadeForEach(is) || strings.EqualFold(is, "User-Agent")) && !same && !slices.Contains(list, f.Name) {
			list = append(list, f.Name)
		}
	}
	return list
}

// targetOf is the path below the base URL, and the host that a request was for,
// where that was another.
func (r Reader) targetOf(x apiclient.Exchange) (target, from string) {
	whole := x.URL
	if on := x.Request.Target(); strings.Contains(on, "://") {
		whole = on
	}
	if below, _, err := requests.Below(r.Client.Profile(), whole, nil); err == nil && strings.Contains(whole, "://") {
		return below, ""
	}
	if u, err := url.Parse(whole); err == nil && u.Host != "" {
		from = u.Host
	}
	if target = x.Request.Path(); !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	target, _ = requests.BelowBase(r.Client.Profile(), r.Catalog, target)
	return target, from
}
