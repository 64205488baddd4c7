// Package lazyregexp compiles a regular expression when it is first used. To
// compile one takes a tenth of a millisecond, and every start of the program would
// wait for hundreds that it does not need.
package lazyregexp

import (
	"regexp"
	"sync"
)

// Regexp is an expression with the methods of *regexp.Regexp.
type Regexp struct{ compile func() *regexp.Regexp }

// New returns an expression. One that is faulty panics when it is first used: a
// test of the package that has it must use it.
func New(expression string) *Regexp {
	return &Regexp{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })}
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
