package cli

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// backend is a merchant's backend as people write it, on the standard library alone:
// it pays, and is notified. It uses nothing of Countersign.
type backend struct {
	client  string // its id
	keyFile string // its private key, PEM
	pubFile string // the Super App's public key, PEM
	logFile string // the string that was built for the last notification is written here; "": nowhere
	mistake string // of its signing: none, path, newline, sorted, wrong-time, plain-base64, parsed-body, unsigned-answer
}

func readPEM(name string) []byte {
	data, err := os.ReadFile(name)
	if err != nil {
		panic(err)
	}
	block, _ := pem.Decode(data)
	return block.Bytes
}

func (b backend) sign(content string) string {
	key, err := x509.ParsePKCS8PrivateKey(readPEM(b.keyFile))
	if err != nil {
		panic(err)
	}
	digest := sha256.Sum256([]byte(content))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key.(*rsa.PrivateKey), crypto.SHA256, digest[:])
	if err != nil {
		panic(err)
	}
	value := base64.StdEncoding.EncodeToString(sig)
	if b.mistake != "plain-base64" {
		value = url.QueryEscape(value)
	}
	return "algorithm=RSA256, keyVersion=1, signature=" + value
}

func (b backend) verify(content, header string) bool {
	_, value, _ := strings.Cut(header, "signature=")
	text, _ := url.QueryUnescape(value)
	sig, _ := base64.StdEncoding.DecodeString(text)
	key, err := x509.ParsePKIXPublicKey(readPEM(b.pubFile))
	if err != nil {
		panic(err)
	}
	digest := sha256.Sum256([]byte(content))
	return rsa.VerifyPKCS1v15(key.(*rsa.PublicKey), crypto.SHA256, digest[:], sig) == nil
}

func milliseconds() string { return fmt.Sprint(time.Now().UnixMilli()) }

// pay makes one payment, and reports whether the answer verifies.
func (b backend) pay(base string) bool {
	const path = "/v2/payments/pay"
	body := fmt.Sprintf(`{"productCode":"CASHIER_PAYMENT","salesCode":"51051000101000000011","paymentRequestId":"order-%s",`+
		`"paymentAmount":{"currency":"USD","value":"10000"},"paymentNotifyUrl":"https://merchant.example.com/payments/notify",`+
		`"order":{"orderDescription":"Two tickets"}}`, milliseconds())
	u, err := url.Parse(base + path)
	if err != nil {
		panic(err)
	}
	sent := milliseconds()
	signedPath, at := u.Path, sent
	signedBody := body
	switch b.mistake {
	case "path":
		signedPath = path
	case "newline":
		body += "\n"
	case "sorted":
		var v any
		_ = json.Unmarshal([]byte(body), &v)
		sorted, _ := json.Marshal(v)
		signedBody = string(sorted)
	case "wrong-time":
		at = fmt.Sprint(time.Now().Unix())
	}
	r, err := http.NewRequest(http.MethodPost, u.String(), strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Content-Type", "application/json; charset=UTF-8")
	r.Header.Set("Client-Id", b.client)
	r.Header.Set("Request-Time", sent)
	r.Header.Set("Signature", b.sign("POST "+signedPath+"\n"+b.client+"."+at+"."+signedBody))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		panic(err)
	}
	defer func() { _ = answer.Body.Close() }()
	got, _ := io.ReadAll(answer.Body)
	signed := "POST " + u.Path + "\n" + answer.Header.Get("Client-Id") + "." + answer.Header.Get("Response-Time") + "." + string(got)
	return b.verify(signed, answer.Header.Get("Signature"))
}

// notified answers a notification.
func (b backend) notified(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	seen := body
	if b.mistake == "parsed-body" {
		var v map[string]any
		_ = json.Unmarshal(body, &v)
		seen, _ = json.Marshal(v)
	}
	content := r.Method + " " + r.URL.RequestURI() + "\n" + r.Header.Get("Client-Id") + "." + r.Header.Get("Request-Time") + "." + string(seen)
	if b.logFile != "" {
		_ = os.WriteFile(b.logFile, []byte(content), 0o600)
	}
	answer := `{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}`
	if !b.verify(content, r.Header.Get("Signature")) {
		answer = `{"result":{"resultCode":"INVALID_SIGNATURE","resultStatus":"F","resultMessage":"The signature is invalid."}}`
	}
	at := milliseconds()
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Header().Set("Client-Id", b.client)
	w.Header().Set("Response-Time", at)
	if b.mistake != "unsigned-answer" {
		w.Header().Set("Signature", b.sign(r.Method+" "+r.URL.RequestURI()+"\n"+b.client+"."+at+"."+answer))
	}
	_, _ = io.WriteString(w, answer)
}
