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

// Rows by what they change.
type (
	byteOp   = row[func(b []byte) ([]byte, bool)]    // the bytes of the body
	dumpOp   = row[func(root *value) (string, bool)] // the document, written in a form that is not JSON
	shapeOp  = row[func(root *value) *value]         // the tree of the document; nil where it does not apply
	numberOp = row[func(raw []byte) (string, bool)]  // each number; false where it stays
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
