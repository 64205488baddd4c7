package keys

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// First bytes of binary formats that are named.
const (
	openSSHMagic = "openssh-key-v1\x00"
	jksMagic     = "\xfe\xed\xfe\xed"
)

const (
	hintOpenSSH = "convert a copy of it, in place: ssh-keygen -p -m PKCS8 -f COPY"
	hintSSH     = "convert it: ssh-keygen -e -m PKCS8 -f FILE"
	hintJWK     = "have it exported as PEM where it was made, or convert it: node -e 'const c=require(\"crypto\");" +
		"console.log(c.createPrivateKey({key:JSON.parse(require(\"fs\").readFileSync(0)),format:\"jwk\"}).export({type:\"pkcs8\",format:\"pem\"}))' < FILE"
	hintJWKPublic = "have it exported as PEM where it was made, or convert it: node -e 'const c=require(\"crypto\");" +
		"console.log(c.createPublicKey({key:JSON.parse(require(\"fs\").readFileSync(0)),format:\"jwk\"}).export({type:\"spki\",format:\"pem\"}))' < FILE"
)

// foreignLabel names PEM blocks whose label settles what they are.
func foreignLabel(label string) (thing, bool) {
	switch {
	case strings.HasSuffix(label, " PARAMETERS"):
		return otherThing(strings.TrimSuffix(label, " PARAMETERS")+" parameters without a key", hintNewRSA), true
	case strings.HasPrefix(label, "PGP "):
		return otherThing("a PGP block", hintNewRSA), true
	case label == "SSH2 PUBLIC KEY":
		return otherThing("an SSH public key (RFC 4716)", "convert it: ssh-keygen -i -m RFC4716 -f FILE > key.pub, then ssh-keygen -e -m PKCS8 -f key.pub"), true
	}
	return thing{}, false
}

// foreignBinary names formats that are not ASN.1.
func foreignBinary(b []byte) (thing, bool) {
	switch {
	case bytes.HasPrefix(b, []byte(openSSHMagic)):
		return openSSH(b[len(openSSHMagic):]), true
	case bytes.HasPrefix(b, []byte(jksMagic)):
		return otherThing("a Java key store (JKS)", "convert it: keytool -importkeystore -srckeystore FILE -destkeystore key.p12 -deststoretype PKCS12"), true
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
	if len(b) < 4 {
		return thing{kind: damaged, says: "a damaged OpenSSH private key", hint: hintGiveWhole}
	}
	public, _ := sshString(b[4:])
	algorithm, _ := sshString(public)
	switch string(algorithm) {
	case "ssh-rsa":
		return thing{kind: foreignKey, says: "an OpenSSH private key (RSA)", hint: hintOpenSSH}
	case "ssh-ed25519":
		return foreign("an OpenSSH private key (Ed25519)")
	case "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521":
		return foreign(fmt.Sprintf("an OpenSSH private key (EC P-%s)", algorithm[len(algorithm)-3:]))
	default:
		return foreign("an OpenSSH private key")
	}
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
	sshPublic = regexp.MustCompile(`^(ssh-rsa|ssh-ed25519|ssh-dss|ecdsa-sha2-nistp\d+) AAAA`)
	pathLike  = regexp.MustCompile(`(?i)^(?:~?/|\.{1,2}/|[a-z]:\\)?[\w .@\\/-]{1,200}\.(?:pem|key|der|p8|p12|pfx|crt|cer|pub|txt)$`)
)

// foreignText names texts that hold no PEM block and cannot be base64. It
// gives nil where the text may still be a key.
func foreignText(text string) *fault {
	s := strings.TrimSpace(text)
	lower := strings.ToLower(s[:min(len(s), 200)])
	switch {
	case strings.HasPrefix(lower, "<!doctype html"), strings.HasPrefix(lower, "<html"):
		return &fault{says: "an HTML page, not a key", hint: "the download may have given a log-in or error page: open it in a browser and save the key itself"}
	case strings.Contains(s, "<RSAKeyValue>"):
		return &fault{says: "an RSA key in XML (.NET RSAKeyValue)", hint: "export it as PKCS#8 where it was made: rsa.ExportPkcs8PrivateKeyPem()"}
	case strings.HasPrefix(s, "<"):
		return &fault{says: "XML, not a key", hint: "give the key itself: PEM, or one base64 line"}
	case strings.HasPrefix(s, "{"), strings.HasPrefix(s, "["):
		return jsonFault(s)
	case strings.HasPrefix(lower, "putty-user-key-file"):
		return &fault{says: "a PuTTY private key (PPK)", hint: "convert it: puttygen FILE -O private-openssh -o key, then ssh-keygen -p -m PKCS8 -f key"}
	case sshPublic.MatchString(s):
		return &fault{says: "an SSH public key", hint: hintSSH}
	case strings.HasPrefix(s, "op://"), strings.HasPrefix(s, "vault:"), strings.HasPrefix(s, "arn:"):
		return &fault{says: "a reference to a secret, not the secret", hint: "have it fetched: { command = [\"op\", \"read\", \"op://…\"] } or the like"}
	case pathLike.MatchString(s):
		return &fault{says: "the name of a file, not a key", hint: "give it as { file = \"…\" }"}
	}
	return nil
}

func jsonFault(s string) *fault {
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(s), &object) != nil {
		return &fault{says: "JSON, or something like it, and not a key", hint: "give the key itself: PEM, or one base64 line"}
	}
	if _, ok := object["keys"]; ok {
		return &fault{says: "a JWK set", hint: "take the one key out of its \"keys\"; then " + hintJWKPublic}
	}
	var kty string
	if json.Unmarshal(object["kty"], &kty) == nil && kty != "" {
		half, hint := "public", hintJWKPublic
		if _, ok := object["d"]; ok {
			half, hint = "private", hintJWK
		}
		switch kty {
		case "RSA":
			return &fault{says: fmt.Sprintf("an RSA %s key as a JWK", half), hint: hint}
		case "EC", "OKP":
			return &fault{says: fmt.Sprintf("an EC %s key as a JWK", half), hint: hintNewRSA}
		default:
			return &fault{says: "a JWK that is not RSA", hint: hintNewRSA}
		}
	}
	return &fault{says: "JSON, not a key", hint: "give the value of its key alone: PEM, or one base64 line"}
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
	return odd*10 > len(body) || len(body) < 40 || strings.Count(body, " ")*12 > len(body)
}

func notAKey(body string) *fault {
	return &fault{
		says: fmt.Sprintf("%d characters of text that are no key", len(body)),
		hint: "a key is PEM (-----BEGIN … KEY-----), one base64 line that begins with MII, DER, or PKCS#12",
	}
}
