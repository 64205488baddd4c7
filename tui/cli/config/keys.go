package config

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"

	"countersign/apiclient"
	"countersign/apiclient/files"
	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
)

// AsksItself reports whether loading the keys runs a program, which may ask on
// the terminal.
func (p *Profile) AsksItself() bool {
	runs := func(s keys.Source) bool {
		return len(s.Command) > 0 || (s.Passphrase != nil && len(s.Passphrase.Command) > 0)
	}
	if p.ClientCert != nil && (runs(*p.ClientCert) || runs(*p.ClientKey)) {
		return true
	}
	if p.PrivateKey != nil && runs(*p.PrivateKey) || p.PlatformKey != nil && runs(*p.PlatformKey) {
		return true
	}
	return slices.ContainsFunc(slices.Collect(maps.Values(p.PeerKeys)), runs)
}

// Load loads the keys and certificates, and gives what was noticed about them.
// Commands run in the folder of the profile's file.
func (p *Profile) Load(ctx context.Context, l keys.Loader) (apiclient.Profile, []string, error) {
	profile := p.Settings
	l.Dir = p.dir
	var notes []string
	for _, own := range []struct {
		setting string
		source  *keys.Source
		key     **rsa.PrivateKey
		name    *string
	}{
		{"private_key", p.PrivateKey, &profile.Key, &profile.KeyName},
		{"platform_key", p.PlatformKey, &profile.PlatformKey, &profile.PlatformKeyName},
	} {
		if own.source == nil {
			continue
		}
		key, err := l.Private(ctx, *own.source)
		if err != nil {
			return profile, nil, p.keyError(own.setting, own.setting, err)
		}
		*own.key, *own.name = key.Key, sourceName(*own.source)
		notes = append(notes, prefixed(own.setting, key.Warnings)...)
	}
	profile.PeerKeys = make(map[string]*rsa.PublicKey, len(p.PeerKeys))
	for _, version := range slices.Sorted(maps.Keys(p.PeerKeys)) {
		key, err := l.Public(ctx, p.PeerKeys[version])
		if err != nil {
			return profile, nil, p.keyError("peer_keys."+version, "peer_keys."+strconv.Quote(version), err)
		}
		profile.PeerKeys[version] = key.Key
		notes = append(notes, prefixed("peer_keys."+strconv.Quote(version), key.Warnings)...)
	}
	if p.ClientCert != nil {
		c, err := l.ClientCert(ctx, *p.ClientCert, *p.ClientKey)
		if err != nil {
			return profile, notes, p.keyError("client_cert", "client_cert", err)
		}
		profile.ClientCert = &c
	}
	if p.CAFile == "" {
		return profile, notes, nil
	}
	var err error
	profile.RootCAs, err = certificates(p.CAFile)
	if err != nil {
		return profile, notes, p.keyError("ca_file", "ca_file", err)
	}
	return profile, notes, nil
}

func (p *Profile) keyError(at, setting string, err error) error {
	e := p.about(at, fmt.Sprintf("%s of profile %q: %v", setting, p.Settings.Name, err), hint.Of(err))
	e.Err = err
	return e
}

func prefixed(setting string, warnings []string) []string {
	var list []string
	for _, w := range warnings {
		list = append(list, setting+": "+w)
	}
	return list
}

// sourceName says where a key came from, for reports.
func sourceName(s keys.Source) string {
	switch {
	case s.File != "":
		return filepath.Base(s.File)
	case s.Env != "":
		return "$" + s.Env
	}
	return s.Command[0]
}

// certificates adds a file's certificates to the system's.
func certificates(file string) (*x509.CertPool, error) {
	data, err := files.Read(file, maxCA)
	if err != nil {
		return nil, &Error{File: file, Says: "the CA file cannot be read: " + reason(err),
			Fix: "check ca_file in the profile", Err: err}
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(data) {
		return nil, &Error{File: file, Says: "the CA file holds no certificate in PEM",
			Fix: "it must start with -----BEGIN CERTIFICATE-----"}
	}
	return pool, nil
}
