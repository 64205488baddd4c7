package request

import (
	"bytes"
	"context"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/hint"
	"countersign/apiclient/variables"
	"countersign/tui/ui"
)

// Variables finds the variables that there are or, with an of such as
// "last.payments/pay", what that one holds. What could be found comes with the
// error.
type Variables func(ctx context.Context, of string) ([]variables.Known, error)

// offered are the variables that were looked for.
type offered struct {
	of    string
	known []variables.Known
	err   error
}

// complete offers the variables while {{ is typed, in the body or in a field.
type complete struct {
	theme *ui.Theme
	find  Variables // nil: none are known
	open  bool
	of    string // what was asked for
	known []variables.Known
	found []variables.Known // of the known, what fits the word
	word  string            // what stands behind the braces
	list  ui.List
	room  int  // rows of the pane
	shut  bool // it was closed by hand, for this variable
}

// completeRows is how many variables are shown at a time.
const completeRows = 6

// rows is the height that the list takes away from what it is for.
func (c *complete) rows() int {
	if !c.open {
		return 0
	}
	return min(len(c.found), c.height()) + 1
}

// height is how many variables are shown at a time: half of the room at most.
func (c *complete) height() int { return max(1, min(completeRows, c.room/2)) }

// close closes the list. It reports whether it was open.
func (c *complete) close() bool {
	was := c.open
	c.open = false
	c.shut = c.shut || was
	return was
}

// wordAt returns what is typed behind {{ where the text before the cursor ends in
// it.
func wordAt(before string) (word string, ok bool) {
	i := strings.LastIndex(before, "{{")
	if i < 0 {
		return "", false
	}
	if slashes := i - len(strings.TrimRight(before[:i], `\`)); slashes%2 == 1 {
		return "", false // braces, no variable
	}
	word = before[i+2:]
	return word, !strings.ContainsAny(word, "}{\"\r\n") && len(word) <= 120
}

// follow opens, narrows or closes the list as the text before the cursor
// changes. The command asks for the variables.
func (c *complete) follow(before string) tea.Cmd {
	word, ok := wordAt(before)
	if !ok {
		c.open, c.shut, c.of, c.known = false, false, "", nil
		return nil
	}
	if c.shut {
		return nil
	}
	fresh := !c.open && c.known == nil
	c.open, c.word = true, word
	of := c.source(word)
	c.narrow()
	if fresh || of != c.of {
		c.of = of
		return c.look(of)
	}
	return nil
}

// look finds the variables; none are known where nothing finds them.
func (c *complete) look(of string) tea.Cmd {
	find := c.find
	return func() tea.Msg {
		if find == nil {
			return offered{of: of}
		}
		known, err := find(context.Background(), of)
		return offered{of, known, err}
	}
}

// source is whose names a word is completed from: those of an endpoint's last
// answer once the endpoint stands there.
func (c *complete) source(word string) string {
	if c.of != "" && strings.HasPrefix(word, c.of+".") {
		return c.of
	}
	for _, k := range c.known {
		if of, more := strings.CutSuffix(k.Name, "."); more && strings.HasPrefix(word, k.Name) {
			return of
		}
	}
	return ""
}

// narrow finds the variables that fit the word: those that begin so, then
// those that have it in them.
func (c *complete) narrow() {
	c.found = c.found[:0:0]
	word := strings.ToLower(strings.TrimLeft(c.word, " "))
	var later []variables.Known
	for _, k := range c.known {
		switch name := strings.ToLower(k.Name); {
		case strings.HasPrefix(name, word):
			c.found = append(c.found, k)
		case strings.Contains(name, word):
			later = append(later, k)
		}
	}
	c.found = append(c.found, later...)
	c.list.Len, c.list.Height = len(c.found), c.height()
	c.list.To(0)
	c.open = len(c.found) > 0 || c.known == nil
}

// set takes the variables that were asked for.
func (c *complete) set(of string, known []variables.Known) {
	if of != c.of || !c.open {
		return
	}
	c.known = known
	if c.known == nil {
		c.known = []variables.Known{}
	}
	c.narrow()
}

// key takes the keys of the list: arrows, enter, ctrl+space. The text to type
// in the word's place is for who has the text.
func (c *complete) key(msg tea.KeyMsg) (pick *variables.Known, mine bool) {
	if !c.open || len(c.found) == 0 {
		return nil, false
	}
	switch key := msg.String(); {
	case key == "enter", key == "ctrl+@":
		return &c.found[c.list.Cursor], true
	default:
		return nil, c.list.Act(c.theme.Keys().InList(key, true))
	}
}

// typed returns the keys that complete the word: what is wrong of it goes, the
// rest comes, with the closing braces that are not there yet.
func (c *complete) typed(k *variables.Known, after []byte) []tea.KeyMsg {
	var keys []tea.KeyMsg
	rest, fits := strings.CutPrefix(k.Name, c.word)
	if !fits {
		rest = k.Name
		for range utf8.RuneCountInString(c.word) {
			keys = append(keys, tea.KeyMsg{Type: tea.KeyBackspace})
		}
	}
	if !strings.HasSuffix(k.Name, ".") {
		n := 0
		for n < 2 && n < len(after) && after[n] == '}' {
			n++
		}
		rest += "}}"[n:]
	}
	if rest != "" {
		keys = append(keys, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(rest), Paste: true})
	}
	return keys
}

// lines draws the list.
func (c *complete) lines(w int) []string {
	if !c.open {
		return nil
	}
	head := c.theme.Words("variables · {lists.up}{lists.down} enter chooses · {cancel} closes")
	if c.known == nil {
		head = "variables: looking them up…"
	}
	lines := []string{c.theme.Muted.Render(ui.Truncate(head, w))}
	nameW := 0
	from, to := c.list.Window()
	for _, k := range c.found[from:to] {
		nameW = max(nameW, ui.Width(ui.Safe(k.Name)))
	}
	nameW = min(nameW, max(8, w*3/5))
	return append(lines, c.list.Lines(func(i int) string {
		name, value := ui.Fit(ui.Safe(c.found[i].Name), nameW), ui.Truncate(ui.Safe(c.found[i].Says()), w-nameW-3)
		return c.theme.Row(i == c.list.Cursor, w, c.theme.Accent.On(" "+name+"  "), c.theme.Muted.On(value))
	})...)
}

// SetVariables sets how variables are found.
func (p *Pane) SetVariables(find Variables) { p.complete.find = find }

// offer offers what could be found, whatever could not.
func (p *Pane) offer(msg offered) tea.Cmd {
	p.complete.set(msg.of, msg.known)
	p.refit()
	if msg.err != nil {
		return ui.Complain("Not all variables are known: " + hint.Sentence(msg.err))
	}
	return nil
}

// completeKey returns a key to the list of variables, if it is open and one of
// its own.
func (p *Pane) completeKey(msg tea.KeyMsg) (tea.Cmd, bool) {
	pick, mine := p.complete.key(msg)
	if pick == nil {
		return nil, mine
	}
	_, after, put := p.typedIn()
	var cmds []tea.Cmd
	for _, k := range p.complete.typed(pick, after) {
		cmds = append(cmds, put(k))
	}
	return tea.Batch(append(cmds, p.completed())...), true
}

// typedIn is the text that is typed in, around its cursor, and how a key is put into it:
// that of a parameter, of a field, or of the body.
func (p *Pane) typedIn() (before string, after []byte, put func(tea.KeyMsg) tea.Cmd) {
	in := p.params.input
	put = p.paramKey
	if e := p.form.edit; in == nil && e != nil {
		in, put = e.input, p.typeForm
	}
	if in != nil {
		return in.Value()[:in.Cursor()], []byte(in.Value()[in.Cursor():]), put
	}
	left, after := p.editor.Around(160, 2)
	return string(left[bytes.LastIndexByte(left, '\n')+1:]), after, func(k tea.KeyMsg) tea.Cmd {
		p.editor.Update(k)
		return ui.Emit(Edited{})
	}
}

// completed looks at the text before the cursor after each key.
func (p *Pane) completed() tea.Cmd {
	if e := p.form.edit; e != nil && e.purpose != forValue && p.params.input == nil {
		return nil
	}
	rows := p.complete.rows()
	before, _, _ := p.typedIn()
	cmd := p.complete.follow(before)
	if p.complete.rows() != rows {
		p.refit()
	}
	return cmd
}
