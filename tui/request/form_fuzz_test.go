package request

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"countersign/apiclient/catalog"
	"countersign/apiclient/jsontext"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// formOf opens the form of a body, with a schema that is made up of a seed.
func formOf(body []byte, seed uint64) *Pane {
	p := New(ui.NewTheme(ui.ThemeDark, termenv.Ascii))
	random := rand.New(rand.NewPCG(seed, 1))
	p.Open(catalog.Endpoint{ID: "x", Method: "POST", Path: "/x", Example: body, Request: schemaOf(random, 3)})
	p.Resize(80, 30)
	p.openTab(fieldsTab)
	p.Focus(true)
	return p
}

func schemaOf(random *rand.Rand, depth int) []catalog.Property {
	var list []catalog.Property
	for _, name := range []string{"a", "b", "c", "amount", "é"} {
		if random.IntN(3) == 0 {
			continue
		}
		q := catalog.Property{Name: name, Type: []string{"string", "integer", "object", "array of object", "boolean", "string or number", ""}[random.IntN(7)], Required: random.IntN(2) == 0,
			Embedded: random.IntN(4) == 0, MaxLength: random.IntN(3) * 8}
		if depth > 0 && random.IntN(2) == 0 {
			q.Properties = schemaOf(random, depth-1)
		}
		list = append(list, q)
	}
	return list
}

// offset returns where byte off of the text that a row is in stands in the body.
func offset(r *formRow, off int) int {
	for a := r.above; a != nil; a = a.above {
		if a.inner == r.tree {
			_, at := jsontext.Unquote(a.tree.Raw(a.node))
			return offset(a, a.tree.Nodes[a.node].From+at[off])
		}
	}
	return off
}

// formBodies are bodies as people and programs write them.
var formBodies = []string{
	`{"a":"x","b":1}`, "{\r\n\t\"a\" : 1.0 ,\r\n\t\"a\":1e5\r\n}\r\n", `{"a":"{\"b\":\"{\\\"c\\\":1.50}\",\"c\":[1, 2]}"}`, `{"a":"\u0041\/\ud83d\ude00","b":["\u00e9",{}]}`,
	"\xef\xbb\xbf{\"a\": {\"b\":\t\"x\"}}", "{\"a\":\"\xff\xfe\",\"\xff\":null}", "", " \r\n", "{}", "[]", "[1,[2,{\"a\":{}}]]", "\xef\xbb\xbf", "no JSON", `"text"`, `{"a":{{now}},"b":"{{uuid}} \{{x}}"}`,
	`{"a":1,"b":`, `{"c":{"c":{"c":{"c":[[[[1]]]]}}},"a":true}`, "{ \n}", `{"a":{ }, "b":[ ]}`, `{"amount":"{}","é":"[]"}`, `{"a":"\ud800"}`, `{"a": "\u007b\u0022b\u0022:1}"}`,
}

// FuzzForm holds that what is done in the form changes the bytes of that field
// and no others, whatever the schema and the body are, that a text which is
// typed reads back, and that undo brings every byte back.
func FuzzForm(f *testing.F) {
	for i, body := range formBodies {
		f.Add([]byte(body), uint64(i), byte(i), `q"\/é`)
	}
	f.Fuzz(func(t *testing.T, body []byte, seed uint64, pick byte, text string) {
		if len(body) > 4096 || len(text) > 200 {
			return
		}
		changesOneField(t, body, seed, int(pick), text)
	})
}

// The same for many fields of each body, where no fuzzing is done.
func TestFormChangesOneField(t *testing.T) {
	t.Parallel()
	texts := []string{"q\"\\/é\n", "5", "", "{{now}}", `{"x":1}`, "\\{{"}
	for i, body := range formBodies {
		for pick := range 60 {
			for _, n := range []int{0, 3} {
				changesOneField(t, []byte(body), uint64(i+pick), pick, texts[(i+pick/6+n)%6])
			}
		}
	}
}

func changesOneField(t *testing.T, body []byte, seed uint64, pick int, text string) {
	t.Helper()
	acts := []keymap.ID{"fields.edit", "fields.raw", "fields.null", "fields.remove", "fields.add", "fields.fold"}
	p := formOf(body, seed)
	rows := p.formRows()
	mark := p.form.mark
	if n := len(rows); n > 0 {
		p.form.list.To(pick / len(acts) % n)
	}
	r, there := p.currentRow()
	act := acts[pick%len(acts)]
	if p.Actions().Refuses(act) != "" {
		return
	}
	p.Actions().Act(act)
	typed := p.form.edit
	if typed != nil {
		typed.input.SetValue("")
		p.Type(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
		p.Type(tea.KeyMsg{Type: tea.KeyEnter})
	}
	after := bytes.Clone(p.editor.Bytes())
	if bytes.Equal(after, body) {
		return
	}
	says := func() string {
		if !there {
			return fmt.Sprintf("%s with %q in %q gives %q", act, text, body, after)
		}
		return fmt.Sprintf("%s of %q with %q in %q gives %q", act, r.pointer, text, body, after)
	}
	head, tail := 0, 0
	for head < len(body) && head < len(after) && body[head] == after[head] {
		head++
	}
	for tail < len(body)-head && tail < len(after)-head && body[len(body)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	gone := body[head : len(body)-tail]
	switch {
	case act == "fields.remove":
		// The field, the comma and white space; what is left is another text.
		from, to := mark+offset(r, r.tree.Nodes[r.node].From), mark+offset(r, r.tree.Nodes[r.node].To)
		if r.tree.Nodes[r.node].Name.Kind == jsontext.String {
			from = mark + offset(r, r.tree.Nodes[r.node].Name.From)
		}
		beside := bytes.Trim(append(bytes.Clone(body[min(head, from):from]), body[to:max(to, len(body)-tail)]...), ", \t\r\n")
		if len(after) >= len(body) || len(bytes.Trim(beside, `\nrtu0123456789abcdefABCDEF"`)) > 0 && r.above == nil {
			t.Fatalf("%s: %q went too", says(), beside)
		}
	case there && r.present() && act != "fields.add":
		from, to := mark+offset(r, r.tree.Nodes[r.node].From), mark+offset(r, r.tree.Nodes[r.node].To)
		if len(after) < from+len(body)-to || !bytes.HasPrefix(after, body[:from]) || !bytes.HasSuffix(after, body[to:]) {
			t.Fatalf("%s: other bytes than those from %d to %d were changed", says(), from, to)
		}
	default: // something was added
		if len(bytes.Trim(gone, " \t\r\n")) > 0 && !bytes.Contains([]byte(`\n\r\t`), gone) {
			t.Fatalf("%s: %q is gone", says(), gone)
		}
	}
	if act == "fields.edit" && typed != nil && there && r.present() && r.kind() == jsontext.String && r.isText() && utf8.ValidString(text) {
		rows := p.formRows()
		i := p.form.list.Cursor
		if got, _ := jsontext.Unquote(rows[i].tree.Raw(rows[i].node)); string(got) != typed.input.Value() {
			t.Fatalf("%s: it reads back as %q", says(), got)
		}
	}
	if p.editor.Undo(); !bytes.Equal(p.editor.Bytes(), body) {
		t.Fatalf("%s: one undo leaves %q", says(), p.editor.Bytes())
	}
}
