// Package bodies lists what a body may have been when it was signed: the same
// data after the habits of the serialisers, charsets, encodings and string
// functions that stand between a signer and the wire.
//
// A habit is a row (row.go): how unlikely it is, what it does, its cause, what
// was signed (the end of a sentence that begins "The body was signed", or a whole
// one with a full stop) and the code that does it. JSON is parsed into tokens (json.go, style.go), so
// that a habit changes its own aspect and leaves the others as they were sent:
// a number that was written 1e3 stays so unless the habit is about numbers. The
// aspects are members (shape.go, shapes.go), their order (order.go), numbers (number.go,
// floats.go), the escapes of strings (escape.go) and white space (style.go);
// habits of different aspects add up (combine.go, pairs.go). What whole
// libraries do is in library.go, alone and with another change before or behind
// it. Dates have their forms in dates.go; partial.go changes some of the values
// of a kind. shuffle.go and blanks.go are sequences, made while they are tried.
//
// Other rows write the document in a form that is not JSON (dump.go, dumps.go, dumpers.go,
// php.go, quote.go, forms.go), or change the body as bytes: text.go, encode.go with
// codings.go, charset.go with mojibake.go, printf.go and forge.go. parts.go has
// the bodies that are a part of this one, fields.go the JSON of which a form was
// made.
//
// The rules are learnt from the stacks themselves: .ci/stacks writes what they
// make of nasty objects, and testdata has some of that.
package bodies
