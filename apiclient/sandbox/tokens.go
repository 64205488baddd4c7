package sandbox

import (
	"time"
)

// How long codes and tokens are good for, where Config says nothing else.
const (
	CodeLife   = 10 * time.Minute
	AccessLife = time.Hour
)

// refreshTimes is how many times longer a refresh token is good for than the access
// token beside it: 30 days for an hour.
const refreshTimes = 30 * 24

// CustomerID is the one user of the sandbox.
const CustomerID = "2160120000000000042"

// authCode is a code that a user's consent gave.
type authCode struct {
	client  string // authClientId for which it was given
	expires time.Time
	used    bool
}

// grant is a pair of tokens.
type grant struct {
	access, refresh               string
	client                        string
	accessExpires, refreshExpires time.Time
	canceled, refreshed           bool
}

// prepared is an authorization that a user has still to agree to.
type prepared struct {
	id          string
	client      string
	name        string
	redirectURL string
	state       string
	scopes      []string
	code        string // once agreed
	refused     bool
}

type prepareRequest struct {
	AuthClientID string   `json:"authClientId"`
	DisplayName  string   `json:"authClientDisplayName"`
	RedirectURL  string   `json:"authRedirectUrl"`
	Scope        []string `json:"scope"`
	State        string   `json:"authState"`
}

func prepare(s *Sandbox, q *request, r prepareRequest) *answer {
	if t, ok := s.trigger(tokenEndpoint, "authClientId", r.AuthClientID); ok {
		return t.refuse()
	}
	token := s.newToken()
	p := &prepared{id: s.newNumber(q.at), client: r.AuthClientID, name: r.DisplayName, redirectURL: r.RedirectURL,
		state: r.State, scopes: r.Scope}
	s.books.pages.put(token, p)
	return succeed().add("authId", p.id).add("authURL", q.base+authorizePath+token)
}

type tokenRequest struct {
	ReferenceClientID string `json:"referenceClientId"`
	AuthClientID      string `json:"authClientId"`
	GrantType         string `json:"grantType"`
	AuthCode          string `json:"authCode"`
	RefreshToken      string `json:"refreshToken"`
}

func applyTokenV1(s *Sandbox, q *request, r tokenRequest) *answer {
	g, refusal := s.applyToken(q.at, r, r.ReferenceClientID, "CODE")
	if refusal != nil {
		if refusal.result.Code == "INVALID_AUTH_CLIENT" {
			refusal.result.Code = "REFERENCE_CLIENT_ID_NOT_MATCH"
		}
		return refusal
	}
	return g.answer()
}

func applyTokenV2(s *Sandbox, q *request, r tokenRequest) *answer {
	g, refusal := s.applyToken(q.at, r, r.AuthClientID, "AUTHCODE")
	if refusal != nil {
		return refusal
	}
	return g.answer()
}

func applyTokenAndInquireUser(s *Sandbox, q *request, r tokenRequest) *answer {
	a := applyTokenV2(s, q, r)
	if a.result.Status == "S" {
		a.add("userInfo", sandboxUser)
	}
	return a
}

// applyToken returns a pair of tokens for a code or for a refresh token. noun is
// how the version calls a code in its result codes.
func (s *Sandbox) applyToken(now time.Time, r tokenRequest, client, noun string) (*grant, *answer) {
	if t, ok := s.trigger(tokenEndpoint, "authClientId", client); ok {
		return nil, t.refuse()
	}
	var refusal *answer
	switch r.GrantType {
	case "AUTHORIZATION_CODE":
		refusal = s.useCode(now, r.AuthCode, client, noun)
	case "REFRESH_TOKEN":
		client, refusal = s.useRefreshToken(now, r.RefreshToken, client)
	default:
		refusal = refuse("AUTH_CLIENT_UNSUPPORTED_GRANT_TYPE",
			"grantType %q is neither AUTHORIZATION_CODE nor REFRESH_TOKEN.", r.GrantType)
	}
	if refusal != nil {
		return nil, refusal
	}
	g := &grant{
		access: s.newToken(), refresh: s.newToken(), client: client,
		accessExpires: now.Add(s.config.TokenLife), refreshExpires: now.Add(refreshTimes * s.config.TokenLife),
	}
	s.books.access.put(g.access, g)
	s.books.refresh.put(g.refresh, g)
	return g, nil
}

// useCode uses up an authorization code.
func (s *Sandbox) useCode(now time.Time, code, client, noun string) *answer {
	if code == "" {
		return refuse("PARAM_ILLEGAL", "authCode is required with grantType AUTHORIZATION_CODE.")
	}
	if t, ok := s.trigger(tokenEndpoint, "authCode", code); ok {
		switch t.Code {
		case "USED_CODE":
			return refuse("USED_"+noun, "%s", t.message())
		case "EXPIRED_CODE":
			return refuse("EXPIRED_"+noun, "%s", t.message())
		}
		return nil
	}
	c, ok := s.books.codes.get(code)
	switch {
	case !ok:
		return refuse("INVALID_"+noun,
			"The sandbox did not give this authCode. Take one from the page that prepare opens, or SANDBOX_AUTH_CODE.")
	case c.used:
		return refuse("USED_"+noun, "This authCode was used before; each is good for one token.")
	case now.After(c.expires):
		return refuse("EXPIRED_"+noun, "This authCode expired at %s.", isoTime(c.expires))
	case client != "" && client != c.client:
		return refuse("INVALID_AUTH_CLIENT", "This authCode was given to %s, not to %s.", c.client, client)
	}
	c.used = true
	return nil
}

// useRefreshToken uses up a refresh token and says whose it was.
func (s *Sandbox) useRefreshToken(now time.Time, token, client string) (string, *answer) {
	if token == "" {
		return "", refuse("PARAM_ILLEGAL", "refreshToken is required with grantType REFRESH_TOKEN.")
	}
	if t, ok := s.trigger(tokenEndpoint, "refreshToken", token); ok {
		return "", t.refuse()
	}
	g, ok := s.books.refresh.get(token)
	switch {
	case !ok || g.canceled:
		return "", refuse("INVALID_REFRESH_TOKEN",
			"The sandbox does not know this refreshToken; applyToken with an authCode gives one.")
	case g.refreshed:
		return "", refuse("USED_REFRESH_TOKEN",
			"This refreshToken was used before; each is good once, and its answer holds the next.")
	case now.After(g.refreshExpires):
		return "", refuse("EXPIRED_REFRESH_TOKEN", "This refreshToken expired at %s.", isoTime(g.refreshExpires))
	case client != "" && g.client != "" && client != g.client:
		return "", refuse("INVALID_AUTH_CLIENT", "This refreshToken was given to %s, not to %s.", g.client, client)
	}
	g.refreshed = true
	return g.client, nil
}

func (g *grant) answer() *answer {
	return succeed().add("accessToken", g.access).add("accessTokenExpiryTime", isoTime(g.accessExpires)).
		add("refreshToken", g.refresh).add("refreshTokenExpiryTime", isoTime(g.refreshExpires)).add("customerId", CustomerID)
}

type accessRequest struct {
	AccessToken string `json:"accessToken"`
}

// checkAccess says what is wrong with an access token; nil where nothing is.
func (s *Sandbox) checkAccess(token string, now time.Time) *answer {
	if t, ok := s.trigger(userEndpoint, "accessToken", token); ok {
		if t.Status == "S" {
			return nil
		}
		return t.refuse()
	}
	g, ok := s.books.access.get(token)
	switch {
	case !ok:
		return refuse("INVALID_ACCESS_TOKEN",
			"The sandbox did not give this accessToken, or has been restarted; applyToken gives one, and "+
				"SANDBOX_ACCESS_TOKEN is always valid.")
	case g.canceled:
		return refuse("INVALID_ACCESS_TOKEN", "This accessToken was cancelled.")
	case now.After(g.accessExpires):
		return refuse("EXPIRED_ACCESS_TOKEN", "This accessToken expired at %s; applyToken again.", isoTime(g.accessExpires))
	}
	return nil
}

// cancelToken withdraws a pair of tokens. Doing it twice is no error: what was
// wanted is so.
func cancelToken(s *Sandbox, _ *request, r accessRequest) *answer {
	g, ok := s.books.access.get(r.AccessToken)
	if !ok {
		if t, found := s.trigger(userEndpoint, "accessToken", r.AccessToken); found && t.Status == "S" {
			return succeed()
		}
		return refuse("INVALID_ACCESS_TOKEN", "The sandbox did not give this accessToken.")
	}
	g.canceled = true
	return succeed()
}
