package keys

import (
	"regexp"
	"sync"
)

// compiled compiles an expression when it is first used: all of them together
// take a millisecond, which every start of the program would wait for.
func compiled(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
