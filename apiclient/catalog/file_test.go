package catalog

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// filesOf reads from a folder in memory.
func filesOf(folder fstest.MapFS) Files {
	return func(name string, limit int) ([]byte, error) {
		data, err := fs.ReadFile(folder, name)
		if err == nil && len(data) > limit {
			return nil, fmt.Errorf("is larger than %d bytes", limit)
		}
		return data, err
	}
}

func loadFolder(t *testing.T, folder map[string]string) (*Catalog, error) {
	t.Helper()
	m := fstest.MapFS{}
	for name, text := range folder {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	c := &Catalog{}
	return c, c.Load(t.Context(), "api/shop.yaml", []byte(folder["shop.yaml"]), filesOf(m))
}

// A document in files: each refers to others from where it stands, to parts of
// them, back to the document, and in circles.
func TestFiles(t *testing.T) {
	t.Parallel()
	c, err := loadFolder(t, map[string]string{
		"shop.yaml": head30 + "paths:\n  /v2/parcels/track: {$ref: ./paths/track.yaml}\n  /v2/parcels/send: {$ref: 'paths/all.json#/~1send'}\n" +
			"components:\n  schemas:\n    Money: {type: object, required: [currency], properties: {currency: {type: string, maxLength: 3}}}\n",
		"paths/track.yaml": "post:\n  parameters: [{$ref: '../common.yaml#/parameters/lang'}]\n  requestBody:\n    content:\n      application/json:\n" +
			"        schema: {$ref: '../schemas/track.yaml'}\n  responses:\n    '200': {$ref: '../common.yaml#/responses/ok'}\n",
		"paths/all.json":     `{"/send": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "..\\schemas\\parcel.yaml#/definitions/Parcel"}}}}, "responses": {}}}}`,
		"schemas/track.yaml": "type: object\nrequired: [parcelId]\nproperties:\n  parcelId: {type: string}\n  parcel: {$ref: 'parcel.yaml#/definitions/Parcel'}\n",
		"schemas/parcel.yaml": "definitions:\n  Parcel:\n    type: object\n    properties:\n      inner: {$ref: '#/definitions/Parcel'}\n      track: {$ref: ./track.yaml}\n" +
			"      price: {$ref: '../shop.yaml#/components/schemas/Money'}\n      fee: {$ref: '#/components/schemas/Money'}\n",
		"common.yaml": "parameters:\n  lang: {name: lang, in: query, schema: {type: string}}\nresponses:\n  ok:\n    description: ok\n    content: {application/json: {schema: {type: object, required: [ok]}}}\n",
	})
	if err != nil || len(c.Faults()) > 0 {
		t.Fatalf("%v, %v", err, c.Faults())
	}
	track, err := c.Lookup("parcels/track")
	if err != nil || len(track.Parameters) != 1 || track.Parameters[0].Name != "lang" {
		t.Fatalf("%+v, %v", track, err)
	}
	const body = `{"parcel":{"inner":{"price":{}},"track":{},"fee":{"currency":"EURO"}}}`
	const want = `"" 1:1 parcelId: is required
"/parcel/inner/price" 1:29 parcel.inner.price.currency: is required
"/parcel/track" 1:41 parcel.track.parcelId: is required
"/parcel/fee/currency" 1:62 parcel.fee.currency: at most 3 characters, is 4`
	if got := written(track.Check([]byte(body))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := written(track.CheckResponse([]byte(`{}`))); got != `"" 1:1 ok: is required` {
		t.Error(got)
	}
	if send, err := c.Lookup("parcels/send"); err != nil || len(send.Request) != 4 {
		t.Errorf("%+v, %v", send, err)
	}
	files := c.Files()
	slices.Sort(files)
	if got := strings.Join(files, " "); got != "api/common.yaml api/paths/all.json api/paths/track.yaml api/schemas/parcel.yaml api/schemas/track.yaml" {
		t.Error(got)
	}
}

// What lies outside of the folder is not read; a fault in a file stands at its place there.
func TestFilesRefused(t *testing.T) {
	t.Parallel()
	for ref, says := range map[string]string{
		"../other.yaml":              "leads above the folder of the document",
		"a/../../other.yaml":         "leads above the folder of the document",
		"..":                         "leads above the folder of the document",
		`..\other.yaml`:              "leads above the folder of the document",
		"/etc/passwd":                "leads out of the document",
		"file:///etc/passwd":         "leads out of the document",
		"//host/a.yaml":              "leads out of the document",
		"http://127.0.0.1:1/a.yaml":  "leads out of the document",
		"https://example.com/a.yaml": "leads out of the document",
		"C:/a.yaml":                  "leads out of the document",
		"no.yaml":                    "cannot be read: open no.yaml: file does not exist",
		"bad.yaml":                   "cannot be read: the document cannot be read: ",
		"bad.json":                   `cannot be read: the document is not JSON: a comma is missing before "b" (at 1:8)`,
		"good.yaml#/No":              "leads nowhere",
		"good.yaml#no":               "leads nowhere",
		"wrong.yaml":                 "api/wrong.yaml:2:12: the schema is wrong: maxLength",
	} {
		c, err := loadFolder(t, map[string]string{
			"shop.yaml": withSchema("{$ref: '" + strings.ReplaceAll(ref, `\`, `\`) + "'}"), "good.yaml": "type: object\n",
			"bad.yaml": "a: [\n", "bad.json": `{"a":1 "b":2}`, "wrong.yaml": "type: string\nmaxLength: many\n",
			"../other.yaml": "type: string\n",
		})
		if err != nil {
			t.Errorf("%s: %v", ref, err)
			continue
		}
		if faults := c.Faults(); len(faults) != 1 || !strings.Contains(faults[0].Error(), says) {
			t.Errorf("%s: %v, want %s", ref, faults, says)
		}
		if e, err := c.Lookup("a"); err != nil || len(e.Faults) != 1 {
			t.Errorf("%s: %v, %v", ref, e.Faults, err)
		}
	}
}

// However many files there are, only so many are read.
func TestFilesBounded(t *testing.T) {
	t.Parallel()
	folder := map[string]string{"shop.yaml": withSchema("{$ref: '0.yaml'}")}
	for i := range maxFiles + 100 {
		folder[fmt.Sprintf("%d.yaml", i)] = fmt.Sprintf("properties: {a: {$ref: '%d.yaml'}}\n", i+1)
	}
	c, err := loadFolder(t, folder)
	if err != nil {
		t.Fatal(err)
	}
	if faults := c.Faults(); len(c.Files()) != maxFiles || len(faults) != 1 || !strings.Contains(faults[0].Error(), "too many files") {
		t.Errorf("%d files, %v", len(c.Files()), c.Faults())
	}
}
