// Package sandbox is a Super App backend on loopback: it checks what a gateway
// checks, answers with the protocol's codes, signs its answers and keeps
// state, so that a merchant's client can be brought to work before the real
// Super App lets it in.
//
// # What is checked
//
// The table checks has the order, the codes and the statuses; the first check that
// fails answers. A refusal made before the client is known cannot be signed for anyone,
// so it is not; every later answer is. The path is looked up only after the
// signature: a gateway tells strangers nothing about which interfaces it has,
// and the signature covers the path as it was received, known or not. Results
// travel with HTTP 200, refusals of a well formed message included, because
// clients read resultCode and several SDKs throw the body of any other status
// away; only what is refused as HTTP (method, media type, size, a body that
// does not arrive) has a status of its own, and a fault of the sandbox itself
// is a 500 with UNKNOWN_EXCEPTION.
//
// # What is signed
//
// A request is checked over the target exactly as it was on the request line:
// no cleaning of "//" or "..", no decoding, raw UTF-8 kept, "?query" included.
// Only the scheme and host of an absolute-form target are taken off. Answers are signed
// over the request's method and that same target, the Client-Id, the Response-Time and
// the body. Their headers are spelt Client-Id, Response-Time and Signature, or all in
// lower case where the client spells its client-id so: some SDKs find only the one
// spelling, some only the other.
//
// # What happens next
//
// A payment is accepted with the address of a checkout page on the sandbox's
// own listener, which a browser or curl opens to approve or refuse it; the
// product codes IN_STORE_PAYMENT and AGREEMENT_PAYMENT and a paymentAuthCode
// are paid at once. prepare gives the address of a consent page in the same
// way. Payments, refunds, tokens and messages are kept in memory, the newest
// MaxPayments of each. With Config.Notify the merchant is then told, again and again
// until it answers S; nothing leaves this machine unless that is allowed.
//
// # What differs
//
// Config.Client gives it the manners of another platform: header names, templates,
// times. Config.Preset gives it other interfaces: see preset. Interfaces that it does
// not play, a team's own, are answered with their schema's example. Faults is the table
// of the ways in which it misbehaves, by name or by a value in a request. Those that
// concern the signature carry the cause by which a diagnosis names them, and a test
// holds them to it.
package sandbox
