package apiclient

import (
	"crypto/rsa"
	"errors"
	"net/url"
	"slices"
	"strings"

	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// PlatformKeyID is the name in verdicts of the profile's platform key where it is
// not the private half of one of the peer keys.
const PlatformKeyID = "the platform key"

// notSet stands in a preview for the host of a callback that has no URL yet.
const notSet = "https://your-server.invalid"

// PlatformVersion returns the keyVersion under which the platform key signs: that
// of the peer key it belongs to, else of the newest one.
func (p Profile) PlatformVersion() string {
	versions := append(newestFirst(p.PeerKeys), p.KeyVersion)
	if i := slices.IndexFunc(versions, func(v string) bool { return p.isPeerKey(p.PlatformKey, v) }); i >= 0 {
		return versions[i]
	}
	return versions[0]
}

// isPeerKey reports whether a key is the private half of the peer key of that version.
func (p Profile) isPeerKey(key *rsa.PrivateKey, version string) bool {
	return key != nil && key.PublicKey.Equal(p.PeerKeys[version])
}

// Knows reports whether the platform key is the private half of one of the peer
// keys. A merchant's server that knows only those refuses what another key signs.
func (p Profile) Knows(platform *rsa.PrivateKey) bool {
	return slices.ContainsFunc(newestFirst(p.PeerKeys), func(v string) bool { return p.isPeerKey(platform, v) })
}

// platformKey is the public half of the platform key, where no peer key is that.
// It judges the callbacks that this profile sends and nothing else: who verifies
// an answer with it would take one for the Super App's that anybody here can sign.
func (p Profile) platformKey() []Key {
	if p.PlatformKey == nil || p.Knows(p.PlatformKey) {
		return nil
	}
	k := signing.Key{ID: PlatformKeyID, Public: &p.PlatformKey.PublicKey}
	return []Key{{Key: k, Role: RolePlatform, Version: p.PlatformVersion()}}
}

// CallbackURL checks where a callback is to go: a whole URL, with plain HTTP to
// this machine only unless the profile allows it. Its error has a hint.
func (p Profile) CallbackURL(target string) (*url.URL, error) {
	const example = "write it like http://127.0.0.1:3000/payments/notify"
	if !strings.Contains(target, "://") {
		return nil, problemf(example, "%q is no URL of your server", target)
	}
	p.BaseURL, _, _ = strings.Cut(target, "?")
	u, err := p.base()
	if f, ok := errors.AsType[*FieldError](err); ok {
		return nil, problemf(f.Hint(), "the URL of your server %s", f.Says)
	}
	if err == nil {
		err = wire.CheckTarget(wire.PathOf(target))
	}
	if err != nil {
		return nil, err
	}
	return u, nil
}

// Local reports whether a URL leads to this machine.
func Local(u *url.URL) bool { return isLoopback(u.Hostname()) }

// facing returns the client that sends a draft, and the draft as that sends it:
// for a callback it stands in the place of the Super App. It signs with the
// platform key and calls the merchant's server by its URL; the profile's headers
// and its signed_path are about the way to the Super App. How signatures are
// judged stays.
func (c *Client) facing(d Draft, sends bool) (*Client, Draft, error) {
	if !d.Callback {
		return c, d, nil
	}
	if !strings.Contains(d.Target, "://") && strings.HasPrefix(d.Target, "/") && !sends {
		d.Target = notSet + d.Target
	}
	u, err := c.profile.CallbackURL(d.Target)
	if err != nil {
		return c, d, err
	}
	d.Target, d.Params = wire.PathOf(d.Target), nil
	p := c.profile
	p.BaseURL, p.SignedPath, p.Header = u.Scheme+"://"+u.Host, "", nil
	if isLoopback(u.Hostname()) {
		p.Proxy = ""
	}
	platform, err := newValid(p, c.options)
	if err != nil {
		return c, d, err
	}
	platform.callback, platform.stranger = true, c.stranger
	platform.signWith(p.PlatformKey, p.PlatformVersion())
	return platform, d, nil
}
