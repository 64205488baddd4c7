package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// module is a dependency that is in some of the programs.
type module struct {
	path, version, licence string
	texts                  []string
}

// kinds are the licences that are known, by words that only they have. One that
// is not among them stops a release: somebody has to read it.
var kinds = []struct {
	name  string
	words []string
}{
	{"Apache-2.0", []string{"Apache License", "Version 2.0"}},
	{"MPL-2.0", []string{"Mozilla Public License"}},
	{"BSD-3-Clause", []string{"Redistribution and use in source and binary forms", "Neither the name"}},
	{"BSD-3-Clause", []string{"Redistribution and use in source and binary forms", "names of its contributors may"}},
	{"BSD-2-Clause", []string{"Redistribution and use in source and binary forms"}},
	{"ISC", []string{"Permission to use, copy, modify, and/or distribute this software"}},
	{"ISC", []string{"Permission to use, copy, modify, and distribute this software for any"}},
	{"MIT", []string{"Permission is hereby granted, free of charge"}},
	{"Unlicense", []string{"This is free and unencumbered software"}},
}

// licences lists the modules that are in the programs of the targets, with the
// texts of their licences.
func (r *release) licences(targets []string) ([]byte, error) {
	found := map[string]module{}
	for _, t := range targets {
		goos, arch, _ := strings.Cut(t, "/")
		out, err := command(r.top, []string{"GOOS=" + goos, "GOARCH=" + arch, "CGO_ENABLED=0"}, "go", "list", "-deps", "-f",
			"{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", ".")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(out)) {
			fields := strings.Split(strings.TrimSpace(line), "\t")
			if _, seen := found[fields[0]]; len(fields) != 3 || seen {
				continue
			}
			m, err := licensed(fields[0], fields[1], fields[2])
			if err != nil {
				return nil, err
			}
			found[m.path] = m
		}
	}
	root, err := command(r.top, nil, "go", "env", "GOROOT", "GOVERSION")
	if err != nil {
		return nil, err
	}
	goroot, version, _ := strings.Cut(strings.TrimSpace(string(root)), "\n")
	m, err := licensed("Go's standard library", version, goroot)
	if err != nil {
		return nil, err
	}
	found[m.path] = m
	return listed(found), nil
}

// licensed reads the licence of a module.
func licensed(path, version, dir string) (module, error) {
	m := module{path: path, version: version}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return m, err
	}
	var names []string
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		for _, begin := range []string{"LICENSE", "LICENCE", "COPYING", "NOTICE"} {
			if strings.HasPrefix(name, begin) && e.Type().IsRegular() && !strings.HasSuffix(name, ".GO") && !slices.Contains(names, e.Name()) {
				names = append(names, e.Name())
			}
		}
	}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return m, err
		}
		text := strings.TrimSpace(string(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))))
		m.texts = append(m.texts, text)
		if m.licence == "" {
			m.licence = kindOf(text)
		}
	}
	if m.licence == "" {
		m.licence, m.texts = stated(dir), append(m.texts, "Its readme states the licence; it has no text of its own.")
	}
	if m.licence == "" {
		return m, fmt.Errorf("%s %s has no licence that is known: look into %s", path, version, dir)
	}
	return m, nil
}

// stated returns the licence that a readme names under a heading of its own.
func stated(dir string) string {
	data, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		return ""
	}
	lines := slices.DeleteFunc(strings.Split(string(data), "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
	for i, l := range lines[:max(0, len(lines)-1)] {
		if heading := strings.ToLower(strings.Trim(l, "# ")); strings.HasPrefix(l, "#") && (heading == "license" || heading == "licence") {
			name := strings.TrimSpace(lines[i+1])
			for _, k := range kinds {
				if name == k.name {
					return name
				}
			}
		}
	}
	return ""
}

func kindOf(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for _, k := range kinds {
		if !slices.ContainsFunc(k.words, func(w string) bool { return !strings.Contains(text, w) }) {
			return k.name
		}
	}
	return ""
}

func listed(found map[string]module) []byte {
	var all []module
	for _, m := range found {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b module) int { return strings.Compare(a.path, b.path) })
	var b bytes.Buffer
	b.WriteString("What is in the program beside its own code, and under which licence.\n\n")
	for _, m := range all {
		fmt.Fprintf(&b, "%-14s %s %s\n", m.licence, m.path, m.version)
	}
	for _, m := range all {
		fmt.Fprintf(&b, "\n%s\n%s %s\n\n%s\n", strings.Repeat("-", 80), m.path, m.version, strings.Join(m.texts, "\n\n"))
	}
	return b.Bytes()
}
