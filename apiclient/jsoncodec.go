package apiclient

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient/jsontext"
)

// codec is the JSON form of an exchange, in both directions: what names a member
// appends it to b or, where the codec reads, takes it from the object at hand. It is
// written by hand, as capture records thousands of exchanges a second.
type codec struct {
	place
	b []byte // what was written

	reads   bool
	members []member // of the object at hand, behind those of what is around it
	from    int      // where they begin
	element []byte   // of the list at hand, or the whole: the member without a name
	outer   []scope  // what is around
	err     error    // the first
}

type member struct{ name, value []byte }

// scope is an object or a list whose members are being read.
type scope struct {
	name string // of the member that was entered; "" of a list
	from int    // as codec has it, of what is around
}

// raw returns a member that is read, the last of several; nil where it is missing or null.
func (c *codec) raw(name string) []byte {
	raw := c.element
	if name != "" {
		raw = nil
		for i := len(c.members) - 1; i >= c.from && raw == nil; i-- {
			if string(c.members[i].name) == name {
				raw = c.members[i].value
			}
		}
	}
	if c.err != nil || string(raw) == "null" {
		return nil
	}
	return raw
}

// has reports whether a member is there to be read.
func (c *codec) has(name string) bool { return c.reads && c.raw(name) != nil }

// decode reads a member as encoding/json does.
func (c *codec) decode(name string, into any) {
	if raw := c.raw(name); raw != nil {
		c.fail(name, json.Unmarshal(raw, into))
	}
}

// fail keeps the first error; one about a type tells where it is.
func (c *codec) fail(name string, err error) {
	if err == nil || c.err != nil {
		return
	}
	c.err = err
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		kind.Field = c.path(name)
	}
}

// path names a member from the whole on: "request.headers".
func (c *codec) path(name string) string {
	path := ""
	for _, o := range append(c.outer, scope{name: name}) {
		if o.name != "" {
			path += "." + o.name
		}
	}
	return strings.TrimPrefix(path, ".")
}

// open begins an object, which close ends. It reports whether there is one: always,
// where the codec writes.
func (c *codec) open(name string) bool {
	if !c.reads {
		c.name(name)
		c.b = append(c.b, '{')
		return true
	}
	raw := c.raw(name)
	if raw == nil {
		return false
	}
	if raw[0] != '{' {
		c.fail(name, json.Unmarshal(raw, &struct{}{}))
		return false
	}
	c.outer = append(c.outer, scope{name, c.from})
	c.from = len(c.members)
	for quoted, value := range jsontext.Members(raw) {
		name := raw[quoted.From+1 : quoted.To-1]
		if bytes.IndexByte(name, '\\') >= 0 {
			name = []byte(jsontext.Text(quoted.Of(raw)))
		}
		c.members = append(c.members, member{name, value.Of(raw)})
	}
	return true
}

func (c *codec) close() {
	if !c.reads {
		c.end('}')
		return
	}
	last := len(c.outer) - 1
	c.members = c.members[:c.from]
	c.from, c.outer = c.outer[last].from, c.outer[:last]
}

// end puts a bracket in place of the comma that follows each value.
func (c *codec) end(bracket byte) {
	if last := len(c.b) - 1; c.b[last] == ',' {
		c.b = c.b[:last]
	}
	c.b = append(c.b, bracket, ',')
}

// items yields the members of a list: those that are there, or those that are read.
func items[T any](c *codec, name string, list *[]T) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		if c.reads {
			c.readItems(name, func() {
				var one T
				yield(&one)
				*list = append(*list, one)
			})
			return
		}
		c.name(name)
		c.b = append(c.b, '[')
		for i := range *list {
			yield(&(*list)[i])
		}
		c.end(']')
	}
}

func (c *codec) readItems(name string, read func()) {
	raw := c.raw(name)
	if raw == nil {
		return
	}
	if raw[0] != '[' {
		c.fail(name, json.Unmarshal(raw, &[]struct{}{}))
		return
	}
	around := c.element
	c.outer = append(c.outer, scope{name, c.from})
	for _, value := range jsontext.Members(raw) {
		c.element = value.Of(raw)
		read()
	}
	c.element, c.outer = around, c.outer[:len(c.outer)-1]
}

func (c *codec) name(name string) {
	if name != "" {
		c.b = append(append(append(c.b, '"'), name...), `":`...)
	}
}

func (c *codec) null(name string) {
	if !c.reads {
		c.name(name)
		c.b = append(c.b, "null,"...)
	}
}

// text is a string, as Text has it.
func text[S ~string](c *codec, name string, s *S) {
	if c.reads {
		if raw := c.raw(name); raw != nil {
			var t Text
			c.fail(name, t.UnmarshalJSON(raw))
			*s = S(t)
		}
		return
	}
	c.name(name)
	c.b = append(appendText(c.b, string(*s)), ',')
}

// some is a string that is left out where it is empty, and sure a flag that is true.
func some[S ~string](c *codec, name string, s *S) {
	if *s != "" || c.reads {
		text(c, name, s)
	}
}

func (c *codec) sure(name string, value *bool) {
	if *value || c.reads {
		c.flag(name, value)
	}
}

func (c *codec) flag(name string, value *bool) {
	if c.reads {
		c.decode(name, value)
		return
	}
	c.name(name)
	c.b = append(strconv.AppendBool(c.b, *value), ',')
}

func (c *codec) base64(name string, value *[]byte) {
	switch {
	case c.reads:
		if s, ok := plainString(c.raw(name)); ok {
			decoded, err := base64.StdEncoding.AppendDecode([]byte{}, s)
			*value = decoded
			c.fail(name, err)
			return
		}
		c.decode(name, value)
	case *value == nil:
		c.null(name)
	default:
		c.name(name)
		c.b = append(base64.StdEncoding.AppendEncode(append(c.b, '"'), *value), `",`...)
	}
}

// digest is in hexadecimal; one of zeros is empty.
func (c *codec) digest(name string, d *[32]byte) {
	if !c.reads {
		c.name(name)
		c.b = append(c.b, '"')
		if *d != [32]byte{} {
			c.b = hex.AppendEncode(c.b, d[:])
		}
		c.b = append(c.b, `",`...)
		return
	}
	var s string
	if text(c, name, &s); s == "" {
		return
	}
	if b, err := hex.DecodeString(s); err != nil || copy(d[:], b) != len(d) || len(b) != len(d) {
		c.fail(name, fmt.Errorf("%s is not 64 hexadecimal digits: %q", c.path(name), s))
	}
}

func (c *codec) hash(name string, h *crypto.Hash) {
	var s string
	if !c.reads {
		if *h != 0 {
			s = h.String()
		}
		text(c, name, &s)
		return
	}
	if text(c, name, &s); s == "" {
		return
	}
	for *h = 1; *h <= crypto.BLAKE2b_512; *h++ {
		if h.String() == s {
			return
		}
	}
	c.fail(name, fmt.Errorf("%s: unknown hash %q", c.path(name), s))
}

func (c *codec) millis(name string, d *time.Duration) {
	ms := float64(*d) / float64(time.Millisecond)
	if c.reads {
		c.decode(name, &ms)
		*d = time.Duration(math.Round(ms * float64(time.Millisecond)))
		return
	}
	c.name(name)
	c.b = append(strconv.AppendFloat(c.b, ms, 'f', -1, 64), ',')
}

func (c *codec) time(name string, t *time.Time) {
	if c.reads {
		if raw := c.raw(name); raw != nil {
			c.fail(name, t.UnmarshalJSON(raw))
		}
		return
	}
	c.name(name)
	b, err := t.AppendText(append(c.b, '"'))
	c.fail(name, err)
	c.b = append(b, `",`...)
}

// texts is a list of strings of ours.
func (c *codec) texts(name string, list *[]string) {
	switch {
	case c.reads:
		c.decode(name, list)
	case *list == nil:
		c.null(name)
	default:
		for s := range items(c, name, list) {
			text(c, "", s)
		}
	}
}

// pair is a list of two strings.
func (c *codec) pair(name, value *string) {
	if c.reads {
		into := []*string{name, value}
		c.readItems("", func() {
			if len(into) > 0 {
				text(c, "", into[0])
				into = into[1:]
			}
		})
		return
	}
	c.b = append(c.b, '[')
	text(c, "", name)
	text(c, "", value)
	c.end(']')
}

// large is bytes as a string, or under the other name in base64 where they are not UTF-8.
func (c *codec) large(name, otherName string, value *[]byte) {
	if c.reads {
		var t Text
		if c.base64(otherName, value); *value != nil || !c.has(name) {
			return
		}
		if s, ok := plainString(c.raw(name)); ok {
			*value = append([]byte{}, s...)
			return
		}
		text(c, name, &t)
		*value = []byte(t)
		return
	}
	s, binary := c.stream.Put(*value)
	if binary != nil {
		c.base64(otherName, &binary)
		return
	}
	text(c, name, &s)
}
