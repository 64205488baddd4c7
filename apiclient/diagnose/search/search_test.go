package search

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/adler32"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// combination is one hypothesis as a naive loop makes it.
type combination struct {
	layout, whole int
	choice        [Parts]int
	cost          int
	text          string
}

func (c combination) same(h Hit) bool {
	return c.layout == h.Layout && c.whole == h.Whole && c.choice == h.Choice && c.cost == h.Cost
}

// enumerate lists every combination without any of the searcher's shortcuts.
func enumerate(space *Space, seq *Sequence, least, most int) []combination {
	var all []combination
	for l, layout := range space.Layouts {
		if seq != nil && !slices.ContainsFunc(layout.Pieces, func(p Piece) bool { return p.Part == seq.Part }) {
			continue
		}
		for w, whole := range space.Wholes {
			var fill func(i int, c combination)
			fill = func(i int, c combination) {
				if i == len(layout.Pieces) {
					if whole.Apply != nil {
						changed, ok := whole.Apply(nil, []byte(c.text))
						if !ok {
							return
						}
						c.text = string(changed)
					}
					if least <= c.cost && c.cost <= most {
						all = append(all, c)
					}
					return
				}
				p := layout.Pieces[i]
				c.text += string(p.Literal)
				switch {
				case p.Part == None:
					fill(i+1, c)
				case seq != nil && p.Part == seq.Part:
					for k := range seq.Len {
						d := c
						d.choice[p.Part], d.text = k, c.text+string(seq.Append(nil, k))
						fill(i+1, d)
					}
				default:
					for k, v := range space.Variants[p.Part] {
						d := c
						d.choice[p.Part], d.cost, d.text = k, c.cost+v.Cost, c.text+string(v.Bytes)
						fill(i+1, d)
					}
				}
			}
			fill(0, combination{layout: l, whole: w, cost: layout.Cost + whole.Cost})
		}
	}
	return all
}

// some gives up to three letters of two: many strings come about in several
// ways.
func some(r *rand.Rand) []byte {
	b := make([]byte, r.IntN(4))
	for i := range b {
		b[i] = "ab"[r.IntN(2)]
	}
	return b
}

// randomSpace has costs as the real one: nothing between 0 and the least.
func randomSpace(r *rand.Rand, crowd int) *Space {
	space := &Space{}
	change := func() int { return 3 + r.IntN(4) }
	for p := range space.Variants {
		space.Variants[p] = []Variant{{Bytes: some(r)}}
		for range r.IntN(4) {
			space.Variants[p] = append(space.Variants[p], Variant{some(r), change()})
		}
	}
	// One part has so many that the workers share them.
	crowded := r.IntN(int(Parts))
	for range crowd {
		space.Variants[crowded] = append(space.Variants[crowded], Variant{some(r), change()})
	}
	for i := range 1 + r.IntN(4) {
		l := Layout{Cost: min(i, 1) * change()}
		for _, p := range r.Perm(int(Parts))[:r.IntN(int(Parts)+1)] {
			l.Pieces = append(l.Pieces, Piece{some(r), Part(p)})
		}
		if r.IntN(2) == 0 {
			l.Pieces = append(l.Pieces, Piece{some(r), None})
		}
		space.Layouts = append(space.Layouts, l)
	}
	space.Wholes = []Whole{{}}
	for _, apply := range []func(dst, src []byte) ([]byte, bool){
		func(dst, src []byte) ([]byte, bool) { return append(append(dst, src...), 'a'), true },
		func(dst, src []byte) ([]byte, bool) {
			return append(dst, bytes.ToUpper(src)...), bytes.ContainsAny(src, "b")
		},
		func(dst, src []byte) ([]byte, bool) { return dst, false },
	}[:r.IntN(4)] {
		space.Wholes = append(space.Wholes, Whole{apply, change()})
	}
	return space
}

func searching(match func([]byte) bool, workers int) *Searcher {
	d := Digest{New: sha256.New, Matcher: func() func([]byte) bool { return match }}
	return New(context.Background(), d, workers, time.Now, time.Time{})
}

func digestOf(text string) func([]byte) bool {
	want := sha256.Sum256([]byte(text))
	return func(d []byte) bool { return bytes.Equal(d, want[:]) }
}

func TestSearchAgainstEnumeration(t *testing.T) {
	t.Parallel()
	for seed := range uint64(80) {
		r := rand.New(rand.NewPCG(seed, 1))
		space := randomSpace(r, 30*r.IntN(2))
		least, most := r.IntN(5), 5+r.IntN(14)
		everything := enumerate(space, nil, 0, 30)
		if len(everything) == 0 {
			t.Fatalf("seed %d: an empty space", seed)
		}
		wanted := everything[r.IntN(len(everything))].text
		var matching []combination
		for _, c := range enumerate(space, nil, least, most) {
			if c.text == wanted {
				matching = append(matching, c)
			}
		}
		var first Hit
		for workers := 1; workers <= 4; workers++ {
			s := searching(digestOf(wanted), workers)
			hits := s.All(space, least, most, most)
			for _, h := range hits {
				if !slices.ContainsFunc(matching, func(c combination) bool { return c.same(h) }) {
					t.Fatalf("seed %d: %+v does not match", seed, h)
				}
				if got := string(space.Bytes(h, nil)); got != wanted {
					t.Fatalf("seed %d: the bytes of %+v are %q, not %q", seed, h, got, wanted)
				}
			}
			if len(hits) > 0 {
				lowest := hits[0].Cost
				near := slices.DeleteFunc(slices.Clone(hits), func(h Hit) bool { return h.Cost > lowest+1 })
				if got := s.All(space, least, most, 1); !slices.EqualFunc(got, near, func(a, b Hit) bool { return a == b }) {
					t.Fatalf("seed %d: of those near the first, %+v are found, not %+v", seed, got, near)
				}
			}
			if len(hits) != len(matching) || !slices.IsSortedFunc(hits, func(a, b Hit) int { return cmp.Compare(a.Cost, b.Cost) }) {
				t.Fatalf("seed %d: %d of %d hits, or not by cost", seed, len(hits), len(matching))
			}
			hit, ok := searching(digestOf(wanted), workers).First(space, least, most)
			if ok != (len(matching) > 0) {
				t.Fatalf("seed %d, %d workers: found is %t, %d match", seed, workers, ok, len(matching))
			}
			if ok && (hit.Cost != hits[0].Cost || !sameHit(hit, hits[0])) {
				t.Fatalf("seed %d: the first is %+v, the first of all %+v", seed, hit, hits[0])
			}
			if workers == 1 {
				first = hit
			} else if !sameHit(hit, first) {
				t.Fatalf("seed %d: %d workers find %+v, one finds %+v", seed, workers, hit, first)
			}
			if s.Stopped() {
				t.Fatalf("seed %d: stopped without a reason", seed)
			}
		}
	}
}

func sameHit(a, b Hit) bool {
	return a.Layout == b.Layout && a.Whole == b.Whole && a.Choice == b.Choice && a.Cost == b.Cost
}

// number is a sequence of decimal numbers in the place of a part.
func number(part Part, n int) Sequence {
	return Sequence{part, n, func(dst []byte, i int) []byte { return fmt.Append(dst, i) }}
}

// placed is a space in which a part stands first, in the middle and last.
func placed(part Part) *Space {
	space := &Space{Wholes: []Whole{{}, {func(dst, src []byte) ([]byte, bool) { return append(append(dst, src...), '\n'), true }, 3}}}
	for p := range space.Variants {
		space.Variants[p] = []Variant{{[]byte{'A' + byte(p)}, 0}, {[]byte{'a' + byte(p)}, 3}, {[]byte{'a' + byte(p), '!'}, 4}}
	}
	others := []Part{Method, Target, Client, Time, Body}
	others = slices.DeleteFunc(others, func(p Part) bool { return p == part })
	for i := range 5 {
		order := slices.Insert(slices.Clone(others), i, part)
		l := Layout{Cost: min(i, 1) * 3}
		for _, p := range order {
			l.Pieces = append(l.Pieces, Piece{[]byte{byte('0' + i)}, p})
		}
		l.Pieces = append(l.Pieces, Piece{[]byte("end"), None})
		space.Layouts = append(space.Layouts, l)
	}
	space.Layouts = append(space.Layouts,
		Layout{[]Piece{{nil, part}}, 5},                        // the sequence alone
		Layout{[]Piece{{nil, others[0]}, {nil, others[1]}}, 3}, // none of it
		Layout{[]Piece{{[]byte("nothing"), None}}, 3})
	return space
}

func TestFirstOfFindsTheSequenceAnywhere(t *testing.T) {
	t.Parallel()
	for part := range Parts {
		space := placed(part)
		for i, n := range []int{1, 7, 600} {
			seq := number(part, n)
			r := rand.New(rand.NewPCG(uint64(part), uint64(i)))
			for range 4 {
				c := pick(r, space, seq)
				for workers := 1; workers <= 4; workers += 1 + r.IntN(2) {
					s := searching(digestOf(c.text), workers)
					hit, ok := s.FirstOf(space, seq, 0, c.cost)
					if !ok || !c.same(hit) {
						t.Fatalf("part %d of %d, %d workers: %+v (%t), want %+v", part, n, workers, hit, ok, c)
					}
					if got := string(space.Bytes(hit, &seq)); got != c.text {
						t.Fatalf("bytes %q, want %q", got, c.text)
					}
				}
			}
		}
	}
}

// pick chooses a combination with at most two changes besides the sequence.
func pick(r *rand.Rand, space *Space, seq Sequence) combination {
	l := r.IntN(6)
	c := combination{layout: l, whole: r.IntN(len(space.Wholes)), cost: space.Layouts[l].Cost}
	c.cost += space.Wholes[c.whole].Cost
	changes := 0
	for _, p := range space.Layouts[l].Pieces {
		switch {
		case p.Part == None:
		case p.Part == seq.Part:
			c.choice[p.Part] = r.IntN(seq.Len)
		case changes < 1 && r.IntN(3) == 0:
			changes++
			c.choice[p.Part] = r.IntN(3)
			c.cost += space.Variants[p.Part][c.choice[p.Part]].Cost
		}
	}
	c.text = string(space.Bytes(Hit{Layout: c.layout, Whole: c.whole, Choice: c.choice}, &seq))
	return c
}

func TestSequenceAgainstEnumeration(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 2))
		space := randomSpace(r, 0)
		seq := Sequence{Part(r.IntN(int(Parts))), 1 + r.IntN(40), func(dst []byte, i int) []byte {
			return append(dst, strings.Repeat("ab", i%7)...)
		}}
		most := 8 + r.IntN(6)
		all := enumerate(space, &seq, 0, most)
		wanted := "none of them"
		if len(all) > 0 {
			wanted = all[r.IntN(len(all))].text
		}
		cheapest := -1
		for _, c := range all {
			if c.text == wanted && (cheapest < 0 || c.cost < cheapest) {
				cheapest = c.cost
			}
		}
		for workers := 1; workers <= 4; workers++ {
			hit, ok := searching(digestOf(wanted), workers).FirstOf(space, seq, 0, most)
			if ok != (cheapest >= 0) || ok && hit.Cost != cheapest {
				t.Fatalf("seed %d, %d workers: cost %d (%t), want %d", seed, workers, hit.Cost, ok, cheapest)
			}
			if ok && string(space.Bytes(hit, &seq)) != wanted {
				t.Fatalf("seed %d: the bytes are not those that matched", seed)
			}
		}
	}
}

// counter counts how often each digest is tried.
type counter struct {
	mu    sync.Mutex
	tried map[[32]byte]int
}

func (c *counter) match(d []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried[[32]byte(d)]++
	return false
}

func TestEachCombinationOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(24) {
		r := rand.New(rand.NewPCG(seed, 3))
		space := randomSpace(r, 20)
		var seq *Sequence
		if seed%2 == 1 {
			s := number(Part(r.IntN(int(Parts))), 1+r.IntN(600))
			seq = &s
			for p := range space.Variants { // it multiplies
				space.Variants[p] = space.Variants[p][:min(3, len(space.Variants[p]))]
			}
		}
		most := 6 + r.IntN(4)
		want := map[[32]byte]int{}
		for _, c := range enumerate(space, seq, 0, most) {
			want[sha256.Sum256([]byte(c.text))]++
		}
		for workers := 1; workers <= 3; workers += 2 {
			c := counter{tried: map[[32]byte]int{}}
			s := searching(c.match, workers)
			if seq == nil {
				s.First(space, 0, most)
			} else {
				s.FirstOf(space, *seq, 0, most)
			}
			total := int64(0)
			for d, n := range want {
				total += int64(n)
				if c.tried[d] != n {
					t.Fatalf("seed %d: tried %d times, want %d", seed, c.tried[d], n)
				}
			}
			if len(c.tried) != len(want) {
				t.Fatalf("seed %d: %d digests, want %d", seed, len(c.tried), len(want))
			}
			if s.Tried() < total { // wholes that change nothing count, too
				t.Fatalf("seed %d: says %d, were %d", seed, s.Tried(), total)
			}
		}
	}
}

func TestNothingToTry(t *testing.T) {
	t.Parallel()
	space := &Space{Wholes: []Whole{{}}}
	for _, layouts := range [][]Layout{
		nil,
		{{[]Piece{{[]byte("x"), Body}}, 0}}, // a part without variants
		{{[]Piece{{[]byte("x"), Body}, {nil, Time}}, 0}},
	} {
		space.Layouts = layouts
		if _, ok := searching(func([]byte) bool { return true }, 2).First(space, 0, 40); ok {
			t.Errorf("%v: found something", layouts)
		}
	}
	space.Layouts = []Layout{{[]Piece{{[]byte("as it is"), None}}, 0}}
	if hit, ok := searching(digestOf("as it is"), 3).First(space, 0, 0); !ok || string(space.Bytes(hit, nil)) != "as it is" {
		t.Error("a layout without parts is not tried")
	}
	if _, ok := searching(func([]byte) bool { return true }, 2).FirstOf(placed(Time), number(Time, 0), 0, 9); ok {
		t.Error("an empty sequence has a hit")
	}
}

// wide is a space in which n times n combinations cost 2.
func wide(n int) *Space {
	space := &Space{Wholes: []Whole{{}}, Layouts: []Layout{{[]Piece{{[]byte("POST "), Target}, {[]byte("\n"), Body}}, 0}}}
	for _, p := range []Part{Target, Body} {
		space.Variants[p] = []Variant{{Bytes: []byte("as it is")}}
		for i := range n {
			space.Variants[p] = append(space.Variants[p], Variant{binary.BigEndian.AppendUint64(make([]byte, 0, 40), uint64(i)), 1})
		}
	}
	return space
}

func TestExpiryByTime(t *testing.T) {
	t.Parallel()
	var ticks atomic.Int64
	start := time.Now()
	now := func() time.Time { return start.Add(time.Duration(ticks.Add(1)) * time.Second) }
	d := Digest{sha256.New, func() func([]byte) bool { return func([]byte) bool { return false } }}
	s := New(context.Background(), d, 2, now, start.Add(20*time.Second))
	if _, ok := s.First(wide(1000), 2, 2); ok || !s.Stopped() || s.Tried() == 0 || s.Tried() >= 1e6 {
		t.Errorf("stopped is %t after %d", s.Stopped(), s.Tried())
	}
	// It is over for good.
	tried := s.Tried()
	s.Extend(start.Add(time.Hour))
	if _, ok := s.First(wide(10), 0, 2); ok || s.Tried() != tried || !s.Expired() {
		t.Error("it went on after its end")
	}
}

func TestExtend(t *testing.T) {
	t.Parallel()
	start := time.Now()
	d := Digest{sha256.New, func() func([]byte) bool { return func([]byte) bool { return false } }}
	s := New(context.Background(), d, 0, func() time.Time { return start }, start.Add(time.Second))
	s.Extend(start)
	if !s.Expired() || !s.Stopped() {
		t.Error("the new end is not seen")
	}
}

func TestExpiryByContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	var n atomic.Int64
	d := Digest{sha256.New, func() func([]byte) bool {
		return func([]byte) bool {
			if n.Add(1) == 5000 {
				cancel()
			}
			return false
		}
	}}
	s := New(ctx, d, 2, time.Now, time.Time{})
	if _, ok := s.First(wide(1000), 2, 2); ok || !s.Stopped() || n.Load() > 5000+2*2*lookEvery/128 {
		t.Errorf("stopped is %t after %d", s.Stopped(), n.Load())
	}
	done, stop := context.WithCancel(context.Background())
	stop()
	s = New(done, d, 2, time.Now, time.Time{})
	if s.All(wide(3), 0, 9, 9) != nil || s.Tried() != 0 || !s.Stopped() {
		t.Error("tried although the context was done")
	}
}

// TestNoAllocationPerHypothesis is not parallel: allocations are counted.
func TestNoAllocationPerHypothesis(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates, too")
	}
	never := func([]byte) bool { return false }
	count := func(f func(s *Searcher)) float64 {
		return testing.AllocsPerRun(3, func() { f(searching(never, 1)) })
	}
	level := func(n int) float64 {
		space := wide(n)
		return count(func(s *Searcher) { s.First(space, 2, 2) })
	}
	// Sorting the variants by cost grows slices; nothing else may.
	if small, big := level(10), level(200); big > small+40 {
		t.Errorf("100 combinations make %.0f allocations, 40,000 make %.0f", small, big)
	}
	for _, part := range []Part{Target, Body} {
		space := wide(3)
		sweep := func(n int) float64 {
			seq := Sequence{part, n, func(dst []byte, i int) []byte { return binary.BigEndian.AppendUint64(dst, uint64(i)) }}
			return count(func(s *Searcher) { s.FirstOf(space, seq, 0, 1) })
		}
		if small, big := sweep(10), sweep(20000); big > small+10 {
			t.Errorf("part %d: a sequence of 10 makes %.0f allocations, one of 20,000 makes %.0f", part, small, big)
		}
	}
	space := wide(20)
	space.Wholes = append(space.Wholes, Whole{func(dst, src []byte) ([]byte, bool) { return append(append(dst, src...), '\n'), true }, 1})
	if one, many := count(func(s *Searcher) { s.First(space, 1, 1) }), count(func(s *Searcher) { s.First(space, 3, 3) }); many > one+10 {
		t.Errorf("wholes: a few combinations make %.0f allocations, 400 make %.0f", one, many)
	}
}

// TestHashWithoutState runs itself anew: the panic is in another goroutine.
func TestHashWithoutState(t *testing.T) {
	t.Parallel()
	const flag = "COUNTERSIGN_TEST_STATELESS"
	if os.Getenv(flag) != "" {
		d := Digest{func() hash.Hash { return stateless{adler32.New()} }, func() func([]byte) bool { return func([]byte) bool { return true } }}
		New(context.Background(), d, 1, time.Now, time.Time{}).First(wide(1), 0, 0)
		return
	}
	c := exec.Command(os.Args[0], "-test.run=^TestHashWithoutState$")
	c.Env = append(os.Environ(), flag+"=1")
	out, err := c.CombinedOutput()
	if err == nil || !bytes.Contains(out, []byte("search: the hash cannot be set back")) {
		t.Errorf("%v: %s", err, out)
	}
}

// stateless hides that a hash can be saved.
type stateless struct{ hash.Hash }
