package redact

import (
	"strings"
	"testing"
)

// builtin masks what is secret without any configuration.
var builtin Redactor

func TestSecretHeadersAreMasked(t *testing.T) {
	t.Parallel()
	const secret = "s3cret-0123456789"
	for _, name := range []string{"Authorization", "proxy-authorization", "Cookie", "Set-Cookie", "X-Api-Key", "X_API_KEY", "apikey", "Access-Token", "X-CSRF-Token", "X-Session-Id", "X-Client-Secret"} {
		for _, value := range []string{secret, "Bearer " + secret, "a=b; c=" + secret} {
			got := builtin.Header(name, value)
			if strings.Contains(got, secret) || strings.Contains(got, secret[:6]) || !strings.Contains(got, "masked") {
				t.Errorf("%s: %s is shown as %s", name, value, got)
			}
			if other := builtin.Header(name, value+"x"); other == got {
				t.Errorf("%s: two values are both shown as %s", name, got)
			}
		}
	}
	if got := builtin.Header("Authorization", "Bearer "+secret); !strings.HasPrefix(got, "Bearer ***") {
		t.Errorf("the scheme is gone: %s", got)
	}
}

func TestHeadersOfTheProtocolAreShown(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Signature", "Client-Id", "Merchant-Id", "Request-Time", "Response-Time", "Content-Type", "traceId", "Host", "User-Agent"} {
		if got := builtin.Header(name, "value"); got != "value" {
			t.Errorf("%s is shown as %s", name, got)
		}
	}
	if got := builtin.Header("Authorization", ""); got != "" {
		t.Errorf("an empty one is shown as %q", got)
	}
}
