package config

import (
	"reflect"
	"strings"
	"sync"

	"countersign/apiclient"
	"countersign/tui"
)

// kind is the type of a setting's value.
type kind int

const (
	table     kind = iota // [name] or { … }
	list                  // [[name]]
	text                  // "…"
	boolean               // true, false
	texts                 // ["…", …]
	oneOrMore             // "…" or ["…", …]
	version               // 1 or "1"
	size                  // 33554432 or "32MiB"
)

func (k kind) String() string {
	return map[kind]string{
		table: "a table", list: "a list of tables", text: "a string", boolean: "true or false", texts: "a list of strings",
		oneOrMore: "a string or a list of strings",
		version:   "a whole number or a string", size: `a number of bytes or a string such as "32MiB"`,
	}[k]
}

// node is one place in the tree of settings.
type node struct {
	kind   kind
	fields map[string]*node // of a table, or of each table of a list
	other  *node            // of a table whose names are free

	// setting returns the field that a name means in another spelling; nil: names are taken as they are
	setting func(name string) (field string, ok bool)
}

func leaf(k kind) *node { return &node{kind: k} }

// schema is every setting that there is: the fields of document, and those that are
// made from lists elsewhere or take values of two types.
var schema = sync.OnceValue(func() *node {
	root := nodeOf(reflect.TypeFor[document]())
	root.fields["keys"] = actions()
	profile := root.fields["profiles"].other.fields
	profile["key_version"], profile["max_response"], profile["header_names"] = leaf(version), leaf(size), headerNames()
	return root
})

// nodeOf is the node of the values that decode into a type.
func nodeOf(t reflect.Type) *node {
	switch t.Kind() {
	case reflect.Pointer:
		return nodeOf(t.Elem())
	case reflect.Bool:
		return leaf(boolean)
	case reflect.Map:
		return &node{kind: table, other: nodeOf(t.Elem())}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.String {
			return leaf(texts)
		}
		return &node{kind: list, fields: nodeOf(t.Elem()).fields}
	case reflect.Struct:
		n := &node{kind: table, fields: map[string]*node{}}
		for _, f := range reflect.VisibleFields(t) {
			if !f.Anonymous {
				n.fields[f.Tag.Get("toml")] = nodeOf(f.Type)
			}
		}
		return n
	}
	return leaf(text)
}

// headerNames is a setting for each header whose name can be set.
func headerNames() *node {
	n := &node{kind: table, fields: map[string]*node{}, setting: apiclient.HeaderSetting}
	for _, setting := range apiclient.HeaderSettings() {
		n.fields[setting] = leaf(text)
	}
	return n
}

// actions is a setting for each action whose keys can be set: send,
// request.edit.
func actions() *node {
	root := &node{kind: table, fields: map[string]*node{}}
	for _, a := range tui.Keys().All() {
		if !a.Settable() {
			continue
		}
		at := root
		scope, name, dotted := strings.Cut(string(a.ID), ".")
		if !dotted {
			scope, name = "", scope
		}
		if scope != "" {
			if at.fields[scope] == nil {
				at.fields[scope] = &node{kind: table, fields: map[string]*node{}}
			}
			at = at.fields[scope]
		}
		at.fields[name] = leaf(oneOrMore)
	}
	return root
}
