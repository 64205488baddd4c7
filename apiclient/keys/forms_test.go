package keys

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// What openssl and node wrote is written byte for byte (JSON: member for member).
func TestForms(t *testing.T) {
	t.Parallel()
	key := fixtureKey(t, "client2048")
	line := func(name string) []byte { return []byte(strings.TrimSpace(string(fixture(t, name))) + "\n") }
	env := func(name, file string) []byte {
		return []byte(name + `="` + strings.ReplaceAll(strings.TrimSpace(string(fixture(t, file))), "\n", `\n`) + "\"\n")
	}
	want := map[string][2][]byte{ // private, public
		"pkcs1":    {fixture(t, "client2048.pkcs1.pem"), fixture(t, "client2048.pub.pkcs1.pem")},
		"pkcs8":    {fixture(t, "client2048.pkcs8.pem"), nil},
		"spki":     {nil, fixture(t, "client2048.pub.spki.pem")},
		"der":      {derOf(t, "client2048.pkcs8.pem"), derOf(t, "client2048.pub.spki.pem")},
		"one-line": {line("client2048.pkcs8.b64"), line("client2048.pub.spki.b64")},
		"java":     {line("client2048.pkcs8.b64"), line("client2048.pub.spki.b64")},
		"env":      {env("PRIVATE_KEY", "client2048.pkcs8.pem"), env("PUBLIC_KEY", "client2048.pub.spki.pem")},
		"dotnet":   {fixture(t, "client2048.xml"), fixture(t, "client2048.pub.xml")},
		"jwk":      {fixture(t, "client2048.jwk.json"), fixture(t, "client2048.pub.jwk.json")},
	}
	for _, f := range Forms {
		w, ok := want[f.Name]
		if !ok {
			t.Errorf("%s: not tested", f.Name)
		}
		var got [2][]byte
		if f.Private != nil {
			got[0] = f.Private(key)
		}
		if f.Public != nil {
			got[1] = f.Public(&key.PublicKey)
		}
		for i, half := range []string{"private", "public"} {
			if f.Name == "jwk" {
				got[i], w[i] = sorted(t, got[i]), sorted(t, w[i])
			}
			if !bytes.Equal(got[i], w[i]) {
				t.Errorf("%s, %s: differs from the file", f.Name, half)
			}
		}
	}
}

func sorted(t *testing.T, text []byte) []byte {
	t.Helper()
	var members map[string]any
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatal(err)
	}
	delete(members, "kid") // the file's own
	delete(members, "alg")
	return []byte(jsonText(t, members))
}

// Every form is read again as the key that it was, also of odd lengths.
func TestFormsAreRead(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"client2048", "client2048e3", "client2049", "client3072"} {
		key := fixtureKey(t, id)
		for _, f := range Forms {
			if f.Private != nil {
				k, err := ParsePrivate(t.Context(), f.Private(key), nil)
				if err != nil || !k.Key.Equal(key) {
					t.Errorf("%s, %s, private: %v", id, f.Name, err)
				}
			}
			if f.Public != nil {
				k, err := ParsePublic(t.Context(), f.Public(&key.PublicKey), nil)
				if err != nil || !k.Key.Equal(&key.PublicKey) {
					t.Errorf("%s, %s, public: %v", id, f.Name, err)
				}
			}
		}
	}
}
