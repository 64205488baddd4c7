package signing

import (
	"bytes"
	"crypto"
	_ "crypto/md5" // #nosec G501 -- recognises what others signed with; signs nothing
	"crypto/rsa"
	_ "crypto/sha1" // #nosec G505 -- the same
	_ "crypto/sha256"
	_ "crypto/sha3"
	_ "crypto/sha512"
	"fmt"
)

// Recovered is what a public key shows inside a signature.
type Recovered struct {
	Key     string      // ID of the key that opened it
	Hash    crypto.Hash // named in the DigestInfo, or told from the length of the digest; 0 where neither can be
	Padding Padding
	Digest  []byte    // the digest that was signed; nil for PSS, where one can only be tested, and for other content
	Raw     []byte    // s^e mod n: the padded block, as long as the modulus
	PSS     *PSSBlock // set where Padding is PSS
	// Fault is set where Padding is Malformed: "digestinfo_malformed", "padding_malformed", "digest_damaged" or
	// "content_not_hashed". Its Says is a fragment of a sentence.
	Fault *Warning
}

// Padding names how a digest sits inside a signature.
type Padding string

// Paddings that Recover tells apart.
const (
	PKCS1v15       Padding = "PKCS1v15"                        // DigestInfo with NULL parameters, as RFC 8017 wants it
	PKCS1v15NoNULL Padding = "PKCS1v15 without NULL"           // DigestInfo whose parameters are absent
	PKCS1v15Bare   Padding = "PKCS1v15 without DigestInfo"     // type 1 padding around the bare digest
	PKCS1v15Hex    Padding = "PKCS1v15 around a hex digest"    // type 1 padding around the digest in hexadecimal
	PKCS1v15Base64 Padding = "PKCS1v15 around a base64 digest" // type 1 padding around the digest in base64
	PKCS1v15Type2  Padding = "PKCS1v15 type 2"                 // the padding of encryption, with random bytes
	X931           Padding = "ANSI X9.31"                      // 6B BB…BA, digest, hash identifier, CC
	PKCS1v15Raw    Padding = "PKCS1v15 around other content"   // type 1 padding around something that is no digest
	Malformed      Padding = "PKCS1v15 malformed"              // like type 1 and DigestInfo, not well formed: see Fault
	Unpadded       Padding = "none"                            // zeros in front, as by RSA/ECB/NoPadding
	PSS            Padding = "PSS"                             // ends in 0xBC and unmasks to a PSS data block
)

// Payload returns what the padding was put around: DigestInfo, digest or content.
// It is nil for PSS, and for a zero Recovered.
func (r Recovered) Payload() []byte {
	if r.Padding == Unpadded {
		return bytes.TrimLeft(r.Raw, "\x00")
	}
	if r.Padding == X931 {
		return r.Digest
	}
	if payload, ok := type2Payload(r.Raw); ok && r.Padding == PKCS1v15Type2 {
		return payload
	}
	payload, _ := type1Payload(r.Raw)
	return payload
}

// Blocks returns all readings of a PSS signature by the key that opened it, the
// most certain first: with a long salt, several hashes may fit until the
// content decides.
func (r Recovered) Blocks(pub *rsa.PublicKey) []*PSSBlock {
	if r.PSS == nil {
		return nil
	}
	return pssBlocks(r.Raw, pub.N.BitLen())
}

// Covers reports whether this is a signature over exactly these bytes, by
// whatever hash and padding it was made.
func (r Recovered) Covers(canonical []byte) bool {
	if r.Padding == Malformed {
		hash, _, _ := r.holds(canonical, pssHashes...)
		return hash != 0 || r.holdsRaw(canonical)
	}
	if r.Hash == 0 {
		return len(r.Raw) > 0 && bytes.Equal(r.Payload(), canonical)
	}
	if r.Padding != PKCS1v15 && r.Padding != PSS && bytes.Equal(r.Payload(), canonical) {
		return true
	}
	if !r.Hash.Available() {
		return false
	}
	h := r.Hash.New()
	h.Write(canonical)
	digest := h.Sum(nil)
	if r.PSS != nil {
		return r.PSS.Covers(digest)
	}
	return r.Digest != nil && bytes.Equal(digest, r.Digest)
}

// Certain reports whether chance is ruled out as the reason why the key opened
// the signature. Only some PSS signatures leave a doubt.
func (r Recovered) Certain() bool { return r.PSS == nil || r.PSS.Certain }

// Regular reports whether hash and padding are those of RSA256.
func (r Recovered) Regular() bool { return r.Hash == crypto.SHA256 && r.Padding == PKCS1v15 }

// Method names hash and padding in words, such as "SHA-1, PKCS#1 v1.5".
func (r Recovered) Method() string {
	hash := "no hash"
	if r.Hash != 0 {
		hash = r.Hash.String()
	}
	if r.PSS != nil {
		return fmt.Sprintf("%s, RSA-PSS with a salt of %d bytes", hash, len(r.PSS.Salt))
	}
	return hash + paddingWords[r.Padding]
}

// paddingWords are the paddings as they follow the name of a hash.
var paddingWords = map[Padding]string{
	PKCS1v15:       ", PKCS#1 v1.5",
	PKCS1v15NoNULL: ", PKCS#1 v1.5 with a DigestInfo that lacks NULL",
	PKCS1v15Bare:   ", PKCS#1 v1.5 around the bare digest without DigestInfo",
	PKCS1v15Hex:    ", PKCS#1 v1.5 around the digest in hexadecimal",
	PKCS1v15Base64: ", PKCS#1 v1.5 around the digest in base64",
	PKCS1v15Type2:  ", PKCS#1 v1.5 with the padding of encryption (type 2)",
	X931:           ", ANSI X9.31",
	PKCS1v15Raw:    ", PKCS#1 v1.5",
	Malformed:      ", PKCS#1 v1.5 that is malformed",
	Unpadded:       ", no padding",
	PSS:            ", RSA-PSS",
}
