package bodies_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"countersign/apiclient/diagnose/bodies"
)

// TestForge has what node-forge 1.4.3 hashes without "utf8".
func TestForge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, sum string
		spilt     bool
	}{
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", false},
		{"aé", "839ce534e34f16724724b2b59df045891f9858c659a3492da19dcc25508fdf3d", false},
		{`{"d":"茶とお菓子"}`, "b6261ad63802f96ba46206e90a0894848d066743be0db136403f2a6cfa879779", true},
		{"x😀yz", "d4c8547ac1f3e2ad215a60cfdb1598fef7628abcbf4a3e1c1bea33fcdb92aa2b", true},
		{"POST /a\n1.2.{\"a\":\"ü€\"}", "faf2456852a3c6c94c728486cf47d1e68775cd5307fceb0d2ed78b7f51c53fbb", true},
	} {
		b, spilt := bodies.Forge(nil, c.text)
		if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != c.sum || spilt != c.spilt {
			t.Errorf("%q: %q, %t", c.text, b, spilt)
		}
	}
}
