package cli

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"countersign/apiclient/sandbox"
	"countersign/tui/cli/config"
)

func (a *app) approveCommand() *cobra.Command {
	var refuse bool
	cmd := &cobra.Command{
		Use: "approve ID", Short: "Approve a payment as its buyer", Args: args(1, 1, "ID"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.approve(cmd.Context(), args[0], !refuse) },
	}
	cmd.Flags().BoolVar(&refuse, "refuse", false, "refuse it")
	return cmd
}

// runningFolder has a file for each sandbox that runs, with mode 0600: whoever can
// read it may decide in the place of its buyers.
const runningFolder = "running"

// runningSandbox is such a file.
type runningSandbox struct {
	Decisions string `json:"decisions"` // URL
	Token     string `json:"token"`
}

// approveLimit is how long a decision may take.
const approveLimit = 10 * time.Second

// announce lets other programs of this person decide about what a sandbox asks
// buyers, and says where; forget ends that.
func (a *app) announce(s *sandbox.Sandbox) (forget func(), err error) {
	var server http.Server
	forget = func() { _ = server.Close() }
	dir, err := a.dataFile(filepath.Join(config.Sandbox, runningFolder))
	if err != nil {
		return forget, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return forget, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return forget, err
	}
	r := runningSandbox{"http://" + listener.Addr().String(), rand.Text()}
	server = http.Server{Handler: s.Decisions(r.Token), ReadTimeout: approveLimit, WriteTimeout: approveLimit}
	go func() { _ = server.Serve(listener) }()
	text, err := json.Marshal(r)
	if err != nil {
		return forget, err
	}
	file, err := os.CreateTemp(dir, fmt.Sprintf("%d-*.json", os.Getpid())) // mode 0600
	if err != nil {
		return forget, err
	}
	forget = func() {
		_ = os.Remove(file.Name())
		_ = server.Close()
	}
	_, err = file.Write(text)
	return forget, errors.Join(err, file.Close())
}

// running lists the sandboxes that run, the newest first.
func (a *app) running() (all []runningSandbox, err error) {
	dir, err := a.dataFile(filepath.Join(config.Sandbox, runningFolder))
	if err != nil {
		return nil, err
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	age := func(name string) time.Time {
		info, err := os.Stat(name)
		if err != nil {
			return time.Time{}
		}
		return info.ModTime()
	}
	slices.SortFunc(names, func(a, b string) int { return age(b).Compare(age(a)) })
	for _, name := range names {
		var r runningSandbox
		data, err := os.ReadFile(name)
		if err == nil && json.Unmarshal(data, &r) == nil && r.Decisions != "" {
			all = append(all, r)
		}
	}
	return all, nil
}

func (a *app) approve(ctx context.Context, id string, approve bool) error {
	all, err := a.running()
	if err != nil {
		return err
	}
	var last sandbox.Decision
	reached := false
	for _, r := range all {
		ctx, cancel := context.WithTimeout(ctx, approveLimit)
		d, err := sandbox.Ask(ctx, r.Decisions, r.Token, id, approve)
		cancel()
		if err != nil {
			continue // one that was killed leaves its file
		}
		if reached, last = true, d; !d.Unknown {
			break
		}
	}
	switch {
	case !reached:
		return failed(`start one with "countersign sandbox", with the same COUNTERSIGN_DATA`,
			"no sandbox runs on this machine")
	case last.Error != "":
		return failed(last.Hint, "%s", last.Error)
	case a.flags.json:
		return a.printJSON(last)
	}
	return a.write([]byte(last.Outcome + "\n"))
}
