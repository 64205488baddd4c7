package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/apiclient/redact"
	"countersign/apiclient/sandbox"
	"countersign/tui"
	"countersign/tui/keymap"
)

// document is the file as it is decoded, once the walker has accepted it.
type document struct {
	DefaultProfile string                `toml:"default_profile"`
	Catalogs       []string              `toml:"catalogs"`
	Requests       string                `toml:"requests"`
	Endpoints      []rawEndpoint         `toml:"endpoints"`
	Profiles       map[string]rawProfile `toml:"profiles"`
	UI             struct {
		Theme string `toml:"theme"`
		Hints *bool  `toml:"hints"`
	} `toml:"ui"`
	Sandbox struct {
		Faults []string `toml:"faults"`
		Notify bool     `toml:"notify"`
		Beyond bool     `toml:"notify_beyond_loopback"`
		Life   string   `toml:"token_lifetime"`
	} `toml:"sandbox"`
	Redact struct {
		Headers []string `toml:"headers"`
		Paths   []string `toml:"paths"`
		Store   bool     `toml:"store"`
	} `toml:"redact"`
	Keys map[string]any `toml:"keys"`
}

type rawEndpoint struct {
	Path    string `toml:"path"`
	Name    string `toml:"name"`
	Version string `toml:"version"`
	Method  string `toml:"method"`
	Group   string `toml:"group"`
	Summary string `toml:"summary"`
	Example string `toml:"example"`
}

// Parse reads a configuration. file is its absolute path, from which relative
// paths start; shown is how errors name it.
func Parse(file, shown string, data []byte) (*Config, error) {
	data, err := asText(shown, data)
	if err != nil {
		return nil, err
	}
	w := newWalker(shown, data)
	if err := w.walk(); err != nil {
		return nil, err
	}
	var d document
	if err := toml.Unmarshal(data, &d); err != nil {
		return nil, w.decodeError(err)
	}
	c := Default()
	c.File = file
	r := &reader{walker: w, abs: file, dir: filepath.Dir(file)}
	if filepath.Base(file) == ProjectFile {
		if err := r.inProject(d); err != nil {
			return nil, err
		}
	}
	_, c.hasRedact = r.places["redact"]
	if err := r.read(c, d); err != nil {
		return nil, err
	}
	return c, nil
}

// decodeError returns the decoder's errors (bad syntax, a key defined twice) the
// form of ours.
func (w *walker) decodeError(err error) error {
	e := &Error{File: w.file, Says: strings.TrimPrefix(err.Error(), "toml: "), Err: err,
		Fix: "see https://toml.io for how it is written"}
	var de *toml.DecodeError
	if errors.As(err, &de) {
		e.Line, e.Column = de.Position()
	}
	if strings.Contains(e.Says, "already") || strings.Contains(e.Says, "redefin") {
		e.Fix = "remove one of the two"
	}
	return e
}

// reader turns the decoded document into a Config.
type reader struct {
	*walker
	abs string // the file's absolute path
	dir string
}

func (r *reader) read(c *Config, d document) error {
	if err := r.inherit(d.Profiles); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(d.Profiles)) {
		p, err := r.profile(name, d.Profiles[name])
		if err != nil {
			return err
		}
		c.Profiles[name] = p
	}
	if d.DefaultProfile != "" {
		c.DefaultProfile, c.hasDefault = d.DefaultProfile, true
		if !slices.Contains(c.Names(), c.DefaultProfile) {
			e := r.about("default_profile", fmt.Sprintf("default_profile names %q, which is not a profile", c.DefaultProfile),
				"the profiles are: "+strings.Join(c.Names(), ", "))
			return e
		}
	}
	if d.Requests != "" {
		c.Requests = r.path(d.Requests)
	}
	for i, path := range d.Catalogs {
		at := fmt.Sprintf("catalogs.%d", i)
		if path == "" {
			return r.about(at, fmt.Sprintf("catalogs[%d] is empty", i), "name an OpenAPI document")
		}
		c.Catalogs = append(c.Catalogs, r.path(path))
		c.catalogs = append(c.catalogs, r.about(at, "", ""))
	}
	for i, e := range d.Endpoints {
		endpoint, err := r.endpoint(i, e)
		if err != nil {
			return err
		}
		c.Endpoints = append(c.Endpoints, endpoint)
	}
	if err := r.sandbox(c, d); err != nil {
		return err
	}
	if d.UI.Theme != "" {
		c.UI.Theme = d.UI.Theme
	}
	if d.UI.Hints != nil {
		c.UI.Hints = *d.UI.Hints
	}
	if err := r.oneOf("ui.theme", c.UI.Theme, Themes); err != nil {
		return err
	}
	if err := r.redact(c, d); err != nil {
		return err
	}
	return r.keys(c, d.Keys)
}

// redact reads what is masked beside what is built in.
func (r *reader) redact(c *Config, d document) error {
	for i, name := range d.Redact.Headers {
		if err := apiclient.CheckField(apiclient.Field{Name: name}); err != nil {
			return r.about(fmt.Sprintf("redact.headers.%d", i), fmt.Sprintf("redact.headers[%d]: %v", i, err), hint.Of(err))
		}
	}
	var err error
	c.Redact, err = redact.New(d.Redact.Headers, d.Redact.Paths)
	var path *redact.PathError
	if errors.As(err, &path) {
		return r.about(fmt.Sprintf("redact.paths.%d", path.Index), path.Says, path.Hint())
	}
	c.RedactStore = d.Redact.Store
	return err
}

// sandbox reads how the built-in Super App is to behave.
func (r *reader) sandbox(c *Config, d document) error {
	s := d.Sandbox
	life, err := r.duration("sandbox.token_lifetime", s.Life, 0)
	if err != nil {
		return err
	}
	c.Sandbox = Sandboxing{s.Faults, s.Notify || s.Beyond, s.Beyond, life}
	for i, name := range s.Faults {
		if !sandbox.IsFault(name) {
			return r.about(fmt.Sprintf("sandbox.faults.%d", i),
				fmt.Sprintf("sandbox.faults names %q, which is not a fault", name),
				"countersign sandbox --fault list shows them")
		}
	}
	return nil
}

// keys returns actions the keys of the file.
func (r *reader) keys(c *Config, raw map[string]any) error {
	set := map[keymap.ID][]string{}
	collect(set, "", raw)
	if len(set) == 0 {
		return nil
	}
	var err error
	c.UI.Keys, err = tui.Keys().With(set)
	var f *keymap.Fault
	if errors.As(err, &f) {
		return r.about("keys."+string(f.ID), f.Says, f.Hint())
	}
	return err
}

// collect reads nested tables of keys; the walker has checked their types.
func collect(into map[keymap.ID][]string, at string, raw map[string]any) {
	for name, value := range raw {
		id := join(at, name)
		switch v := value.(type) {
		case map[string]any:
			collect(into, id, v)
		case string:
			into[keymap.ID(id)] = []string{v}
		case []any:
			names := make([]string, len(v))
			for i := range v {
				names[i], _ = v[i].(string)
			}
			into[keymap.ID(id)] = names
		}
	}
}

func (r *reader) oneOf(path, value string, values []string) error {
	if slices.Contains(values, value) {
		return nil
	}
	return r.about(path, fmt.Sprintf("%s is %q", path, value), "use one of: "+strings.Join(values, ", "))
}

// path makes a path of the file absolute.
func (r *reader) path(p string) string {
	if rest, ok := strings.CutPrefix(p, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(r.dir, p)
}

func (r *reader) endpoint(i int, raw rawEndpoint) (catalog.Endpoint, error) {
	at := fmt.Sprintf("endpoints.%d", i)
	if raw.Path == "" {
		return catalog.Endpoint{}, r.about(at, fmt.Sprintf("endpoints[%d] has no path", i),
			`add path = "/v2/…", as it follows the base URL`)
	}
	if !strings.HasPrefix(raw.Path, "/") {
		return catalog.Endpoint{}, r.about(at+".path", fmt.Sprintf("the path %q does not start with /", raw.Path),
			"write it as it follows the base URL: /v2/orders/create")
	}
	// What is not given follows from the path: see catalog.Add.
	return catalog.Endpoint{
		Name: raw.Name, Version: raw.Version, Method: raw.Method, Path: raw.Path, Group: raw.Group, Summary: raw.Summary,
		Example: []byte(raw.Example), Source: r.abs,
	}, nil
}
