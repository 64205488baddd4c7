package config

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"countersign/apiclient/english"
	"countersign/apiclient/hint"
)

// place is where a setting stands in the file, as byte offsets.
type place struct{ key, value int }

// walker goes over a document once, checks every key and the type of every
// value, and remembers where each stands.
type walker struct {
	file   string // as errors name it
	data   []byte
	parser unstable.Parser
	places map[string]place // by path, joined with dots; only of what is in the file
	order  []string         // paths as they come in the file
	counts map[string]int   // tables so far of each list
}

func newWalker(file string, data []byte) *walker {
	return &walker{file: file, data: data, places: map[string]place{}, counts: map[string]int{}}
}

// at makes an error about a byte offset.
func (w *walker) at(offset int, says, fix string) *Error {
	before := w.data[:max(0, min(offset, len(w.data)))]
	return &Error{
		File: w.file, Line: 1 + bytes.Count(before, []byte{'\n'}), Column: len(before) - bytes.LastIndexByte(before, '\n'),
		Says: says, Fix: hint.Fix(fix),
	}
}

// about makes an error about a setting's value, or about the nearest setting
// around it that the file has.
func (w *walker) about(path, says, fix string) *Error {
	for p := path; ; {
		if where, ok := w.places[p]; ok {
			offset := where.value
			if p != path {
				offset = where.key
			}
			return w.at(offset, says, fix)
		}
		i := strings.LastIndexByte(p, '.')
		if i < 0 {
			return &Error{File: w.file, Says: says, Fix: hint.Fix(fix)}
		}
		p = p[:i]
	}
}

// walk checks the whole document. Syntax errors are left to the decoder, which
// words them better.
func (w *walker) walk() error {
	w.parser.Reset(w.data)
	base, at := "", schema()
	for w.parser.NextExpression() {
		n := w.parser.Expression()
		var err error
		switch n.Kind {
		case unstable.Table, unstable.ArrayTable:
			base, at, err = w.header(n)
		case unstable.KeyValue:
			err = w.keyValue(n, base, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// header reads [a.b] or [[a.b]].
func (w *walker) header(n *unstable.Node) (string, *node, error) {
	path, at, last, err := w.descend(n.Key(), "", schema())
	if err != nil {
		return "", nil, err
	}
	want := table
	if n.Kind == unstable.ArrayTable {
		want = list
	}
	if at.kind != want {
		return "", nil, w.at(last, fmt.Sprintf("%s is %s, not %s", path, at.kind, want), example(path, at.kind))
	}
	w.note(path, last, last)
	if want == list {
		path += "." + strconv.Itoa(w.counts[path])
		w.counts[path[:strings.LastIndexByte(path, '.')]]++
		w.note(path, last, last)
	}
	return path, at, nil
}

// descend follows a dotted key from a place in the schema.
func (w *walker) descend(key unstable.Iterator, path string, at *node) (string, *node, int, error) {
	offset := 0
	for key.Next() {
		part := key.Node()
		offset = int(part.Raw.Offset)
		name := string(part.Data)
		if at.setting != nil {
			if field, ok := at.setting(name); ok {
				name = field
			}
		}
		next := at.fields[name]
		if next == nil {
			next = at.other
		}
		if next == nil {
			return "", nil, 0, w.unknown(offset, path, name, at)
		}
		if path = join(path, name); path == "profiles."+Sandbox {
			return "", nil, 0, w.at(offset, "the profile sandbox is built in and cannot be defined",
				"choose another name, such as [profiles.local]")
		}
		at = next
		if at.kind == table {
			w.note(path, offset, offset)
		}
	}
	return path, at, offset, nil
}

func (w *walker) unknown(offset int, path, name string, at *node) error {
	says := fmt.Sprintf("unknown key %q", name)
	if path != "" {
		says += " in " + path
	}
	if len(at.fields) == 0 {
		return w.at(offset, says, fmt.Sprintf("%s is %s", path, at.kind))
	}
	names := slices.Sorted(maps.Keys(at.fields))
	if near := english.Nearest(name, names); near != "" {
		return w.at(offset, says, fmt.Sprintf("did you mean %q?", near))
	}
	return w.at(offset, says, "the keys here are: "+strings.Join(names, ", "))
}

func (w *walker) keyValue(n *unstable.Node, base string, at *node) error {
	path, at, offset, err := w.descend(n.Key(), base, at)
	if err != nil {
		return err
	}
	return w.value(n.Value(), path, at, offset)
}

func (w *walker) value(v *unstable.Node, path string, at *node, key int) error {
	start := w.start(v, key)
	w.note(path, key, start)
	if v.Kind == unstable.InlineTable && at.kind == table {
		for members := v.Children(); members.Next(); {
			if err := w.keyValue(members.Node(), path, at); err != nil {
				return err
			}
		}
		return nil
	}
	if v.Kind == unstable.Array && at.kind == list {
		return w.tables(v, path, at, key)
	}
	if !fits(v, at.kind) {
		return w.at(start, fmt.Sprintf("%s is %s, not %s", path, describe(v), at.kind), example(path, at.kind))
	}
	if at.kind == texts {
		for items, i := v.Children(), 0; items.Next(); i++ {
			w.note(join(path, strconv.Itoa(i)), key, w.start(items.Node(), key))
		}
	}
	return nil
}

// tables reads a list of tables that is written as an array.
func (w *walker) tables(v *unstable.Node, path string, at *node, key int) error {
	for items, i := v.Children(), 0; items.Next(); i++ {
		item := items.Node()
		if item.Kind != unstable.InlineTable {
			return w.at(w.start(item, key), fmt.Sprintf("%s[%d] is %s, not a table", path, i, describe(item)),
				example(path, at.kind))
		}
		below := &node{kind: table, fields: at.fields}
		if err := w.value(item, join(path, strconv.Itoa(i)), below, key); err != nil {
			return err
		}
	}
	return nil
}

// start is the offset at which a value begins. Tables and arrays have no place
// in the syntax tree: their key is used instead.
func (w *walker) start(v *unstable.Node, key int) int {
	if v.Kind == unstable.InlineTable || v.Kind == unstable.Array || v.Raw.Length == 0 {
		return key
	}
	return int(v.Raw.Offset)
}

func (w *walker) note(path string, key, value int) {
	if _, ok := w.places[path]; !ok {
		w.order = append(w.order, path)
	}
	w.places[path] = place{key, value}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func fits(v *unstable.Node, k kind) bool {
	switch k {
	case text:
		return v.Kind == unstable.String
	case boolean:
		return v.Kind == unstable.Bool
	case version, size:
		return v.Kind == unstable.String || v.Kind == unstable.Integer
	case texts, oneOrMore:
		if k == oneOrMore && v.Kind == unstable.String {
			return true
		}
		if v.Kind != unstable.Array {
			return false
		}
		for items := v.Children(); items.Next(); {
			if items.Node().Kind != unstable.String {
				return false
			}
		}
		return true
	}
	return false
}

func describe(v *unstable.Node) string {
	switch v.Kind {
	case unstable.String:
		return "a string"
	case unstable.Bool:
		return "a boolean"
	case unstable.Integer:
		return "a whole number"
	case unstable.Float:
		return "a number"
	case unstable.Array:
		return "an array"
	case unstable.InlineTable:
		return "a table"
	}
	return "a date or time"
}

// example shows how a setting is written.
func example(path string, k kind) string {
	name := path[strings.LastIndexByte(path, '.')+1:]
	switch {
	case k == table && (name == "private_key" || name == "client_cert" || name == "platform_key" ||
		strings.Contains(path, "peer_keys.")):
		return fmt.Sprintf(`write it like %s = { file = "key.pem" }`, quoteKey(name))
	case k == table:
		return fmt.Sprintf("write it as [%s]", path)
	case k == list:
		return fmt.Sprintf("write each as [[%s]]", path)
	case k == oneOrMore:
		return fmt.Sprintf(`write it like %s = "x" or %s = ["x", "f5"]`, name, name)
	case k == texts:
		return fmt.Sprintf(`write it like %s = ["…", "…"]`, name)
	case k == boolean:
		return fmt.Sprintf("write %s = true or %s = false", name, name)
	case k == size:
		return `write it like max_response = "32MiB"`
	case name == "timeout" || name == "max_skew" || name == "token_lifetime":
		return fmt.Sprintf(`write it like %s = "30s"`, name)
	}
	return fmt.Sprintf(`write it like %s = "…"`, quoteKey(name))
}

func quoteKey(name string) string {
	if _, err := strconv.Atoi(name); err == nil {
		return strconv.Quote(name)
	}
	return name
}
