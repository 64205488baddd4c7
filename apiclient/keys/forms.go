package keys

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
)

// Form is one way of writing a key down.
type Form struct {
	Name    string                       // as it is chosen: "pkcs1"
	Says    string                       // what it is, for people
	Private func(*rsa.PrivateKey) []byte // nil: a private key is not written so
	Public  func(*rsa.PublicKey) []byte  // nil: a public key is not written so
	UseOf   [2]string                    // what reads it, of a private and of a public key; "" where that needs no saying
}

// Forms are the forms that keys are written in.
var Forms = []Form{
	{Name: "pkcs1", Says: "PEM, RSA PRIVATE KEY or RSA PUBLIC KEY", Private: privatePKCS1, Public: publicPKCS1},
	{Name: "pkcs8", Says: "PEM, PRIVATE KEY", Private: EncodePrivate},
	{Name: "spki", Says: "PEM, PUBLIC KEY; of a private key its public half", Public: EncodePublic},
	{Name: "der", Says: "binary PKCS#8 or SPKI", Private: pkcs8, Public: spki},
	{Name: "one-line", Says: "base64 of PKCS#8 or SPKI on one line, as portals take it", Private: privateLine,
		Public: publicLine},
	{Name: "env", Says: "a line of an .env file, with \\n", Private: privateEnv, Public: publicEnv},
	{Name: "java", Says: "base64 for PKCS8EncodedKeySpec or X509EncodedKeySpec", Private: privateLine,
		Public: publicLine, UseOf: [2]string{
			`KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text.trim())))`,
			`KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text.trim())))`}},
	{Name: "dotnet", Says: "XML, RSAKeyValue", Private: privateXML, Public: publicXML,
		UseOf: [2]string{"rsa.FromXmlString(text)", "rsa.FromXmlString(text)"}},
	{Name: "jwk", Says: "a JSON Web Key", Private: privateJWK, Public: publicJWK},
}

func pkcs8(key *rsa.PrivateKey) []byte {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic("keys: an RSA private key that cannot be encoded: " + err.Error()) // a caller's mistake, never data
	}
	return der
}

func privatePKCS1(key *rsa.PrivateKey) []byte {
	der := x509.MarshalPKCS1PrivateKey(key)
	defer clear(der)
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: der})
}

func publicPKCS1(key *rsa.PublicKey) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(key)})
}

func privateLine(key *rsa.PrivateKey) []byte {
	der := pkcs8(key)
	defer clear(der)
	return []byte(base64.StdEncoding.EncodeToString(der) + "\n")
}

func publicLine(key *rsa.PublicKey) []byte { return []byte(PortalPublic(key) + "\n") }

func privateEnv(key *rsa.PrivateKey) []byte { return envLine("PRIVATE_KEY", EncodePrivate(key)) }
func publicEnv(key *rsa.PublicKey) []byte   { return envLine("PUBLIC_KEY", EncodePublic(key)) }

func envLine(name string, text []byte) []byte {
	defer clear(text)
	escaped := bytes.ReplaceAll(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"), []byte(`\n`))
	return append(append([]byte(name+`="`), escaped...), "\"\n"...)
}

// namedNumber is one number of a key under the name that a form has for it.
type namedNumber struct {
	name  string
	value *big.Int
	bits  int // how long it is written, leading zeros included; 0: as long as it is
}

// publicNumbers and privateNumbers are those of a key, in the order of PKCS#1, under
// the names of a form.
func publicNumbers(key *rsa.PublicKey, names ...string) []namedNumber {
	return []namedNumber{{names[0], key.N, 0}, {names[1], big.NewInt(int64(key.E)), 0}}
}

func privateNumbers(key *rsa.PrivateKey, names ...string) []namedNumber {
	key.Precompute()
	bits, half := key.N.BitLen(), (key.N.BitLen()+1)/2
	return append(publicNumbers(&key.PublicKey, names...),
		namedNumber{names[2], key.D, bits}, namedNumber{names[3], key.Primes[0], half},
		namedNumber{names[4], key.Primes[1], half},
		namedNumber{names[5], key.Precomputed.Dp, half}, namedNumber{names[6], key.Precomputed.Dq, half},
		namedNumber{names[7], key.Precomputed.Qinv, half})
}

// bytes writes a number with its leading zeros, which .NET asks for (RSAParameters).
func (n namedNumber) bytes() []byte {
	size := max((n.bits+7)/8, (n.value.BitLen()+7)/8)
	return n.value.FillBytes(make([]byte, size))
}

func privateXML(key *rsa.PrivateKey) []byte {
	return xmlOf(privateNumbers(key, "Modulus", "Exponent", "D", "P", "Q", "DP", "DQ", "InverseQ"))
}
func publicXML(key *rsa.PublicKey) []byte { return xmlOf(publicNumbers(key, "Modulus", "Exponent")) }

func xmlOf(list []namedNumber) []byte {
	var out strings.Builder
	out.WriteString("<RSAKeyValue>\n")
	for _, n := range list {
		out.WriteString("  <" + n.name + ">" + base64.StdEncoding.EncodeToString(n.bytes()) + "</" + n.name + ">\n")
	}
	out.WriteString("</RSAKeyValue>\n")
	return []byte(out.String())
}

func privateJWK(key *rsa.PrivateKey) []byte {
	return jwkOf(privateNumbers(key, "n", "e", "d", "p", "q", "dp", "dq", "qi"))
}
func publicJWK(key *rsa.PublicKey) []byte { return jwkOf(publicNumbers(key, "n", "e")) }

func jwkOf(list []namedNumber) []byte {
	members := map[string]string{"kty": "RSA"}
	for _, n := range list {
		members[n.name] = base64.RawURLEncoding.EncodeToString(n.bytes())
	}
	out, err := json.Marshal(members)
	if err != nil {
		panic("keys: a JWK that cannot be encoded: " + err.Error()) // strings only
	}
	return append(out, '\n')
}
