package tui

import (
	"cmp"
	"net/url"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/export"
	"countersign/apiclient/hint"
	"countersign/apiclient/redact"
	"countersign/tui/box"
	"countersign/tui/compare"
	"countersign/tui/keymap"
	"countersign/tui/response"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// openFormats chooses the form in which the request on the screen, and its answer
// where it has one, is copied or saved.
func (a *App) openFormats() tea.Cmd {
	var all []box.Choice
	for _, f := range export.Formats() {
		all = append(all, box.Choice{Name: f.Name, Title: f.Title})
	}
	e := *a.desk.request()
	a.open(box.NewFormats(a.theme, all, func(c box.Chosen) tea.Cmd { return a.exportAs(e, c) }))
	return nil
}

// exported is an exchange in the form that was chosen, to be saved.
type exported struct {
	name string
	data []byte
	note string
}

func (msg exported) handle(a *App) tea.Cmd { return a.askToSave(msg.name, msg.data, msg.note) }

// exportAs makes the form outside of Update, as a body may be large.
func (a *App) exportAs(e apiclient.Exchange, c box.Chosen) tea.Cmd {
	in := export.Input{Exchange: e, Redactor: a.config.Redact}
	if c.Reveal {
		in.Redactor = redact.Reveal()
	}
	if a.services != nil {
		in.Profile = a.services.Client.Profile()
	}
	in.Report = a.panes.diagnosis.ReportOn(&e)
	name := fileName(&e)
	return func() tea.Msg {
		f, err := export.FormatNamed(c.Name)
		if err != nil {
			return ui.Told{Text: hint.Sentence(err), Bad: true}
		}
		out, err := f.Write(in)
		if err != nil {
			return ui.Told{Text: hint.Sentence(err), Bad: true}
		}
		note := ""
		if len(out.Notes) > 0 {
			note = out.Notes[0]
		}
		if c.Save {
			return exported{name + f.Ext, out.Data, note}
		}
		return ui.Copied{What: f.Title, Text: string(out.Data), Note: note}
	}
}

// fileName is how a file with an exchange is called, without its extension.
func fileName(e *apiclient.Exchange) string {
	name, _, _ := strings.Cut(cmp.Or(e.Endpoint, e.Request.Path()), "?")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name = strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z' {
			return r
		}
		return -1
	}, name)
	if name = cmp.Or(name, "exchange"); !e.StartedAt.IsZero() {
		name += e.StartedAt.Local().Format("-150405")
	}
	return name
}

// askToSave asks for the name of a file. One that is there is never written over.
func (a *App) askToSave(name string, data []byte, note string) tea.Cmd {
	save := a.config.Save
	return a.ask("Save to a new file · "+ui.Bytes(int64(len(data))), name, func(name string) (tea.Cmd, error) {
		if strings.TrimSpace(name) == "" {
			return nil, &hint.Error{Says: "there is no name", Fix: "type the name of a file that is not there yet"}
		}
		return func() tea.Msg {
			if err := save(name, data); err != nil {
				return ui.Told{Text: "Not saved: " + hint.Sentence(err), Bad: true}
			}
			text := "Saved " + ui.Safe(name) + " (" + ui.Bytes(int64(len(data))) + ")"
			if note != "" {
				text += " · " + note
			}
			return ui.Told{Text: text}
		}, nil
	})
}

func (a *App) saveBody(msg response.SaveAsked) tea.Cmd {
	return a.askToSave(fileName(a.desk.shown)+msg.Ext, msg.Data, "")
}

// browsing opens an address in the browser, once that was agreed to.
type browsing struct{ address string }

func (msg browsing) handle(a *App) tea.Cmd {
	browse := a.config.Browse
	return func() tea.Msg {
		if err := browse(msg.address); err != nil {
			return ui.Told{Text: "Not opened: " + hint.Sentence(err), Bad: true}
		}
		return ui.Told{Text: "Opened in the browser: " + ui.Safe(msg.address)}
	}
}

// askToBrowse asks before an address that the other side sent is opened.
func (a *App) askToBrowse(msg response.BrowseAsked) tea.Cmd {
	u, err := url.Parse(msg.Address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		a.status.Set("Only an http or https address is opened", status.Warn)
		return nil
	}
	a.confirm("Open in the browser? "+u.Host, u.String()+"\nThe other side sent this address.", browsing{u.String()})
	return nil
}

// largestMasked is the largest body that is searched for secrets to show the rest
// of it, in bytes: keys wait for that.
const largestMasked = 1 << 20

// toggleMask hides what is secret on the screen, for a screen that others see.
func (a *App) toggleMask() tea.Cmd {
	a.desk.masked = !a.desk.masked
	text := "Secrets are shown again, but for headers"
	if a.desk.masked {
		text = a.theme.Words("Secrets are masked in answers, headers and signed strings; the request's own text is as you typed it")
	}
	cmd := a.mask()
	a.updatePanes()
	a.status.Set(text, status.Neutral)
	return cmd
}

// mask has all panes mask what is to be masked now.
func (a *App) mask() tea.Cmd {
	r, p := a.config.Redact, a.panes
	p.headers.SetRedactor(r)
	p.response.SetRedactor(r)
	p.compare.SetMasking(compare.Masking{Redactor: r, Whole: a.desk.masked})
	cmds := []tea.Cmd{p.diagnosis.SetMasking(r, a.desk.masked)}
	if a.focus == keymap.Compare {
		cmds = append(cmds, p.compare.Again(), a.nextTick())
	}
	if a.desk.shown != nil {
		cmds = append(cmds, p.response.Show(a.asShown(a.desk.shown)), a.holdAgain())
	}
	return tea.Batch(cmds...)
}

// asShown is an exchange as panes show it: masked where that is wanted.
func (a *App) asShown(e *apiclient.Exchange) *apiclient.Exchange {
	if e == nil || !a.desk.masked {
		return e
	}
	large := *e
	if e.Response != nil && len(e.Response.Content()) > largestMasked {
		answer := *e.Response
		answer.Body, answer.Decoded = []byte("A body of "+ui.Bytes(int64(len(answer.Body)))+" is not shown while secrets are masked"), nil
		large.Response, large.Received.Canonical = &answer, nil
	}
	if len(e.Request.Content()) > largestMasked {
		large.Request.Body, large.Request.Decoded, large.Sent.Canonical, large.SentVerdict.Canonical = nil, nil, nil, nil
	}
	masked := a.config.Redact.Masker().Exchange(large)
	return &masked
}
