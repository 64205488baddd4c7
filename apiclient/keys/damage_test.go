package keys

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

var longRun = regexp.MustCompile(`[A-Za-z0-9+/=]{16,}`)

// leak gives a piece of said, 16 characters of base64 or longer, that is also
// in data.
func leak(said string, data []byte) string {
	for _, run := range longRun.FindAllString(said, -1) {
		for i := 0; i+16 <= len(run); i++ {
			if bytes.Contains(data, []byte(run[i:i+16])) {
				return run
			}
		}
	}
	return ""
}

// checkSilence fails where an error, its hint or a warning repeats the data,
// and where an error has no hint.
func checkSilence(t *testing.T, data []byte, err error, warnings []string) {
	t.Helper()
	said := strings.Join(warnings, "\n")
	if err != nil {
		var hinted interface{ Hint() string }
		if !errors.As(err, &hinted) || hinted.Hint() == "" {
			t.Errorf("no hint on %q", err)
			return
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("not one line: %q", err)
		}
		said += "\n" + err.Error() + "\n" + hinted.Hint()
	}
	if run := leak(said, data); run != "" {
		t.Errorf("%q repeats the data", run)
	}
}

// relabelled gives a file's first block under another label.
func relabelled(t *testing.T, name, label string) string {
	t.Helper()
	block, _ := pem.Decode(fixture(t, name))
	if block == nil {
		t.Fatalf("%s is not PEM", name)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: block.Bytes}))
}

func derOf(t *testing.T, name string) []byte {
	t.Helper()
	block, _ := pem.Decode(fixture(t, name))
	if block == nil {
		t.Fatalf("%s is not PEM", name)
	}
	return block.Bytes
}

func utf16Text(s string, order binary.AppendByteOrder) string {
	var out []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		out = order.AppendUint16(out, u)
	}
	return string(out)
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// What editors, shells, chats, portals and programs make of a key is read,
// and it is the same key. warning is "" where nothing need be said.
func TestDamagedButReadable(t *testing.T) {
	t.Parallel()
	key := string(fixture(t, "client2048.pkcs8.pem"))
	b64 := strings.TrimSpace(string(fixture(t, "client2048.pkcs8.b64")))
	der := derOf(t, "client2048.pkcs8.pem")
	lines := strings.Split(strings.TrimSpace(key), "\n")
	body := strings.Join(lines[1:len(lines)-1], "\n")
	replace := func(old, with string) string { return strings.ReplaceAll(key, old, with) }

	cases := map[string]struct{ data, warning string }{
		"END line missing":           {strings.Join(lines[:len(lines)-1], "\n"), "END line is missing"},
		"END line cut":               {strings.TrimSuffix(strings.TrimSpace(key), "VATE KEY-----"), "END line is damaged"},
		"END names another":          {replace("END PRIVATE KEY", "END RSA PRIVATE KEY"), "name different things"},
		"BEGIN with four dashes":     {strings.TrimPrefix(key, "-"), "BEGIN line wants five dashes"},
		"END with three dashes":      {replace("KEY-----\n", "KEY---\n"), "five dashes"},
		"no dashes":                  {"BEGIN PRIVATE KEY\n" + body + "\nEND PRIVATE KEY\n", "five dashes"},
		"no dashes, no END":          {"BEGIN PRIVATE KEY\n" + body, "five dashes"},
		"long dashes":                {replace("-----", "\u2014\u2014-"), "typographic dashes"},
		"one line with spaces":       {strings.Join(lines, " "), "on one line"},
		"one line":                   {strings.Join(lines, ""), "on one line"},
		"indented":                   {"  " + replace("\n", "\n    "), "spaces or lines where none belong"},
		"blank lines":                {replace("\n", "\n\n"), ""},
		"spaces at line ends":        {replace("\n", "  \n"), ""},
		"spaces in the armour":       {replace("-----BEGIN", "----- BEGIN"), "damaged PEM armour"},
		"no line end at the end":     {strings.TrimSpace(key), ""},
		"text around":                {"Here is your key:\n\n" + key + "\nBest regards\n", ""},
		"CRLF":                       {replace("\n", "\r\n"), ""},
		"CR":                         {replace("\n", "\r"), ""},
		"byte order mark":            {"\ufeff" + key, "byte order mark"},
		"UTF-16 little":              {utf16Text(key, binary.LittleEndian), "UTF-16"},
		"UTF-16 big":                 {utf16Text(key, binary.BigEndian), "UTF-16"},
		"literal \\n":                {replace("\n", `\n`), ""},
		"literal \\\\n":              {replace("\n", `\\n`), ""},
		"literal \\r\\n":             {replace("\n", `\r\n`), ""},
		"double quotes":              {`"` + replace("\n", `\n`) + `"`, ""},
		"single quotes":              {"'" + strings.TrimSpace(key) + "'", ""},
		"env file":                   {`export PRIVATE_KEY="` + replace("\n", `\n`) + `"` + "\n", ""},
		"YAML block":                 {"private_key: |\n  " + replace("\n", "\n  "), "spaces or lines where none belong"},
		"service account JSON":       {jsonText(t, map[string]string{"type": "service_account", "private_key": key}), ""},
		"PHP JSON":                   {strings.ReplaceAll(jsonText(t, map[string]string{"key": key}), "/", `\/`), ""},
		"Java constant":              {`"` + strings.Join(lines, "\\n\" +\n    \"") + `";`, ""},
		"certificate before":         {string(fixture(t, "client2048.cert.pem")) + key, ""},
		"another's certificate":      {string(fixture(t, "other2048.cert.pem")) + key, "belongs to another key"},
		"EC key before":              {string(fixture(t, "ec.with-params.pem")) + key, ""},
		"request before":             {string(fixture(t, "client2048.csr.pem")) + key, ""},
		"bag attributes":             {string(fixture(t, "client2048.bag.pem")), ""},
		"the same key twice":         {key + key, ""},
		"broken key after":           {key + strings.Join(lines[:5], "\n") + "\n", "another block in the same data is damaged"},
		"encrypted key before":       {string(fixture(t, "client2048.enc-aes256.pem")) + key, ""},
		"PKCS#8 labelled PKCS#1":     {relabelled(t, "client2048.pkcs8.pem", "RSA PRIVATE KEY"), "labelled RSA PRIVATE KEY, yet it holds a PKCS#8 private key"},
		"PKCS#1 labelled PKCS#8":     {relabelled(t, "client2048.pkcs1.pem", "PRIVATE KEY"), "labelled PRIVATE KEY, yet it holds a PKCS#1 private key"},
		"private labelled public":    {relabelled(t, "client2048.pkcs8.pem", "PUBLIC KEY"), "labelled PUBLIC KEY, yet it holds a PKCS#8 private key"},
		"private labelled EC":        {relabelled(t, "client2048.pkcs8.pem", "EC PRIVATE KEY"), ""},
		"private labelled unknown":   {relabelled(t, "client2048.pkcs8.pem", "MERCHANT SECRET"), ""},
		"base64":                     {b64, ""},
		"base64 wrapped, indented":   {"\n   " + strings.ReplaceAll(body, "\n", "\n   ") + "\n\n", ""},
		"base64 quoted":              {`"` + b64 + `",`, ""},
		"base64 in an env file":      {"MERCHANT_PRIVATE_KEY=" + b64, ""},
		"base64 in YAML":             {"privateKey: " + b64 + "\n", ""},
		"base64 unpadded":            {strings.TrimRight(b64, "="), "padding"},
		"base64url":                  {base64.URLEncoding.EncodeToString(der), "URL alphabet"},
		"base64 percent-encoded":     {url.QueryEscape(b64), "percent-encoded"},
		"plus signs turned to space": {strings.ReplaceAll(b64, "+", " "), "plus signs"},
		"PEM in base64":              {base64.StdEncoding.EncodeToString([]byte(key)), ""},
		"hex":                        {hex.EncodeToString(der), "hex"},
		"hex with colons":            {strings.ToUpper(regexp.MustCompile(`..`).ReplaceAllString(hex.EncodeToString(der), "$0:")), "hex"},
		"DER":                        {string(der), ""},
		"DER and a line end":         {string(der) + "\n", ""},
		"DER PKCS#1":                 {string(derOf(t, "client2048.pkcs1.pem")), ""},
		"DER and more":               {string(der) + "\x00more", "5 bytes after the end"},
	}
	want := fixtureKey(t, "client2048")
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := ParsePrivate(t.Context(), []byte(c.data), nil)
			checkSilence(t, []byte(c.data), err, p.Warnings)
			if err != nil {
				t.Fatal(err)
			}
			if !p.Key.Equal(want) {
				t.Error("another key was read")
			}
			all := strings.Join(p.Warnings, "; ")
			if c.warning == "" && all != "" || !strings.Contains(all, c.warning) {
				t.Errorf("warnings %q, want %q", all, c.warning)
			}
			if strings.Contains(all, "weak") {
				t.Errorf("a sound key is called weak: %q", all)
			}
		})
	}
}

// What cannot be read is named.
func TestUnreadablePrivate(t *testing.T) {
	t.Parallel()
	key := string(fixture(t, "client2048.pkcs8.pem"))
	b64 := strings.TrimSpace(string(fixture(t, "client2048.pkcs8.b64")))
	der := derOf(t, "client2048.pkcs8.pem")
	lines := strings.Split(strings.TrimSpace(key), "\n")
	begin, end := lines[0], lines[len(lines)-1]
	flipped := bytes.Clone(der)
	flipped[100] ^= 0x10

	cases := map[string]struct{ data, says string }{
		"empty":                  {"", "there is nothing in it"},
		"only spaces":            {" \n\t\n", "there is nothing in it"},
		"only armour":            {begin + "\n" + end + "\n", "a damaged PRIVATE KEY block: there is no base64 in it"},
		"cut in the middle":      {strings.Join(lines[:10], "\n"), "cut short: 432 of its 1216 bytes"},
		"lines lost":             {strings.Join(append(append([]string{}, lines[:10]...), lines[14:]...), "\n"), "cut short: 1024 of its 1216 bytes"},
		"base64 cut":             {b64[:500], "cut short: 375 of its 1216 bytes"},
		"base64 cut in a byte":   {b64[:501], "cut short: 375 of its 1216 bytes"},
		"base64 without its end": {b64[:len(b64)-9], "cut short"},
		"base64 without MII":     {b64[3:], "bytes that are no key structure"},
		"a strange character":    {strings.Replace(key, lines[5], lines[5][:10]+"*"+lines[5][11:], 1), "a damaged PRIVATE KEY block: character 267 of its base64 is not base64"},
		"a strange one, bare":    {b64[:80] + "\u2026" + b64[81:], "a damaged base64 line: character 81"},
		"two base64 keys":        {b64 + b64, "two texts run into each other"},
		"a changed bit":          {string(flipped), "an RSA private key whose content is damaged"},
		"SPKI":                   {string(fixture(t, "client2048.pub.spki.pem")), "an SPKI public key where a private key is due"},
		"SPKI base64":            {string(fixture(t, "client2048.pub.spki.b64")), "an SPKI public key where a private key is due"},
		"PKCS#1 public":          {string(fixture(t, "client2048.pub.pkcs1.pem")), "a PKCS#1 public key where a private key is due"},
		"public labelled private": {relabelled(t, "client2048.pub.spki.pem", "PRIVATE KEY"),
			"an SPKI public key where a private key is due"},
		"certificate":       {string(fixture(t, "client2048.cert.pem")), "an X.509 certificate where a private key is due"},
		"EC":                {string(fixture(t, "decoy.ec.pem")), "an EC private key (P-256) where an RSA private key is due"},
		"EC and parameters": {string(fixture(t, "ec.with-params.pem")), "an EC private key (P-384) where an RSA private key is due"},
		"Ed25519":           {string(fixture(t, "ed25519.pkcs8.pem")), "an Ed25519 private key where an RSA private key is due"},
		"Ed25519 DER":       {string(derOf(t, "ed25519.pkcs8.pem")), "an Ed25519 private key where an RSA private key is due"},
		"EC DER":            {string(derOf(t, "decoy.ec.pem")), "an EC private key (P-256) where an RSA private key is due"},
		"RSA-PSS":           {string(fixture(t, "decoy.rsapss.pem")), "an RSA-PSS only private key where an RSA private key is due"},
		"DSA":               {string(fixture(t, "dsa.pem")), "a DSA private key where"},
		"DSA PKCS#8":        {string(fixture(t, "dsa.pkcs8.pem")), "a DSA private key where"},
		"512 bits":          {string(fixture(t, "tiny512.pkcs8.pem")), "an RSA key of only 512 bits, too short"},
		"request":           {string(fixture(t, "client2048.csr.pem")), "a certificate request (CSR) where a private key is due"},
		"PKCS#7":            {string(fixture(t, "client2048.p7b.pem")), "a PKCS#7 or CMS container where a private key is due"},
		"OpenSSH RSA":       {string(fixture(t, "client2048.openssh")), "an OpenSSH private key (RSA), a format that is not read"},
		"OpenSSH Ed25519":   {string(fixture(t, "ed25519.openssh")), "an OpenSSH private key (Ed25519) where an RSA private key is due"},
		"OpenSSH cut":       {strings.Join(strings.Split(string(fixture(t, "client2048.openssh")), "\n")[:2], "\n"), "a damaged OpenSSH private key"},
		"SSH public":        {string(fixture(t, "client2048.ssh.pub")), "an SSH public key (RSA), a format that is not read"},
		"SSH public EC":     {"ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY= me@home", "an SSH public key that is not RSA"},
		"SSH2 public":       {string(fixture(t, "client2048.rfc4716.pub")), "an SSH public key (RFC 4716), a format that is not read"},
		"JWK public":        {string(fixture(t, "client2048.pub.jwk.json")), "an RSA public key as a JWK where a private key is due"},
		"two keys": {key + string(fixture(t, "other2048.pkcs8.pem")), "it holds 2 keys, and any may be meant where a private key is due: " +
			"line 1: a PKCS#8 private key SHA256:14b701f1…; line 29: a PKCS#8 private key SHA256:b98f8916…"},
		"JWK EC":           {`{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}`, "an EC private key as a JWK where an RSA private key is due"},
		"JWK Ed25519":      {`{"kty":"OKP","crv":"Ed25519","x":"AA"}`, "a JWK that is not RSA where an RSA private key is due"},
		"JWK set":          {`{"keys":[` + string(fixture(t, "client2048.pub.jwk.json")) + `]}`, "an RSA public key as a JWK where a private key is due"},
		"JKS":              {string(fixture(t, "client2048.jks")), "a Java key store (JKS), a format that is not read"},
		"BER":              {"\x30\x80\x02\x01\x03\x00\x00", "BER of indefinite length"},
		"certificate cut":  {string(fixture(t, "client2048.cert.pem")[:400]), "CERTIFICATE block cut short: "},
		"PuTTY":            {"PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n", "a PuTTY private key (PPK)"},
		"XML key":          {"<RSAKeyValue><Modulus>pIpSOBtV</Modulus></RSAKeyValue>", "an RSA public key in XML (.NET RSAKeyValue) whose content is damaged"},
		"PGP":              {"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBF\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----\n", "a PGP block where a private key is due"},
		"parameters alone": {"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n", "EC parameters without a key"},
		"HTML":             {"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "an HTML page, not a key"},
		"XML":              {"<?xml version=\"1.0\"?><error/>", "XML, not a key"},
		"JSON":             {`{"error":"not found"}`, "JSON, not a key"},
		"file name":        {"/etc/keys/merchant.pem", "the name of a file, not a key"},
		"home file name":   {"~/keys/merchant.key\n", "the name of a file, not a key"},
		"reference":        {"op://vault/merchant/private key", "a reference to a secret, not the secret"},
		"prose":            {"Please find the private key in the other message, which I will send later today.", "text that are no key"},
		"a word":           {"secret", "text that are no key"},
		"a signature":      {base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 256)), "256 bytes that are no key structure (a signature is as long)"},
		"other ASN.1":      {"\x30\x06\x02\x01\x00\x05\x00\x00"[:8], "no key structure"},
		"old encryption":   {string(fixture(t, "client2048.pbe-md5-des.pem")), "a private key encrypted by the old scheme PBE-MD5-DES, a format that is not read"},
		"old PKCS#12 cipher": {string(fixture(t, "client2048.pbe-sha1-3des.pem")),
			"a private key encrypted by the old scheme PBE-SHA1-3DES, a format that is not read"},
		"unusual cipher":      {string(fixture(t, "client2048.enc-camellia.pem")), "an encrypted PKCS#8 private key of an unusual cipher"},
		"DEK-Info lost":       {regexp.MustCompile(`DEK-Info[^\n]*`).ReplaceAllString(string(fixture(t, "client2048.enc-pkcs1-legacy.pem")), ""), "its DEK-Info line is missing"},
		"public before a cut": {string(fixture(t, "client2048.pub.spki.pem")) + strings.Join(lines[:10], "\n"), "cut short"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := ParsePrivate(t.Context(), []byte(c.data), give(interopPass))
			if err == nil {
				t.Fatalf("read as %s", p.Format)
			}
			checkSilence(t, []byte(c.data), err, nil)
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %q, want %q", err, c.says)
			}
		})
	}
}
