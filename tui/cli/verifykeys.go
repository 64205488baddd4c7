package cli

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/keys"
	"countersign/apiclient/signing"
	"countersign/tui/cli/config"
	"countersign/tui/ui"
)

// givenKeys reads the --key flags.
func (a *app) givenKeys(ctx context.Context, flags []string) ([]signing.Key, error) {
	var list []signing.Key
	for _, flag := range flags {
		id, file, ok := strings.Cut(flag, "=")
		if !ok || id == "" || file == "" {
			return nil, usage("write it like --key superapp=superapp.pub", "--key %q is not ID=FILE", flag)
		}
		if slices.ContainsFunc(list, func(k signing.Key) bool { return k.ID == id }) {
			return nil, usage("give each key an ID of its own", "two keys are named %q", id)
		}
		key, err := a.keyLoader("").Public(ctx, keys.Source{File: file})
		if err != nil {
			return nil, unreadable(fmt.Errorf("--key %s: %w", id, err))
		}
		for _, w := range key.Warnings {
			a.warn(fmt.Sprintf("--key %s: %s", id, w))
		}
		list = append(list, signing.Key{ID: id, Public: key.Key})
	}
	return list, nil
}

// chooseKeys decides which keys may have signed and which only serve to name
// another signer.
func (a *app) chooseKeys(ctx context.Context, t *test, given []signing.Key, o verifyOptions) error {
	p, err := a.verifier(ctx, len(given) > 0)
	if err != nil {
		return err
	}
	t.profile = p
	if t.template, err = parseTemplate(p.ContentTemplate); err != nil {
		return err
	}
	var own []signing.Key
	if p.Key != nil {
		own = append(own, signing.Key{ID: apiclient.OwnKeyID, Public: &p.Key.PublicKey})
	}
	peers := p.Peers()
	all := slices.Concat(given, own, peers)
	switch {
	case o.expectKey != "":
		i := slices.IndexFunc(all, func(k signing.Key) bool { return k.ID == o.expectKey })
		if i < 0 {
			return usage("give it with --key "+o.expectKey+"=FILE"+listIDs(all), "there is no key %q", o.expectKey)
		}
		t.expected = all[i : i+1]
	case len(given) > 0:
		t.expected = given
	case t.exchange == nil:
		t.expected = all
	case t.side == apiclient.RequestSide:
		t.expected = own
	default:
		t.expected = byVersion(p, t.headers)
	}
	for _, k := range all {
		if !slices.ContainsFunc(t.expected, func(e signing.Key) bool { return e.ID == k.ID }) {
			t.known = append(t.known, k)
		}
	}
	if e := t.exchange; e != nil && e.SignedAs != "" && e.SignedAs != t.target() {
		a.warn(fmt.Sprintf("the file claims that %s was signed; by the request line and the profile it is %s", ui.Safe(e.SignedAs), ui.Safe(t.target())))
	}
	if len(all) == 0 {
		a.warn("no key is known: give one with --key ID=FILE")
	}
	return nil
}

func listIDs(all []signing.Key) string {
	var ids []string
	for _, k := range all {
		ids = append(ids, k.ID)
	}
	if len(ids) == 0 {
		return ""
	}
	return "; there are: " + strings.Join(ids, ", ")
}

// byVersion is the other side's key that the header names, or the newest where
// it names none.
func byVersion(p apiclient.Profile, headers []string) []signing.Key {
	peers := p.Peers()
	if len(headers) > 0 {
		if h, err := signing.ParseHeader(headers[0]); err == nil && h.HasKeyVersion && h.KeyVersion != "" {
			i := slices.IndexFunc(peers, func(k signing.Key) bool { return k.ID == apiclient.PeerKeyID(h.KeyVersion) })
			if i < 0 {
				return nil
			}
			return peers[i : i+1]
		}
	}
	return peers[:min(1, len(peers))]
}

// verifier gives the profile for its keys and rules. With keys of their own,
// people need none: then the sandbox's keys are neither loaded nor made, and a
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

// hasSandboxKeys says whether a Super App was ever run here: keys made now
// could not have signed anything.
func (a *app) hasSandboxKeys() bool {
	dir, err := a.dataFile(config.Sandbox)
	if err != nil {
		return false
	}
	_, err = os.Stat(dir)
	return err == nil
}
