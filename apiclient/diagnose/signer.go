package diagnose

import (
	"crypto"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// regularHash is the hash of RSA256.
const regularHash = crypto.SHA256

// signerFindings say what is wrong with key, hash and padding: all certain, as
// a key opens only what it signed.
func (e *Evidence) signerFindings(r *Report) []Finding {
	if r.Signer == nil {
		return e.noSigner(r)
	}
	var list []Finding
	if !e.expects(r.Signer.Key) {
		list = append(list, e.otherKey(r))
	} else if f, ok := e.ownKeyExpected(r); ok {
		list = append(list, f)
	}
	if f, ok := paddingFinding(r); ok {
		f.Fix = e.toSigner(f.Fix)
		list = append(list, f)
	}
	if h := r.Signer.Hash; h != regularHash && h != 0 {
		name := HashName(h)
		f := suspected("hash_"+strings.ToLower(strings.NewReplacer("-", "", "/", "_").Replace(name)),
			fmt.Sprintf("The signature was made with %s where RSA256 means SHA-256.", name),
			e.toSigner(fmt.Sprintf("Sign with SHA256withRSA (RSA-SHA256); %s is what another algorithm name or an old "+
				"default gives.", name)))
		f.Proven, f.Signed, f.Expected = r.Signer.Certain, name, "SHA-256"
		list = append(list, f)
	}
	return list
}

// verifyWithTheirs is what to do where our own key was to verify their signature.
const verifyWithTheirs = "Verify with the public key that the Super App gave out (peer_keys), not with the one that was " +
	"handed in there; it is the most frequent mistake of all."

func (e *Evidence) expects(k apiclient.Key) bool {
	return slices.ContainsFunc(e.Expected, func(x apiclient.Key) bool { return x.ID == k.ID })
}

// otherKey says that a known key signed that was not expected, and which one.
func (e *Evidence) otherKey(r *Report) Finding {
	k := r.Signer.Key
	f := Finding{Cause: "wrong_key", Family: FamilyKey, Proven: r.Signer.Certain, Signed: k.ID, Expected: e.expectedNames()}
	f.Says = fmt.Sprintf("%s signed where %s was expected.", k.ID, e.expectedNames())
	f.Fix = fmt.Sprintf("Let the other side sign with %s, or verify with %s if that is the key that it has now.", e.expectedNames(), k.ID)
	if e.weSign() {
		f.Fix = fmt.Sprintf("Sign with the private key of %s; if %s is the right key, configure that one and "+
			"hand in its public key.", e.expectedNames(), k.ID)
	}
	if len(e.Expected) == 0 {
		f.Cause, f.Says = "key_not_configured", fmt.Sprintf("%s signed, but no key is set that should have.", k.ID)
		f.Fix = fmt.Sprintf("Set %s as the key to verify with, if it is the right signer.", k.ID)
		return f
	}
	expected := e.Expected[0]
	switch {
	case e.isOurs(expected) && !e.weSign():
		f.Cause = "verified_with_own_public_key"
		f.Says = fmt.Sprintf("%s is our own public key, so nothing that the other side signs verifies with it; "+
			"%s signed.", expected.ID, k.ID)
		f.Fix = verifyWithTheirs
	case e.isOurs(k) && !e.weSign():
		what, echoed := "response", "the request's Signature header is echoed"
		if e.Side != apiclient.ResponseSide {
			what, echoed = "callback", "a request of ours was taken for a callback"
		}
		f.Says = fmt.Sprintf("The %s is signed with our own key, %s, where %s was expected.", what, k.ID, expected.ID)
		f.Fix = "Look whether " + echoed + ", or a test server signs with the merchant's key."
		if v := e.Exchange.Request.Get(e.Names.Of(signing.HeaderName)); v != "" &&
			len(e.Headers) > 0 && v == e.Headers[0] {
			f.Cause, f.Family = "response_carries_request_signature", FamilyResponse
			f.Says = "The response carries the Signature header of the request."
			f.Fix = "Find what echoes the request's headers; the response needs its own signature, by the other side's key."
		}
	case k.Role == apiclient.RolePeer && expected.Role == apiclient.RolePeer || hasWord(k.ID, oldWords):
		e.otherVersion(&f, k, expected)
	case k.Role == apiclient.RolePeer && e.Side == apiclient.RequestSide:
		f.Says = fmt.Sprintf("The request is signed with the other side's key, %s, where our own was expected.", k.ID)
		f.Fix = "If we sent it, sign with our own private key. If it came from the other side, it is a callback, " +
			"and this is its right key: verify it with that."
	case k.Role == apiclient.RoleOther || hasWord(k.ID, testWords) != hasWord(expected.ID, testWords):
		if hasWord(k.ID+" "+k.Profile, testWords) != hasWord(expected.ID+" "+expected.Profile, testWords) {
			f.Cause = "test_key_used"
		}
		f.Says = fmt.Sprintf("%s signed where %s was expected: a key of another environment.", k.ID, expected.ID)
		f.Fix = "Use the keys of one environment together: test with test, production with production."
	case k.Public != nil && expected.Public != nil && k.Public.Size() != expected.Public.Size():
		f.Cause = "wrong_key_size"
		f.Says = fmt.Sprintf("%s, a key of %d bits, signed where %s, a key of %d bits, was expected.", k.ID,
			k.Public.N.BitLen(), expected.ID, expected.Public.N.BitLen())
	}
	return f
}

var (
	oldWords  = []string{"old", "previous", "prev", "retired", "expired", "legacy", "former"}
	testWords = []string{"test", "sandbox", "uat", "dev", "staging", "stage", "sit", "demo"}
)

// hasWord reports whether a key's name says of itself what it is. Names are
// all that is known of keys given on the command line.
func hasWord(name string, words []string) bool {
	parts := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r < 'a' || r > 'z' })
	return slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(words, part) })
}

// otherVersion tells an old key from a mislabelled keyVersion.
func (e *Evidence) otherVersion(f *Finding, k, expected apiclient.Key) {
	named := e.namedVersion()
	if named != "" && k.Version != "" && named == expected.Version && number(k.Version) > number(named) {
		f.Cause = "key_version_mislabelled"
		f.Says = fmt.Sprintf("The header says keyVersion %s, but the key of version %s signed.", named, k.Version)
		f.Fix = "Let the other side write the keyVersion of the key that it signs with, or look whether two keys " +
			"are exchanged in peer_keys."
		return
	}
	f.Cause = "key_version_old"
	f.Says = fmt.Sprintf("%s signed, an older key of the same side, where %s was expected.", k.ID, expected.ID)
	f.Fix = fmt.Sprintf("Let the other side sign with its current key, or keep %s among the keys for its "+
		"keyVersion as long as it is in use.", k.ID)
	if e.weSign() {
		f.Fix = "Sign with our current key, and write its keyVersion into the header."
	}
	if named != "" && k.Version != "" && named == expected.Version {
		f.Says = fmt.Sprintf("The header says keyVersion %s, but the older key of version %s signed.", named, k.Version)
	}
}

// number reads a version as a number; 0 where it is none.
func number(version string) int {
	n, _ := strconv.ParseUint(version, 10, 31)
	return int(n)
}

func (e *Evidence) expectedNames() string {
	names := make([]string, len(e.Expected))
	for i, k := range e.Expected {
		names[i] = k.ID
	}
	if len(names) > 3 {
		names = append(names[:3], fmt.Sprintf("%d more", len(e.Expected)-3))
	}
	return strings.Join(names, " or ")
}

// isOurs reports whether a key is the one that signs requests: it is
// configured so, or it made the signature of this very exchange's request.
func (e *Evidence) isOurs(k apiclient.Key) bool {
	own := func(x apiclient.Key) bool {
		return x.Role == apiclient.RoleOwn && x.Public != nil && k.Public != nil && x.Public.Equal(k.Public)
	}
	if k.Role == apiclient.RoleOwn || slices.ContainsFunc(e.Expected, own) || slices.ContainsFunc(e.Known, own) {
		return true
	}
	if k.Role != apiclient.RoleUnknown {
		return false
	}
	if !e.hasExchange() || e.Side != apiclient.ResponseSide {
		return false
	}
	canonical := e.Rule.Canonical(&e.Exchange, apiclient.RequestSide)
	v := signing.Verify(e.Check(&e.Exchange.Request, apiclient.Signers{Expected: []apiclient.Key{k}}, canonical))
	return v.OK() || v.Recovered != nil && v.Recovered.Certain()
}

// ownKeyExpected returns the case in which our own key was expected on a response,
// and signed it.
func (e *Evidence) ownKeyExpected(r *Report) (Finding, bool) {
	if e.Side != apiclient.ResponseSide || len(e.Headers) == 0 ||
		e.Exchange.Request.Get(e.Names.Of(signing.HeaderName)) != e.Headers[0] {
		return Finding{}, false
	}
	return proven("response_carries_request_signature",
		fmt.Sprintf("The response carries the Signature header of the request, by %s.", r.Signer.Key.ID),
		"Find what echoes the request's headers; the response needs its own signature."), true
}

// byLibrary is what to do instead of padding by hand.
const byLibrary = ": let the library make the whole signature (SHA256withRSA)."

// paddings say what is irregular about each padding but the due one.
var paddings = map[signing.Padding]struct{ cause, says, fix string }{
	signing.PKCS1v15NoNULL: {"digestinfo_null_missing", "The DigestInfo inside the signature lacks its NULL parameter.",
		"Do not build the DigestInfo by hand" + byLibrary},
	signing.PKCS1v15Bare: {"digestinfo_missing", "The padding is around the bare digest, without a DigestInfo.",
		"Do not encrypt the digest with the private key (`privateEncrypt`, RSA/ECB/PKCS1Padding)" + byLibrary},
	signing.PKCS1v15Hex: {"digestinfo_missing_hex", "The padding is around the digest in hexadecimal, without a DigestInfo.",
		"Do not encrypt the hexadecimal digest with the private key (`privateEncrypt`)" + byLibrary},
	signing.PKCS1v15Base64: {"digestinfo_missing_base64", "The padding is around the digest in base64, without a DigestInfo.",
		"Do not encrypt the base64 digest with the private key (`privateEncrypt`)" + byLibrary},
	signing.PKCS1v15Raw: {"content_not_hashed", "The padding is around the content itself, which was not hashed.",
		"Do not encrypt the string with the private key (`privateEncrypt`)" + byLibrary},
	signing.PKCS1v15Type2: {"padding_type2", "The padding is that of encryption (type 2, random bytes), not that of a signature.",
		"Do not use an encryption function for signing" + byLibrary},
	signing.X931: {"padding_x931", "The signature was made with the padding of ANSI X9.31 where RSA256 means PKCS#1 v1.5.",
		"Sign with PKCS#1 v1.5" + byLibrary},
	signing.Unpadded: {"padding_none", "The signature has no padding: the number alone was raised to the private exponent.",
		"Do not use RSA/ECB/NoPadding" + byLibrary},
	signing.PSS: {"padding_pss", "The signature was made with RSA-PSS where RSA256 means PKCS#1 v1.5.", "Sign with PKCS#1 v1.5 " +
		"(SHA256withRSA, RSASSA-PKCS1-v1_5); PSS is the default of WebCrypto's RSA-PSS, `padding.PSS` and `SHA256withRSAandMGF1`."},
}

// paddingFinding says what is irregular about the padding.
func paddingFinding(r *Report) (Finding, bool) {
	p, odd := paddings[r.Signer.Padding]
	if fault := r.fault(); fault != nil {
		p.cause, p.says = fault.Cause, "The wrapping of the digest is malformed: "+fault.Says+"."
		if r.Signed != nil {
			p.says = "The digest is right, its wrapping is not: " + fault.Says + "."
		}
		if fault.Cause == "content_not_hashed" || fault.Cause == "digest_damaged" {
			p.says = upperFirst(fault.Says) + "."
		}
	}
	f := Finding{Cause: p.cause, Family: FamilyPadding, Proven: r.Signer.Certain, Says: p.says, Fix: p.fix,
		Signed: string(r.Signer.Padding), Expected: string(signing.PKCS1v15)}
	if r.Signer.Padding == signing.PSS {
		f.Signed = fmt.Sprintf("PSS with a salt of %d bytes", r.Signer.Salt)
	}
	return f, odd
}

// fault returns what is wrong in a wrapping that is malformed; nil for others.
func (r *Report) fault() *signing.Warning {
	if c := r.Verification.Recovered; c != nil && r.Signer.Padding == signing.Malformed {
		return c.Fault
	}
	return nil
}

// keySizes are the lengths in bytes of signatures by keys that people have.
var keySizes = []int{128, 256, 384, 512, 1024}

// unknownVersion says that the header names a keyVersion of the other side for which
// no key is set: one that was replaced, or one that nobody handed over yet.
func (e *Evidence) unknownVersion() (Finding, bool) {
	named := apiclient.NamedVersion(e.Headers)
	if named == "" || e.weSign() {
		return Finding{}, false
	}
	var known []string
	for _, k := range slices.Concat(e.Expected, e.Known) {
		if k.Role == apiclient.RolePeer && k.Version != "" {
			known = append(known, k.Version)
		}
	}
	if len(known) == 0 || slices.Contains(known, named) {
		return Finding{}, false
	}
	f := proven("key_version_unknown",
		fmt.Sprintf("The header names keyVersion %s, for which no key is set; known: %s.", named, strings.Join(known, ", ")),
		fmt.Sprintf("Ask the other side which key that is: an old one that still signs there, or a new one, whose public half "+
			"belongs into peer_keys under %q.", named))
	f.Signed, f.Expected = named, strings.Join(known, ", ")
	return f, true
}

// noSigner says what is still certain where no known key made the signature.
func (e *Evidence) noSigner(r *Report) []Finding {
	v := r.Verification
	if v.Status != signing.UnknownKey {
		return nil
	}
	keys := slices.Concat(e.Expected, e.Known)
	if len(keys) == 0 {
		return []Finding{proven("key_not_configured", v.Reason, v.Hint)}
	}
	var list []Finding
	if len(e.Expected) > 0 && !e.weSign() && e.isOurs(e.Expected[0]) {
		list = append(list, proven("verified_with_own_public_key", fmt.Sprintf("%s is our own public key, so nothing that the other "+
			"side signs verifies with it.", e.Expected[0].ID), verifyWithTheirs))
	}
	if f, ok := e.unknownVersion(); ok {
		list = append(list, f)
	}
	size := 0
	if len(e.Expected) > 0 && e.Expected[0].Public != nil {
		size = e.Expected[0].Public.Size()
	}
	if w := signing.LengthCause(v.Signature, size); w != "" && size > 0 {
		f := suspected(w, v.Reason, e.toSigner(v.Hint))
		f.Signed, f.Expected = fmt.Sprintf("%d bytes", len(v.Signature)), fmt.Sprintf("%d bytes", size)
		list = append(list, f)
	}
	if !slices.Contains(keySizes, len(v.Signature)) {
		return list // it is no whole signature of any key, so nothing can be said of who made it
	}
	who := fmt.Sprintf("None of the %d known keys opens", len(keys))
	if len(keys) == 1 {
		who = keys[0].ID + " does not open"
	}
	fix := "Ask the other side for the SHA-256 of the public key that it signs with, and add that key."
	if e.weSign() {
		fix = "Compare the key that signs with the one configured here, by the SHA-256 of their public halves."
	}
	list = append(list, suspected("wrong_key_unknown", fmt.Sprintf("%s this value. Its length of %d bytes fits a key of %d bits.", who,
		len(v.Signature), 8*len(v.Signature)), fix))
	if len(v.Signature) == size {
		list = append(list, suspected("signature_corrupted",
			"Or a character of the value was changed on the way: then no key opens it either.",
			"Compare the Signature header as it was sent with the one that arrived."))
	}
	return list
}
