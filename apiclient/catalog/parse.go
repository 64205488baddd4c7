package catalog

import (
	"bytes"
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"
	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi/datamodel"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
)

// parse reads the text and checks what the library leaves alone.
func (d *document) parse(data []byte) (*v3.Document, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, &Error{Source: d.name, Says: "the document is empty", Fix: notOpenAPI}
	}
	if !d.builtin() && looksLikeJSON(data) {
		// The library reads JSON as it can; its syntax faults are said better here.
		if _, fault := scan(data); fault != nil {
			return nil, &Error{Source: d.name, Line: fault.Line, Column: fault.Column, Says: "the document is not JSON: " + fault.Message}
		}
	}
	doc, err := libopenapi.NewDocumentWithConfiguration(data, &datamodel.DocumentConfiguration{
		Logger:                     slog.New(slog.DiscardHandler),
		SkipCircularReferenceCheck: true,
		SkipJSONConversion:         true,
		SkipExternalRefResolution:  true,
		SkipMetadataCollection:     true,
	})
	if err != nil {
		return nil, d.unreadable(err)
	}
	info := doc.GetSpecInfo()
	if info.SpecFormat != datamodel.OAS3 && info.SpecFormat != datamodel.OAS31 && info.SpecFormat != datamodel.OAS32 {
		return nil, &Error{Source: d.name, Says: fmt.Sprintf("the document says version %s; OpenAPI 3.0 or later is read", info.Version), Fix: "convert it to OpenAPI 3"}
	}
	d.root, d.old = content(info.RootNode), info.SpecFormat == datamodel.OAS3
	if !d.builtin() {
		if err := d.checkReferences(); err != nil {
			return nil, err
		}
	}
	model, err := doc.BuildV3Model()
	if err != nil {
		return nil, d.unreadable(err)
	}
	return &model.Model, nil
}

// builtin reports whether this is the document that comes with the program:
// tests have checked it, so that each start need not.
func (d *document) builtin() bool { return d.base == nil }

func looksLikeJSON(data []byte) bool {
	text := strings.TrimLeft(string(data[:min(len(data), 64)]), " \t\r\n")
	return strings.HasPrefix(text, "{")
}

// placeInWords is how the library says where.
var placeInWords = regexp.MustCompile(`(?i)\b(?:line:? |L)(\d+)(?:(?:, column |:|\.C)(\d+))?`)

// libraryPrefix is how it starts; what it was parsing is worth keeping.
var libraryPrefix = regexp.MustCompile(`^(?:unable to parse specification: )?(?:go-yaml load error in \w+ |yaml: )(?:\((.*?)\) at [^:]*(: ))?`)

// notOpenAPI is the hint for a file that is another one than was meant.
const notOpenAPI = "check that the file is the right one; Swagger 2 and Postman collections need converting"

// unreadable turns an error of the library into one of ours.
func (d *document) unreadable(err error) error {
	says := strings.TrimSpace(strings.Split(err.Error(), "\n")[0])
	e := &Error{Source: d.name, Err: err}
	if m := placeInWords.FindStringSubmatch(says); m != nil {
		e.Line, _ = strconv.Atoi(m[1])
		e.Column, _ = strconv.Atoi(m[2])
	}
	e.Says = "the document cannot be read: " + libraryPrefix.ReplaceAllString(says, "$1$2")
	if strings.Contains(says, "spec type not supported") || strings.Contains(says, "no openapi version") {
		e.Says, e.Fix = "this is no OpenAPI document: it does not say openapi: 3.1.0 or the like", notOpenAPI
	}
	return e
}

// at is an error about a node.
func (d *document) at(n *yaml.Node, fix, format string, args ...any) *Error {
	e := &Error{Source: d.name, Says: fmt.Sprintf(format, args...), Fix: fix}
	if n != nil {
		e.Line, e.Column = n.Line, n.Column
	}
	return e
}
