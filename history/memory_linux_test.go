package history

import (
	"os"
	"syscall"
)

// inMemory puts the files of the tests into memory where there is room, and returns what
// removes them. None of them is to outlive a power cut, and that is what takes the time.
func inMemory() (remove func()) {
	const memory, room = "/dev/shm", 1 << 30
	var free syscall.Statfs_t
	if syscall.Statfs(memory, &free) != nil || free.Bavail*uint64(free.Bsize) < room { //nolint:gosec // a size is not negative
		return func() {}
	}
	dir, err := os.MkdirTemp(memory, "history-test-")
	if err != nil || os.Setenv("TMPDIR", dir) != nil {
		return func() {}
	}
	return func() { _ = os.RemoveAll(dir) }
}
