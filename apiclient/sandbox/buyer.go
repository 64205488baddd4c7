package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
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
		return "approve it as the buyer"
	}
	return "agree as the user"
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
	if len(answer) > maxPageAnswer {
		return ""
	}
	d := json.NewDecoder(bytes.NewReader(answer))
	for {
		t, err := d.Token()
		if err != nil {
			return ""
		}
		text, _ := t.(string)
		u, err := url.Parse(text)
		if err != nil || u.Host == "" {
			continue
		}
		if token, is := pageToken(u.Path); is {
			return token
		}
	}
}
