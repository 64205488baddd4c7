package evidence

import (
	"fmt"
	"testing"

	"countersign/apiclient"
)

// Headers that the platform calls otherwise choose a HAR's entries and name the
// client, in every form of evidence.
func TestHeaderNames(t *testing.T) {
	t.Parallel()
	r := Reader{Names: apiclient.HeaderNames{Signature: "X-Signature", ClientID: "X-App", MerchantID: "X-Shop"}}
	entry := func(url, header string) string {
		return fmt.Sprintf(`{"request":{"method":"POST","url":"https://h%s","headers":[{"name":"X-App","value":"C"},{"name":"Client-Id","value":"other"}%s]}}`, url, header)
	}
	har := `{"log":{"entries":[` + entry("/page", "") + "," + entry("/other", `,{"name":"Signature","value":"s"}`) + "," + entry("/signed", `,{"name":"x-signature","value":"s"}`) + `]}}`
	for name, data := range map[string]string{
		"HAR": har, "raw": "POST /signed HTTP/1.1\nX-App: C\nX-Shop: M\nClient-Id: other\n\n{}", "curl": "curl https://h/signed -H 'X-App: C' -H 'Client-Id: other' -d '{}'",
	} {
		e, err := r.Read([]byte(data))
		if err != nil || len(e.Exchanges) != 1 {
			t.Fatalf("%s: %v, %d exchanges", name, err, len(e.Exchanges))
		}
		if x := e.Exchanges[0]; x.ClientID != "C" || x.Request.Path() != "/signed" {
			t.Errorf("%s: client %q, %s", name, x.ClientID, x.Request.Path())
		}
	}
}
