package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// ProjectFile is the configuration that a repository carries: profiles without
// private keys, catalogues, requests and what is masked.
const ProjectFile = ".countersign.toml"

// Project finds the project file of a folder: in it, or in the nearest folder
// above, as git finds .git. It returns "" where there is none. A file of
// somebody else is an error: anyone who can write to a folder above could choose what
// is sent, and which commands print the keys.
func Project(dir string) (string, error) {
	for {
		path := filepath.Join(dir, ProjectFile)
		info, err := os.Stat(path)
		switch {
		case err == nil && info.Mode().IsRegular():
			if !ownFile(info) {
				return "", &Error{File: path, Says: "it belongs to another user, and is not read", Err: fs.ErrPermission,
					Fix: "name it with --config if you trust it, or --config another one"}
			}
			return path, nil
		case err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission):
			return "", &Error{File: path, Says: "cannot be looked at: " + reason(err),
				Fix: "check the folder, or use --config", Err: err}
		}
		above := filepath.Dir(dir)
		if above == dir {
			return "", nil
		}
		dir = above
	}
}

// With returns the configuration together with that of a project: its profiles
// and default come before those of the person's own file; what the explorer looks
// like is the person's.
func (c *Config) With(project *Config) *Config {
	all := *c
	all.Project = project.File
	all.Profiles = maps.Clone(c.Profiles)
	maps.Copy(all.Profiles, project.Profiles)
	if project.hasDefault {
		all.DefaultProfile = project.DefaultProfile
	}
	all.Catalogs = slices.Concat(c.Catalogs, project.Catalogs)
	all.catalogs = slices.Concat(c.catalogs, project.catalogs)
	all.Endpoints = slices.Concat(c.Endpoints, project.Endpoints)
	if project.Requests != "" {
		all.Requests = project.Requests
	}
	if project.hasRedact {
		all.Redact = c.Redact.And(project.Redact)
	}
	all.RedactStore = c.RedactStore || project.RedactStore
	return &all
}

// inProject refuses what a project file must not hold.
func (r *reader) inProject(d document) error {
	for _, table := range []string{"ui", "keys"} {
		if _, ok := r.places[table]; ok {
			return r.about(table, fmt.Sprintf("[%s] is for your own configuration, not for that of a project", table),
				"move it to ~/.config/countersign/config.toml")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.Profiles)) {
		p := d.Profiles[name]
		for setting, s := range map[string]*rawSource{"private_key": p.PrivateKey, "platform_key": p.PlatformKey} {
			if s != nil && s.File != "" {
				return r.keyInProject("profiles."+name+"."+setting, setting)
			}
		}
		if c := p.ClientCert; c != nil && (c.Key == nil && c.File != "" || c.Key != nil && c.Key.File != "") {
			return r.keyInProject("profiles."+name+".client_cert", "the key of client_cert")
		}
	}
	return nil
}

func (r *reader) keyInProject(at, setting string) error {
	return r.about(at, setting+" names a file, and a project must not carry private keys",
		`write { env = "MERCHANT_KEY" } or { command = ["op", "read", "…"] }, or put the profile into your own configuration`)
}
