// Package probetest is a merchant's server of callbacks, written from the protocol
// alone, that makes one chosen mistake. It shares no code with the signing client.
package probetest

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1" //nolint:gosec // one of the mistakes
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Mistakes are what a Merchant may do wrong; "" is nothing.
var Mistakes = []string{
	"", "accepts-unsigned", "accepts-empty", "accepts-all", "refuses-all", "own-key", "any-key", "parses-first",
	"sorts-first", "trims-body",
	"ignores-body", "ignores-path", "forgives-slash", "ignores-method", "accepts-stale", "accepts-future", "ignores-time", "ignores-client",
	"signs-own-client", "trusts-none", "accepts-sha1", "accepts-pss", "fixed-header", "percent-upper", "needs-version", "escapes-first",
	"pads", "sleeps", "crashes", "html", "silent", "unsigned-answer", "wrong-answer-key", "once", "ignores-query", "takes-last",
}

// Merchant is the server: an http.Handler.
type Merchant struct {
	Key      *rsa.PrivateKey // signs its answers
	Platform *rsa.PublicKey  // the Super App's
	ClientID string
	Mistake  string

	mu     sync.Mutex
	seen   map[string]bool
	making sync.Once
	other  *rsa.PrivateKey
}

func (m *Merchant) is(mistakes ...string) bool { return slices.Contains(mistakes, m.Mistake) }

func (m *Merchant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return
	}
	if m.is("sleeps") {
		time.Sleep(100 * time.Millisecond)
	}
	why := m.verify(r, body)
	switch {
	case m.is("accepts-all"):
		why = ""
	case m.is("refuses-all"):
		why = "no"
	case m.is("once") && why == "":
		why = m.again(body)
	}
	if why != "" {
		switch m.Mistake {
		case "crashes":
			http.Error(w, "Internal Server Error", http.StatusInternalServerError)
			return
		case "html":
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<html>error</html>")
			return
		case "silent":
			panic(http.ErrAbortHandler)
		}
		m.answer(w, r, fmt.Sprintf(`{"result":{"resultStatus":"F","resultCode":"INVALID_SIGNATURE","resultMessage":%q}}`, why))
		return
	}
	m.answer(w, r, `{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}`)
}

// again says that a body came before.
func (m *Merchant) again(body []byte) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen[string(body)] {
		return "it was handled already"
	}
	if m.seen == nil {
		m.seen = map[string]bool{}
	}
	m.seen[string(body)] = true
	return ""
}

func (m *Merchant) answer(w http.ResponseWriter, r *http.Request, body string) {
	now := strconv.FormatInt(time.Now().UnixMilli(), 10)
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Header().Set("Client-Id", m.ClientID)
	w.Header().Set("Response-Time", now)
	if !m.is("unsigned-answer") {
		key := m.Key
		if m.is("wrong-answer-key") {
			m.making.Do(func() { m.other, _ = rsa.GenerateKey(rand.Reader, 1024) })
			key = m.other
		}
		sum := sha256.Sum256([]byte("POST " + r.RequestURI + "\n" + m.ClientID + "." + now + "." + body))
		sig, _ := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
		w.Header().Set("Signature", "algorithm=RSA256,keyVersion=1,signature="+url.QueryEscape(base64.StdEncoding.EncodeToString(sig)))
	}
	_, _ = io.WriteString(w, body)
}

// verify says why a callback is refused; "" where it is not.
func (m *Merchant) verify(r *http.Request, body []byte) string {
	headers := r.Header.Values("Signature")
	if len(headers) == 0 && m.is("accepts-unsigned") {
		return ""
	}
	if len(headers) == 0 || len(headers) > 1 && !m.is("takes-last") {
		return "one Signature header is needed"
	}
	pairs := m.pairs(headers[len(headers)-1])
	if pairs == nil {
		return "the Signature header is not as it was expected"
	}
	if pairs["signature"] == "" && m.is("accepts-empty") {
		return ""
	}
	if m.is("trusts-none") && strings.EqualFold(pairs["algorithm"], "none") {
		return ""
	}
	if !strings.EqualFold(pairs["algorithm"], "RSA256") {
		return "the algorithm is not supported"
	}
	if v, there := pairs["keyVersion"]; there && v != "1" || !there && m.is("needs-version") {
		return "there is no such key"
	}
	client := r.Header.Get("Client-Id")
	if client != m.ClientID && !m.is("ignores-client", "signs-own-client") {
		return "this is for another client"
	}
	if m.is("signs-own-client") {
		client = m.ClientID
	}
	if why := m.late(r.Header.Get("Request-Time")); why != "" {
		return why
	}
	sig, err := m.decode(pairs["signature"])
	if err != nil {
		return err.Error()
	}
	for _, content := range m.contents(r, client, body) {
		if m.verifies(content, sig) {
			if !json.Valid(body) {
				return "the body is no JSON"
			}
			return ""
		}
	}
	return "the signature does not verify"
}

func (m *Merchant) pairs(header string) map[string]string {
	pairs := map[string]string{}
	if m.is("fixed-header") {
		var rest, version string
		rest, pairs["signature"], _ = strings.Cut(header, ", signature=")
		pairs["algorithm"], version, _ = strings.Cut(rest, ", keyVersion=")
		if pairs["algorithm"] != "algorithm=RSA256" || version == "" {
			return nil
		}
		pairs["algorithm"], pairs["keyVersion"] = "RSA256", version
		return pairs
	}
	for _, pair := range strings.Split(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		pairs[name] = strings.TrimSpace(value)
	}
	return pairs
}

func (m *Merchant) late(value string) string {
	ms, err := strconv.ParseInt(value, 10, 64)
	if m.is("ignores-time") {
		return ""
	}
	if err != nil {
		return "Request-Time is no time"
	}
	age := time.Since(time.UnixMilli(ms))
	if age > 5*time.Minute && !m.is("accepts-stale") || age < -5*time.Minute && !m.is("accepts-future") {
		return "Request-Time is too far from the clock"
	}
	return ""
}

func (m *Merchant) decode(value string) ([]byte, error) {
	if m.is("percent-upper") {
		value = strings.NewReplacer("%2B", "+", "%2F", "/", "%3D", "=").Replace(value)
	} else {
		var err error
		if value, err = url.PathUnescape(value); err != nil {
			return nil, err
		}
	}
	sig, err := base64.StdEncoding.DecodeString(value)
	if m.is("pads") && err == nil && len(sig) > m.Platform.Size() {
		sig = sig[:m.Platform.Size()]
	}
	return sig, err
}

// contents are the strings that may have been signed: one, but for some mistakes.
func (m *Merchant) contents(r *http.Request, client string, body []byte) []string {
	methods, targets := []string{r.Method}, []string{r.RequestURI}
	switch m.Mistake {
	case "ignores-path":
		targets = append(targets, "/", r.RequestURI+"/", r.RequestURI+"/other", "https://merchant.example.com"+r.RequestURI)
	case "ignores-query":
		targets = []string{r.URL.Path}
	case "forgives-slash":
		targets = append(targets, r.RequestURI+"/")
	case "ignores-method":
		methods = append(methods, "PUT")
	case "parses-first", "sorts-first", "escapes-first":
		body = m.rewritten(body)
	case "trims-body":
		body = bytes.TrimSpace(body)
	}
	bodies := [][]byte{body}
	if m.is("ignores-body") {
		bodies = append(bodies, nil)
	}
	var list []string
	for _, method := range methods {
		for _, target := range targets {
			for _, body := range bodies {
				list = append(list, method+" "+target+"\n"+client+"."+r.Header.Get("Request-Time")+"."+string(body))
			}
		}
	}
	return list
}

// rewritten is the body as somebody who parsed it writes it: parses-first as
// JavaScript does, in the order in which it came; sorts-first in that of names.
func (m *Merchant) rewritten(body []byte) []byte {
	var b bytes.Buffer
	if m.is("escapes-first") {
		return bytes.ReplaceAll(unescaped(body), []byte(`\/`), []byte("/"))
	}
	if m.is("sorts-first") {
		var value map[string]any
		if json.Unmarshal(body, &value) != nil {
			return body
		}
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if e.Encode(value) != nil {
			return body
		}
		return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	}
	if json.Compact(&b, body) != nil {
		return body
	}
	return bytes.ReplaceAll(unescaped(lastWins(b.Bytes())), []byte(`\/`), []byte("/"))
}

// unescaped undoes the escapes of ASCII letters.
func unescaped(body []byte) []byte {
	for c := byte('A'); c <= 'z'; c++ {
		body = bytes.ReplaceAll(body, fmt.Appendf(nil, `\u%04x`, c), []byte{c})
	}
	return body
}

// lastWins leaves the last of doubled members, at the place of the first.
func lastWins(body []byte) []byte {
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return body
	}
	var names []string
	values := map[string]json.RawMessage{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return body
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return body
		}
		if _, there := values[name.(string)]; !there {
			names = append(names, name.(string))
		}
		values[name.(string)] = value
	}
	var b bytes.Buffer
	for i, name := range names {
		b.WriteString(map[bool]string{true: "{", false: ","}[i == 0])
		fmt.Fprintf(&b, "%q:%s", name, values[name])
	}
	b.WriteByte('}')
	return b.Bytes()
}

func (m *Merchant) verifies(content string, sig []byte) bool {
	sum := sha256.Sum256([]byte(content))
	ok := func(key *rsa.PublicKey) bool { return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], sig) == nil }
	switch {
	case ok(m.Platform):
		return true
	case m.is("own-key"):
		return ok(&m.Key.PublicKey)
	case m.is("any-key"):
		return len(sig) == m.Platform.Size() && bytes.Count(sig, []byte{0}) < 16
	case m.is("accepts-sha1"):
		h := crypto.SHA1.New()
		_, _ = io.WriteString(h, content)
		return rsa.VerifyPKCS1v15(m.Platform, crypto.SHA1, h.Sum(nil), sig) == nil
	case m.is("accepts-pss"):
		return rsa.VerifyPSS(m.Platform, crypto.SHA256, sum[:], sig, nil) == nil
	}
	return false
}
