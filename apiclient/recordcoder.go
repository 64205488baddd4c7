package apiclient

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
)

// coder writes an exchange, or reads it: each method takes the place of a value, which
// it appends to b, or fills from the start of b.
type coder struct {
	b       []byte
	reading bool
	err     error

	long          []string // the texts so far that later ones may be the end of
	inside        int      // bytes of a body that stands in the record, at most
	whole, beside Bodies   // all bodies; those that do not stand in the record
}

// body is one of the bodies: none, beside the record, or so many bytes in it.
func (c *coder) body(b *[]byte, n int) {
	const none, beside, here = 0, 1, 2
	kind := uint64(none)
	switch {
	case c.reading || *b == nil:
	case len(*b) > c.inside:
		kind, c.beside[n] = beside, *b
	default:
		kind = here + uint64(len(*b))
	}
	switch kind = c.number(kind); kind {
	case none:
	case beside:
		if c.reading {
			*b = c.beside[n]
		}
	default:
		c.fill(b, kind-here)
	}
	c.whole[n] = *b
}

// signed is a signed string: none, its bytes, or what stands before and behind a body
// in it.
func (c *coder) signed(b *[]byte) {
	const none, plain, quoting = 0, 1, 2
	kind := uint64(none)
	var before, after []byte
	if !c.reading && len(*b) > 0 {
		kind = plain
		if n, x, y, ok := c.whole.quote(*b); ok {
			kind, before, after = quoting+uint64(n), x, y
		}
	}
	switch kind = c.number(kind); kind {
	case none:
	case plain:
		c.bytes(b)
	default:
		c.bytes(&before)
		c.bytes(&after)
		if n := kind - quoting; !c.reading {
			return
		} else if n >= uint64(len(c.whole)) {
			c.fail()
		} else {
			*b = bytes.Join([][]byte{before, c.whole[n], after}, nil)
		}
	}
}

func (c *coder) digest(d *[32]byte) {
	there := *d != [32]byte{}
	if c.flag(&there); !there {
		return
	}
	b := d[:]
	if c.fill(&b, uint64(len(d))); c.reading {
		copy(d[:], b)
	}
}

// Texts of longText bytes or more are looked for in the ones before, the first maxLong
// of them: a message may have thousands of headers.
const (
	longText = 32
	maxLong  = 32
)

// text is a string: one of usualTexts, the end of a text before, or its bytes.
func text[T ~string](c *coder, s *T) {
	const plain, end, usual = 0, 1, 2
	kind, which := uint64(plain), -1
	if !c.reading {
		if n, ok := usualNumbers()[string(*s)]; ok {
			kind = usual + uint64(n)
		} else if which = c.find(string(*s)); which >= 0 {
			kind = end
		}
	}
	switch kind = c.number(kind); kind {
	case plain:
		if n := c.number(uint64(len(*s))); c.reading {
			*s = T(c.next(n))
		} else {
			c.b = append(c.b, *s...)
		}
		if len(*s) >= longText && len(c.long) < maxLong {
			c.long = append(c.long, string(*s))
		}
	case end:
		n, size := c.number(uint64(which)), c.number(uint64(len(*s)))
		if !c.reading {
			return
		} else if n >= uint64(len(c.long)) || size > uint64(len(c.long[n])) {
			c.fail()
		} else {
			*s = T(c.long[n][uint64(len(c.long[n]))-size:])
		}
	default:
		if n := kind - usual; !c.reading {
			return
		} else if n >= uint64(len(usualTexts)) {
			c.fail()
		} else {
			*s = T(usualTexts[n])
		}
	}
}

// find returns which long text ends in s; -1: none.
func (c *coder) find(s string) int {
	if len(s) < longText {
		return -1
	}
	return slices.IndexFunc(c.long, func(long string) bool { return strings.HasSuffix(long, s) })
}

func (c *coder) texts(l *[]string) { list(c, l, func(s *string) { text(c, s) }) }

// list is a list: 0 for nil, else its length and one.
func list[T any](c *coder, l *[]T, each func(*T)) {
	n := uint64(0)
	if *l != nil {
		n = uint64(len(*l)) + 1
	}
	if n = c.number(n); c.reading && n > 0 {
		if n-1 > uint64(len(c.b)) { // each takes a byte at least
			c.fail()
			return
		}
		*l = make([]T, n-1)
	}
	for i := range *l {
		each(&(*l)[i])
	}
}

// optional is what may be nil.
func optional[T any](c *coder, p **T, do func(*T)) {
	there := *p != nil
	if c.flag(&there); !there {
		return
	}
	if c.reading {
		*p = new(T)
	}
	do(*p)
}

// bytes is a slice that may be nil, which is not an empty one.
func (c *coder) bytes(b *[]byte) {
	n := uint64(0)
	if *b != nil {
		n = uint64(len(*b)) + 1
	}
	if n = c.number(n); n > 0 {
		c.fill(b, n-1)
	}
}

// fill is n bytes, those of b.
func (c *coder) fill(b *[]byte, n uint64) {
	if c.reading {
		*b = c.next(n)
	} else {
		c.b = append(c.b, *b...)
	}
}

// next takes n bytes from what is to be read.
func (c *coder) next(n uint64) []byte {
	if n > uint64(len(c.b)) {
		c.fail()
		return nil
	}
	b := c.b[:n:n]
	c.b = c.b[n:]
	return b
}

func (c *coder) flag(f *bool) {
	n := uint64(0)
	if *f {
		n = 1
	}
	if n = c.number(n); c.reading {
		*f = n == 1
	}
}

func number[T ~uint | ~int64](c *coder, n *T) {
	if v := c.number(uint64(*n)); c.reading {
		*n = T(v)
	}
}

// number returns n, or what is read.
func (c *coder) number(n uint64) uint64 {
	if !c.reading {
		c.b = binary.AppendUvarint(c.b, n)
		return n
	}
	n, size := binary.Uvarint(c.b)
	if size <= 0 {
		c.fail()
		return 0
	}
	c.b = c.b[size:]
	return n
}

// fail ends the reading: what follows is zero.
func (c *coder) fail() {
	if c.err == nil {
		c.err = errRecord
	}
	c.b = nil
}
