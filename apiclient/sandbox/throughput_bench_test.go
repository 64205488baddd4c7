//go:build unix

package sandbox

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"

	"countersign/apiclient"
)

// BenchmarkThroughput sends payments that were signed before over kept connections,
// verified, answered, signed and observed, beside what one signature and one
// verification cost alone. The figure that counts is ns/op of RSA by that of sandbox:
// at least 0.8; on a machine that is busy with other things, cpu-ns/op tells the same.
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
		defer reportCPU(b)()
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
				if err := readAnswer(in); err != nil {
					b.Error(err)
					return
				}
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
		defer reportCPU(b)()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				_, _ = rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
				_ = rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signed)
			}
		})
	})
}

// reportCPU reports what an operation takes of the processors, whoever else uses them.
func reportCPU(b *testing.B) func() {
	used := func() int64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return u.Utime.Nano() + u.Stime.Nano()
	}
	before := used()
	return func() { b.ReportMetric(float64(used()-before)/float64(b.N), "cpu-ns/op") }
}

// readAnswer reads an answer that is signed, at little cost.
func readAnswer(in *bufio.Reader) error {
	length, signed := 0, false
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) == len("\r\n") {
			break
		}
		signed = signed || bytes.HasPrefix(line, []byte("Signature:"))
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
	if !signed {
		return errors.New("the answer is not signed")
	}
	_, err := in.Discard(length)
	return err
}
