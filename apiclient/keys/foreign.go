package keys

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

// First bytes of binary formats that are named.
const (
	openSSHMagic = "openssh-key-v1\x00"
	jksMagic     = "\xfe\xed\xfe\xed"
	berMagic     = "\x30\x80"
)

const hintOpenSSH = "convert a copy of it, in place: ssh-keygen -p -m PKCS8 -f COPY"

// foreignLabel names PEM blocks whose label settles what they are.
func foreignLabel(label string) (thing, bool) {
	switch parameters, ok := strings.CutSuffix(label, " PARAMETERS"); {
	case ok:
		return otherThing(parameters+" parameters without a key", hintNewRSA), true
	case strings.HasPrefix(label, "PGP "):
		return otherThing("a PGP block", hintNewRSA), true
	case label == "SSH2 PUBLIC KEY":
		return unread("an SSH public key (RFC 4716)",
			"convert it: ssh-keygen -i -m RFC4716 -f FILE > key.pub, then ssh-keygen -e -m PKCS8 -f key.pub"), true
	}
	return thing{}, false
}

// foreignBinary names formats that are not ASN.1.
func foreignBinary(b []byte) (thing, bool) {
	switch {
	case bytes.HasPrefix(b, []byte(openSSHMagic)):
		return openSSH(b[len(openSSHMagic):]), true
	case bytes.HasPrefix(b, []byte(berMagic)):
		return unread("BER of indefinite length, as old PKCS#12 and PKCS#7 files are", hintPKCS12), true
	case bytes.HasPrefix(b, []byte(jksMagic)):
		return unread("a Java key store (JKS)",
			"convert it: keytool -importkeystore -srckeystore FILE -destkeystore key.p12 -deststoretype PKCS12"), true
	}
	return thing{}, false
}

// openSSH names an OpenSSH private key by its type, which is not encrypted:
// cipher, KDF, KDF options, number of keys, public key.
func openSSH(b []byte) thing {
	var fields [3][]byte
	for i := range fields {
		fields[i], b = sshString(b)
	}
	public, _ := sshString(b[min(4, len(b)):])
	algorithm, _ := sshString(public)
	name := string(algorithm)
	switch curve, _ := strings.CutPrefix(name, "ecdsa-sha2-nistp"); {
	case name == "":
		return damagedThing("a damaged OpenSSH private key")
	case name == "ssh-rsa":
		return unread("an OpenSSH private key (RSA)", hintOpenSSH)
	case name == "ssh-ed25519":
		return foreign("an OpenSSH private key (Ed25519)")
	case slices.Contains([]string{"256", "384", "521"}, curve):
		return foreign("an OpenSSH private key (EC P-" + curve + ")")
	}
	return foreign("an OpenSSH private key")
}

func sshString(b []byte) (s, rest []byte) {
	if len(b) < 4 {
		return nil, nil
	}
	n := binary.BigEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-4) {
		return nil, nil
	}
	return b[4 : 4+n], b[4+n:]
}

var (
	sshPublic = lazyregexp.New(`^(ssh-rsa|ssh-ed25519|ssh-dss|ecdsa-sha2-nistp\d+) AAAA`)
	pathLike  = lazyregexp.New(`(?i)^(?:~?/|\.{1,2}/|[a-z]:\\)?[\w .@\\/-]{1,200}\.(?:pem|key|der|p8|p12|pfx|crt|cer|pub|txt)$`)
)

// foreignKeyText names keys in textual formats other than PEM and base64.
func foreignKeyText(text string) (thing, bool) {
	s := strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(strings.ToLower(s[:min(len(s), 20)]), "putty-user-key-file"):
		return unread("a PuTTY private key (PPK)",
			"convert it: puttygen FILE -O private-openssh -o COPY, then ssh-keygen -p -m PKCS8 -f COPY"), true
	case strings.HasPrefix(s, "ssh-rsa AAAA"):
		return unread("an SSH public key (RSA)", "convert it: ssh-keygen -e -m PKCS8 -f FILE"), true
	case sshPublic.MatchString(s):
		return foreign("an SSH public key that is not RSA"), true
	}
	return thing{}, false
}

const hintItself = "give the key itself: PEM, or one base64 line"

// noKeys are texts that are plainly no key, by what they begin with, in lower case.
var noKeys = []struct {
	begins    []string
	says, fix string
}{
	{[]string{"<!doctype html", "<html"}, "an HTML page, not a key",
		"the download may have given a log-in or error page: open it in a browser and save the key itself"},
	{[]string{"<?php"}, "a PHP program without a key in it", hintItself},
	{[]string{"<"}, "XML, not a key", hintItself},
	{[]string{"{", "["}, "JSON, not a key", hintItself},
	{[]string{"op://", "vault:", "arn:"}, "a reference to a secret, not the secret",
		`have it fetched: { command = ["op", "read", "op://…"] } or a similar command`},
}

// noKeyText says what a text is that is plainly no key, and nil where it may
// still be one.
func noKeyText(text string) *hint.Error {
	s := strings.TrimSpace(text)
	lower := strings.ToLower(s[:min(len(s), 20)])
	for _, row := range noKeys {
		if slices.ContainsFunc(row.begins, func(begin string) bool { return strings.HasPrefix(lower, begin) }) {
			return &hint.Error{Says: row.says, Fix: row.fix}
		}
	}
	if pathLike.MatchString(s) {
		return &hint.Error{Says: "the name of a file, not a key", Fix: `give it as { file = "…" }`}
	}
	return nil
}

// strange reports whether a text is far from base64, so that it was never
// meant to be a key.
func strange(body string) bool {
	odd := 0
	for _, r := range body {
		if notBase64(r) && r != '\n' && r != ' ' {
			odd++
		}
	}
	return odd*10 > len(body) || len(body) < shortestKey || strings.Count(body, " ")*12 > len(body)
}

func notAKey(body string) *hint.Error {
	return &hint.Error{
		Says: fmt.Sprintf("%d characters of text that are no key", len(body)),
		Fix:  "a key is PEM (-----BEGIN … KEY-----), one base64 line that begins with MII, DER, or PKCS#12",
	}
}
