package tui

import (
	"context"
	"errors"
	"io"
	"os"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/box"
	"countersign/tui/keymap"
	"countersign/tui/request"
	"countersign/tui/services"
	"countersign/tui/terminal"
	"countersign/tui/traffic"
)

// Config is what the explorer needs from its surroundings.
type Config struct {
	// Load makes the services; observe is called while an answer arrives. It
	// runs outside Update, once.
	Load func(ctx context.Context, observe func(apiclient.Progress)) (*Services, error)
	// Switch makes the services of another profile. Nil: there is no other.
	Switch services.Loader
	Settings
	// Later reads what Settings do not have yet: a large catalogue, for which the
	// screen does not wait. Nil: they have everything.
	Later func(ctx context.Context) (*Settings, error)
	// Reload reads the configuration where it has changed since it was read
	// last: nil where it has not. It is asked every two seconds. Nil: it never
	// changes.
	Reload func(ctx context.Context) (*Settings, error)
	// OpenAt is the request to open first, as FILE or FILE#NAME below the folder of
	// Settings, or "." for the list of all. "": what was open when the explorer was
	// left.
	OpenAt string
	// ThemeName is what Theme is to be: it waits for what the terminal says of its
	// background, and is asked right before the screen is taken. Nil: Theme is right.
	ThemeName func() string
	Topics    func(*keymap.Table) []Topic // what help can tell; nil: nothing
	HintsSeen []string                    // what a newcomer was shown before
	KeepHints func(seen []string) error   // remembers it; nil: it is not remembered
	KeepTheme func(name string) error     // remembers the theme that was chosen; nil: it is not remembered
	Now       func() time.Time
	Folder    string                               // of files that are written; "": the working folder
	Copy      func(text string) error              // puts text on the clipboard
	Browse    func(address string) error           // opens an address in the browser
	Save      func(name string, data []byte) error // fails with fs.ErrExist where the file is there
	Ring      func()                               // sounds the bell; nil: there is none
	Editor    []string                             // $EDITOR split into words; nil where none is set

	// Restore is told what puts the terminal back as it was, while the explorer
	// has it. Nil: nobody asks.
	Restore *atomic.Pointer[func()]
	// Abandon ends the process at once: ctrl+c was pressed twice, and nothing is
	// taken from the terminal. Nil: it waits.
	Abandon func()
	// After makes the command of a timer; nil means tea.Tick.
	After func(d time.Duration, msg func(time.Time) tea.Msg) tea.Cmd

	// Exec runs a command that needs the terminal; nil means tea.Exec.
	Exec func(tea.ExecCommand, tea.ExecCallback) tea.Cmd

	terminal *terminal.Terminal
}

// Run opens the explorer on a terminal and returns when it is left.
func Run(ctx context.Context, c Config, in io.Reader, out *os.File) error {
	c.terminal = terminal.New(in, out, c.Abandon)
	if c.Copy == nil {
		c.Copy = c.terminal.Copy
	}
	if c.Ring == nil {
		c.Ring = c.terminal.Ring
	}
	app := New(c)
	if c.ThemeName != nil {
		app.useTheme(c.ThemeName())
	}
	err := c.terminal.Run(ctx, app, c.Restore)
	return errors.Join(err, app.flush())
}

// Topic is a text that explains something, as countersign help shows it.
type Topic struct {
	Name  string // "exit-codes"
	Title string // "Exit codes"
	Text  string
}

// Trigger is a value that provokes a certain answer of an endpoint.
type Trigger = request.Trigger

// Wish says how capture or listen is to be started.
type Wish = traffic.Wish

// Fault is a way in which it misbehaves, or the heading of some.
type Fault = box.Fault

// Services are what the explorer works with for one profile.
type Services = services.Services

// Faulty is a Super App that misbehaves when it is asked to.
type Faulty = services.Faulty

// Buyer decides on the page that an answer leads to.
type Buyer = services.Buyer

// ErrTerminalNeeded is in the chain of an error of Config.Switch.
var ErrTerminalNeeded = services.ErrTerminalNeeded
