// Package cli is the command line: flags, configuration, subcommands and the
// wiring between them and the parts that do the work. Without a subcommand it
// opens the explorer.
package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"countersign/tui"
	"countersign/tui/hugepages"
)

// Main runs one command and returns its exit code.
func Main(args []string, in io.Reader, out, err io.Writer) int {
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(whileStarting)
	}
	hugepages.Next() // the packages are initialised
	return run(args, newApp(in, out, err))
}

// whileStarting is the garbage collector's target until a command that stays
// has started: most commands end before a collection would be worth its time,
// which is a tenth of theirs.
const whileStarting = 400

// started is called by the commands that stay. What their start left is
// collected once the first frame is on the screen.
func started() {
	if _, set := os.LookupEnv("GOGC"); !set {
		time.AfterFunc(time.Second, func() { debug.SetGCPercent(100) })
	}
}

func run(args []string, a *app) int {
	ctx, stop := a.untilInterrupted()
	defer stop()
	return a.execute(ctx, args)
}

// untilInterrupted returns a context that the first signal ends. The second one
// ends the process at once, whatever it is doing.
func (a *app) untilInterrupted() (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		<-signals
		a.abandon()
	}()
	return ctx, func() { signal.Stop(signals); cancel() }
}

// abandon ends the process without an end: what is recorded already stays.
func (a *app) abandon() {
	if restore := a.restore.Load(); restore != nil {
		(*restore)()
	}
	os.Exit(exitInterrupted)
}

// exitInterrupted is what shells report for a process that ctrl+c ended.
const exitInterrupted = 130

// execute runs one command until it is done or ctx ends it.
func (a *app) execute(ctx context.Context, args []string) int {
	defer a.close()
	root := a.root()
	if len(args) > 0 { // else it is the explorer, which need not wait for them
		a.addCommands(root)
	}
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	// Flags that stand after a faulty one were not read.
	a.flags.json = a.flags.json || codeOf(err) == exitUsage && slices.Contains(args, "--json")
	if a.flags.json && cmd.Name() != "completion" {
		a.reportJSON(err)
	}
	return report(a.err, err)
}

// Root returns the tree of commands, for what writes documents about them.
func Root() *cobra.Command {
	a := newApp(strings.NewReader(""), io.Discard, io.Discard)
	root := a.root()
	a.addCommands(root)
	return root
}

// root is the command without a name, which opens the explorer.
func (a *app) root() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "countersign [DIR|FILE.http]",
		Short:         "Explore and debug signed Mini Program OpenAPIs",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          explorerArgs,
		RunE:          a.explore,
	}
	cmd.SetOut(a.out)
	cmd.SetErr(a.err)
	cmd.SetIn(a.in)
	cmd.CompletionOptions.DisableDefaultCmd = true
	cmd.SetHelpCommand(helpCommand())
	cmd.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage(fmt.Sprintf("run %q", c.CommandPath()+" --help"), "%w", err)
	})
	flags := cmd.PersistentFlags()
	flags.StringVar(&a.flags.config, "config", "", "read this configuration `FILE`")
	flags.StringVar(&a.flags.profile, "profile", "", "use the profile of this `NAME`")
	flags.BoolVar(&a.flags.json, "json", false, "print one JSON document")
	flags.BoolVar(&a.flags.noColor, "no-color", false, "print without colours")
	complete(cmd, "profile", a.completeProfiles)
	return cmd
}

func (a *app) addCommands(root *cobra.Command) {
	root.Version = version()
	root.SetVersionTemplate("countersign {{.Version}}\n")
	root.AddCommand(
		a.sendCommand(), a.signCommand(), a.verifyCommand(), a.diagnoseCommand(), a.replayCommand(), a.testCommand(),
		a.captureCommand(), a.listenCommand(), a.notifyCommand(), a.probeCommand(), a.historyCommand(), a.exportCommand(),
		a.importCommand(), a.sandboxCommand(), a.endpointsCommand(), a.keysCommand(), a.initCommand(),
		a.checkCommand(), a.completionCommand(),
	)
	explain(root)
}

// helpCommand is cobra's own, but for a command that does not exist.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "help [TOPIC|COMMAND]", Short: "Help about a topic or a command",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, typed string) (completions, directive) {
			var list []cobra.Completion
			for _, t := range topics(tui.Keys()) {
				if len(args) == 0 && strings.HasPrefix(t.Name, typed) {
					list = append(list, cobra.CompletionWithDesc(t.Name, t.Title))
				}
			}
			if at, _, err := cmd.Root().Find(args); err == nil {
				for _, c := range at.Commands() {
					if c.IsAvailableCommand() && strings.HasPrefix(c.Name(), typed) {
						list = append(list, cobra.CompletionWithDesc(c.Name(), c.Short))
					}
				}
			}
			return list, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if t, ok := topicNamed(args); ok {
				_, err := io.WriteString(cmd.OutOrStdout(), t.Text)
				return err
			}
			at := cmd.Root()
			for i, name := range args {
				next := slices.IndexFunc(at.Commands(), func(c *cobra.Command) bool { return c.Name() == name || c.HasAlias(name) })
				if next < 0 {
					return noSubcommand(at, args[i:])
				}
				at = at.Commands()[next]
			}
			at.InitDefaultHelpFlag()
			at.InitDefaultVersionFlag()
			return at.Help()
		},
	}
}

// complete registers a flag's completion. It fails only for flags that do not
// exist, which a test would see.
func complete(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err)
	}
}

// noSubcommand refuses what is left of the arguments of a command that only
// has subcommands.
func noSubcommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := fmt.Sprintf("run %q", cmd.CommandPath()+" --help")
	if cmd.SuggestionsMinimumDistance <= 0 {
		cmd.SuggestionsMinimumDistance = 2
	}
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf("did you mean %s?", strings.Join(near, " or "))
	}
	return usage(hint, "unknown command %q for %q", args[0], cmd.CommandPath())
}

// args takes between least and most arguments; what names them in the error.
func args(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		hint := fmt.Sprintf("run %q", cmd.CommandPath()+" --help")
		switch {
		case len(args) < least:
			return usage(hint, "%s needs %s", cmd.CommandPath(), what)
		case len(args) > most && most == 0:
			return usage(hint, "%s takes no arguments, not %q", cmd.CommandPath(), args[0])
		case len(args) > most:
			return usage(hint, "%s takes %s: %q is one too many", cmd.CommandPath(), what, args[most])
		}
		return nil
	}
}

// release is the version of a release, which its build sets; else "".
var release string

// version is that of the release, else what the go command recorded about this build.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	v := strings.Trim(info.Main.Version, "()")
	if v == "" {
		v = "devel"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && v == "devel" && len(s.Value) >= 12 {
			v += " " + s.Value[:12]
		}
	}
	return v
}
