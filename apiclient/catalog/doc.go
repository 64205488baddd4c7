// Package catalog turns OpenAPI documents into endpoints. The built-in
// document is embedded; a team's own go the same way. An endpoint knows how
// its bodies should look and what its result codes mean.
//
// Beside OpenAPI, a document may say:
//
//	x-result-codes   on an operation: a list of codes, each a name, or
//	                 {code, status, meaning, advice}; at the top of the
//	                 document: what the names mean, with everywhere: true for
//	                 those that every interface may answer with
//	x-direction      on an operation: callback, where the Super App calls the
//	                 merchant; webhooks and callbacks are so anyway
//	x-expects        beside a pattern: what it wants, in words
//
// A string with contentMediaType application/json holds JSON, and is checked
// for it. References to files below the document's folder are followed; others
// are faults. A fault takes away the part that has it and nothing else.
package catalog
