package sandbox

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"

	"countersign/apiclient"
)

// BenchmarkThroughput sends payments that were signed before over kept connections,
// verified, answered, signed and observed, beside what one signature and one
// verification cost alone. The figure that counts is ns/op of RSA by that of sandbox:
// at least 0.8.
//
//	go test ./apiclient/sandbox -run '^$' -bench Throughput -benchtime 3s
func BenchmarkThroughput(b *testing.B) {
	bench := newBench(b, func(c *Config) { c.Observe = func(apiclient.Exchange) {} })
	const different = 256
	requests := make([][]byte, different)
	for i := range requests {
		d := bench.sign(b, "/v1/payments/pay", v1Pay(fmt.Sprint("R", i), "40000"))
		r, err := http.NewRequest(d.method, "http://"+bench.server.Addr+d.path, bytes.NewReader([]byte(d.body)))
		if err != nil {
			b.Fatal(err)
		}
		r.Header = d.header
		var raw bytes.Buffer
		if err := r.Write(&raw); err != nil {
			b.Fatal(err)
		}
		requests[i] = raw.Bytes()
	}
	var n atomic.Int64
	b.Run("sandbox", func(b *testing.B) {
		b.ReportAllocs()
		b.SetParallelism(4)
		b.RunParallel(func(pb *testing.PB) {
			conn, err := net.Dial("tcp", bench.server.Addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			in := bufio.NewReader(conn)
			for pb.Next() {
				if _, err := conn.Write(requests[n.Add(1)%different]); err != nil {
					b.Error(err)
					return
				}
				answer, err := http.ReadResponse(in, nil)
				if err != nil || answer.StatusCode != http.StatusOK || answer.Header.Get("Signature") == "" {
					b.Error(err, answer)
					return
				}
				_, _ = io.Copy(io.Discard, answer.Body)
			}
		})
	})
	b.Run("RSA", func(b *testing.B) {
		sum := sha256.Sum256([]byte("content"))
		key := bench.config.Key
		signed, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
		if err != nil {
			b.Fatal(err)
		}
		b.SetParallelism(4)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				_, _ = rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
				_ = rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signed)
			}
		})
	})
}
