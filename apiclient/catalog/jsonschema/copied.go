package jsonschema

// This is github.com/santhosh-tekuri/jsonschema/v6 at v6.0.3, by Santhosh Kumar
// Tekuri, under the Apache License 2.0 (see LICENSE). It is here with one change,
// in draft.go: the meta-schemas are compiled when one of them is first needed.
// The original compiles those of all five drafts in init: 6 ms of each start of
// the program, of which most need no schema. All other files are the original's,
// but for the import path of kind; a test compares them where the module cache
// has them, and another compares what both say about schemas and bodies.
//
// To take a newer version: copy its files, and make the change again. To go back
// to the library, should it become lazy: delete the folder and change the imports
// of the package above.
