package habits

import (
	"slices"
	"strings"
)

// endpoints puts the paths of the catalogue in the place of this one's.
func (src *Source) endpoints(sent string, add func(string, int, habit)) {
	other := habit{"path_other_endpoint", "The path of another interface was signed.", "a constant that was copied from another call"}
	parts := strings.Split(strings.TrimPrefix(sent, "/"), "/")
	tails := slices.Concat(src.Endpoints, CommonEndpoints)
	for _, endpoint := range tails {
		endpoint = "/" + strings.Trim(endpoint, "/")
		for k := range min(len(parts), 5) {
			prefix := ""
			if k > 0 {
				prefix = "/" + strings.Join(parts[:k], "/")
			}
			add(prefix+endpoint, plausible, other)
		}
	}
	if n := len(parts); n >= 2 {
		for _, endpoint := range tails {
			segments := strings.Split(strings.Trim(endpoint, "/"), "/")
			last := segments[len(segments)-1]
			changed := slices.Clone(parts)
			changed[n-1] = last
			add("/"+strings.Join(changed, "/"), plausible, other)
		}
	}
}

// Catalogue returns the paths of all interfaces that are known, of any version,
// under every prefix that is known: what was signed where the requested path is mapped
// to another one on the way.
func (src *Source) Catalogue() []Series {
	_, query, hasQuery := strings.Cut(src.values().Target, "?")
	tails := []string{""}
	if hasQuery {
		tails = append(tails, "?"+query)
	}
	var bare []string
	for _, e := range slices.Concat(src.Endpoints, CommonEndpoints) {
		if first, rest, ok := strings.Cut(strings.Trim(e, "/"), "/"); ok && isVersion(first) {
			e = "/" + rest
		}
		if e = "/" + strings.Trim(e, "/"); !slices.Contains(bare, e) {
			bare = append(bare, e)
		}
	}
	lists := [][]string{tails, {"", ".htm"}, bare, {"/v2", "/v1", "", "/v3"},
		slices.Concat(src.Prefixes, platformPrefixes, []string{""})}
	n := 1
	for _, list := range lists {
		n *= len(list)
	}
	return []Series{src.series(n, func(dst []byte, i int) []byte {
		var texts [5]string
		for at, list := range lists {
			texts[len(lists)-1-at] = list[i%len(list)]
			i /= len(list)
		}
		for _, t := range texts {
			dst = append(dst, t...)
		}
		return dst
	})}
}

// prefixParts are the words that prefixes are made of, alone and in pairs.
var prefixParts = []string{"api", "gateway", "gw", "open", "openapi", "merchant", "merchants", "pay", "payment", "payments",
	"partner", "partners", "mini", "miniapp", "miniprogram", "superapp", "wallet", "mobile", "public", "private", "external",
	"internal", "ext", "rest", "service", "services", "svc", "proxy", "backend", "app", "apps", "web", "platform", "core", "edge", "auth",
	"prod", "stage", "staging", "sandbox", "test", "uat", "v1", "v2"}

// PrefixWords returns the path with up to three segments of its front replaced by
// a prefix of one or two words.
func (src *Source) PrefixWords() Series {
	sent := src.values().Target
	var rests []string
	for at := 0; at >= 0 && at < len(sent) && len(rests) < 4 && sent[at] == '/'; {
		rests = append(rests, sent[at:])
		next := strings.IndexAny(sent[at+1:], "/?")
		if next < 0 {
			break
		}
		at += 1 + next
	}
	n := len(prefixParts)
	joints := []string{"-", "/"}
	return src.series(n*(1+n*len(joints))*len(rests), func(dst []byte, i int) []byte {
		rest, i := rests[i%len(rests)], i/len(rests)
		if dst = append(dst, '/'); i < n {
			return append(append(dst, prefixParts[i]...), rest...)
		}
		i -= n
		joint, i := joints[i%len(joints)], i/len(joints)
		dst = append(append(append(dst, prefixParts[i%n]...), joint...), prefixParts[i/n]...)
		return append(dst, rest...)
	})
}

// CommonEndpoints are the interfaces of the protocol, section 5.
var CommonEndpoints = []string{
	"/v2/payments/pay", "/v2/payments/inquiryPayment", "/v1/payments/refund", "/v2/payments/refund",
	"/v1/payments/inquiryRefund", "/v2/payments/inquiryRefund", "/v2/payments/notifyPayment",
	"/v1/payments/notifyPayment",
	"/v1/payments/pay", "/v1/payments/inquiryPayment", "/v2/payments/notifyRefund", "/v1/payments/cancelPayment",
	"/v2/payments/cancel", "/v2/payments/capture", "/v1/authorizations/applyToken",
	"/v2/authorizations/applyToken", "/v1/authorizations/prepare",
	"/v1/authorizations/cancelToken", "/v2/authorizations/applyTokenAndInquiryUserInfo",
	"/v1/customers/user/inquiryUserInfoByAccessToken", "/v2/users/inquiryUserInfo",
	"/v2/customers/user/inquiryUserInfo",
	"/v2/miniprogram/message/send", "/v2/miniprogram/qrcode/create", "/payments/pay", "/payments/notifyPayment",
	"/notify", "/callback",
}
