package requests

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/variables"
)

// Change is a file after an edit. Write Bodies first: then the request file never
// names one that is not there.
type Change struct {
	Text   []byte
	Bodies []BodyFile
}

// BodyFile is a body in a file of its own, beside the request file.
type BodyFile struct {
	Name string // as the request file names it: "./pay.bin"
	Data []byte
}

// edit replaces a part of the text.
type edit struct {
	at   Span
	text string
}

// apply makes the edits, which do not overlap. Those at one place come in their
// order.
func (f *File) apply(edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.at.From, b.at.From), cmp.Compare(a.at.To, b.at.To)) // what is put in comes before what goes
	})
	var out []byte
	at := 0
	for _, e := range edits {
		if e.at.From < at {
			continue // checked sees it
		}
		out = append(append(out, f.Text[at:e.at.From]...), e.text...)
		at = e.at.To
	}
	return append(out, f.Text[at:]...)
}

// Put makes a request say c. Only what differs is changed. A body that cannot
// stand in the request file goes to one of its own.
func (f *File) Put(r *Request, c Content, read ReadFile) (Change, error) {
	was, err := f.Content(r, read)
	if err != nil {
		was.Body = nil // its file is not there: it is written again
	}
	if was.Equal(c) && err == nil {
		return Change{Text: f.Text}, nil
	}
	head := f.headEdits(r, was, c)
	if bytes.Equal(was.Body, c.Body) && err == nil {
		return f.checked(r, c, head, nil, read)
	}
	if r.Body.File == "" && utf8.Valid(c.Body) {
		edits := append(slices.Clone(head), f.bodyEdit(r, string(c.Body)))
		if change, err := f.checked(r, c, edits, nil, read); err == nil {
			return change, nil
		}
	}
	file := r.Body.File
	if file == "" {
		file = bodyName(c.Name, f.bodyTaken(read))
	}
	if len(c.Body) == 0 {
		return f.checked(r, c, append(head, f.bodyEdit(r, "")), nil, read)
	}
	mark := "< "
	if variables.Has(c.Body) {
		mark = "<@ "
	}
	return f.checked(r, c, append(head, f.bodyEdit(r, mark+file)), []BodyFile{{file, c.Body}}, read)
}

// bodyTaken reports whether a name of a body file is in use.
func (f *File) bodyTaken(read ReadFile) func(string) bool {
	return func(name string) bool {
		if slices.ContainsFunc(f.Requests, func(r *Request) bool { return r.Body.File == name }) {
			return true
		}
		if read == nil {
			return false
		}
		_, err := read(name)
		return err == nil
	}
}

// errNotWritable is the error for a content that the format cannot say.
var errNotWritable = &hint.Error{Says: "it cannot be written as a request file",
	Fix: "name, target, headers and directives are one line each, without white space at their ends"}

// checked makes the edits and reads the request again: what is not read back as it
// was meant is refused.
func (f *File) checked(r *Request, c Content, edits []edit, bodies []BodyFile, read ReadFile) (Change, error) {
	change := Change{f.apply(edits), bodies}
	again := Parse(f.Name, change.Text)
	at := f.index(r)
	if len(again.Requests) != len(f.Requests) || len(again.Faults) > len(f.Faults) || at < 0 ||
		len(again.Variables) != len(f.Variables) || len(again.NotRun) > len(f.NotRun) {
		return Change{}, errNotWritable
	}
	got, err := again.Content(again.Requests[at], change.reading(read))
	if err != nil || !got.Equal(c) {
		return Change{}, errors.Join(errNotWritable, err)
	}
	return change, nil
}

// reading reads the bodies of the change, and others as before.
func (c Change) reading(read ReadFile) ReadFile {
	return func(name string) ([]byte, error) {
		for _, b := range c.Bodies {
			if b.Name == name {
				return b.Data, nil
			}
		}
		if read == nil {
			return nil, errors.New("it is not at hand")
		}
		return read(name)
	}
}

// bodyEdit puts a body, or the line that names its file, in its place.
func (f *File) bodyEdit(r *Request, text string) edit {
	switch {
	case text == "":
		return edit{Span{r.headEnd, max(r.headEnd, r.Body.At.To)}, ""}
	case r.Body.Empty():
		return edit{Span{r.headEnd, r.headEnd}, f.lineBreak() + f.lineBreak() + text}
	}
	return edit{r.Body.At, text}
}

// headEdits are those of all but the body.
func (f *File) headEdits(r *Request, was, now Content) []edit {
	edits := f.nameEdits(r, was.Name, now.Name)
	old := make([]row, len(r.Header))
	for i, h := range r.Header {
		old[i] = row{h.Name, h.Value, h.At, h.value}
	}
	want := make([]row, len(now.Header))
	for i, h := range now.Header {
		want[i] = row{name: h.Name, value: h.Value}
	}
	edits = append(edits, f.rowEdits(old, want, r.line.To, false,
		func(x row) string { return x.name + ": " + x.value })...)
	old, want = nil, nil
	for _, d := range r.Directives {
		if d.Name != "name" {
			old = append(old, row{d.Name, d.Value, d.At, d.value})
		}
	}
	for _, d := range now.Directives {
		want = append(want, row{name: d.Name, value: d.Value})
	}
	edits = append(edits, f.rowEdits(old, want, r.line.From, true,
		func(x row) string { return strings.TrimRight("# @"+x.name+" "+x.value, " ") })...)
	return append(edits, f.lineEdits(r, was, now)...)
}

// lineEdits change the request line.
func (f *File) lineEdits(r *Request, was, now Content) []edit {
	switch {
	case was.Target != now.Target:
		line := now.Method + " " + now.Target
		if v := httpVersion.FindString(string(r.line.Of(f.Text))); v != "" {
			line += v
		}
		return []edit{{r.line, line}}
	case was.Method != now.Method:
		old := r.line.Of(f.Text)
		start := r.line.From + len(old) - len(bytes.TrimLeft(old, " \t"))
		if !bytes.HasPrefix(f.Text[start:], []byte(was.Method+" ")) &&
			!bytes.HasPrefix(f.Text[start:], []byte(was.Method+"\t")) {
			return []edit{{Span{start, start}, now.Method + " "}}
		}
		return []edit{{Span{start, start + len(was.Method)}, now.Method}}
	}
	return nil
}

// row is a line with a name and a value.
type row struct {
	name, value string
	at          Span
	from        int // where the value begins
}

// rowEdits turns lines into others: those of the same name keep their place, in
// their order. New ones come behind the last that stayed; where none did, at
// first, which is before a line or behind one.
func (f *File) rowEdits(old, want []row, first int, before bool, write func(row) string) []edit {
	var edits []edit
	lb := f.lineBreak()
	next, last, behind := 0, first, !before
	for _, w := range want {
		i := slices.IndexFunc(old[next:], func(o row) bool { return o.name == w.name })
		if i < 0 {
			text := write(w) + lb
			if behind {
				text = lb + write(w)
			}
			edits = append(edits, edit{Span{last, last}, text})
			continue
		}
		for _, gone := range old[next : next+i] {
			edits = append(edits, f.dropLine(gone.at))
		}
		o := old[next+i]
		next += i + 1
		last, behind = o.at.To, true
		if o.value != w.value {
			edits = append(edits, f.valueEdit(o, w, write))
		}
	}
	for _, gone := range old[next:] {
		edits = append(edits, f.dropLine(gone.at))
	}
	return edits
}

// valueEdit replaces the value of a line, or where it had none the line.
func (f *File) valueEdit(o, w row, write func(row) string) edit {
	if o.value == "" || w.value == "" {
		return edit{o.at, write(w)}
	}
	return edit{Span{o.from, o.from + len(o.value)}, w.value}
}

// dropLine removes a line with its line break.
func (f *File) dropLine(at Span) edit {
	before := bytes.TrimSuffix(f.Text[:at.From], []byte("\n"))
	if len(before) < at.From {
		return edit{Span{len(bytes.TrimSuffix(before, []byte("\r"))), at.To}, ""}
	}
	if i := bytes.IndexByte(f.Text[at.To:], '\n'); i >= 0 { // the first line of the file
		return edit{Span{at.From, at.To + i + 1}, ""}
	}
	return edit{at, ""}
}

// nameEdits rename a request.
func (f *File) nameEdits(r *Request, was, now string) []edit {
	if was == now {
		return nil
	}
	for _, d := range r.Directives {
		if d.Name != "name" {
			continue
		}
		if now == "" {
			return []edit{f.dropLine(d.At)}
		}
		return []edit{f.valueEdit(row{d.Name, d.Value, d.At, d.value}, row{name: "name", value: now},
			func(x row) string { return "# @name " + x.value })}
	}
	if r.Separator.From == r.Separator.To {
		return []edit{{Span{r.line.From, r.line.From}, "# @name " + now + f.lineBreak()}}
	}
	return []edit{{r.Separator, strings.TrimRight("### "+now, " ")}}
}

var httpVersion = lazyregexp.New(`[ \t]+HTTP/\d(?:\.\d)?[ \t]*$`)

// Add returns the file with a further request, behind after, or at its end where
// that is nil.
func (f *File) Add(after *Request, c Content, read ReadFile) (Change, error) {
	lb := f.lineBreak()
	at, lead := len(f.Text), ""
	if after != nil {
		at = after.Part.To
	}
	if before := f.Text[:at]; len(bytes.TrimSpace(before)) > 0 {
		switch {
		case !bytes.HasSuffix(before, []byte("\n")):
			lead = lb + lb
		case !bytes.HasSuffix(before, []byte(lb+lb)):
			lead = lb
		}
	}
	text := lead + strings.TrimRight("### "+c.Name, " ") + lb + "GET /" + lb
	if at < len(f.Text) {
		text += lb
	}
	with := Parse(f.Name, f.apply([]edit{{Span{at, at}, text}}))
	n := len(with.Requests) - 1
	if after != nil {
		n = f.index(after) + 1
	}
	if n < 0 || len(with.Requests) != len(f.Requests)+1 {
		return Change{}, errNotWritable
	}
	return with.Put(with.Requests[n], c, read)
}

// Remove returns the text without requests and without lines of headers. Variables of
// the parts that go stay.
func (f *File) Remove(requests []*Request, headers []Header) []byte {
	var edits []edit
	for _, h := range headers {
		edits = append(edits, f.dropLine(h.At))
	}
	for _, r := range requests {
		kept := ""
		for _, v := range f.Variables {
			if v.At.From >= r.Part.From && v.At.To <= r.Part.To {
				kept += "@" + v.Name + " = " + v.Value + f.lineBreak()
			}
		}
		if kept != "" {
			kept += f.lineBreak()
		}
		edits = append(edits, edit{r.Part, kept})
	}
	return f.apply(edits)
}

// HeaderOf is a header of a content by its name; "" where there is none.
func (c Content) HeaderOf(name string) string {
	return apiclient.Message{Header: c.Header}.Get(name)
}
