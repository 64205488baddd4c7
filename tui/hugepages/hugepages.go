// Package hugepages has the kernel give the first memory of the program in pieces of
// 2 MB where it would give pages of 4 kB.
//
// A command that lives for 50 ms spends a third of its time on page faults, more on
// virtual machines: two thousand of them become a thousand. Go has no setting for it,
// so the kernel is told about the memory that the heap lies in: once while packages are
// initialised, and once by Next. Go initialises packages that are ready in the order of
// their import paths: this one needs next to nothing, so it comes before nearly all
// others.
//
// A kernel that cannot do it refuses, and all is as before. Only Linux is asked.
package hugepages
