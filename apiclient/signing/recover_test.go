package signing_test

import (
	"bytes"
	"crypto"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"slices"
	"testing"

	"countersign/apiclient/signing"
)

// rawSign is the private operation on a padded block.
func rawSign(key *rsa.PrivateKey, block []byte) []byte {
	m := new(big.Int).SetBytes(block)
	return m.Exp(m, key.D, key.N).FillBytes(make([]byte, key.Size()))
}

// type1 pads a payload as PKCS#1 v1.5 does for signatures.
func type1(key *rsa.PrivateKey, payload []byte) []byte {
	block := bytes.Repeat([]byte{0xff}, key.Size())
	block[0], block[1] = 0, 1
	block[len(block)-len(payload)-1] = 0
	copy(block[len(block)-len(payload):], payload)
	return block
}

func digestOf(h crypto.Hash, content []byte) []byte {
	w := h.New()
	w.Write(content)
	return w.Sum(nil)
}

var content = sample.Canonical()

func TestRecoverPKCS1v15(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"client2048", "client2049", "client2048e3", "client3072", "client4096", "client1024.weak"} {
		key := privateKey(t, id)
		for _, h := range []crypto.Hash{crypto.MD5, crypto.SHA1, crypto.SHA224, crypto.SHA256, crypto.SHA384, crypto.SHA512, crypto.SHA512_224, crypto.SHA512_256, crypto.SHA3_256, crypto.SHA3_512} {
			digest := digestOf(h, content)
			sig, err := rsa.SignPKCS1v15(nil, key, h, digest)
			if err != nil {
				t.Fatalf("%s, %s: %v", id, h, err)
			}
			r, ok := signing.Recover(publicKey(t, id).Public, sig)
			if !ok || r.Hash != h || r.Padding != signing.PKCS1v15 || !bytes.Equal(r.Digest, digest) || len(r.Raw) != key.Size() || r.Key != "" {
				t.Errorf("%s, %s: %v %s %s %x", id, h, ok, r.Hash, r.Padding, r.Digest)
			}
			if !r.Covers(content) || r.Covers(content[1:]) || !r.Certain() || r.Regular() != (h == crypto.SHA256) {
				t.Errorf("%s, %s: covers %v, other content %v, certain %v, regular %v", id, h, r.Covers(content), r.Covers(content[1:]), r.Certain(), r.Regular())
			}
		}
	}
}

func TestRecoverOtherPaddings(t *testing.T) {
	t.Parallel()
	key := privateKey(t, "client2048")
	sha := sha256.Sum256(content)
	short := sha1.Sum(content)
	five := md5.Sum(content)
	withoutNULL, _ := hex.DecodeString("302f300b0609608648016503040201" + "0420" + hex.EncodeToString(sha[:]))
	withTail, _ := hex.DecodeString("3031300d060960864801650304020105000420" + hex.EncodeToString(sha[:]) + "00")
	noEnd := bytes.Repeat([]byte{0xff}, key.Size())
	noEnd[0], noEnd[1] = 0, 1
	badEnd := type1(key, withTail[:len(withTail)-1])
	badEnd[bytes.IndexByte(badEnd[2:], 0)+2] = 0xee
	unpadded := make([]byte, key.Size())
	copy(unpadded[len(unpadded)-32:], sha[:])
	zeroFirst := make([]byte, key.Size())
	copy(zeroFirst[len(zeroFirst)-31:], sha[1:])
	tests := []struct {
		name   string
		block  []byte
		want   signing.Padding
		hash   crypto.Hash
		digest []byte
		covers bool
		method string
	}{
		{"DigestInfo without NULL", type1(key, withoutNULL), signing.PKCS1v15NoNULL, crypto.SHA256, sha[:], true, "SHA-256, PKCS#1 v1.5 with a DigestInfo that lacks NULL"},
		{"bare SHA-256", type1(key, sha[:]), signing.PKCS1v15Bare, crypto.SHA256, sha[:], true, "SHA-256, PKCS#1 v1.5 around the bare digest without DigestInfo"},
		{"bare SHA-1", type1(key, short[:]), signing.PKCS1v15Bare, crypto.SHA1, short[:], true, "SHA-1, PKCS#1 v1.5 around the bare digest without DigestInfo"},
		{"MD5 and SHA-1", type1(key, append(five[:], short[:]...)), signing.PKCS1v15Bare, crypto.MD5SHA1, append(five[:], short[:]...), false, "MD5+SHA1, PKCS#1 v1.5 around the bare digest without DigestInfo"},
		{"hex digest", type1(key, []byte(hex.EncodeToString(sha[:]))), signing.PKCS1v15Hex, crypto.SHA256, sha[:], true, "SHA-256, PKCS#1 v1.5 around the digest in hexadecimal"},
		{"upper-case hex digest", type1(key, bytes.ToUpper([]byte(hex.EncodeToString(short[:])))), signing.PKCS1v15Hex, crypto.SHA1, short[:], true, "SHA-1, PKCS#1 v1.5 around the digest in hexadecimal"},
		{"content", type1(key, content), signing.PKCS1v15Raw, 0, nil, true, "no hash, PKCS#1 v1.5"},
		{"content as long as a digest", type1(key, []byte("POST /v2/pay\nC.1682060290199.{}!")), signing.PKCS1v15Raw, 0, nil, false, "no hash, PKCS#1 v1.5"},
		{"nothing", type1(key, nil), signing.Malformed, 0, nil, false, "no hash, PKCS#1 v1.5 that is malformed"},
		{"DigestInfo with a tail", type1(key, withTail), signing.Malformed, crypto.SHA256, sha[:], true, "SHA-256, PKCS#1 v1.5 that is malformed"},
		{"padding without end", noEnd, signing.Malformed, 0, nil, false, "no hash, PKCS#1 v1.5 that is malformed"},
		{"padding that ends in EE", badEnd, signing.Malformed, crypto.SHA256, sha[:], true, "SHA-256, PKCS#1 v1.5 that is malformed"},
		{"no padding", unpadded, signing.Unpadded, crypto.SHA256, sha[:], true, "SHA-256, no padding"},
		{"no padding, digest begins with zero", zeroFirst, signing.Unpadded, crypto.SHA256, append([]byte{0}, sha[1:]...), false, "SHA-256, no padding"},
	}
	for _, tt := range tests {
		r, ok := signing.Recover(&key.PublicKey, rawSign(key, tt.block))
		if !ok || r.Padding != tt.want || r.Hash != tt.hash || !bytes.Equal(r.Digest, tt.digest) {
			t.Errorf("%s: %v, %s, %v, %x", tt.name, ok, r.Padding, r.Hash, r.Digest)
		}
		if r.Covers(content) != tt.covers || r.Method() != tt.method || r.Regular() {
			t.Errorf("%s: covers %v, method %q, regular %v", tt.name, r.Covers(content), r.Method(), r.Regular())
		}
	}
	if r, _ := signing.Recover(&key.PublicKey, rawSign(key, type1(key, content))); !bytes.Equal(r.Payload(), content) {
		t.Errorf("payload %q", r.Payload())
	}
	if r, _ := signing.Recover(&key.PublicKey, rawSign(key, unpadded)); !bytes.Equal(r.Payload(), sha[:]) {
		t.Errorf("payload without padding %x", r.Payload())
	}
	if (signing.Recovered{}).Payload() != nil || (signing.Recovered{}).Covers(nil) {
		t.Error("a zero Recovered has content")
	}
}

func TestRecoverPSS(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"client2048", "client2049", "client3072"} {
		key := privateKey(t, id)
		for _, h := range []crypto.Hash{crypto.SHA256, crypto.SHA1, crypto.SHA384, crypto.SHA512} {
			longest := (key.N.BitLen()+6)/8 - h.Size() - 2
			for _, salt := range []int{0, 8, 20, h.Size(), longest} {
				options := &rsa.PSSOptions{SaltLength: salt}
				if salt == 0 {
					continue // 0 means the longest to the library: see pssBlock for none
				}
				sig, err := rsa.SignPSS(rand.Reader, key, h, digestOf(h, content), options)
				if err != nil {
					t.Fatal(err)
				}
				r, ok := signing.Recover(&key.PublicKey, sig)
				if !ok || r.Padding != signing.PSS || r.PSS == nil || r.Digest != nil {
					t.Fatalf("%s, %s, salt %d: %v %+v", id, h, salt, ok, r)
				}
				if r.Certain() != (salt < longest) {
					t.Errorf("%s, %s, salt %d: certain %v", id, h, salt, r.Certain())
				}
				if salt == longest {
					continue // which hash it was shows only beside the content: TestVerifyPSS
				}
				if r.Hash != h || r.PSS.MGF != h || len(r.PSS.Salt) != salt || !r.Covers(content) || r.Covers(content[1:]) {
					t.Errorf("%s, %s, salt %d: %s, MGF %s, salt %d, covers %v", id, h, salt, r.Hash, r.PSS.MGF, len(r.PSS.Salt), r.Covers(content))
				}
			}
		}
	}
}

// pssBlock is EMSA-PSS (RFC 8017, section 9.1.1) with a mask of another hash,
// which crypto/rsa does not make and Java does by default.
func pssBlock(key *rsa.PrivateKey, content, salt []byte, hash, mgf crypto.Hash) []byte {
	bits := key.N.BitLen() - 1
	size := (bits + 7) / 8
	h := digestOf(hash, slices.Concat(make([]byte, 8), digestOf(hash, content), salt))
	db := make([]byte, size-len(h)-1)
	db[len(db)-len(salt)-1] = 1
	copy(db[len(db)-len(salt):], salt)
	for i, counter := 0, byte(0); i < len(db); counter++ {
		for _, m := range digestOf(mgf, slices.Concat(h, []byte{0, 0, 0, counter})) {
			if i < len(db) {
				db[i] ^= m
			}
			i++
		}
	}
	db[0] &= 0xff >> (8*size - bits)
	return slices.Concat(make([]byte, key.Size()-size), db, h, []byte{0xbc})
}

func TestRecoverPSSWithAnotherMask(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"client2048", "client2049"} {
		key := privateKey(t, id)
		for _, salt := range [][]byte{nil, []byte("salt"), bytes.Repeat([]byte{7}, 32)} {
			r, ok := signing.Recover(&key.PublicKey, rawSign(key, pssBlock(key, content, salt, crypto.SHA256, crypto.SHA1)))
			if !ok || r.PSS == nil || r.Hash != crypto.SHA256 || r.PSS.MGF != crypto.SHA1 || !bytes.Equal(r.PSS.Salt, salt) || !r.Covers(content) {
				t.Errorf("%s, salt %x: %v %+v", id, salt, ok, r)
			}
		}
	}
}

func TestRecoverRefuses(t *testing.T) {
	t.Parallel()
	key := privateKey(t, "client2048")
	sig, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digestOf(crypto.SHA256, content))
	if err != nil {
		t.Fatal(err)
	}
	shortPadding := type1(key, bytes.Repeat([]byte{7}, key.Size()-3-7))
	random := make([]byte, key.Size())
	for i := range random {
		random[i] = byte(i*37 + 11)
	}
	random[0] = 0
	encryption := bytes.Repeat([]byte{0x5a}, key.Size())
	encryption[0], encryption[1], encryption[key.Size()-8] = 0, 2, 0
	for name, c := range map[string]struct {
		pub *rsa.PublicKey
		sig []byte
	}{
		"another key":             {&privateKey(t, "server2048").PublicKey, sig},
		"changed":                 {&key.PublicKey, changed(sig, 100)},
		"shorter":                 {&key.PublicKey, sig[1:]},
		"longer":                  {&key.PublicKey, append([]byte{0}, sig...)},
		"empty":                   {&key.PublicKey, nil},
		"as large as the modulus": {&key.PublicKey, key.N.Bytes()},
		"seven bytes of padding":  {&key.PublicKey, rawSign(key, shortPadding)},
		"random block":            {&key.PublicKey, rawSign(key, random)},
		"encryption padding":      {&key.PublicKey, rawSign(key, encryption)},
		"zero":                    {&key.PublicKey, make([]byte, key.Size())},
		"no key":                  {nil, sig},
		"empty key":               {&rsa.PublicKey{}, sig},
		"exponent 1":              {&rsa.PublicKey{N: key.N, E: 1}, sig},
		"even modulus":            {&rsa.PublicKey{N: new(big.Int).Add(key.N, big.NewInt(1)), E: 3}, sig},
	} {
		if r, ok := signing.Recover(c.pub, c.sig); ok {
			t.Errorf("%s: opened as %s", name, r.Method())
		}
	}
}
