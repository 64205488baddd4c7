package signing

import (
	"regexp"
	"sync"
)

// compiled compiles an expression when it is first used: every start of the
// program would wait for it.
func compiled(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
