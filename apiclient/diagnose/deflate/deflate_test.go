package deflate

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"sync"
	"testing"
)

// vector holds sums of what a real compressor made of an input.
type vector struct {
	input
	Stored  string `json:"stored"`
	Streams []struct {
		By         string   `json:"by"`
		MemLevel   int      `json:"memLevel"`
		WindowBits int      `json:"windowBits"`
		Flush      bool     `json:"flush"`
		Levels     []string `json:"levels"`
	} `json:"streams"`
}

func vectors(t testing.TB) []vector {
	var file struct {
		Inputs []vector `json:"inputs"`
	}
	readVectors(t, "streams.json", &file)
	return file.Inputs
}

func TestStreamsOfRealCompressors(t *testing.T) {
	flavours := map[string]flavour{"zlib": madler, "node": chromium, "gzip": gnuGzip}
	for _, v := range vectors(t) {
		t.Run(v.String(), func(t *testing.T) {
			if (testing.Short() || raceDetector) && v.Size > 20000 {
				t.Skip("large")
			}
			t.Parallel()
			data := v.data(t)
			if got := sum(Raw(data, 0, 8)); got != v.Stored {
				t.Errorf("stored: sum %s, want %s", got, v.Stored)
			}
			for _, s := range v.Streams {
				for i, want := range s.Levels {
					p := params{
						level: i + 1, memLevel: s.MemLevel, windowBits: s.WindowBits,
						flavour: flavours[s.By], syncFlush: s.Flush,
					}
					if got := sum(appendStream(nil, data, p)); got != want {
						t.Errorf("%s %+v: sum %s, want %s", s.By, p, got, want)
					}
				}
			}
		})
	}
}

func TestRawTakesDefaults(t *testing.T) {
	data := generate("json", 1, 30000)
	want := Raw(data, 6, 8)
	for _, got := range [][]byte{Raw(data, -1, 8), Raw(data, 6, 0), Raw(data, 10, 10)} {
		if !bytes.Equal(got, want) {
			t.Error("a value out of range is not the default")
		}
	}
	if bytes.Equal(Raw(data, 6, 9), want) {
		t.Error("memLevel 9 changes nothing, so it is not tested")
	}
}

func TestWrappersAreReadable(t *testing.T) {
	data := generate("json", 2, 5000)
	for level := -1; level <= 9; level++ {
		zr, err := zlib.NewReader(bytes.NewReader(Zlib(data, level)))
		if err != nil {
			t.Fatal(err)
		}
		checkReads(t, zr, data)
		b := Gzip(data, Header{Level: level, MemLevel: 8, XFL: 2, OS: 3, MTime: 1234567890})
		gr, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if gr.OS != 3 || gr.ModTime.Unix() != 1234567890 || b[8] != 2 {
			t.Errorf("header % x", b[:10])
		}
		checkReads(t, gr, data)
	}
}

func TestConcurrentUse(t *testing.T) {
	data := [][]byte{generate("json", 1, 40000), generate("mixed", 2, 40000), generate("runs", 3, 300)}
	want := make([][]byte, len(data))
	for i, d := range data {
		want[i] = Raw(d, 6, 8)
	}
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for range 5 {
				if i := n % len(data); !bytes.Equal(Raw(data[i], 6, 8), want[i]) {
					t.Error("the state of another stream shows")
				}
			}
		})
	}
	wg.Wait()
}

func checkReads(t *testing.T, r io.Reader, want []byte) {
	t.Helper()
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Fatal("the stream decompresses to other data")
	}
}

func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte(nil), uint8(6), uint8(8))
	f.Add([]byte(`{"a":1}`), uint8(71), uint8(9))
	for _, kind := range []string{"json", "mixed", "runs", "copies"} {
		f.Add(generate(kind, 1, 3000), uint8(9), uint8(1))
		f.Add(generate(kind, 2, 2000), uint8(66+128), uint8(8))
	}
	f.Fuzz(func(t *testing.T, data []byte, how, memLevel uint8) {
		p := params{
			level: int(how % 10), memLevel: 1 + int(memLevel%9), windowBits: 9 + int(memLevel%7),
			flavour: flavour(memLevel % 3), syncFlush: how >= 128,
		}
		if p.flavour == chromium {
			p.windowBits = 15
		}
		if how%128 >= 64 { // small inputs do not fill a window
			data = bytes.Repeat(data, min(200, 100000/(len(data)+1)))
		}
		checkReads(t, flate.NewReader(bytes.NewReader(appendStream(nil, data, p))), data)
	})
}

func BenchmarkRaw(b *testing.B) {
	for _, in := range []input{{Kind: "json", Size: 1000}, {Kind: "json", Size: 100000}} {
		data := generate(in.Kind, 1, in.Size)
		for _, level := range []int{1, 6, 9} {
			b.Run(in.String()+"/"+string(rune('0'+level)), func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					Raw(data, level, 8)
				}
			})
		}
	}
}

func BenchmarkVariants(b *testing.B) {
	data := generate("json", 1, 1000)
	b.ReportAllocs()
	for b.Loop() {
		Variants(data)
	}
}
