package diagnose_test

import (
	"context"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing/signingtest"
)

// BenchmarkSingleCause is one diagnosis of a case with one cause, without the
// start of a process.
func BenchmarkSingleCause(b *testing.B) {
	file := signingtest.Load(b, evidenceFolder)
	var keys []apiclient.Key
	for _, k := range file.Keyring {
		keys = append(keys, publicKey(b, k.ID))
	}
	for _, id := range []string{"X017", "X169", "X113", "X247", "X307", "X293", "X121"} {
		for _, m := range file.Cases {
			if m.ID != id {
				continue
			}
			e := evidenceOf(b, m, keys)
			b.Run(m.Causes[0], func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if r := diagnose.Diagnose(context.Background(), e, diagnose.Options{}); !r.Proven() {
						b.Fatal("not found")
					}
				}
			})
		}
	}
}
