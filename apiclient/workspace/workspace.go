package workspace

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/apiclient/requests"
)

// Bounds of a workspace.
const (
	maxFiles  = 10_000
	maxLooked = 200_000   // entries of folders that are looked at
	maxBytes  = 256 << 20 // of all files together
)

// Place says where request files are.
type Place struct {
	Dir string // the folder; "": there is none
	One string // the only file of it that counts, by its path below Dir; "": all
}

// Workspace is the request files of a place. It is safe for concurrent use.
type Workspace struct {
	Place
	mu      sync.Mutex
	last    *Snapshot
	known   map[string]*File
	catalog *catalog.Catalog
}

// Snapshot is how the files stood when they were looked at. It never changes.
type Snapshot struct {
	Files []*File  // by folder, then by name
	Notes []string // what could not be read, and is no file
	// Number grows with each snapshot of a workspace: late ones can be told.
	Number int
}

// File is a request file of a workspace.
type File struct {
	Path           string // below the folder, with slashes
	*requests.File        // its text and requests; empty where it cannot be read
	Faults         []*requests.Error
	ids            map[*requests.Request]string
	info           fs.FileInfo
	settled        bool // it was old enough when it was read to be told from a later one by its time
}

// New returns the workspace of a place. Nothing is read yet.
func New(p Place) *Workspace { return &Workspace{Place: p} }

// Folder names the folder of the file, below that of the workspace; "" for the
// workspace itself.
func (f *File) Folder() string {
	dir := path.Dir(f.Path)
	if dir == "." {
		return ""
	}
	return dir
}

// ID names a request within its file for as long as it keeps its name, or, where
// it has none or shares it, its place.
func (f *File) ID(r *requests.Request) string { return f.ids[r] }

// identify gives each request its ID.
func identify(f *requests.File) map[*requests.Request]string {
	named := map[string]int{}
	for _, r := range f.Requests {
		named[r.Name]++
	}
	ids := make(map[*requests.Request]string, len(f.Requests))
	for i, r := range f.Requests {
		ids[r] = r.Name
		if r.Name == "" || named[r.Name] > 1 {
			ids[r] = fmt.Sprintf("#%d", i+1)
		}
	}
	return ids
}

// Find returns the request of an ID; nil where it is gone.
func (f *File) Find(id string) *requests.Request { return Find(f.File, id) }

// Find returns the request of an ID in a file as it stands by now; nil where it is
// gone.
func Find(f *requests.File, id string) *requests.Request {
	var n int
	if _, err := fmt.Sscanf(id, "#%d", &n); err == nil && n >= 1 && n <= len(f.Requests) && id == fmt.Sprintf("#%d", n) {
		return f.Requests[n-1]
	}
	i := slices.IndexFunc(f.Requests, func(r *requests.Request) bool { return r.Name == id && id != "" })
	if i < 0 {
		return nil
	}
	return f.Requests[i]
}

// Find returns the file of a path; nil where there is none.
func (s *Snapshot) Find(path string) *File {
	if s == nil {
		return nil
	}
	if i := slices.IndexFunc(s.Files, func(f *File) bool { return f.Path == path }); i >= 0 {
		return s.Files[i]
	}
	return nil
}

// Count is how many requests there are.
func (s *Snapshot) Count() int {
	if s == nil {
		return 0
	}
	n := 0
	for _, f := range s.Files {
		n += len(f.Requests)
	}
	return n
}

// Bodies reads the bodies that stand beside a file.
func (w *Workspace) Bodies(file string) requests.ReadFile {
	return requests.Folder(filepath.Join(w.Dir, filepath.FromSlash(path.Dir(file))))
}

// Look reads what has changed since it was looked at last. It reports whether
// anything has. Faults of a file, those against the catalogue too, stand at it.
func (w *Workspace) Look(ctx context.Context, all *catalog.Catalog) (*Snapshot, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := &Snapshot{}
	known := map[string]*File{}
	changed, size := w.last == nil, int64(0)
	now.Notes = w.each(ctx, func(name string, info fs.FileInfo) {
		was := w.known[name]
		f := was
		if size += info.Size(); size > maxBytes {
			f = unread(name, hint.Errorf("open a smaller folder", "it is not read: all files together are larger than %d MB", maxBytes>>20))
		} else if was == nil || !was.same(info) {
			f = w.read(name, info, was)
		}
		if was == nil || f.File != was.File || w.catalog != all {
			checked := *f
			checked.Faults = f.Check(all)
			f, changed = &checked, true
		}
		known[name] = f
		now.Files = append(now.Files, f)
	})
	if ctx.Err() != nil && w.last != nil {
		return w.last, false
	}
	w.known, w.catalog = known, all
	if !changed && len(now.Files) == len(w.last.Files) && slices.Equal(now.Notes, w.last.Notes) {
		return w.last, false
	}
	slices.SortFunc(now.Files, func(a, b *File) int {
		return cmp.Or(cmp.Compare(a.Folder(), b.Folder()), cmp.Compare(a.Path, b.Path))
	})
	if w.last != nil {
		now.Number = w.last.Number + 1
	}
	w.last = now
	return now, true
}

// settles is the age from which a file that is written again has another time: the
// clocks of disks are coarse.
const settles = 2 * time.Second

// same reports whether a file is the one that was read.
func (f *File) same(info fs.FileInfo) bool {
	return f.info != nil && f.settled && os.SameFile(f.info, info) && f.info.Size() == info.Size() &&
		f.info.ModTime().Equal(info.ModTime())
}

// read reads a file; what it said before is not parsed again.
func (w *Workspace) read(name string, info fs.FileInfo, was *File) *File {
	text, err := readFile(w.on(name))
	if err != nil {
		return unread(name, err)
	}
	f := &File{Path: name, info: info, settled: time.Since(info.ModTime()) > settles}
	if was != nil && was.info != nil && bytes.Equal(was.Text, text) {
		f.File, f.Faults, f.ids = was.File, was.Faults, was.ids
		return f
	}
	f.File = requests.Parse(name, text)
	f.ids = identify(f.File)
	return f
}

// unread stands for a file that cannot be read.
func unread(name string, err error) *File {
	f := requests.Parse(name, nil)
	f.Faults = []*requests.Error{{File: name, Says: reason(err), Fix: hint.Fix(hint.Of(err)), Err: err}}
	return &File{Path: name, File: f}
}

// reason is an error of the file system without the path, which is said already.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// on is the place of a file on the disk.
func (w *Workspace) on(name string) string { return filepath.Join(w.Dir, filepath.FromSlash(name)) }

// readFile reads a file, and a little more of one that is too large.
func readFile(name string) ([]byte, error) {
	file, err := os.Open(name) //nolint:gosec // a path below the folder that the person has named
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	return io.ReadAll(io.LimitReader(file, requests.MaxFile+1))
}

// each goes over the request files, and returns what is worth saying of them.
func (w *Workspace) each(ctx context.Context, do func(name string, info fs.FileInfo)) (notes []string) {
	switch {
	case w.Dir == "":
		return nil
	case w.One != "":
		info, err := os.Stat(w.on(w.One))
		if err != nil {
			return []string{w.One + ": " + reason(err)}
		}
		do(w.One, info)
		return nil
	}
	files, looked := 0, 0
	err := filepath.WalkDir(w.Dir, func(at string, d fs.DirEntry, err error) error {
		looked++
		name, _ := filepath.Rel(w.Dir, at)
		name = filepath.ToSlash(name)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && name == "." && errors.Is(err, fs.ErrNotExist):
			return fs.SkipAll // the first request that is saved makes it
		case err != nil:
			notes = append(notes, name+": "+reason(err))
			return nil
		case d.IsDir() && name != "." && passedOver(d.Name()):
			return fs.SkipDir
		case looked > maxLooked || files == maxFiles:
			notes = append(notes, fmt.Sprintf("%s has more than %d request files, or %d of others: the rest is not read", w.Dir,
				maxFiles, maxLooked))
			return fs.SkipAll
		case d.IsDir() || !isRequestFile(name):
			return nil
		}
		info, err := d.Info()
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			info, err = os.Stat(at)
		}
		if err == nil && info.Mode().IsRegular() { // else it went meanwhile
			files++
			do(name, info)
		}
		return nil
	})
	if err != nil && ctx.Err() == nil {
		notes = append(notes, reason(err))
	}
	return notes
}

// passedOver reports whether a folder has no requests of the team's own.
func passedOver(name string) bool { return strings.HasPrefix(name, ".") || name == "node_modules" }

func isRequestFile(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return (ext == ".http" || ext == ".rest") && !strings.HasPrefix(path.Base(name), ".")
}
