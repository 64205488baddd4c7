package sandbox

import (
	"crypto/sha256"
	"fmt"
)

// user is what is known about the sandbox's one user.
type user struct {
	UserID   string `json:"userId"`
	LoginIDs []struct {
		ID   string `json:"loginId"`
		Type string `json:"loginIdType"`
	} `json:"loginIdInfos"`
	Status   string `json:"status"`
	NickName string `json:"nickName"`
	UserName struct {
		FullName string `json:"fullName"`
	} `json:"userName"`
	Avatar      string `json:"avatar"`
	Gender      string `json:"gender"`
	Birthday    string `json:"birthday"`
	Nationality string `json:"nationality"`
	Contacts    []struct {
		Type string `json:"contactType"`
		No   string `json:"contactNo"`
	} `json:"contactInfos"`
}

var sandboxUser = func() user {
	u := user{
		UserID: CustomerID, Status: "ACTIVE", NickName: "Sandy", Gender: "F", Birthday: "1990-02-28", Nationality: "SG",
		Avatar: "https://superapp.example.com/avatars/sandy.png",
	}
	u.UserName.FullName = "Sandy Ünal-陈"
	u.LoginIDs = append(u.LoginIDs, struct {
		ID   string `json:"loginId"`
		Type string `json:"loginIdType"`
	}{"+65-80000042", "MOBILE_PHONE"})
	u.Contacts = append(u.Contacts, struct {
		Type string `json:"contactType"`
		No   string `json:"contactNo"`
	}{"EMAIL", "sandy@example.com"})
	return u
}()

func inquireUser(s *Sandbox, q *request, r accessRequest) answer {
	if refusal := s.checkAccess(r.AccessToken, q.at); refusal != nil {
		return *refusal
	}
	a := succeed()
	a.add("userInfo", sandboxUser)
	return a
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

func sendMessage(s *Sandbox, q *request, r messageRequest) answer {
	said := meaning(q.body)
	if m, ok := s.books.messages.get(r.RequestID); ok {
		if m.meaning != said {
			return refuse("REPEAT_REQ_INCONSISTENT",
				fmt.Sprintf("requestId %s was used for message %s with another body. Repeat a request unchanged, or take a new id.",
					r.RequestID, m.id))
		}
		return m.answer()
	}
	if refusal := s.checkAccess(r.AccessToken, q.at); refusal != nil {
		return *refusal
	}
	if t, ok := s.trigger(sendEndpoint, "templateCode", r.TemplateCode); ok {
		return refuse(t.Code, t.message())
	}
	m := &message{id: s.newNumber(q.at), meaning: said}
	s.books.messages.put(r.RequestID, m)
	return m.answer()
}

func (m *message) answer() answer {
	a := succeed()
	a.add("messageId", m.id)
	return a
}
