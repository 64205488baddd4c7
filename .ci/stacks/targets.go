//go:build ignore

// Targets and times of Go stacks. In a module of its own that has resty and
// fasthttp: go run targets.go [rounds]
package main

import (
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"
	"github.com/valyala/fasthttp"
)

var (
	base  = os.Getenv("STACKS_URL")
	texts = []string{"a b", "x+y", "2024-01-10T12:00:00+01:00", "100%", "~user", "it's (ok)!", "a*b", "ü", "咖啡", "a,b;c", "p/q?r", "[x]", "{y}|z",
		"a@b.c", "$5", "1=1", "a&b", `"q"`, "<t>"}
	names = []string{"z", "a", "lang", "ref", "at", "ids", "f"}
	paths = []string{"/miniprogram/api//v2/payments/pay", "/api/v2/../v2/pay", "/api/v2/./pay", "/v2/qr/café", "/v2/a b", "/v2/%70ay", "/v2/pay/", "//v2/pay",
		"/v2/a%2Fb", "/v2/x%c3%bc", "/v2/it's(ok)", "/v2/%7euser"}
	hand = map[string]func(p [][2]string) string{
		"escape": func(p [][2]string) string { return join(p, url.QueryEscape) },
		"path":   func(p [][2]string) string { return join(p, url.PathEscape) },
		"raw":    func(p [][2]string) string { return join(p, func(s string) string { return s }) },
		"space": func(p [][2]string) string {
			return join(p, func(s string) string { return strings.ReplaceAll(s, " ", "%20") })
		},
	}
	times = map[string]func(t time.Time) string{
		"nano":    func(t time.Time) string { return t.Format(time.RFC3339Nano) },
		"string":  func(t time.Time) string { return t.Round(0).UTC().String() },
		"unixns":  func(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) },
		"unixus":  func(t time.Time) string { return strconv.FormatInt(t.UnixMicro(), 10) },
		"float":   func(t time.Time) string { return fmt.Sprint(float64(t.UnixNano()) / 1e6) },
		"float9":  func(t time.Time) string { return fmt.Sprintf("%f", float64(t.UnixNano())/1e9) },
		"rfc3339": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"http":    func(t time.Time) string { return t.UTC().Format(http.TimeFormat) },
	}
)

func join(p [][2]string, f func(string) string) string {
	var list []string
	for _, kv := range p {
		list = append(list, kv[0]+"="+f(kv[1]))
	}
	return strings.Join(list, "&")
}

func pick[T any](list []T) T { return list[rand.IntN(len(list))] }

func body() string {
	return fmt.Sprintf(`{"paymentRequestId":"PR_%x","paymentAmount":{"currency":"USD","value":"10000"}}`, rand.Uint64())
}

func head(stack, target, signed, sent string) map[string]string {
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	t := strconv.FormatInt(time.Now().UnixMilli(), 10)
	if signed == "" {
		signed, sent = t, t
	}
	return map[string]string{"X-Stack": stack, "X-Target": b64(target), "X-Time": b64(signed), "Request-Time": sent, "Content-Type": "application/json"}
}

func std(u string, h map[string]string) {
	r, err := http.NewRequest(http.MethodPost, base+u, strings.NewReader(body()))
	if err != nil {
		return
	}
	for k, v := range h {
		r.Header.Set(k, v)
	}
	if a, err := http.DefaultClient.Do(r); err == nil {
		a.Body.Close()
	}
}

func fast(u string, h map[string]string) {
	r := fasthttp.AcquireRequest()
	r.SetRequestURI(base + u)
	r.Header.SetMethod(http.MethodPost)
	for k, v := range h {
		r.Header.Set(k, v)
	}
	r.SetBodyString(body())
	_ = fasthttp.Do(r, fasthttp.AcquireResponse())
}

func main() {
	rounds := 5
	if len(os.Args) > 1 {
		rounds, _ = strconv.Atoi(os.Args[1])
	}
	const target = "/miniprogram/api/v2/payments/pay"
	for range rounds {
		rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		p := [][2]string{{names[0], pick(texts)}, {names[1], pick(texts)}, {names[2], pick(texts)}}
		how := pick(slices.Sorted(maps.Keys(hand)))
		q, values := hand[how](p), url.Values{}
		for _, kv := range p {
			values.Set(kv[0], kv[1])
		}
		std(target+"?"+values.Encode(), head("go-values-"+how, target+"?"+q, "", ""))
		r := resty.New().R().SetHeaders(head("go-resty-"+how, target+"?"+q, "", "")).SetBody([]byte(body()))
		for _, kv := range p {
			r.SetQueryParam(kv[0], kv[1])
		}
		_, _ = r.Post(base + target)
		u := pick(paths)
		std(u, head("go-std-url", u, "", ""))
		fast(u, head("go-fasthttp-url", u, "", ""))
		std(path.Join("/", u), head("go-join", u, "", ""))
		fast(target+"?"+hand["raw"](p), head("go-fasthttp-raw", target+"?"+hand["raw"](p), "", ""))
		for name, f := range times {
			t := time.Now()
			std(target, head("go-time-"+name, target, f(t), strconv.FormatInt(t.UnixMilli(), 10)))
		}
	}
}
