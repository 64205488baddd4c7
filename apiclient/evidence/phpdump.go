package evidence

import (
	"strconv"
	"strings"

	"countersign/apiclient/lazyregexp"
)

var (
	printR    = lazyregexp.New(`(?m)^\s*(?:Array|\w+ Object)\r?\n\s*\(\r?\n`)
	varExport = lazyregexp.New(`(?m)(?:^|\s)array \(\s*\n`)
	varDump   = lazyregexp.New(`(?m)^\s*(?:\S+:\d+:\s*)?array\(\d+\) \{`)
	dumpType  = lazyregexp.New(`^(array|string|int|float|bool|NULL|object)(?:\(([^)]*)\))?(?:#\d+ \((\d+)\))?`)
	printRKey = lazyregexp.New(`^( *)\[([^\]\n]*)\] => ?(.*)$`)
)

// phpValue reads what PHP's print_r, var_dump and var_export print.
func phpValue(s string) (value, bool) {
	if at := printR.FindStringIndex(s); at != nil {
		lines := strings.Split(strings.ReplaceAll(s[at[1]:], "\r\n", "\n"), "\n")
		v, _ := printedR(lines, 0)
		return v, len(v.members) > 0
	}
	if at := varDump.FindStringIndex(s); at != nil {
		d := varDumped{s: strings.TrimLeft(s[at[0]:], " \n"), steps: len(s)}
		if i := strings.Index(d.s, "array("); i > 0 {
			d.s = d.s[i:]
		}
		return d.value(0)
	}
	if at := varExport.FindStringIndex(s); at != nil {
		p := dumpParser{s: strings.TrimLeft(s[at[0]:], " \n"), steps: len(s), php: true}
		return p.value(0)
	}
	return value{}, false
}

// printedR reads the members of an Array ( … ), whose lines begin with the first
// of them, and returns what follows it.
func printedR(lines []string, depth int) (v value, rest []string) {
	v.kind = objectValue
	indent := -1
	for len(lines) > 0 && depth < maxDumpDepth {
		key := printRKey.FindStringSubmatch(lines[0])
		switch {
		case strings.TrimSpace(lines[0]) == ")":
			return v, lines[1:]
		case key == nil:
			lines = lines[1:]
			continue
		case indent < 0:
			indent = len(key[1])
		}
		m := printedMember{name: key[2]}
		if key[3] == "Array" && len(lines) > 1 && strings.TrimSpace(lines[1]) == "(" {
			m.value, lines = printedR(lines[2:], depth+1)
		} else {
			n := 1
			for n < len(lines) && !endsPrinted(lines[n:], indent) {
				n++
			}
			m.kind, m.text = stringValue, strings.Join(append([]string{key[3]}, lines[1:n]...), "\n")
			lines = lines[n:]
		}
		v.members = append(v.members, m)
	}
	return v, lines
}

// endsPrinted reports whether a value ends before a line: with the next member
// of the same list, or its end.
func endsPrinted(lines []string, indent int) bool {
	if key := printRKey.FindStringSubmatch(lines[0]); key != nil && len(key[1]) == indent {
		return true
	}
	return lines[0] == strings.Repeat(" ", max(0, indent-4))+")"
}

// varDumped reads what var_dump prints, which tells the length of each string.
type varDumped struct {
	s     string
	steps int
}

func (d *varDumped) value(depth int) (v value, ok bool) {
	d.s = strings.TrimLeft(d.s, " \r\n")
	kind := dumpType.FindStringSubmatch(d.s)
	if d.steps--; kind == nil || depth > maxDumpDepth || d.steps < 0 {
		return v, false
	}
	d.s = d.s[len(kind[0]):]
	switch kind[1] {
	case "string":
		n, err := strconv.Atoi(kind[2])
		if err != nil || len(d.s) < n+3 || d.s[:2] != ` "` {
			return v, false
		}
		v = value{kind: stringValue, text: d.s[2 : 2+n]}
		d.s = d.s[n+3:]
		return v, true
	case "array", "object":
		v.kind = objectValue
		if _, d.s, ok = strings.Cut(d.s, "{"); !ok {
			return v, false
		}
		return v, d.members(&v, depth)
	}
	return value{kind: bareValue, text: kind[2]}, true
}

func (d *varDumped) members(v *value, depth int) bool {
	for {
		d.s = strings.TrimLeft(d.s, " \r\n")
		if strings.HasPrefix(d.s, "}") {
			d.s = d.s[1:]
			return true
		}
		name, rest, ok := strings.Cut(d.s, "]=>")
		if !ok || !strings.HasPrefix(name, "[") {
			return false
		}
		d.s = rest
		inner, ok := d.value(depth + 1)
		if !ok {
			return false
		}
		v.members = append(v.members, printedMember{strings.Trim(name, `["]`), inner})
	}
}
