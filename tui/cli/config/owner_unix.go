//go:build unix

package config

import (
	"io/fs"
	"os"
	"syscall"
)

// ownFile reports whether a file belongs to the person who runs this, or to the
// system.
func ownFile(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return !ok || s.Uid == 0 || int64(s.Uid) == int64(os.Geteuid())
}
