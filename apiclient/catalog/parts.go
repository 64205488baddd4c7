package catalog

import (
	"fmt"
	"slices"

	"countersign/apiclient/english"
	"countersign/apiclient/jsontext"
)

// What schemas say of arrays and objects.

// fields are the members of an object.
func (v *validator) fields(at int) []member {
	if known, ok := v.members[at]; ok {
		return known
	}
	children := v.Children(at)
	all := make([]member, 0, len(children))
	rows := make(map[string]int, len(children))
	for _, i := range children {
		name := v.name(i)
		row, ok := rows[name]
		if !ok {
			row = len(all)
			rows[name] = row
			all = append(all, member{})
		}
		all[row] = member{name, i}
	}
	v.members[at] = all
	return all
}

func (v *validator) ofArray(key string, r rule) {
	items := v.Children(r.at)
	switch key {
	case "prefixItems":
		for i, schema := range list(r.value) {
			if i < len(items) {
				v.check(schema, items[i], nil)
				r.seen.add(items[i])
			}
		}
	case "items":
		first := len(list(get(r.schema, "prefixItems")))
		if r.value.value == "false" && len(items) > first {
			v.fail(r.at, english.Count(len(items)-first, "item")+" too many")
			return
		}
		for i := first; i < len(items); i++ {
			v.check(r.value, items[i], nil)
		}
		r.seen.add(items...)
	case "contains":
		v.contains(r, items)
	case "uniqueItems":
		before := map[string]int{}
		for i := 0; i < len(items) && r.value.value == "true"; i++ {
			same := string(v.canonical(nil, items[i]))
			if first, ok := before[same]; ok {
				v.fail(r.at, fmt.Sprintf("the items %d and %d are the same", first, i))
				return
			}
			before[same] = i
		}
	}
}

func (v *validator) contains(r rule, items []int) {
	found := 0
	for _, at := range items {
		if len(v.attempt(r.value, at, nil)) == 0 {
			found++
			r.seen.add(at)
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
			if has(name) {
				v.missing(r.at, others, has, "is required where "+name+" is given")
			}
		}
	case "dependentSchemas":
		for name, schema := range pairs(r.value) {
			if has(name) {
				v.check(schema, r.at, r.seen)
			}
		}
	case "properties", "patternProperties", "additionalProperties":
		for _, m := range fields {
			v.property(key, r, m)
		}
	case "propertyNames":
		for _, m := range fields {
			if name, _ := readText(appendString(nil, m.name)); len(newValidator(v.d, name).attempt(r.value, 0, nil)) > 0 {
				v.fail(r.at, "the name "+jsontext.Short(m.name)+" is not allowed")
			}
		}
	}
}

// missing reports the names of a list that an object has not.
func (v *validator) missing(at int, names *node, has func(string) bool, says string) {
	f := failure{at: at, says: says, required: says == "is required"}
	for _, n := range list(names) {
		if name := scalar(n); !has(name) {
			f.missing = append(f.missing, name)
		}
	}
	if len(f.missing) > 0 {
		v.faults = append(v.faults, f)
	}
}

// property applies one of the keywords that have schemas for members.
func (v *validator) property(key string, r rule, m member) {
	listed := false
	switch key {
	case "properties":
		if schema := get(r.value, m.name); schema != nil {
			listed = true
			v.check(schema, m.at, nil)
		}
	case "patternProperties":
		for pattern, schema := range pairs(r.value) {
			if matches(pattern, m.name) {
				listed = true
				v.check(schema, m.at, nil)
			}
		}
	case "additionalProperties":
		listed = get(get(r.schema, "properties"), m.name) == nil
		for pattern := range pairs(get(r.schema, "patternProperties")) {
			listed = listed && !matches(pattern, m.name)
		}
		if listed {
			v.other(r.value, m.at)
		}
	}
	if listed {
		r.seen.add(m.at)
	}
}

// other checks a member that the schema does not list.
func (v *validator) other(schema *node, at int) {
	if schema.isScalar() && schema.value == "false" {
		v.fail(at, "is not in the schema")
		return
	}
	v.check(schema, at, nil)
}

// unevaluated checks the parts of a value that no schema has looked at. items are
// the schema for those of an array, others for those of an object.
func (v *validator) unevaluated(others, items *node, at int, seen evaluated) {
	kind := v.Nodes[at].Kind
	if others != nil && kind == jsontext.Object {
		for _, m := range v.fields(at) {
			if !seen[m.at] {
				v.other(others, m.at)
				seen.add(m.at)
			}
		}
	}
	if items != nil && kind == jsontext.Array {
		for _, item := range v.Children(at) {
			if !seen[item] {
				v.check(items, item, nil)
				seen.add(item)
			}
		}
	}
}
