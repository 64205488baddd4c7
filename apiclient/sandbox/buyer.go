package sandbox

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// What a buyer, or a user, could do.
const (
	asksToPay   = "approve it as the buyer"
	asksToAgree = "agree as the user"
)

// Asked says what a buyer could agree to on the page that an answer of this
// sandbox leads to: "approve it as the buyer". It returns "" where the answer
// leads to no page, or where nothing is to be decided there any more.
func (s *Sandbox) Asked(answer []byte) string {
	token := pageOf(answer)
	if _, v := s.visit(http.MethodGet, token, ""); !v.Open {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, _ := s.books.pages.get(token)
	if _, pays := p.(*checkout); pays {
		return asksToPay
	}
	return asksToAgree
}

// Agree agrees on that page, as the button in the browser does, and returns
// what came of it. The error says why nothing did.
func (s *Sandbox) Agree(answer []byte) (outcome string, err error) {
	status, v := s.visit(http.MethodPost, pageOf(answer), "approve")
	if status != http.StatusOK {
		return "", errors.New("nothing to agree to: " + v.Verdict)
	}
	return v.Verdict, nil
}

// maxPageAnswer bounds the answers in which a page's address is looked for, in
// bytes: those of the sandbox are far smaller.
const maxPageAnswer = 64 << 10

// pageOf returns the token of the page whose address is in a JSON answer; ""
// where none is.
func pageOf(answer []byte) string {
	u := pageURL(answer)
	if u == nil {
		return ""
	}
	token, _ := pageToken(u.Path)
	return token
}

// pageURL returns the address of a page that is in a JSON answer; nil where none is.
func pageURL(answer []byte) *url.URL {
	if len(answer) > maxPageAnswer {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(answer))
	for {
		t, err := d.Token()
		if err != nil {
			return nil
		}
		text, _ := t.(string)
		u, err := url.Parse(text)
		if err != nil || u.Host == "" {
			continue
		}
		if _, is := pageToken(u.Path); is {
			return u
		}
	}
}

// Visitor is the buyer of a sandbox in another process of this machine: it opens the
// page that an answer leads to, as a browser does.
type Visitor struct{ client *http.Client }

// NewVisitor makes one that trusts these authorities; nil: the system's.
func NewVisitor(roots *x509.CertPool) *Visitor {
	return &Visitor{&http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}}
}

// Asked says what the buyer could agree to. Whether it was decided before is only
// seen on the page.
func (v *Visitor) Asked(answer []byte) string {
	u := pageURL(answer)
	switch {
	case u == nil || !onThisMachine(u.Hostname()):
		return ""
	case strings.HasPrefix(u.Path, checkoutPath):
		return asksToPay
	case strings.HasPrefix(u.Path, authorizePath):
		return asksToAgree
	}
	return ""
}

// Agree agrees on the page, and returns what came of it.
func (v *Visitor) Agree(answer []byte) (outcome string, err error) {
	u := pageURL(answer)
	if u == nil || !onThisMachine(u.Hostname()) {
		return "", errors.New("nothing to agree to: the answer leads to no page on this machine")
	}
	r, err := v.client.PostForm(u.String(), url.Values{"decision": {"approve"}})
	if err != nil {
		return "", fmt.Errorf("the page cannot be opened: %w", err)
	}
	defer func() { _ = r.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(r.Body, maxForm))
	if err != nil {
		return "", fmt.Errorf("the page cannot be read: %w", err)
	}
	var verdict string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "Next: ") {
			verdict = line
		}
	}
	if r.StatusCode != http.StatusOK {
		return "", errors.New("nothing to agree to: " + verdict)
	}
	return verdict, nil
}
