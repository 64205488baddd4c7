// Command merchant is a merchant's backend as people write them, on the standard
// library alone: it pays, and is notified. One mistake of its signing is chosen by
// a flag. It knows nothing of Countersign.
package main

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

var (
	base    = flag.String("base", "", "base URL of the Super App; with it, one payment is made")
	client  = flag.String("client", "", "client id")
	keyFile = flag.String("key", "", "private key, PEM")
	pubFile = flag.String("peer", "", "the Super App's public key, PEM")
	serve   = flag.Bool("serve", false, "take notifications, on a free port that is printed")
	logFile = flag.String("log", "", "write the string that was built for the last notification here")
	mistake = flag.String("mistake", "", "none, path, newline, sorted, wrong-time, plain-base64, parsed-body, unsigned-answer, accepts-all")
)

func read(name string) []byte {
	data, err := os.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	block, _ := pem.Decode(data)
	return block.Bytes
}

func sign(content string) string {
	key, err := x509.ParsePKCS8PrivateKey(read(*keyFile))
	if err != nil {
		log.Fatal(err)
	}
	digest := sha256.Sum256([]byte(content))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key.(*rsa.PrivateKey), crypto.SHA256, digest[:])
	if err != nil {
		log.Fatal(err)
	}
	value := base64.StdEncoding.EncodeToString(sig)
	if *mistake != "plain-base64" {
		value = url.QueryEscape(value)
	}
	return "algorithm=RSA256, keyVersion=1, signature=" + value
}

func verify(content, header string) bool {
	_, value, _ := strings.Cut(header, "signature=")
	text, _ := url.QueryUnescape(value)
	sig, _ := base64.StdEncoding.DecodeString(text)
	key, err := x509.ParsePKIXPublicKey(read(*pubFile))
	if err != nil {
		log.Fatal(err)
	}
	digest := sha256.Sum256([]byte(content))
	return rsa.VerifyPKCS1v15(key.(*rsa.PublicKey), crypto.SHA256, digest[:], sig) == nil
}

func now() string { return fmt.Sprint(time.Now().UnixMilli()) }

func pay() {
	const path = "/v2/payments/pay"
	body := fmt.Sprintf(`{"productCode":"CASHIER_PAYMENT","salesCode":"51051000101000000011","paymentRequestId":"order-%s",`+
		`"paymentAmount":{"currency":"USD","value":"10000"},"paymentNotifyUrl":"https://merchant.example.com/payments/notify",`+
		`"order":{"orderDescription":"Two tickets"}}`, now())
	u, err := url.Parse(*base + path)
	if err != nil {
		log.Fatal(err)
	}
	sent := now()
	signedPath, at := u.Path, sent
	signedBody := body
	switch *mistake {
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
		log.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json; charset=UTF-8")
	r.Header.Set("Client-Id", *client)
	r.Header.Set("Request-Time", sent)
	r.Header.Set("Signature", sign("POST "+signedPath+"\n"+*client+"."+at+"."+signedBody))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	got, _ := io.ReadAll(answer.Body)
	fmt.Println(answer.StatusCode, verify("POST "+u.Path+"\n"+answer.Header.Get("Client-Id")+"."+answer.Header.Get("Response-Time")+"."+string(got),
		answer.Header.Get("Signature")), string(got))
}

func notified(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	seen := body
	if *mistake == "parsed-body" {
		var v map[string]any
		_ = json.Unmarshal(body, &v)
		seen, _ = json.Marshal(v)
	}
	content := r.Method + " " + r.URL.RequestURI() + "\n" + r.Header.Get("Client-Id") + "." + r.Header.Get("Request-Time") + "." + string(seen)
	if *logFile != "" {
		_ = os.WriteFile(*logFile, []byte(content), 0o600)
	}
	answer := `{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}`
	if !verify(content, r.Header.Get("Signature")) && *mistake != "accepts-all" {
		answer = `{"result":{"resultCode":"INVALID_SIGNATURE","resultStatus":"F","resultMessage":"The signature is invalid."}}`
	}
	at := now()
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Header().Set("Client-Id", *client)
	w.Header().Set("Response-Time", at)
	if *mistake != "unsigned-answer" {
		w.Header().Set("Signature", sign(r.Method+" "+r.URL.RequestURI()+"\n"+*client+"."+at+"."+answer))
	}
	_, _ = io.Copy(w, bytes.NewReader([]byte(answer)))
}

func main() {
	flag.Parse()
	if !*serve {
		pay()
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("http://" + l.Addr().String())
	log.Fatal(http.Serve(l, http.HandlerFunc(notified)))
}
