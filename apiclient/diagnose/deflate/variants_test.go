package deflate

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"hash/adler32"
	"hash/crc32"
	"io"
	"strings"
	"testing"
)

// made holds what real producers made of an input.
type made struct {
	input
	Encodings []struct {
		By    string `json:"by"`
		Name  string `json:"name"` // of the producer in this package
		Bytes []byte `json:"bytes"`
	} `json:"encodings"`
}

func TestVariantsHaveRealProducers(t *testing.T) {
	var file struct {
		Inputs []made `json:"inputs"`
	}
	readVectors(t, "producers.json", &file)
	for _, m := range file.Inputs {
		data := m.data(t)
		e := &encoder{
			data: data, streams: map[params][]byte{},
			crc: crc32.ChecksumIEEE(data), adler: adler32.Checksum(data),
		}
		list := Variants(data)
		for _, enc := range m.Encodings {
			p := find(enc.Name, len(data))
			if p == nil {
				t.Fatalf("no producer %q", enc.Name)
			}
			if got := p.encode(e); !bytes.Equal(got, enc.Bytes) {
				t.Errorf("%s: %s by %s:\ngot  %x\nwant %x", m, enc.Name, enc.By, got, enc.Bytes)
			}
			if !contains(list, enc.Bytes) {
				t.Errorf("%s: %s by %s is not among the variants", m, enc.Name, enc.By)
			}
		}
	}
}

// find gives the producer of a name.
func find(name string, size int) *producer {
	for _, list := range [][]producer{defaults(size), gzipLevels(size), zlibLevels(), flushing()} {
		for _, p := range list {
			if p.name == name {
				return &p
			}
		}
	}
	return nil
}

func contains(list []Variant, b []byte) bool {
	for _, v := range list {
		if bytes.Equal(v.Bytes, b) {
			return true
		}
	}
	return false
}

func TestVariantsAreDistinctAndDecompress(t *testing.T) {
	for _, in := range []input{
		{Kind: "json"}, {Kind: "json", Size: 5}, {Kind: "json", Size: 2000}, {Kind: "mixed", Size: 40000},
	} {
		data := generate(in.Kind, 7, in.Size)
		seen := map[string]string{}
		for _, v := range Variants(data) {
			if other, ok := seen[string(v.Bytes)]; ok {
				t.Errorf("%s: %q and %q are the same", in, v.Name, other)
			}
			seen[string(v.Bytes)] = v.Name
			checkReads(t, open(t, v), data)
		}
		if len(seen) < 10 {
			t.Errorf("%s: only %d variants", in, len(seen))
		}
	}
}

// open reads a variant by what its name says it is.
func open(t *testing.T, v Variant) io.Reader {
	t.Helper()
	r, b := io.Reader(nil), bytes.NewReader(v.Bytes)
	var err error
	switch {
	case len(v.Bytes) > 2 && v.Bytes[0] == 0x1f && v.Bytes[1] == 0x8b:
		r, err = gzip.NewReader(b)
	case strings.Contains(v.Name, "zlib compress"), strings.Contains(v.Name, "zlib.deflate") &&
		!strings.Contains(v.Name, "Raw"), strings.Contains(v.Name, "gzcompress"),
		strings.Contains(v.Name, "zlib.NewWriter"):
		r, err = zlib.NewReader(b)
	default:
		r = flate.NewReader(b)
	}
	if err != nil {
		t.Fatalf("%s: %v", v.Name, err)
	}
	return r
}

func TestVariantsHaveGo(t *testing.T) {
	data := generate("json", 7, 3000)
	list := Variants(data)
	for level := flate.HuffmanOnly; level <= flate.BestCompression; level++ {
		if level == flate.NoCompression {
			continue
		}
		var b bytes.Buffer
		gw, _ := gzip.NewWriterLevel(&b, level)
		_, _ = gw.Write(data)
		gw.Close()
		if !contains(list, b.Bytes()) {
			t.Errorf("gzip at level %d is not among the variants", level)
		}
		if level == flate.HuffmanOnly {
			continue
		}
		b.Reset()
		zw, _ := zlib.NewWriterLevel(&b, level)
		_, _ = zw.Write(data)
		zw.Close()
		if !contains(list, b.Bytes()) {
			t.Errorf("zlib at level %d is not among the variants", level)
		}
	}
	var b bytes.Buffer
	gw := gzip.NewWriter(&b)
	_, _ = gw.Write(data)
	gw.Flush()
	gw.Close()
	if !contains(list, b.Bytes()) {
		t.Error("gzip with a flush is not among the variants")
	}
}

func TestVariantsStartWithTheLikeliest(t *testing.T) {
	list := Variants([]byte(`{"amount":12.50}`))
	if want := "Java GZIPOutputStream (JDK 16 and later)"; list[0].Name != want {
		t.Errorf("first is %q, want %q", list[0].Name, want)
	}
	// Nothing much repeats here, so zlib and its relatives agree.
	for _, v := range list {
		if v.Name == "Node.js zlib.gzip" {
			if !strings.Contains(strings.Join(v.Also, "\n"), "GNU gzip -n") {
				t.Errorf("also made by %q", v.Also)
			}
		}
	}
}
