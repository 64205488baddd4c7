// Package workspace is a folder of request files as a team keeps it: read as it
// changes, and changed to the byte.
//
// Files are looked at, not watched: that works on every disk and with every
// editor, and costs a system call for each. An edit is made of what stands on the
// disk at that moment, so that of two people who edit one file nobody loses
// anything. It comes into its place whole, or not at all.
package workspace
