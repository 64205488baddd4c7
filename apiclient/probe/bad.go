package probe

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"slices"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// Fixes that several rows share.
const (
	fixPresent = "Refuse before anything else when the Signature header, or the signature in it, is missing or empty."
	fixVerify  = "Let the RSA verification alone decide, and take every error of decoding or verifying for a refusal."
	fixAlg     = "Do not let the header choose: verify RSASSA-PKCS1-v1_5 with SHA-256, and refuse any other algorithm."
	fixKey     = "Verify with the public key that the Super App gave out, and with no other."
	fixRaw     = "Verify over the bytes as they arrived, before the body is parsed; never over JSON that was written again."
	fixPath    = "Build the string with the path that is requested, whole and unchanged."
	fixTime    = "Refuse a Request-Time more than five minutes from your clock, after the signature has been verified."
	fixClient  = "Compare the Client-Id header with your own; build the string with the header's value."
	fixBounds  = "Bound the size and the time of a request before it is read."
)

func refused(group, fix string, list ...Case) []Case {
	for i := range list {
		list[i].Group, list[i].Expect = group, Refused
		if list[i].Fix == "" {
			list[i].Fix = fix
		}
	}
	return list
}

// bad are the callbacks that every right server refuses.
func bad() []Case {
	return slices.Concat(badSignatures(), badAlgorithms(), badKeys(), badBodies(), badPaths(), badTimes(), badClients(), badSizes())
}

func badSignatures() []Case {
	return refused("signature", fixVerify,
		Case{Name: "signature_missing", Sends: "No Signature header.", Why: "Anybody can send that.", Fix: fixPresent,
			alters: func(r *request, _ []byte) { r.drop(r.name(signing.HeaderName)) }},
		Case{Name: "signature_header_empty", Sends: "A Signature header without a value.", Why: "It signs nothing.", Fix: fixPresent,
			alters: func(r *request, _ []byte) { r.signature("") }},
		Case{Name: "signature_pair_missing", Sends: "A Signature header without the pair signature=.",
			Why: "It signs nothing.", Fix: fixPresent,
			alters: func(r *request, _ []byte) {
				r.signature(strings.TrimSuffix(strings.TrimSuffix(r.pairs("RSA256", ""), "signature="), ", "))
			}},
		Case{Name: "signature_empty", Sends: "An empty value in signature=.", Why: "It signs nothing.", Fix: fixPresent,
			alters: func(r *request, _ []byte) { r.value(nil) }},
		Case{Name: "signature_not_base64", Sends: "A value that is no base64.", Why: "It cannot be a signature.",
			alters: func(r *request, _ []byte) { r.signature(r.style.Header("*this-is-no-base64*")) }},
		Case{Name: "signature_truncated", Sends: "The first half of the right signature.", Why: "Half a signature proves nothing.",
			alters: func(r *request, _ []byte) { r.value(r.sig[:len(r.sig)/2]) }},
		Case{Name: "signature_byte_short", Sends: "The right signature without its last byte.", Why: "A signature is as long as its key.",
			alters: func(r *request, _ []byte) { r.value(r.sig[:len(r.sig)-1]) }},
		Case{Name: "signature_extended", Sends: "The right signature with a byte behind it.", Why: "A signature is as long as its key.",
			alters: func(r *request, _ []byte) { r.value(append(bytes.Clone(r.sig), 0)) }},
		Case{Name: "signature_corrupted", Sends: "The right signature with one bit turned.", Why: "It does not verify.",
			alters: func(r *request, _ []byte) { s := bytes.Clone(r.sig); s[len(s)/2] ^= 1; r.value(s) }},
		Case{Name: "signature_other_case", Sends: "The right signature with its letters in the other case.",
			Why: "Base64 tells a from A: these are other bytes.", Fix: "Do not change the case of the header: only " +
				"algorithm is read without it.",
			alters: func(r *request, _ []byte) {
				value := base64.StdEncoding.EncodeToString(r.sig)
				r.signature(r.style.Header(strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(otherCase(value))))
			}},
		Case{Name: "signature_zeros", Sends: "Zeros for a signature.", Why: "Zero to any power is zero: no padding is in it.",
			alters: func(r *request, _ []byte) { r.value(make([]byte, len(r.sig))) }},
		Case{Name: "signature_is_digest", Sends: "The SHA-256 of the string for a signature.", Why: "Anybody can compute that.",
			alters: func(r *request, canonical []byte) { sum := sha256.Sum256(canonical); r.value(sum[:]) }},
		Case{Name: "signature_of_other_request", Sends: "The signature of an earlier callback, on this one.",
			Why: "Who has seen one callback could send any other.", signs: func(c *signing.Content) {
				c.Body, c.Time = []byte(`{"earlier":"callback"}`), another(c.Time)
			}},
		Case{Name: "signatures_both_wrong", Sends: "Two Signature headers, neither of them right.", Why: "None of them verifies.",
			alters: func(r *request, _ []byte) {
				r.value(make([]byte, len(r.sig)))
				s := bytes.Clone(r.sig)
				s[0] ^= 1
				r.header = append(r.header, apiclient.Field{Name: r.name(signing.HeaderName),
					Value: r.style.Header(signing.EncodeValue(s, r.style.Encoding))})
			}},
	)
}

func otherCase(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z':
			return c - 'a' + 'A'
		case c >= 'A' && c <= 'Z':
			return c - 'A' + 'a'
		}
		return c
	}, s)
}

func badAlgorithms() []Case {
	return refused("algorithm", fixAlg,
		Case{Name: "algorithm_none", Sends: "algorithm=none and an empty signature.", Why: "Anybody can send that.",
			alters: func(r *request, _ []byte) { r.signature(r.pairs("none", "")) }},
		Case{Name: "algorithm_none_with_value", Sends: "algorithm=none and a signature that nobody made.", Why: "Anybody can send that.",
			alters: func(r *request, _ []byte) {
				r.signature(r.pairs("none", signing.EncodeValue(make([]byte, len(r.sig)), r.style.Encoding)))
			}},
		Case{Name: "algorithm_hmac", Sends: "algorithm=HMAC256, and an HMAC under the public key.",
			Why: "The public key is no secret: anybody can compute that.",
			alters: func(r *request, canonical []byte) {
				r.signature(r.pairs("HMAC256", signing.EncodeValue(macOf(&r.key.PublicKey, canonical), r.style.Encoding)))
			}},
		Case{Name: "hash_sha1", Sends: "A signature made with SHA-1.", Why: "RSA256 means SHA-256; SHA-1 is broken.",
			sends: func(r *request, _ *kit) { r.hash = crypto.SHA1 }},
		Case{Name: "hash_sha512", Sends: "A signature made with SHA-512.", Why: "RSA256 means SHA-256.",
			sends: func(r *request, _ *kit) { r.hash = crypto.SHA512 }},
		Case{Name: "padding_pss", Sends: "A signature with RSA-PSS padding.", Why: "RSA256 means PKCS#1 v1.5.",
			sends: func(r *request, _ *kit) { r.pss = true }},
	)
}

func badKeys() []Case {
	stranger := func(r *request, k *kit) { r.key = k.stranger }
	return refused("key", fixKey,
		Case{Name: "wrong_key", Sends: "A signature made with a key that nobody knows.", Why: "Anybody can make a key.", sends: stranger},
		Case{Name: "merchant_key", Sends: "A signature made with your own private key.",
			Why:   "Your own key proves nothing about the Super App: verifying with it is the most frequent mistake of all.",
			sends: func(r *request, k *kit) { r.key = k.merchant }},
		Case{Name: "key_version_unknown_wrong_key", Sends: "keyVersion=999, signed with a key that nobody knows.",
			Why: "There is no such key.", Fix: "Refuse a keyVersion that you have no key for.",
			sends: func(r *request, k *kit) { r.key, r.style.KeyVersion = k.stranger, "999" }},
	)
}

func badBodies() []Case {
	return refused("body", fixRaw,
		Case{Name: "body_changed", Sends: "A body in which a digit was changed after it was signed, of the amount where there is one.",
			Why:    "The signature covers the body.",
			alters: func(r *request, _ []byte) { r.swapBody(changed(r.body), "") }},
		Case{Name: "body_member_added", Sends: "A body with one member more than was signed.", Why: "The signature covers the body.",
			alters: func(r *request, _ []byte) { r.swapBody(with(r.body, "addedLater", "yes")) }},
		Case{Name: "body_member_doubled", Sends: "A body with one member twice, of which only the second was signed.",
			Why:    "Parsers disagree about which one counts; the bytes were not signed.",
			alters: func(r *request, _ []byte) { r.swapBody(doubled(r.body)) }},
		Case{Name: "body_pretty", Sends: "A body that was laid out in lines after it was signed.", Why: "The bytes are others.",
			alters: func(r *request, _ []byte) { r.swapBody(pretty(r.body)) }},
		Case{Name: "body_spaced", Sends: "A body with spaces behind : and , that were not signed.", Why: "The bytes are others.",
			alters: func(r *request, _ []byte) { r.swapBody(spaced(r.body)) }},
		Case{Name: "body_members_reordered", Sends: "A body whose members were put in another order after it " +
			"was signed.", Why: "The bytes are others.",
			alters: func(r *request, _ []byte) { r.swapBody(reordered(r.body)) }},
		Case{Name: "body_escaped", Sends: `A body in which a letter was written as \u00XX after it was signed.`,
			Why:    "The bytes are others.",
			alters: func(r *request, _ []byte) { r.swapBody(escaped(r.body)) }},
		Case{Name: "body_space_added", Sends: "A body with a space behind it that was not signed.", Why: "The bytes are others.",
			Fix:    "Verify over the bytes as they arrived: do not trim them.",
			alters: func(r *request, _ []byte) { r.swapBody(append(bytes.Clone(r.body), ' '), "") }},
		Case{Name: "body_newline_added", Sends: "A body with a line end behind it that was not signed.", Why: "The bytes are others.",
			Fix:    "Verify over the bytes as they arrived: do not trim them.",
			alters: func(r *request, _ []byte) { r.swapBody(append(bytes.Clone(r.body), '\n'), "") }},
		Case{Name: "body_bom_added", Sends: "A body with a byte order mark before it that was not signed.", Why: "The bytes are others.",
			Fix:    "Verify over the bytes as they arrived, before they are decoded to text.",
			alters: func(r *request, _ []byte) { r.swapBody(append([]byte("\xef\xbb\xbf"), r.body...), "") }},
		Case{Name: "body_not_signed", Sends: "A signature over an empty body.", Why: "The signature must cover the body.",
			signs: func(c *signing.Content) { c.Body = nil }},
		Case{Name: "body_removed", Sends: "No body, with the signature of the whole one.", Why: "The signature covers the body.",
			alters: func(r *request, _ []byte) { r.swapBody(nil, "") }},
	)
}

func badPaths() []Case {
	return refused("path", fixPath,
		Case{Name: "path_other", Sends: "A signature for another path.", Why: "A callback for one address would serve for another.",
			signs: func(c *signing.Content) { c.Target = anotherPath(c.Target) }},
		Case{Name: "path_root", Sends: "A signature for the path /.", Why: "It is not the path that is called.",
			sends: func(r *request, _ *kit) {
				if r.target == "/" {
					r.cannot = "your server's path is /"
				}
			}, signs: func(c *signing.Content) { c.Target = "/" }},
		Case{Name: "path_trailing_slash", Sends: "A signature for the path with a slash behind it.",
			Why: "It is not the path that is called.",
			signs: func(c *signing.Content) {
				path, query, has := strings.Cut(c.Target, "?")
				if c.Target = path + "/"; has {
					c.Target += "?" + query
				}
			}},
		Case{Name: "path_whole_url", Sends: "A signature for the whole URL.", Why: "The path is signed, without scheme and host.",
			signs: func(c *signing.Content) { c.Target = "https://merchant.example.com" + c.Target }},
		Case{Name: "method_other", Sends: "A signature for the method PUT.", Why: "The method is signed, too.",
			Fix:   "Build the string with the method of the request, which must be POST.",
			signs: func(c *signing.Content) { c.Method = "PUT" }},
	)
}

func badTimes() []Case {
	return refused("time", fixTime,
		Case{Name: "time_hour_old", Verifies: true, Sends: "A callback that was signed an hour ago.",
			Why:   "Who has recorded one could send it again for ever.",
			sends: func(r *request, _ *kit) { r.sendAt(r.now.Add(-time.Hour)) }},
		Case{Name: "time_day_old", Verifies: true, Sends: "A callback that was signed a day ago.",
			Why:   "Who has recorded one could send it again for ever.",
			sends: func(r *request, _ *kit) { r.sendAt(r.now.Add(-24 * time.Hour)) }},
		Case{Name: "time_hour_ahead", Verifies: true, Sends: "A callback with a time an hour ahead, and signed so.",
			Why:   "It would stay good for longer than any clock is wrong.",
			sends: func(r *request, _ *kit) { r.sendAt(r.now.Add(time.Hour)) }},
		Case{Name: "time_not_signed", Sends: "A signature of ten minutes ago with the time of now in Request-Time.",
			Why: "The time must be the one that was signed, or an old callback gets a new time.",
			Fix: "Build the string with the Request-Time header as it stands.",
			alters: func(r *request, _ []byte) {
				r.set(r.name(apiclient.HeaderRequestTime), apiclient.FormatTime(r.now, r.profile.TimeFormat))
			}, sends: func(r *request, _ *kit) { r.sendAt(r.now.Add(-10 * time.Minute)) }},
		Case{Name: "time_missing", Sends: "No Request-Time.", Why: "It is part of what is signed.",
			Fix:    "Refuse a callback without Request-Time.",
			alters: func(r *request, _ []byte) { r.drop(r.name(apiclient.HeaderRequestTime)) }},
		Case{Name: "time_unreadable", Verifies: true, Sends: "The word now in Request-Time, and signed so.", Why: "It is no time.",
			Fix:   "Refuse a Request-Time that is no time.",
			sends: func(r *request, _ *kit) { r.sendTime("now") }},
	)
}

func badClients() []Case {
	return refused("client", fixClient,
		Case{Name: "client_id_other", Verifies: true, Sends: "A callback for another client, rightly signed.",
			Why:   "The Super App signs for all its clients with one key: it is another merchant's callback.",
			sends: func(r *request, _ *kit) { r.sendClient(another(r.content.ClientID)) }},
		Case{Name: "client_id_not_signed", Sends: "The signature of another client's callback with your Client-Id.",
			Why: "It is another merchant's callback, and its Client-Id was changed.", Fix: fixClient,
			signs: func(c *signing.Content) { c.ClientID = another(c.ClientID) }},
		Case{Name: "client_id_missing", Verifies: true, Sends: "No Client-Id.", Why: "It is part of what is signed.",
			Fix:    "Refuse a callback without Client-Id; do not put your own in its place.",
			alters: func(r *request, _ []byte) { r.drop(r.name(apiclient.HeaderClientID)) }},
	)
}

// huge is more than any callback has, in bytes.
const huge = 4 << 20

func badSizes() []Case {
	slow := func(cutHead bool, piece int, holds bool) func(*request, []byte) {
		return func(r *request, _ []byte) {
			body := len(r.body)
			r.slow = func(c net.Conn) net.Conn {
				head := len(r.message("POST").HeadBytes())
				cut := head + body/2
				if cutHead {
					cut = head / 2
				}
				t := &trickle{Conn: c, piece: piece, cut: cut}
				switch {
				case holds && cutHead:
					t.pause = r.hold / time.Duration(cut/piece+1)
				case holds:
					t.hold = r.hold
				}
				return t
			}
		}
	}
	return refused("size", fixBounds,
		Case{Name: "huge_body", Silence: true, Last: true, Sends: "4 MB of JSON behind the signature of the valid body.",
			Why: "It is not what was signed, and no callback is as large.",
			alters: func(r *request, _ []byte) {
				r.swapBody(append(bytes.Clone(r.body), bytes.Repeat([]byte(" "), huge)...), "")
			}},
		Case{Name: "huge_signature", Silence: true, Sends: "A signature of 48 KB.", Why: "It is no signature.", Fix: fixVerify,
			alters: func(r *request, _ []byte) {
				r.value(bytes.Repeat([]byte{0xff}, 36<<10))
			}},
		Case{Name: "deep_body", Silence: true, Sends: "A body of 10,000 nested arrays, with the signature of the valid one.",
			Why: "Who parses before the signature is verified can be brought down by anybody.",
			alters: func(r *request, _ []byte) {
				r.swapBody([]byte(strings.Repeat("[", 10000)+strings.Repeat("]", 10000)), "")
			}},
		Case{Name: "cut_body", Verifies: true, Silence: true, Last: true, Sends: "Half of the body, and then the end of the connection.",
			Why: "What is cut off is not whole.", Fix: "Refuse a body that is shorter than Content-Length.",
			alters: slow(false, 64<<10, false)},
		Case{Name: "slow_body", Verifies: true, Silence: true, Last: true,
			Sends: "Half of the body, two seconds of nothing, and then the end.",
			Why:   "What is cut off is not whole.", alters: slow(false, 64<<10, true)},
		Case{Name: "slow_head", Verifies: true, Silence: true, Last: true,
			Sends: "Half of the head in small pieces over two seconds, and then the end.",
			Why:   "There is no request.", alters: slow(true, 16, true)},
	)
}
