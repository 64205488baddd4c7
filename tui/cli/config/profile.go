package config

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
	"countersign/apiclient/signing"
)

type rawProfile struct {
	Extends           string               `toml:"extends"`
	BaseURL           string               `toml:"base_url"`
	ClientID          string               `toml:"client_id"`
	MerchantID        string               `toml:"merchant_id"`
	KeyVersion        any                  `toml:"key_version"`
	PrivateKey        *rawSource           `toml:"private_key"`
	PeerKeys          map[string]rawSource `toml:"peer_keys"`
	PlatformKey       *rawSource           `toml:"platform_key"`
	SignedPath        string               `toml:"signed_path"`
	TimeFormat        string               `toml:"time_format"`
	SignatureEncoding string               `toml:"signature_encoding"`
	ContentTemplate   string               `toml:"content_template"`
	ResponseTemplate  string               `toml:"response_template"`
	HeaderNames       map[string]string    `toml:"header_names"`
	HeaderSpacing     string               `toml:"header_spacing"`
	CAFile            string               `toml:"ca_file"`
	Proxy             string               `toml:"proxy"`
	Timeout           string               `toml:"timeout"`
	MaxResponse       any                  `toml:"max_response"`
	MaxSkew           string               `toml:"max_skew"`
	AllowHTTP         bool                 `toml:"allow_http"`
	Confirm           bool                 `toml:"confirm"`
	Headers           map[string]string    `toml:"headers"`
	Vars              map[string]string    `toml:"vars"`
	ClientCert        *rawCert             `toml:"client_cert"`
}

// rawPlace is where a secret is.
type rawPlace struct {
	File    string   `toml:"file"`
	Env     string   `toml:"env"`
	Command []string `toml:"command"`
}

// rawSource is where a key is, and where its pass phrase.
type rawSource struct {
	rawPlace
	Passphrase *rawPlace `toml:"passphrase"`
}

// rawCert is where a client certificate is, and where its key; without key it is in
// the same place.
type rawCert struct {
	rawPlace
	Key *rawSource `toml:"key"`
}

// Profile is one [profiles.NAME], with its keys still where they are.
type Profile struct {
	Settings   apiclient.Profile // without keys and CA certificates
	PrivateKey *keys.Source      // nil: can verify, cannot sign
	PeerKeys   map[string]keys.Source
	// signs callbacks in place of the Super App; nil: none can be sent
	PlatformKey *keys.Source
	CAFile      string // "" means the system's certificates only

	ClientCert *keys.Source // certificate of TLS, with its chain; nil: none
	ClientKey  *keys.Source // its private key

	// Unfilled are the settings that still have what init wrote into them, each
	// with its place and what belongs there.
	Unfilled []*Error

	about func(setting, says, fix string) *Error // an error at a setting's place
	dir   string                                 // of its file: commands that print keys run there
}

// Same reports whether two profiles have the same settings, wherever in a file
// these stand.
func (p *Profile) Same(other *Profile) bool {
	a, b := *p, *other
	a.about, b.about, a.Unfilled, b.Unfilled = nil, nil, nil, nil
	return reflect.DeepEqual(a, b)
}

// FillIn marks the values that init leaves to the person.
const FillIn = "FILL-IN"

// DefaultKeyVersion is sent by a profile without key_version. An empty
// key_version leaves it out.
const DefaultKeyVersion = "1"

func (r *reader) profile(name string, raw rawProfile) (*Profile, error) {
	at := "profiles." + name
	p := &Profile{
		Settings: apiclient.Profile{
			Name: name, BaseURL: raw.BaseURL, ClientID: raw.ClientID, MerchantID: raw.MerchantID, KeyVersion: DefaultKeyVersion,
			SignedPath: raw.SignedPath, ContentTemplate: cmp.Or(raw.ContentTemplate, signing.DefaultTemplate),
			ResponseTemplate: raw.ResponseTemplate, Proxy: raw.Proxy, AllowHTTP: raw.AllowHTTP, Confirm: raw.Confirm,
			Header: r.headers(at+".headers", raw.Headers), Vars: raw.Vars,
		},
		dir:   r.dir,
		about: func(setting, says, fix string) *Error { return r.about(at+"."+setting, says, fix) },
	}
	if err := r.spellings(at, &p.Settings, raw); err != nil {
		return nil, err
	}
	if raw.KeyVersion != nil {
		p.Settings.KeyVersion = fmt.Sprint(raw.KeyVersion)
	}
	if raw.CAFile != "" {
		p.CAFile = r.path(raw.CAFile)
	}
	if err := r.limits(at, &p.Settings, raw); err != nil {
		return nil, err
	}
	if err := r.sources(at, p, raw); err != nil {
		return nil, err
	}
	for _, u := range []struct{ setting, value string }{{"base_url", raw.BaseURL}, {"client_id", raw.ClientID},
		{"merchant_id", raw.MerchantID}} {
		if strings.Contains(strings.ToUpper(u.value), FillIn) {
			p.Unfilled = append(p.Unfilled, p.about(u.setting, u.setting+" is still the placeholder of init",
				"put in the value that the Super App gave out"))
		}
	}
	return p, r.fieldError(at, name, p.Settings.Validate()) // what the client checks
}

// spellings reads how the platform writes what is in the headers. People write
// these settings in many ways.
func (r *reader) spellings(at string, p *apiclient.Profile, raw rawProfile) error {
	var timeErr, encodingErr, spacingErr error
	p.TimeFormat, timeErr = apiclient.ParseTimeFormat(cmp.Or(raw.TimeFormat, string(apiclient.Millis)))
	p.Encoding, encodingErr = apiclient.ParseEncoding(cmp.Or(raw.SignatureEncoding, string(signing.PercentBase64)))
	p.CompactHeader, spacingErr = apiclient.ParseHeaderSpacing(cmp.Or(raw.HeaderSpacing, "comma-space"))
	if err := cmp.Or(timeErr, encodingErr, spacingErr); err != nil {
		return r.fieldError(at, p.Name, err)
	}
	for _, template := range []*string{&p.ContentTemplate, &p.ResponseTemplate} {
		t, err := signing.ParseTemplate(strings.ReplaceAll(*template, "${", "{")) // as shells and JavaScript write it
		if err == nil {
			*template = t.String() // the placeholders by their own names
		}
	}
	for name, header := range raw.HeaderNames {
		setting, _ := apiclient.HeaderSetting(name)
		place := at + ".header_names." + setting
		switch before := p.HeaderNames.Setting(setting); {
		case header == "":
			return r.about(place, "header_names."+setting+" is empty", "name the header, or leave the setting out")
		case before != "" && before != header:
			return r.about(place, "header_names."+setting+" is there twice", "leave one of them out")
		}
		p.HeaderNames.Set(setting, header)
	}
	return nil
}

// headers keeps the order of the file, which a TOML map does not.
func (r *reader) headers(at string, raw map[string]string) []apiclient.Field {
	var fields []apiclient.Field
	for _, path := range r.order {
		name, ok := strings.CutPrefix(path, at+".")
		if value, there := raw[name]; ok && there {
			fields = append(fields, apiclient.Field{Name: name, Value: value})
		}
	}
	return fields
}

func (r *reader) limits(at string, p *apiclient.Profile, raw rawProfile) error {
	var err error
	if p.Timeout, err = r.duration(at+".timeout", raw.Timeout, apiclient.DefaultTimeout); err != nil {
		return err
	}
	if p.MaxSkew, err = r.duration(at+".max_skew", raw.MaxSkew, apiclient.DefaultMaxSkew); err != nil {
		return err
	}
	p.MaxResponse = apiclient.DefaultMaxResponse
	if raw.MaxResponse == nil {
		return nil
	}
	n, err := ParseSize(fmt.Sprint(raw.MaxResponse))
	if err != nil {
		return r.about(at+".max_response", "max_response "+err.Error(), `write it like max_response = "32MiB"`)
	}
	p.MaxResponse = n
	return nil
}

func (r *reader) duration(path, s string, otherwise time.Duration) (time.Duration, error) {
	if s == "" {
		return otherwise, nil
	}
	name := path[strings.LastIndexByte(path, '.')+1:]
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		return 0, r.about(path, fmt.Sprintf("%s is %q, which is not a duration", name, s),
			fmt.Sprintf(`write it like %s = "30s" or "5m"`, name))
	case d <= 0:
		return 0, r.about(path, fmt.Sprintf("%s is %s", name, s), "it must be longer than nothing")
	}
	return d, nil
}

// ParseSize reads a number of bytes such as 1000, "500 kB" or "32MiB".
func ParseSize(s string) (int64, error) {
	digits := strings.TrimRight(s, "BbKkMGimg ")
	unit, ok := map[string]int64{
		"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30,
	}[strings.ToLower(strings.TrimSpace(s[len(digits):]))]
	n, err := strconv.ParseInt(digits, 10, 64)
	switch {
	case err != nil || !ok:
		return 0, fmt.Errorf("is %q, which is not a size", s)
	case n <= 0:
		return 0, fmt.Errorf("is %s: it must be more than nothing", s)
	case n > 1<<62/unit:
		return 0, fmt.Errorf("is %s, which is too much", s)
	}
	return n * unit, nil
}

func (r *reader) sources(at string, p *Profile, raw rawProfile) error {
	for _, own := range []struct {
		setting string
		raw     *rawSource
		to      **keys.Source
	}{{"private_key", raw.PrivateKey, &p.PrivateKey}, {"platform_key", raw.PlatformKey, &p.PlatformKey}} {
		if own.raw == nil {
			continue
		}
		s, err := r.source(at+"."+own.setting, *own.raw)
		if err != nil {
			return err
		}
		*own.to = &s
	}
	if raw.ClientCert != nil {
		cert, err := r.source(at+".client_cert", rawSource{rawPlace: raw.ClientCert.rawPlace})
		if err != nil {
			return err
		}
		key := cert
		if raw.ClientCert.Key != nil {
			if key, err = r.source(at+".client_cert.key", *raw.ClientCert.Key); err != nil {
				return err
			}
		}
		p.ClientCert, p.ClientKey = &cert, &key
	}
	p.PeerKeys = make(map[string]keys.Source, len(raw.PeerKeys))
	for _, version := range slices.Sorted(maps.Keys(raw.PeerKeys)) {
		s, err := r.source(at+".peer_keys."+version, raw.PeerKeys[version])
		if err != nil {
			return err
		}
		p.PeerKeys[version] = s
	}
	return nil
}

func (r *reader) source(at string, raw rawSource) (keys.Source, error) {
	s := keys.Source{Env: raw.Env, Command: raw.Command}
	if raw.File != "" {
		s.File = r.path(raw.File)
	}
	if raw.Passphrase != nil {
		pass, err := r.source(at+".passphrase", rawSource{rawPlace: *raw.Passphrase})
		if err != nil {
			return keys.Source{}, err
		}
		s.Passphrase = &pass
	}
	if err := s.Validate(); err != nil {
		return s, r.about(at, fmt.Sprintf("%s: %v", at[strings.LastIndexByte(at, '.')+1:], err), hint.Of(err))
	}
	return s, nil
}

// fieldError says where the setting stands that an *apiclient.FieldError is about.
func (r *reader) fieldError(at, profile string, err error) error {
	var f *apiclient.FieldError
	if err == nil || !errors.As(err, &f) {
		return err
	}
	return r.about(at+"."+f.Field, profile+": "+f.Error(), f.Hint())
}

// Outline is the profile without what has to be loaded: KeyName says where the
// key will come from.
func (p *Profile) Outline() apiclient.Profile {
	outline := p.Settings
	if p.PrivateKey != nil {
		outline.KeyName = sourceName(*p.PrivateKey)
	}
	if p.PlatformKey != nil {
		outline.PlatformKeyName = sourceName(*p.PlatformKey)
	}
	return outline
}
