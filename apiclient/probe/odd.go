package probe

import (
	"bytes"
	"net"
	"slices"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// either are the callbacks about which right servers differ. Whether one was
// accepted or refused is told; neither is a failure.
func either() []Case {
	list := []Case{
		{Name: "replayed", Group: "replay", repeat: true, Last: true, Verifies: true,
			Sends: "The valid callback once more, byte for byte.",
			Why:   "The Super App repeats a callback until it is answered with S, and anybody who recorded it can repeat it.",
			Accepts: "Right if your handler does nothing the second time: the payment must be credited once. Whether " +
				"it does, only you can see.",
			Fix: "Remember which notifications were handled, by paymentId, and answer S without doing it again."},
		{Name: "time_four_minutes_old", Group: "time", Verifies: true, Sends: "A callback that was signed four minutes ago.",
			Why:     "One platform publishes a tolerance of five minutes; clocks and networks are late.",
			Refuses: "Yours allows less than the published five minutes: a late callback is lost until it is sent again.",
			Fix:     "Allow five minutes in both directions.",
			sends:   func(r *request, _ *kit) { r.sendAt(r.now.Add(-4 * time.Minute)) }},
		{Name: "key_version_unknown", Group: "key", Verifies: true, Sends: "keyVersion=999, signed with the right key.",
			Why:     "keyVersion names the key; a server that has only one key may pass over it.",
			Accepts: "keyVersion is not looked at. That is safe while there is one key; when the key changes, it must choose.",
			Fix:     "Choose the public key by keyVersion, and refuse a version that you have no key for.",
			sends:   func(r *request, _ *kit) { r.style.KeyVersion = "999" }},
		{Name: "algorithm_other_named", Group: "algorithm", Verifies: true,
			Sends:   "algorithm=RSA512 over a signature that is made with RSA256.",
			Why:     "Only RSA256 is supported; a server that always verifies RSA256 is safe without looking.",
			Accepts: "algorithm is not looked at. That is safe as long as nothing but RSA256 is ever verified.",
			Fix:     fixAlg,
			alters:  func(r *request, _ []byte) { r.signature(r.pairs("RSA512", r.right())) }},
		{Name: "signature_repeated_first", Group: "signature", Verifies: true,
			Sends:   "Two Signature headers: the right one, then a wrong one.",
			Why:     "Receivers disagree about which one counts; the first is right.",
			Accepts: "The first one counts. It is right, so nothing was forged; a proxy before you may look at the other.",
			Fix:     "Refuse a request with more than one Signature header.",
			alters: func(r *request, _ []byte) {
				r.header = append(r.header, apiclient.Field{Name: r.name(signing.HeaderName), Value: wrong(r)})
			}},
		{Name: "signature_repeated_last", Group: "signature", Sends: "Two Signature headers: a wrong one, then the right one.",
			Why:     "Receivers disagree about which one counts; the last is right.",
			Accepts: "The last one counts. It is right, so nothing was forged; a proxy before you may look at the other.",
			Fix:     "Refuse a request with more than one Signature header.",
			alters: func(r *request, _ []byte) {
				right := r.style.Header(r.right())
				r.signature(wrong(r))
				r.header = append(r.header, apiclient.Field{Name: r.name(signing.HeaderName), Value: right})
			}},
		{Name: "time_repeated", Group: "time", Verifies: true, Sends: "Request-Time twice: the one that was signed, " +
			"then one of an hour ago.",
			Why:     "Receivers disagree about which one counts.",
			Accepts: "The first one counts, and it is signed, so nothing was forged.",
			Fix:     "Refuse a request in which a header of the protocol is there twice.",
			alters: func(r *request, _ []byte) {
				r.header = append(r.header, apiclient.Field{Name: r.name(apiclient.HeaderRequestTime),
					Value: apiclient.FormatTime(r.now.Add(-time.Hour), r.profile.TimeFormat)})
			}},
		{Name: "query_added", Group: "path", Sends: "A query behind the path that was not signed.",
			Why:     "Path and query are signed.",
			Accepts: "The query is not part of what you verify. That is harmless only while your handler reads nothing from it.",
			Fix:     "Build the string with path and query as they are requested.",
			alters:  func(r *request, _ []byte) { r.target = withQuery(r.target) }},
		{Name: "query_signed", Group: "path", Verifies: true, Sends: "A query behind the path, rightly signed.",
			Why:     "Path and query are signed; a notify URL may have one.",
			Refuses: "A notify URL with a query would not work with your server.",
			Fix:     "Build the string with path and query as they are requested.",
			sends:   func(r *request, _ *kit) { r.sendTarget(withQuery(r.target)) }},
		{Name: "body_member_doubled_signed", Group: "body", Verifies: true, Sends: "A body with one member twice, rightly signed.",
			Why:     "The Super App signed it, if oddly; parsers disagree about which one counts.",
			Accepts: "A proxy or another service of yours may read the other one.",
			Fix:     "Refuse JSON in which a member is there twice.",
			sends:   func(r *request, _ *kit) { r.sendBody(doubled(r.body)) }},
		{Name: "body_not_json", Group: "body", Verifies: true, Sends: "A body that is no JSON, rightly signed.",
			Why:     "It can be verified and not understood.",
			Accepts: "S says that it was handled: the Super App will not send it again.",
			Fix:     "Answer F or U to what your handler cannot read.",
			sends:   func(r *request, _ *kit) { r.sendBody([]byte("this is no JSON"), "") }},
	}
	for i := range list {
		list[i].Expect = Either
	}
	return list
}

func wrong(r *request) string {
	return r.style.Header(signing.EncodeValue(make([]byte, len(r.sig)), r.style.Encoding))
}

func withQuery(target string) string {
	if strings.Contains(target, "?") {
		return target + "&probe=1"
	}
	return target + "?probe=1"
}

const (
	fixHeader = "Read the header as pairs: split at commas, then once at the first =, trim spaces, and take them in any order."
	fixOdd    = "Verify over the bytes as they arrived: what is between the braces is not yours to write again."
)

// odd are valid callbacks in spellings that are allowed, if not usual.
func odd() []Case {
	value := func(pairs func(r *request) string) func(*request, []byte) {
		return func(r *request, _ []byte) { r.signature(pairs(r)) }
	}
	list := []Case{
		{Name: "header_names_lower", Fix: "Look headers up without regard to their case.", Sends: "The names of all headers in lower case.",
			Why:    "Names of headers have no case; HTTP/2 and many proxies write them so.",
			alters: func(r *request, _ []byte) { r.rename(strings.ToLower) }},
		{Name: "header_names_upper", Fix: "Look headers up without regard to their case.", Sends: "The names of all headers in upper case.",
			Why: "Names of headers have no case.", alters: func(r *request, _ []byte) { r.rename(strings.ToUpper) }},
		{Name: "headers_reordered", Sends: "The headers in the reverse order.", Why: "Headers of different names have no order.",
			alters: func(r *request, _ []byte) { slices.Reverse(r.header) }},
		{Name: "pairs_reordered", Sends: "signature= before algorithm= in the Signature header.", Why: "The pairs have no order.",
			alters: value(func(r *request) string {
				list := strings.Split(r.pairs("RSA256", r.right()), ", ")
				slices.Reverse(list)
				return strings.Join(list, ", ")
			})},
		{Name: "pairs_without_space", Sends: "No space behind the commas of the Signature header.", Why: "The SDKs write it so.",
			alters: value(func(r *request) string {
				return strings.ReplaceAll(r.pairs("RSA256", r.right()), ", ", ",")
			})},
		{Name: "pairs_with_spaces", Sends: "More spaces around the pairs of the Signature header.",
			Why: "Spaces around a pair mean nothing.",
			alters: value(func(r *request) string {
				return strings.ReplaceAll(r.pairs("RSA256", r.right()), ", ", " ,  ")
			})},
		{Name: "algorithm_lower", Sends: "algorithm=rsa256.", Why: "The algorithm has no case.",
			Fix: "Compare algorithm without regard to its case.",
			alters: value(func(r *request) string {
				return r.pairs("rsa256", r.right())
			})},
		{Name: "key_version_missing", Sends: "No keyVersion.", Why: "Without it the newest key counts.",
			Fix:    "Take the newest public key where keyVersion is missing.",
			alters: value(func(r *request) string { return "algorithm=RSA256, signature=" + r.right() })},
		{Name: "percent_lower", Sends: "Lower-case percent escapes in the signature: %2f.",
			Why: "The hex of an escape has no case; .NET writes it so.",
			Fix: "Decode the value with a URL decoder, not by replacing %2F, %2B and %3D.",
			alters: value(func(r *request) string {
				return r.style.Header(signing.EncodeValue(r.sig, signing.PercentBase64Lower))
			})},
		{Name: "body_pretty_signed", Fix: fixOdd, Sends: "A body laid out in lines, rightly signed.",
			Why:   "The bytes that arrived are the ones that were signed.",
			sends: func(r *request, _ *kit) { r.sendBody(pretty(r.body)) }},
		{Name: "body_reordered_signed", Fix: fixOdd, Sends: "A body with its members in another order, rightly signed.",
			Why:   "Members of an object have no order.",
			sends: func(r *request, _ *kit) { r.sendBody(reordered(r.body)) }},
		{Name: "body_escaped_signed", Fix: fixOdd, Sends: `A body with escapes, \u0070 and \/, rightly signed.`,
			Why:   "Escapes are JSON; many serialisers write them.",
			sends: func(r *request, _ *kit) { r.sendBody(escaped(r.body)) }},
		{Name: "body_letters_signed", Fix: "Verify over the bytes as they arrived, in UTF-8, before they are decoded to text.",
			Sends: "A body with letters of other scripts, rightly signed.", Why: "Bodies are UTF-8.",
			sends: func(r *request, _ *kit) { r.sendBody(with(r.body, "note", "Überweisung 支付 😀")) }},
		{Name: "body_newline_signed", Fix: fixOdd, Sends: "A body that ends in a line end, rightly signed.",
			Why:   "The bytes that arrived are the ones that were signed.",
			sends: func(r *request, _ *kit) { r.sendBody(append(bytes.Clone(r.body), '\n'), "") }},
		{Name: "member_unknown", Fix: "Pass over members that you do not know.",
			Sends: "A body with a member that no document has, rightly signed.",
			Why:   "Platforms add members without asking.",
			sends: func(r *request, _ *kit) { r.sendBody(with(r.body, "memberOfTomorrow", "1")) }},
		{Name: "in_pieces", Fix: "Read the body to the length that Content-Length says.",
			Sends: "The request in three pieces over half a second.",
			Why:   "A network delivers as it likes.",
			alters: func(r *request, _ []byte) {
				r.slow = func(c net.Conn) net.Conn {
					size := len(r.message("POST").HeadBytes()) + len(r.body)
					return &trickle{Conn: c, piece: size/3 + 1, pause: r.hold / 10}
				}
			}},
		{Name: retried, Fix: "Answer S to what you have handled already; with anything else it is sent again and again.",
			Sends: "The same callback again, with a new time and signature.",
			Why:   "The Super App sends it again where your answer was lost: what was handled is answered with S, and not done twice."},
		{Name: "still_there", Last: true, Fix: fixBounds, Sends: "The valid callback after all the others.",
			Why: "No callback may harm the server for the next one."},
	}
	for i := range list {
		list[i].Group, list[i].Expect, list[i].Verifies = "spelling", Accepted, true
		if list[i].Fix == "" {
			list[i].Fix = fixHeader
		}
	}
	for i := len(list) - 2; i < len(list); i++ {
		list[i].Group = "replay"
	}
	return list
}

// rename writes the names of all headers in another case.
func (r *request) rename(as func(string) string) {
	for i := range r.header {
		r.header[i].Name = as(r.header[i].Name)
	}
}
