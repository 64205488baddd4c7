package workspace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"countersign/apiclient/files"
	"countersign/apiclient/hint"
	"countersign/apiclient/requests"
)

// Edit says what is to become of a file, as it stands on the disk now; one that is
// not there is empty. An error leaves it.
type Edit func(f *requests.File, read requests.ReadFile) (requests.Change, error)

// Path returns the path of a request file as a person may write it: below the
// folder, and with an ending.
func (w *Workspace) Path(name string) (string, error) {
	name = path.Clean(filepath.ToSlash(strings.TrimSpace(name)))
	if !isRequestFile(name) {
		name += ".http"
	}
	const fix = "write it like payments/pay.http"
	switch {
	case w.Dir == "":
		return "", hint.Errorf(`set requests = "requests" in the configuration, or start with countersign DIR`,
			"there is no folder of request files")
	case !filepath.IsLocal(filepath.FromSlash(name)) || path.Base(name) == ".http" || !isRequestFile(name):
		return "", hint.Errorf(fix, "%q is no path below %s", name, w.Dir)
	case w.One != "" && name != w.One:
		return "", hint.Errorf("save it there under another name, or start with countersign "+w.Dir,
			"only %s is open, not its folder", w.One)
	}
	for _, step := range strings.Split(path.Dir(name), "/") {
		if step != "." && passedOver(step) {
			return "", hint.Errorf(fix, "the folder %s is passed over when request files are read", step)
		}
	}
	return name, nil
}

// Edit changes a file, or makes it, and returns it as it stands then. Where it
// changes meanwhile, edit is asked again. The file keeps its mode, and everything
// that edit keeps.
func (w *Workspace) Edit(ctx context.Context, name string, edit Edit) (*requests.File, error) {
	name, err := w.Path(name)
	if err != nil {
		return nil, err
	}
	at := w.on(name)
	if real, err := filepath.EvalSymlinks(at); err == nil {
		at = real // the link stays
	}
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil { //nolint:gosec // a folder of sources
		return nil, failed(name, err)
	}
	unlock, err := lock(ctx, at)
	if err != nil {
		return nil, failed(name, err)
	}
	defer unlock()
	for range 10 {
		before, mode, err := current(at)
		if err != nil {
			return nil, failed(name, err)
		}
		f := requests.Parse(name, before)
		if len(before) > requests.MaxFile {
			return nil, f.Err()
		}
		change, err := edit(f, w.Bodies(name))
		if err != nil {
			return nil, err
		}
		if bytes.Equal(change.Text, before) && len(change.Bodies) == 0 && before != nil {
			return f, nil
		}
		for _, b := range change.Bodies {
			if err := w.writeBody(name, b); err != nil {
				return nil, err
			}
		}
		if now, _, err := current(at); err != nil || !bytes.Equal(now, before) {
			continue
		}
		if err := files.Replace(at, change.Text, mode); err != nil {
			return nil, failed(name, err)
		}
		return requests.Parse(name, change.Text), nil
	}
	return nil, &hint.Error{Says: name + " changes all the time", Fix: "save again when nothing writes to it"}
}

// Remove removes a file that holds a text. One that has changed since stays.
func (w *Workspace) Remove(ctx context.Context, name string, text []byte) error {
	unlock, err := lock(ctx, w.on(name))
	if err != nil {
		return failed(name, err)
	}
	defer unlock()
	now, _, err := current(w.on(name))
	switch {
	case err != nil:
		return failed(name, err)
	case now == nil:
		return nil
	case !bytes.Equal(now, text):
		return &hint.Error{Says: name + " has changed since it was read: it stays", Fix: "look at it, then delete it again"}
	}
	return failed(name, os.Remove(w.on(name)))
}

// Move gives a file another path. A file that is there already stays.
func (w *Workspace) Move(ctx context.Context, from, to string) (string, error) {
	to, err := w.Path(to)
	if err != nil || to == from {
		return to, err
	}
	text, _, err := current(w.on(from))
	if err != nil {
		return to, failed(from, err)
	}
	for _, r := range requests.Parse(from, text).Requests {
		if r.Body.File != "" && path.Dir(from) != path.Dir(to) {
			return to, hint.Errorf("give it a name in the same folder",
				"%s has a body in a file beside it, %s, which would stay behind", from, r.Body.File)
		}
	}
	if err := os.MkdirAll(filepath.Dir(w.on(to)), 0o755); err != nil { //nolint:gosec // a folder of sources
		return to, failed(to, err)
	}
	unlock, err := lock(ctx, w.on(to))
	if err != nil {
		return to, failed(to, err)
	}
	defer unlock()
	if _, err := os.Lstat(w.on(to)); err == nil {
		return to, &hint.Error{Says: "there is " + to + " already", Fix: "choose another name"}
	}
	return to, failed(from, os.Rename(w.on(from), w.on(to)))
}

// failed explains why a file could not be written.
func failed(name string, err error) error {
	if err == nil {
		return nil
	}
	return &hint.Error{Says: name + " cannot be written: " + reason(err), Fix: "look at the folder and its rights", Err: err}
}

// newFile is the mode of a file that there was not: like other sources.
const newFile = 0o644

// current reads a file as it stands; one that is not there is nil.
func current(at string) ([]byte, fs.FileMode, error) {
	info, err := os.Stat(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, newFile, nil
	}
	if err != nil {
		return nil, 0, err
	}
	text, err := readFile(at)
	if text == nil {
		text = []byte{}
	}
	return text, info.Mode().Perm(), err
}

// writeBody writes a body beside a request file.
func (w *Workspace) writeBody(file string, b requests.BodyFile) error {
	name := path.Join(path.Dir(file), filepath.ToSlash(b.Name))
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return &hint.Error{Says: fmt.Sprintf("the body file %s is not below %s", b.Name, w.Dir), Fix: "put it beside the request file"}
	}
	at := w.on(name)
	if real, err := filepath.EvalSymlinks(at); err == nil && real != at {
		root, err := filepath.EvalSymlinks(w.Dir)
		if rel, relErr := filepath.Rel(root, real); err != nil || relErr != nil || !filepath.IsLocal(rel) {
			return &hint.Error{Says: fmt.Sprintf("the body file %s leads out of %s", b.Name, w.Dir), Fix: "put it beside the request file"}
		}
		at = real
	}
	before, mode, err := current(at)
	if err != nil {
		return failed(name, err)
	}
	if before != nil && bytes.Equal(before, b.Data) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil { //nolint:gosec // a folder of sources
		return failed(name, err)
	}
	return failed(name, files.Replace(at, b.Data, mode))
}

// Bounds of a lock.
const (
	lockWait  = 20 * time.Millisecond
	lockStale = 10 * time.Second // a process that held it so long has crashed
)

// lock keeps other programs like this one from a file while it is changed.
func lock(ctx context.Context, at string) (unlock func(), err error) {
	name := filepath.Join(filepath.Dir(at), "."+filepath.Base(at)+".lock")
	for {
		file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // beside the file
		if err == nil {
			own, err := file.Stat()
			_ = file.Close() // nothing was written
			return func() { removeLock(name, own) }, err
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > lockStale {
			removeLock(name, info)
			continue
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lockWait):
		}
	}
}

// removeLock removes a lock if it is still the one that was seen: another program may
// have taken over since. Only one can move the same file away, so it is moved first and then
// looked at (a number of a file comes back soon, so by its time too); what is another's
// goes back.
func removeLock(name string, seen fs.FileInfo) {
	aside := fmt.Sprintf("%s.%d", name, lockNumber.Add(1)+int64(os.Getpid())<<20)
	if err := os.Rename(name, aside); err != nil {
		return // it is gone
	}
	if is, err := os.Stat(aside); err == nil && !(os.SameFile(is, seen) && is.ModTime().Equal(seen.ModTime())) {
		_ = os.Link(aside, name) // fails where the next one holds it already
	}
	_ = os.Remove(aside)
}

var lockNumber atomic.Int64
