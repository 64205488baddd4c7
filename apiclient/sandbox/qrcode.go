package sandbox

import "time"

// qrcode is what a QR code would open. The sandbox draws no picture: what
// matters to a client is that the address is there and what it stands for.
type qrcode struct {
	AppID string `json:"appId"`
	Page  string `json:"pagePath"`
	Query string `json:"queryParam"`
}

func createQRCode(s *Sandbox, q *request, r qrcode) answer {
	token := s.newToken()
	s.books.pages.put(token, r)
	a := succeed()
	a.add("qrCodeUrl", q.base+qrcodePath+token)
	return a
}

func (c qrcode) show(*Sandbox, time.Time) view {
	return view{
		Title:   "A QR code for a mini program",
		Lines:   []line{{"Mini program", c.AppID}, {"Page", c.Page}, {"Query", c.Query}},
		Verdict: "Whoever scans it opens this page of the mini program.",
	}
}

func (c qrcode) decide(*Sandbox, time.Time, bool) {}
