package tui

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// headroom is how much garbage may pile up before it is collected, in bytes.
// The runtime's own rule allows as much as there is in use, which is as much
// again as all bodies that are shown.
const headroom = 8 << 20

// boundGarbage keeps the garbage near headroom, however much is in use. What
// is in use is measured after each collection, by the finalizer of an object
// that nobody holds. A collection of a heap that is mostly bodies is cheap:
// they have no pointers to follow.
func boundGarbage() {
	type sentinel struct{ _ [16]byte }
	var again func(*sentinel)
	again = func(*sentinel) {
		debug.SetGCPercent(garbagePercent(liveBytes()))
		runtime.SetFinalizer(&sentinel{}, again)
	}
	again(nil)
}

// garbagePercent gives the runtime's setting for so many bytes in use.
func garbagePercent(live uint64) int {
	return int(max(8, min(100, headroom*100/max(1, live))))
}

func liveBytes() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
