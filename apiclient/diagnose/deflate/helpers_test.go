package deflate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strconv"
	"testing"
)

// input describes data by the generator that makes it.
type input struct {
	Kind  string `json:"kind"`
	Seed  uint64 `json:"seed"`
	Size  int    `json:"size"`
	Input string `json:"input"` // sum of the data
}

// data makes the input and checks that it is the one the vectors are for.
func (in input) data(t testing.TB) []byte {
	t.Helper()
	d := generate(in.Kind, in.Seed, in.Size)
	if got := sum(d); got != in.Input {
		t.Fatalf("%s %d: generated data has sum %s, want %s", in.Kind, in.Seed, got, in.Input)
	}
	return d
}

func (in input) String() string { return in.Kind + "-" + strconv.Itoa(in.Size) }

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:16])
}

func readVectors(t testing.TB, name string, v any) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err == nil {
		err = json.Unmarshal(b, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

var words = []string{
	`{"id":`, `"amount":`, `"currency":"EUR"`, `"status":"paid"`, ",", "},{", "[", "]", "null",
	"true", `"customer":{`, `"name":"Zoë"`, `"note":"`, ": ", "\n  ", "0.", "Berlin",
}

// random is a linear congruential generator: the same in every language.
type random uint64

func (r *random) n(limit int) int {
	*r = *r*6364136223846793005 + 1442695040888963407
	return int(uint64(*r>>33) % uint64(limit))
}

// generate makes data of a kind: what zlib does depends on what repeats where.
func generate(kind string, seed uint64, size int) []byte {
	r := random(seed)
	var out []byte
	for len(out) < size {
		k, n := kind, 1
		if kind == "mixed" {
			k = []string{"random", "json", "runs", "copies"}[r.n(4)]
			n = 1 + r.n(400)
		}
		for range n {
			out = piece(&r, k, out)
		}
	}
	return out[:size]
}

// piece adds a bit of data of a kind.
func piece(r *random, kind string, out []byte) []byte {
	switch kind {
	case "json":
		if r.n(3) == 0 {
			return strconv.AppendInt(out, int64(r.n(1000000)), 10)
		}
		return append(out, words[r.n(len(words))]...)
	case "runs":
		b := byte(r.n(256))
		for range 1 + r.n(300) {
			out = append(out, b)
		}
		return out
	case "skewed":
		return append(out, byte(r.n(1+r.n(1+r.n(256)))))
	case "copies":
		if len(out) < 8 || r.n(4) == 0 {
			break
		}
		at := len(out) - 1 - r.n(min(len(out)-1, 40000))
		return append(out, out[at:min(at+3+r.n(40), len(out))]...)
	}
	return append(out, byte(r.n(256)))
}
