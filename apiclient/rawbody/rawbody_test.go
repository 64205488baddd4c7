package rawbody

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What frameworks say of themselves names them, and nothing else does.
func TestNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"HTTP/1.1 500\r\nX-Powered-By: Express\r\n":                                               "Express",
		`{"timestamp":"2026-01-01","status":500,"error":"Internal Server Error","path":"/hooks"}`: "Spring",
		"Server: Werkzeug/3.0.1 Python/3.12.1":                                                    "Flask",
		"Server: WSGIServer/0.2 CPython/3.12":                                                     "Django",
		"Set-Cookie: laravel_session=x":                                                           "Laravel",
		"X-Runtime: 0.003":                                                                        "Rails",
		"[GIN] 2026/01/01 | 200 | POST /hooks\ngithub.com/gin-gonic/gin.(*Context)":               "Gin",
		"Server: nginx":               "",
		"begin engine original login": "",
	} {
		var names []string
		for _, r := range Named([]byte(text)) {
			names = append(names, r.Framework)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%q names %q, not %q", text, got, want)
		}
	}
	if a := Advice([]byte("Werkzeug")); !strings.Contains(a, "request.get_data()") {
		t.Error(a)
	}
	if a := Advice(nil); !strings.Contains(a, "Rails and Gin") {
		t.Error(a)
	}
}

// Each cause of the table is one that diagnose finds.
func TestParsedCausesAreReal(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	err := filepath.WalkDir(filepath.Join("..", "diagnose"), func(path string, d os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			data, err := os.ReadFile(path)
			all.Write(data)
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, cause := range parsed {
		if !strings.Contains(all.String(), `"`+cause+`"`) {
			t.Errorf("no finding has the cause %s", cause)
		}
	}
	if Parsed("body_trailing_newline") || !Parsed("body_key_order_changed") {
		t.Error("bytes on the way are no parsed body")
	}
}
