package cli

import (
	"context"
	"crypto/rsa"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/keys"
	"countersign/history"
)

// otherRuns is how many runs of the history are looked at for a signature that
// was sent by mistake.
const otherRuns = 200

// evidenceOf gathers what may explain one signature: the rule and keys of the
// run's own profile, the keys of all others, the catalogue, and the runs whose
// signature may have been sent by mistake. What of it cannot be had is left
// out: the diagnosis is poorer for it, not impossible.
func (a *app) evidenceOf(ctx context.Context, inUse apiclient.Profile, e apiclient.Exchange,
	side apiclient.Side) (diagnose.Evidence, error) {
	others := a.quietProfiles(ctx)
	p := inUse
	if other, ok := others[e.Profile]; ok && e.Profile != inUse.Name {
		p = other
		others[inUse.Name] = inUse
	}
	delete(others, p.Name)
	ev, err := diagnose.Both(side, &e, func(side apiclient.Side) (diagnose.Evidence, error) {
		return diagnose.FromProfile(p, e, side)
	})
	if err != nil {
		return ev, err
	}
	a.widen(&ev, others)
	return ev, nil
}

// widen adds to the evidence what is known here besides the exchange: the keys
// and prefixes of other profiles, the paths of the catalogue, and other runs.
// It never fails a diagnosis.
func (a *app) widen(ev *diagnose.Evidence, others map[string]apiclient.Profile) {
	for _, name := range slices.Sorted(maps.Keys(others)) {
		ev.Known = append(ev.Known, diagnose.KeysOfOther(others[name])...)
		if prefix := others[name].Prefix(); prefix != "" && !slices.Contains(ev.Prefixes, prefix) {
			ev.Prefixes = append(ev.Prefixes, prefix)
		}
	}
	ev.Endpoints = a.ownPaths()
	id := ev.Exchange.ID
	ev.OtherRuns = func(ctx context.Context) []apiclient.Exchange { return a.newestRuns(ctx, id) }
}

// ownPaths returns the paths of the configured interfaces. Those of the built-in
// document are tried in any diagnosis, so that it is not read for them.
func (a *app) ownPaths() []string {
	if c, err := a.config(); err != nil || len(c.Catalogs)+len(c.Endpoints) == 0 {
		return nil
	}
	all, err := a.catalog()
	if err != nil {
		return nil
	}
	var paths []string
	for _, e := range all.Endpoints() {
		if e.Source != catalog.BuiltinSource {
			paths = append(paths, e.Path)
		}
	}
	return paths
}

// quietProfiles loads the configured profiles with the keys that can be had
// without a question: no pass phrase is asked for and no command is run.
func (a *app) quietProfiles(ctx context.Context) map[string]apiclient.Profile {
	profiles := map[string]apiclient.Profile{}
	if a.hasSandboxKeys() {
		if p, err := a.sandboxProfile(); err == nil {
			profiles[p.Name] = p
		}
	}
	c, err := a.config()
	if err != nil {
		return profiles
	}
	loader := keys.Loader{
		Dir: filepath.Dir(c.File), Getenv: a.env,
		Run: func(context.Context, []string) ([]byte, error) { return nil, errors.New("a command may ask questions") },
	}
	for name, settings := range c.Profiles {
		p := settings.Settings
		p.PeerKeys = map[string]*rsa.PublicKey{}
		if settings.PrivateKey != nil {
			if k, err := loader.Private(ctx, *settings.PrivateKey); err == nil {
				p.Key = k.Key
			}
		}
		for version, source := range settings.PeerKeys {
			if k, err := loader.Public(ctx, source); err == nil {
				p.PeerKeys[version] = k.Key
			}
		}
		profiles[name] = p
	}
	return profiles
}

// recheck verifies a saved run again with its own profile, inUse or one whose
// keys can be had without a question: what was recorded is not repeated as if
// it were so now.
func (a *app) recheck(ctx context.Context, inUse *apiclient.Client, e *apiclient.Exchange) {
	client := inUse
	if client == nil || client.Profile().Name != e.Profile {
		client = a.quietClients(ctx)(e.Profile)
	}
	if client != nil { // else the record's checksum holds, and there is nothing to verify with
		client.Recheck(e)
	}
}

// quietClients returns the client of a profile by its name, made once; nil where it
// has none whose keys can be had without a question.
func (a *app) quietClients(ctx context.Context) func(profile string) *apiclient.Client {
	profiles, clients := a.quietProfiles(ctx), map[string]*apiclient.Client{}
	return func(name string) *apiclient.Client {
		p, ok := profiles[name]
		if _, made := clients[name]; ok && !made {
			clients[name], _ = apiclient.New(p, apiclient.Options{Now: a.now}) // nil, where p is no use
		}
		return clients[name]
	}
}

// otherRunBytes is how many bytes of other runs are looked at, about.
const otherRunBytes = 32 << 20

// newestRuns returns the newest runs but one, newest first; none where nothing was
// ever sent from here.
func (a *app) newestRuns(ctx context.Context, not string) []apiclient.Exchange {
	if path, err := a.dataFile(historyFile); err != nil || !exists(path) {
		return nil
	}
	store, err := a.store()
	if err != nil {
		return nil
	}
	list, err := store.List(ctx, history.Query{Limit: otherRuns + 1})
	if err != nil {
		return nil
	}
	var runs []apiclient.Exchange
	size := 0
	for _, r := range list {
		if r.ID == not || len(runs) == otherRuns || size > otherRunBytes {
			continue
		}
		e, err := store.Get(ctx, r.ID)
		if err != nil {
			continue // one run that cannot be read hides no other
		}
		size += len(e.Request.Body)
		if e.Response != nil {
			size += len(e.Response.Body)
		}
		runs = append(runs, e)
	}
	return runs
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// widenFile widens evidence that a command gathered: all other profiles are
// others to it.
func (a *app) widenFile(ctx context.Context, e *diagnose.Evidence) {
	others := a.quietProfiles(ctx)
	if name, _, err := a.profileName(); err == nil {
		delete(others, name)
	}
	a.widen(e, others)
}
