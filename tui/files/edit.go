package files

import (
	"context"
	"fmt"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
	"countersign/apiclient/requests"
	"countersign/apiclient/workspace"
)

// conflict is the error for a request that somebody else has changed, too.
type conflict struct {
	Filed  Filed
	Mine   apiclient.Draft
	Theirs *apiclient.Draft // nil: it is gone
}

func (c *conflict) Error() string { return c.Filed.Title() + " was changed by somebody else" }

// put writes mine into its place in its file, and returns the draft that the file
// has then, and what a file cannot say of mine. What somebody else has changed there
// since is a conflict, unless it is what over says and anyway is set.
func put(ctx context.Context, w *workspace.Workspace, names apiclient.HeaderNames, f Filed, mine apiclient.Draft,
	over *apiclient.Draft, anyway bool) (saved apiclient.Draft, lost []string, err error) {
	if err = noKeyIn(mine, "not saved"); err != nil {
		return saved, nil, err
	}
	_, err = w.Edit(ctx, f.Path, func(file *requests.File, read requests.ReadFile) (requests.Change, error) {
		r := workspace.Find(file, f.ID)
		was := requests.Content{Name: nameFor(f.ID)}
		var theirs *apiclient.Draft
		if r != nil {
			c, err := file.Content(r, read)
			if err != nil {
				c.Body = f.Base.Body // its file is gone: it is written again
			}
			d := c.Draft(names)
			was, theirs = c, &d
		}
		free := theirs != nil && (Same(*theirs, f.Base) || Same(*theirs, mine)) ||
			anyway && (theirs == nil) == (over == nil) && (theirs == nil || Same(*theirs, *over))
		if !free {
			return requests.Change{}, &conflict{f, mine, theirs}
		}
		var c requests.Content
		c, lost = was.With(mine, names)
		saved = c.Draft(names)
		if r == nil {
			return file.Add(nil, c, read)
		}
		return file.Put(r, c, read)
	})
	return saved, lost, err
}

// add writes mine as a further request of a file, of an endpoint ("": none), and
// returns the draft that the file has then, and what a file cannot say of mine.
func add(ctx context.Context, w *workspace.Workspace, names apiclient.HeaderNames, at Place, endpoint string,
	mine apiclient.Draft) (saved apiclient.Draft, lost []string, err error) {
	if err = noKeyIn(mine, "not saved"); err != nil {
		return saved, nil, err
	}
	_, err = w.Edit(ctx, at.Path, func(file *requests.File, read requests.ReadFile) (requests.Change, error) {
		if workspace.Find(file, at.ID) != nil {
			return requests.Change{}, &hint.Error{Says: at.Path + " has a request " + at.ID + " already",
				Fix: "choose another name"}
		}
		c := requests.Content{Name: at.ID}
		if endpoint != "" {
			c.Directives = []requests.Setting{{Name: "endpoint", Value: endpoint}}
		}
		d := mine
		if strings.HasPrefix(d.Target, "/") {
			d.Target = file.Prefix() + d.Target
		}
		c, lost = c.With(d, names)
		saved = c.Draft(names)
		return file.Add(nil, c, read)
	})
	return saved, lost, err
}

// noKeyIn refuses a draft that holds a private key; what says what is not done.
func noKeyIn(d apiclient.Draft, what string) error {
	texts := [][]byte{d.Body, []byte(d.Target)}
	for _, f := range d.Header {
		texts = append(texts, []byte(f.Value))
	}
	for _, text := range texts {
		if key := keys.PrivateIn(text); key != "" {
			return &hint.Error{Says: what + ": it holds " + key, Fix: "put a variable in its place, such as {{env.KEY}}"}
		}
	}
	return nil
}

// nameFor is the name that an ID stands for; "" where it is a number.
func nameFor(id string) string {
	if strings.HasPrefix(id, "#") {
		return ""
	}
	return id
}

// freeName is a name like the one that is wanted, that nothing has yet.
func freeName(want string, taken func(string) bool) string {
	name := want
	for n := 2; taken(name); n++ {
		name = fmt.Sprintf("%s %d", want, n)
	}
	return name
}

// savedWords says that a request is saved, but for what is lost.
func savedWords(at Place, lost []string) string {
	says := "Saved in " + at.Path + ": " + at.ID
	if len(lost) > 0 {
		says += "; a file cannot say " + strings.Join(lost, ", ")
	}
	return says
}
