//go:build !linux

package hugepages

// Next does nothing here.
func Next() {}
