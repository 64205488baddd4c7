package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"countersign/apiclient"
	"countersign/apiclient/signing"
	"countersign/history"
	"countersign/tui/ui"
)

func (a *app) historyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "history", Short: "The saved runs",
		Args: noSubcommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.list(cmd.Context(), history.Query{Profile: a.flags.profile})
		},
	}
	cmd.AddCommand(a.historyListCommand(), a.historyShowCommand(), a.historySearchCommand(), a.historyDiffCommand(),
		a.historyNameCommand(), a.historyPinCommand(), a.historyDeleteCommand(), a.historyPruneCommand(),
		a.historyExportCommand(), a.historyImportCommand(), a.historyCheckCommand(), a.historyCompactCommand())
	return cmd
}

// queryFlags are what list and search share.
func (a *app) queryFlags(cmd *cobra.Command, q *history.Query) {
	f := cmd.Flags()
	f.IntVarP(&q.Limit, "limit", "n", 50, "show this `NUMBER` of runs at most")
	f.StringVar(&q.Endpoint, "endpoint", "", "only runs of this `ENDPOINT`")
	complete(cmd, "endpoint", a.completeEndpoints)
}

func (a *app) historyListCommand() *cobra.Command {
	var q history.Query
	cmd := &cobra.Command{
		Use: "list", Short: "List the runs, newest first",
		RunE: func(cmd *cobra.Command, _ []string) error {
			q.Profile = a.flags.profile
			return a.list(cmd.Context(), q)
		},
	}
	a.queryFlags(cmd, &q)
	return cmd
}

func (a *app) historySearchCommand() *cobra.Command {
	var q history.Query
	cmd := &cobra.Command{
		Use: "search WORD...", Short: "Find runs by words and filters", Long: searchFilters(),
		Args: args(1, 1<<16, "at least one WORD"),
		RunE: func(cmd *cobra.Command, args []string) error {
			found, err := parseQuery(strings.Join(args, " "))
			if err != nil {
				return err
			}
			found.Limit, found.Endpoint, found.Profile = q.Limit, q.Endpoint, a.flags.profile
			return a.list(cmd.Context(), found)
		},
	}
	a.queryFlags(cmd, &q)
	return cmd
}

// parseQuery reads words and filters.
func parseQuery(text string) (history.Query, error) {
	q, wrong := history.ParseQuery(text)
	if len(wrong) > 0 {
		return q, usage("put a word in quotation marks to search for it as it stands", "%s", wrong[0])
	}
	return q, nil
}

// found lists the runs that a query finds, of one profile or "" for any; that there
// are none is wrong usage.
func (a *app) found(ctx context.Context, query, profile string, limit int) ([]history.Run, error) {
	q, err := parseQuery(query)
	if err != nil {
		return nil, err
	}
	store, err := a.store()
	if err != nil {
		return nil, err
	}
	q.Limit = limit
	if profile != "" {
		q.Profile = profile
	}
	runs, err := store.List(ctx, q)
	if err == nil && len(runs) == 0 {
		err = usage("see what there is: countersign history search", "no saved run matches %q", query)
	}
	return runs, err
}

func (a *app) historyShowCommand() *cobra.Command {
	var body, requestBody bool
	cmd := &cobra.Command{
		Use: "show RUN", Short: "Show one run whole",
		Args:              args(1, 1, `one RUN: an id, the start of one, or "last"`),
		ValidArgsFunction: a.completeRuns,
		RunE: func(cmd *cobra.Command, args []string) error {
			if body && requestBody || (body || requestBody) && a.flags.json {
				return usage("give one of them", "--body, --request-body and --json exclude each other")
			}
			e, err := a.listedRun(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			a.recheck(cmd.Context(), nil, &e)
			return a.show(e, body, requestBody)
		},
	}
	cmd.Flags().BoolVar(&body, "body", false, "print only the response's body, byte for byte")
	cmd.Flags().BoolVar(&requestBody, "request-body", false, "print only the request's body, byte for byte")
	return cmd
}

// run gets a saved run; one that does not exist is wrong usage.
func (a *app) run(ctx context.Context, id string) (apiclient.Exchange, error) {
	store, err := a.store()
	if err != nil {
		return apiclient.Exchange{}, err
	}
	e, err := store.Get(ctx, id)
	if errors.Is(err, history.ErrNotFound) {
		return e, unreadable(err)
	}
	return e, err
}

// listedRun is run for the commands of the history, where --profile filters:
// "last" is the last one of that profile.
func (a *app) listedRun(ctx context.Context, id string) (apiclient.Exchange, error) {
	if id != "last" || a.flags.profile == "" {
		return a.run(ctx, id)
	}
	store, err := a.store()
	if err != nil {
		return apiclient.Exchange{}, err
	}
	runs, err := store.List(ctx, history.Query{Profile: a.flags.profile, Limit: 1})
	if err != nil {
		return apiclient.Exchange{}, err
	}
	if len(runs) == 0 {
		return apiclient.Exchange{}, usage("leave --profile out for the last run of all", "the profile %q has no runs",
			a.flags.profile)
	}
	return a.run(ctx, runs[0].ID)
}

// runLine is a run in the documents of list and search.
type runLine struct {
	ID        string            `json:"id"`
	StartedAt time.Time         `json:"startedAt"`
	Origin    apiclient.Origin  `json:"origin"`
	Profile   string            `json:"profile"`
	Endpoint  string            `json:"endpoint"`
	Method    string            `json:"method"`
	Path      string            `json:"path"`
	Outcome   apiclient.Outcome `json:"outcome"`
	Status    int               `json:"status"`
	Result    result            `json:"result"`
	Sent      string            `json:"sent"`
	Received  string            `json:"received"`
	TotalMs   float64           `json:"totalMs"`
	Error     string            `json:"error"`
	Name      string            `json:"name,omitempty"`
	Pinned    bool              `json:"pinned,omitempty"`
	Tampered  string            `json:"tampered,omitempty"` // names of ours, joined by ", "
}

type result struct {
	Status  string `json:"status"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (a *app) list(ctx context.Context, q history.Query) error {
	store, err := a.store()
	if err != nil {
		return err
	}
	if q.Limit < 0 {
		return usage("give a number of at least 1", "--limit is %d", q.Limit)
	}
	if q.Endpoint != "" {
		if q.Endpoint, err = a.endpointID(q.Endpoint); err != nil {
			return err
		}
	}
	runs, err := store.List(ctx, q)
	if err != nil {
		return err
	}
	if a.flags.json {
		lines := []runLine{}
		for _, r := range runs {
			lines = append(lines, runLine{
				r.ID, r.StartedAt, r.Origin, r.Profile, r.Endpoint, r.Method, r.Path, r.Outcome, r.Status,
				result{r.Result.Status, r.Result.Code, r.Result.Message}, r.Sent, r.Received, float64(r.Total) / 1e6, r.Err,
				r.Name, r.Pinned, r.Tampered,
			})
		}
		return a.printJSON(lines)
	}
	return a.printRuns(runs, q)
}

func (a *app) printRuns(runs []history.Run, q history.Query) error {
	if len(runs) == 0 {
		text := "no runs yet; send one: countersign send payments/pay\n"
		if q.Selective() {
			text = "no run matches\n"
		}
		return a.write([]byte(text))
	}
	rows := [][]string{{"STARTED", "PROFILE", "ENDPOINT", "RESULT", "REQUEST", "RESPONSE", "TOOK", "ID"}}
	for _, r := range runs {
		rows = append(rows, []string{
			r.StartedAt.Local().Format(time.DateTime), ui.Safe(r.Profile), ui.Safe(cmp.Or(r.Endpoint, r.Path) + remarks(r)),
			ui.Safe(runResult(r)), word(r.Sent), word(r.Received), took(r.Total), r.ID,
		})
	}
	var out printer
	table(&out, rows)
	return a.print(&out)
}

// remarks are what else there is to know of a run: its name, that it is
// pinned, what was tampered.
func remarks(r history.Run) string {
	text := ""
	if r.Name != "" {
		text += " “" + r.Name + "”"
	}
	if r.Pinned {
		text += " (pinned)"
	}
	if r.Tampered != "" {
		text += " (tampered: " + r.Tampered + ")"
	}
	return text
}

// searchFilters explains the filters.
func searchFilters() string {
	var out strings.Builder
	for _, f := range history.Filters {
		name := f.Key + ":VALUE"
		if f.Key == "" {
			name = strings.Join(f.Values, ", ")
		}
		fmt.Fprintf(&out, "\n  %-22s %s", name, f.Says)
		if f.Key != "" && f.Values != nil {
			fmt.Fprintf(&out, "\n  %-22s %s", "", strings.Join(f.Values, " "))
		}
	}
	return out.String()
}

// runResult says in a word or two how a run ended.
func runResult(r history.Run) string {
	switch {
	case r.Outcome == apiclient.Unknown:
		return "outcome unknown"
	case r.Outcome == apiclient.Canceled:
		return "canceled"
	case r.Outcome == apiclient.Lost:
		return "no answer, may have arrived"
	case r.Outcome == apiclient.Failed:
		return "not sent"
	case r.Result.Status != "":
		return r.Result.Status + " " + r.Result.Code
	}
	return fmt.Sprintf("HTTP %d", r.Status)
}

func word(status string) string { return cmp.Or(status, "-") }

func took(d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return ui.Millis(d)
}

// show prints one run whole.
func (a *app) show(e apiclient.Exchange, body, requestBody bool) error {
	switch {
	case requestBody:
		return a.write(e.Request.Body)
	case body && e.Response == nil:
		return failed("", "the run has no response")
	case body:
		return a.write(e.Response.Content())
	case a.flags.json:
		return a.printJSON(e)
	}
	var out printer
	out.line("%s", a.summary(e))
	out.line("%s", a.paint(faint, fmt.Sprintf("run %s · %s · profile %s · %s · %s", e.ID,
		e.StartedAt.Local().Format("2006-01-02 15:04:05.000"), ui.Safe(e.Profile), e.Origin, ui.Safe(e.URL))))
	out.line("")
	a.message(&out, e.Request)
	out.line("")
	a.proof(&out, e)
	if e.Response != nil {
		out.line("")
		a.message(&out, *e.Response)
		out.line("")
		a.received(&out, e.Received)
	}
	if e.Err != "" {
		out.line("%s  %s", a.paint(bad, "✗ problem"), ui.Safe(e.Err))
		out.line("            %s", ui.Safe(e.Hint))
	}
	a.refusedLine(&out, e)
	a.findings(&out, e)
	return a.print(&out)
}

// received prints what the response's signature was checked against.
func (a *app) received(out *printer, v signing.Verdict) {
	if len(v.Canonical) == 0 {
		return
	}
	out.line("%s", a.paint(bold, fmt.Sprintf("string that the response's signature is checked against, %d bytes",
		len(v.Canonical))))
	a.canonical(out, v.Canonical)
	out.line("sha256     %x", v.Digest)
	if v.Key != "" {
		out.line("key        %s", ui.Safe(v.Key))
	}
}
