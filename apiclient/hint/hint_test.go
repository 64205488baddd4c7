package hint

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestHintOf(t *testing.T) {
	t.Parallel()
	inner := &Error{Says: "no room", Fix: "make room", Err: io.ErrShortWrite}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"none":                    {nil, ""},
		"plain":                   {io.EOF, ""},
		"itself":                  {inner, "make room"},
		"wrapped":                 {fmt.Errorf("saving: %w", inner), "make room"},
		"behind one without":      {&Error{Says: "saving", Err: inner}, "make room"},
		"the outer one has more":  {&Error{Says: "saving", Fix: "try again", Err: inner}, "try again"},
		"joined":                  {errors.Join(io.EOF, inner), "make room"},
		"formatted around it":     {Errorf("", "saving: %w", inner), "make room"},
		"formatted with its own":  {Errorf("wait", "saving: %w", inner), "wait"},
		"formatted without cause": {Errorf("wait", "saving %d", 1), "wait"},
	} {
		if got := Of(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if err := Errorf("", "saving: %w", inner); !errors.Is(err, io.ErrShortWrite) || err.Error() != "saving: no room" {
		t.Errorf("%v", err)
	}
}
