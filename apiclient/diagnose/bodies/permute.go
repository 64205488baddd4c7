package bodies

import "countersign/apiclient/diagnose/variant"

// Order is the sequence of all orders of the outermost members of a body in
// one style.
type Order struct {
	Len    int
	Append func(dst []byte, i int) []byte
	Change variant.Change
}

// maxOrdered is how many members are put into every order: 8 have 40,320.
const maxOrdered = 8

// Orders gives the sequences for the body's own white space and for none.
func (m *Maker) Orders() []Order {
	if m.doc == nil || m.doc.root.kind != object {
		return nil
	}
	n := len(m.doc.root.members)
	if n < 3 || n > maxOrdered {
		return nil
	}
	length := 1
	for i := 2; i <= n; i++ {
		length *= i
	}
	var list []Order
	for _, s := range []style{m.own, compact, spaced, pretty("  "), pretty("    ")} {
		if len(list) > 0 && s == m.own {
			continue
		}
		parts, first, between, last := pieces(m.doc.root, s)
		list = append(list, Order{
			Len: length,
			Append: func(dst []byte, i int) []byte {
				var used [maxOrdered]bool
				dst = append(dst, first...)
				for k, base := 0, length; k < n; k++ {
					base /= n - k
					index := i / base
					i %= base
					if k > 0 {
						dst = append(dst, between...)
					}
					dst = append(dst, parts[take(&used, index)]...)
				}
				return append(dst, last...)
			},
			Change: variant.Change{
				Cause: "body_key_order_changed",
				Says:  "The body was signed with its outermost members in another order.",
				Habit: "a serialiser with an order of its own, such as that of a class's fields",
			},
		})
	}
	return list
}

// take finds the index-th that is not used yet.
func take(used *[maxOrdered]bool, index int) int {
	for k := range used {
		if used[k] {
			continue
		}
		if index == 0 {
			used[k] = true
			return k
		}
		index--
	}
	return 0
}

// pieces are the members of an object as a style writes them, and what stands
// around and between them.
func pieces(root *value, s style) (parts [][]byte, first, between, last []byte) {
	w := writer{style: s}
	for _, m := range root.members {
		b := w.append(nil, m.key, 1)
		b = append(b, s.colon...)
		parts = append(parts, w.append(b, m.value, 1))
	}
	first = w.line([]byte{'{'}, 1)
	between = []byte(s.comma)
	if s.newline != "" {
		between = w.line(between, 1)
	}
	last = append(w.line(nil, 0), '}')
	return parts, first, between, last
}
