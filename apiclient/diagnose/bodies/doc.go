// Package bodies gives what a body may have been when it was signed: the same
// data after the habits of the serialisers, charsets, encodings and string
// functions that stand between a signer and the wire.
//
// A habit is an Op: it belongs to one aspect of the body (white space, order of
// keys, escapes, numbers, members, form, bytes) and says in words what it does.
// Ops of different aspects compose. JSON is taken apart into tokens, so that an
// op changes its own aspect and leaves the others as they were sent: a number
// that was written 1e3 stays so unless the op is about numbers.
package bodies
