package variant

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func made(text string, cost int, causes ...string) Variant {
	v := Variant{Bytes: []byte(text), Cost: cost}
	for _, c := range causes {
		v.Changes = append(v.Changes, Change{Cause: c})
	}
	return v
}

func causes(list []Change) string {
	var names []string
	for _, c := range list {
		names = append(names, c.Cause)
	}
	return strings.Join(names, " ")
}

func TestSetKeepsTheCheapest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		add  []Variant
		want string // cost, changes / also
	}{
		{"one", []Variant{made("x", Common, "a")}, "11 a /"},
		{"the same cause again", []Variant{made("x", Common, "a"), made("x", Usual, "a")}, "11 a /"},
		{"dearer, another cause", []Variant{made("x", Common, "a"), made("x", Usual, "b")}, "11 a / b"},
		{"cheaper, another cause", []Variant{made("x", Usual, "a"), made("x", Common, "b")}, "11 b / a"},
		{"as cheap: the first stays", []Variant{made("x", Usual, "a"), made("x", Usual, "b")}, "13 a / b"},
		{"two causes beside one", []Variant{made("x", Common, "a"), made("x", 24, "b", "c")}, "11 a /"},
		{"one cause instead of two", []Variant{made("x", 24, "b", "c"), made("x", Common, "a")}, "11 a /"},
		{"also goes on to the cheaper", []Variant{made("x", Plausible, "a"), made("x", Rare, "b"), made("x", Common, "c")}, "11 c / a b"},
		{"far dearer, not told", []Variant{made("x", Common, "a"), made("x", Rare, "b")}, "11 a /"},
		{"another cause of the same name in between", []Variant{made("x", Rare, "a"), made("x", Common, "a"), made("x", Usual, "b")}, "11 a / b"},
		{"as it was sent", []Variant{made("sent", Common, "a")}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := NewSet([]byte("sent"), 100)
			for i, v := range c.add {
				if fresh := s.Add(v); fresh != (i == 0 && c.want != "") {
					t.Errorf("addition %d: new is %t", i, fresh)
				}
			}
			list := s.Variants()
			if string(list[0].Bytes) != "sent" || list[0].Cost != 0 || list[0].Changes != nil || list[0].Also != nil {
				t.Errorf("what was sent became %+v", list[0])
			}
			got := ""
			if len(list) > 1 {
				got = strings.TrimSpace(fmt.Sprintf("%d %s / %s", list[1].Cost, causes(list[1].Changes), causes(list[1].Also)))
			}
			if got != c.want || len(list) > 2 {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSetLimit(t *testing.T) {
	t.Parallel()
	s := NewSet([]byte("12345"), 10)
	if s.Full() || !s.Add(made("abcde", Common, "a")) || !s.Full() {
		t.Error("ten bytes fit into ten, and fill them")
	}
	if s.Add(made("x", Common, "a")) || len(s.Variants()) != 2 {
		t.Error("a full set took more")
	}
	// What is there is still explained.
	if s.Add(made("abcde", Usual, "b")); causes(s.Variants()[1].Also) != "b" {
		t.Error("another explanation was not noted")
	}
	s = NewSet([]byte("12345"), 10)
	if s.Add(made("123456", Common, "a")) || !s.Full() {
		t.Error("what is too large must fill the set")
	}
	// The part itself is always there, whatever its size.
	s = NewSet([]byte("12345"), 2)
	if list := s.Variants(); len(list) != 1 || string(list[0].Bytes) != "12345" || !s.Full() {
		t.Errorf("%v", list)
	}
}

func TestSetKeepsOrder(t *testing.T) {
	t.Parallel()
	s := NewSet(nil, 1<<20)
	var want []string
	for i := range 2000 {
		text := fmt.Sprint(i % 700)
		if s.Add(made(text, Common+i%9, "a")) {
			want = append(want, text)
		}
	}
	var got []string
	for _, v := range s.Variants()[1:] {
		got = append(got, string(v.Bytes))
	}
	if len(got) != 700 || !slices.Equal(got, want) {
		t.Errorf("%d variants, or out of order", len(got))
	}
}

// TestTwoCostMoreThanOne is what a search by cost relies on.
func TestTwoCostMoreThanOne(t *testing.T) {
	t.Parallel()
	if 2*Common <= Exotic {
		t.Error("two common changes would be tried before an exotic one")
	}
}

// TestSetTakesOnlySomeCosts adds the same variants in two passes, the likely ones
// first.
func TestSetTakesOnlySomeCosts(t *testing.T) {
	t.Parallel()
	s := NewSet([]byte("sent"), 100)
	add := func() {
		for _, v := range []Variant{{Bytes: []byte("rare"), Cost: Rare}, {Bytes: []byte("common"), Cost: Common}} {
			if got := s.Add(v); got != s.Takes(v.Cost) {
				t.Errorf("%s: added is %t", v.Bytes, got)
			}
		}
	}
	s.Only(0, Usual)
	add()
	if n := len(s.Variants()); n != 2 {
		t.Errorf("%d variants of the likely ones", n)
	}
	s.Only(Usual+1, Exotic)
	add()
	if list := s.Variants(); len(list) != 3 || string(list[1].Bytes) != "common" || string(list[2].Bytes) != "rare" {
		t.Errorf("%+v", list)
	}
}
