package keys

import (
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"strings"

	"countersign/apiclient/lazyregexp"
)

// Keys that are written as their numbers: JSON Web Keys (RFC 7517, RFC 7518
// section 6.3) and the RSAKeyValue of .NET (XML Signature, section 4.5.2.2).

var (
	jwkObject = lazyregexp.New(`\{[^{}]*\bkty\b[^{}]*\}`)
	jwkMember = lazyregexp.New(`\b(kty|n|e|d|p|q|dp|dq|qi)["']?\s*:\s*["']([^"']*)["']`)
	xmlKey    = lazyregexp.New(`(?s)<(?:\w+:)?RSAKeyValue\b.*?</(?:\w+:)?RSAKeyValue>`)
	xmlMember = lazyregexp.New(`(?s)<(?:\w+:)?(Modulus|Exponent|D|P|Q|DP|DQ|InverseQ)>([^<]*)</`)
)

// valueKeys finds the RSA keys in a text that are written as numbers.
func valueKeys(u unwrapped) []item {
	text := u.plain
	var items []item
	add := func(where []int, form string, t thing) {
		it := item{form: form, named: &t}
		if strings.Count(text, "\n") == strings.Count(u.written, "\n") {
			it.line = 1 + strings.Count(text[:where[0]], "\n")
		}
		items = append(items, it)
	}
	if strings.Contains(text, "RSAKeyValue") {
		for _, at := range xmlKey.FindAllStringIndex(text, -1) {
			member := map[string]string{}
			for _, m := range xmlMember.FindAllStringSubmatch(text[at[0]:at[1]], -1) {
				member[m[1]] = m[2]
			}
			add(at, "XML", numbers{member["Modulus"], member["Exponent"], member["D"], member["P"], member["Q"],
				member["DP"], member["DQ"], member["InverseQ"]}.key("RSAKeyValue", " in XML (.NET RSAKeyValue)"))
		}
	}
	if strings.Contains(text, "kty") {
		for _, at := range jwkObject.FindAllStringIndex(text, -1) {
			member := map[string]string{}
			for _, m := range jwkMember.FindAllStringSubmatch(text[at[0]:at[1]], -1) {
				member[m[1]] = m[2]
			}
			add(at, "JSON", jwk(member))
		}
	}
	return items
}

func jwk(member map[string]string) thing {
	half := " public"
	if member["d"] != "" {
		half = " private"
	}
	switch member["kty"] {
	case "RSA":
		return numbers{member["n"], member["e"], member["d"], member["p"], member["q"], member["dp"], member["dq"],
			member["qi"]}.key("JWK", " as a JWK")
	case "EC":
		return foreign("an EC" + half + " key as a JWK")
	}
	return foreign("a JWK that is not RSA")
}

// numbers are those of an RSA key in the order of PKCS#1, in base64 of either
// alphabet; those of the private half are empty in a public key.
type numbers [8]string

func (n numbers) key(syntax, written string) thing {
	half, count := "public", 2
	if n[2] != "" {
		half, count = "private", len(n)
	}
	says := "an RSA " + half + " key" + written
	values := make([]*big.Int, 0, 1+len(n))
	for _, text := range n[:count] {
		value, ok := bigEndian(text)
		if !ok {
			return damagedKey(says)
		}
		values = append(values, value)
	}
	var t thing
	if half == "public" {
		t = pkcs1Public(sequence(values))
	} else {
		t = pkcs1Key(sequence(append([]*big.Int{new(big.Int)}, values...)))
	}
	if t.kind == damaged && t.spki == nil {
		return damagedKey(says)
	}
	t.syntax, t.says = syntax, says
	return t
}

func bigEndian(text string) (*big.Int, bool) {
	digits := strings.NewReplacer("-", "+", "_", "/", "=", "", " ", "", "\t", "", "\n", "").Replace(text)
	b, err := base64.RawStdEncoding.DecodeString(digits)
	return new(big.Int).SetBytes(b), err == nil && len(b) > 0 && len(b) <= longestKey/8+1
}

// sequence is the DER of a row of integers.
func sequence(values []*big.Int) []byte {
	der, err := asn1.Marshal(values)
	if err != nil {
		return nil
	}
	return der
}
