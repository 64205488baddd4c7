// Package lazyregexp compiles a regular expression when it is first used. To
// compile one takes a tenth of a millisecond, and every start of the program would
// wait for hundreds that it does not need.
package lazyregexp

import (
	"regexp"
	"sync/atomic"
)

// Regexp is an expression with the methods of *regexp.Regexp.
type Regexp struct {
	expression string
	compiled   atomic.Pointer[regexp.Regexp]
}

// New returns an expression. One that is faulty panics when it is used: a test of
// the package that has it must use it.
//
// It is small enough for the compiler to lay the expressions of a package out as
// data, so that none of them costs a start anything.
func New(expression string) *Regexp { return &Regexp{expression: expression} }

// compile returns the compiled expression. Two that need it at once may both
// compile it.
func (r *Regexp) compile() *regexp.Regexp {
	if compiled := r.compiled.Load(); compiled != nil {
		return compiled
	}
	compiled := regexp.MustCompile(r.expression)
	r.compiled.Store(compiled)
	return compiled
}

// Find is that of the compiled expression.
func (r *Regexp) Find(b []byte) []byte { return r.compile().Find(b) }

// FindAllStringIndex is that of the compiled expression.
func (r *Regexp) FindAllStringIndex(s string, n int) [][]int {
	return r.compile().FindAllStringIndex(s, n)
}

// FindAllStringSubmatch is that of the compiled expression.
func (r *Regexp) FindAllStringSubmatch(s string, n int) [][]string {
	return r.compile().FindAllStringSubmatch(s, n)
}

// FindAllStringSubmatchIndex is that of the compiled expression.
func (r *Regexp) FindAllStringSubmatchIndex(s string, n int) [][]int {
	return r.compile().FindAllStringSubmatchIndex(s, n)
}

// FindAllSubmatch is that of the compiled expression.
func (r *Regexp) FindAllSubmatch(b []byte, n int) [][][]byte {
	return r.compile().FindAllSubmatch(b, n)
}

// FindAllSubmatchIndex is that of the compiled expression.
func (r *Regexp) FindAllSubmatchIndex(b []byte, n int) [][]int {
	return r.compile().FindAllSubmatchIndex(b, n)
}

// FindIndex is that of the compiled expression.
func (r *Regexp) FindIndex(b []byte) []int { return r.compile().FindIndex(b) }

// FindString is that of the compiled expression.
func (r *Regexp) FindString(s string) string { return r.compile().FindString(s) }

// FindStringIndex is that of the compiled expression.
func (r *Regexp) FindStringIndex(s string) []int { return r.compile().FindStringIndex(s) }

// FindStringSubmatch is that of the compiled expression.
func (r *Regexp) FindStringSubmatch(s string) []string { return r.compile().FindStringSubmatch(s) }

// FindStringSubmatchIndex is that of the compiled expression.
func (r *Regexp) FindStringSubmatchIndex(s string) []int {
	return r.compile().FindStringSubmatchIndex(s)
}

// FindSubmatch is that of the compiled expression.
func (r *Regexp) FindSubmatch(b []byte) [][]byte { return r.compile().FindSubmatch(b) }

// FindSubmatchIndex is that of the compiled expression.
func (r *Regexp) FindSubmatchIndex(b []byte) []int { return r.compile().FindSubmatchIndex(b) }

// Match is that of the compiled expression.
func (r *Regexp) Match(b []byte) bool { return r.compile().Match(b) }

// MatchString is that of the compiled expression.
func (r *Regexp) MatchString(s string) bool { return r.compile().MatchString(s) }

// ReplaceAll is that of the compiled expression.
func (r *Regexp) ReplaceAll(b, with []byte) []byte { return r.compile().ReplaceAll(b, with) }

// ReplaceAllString is that of the compiled expression.
func (r *Regexp) ReplaceAllString(s, with string) string {
	return r.compile().ReplaceAllString(s, with)
}

// ReplaceAllStringFunc is that of the compiled expression.
func (r *Regexp) ReplaceAllStringFunc(s string, with func(string) string) string {
	return r.compile().ReplaceAllStringFunc(s, with)
}
