// Package compare lays two exchanges side by side, byte for byte:
//
//	Exchanges   the parts of both: request line, headers, body, canonical strings, response
//	Texts       two texts: cut into pieces, the pieces aligned, what differs marked to the byte
//	Unified     the same as text that people send each other
//
// A piece is a line, or part of a long one: JSON on one line is cut after its
// commas and brackets. Nothing is parsed, added or left out: the pieces put
// together are the text. Time and signature differ whenever a request is sent again;
// such differences are kept apart from the others.
package compare
