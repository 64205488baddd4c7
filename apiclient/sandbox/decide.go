package sandbox

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	neturl "net/url"
	"strings"

	"countersign/apiclient/hint"
)

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
		return "", &hint.Error{Says: "there is no payment " + clip(id, 80), Err: errUnknownID, Fix: "give the paymentId or " +
			"paymentRequestId of a payment, or the authId of an authorization, that the sandbox accepted since it was started"}
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

// Decision is the answer of Decisions.
type Decision struct {
	Outcome string `json:"outcome,omitempty"`
	Error   string `json:"error,omitempty"`
	Hint    string `json:"hint,omitempty"`
	Unknown bool   `json:"unknown,omitempty"` // another sandbox may know the id
}

// errUnknownID is about an id that this sandbox does not know.
var errUnknownID = errors.New("not known")

// Decisions serves programs that decide in the place of a buyer, and have the token:
// POST with id, and decision=approve or decision=refuse. It is for a listener of its
// own on this machine.
func (s *Sandbox) Decisions(token string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if token == "" || subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1 {
			http.Error(w, "not allowed", http.StatusForbidden)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		var d Decision
		status := http.StatusOK
		switch decision := r.PostFormValue("decision"); {
		case r.Method != http.MethodPost || decision != "approve" && decision != "refuse":
			status, d.Error = http.StatusBadRequest, "POST id and decision=approve or decision=refuse"
		default:
			outcome, err := s.Decide(r.PostFormValue("id"), decision == "approve")
			if d.Outcome = outcome; err != nil {
				status, d.Error, d.Hint, d.Unknown = http.StatusConflict, err.Error(), hint.Of(err), errors.Is(err, errUnknownID)
			}
		}
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(d)
	})
}

// Ask is the other end of Decisions, which are served at url.
func Ask(ctx context.Context, url, token, id string, approve bool) (Decision, error) {
	decision := "refuse"
	if approve {
		decision = "approve"
	}
	form := neturl.Values{"id": {id}, "decision": {decision}}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(form))
	if err != nil {
		return Decision{}, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return Decision{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	var d Decision
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxForm)).Decode(&d); err != nil {
		return d, fmt.Errorf("what listens at %s is no sandbox: HTTP %d", url, answer.StatusCode)
	}
	return d, nil
}
