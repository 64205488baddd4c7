package sandbox

import (
	_ "embed"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode"

	money "countersign/apiclient/amount"
)

// Where the pages are that a buyer opens. What follows is a token that cannot
// be guessed.
const (
	checkoutPath  = "/checkout/"
	authorizePath = "/authorize/"
	qrcodePath    = "/qrcode/"
)

// page is something that a person decides in a browser. Both methods are
// called with the books locked.
type page interface {
	show(s *Sandbox, now time.Time) view
	decide(s *Sandbox, now time.Time, approved bool)
}

// view is a page as it is shown.
type view struct {
	Title   string
	Lines   []line
	Open    bool   // there is something to decide
	Approve string // label of the button that agrees
	Verdict string // what was decided, where nothing is open
	Link    string // where the merchant wants the buyer next: http and https only
	Next    string // the same, in whatever scheme, to be read
}

type line struct{ Label, Value string }

//go:embed page.html
var pageHTML string

var (
	htmlPage = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(pageHTML)) })
	foreign  = view{Title: "Not from here",
		Verdict: "Open this page by the address that the sandbox gave out, and decide on it: another page or another " +
			"name may not."}
	notFound = view{Title: "No such page",
		Verdict: "This address is not known. The sandbox forgets its pages when it stops."}
)

// pageToken reports whether a path is a page's, and which.
func pageToken(path string) (string, bool) {
	for _, prefix := range []string{checkoutPath, authorizePath, qrcodePath} {
		if token, ok := strings.CutPrefix(path, prefix); ok && !strings.Contains(token, "/") {
			return token, true
		}
	}
	return "", false
}

// servePage shows a page (GET) or takes a decision (POST, decision=approve or
// decision=refuse). A decision is taken once; later ones are told which.
//
// Other pages of the buyer's browser must not decide: a decision of another
// origin is refused, and so is a name that DNS may have been made to point here.
func (s *Sandbox) servePage(w http.ResponseWriter, r *http.Request, token string) {
	if !localName(r.Host) || !sameOrigin(r) {
		writePage(w, r, http.StatusForbidden, foreign)
		return
	}
	decision := ""
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		decision = r.PostFormValue("decision")
	}
	status, v := s.visit(r.Method, token, decision)
	if status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", "GET, HEAD, POST")
	}
	writePage(w, r, status, v)
}

const maxForm = 4 << 10

// localName reports whether a Host is an address, or a name that public DNS
// does not give out: localhost, host.docker.internal, that of a container.
func localName(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.TrimSuffix(strings.Trim(name, "[]"), "."))
	if net.ParseIP(name) != nil {
		return true
	}
	return name != "" && (!strings.Contains(name, ".") ||
		strings.HasSuffix(name, ".localhost") || strings.HasSuffix(name, ".internal"))
}

// sameOrigin reports whether a request comes from the page itself, or from no
// page, as curl's do.
func sameOrigin(r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true // decides nothing
	}
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	if origin == "" {
		return site == "" || site == "same-origin"
	}
	return origin == "http://"+r.Host || origin == "https://"+r.Host
}

// visit finds the page and does what was asked of it.
func (s *Sandbox) visit(method, token, decision string) (int, view) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.config.Now()
	p, ok := s.books.pages.get(token)
	if !ok {
		return http.StatusNotFound, notFound
	}
	before := p.show(s, now)
	switch {
	case method == http.MethodGet || method == http.MethodHead:
		return http.StatusOK, before
	case method != http.MethodPost:
		return http.StatusMethodNotAllowed, before
	case decision != "approve" && decision != "refuse":
		return http.StatusBadRequest, before
	case !before.Open:
		return http.StatusConflict, before
	}
	p.decide(s, now, decision == "approve")
	return http.StatusOK, p.show(s, now)
}

// writePage writes HTML for browsers and a few lines of text for the likes of
// curl. Nothing on the page comes from elsewhere, and the policy says so.
func writePage(w http.ResponseWriter, r *http.Request, status int, v view) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	var b strings.Builder
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		h.Set("Content-Type", "text/html; charset=utf-8")
		if err := htmlPage().Execute(&b, v); err != nil {
			http.Error(w, "the page cannot be drawn", http.StatusInternalServerError)
			return
		}
	} else {
		h.Set("Content-Type", "text/plain; charset=utf-8")
		v.text(&b)
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write([]byte(b.String())) // a browser that has left needs no page
	}
}

// text writes the page for a terminal. What came from a merchant stays in its
// line, and its control characters are not obeyed.
func (v view) text(b *strings.Builder) {
	plain := func(s string) string {
		return strings.Map(func(r rune) rune {
			if !unicode.IsPrint(r) {
				return unicode.ReplacementChar
			}
			return r
		}, s)
	}
	b.WriteString(plain(v.Title) + "\n")
	for _, l := range v.Lines {
		b.WriteString(l.Label + ": " + plain(l.Value) + "\n")
	}
	if v.Open {
		b.WriteString("POST decision=approve or decision=refuse to this address.\n")
	} else {
		b.WriteString(plain(v.Verdict) + "\n")
	}
	if v.Next != "" {
		b.WriteString("Next: " + plain(v.Next) + "\n")
	}
}

// checkout is the page on which a buyer pays.
type checkout struct{ *payment }

func (c *checkout) show(s *Sandbox, now time.Time) view {
	s.catchUp(c.payment, now)
	v := view{Title: "Pay " + c.amount.String(), Approve: "Approve", Open: c.status == processing}
	if c.title != "" {
		v.Lines = append(v.Lines, line{"For", c.title})
	}
	v.Lines = append(v.Lines, line{"Merchant", c.owner}, line{"Payment", c.id}, line{"Request", c.requestID})
	if v.Open {
		v.Lines = append(v.Lines, line{"Open until", isoTime(c.expires)})
		return v
	}
	v.Verdict = map[string]string{
		success:  "Paid. The merchant learns it from inquiryPayment.",
		failed:   "Not paid: " + c.reason,
		canceled: "Cancelled: " + c.reason,
	}[c.status]
	if c.told != "" {
		v.Lines = append(v.Lines, line{"Notification", c.told})
		notified := "is notified"
		if strings.HasPrefix(c.told, "not sent") {
			notified = "is not notified, and learns it from inquiryPayment: " + strings.TrimPrefix(c.told, "not sent: ")
		}
		v.Verdict = strings.Replace(v.Verdict, "learns it from inquiryPayment", notified, 1)
	}
	v.Link, v.Next = webLink(c.returnURL), c.returnURL
	return v
}

func (c *checkout) decide(s *Sandbox, now time.Time, approved bool) {
	if approved {
		s.settle(c.payment, success, "", "", now)
		return
	}
	s.settle(c.payment, failed, "PROCESS_FAIL", "The buyer refused the payment.", now)
}

// String writes an amount as a person reads it, with the units as sent.
func (a amount) String() string {
	return money.Amount{Currency: a.Currency, Value: a.Value}.String()
}

func (p *prepared) show(_ *Sandbox, _ time.Time) view {
	v := view{Title: "Let " + p.name + " in?", Approve: "Agree", Open: p.code == "" && !p.refused}
	v.Lines = []line{{"Mini program", p.client}, {"Wants", strings.Join(p.scopes, ", ")}}
	switch {
	case p.code != "":
		v.Lines = append(v.Lines, line{"authCode", p.code}, line{"authState", p.state})
		v.Verdict = "Agreed. The mini program calls applyToken with this authCode."
		v.Next = p.next("authCode", p.code)
	case p.refused:
		v.Verdict = "Refused. The mini program gets no authCode."
		v.Next = p.next("error", "access_denied")
	}
	v.Link = webLink(v.Next)
	return v
}

func (p *prepared) decide(s *Sandbox, now time.Time, approved bool) {
	if !approved {
		p.refused = true
		return
	}
	p.code = s.newToken()
	s.books.codes.put(p.code, &authCode{client: p.client, expires: now.Add(CodeLife)})
}

// next is the merchant's redirect address with the outcome in its query.
func (p *prepared) next(name, value string) string {
	u, err := url.Parse(p.redirectURL)
	if err != nil || p.redirectURL == "" {
		return ""
	}
	query := u.Query()
	query.Set(name, value)
	query.Set("authState", p.state)
	u.RawQuery = query.Encode()
	return u.String()
}

// webLink returns address where a browser may follow it.
func webLink(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return address
}

// qrcode is what a QR code would open. The sandbox draws no picture: what
// matters to a client is that the address is there and what it stands for.
type qrcode struct {
	AppID string `json:"appId"`
	Page  string `json:"pagePath"`
	Query string `json:"queryParam"`
}

func createQRCode(s *Sandbox, q *request, r qrcode) *answer {
	token := s.newToken()
	s.books.pages.put(token, r)
	return succeed().add("qrCodeUrl", q.base+qrcodePath+token)
}

func (c qrcode) show(*Sandbox, time.Time) view {
	return view{
		Title:   "A QR code for a mini program",
		Lines:   []line{{"Mini program", c.AppID}, {"Page", c.Page}, {"Query", c.Query}},
		Verdict: "Whoever scans it opens this page of the mini program.",
	}
}

func (c qrcode) decide(*Sandbox, time.Time, bool) {}
