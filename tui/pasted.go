package tui

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/evidence"
	"countersign/apiclient/hint"
	"countersign/apiclient/requests"
	"countersign/apiclient/signing"
	"countersign/apiclient/variables"
	"countersign/tui/box"
	"countersign/tui/headers"
	"countersign/tui/keymap"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// Bounds of a paste.
const (
	mostPasted  = 64 << 20 // bytes of a file that was dropped
	mostOffered = 500      // requests that can be chosen from
)

// pasted is a request that was pasted, as a draft.
type pasted struct {
	key, title string
	draft      apiclient.Draft
	endpoint   catalog.Endpoint
	known      bool
	notes      []string // what is not as it was
}

// pasteRead is what a paste holds.
type pasteRead struct {
	seq      int
	requests []pasted
	more     int // requests beyond those
	err      error
}

// askPaste opens a place for the text of a request.
func (a *App) askPaste() tea.Cmd {
	a.open(box.NewPaste(a.theme, "Paste a request", "A curl command, a HAR, a call of fetch, a raw HTTP message, or the path of such a file. "+
		"It becomes a draft; nothing is sent.", "opens it", nil, func(text []byte) tea.Cmd { return a.takePaste(string(text)) }))
	return nil
}

// takePaste makes a draft of a request that was pasted, or of a file that was
// dropped.
func (a *App) takePaste(text string) tea.Cmd {
	if a.services == nil {
		return ui.Tell("Still starting: a moment")
	}
	a.desk.opened++
	seq, client, all := a.desk.opened, a.services.Client, a.config.Catalog
	return func() tea.Msg {
		data, err := droppedOr(text)
		if err != nil {
			return pasteRead{seq: seq, err: err}
		}
		e, err := evidence.Reader{Names: client.Profile().HeaderNames}.Read(data)
		if err != nil {
			return pasteRead{seq: seq, err: err}
		}
		msg := pasteRead{seq: seq}
		for i, x := range e.Exchanges {
			switch {
			case x.Request.Line == "":
			case len(msg.requests) == mostOffered:
				msg.more++
			default:
				p := draftOf(client, all, x)
				p.key = fmt.Sprintf("paste:%x:%d", sha256.Sum256(data), i)
				p.title = "pasted " + string(e.Kind)
				p.notes = append(p.notes, e.Notes...)
				if strings.ContainsRune(text, utf8.RuneError) {
					p.notes = append(p.notes, "the paste holds �, which bytes that are no UTF-8 become")
				}
				msg.requests = append(msg.requests, p)
			}
		}
		if len(msg.requests) == 0 {
			msg.err = &hint.Error{Says: "there is no request in it, only an answer", Fix: "paste the request too"}
		}
		return msg
	}
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
			return nil, &hint.Error{Says: "the file cannot be read: " + err.Error(), Fix: "look at its rights", Err: err}
		}
		defer func() { _ = file.Close() }() // only read
		data, err := io.ReadAll(io.LimitReader(file, mostPasted+1))
		if len(data) > mostPasted {
			err = &hint.Error{Says: fmt.Sprintf("the file is larger than %d MB", mostPasted>>20), Fix: "take out the request that you mean"}
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
func draftOf(client *apiclient.Client, all *catalog.Catalog, x apiclient.Exchange) pasted {
	profile := client.Profile()
	d := client.Again(x, "")
	d.Omit = nil // it never said that something is left out on purpose
	var p pasted
	p.endpoint, p.known = all.Match(x.Request.Path())
	target, from := targetOf(profile, x, p.endpoint, p.known)
	d.Target = string(variables.Literal([]byte(target)))
	d.Body = variables.Literal(d.Body)
	for i, f := range d.Header {
		d.Header[i].Value = string(variables.Literal([]byte(f.Value)))
	}
	p.draft = d
	if again := madeAgain(profile, x); len(again) > 0 {
		p.notes = append(p.notes, "made again: "+strings.Join(again, ", "))
	}
	if from != "" {
		p.notes = append(p.notes, "it was for "+from+" and goes to "+profile.BaseURL+" from here")
	}
	if x.Request.Partial {
		p.notes = append(p.notes, "its body is not whole")
	}
	return p
}

// madeAgain names the headers of a request that are new when it is sent: those of
// its signature and time, and the ids, where they are another's.
func madeAgain(p apiclient.Profile, x apiclient.Exchange) []string {
	var list []string
	for _, f := range x.Request.Header {
		is := p.HeaderNames.Protocol(f.Name)
		switch {
		case strings.EqualFold(is, signing.HeaderName), strings.EqualFold(is, apiclient.HeaderRequestTime),
			strings.EqualFold(is, apiclient.HeaderClientID) && f.Value != p.ClientID,
			strings.EqualFold(is, apiclient.HeaderMerchantID) && f.Value != p.MerchantID, strings.EqualFold(is, "User-Agent"),
			strings.EqualFold(is, "Request-Id"):
			if !slices.Contains(list, f.Name) {
				list = append(list, f.Name)
			}
		}
	}
	return list
}

// targetOf is the path below the base URL, and the host that a request was for,
// where that was another.
func targetOf(p apiclient.Profile, x apiclient.Exchange, e catalog.Endpoint, known bool) (target, from string) {
	target = x.Request.Target()
	whole := x.URL
	if strings.Contains(target, "://") {
		whole = target
	}
	if below, _, err := requests.Below(p, whole, nil); err == nil && strings.Contains(whole, "://") {
		return below, ""
	}
	if u, err := url.Parse(whole); err == nil && u.Host != "" {
		from = u.Host
	}
	if i := strings.Index(target, "://"); i >= 0 {
		target = target[i+3:]
		target = target[max(0, strings.IndexByte(target, '/')):]
	}
	if !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	if known {
		if i := strings.Index(target, e.Path); i >= 0 {
			return target[i:], from
		}
	}
	if u, err := url.Parse(p.BaseURL); err == nil {
		if rest, ok := strings.CutPrefix(target, strings.TrimSuffix(u.EscapedPath(), "/")); ok && strings.HasPrefix(rest, "/") {
			target = rest
		}
	}
	return target, from
}

// handle opens the request, or asks which one of several.
func (msg pasteRead) handle(a *App) tea.Cmd {
	switch {
	case msg.seq != a.desk.opened:
		return nil
	case msg.err != nil:
		a.status.Set("No request was pasted: "+hint.Sentence(msg.err)+
			a.theme.Words(". Text goes into a text field: {request.edit} opens the body"), status.Warn)
		return nil
	case len(msg.requests) == 1:
		return a.openPasted(msg.requests[0])
	}
	options := make([]box.Option, len(msg.requests))
	for i, p := range msg.requests {
		right := ""
		if p.known {
			right = p.endpoint.ID
		}
		options[i] = box.Option{Text: p.draft.Method + " " + p.draft.Target, Right: right, Do: func() tea.Cmd { return a.openPasted(p) }}
	}
	why := "Which of them is to be the draft? Nothing is sent."
	if msg.more > 0 {
		why += fmt.Sprintf(" %d more are not listed.", msg.more)
	}
	a.open(box.NewPick(a.theme, fmt.Sprintf("%d requests were pasted", len(msg.requests)), why, options))
	return nil
}

// openPasted opens a request that was pasted as a draft of its own.
func (a *App) openPasted(p pasted) tea.Cmd {
	a.openDraft(func() {
		a.panes.request.OpenPasted(p.key, p.title, p.endpoint, p.known, p.draft)
		if _, known := a.desk.changes[p.key]; !known {
			a.setChanges(p.key, headers.Changes{Set: p.draft.Header, Tamper: p.draft.Tamper})
		}
	})
	a.setFocus(keymap.Request)
	cmd := a.draftOpened()
	text := "{send} signs and sends it"
	if a.files.space != nil {
		text += ", {save} saves it in a file"
	}
	text = strings.Join(append(append([]string{"Pasted"}, p.notes...), a.theme.Words(text)), " · ")
	a.status.Keep(text, status.Neutral)
	if ui.Width(ui.Safe(text)) > a.layout.Width-3 && len(p.notes) > 0 { // the status line would cut it off
		a.notify([]string{"The request was pasted as a draft: " + strings.Join(p.notes, "; ") + "."})
	}
	return cmd
}

// canPaste returns why no request can be pasted now.
func (a *App) canPaste() string {
	if a.services == nil {
		return "Still starting: a moment"
	}
	return a.coveredRequest()
}
