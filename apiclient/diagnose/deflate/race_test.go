//go:build race

package deflate

// raceDetector says that every access is slow.
const raceDetector = true
