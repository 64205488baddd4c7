package capture_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/capture"
)

// BenchmarkThroughput moves POST requests of 1 kB over kept connections, beside a
// bare httputil.ReverseProxy and no proxy at all.
func BenchmarkThroughput(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
	b.Cleanup(server.Close)
	u, _ := url.Parse(server.URL)
	bare := httptest.NewServer(httputil.NewSingleHostReverseProxy(u))
	b.Cleanup(bare.Close)
	ours, _ := proxy(b, server.URL, func(c *capture.Config) { c.Observe = func(apiclient.Exchange) {} })
	body := strings.Repeat("x", 1000)
	for name, address := range map[string]string{"capture": "http://" + ours, "ReverseProxy": bare.URL, "none": server.URL} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				client := &http.Client{Transport: &http.Transport{}}
				for pb.Next() {
					answer, err := client.Post(address, "application/json", strings.NewReader(body))
					if err != nil {
						b.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, answer.Body)
					_ = answer.Body.Close()
				}
			})
		})
	}
}
