// Package diagnose says why a signature does not match, and proves it.
//
// A PKCS#1 v1.5 signature can be opened with the public key, so two questions
// are settled before any guess: which of the known keys made it, and over which
// digest (package signing). What is left is to find the bytes that have this
// digest. A signer makes them of the same exchange by some habit of its code:
// another path prefix, a second reading of the clock, a body that went through
// a JSON library. Each habit is a change to one part of the signed string,
// changes add up, and a digest that matches is proof:
//
//	Evidence ──Verify───▶ strict verdict, by crypto/rsa alone
//	         ──signer───▶ key, hash, padding, digest         (certain)
//	         ──variants─▶ parts, layouts, whole strings (package habits), bodies (package bodies)
//	         ──search───▶ one change, then two, then three, the likeliest first (package search)
//	         ──explain──▶ Report: findings, proven or ranked
//
// Nothing here makes a signature verify: the search explains, it never decides.
//
// To read it: evidence.go is what goes in, report.go what comes out, diagnose.go
// the way between. Then
//
//   - the search: target.go (what the bytes must hash to), hunt.go (the variants
//     of each part, and a hit in words), stages.go (what is tried, in order),
//     series.go (what is made while it is tried),
//     edits.go (changes of single bytes), settings.go (the line of the profile
//     that makes our string theirs);
//   - what is certain without it: signer.go (key, hash, padding), message.go (the
//     Signature header and what stands twice), sides.go (whose signature it is,
//     and whose turn to act), suspect.go with bodytraces.go and messagetraces.go (what the
//     evidence suggests where nothing is proven), refused.go (why a signature that verifies was refused);
//   - what the other side told: told.go (a string, a digest, a length or an
//     error text; package logged undoes what logs do), answer.go (the same, in
//     their answer), compare.go (digests and headers), theirs.go (how their
//     string comes from ours), apart.go (a string taken apart by the template);
//   - how it is shown: diff.go (both strings side by side) and markdown.go.
//
// A new cause is a line in a table of habits or bodies; report.go has the
// family that its name belongs to, and with it the advice.
package diagnose
