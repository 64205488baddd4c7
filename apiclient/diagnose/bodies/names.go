package bodies

import "countersign/apiclient/diagnose/variant"

// The tables of this package have these on every line.
type (
	// Variant is what a body may have been.
	Variant = variant.Variant
	// Set collects variants.
	Set = variant.Set
)

// habit is a variant.Change as the tables write it.
type habit struct{ Cause, Says, Habit string }

func one(h habit) []variant.Change { return []variant.Change{variant.Change(h)} }

func both(a, b habit) []variant.Change {
	return []variant.Change{variant.Change(a), variant.Change(b)}
}

const (
	common    = variant.Common
	usual     = variant.Usual
	plausible = variant.Plausible
	rare      = variant.Rare
	exotic    = variant.Exotic
)
