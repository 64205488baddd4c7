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

// Causes of many rows.
const (
	reformatted    = "body_number_reformatted"
	precisionLost  = "body_number_precision_lost"
	prettySigned   = "body_pretty_signed"
	base64Signed   = "body_base64_signed"
	stringified    = "body_double_stringified"
	htmlEscaped    = "body_html_escaped_signed"
	unicodeEscaped = "body_unicode_escaped_signed"
	pythonRepr     = "body_python_repr_signed"
	blanksChanged  = "body_whitespace_changed"
	orderChanged   = "body_key_order_changed"
	urlEncoded     = "body_urlencoded_signed"
	emptyDropped   = "body_empty_fields_dropped"
	goPrinted      = "body_go_map_signed"
	valuesJoined   = "body_values_joined_signed"
	rubyInspect    = "body_ruby_inspect_signed"
	phpDumped      = "body_php_dump_signed"
	innerRewritten = "body_inner_rewritten"
	undefinedWord  = "body_undefined_literal_signed"
	objectWord     = "body_object_object_signed"
	nullReplaced   = "body_null_replaced"
	toStringed     = "body_object_tostring_signed"
)
