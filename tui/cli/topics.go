package cli

import (
	"embed"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"countersign/apiclient/rawbody"
	"countersign/tui"
	"countersign/tui/keymap"
)

//go:embed topics
var topicFiles embed.FS

// topics are the texts of help TOPIC, which the explorer shows too.
func topics(keys *keymap.Table) []tui.Topic {
	text := func(name string) string {
		data, err := topicFiles.ReadFile("topics/" + name + ".txt")
		if err != nil {
			panic(err) // it is embedded
		}
		return string(data)
	}
	list := []tui.Topic{
		{Name: "tour", Title: "A tour of the explorer"},
		{Name: "keys", Title: "Keys of the explorer", Text: keysTopic(keys)},
		{Name: "config", Title: "Configuration, profiles and keys"},
		{Name: "variables", Title: "Variables in body, path and headers"},
		{Name: "requests", Title: "Request files, and running them in a pipeline"},
		{Name: "evidence", Title: "What verify and diagnose read and prove"},
		{Name: "raw-body", Title: "The raw body of a callback, by framework", Text: rawBodyTopic()},
		{Name: "exit-codes", Title: "Exit codes"},
	}
	for i := range list {
		if list[i].Text == "" {
			list[i].Text = text(list[i].Name)
		}
	}
	return list
}

//go:embed help.txt
var helpTexts string

// helpText returns a section of help.txt: a text, and examples.
func helpText(name string) (text, examples string) {
	_, section, ok := strings.Cut(helpTexts, "\n# "+name+"\n")
	if !ok {
		panic("help.txt has no section " + name)
	}
	section, _, _ = strings.Cut(section, "\n# ")
	text, examples, _ = strings.Cut(section, "Examples:\n")
	return strings.TrimSpace(text), strings.TrimRight(examples, "\n")
}

// explain gives a command and those below it their sections of help.txt, and lets them
// take no arguments unless they say otherwise. A Long that is there follows the text.
func explain(cmd *cobra.Command) {
	text, examples := helpText(cmd.CommandPath())
	if cmd.Long != "" {
		text += "\n" + cmd.Long
	}
	cmd.Long, cmd.Example = text, examples
	if cmd.Args == nil {
		cmd.Args = args(0, 0, "")
	}
	for _, c := range cmd.Commands() {
		explain(c)
	}
}

// topicNamed is the topic that the arguments of help name. It comes before a
// command of its name, which has --help.
func topicNamed(args []string) (tui.Topic, bool) {
	for _, t := range topics(tui.Keys()) {
		if len(args) == 1 && args[0] == t.Name {
			return t, true
		}
	}
	return tui.Topic{}, false
}

// keysTopic lists the keys as they are set.
func keysTopic(keys *keymap.Table) string {
	var b strings.Builder
	b.WriteString("KEYS OF THE EXPLORER\n\n")
	for _, s := range append([]keymap.Scope{keymap.Global}, keymap.Scopes...) {
		where := string(s)
		if s == keymap.Global {
			where = "everywhere"
		}
		fmt.Fprintf(&b, "%s\n", where)
		for _, a := range keys.In(s) {
			fmt.Fprintf(&b, "  %-22s %s\n", a.AllKeys(), a.Long)
		}
		b.WriteByte('\n')
	}
	b.WriteString("Those of a profile's keys: countersign keys --help\n")
	return b.String()
}

// rawBodyTopic is help on it.
func rawBodyTopic() string {
	var b strings.Builder
	b.WriteString("THE RAW BODY OF A CALLBACK\n\nA signature covers the bytes of the body. Verify them before " +
		"anything parses\n" +
		"them: a body that is parsed and written again has other spaces, order, escapes\nor numbers.\n\n")
	for _, r := range rawbody.Recipes {
		b.WriteString(r.Text() + "\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}
