package config

import (
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

// schema is every setting that there is.
var schema = sync.OnceValue(func() *node {
	return &node{kind: table, fields: map[string]*node{
		"default_profile": leaf(text),
		"catalogs":        leaf(texts),
		"requests":        leaf(text),
		"endpoints": {kind: list, fields: map[string]*node{
			"path": leaf(text), "name": leaf(text), "version": leaf(text), "method": leaf(text),
			"group": leaf(text), "summary": leaf(text), "example": leaf(text),
		}},
		"profiles": {kind: table, other: &node{kind: table, fields: map[string]*node{
			"extends":            leaf(text),
			"base_url":           leaf(text),
			"client_id":          leaf(text),
			"merchant_id":        leaf(text),
			"key_version":        leaf(version),
			"private_key":        source(),
			"platform_key":       source(),
			"peer_keys":          {kind: table, other: source()},
			"signed_path":        leaf(text),
			"time_format":        leaf(text),
			"signature_encoding": leaf(text),
			"content_template":   leaf(text),
			"response_template":  leaf(text),
			"header_names":       headerNames(),
			"header_spacing":     leaf(text),
			"ca_file":            leaf(text),
			"proxy":              leaf(text),
			"timeout":            leaf(text),
			"max_response":       leaf(size),
			"max_skew":           leaf(text),
			"allow_http":         leaf(boolean),
			"confirm":            leaf(boolean),
			"headers":            {kind: table, other: leaf(text)},
			"vars":               {kind: table, other: leaf(text)},
			"client_cert":        clientCert(),
		}}},
		"sandbox": {kind: table, fields: map[string]*node{
			"faults": leaf(texts), "notify": leaf(boolean), "notify_beyond_loopback": leaf(boolean),
			"token_lifetime": leaf(text),
		}},
		"redact": {kind: table, fields: map[string]*node{
			"headers": leaf(texts), "paths": leaf(texts), "store": leaf(boolean),
		}},
		"ui":   {kind: table, fields: map[string]*node{"theme": leaf(text), "hints": leaf(boolean)}},
		"keys": actions(),
	}}
})

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

// source is a key and where its pass phrase comes from.
func source() *node {
	s := plainSource()
	s.fields["passphrase"] = plainSource()
	return s
}

// clientCert is a certificate and where its key comes from; without key it is in
// the same place.
func clientCert() *node {
	s := plainSource()
	s.fields["key"] = source()
	return s
}

func plainSource() *node {
	return &node{kind: table, fields: map[string]*node{"file": leaf(text), "env": leaf(text), "command": leaf(texts)}}
}
