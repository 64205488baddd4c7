package compare

import (
	"bytes"
	"context"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/redact"
	"countersign/apiclient/signing"
)

// BenchmarkExchanges compares two exchanges with answers of 20 MB: the strings
// that were signed hold the bodies once more.
func BenchmarkExchanges(b *testing.B) {
	for name, c := range sizes(500_000) {
		var both [2]apiclient.Exchange
		for i, body := range c {
			canonical := append([]byte("POST /api/v2/payments/pay\n2188.1682060290199."), body...)
			both[i] = apiclient.Exchange{
				Request:  apiclient.Message{Line: "POST /api/v2/payments/pay HTTP/1.1", Body: []byte("{}")},
				Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: body},
				Received: signing.Verdict{Canonical: bytes.Clone(canonical)},
			}
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Exchanges(context.Background(), &both[0], &both[1], redact.Redactor{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
