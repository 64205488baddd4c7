package signing_test

import (
	"bytes"
	"compress/gzip"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"

	"countersign/apiclient/signing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// wycheproof is the set rsa_signature_2048_sha256 of Project Wycheproof
// (github.com/c2sp/wycheproof, Apache License 2.0; testdata/NOTICE).
type wycheproof struct {
	Groups []struct {
		Modulus, Exponent string
		Tests             []struct {
			ID                        int `json:"tcId"`
			Comment, Msg, Sig, Result string
		}
	}
}

func readWycheproof(t *testing.T) wycheproof {
	t.Helper()
	file, err := os.Open("testdata/wycheproof_rsa_2048_sha256.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var set wycheproof
	if err := json.NewDecoder(unzipped).Decode(&set); err != nil {
		t.Fatal(err)
	}
	return set
}

// TestWycheproof holds what is said of each of Wycheproof's signatures: none of the
// invalid ones verifies, those that hold the right digest are told so, and no
// other is. What the golden file says was read by a person.
func TestWycheproof(t *testing.T) {
	t.Parallel()
	var told strings.Builder
	invalid, right := 0, 0
	for _, group := range readWycheproof(t).Groups {
		n, _ := new(big.Int).SetString(group.Modulus, 16)
		e, _ := new(big.Int).SetString(group.Exponent, 16)
		pub := &rsa.PublicKey{N: n, E: int(e.Int64())}
		for _, c := range group.Tests {
			msg, _ := hex.DecodeString(c.Msg)
			sig, _ := hex.DecodeString(c.Sig)
			check := signing.Check{
				Canonical: msg, Expected: []signing.Key{{ID: "theirs", Public: pub}},
				Headers: []string{signing.Style{}.Header(signing.EncodeValue(sig, signing.PercentBase64))},
			}
			v := signing.Verify(check)
			if v.OK() != (c.Result == "valid") {
				t.Errorf("%d %s: %s: %s", c.ID, c.Comment, v.Status, v.Reason)
			}
			if v.OK() {
				continue
			}
			cause := ""
			if r := v.Recovered; r != nil && r.Fault != nil {
				cause = r.Fault.Cause
			}
			fmt.Fprintf(&told, "%d %s: %s %s: %s\n", c.ID, c.Comment, v.Status, cause, v.Reason)
			if c.Result != "invalid" {
				continue
			}
			invalid++
			block := new(big.Int).Exp(new(big.Int).SetBytes(sig), e, n).FillBytes(make([]byte, pub.Size()))
			digest := sha256.Sum256(msg)
			if !bytes.Contains(block, digest[:]) {
				continue
			}
			right++
			if v.Recovered == nil || !v.Recovered.Covers(msg) || strings.Contains(v.Reason, "other content") || strings.Contains(v.Reason, "not that of") {
				t.Errorf("%d %s: the digest is right: %s: %s", c.ID, c.Comment, v.Status, v.Reason)
			}
		}
	}
	if invalid != 249 || right < 197 {
		t.Errorf("%d invalid signatures, %d with the right digest", invalid, right)
	}
	const golden = "testdata/wycheproof.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(told.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || told.String() != string(want) {
		t.Errorf("what is said changed (%v): run with -update and read the difference", err)
	}
}
