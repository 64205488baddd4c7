package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const miniProgram = "2022091212000000000042"

// tokenBody is a body for applyToken; v2 wants an appId beside.
func tokenBody(form url.Values) string {
	fields := map[string]string{"appId": "3333010071465913", "customerBelongsTo": "SANDBOX"}
	for name := range form {
		fields[name] = form.Get(name)
	}
	body, _ := json.Marshal(fields)
	return string(body)
}

func byCode(code string) string {
	return tokenBody(url.Values{"grantType": {"AUTHORIZATION_CODE"}, "authClientId": {miniProgram}, "authCode": {code}})
}

func byRefresh(token string) string {
	return tokenBody(url.Values{"grantType": {"REFRESH_TOKEN"}, "authClientId": {miniProgram}, "refreshToken": {token}})
}

func messageBody(request, template string) string {
	return fmt.Sprintf(`{"appId":"1","accessToken":"SANDBOX_ACCESS_TOKEN","customerBelongsTo":"SANDBOX","requestId":%q,"templateCode":%q,"templates":[{"templateParameters":{"name":"Tea"},"language":"en"}]}`, request, template)
}

func TestConsentToToken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	body := fmt.Sprintf(`{"authClientId":%q,"partnerReqId":"1","partnerId":"P1","authClientDisplayName":"Tea \"&\" Co","authRedirectUrl":"https://shop.example.com/in?x=1","authLogoUrl":"https://shop.example.com/l.png","scope":["auth_user","auth_base"],"authState":"s&1"}`, miniProgram)
	prepared := b.want(t, "SUCCESS", "/v1/authorizations/prepare", body)
	address := prepared.text("authURL")
	if prepared.text("authId") == "" || !strings.HasPrefix(address, "http://"+b.server.Addr+"/authorize/") {
		t.Fatalf("answer %s", prepared.Raw)
	}
	if status, page := visit(t, "GET", address, "text/html", ""); status != 200 || !strings.Contains(page, "Tea &#34;&amp;&#34; Co") || !strings.Contains(page, "auth_user, auth_base") {
		t.Errorf("HTTP %d %s", status, page)
	}
	status, page := visit(t, "POST", address, "*/*", "decision=approve")
	_, next, _ := strings.Cut(page, "Next: ")
	back, err := url.Parse(strings.TrimSpace(next))
	if err != nil || status != 200 || back.Query().Get("authState") != "s&1" || back.Query().Get("x") != "1" {
		t.Fatalf("HTTP %d %s: %v", status, page, err)
	}
	code := back.Query().Get("authCode")
	if status, _ := visit(t, "POST", address, "*/*", "decision=refuse"); status != http.StatusConflict {
		t.Errorf("decided twice: HTTP %d", status)
	}

	b.want(t, "INVALID_AUTH_CLIENT", "/v2/authorizations/applyToken", strings.Replace(byCode(code), miniProgram, "2022091212000000000043", 1))
	got := b.want(t, "SUCCESS", "/v2/authorizations/applyToken", byCode(code))
	if got.text("customerId") != CustomerID || got.text("accessTokenExpiryTime") != "2026-09-21T07:58:10Z" || got.text("refreshTokenExpiryTime") != "2026-10-21T06:58:10Z" {
		t.Errorf("answer %s", got.Raw)
	}
	b.want(t, "USED_AUTHCODE", "/v2/authorizations/applyToken", byCode(code))
	b.want(t, "INVALID_AUTHCODE", "/v2/authorizations/applyToken", byCode("made up"))
	b.want(t, "PARAM_ILLEGAL", "/v2/authorizations/applyToken", tokenBody(url.Values{"grantType": {"AUTHORIZATION_CODE"}, "authClientId": {miniProgram}}))
	b.want(t, "PARAM_ILLEGAL", "/v2/authorizations/applyToken", tokenBody(url.Values{"grantType": {"REFRESH_TOKEN"}, "authClientId": {miniProgram}}))

	access, refresh := got.text("accessToken"), got.text("refreshToken")
	userInfo := fmt.Sprintf(`{"accessToken":%q}`, access)
	for _, path := range []string{"/v1/customers/user/inquiryUserInfoByAccessToken", "/v2/customers/user/inquiryUserInfo", "/v2/users/inquiryUserInfo"} {
		if u := b.want(t, "SUCCESS", path, userInfo); u.text("userInfo.userId") != CustomerID || u.text("userInfo.userName.fullName") == "" {
			t.Errorf("%s: %s", path, u.Raw)
		}
	}
	b.pass(AccessLife + time.Second)
	b.want(t, "EXPIRED_ACCESS_TOKEN", "/v2/users/inquiryUserInfo", userInfo)
	next2 := b.want(t, "SUCCESS", "/v2/authorizations/applyToken", byRefresh(refresh))
	b.want(t, "USED_REFRESH_TOKEN", "/v2/authorizations/applyToken", byRefresh(refresh))
	b.want(t, "INVALID_REFRESH_TOKEN", "/v2/authorizations/applyToken", byRefresh("made up"))
	b.want(t, "INVALID_ACCESS_TOKEN", "/v2/users/inquiryUserInfo", `{"accessToken":"made up"}`)

	userInfo = fmt.Sprintf(`{"accessToken":%q}`, next2.text("accessToken"))
	b.want(t, "SUCCESS", "/v2/users/inquiryUserInfo", userInfo)
	b.want(t, "SUCCESS", "/v1/authorizations/cancelToken", userInfo)
	b.want(t, "SUCCESS", "/v1/authorizations/cancelToken", userInfo)
	b.want(t, "INVALID_ACCESS_TOKEN", "/v1/authorizations/cancelToken", `{"accessToken":"made up"}`)
	b.want(t, "INVALID_ACCESS_TOKEN", "/v2/users/inquiryUserInfo", userInfo)
	b.want(t, "INVALID_REFRESH_TOKEN", "/v2/authorizations/applyToken", byRefresh(next2.text("refreshToken")))
}

func TestConsentRefusedAndCodeExpired(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	body := fmt.Sprintf(`{"authClientId":%q,"partnerReqId":"1","partnerId":"P1","authClientDisplayName":"Tea","authRedirectUrl":"javascript:alert(1)","authLogoUrl":"https://shop.example.com/l.png","scope":["auth_user"],"authState":"s"}`, miniProgram)
	address := b.want(t, "SUCCESS", "/v1/authorizations/prepare", body).text("authURL")
	status, page := visit(t, "POST", address, "text/html", "decision=refuse")
	if status != 200 || !strings.Contains(page, "Refused.") || strings.Contains(page, "href") || strings.Contains(page, "authCode=") {
		t.Errorf("HTTP %d %s", status, page)
	}

	address = b.want(t, "SUCCESS", "/v1/authorizations/prepare", body).text("authURL")
	_, page = visit(t, "POST", address, "*/*", "decision=approve")
	_, rest, _ := strings.Cut(page, "authCode: ")
	code, _, _ := strings.Cut(rest, "\n")
	b.pass(CodeLife + time.Second)
	b.want(t, "EXPIRED_CODE", "/v1/authorizations/applyToken", byCode(code))
	if status, page := visit(t, "GET", "http://"+b.server.Addr+"/authorize/guess", "text/html", ""); status != http.StatusNotFound || !strings.Contains(page, "No such page") {
		t.Errorf("HTTP %d %s", status, page)
	}
	if status, _ := visit(t, "DELETE", address, "text/html", ""); status != http.StatusMethodNotAllowed {
		t.Errorf("DELETE: HTTP %d", status)
	}
}

func TestTokenAndUserInOne(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.want(t, "SUCCESS", "/v2/authorizations/applyTokenAndInquiryUserInfo", byCode("SANDBOX_AUTH_CODE"))
	if got.text("userInfo.nickName") == "" || got.text("accessToken") == "" {
		t.Errorf("answer %s", got.Raw)
	}
	got = b.want(t, "INVALID_AUTHCODE", "/v2/authorizations/applyTokenAndInquiryUserInfo", byCode("x"))
	if got.text("userInfo.nickName") != "" {
		t.Errorf("refused, with a user: %s", got.Raw)
	}
}

func TestSendMessage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.want(t, "SUCCESS", "/v2/miniprogram/message/send", messageBody("M1", "T1"))
	again := b.want(t, "SUCCESS", "/v2/miniprogram/message/send", messageBody("M1", "T1"))
	if first.text("messageId") == "" || first.text("messageId") != again.text("messageId") {
		t.Errorf("%s, then %s", first.Raw, again.Raw)
	}
	b.want(t, "REPEAT_REQ_INCONSISTENT", "/v2/miniprogram/message/send", messageBody("M1", "T2"))
	b.want(t, "INVALID_ACCESS_TOKEN", "/v2/miniprogram/message/send", strings.Replace(messageBody("M2", "T1"), "SANDBOX_ACCESS_TOKEN", "x", 1))
}

func TestCreateQRCode(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.want(t, "SUCCESS", "/v2/miniprogram/qrcode/create", `{"appId":"3333","pagePath":"pages/<a>","queryParam":"id=1&x=2"}`)
	status, page := visit(t, "GET", got.text("qrCodeUrl"), "text/html", "")
	if status != 200 || !strings.Contains(page, "pages/&lt;a&gt;") || !strings.Contains(page, "id=1&amp;x=2") || strings.Contains(page, "<form") {
		t.Errorf("HTTP %d %s", status, page)
	}
	if status, _ := visit(t, "POST", got.text("qrCodeUrl"), "text/html", "decision=approve"); status != http.StatusConflict {
		t.Errorf("nothing to decide: HTTP %d", status)
	}
}

// Tokens live as long as is asked for: a client can see one expire.
func TestTokenLife(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *Config) { c.TokenLife = 30 * time.Second })
	got := b.want(t, "SUCCESS", "/v2/authorizations/applyToken", byCode("SANDBOX_AUTH_CODE"))
	if got.text("accessTokenExpiryTime") != "2026-09-21T06:58:40Z" || got.text("refreshTokenExpiryTime") != "2026-09-21T12:58:10Z" {
		t.Errorf("answer %s", got.Raw)
	}
	b.pass(31 * time.Second)
	b.want(t, "EXPIRED_ACCESS_TOKEN", "/v2/users/inquiryUserInfo", fmt.Sprintf(`{"accessToken":%q}`, got.text("accessToken")))
}
