package bodies

import "countersign/apiclient/diagnose/variant"

// The tables of this package have these on every line.
type (
	// Variant is what a body may have been.
	Variant = variant.Variant
	// Set collects variants.
	Set = variant.Set
)

// row is one habit: how unlikely it is, what it does, and what is said of it.
type row[T any] struct {
	cost              int
	how               T
	cause, says, code string
}

// What a row does, by what it changes.
type (
	rewriter = func(b []byte) ([]byte, bool)    // the bytes of the body; false where it does not apply
	shaper   = func(root *value) *value         // the tree of the document; nil where it does not apply
	speller  = func(raw []byte) (string, bool)  // a number; false where it stays
	dumper   = func(root *value) (string, bool) // the document, written in a form that is not JSON

	byteOp = row[rewriter]
	dumpOp = row[dumper]
)

func (r row[T]) change() variant.Change {
	return variant.Change{Cause: r.cause, Says: r.says, Habit: r.code}
}

func one(c variant.Change) []variant.Change { return []variant.Change{c} }

const (
	common    = variant.Common
	usual     = variant.Usual
	plausible = variant.Plausible
	rare      = variant.Rare
	exotic    = variant.Exotic
)
