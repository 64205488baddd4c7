// Package export writes an exchange for other programs and other people: commands,
// archives, collections, request files, and programs that sign. What is secret in
// it is masked unless it is asked for; in what is to be sent, it is taken from the
// environment instead.
package export

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/english"
	"countersign/apiclient/hint"
	"countersign/apiclient/redact"
)

// Input is what is exported.
type Input struct {
	Exchange apiclient.Exchange
	Profile  apiclient.Profile // by its rule programs sign; its keys are not looked at
	Redactor redact.Redactor   // redact.Reveal() for the very bytes
	Report   *diagnose.Report  // why a signature does not verify; nil where nobody asked
}

// Output is one exchange in one form.
type Output struct {
	Data  []byte
	Notes []string // what is masked, where it is taken from, and what the form cannot hold
}

// Format is a form of exchanges.
type Format struct {
	Name  string // "curl"
	Title string // "curl for bash and zsh"
	Ext   string // of a file: ".sh"
	// Sends: the form is to be sent. What is masked is taken from the environment.
	Sends bool
	write func(j *job) ([]byte, error)
}

// Formats lists the forms in the order in which a person chooses.
func Formats() []Format {
	return []Format{
		{"curl", "curl, for bash and zsh", ".sh", true, (*job).curl},
		{"curl-cmd", "curl, for Windows cmd", ".txt", true, (*job).curlCMD},
		{"powershell", "Invoke-WebRequest, for PowerShell", ".ps1", true, (*job).powerShell},
		{"http", "raw HTTP messages", ".txt", false, (*job).raw},
		{"httpfile", "request file, .http", ".http", true, (*job).httpFile},
		{"har", "HTTP archive 1.2, for browser tools", ".har", false, (*job).har},
		{"json", "Countersign's JSON, as history export writes it", ".json", false, (*job).json},
		{"postman", "Postman collection that signs", ".postman_collection.json", true, (*job).postman},
		{"markdown", "Markdown, for a ticket or a chat", ".md", false, (*job).markdown},
		{"go", "a Go program that signs", ".go", true, program("go")},
		{"java", "a Java program that signs", ".java", true, program("java")},
		{"node", "a Node program that signs", ".mjs", true, program("node")},
		{"python", "a Python program that signs", ".py", true, program("python")},
		{"php", "a PHP program that signs", ".php", true, program("php")},
		{"csharp", "a C# program that signs", ".cs", true, program("csharp")},
	}
}

// aliases are other names of formats.
var aliases = map[string]string{
	"bash": "curl", "sh": "curl", "cmd": "curl-cmd", "curl-powershell": "powershell", "curl-bash": "curl", "raw": "http",
	".http": "httpfile", "md": "markdown", "javascript": "node", "js": "node", "c#": "csharp", "cs": "csharp", "golang": "go",
}

// FormatNamed returns a form by its name; its error has a hint.
func FormatNamed(name string) (Format, error) {
	name = strings.ToLower(name)
	name = cmp.Or(aliases[name], name)
	all := Formats()
	if i := slices.IndexFunc(all, func(f Format) bool { return f.Name == name }); i >= 0 {
		return all[i], nil
	}
	var names []string
	for _, f := range all {
		names = append(names, f.Name)
	}
	fix := "the formats are " + strings.Join(names, ", ")
	if near := english.Nearest(name, names); near != "" {
		fix = fmt.Sprintf("did you mean %s? %s", near, fix)
	}
	return Format{}, hint.Errorf(fix, "there is no format %q", name)
}

// job is one export.
type job struct {
	Input // as it is
	e     apiclient.Exchange
	m     *redact.Masker
	vars  []redact.Value // what the form takes from the environment
	notes []string
}

// Write writes an exchange in this form. An error has a hint: not every form can
// hold every body.
func (f Format) Write(in Input) (Output, error) {
	j := &job{Input: in, m: in.Redactor.Masker()}
	if f.Sends {
		j.m = in.Redactor.Placeholders()
	}
	j.e = j.m.Exchange(in.Exchange)
	if in.Report != nil {
		masked := in.Report.Masked(func(b []byte) []byte { return j.m.Signed(b, in.Exchange.Request.Body) })
		j.Report = &masked
	}
	if f.Sends {
		j.vars = j.sent()
	}
	data, err := f.write(j)
	if says := j.says(); says != "" {
		j.notes = append([]string{says}, j.notes...)
	}
	return Output{data, j.notes}, err
}

// sent returns the masked values that stand in the request.
func (j *job) sent() []redact.Value {
	var list []redact.Value
	whole := slices.Concat([]byte(j.e.URL+"\n"), j.e.Request.HeadBytes(), j.e.Request.Body)
	for _, v := range j.m.Values() {
		if bytes.Contains(whole, []byte(v.Mark)) {
			list = append(list, v)
		}
	}
	return list
}

// names lists where values are taken from.
func (j *job) names() []string {
	var names []string
	for _, v := range j.vars {
		names = append(names, v.Name)
	}
	return names
}

// says is one sentence on what is masked.
func (j *job) says() string {
	const fix = "--reveal writes the very bytes"
	switch names := j.names(); {
	case len(names) == 1:
		return names[0] + " is taken from the environment, as it is secret; " + fix
	case len(names) > 1:
		return strings.Join(names, ", ") + " are taken from the environment, as they are secret; " + fix
	case j.m.Masked() > 0:
		return j.m.Says() + "; " + fix
	}
	return ""
}

// piece is a part of a text: characters, or a value of the environment.
type piece struct{ text, env string }

// pieces takes a text apart at what is taken from the environment.
func (j *job) pieces(s string) []piece {
	var list []piece
	for s != "" {
		at, found := len(s), redact.Value{}
		for _, v := range j.vars {
			if i := strings.Index(s[:at], v.Mark); i >= 0 {
				at, found = i, v
			}
		}
		if at > 0 {
			list = append(list, piece{text: s[:at]})
		}
		if s = s[at:]; found.Mark != "" {
			list, s = append(list, piece{env: found.Name}), s[len(found.Mark):]
		}
	}
	return list
}

// fill puts something in the place of each value of the environment.
func (j *job) fill(s string, with func(name string) string) string {
	for _, v := range j.vars {
		s = strings.ReplaceAll(s, v.Mark, with(v.Name))
	}
	return s
}

// cannot is the error for what a form cannot hold.
func cannot(form, why string) error {
	return hint.Errorf("export it as curl or json, which hold every byte", "%s cannot hold this request: %s", form, why)
}

// Explains reports whether the form has use for a diagnosis.
func (f Format) Explains() bool { _, ok := languages()[f.Name]; return ok || f.Name == "markdown" }
