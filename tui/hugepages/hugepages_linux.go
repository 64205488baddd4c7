package hugepages

import (
	"runtime"
	"syscall"
)

// heap is how many bytes are asked for: most commands need less.
const heap = 12 << 20

func init() {
	// Go has no setting for its heap, so a piece of it is taken, the kernel is told, and
	// it is given back. The collector has next to nothing to look at yet: it frees the
	// piece within a millisecond, and what is made next lies in it. A kernel that
	// cannot do it refuses, and all is as before.
	_ = syscall.Madvise(make([]byte, heap), syscall.MADV_HUGEPAGE)
	runtime.GC()
}
