package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExtends(t *testing.T) {
	t.Parallel()
	c, err := Parse("/etc/c.toml", "c.toml", []byte(`requests = "req"
[profiles.prod]
extends = "staging"
base_url = "https://prod.example.com"
vars = { buyer = "B2" }
headers = { "X-C" = "3" }
[profiles.staging]
extends = "base"
client_id = "2"
vars = { buyer = "B1", shop = "S1" }
[profiles.base]
base_url = "https://base.example.com"
client_id = "1"
merchant_id = "M"
private_key = { file = "k.pem" }
allow_http = true
timeout = "5s"
headers = { "X-A" = "1", "X-B" = "2" }
`))
	if err != nil {
		t.Fatal(err)
	}
	prod, base := c.Profiles["prod"], c.Profiles["base"]
	s := prod.Settings
	if s.BaseURL != "https://prod.example.com" || s.ClientID != "2" || s.MerchantID != "M" || s.Timeout != base.Settings.Timeout ||
		!s.AllowHTTP || s.Vars["buyer"] != "B2" || s.Vars["shop"] != "S1" || prod.PrivateKey.File != "/etc/k.pem" {
		t.Errorf("%+v", s)
	}
	var names []string
	for _, h := range s.Header {
		names = append(names, h.Name)
	}
	if strings.Join(names, " ") != "X-C X-A X-B" || c.Requests != "/etc/req" || base.Settings.Vars != nil {
		t.Errorf("%v, %q", names, c.Requests)
	}
}

func TestExtendsRefuses(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ text, says, hint string }{
		{"[profiles.a]\nextends='b'\n[profiles.b]\nextends='c'\n[profiles.c]\nextends='a'", "c.toml:6:9: extends leads back to itself: a → b → c → a", "extend nothing"},
		{"[profiles.a]\nextends='a'", "c.toml:2:9: extends leads back to itself: a → a", "extend nothing"},
		{"[profiles.a]\nextends='stging'\n[profiles.staging]\nbase_url='https://x'\nclient_id='1'", `c.toml:2:9: extends names "stging"`, `did you mean "staging"?`},
		{"[profiles.a]\nextends='sandbox'", `extends names "sandbox"`, "init --from-sandbox"},
		{"[profiles.a]\nextends='b'\nclient_id='1'\n[profiles.b]\nclient_id='1'\nbase_url='ftp://x'", "c.toml:6:10: a: base_url", "https"},
		{"[profiles.a]\nvars={x=1}", "c.toml:2:9: profiles.a.vars.x is a whole number, not a string", `x = "`},
		{"[profiles.a]\nclient_id='1'\nbase_url='https://x'\nclient_cert={}", "client_cert", "file"},
	} {
		_, err := Parse("/c.toml", "c.toml", []byte(x.text))
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Error(), x.says) || !strings.Contains(e.Hint(), x.hint) {
			t.Errorf("%q: %v, %+v", x.text, err, e)
		}
	}
}

func TestProject(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	below := filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(below, 0o700); err != nil {
		t.Fatal(err)
	}
	if path, err := Project(below); path != "" || err != nil {
		t.Skipf("there is one above: %s, %v", path, err)
	}
	file := filepath.Join(dir, "a", ProjectFile)
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if path, err := Project(below); path != file || err != nil {
		t.Errorf("%s, %v", path, err)
	}
	for _, x := range []struct{ text, says string }{
		{"[ui]\ntheme='dark'", "1:2: [ui] is for your own configuration"},
		{"[profiles.a]\nclient_id='1'\nbase_url='https://x'\nprivate_key={file='m.pem'}", "4:1: private_key names a file, and a project must not carry private keys"},
		{"[profiles.a]\nclient_id='1'\nbase_url='https://x'\nplatform_key={file='m.pem'}", "4:1: platform_key names a file"},
		{"[profiles.a]\nclient_id='1'\nbase_url='https://x'\nclient_cert={file='m.pem'}", "4:1: the key of client_cert names a file"},
		{"[profiles.b]\nextends='a'\n[profiles.a]\nclient_id='1'\nbase_url='https://x'\nprivate_key={file='m.pem'}", "private_key names a file"},
	} {
		_, err := Parse("/p/"+ProjectFile, "p", []byte(x.text))
		if err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%q: %v", x.text, err)
		}
	}
	own, err := Parse("/c.toml", "c", []byte("default_profile='mine'\n[profiles.mine]\nclient_id='1'\nbase_url='https://mine'\n[profiles.both]\nclient_id='1'\nbase_url='https://mine'\n[redact]\nheaders=['X-A']"))
	if err != nil {
		t.Fatal(err)
	}
	project, err := Parse("/p/"+ProjectFile, "p", []byte("requests='r'\ncatalogs=['c.yaml']\n[profiles.both]\nclient_id='1'\nbase_url='https://project'\nprivate_key={env='K'}\n[redact]\nheaders=['X-B']"))
	if err != nil {
		t.Fatal(err)
	}
	all := own.With(project)
	if all.DefaultProfile != "mine" || all.Profiles["both"].Settings.BaseURL != "https://project" || all.Profiles["mine"] == nil ||
		all.Requests != "/p/r" || len(all.Watched()) != 2 || !all.Redact.Secret("X-A") || !all.Redact.Secret("X-B") {
		t.Errorf("%+v", all)
	}
}
