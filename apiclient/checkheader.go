package apiclient

import (
	"cmp"
	"fmt"
	"mime"
	"net/url"
	"strings"
	"time"

	"countersign/apiclient/signing"
	"countersign/apiclient/xmltext"
)

// checkTarget names what is legal in a target and yet hardly ever meant.
func checkTarget(i *inspection) []Finding {
	path, prefix := i.m.Path(), i.client.profile.Prefix()
	var findings []Finding
	if prefix != "" && strings.HasPrefix(path, prefix+prefix+"/") {
		findings = append(findings, i.finding(Warn, "", "path_prefix_doubled", "Leave it out of the path: base_url has it.",
			"The path has the prefix %s twice.", prefix))
	}
	if strings.Contains(path, "#") {
		findings = append(findings,
			i.finding(Warn, "", "path_fragment_signed", "Write %23 for a #: HTTP libraries and gateways drop what follows it.",
				"The path contains a #; it is sent and signed as it is."))
	}
	return findings
}

func checkClientID(i *inspection, value string) Finding {
	want := i.e.ClientID
	if i.side == ResponseSide {
		want = i.client.rule.Asking(i.e)
	}
	switch {
	case value == "":
		return i.say(Problem, "client_id_empty", "The protocol requires it.", "Client-Id is empty.")
	case value == want || want == "" || i.side == ResponseSide && i.client.rule.answersFor(i.e, value):
		return i.say(Good, "ok", "", "It names the client of this profile.")
	case value == i.e.MerchantID:
		return i.say(Problem, "client_id_merchant_id_used", "Put the client id there.",
			"This is the Merchant-Id, not the Client-Id.")
	case strings.EqualFold(value, want):
		return i.say(Problem, "client_id_case", "Ids are compared byte for byte.",
			"It differs from %s in upper and lower case.", want)
	case i.side == ResponseSide:
		return i.say(Problem, "response_client_id_header_differs",
			"Let the other side send the id of the client that asked.",
			"It differs from the request's, %s.", want)
	}
	return i.say(Warn, "client_id_differs", "", "It differs from the profile's, %s.", want)
}

func checkMerchantID(i *inspection, value string) Finding {
	if want := i.e.MerchantID; value != want && want != "" {
		return i.say(Warn, "merchant_id_differs", "", "It differs from the profile's, %s.", want)
	}
	if value == "" {
		return i.say(Warn, "merchant_id_empty", "Leave it out or give a value.", "Merchant-Id is empty.")
	}
	return i.say(Good, "ok", "", "It names the merchant of this profile.")
}

func checkRequestTime(i *inspection, value string) Finding { return checkTime(i, RequestSide, value) }

func checkResponseTime(i *inspection, value string) Finding { return checkTime(i, ResponseSide, value) }

// checkTime judges the spelling and the difference to the local clock.
func checkTime(i *inspection, belongs Side, value string) Finding {
	if i.side != belongs {
		return i.say(Note, "time_of_other_side", "", "It belongs in a %s and is not looked at here.", belongs)
	}
	wanted := cmp.Or(i.client.profile.TimeFormat, Millis)
	t, format, err := wanted.Parse(value)
	if err != nil {
		return i.say(Problem, "time_unreadable", "Write epoch milliseconds, such as 1682060290199.",
			"It cannot be read: %v.", err)
	}
	var skew time.Duration
	known, says := !i.clock.IsZero(), ""
	if known {
		skew = t.Sub(i.clock)
		says = fmt.Sprintf(" It is %+d ms from this computer's clock.", skew.Milliseconds())
	}
	switch limit := i.client.maxSkew(); {
	case format == Seconds && wanted != Seconds:
		return i.say(Problem, "time_in_seconds", "Send epoch milliseconds: 13 digits.",
			"It is in seconds where milliseconds belong.%s", says)
	case format == Micros && wanted != Micros:
		return i.say(Problem, "time_in_microseconds", "Send epoch milliseconds: 13 digits.",
			"It is in microseconds where milliseconds belong.%s", says)
	case known && skew.Abs() > limit:
		return i.say(Problem, "clock_skew",
			"Set the clock of the side that is wrong: receivers refuse old and future messages.",
			"It is %s off this computer's clock; at most %s is tolerated.", skew.Round(time.Millisecond), limit)
	case format != wanted:
		return i.say(Note, "time_format_differs", "", "It is written as %s where the profile says %s.%s", format,
			wanted, says)
	}
	return i.say(Good, "ok", "", "It is written as %s.%s", format, says)
}

func (c *Client) maxSkew() time.Duration { return cmp.Or(c.profile.MaxSkew, DefaultMaxSkew) }

func checkSignature(i *inspection, _ string) Finding {
	if i.verdict.OK() {
		return i.say(Good, "ok", "", "%s", i.verdict.Reason)
	}
	return i.say(Problem, "signature_"+strings.ReplaceAll(string(i.verdict.Status), "-", "_"),
		i.verdict.Hint, "%s", i.verdict.Reason)
}

// signatureDetails are findings about the Signature header beyond its verdict.
func (i *inspection) signatureDetails() []Finding {
	if !i.m.Has(i.names.Of(signing.HeaderName)) || i.verdict.Status == signing.Undecodable &&
		len(i.verdict.Header.Pairs) == 0 {
		return nil
	}
	var findings []Finding
	add := func(s Severity, cause, hint, format string, args ...any) {
		findings = append(findings, i.finding(s, signing.HeaderName, cause, hint, format, args...))
	}
	h, theirs, version := i.verdict.Header, i.side == ResponseSide, i.client.profile.KeyVersion
	if i.e.Origin.Callback() {
		theirs = !theirs
	}
	if theirs && h.KeyVersion != "" && len(i.client.profile.PeerKeys) > 0 &&
		i.client.profile.PeerKeys[h.KeyVersion] == nil && i.side == ResponseSide {
		add(Problem, "key_version_unknown", fmt.Sprintf("Add peer_keys.%q to the profile.", h.KeyVersion),
			"No key is configured for keyVersion %s.", h.KeyVersion)
	}
	if !theirs && h.HasKeyVersion && h.KeyVersion != version && i.client.profile.Key != nil {
		add(Warn, "key_version_differs", "", "The header says keyVersion %s where the profile says %q.", h.KeyVersion, version)
	}
	if i.side == ResponseSide && i.verdict.Encoding != "" && i.verdict.Encoding != signing.PercentBase64 {
		add(Note, "signature_encoding", "", "The signature value is written as %s.", i.verdict.Encoding)
	}
	for _, w := range i.verdict.Warnings {
		add(Warn, w.Cause, "", "%s", w.Says)
	}
	return findings
}

func checkContentType(i *inspection, value string) Finding {
	kind, params, err := mime.ParseMediaType(value)
	switch charset := strings.ToLower(params["charset"]); {
	case err == nil && i.side == ResponseSide && i.form.markup == xmltext.XML:
		return i.xmlType(kind, charset)
	case err != nil:
		return i.say(Warn, "content_type_malformed", "Write application/json; charset=UTF-8.",
			"It cannot be read: %v.", err)
	case kind == MediaForm && !i.form.json:
		return i.say(Note, "content_type_form", "", "It is a form, as the body is.")
	case kind != "application/json" && !strings.HasSuffix(kind, "+json"):
		return i.say(Warn, "content_type_not_json", "Interfaces speak application/json.",
			"It is %s, not application/json.", kind)
	case charset != "" && charset != "utf-8" && charset != "utf8":
		return i.say(Warn, "charset_not_utf8", "The signed string is UTF-8: send the body as UTF-8.",
			"The charset is %s, not UTF-8.", params["charset"])
	}
	return i.say(Good, "ok", "", "It is JSON in UTF-8.")
}

// xmlType judges the Content-Type of an answer that is XML.
func (i *inspection) xmlType(kind, charset string) Finding {
	switch {
	case kind != "application/xml" && kind != "text/xml" && !strings.HasSuffix(kind, "+xml"):
		return i.say(Warn, "content_type_not_xml",
			"Clients that go by this header cannot read the answer: the other side should send application/xml.",
			"It is %s, and the body is XML.", kind)
	case charset != "" && charset != "utf-8" && charset != "utf8":
		return i.say(Warn, "charset_not_utf8",
			"The signed string is UTF-8: the other side should send the body as UTF-8.", "The charset is %s, not UTF-8.",
			charset)
	}
	return i.say(Good, "ok", "", "It is XML, as the body is.")
}

func checkContentLength(i *inspection, value string) Finding {
	if i.side == ResponseSide && (i.e.Request.Method() == "HEAD" || i.m.Status() == 304) {
		return i.say(Good, "ok", "", "It tells the length that a body would have.")
	}
	if value == fmt.Sprint(len(i.m.Body)) {
		return i.say(Good, "ok", "", "It is the length of the body in bytes.")
	}
	return i.say(Problem, "content_length_wrong", "It counts bytes, not characters.",
		"It says %q, and the body has %d bytes.", value, len(i.m.Body))
}

func checkContentEncoding(i *inspection, value string) Finding {
	switch {
	case len(i.m.ContentCodings()) == 0:
		return i.say(Good, "ok", "", "The body is not compressed.")
	case i.side == RequestSide:
		return i.say(Warn, "request_compressed",
			"The signature covers the bytes of the body as they are sent.", "It announces %s.", value)
	case i.m.Decoded == nil:
		return i.say(Note, "content_encoding", "", "The body is %s.", value)
	}
	return i.say(Note, "content_encoding", "No compression was asked for.",
		"The body came as %s: %d bytes, %d when decoded.", value, len(i.m.Body), len(i.m.Decoded))
}

func checkHost(i *inspection, value string) Finding {
	host := i.client.base.Host
	if u, err := url.Parse(i.e.URL); err == nil && u.Host != "" {
		host = u.Host // where it was really sent
	}
	if i.e.Origin != FromFile && value != host && i.side == RequestSide {
		return i.say(Warn, "host_differs", "", "It differs from the host that the request goes to, %s.", host)
	}
	return i.say(Good, "ok", "", "It names the host.")
}
