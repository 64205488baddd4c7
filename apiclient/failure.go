package apiclient

import "fmt"

// problem is an error with a hint: what is wrong in one sentence, and how to
// mend it in another.
type problem struct {
	says string
	hint string
	err  error
}

func (p *problem) Error() string { return p.says }

// Hint says how to mend it; "" where nothing is known.
func (p *problem) Hint() string { return p.hint }

func (p *problem) Unwrap() error { return p.err }

func problemf(hint, format string, args ...any) *problem {
	return &problem{says: clip(fmt.Sprintf(format, args...)), hint: hint}
}

// hintOf returns the hint that err carries, if any.
func hintOf(err error) string {
	if h, ok := err.(interface{ Hint() string }); ok {
		return h.Hint()
	}
	return ""
}
