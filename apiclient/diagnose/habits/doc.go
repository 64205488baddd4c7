// Package habits lists what each part of a signed string may have been, but for
// the body (package bodies): the method, path, client id and time that another
// way to write the code would have signed, the order of the parts and what
// stands between them, and what may happen to the string as a whole.
//
// A habit is a line: what was signed, how unlikely that is (package variant),
// the cause, a sentence that says what was signed or the end of one
// (variant.Change.Sentence), and the code that does it.
// Read source.go and parts.go first; then each file is a part of the string:
// paths.go, spellings.go and queries.go are about the request target, times.go
// and timeformats.go about the time, layouts.go, separators.go and platforms.go
// about what joins the parts, wholes.go about the string when it is joined.
//
// Of some parts there are too many to list. A Series makes them while they are
// tried: every spelling of a path and a query (spelled.go, params.go, targets.go,
// with the rules of encoders.go), and every time within the header's unit
// (fractions.go, doubles.go). What such a text means is read from how it differs
// from what was sent (difference.go).
package habits
