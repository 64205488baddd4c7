package tui

import "testing"

func TestGarbageIsBounded(t *testing.T) {
	t.Parallel()
	for live, want := range map[uint64]int{0: 100, 1 << 20: 100, 8 << 20: 100, 16 << 20: 50, 80 << 20: 10, 1 << 30: 8} {
		if got := garbagePercent(live); got != want {
			t.Errorf("%d bytes in use: %d%%, not %d%%", live, got, want)
		}
	}
}
