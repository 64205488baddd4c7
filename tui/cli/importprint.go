package cli

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"countersign/apiclient/english"
	"countersign/apiclient/importing"
)

// printImport prints what was written, or would be.
func (a *app) printImport(plan importing.Plan, dir, profile string, written bool) error {
	var b strings.Builder
	count := 0
	for _, f := range plan.Files {
		fmt.Fprintf(&b, "%s%s\n", filepath.Join(dir, filepath.FromSlash(f.Path)), stateOf(f, written))
		for _, r := range f.Requests {
			count++
			endpoint := ""
			if r.Endpoint != "" {
				endpoint = " · " + r.Endpoint
			}
			fmt.Fprintf(&b, "  %s · %s %s%s\n", r.Name, r.Method, r.Target, endpoint)
			if len(r.Dropped) > 0 {
				fmt.Fprintf(&b, "    left out, made again for each request: %s\n", strings.Join(r.Dropped, ", "))
			}
			for _, n := range r.Notes {
				fmt.Fprintf(&b, "    %s\n", n)
			}
		}
		for _, body := range f.Bodies {
			fmt.Fprintf(&b, "  body of %s: %s\n", english.Count(len(body.Data), "byte"), body.Name)
		}
	}
	if len(plan.NotTaken) > 0 {
		b.WriteString("\nNot taken:\n")
	}
	for _, n := range plan.NotTaken {
		fmt.Fprintf(&b, "  %s\n", notTaken(n))
	}
	if snippet := plan.Config(profile); snippet != "" {
		fmt.Fprintf(&b, "\nFor the configuration:\n\n%s", snippet)
	}
	if len(plan.Secrets) > 0 {
		b.WriteString("\nTo be set in the environment, since they are secret:\n")
	}
	for _, s := range plan.Secrets {
		fmt.Fprintf(&b, "  %s, for %s\n", s.Name, s.For)
	}
	told := english.Count(count, "request") + " in " + english.Count(len(plan.Files), "file")
	switch {
	case len(plan.Files) == 0:
		told = "There are only variables: no file is written"
	case written:
		told += ": written"
	default:
		told += ": nothing is written yet; --write writes them"
	}
	fmt.Fprintf(&b, "\n%s\n", told)
	if !a.flags.json { // whose document has them
		a.warnAll(plan.Notes)
	}
	var out printer
	out.lines("", b.String())
	return a.tell(importDocument(plan, dir, profile, written), &out)
}

// stateOf says what is special about the path of a file.
func stateOf(f importing.File, written bool) string {
	switch {
	case f.There:
		return " (there already, the same)"
	case f.Instead != "" && written:
		return fmt.Sprintf(" (%s is another file)", f.Instead)
	case f.Instead != "":
		return fmt.Sprintf(" (%s is another file, and stays)", f.Instead)
	}
	return ""
}

func notTaken(n importing.NotTaken) string {
	text := fmt.Sprintf("%s: %s (%s)", cmp.Or(n.Request, n.Source), n.What, english.Count(n.Lines, "line"))
	if n.Signs {
		text += "; it signs, which is done here for each request"
	}
	return text
}

// importDocument is the plan as JSON.
func importDocument(plan importing.Plan, dir, profile string, written bool) any {
	type request struct {
		Name     string   `json:"name"`
		Method   string   `json:"method"`
		Target   string   `json:"target"`
		Endpoint string   `json:"endpoint,omitempty"`
		Dropped  []string `json:"dropped"`
		Notes    []string `json:"notes"`
	}
	type file struct {
		File     string    `json:"file"`
		Source   string    `json:"source"`
		There    bool      `json:"there"`
		Instead  string    `json:"insteadOf,omitempty"`
		Bodies   []string  `json:"bodies"`
		Requests []request `json:"requests"`
	}
	type script struct {
		Source  string `json:"source"`
		Request string `json:"request,omitempty"`
		What    string `json:"what"`
		Lines   int    `json:"lines"`
		Signs   bool   `json:"signs"`
	}
	doc := struct {
		Into     string            `json:"into"`
		Written  bool              `json:"written"`
		Files    []file            `json:"files"`
		NotTaken []script          `json:"notTaken"`
		Vars     map[string]string `json:"vars"`
		Secrets  map[string]string `json:"secrets"`
		Config   string            `json:"config"`
		Notes    []string          `json:"notes"`
	}{Into: dir, Written: written, Files: []file{}, NotTaken: []script{}, Vars: map[string]string{},
		Secrets: map[string]string{}, Config: plan.Config(profile), Notes: append([]string{}, plan.Notes...)}
	for _, f := range plan.Files {
		out := file{File: f.Path, Source: f.Source, There: f.There, Instead: f.Instead, Bodies: []string{},
			Requests: []request{}}
		for _, b := range f.Bodies {
			out.Bodies = append(out.Bodies, b.Name)
		}
		for _, r := range f.Requests {
			out.Requests = append(out.Requests, request{r.Name, r.Method, r.Target, r.Endpoint,
				append([]string{}, r.Dropped...), append([]string{}, r.Notes...)})
		}
		doc.Files = append(doc.Files, out)
	}
	for _, n := range plan.NotTaken {
		doc.NotTaken = append(doc.NotTaken, script(n))
	}
	for _, v := range plan.Profile {
		doc.Vars[v.Name] = v.Value
	}
	for _, s := range plan.Secrets {
		doc.Secrets[s.Name] = s.For
	}
	return doc
}
