package keys

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

// commandTimeout is how long a command may take. Password managers may wait
// for a finger on a sensor.
const commandTimeout = 30 * time.Second

func (l Loader) readCommand(ctx context.Context, argv []string) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	run := l.Run
	if run == nil {
		run = l.exec
	}
	out, err := run(limited, argv)
	program := filepath.Base(argv[0])
	switch {
	case ctx.Err() != nil:
		clear(out)
		return nil, ctx.Err()
	case limited.Err() != nil:
		clear(out)
		return nil, &hint.Error{Says: fmt.Sprintf("it did not finish in %v", commandTimeout),
			Fix: "run it by hand: it may be waiting for an answer; sign in to " + program + " first", Err: limited.Err()}
	case errors.Is(err, exec.ErrNotFound):
		return nil, &hint.Error{Says: "the program is not installed, or not in PATH", Fix: "write its whole path", Err: err}
	case err != nil:
		clear(out)
		return nil, &hint.Error{Says: "it failed: " + presentable(err.Error()),
			Fix: "run it by hand to see what it wants; commands run without a shell", Err: err}
	case len(bytes.TrimSpace(out)) == 0:
		return nil, &hint.Error{Says: "it printed nothing", Fix: "the key is read from its standard output"}
	}
	return out, nil
}

// exec runs a program without a shell. Its standard output, the secret, is
// never in the error; what it says on standard error is.
func (l Loader) exec(ctx context.Context, argv []string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = l.Dir
	cmd.WaitDelay = time.Second // a child that holds the pipe is not waited for
	stdout, stderr := limitedBuffer{max: maxSource + 1}, limitedBuffer{max: 4096}
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		clear(stdout.kept)
		said := strings.TrimSpace(string(stderr.kept))
		if said == "" {
			return nil, fmt.Errorf("%s", exit.ProcessState)
		}
		return nil, fmt.Errorf("%s: %s", exit.ProcessState, said)
	case err != nil:
		clear(stdout.kept)
		return nil, err
	case len(stdout.kept) > maxSource:
		clear(stdout.kept)
		return nil, fmt.Errorf("it printed more than %d MB, which is no key", maxSource>>20)
	}
	return stdout.kept, nil
}

// limitedBuffer keeps the first max bytes and lets the writer go on.
type limitedBuffer struct {
	kept []byte
	max  int
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	b.kept = append(b.kept, p[:min(len(p), b.max-len(b.kept))]...)
	return len(p), nil
}

var (
	terminalCodes = lazyregexp.New("\x1b\\[[0-9;?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)")
	secretLike    = lazyregexp.New(`[A-Za-z0-9+=]{16,}`)
)

// presentable makes what a command said fit for an error: one line, short,
// without control characters and without anything as long as key material.
func presentable(s string) string {
	const most = 200
	if strings.Contains(s, "-----BEGIN") {
		return "what it said holds a key and is not shown"
	}
	s = terminalCodes.ReplaceAllString(s, "")
	s = printable(s)
	s = secretLike.ReplaceAllString(strings.Join(strings.Fields(s), " "), "…")
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return s
}

// printable keeps what can be shown on one line of a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
}
