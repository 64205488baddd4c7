package catalog

import (
	"slices"
	"strconv"

	"github.com/pb33f/go-yaml"
)

// What schemas say of arrays and objects.

// below checks a part of a value.
func (v *validator) below(schema *yaml.Node, at, position int) bool {
	v.path = append(v.path, step{at, position})
	defer func() { v.path = v.path[:len(v.path)-1] }()
	return v.check(schema, at, nil)
}

// fields are the members of an object.
func (v *validator) fields(at int) []member {
	if known, ok := v.members[at]; ok {
		return known
	}
	var all []member
	rows := map[string]int{}
	for i, n := at+1, 0; i < v.spans[at].next; i, n = v.spans[i].next, n+1 {
		name := v.name(i)
		row, ok := rows[name]
		if !ok {
			row = len(all)
			rows[name] = row
			all = append(all, member{})
		}
		all[row] = member{name, i, n}
	}
	v.members[at] = all
	return all
}

// items are the spans of an array's values.
func (v *validator) items(at int) []int {
	var all []int
	for i := at + 1; i < v.spans[at].next; i = v.spans[i].next {
		all = append(all, i)
	}
	return all
}

func (v *validator) ofArray(key string, r rule) {
	items := v.items(r.at)
	switch key {
	case "prefixItems":
		for i, schema := range list(r.value) {
			if i < len(items) {
				v.below(schema, items[i], i)
				r.seen.add(strconv.Itoa(i))
			}
		}
	case "items":
		first := len(list(get(r.schema, "prefixItems")))
		if r.value.Value == "false" && len(items) > first {
			v.fail(r.at, count(len(items)-first, "item")+" too many")
			return
		}
		for i := first; i < len(items); i++ {
			v.below(r.value, items[i], i)
		}
		r.seen.addAll(true)
	case "contains":
		v.contains(r, items)
	case "minItems":
		v.atLeast(r, len(items), "has", "item")
	case "maxItems":
		v.atMost(r, len(items), "has", "item")
	case "uniqueItems":
		if r.value.Value != "true" {
			return
		}
		before := map[string]int{}
		for i, at := range items {
			same := string(v.canonical(nil, at))
			if first, ok := before[same]; ok {
				v.fail(r.at, "the items "+strconv.Itoa(first)+" and "+strconv.Itoa(i)+" are the same")
				return
			}
			before[same] = i
		}
	}
}

func (v *validator) contains(r rule, items []int) {
	found := 0
	for i, at := range items {
		if len(v.attempt(r.value, at, nil)) == 0 {
			found++
			r.seen.add(strconv.Itoa(i))
		}
	}
	least, most := 1, len(items)
	if n := get(r.schema, "minContains"); n != nil {
		least = integer(n)
	}
	if n := get(r.schema, "maxContains"); n != nil {
		most = integer(n)
	}
	switch {
	case found < least:
		v.fail(r.at, "an item that is required is missing")
	case found > most:
		v.fail(r.at, "has too many items of one kind")
	}
}

func (v *validator) ofObject(key string, r rule) {
	fields := v.fields(r.at)
	has := func(name string) bool {
		return slices.ContainsFunc(fields, func(m member) bool { return m.name == name })
	}
	switch key {
	case "required":
		v.missing(r.at, r.value, has, "is required")
	case "dependentRequired":
		for name, others := range pairs(r.value) {
			if has(name.Value) {
				v.missing(r.at, others, has, "is required where "+name.Value+" is given")
			}
		}
	case "dependentSchemas":
		for name, schema := range pairs(r.value) {
			if has(name.Value) {
				v.check(schema, r.at, r.seen)
			}
		}
	case "properties", "patternProperties", "additionalProperties":
		v.properties(key, r, fields)
	case "propertyNames":
		for _, m := range fields {
			if !v.fitsName(r.value, m.name) {
				v.fail(r.at, "the name "+short(m.name)+" is not allowed")
			}
		}
	case "minProperties":
		v.atLeast(r, len(fields), "has", "field")
	case "maxProperties":
		v.atMost(r, len(fields), "has", "field")
	}
}

// missing reports the names of a list that an object has not.
func (v *validator) missing(at int, names *yaml.Node, has func(string) bool, says string) {
	f := failure{at: at, says: says}
	for _, n := range list(names) {
		if name := scalar(n); !has(name) {
			f.missing = append(f.missing, name)
		}
	}
	if len(f.missing) > 0 {
		f.required = says == "is required"
		v.add(f)
	}
}

func (v *validator) properties(key string, r rule, fields []member) {
	for _, m := range fields {
		switch key {
		case "properties":
			if schema := get(r.value, m.name); schema != nil {
				v.below(schema, m.at, m.position)
				r.seen.add(m.name)
			}
		case "patternProperties":
			for pattern, schema := range pairs(r.value) {
				if matches(pattern.Value, m.name) {
					v.below(schema, m.at, m.position)
					r.seen.add(m.name)
				}
			}
		case "additionalProperties":
			if get(get(r.schema, "properties"), m.name) == nil && !v.byPattern(r.schema, m.name) {
				v.other(r.value, m)
				r.seen.add(m.name)
			}
		}
	}
}

// byPattern reports whether patternProperties has a schema for a name.
func (v *validator) byPattern(schema *yaml.Node, name string) bool {
	for pattern := range pairs(get(schema, "patternProperties")) {
		if matches(pattern.Value, name) {
			return true
		}
	}
	return false
}

// other checks a member that the schema does not list.
func (v *validator) other(schema *yaml.Node, m member) {
	if schema.Kind == yaml.ScalarNode && schema.Value == "false" {
		v.path = append(v.path, step{m.at, m.position})
		v.fail(m.at, "is not in the schema")
		v.path = v.path[:len(v.path)-1]
		return
	}
	v.below(schema, m.at, m.position)
}

func (v *validator) unevaluated(others, items *yaml.Node, at int, seen *evaluated) {
	kind := v.spans[at].kind
	switch {
	case others != nil && kind == objectValue && !seen.all:
		for _, m := range v.fields(at) {
			if !seen.names[m.name] {
				v.other(others, m)
			}
		}
		seen.all = true
	case items != nil && kind == arrayValue && !seen.all:
		for i, item := range v.items(at) {
			if !seen.names[strconv.Itoa(i)] {
				v.below(items, item, i)
			}
		}
		seen.all = true
	}
}

// fitsName reports whether a name follows a schema.
func (v *validator) fitsName(schema *yaml.Node, name string) bool {
	t, fault := scan(appendString(nil, name))
	return fault != nil || len(newValidator(v.d, t).attempt(schema, 0, nil)) == 0
}
