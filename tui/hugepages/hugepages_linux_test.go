package hugepages

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestHeapIsAdvised asks the kernel what it was told about the first chunk.
func TestHeapIsAdvised(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/sys/kernel/mm/transparent_hugepage/enabled"); err != nil {
		t.Skip("the kernel has no transparent huge pages: ", err)
	}
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Skip(err)
	}
	defer maps.Close()
	at := uint64(first)
	var from, to uint64
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x ", &from, &to); err == nil {
			continue
		}
		flags, ok := strings.CutPrefix(lines.Text(), "VmFlags:")
		if !ok || at < from || at >= to {
			continue
		}
		if !slices.Contains(strings.Fields(flags), "hg") {
			t.Errorf("the mapping of the heap, %x to %x, has the flags%s, without hg", from, to, flags)
		}
		return
	}
	t.Errorf("no mapping has the address %x", at)
}
