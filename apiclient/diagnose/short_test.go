package diagnose_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing/signingtest"
)

// TestShort holds the two sentences for one case of each kind: what is wrong, and
// who must change what.
func TestShort(t *testing.T) {
	t.Parallel()
	file := signingtest.Load(t, evidenceFolder)
	var keys []apiclient.Key
	for _, k := range file.Keyring {
		keys = append(keys, publicKey(t, k.ID))
	}
	const sender, server = "It is for the sender of the request (Client-Id 2021062571598628737253) to change: ",
		"It is for the server that answers (superapp.example.com) to change: "
	for id, want := range map[string][2]string{
		"X113": {"The signature of the request does not verify: the signed time is 1 ms after the header's.", sender + "put the time into one variable"},
		"X217": {"The signature of the response does not verify: the path of another interface was signed.", server + "sign the path and query exactly"},
		"X346": {"The key is right: client2048 ", sender + "compare the string that is signed there"},
		"X350": {"The key is right: ", "The message was changed between the two sides: look"},
		"X354": {"The signature of the request does not verify: other2048 signed where client2048 was expected.", sender + "sign with the private key"},
		"X358": {"No known key made this signature: ", sender + "compare the SHA-256"},
		"X366": {"The signature of the response does not verify: client2048 is our own public key", "It is for whoever verifies it to change: verify with"},
		"X401": {"The signature of the response does not verify: the value has spaces", server + "percent-encode the base64"},
		"X463": {"The response is not signed: there is no Signature header.", server + "send the signature in the header Signature, as algorithm=RSA256"},
		"X473": {"The signature of the response does not verify: the body was signed with \\uXXXX escapes (lower-case hex) where it was sent with " +
			"plain characters; and there is 1 more.", server + "serialise once"},
		"X499": {"The signature of the request verifies: client2048 made it, over exactly", "Nobody has to change anything about it."},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			for _, m := range file.Cases {
				if m.ID != id {
					continue
				}
				budget := patience
				if m.Recovers != "exact" {
					budget = 100 * time.Millisecond
				}
				e := evidenceOf(t, m, keys)
				r := diagnose.Diagnose(context.Background(), e, diagnose.Options{Budget: budget})
				wrong, change := e.Short(&r)
				if !strings.HasPrefix(wrong, want[0]) || !strings.HasPrefix(change, want[1]) {
					t.Errorf("%s\n%s", wrong, change)
				}
				return
			}
			t.Fatal("there is no such case")
		})
	}
}
