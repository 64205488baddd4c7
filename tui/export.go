package tui

import (
	"bytes"
	"fmt"
	"net/url"

	tea "github.com/charmbracelet/bubbletea"

	forms "countersign/apiclient/export"
	"countersign/apiclient/hint"
	"countersign/apiclient/page"
	"countersign/apiclient/redact"
	"countersign/tui/diagnosis"
	"countersign/tui/export"
	"countersign/tui/request"
	"countersign/tui/response"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// newFiles writes files for the person.
func (a *App) newFiles() export.Files {
	return export.Files{Folder: a.config.Folder, Save: a.config.Save}
}

// redactor masks what leaves.
func (a *App) redactor() redact.Redactor {
	if a.services == nil || a.services.Hide == nil {
		return a.config.Redact
	}
	return a.services.Hide(a.config.Redact)
}

// openFormats chooses the form in which the request on the screen, and its answer
// where it has one, is copied or saved.
func (a *App) openFormats() tea.Cmd {
	e := *a.desk.Signed()
	var toPage func(reveal bool) tea.Cmd
	if e.ID != "" && a.services != nil && a.services.Evidence != nil {
		toPage = func(reveal bool) tea.Cmd { return a.writePage(a.panes.diagnosis.PageOf(&e), reveal) }
	}
	a.open(export.NewForms(a.theme, func() forms.Input {
		in := forms.Input{Exchange: e, Redactor: a.redactor(), Report: a.panes.diagnosis.ReportOn(&e)}
		if a.services != nil {
			in.Profile = a.services.Client.Profile()
		}
		return in
	}, toPage))
	return nil
}

// askToSave asks for the name of a file.
func (a *App) askToSave(msg export.Made) tea.Cmd {
	a.open(a.newFiles().Ask(a.theme, msg.Name, msg.Data, msg.Note))
	return nil
}

func (a *App) saveBody(msg response.SaveAsked) tea.Cmd {
	return a.askToSave(export.Made{Name: export.FileName(a.desk.Shown()) + msg.Ext, Data: msg.Data})
}

// writePage writes the evidence page of an exchange.
func (a *App) writePage(msg diagnosis.PageAsked, reveal bool) tea.Cmd {
	s := a.services
	if s == nil || s.Evidence == nil {
		return nil
	}
	a.status.Set("Writing the evidence page…", status.Neutral)
	return a.newFiles().WritePage(export.Page{Exchange: *msg.Exchange, Side: msg.Side, Told: msg.Told, Report: msg.Report,
		Evidence: s.Evidence, Examine: s.Examine, Reveal: reveal,
		Options: page.Options{Now: a.config.Now(), Redact: a.redactor()}})
}

// copy puts what a pane hands over on the clipboard.
func (a *App) copy(msg ui.Copied) tea.Cmd {
	put := a.config.Copy
	return func() tea.Msg {
		if put == nil {
			return ui.Told{Text: "There is no clipboard here", Bad: true}
		}
		if err := put(msg.Text); err != nil {
			return ui.Told{Text: "Not copied: " + err.Error(), Bad: true}
		}
		text := fmt.Sprintf("Copied the %s (%s)", msg.What, ui.Bytes(int64(len(msg.Text))))
		if msg.Note != "" {
			text += " · " + msg.Note
		}
		return ui.Told{Text: text}
	}
}

// askToBrowse asks before an address that the other side sent is opened.
func (a *App) askToBrowse(msg response.BrowseAsked) {
	u, err := url.Parse(msg.Address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		a.status.Set("Only an http or https address is opened", status.Warn)
		return
	}
	open := func() tea.Msg {
		if err := a.config.Browse(u.String()); err != nil {
			return ui.Told{Text: "Not opened: " + hint.Sentence(err), Bad: true}
		}
		return ui.Told{Text: "Opened in the browser: " + ui.Safe(u.String())}
	}
	a.confirm("Open in the browser? "+u.Host, u.String()+"\nThe other side sent this address.",
		func() tea.Cmd { return open })
}

// openEditor opens the body in $EDITOR.
func (a *App) openEditor(msg request.EditorAsked) tea.Cmd {
	if len(a.config.Editor) == 0 {
		a.status.Set("No editor is set: export EDITOR=vi, or the editor of your choice", status.Warn)
		return nil
	}
	edit := a.config.terminal.Edit(a.config.Editor, msg.Body)
	return a.config.Exec(edit, func(err error) tea.Msg { return edited{msg.Body, edit.Text(), msg.Done, err} })
}

// edited is what $EDITOR left.
type edited struct {
	before, body []byte
	done         func([]byte) tea.Cmd
	err          error
}

// handle puts what the editor left into the request. Many editors add a line end
// to the last line: it is signed like every other byte, so it is told.
func (msg edited) handle(a *App) tea.Cmd {
	same := bytes.Equal(msg.before, msg.body)
	switch {
	case msg.err != nil:
		a.status.Set("The editor failed: "+msg.err.Error(), status.Bad)
	case same:
		a.status.Set("The editor left the body as it was", status.Neutral)
	default:
		text := "Body taken from the editor, " + ui.Bytes(int64(len(msg.body)))
		if bytes.HasSuffix(msg.body, []byte("\n")) && !bytes.HasSuffix(msg.before, []byte("\n")) {
			text += a.theme.Words("; it now ends in a line end, which is signed too ({request.undo}: as before)")
		}
		a.status.Set(text, status.Neutral)
	}
	if same {
		return nil
	}
	return msg.done(msg.body)
}
