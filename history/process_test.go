package history

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"countersign/apiclient"
)

// childVariable makes the test binary act as another program on the same file.
const childVariable = "COUNTERSIGN_HISTORY_TEST_CHILD"

// childRuns is how many runs a child records.
const childRuns = 10

// child runs in the other process: args are the path and the number of its
// first run. It prints what it has done, one line each.
func child(mode string, args []string) int {
	var first int
	if _, err := fmt.Sscan(args[1], &first); err != nil {
		fmt.Println("error:", err)
		return 1
	}
	ctx := context.Background()
	s, notice, err := Open(ctx, args[0])
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	if notice != "" {
		fmt.Println("notice:", notice)
	}
	if mode == "large" {
		return recordLarge(s, first)
	}
	for n := first; mode == "endless" || n < first+childRuns; n++ {
		e := exchangeOf(n)
		if err := s.Begin(ctx, e); err != nil {
			fmt.Println("error:", err)
			return 1
		}
		fmt.Println("begun", e.ID)
		if mode == "endless" && n%2 == 0 {
			continue // dies with half of its runs not answered
		}
		if err := s.Complete(ctx, answer(e)); err != nil {
			fmt.Println("error:", err)
			return 1
		}
		fmt.Println("completed", e.ID)
	}
	if err := s.Close(); err != nil {
		fmt.Println("error:", err)
		return 1
	}
	return 0
}

// startChild starts another program on path.
func startChild(t *testing.T, mode, path string, first int) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, path, fmt.Sprint(first))
	cmd.Env = append(os.Environ(), childVariable+"="+mode)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// TestKill9 kills a program in the middle of its work: each run that was
// acknowledged is there, and those without an answer are unknown.
func TestKill9(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	cmd, lines := startChild(t, "endless", path, 0)
	acknowledged := map[string]apiclient.Outcome{}
	for n := 0; n < 30 && lines.Scan(); n++ {
		switch verb, id, _ := strings.Cut(lines.Text(), " "); verb {
		case "begun":
			acknowledged[id] = apiclient.Unknown
		case "completed":
			acknowledged[id] = apiclient.Answered
		default:
			t.Fatal(lines.Text())
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed: that is its error
	s := openAt(t, path)
	if len(acknowledged) < 15 {
		t.Fatalf("only %d runs", len(acknowledged))
	}
	for id, outcome := range acknowledged {
		e, err := s.Get(context.Background(), id)
		if err != nil {
			t.Errorf("%s is lost: %v", id, err)
			continue
		}
		// The last may have been completed after we stopped reading.
		if e.Outcome != outcome && outcome == apiclient.Answered {
			t.Errorf("%s is %s, want %s", id, e.Outcome, outcome)
		}
	}
	e, err := s.Get(context.Background(), idOf(0))
	if err != nil || e.Outcome != apiclient.Unknown || len(e.Request.Body) == 0 || e.Sent.Canonical == nil {
		t.Errorf("the first run was never answered: %+v, %v", e, err)
	}
	if got := seqs(t, s, Query{Search: "unknown " + idOf(0)}); len(got) != 1 {
		t.Errorf("a search does not find it: %v", got)
	}
}

// finish reads all that a child says, but for what it has done.
func finish(t *testing.T, cmd *exec.Cmd, lines *bufio.Scanner) (notices []string) {
	t.Helper()
	for lines.Scan() {
		if says, ok := strings.CutPrefix(lines.Text(), "notice: "); ok {
			notices = append(notices, says)
		} else if strings.HasPrefix(lines.Text(), "error:") {
			t.Error(lines.Text())
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	return notices
}

// TestManyPrograms: four processes start on the same new file, one of them
// this one, and write while it lists and searches.
func TestManyPrograms(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "history.db")
	wait := make([]func(), 3)
	for i := range wait {
		cmd, lines := startChild(t, "some", path, 1000*(i+1))
		wait[i] = func() {
			if n := finish(t, cmd, lines); len(n) > 0 {
				t.Error(n)
			}
		}
	}
	s := openAt(t, path)
	for i := range childRuns {
		e := exchangeOf(i)
		if err := s.Begin(ctx, e); err != nil {
			t.Fatal(err)
		}
		if _, err := s.List(ctx, Query{Search: "payment"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Complete(ctx, answer(e)); err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range wait {
		w()
	}
	if n, err := s.Count(ctx); n != 4*childRuns || err != nil {
		t.Errorf("%d runs, %v", n, err)
	}
	for _, search := range []string{"", "answered 20260421000001"} {
		if got := seqs(t, s, Query{Search: search}); len(got) != 4*childRuns {
			t.Errorf("%q: %d runs", search, len(got))
		}
	}
}

// TestManyProgramsFindTheSameDamage: one sets the file aside, all go on with
// the new one.
func TestManyProgramsFindTheSameDamage(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	garbage := []byte(strings.Repeat("not a database. ", 1000))
	if err := os.WriteFile(path, garbage, 0o600); err != nil {
		t.Fatal(err)
	}
	type process struct {
		cmd   *exec.Cmd
		lines *bufio.Scanner
	}
	var all []process
	for i := range 4 {
		cmd, lines := startChild(t, "some", path, 1000*i)
		all = append(all, process{cmd, lines})
	}
	notices := []string{}
	for _, p := range all {
		notices = append(notices, finish(t, p.cmd, p.lines)...)
	}
	if len(notices) != 1 {
		t.Errorf("notices: %q", notices)
	}
	aside, err := filepath.Glob(path + ".damaged-*")
	if err != nil || len(aside) != 1 {
		t.Fatalf("set aside: %v %v", aside, err)
	}
	if got, err := os.ReadFile(aside[0]); err != nil || string(got) != string(garbage) {
		t.Errorf("the damaged file changed: %v", err)
	}
	s := openAt(t, path)
	if n, err := s.Count(context.Background()); n != 4*childRuns || err != nil {
		t.Errorf("%d runs, %v", n, err)
	}
}
