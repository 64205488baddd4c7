package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/keys"
	"countersign/apiclient/signing"
	"countersign/tui/cli/config"
	"countersign/tui/ui"
)

// givenKeys reads the --key flags.
func (a *app) givenKeys(ctx context.Context, flags []string) ([]apiclient.Key, error) {
	var list []apiclient.Key
	for _, flag := range flags {
		id, file, err := keyFlag(flag)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(list, func(k apiclient.Key) bool { return k.ID == id }) {
			return nil, usage("give each key a name: --key NAME=FILE", "two keys are named %q", id)
		}
		key, err := a.keyLoader("").Public(ctx, keys.Source{File: file})
		if err != nil {
			return nil, unreadable(fmt.Errorf("--key %s: %w", id, err))
		}
		for _, w := range key.Warnings {
			a.warn(fmt.Sprintf("--key %s: %s", id, w))
		}
		list = append(list, apiclient.Key{Key: signing.Key{ID: id, Public: key.Key}})
	}
	return list, nil
}

// keyFlag reads one --key flag: ID=FILE, or a file alone, which is then named
// after itself without its ending.
func keyFlag(flag string) (id, file string, err error) {
	id, file, named := strings.Cut(flag, "=")
	if _, statErr := os.Stat(flag); !named || statErr == nil {
		file = flag
		id = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	}
	if id == "" || file == "" {
		return "", "", usage("write it like --key superapp.pub or --key superapp=superapp.pub",
			"--key %q is neither FILE nor ID=FILE", flag)
	}
	return id, file, nil
}

// chooseKeys decides which keys may have signed and which only serve to name
// another signer.
func (a *app) chooseKeys(e diagnose.Evidence, p apiclient.Profile, given []apiclient.Key,
	o evidenceOptions) (diagnose.Evidence, error) {
	all := slices.Concat(given, p.Keys())
	expected := slices.IndexFunc(all, func(k apiclient.Key) bool { return k.ID == o.expectKey })
	switch {
	case o.expectKey != "" && expected < 0:
		return e, usage("give it with --key "+o.expectKey+"=FILE"+listIDs(all), "there is no key %q", o.expectKey)
	case o.expectKey != "" && (o.side != "" || o.response != "" || e.ExpectedOf(all[expected]) == e.Side):
		e.Expect(all[expected:expected+1], all)
	case len(given) > 0:
		e.Expect(given, all)
	case e.Content != nil:
		e.Expect(all, all)
	}
	return e, nil
}

// claims warns of a file that says that something else was signed than its
// own request line gives.
func (a *app) claims(claimed, target string) {
	a.warn(fmt.Sprintf("the file claims that %s was signed; by the request line and the profile it is %s",
		ui.Safe(claimed), ui.Safe(target)))
}

func listIDs(all []apiclient.Key) string {
	var ids []string
	for _, k := range all {
		ids = append(ids, k.ID)
	}
	if len(ids) == 0 {
		return ""
	}
	return "; there are: " + strings.Join(ids, ", ")
}

// verifier returns the profile for its keys and rules. Where keys are given,
// it needs none: then the sandbox's keys are neither loaded nor made, and a
// profile whose keys cannot be loaded still gives its rules.
func (a *app) verifier(ctx context.Context, haveKeys bool) (apiclient.Profile, error) {
	name, _, err := a.profileName()
	if err != nil {
		return apiclient.Profile{}, err
	}
	if name == config.Sandbox {
		if haveKeys || !a.hasSandboxKeys() {
			return apiclient.Profile{Name: name}, nil
		}
		return a.sandboxProfile()
	}
	p, err := a.namedProfile(ctx, name)
	if err == nil || !haveKeys {
		return p, err
	}
	a.warn(fmt.Sprintf("the keys of profile %q are left out: %v", name, err))
	return p, nil
}

// hasSandboxKeys reports whether a Super App was ever run here: keys made now
// could not have signed anything.
func (a *app) hasSandboxKeys() bool {
	dir, err := a.dataFile(config.Sandbox)
	if err != nil {
		return false
	}
	_, err = os.Stat(dir)
	return err == nil
}
