package habits

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/variant"
)

// stack is one part of an exchange that a real library made by its defaults: what
// the code around it signed, and what went over the wire. .ci/stacks made them.
type stack struct{ By, Signed, Sent, Agent string }

func stacks(t *testing.T) (targets, times []stack) {
	t.Helper()
	data, err := os.ReadFile("testdata/stacks.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Targets, Times []stack }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return file.Targets, file.Times
}

// sourceOf makes a request of a target and a time.
func sourceOf(target, at, agent string) *Source {
	return &Source{Exchange: &apiclient.Exchange{Request: apiclient.Message{Line: "POST " + target + " HTTP/1.1", Header: []apiclient.Field{
		{Name: "Request-Time", Value: at}, {Name: "Client-Id", Value: "2021"}, {Name: "User-Agent", Value: agent}}}}}
}

// changesTo returns the changes that lead to a text, the first that are there.
func changesTo(text string, list []variant.Variant, series ...[]Series) []variant.Change {
	for _, v := range list {
		if string(v.Bytes) == text {
			return v.Changes
		}
	}
	var b []byte
	for _, s := range slices.Concat(series...) {
		for i := range s.Len {
			if b = s.Append(b[:0], i); string(b) == text {
				return s.Changes(i)
			}
		}
	}
	return nil
}

// madeBy returns what src adds for a part that was sent so.
func madeBy(sent string, add func(*variant.Set)) []variant.Variant {
	set := NewSet([]byte(sent))
	add(set)
	return set.Variants()
}

// TestTargetsOfStacks finds what was signed among what is tried for the target
// that was sent, for every library.
func TestTargetsOfStacks(t *testing.T) {
	t.Parallel()
	targets, _ := stacks(t)
	for _, s := range targets {
		src := sourceOf(s.Sent, "1795963496781", s.Agent)
		changes := changesTo(s.Signed, madeBy(s.Sent, src.Paths), src.Targets(false))
		if len(changes) == 0 {
			changes = changesTo(s.Signed, nil, src.Targets(true))
		}
		if len(changes) == 0 {
			t.Errorf("%s: %q is not tried for %q", s.By, s.Signed, s.Sent)
		}
		for _, c := range changes {
			if c.Cause == "" || c.Says == "" {
				t.Errorf("%s: %+v", s.By, c)
			}
		}
	}
}

// TestTimesOfStacks does so for times. Of forms with nanoseconds, which are a
// million each, the one that was signed is asked for by its place.
func TestTimesOfStacks(t *testing.T) {
	t.Parallel()
	_, times := stacks(t)
	for _, s := range times {
		src := sourceOf("/v2/payments/pay", s.Sent, s.Agent)
		many := slices.Concat(src.OwnFractions(false), src.OwnFractions(true), src.MoreFractions())
		if len(changesTo(s.Signed, madeBy(s.Sent, src.Times), src.Fractions())) == 0 && !slices.ContainsFunc(many,
			func(f Series) bool { return holds(f, s.Signed) }) {
			t.Errorf("%s: %q is not tried for %q", s.By, s.Signed, s.Sent)
		}
	}
}

// holds looks for a text in a series that is in order, or in one of texts that
// are cut of their zeros.
func holds(s Series, text string) bool {
	if first := string(s.Append(nil, 0)); len(first) < len(text) {
		const date = len("2026-11-30T")
		return len(first) > date && first[:date] == text[:date] && first[len(first)-1] == text[len(text)-1] && len(changesTo(text, nil, []Series{s})) > 0
	}
	low, high := 0, s.Len
	for low < high {
		middle := (low + high) / 2
		switch at := string(s.Append(nil, middle)); {
		case at == text:
			return true
		case at < text:
			low = middle + 1
		default:
			high = middle
		}
	}
	return false
}

// TestTargetsAreBounded makes series of long and odd targets, and looks at their
// ends.
func TestTargetsAreBounded(t *testing.T) {
	t.Parallel()
	many := "/pay?" + strings.Repeat("a[b][]=%zz+%20&", 99) + "x"
	for _, target := range []string{"", "?", "/", "//", "/?", "/pay?&&=&", "/pay?a", "/pay?=x", "/pay?[]=1&[x]=2", "/pay?%=%&%4", "/%", "/%e9\xff", many,
		many + many, "/" + strings.Repeat("a/", 3000), "/" + strings.Repeat("%20", 3000), "/pay?" + strings.Repeat("é,", 2000), "/pay?a=[1,2]&b={x}&a=(,)",
		"/pay?" + strings.Repeat("a", 100_000)} {
		src := sourceOf(target, "1795963496781", "axios/1.7.2")
		n := 0
		for _, s := range slices.Concat(src.Targets(false), src.Targets(true), src.Catalogue()) {
			for _, i := range []int{0, 1, s.Len / 2, s.Len - 1} {
				if i >= 0 && i < s.Len {
					_, _ = s.Append(nil, i), s.Changes(i)
				}
			}
			n += s.Len
		}
		if n > 1_500_000 {
			t.Errorf("%.40q: %d targets", target, n)
		}
	}
}

// TestOwnNanoseconds asks that the nanoseconds of the message's stack are in a stage
// that comes early enough for a million hashes.
func TestOwnNanoseconds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ agent, signed, sent string }{
		{"axios/1.21.1", "1796010218904587683", "1796010218904"},
		{"Java-http-client/17.0.15", "2026-11-30T11:43:43.305163216+08:00", "1796010223305"},
		{"Java-http-client/17.0.15", "2026-11-30T11:43:43.329650684+08:00[Asia/Shanghai]", "1796010223329"},
	} {
		src := sourceOf("/v2/payments/pay", c.sent, c.agent)
		own := slices.Concat(src.OwnFractions(false), src.OwnFractions(true))
		if !slices.ContainsFunc(own, func(f Series) bool { return holds(f, c.signed) }) {
			t.Errorf("%s: %s is not among the times of its stack", c.agent, c.signed)
		}
		if n := len(own); n == 0 || n > 8 {
			t.Errorf("%s: %d series of a million each", c.agent, n)
		}
	}
}
