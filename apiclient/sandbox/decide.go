package sandbox

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"countersign/apiclient/hint"
)

// DecidePath is where a program that has the sandbox's token decides in the place of
// a buyer: POST with id, and decision=approve or decision=refuse.
const DecidePath = "/-/decide"

// Decide decides in the place of the buyer about a payment, by its paymentId or its
// paymentRequestId, or about an authorization, by its authId. It says what came of
// it; the error says why nothing did.
func (s *Sandbox) Decide(id string, approve bool) (outcome string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.config.Now()
	p, pays := s.books.payments.get(id)
	if !pays {
		p, pays = s.books.requests.get(requestKey("", id))
	}
	var asked page
	if pays {
		asked = &checkout{p}
	} else if asked = s.prepared(id); asked == nil {
		return "", hint.Errorf("give the paymentId or paymentRequestId of a payment, or the authId of an authorization, that this sandbox "+
			"accepted since it was started", "there is no payment %s", id)
	}
	if v := asked.show(s, now); !v.Open {
		return "", hint.Errorf("start another one", "%s is decided: %s", id, strings.TrimSuffix(v.Verdict, "."))
	}
	asked.decide(s, now, approve)
	return asked.show(s, now).Verdict, nil
}

// prepared finds an authorization by its authId; nil where there is none.
func (s *Sandbox) prepared(id string) page {
	for _, p := range s.books.pages.items {
		if asked, ok := p.(*prepared); ok && asked.id == id {
			return asked
		}
	}
	return nil
}

// Decision is the answer of DecidePath.
type Decision struct {
	Outcome string `json:"outcome,omitempty"`
	Error   string `json:"error,omitempty"`
	Hint    string `json:"hint,omitempty"`
}

// serveDecision answers DecidePath to whoever has the token.
func (s *Sandbox) serveDecision(w http.ResponseWriter, r *http.Request) {
	given, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if s.config.Token == "" || subtle.ConstantTimeCompare([]byte(given), []byte(s.config.Token)) != 1 {
		http.Error(w, "not allowed", http.StatusForbidden)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	form := r.PostFormValue
	var d Decision
	status := http.StatusOK
	switch decision := form("decision"); {
	case r.Method != http.MethodPost || decision != "approve" && decision != "refuse":
		status, d.Error = http.StatusBadRequest, "POST id and decision=approve or decision=refuse"
	default:
		outcome, err := s.Decide(form("id"), decision == "approve")
		if d.Outcome = outcome; err != nil {
			status, d.Error, d.Hint = http.StatusConflict, err.Error(), hint.Of(err)
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(d)
}

// Approve is the other end of DecidePath: it asks the sandbox at base, such as
// http://127.0.0.1:41234, to decide.
func Approve(client *http.Client, base, token, id string, approve bool) (Decision, error) {
	form := url.Values{"id": {id}, "decision": {"refuse"}}
	if approve {
		form.Set("decision", "approve")
	}
	r, err := http.NewRequest(http.MethodPost, base+DecidePath, strings.NewReader(form.Encode()))
	if err != nil {
		return Decision{}, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := client.Do(r)
	if err != nil {
		return Decision{}, err
	}
	defer answer.Body.Close()
	var d Decision
	if err := json.NewDecoder(http.MaxBytesReader(nil, answer.Body, maxForm)).Decode(&d); err != nil {
		return d, fmt.Errorf("what listens at %s is no sandbox of this program: HTTP %d", base, answer.StatusCode)
	}
	return d, nil
}
