package cli

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"countersign/apiclient"
	"countersign/apiclient/expect"
	"countersign/apiclient/redact"
	"countersign/apiclient/requests"
	"countersign/apiclient/suite"
)

// maxFiles is how many request files are read at once.
const maxFiles = 10_000

// inputRequests is a request file.
var inputRequests = input{"a request file", requests.MaxFile, "put large bodies into separate files: < ./pay.bin"}

// isRequestFile reports whether a name is that of a request file.
func isRequestFile(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".http" || ext == ".rest"
}

// cutRequest splits FILE.http#NAME; ok is false where it is no request file. A
// file whose own name has a # is one all the same.
func cutRequest(arg string) (file, name string, ok bool) {
	if isRequestFile(arg) {
		return arg, "", true
	}
	for i, c := range arg {
		if c == '#' && isRequestFile(arg[:i]) {
			return arg[:i], arg[i+1:], true
		}
	}
	return "", "", false
}

// requestFile reads one request file.
func (a *app) requestFile(name string) (suite.File, error) {
	data, err := a.readFile(name, inputRequests)
	if err != nil {
		return suite.File{}, err
	}
	return suite.File{File: requests.Parse(name, data), Read: requests.Folder(filepath.Dir(name))}, nil
}

// requestFiles reads the request files that arguments name: files, one request of
// a file as FILE.http#NAME, and folders with all below them, in the order of
// their names. only is the NAME.
func (a *app) requestFiles(paths []string) (files []suite.File, only string, err error) {
	var names []string
	for _, path := range paths {
		if file, name, ok := cutRequest(path); ok {
			if name != "" && len(paths) > 1 {
				return nil, "", usage("run them one after the other, or use --only NAME",
					"%s is one request, and there are other arguments", path)
			}
			names, only = append(names, file), name
			continue
		}
		below, err := requestFilesBelow(path)
		if err != nil {
			return nil, "", err
		}
		names = append(names, below...)
	}
	if len(names) > maxFiles {
		return nil, "", usage("name fewer", "there are more than %d request files", maxFiles)
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			continue
		}
		f, err := a.requestFile(name)
		if err != nil {
			return nil, "", err
		}
		files = append(files, f)
	}
	return files, only, nil
}

// requestFilesBelow lists the request files below a folder. Hidden folders are passed
// over, and so is node_modules.
func requestFilesBelow(dir string) ([]string, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, usage("name a request file or a folder of them", "%s cannot be read: %w", dir, reasonOf(err))
	}
	if !info.IsDir() {
		return nil, usage("request files end in .http or .rest", "%s is not a request file", dir)
	}
	var names []string
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != dir && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return filepath.SkipDir
		case d.Type().IsRegular() && isRequestFile(path):
			names = append(names, path)
		}
		if len(names) > maxFiles {
			return fs.SkipAll
		}
		return nil
	})
	if err != nil {
		return nil, failed("check that you may read all of it", "%s cannot be read: %w", dir, reasonOf(err))
	}
	if len(names) == 0 {
		return nil, usage("request files end in .http or .rest", "there is no request file in %s", dir)
	}
	return names, nil
}

// compileExpectations compiles what --expect says; a fault is wrong usage.
func compileExpectations(list []string) ([]*expect.Expectation, error) {
	var all []*expect.Expectation
	for _, source := range list {
		x, err := expect.Compile(source)
		if err != nil {
			return nil, unreadable(fmt.Errorf("--expect: %w", err))
		}
		if names := x.Variables(); len(names) > 0 {
			return nil, usage("write the value itself, or put it into the file: # @expect "+source,
				"--expect takes no variables, such as {{%s}}", names[0])
		}
		all = append(all, x)
	}
	return all, nil
}

// targets returns what sends with a profile: made once for each.
func (a *app) targets(noSave bool) func(ctx context.Context, profile string) (suite.Target, error) {
	type made struct {
		suite.Target
		err error
	}
	var mu sync.Mutex
	known := map[string]made{}
	return func(ctx context.Context, profile string) (suite.Target, error) {
		mu.Lock()
		defer mu.Unlock()
		if t, ok := known[profile]; ok {
			return t.Target, t.err
		}
		t, err := a.target(ctx, profile, noSave)
		known[profile] = made{t, err}
		return t, err
	}
}

// target makes what sends with a profile, "" for the one in use.
func (a *app) target(ctx context.Context, profile string, noSave bool) (suite.Target, error) {
	p, err := a.connectedAs(ctx, profile)
	if err != nil {
		return suite.Target{}, err
	}
	client, err := a.client(p, noSave)
	if err != nil {
		return suite.Target{}, err
	}
	return suite.Target{Client: client, Resolver: a.resolver(p)}, nil
}

// masking masks the secrets of an exchange in what is reported of it; without one, what
// is known by its name.
func (a *app) masking(e *apiclient.Exchange) func(string) string {
	r, err := a.redactor(false)
	if err != nil {
		return func(string) string { return "(not shown: the configuration cannot be read)" }
	}
	masker := sync.OnceValue(func() *redact.Masker {
		m := r.Masker()
		m.Learn(e)
		return m
	})
	return func(s string) string {
		if s == "" {
			return ""
		}
		return masker().Text(s)
	}
}

// tellNotRun says what of the files is not run, since other tools act on it.
func (a *app) tellNotRun(f *requests.File) {
	for _, n := range f.NotRun {
		a.warn(fmt.Sprintf("%s:%d: not run: %s", f.Name, n.Line, n.Says))
	}
}
