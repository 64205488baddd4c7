package evidence

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/evidence/shell"
	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

// client is a program that sends requests.
type client struct {
	kind  Kind
	names []string
	read  func(base request, c shell.Command) ([]*request, error)
}

func clients() []client {
	return []client{
		{Curl, []string{"curl"}, readCurl},
		{Curl, []string{"curlie"}, readCurlie},
		{Wget, []string{"wget", "wget2"}, readWget},
		{HTTPie, []string{"http", "https", "xh", "xhs"}, readHTTPie},
		{WebRequest, []string{"invoke-webrequest", "invoke-restmethod", "iwr", "irm"}, readWebRequest},
	}
}

// before are words that may stand before the name of a client.
var before = wordSet(`sudo doas time env nohup command exec nice timeout watch then do else if while { ( ! & call @ start for
	winpty docker podman kubectl docker-compose ssh xargs strace ltrace proxychains stdbuf unbuffer rtk echo npx uvx`)

// shells are programs that are given a command in quotes.
var shells = wordSet(`bash sh zsh ssh watch su sudo eval docker kubectl oc cmd cmd.exe powershell pwsh vagrant timeout env`)

// What a line with a command is made of, as regular expressions.
const (
	names  = `(?:curl(?::[\w.-]+)?|curlie|wget2?|https?|xhs?|invoke-webrequest|invoke-restmethod|iwr|irm)(?:\.exe)?`
	prompt = `(?:[^\n'"|=]{0,120}[$#%>❯➜»λ✗][ \t]*|!|[-*•][ \t]+|\d+[.)][ \t]+|In \[\d+\]: !)?`
	words  = `(?:@|&[ \t]+)?(?:[a-z_]\w*=\S*[ \t]+)*` +
		`(?:(?:sudo|doas|time|env|nohup|command|exec|nice|timeout|watch|then|do|for|if|while|!|call|start|winpty|` +
		`docker|podman|kubectl|docker-compose|xargs)[ \t][^\n|'"]*?)?`
	// what may come before a client in its line: another command, or a prompt
	leading = `(?:[^\n]*[|(;&={` + "`" + `][ \t]*|[ \t]*` + prompt + words + `)`
	folder  = `(?:&[ \t]*)?(?:"[^"\n]*[/\\]|'[^'\n]*[/\\]|["']?(?:[^\s'"|]*[/\\])?)`
	// what comes behind it: a joined line, or blanks and what may be an argument
	argument = `["']?(?:[ \t\x{00a0}]*[\\^` + "`" + `][ \t]*\r?\n|` +
		`[ \t\x{00a0}]+(?:[-–—'"“‘^$%@:<\\` + "`" + `]|https?:|(?:get|post|put|patch|delete|head|options)[ \t]|` +
		`/|localhost|\S+[./:]\S))`
)

var (
	clientLine = lazyregexp.New(`(?im)^` + leading + folder + names + argument)
	// a shell that is given a command in quotes, here or on another machine
	nestedLine = lazyregexp.New(`(?im)^[ \t]*` + prompt + `(?:sudo[ \t]+)?(?:ssh|bash|sh|zsh|watch|su|eval|docker|kubectl|oc|cmd|` +
		`powershell|pwsh|vagrant)(?:\.exe)?\b[^\n'"]*["'][ \t\r\n]*` + folder + names + argument)
	// a client anywhere in a line, as logs and sentences have it
	clientWord = lazyregexp.New(`(?i)(?:^|[\s:>\-\x{00a0}])(` + folder + names + `)` + argument)
	scriptLine = lazyregexp.New(`(?im)^[ \t]*(?:#|//|:[ \t]|::|(?:rem|set|export|declare|local|readonly|setenv) |` +
		`@?echo |printf |cat |type |jq |\$?[\w.:\["'\]]+[ \t]*=|\$\w+\.|function |if |for |while |try|[{}()]|$)`)
	commandStart = lazyregexp.New(`(?i)^(?:` + words + folder + names + argument +
		`|(?:printf|echo|cat|export|set) \S|\$?[a-z_]\w* ?=)`)
)

// isCommand reports whether a text has a command of a client. It looks at both ends:
// a large body may stand before the client that it is piped into.
func isCommand(text []byte) bool {
	const far = 1 << 20
	named := func(part []byte) bool {
		return clientLine.Match(part) || bytes.Contains(part, []byte("://")) && clientWord.Match(part)
	}
	return !startsMessage(text) && (named(text[:min(len(text), far)]) || len(text) > far && named(text[len(text)-far:]))
}

// readCommands reads the commands of clients in a text, with what people put
// around them.
func (r Reader) readCommands(text []byte) (Evidence, error) {
	var first error
	source, escaped := unescaped(string(text))
	inSentence := !clientLine.MatchString(source)
	for _, script := range scripts(source) {
		dialect := shell.Guess(script)
		if shell.Prompted(source) { // which is cut off from the script
			dialect = shell.PowerShell
		}
		e, found, err := r.script(dialect, script)
		if found && err == nil && inSentence && !slices.ContainsFunc(e.Exchanges, hasHeaders) {
			continue // words about a request are no command without headers
		}
		if found && err == nil {
			if escaped != "" {
				e.Notes = append(e.Notes, "the command is escaped for "+escaped+": it was read without that")
			}
			return e, nil
		}
		if first == nil && err != nil {
			first = err
		}
	}
	if first == nil {
		first = &hint.Error{Says: "there is the name of a client such as curl, but no command with a URL",
			Fix: "copy the whole command, in one piece"}
	}
	return Evidence{}, first
}

func hasHeaders(e apiclient.Exchange) bool { return len(e.Request.Header) > 0 }

var (
	// a step of Jenkins' pipelines
	stepStart    = lazyregexp.New(`(?m)^[ \t]*(?:sh|bat|pwsh|powershell)[ \t(]*(?:script:[ \t]*)?(?:'''|""")`)
	bareQuote    = lazyregexp.New(`(?:^|[^\\])["']`)
	escapedQuote = lazyregexp.New(`[ =]\\"(?:https?:|[A-Za-z-]+: )`)
)

// unescaped takes away an escaping of the whole command, that of HTML or of a
// string in JSON; it is told from the quotes, which then all are escaped.
func unescaped(text string) (plain, escaping string) {
	if bareQuote.MatchString(text) {
		return text, ""
	}
	if strings.Contains(text, "&quot;") || strings.Contains(text, "&#39;") {
		return html.UnescapeString(text), "HTML (&quot; and the like)"
	}
	var whole string
	line := strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(text)
	if escapedQuote.MatchString(text) && json.Unmarshal([]byte(`"`+line+`"`), &whole) == nil {
		return whole, `a string (\" and the like)`
	}
	return text, ""
}

// maxWords is how many places are tried where the name of a client stands in a
// sentence.
const maxWords = 8

// scripts are the texts that are tried: from the first line that belongs to a
// script, and from that of the client alone.
func scripts(text string) []string {
	if m := stepStart.FindStringIndex(text); m != nil { // sh ''' … ''' of a pipeline
		quotes := text[m[1]-3 : m[1]]
		if inner, _, ok := strings.Cut(text[m[1]:], quotes); ok {
			text = inner
		}
	}
	at := clientLine.FindStringIndex(text)
	if at == nil {
		var all []string
		if nested := nestedLine.FindStringIndex(text); nested != nil {
			all = append(all, withoutPrompts(text[nested[0]:]))
		}
		for _, m := range clientWord.FindAllStringSubmatchIndex(text, maxWords) {
			all = append(all, text[m[2]:])
		}
		return all
	}
	start, from := at[0], at[0]
	lines := strings.SplitAfter(text[:start], "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if scriptLine.MatchString(lines[i]) {
			from = start - len(strings.Join(lines[i:], ""))
		}
	}
	all := []string{withoutPrompts(text[start:])}
	if nested := nestedLine.FindStringIndex(text); nested != nil {
		all = append([]string{withoutPrompts(text[nested[0]:])}, all...)
	}
	if from < start {
		all = append([]string{withoutComments(text[from:start]) + all[0]}, all...)
	}
	return all
}

// withoutComments takes out prompts, and lines of comments that no shell has.
func withoutComments(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "//") {
			continue
		}
		bare, _ := cutPrompt(line)
		b.WriteString(bare)
	}
	return b.String()
}

// cutPrompt takes away the prompt that a line begins with: what stands before
// the start of a command, up to one of the marks that prompts end with.
func cutPrompt(line string) (bare string, cut bool) {
	for i, c := range line[:min(len(line), 160)] {
		if strings.ContainsRune(`'"|=`, c) {
			break
		}
		if !strings.ContainsRune("$#%>❯➜»λ✗!*•-.)", c) {
			continue
		}
		rest := line[i+utf8.RuneLen(c):]
		bare := strings.TrimLeft(rest, " \t")
		if (len(bare) < len(rest) || c == '>' || c == '!') && commandStart.MatchString(bare) {
			return bare, true
		}
	}
	return line, false
}

// withoutPrompts takes away the prompt before a command, and those before the
// lines that continue it.
func withoutPrompts(text string) string {
	first, rest, more := strings.Cut(text, "\n")
	bare, cut := cutPrompt(first + "\n")
	if !cut || commandStart.MatchString(strings.TrimLeft(first, " \t")+"\n") {
		return text
	}
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(bare, "\n"))
	for more {
		var line string
		line, rest, more = strings.Cut(rest, "\n")
		next := line
		for _, p := range []string{">> ", "> ", "More? ", ">>", ">"} {
			if trimmed, ok := strings.CutPrefix(line, p); ok {
				next = trimmed
				break
			}
		}
		b.WriteString("\n" + next)
		if next == line && strings.TrimSpace(line) != "" {
			if more {
				b.WriteString("\n" + rest)
			}
			break
		}
	}
	return b.String()
}

// script reads the commands of one script; found says that a client is among
// them.
func (r Reader) script(dialect shell.Dialect, text string) (e Evidence, found bool, err error) {
	script := shell.Read(dialect, text, r.ReadFile)
	var requests []*request
	var failed []error
	kind := Curl
	for _, c := range script.Commands {
		tool, words, ok := clientOf(c)
		if !ok {
			for _, w := range c.Words { // bash -c 'curl …'
				if r.depth < maxWraps && shells[strings.ToLower(c.Words[0].Text)] && clientLine.MatchString(w.Text) &&
					strings.Contains(w.Text, " ") {
					r.depth++
					return r.script(shell.Guess(w.Text), w.Text)
				}
			}
			continue
		}
		c.Words = words
		kind = tool.kind
		if splat := splatted(kind, words); splat != "" {
			failed = append(failed, (&request{kind: kind}).unknown("its words", splat))
			continue
		}
		base := request{reader: r, kind: kind, stdin: c.Stdin, files: script.Files, notes: slices.Clone(script.Notes),
			fault: script.Fault}
		list, err := tool.read(base, c)
		if err != nil {
			failed = append(failed, err)
		}
		requests = append(requests, list...)
	}
	if len(requests)+len(failed) == 0 {
		return Evidence{}, false, script.Err
	}
	e, err = r.gathered(kind, requests, failed)
	return e, true, err
}

// arguments takes the words of a command apart: options, each with its value, and
// other words, whose name is "". Short options may stand together in a word, and a
// value in the word of its option; takes reports whether one has a value.
func (r *request) arguments(words []shell.Word, takes func(name string) bool, each func(name string, v shell.Word) error) error {
	for i := 0; i < len(words); i++ {
		w := words[i]
		if !strings.HasPrefix(w.Text, "-") || w.Text == "-" {
			if err := each("", w); err != nil {
				return err
			}
			continue
		}
		name, value, inline := strings.Cut(w.Text, "=")
		for rest := w.Text[1:]; rest != "" && !strings.HasPrefix(w.Text, "--"); {
			name, value = "-"+rest[:1], rest[1:]
			if inline = value != ""; takes(name) || !inline {
				break
			}
			if err := each(name, shell.Word{}); err != nil {
				return err
			}
			rest = value
		}
		v := shell.Word{Text: value, Unknown: w.Unknown}
		if takes(name) && !inline {
			if i++; i >= len(words) {
				return &hint.Error{Says: fmt.Sprintf("the %s ends after %s, which takes a value", r.kind, name),
					Fix: "copy the whole command"}
			}
			v = words[i]
		}
		if err := each(name, v); err != nil {
			return err
		}
	}
	return nil
}

var splatWord = lazyregexp.New(`^@[A-Za-z_]\w*$`)

// splatted returns an array of PowerShell that stands for words of a program, as in
// curl.exe @args; "" where there is none.
func splatted(kind Kind, words []shell.Word) string {
	for i, w := range words {
		if kind != WebRequest && w.Splat || kind == Curl && i > 0 && splatWord.MatchString(w.Text) &&
			!strings.HasPrefix(words[i-1].Text, "-") {
			return cmp.Or(w.Unknown, w.Text)
		}
	}
	return ""
}

// clientOf finds the client that a command starts, behind words such as sudo.
func clientOf(c shell.Command) (client, []shell.Word, bool) {
	for i, w := range c.Words {
		if strings.HasPrefix(w.Text, "-") {
			continue
		}
		base := strings.ToLower(path.Base(strings.ReplaceAll(w.Text, `\`, "/")))
		base, _, _ = strings.Cut(strings.TrimSuffix(strings.TrimLeft(base, "@&!"), ".exe"), ":") // an image has a tag
		for _, tool := range clients() {
			if slices.Contains(tool.names, base) {
				if tool.kind != WebRequest && isWebRequest(c.Words[i+1:]) {
					tool.kind, tool.read = WebRequest, readWebRequest // the alias of Windows PowerShell
				}
				return tool, c.Words[i:], i+1 < len(c.Words)
			}
		}
		if i == 0 && !before[strings.ToLower(w.Text)] {
			break
		}
	}
	return client{}, nil, false
}

var messageStart = lazyregexp.New(`^(?:HTTP/\d|[A-Z]{3,10} \S+ HTTP/\d)`)

// startsMessage reports whether a text begins as an HTTP message does.
func startsMessage(text []byte) bool { return messageStart.Match(text[:min(len(text), 1<<16)]) }

// unread says why something cannot be read.
func unread(kind Kind, why string) error {
	return &hint.Error{Says: fmt.Sprintf("the %s cannot be read: %s", kind, why), Fix: "copy the whole of it"}
}
