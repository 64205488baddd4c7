package jq

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestCompileSaysWhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		source, says string
		at           int
	}{
		{".items[", "it is not complete", 7},
		{".a | )", `")" is not expected at column 6`, 5},
		{`"ü" | )`, `")" is not expected at column 7`, 7},
		{".a | nosuch", "function not defined: nosuch/0", 5},
		{".a + $x", "variable not defined: $x", 5},
	} {
		_, err := Compile(c.source)
		var f *Fault
		if !errors.As(err, &f) || f.Says != c.says || f.At != c.at {
			t.Errorf("%s: %+v", c.source, err)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{".", ".a[0]", "..", "map(.x)?", "{a: .b}", "[", "\"\\(.)\"", "😀", ".[\"\xff\"]"} {
		f.Add(s)
	}
	value, err := Decode([]byte(`{"a":[1,{"b":null}]}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, source string) {
		p, err := Compile(source)
		var fault *Fault
		if err != nil {
			if !errors.As(err, &fault) || fault.At > len(source) {
				t.Fatalf("%q: %v", source, err)
			}
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		count := 0
		_ = p.Run(ctx, Usual, value, func(any) bool { count++; return count < 1000 })
	})
}
