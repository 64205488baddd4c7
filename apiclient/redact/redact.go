// Package redact masks what is secret in what people see: screens and reports.
// What is sent, kept and copied is never changed by it.
package redact

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// secretWords are parts of the names of headers whose values give access to
// something.
var secretWords = []string{"authorization", "cookie", "token", "secret", "password", "passwd", "api-key", "apikey", "credential", "session"}

// Secret reports whether the value of a header with this name is masked.
func Secret(name string) bool {
	name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	for _, word := range secretWords {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// Header returns the value of a header as it may be shown: masked where the
// header is secret, else as it is. A mask keeps the scheme of an Authorization,
// and says how long the rest is and how its SHA-256 begins, so that two values
// can be told apart.
func Header(name, value string) string {
	if value == "" || !Secret(name) {
		return value
	}
	scheme, rest, ok := strings.Cut(value, " ")
	if !ok || !strings.Contains(strings.ToLower(name), "authorization") {
		scheme, rest = "", value
	} else {
		scheme += " "
	}
	sum := sha256.Sum256([]byte(rest))
	return fmt.Sprintf("%s*** (masked: %d bytes, #%x)", scheme, len(rest), sum[:2])
}
