package sandbox

import (
	"crypto/sha256"
	"encoding/json"
)

// sandboxUser is what is known about the sandbox's one user.
var sandboxUser = json.RawMessage(`{"userId":"` + CustomerID + `",
	"loginIdInfos":[{"loginId":"+65-80000042","loginIdType":"MOBILE_PHONE"}],"status":"ACTIVE","nickName":"Sandy",
	"userName":{"fullName":"Sandy Ünal-陈"},"avatar":"https://superapp.example.com/avatars/sandy.png","gender":"F",
	"birthday":"1990-02-28","nationality":"SG","contactInfos":[{"contactType":"EMAIL","contactNo":"sandy@example.com"}]}`)

func inquireUser(s *Sandbox, q *request, r accessRequest) *answer {
	if refusal := s.checkAccess(r.AccessToken, q.at); refusal != nil {
		return refusal
	}
	return succeed().add("userInfo", sandboxUser)
}

// message is one that was sent.
type message struct {
	id      string
	meaning [sha256.Size]byte
}

type messageRequest struct {
	accessRequest
	RequestID    string `json:"requestId"`
	TemplateCode string `json:"templateCode"`
}

func sendMessage(s *Sandbox, q *request, r messageRequest) *answer {
	said := meaning(q.body)
	if m, ok := s.books.messages.get(r.RequestID); ok {
		if m.meaning != said {
			return otherRequest("requestId", r.RequestID, "message", m.id)
		}
		return m.answer()
	}
	if refusal := s.checkAccess(r.AccessToken, q.at); refusal != nil {
		return refusal
	}
	if t, ok := s.trigger(sendEndpoint, "templateCode", r.TemplateCode); ok {
		return t.refuse()
	}
	m := &message{id: s.newNumber(q.at), meaning: said}
	s.books.messages.put(r.RequestID, m)
	return m.answer()
}

func (m *message) answer() *answer {
	return succeed().add("messageId", m.id)
}
