package apiclient

import (
	"crypto/rsa"
	"crypto/x509"
	"time"

	"countersign/apiclient/signing"
)

// Profile is everything about one side of one integration: where to call, as
// whom, and with which keys.
type Profile struct {
	Name       string
	BaseURL    string // scheme, host and prefix: "https://superapp.example.com/miniprogram/api"
	ClientID   string
	MerchantID string

	KeyVersion string // keyVersion of our key; "" leaves it out of the header
	Key        *rsa.PrivateKey
	KeyName    string                    // where Key came from, for reports: "merchant.pem"; never its content
	PeerKeys   map[string]*rsa.PublicKey // the other side's keys by keyVersion

	SignedPath      string // what replaces the base URL's path in the signed string; "{path}" stands for the endpoint's path. "" means the path that is requested
	TimeFormat      TimeFormat
	Encoding        signing.Encoding // "" means percent-encoded base64
	CompactHeader   bool             // "," instead of ", " in the Signature header
	ContentTemplate string           // "" means signing.DefaultTemplate
	Header          []Field          // extra headers on each request

	RootCAs     *x509.CertPool // nil means the system's
	Proxy       string         // URL of an HTTP, HTTPS or SOCKS5 proxy; "" means none; "environment" means HTTPS_PROXY and friends
	Timeout     time.Duration  // whole exchange; 0 means DefaultTimeout
	MaxResponse int64          // bytes of body; 0 means DefaultMaxResponse
	MaxSkew     time.Duration  // tolerated difference of clocks; 0 means DefaultMaxSkew
	AllowHTTP   bool           // plain HTTP to hosts other than loopback
	Confirm     bool           // ask before sending (production)
}

// Defaults of a profile's limits.
const (
	DefaultTimeout     = 30 * time.Second
	DefaultMaxResponse = 32 << 20
	DefaultMaxSkew     = 5 * time.Minute
)

// TimeFormat is how Request-Time is written.
type TimeFormat string

// Time formats. All but Seconds name an instant to the millisecond or second.
const (
	Millis  TimeFormat = "ms"             // 1682060290199: the default
	Seconds TimeFormat = "s"              // 1682060290
	ISO     TimeFormat = "iso"            // 2023-04-21T14:58:10+08:00 in the local zone
	ISOUTC  TimeFormat = "iso-utc"        // 2023-04-21T06:58:10Z
	ISOms   TimeFormat = "iso-ms"         // 2023-04-21T06:58:10.199Z
	ISOzone TimeFormat = "iso-basic-zone" // 2023-04-21T14:58:10+0800
)
