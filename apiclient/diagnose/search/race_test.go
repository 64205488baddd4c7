//go:build race

package search

// raceDetector says that the detector allocates, too.
const raceDetector = true
