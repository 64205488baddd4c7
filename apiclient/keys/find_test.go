package keys

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// TestCanonicalPEM reads files as tools write them by the short way, and finds in
// them what the search for damaged keys finds.
func TestCanonicalPEM(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../signing/testdata/keys/*.pem")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		short, ok := canonical(data)
		if !ok {
			t.Errorf("%s is not read by the short way", file)
			continue
		}
		items, _ := findArmoured(unwrap(data))
		if len(items) != 1 || !reflect.DeepEqual(items[0], short) {
			t.Errorf("%s:\n%+v\n%+v", file, items, short)
		}
	}
}

func TestCanonicalPEMIsNothingElse(t *testing.T) {
	t.Parallel()
	good := "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n"
	if _, ok := canonical([]byte(good)); !ok {
		t.Fatal("a block as tools write it")
	}
	for name, data := range map[string]string{
		"a word before it":  "key:\n" + good,
		"a word behind it":  good + "key",
		"two":               good + good,
		"CRLF":              "-----BEGIN PUBLIC KEY-----\r\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\r\n-----END PUBLIC KEY-----\r\n",
		"a space":           "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0B AQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n",
		"headers":           "-----BEGIN PUBLIC KEY-----\nComment: x\n\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n",
		"an unknown label":  "-----BEGIN THING-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END THING-----\n",
		"a byte order mark": "\ufeff" + good,
		"nothing":           "",
	} {
		if _, ok := canonical([]byte(data)); ok {
			t.Errorf("%s is taken for a block as tools write it", name)
		}
	}
}
