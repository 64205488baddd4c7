// Package diagnose says why a signature does not match, and proves it.
//
// A PKCS#1 v1.5 signature can be opened with the public key, so two questions
// are settled for good before any guess: which of the known keys made it, and
// over which digest (package signing). What is left is to find the bytes that
// have this digest. They are what a signer makes of the same exchange after
// some habit of its code: another path prefix, a time of another clock reading,
// a body that went through a JSON library. Each habit is a change to one part
// of the signed string, changes compose, and a digest that matches is proof:
//
//	Evidence ──Verify───▶ strict verdict, by crypto/rsa alone
//	         ──signer───▶ key, hash, padding, digest         (certain)
//	         ──variants─▶ method, target, client, time, body, layout, whole string
//	         ──search───▶ singles, then pairs, then threes, by likelihood (package search)
//	         ──explain──▶ Report: findings, proven or ranked
//
// Nothing here makes a signature verify: the search explains, it never decides.
package diagnose
