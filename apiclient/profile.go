package apiclient

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"time"

	"countersign/apiclient/signing"
)

// Profile is everything about one side of one integration: where to call, as
// whom, and with which keys.
type Profile struct {
	Name string
	// scheme, host and prefix: "https://superapp.example.com/miniprogram/api"; slashes at its end are ignored
	BaseURL    string
	ClientID   string
	MerchantID string

	KeyVersion string                    // keyVersion of our key; "" leaves it out of the header
	Key        *rsa.PrivateKey           // nil: can verify, cannot sign
	KeyName    string                    // where Key came from, for reports: "merchant.pem"; never its content
	PeerKeys   map[string]*rsa.PublicKey // the other side's keys by keyVersion

	PlatformKey     *rsa.PrivateKey // signs callbacks in the place of the Super App; nil: none can be sent
	PlatformKeyName string          // where PlatformKey came from, for reports

	// SignedPath is what the signed string has where the requested path differs:
	// a prefix in place of the base URL's path ("/api"), or a pattern in which
	// {path} stands for the endpoint's path ("/ams/sandbox{path}.htm"). "" means
	// the path that is requested; "{path}" means no prefix at all.
	SignedPath       string
	TimeFormat       TimeFormat       // "" means Millis
	Encoding         signing.Encoding // "" means percent-encoded base64
	CompactHeader    bool             // "," instead of ", " in the Signature header
	ContentTemplate  string           // "" means signing.DefaultTemplate
	ResponseTemplate string           // of the other side's answers; "" means ContentTemplate
	HeaderNames      HeaderNames      // what the platform calls the headers of the protocol
	Header           []Field          // extra headers on each request

	Vars map[string]string // values of the profile's own: {{vars.buyer}}

	RootCAs    *x509.CertPool   // nil means the system's
	ClientCert *tls.Certificate // shown to servers that ask for one; nil: none
	// URL of an HTTP, HTTPS or SOCKS5 proxy; "" means none; "environment" means HTTPS_PROXY and friends
	Proxy       string
	Timeout     time.Duration // whole exchange; 0 means DefaultTimeout
	MaxResponse int64         // bytes of body; 0 means DefaultMaxResponse
	MaxSkew     time.Duration // tolerated difference of clocks; 0 means DefaultMaxSkew
	AllowHTTP   bool          // plain HTTP to hosts other than loopback
	Confirm     bool          // ask before sending (production)
}

// Defaults of a profile's limits.
const (
	DefaultTimeout     = 30 * time.Second
	DefaultMaxResponse = 32 << 20
	DefaultMaxSkew     = 5 * time.Minute
)
