package tui

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"github.com/atotto/clipboard"
	"github.com/aymanbagabas/go-osc52/v2"
	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
)

// Run opens the explorer on a terminal and returns when it is left.
func Run(ctx context.Context, c Config, in io.Reader, out *os.File) error {
	screen := &terminal{File: out}
	c.post = &postbox{}
	if c.Copy == nil {
		c.Copy = screen.copy
	}
	app := New(c)
	pastes := &pasteReader{}
	busy := &rescue{abandon: c.Abandon, now: time.Now, ready: readable}
	f, onTerminal := in.(*os.File)
	if onTerminal {
		pastes.File, pastes.rescue, busy.tty, in = f, busy, f, pastes
		app.config.tty = tty{f, out}
		if restore := restorer(f, out); c.Restore != nil {
			c.Restore.Store(&restore)
			defer c.Restore.Store(nil)
		}
	}
	// Signals end ctx. The library's own handler takes them too, and hangs for
	// good where it is the later one.
	program := tea.NewProgram(&model{App: app, busy: busy}, tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithAltScreen(), tea.WithMouseCellMotion(),
		tea.WithFPS(framesPerSecond), tea.WithInput(in), tea.WithOutput(screen))
	c.post.open(program.Send)
	pastes.send, busy.send = program.Send, program.Send
	done := make(chan struct{})
	defer close(done)
	if onTerminal && c.Abandon != nil && busy.ready != nil {
		go busy.watch(done)
	}
	_, err := program.Run()
	return errors.Join(err, app.rescueLost(), app.flush())
}

// model is the explorer as Bubble Tea runs it: with a rescue that notices when
// it hangs, and an empty screen for a moment at the start.
type model struct {
	*App
	busy   *rescue
	waited bool // something has happened, or blank is over
}

// framesPerSecond is how often Bubble Tea looks for a frame to write: a key waits
// 10 ms at most. More would be seen by nobody, and each look costs CPU.
const framesPerSecond = 100

// blank is how long the screen may stay empty at the start. Mostly the services
// are there before, and the first frame is the whole one: one that says no more
// than that they come is only in its way.
const blank = 100 * time.Millisecond

// waitedFor says that blank is over.
type waitedFor struct{}

// Init implements tea.Model.
func (m *model) Init() tea.Cmd {
	return tea.Batch(m.App.Init(), tea.Tick(blank, func(time.Time) tea.Msg { return waitedFor{} }))
}

// Update implements tea.Model.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.busy.begin() // until its frame is made
	switch msg.(type) {
	case waitedFor:
		m.waited = true
		return m, nil
	case tea.WindowSizeMsg: // it comes by itself
	default:
		m.waited = true
	}
	_, cmd := m.App.Update(msg)
	return m, cmd
}

// View implements tea.Model.
func (m *model) View() string {
	defer m.busy.done()
	if !m.waited && m.loading() {
		return ""
	}
	return m.App.View()
}

// tty is the terminal itself, for programs that are started on it: what is
// around it here would be a pipe to them, and they would wait for its end.
type tty struct{ in, out *os.File }

func (t tty) give(c *exec.Cmd) {
	if t.in != nil {
		c.Stdin, c.Stdout, c.Stderr = t.in, t.out, t.out
	}
}

// terminal is the output with a lock, so that what is copied never lands in
// the middle of a frame.
type terminal struct {
	*os.File
	mu sync.Mutex
}

// Write writes what Bubble Tea sends: each frame in one call.
func (t *terminal) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.File.Write(b)
}

// WriteString is Write: that of the file would go past its lock.
func (t *terminal) WriteString(s string) (int, error) { return t.Write([]byte(s)) }

// copy puts text on the clipboard: of the terminal's own machine by OSC 52,
// which works over SSH, and of this one where it has a clipboard program, as
// not all terminals know OSC 52.
func (t *terminal) copy(text string) error {
	local := os.Getenv("SSH_CONNECTION") == "" && !clipboard.Unsupported
	if len(text) > maxTerminalCopy {
		if local {
			return clipboard.WriteAll(text)
		}
		return errors.New("it is too large for a terminal's clipboard: countersign history show prints it")
	}
	sequence := osc52.New(text)
	switch {
	case os.Getenv("TMUX") != "":
		sequence = sequence.Tmux()
	case os.Getenv("STY") != "":
		sequence = sequence.Screen()
	}
	_, err := io.WriteString(t, sequence.String())
	if local {
		// OSC 52 gave no answer to tell whether it worked: this is a second
		// way to the same end, and its failure is no news.
		_ = clipboard.WriteAll(text)
	}
	return err
}

// maxTerminalCopy is what is handed to a terminal's clipboard at most, in
// bytes: many drop longer sequences, and all draw nothing meanwhile.
const maxTerminalCopy = 1 << 20

// postbox carries the progress of an exchange from the goroutine that sends it
// to the program, at most ten times a second.
type postbox struct {
	send atomic.Pointer[func(tea.Msg)]
	last atomic.Int64
}

func (p *postbox) open(send func(tea.Msg)) { p.send.Store(&send) }

// put hands over a message; whoever calls it keeps to ten times a second.
func (p *postbox) put(msg tea.Msg) {
	if p == nil {
		return
	}
	if send := p.send.Load(); send != nil {
		(*send)(msg)
	}
}

func (p *postbox) progress(news apiclient.Progress) {
	if p == nil {
		return
	}
	send := p.send.Load()
	now := time.Now().UnixMilli()
	if send == nil || (news.Phase == "receiving" && now-p.last.Load() < 100) {
		return
	}
	p.last.Store(now)
	(*send)(progressed(news))
}
