// Package logged undoes what logs, JSON, web pages and chats do to a string:
// escapes, entities, quotes, codings, line feeds that were lost. What was done
// may be done several times over, in any order; the search for it is bounded
// in depth, in count and in bytes.
package logged
