package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"countersign/tui/ui"
)

// printJSON prints the one document of --json.
func (a *app) printJSON(v any) error {
	if e, ok := v.(interface{ WriteJSON(io.Writer) error }); ok { // it may be large
		a.wrote.Store(true)
		out := bufio.NewWriterSize(a.out, 16<<10)
		if err := errors.Join(e.WriteJSON(out), out.Flush()); err != nil {
			return fmt.Errorf("the output cannot be written: %w", err)
		}
		return nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("the JSON document cannot be made: %w", err)
	}
	return a.write(b.Bytes())
}

func (a *app) write(b []byte) error {
	a.wrote.Store(true)
	if _, err := a.out.Write(b); err != nil {
		return fmt.Errorf("the output cannot be written: %w", err)
	}
	return nil
}

// warn says something on stderr that is no error.
func (a *app) warn(text string) { _, _ = fmt.Fprintf(a.err, "warning: %s\n", ui.Safe(text)) }

// warnOnce warns of what may come again with each exchange.
func (a *app) warnOnce(text string) {
	if _, again := a.warned.LoadOrStore(text, true); !again {
		a.warn(text)
	}
}

// notice is a warning that the explorer shows in its own way.
func (a *app) notice(text string) {
	a.mu.Lock()
	a.notices = append(a.notices, text)
	a.mu.Unlock()
	if !a.exploring {
		a.warn(text)
	}
}

// noticed returns all notices so far.
func (a *app) noticed() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.notices)
}

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) //nolint:gosec // descriptors are small
}

// tone is what a colour means.
type tone string

const (
	good  tone = "32"
	worse tone = "33"
	bad   tone = "31"
	faint tone = "2"
	bold  tone = "1"
)

// colored reports whether colours are wanted on stdout.
func (a *app) colored() bool {
	if a.flags.noColor || !isTerminal(a.out) {
		return false
	}
	no, _ := a.env("NO_COLOR")
	kind, _ := a.env("TERM")
	return no == "" && kind != "dumb"
}

func (a *app) paint(t tone, s string) string {
	if t == "" || s == "" || !a.colored() {
		return s
	}
	return "\x1b[" + string(t) + "m" + s + "\x1b[0m"
}

// safeLines makes a body fit for a terminal: its lines stay lines and tabs
// stay tabs, all else that a terminal would obey is drawn.
func safeLines(b []byte) string {
	lines := strings.Split(string(b), "\n")
	for i, line := range lines {
		parts := strings.Split(line, "\t")
		for j := range parts {
			parts[j] = ui.Safe(parts[j])
		}
		lines[i] = strings.Join(parts, "\t")
	}
	return strings.Join(lines, "\n")
}

// drawCanonical shows a signed string over two lines, as the rule writes it,
// with everything invisible drawn.
func drawCanonical(b []byte, indent string) string {
	var out strings.Builder
	for len(b) > 0 {
		line := b
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			line = b[:i+1]
		}
		b = b[len(line):]
		out.WriteString(indent + ui.Canonical(line, false) + "\n")
	}
	return out.String()
}

// tell prints what a command found: the document with --json, else the text.
func (a *app) tell(doc any, text *printer) error {
	if a.flags.json {
		return a.printJSON(doc)
	}
	return a.print(text)
}

func (a *app) print(text *printer) error { return a.write([]byte(text.String())) }

// printer collects lines and remembers nothing of write errors: stdout that is
// gone ends the process by a signal.
type printer struct{ strings.Builder }

func (p *printer) line(format string, args ...any) { _, _ = fmt.Fprintf(p, format+"\n", args...) }

// table lines up rows of cells. Cells must be safe already.
func table(w io.Writer, rows [][]string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		_, _ = fmt.Fprintln(t, strings.TrimRight(strings.Join(row, "\t"), "\t"))
	}
	_ = t.Flush()
}

// lines prints a text of several lines, each made safe.
func (p *printer) lines(indent, text string) {
	for line := range strings.Lines(text) {
		p.line("%s%s", indent, ui.Safe(strings.TrimRight(line, "\n")))
	}
}

// heading prints a title behind an empty line.
func (a *app) heading(out *printer, title string) { out.line("\n%s", a.paint(bold, title)) }
