//go:build unix

package terminal

import (
	"os"

	"golang.org/x/sys/unix"
)

// readable reports whether the terminal has something to read now.
func readable(f *os.File) bool {
	fds := []unix.PollFd{{Fd: int32(f.Fd()), Events: unix.POLLIN}} //nolint:gosec // descriptors are small
	n, err := unix.Poll(fds, 0)
	return err == nil && n == 1 && fds[0].Revents&unix.POLLIN != 0
}
