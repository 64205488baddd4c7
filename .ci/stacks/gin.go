//go:build ignore

// A gin server that passes on what it gets, as people write it: front.py starts it.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
)

var targets = map[string]func(c *gin.Context) string{
	"request-uri":  func(c *gin.Context) string { return c.Request.RequestURI },
	"url":          func(c *gin.Context) string { return c.Request.URL.String() },
	"path-query":   func(c *gin.Context) string { return c.Request.URL.Path + "?" + c.Request.URL.RawQuery },
	"escaped-path": func(c *gin.Context) string { return c.Request.URL.EscapedPath() },
	"encoded":      func(c *gin.Context) string { return c.Request.URL.EscapedPath() + "?" + c.Request.URL.Query().Encode() },
	"param":        func(c *gin.Context) string { return "/internal" + c.Param("rest") },
}

var bodies = map[string]func(b []byte) []byte{
	"map": func(b []byte) []byte {
		var m map[string]any
		_ = json.Unmarshal(b, &m)
		out, _ := json.Marshal(m)
		return out
	},
	"encoder": func(b []byte) []byte {
		var m any
		_ = json.Unmarshal(b, &m)
		var out bytes.Buffer
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		_ = e.Encode(m)
		return out.Bytes()
	},
	"indent": func(b []byte) []byte {
		var out bytes.Buffer
		_ = json.Indent(&out, b, "", "  ")
		return out.Bytes()
	},
}

func main() {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.POST("/*rest", func(c *gin.Context) {
		mode := c.GetHeader("X-Mode")
		body, _ := io.ReadAll(c.Request.Body)
		target := targets["request-uri"]
		if t := targets[mode]; t != nil {
			target = t
		}
		if f := bodies[mode]; f != nil {
			body = f(body)
		}
		q, err := http.NewRequest(http.MethodPost, os.Getenv("STACKS_URL")+target(c), bytes.NewReader(body))
		if err != nil {
			c.String(http.StatusBadGateway, err.Error())
			return
		}
		q.Header = c.Request.Header.Clone()
		q.Header.Del("X-Mode")
		q.Header.Del("Content-Length")
		if a, err := http.DefaultClient.Do(q); err == nil {
			_ = a.Body.Close()
		}
		c.Status(http.StatusOK)
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	var modes []string
	for m := range targets {
		modes = append(modes, m)
	}
	for m := range bodies {
		modes = append(modes, m)
	}
	said, _ := json.Marshal(map[string]any{"port": l.Addr().(*net.TCPAddr).Port, "modes": modes})
	fmt.Println(string(said))
	_ = http.Serve(l, r)
}
