//go:build linux

package cli

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/history"
)

// What becomes of a large answer, from outside: the program in a terminal, the
// file on the disk.

// largeAnswer is the size of an answer that a small disk has no room for, and whose
// record takes its time, in bytes.
const largeAnswer = 9 << 20

// bigTerminal is an explorer whose only profile leads to a server of so many
// bytes.
func bigTerminal(t *testing.T, home string, size int, asked func(), env ...string) (*terminal, *bigServer) {
	t.Helper()
	abs, err := filepath.Abs(testKeys)
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(home, "data")
	if err := seedSandbox(abs, filepath.Join(data, "sandbox")); err != nil {
		t.Fatal(err)
	}
	big := newBigServer(t, size, true)
	big.asked = asked
	big.sign()
	config := filepath.Join(home, ".config", "countersign")
	if err := os.MkdirAll(config, 0o700); err != nil {
		t.Fatal(err)
	}
	big.configure(t, filepath.Join(config, "config.toml"), data)
	x := openTerminalAt(t, home, 140, 40, false, env...)
	x.until("Ready: ctrl+r", patience)
	return x, big
}

// lastRun is the newest run that the file holds.
func lastRun(t *testing.T, home string) apiclient.Exchange {
	t.Helper()
	s, notice, err := history.Open(context.Background(), filepath.Join(home, "data", historyFile))
	if err != nil || notice != "" {
		t.Fatal(notice, err)
	}
	defer func() { _ = s.Close() }()
	e, err := s.Get(context.Background(), "last")
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// whole reports whether a run holds all of its answer.
func whole(e apiclient.Exchange, big *bigServer) bool {
	return e.Outcome == apiclient.Answered && e.Response != nil && bytes.Equal(e.Response.Body, big.body)
}

// exits waits for the end of the program.
func (x *terminal) exits(limit time.Duration) {
	x.t.Helper()
	select {
	case <-x.ended:
	case <-time.After(limit):
		x.t.Fatalf("the explorer did not end:\n%s", x.text())
	}
	_ = x.command.Wait()
}

// holdHistory keeps the file from being written until the function that it
// gives is called, as a slow disk does.
func holdHistory(t *testing.T, home string) (let func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(home, "data", historyFile)+"?_txlock=immediate&_busy_timeout=5000")
	if err != nil {
		t.Error(err)
		return func() {}
	}
	tx, err := db.Begin()
	if err != nil {
		t.Error(err)
	}
	return func() {
		_ = tx.Rollback()
		_ = db.Close()
	}
}

// What is shown is recorded.
func TestQuittingAsSoonAsALargeAnswerIsShown(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	x, big := bigTerminal(t, home, largeAnswer, nil)
	x.press("\x12")
	x.until("S SUCCESS · request verified · response verified", patience)
	x.press("q")
	x.exits(patience)
	if e := lastRun(t, home); !whole(e, big) {
		t.Errorf("the run is %s and its answer is not whole", e.Outcome)
	}
}

// A history that cannot be written holds nobody back: who leaves leaves, and the
// run says that its outcome is unknown.
func TestQuittingWhileTheHistoryIsStuck(t *testing.T) {
	t.Parallel()
	home, held := t.TempDir(), make(chan func(), 1)
	x, _ := bigTerminal(t, home, largeAnswer, func() { held <- holdHistory(t, home) })
	x.press("\x12")
	let := <-held
	x.press("q")
	x.until("Quit all the same?", patience)
	began := time.Now()
	x.press("y")
	x.exits(patience)
	took := time.Since(began)
	let()
	if took > 9*time.Second { // less than what waits for the file
		t.Errorf("it left after %s", took)
	}
	if e := lastRun(t, home); e.Outcome != apiclient.Unknown || e.Response != nil {
		t.Errorf("the run is %s", e.Outcome)
	}
}

// TestFullDiskInATerminal: an answer that finds no room stays on the screen,
// it is said, and it is recorded once there is room.
func TestFullDiskInATerminal(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := filepath.Join(home, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("none", data, "tmpfs", 0, "size=8m,mode=0700"); err != nil {
		t.Skipf("no small disk can be made: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(data, syscall.MNT_DETACH) })
	x, big := bigTerminal(t, home, largeAnswer, nil)
	x.press("\x12")
	x.until("the end of the run could not be recorded", patience)
	x.until("the disk is full", patience)
	x.until(bigMark, patience)
	if e := lastRun(t, home); e.Outcome != apiclient.Unknown || e.Response != nil || len(e.Request.Body) == 0 {
		t.Errorf("the run is %s", e.Outcome)
	}
	x.press("q")
	x.until("Quit and lose 1 answer?", patience)
	x.press("n")
	x.until(bigMark, patience)
	if err := syscall.Mount("none", data, "tmpfs", syscall.MS_REMOUNT, "size=200m,mode=0700"); err != nil {
		t.Fatal(err)
	}
	x.press("q")
	x.exits(patience)
	if e := lastRun(t, home); !whole(e, big) || e.Err != "" {
		t.Errorf("the run is %s %q and its answer is not whole", e.Outcome, e.Err)
	}
}
