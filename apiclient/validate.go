package apiclient

import (
	"cmp"
	"crypto/rsa"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// FieldError says which field of a profile cannot be used.
type FieldError struct {
	Field string // as in the configuration: "base_url"
	Says  string // "has no host"
	hint.Fix
}

func (e *FieldError) Error() string { return e.Field + " " + e.Says }

// Validate reports the first field that cannot be used, as a *FieldError.
func (p Profile) Validate() error {
	for _, check := range profileChecks {
		if err := check(p); err != nil {
			return err
		}
	}
	return nil
}

// profileChecks run in the order in which a person would fix a profile. They
// return error rather than *FieldError so that nil stays nil.
var profileChecks = []func(Profile) error{
	func(p Profile) error { _, err := p.base(); return err },
	func(p Profile) error { return checkID("client_id", p.ClientID, true) },
	func(p Profile) error { return checkID("merchant_id", p.MerchantID, false) },
	func(p Profile) error { return checkKeyVersion("key_version", p.KeyVersion) },
	Profile.checkKeys,
	Profile.checkSpelling,
	Profile.checkHeader,
	func(p Profile) error { _, err := parseProxy(p.Proxy); return err },
	Profile.checkLimits,
}

// base parses the base URL.
func (p Profile) base() (*url.URL, error) {
	const example = "write it like https://superapp.example.com/miniprogram/api"
	bad := func(fix, format string, args ...any) (*url.URL, error) {
		return nil, &FieldError{"base_url", fmt.Sprintf(format, args...), hint.Fix(fix)}
	}
	if p.BaseURL == "" {
		return bad(example, "is not set")
	}
	if i := strings.IndexFunc(p.BaseURL, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }); i >= 0 {
		return bad("remove it", "has a space or control character at byte %d", i+1)
	}
	u, err := url.Parse(p.BaseURL)
	switch {
	case err != nil:
		return bad(example, "is no URL: %q", withoutPassword(p.BaseURL))
	case u.Scheme != "https" && u.Scheme != "http":
		return bad(example, "does not start with https:// or http://")
	case u.User != nil:
		return bad("remove the part before @", "contains a user name or password")
	case u.Hostname() == "":
		return bad(example, "has no host")
	case strings.IndexFunc(u.Host, func(r rune) bool { return r > unicode.MaxASCII }) >= 0:
		return bad("write the host in its xn-- form", "has a host that is not ASCII")
	case u.RawQuery != "" || u.ForceQuery:
		return bad("put the query into the request's path", "has a query")
	case strings.Contains(p.BaseURL, "#"):
		return bad("remove it", "has a #fragment")
	case !validPort(u.Port()):
		return bad("ports are 1 to 65535", "has an unusable port: %s", u.Port())
	case u.Scheme == "http" && !p.AllowHTTP && !isLoopback(u.Hostname()):
		return bad("use https://, or set allow_http = true in this profile if the network is trusted",
			"uses plain HTTP to %s, which is not this machine", u.Hostname())
	}
	return u, nil
}

// Prefix is the path of the base URL, which stands before each endpoint's own:
// "/miniprogram/api", or "" where it has none. It is byte for byte as it was written,
// without slashes at its end.
func (p Profile) Prefix() string { return strings.TrimRight(wire.PathOf(p.BaseURL), "/") }

// VersionInBase returns the version that the base URL ends in, such as "/v2";
// "" where it ends in none. Endpoints begin with one, so that it is there twice.
func (p Profile) VersionInBase() string {
	path := p.Prefix()
	last := path[strings.LastIndexByte(path, '/')+1:]
	number, ok := strings.CutPrefix(strings.ToLower(last), "v")
	if !ok || number == "" || strings.Trim(number, "0123456789.") != "" {
		return ""
	}
	return "/" + last
}

func validPort(port string) bool {
	if port == "" {
		return true
	}
	n, err := net.LookupPort("tcp", port)
	return err == nil && n > 0
}

func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// withoutPassword hides what may be a password in a URL that does not parse.
func withoutPassword(s string) string {
	scheme, rest, ok := strings.Cut(s, "://")
	if i := strings.LastIndexByte(rest, '@'); ok && i >= 0 {
		return scheme + "://…" + rest[i:]
	}
	return s
}

func checkID(field, id string, required bool) error {
	if id == "" && required {
		return &FieldError{field, "is not set", "the Super App gives it out together with the keys"}
	}
	for i, r := range id {
		if r <= ' ' || r > '~' {
			return &FieldError{field, fmt.Sprintf("has %q at byte %d", r, i+1),
				"ids are printable ASCII without spaces: look for something pasted along with it"}
		}
	}
	return nil
}

func checkKeyVersion(field, version string) error {
	if i := strings.IndexFunc(version,
		func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`,="`, r) }); i >= 0 {
		return &FieldError{field, fmt.Sprintf("has a character at byte %d that would break the Signature header", i+1),
			"it is a small number as a rule, such as 1"}
	}
	return nil
}

func whole(field string, key *rsa.PrivateKey) error {
	if key == nil || key.Validate() == nil {
		return nil
	}
	return &FieldError{field, "is damaged: its numbers do not belong together", "export the key again from where it was made"}
}

func (p Profile) checkKeys() error {
	if err := cmp.Or(whole("private_key", p.Key), whole("platform_key", p.PlatformKey)); err != nil {
		return err
	}
	for version, key := range p.PeerKeys {
		field := "peer_keys." + version
		if version == "" {
			return &FieldError{"peer_keys", "has a key without a version", `name each key by its keyVersion, such as "1"`}
		}
		if err := checkKeyVersion(field, version); err != nil {
			return err
		}
		if key == nil {
			return &FieldError{field, "has no key", "give the other side's public key"}
		}
	}
	return nil
}

// quoted lists values as they are written in a configuration.
func quoted[T ~string](values []T) string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = strconv.Quote(string(v))
	}
	return strings.Join(list, ", ")
}

func (p Profile) checkSpelling() error {
	if _, err := ParseTimeFormat(string(p.TimeFormat)); err != nil {
		return err
	}
	if p.Encoding != "" && !slices.Contains(encodings, p.Encoding) {
		return &FieldError{"signature_encoding", fmt.Sprintf("is %q", p.Encoding),
			hint.Fix("use one of " + quoted(encodings))}
	}
	if err := p.checkTemplate("content_template", RequestSide); err != nil {
		return err
	}
	if err := p.checkTemplate("response_template", ResponseSide); err != nil {
		return err
	}
	if p.SignedPath == "" {
		return nil
	}
	if !strings.HasPrefix(p.SignedPath, "/") && !strings.HasPrefix(p.SignedPath, "{path}") {
		return &FieldError{"signed_path", fmt.Sprintf("is %q and does not start with /", p.SignedPath),
			`write a prefix such as "/api", or a pattern such as "/ams{path}.htm"`}
	}
	if strings.Count(p.SignedPath, "{path}") > 1 {
		return &FieldError{"signed_path", "names {path} more than once", "once is enough"}
	}
	if err := wire.CheckTarget(p.SignedPath); err != nil {
		return &FieldError{"signed_path", "cannot be used: " + err.Error(), hint.Fix(hint.Of(err))}
	}
	return nil
}

// checkTemplate refuses a content rule that cannot be read, and one that is the
// same text for each message.
func (p Profile) checkTemplate(setting string, side Side) error {
	t, err := p.Template(side)
	if err != nil {
		return &FieldError{setting, "cannot be used: " + err.Error(), hint.Fix(hint.Of(err))}
	}
	if !slices.ContainsFunc(t.Parts(), func(part signing.Part) bool { return part.Name != "" }) {
		return &FieldError{setting, "has no placeholder, so that all messages would be signed alike",
			"write a name in one pair of braces, such as {body}: two braces stand for a brace itself"}
	}
	return nil
}

// Template is the profile's content rule for the messages of one side. An error
// is a *signing.TemplateError.
func (p Profile) Template(side Side) (signing.Template, error) {
	text := p.ContentTemplate
	if side == ResponseSide && p.ResponseTemplate != "" {
		text = p.ResponseTemplate
	}
	if text == "" {
		return signing.Template{}, nil
	}
	return signing.ParseTemplate(text)
}

// SignsRequestID reports whether a signed string has the id of the request in
// it, so that each request needs one.
func (p Profile) SignsRequestID() bool {
	return strings.Contains(p.ContentTemplate, "{request_id}") || strings.Contains(p.ResponseTemplate, "{request_id}")
}

func (p Profile) checkHeader() error {
	if err := p.HeaderNames.check(); err != nil {
		return err
	}
	for _, f := range p.Header {
		if err := checkField(f); err != nil {
			return &FieldError{"headers", "cannot be used: " + err.Error(), hint.Fix(hint.Of(err))}
		}
	}
	return nil
}

// checkField refuses what would break the message or change its framing.
func checkField(f Field) error {
	if strings.EqualFold(f.Name, "Transfer-Encoding") {
		return problemf("leave it out: the body goes out byte for byte, with Content-Length",
			"header Transfer-Encoding cannot be set")
	}
	return wire.CheckField(f)
}

// parseProxy reads the proxy setting; nil where there is none or where the
// environment decides.
func parseProxy(s string) (*url.URL, error) {
	if s == "" || s == proxyFromEnvironment {
		return nil, nil
	}
	const example = `write it like http://proxy.example.com:3128 or socks5://127.0.0.1:1080, or "environment"`
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, &FieldError{"proxy", "is no URL", example}
	case !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme):
		return nil, &FieldError{"proxy", fmt.Sprintf("has scheme %q", u.Scheme), example}
	case u.Hostname() == "" || !validPort(u.Port()):
		return nil, &FieldError{"proxy", "has no usable host and port", example}
	case u.Path != "" && u.Path != "/" || u.RawQuery != "":
		return nil, &FieldError{"proxy", "has a path or a query", example}
	}
	return u, nil
}

// proxyFromEnvironment is the proxy setting that leaves it to HTTPS_PROXY and
// its like.
const proxyFromEnvironment = "environment"

func (p Profile) checkLimits() error {
	switch {
	case p.Timeout < 0:
		return &FieldError{"timeout", "is negative", hint.Fix("write it like 30s; 0 means " + DefaultTimeout.String())}
	case p.MaxResponse < 0:
		return &FieldError{"max_response", "is negative", hint.Fix(fmt.Sprintf("bytes; 0 means %d", DefaultMaxResponse))}
	case p.MaxSkew < 0:
		return &FieldError{"max_skew", "is negative", hint.Fix("write it like 5m; 0 means " + DefaultMaxSkew.String())}
	}
	return nil
}
