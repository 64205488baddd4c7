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
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"countersign/apiclient"
)

// BenchmarkThroughput sends payments that were signed before over kept connections,
// verified, answered, signed and observed, and does what RSA signing and verifying
// alone allow, in turns so short that what else the machine does meets both alike.
// The figure that counts is of-RSA, the throughput of the sandbox by that of RSA: at
// least 0.8. of-RSA-cpu is the same by the time of the processors, with that of the
// client in it; a busy machine leaves it alone.
//
//	go test ./apiclient/sandbox -run '^$' -bench Throughput -benchtime 3s
func BenchmarkThroughput(b *testing.B) {
	bench := newBench(b, func(c *Config) { c.Observe = func(apiclient.Exchange) {} })
	requests := signedPayments(b, bench, 64)
	const workers, turn = 8, 8 // turn: requests of a worker
	var conns [workers]struct {
		net.Conn
		in *bufio.Reader
	}
	for i := range conns {
		conn, err := net.Dial("tcp", bench.server.Addr)
		if err != nil {
			b.Fatal(err)
		}
		defer conn.Close()
		conns[i].Conn, conns[i].in = conn, bufio.NewReader(conn)
	}
	var sent atomic.Int64
	request := func(worker int) error {
		if _, err := conns[worker].Write(requests[int(sent.Add(1))%len(requests)]); err != nil {
			return err
		}
		return readAnswer(conns[worker].in)
	}
	sum := sha256.Sum256([]byte("content"))
	key := bench.config.Key
	signed, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		b.Fatal(err)
	}
	alone := func(int) error {
		_, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
		return errors.Join(err, rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signed))
	}
	var ofSandbox, ofRSA spent
	b.ReportAllocs()
	for b.Loop() {
		ofSandbox.add(b, workers, turn, request)
		ofRSA.add(b, workers, turn, alone)
	}
	perOp := float64(b.N * workers * turn)
	b.ReportMetric(float64(ofRSA.wall)/float64(ofSandbox.wall), "of-RSA")
	b.ReportMetric(float64(ofRSA.cpu)/float64(ofSandbox.cpu), "of-RSA-cpu")
	b.ReportMetric(float64(ofSandbox.cpu)/perOp, "cpu-ns/request")
	b.ReportMetric(float64(ofRSA.cpu)/perOp, "cpu-ns/RSA")
}

// signedPayments are n requests as they go over the wire.
func signedPayments(b *testing.B, bench *bench, n int) [][]byte {
	requests := make([][]byte, n)
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
	return requests
}

// spent is the time that some work took, and what of the processors it took.
type spent struct{ wall, cpu time.Duration }

// add lets some workers do their turn of the work at once.
func (s *spent) add(b *testing.B, workers, turn int, work func(worker int) error) {
	cpu, began := processTime(b), time.Now()
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			for range turn {
				if err := work(worker); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	s.wall += time.Since(began)
	s.cpu += processTime(b) - cpu
	if b.Failed() {
		b.FailNow()
	}
}

func processTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
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
