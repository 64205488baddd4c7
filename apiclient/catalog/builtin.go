package catalog

import (
	"context"
	_ "embed"
	"sync"
)

//go:embed superapp.openapi.json
var builtinDocument []byte

// builtinRead is the embedded document, read when the schema of a body is first
// wanted. All else that it says is in builtinTable: to read it takes as long as
// the rest of a start.
var builtinRead = sync.OnceValues(func() (loaded, error) {
	return read(context.Background(), BuiltinSource, builtinDocument, nil)
})

// Builtin returns the embedded catalogue: every interface of the protocol,
// section 5.
func Builtin() *Catalog {
	doc := builtinTable
	doc.endpoints = make([]Endpoint, len(builtinTable.endpoints))
	contracts := make([]contract, 2*len(doc.endpoints))
	for i, e := range builtinTable.endpoints {
		e.request, e.response = &contracts[2*i], &contracts[2*i+1]
		e.request.source = func() (*contract, error) { return builtinContract(i, requestOf) }
		e.response.source = func() (*contract, error) { return builtinContract(i, responseOf) }
		doc.endpoints[i] = e
	}
	c := &Catalog{}
	c.merge(doc)
	return c
}

func requestOf(e Endpoint) *contract  { return e.request }
func responseOf(e Endpoint) *contract { return e.response }

// builtinContract is what the document says about a body of the endpoint with
// this position in the table.
func builtinContract(i int, of func(Endpoint) *contract) (*contract, error) {
	doc, err := builtinRead()
	if err != nil {
		return nil, err
	}
	return of(doc.endpoints[i]), nil
}
