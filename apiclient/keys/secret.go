package keys

import (
	"bytes"
	"context"
	"strings"
)

// largestBare is the length in bytes up to which data may be a private key as a
// whole: one of RSA-16384 in base64 has 13 kB.
const largestBare = 32 << 10

// PrivateIn says which private key data holds, such as "a PKCS#8 private key";
// "" where it holds none. A PEM block is found anywhere, also where its line
// breaks are escaped; any other form only where it is all of the data. It is
// linear, and fast enough for a body of 20 MB that is about to be sent.
func PrivateIn(data []byte) string {
	if whole := bytes.TrimSpace(data); len(whole) > 0 && len(whole) <= largestBare {
		if d, err := Inspect(context.Background(), whole, nil); err == nil {
			for _, found := range append([]Description{d}, d.Also...) {
				if found.Kind == KindPrivate || found.Kind == KindEncrypted || strings.Contains(found.Says, "private key") {
					return found.Says
				}
			}
		}
	}
	const begin, label = "-----BEGIN ", "PRIVATE KEY"
	const longest = 64 // of a label, with what may stand between
	for rest := data; ; {
		i := bytes.Index(rest, []byte(label))
		if i < 0 {
			return ""
		}
		before, after := rest[max(0, i-longest):i], rest[i+len(label):]
		at := bytes.LastIndex(before, []byte(begin))
		if at >= 0 && (bytes.HasPrefix(after, []byte("-----")) || bytes.HasPrefix(after, []byte(" BLOCK-----"))) {
			return "a block that begins with " + string(before[at:]) + label
		}
		rest = after
	}
}
