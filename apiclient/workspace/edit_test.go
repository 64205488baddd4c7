package workspace

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A stale lock that another program has taken over meanwhile is that program's.
func TestOnlyTheLockThatWasSeenIsRemoved(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), ".a.http.lock")
	made := func(at time.Time) os.FileInfo {
		t.Helper()
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	stale := made(time.Now().Add(-time.Hour))
	removeLock(name, stale)
	if _, err := os.Stat(name); err == nil {
		t.Error("the stale lock is still there")
	}
	own := made(time.Now())
	removeLock(name, stale)
	if _, err := os.Stat(name); err != nil {
		t.Errorf("the lock of the one who took over is gone: %v", err)
	}
	removeLock(name, own)
	if left, _ := filepath.Glob(name + "*"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}
