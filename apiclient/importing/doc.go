// Package importing turns what people have of other clients into request files: curl
// commands, HAR files, collections of Postman, Bruno and Insomnia, examples of
// OpenAPI documents, request files of others.
//
// A Plan says what would be written, and what of it is not as it was: what is made
// again for each request (signature, time), what becomes another variable, what is
// not taken. Nothing is overwritten.
package importing
