package apiclient

import (
	"crypto/rsa"
	"errors"
	"math/big"
	"strings"
	"testing"

	"countersign/apiclient/hint"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Profile)
		field  string // "" where it is right
		says   string
	}{
		{"good", nil, "", ""},
		{"all of it", func(p *Profile) {
			p.Proxy, p.SignedPath, p.TimeFormat, p.Encoding, p.KeyVersion, p.MerchantID = "socks5://127.0.0.1:1080", "/api", ISO, "base64url", "", ""
			p.ContentTemplate, p.Header = "{method}.{uri}.{client_id}.{time}.{body}", []Field{{Name: "X", Value: "y"}}
		}, "", ""},
		{"loopback", func(p *Profile) { p.BaseURL = "http://localhost:8080/x" }, "", ""},
		{"loopback by number", func(p *Profile) { p.BaseURL = "http://[::1]:8080" }, "", ""},
		{"plain", func(p *Profile) { p.BaseURL = "http://h.example" }, "base_url", "plain HTTP to h.example"},
		{"plain, allowed", func(p *Profile) { p.BaseURL, p.AllowHTTP = "http://h.example", true }, "", ""},
		{"looks like loopback", func(p *Profile) { p.BaseURL = "http://localhost.example" }, "base_url", "plain HTTP"},
		{"no URL", func(p *Profile) { p.BaseURL = "" }, "base_url", "is not set"},
		{"no scheme", func(p *Profile) { p.BaseURL = "h.example/api" }, "base_url", "https://"},
		{"scheme", func(p *Profile) { p.BaseURL = "ftp://h.example" }, "base_url", "https://"},
		{"no host", func(p *Profile) { p.BaseURL = "https:///api" }, "base_url", "no host"},
		{"query", func(p *Profile) { p.BaseURL = "https://h/?a=b" }, "base_url", "query"},
		{"fragment", func(p *Profile) { p.BaseURL = "https://h/#" }, "base_url", "fragment"},
		{"login", func(p *Profile) { p.BaseURL = "https://u:pass-word@h/" }, "base_url", "user name or password"},
		{"space", func(p *Profile) { p.BaseURL = "https://h/ " }, "base_url", "byte 11"},
		{"port", func(p *Profile) { p.BaseURL = "https://h:99999/" }, "base_url", "port"},
		{"host", func(p *Profile) { p.BaseURL = "https://支付.example/" }, "base_url", "not ASCII"},
		{"unparsable", func(p *Profile) { p.BaseURL = "https://u:pass-word@h:x/%zz" }, "base_url", "no URL"},
		{"no client", func(p *Profile) { p.ClientID = "" }, "client_id", "not set"},
		{"space in id", func(p *Profile) { p.ClientID = "12 " }, "client_id", "byte 3"},
		{"line feed in id", func(p *Profile) { p.MerchantID = "12\n" }, "merchant_id", "byte 3"},
		{"key version", func(p *Profile) { p.KeyVersion = "1, x=2" }, "key_version", "byte 2"},
		{"damaged key", func(p *Profile) {
			key := *clientKey
			key.D = big.NewInt(3)
			p.Key = &key
		}, "private_key", "damaged"},
		{"no key is fine", func(p *Profile) { p.Key = nil }, "", ""},
		{"peer without key", func(p *Profile) { p.PeerKeys = map[string]*rsa.PublicKey{"1": nil} }, "peer_keys.1", "no key"},
		{"peer without version", func(p *Profile) { p.PeerKeys = map[string]*rsa.PublicKey{"": &serverKey.PublicKey} }, "peer_keys", "without a version"},
		{"time format", func(p *Profile) { p.TimeFormat = "epoch" }, "time_format", `"epoch"`},
		{"encoding", func(p *Profile) { p.Encoding = "hex" }, "signature_encoding", `"hex"`},
		{"template", func(p *Profile) { p.ContentTemplate = "{nonsense}" }, "content_template", "nonsense"},
		{"signed path", func(p *Profile) { p.SignedPath = "api" }, "signed_path", "does not start with /"},
		{"signed path twice", func(p *Profile) { p.SignedPath = "/{path}{path}" }, "signed_path", "more than once"},
		{"signed path with a space", func(p *Profile) { p.SignedPath = "/a b" }, "signed_path", "space"},
		{"header name", func(p *Profile) { p.Header = []Field{{Name: "a b", Value: "c"}} }, "headers", "not allowed"},
		{"header value", func(p *Profile) { p.Header = []Field{{Name: "a", Value: "c\r\nd: e"}} }, "headers", "carriage return"},
		{"proxy", func(p *Profile) { p.Proxy = "proxy:3128" }, "proxy", "scheme"},
		{"proxy without host", func(p *Profile) { p.Proxy = "http://:3128" }, "proxy", "host"},
		{"proxy with a path", func(p *Profile) { p.Proxy = "http://h:3128/x" }, "proxy", "path"},
		{"proxy that does not parse", func(p *Profile) { p.Proxy = "http://u:pass-word@h:x" }, "proxy", "no URL"},
		{"timeout", func(p *Profile) { p.Timeout = -1 }, "timeout", "negative"},
		{"size", func(p *Profile) { p.MaxResponse = -1 }, "max_response", "negative"},
		{"skew", func(p *Profile) { p.MaxSkew = -1 }, "max_skew", "negative"},
	} {
		p := testProfile("https://superapp.example.com")
		if c.change != nil {
			c.change(&p)
		}
		_, err := New(p, Options{})
		if c.field == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		var f *FieldError
		if !errors.As(err, &f) || f.Field != c.field || !strings.Contains(err.Error(), c.says) || f.Hint() == "" {
			t.Errorf("%s: %v, hint %q", c.name, err, hint.Of(err))
		}
		if err != nil && strings.Contains(err.Error()+hint.Of(err), "pass-word") {
			t.Errorf("%s: the password is in %q", c.name, err)
		}
	}
}
