// Package apiclient is the signing client that everything in the program
// shares: it makes the exact request, signs it, sends it, verifies the answer
// and says what is wrong with either. It knows no terminal, no configuration
// file and no database.
//
//	Profile ──New──▶ Client
//	                   │
//	Draft ──Preview──▶ │ build: the exact bytes, in their order
//	      ──Send─────▶ │ sign:  signing.Content ─▶ Canonical ─▶ Proof (Exchange.Sent)
//	                   │
//	                   │ Journal.Begin      recorded before a byte leaves
//	                   │ transmit           a fresh connection, package wire
//	                   │ Verify             Exchange.SentVerdict, Exchange.Received, Findings
//	                   │ Journal.Complete   also after cancellation
//	                   ▼
//	                Exchange
//
// Everything that happens becomes an Exchange: failures are inside it, as Err
// with its Hint, next to whatever arrived. Resend transmits the bytes of a
// saved Exchange once more; Verify judges one again, offline.
//
// A signature that fails is a verdict and never an error. An answer that
// carries no signature is unsigned, whatever its status: only a strict
// verification with the expected key gives signing.Verified.
//
// # What is sent
//
// The header goes out in this order: Host, Content-Type, Client-Id,
// Merchant-Id (where the profile has one), Request-Id (where the content
// template names it), Request-Time, Signature, the profile's own headers, the
// draft's own, User-Agent, Accept, Content-Length, Connection. A header of the
// profile or the draft with the name of another one, in any case, takes its
// place; Draft.Omit leaves one out.
//
// What is signed is what is really sent: an overridden Client-Id or
// Request-Time goes into the signed string too, so that each tampered header is
// one fault and not two. An overridden Signature goes out as it is. The target
// goes out and into the signed string byte for byte as typed, non-ASCII
// characters, "//", ".." and "%2F" included.
package apiclient
