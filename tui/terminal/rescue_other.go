//go:build !unix

package terminal

import "os"

// readable is not there: there is no way to know without waiting whether there is
// something to read.
var readable func(*os.File) bool
