package keymap

// Actions of the runs pane.
const (
	RunsUp     ID = "runs.up"
	RunsDown   ID = "runs.down"
	RunsPageUp ID = "runs.page-up"
	RunsPageDn ID = "runs.page-down"
	RunsTop    ID = "runs.top"
	RunsBottom ID = "runs.bottom"
	RunsLoad   ID = "runs.load"
	RunsAgain  ID = "runs.again"
	RunsSearch ID = "runs.search"

	RunsExact   ID = "runs.exact"
	RunsFilter  ID = "runs.filter"
	RunsMark    ID = "runs.mark"
	RunsCompare ID = "runs.compare"
	RunsPin     ID = "runs.pin"
	RunsName    ID = "runs.name"
	RunsDelete  ID = "runs.delete"
	RunsUndo    ID = "runs.undo"
)

var runsActions = []Action{
	{ID: RunsLoad, Scope: Runs, Keys: []string{"enter", "l", "right"}, Short: "show", Long: "Show this run (sends nothing)", Footer: 15},
	{ID: RunsAgain, Scope: Runs, Keys: []string{"r"}, Short: "send again", Long: "Send this run's request again, with a new time and signature", Footer: 16},
	{ID: RunsSearch, Scope: Runs, Keys: []string{"/"}, Short: "search", Long: "Search all runs: words, and filters such as status:F endpoint:pay pinned", Footer: 17},
	{ID: RunsMark, Scope: Runs, Keys: []string{" "}, Short: "mark", Long: "Mark this run, to compare or delete it, or unmark it", Footer: 18},
	{ID: RunsCompare, Scope: Runs, Keys: []string{"c"}, Short: "compare", Long: "Compare the two marked runs, this one with the marked one, or with the one before of its endpoint", Footer: 19},
	{ID: RunsFilter, Scope: Runs, Keys: []string{"f"}, Short: "filter", Long: "Choose what to show: by result, verdict, endpoint, profile and origin, with counts", Footer: 20},
	{ID: RunsUndo, Scope: Runs, Keys: []string{"u"}, Short: "undo", Long: "Bring back what was deleted last (for 24 hours)", Footer: 14},
	{ID: RunsPin, Scope: Runs, Keys: []string{"p"}, Short: "pin", Long: "Keep this run when old ones are removed, or no longer", Footer: 21},
	{ID: RunsName, Scope: Runs, Keys: []string{"n"}, Short: "name", Long: "Give this run a name", Footer: 22},
	{ID: RunsDelete, Scope: Runs, Keys: []string{"x", "delete"}, Short: "delete", Long: "Delete this run, or all that are marked", Footer: 23},
	{ID: RunsExact, Scope: Runs, Keys: []string{"R"}, Short: "same bytes", Long: "Send the very bytes of this run again: old time, old signature", Footer: 24},
	{ID: RunsUp, Scope: Runs, Keys: []string{"up", "k"}, Long: "Go up"},
	{ID: RunsDown, Scope: Runs, Keys: []string{"down", "j"}, Long: "Go down"},
	{ID: RunsPageUp, Scope: Runs, Keys: []string{"pgup"}, Long: "Go up a page"},
	{ID: RunsPageDn, Scope: Runs, Keys: []string{"pgdown"}, Long: "Go down a page"},
	{ID: RunsTop, Scope: Runs, Keys: []string{"home", "g"}, Long: "Go to the newest run"},
	{ID: RunsBottom, Scope: Runs, Keys: []string{"end", "G"}, Long: "Go to the oldest run"},
}
