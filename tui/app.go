// Package tui is the explorer: it drives the signing client from six panes.
//
// The root model, App, owns focus, overlays and what is in flight. It decides
// which action a key means and calls down to the panes; they answer by message.
// It does no I/O: that is the work of the commands that it returns.
package tui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	parts "countersign/apiclient/compare"
	"countersign/tui/box"
	"countersign/tui/compare"
	"countersign/tui/desk"
	"countersign/tui/diagnosis"
	"countersign/tui/endpoints"
	"countersign/tui/export"
	"countersign/tui/files"
	"countersign/tui/guide"
	"countersign/tui/headers"
	"countersign/tui/keymap"
	"countersign/tui/layout"
	"countersign/tui/request"
	"countersign/tui/response"
	"countersign/tui/runs"
	"countersign/tui/signature"
	"countersign/tui/status"
	"countersign/tui/terminal"
	"countersign/tui/traffic"
	"countersign/tui/ui"
	"countersign/tui/unrecorded"
)

// App is the root model.
type App struct {
	config   Config
	services *Services // nil until loaded
	loadErr  error
	keys     *keymap.Table
	local    map[keymap.Scope]keymap.Actions // of each pane, made once
	theme    *ui.Theme

	panes   panes
	layout  layout.Layout
	focus   keymap.Scope
	last    keymap.Scope // which of request and headers was seen last
	zoomed  bool
	box     box.Box // open over the panes; nil where none is
	pointer pointer

	desk    *desk.Desk   // the request at hand and the exchange that is shown
	files   *files.Files // those of the folder of request files
	first   bool         // what the explorer was started for is open
	left    keymap.Scope // where closing the diagnosis or a comparison goes back to
	ticks   bool         // a tick is on its way: there is never more than one
	status  status.Line
	banner  banner
	pending pending
	loads   loads // of profiles
	traffic *traffic.Watcher

	recorded    historyState
	unrecorded  unrecorded.List
	interrupted time.Time // when ctrl+c was pressed last
}

// panes are the six panes by name, and those that cover them.
type panes struct {
	endpoints *endpoints.Pane
	request   *request.Pane
	headers   *headers.Pane
	signature *signature.Pane
	response  *response.Pane
	runs      *runs.Pane
	diagnosis *diagnosis.Pane
	compare   *compare.Pane
}

func (p *panes) get(s keymap.Scope) ui.Pane {
	switch s {
	case keymap.Endpoints:
		return p.endpoints
	case keymap.Headers:
		return p.headers
	case keymap.Signature:
		return p.signature
	case keymap.Response:
		return p.response
	case keymap.Runs:
		return p.runs
	case keymap.Diagnosis:
		return p.diagnosis
	case keymap.Compare:
		return p.compare
	default:
		return p.request
	}
}

// New makes the explorer. Nothing is read or sent before Init's commands run.
func New(c Config) *App {
	if c.After == nil {
		c.After = tea.Tick
	}
	if c.Exec == nil {
		c.Exec = tea.Exec
	}
	if c.Browse == nil {
		c.Browse = terminal.Browse
	}
	if c.Save == nil {
		c.Save = terminal.Save
	}
	theme := c.Theme
	a := &App{
		config: c,
		theme:  theme,
		banner: banner{guide: guide.New(c.HintsSeen)},
		focus:  keymap.Request,
		last:   keymap.Request,
		panes: panes{
			endpoints: endpoints.New(theme),
			request:   request.New(theme),
			headers:   headers.New(theme),
			signature: signature.New(theme),
			response:  response.New(theme),
			runs:      runs.New(theme, c.Now),
			diagnosis: diagnosis.New(theme, c.Now),
			compare:   compare.New(theme, c.Now),
		},
	}
	a.files = files.New(files.Options{Theme: theme, Status: &a.status, Open: a.open,
		Box: func() box.Box { return a.box }, Now: c.Now})
	a.desk = desk.New(desk.Options{
		Request: a.panes.request, Headers: a.panes.headers, Signature: a.panes.signature, Response: a.panes.response,
		Files: a.files, Theme: theme, Status: &a.status, Open: a.open, Now: c.Now, After: c.After,
	})
	a.traffic = traffic.New(traffic.Options{Theme: theme, Status: &a.status, Open: a.open,
		Covers: func() bool { return a.box != nil }, Now: c.Now, After: c.After, Ring: c.Ring})
	a.local = map[keymap.Scope]keymap.Actions{}
	for _, s := range layout.All {
		a.local[s] = a.panes.get(s).Actions()
	}
	a.useSettings()
	a.mask()
	a.useKeys(c.Keys)
	a.status.Set("Starting…", status.Neutral)
	if e, err := c.Catalog.Lookup("payments/pay"); err == nil {
		a.panes.request.Open(e)
		a.panes.response.SetEndpoint(e)
		a.panes.endpoints.Mark(e.ID)
	}
	a.focused(true)
	a.desk.Begun()
	return a
}

// Init starts loading what the explorer works with.
func (a *App) Init() tea.Cmd {
	a.notify(a.config.Settings.Notices)
	return tea.Batch(a.load(), a.later(), a.files.Look(), a.watch())
}

// Update takes a message to its one owner.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	defer a.refreshBanner()
	cmd := a.resume(a.route(msg))
	return a, tea.Batch(cmd, a.nextTick())
}

// handled is a message of the root's own, which knows what it leads to.
type handled interface{ handle(a *App) tea.Cmd }

func (a *App) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.arrange(msg.Width, msg.Height)
		return nil
	case tea.KeyMsg:
		return a.press(msg)
	case tea.MouseMsg:
		return a.mouse(msg)
	case handled:
		return msg.handle(a)
	case desk.Message:
		return a.desk.Update(msg)
	case files.Message:
		return a.files.Update(msg)
	case traffic.Message:
		return a.traffic.Update(msg)
	}
	if cmd, known := a.fromPane(msg); known {
		return cmd
	}
	var cmds []tea.Cmd
	for _, s := range layout.All { // it is the answer to a command of one of them
		cmds = append(cmds, a.panes.get(s).Update(msg))
	}
	if a.box != nil {
		cmds = append(cmds, a.box.Update(msg))
	}
	return tea.Batch(cmds...)
}

// fromPane takes what a pane reports or asks for.
func (a *App) fromPane(msg tea.Msg) (cmd tea.Cmd, known bool) {
	switch msg := msg.(type) {
	case ui.Told:
		a.status.Set(msg.Text, map[bool]status.Tone{true: status.Bad}[msg.Bad])
		return nil, true
	case ui.Copied:
		return a.copy(msg), true
	case endpoints.Chosen:
		return a.choose(msg), true
	case request.Edited, headers.Changed:
		return a.desk.Edited(), true
	case request.Turned:
		return a.desk.SaveSoon(), true
	case request.TargetAsked:
		if msg.Callback {
			a.desk.AskCallbackURL()
			return nil, true
		}
		return a.ask("Path and query", msg.Target, a.panes.request.SetTarget), true
	case request.EditorAsked:
		return a.desk.SaveThen(a.openEditor(msg)), true
	case headers.ValueAsked:
		return a.ask(msg.Title, msg.Value, msg.Done), true
	case headers.TamperAsked:
		a.openTamper(msg)
		return nil, true
	case headers.Opened:
		return a.openText(box.Text{
			Title: msg.Title, What: "header value", Intro: msg.Intro, Bytes: msg.Text, Copy: []byte(msg.Value),
		}), true
	case signature.Opened:
		return a.openText(box.Text{
			Title: msg.Title, What: msg.What, Intro: msg.Intro, Bytes: msg.Text, Copy: msg.Copy, Mode: msg.Mode,
		}), true
	case signature.CompareAsked:
		return a.compareStrings(), true
	}
	if cmd, known := a.fromOutcome(msg); known {
		return cmd, true
	}
	if cmd, known := a.fromFiles(msg); known {
		return cmd, true
	}
	if cmd, known := a.fromTraffic(msg); known {
		return cmd, true
	}
	return a.fromRuns(msg)
}

// fromOutcome takes what concerns an exchange: its answer, its diagnosis, how it
// ended.
func (a *App) fromOutcome(msg tea.Msg) (cmd tea.Cmd, known bool) {
	switch msg := msg.(type) {
	case response.ExplainAsked:
		return a.openText(box.Text{Title: msg.Title, What: "explanation", Bytes: []byte(msg.Text), Prose: true}), true
	case response.SaveAsked:
		return a.saveBody(msg), true
	case response.BrowseAsked:
		a.askToBrowse(msg)
		return nil, true
	case response.FollowAsked:
		return a.chooseStep(msg), true
	case diagnosis.TellAsked:
		a.openPaste(msg)
		return nil, true
	case response.ExpectAsked:
		return a.desk.Expect(msg.Expression, a.cannotSave()), true
	case diagnosis.PageAsked:
		return a.writePage(msg, false), true
	case export.Made:
		return a.askToSave(msg), true
	case desk.Ended:
		return a.ended(msg), true
	case desk.Left:
		return a.leaveDrafts(msg), true
	case unrecorded.Retried:
		return a.takeRecorded(msg), true
	case diagnosis.Left, compare.Left:
		a.setFocus(a.left)
		return nil, true
	}
	return nil, false
}

// fromTraffic takes what capture and listen report.
func (a *App) fromTraffic(msg tea.Msg) (cmd tea.Cmd, known bool) {
	switch msg.(type) {
	case traffic.Started:
		return a.panes.runs.Follow(), true
	case traffic.Passed:
		return a.checkHistory(false), true
	case traffic.AllStopped:
		return a.leave(), true
	}
	return nil, false
}

// fromRuns takes what the list of runs asks for.
func (a *App) fromRuns(msg tea.Msg) (cmd tea.Cmd, known bool) {
	switch msg := msg.(type) {
	case runs.Opened:
		return a.fetch(msg.ID, toShow), true
	case runs.AgainAsked:
		return a.fetch(msg.ID, toSend), true
	case runs.ExactAsked:
		return a.fetch(msg.ID, toResend), true
	case runs.WhyAsked:
		return a.fetch(msg.ID, toDiagnose), true
	case runs.CompareAsked:
		return a.openComparison(parts.Request, compare.Runs(a.services.History, msg.Run, msg.With)), true
	case runs.NameAsked:
		return a.askName(msg), true
	case runs.FilterAsked:
		return a.openFilter(), true
	case runs.Changed:
		return a.checkHistory(false), true
	}
	return nil, false
}

// arrange returns every visible pane its size.
func (a *App) arrange(w, h int) {
	a.layBanner(w)
	a.layout = layout.Arrange(w, h, layout.Wish{
		Focus: a.focus, Last: a.last, Zoomed: a.zoomed,
		Extra: len(a.banner.lines) + len(a.banner.posts), Dividers: a.pointer.dividers,
	})
	for s, r := range a.layout.Panes {
		a.panes.get(s).Resize(max(0, r.W-2), max(0, r.H-2))
	}
	if a.box != nil {
		a.box.Resize(w, h)
	}
}

// setFocus moves the focus.
func (a *App) setFocus(s keymap.Scope) {
	a.focused(false)
	if s != a.focus { // nobody waits for what is left
		switch a.focus {
		case keymap.Diagnosis:
			a.panes.diagnosis.Leave()
		case keymap.Compare:
			a.panes.compare.Leave()
		}
	}
	a.focus = s
	if s == keymap.Request || s == keymap.Headers {
		a.last = s
	}
	a.focused(true)
	a.arrange(a.layout.Width, a.layout.Height)
}

// focused informs the focused pane that it gains or loses the focus, so that it
// can draw its cursor or stop typing.
func (a *App) focused(on bool) {
	if p, ok := a.panes.get(a.focus).(interface{ Focus(bool) }); ok {
		p.Focus(on)
	}
}

func (a *App) stepFocus(by int) {
	for i, s := range layout.Order {
		if s == a.focus {
			a.setFocus(layout.Order[(i+by+len(layout.Order))%len(layout.Order)])
			return
		}
	}
}
