package config

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/files"
	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
	"countersign/apiclient/signing"
	"countersign/tui/keymap"
)

const minimal = `
[profiles.p]
base_url = "https://h/api"
client_id = "C"
`

func parse(t *testing.T, text string) *Config {
	t.Helper()
	c, err := Parse("/etc/cs/config.toml", "config.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c := parse(t, minimal)
	want := apiclient.Profile{
		Name: "p", BaseURL: "https://h/api", ClientID: "C", KeyVersion: "1", TimeFormat: apiclient.Millis, Encoding: signing.PercentBase64,
		ContentTemplate: signing.DefaultTemplate, Timeout: 30 * time.Second, MaxResponse: 32 << 20, MaxSkew: 5 * time.Minute,
	}
	if got := c.Profiles["p"].Settings; !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if !c.UI.Hints || c.UI.Keys != nil {
		t.Errorf("%+v", c.UI)
	}
	if c.DefaultProfile != "sandbox" || c.UI.Theme != "auto" || !reflect.DeepEqual(c.Names(), []string{"sandbox", "p"}) {
		t.Errorf("%+v", c)
	}
}

func TestEverySetting(t *testing.T) {
	t.Parallel()
	c := parse(t, `
default_profile = "p"
catalogs = ["a.yaml", "/abs/b.json"]
endpoints = [{ path = "/plain" }]
[ui]
theme = "light"
hints = false
[sandbox]
faults = ["slow", "risk_reject", "USED_AUTHCODE"]
notify_beyond_loopback = true
token_lifetime = "90s"
[keys]
send = ["f6", "F5"]
request.edit = "E"
zoom = []
[profiles.p]
base_url = "http://10.0.0.1:81/ams/"
client_id = "C"
merchant_id = "M"
key_version = ""
private_key = { file = "k.pem", passphrase = { command = ["pass", "show"] } }
platform_key = { env = "PLATFORM" }
signed_path = "/x{path}"
time_format = "iso-ms"
signature_encoding = "base64url"
content_template = "{body}{time}"
header_spacing = "comma"
ca_file = "ca.pem"
proxy = "socks5://127.0.0.1:1080"
timeout = "1m30s"
max_response = 1000
max_skew = "2s"
allow_http = true
confirm = true
headers.Zeta = "1"
headers.Alpha = "2"
[profiles.p.peer_keys]
1 = { env = "PEER" }
2.file = "/abs/peer.pub"
`)
	send, _ := c.UI.Keys.Get(keymap.Send)
	edit, _ := c.UI.Keys.Get("request.edit")
	zoom, _ := c.UI.Keys.Get(keymap.Zoom)
	if c.UI.Hints || send.AllKeys() != "f6 f5" || edit.AllKeys() != "E" || zoom.AllKeys() != "" {
		t.Errorf("hints %v, keys %q %q %q", c.UI.Hints, send.AllKeys(), edit.AllKeys(), zoom.AllKeys())
	}
	if want := (Sandboxing{Faults: []string{"slow", "risk_reject", "USED_AUTHCODE"}, Notify: true, NotifyBeyond: true,
		TokenLifetime: 90 * time.Second}); !reflect.DeepEqual(c.Sandbox, want) {
		t.Errorf("%+v", c.Sandbox)
	}
	p := c.Profiles["p"]
	want := apiclient.Profile{
		Name: "p", BaseURL: "http://10.0.0.1:81/ams/", ClientID: "C", MerchantID: "M", SignedPath: "/x{path}", TimeFormat: apiclient.ISOms,
		Encoding: signing.Base64URL, ContentTemplate: "{body}{time}", CompactHeader: true, Proxy: "socks5://127.0.0.1:1080",
		Timeout: 90 * time.Second, MaxResponse: 1000, MaxSkew: 2 * time.Second, AllowHTTP: true, Confirm: true,
		Header: []apiclient.Field{{Name: "Zeta", Value: "1"}, {Name: "Alpha", Value: "2"}},
	}
	if !reflect.DeepEqual(p.Settings, want) {
		t.Errorf("got  %+v\nwant %+v", p.Settings, want)
	}
	wantKey := keys.Source{File: "/etc/cs/k.pem", Passphrase: &keys.Source{Command: []string{"pass", "show"}}}
	wantPeers := map[string]keys.Source{"1": {Env: "PEER"}, "2": {File: "/abs/peer.pub"}}
	if !reflect.DeepEqual(p.PlatformKey, &keys.Source{Env: "PLATFORM"}) {
		t.Errorf("%+v", p.PlatformKey)
	}
	if !reflect.DeepEqual(*p.PrivateKey, wantKey) || !reflect.DeepEqual(p.PeerKeys, wantPeers) || p.CAFile != "/etc/cs/ca.pem" {
		t.Errorf("%+v %+v %q", *p.PrivateKey, p.PeerKeys, p.CAFile)
	}
	if !reflect.DeepEqual(c.Catalogs, []string{"/etc/cs/a.yaml", "/abs/b.json"}) || c.UI.Theme != "light" || c.DefaultProfile != "p" {
		t.Errorf("%+v", c)
	}
	if e := c.Endpoints[0]; e.Path != "/plain" || e.Name != "" {
		t.Errorf("%+v", e)
	}
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	c := parse(t, `
[[endpoints]]
path = "/v3/orders/create"
summary = "s"
example = '{}'
[[endpoints]]
path = "/x/y.htm"
name = "y"
version = "v9"
method = "put"
group = "G"
`)
	all := &catalog.Catalog{}
	for _, e := range c.Endpoints {
		if err := all.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	a, err := all.Lookup("orders/create")
	if err != nil || a.ID != "v3/orders/create" || a.Method != "POST" || a.Group != "Own" || string(a.Example) != "{}" || a.Source != "/etc/cs/config.toml" {
		t.Errorf("%+v, %v", a, err)
	}
	b, err := all.Lookup("v9/y")
	if err != nil || b.Method != "PUT" || b.Group != "G" || b.Path != "/x/y.htm" {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want, hint string }{
		{"unknown at the top", "default_profil = 'x'", `1:1: unknown key "default_profil"`, `did you mean "default_profile"?`},
		{"unknown in a profile", minimal + "clientid = 'x'", `5:1: unknown key "clientid" in profiles.p`, `"client_id"`},
		{"nothing near", minimal + "zzzzzzzz = 1", `5:1: unknown key "zzzzzzzz"`, "the keys here are: allow_http"},
		{"unknown table", "[profile.p]", `1:2: unknown key "profile"`, `"profiles"`},
		{"unknown in an inline table", minimal + "private_key = { flie = 'x' }", `5:17: unknown key "flie" in profiles.p.private_key`, `"file"`},
		{"unknown dotted", minimal + "private_key.flie = 'x'", `5:13: unknown key "flie"`, `"file"`},
		{"unknown in a peer key", minimal + "[profiles.p.peer_keys.1]\nfiel = 'x'", `6:1: unknown key "fiel" in profiles.p.peer_keys.1`, `"file"`},
		{"string for boolean", minimal + "confirm = 'yes'", "5:11: profiles.p.confirm is a string, not true or false", "confirm = true"},
		{"number for string", minimal + "merchant_id = 217120000000037263001", "merchant_id is a whole number, not a string", `merchant_id = "…"`},
		{"number for duration", minimal + "timeout = 30", "5:11: profiles.p.timeout is a whole number", `timeout = "30s"`},
		{"string for a source", minimal + "private_key = 'k.pem'", "5:15: profiles.p.private_key is a string, not a table", `private_key = { file = "key.pem" }`},
		{"string for a peer key", minimal + "peer_keys = { 1 = 'k' }", "5:19: profiles.p.peer_keys.1 is a string", `"1" = { file = "key.pem" }`},
		{"string for a list", "catalogs = 'a.yaml'", "1:12: catalogs is a string, not a list of strings", `catalogs = ["…", "…"]`},
		{"numbers in a list", "catalogs = [1]", "1:1: catalogs is an array, not a list of strings", ""},
		{"table for a string", "[default_profile]", "1:2: default_profile is a string, not a table", ""},
		{"table for a list", "[endpoints]", "1:2: endpoints is a list of tables, not a table", "[[endpoints]]"},
		{"list for a table", "[[ui]]", "1:3: ui is a table, not a list of tables", "[ui]"},
		{"not a table in a list", "endpoints = ['x']", "endpoints[0] is a string, not a table", "[[endpoints]]"},
		{"float for a version", minimal + "key_version = 1.5", "5:15: profiles.p.key_version is a number", ""},
		{"date", minimal + "client_id2 = 2020-01-01", `unknown key "client_id2"`, `"client_id"`},
		{"syntax", "a = [\n", "config.toml:", "toml.io"},
		{"twice", minimal + "client_id = 'D'", "config.toml:5:1: ", "remove one"},
		{"UTF-16", "\xff\xfe[\x00u\x00i\x00]\x00", "1:1: the file is UTF-16", "save it as UTF-8"},
		{"UTF-16 without a mark", "\x00[\x00u\x00i\x00]", "1:1: a NUL byte", "save it as UTF-8"},
		{"not text", minimal + "# \x00", "5:3: a NUL byte", "right file"},
		{"behind a byte order mark", "\ufeffthem = 'x'", `1:1: unknown key "them"`, ""},
		{"sandbox is built in", "[profiles.sandbox]\nclient_id = 'x'", "1:11: the profile sandbox is built in", "[profiles.local]"},
		{"sandbox inline", "profiles = { sandbox = {} }", "1:14: the profile sandbox is built in", ""},
		{"no base URL", "[profiles.p]\nclient_id = 'x'", "1:11: p: base_url is not set", "https://"},
		{"no client id", "[profiles.p]\nbase_url = 'https://h'", "1:11: p: client_id is not set", ""},
		{"base URL", "[profiles.p]\nclient_id='x'\nbase_url = 'superapp.example.com'", "3:12: p: base_url does not start with", "https://"},
		{"plain HTTP", "[profiles.p]\nclient_id='x'\nbase_url = 'http://example.com'", "3:12: p: base_url uses plain HTTP", "allow_http = true"},
		{"time format", minimal + "time_format = 'epoch'", "5:15: p: time_format is \"epoch\"", `"ms"`},
		{"time layout", minimal + "time_format = 'yyyy-MM-dd'", "5:15: p: time_format is \"yyyy-MM-dd\": as a layout it lacks", "XXX"},
		{"a header name twice", minimal + "header_names = { clientId = 'A', client_id = 'B' }", "5:46: header_names.client_id is there twice", "leave one"},
		{"a name in two braces", minimal + "content_template = '{{body}}'", "5:20: p: content_template has no placeholder", "such as {body}"},
		{"encoding", minimal + "signature_encoding = 'hex'", "5:22: p: signature_encoding", ""},
		{"template", minimal + "content_template = '{metod}'", "5:20: p: content_template cannot be used", ""},
		{"signed path", minimal + "signed_path = 'api'", "5:15: p: signed_path", ""},
		{"spacing", minimal + "header_spacing = 'none'", `5:18: p: header_spacing is "none"`, `use one of "comma-space", "comma"`},
		{"proxy", minimal + "proxy = 'ftp://x'", "5:9: p: proxy", ""},
		{"header", minimal + "headers = { 'a b' = 'x' }", "5:1: p: headers cannot be used", ""},
		{"duration", minimal + "timeout = 'soon'", `5:11: timeout is "soon", which is not a duration`, `timeout = "30s"`},
		{"duration of nothing", minimal + "max_skew = '0s'", "5:12: max_skew is 0s", ""},
		{"size", minimal + "max_response = '32 miles'", `5:16: max_response is "32 miles"`, "32MiB"},
		{"size of nothing", minimal + "max_response = 0", "5:16: max_response is 0", ""},
		{"string for the platform key", minimal + "platform_key = 'k.pem'", "5:16: profiles.p.platform_key is a string, not a table", `platform_key = { file = "key.pem" }`},
		{"platform key from nowhere", minimal + "platform_key = {}", "5:1: platform_key: ", "file"},
		{"two sources", minimal + "private_key = { file = 'a', env = 'B' }", "5:1: private_key: ", "file"},
		{"no source", minimal + "private_key = {}", "5:1: private_key: ", "file"},
		{"empty pass phrase", minimal + "private_key = { file = 'a', passphrase = {} }", "5:29: passphrase: ", ""},
		{"default profile", "default_profile = 'prod'", `1:19: default_profile names "prod"`, "sandbox"},
		{"theme", "[ui]\ntheme = 'blue'", `2:9: ui.theme is "blue"`, "auto, dark, light"},
		{"hints", "[ui]\nhints = 'no'", "2:9: ui.hints is a string", "hints = true or hints = false"},
		{"unknown action", "[keys]\nsned = 'f5'", `2:1: unknown key "sned" in keys`, `"send"`},
		{"unknown action of a pane", "keys.request.edt = 'f5'", `1:14: unknown key "edt" in keys.request`, `"edit"`},
		{"no such key", "[keys]\nsend = ['f5', 'ctrl+enter']", `2:1: no terminal sends a key "ctrl+enter"`, "ctrl+x"},
		{"key taken", "[keys.request]\ntarget = 'e'", "2:10: the key e of request.target is the key of request.edit too", "another"},
		{"key of another type", "[keys]\nsend = 5", "2:8: keys.send is a whole number, not a string or a list of strings", `send = "x"`},
		{"keys of another type", "[keys]\nsend = [5]", "2:1: keys.send is an array, not a string or a list of strings", ""},
		{"an action as a table", "[keys.send]", "1:7: keys.send is a string or a list of strings, not a table", ""},
		{"empty catalogue", "catalogs = ['']", "1:13: catalogs[0] is empty", ""},
		{"endpoint without path", "[[endpoints]]\nname = 'x'", "1:3: endpoints[0] has no path", ""},
		{"endpoint with a bad path", "[[endpoints]]\npath = 'x'", "2:8: the path \"x\" does not start with /", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse("/etc/cs/config.toml", "config.toml", []byte(tt.text))
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v", err)
			}
			if !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "config.toml:") {
				t.Errorf("error %q, want %q", err, tt.want)
			}
			if !strings.Contains(e.Hint(), tt.hint) || e.Hint() == "" {
				t.Errorf("hint %q, want %q", e.Hint(), tt.hint)
			}
		})
	}
}

// TestExample holds that the example has every setting, that it is read
// strictly, and that what it shows as defaults are the defaults.
func TestExample(t *testing.T) {
	t.Parallel()
	const file = "../../../config.toml.example"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := parse(t, string(text))
	uncommented := parse(t, strings.NewReplacer("# [[endpoints]]", "[[endpoints]]", "# path ", "path ", "# name ", "name ", "# version ", "version ",
		"# method ", "method ", "# group ", "group ", "# summary ", "summary ", "# example ", "example ").Replace(string(text)))
	byDefault := parse(t, "[[endpoints]]\npath = '/v2/orders/create'")
	shown, plain := added(t, uncommented.Endpoints[0]), added(t, byDefault.Endpoints[0])
	plain.Summary, plain.Example = shown.Summary, shown.Example
	if !reflect.DeepEqual(shown, plain) {
		t.Errorf("the endpoint shows other defaults than %+v: %+v", plain, shown)
	}
	d := Default()
	if c.DefaultProfile != d.DefaultProfile || !reflect.DeepEqual(c.UI, d.UI) || len(c.Catalogs) != 0 || len(c.Endpoints) != 0 {
		t.Errorf("not the defaults: %+v", c)
	}
	got := c.Profiles["staging"].Settings
	want := parse(t, minimal).Profiles["p"].Settings
	want.Name, want.BaseURL, want.ClientID, want.MerchantID = got.Name, got.BaseURL, got.ClientID, got.MerchantID
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the example shows other defaults\ngot  %+v\nwant %+v", got, want)
	}
	var each func(n *node, name string)
	each = func(n *node, name string) {
		if name == "keys" {
			return // TestExampleKeys
		}
		if name != "" && !strings.Contains(string(text), name+" ") && !strings.Contains(string(text), name+"]") && !strings.Contains(string(text), name+".") {
			t.Errorf("the example lacks %s", name)
		}
		for name, below := range n.fields {
			each(below, name)
		}
		if n.other != nil {
			each(n.other, "")
		}
	}
	each(schema(), "")
}

// added is an endpoint as the catalogue completes it.
func added(t *testing.T, e catalog.Endpoint) catalog.Endpoint {
	t.Helper()
	all := &catalog.Catalog{}
	if err := all.Add(e); err != nil {
		t.Fatal(err)
	}
	return all.Endpoints()[0]
}

func TestLocate(t *testing.T) {
	t.Parallel()
	env := func(pairs ...string) Getenv {
		return func(name string) (string, bool) {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1], true
				}
			}
			return "", false
		}
	}
	tests := []struct {
		flag  string
		env   Getenv
		file  string
		named bool
	}{
		{"x.toml", env("COUNTERSIGN_CONFIG", "y.toml"), "x.toml", true},
		{"", env("COUNTERSIGN_CONFIG", "y.toml", "HOME", "/h"), "y.toml", true},
		{"", env("COUNTERSIGN_CONFIG", "", "HOME", "/h"), "/h/.config/countersign/config.toml", false},
		{"", env("XDG_CONFIG_HOME", "/x", "HOME", "/h"), "/x/countersign/config.toml", false},
		{"", env("XDG_CONFIG_HOME", "relative", "HOME", "/h"), "/h/.config/countersign/config.toml", false},
	}
	for _, tt := range tests {
		if file, named, err := Locate(tt.flag, tt.env); file != tt.file || named != tt.named || err != nil {
			t.Errorf("%q %v %v, want %q %v", file, named, err, tt.file, tt.named)
		}
	}
	if _, _, err := Locate("", env()); err == nil {
		t.Error("no HOME and no error")
	}
	for _, tt := range []struct {
		env Getenv
		dir string
	}{
		{env("COUNTERSIGN_DATA", "/d", "HOME", "/h"), "/d"},
		{env("XDG_DATA_HOME", "/x", "HOME", "/h"), "/x/countersign"},
		{env("HOME", "/h"), "/h/.local/share/countersign"},
	} {
		if dir, err := DataDir(tt.env); dir != tt.dir || err != nil {
			t.Errorf("%q %v, want %q", dir, err, tt.dir)
		}
	}
}

func TestLoadFile(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "none.toml")
	if c, err := Load(missing, false); err != nil || c.File != "" {
		t.Errorf("a missing default file: %+v, %v", c, err)
	}
	if _, err := Load(missing, true); err == nil || !strings.Contains(err.Error(), "no such configuration file") {
		t.Errorf("a missing named file: %v", err)
	}
	if _, err := Load(t.TempDir(), false); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a folder: %v", err)
	}
	marked := filepath.Join(t.TempDir(), "marked.toml")
	if err := os.WriteFile(marked, []byte("\ufeff"+minimal), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := Load(marked, true); err != nil || c.Profiles["p"] == nil {
		t.Errorf("a file with a byte order mark: %v", err)
	}
}

func TestFilesAreBounded(t *testing.T) {
	t.Parallel()
	large := filepath.Join(t.TempDir(), "large.toml")
	if err := os.WriteFile(large, []byte(minimal+"ca_file = '"+large+"'\n#"+strings.Repeat("x", MaxConfig)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load(large, true)
	if !errors.Is(err, files.ErrTooLarge) || !strings.Contains(err.Error(), "large.toml: cannot be read: it is too large: more than 1 MiB") {
		t.Errorf("a large configuration: %v", err)
	}
	if data, err := files.Read(large, 2*MaxConfig); err != nil || len(data) <= MaxConfig {
		t.Errorf("a file that is smaller than the limit: %d bytes, %v", len(data), err)
	}
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("no device that never ends")
	}
	for name, read := range map[string]func() error{
		"configuration": func() error { _, err := Load("/dev/zero", true); return err },
		"certificates":  func() error { _, err := certificates("/dev/zero"); return err },
	} {
		if err := read(); !errors.Is(err, files.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLoadKeys holds that only the profile that is used runs its commands.
func TestLoadKeys(t *testing.T) {
	t.Parallel()
	const pem = "../../../apiclient/keys/testdata/client2048.pkcs8.pem"
	abs, err := filepath.Abs(pem)
	if err != nil {
		t.Fatal(err)
	}
	c := parse(t, `
[profiles.used]
base_url = "https://h"
client_id = "C"
private_key = { command = ["give", "key"] }
platform_key = { command = ["give", "platform key"] }
peer_keys = { "2" = { file = "`+abs+`" } }
[profiles.other]
base_url = "https://h"
client_id = "C"
private_key = { command = ["never"] }
[profiles.broken]
base_url = "https://h"
client_id = "C"
private_key = { file = "/nowhere/key.pem" }
`)
	loader := keys.Loader{Run: func(_ context.Context, argv []string) ([]byte, error) {
		if argv[0] != "give" {
			t.Errorf("ran %q", argv)
		}
		return os.ReadFile(pem)
	}}
	p, _, err := c.Profiles["used"].Load(context.Background(), loader)
	if err != nil || p.Key == nil || p.KeyName != "give" || p.PlatformKey == nil || p.PlatformKeyName != "give" || !p.PeerKeys["2"].Equal(&p.Key.PublicKey) {
		t.Errorf("%+v, %v", p, err)
	}
	_, _, err = c.Profiles["broken"].Load(context.Background(), loader)
	if err == nil || !strings.Contains(err.Error(), `private_key of profile "broken"`) || hint.Of(err) == "" {
		t.Errorf("error %v", err)
	}
}

func TestUnknownProfile(t *testing.T) {
	t.Parallel()
	err := parse(t, minimal+"[profiles.staging]\nbase_url='https://h'\nclient_id='c'").UnknownProfile("stagin")
	if !strings.Contains(err.Error(), `no profile "stagin"`) || !strings.Contains(hint.Of(err), `did you mean "staging"?`) {
		t.Errorf("%v, hint %q", err, hint.Of(err))
	}
}

func TestParseSize(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int64{"1": 1, "10 B": 10, "2kB": 2000, "3 KiB": 3072, "32MiB": 32 << 20, "1GB": 1e9, "1gib": 1 << 30} {
		if got, err := ParseSize(s); got != want || err != nil {
			t.Errorf("%s: %d, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "MiB", "-1", "0", "1.5MiB", "1TB", "9999999999999GiB", "1 M iB"} {
		if got, err := ParseSize(s); err == nil {
			t.Errorf("%q was read as %d", s, got)
		}
	}
}

// FuzzParse holds that nothing panics and that every error has a place or a
// hint.
func FuzzParse(f *testing.F) {
	f.Add(minimal)
	f.Add("endpoints = [{path='/x'}]\n[profiles.a.peer_keys]\n1.file='x'")
	f.Add("[[endpoints]]\n[[endpoints]]\npath='/v1/x'\n\"\" = 1")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse("/c.toml", "c.toml", []byte(text))
		if err == nil && c == nil || err != nil && err.Error() == "" {
			t.Fatalf("%v, %v", c, err)
		}
	})
}

// What [redact] cannot use is an error at its place.
func TestRedact(t *testing.T) {
	t.Parallel()
	c := parse(t, "[redact]\nheaders = [\"X-Device\"]\npaths = [\"..deep\"]\nstore = true\n")
	if !c.RedactStore || !c.Redact.Secret("x-device") || string(c.Redact.Masker().Bytes([]byte(`{"deep":"x"}`))) == `{"deep":"x"}` {
		t.Errorf("%+v", c.Redact)
	}
	for _, text := range []string{"paths = [\".ok\", \"buyer.email\"]", "headers = [\"a b\"]", "store = \"yes\"", "path = []"} {
		_, err := Parse("/c.toml", "c.toml", []byte("[redact]\n"+text+"\n"))
		var e *Error
		if !errors.As(err, &e) || e.Line != 2 || e.Hint() == "" {
			t.Errorf("%s: %v", text, err)
		}
	}
}
