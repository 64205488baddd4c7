package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"countersign/history"
)

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "completion bash|zsh|fish", Short: "Print a completion script for your shell",
		Args:      args(1, 1, "one of: bash, zsh, fish"),
		ValidArgs: []string{"bash", "zsh", "fish"},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.out, true)
			case "zsh":
				return root.GenZshCompletion(a.out)
			case "fish":
				return root.GenFishCompletion(a.out, true)
			}
			return usage("use one of: bash, zsh, fish", "there is no completion for %q", args[0])
		},
	}
}

// The completions below are silent about whatever goes wrong: a shell that
// asks for a completion is no place for errors.

// What cobra completes with, in fewer words.
type (
	completions = []cobra.Completion
	directive   = cobra.ShellCompDirective
)

// oneOf completes with a few words, each perhaps with what it means behind a tab.
func oneOf(words ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
}

func (a *app) completeEndpoints(_ *cobra.Command, args []string, typed string) (completions, directive) {
	all, err := a.catalog()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var list []cobra.Completion
	seen := map[string]bool{}
	for _, e := range all.Endpoints() {
		for _, name := range []string{e.Name, e.ID, e.Path} {
			if !seen[name] && strings.HasPrefix(name, typed) && (name != e.Path || strings.HasPrefix(typed, "/")) {
				seen[name] = true
				list = append(list, cobra.CompletionWithDesc(name, e.Summary))
			}
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

func (a *app) completeProfiles(_ *cobra.Command, _ []string, typed string) (completions, directive) {
	c, err := a.config()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var list []cobra.Completion
	for _, name := range c.Names() {
		if strings.HasPrefix(name, typed) {
			list = append(list, name)
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

func (a *app) completeRuns(_ *cobra.Command, args []string, typed string) (completions, directive) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	list := []cobra.Completion{}
	if strings.HasPrefix("last", typed) {
		list = append(list, cobra.CompletionWithDesc("last", "the newest run"))
	}
	store, err := a.store()
	if err != nil {
		return list, cobra.ShellCompDirectiveNoFileComp
	}
	runs, err := store.List(context.Background(), history.Query{Limit: 200})
	if err != nil {
		return list, cobra.ShellCompDirectiveNoFileComp
	}
	for _, r := range runs {
		if strings.HasPrefix(r.ID, typed) {
			list = append(list, cobra.CompletionWithDesc(r.ID,
				fmt.Sprintf("%s %s %s", r.StartedAt.Local().Format("15:04:05"), r.Endpoint, runResult(r))))
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

// completeEvidence offers runs, and leaves files to the shell.
func (a *app) completeEvidence(cmd *cobra.Command, args []string, typed string) (completions, directive) {
	list, _ := a.completeRuns(cmd, args, typed)
	return list, cobra.ShellCompDirectiveDefault
}
