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
)

var runsActions = []Action{
	{ID: RunsLoad, Scope: Runs, Keys: []string{"enter", "l", "right"}, Short: "show", Long: "Show this run (sends nothing)", Footer: 15},
	{ID: RunsAgain, Scope: Runs, Keys: []string{"r"}, Short: "send again", Long: "Send this run's request again, with a new time and signature", Footer: 16},
	{ID: RunsSearch, Scope: Runs, Keys: []string{"/"}, Short: "search", Long: "Search everything in all runs", Footer: 17},
	{ID: RunsUp, Scope: Runs, Keys: []string{"up", "k"}, Long: "Go up"},
	{ID: RunsDown, Scope: Runs, Keys: []string{"down", "j"}, Long: "Go down"},
	{ID: RunsPageUp, Scope: Runs, Keys: []string{"pgup"}, Long: "Go up a page"},
	{ID: RunsPageDn, Scope: Runs, Keys: []string{"pgdown"}, Long: "Go down a page"},
	{ID: RunsTop, Scope: Runs, Keys: []string{"home", "g"}, Long: "Go to the newest run"},
	{ID: RunsBottom, Scope: Runs, Keys: []string{"end", "G"}, Long: "Go to the oldest run that is loaded"},
}
