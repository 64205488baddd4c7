package catalog

import (
	"fmt"
	"slices"
	"strconv"

	"countersign/apiclient/english"
	"countersign/apiclient/jsontext"
)

// What schemas say of arrays and objects.

// What is said of a part whose schema is false.
const (
	notAllowed = "is not allowed"
	notListed  = "is not in the schema"
)

// inside checks a part of the value at hand, under the step that leads to it.
func (v *validator) inside(step string, schema, at *node, refused string) {
	v.path = append(v.path, step)
	if schema.isScalar() && schema.value == "false" {
		v.fail(at, refused)
	} else {
		v.check(schema, at, nil)
	}
	v.path = v.path[:len(v.path)-1]
}

func (v *validator) ofArray(key string, r rule) {
	items := r.at.inside
	switch key {
	case "prefixItems":
		for i, schema := range list(r.value) {
			if i < len(items) {
				v.inside(strconv.Itoa(i), schema, items[i], notAllowed)
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
			v.inside(strconv.Itoa(i), r.value, items[i], notAllowed)
		}
		r.seen.add(items...)
	case "contains":
		v.contains(r, items)
	case "uniqueItems":
		before := map[string]int{}
		for i := 0; i < len(items) && r.value.value == "true"; i++ {
			same := string(canonical(nil, items[i]))
			if first, ok := before[same]; ok {
				v.fail(r.at, fmt.Sprintf("the items %d and %d are the same", first, i))
				return
			}
			before[same] = i
		}
	}
}

func (v *validator) contains(r rule, items []*node) {
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
	has := func(name string) bool { return get(r.at, name) != nil }
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
		for name, at := range pairs(r.at) {
			v.property(key, r, name, at)
		}
	case "propertyNames":
		for name := range pairs(r.at) {
			if len(v.attempt(r.value, &node{kind: textKind, value: name}, nil)) > 0 {
				v.fail(r.at, "the name "+jsontext.Short(name)+" is not allowed")
			}
		}
	}
}

// missing reports the names of a list that an object has not.
func (v *validator) missing(at, names *node, has func(string) bool, says string) {
	f := failure{at: at, path: slices.Clone(v.path), says: says, required: says == "is required"}
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
func (v *validator) property(key string, r rule, name string, at *node) {
	apply := func(schema *node, refused string) {
		v.inside(name, schema, at, refused)
		r.seen.add(at)
	}
	switch key {
	case "properties":
		if schema := get(r.value, name); schema != nil {
			apply(schema, notAllowed)
		}
	case "patternProperties":
		for pattern, schema := range pairs(r.value) {
			if matches(pattern, name) {
				apply(schema, notAllowed)
			}
		}
	case "additionalProperties":
		listed := get(get(r.schema, "properties"), name) != nil
		for pattern := range pairs(get(r.schema, "patternProperties")) {
			listed = listed || matches(pattern, name)
		}
		if !listed {
			apply(r.value, notListed)
		}
	}
}

// unevaluated checks the parts of a value that no schema has looked at. items are
// the schema for those of an array, others for those of an object.
func (v *validator) unevaluated(others, items, at *node, seen evaluated) {
	for i, part := range at.inside {
		schema, step, refused := items, strconv.Itoa(i), notAllowed
		if at.kind == objectKind {
			schema, step, refused = others, at.names[i], notListed
		}
		if schema != nil && !seen[part] {
			v.inside(step, schema, part, refused)
			seen.add(part)
		}
	}
}
