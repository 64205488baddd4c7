// Package tui is the explorer: it drives the signing client from six panes.
//
// The root model, App, owns focus, overlays and what is in flight. It decides
// which action a key means and calls down to the panes; they answer by message.
// It does no I/O: that is the work of commands, most of them in work.go.
package tui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/compare"
	"countersign/tui/diagnosis"
	"countersign/tui/endpoints"
	"countersign/tui/headers"
	"countersign/tui/keymap"
	"countersign/tui/request"
	"countersign/tui/response"
	"countersign/tui/runs"
	"countersign/tui/signature"
	"countersign/tui/ui"
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
	layout  layout
	focus   keymap.Scope
	last    keymap.Scope // which of request and headers was seen last
	zoomed  bool
	overlay overlay // nil where none is open
	pointer pointer

	desk   desk    // the request at hand and the exchange that is shown
	flight *flight // nil where nothing is being sent
	study  study   // why a signature does not match
	pair   pair    // of runs that are compared
	ticks  bool    // a tick is on its way: there is never more than one
	status status
	guide  guide
	keeper keeper
	early  early

	lost lost
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

// flight is an exchange that is being sent.
type flight struct {
	seq      int
	cancel   func()
	since    time.Time
	now      time.Time // of the last tick: drawing needs no clock
	endpoint string
	progress apiclient.Progress
	frame    int // of the spinner
}

// status is what the status line says.
type status struct {
	text  string
	tone  tone
	stays bool // the next action does not clear it
}

type tone int

const (
	neutral tone = iota
	good
	warn
	bad
)

// New makes the explorer. Nothing is read or sent before Init's commands run.
func New(c Config) *App {
	if c.After == nil {
		c.After = tea.Tick
	}
	theme := c.Theme
	a := &App{
		config: c,
		theme:  theme,
		guide:  guide{done: c.HintsSeen},
		focus:  keymap.Request,
		last:   keymap.Request,
		panes: panes{
			endpoints: endpoints.New(theme),
			request:   request.New(theme),
			headers:   headers.New(theme),
			signature: signature.New(theme),
			response:  response.New(theme),
			runs:      runs.New(theme, c.Now),
			diagnosis: diagnosis.New(theme),
			compare:   compare.New(theme),
		},
	}
	a.local = map[keymap.Scope]keymap.Actions{}
	for _, s := range allPanes {
		a.local[s] = a.panes.get(s).Actions()
	}
	a.useKeys(c.Keys)
	a.status = status{text: "Starting…"}
	a.panes.endpoints.SetEndpoints(c.Catalog.Endpoints())
	if e, err := c.Catalog.Lookup("payments/pay"); err == nil {
		a.panes.request.Open(e)
		a.panes.response.SetEndpoint(e)
		a.panes.endpoints.Mark(e.ID)
	}
	a.focused(true)
	a.keeper.seen = a.edition()
	return a
}

// Init starts loading what the explorer works with.
func (a *App) Init() tea.Cmd {
	return tea.Batch(a.load(), a.watch())
}

// Update takes a message to its one owner.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	defer a.refreshGuide()
	return a, a.catchUp(a.route(msg))
}

func (a *App) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.arrange(msg.Width, msg.Height)
		return nil
	case tea.KeyMsg:
		return a.press(msg)
	case tea.MouseMsg:
		return a.mouse(msg)
	}
	for _, hear := range []func(tea.Msg) (tea.Cmd, bool){
		a.news,
		a.earlyNews,
		a.settingsNews,
		a.diagnosisNews,
		a.tamperNews,
		a.runsNews,
		a.compareNews,
		a.draftsNews,
		a.variablesNews,
		a.previewNews,
		a.editorNews,
		a.followNews,
		a.recordNews,
	} {
		if cmd, mine := hear(msg); mine {
			return cmd
		}
	}
	var cmds []tea.Cmd
	for _, s := range order {
		cmds = append(cmds, a.panes.get(s).Update(msg))
	}
	if o, ok := a.overlay.(interface{ update(tea.Msg) tea.Cmd }); ok {
		cmds = append(cmds, o.update(msg))
	}
	return tea.Batch(cmds...)
}

// news handles the messages that concern the root: from its own commands and
// from the panes.
func (a *App) news(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case loaded:
		return a.begin(msg), true
	case previewed:
		return a.showPreview(msg), true
	case progressed:
		a.advance(apiclient.Progress(msg))
		return nil, true
	case ticked:
		return a.tick(time.Time(msg)), true
	case finished:
		return a.finish(msg), true
	case fetched:
		return a.showRun(msg), true
	case watchDue:
		if a.services == nil {
			return tea.Batch(a.watch(), a.reload()), true
		}
		return tea.Batch(a.look(true), a.reload()), true
	case stirred:
		return a.hear(msg), true
	case confirmed:
		return a.launchAsked(msg), true
	case watched:
		return a.refresh(msg), true
	case copied:
		a.say(msg.text, msg.tone)
		return nil, true
	case endpoints.Chosen:
		return a.choose(msg), true
	case request.Edited, headers.Changed:
		return tea.Batch(a.draftChanged(), a.touched()), true
	case request.TargetAsked:
		return a.ask(prompt{title: "Path and query", text: msg.Target, done: a.panes.request.SetTarget}), true
	case headers.ValueAsked:
		return a.ask(prompt{title: msg.Title, text: msg.Value, done: msg.Done}), true
	case runs.Opened:
		return a.fetch(msg.ID, toShow), true
	case runs.AgainAsked:
		return a.fetch(msg.ID, toSend), true
	case runs.ExactAsked:
		return a.fetch(msg.ID, toResend), true
	case request.EditorAsked:
		return a.keepThen(a.openEditor(msg)), true
	case ui.Told:
		tone := neutral
		if msg.Bad {
			tone = bad
		}
		a.say(msg.Text, tone)
		return nil, true
	case ui.Copied:
		return a.copy(msg), true
	}
	return nil, false
}

// say says something until the next action.
func (a *App) say(text string, t tone) { a.status = status{text: text, tone: t} }

// sum says how an exchange ended, until something else is worth saying.
func (a *App) sum(text string, t tone) { a.status = status{text: text, tone: t, stays: true} }

// arrange gives every visible pane its size.
func (a *App) arrange(w, h int) {
	want := wish{focus: a.focus, last: a.last, zoomed: a.zoomed, moved: a.pointer.dividers.moved}
	a.layBanner(w)
	want.extra = len(a.guide.lines)
	a.layout = arrange(w, h, want)
	for s, r := range a.layout.panes {
		a.panes.get(s).Resize(max(0, r.w-2), max(0, r.h-2))
	}
	if a.overlay != nil {
		a.overlay.resize(w, h)
	}
}

// setFocus moves the focus.
func (a *App) setFocus(s keymap.Scope) {
	a.focused(false)
	if a.focus == keymap.Diagnosis && s != a.focus {
		a.stopSearch()
	}
	if a.focus == keymap.Compare && s != a.focus {
		a.stopComparing()
	}
	a.focus = s
	if s == keymap.Request || s == keymap.Headers {
		a.last = s
	}
	a.focused(true)
	a.arrange(a.layout.width, a.layout.height)
}

// focused tells the focused pane that it gains or loses the focus, so that it
// can draw its cursor or stop typing.
func (a *App) focused(on bool) {
	if p, ok := a.panes.get(a.focus).(interface{ Focus(bool) }); ok {
		p.Focus(on)
	}
}

func (a *App) stepFocus(by int) {
	for i, s := range order {
		if s == a.focus {
			a.setFocus(order[(i+by+len(order))%len(order)])
			return
		}
	}
}
