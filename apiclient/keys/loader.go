package keys

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"countersign/apiclient/files"
	"countersign/apiclient/hint"
)

// Loader reads sources. Zero fields mean the real world.
type Loader struct {
	Dir    string                                                   // relative files start here, and commands run here
	Getenv func(string) (string, bool)                              // nil: os.LookupEnv
	Run    func(ctx context.Context, argv []string) ([]byte, error) // standard output of a command; nil: os/exec
	Prompt func(ctx context.Context, what string) ([]byte, error)   // nil: cannot ask
	Now    func() time.Time                                         // nil: time.Now; certificates expire
}

// Private loads and parses a private key. Errors begin with the place, and
// say what to do as those of ParsePrivate do.
func (l Loader) Private(ctx context.Context, s Source) (Private, error) {
	key, err := load(ctx, l, s, reader.private)
	if err == nil {
		key.Warnings = append(key.Warnings, l.warnings(s)...)
	}
	return key, err
}

// Public loads and parses a public key.
func (l Loader) Public(ctx context.Context, s Source) (Public, error) {
	return load(ctx, l, s, reader.public)
}

// Inspect loads whatever is there and describes it, as the function Inspect
// does.
func (l Loader) Inspect(ctx context.Context, s Source) (Description, error) {
	d, err := load(ctx, l, s, reader.inspect)
	if err == nil && d.secret() {
		d.Warnings = append(d.Warnings, l.warnings(s)...)
	}
	return d, err
}

// load reads the bytes of s, and what they are.
func load[T any](ctx context.Context, l Loader, s Source, read func(reader, context.Context, []byte) (T, error)) (t T, err error) {
	if err := s.Validate(); err != nil {
		return t, err
	}
	r := reader{pass: l.passphrase(s), now: l.Now}
	if r.now == nil {
		r.now = time.Now
	}
	data, err := l.read(ctx, s)
	defer clear(data)
	if err == nil {
		t, err = read(r, ctx, data)
	}
	if err != nil {
		return *new(T), at(s.String(), err)
	}
	return t, nil
}

// warnings says what is wrong with the place of a secret, and with that of its pass
// phrase.
func (l Loader) warnings(s Source) []string {
	w := l.exposed(s, "the private key")
	if s.Passphrase != nil {
		w = append(w, l.exposed(*s.Passphrase, "the pass phrase")...)
	}
	return w
}

// passphrase returns the way to the pass phrase of s, or nil.
func (l Loader) passphrase(s Source) Passphrase {
	if p := s.Passphrase; p != nil {
		return func(ctx context.Context, _ string) ([]byte, error) {
			pass, err := l.read(ctx, *p)
			if err != nil {
				clear(pass)
				return nil, at("pass phrase from "+p.String(), err)
			}
			return trimLineEnd(pass), nil
		}
	}
	if l.Prompt == nil {
		return nil
	}
	return func(ctx context.Context, what string) ([]byte, error) {
		return l.Prompt(ctx, s.String()+" ("+what+")")
	}
}

// trimLineEnd drops one line end: a pass phrase may end in a space, and may
// not end in the newline that every editor adds.
func trimLineEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}

func (l Loader) read(ctx context.Context, s Source) ([]byte, error) {
	switch {
	case s.File != "":
		return l.readFile(s.File)
	case s.Env != "":
		return l.readEnv(s.Env)
	default:
		return l.readCommand(ctx, s.Command)
	}
}

// maxSource is the most that is read from anywhere, in bytes: the longest key
// with its certificates stays far below.
const maxSource = 1 << 20

func (l Loader) readFile(name string) ([]byte, error) {
	path, err := l.path(name)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, l.fileFault(err)
	}
	defer func() { _ = f.Close() }() // only read
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, &hint.Error{Says: "this is a folder, not a file", Fix: "name the key file in it"}
	}
	data, err := files.ReadUpTo(f, maxSource)
	if errors.Is(err, files.ErrTooLarge) {
		return nil, &hint.Error{Says: fmt.Sprintf("this is larger than %d MB, and no key", maxSource>>20),
			Fix: "name the key file itself"}
	}
	if err != nil {
		clear(data)
		return nil, l.fileFault(err)
	}
	if len(data) == 0 {
		return nil, &hint.Error{Says: "the file is empty",
			Fix: "put the key there: PEM, or the one base64 line that the portal gives"}
	}
	return data, nil
}

func (l Loader) fileFault(err error) error {
	f := &hint.Error{Err: err}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Says = "there is no such file"
		if dir, err := filepath.Abs(l.Dir); err == nil {
			f.Fix = "relative paths start at " + dir
		}
	case errors.Is(err, fs.ErrPermission):
		f.Says, f.Fix = "the file may not be read by this user", "give this user the right to read it, and no one else: "+
			"chmod 600"
	default:
		f.Says = "the file cannot be read"
		var pathErr *fs.PathError
		if errors.As(err, &pathErr) {
			f.Says += ": " + pathErr.Err.Error()
		}
	}
	return f
}

// path resolves "~/" and relative names.
func (l Loader) path(name string) (string, error) {
	if rest, ok := strings.CutPrefix(name, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", &hint.Error{Says: "\"~/\" stands for the home folder, and there is none", Fix: "write the whole path",
				Err: err}
		}
		return filepath.Join(home, rest), nil
	}
	if filepath.IsAbs(name) || l.Dir == "" {
		return name, nil
	}
	return filepath.Join(l.Dir, name), nil
}

func (l Loader) readEnv(name string) ([]byte, error) {
	getenv := l.Getenv
	if getenv == nil {
		getenv = os.LookupEnv
	}
	value, ok := getenv(name)
	if !ok {
		return nil, &hint.Error{Says: "the environment variable is not set",
			Fix: "set it and export it: export " + name + "=…"}
	}
	if value == "" {
		return nil, &hint.Error{Says: "the environment variable is empty",
			Fix: "put the key itself in it, not the name of its file"}
	}
	return []byte(value), nil
}

// exposed warns where a secret lies in a file that others may read. Windows
// has no such permissions to see.
func (l Loader) exposed(s Source, what string) []string {
	if s.File == "" || runtime.GOOS == "windows" {
		return nil
	}
	path, err := l.path(s.File)
	if err != nil {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	return []string{fmt.Sprintf("others may read %s: the mode of %s is %04o; run chmod 600 %s", what, s.File,
		info.Mode().Perm(), shellWord(path))}
}

// shellWord writes a path as a shell takes it.
func shellWord(path string) string {
	if strings.ContainsAny(path, " \t\n'\"\\$`&;|<>()*?[]#~!") {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}
