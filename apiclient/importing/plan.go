// Package importing turns what people have of other clients into request files: curl
// commands, HAR files, collections of Postman, Bruno and Insomnia, examples of
// OpenAPI documents, request files of others.
//
// A Plan says what would be written, and what of it is not as it was: what is made
// again for each request (signature, time), what becomes another variable, what is
// not taken. Nothing is overwritten.
package importing

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/evidence"
	"countersign/apiclient/hint"
	"countersign/apiclient/redact"
	"countersign/apiclient/requests"
)

// Source is a file that is imported.
type Source struct {
	Name    string   // as errors name it
	Folders []string // that its requests go to: those that it stands in, below what was named
	Data    []byte
	// Read opens a file that it names, relative to its own folder; nil: none.
	Read func(name string) ([]byte, error)
}

// Options hold what an import depends on besides its sources.
type Options struct {
	Profile  apiclient.Profile // that the requests are to be sent with
	Catalog  *catalog.Catalog
	Redactor redact.Redactor
	// InFiles says that the profile has no place for variables: those of environments
	// become variables of the files that use them.
	InFiles bool
	Match   string // only requests with this text in name, method or URL; case does not matter
	// Read returns what stands in the target folder; fs.ErrNotExist: nothing. nil: it
	// is empty.
	Read func(name string) ([]byte, error)
}

// Plan is what is to be written.
type Plan struct {
	Files    []File
	Profile  []Variable // for the profile's vars
	Secrets  []Secret   // to be set in the environment
	Catalogs []string   // documents that the configuration has to name
	NotTaken []NotTaken
	Notes    []string
}

// File is a request file with its bodies.
type File struct {
	Path     string // below the target folder, with slashes
	Source   string
	Text     []byte
	Bodies   []requests.BodyFile
	Requests []Request
	There    bool   // it is there already as it would be written
	Instead  string // the path that was taken by another file; "": none
}

// Request is a request of a file, and what became of it.
type Request struct {
	Name, Method, Target string
	Endpoint             string   // ID of the catalogue; "": none
	Dropped              []string // headers that are made again when it is sent
	Notes                []string // what is not as it was
}

// Variable is a variable of a profile.
type Variable struct{ Name, Value string }

// Secret is a variable of the environment.
type Secret struct{ Name, For string }

// NotTaken is a script that stays behind.
type NotTaken struct {
	Source, Request string // Request is "" where it is for several
	What            string // "a script before the request"
	Lines           int
	Signs           bool // it signs, which is done here for each request
}

// ErrNothing is in the error for sources without a request that is wanted.
var ErrNothing = errors.New("nothing to import")

// planner makes a plan.
type planner struct {
	Options
	plan   Plan
	taken  map[string]bool // paths of this plan, in lower case
	number map[string]int  // of the next file with a path
	values *values

	listed    map[NotTaken]bool
	setBy     map[string]string // variables that scripts of a collection set, to the request of the script
	missing   []missingIn
	ofProfile map[string]bool // variables of environments that requests use
}

// Make plans an import. What cannot be read is an error where there is nothing else,
// and a note otherwise.
func Make(ctx context.Context, sources []Source, o Options) (Plan, error) {
	p := &planner{Options: o, taken: map[string]bool{}, number: map[string]int{}, ofProfile: map[string]bool{},
		listed: map[NotTaken]bool{}, setBy: map[string]string{}}
	reader := evidence.Reader{Names: o.Profile.HeaderNames}
	read := make([]*evidence.Collection, len(sources))
	var first error
	var environments []evidence.Variable
	for i, s := range sources {
		if err := ctx.Err(); err != nil {
			return Plan{}, err
		}
		if isRequestFile(s.Name) || isOpenAPI(s.Data) {
			continue
		}
		reader.ReadFile = s.Read
		c, err := reader.Collection(s.Data)
		if err != nil {
			first = p.failed(first, s, err)
			continue
		}
		read[i] = &c
		if c.Environment {
			environments = append(environments, c.Variables...)
		}
		for _, n := range c.Notes {
			p.note("%s: %s", s.Name, n)
		}
	}
	for i, s := range sources {
		if err := ctx.Err(); err != nil {
			return Plan{}, err
		}
		var err error
		switch {
		case isRequestFile(s.Name):
			err = p.requestFile(s)
		case isOpenAPI(s.Data):
			err = p.openAPI(ctx, s)
		case read[i] != nil && read[i].Kind == evidence.HTTPFile:
			err = p.requestFile(s)
		case read[i] != nil && !read[i].Environment:
			p.values = newValues(environments, read[i].Variables)
			if p.InFiles {
				p.values = newValues(nil, append(slices.Clone(environments), read[i].Variables...))
			}
			err = p.collection(ctx, s, *read[i])
		}
		if err != nil {
			first = p.failed(first, s, err)
		}
	}
	p.tellMissing()
	p.settings(environments)
	switch {
	case len(p.plan.Files) > 0 || len(p.plan.Profile) > 0 && first == nil:
		return p.plan, nil
	case first != nil:
		return Plan{}, first
	case o.Match != "":
		return Plan{}, &hint.Error{Says: fmt.Sprintf("no request has %q in its name, method or URL", o.Match),
			Fix: "leave --match out to see all of them", Err: ErrNothing}
	}
	return Plan{}, &hint.Error{Says: "there is no request to import", Fix: "give a file with requests", Err: ErrNothing}
}

func (p *planner) failed(first error, s Source, err error) error {
	p.note("%s is left out: %s", s.Name, hint.Sentence(err))
	if first == nil {
		first = fmt.Errorf("%s: %w", s.Name, err)
	}
	return first
}

// maxNotes bounds what is told of an import.
const maxNotes = 200

func (p *planner) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); len(p.plan.Notes) < maxNotes && !slices.Contains(p.plan.Notes, text) {
		p.plan.Notes = append(p.plan.Notes, text)
	}
}

// wanted reports whether a request is one of those to be imported.
func (p *planner) wanted(texts ...string) bool {
	return p.Match == "" || strings.Contains(strings.ToLower(strings.Join(texts, " ")), strings.ToLower(p.Match))
}

func isRequestFile(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".http" || ext == ".rest"
}
