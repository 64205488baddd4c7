// Package history keeps the runs in one SQLite file, so that each can be read,
// searched and verified again offline, whatever happened to the program in
// between.
//
//	Begin    the whole request, on the disk before the first byte leaves; outcome unknown
//	Complete how it ended: the answer, the verdicts, the timing
//	List     a page of lines, newest first; Get: one whole exchange, byte for byte
//
// # Durability
//
// When Begin has returned nil the run survives kill -9 and a power cut: the
// file is in WAL mode with synchronous=FULL, so each commit is synced. A run
// that was begun and never completed stays "unknown", because it may have
// reached the other side.
//
// # More than one program
//
// Any number of programs may have the same file open. Transactions are short
// and wait for each other; Version tells that another program wrote.
//
// # What is in it
//
// The bytes of both messages as they were on the wire, the strings that were
// signed and checked, the signatures, verdicts, findings and timing. Never a
// private key, a pass phrase or the content of a key file: an
// apiclient.Exchange has no place for one.
package history
