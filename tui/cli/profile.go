package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"countersign/apiclient"
	"countersign/apiclient/keys"
	"countersign/apiclient/sandbox"
	"countersign/tui/cli/config"
)

// profileName is the profile in use: the flag, COUNTERSIGN_PROFILE, or the
// configuration's default. chosen is whether the person chose one at all.
func (a *app) profileName() (name string, chosen bool, err error) {
	c, err := a.config()
	if err != nil {
		return "", false, err
	}
	name, chosen = a.flags.profile, a.flags.profile != ""
	if !chosen {
		name, chosen = a.env("COUNTERSIGN_PROFILE")
		chosen = chosen && name != ""
	}
	if !chosen {
		return c.DefaultProfile, c.DefaultProfile != config.Sandbox, nil
	}
	if _, ok := c.Profile(name); !ok && name != config.Sandbox {
		return "", true, unreadable(c.UnknownProfile(name))
	}
	return name, true, nil
}

// namedProfile returns a profile with its keys, "" for the one in use. The sandbox's
// has no server behind it: see connectedAs.
func (a *app) namedProfile(ctx context.Context, name string) (apiclient.Profile, error) {
	c, err := a.config()
	if err == nil && name == "" {
		name, _, err = a.profileName()
	}
	if err != nil {
		return apiclient.Profile{}, err
	}
	if name == config.Sandbox {
		return a.sandboxProfile()
	}
	settings, ok := c.Profile(name)
	if !ok {
		return apiclient.Profile{}, unreadable(c.UnknownProfile(name))
	}
	p, notes, err := settings.Load(ctx, a.keyLoader(filepath.Dir(c.File)))
	for _, note := range notes {
		a.notice(note)
	}
	return p, err
}

// headerNames are those of a profile, "" for the one in use; the protocol's own
// where there is no such profile.
func (a *app) headerNames(profile string) apiclient.HeaderNames {
	if profile == "" {
		profile, _, _ = a.profileName()
	}
	c, err := a.config()
	if err != nil {
		return apiclient.HeaderNames{}
	}
	if p, ok := c.Profile(profile); ok {
		return p.Settings.HeaderNames
	}
	return apiclient.HeaderNames{}
}

func (a *app) keyLoader(dir string) keys.Loader {
	l := keys.Loader{Dir: dir, Getenv: a.env}
	if !a.quiet.Load() {
		l.Prompt = a.passphrasePrompt()
	}
	return l
}

func (a *app) sandboxProfile() (apiclient.Profile, error) {
	k, err := a.material()
	if err != nil {
		return apiclient.Profile{}, err
	}
	return k.Profile("http://127.0.0.1" + sandbox.Prefix), nil
}

// sender is namedProfile for one that requests are made with: all of it is filled in.
func (a *app) sender(ctx context.Context, name string) (apiclient.Profile, error) {
	p, err := a.namedProfile(ctx, name)
	if err != nil {
		return p, err
	}
	c, err := a.config()
	if err != nil {
		return p, err
	}
	if settings, ok := c.Profile(p.Name); ok && len(settings.Unfilled) > 0 {
		return p, settings.Unfilled[0]
	}
	if version := p.VersionInBase(); version != "" {
		a.notice(fmt.Sprintf("base_url ends in %s, and endpoints begin with a version too: requests go to %s",
			version, p.RequestTarget("/v2/payments/pay")))
	}
	return p, nil
}

// connected is connectedAs for the profile in use.
func (a *app) connected(ctx context.Context) (apiclient.Profile, error) {
	return a.connectedAs(ctx, "")
}

// connectedAs is sender for one that is ready for sending: for the sandbox's, a Super
// App is started in this process.
func (a *app) connectedAs(ctx context.Context, name string) (apiclient.Profile, error) {
	p, err := a.sender(ctx, name)
	if err != nil || p.Name != config.Sandbox {
		return p, err
	}
	server, err := a.server()
	if err != nil {
		return p, err
	}
	p.BaseURL = server.URL
	return p, nil
}
