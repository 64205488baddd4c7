//go:build !unix

package tui

import "os"

// readable is not there: nothing tells without waiting whether there is
// something to read.
var readable func(*os.File) bool
