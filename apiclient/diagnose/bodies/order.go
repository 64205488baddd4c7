package bodies

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// reorder sorts the members of every object, or only of the outermost.
func reorder(deep bool, order func(members []member)) shaper {
	return func(root *value) *value {
		if !deep {
			if root.kind != object {
				return root
			}
			out := &value{kind: object, members: slices.Clone(root.members)}
			order(out.members)
			return out
		}
		return root.transform(func(v *value) *value {
			if v.kind == object {
				order(v.members) // transform made a copy
			}
			return v
		})
	}
}

func by(compare func(a, b string) int) func([]member) {
	return func(members []member) {
		slices.SortStableFunc(members, func(a, b member) int { return compare(a.key.decoded(), b.key.decoded()) })
	}
}

// utf16Order compares strings as Java, JavaScript and .NET do.
func utf16Order(a, b string) int {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

func foldOrder(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }

func lengthOrder(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// hashMap is the order in which a HashMap of Java hands out its keys: by the
// bucket, of a table that doubles whenever it is three quarters full.
func hashMap(members []member) {
	buckets := uint32(16)
	for uint32(len(members)) > buckets*3/4 { //nolint:gosec // members of an object
		buckets *= 2
	}
	slices.SortStableFunc(members, func(a, b member) int {
		return cmp.Compare(javaHash(a.key.decoded())&(buckets-1), javaHash(b.key.decoded())&(buckets-1))
	})
}

// javaHash is String.hashCode as HashMap spreads it.
func javaHash(s string) uint32 {
	var h uint32
	for _, u := range utf16.Encode([]rune(s)) {
		h = 31*h + uint32(u)
	}
	return h ^ h>>16
}

// The orders that a map gives the keys of a body.
const (
	Sorted = "sorted"
	Hashed = "hashed"
)

// leastMapped is how many keys tell an order from chance: one of 120 has it.
const leastMapped = 5

// MapOrder returns the order that a map has given the keys of a JSON object; "" where
// it is none, or there are too few to tell.
func MapOrder(body []byte) string {
	d := parse(body)
	if d == nil || d.root.kind != object || len(d.root.members) < leastMapped {
		return ""
	}
	own := writer{style: compact}.write(d.root)
	for name, order := range map[string]shaper{Sorted: sortedKeys, Hashed: javaOrder} {
		if bytes.Equal(writer{style: compact}.write(order(d.root)), own) {
			return name
		}
	}
	return ""
}

// ecmaOrder puts keys that are array indexes first, in ascending order.
func ecmaOrder(members []member) {
	slices.SortStableFunc(members, func(a, b member) int {
		x, isX := arrayIndex(a)
		y, isY := arrayIndex(b)
		switch {
		case isX && isY:
			return cmp.Compare(x, y)
		case isX:
			return -1
		case isY:
			return 1
		}
		return 0
	})
}

// arrayIndex returns the number that a key is to JavaScript.
func arrayIndex(m member) (uint64, bool) {
	key := m.key.decoded()
	n, err := strconv.ParseUint(key, 10, 32)
	return n, err == nil && strconv.FormatUint(n, 10) == key && n < 1<<32-1
}

// orders change the order of members.
var orders = []row[shaper]{
	{common, reorder(true, by(strings.Compare)), orderChanged, "with the keys of its objects sorted",
		"Go's `json.Marshal` of a map, `sort_keys=True`, or a `TreeMap`"},
	{usual, reorder(true, slices.Reverse), orderChanged,
		"with the members of its objects in reverse order", "a map that returns its keys last to first"},
	{usual, reorder(false, by(strings.Compare)), orderChanged,
		"with its outermost keys sorted", "`ksort`, or a `TreeMap` of the top level"},
	{common, reorder(true, hashMap), orderChanged, "with its keys in the order of a Java HashMap",
		"`JSONObject` of org.json, json-simple or fastjson, or a `HashMap`; a `LinkedHashMap` keeps the order"},
	{plausible, reorder(false, hashMap), orderChanged,
		"with its outermost keys in the order of a Java HashMap",
		"a `HashMap` made by hand; a `LinkedHashMap` keeps the order"},
	{plausible, reorder(false, slices.Reverse), orderChanged,
		"with its outermost members in reverse order", "a map that returns its keys last to first"},
	{plausible, reorder(true, by(utf16Order)), orderChanged, "with its keys sorted by UTF-16", "a `TreeMap`, or `Object.keys(o).sort()`"},
	{plausible, reorder(true, by(foldOrder)), orderChanged, "with its keys sorted without regard to case",
		"`TreeMap(String.CASE_INSENSITIVE_ORDER)`, or a sort by locale"},
	{rare, reorder(false, by(foldOrder)), orderChanged, "with its outermost keys sorted without regard to case", "a sort by locale"},
	{rare, reorder(true, by(func(a, b string) int { return strings.Compare(b, a) })), orderChanged,
		"with its keys sorted from Z to A", "a reversed comparator"},
	{rare, reorder(false, by(func(a, b string) int { return strings.Compare(b, a) })), orderChanged,
		"with its outermost keys sorted from Z to A", "`krsort`, or a reversed comparator"},
	{plausible, reorder(true, ecmaOrder), orderChanged, "with keys that are numbers moved to the front",
		"`JSON.parse`: JavaScript objects keep such keys first"},
	{plausible, reorder(true, by(lengthOrder)), orderChanged, "with its keys sorted by length", "canonical CBOR or a database's JSON type"},
	{rare, sortArrays, "body_array_order_changed", "with the elements of its arrays sorted", "a set in place of a list"},
	{rare, reverseArrays, "body_array_order_changed",
		"with the elements of its arrays in reverse order", "a list that is built from its end"},
	{rare, rotate(1), orderChanged, "with its last member first", "a field that is put in front before signing"},
	{rare, rotate(-1), orderChanged, "with its first member last", "a field that is taken out and put back before signing"},
}

func sortArrays(root *value) *value {
	return root.transform(func(v *value) *value {
		if v.kind == array {
			slices.SortStableFunc(v.items, func(a, b *value) int {
				return strings.Compare(string(writer{style: compact}.write(a)), string(writer{style: compact}.write(b)))
			})
		}
		return v
	})
}

func reverseArrays(root *value) *value {
	return root.transform(func(v *value) *value {
		if v.kind == array {
			slices.Reverse(v.items)
		}
		return v
	})
}

// rotate moves one member of the outermost object around.
func rotate(by int) shaper {
	return func(root *value) *value {
		n := len(root.members)
		if root.kind != object || n < 3 {
			return nil
		}
		out := &value{kind: object}
		for i := range n {
			out.members = append(out.members, root.members[(i-by+n)%n])
		}
		return out
	}
}

// swaps returns the document with two outermost members exchanged, or one moved
// to another place.
func swaps(root *value) []*value {
	n := len(root.members)
	if root.kind != object || n > 40 {
		return nil
	}
	var all []*value
	for i := range n {
		for j := range n {
			if i == j {
				continue
			}
			moved := slices.Delete(slices.Clone(root.members), i, i+1)
			all = append(all, &value{kind: object, members: slices.Insert(moved, j, root.members[i])})
			if i < j {
				swapped := slices.Clone(root.members)
				swapped[i], swapped[j] = swapped[j], swapped[i]
				all = append(all, &value{kind: object, members: swapped})
			}
		}
	}
	return all
}
