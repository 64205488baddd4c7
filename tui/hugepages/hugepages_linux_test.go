package hugepages

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestHeapIsAdvised asks the kernel what it was told.
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
	var from, to uint64
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x ", &from, &to); err == nil {
			continue
		}
		flags, ok := strings.CutPrefix(lines.Text(), "VmFlags:")
		if ok && slices.Contains(strings.Fields(flags), "hg") && to-from >= heap {
			return
		}
	}
	t.Errorf("no mapping of %d bytes has the flag hg", heap)
}
