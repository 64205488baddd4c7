package cli

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/uuid"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
	"countersign/apiclient/sandbox"
	"countersign/apiclient/variables"
	"countersign/history"
	"countersign/tui/cli/config"
)

// app is what the commands share. Everything is made when it is first asked
// for: most commands need little of it, and a process should start fast.
type app struct {
	in       io.Reader
	out, err io.Writer
	env      config.Getenv
	secrets  sync.Map // values of the environment that requests took, by name
	now      func() time.Time
	newID    func() string
	generate func(bits int) (*rsa.PrivateKey, error)
	stranger func() (*rsa.PrivateKey, error) // makes a key that belongs to nobody; nil: a new one
	hold     time.Duration                   // how long a slow callback of probe is silent; 0: as long as probe has it

	flags struct {
		config, profile string
		json, noColor   bool
	}

	config   func() (*config.Config, error)
	catalog  func() (*catalog.Catalog, error)
	store    func() (*history.Store, error)
	material func() (sandbox.Keys, error)
	server   func() (*sandbox.Server, error)
	served   func(apiclient.Exchange) // what the sandbox in this process did; nil: nobody looks

	warned    sync.Map  // texts that are told once, however often they are true
	announced sync.Once // where that sandbox takes decisions
	faulty    atomic.Pointer[sandbox.Sandbox]

	current atomic.Pointer[current] // the configuration since it changed; nil: as at the start
	quiet   atomic.Bool             // nobody can be asked: the terminal is the explorer's

	opened    opened      // what the explorer was started for
	exploring bool        // stderr is behind the explorer's screen
	wrote     atomic.Bool // something went to stdout

	restore atomic.Pointer[func()] // puts the terminal back as it was; nil: nobody changed it

	mu      sync.Mutex
	notices []string
	closers []func()
}

func newApp(in io.Reader, out, err io.Writer) *app {
	a := &app{in: in, out: out, err: err, env: os.LookupEnv, now: time.Now}
	a.newID = func() string { return uuid.NewString() }
	a.generate = func(bits int) (*rsa.PrivateKey, error) { return keys.Generate(rand.Reader, bits) }
	first, firstCatalog := sync.OnceValues(a.loadConfig), sync.OnceValues(a.loadCatalog)
	a.config = func() (*config.Config, error) {
		if now := a.current.Load(); now != nil {
			return now.config, nil
		}
		return first()
	}
	a.catalog = func() (*catalog.Catalog, error) {
		if now := a.current.Load(); now != nil {
			return now.catalog, nil
		}
		return firstCatalog()
	}
	a.store = sync.OnceValues(a.openStore)
	a.material = sync.OnceValues(a.loadMaterial)
	a.server = sync.OnceValues(a.startSandbox)
	return a
}

// close undoes what was opened. Nothing of it depends on another part, and
// each waits for the disk or a connection, so it is done at once.
func (a *app) close() {
	a.mu.Lock()
	closers := a.closers
	a.closers = nil
	a.mu.Unlock()
	var wg sync.WaitGroup
	for _, f := range closers {
		wg.Go(f)
	}
	wg.Wait()
}

func (a *app) onClose(f func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closers = append(a.closers, f)
}

func (a *app) loadConfig() (*config.Config, error) {
	file, named, err := config.Locate(a.flags.config, a.env)
	if err != nil {
		return nil, err
	}
	return a.loadConfigFrom(file, named, named)
}

// loadConfigFrom reads a configuration and, where the person did not name it, that
// of the project around the working folder. needed says that it must be there.
func (a *app) loadConfigFrom(file string, named, needed bool) (*config.Config, error) {
	c, err := config.Load(file, needed)
	if err != nil || named {
		return c, err
	}
	project, err := a.projectFile()
	if err != nil || project == "" {
		return c, err
	}
	p, err := config.Load(project, true)
	if err != nil {
		return nil, err
	}
	return c.With(p), nil
}

// projectFile is the configuration of the project around the working folder, or
// around what the explorer was started for; "" where there is none.
func (a *app) projectFile() (string, error) {
	if a.opened.dir != "" {
		return config.Project(a.opened.dir)
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", nil //nolint:nilerr // without a working folder there is no project
	}
	return config.Project(dir)
}

func (a *app) loadCatalog() (*catalog.Catalog, error) {
	c, err := a.config()
	if err != nil {
		return nil, err
	}
	return readCatalog(c)
}

func (a *app) dataFile(name string) (string, error) {
	dir, err := config.DataDir(a.env)
	return filepath.Join(dir, name), err
}

// historyFile is the name of the history among the data.
const historyFile = "history.db"

func (a *app) openStore() (*history.Store, error) {
	path, err := a.dataFile(historyFile)
	if err != nil {
		return nil, err
	}
	mask, err := a.keptMask()
	if err != nil {
		return nil, err
	}
	// Not the command's context: a run that was canceled is still completed.
	store, notice, err := history.Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	store.Mask(mask)
	a.onClose(func() {
		for _, n := range store.Notices() {
			a.warn(string(n)) // the explorer has left the screen
		}
		if err := store.Close(); err != nil {
			a.warn(err.Error())
		}
	})
	if notice != "" {
		a.notice(string(notice))
	}
	return store, nil
}

// keptMask returns what masks runs before they are kept, as the configuration says;
// nil: nothing is masked.
func (a *app) keptMask() (func(apiclient.Exchange) apiclient.Exchange, error) {
	c, err := a.config()
	if err != nil || !c.RedactStore {
		return nil, err
	}
	return func(e apiclient.Exchange) apiclient.Exchange { return c.Redact.Masker().Exchange(e) }, nil
}

func (a *app) loadMaterial() (sandbox.Keys, error) {
	dir, err := a.dataFile(config.Sandbox)
	if err != nil {
		return sandbox.Keys{}, err
	}
	k, err := sandbox.Material(dir)
	var file *fs.PathError
	if errors.As(err, &file) && hint.Of(err) == "" {
		hint := "set COUNTERSIGN_DATA or XDG_DATA_HOME to a folder that you can write to"
		if errors.Is(err, syscall.ENOSPC) {
			hint = "make room on the disk, or set COUNTERSIGN_DATA to a folder on another"
		}
		return k, failed(hint, "%w", err)
	}
	return k, err
}

// startSandbox starts the Super App of the profile sandbox in this process.
func (a *app) startSandbox() (*sandbox.Server, error) {
	c, _, err := a.sandboxDefaults()
	if err != nil {
		return nil, err
	}
	c.Observe = a.served
	settings, err := a.config()
	if err != nil {
		return nil, err
	}
	s, err := a.makeSandbox(c, settings.Sandbox.Faults)
	if err != nil {
		return nil, err
	}
	server, err := s.Listen("")
	if err != nil {
		return nil, err
	}
	a.onClose(func() { _ = server.Close() })
	return server, nil
}

// sandboxDefaults is the sandbox of the profile sandbox, as config.toml has it.
func (a *app) sandboxDefaults() (c sandbox.Config, k sandbox.Keys, err error) {
	if k, err = a.material(); err != nil {
		return c, k, err
	}
	c = k.Config()
	if c.Catalog, err = a.catalog(); err != nil {
		return c, k, err
	}
	settings, err := a.config()
	if err != nil {
		return c, k, err
	}
	c.Now, c.MakeKey, c.TokenLife = a.now, a.stranger, settings.Sandbox.TokenLifetime
	if settings.Sandbox.Notify {
		c.Notify, err = a.notifying(settings.Sandbox.NotifyBeyond)
	}
	return c, k, err
}

// resolver knows the variables' values for a profile.
func (a *app) resolver(p apiclient.Profile) *variables.Resolver {
	return &variables.Resolver{
		Profile: p, Now: a.now, NewID: a.newID, Getenv: a.secret, Environ: os.Environ,
		Last: func(ctx context.Context, endpoint string) (*apiclient.Exchange, error) {
			return a.answeredRun(ctx, p.Name, endpoint, 0)
		},
		Earlier: func(ctx context.Context, endpoint string, n int) (*apiclient.Exchange, error) {
			return a.answeredRun(ctx, p.Name, endpoint, n)
		},
		Endpoints: func(ctx context.Context) ([]string, error) {
			store, err := a.store()
			if err != nil {
				return nil, err
			}
			return store.Endpoints(ctx, p.Name)
		},
	}
}

// secret looks up a variable of the environment for a request. What is told of
// requests from then on has its value masked: people put there what is secret.
func (a *app) secret(name string) (string, bool) {
	value, ok := a.env(name)
	if ok {
		a.secrets.Store(name, value)
	}
	return value, ok
}

// answeredRun finds the answered run of an endpoint with a profile that has n
// newer ones, nil where there is none: an answer of another profile would have
// ids that mean nothing here.
func (a *app) answeredRun(ctx context.Context, profile, endpoint string, n int) (*apiclient.Exchange, error) {
	store, err := a.store()
	if err != nil {
		return nil, err
	}
	all, err := a.catalog()
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{endpoint: true}
	for _, e := range all.Endpoints() {
		if e.Called(endpoint) {
			ids[e.ID] = true
		}
	}
	var answered []history.Run
	for id := range ids {
		runs, err := store.List(ctx, history.Query{Profile: profile, Endpoint: id, Limit: 50})
		if err != nil {
			return nil, err
		}
		for _, r := range runs {
			if r.Outcome == apiclient.Answered {
				answered = append(answered, r)
			}
		}
	}
	if n >= len(answered) {
		return nil, nil
	}
	slices.SortFunc(answered, func(a, b history.Run) int { return cmp.Compare(b.Seq, a.Seq) })
	e, err := store.Get(ctx, answered[n].ID)
	return &e, err
}
