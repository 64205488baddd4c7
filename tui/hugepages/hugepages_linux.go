package hugepages

import (
	"syscall"
	"unsafe"
)

const (
	chunk = 4 << 20 // what the heap of Go grows by, and begins with
	piece = 2 << 20 // a huge page of amd64, and of arm64 with pages of 4 kB

	madvCollapse = 25 // MADV_COLLAPSE of Linux 6.1, which package syscall does not have
)

// first lies in the chunk that packages are initialised in.
var first = address(make([]byte, 64))

// What is not used yet of the chunk comes in huge pages when it is first written to.
// The piece that the runtime has begun with would go on in small ones, so it is made a
// huge page now.
func init() {
	advise(first, chunk, syscall.MADV_HUGEPAGE)
	advise(first, piece, madvCollapse)
}

// Next moves the heap to a new chunk in huge pages: it takes what is left of the one in
// use and never writes to it, so that it costs addresses and no memory. Call it once,
// when the program begins and no collection is near: up to 4 MB count as used until
// the first.
func Next() {
	at := address(make([]byte, 64<<10)) // larger than any gap that small values left
	rest := chunk - at%chunk
	advise(address(make([]byte, rest))+rest, chunk, syscall.MADV_HUGEPAGE)
}

func address(b []byte) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(b))) }

// advise tells the kernel about the aligned range of this size around an address.
func advise(at, size uintptr, advice int) {
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, at&^(size-1), size, uintptr(advice))
}
