package apiclient

import (
	"cmp"
	"crypto"
	_ "crypto/sha1" //nolint:gosec // a wrong signature is what is wanted
	"strings"
	"time"

	"countersign/apiclient/signing"
)

// slotMissing marks the tampers that leave a header out.
const slotMissing = "left out"

const (
	codeSignature = "INVALID_SIGNATURE"
	codeClient    = "INVALID_CLIENT"
	codeParameter = "PARAM_ILLEGAL"
	codeDenied    = "ACCESS_DENIED"
	codeMedia     = "MEDIA_TYPE_NOT_ACCEPTABLE"
)

// due is what the other side should answer, and the codes of such a refusal.
type due struct {
	expect string
	codes  []string
}

// On some platforms a signature's fault has no code of its own (the protocol, section 6).
var (
	dueSignature = due{"A refusal, INVALID_SIGNATURE as a rule.",
		[]string{codeSignature, codeParameter, codeDenied, "PROCESS_FAIL"}}
	dueTime = due{"A refusal, ACCESS_DENIED or PARAM_ILLEGAL as a rule: old requests may be replays.",
		[]string{codeDenied, codeParameter, codeSignature, "PROCESS_FAIL"}}
	dueParameter = due{"A refusal, PARAM_ILLEGAL as a rule.",
		[]string{codeParameter, codeDenied, codeSignature, "PROCESS_FAIL"}}
	dueClient = due{"A refusal, INVALID_CLIENT as a rule, and not signed: it is not known for whom.",
		[]string{codeClient, codeSignature, codeDenied, codeParameter}}
)

// envelopeCodes are all codes that are about the request as such and not about
// what it asks for.
var envelopeCodes = []string{codeSignature, codeClient, codeParameter, codeDenied, codeMedia, "PROCESS_FAIL",
	"INVALID_API", "METHOD_NOT_SUPPORTED"}

// staleBy is the age of what is stale: more than any clock is tolerated to be
// wrong by.
const staleBy = time.Hour

// tampers is the table, by the place at which each sets in. They are applied in
// this order, so that several add up.
var tampers = usual([]Tamper{
	{Name: "time_hour_old", Title: "time an hour old", Where: InHeader, Header: HeaderRequestTime,
		slots: []string{"time"}, due: dueTime,
		Says:   "Request-Time is an hour old, and signed so.",
		Checks: "how old Request-Time is, so that a request can be replayed",
		head:   func(s *tampering) { s.at = s.at.Add(-staleBy); s.stamp() }},
	{Name: "time_hour_ahead", Title: "time an hour ahead", Where: InHeader, Header: HeaderRequestTime,
		slots: []string{"time"}, due: dueTime,
		Says:   "Request-Time is an hour in the future, and signed so.",
		Checks: "whether Request-Time is in the future, so that a request stays good for longer",
		head:   func(s *tampering) { s.at = s.at.Add(staleBy); s.stamp() }},
	{Name: "time_in_seconds", Title: "time in seconds", Where: InHeader, Header: HeaderRequestTime,
		slots: []string{"format"}, due: dueParameter,
		Says:   "Request-Time is in seconds where milliseconds belong, and signed so.",
		Checks: "how Request-Time is written",
		cannot: func(p *Profile) string {
			if p.TimeFormat == Seconds {
				return "the profile's time_format is seconds"
			}
			return ""
		},
		head: func(s *tampering) { s.format = Seconds; s.stamp() }},
	{Name: "time_unreadable", Title: "unreadable time", Where: InHeader, Header: HeaderRequestTime,
		slots: []string{"time", "format"}, due: dueParameter,
		Says:   "Request-Time is the word now, and signed so.",
		Checks: "whether Request-Time is a time",
		head:   func(s *tampering) { s.set(HeaderRequestTime, "now") }},
	{Name: "time_repeated", Title: "Request-Time twice", Where: InHeader, Header: HeaderRequestTime,
		slots:  []string{"time", "format"},
		Says:   "Request-Time is there twice, with different values; the first is signed.",
		Expect: "A refusal: receivers disagree about which one counts.",
		Codes:  dueParameter.codes,
		Checks: "whether a header is there twice",
		head: func(s *tampering) {
			s.set(HeaderRequestTime, FormatTime(s.at, s.format), FormatTime(s.at.Add(-staleBy), s.format))
		}},
	{Name: "request_time_missing", Title: "no Request-Time", Where: InHeader, Header: HeaderRequestTime,
		slots: []string{"time", "format", slotMissing}, due: dueParameter,
		Says:   "Request-Time is left out.",
		Checks: "whether Request-Time is there",
		head:   func(s *tampering) { s.drop(HeaderRequestTime) }},
	{Name: "client_id_differs", Title: "wrong client id", Where: InHeader, Header: HeaderClientID,
		slots: []string{"client"}, due: dueClient,
		Says:   "Client-Id names another client, and is signed so.",
		Checks: "which client calls",
		head:   func(s *tampering) { s.set(HeaderClientID, otherID(s.profile.ClientID)) }},
	{Name: "client_id_merchant_id_used", Title: "Merchant-Id as Client-Id", Where: InHeader, Header: HeaderClientID,
		slots: []string{"client"}, due: dueClient,
		Says:   "Client-Id carries the Merchant-Id, and is signed so.",
		Checks: "which client calls",
		cannot: noMerchant,
		head:   func(s *tampering) { s.set(HeaderClientID, s.profile.MerchantID) }},
	{Name: "client_id_missing", Title: "no Client-Id", Where: InHeader, Header: HeaderClientID,
		slots: []string{"client", slotMissing}, due: dueClient,
		Says:   "Client-Id is left out.",
		Checks: "whether Client-Id is there",
		head:   func(s *tampering) { s.drop(HeaderClientID) }},
	{Name: "merchant_id_differs", Title: "wrong merchant id", Where: InHeader, Header: HeaderMerchantID,
		Says:   "Merchant-Id names another merchant; it is not signed.",
		Expect: "A refusal, ACCESS_DENIED as a rule.",
		Codes:  []string{codeDenied, codeClient, codeParameter, "PARTNER_NOT_EXIST"},
		Checks: "whether the merchant belongs to the client",
		head:   func(s *tampering) { s.set(HeaderMerchantID, otherID(s.profile.MerchantID)) }},
	{Name: "charset_not_utf8", Title: "charset GBK", Where: InHeader, Header: "Content-Type", slots: []string{"media"},
		Says:   "Content-Type says charset=GBK; the body stays UTF-8.",
		Expect: "A refusal, MEDIA_TYPE_NOT_ACCEPTABLE as a rule.",
		Codes:  []string{codeMedia, codeParameter},
		Checks: "the charset of the body",
		head:   func(s *tampering) { s.set("Content-Type", "application/json; charset=GBK") }},
	{Name: "content_type_not_json", Title: "Content-Type not JSON", Where: InHeader, Header: "Content-Type",
		slots:  []string{"media"},
		Says:   "Content-Type says text/plain; the body stays JSON.",
		Expect: "A refusal, MEDIA_TYPE_NOT_ACCEPTABLE as a rule.",
		Codes:  []string{codeMedia, codeParameter},
		Checks: "the type of the body",
		head:   func(s *tampering) { s.set("Content-Type", "text/plain; charset=UTF-8") }},
	{Name: "path_prefix_missing", Title: "path signed without prefix", Where: InString, slots: []string{"signed path"},
		Says:   "The signed path lacks the prefix that is requested.",
		Checks: "which path was signed, so that a signature serves for another interface",
		cannot: func(p *Profile) string {
			if p.Prefix() == "" || !strings.HasPrefix(p.SignedTarget("/x"), p.Prefix()+"/") {
				return "the signed path has no prefix with this profile"
			}
			return ""
		},
		sign: func(s *tampering) { s.content.Target = strings.TrimPrefix(s.content.Target, s.profile.Prefix()) }},
	{Name: "path_trailing_slash", Title: "wrong path signed", Where: InString, slots: []string{"signed path"},
		Says:   "The signed path ends in a slash that is not requested.",
		Checks: "which path was signed, so that a signature serves for another interface",
		sign: func(s *tampering) {
			path, query, has := strings.Cut(s.content.Target, "?")
			s.content.Target = path + "/"
			if has {
				s.content.Target += "?" + query
			}
		}},
	{Name: "time_differs_from_header", Title: "another time signed", Where: InString, slots: []string{"signed time"},
		Says:   "The signed time is a second before Request-Time, as of a clock that is read twice.",
		Checks: "whether Request-Time is the one that was signed, so that an old request can be replayed with a new time",
		sign:   func(s *tampering) { s.signedBefore(time.Second) }},
	{Name: "signature_stale", Title: "stale signature", Where: InString, slots: []string{"signed time"},
		Cause:  "time_differs_from_header",
		Says:   "The signature is ten minutes old, Request-Time is not.",
		Checks: "whether Request-Time is the one that was signed, so that an old request can be replayed with a new time",
		sign:   func(s *tampering) { s.signedBefore(10 * time.Minute) }},
	{Name: "signature_of_other_request", Title: "another request's signature", Where: InString,
		slots: []string{"signed time", "signed body"}, Cause: "content_mismatch_unknown",
		Says:   "The signature is that of an earlier request with another body.",
		Checks: "whether the signature belongs to the request",
		sign: func(s *tampering) {
			s.signedBefore(7 * time.Minute)
			s.content.Body = []byte(`{"earlier":"request"}`)
		}},
	{Name: "body_empty_signed", Title: "empty body signed", Where: InString, slots: []string{"signed body"},
		Says:   "An empty body was signed.",
		Checks: "whether the signature covers the body",
		sign:   func(s *tampering) { s.content.Body = nil }},
	{Name: "wrong_key", Title: "wrong key", Where: InSignature, Cause: "wrong_key_unknown",
		Says:   "It is signed with a throw-away key that was made for this.",
		Checks: "whose key signed, so that anybody can sign",
		sign:   func(s *tampering) { s.signer, s.err = s.key() }},
	{Name: "hash_sha1", Title: "SHA-1", Where: InSignature, slots: []string{"hash"},
		Says:   "It is signed with SHA-1 where RSA256 means SHA-256.",
		Checks: "the hash of the signature",
		sign:   func(s *tampering) { s.hash = crypto.SHA1 }},
	{Name: "padding_pss", Title: "PSS padding", Where: InSignature, slots: []string{"hash"},
		Says:   "It is signed with RSA-PSS where RSA256 means PKCS#1 v1.5.",
		Checks: "the padding of the signature",
		sign:   func(s *tampering) { s.pss = true }},
	{Name: "key_version_unknown", Title: "unknown keyVersion", Where: InValue, Header: signing.HeaderName,
		Says:   "The Signature header names keyVersion 999.",
		Checks: "the keyVersion in the Signature header",
		sign:   func(s *tampering) { s.style.KeyVersion = "999" }},
	{Name: "algorithm_unknown", Title: "another algorithm", Where: InValue, Header: signing.HeaderName,
		Says:   "The Signature header names the algorithm RSA512; it is made with RSA256.",
		Checks: "the algorithm in the Signature header",
		wire:   func(s *tampering, _ *Message) bool { s.algorithm = "RSA512"; return true }},
	{Name: "signature_truncated", Title: "signature cut", Where: InValue, Header: signing.HeaderName,
		slots:  []string{"value"},
		Says:   "Only the first half of the signature is sent.",
		Checks: "the signature at all",
		wire: valued(func(s *tampering, sig []byte) string {
			return signing.EncodeValue(sig[:len(sig)/2-1], s.style.Encoding)
		})},
	{Name: "signature_corrupted", Title: "signature changed", Where: InValue, Header: signing.HeaderName,
		slots:  []string{"value"},
		Says:   "One bit of the signature is turned.",
		Checks: "the signature at all",
		wire: valued(func(s *tampering, sig []byte) string {
			turned := append([]byte{}, sig...)
			turned[len(turned)/2] ^= 1
			return signing.EncodeValue(turned, s.style.Encoding)
		})},
	{Name: "signature_not_base64", Title: "signature not base64", Where: InValue, Header: signing.HeaderName,
		slots:  []string{"value"},
		Says:   "The signature value is no base64.",
		Checks: "the signature at all",
		wire:   valued(func(*tampering, []byte) string { return "*this-is-no-base64*" })},
	{Name: "signature_double_urlencoded", Title: "encoded twice", Where: InValue, Header: signing.HeaderName,
		slots:  []string{"value"},
		Says:   "The signature value is percent-encoded twice.",
		Checks: "how the signature value is written",
		wire: valued(func(_ *tampering, sig []byte) string {
			return strings.ReplaceAll(signing.EncodeValue(sig, signing.PercentBase64), "%", "%25")
		})},
	{Name: "signature_empty", Title: "empty signature", Where: InValue, Header: signing.HeaderName,
		slots:  []string{"value"},
		Says:   "The signature pair of the Signature header is empty.",
		Checks: "the signature at all",
		wire:   valued(func(*tampering, []byte) string { return "" })},
	{Name: "signature_missing", Title: "no signature", Where: InValue, Header: signing.HeaderName,
		slots:  []string{"value", slotMissing},
		Says:   "The Signature header is left out.",
		Checks: "whether a request is signed",
		wire:   func(*tampering, *Message) bool { return false }},
	{Name: "body_changed_in_transit", Title: "body changed after signing", Where: InBody,
		Cause:  "body_whitespace_trimmed",
		Says:   "A blank was added to the body after it was signed.",
		Checks: "whether the signature covers the body",
		wire:   func(_ *tampering, m *Message) bool { m.Body = append(m.Body, ' '); return true }},
})

// usual fills in what goes without saying: what breaks the signature is refused
// for it, and the diagnosis calls it by its name.
func usual(rows []Tamper) []Tamper {
	for i := range rows {
		r := &rows[i]
		if r.Where != InHeader {
			r.due, r.Cause = dueSignature, cmp.Or(r.Cause, r.Name)
		}
		r.Expect = cmp.Or(r.Expect, r.due.expect)
		if r.Codes == nil {
			r.Codes = r.due.codes
		}
	}
	return rows
}

// valued makes a tamper of the signature value.
func valued(value func(s *tampering, sig []byte) string) func(*tampering, *Message) bool {
	return func(s *tampering, _ *Message) bool {
		sig, _, err := signing.DecodeValue(s.value)
		if err == nil {
			s.value = value(s, sig)
		}
		return true
	}
}

// signedBefore signs an earlier time than the header tells.
func (s *tampering) signedBefore(d time.Duration) {
	if t, format, err := s.format.Parse(s.content.Time); err == nil {
		s.content.Time = FormatTime(t.Add(-d), format)
		return
	}
	s.content.Time = FormatTime(s.at.Add(-d), s.format)
}

func noMerchant(p *Profile) string {
	switch p.MerchantID {
	case "":
		return "the profile has no merchant_id"
	case p.ClientID:
		return "the profile's merchant_id is its client_id"
	}
	return ""
}

// otherID is an id of the same form that differs in its last character.
func otherID(id string) string {
	if id == "" {
		return "1"
	}
	last := byte('0')
	if id[len(id)-1] == '0' {
		last = '1'
	}
	return id[:len(id)-1] + string(last)
}
