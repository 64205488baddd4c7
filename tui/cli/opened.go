package cli

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"countersign/apiclient/workspace"
	"countersign/tui/cli/config"
)

// opened is what the explorer was started for: a folder, or a request file.
type opened struct {
	dir  string // the folder, or that of the file; absolute
	file string // the file's name; "" for a folder
	name string // of a request in it; "": none
}

// explorerArgs takes a folder or a request file. Anything else is taken for a
// command that there is not.
func explorerArgs(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return noSubcommand(cmd, args)
	}
	if _, _, ok := cutRequest(args[0]); ok {
		return nil
	}
	if info, err := os.Stat(args[0]); err == nil && info.IsDir() {
		return nil
	}
	return noSubcommand(cmd, args)
}

// open looks at what the explorer was started for. The project is that of its
// folder.
func (a *app) open(args []string) error {
	if len(args) == 0 {
		return nil
	}
	file, name, isFile := cutRequest(args[0])
	if !isFile {
		file = args[0]
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	info, err := os.Stat(abs)
	if err != nil {
		return usage("name a request file or a folder of them", "%s cannot be read: %w", file, reasonOf(err))
	}
	a.opened = opened{dir: abs}
	if !info.IsDir() {
		a.opened = opened{filepath.Dir(abs), filepath.Base(abs), name}
	}
	return nil
}

// requestPlace is where the explorer finds request files: those that it was
// started for, else those of the configuration. A folder that the project of the
// first names, and that is around or below it, is meant by it.
func (a *app) requestPlace(c *config.Config) workspace.Place {
	o := a.opened
	switch {
	case o.dir == "", o.file != "" && below(c.Requests, filepath.Join(o.dir, o.file)) != "",
		o.file == "" && c.Requests != "" && (o.dir == c.Requests || below(o.dir, c.Requests) != ""):
		return workspace.Place{Dir: c.Requests}
	}
	return workspace.Place{Dir: o.dir, One: o.file}
}

// openAt is what is opened first, below the place of request files.
func (a *app) openAt(at workspace.Place) string {
	switch o := a.opened; {
	case o.dir == "":
		return ""
	case o.file == "":
		return "."
	default:
		path := filepath.ToSlash(below(at.Dir, filepath.Join(o.dir, o.file)))
		if o.name != "" {
			path += "#" + o.name
		}
		return path
	}
}

// below is the path of a file below a folder; "" where it is not below it.
func below(dir, file string) string {
	rel, err := filepath.Rel(dir, file)
	if dir == "" || err != nil || rel == "." || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return ""
	}
	return rel
}
