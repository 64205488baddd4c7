package keys

import (
	"cmp"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"errors"
	"hash"

	"golang.org/x/crypto/scrypt"

	"countersign/apiclient/hint"
)

// Bounds on what a file may ask for before a key is derived, so that a
// damaged number costs no minutes or gigabytes.
const (
	maxIterations  = 10_000_000 // a few seconds of PBKDF2
	maxScryptBytes = 1 << 30
)

const hintReencrypt = "convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out key.pem (add -provider " +
	"legacy -provider default for old schemes)"

// derive makes a key of size bytes from a pass phrase.
type derive func(pass []byte, size int) ([]byte, error)

type blockCipher struct {
	name string
	size int // of the key, in bytes
	make func(key []byte) (cipher.Block, error)
}

var blockCiphers = map[string]blockCipher{
	"2.16.840.1.101.3.4.1.2":  {"AES-128-CBC", 16, aes.NewCipher},
	"2.16.840.1.101.3.4.1.22": {"AES-192-CBC", 24, aes.NewCipher},
	"2.16.840.1.101.3.4.1.42": {"AES-256-CBC", 32, aes.NewCipher},
	"1.2.840.113549.3.7":      {"DES-EDE3-CBC", 24, des.NewTripleDESCipher},
	"1.3.14.3.2.7":            {"DES-CBC", 8, des.NewCipher},
}

var prfs = map[string]func() hash.Hash{
	"":                    sha1.New, // the default of PKCS#5
	"1.2.840.113549.2.7":  sha1.New,
	"1.2.840.113549.2.8":  sha256.New224,
	"1.2.840.113549.2.9":  sha256.New,
	"1.2.840.113549.2.10": sha512.New384,
	"1.2.840.113549.2.11": sha512.New,
	"1.2.840.113549.2.12": sha512.New512_224,
	"1.2.840.113549.2.13": sha512.New512_256,
}

var (
	oidPBES2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	oidScrypt = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}
)

// oldSchemes are those before PBES2 (RFC 8018, appendix A.3, and RFC 7292,
// appendix C): a few bits strong, and only named here.
var oldSchemes = map[string]string{
	"1.2.840.113549.1.5.3":    "PBE-MD5-DES",
	"1.2.840.113549.1.5.6":    "PBE-MD5-RC2-64",
	"1.2.840.113549.1.5.10":   "PBE-SHA1-DES",
	"1.2.840.113549.1.5.11":   "PBE-SHA1-RC2-64",
	"1.2.840.113549.1.12.1.1": "PBE-SHA1-RC4-128",
	"1.2.840.113549.1.12.1.3": "PBE-SHA1-3DES",
	"1.2.840.113549.1.12.1.4": "PBE-SHA1-2DES",
	"1.2.840.113549.1.12.1.5": "PBE-SHA1-RC2-128",
	"1.2.840.113549.1.12.1.6": "PBE-SHA1-RC2-40",
}

// errUnsupported is for encryption schemes that are recognised at most.
var errUnsupported = errors.New("unsupported")

// encryptedPKCS8 reads the outside of an encrypted PKCS#8 key (RFC 5958,
// section 3, with PBES2 of RFC 8018): whether it can be opened at all is known
// before anybody is asked for a pass phrase.
func encryptedPKCS8(der []byte) thing {
	var info struct {
		Algorithm algorithmID
		Data      []byte
	}
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return damagedKey(anEncrypted)
	}
	if !info.Algorithm.Algorithm.Equal(oidPBES2) {
		oid := info.Algorithm.Algorithm.String()
		name := cmp.Or(oldSchemes[oid], oid)
		return unread("a private key encrypted by the old scheme "+name, hintReencrypt)
	}
	var params struct{ KDF, Cipher algorithmID }
	if _, err := asn1.Unmarshal(info.Algorithm.Parameters.FullBytes, &params); err != nil {
		return damagedKey(anEncrypted)
	}
	kdf, kdfName, kdfErr := keyDerivation(params.KDF)
	ciph, ok := blockCiphers[params.Cipher.Algorithm.String()]
	if errors.Is(kdfErr, errUnsupported) || !ok {
		return unread("an encrypted PKCS#8 private key of an unusual cipher", hintReencrypt)
	}
	var iv []byte
	_, err := asn1.Unmarshal(params.Cipher.Parameters.FullBytes, &iv)
	block, cipherErr := ciph.make(make([]byte, ciph.size))
	if err != nil || kdfErr != nil || cipherErr != nil ||
		len(iv) != block.BlockSize() || len(info.Data) == 0 || len(info.Data)%block.BlockSize() != 0 {
		return damagedKey(anEncrypted)
	}
	scheme := kdfName + ", " + ciph.name
	return thing{
		kind: locked, syntax: "encrypted PKCS#8", says: anEncrypted, scheme: scheme,
		lock: &lock{
			what: anEncrypted[len("an "):],
			open: func(pass []byte) ([]thing, error) { return openPBES2(pass, kdf, ciph, iv, info.Data) },
		},
	}
}

// keyDerivation reads the parameters of PBKDF2 or scrypt and checks that they
// are within bounds.
func keyDerivation(id algorithmID) (d derive, name string, err error) {
	switch {
	case id.Algorithm.Equal(oidPBKDF2):
		var p struct {
			Salt       []byte
			Iterations int
			KeyLength  int         `asn1:"optional"`
			PRF        algorithmID `asn1:"optional"`
		}
		if _, err := asn1.Unmarshal(id.Parameters.FullBytes, &p); err != nil {
			return nil, "", err
		}
		prf, ok := prfs[p.PRF.Algorithm.String()]
		if !ok {
			return nil, "", errUnsupported
		}
		if p.Iterations < 1 || p.Iterations > maxIterations {
			return nil, "", errors.New("iterations out of bounds")
		}
		return func(pass []byte, size int) ([]byte, error) {
			return pbkdf2.Key(prf, string(pass), p.Salt, p.Iterations, size)
		}, "PBKDF2", nil
	case id.Algorithm.Equal(oidScrypt):
		var p struct {
			Salt             []byte
			Cost, Block, Par int
			KeyLength        int `asn1:"optional"`
		}
		if _, err := asn1.Unmarshal(id.Parameters.FullBytes, &p); err != nil {
			return nil, "", err
		}
		if p.Cost < 2 || p.Block < 1 || p.Par < 1 || p.Cost > maxScryptBytes/128/p.Block || p.Par > 16 {
			return nil, "", errors.New("scrypt parameters out of bounds")
		}
		return func(pass []byte, size int) ([]byte, error) {
			return scrypt.Key(pass, p.Salt, p.Cost, p.Block, p.Par, size)
		}, "scrypt", nil
	}
	return nil, "", errUnsupported
}

func openPBES2(pass []byte, kdf derive, ciph blockCipher, iv, data []byte) ([]thing, error) {
	key, err := kdf(pass, ciph.size)
	if err != nil {
		return nil, &hint.Error{Says: anEncrypted + " whose key derivation cannot be done", Fix: hintReencrypt}
	}
	defer clear(key)
	block, err := ciph.make(key)
	if err != nil {
		return nil, &hint.Error{Says: anEncrypted + " whose cipher cannot be set up", Fix: hintReencrypt}
	}
	plain := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, data)
	return decrypted(plain, block.BlockSize(), anEncrypted)
}

// macIterations reads how many rounds the pass phrase check of a PKCS#12 file
// takes; 1 where there is none.
func macIterations(der []byte) int {
	var pfx struct {
		Version  int
		AuthSafe asn1.RawValue
		Mac      struct {
			Digest     asn1.RawValue
			Salt       []byte
			Iterations int `asn1:"optional,default:1"`
		} `asn1:"optional"`
	}
	if _, err := asn1.Unmarshal(der, &pfx); err != nil {
		return 1
	}
	return pfx.Mac.Iterations
}
