package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"countersign/apiclient/english"
	"countersign/apiclient/hint"
	"countersign/apiclient/importing"
	"countersign/apiclient/requests"
	"countersign/tui/cli/config"
)

type importOptions struct {
	into, match string
	write       bool
}

func (a *app) importCommand() *cobra.Command {
	var o importOptions
	cmd := &cobra.Command{
		Use: "import FILE…", Short: "Turn curl, HAR, Postman, Bruno, OpenAPI into request files",
		Args: args(1, maxImported, "at least one FILE"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.importFiles(cmd.Context(), args, o) },
	}
	cmd.Flags().StringVar(&o.into, "into", "", "write below this `DIR`; without it, below requests of the configuration")
	cmd.Flags().StringVar(&o.match, "match", "", "only requests with this `TEXT` in name, method or URL")
	cmd.Flags().BoolVar(&o.write, "write", false, "write the files")
	return cmd
}

// maxImported is how many files are imported at once.
const maxImported = 10_000

func (a *app) importFiles(ctx context.Context, names []string, o importOptions) error {
	dir, err := a.importInto(o.into)
	if err != nil {
		return err
	}
	sources, err := a.importSources(names)
	if err != nil {
		return err
	}
	p, err := a.verifier(ctx, true)
	if err != nil {
		return err
	}
	name, _, err := a.profileName()
	if err != nil {
		return err
	}
	p.Name = name
	c, err := a.config()
	if err != nil {
		return err
	}
	all, err := a.catalog()
	if err != nil {
		return err
	}
	plan, err := importing.Make(ctx, sources, importing.Options{
		Profile: p, Catalog: all, Redactor: c.Redact, Match: o.match, Read: requests.Folder(dir),
		InFiles: name == config.Sandbox,
	})
	if err != nil {
		return unreadable(err)
	}
	if name == config.Sandbox {
		name = "local" // the built-in profile cannot be defined
	}
	if o.write {
		if written, err := plan.Write(dir); err != nil {
			return failed(hint.Of(err), "%w; %s written before that", err, english.Count(len(written), "file"))
		}
	}
	return a.printImport(plan, dir, name, o.write)
}

// importInto is the folder that request files go to.
func (a *app) importInto(into string) (string, error) {
	c, err := a.config()
	switch {
	case err != nil:
		return "", err
	case into != "":
		return into, nil
	case c.Requests != "":
		return relative(c.Requests), nil
	}
	return "requests", nil
}

// relative is a path as it is told: from the working folder, where it is below it.
func relative(name string) string {
	here, err := os.Getwd()
	if err != nil {
		return name
	}
	if below, err := filepath.Rel(here, name); err == nil && filepath.IsLocal(below) {
		return below
	}
	return name
}

// importSources reads the files that are imported, those of folders too.
func (a *app) importSources(names []string) ([]importing.Source, error) {
	var all []importing.Source
	size := 0
	add := func(name string, folders []string) error {
		data, err := a.readFile(name, inputEvidence)
		if err != nil {
			return err
		}
		if size += len(data); size > inputEvidence.limit {
			return usage("import fewer at once", "the files are larger than %d MB together", inputEvidence.limit>>20)
		}
		s := importing.Source{Name: name, Folders: folders, Data: data}
		if name == "-" {
			s.Name = "stdin"
		} else {
			s.Read = requests.Folder(filepath.Dir(name))
		}
		all = append(all, s)
		return nil
	}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil || !info.IsDir() {
			if err := add(name, nil); err != nil {
				return nil, err
			}
			continue
		}
		if err := importFolder(name, add); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// importable are the endings of files that are looked for in a folder.
var importable = map[string]bool{".bru": true, ".json": true, ".har": true, ".http": true, ".rest": true,
	".yaml": true, ".yml": true,
	".sh": true, ".curl": true, ".txt": true}

// importFolder reads the files below a folder.
func importFolder(dir string, add func(name string, folders []string) error) error {
	found := 0
	err := filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && at != dir && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return filepath.SkipDir
		case !d.Type().IsRegular() || !importable[strings.ToLower(filepath.Ext(at))], ofBruno[d.Name()]:
			return nil
		}
		if found++; found > maxImported {
			return usage("import fewer at once", "%s has more than %d files", dir, maxImported)
		}
		below, err := filepath.Rel(dir, filepath.Dir(at))
		if err != nil {
			return err
		}
		var folders []string
		if below = filepath.ToSlash(below); below != "." && path.Base(below) != "environments" {
			folders = strings.Split(below, "/")
		}
		return add(at, folders)
	})
	var coded *codeError
	if err != nil && !errors.As(err, &coded) {
		return usage("check that you may read all of it", "%s cannot be read: %w", dir, reasonOf(err))
	}
	if err == nil && found == 0 {
		return usage("name the files themselves", "there is nothing to import in %s", dir)
	}
	return err
}

// ofBruno are files of a collection of Bruno that are about all of it.
var ofBruno = map[string]bool{"bruno.json": true, "package.json": true, "package-lock.json": true}
