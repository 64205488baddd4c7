package sandbox

// What verifies the answers of a Super App as a stranger would. It is written from the
// text of the protocol alone and uses nothing of this module.

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// errUnsigned is about an answer without a signature, which is nobody's.
var errUnsigned = errors.New("the answer has no Signature header")

// verifyAsStranger says whether the signature of an answer is right, both messages being as
// they were on the wire. key is the Super App's public key as one line of base64.
func verifyAsStranger(request, answer []byte, key string) error {
	der, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		return fmt.Errorf("the public key: %w", err)
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return fmt.Errorf("the public key: %w", err)
	}
	public, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return errors.New("the public key is not RSA")
	}
	line, _, _, err := splitMessage(request)
	if err != nil {
		return fmt.Errorf("the request: %w", err)
	}
	_, header, body, err := splitMessage(answer)
	if err != nil {
		return fmt.Errorf("the answer: %w", err)
	}
	signature, err := signatureOf(header["signature"])
	if err != nil {
		return err
	}
	clientID, responseTime := header["client-id"], header["response-time"]
	if clientID == "" || responseTime == "" {
		return errors.New("the answer has no Client-Id or no Response-Time")
	}
	// <METHOD> SP <URI> LF <Client-Id> "." <Time> "." <Body> (section 3).
	method, rest, _ := strings.Cut(line, " ")
	target, _, _ := strings.Cut(rest, " ")
	content := append([]byte(method+" "+uriOf(target)+"\n"+clientID+"."+responseTime+"."), body...)
	digest := sha256.Sum256(content)
	return rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], signature)
}

// uriOf is the path with its query: no scheme, no host.
func uriOf(target string) string {
	if _, after, ok := strings.Cut(target, "://"); ok {
		if at := strings.IndexByte(after, '/'); at >= 0 {
			return after[at:]
		}
		return "/"
	}
	return target
}

// splitMessage splits a message. Header names are case-insensitive; the body ends where
// Content-Length says.
func splitMessage(raw []byte) (line string, header map[string]string, body []byte, err error) {
	head, body, ok := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !ok {
		return "", nil, nil, errors.New("its head does not end")
	}
	lines := strings.Split(string(head), "\r\n")
	header = map[string]string{}
	for _, l := range lines[1:] {
		name, value, _ := strings.Cut(l, ":")
		header[strings.ToLower(name)] = strings.TrimSpace(value)
	}
	if text, ok := header["content-length"]; ok {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > len(body) {
			return "", nil, nil, fmt.Errorf("it has %d bytes of %s", len(body), text)
		}
		body = body[:n]
	}
	return lines[0], header, body, nil
}

// signatureOf reads a Signature header: pairs between commas, in any order, of which
// signature may itself have a "=".
func signatureOf(value string) ([]byte, error) {
	if value == "" {
		return nil, errUnsigned
	}
	pairs := map[string]string{}
	for pair := range strings.SplitSeq(value, ",") {
		name, of, _ := strings.Cut(pair, "=")
		pairs[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(of)
	}
	if a := pairs["algorithm"]; !strings.EqualFold(a, "RSA256") {
		return nil, fmt.Errorf("the algorithm is %q", a)
	}
	text := pairs["signature"]
	if strings.Contains(text, "%") {
		plain, err := url.QueryUnescape(text)
		if err != nil {
			return nil, fmt.Errorf("the signature's value: %w", err)
		}
		text = plain
	}
	// All four spellings of base64 are accepted.
	text = strings.NewReplacer("-", "+", "_", "/", "=", "").Replace(text)
	signature, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("the signature's value: %w", err)
	}
	return signature, nil
}
