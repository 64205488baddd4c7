//go:build linux

package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// The figures as a person feels them, from outside: the built program in a
// pseudo-terminal of 160x45 with a home of its own.
//
//	go test ./tui/cli -run '^$' -bench Terminal -benchtime 1x
//
// Each figure stands for itself, so there is no ns/op. The load is that of the
// machine before: on a busy one the figures mean little.

const (
	benchWidth, benchHeight = 160, 45
	quietTime               = 5 * time.Millisecond // with no byte for so long a frame is over
	settleTime              = 60 * time.Millisecond
)

// chunk is what one read from the terminal gave, and when.
type chunk struct {
	at    time.Time
	bytes []byte
}

// seat is a program in a terminal, and what a person at it would see. The time of a
// byte is taken by a goroutine that does nothing else.
type seat struct {
	b       *testing.B
	terms   *os.File
	command *exec.Cmd
	screen  *vt.SafeEmulator
	chunks  chan chunk
	began   time.Time
}

// sit starts a program.
func sit(b *testing.B, env []string, program string, args ...string) *seat {
	b.Helper()
	s := &seat{b: b, command: exec.Command(program, args...), screen: vt.NewSafeEmulator(benchWidth, benchHeight), chunks: make(chan chunk, 4096)}
	s.command.Env = env
	s.began = time.Now()
	terms, err := pty.StartWithSize(s.command, &pty.Winsize{Cols: benchWidth, Rows: benchHeight})
	if err != nil {
		b.Fatal(err)
	}
	s.terms = terms
	go func() { _, _ = io.Copy(terms, s.screen) }() // what the terminal answers
	go func() {
		defer close(s.chunks)
		buffer := make([]byte, 64<<10)
		for {
			n, err := terms.Read(buffer)
			if n > 0 {
				s.chunks <- chunk{time.Now(), bytes.Clone(buffer[:n])}
			}
			if err != nil {
				return
			}
		}
	}()
	b.Cleanup(s.leave)
	return s
}

func (s *seat) leave() {
	_ = s.command.Process.Kill()
	_ = s.command.Wait()
	_ = s.terms.Close()
}

// next waits for bytes; false means that none came in time.
func (s *seat) next(limit time.Duration) (chunk, bool) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case c, ok := <-s.chunks:
		if !ok {
			s.b.Fatalf("the program ended:\n%s", s.screen.String())
		}
		return c, true
	case <-timer.C:
		return chunk{}, false
	}
}

// draw lets the emulator draw bytes.
func (s *seat) draw(c chunk) { _, _ = s.screen.Write(c.bytes) }

// until waits for texts on the screen, and gives the time of the last byte of
// the frame that has them all.
func (s *seat) until(texts ...string) time.Time {
	s.b.Helper()
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		c, ok := s.next(time.Second)
		if !ok {
			continue
		}
		s.draw(c)
		if !s.shows(texts...) {
			continue
		}
		for at := c.at; ; at = c.at {
			if c, ok = s.next(quietTime); !ok {
				return at
			}
			s.draw(c)
		}
	}
	s.b.Fatalf("%q are not on the screen:\n%s", texts, s.screen.String())
	return time.Time{}
}

func (s *seat) shows(texts ...string) bool {
	screen := s.screen.String()
	return !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(screen, text) })
}

// settle waits until nothing is drawn any more and gives how many bytes came.
func (s *seat) settle(quiet time.Duration) int {
	n := 0
	for {
		c, ok := s.next(quiet)
		if !ok {
			return n
		}
		s.draw(c)
		n += len(c.bytes)
	}
}

func (s *seat) press(keys string) time.Time {
	s.b.Helper()
	at := time.Now()
	if _, err := io.WriteString(s.terms, keys); err != nil {
		s.b.Fatal(err)
	}
	return at
}

// go to a place: each key is drawn before the next.
func (s *seat) presses(keys ...string) {
	s.b.Helper()
	for _, k := range keys {
		s.press(k)
		s.settle(settleTime)
	}
}

// frame is the time from a key to the last byte of its frame; false means that
// the key changed nothing.
func (s *seat) frame(key string) (time.Duration, bool) {
	s.b.Helper()
	pressed := s.press(key)
	c, ok := s.next(500 * time.Millisecond)
	if !ok {
		return 0, false
	}
	last := c.at
	frame := []chunk{c}
	for {
		if c, ok = s.next(quietTime); !ok {
			break
		}
		last = c.at
		frame = append(frame, c)
	}
	for _, c := range frame {
		s.draw(c)
	}
	return last.Sub(pressed), true
}

// frames measures each of many keys, pressed as by a person who looks at each
// frame.
func (s *seat) frames(n int, key func(i int) string) []time.Duration {
	s.b.Helper()
	took := make([]time.Duration, 0, n)
	for i := range n {
		d, ok := s.frame(key(i))
		if !ok {
			s.b.Fatalf("key %d, %q, draws nothing:\n%s", i, key(i), s.screen.String())
		}
		took = append(took, d)
		s.settle(settleTime / 4)
	}
	return took
}

// peak is the most memory that the program had at once, in megabytes.
func (s *seat) peak() float64 {
	s.b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.command.Process.Pid))
	if err != nil {
		s.b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kB, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		s.b.Fatal(err)
	}
	return float64(kB) * 1024 / 1e6
}

// used is the CPU time of the program so far: in ticks of the kernel's clock, and
// finer.
func (s *seat) used() (ticks int, fine time.Duration) {
	s.b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.command.Process.Pid))
	if err != nil {
		s.b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	for _, f := range fields[11:13] { // utime, stime
		n, err := strconv.Atoi(f)
		if err != nil {
			s.b.Fatal(err)
		}
		ticks += n
	}
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", s.command.Process.Pid))
	if err != nil {
		s.b.Fatal(err)
	}
	for _, path := range tasks {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // a thread that ended
		}
		n, err := strconv.ParseInt(strings.Fields(string(text))[0], 10, 64)
		if err != nil {
			s.b.Fatal(err)
		}
		fine += time.Duration(n)
	}
	return ticks, fine
}

// spread returns the median and the 95th percentile of what was measured.
func spread(b *testing.B, took []time.Duration, name string) (median time.Duration) {
	b.Helper()
	slices.Sort(took)
	median = took[len(took)/2]
	b.ReportMetric(ms(median), name+"-ms")
	b.ReportMetric(ms(took[(len(took)*95+99)/100-1]), name+"-p95-ms")
	return median
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// measured notes how busy the machine is, and does without ns/op.
func measured(b *testing.B) {
	b.Helper()
	b.ReportMetric(0, "ns/op")
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		b.Fatal(err)
	}
	load, err := strconv.ParseFloat(strings.Fields(string(text))[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(load, "load")
}

// BenchmarkTerminal is all of it, see above.
func BenchmarkTerminal(b *testing.B) {
	program := build(b, "countersign", "../..")
	b.Run("Start", func(b *testing.B) { benchStart(b, program) })
	b.Run("Large/pretty", func(b *testing.B) { benchLarge(b, program, false) })
	b.Run("Large/line", func(b *testing.B) { benchLarge(b, program, true) })
	b.Run("Key/scroll", func(b *testing.B) { benchScroll(b, program) })
	b.Run("Key/type", func(b *testing.B) { benchType(b, program) })
	b.Run("Key/runs", func(b *testing.B) { benchRuns(b, program) })
	b.Run("Idle/start", func(b *testing.B) { benchIdle(b, program, false) })
	b.Run("Idle/response", func(b *testing.B) { benchIdle(b, program, true) })
}

// benchStart is the time from starting a process to its first full frame, with
// the string that would be signed, beside the smallest Bubble Tea program. They
// take turns, so that both get the same of a busy machine.
func benchStart(b *testing.B, program string) {
	measured(b)
	source := filepath.Join(b.TempDir(), "smallest.go")
	if err := os.WriteFile(source, []byte(smallest), 0o600); err != nil {
		b.Fatal(err)
	}
	least := build(b, "smallest", source)
	var ours, theirs []time.Duration
	env := benchHome(b)
	for range 20 {
		s := sit(b, env, least)
		theirs = append(theirs, s.until("Ready").Sub(s.began))
		s.leave()
		s = sit(b, env, program)
		ours = append(ours, s.until("would be signed now", "verifies", "Ready").Sub(s.began))
		s.leave()
	}
	b.ReportMetric(float64(spread(b, ours, "start"))/float64(spread(b, theirs, "smallest")), "ratio")
	b.ReportMetric(float64(ours[0])/float64(theirs[0]), "least-ratio") // of the quickest of each: the machine has other work
}

// benchLarge is 20 MB of JSON: from the key that sends to the frame that shows
// it and its verdict.
func benchLarge(b *testing.B, program string, line bool) {
	measured(b)
	big := newBigServer(b, 20<<20, line)
	var took, pretty []time.Duration
	var peaks []float64
	for range 5 {
		s := sit(b, big.home(b), program)
		s.until("would be signed now")
		s.settle(settleTime)
		big.sign()
		pressed := s.press("\x12") // ctrl+r
		took = append(took, s.until(bigMark, "S SUCCESS · request verified · response verified").Sub(pressed))
		if !s.shows(bigPretty) {
			s.until(bigPretty)
		}
		pretty = append(pretty, time.Since(pressed))
		s.settle(500 * time.Millisecond)
		peaks = append(peaks, s.peak())
		s.leave()
	}
	spread(b, took, "shown")
	if line {
		slices.Sort(pretty)
		b.ReportMetric(ms(pretty[len(pretty)/2]), "indented-ms")
	}
	slices.Sort(peaks)
	b.ReportMetric(peaks[len(peaks)/2], "peak-MB")
	b.ReportMetric(peaks[len(peaks)-1], "peak-max-MB")
}

const keysMeasured = 200

// benchScroll scrolls with 20 MB open.
func benchScroll(b *testing.B, program string) {
	measured(b)
	big := newBigServer(b, 20<<20, false)
	big.sign()
	s := sit(b, big.home(b), program)
	s.until("would be signed now")
	s.press("\x12")
	s.until(bigMark, "response verified")
	s.presses("5")
	keys := []string{"j", "\x1b[6~", "j", "j", "\x1b[B"} // down, page down
	spread(b, s.frames(keysMeasured, func(i int) string { return keys[i%len(keys)] }), "frame")
	s.presses("G", "g", "G")
	spread(b, s.frames(20, func(int) string { return "k" }), "at-end")
}

// benchType types in a body of 1 MB, which comes from a saved run.
func benchType(b *testing.B, program string) {
	measured(b)
	env := benchHome(b)
	saveRun(b, env, bigJSON(1<<20, false))
	s := sit(b, env, program)
	s.until("would be signed now", "1 run")
	s.presses("6", "\r", "2", "e", "\x1b[B", "\x1b[B", "\x1b[F")
	typed := "typed text goes here 0123456789 "
	spread(b, s.frames(keysMeasured, func(i int) string { return typed[i%len(typed) : i%len(typed)+1] }), "frame")
	s.presses("\x1b[1;5F") // ctrl+end
	spread(b, s.frames(20, func(int) string { return "x" }), "at-end")
}

// benchRuns moves in a history of 100,000 runs.
func benchRuns(b *testing.B, program string) {
	measured(b)
	env := manyRunsHome(b)
	s := sit(b, env, program)
	s.until("100000 runs")
	s.presses("6")
	spread(b, s.frames(keysMeasured, func(int) string { return "j" }), "frame")
	spread(b, s.frames(50, func(int) string { return "\x1b[6~" }), "page")
}

// benchIdle is what it costs to do nothing for three seconds.
func benchIdle(b *testing.B, program string, response bool) {
	measured(b)
	big := newBigServer(b, 2000, false)
	big.sign()
	s := sit(b, big.home(b), program)
	s.until("would be signed now")
	if response {
		s.press("\x12")
		s.until(bigMark, "response verified")
	}
	s.settle(time.Second)
	ticks, fine := s.used()
	written := s.settle(3 * time.Second)
	after, fineAfter := s.used()
	b.ReportMetric(float64(after-ticks), "ticks")
	b.ReportMetric(ms(fineAfter-fine), "cpu-ms")
	b.ReportMetric(float64(written), "bytes")
}
