package ui

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"

	_ "countersign/tui/quiet" // before Bubble Tea's init asks by itself
)

// queryLimit is how long a terminal may take to tell its background: a local
// one needs under a millisecond, one over a slow line some tens of them.
const queryLimit = 150 * time.Millisecond

// DetectDark decides whether the terminal's background is dark: from
// COLORFGBG, else by one question to the terminal with a short limit, else it
// takes it for dark. The query is given the limit and answers with what the
// terminal said to OSC 11; nil asks nothing.
func DetectDark(getenv func(string) string, query func(limit time.Duration) (string, error)) bool {
	if dark, ok := darkByEnv(getenv("COLORFGBG")); ok {
		return dark
	}
	if query == nil {
		return true
	}
	reply, err := query(queryLimit)
	if err != nil {
		return true
	}
	if dark, ok := darkByReply(reply); ok {
		return dark
	}
	return true
}

// darkByEnv reads COLORFGBG, "15;0" or "0;default;15": the last is the
// background, 7 and 9 to 15 are the light colours.
func darkByEnv(value string) (dark, ok bool) {
	fields := strings.Split(value, ";")
	if len(fields) < 2 {
		return false, false
	}
	n, err := strconv.Atoi(fields[len(fields)-1])
	if err != nil || n < 0 || n > 15 {
		return false, false
	}
	return n < 7 || n == 8, true
}

// darkByReply reads an answer to OSC 11: ESC ] 11 ; rgb:RRRR/GGGG/BBBB and a
// terminator, 1 to 4 hex digits each.
func darkByReply(reply string) (dark, ok bool) {
	_, rest, found := strings.Cut(reply, "]11;rgb")
	if !found {
		return false, false
	}
	_, rest, found = strings.Cut(rest, ":") // rgb: or rgba:
	if !found {
		return false, false
	}
	rest, _, _ = strings.Cut(rest, "\x1b")
	rest, _, _ = strings.Cut(rest, "\a")
	parts := strings.Split(rest, "/")
	if len(parts) < 3 {
		return false, false
	}
	var rgb [3]float64
	for i := range rgb {
		n, err := strconv.ParseUint(parts[i], 16, 16)
		if err != nil || len(parts[i]) > 4 {
			return false, false
		}
		rgb[i] = float64(n) / float64(uint64(1)<<(4*len(parts[i]))-1)
	}
	luma := 0.2126*rgb[0] + 0.7152*rgb[1] + 0.0722*rgb[2]
	return luma < 0.5, true
}

var errNoAnswer = errors.New("the terminal did not tell its background")

// QueryBackground asks the process's terminal for its background colour and
// waits at most that long. It must not run while anything else reads the
// terminal. Systems on which a terminal cannot be read with a limit (a read
// left behind would eat the person's first key) are not asked.
func QueryBackground(limit time.Duration) (string, error) {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer func() { _ = tty.Close() }()
	return queryTTY(tty, limit)
}

// queryTTY asks two things: the colour, and the device attributes, which every
// terminal knows. The second answer ends the wait on those that do not know
// the first.
func queryTTY(tty *os.File, limit time.Duration) (string, error) {
	if err := tty.SetReadDeadline(time.Now().Add(limit)); err != nil {
		return "", err
	}
	raw, err := tty.SyscallConn()
	if err != nil {
		return "", err
	}
	var state *term.State
	var modeErr error
	if err := raw.Control(func(fd uintptr) { state, modeErr = term.MakeRaw(int(fd)) }); err != nil || modeErr != nil {
		return "", errors.Join(err, modeErr)
	}
	defer func() { _ = raw.Control(func(fd uintptr) { _ = term.Restore(int(fd), state) }) }()

	if _, err := tty.WriteString("\x1b]11;?\x1b\\\x1b[c"); err != nil {
		return "", err
	}
	var reply []byte
	buf := make([]byte, 256)
	for len(reply) < 4096 {
		n, err := tty.Read(buf)
		reply = append(reply, buf[:n]...)
		if attributesEnd(reply) {
			return string(reply), nil
		}
		if err != nil {
			break
		}
	}
	if _, ok := darkByReply(string(reply)); ok {
		return string(reply), nil
	}
	return "", errNoAnswer
}

// attributesEnd reports whether the answer to the device attributes, ESC [ ? … c,
// has come in full.
func attributesEnd(reply []byte) bool {
	_, rest, found := strings.Cut(string(reply), "\x1b[?")
	return found && strings.HasSuffix(rest, "c")
}
