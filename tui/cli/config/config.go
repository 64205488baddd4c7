// Package config reads config.toml: strictly, with the file, line and column
// of whatever cannot be used and a hint that names the nearest thing that can.
package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"countersign/apiclient/catalog"
	"countersign/apiclient/english"
	"countersign/apiclient/files"
	"countersign/apiclient/hint"
	"countersign/apiclient/redact"
	"countersign/tui/keymap"
)

// Sandbox is the name of the profile that is always there: the built-in Super
// App. A file cannot define another one of that name.
const Sandbox = "sandbox"

// Config is a configuration file, checked. Keys are not loaded: that is up to
// the one profile that is used.
type Config struct {
	File           string // "" where there is none
	Project        string // that of the project around the working folder; "" where there is none
	DefaultProfile string
	Catalogs       []string // OpenAPI documents, as absolute paths
	Requests       string   // folder of request files, as an absolute path; "": none
	Endpoints      []catalog.Endpoint
	Profiles       map[string]*Profile
	UI             UI
	Sandbox        Sandboxing
	Redact         redact.Redactor // what is masked in what leaves; the zero one where the file says nothing
	RedactStore    bool            // it is masked in the history too

	catalogs   []*Error // where each of Catalogs stands in the file
	hasDefault bool     // default_profile is set
	hasRedact  bool     // [redact] is there
}

// Sandboxing is how the built-in Super App behaves.
type Sandboxing struct {
	Faults               []string      // names that sandbox.SetFaults takes
	Notify, NotifyBeyond bool          // whether merchants are notified; on other machines too
	TokenLifetime        time.Duration // of an access token; 0: the usual
}

// UI is the explorer's part.
type UI struct {
	Theme string        // one of Themes
	Hints bool          // whether a newcomer is shown the way
	Keys  *keymap.Table // the keys of all actions; nil: the defaults
}

// Themes are the values of ui.theme; the first is the default.
var Themes = []string{"auto", "dark", "light", "high-contrast"}

// Default is the configuration without a file.
func Default() *Config {
	return &Config{DefaultProfile: Sandbox, Profiles: map[string]*Profile{}, UI: UI{Theme: Themes[0], Hints: true}}
}

// Error says what in a file cannot be used.
type Error struct {
	File   string
	Line   int // 1-based; 0 where it is about the whole file
	Column int // 1-based, in bytes
	Says   string
	hint.Fix
	Err error // what lies behind it, if anything
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Says
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Says)
}

func (e *Error) Unwrap() error { return e.Err }

// Getenv looks up an environment variable.
type Getenv func(string) (string, bool)

// Locate says which file to read: the flag, COUNTERSIGN_CONFIG, or
// countersign/config.toml in XDG_CONFIG_HOME. named is false for the last,
// which may be missing.
func Locate(flag string, env Getenv) (file string, named bool, err error) {
	if flag != "" {
		return flag, true, nil
	}
	if file, ok := env("COUNTERSIGN_CONFIG"); ok && file != "" {
		return file, true, nil
	}
	dir, err := folder(env, "XDG_CONFIG_HOME", ".config")
	return filepath.Join(dir, "config.toml"), false, err
}

// DataDir is where runs and the sandbox's keys are kept: COUNTERSIGN_DATA, or
// countersign in XDG_DATA_HOME.
func DataDir(env Getenv) (string, error) {
	if dir, ok := env("COUNTERSIGN_DATA"); ok && dir != "" {
		return filepath.Abs(dir)
	}
	return folder(env, "XDG_DATA_HOME", ".local", "share")
}

// folder is countersign's folder below an XDG variable. The XDG specification
// wants relative values ignored.
func folder(env Getenv, variable string, below ...string) (string, error) {
	if dir, ok := env(variable); ok && filepath.IsAbs(dir) {
		return filepath.Join(dir, "countersign"), nil
	}
	home, ok := env("HOME")
	if !ok || home == "" {
		return "", &Error{File: "the configuration", Says: "has no place: neither HOME nor " + variable + " is set",
			Fix: "set HOME, or COUNTERSIGN_CONFIG and COUNTERSIGN_DATA"}
	}
	return filepath.Join(append(append([]string{home}, below...), "countersign")...), nil
}

// Load reads the file at path. A missing file is an error only where it was
// named.
func Load(path string, named bool) (*Config, error) {
	data, err := files.Read(path, MaxConfig)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		return Default(), nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Error{File: path, Says: "there is no such configuration file",
			Fix: "check --config or COUNTERSIGN_CONFIG; without either, the profile sandbox needs no file", Err: err}
	case errors.Is(err, files.ErrTooLarge):
		return nil, &Error{File: path, Says: "cannot be read: " + reason(err),
			Fix: "name the configuration itself: it is a small text file", Err: err}
	case err != nil:
		return nil, &Error{File: path, Says: "cannot be read: " + reason(err),
			Fix: "check that it is a file and that you may read it", Err: err}
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	return Parse(abs, path, data)
}

// reason is an error of the file system without the path, which is said
// already.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// Profile returns a profile by name; ok is false for the sandbox's too.
func (c *Config) Profile(name string) (*Profile, bool) {
	p, ok := c.Profiles[name]
	return p, ok
}

// Watched lists the files beside File that the configuration depends on.
func (c *Config) Watched() []string {
	if c.Project == "" {
		return c.Catalogs
	}
	return append(slices.Clone(c.Catalogs), c.Project)
}

// CatalogError is the error for the document Catalogs[i], which cannot be read
// because of err: it says where the file names it.
func (c *Config) CatalogError(i int, err error) error {
	e := *c.catalogs[i]
	e.Says = fmt.Sprintf("the catalogue %s cannot be read: %s", c.Catalogs[i], reason(err))
	e.Fix = "check the name: a relative one starts in the folder of this file"
	e.Err = err
	return &e
}

// Names lists the profiles that there are, the sandbox first.
func (c *Config) Names() []string {
	return append([]string{Sandbox}, slices.Sorted(maps.Keys(c.Profiles))...)
}

// UnknownProfile is the error for a name that is no profile.
func (c *Config) UnknownProfile(name string) error {
	e := &Error{File: cmp.Or(c.Project, c.File), Says: fmt.Sprintf("there is no profile %q", name),
		Fix: hint.Fix("the profiles are: " + strings.Join(c.Names(), ", "))}
	if e.File == "" {
		e.File = "no configuration file"
		e.Fix = "the only profile without a file is sandbox; others are made in config.toml"
	}
	if near := english.Nearest(name, c.Names()); near != "" {
		e.Fix = hint.Fix(fmt.Sprintf("did you mean %q? ", near)) + e.Fix
	}
	return e
}

// Sizes up to which files are read, in bytes: what is larger is another file
// than the one that was meant.
const (
	MaxConfig  = 1 << 20
	MaxCatalog = 64 << 20
	maxCA      = 4 << 20
)

// byteOrderMark is what some editors of Windows begin UTF-8 with.
var byteOrderMark = []byte("\ufeff")

// asText returns a configuration without a byte order mark. What is no text, or
// text in UTF-16, is an error.
func asText(shown string, data []byte) ([]byte, error) {
	data = bytes.TrimPrefix(data, byteOrderMark)
	nul := bytes.IndexByte(data, 0)
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")):
		return nil, &Error{File: shown, Line: 1, Column: 1, Says: "the file is UTF-16, and TOML is UTF-8",
			Fix: "save it as UTF-8 in your editor"}
	case nul >= 0:
		return nil, newWalker(shown, data).at(nul, "a NUL byte: this is not a text file in UTF-8",
			"check that it is the right file, and save it as UTF-8 in your editor")
	}
	return data, nil
}
