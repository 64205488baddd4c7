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
	"countersign/apiclient/diagnose"
	"countersign/apiclient/redact"
	"countersign/apiclient/variables"
	"countersign/history"
	"countersign/tui/box"
	"countersign/tui/keymap"
	"countersign/tui/request"
	"countersign/tui/terminal"
	"countersign/tui/traffic"
)

// Config is what the explorer needs from its surroundings.
type Config struct {
	// Load makes the services; observe is called while an answer arrives. It
	// runs outside Update, once.
	Load func(ctx context.Context, observe func(apiclient.Progress)) (*Services, error)
	// Switch makes the services of another profile. Where it needs the terminal
	// and does not have it, its error has ErrTerminalNeeded in its chain. Nil:
	// there is no other profile.
	Switch func(ctx context.Context, profile string, onTerminal bool, observe func(apiclient.Progress)) (*Services, error)
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
	OpenAt    string
	Topics    func(*keymap.Table) []Topic // what help can tell; nil: nothing
	HintsSeen []string                    // what a newcomer was shown before
	KeepHints func(seen []string) error   // remembers it; nil: it is not remembered
	KeepTheme func(name string) error     // remembers the theme that was chosen; nil: it is not remembered
	Now       func() time.Time
	Folder    string                               // where files go that are written for a person; "" means the working folder
	Copy      func(text string) error              // puts text on the clipboard
	Browse    func(address string) error           // opens an address in the browser
	Save      func(name string, data []byte) error // writes a new file; one that is there stays, and the error is fs.ErrExist
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

// Faulty is a Super App that misbehaves when it is asked to.
type Faulty interface {
	ActiveFaults() []string
	// SetFaults has these in force from now on, and no others.
	SetFaults(names ...string) error
}

// Fault is a way in which it misbehaves, or the heading of some.
type Fault = box.Fault

// Buyer decides on the page that an answer leads to.
type Buyer interface {
	// Asked says what the buyer could agree to: "approve it as the buyer"; ""
	// where nothing is open.
	Asked(answer []byte) string
	// Agree agrees, and returns what came of it.
	Agree(answer []byte) (outcome string, err error)
}

// Services are what the explorer works with.
type Services struct {
	Client  *apiclient.Client
	History *history.Store
	// Expand replaces the variables of a request: in its body, its path and its
	// headers. Values that are made up, such as {{uuid}}, stay the same until
	// Renew.
	Expand func(ctx context.Context, d apiclient.Draft) (apiclient.Draft, error)
	Renew  func()
	// Trace is Expand for what shows the request: it says where each variable of
	// the body went, and goes on after one without a value. Nil: the explorer
	// knows only what Expand says.
	Trace func(ctx context.Context, d apiclient.Draft) (apiclient.Draft, variables.Expansion, error)
	// Resolver knows the variables of the profile, for the requests of files, which
	// have more. Nil: they cannot be opened.
	Resolver *variables.Resolver
	// Variables lists the variables that there are, or what one such as
	// "last.payments/pay" holds. Nil: none are offered.
	Variables func(ctx context.Context, of string) ([]variables.Known, error)
	// Hide returns what masks the values of the environment that requests used, too.
	// Nil: there are none.
	Hide func(redact.Redactor) redact.Redactor
	// Recheck verifies a saved run again. Nil: it is shown as it was recorded.
	Recheck func(ctx context.Context, e *apiclient.Exchange)
	// Evidence gathers what is known around one signature of an exchange. Nil:
	// nothing can be diagnosed.
	Evidence func(ctx context.Context, e apiclient.Exchange, side apiclient.Side) (diagnose.Evidence, error)
	// Diagnose explains a signature; nil means diagnose.Diagnose.
	Diagnose func(ctx context.Context, e diagnose.Evidence, o diagnose.Options) diagnose.Report
	// Buyer is who decides on the pages that answers lead to, where the other
	// side is the built-in Super App. Nil: it is another.
	Buyer Buyer
	// Traffic starts capture and listen. Nil: they cannot be started.
	Traffic traffic.Starter
	// Faulty misbehaves in the ways of Faults, where the other side is the built-in
	// Super App. Nil: it is another.
	Faulty Faulty
	Faults []Fault
	// Triggers are the values that provoke a certain answer, where the other
	// side is the built-in Super App.
	Triggers []Trigger
	Notices  []string // worth saying at the start: a weak key, a damaged history set aside
}
