package sandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"time"
)

// books are everything that the sandbox remembers.
type books struct {
	payments *shelf[*payment] // by paymentId
	requests *shelf[*payment] // by owner and paymentRequestId, and by paymentRequestId alone
	refunds  *shelf[*refund]  // by refundId
	repeats  *shelf[*refund]  // by owner and refundRequestId, and by refundRequestId alone
	access   *shelf[*grant]   // by access token
	refresh  *shelf[*grant]   // by refresh token
	codes    *shelf[*authCode]
	messages *shelf[*message] // by requestId
	pages    *shelf[page]     // by the token in their address
}

func newBooks(limit int) *books {
	return &books{
		payments: newShelf[*payment](limit), requests: newShelf[*payment](2 * limit),
		refunds: newShelf[*refund](limit), repeats: newShelf[*refund](2 * limit),
		access: newShelf[*grant](limit), refresh: newShelf[*grant](limit), codes: newShelf[*authCode](limit),
		messages: newShelf[*message](limit), pages: newShelf[page](limit),
	}
}

// shelf is a map of bounded size that forgets its oldest entries.
type shelf[V any] struct {
	limit int
	items map[string]V
	order []string // keys by age; those before first are forgotten
	first int
}

func newShelf[V any](limit int) *shelf[V] {
	return &shelf[V]{limit: limit, items: make(map[string]V)}
}

func (s *shelf[V]) get(key string) (V, bool) {
	v, ok := s.items[key]
	return v, ok
}

// put adds an entry; replacing one does not make it younger.
func (s *shelf[V]) put(key string, v V) {
	if _, there := s.items[key]; !there {
		s.order = append(s.order, key)
	}
	s.items[key] = v
	for len(s.items) > s.limit {
		delete(s.items, s.order[s.first])
		s.order[s.first] = ""
		s.first++
	}
	if s.first > s.limit {
		s.order = append([]string(nil), s.order[s.first:]...)
		s.first = 0
	}
}

// newNumber makes an id in the platform's style: the date and random digits.
func (s *Sandbox) newNumber(at time.Time) string {
	n := new(big.Int).SetBytes(s.random(16))
	n.Mod(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(20), nil))
	return at.UTC().Format("20060102") + fmt.Sprintf("%020d", n)
}

// newToken makes a value that cannot be guessed: 192 random bits.
func (s *Sandbox) newToken() string { return base64.RawURLEncoding.EncodeToString(s.random(24)) }

// meaning is a digest of what a JSON body says, whatever its spaces, order of
// members and escapes: a client that writes the same request again repeats it.
func meaning(body []byte) [sha256.Size]byte {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return sha256.Sum256(body)
	}
	plain, err := json.Marshal(v)
	if err != nil {
		return sha256.Sum256(body)
	}
	return sha256.Sum256(plain)
}
