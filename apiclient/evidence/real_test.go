package evidence

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"countersign/apiclient/wire"
)

// realFiles says what the recordings of real tools have of their exchange: the
// bodies of request and answer by the name of a file, "missing" where the tool
// does not print it, "none" where there is no answer.
var realFiles = map[string][2]string{
	"curl-v-a": {"missing", "r"}, "curl-v-b": {"missing", "r"}, "curl-v-chunked-b": {"missing", "r"},
	"curl-iv-a": {"missing", "r"}, "curl-v-tty-a": {"missing", "r"},
	"curl-trace-b": {"b", "r"}, "curl-trace-time-a": {"a", "r"}, "curl-trace-ascii-b": {"missing", "missing"},
	"httpie-v-a": {"a", "r"}, "httpie-v-chunked-b": {"b", "r"}, "httpie-v-color-a": {"missing", "missing"},
	"wget-d-b": {"missing", "r"}, "wget-d-data-a": {"a", "missing"},
	"py-httpclient-b": {"b", "r"}, "py-requests-a": {"a", "r"}, "py-repr-b": {"b", "none"},
	"ruby-debug-a": {"a", "r"}, "ruby-debug-b": {"b", "r"},
	"axios-a": {"a", "none"}, "axios-response-a": {"a", "r"}, "axios-error-a": {"a", "none"}, "axios-json-a": {"a", "none"},
	"axios-buffer-a": {"missing", "none"},
	"php-a":          {"a", "none"}, "php-b": {"b", "none"}, "php-vardump-b": {"b", "none"}, "php-export-b": {"b", "none"},
	"php-curl-a":     {"missing", "missing"},
	"tshark-ascii-0": {"missing", "missing"}, "tshark-hex-0": {"a", "r"}, "tshark-raw-1": {"b", "r"},
	"apache4-a": {"a", "r"}, "apache4-b": {"b", "r"}, "mitmdump": {"missing", "missing"},
}

func TestRealTools(t *testing.T) {
	t.Parallel()
	bodies := map[string][]byte{}
	for _, name := range []string{"a", "b", "r"} {
		bodies[name] = readReal(t, name+".json")
	}
	holds := func(t *testing.T, side string, m *wire.Message, want string) {
		t.Helper()
		switch {
		case want == "none" && m == nil:
		case m == nil || want == "none":
			t.Errorf("the %s is %+v, want %s", side, m, want)
		case want == "missing" && (!m.Partial || len(m.Body) > 0):
			t.Errorf("the %s has the body %q and is not marked as one without", side, m.Body)
		case want != "missing" && (!bytes.Equal(m.Body, bodies[want]) || m.Partial):
			t.Errorf("the %s has the body\n%q\nwant\n%q", side, m.Body, bodies[want])
		case !strings.HasSuffix(m.Get("Signature"), "%3D%3D"):
			t.Errorf("the %s has the signature %q", side, m.Get("Signature"))
		}
	}
	for name, want := range realFiles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x, e := read(t, Reader{}, string(readReal(t, name+".txt")))
			if m := x.Request; m.Method() != "POST" || m.Path() != "/miniprogram/api/v2/payments/pay" ||
				m.Get("Client-Id") != "2077000000000000001234" || m.Get("Request-Time") != "1733000111222" {
				t.Errorf("read as %s: %q %q", e.Kind, m.Line, m.Header)
			}
			holds(t, "request", &x.Request, want[0])
			holds(t, "response", x.Response, want[1])
			if strings.Contains(want[0]+want[1], "missing") && len(e.Notes) == 0 {
				t.Error("what is missing is not said")
			}
		})
	}
}

// Two exchanges in one capture.
func TestRealCapture(t *testing.T) {
	t.Parallel()
	for n, want := range []string{"a", "b"} {
		x, e := read(t, Reader{Entry: n + 1}, string(readReal(t, "tcpdump-X.txt")))
		if body := readReal(t, want+".json"); !bytes.Equal(x.Request.Body, body) || e.Of != 2 || e.Numbers[0] != n+1 {
			t.Errorf("exchange %d of %d: %q", e.Numbers[0], e.Of, x.Request.Body)
		}
	}
}

func readReal(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "real", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A record of this program has signed strings and messages in its text; it is
// one exchange all the same.
func TestRecordWithSignedStrings(t *testing.T) {
	t.Parallel()
	record := `{"request":{"line":"POST /x HTTP/1.1","headers":[["Signature","s"]],"body":"{}"},"sent":{"canonical":` +
		jsonText("POST /x\nC.1733000111222.{}") + `,"signature":"` + strings.Repeat("A", 344) + `"},"note":` +
		jsonText("POST /y HTTP/1.1\r\nA: b\r\n\r\n") + `}`
	for _, text := range []string{record, "[" + record + "]", strings.ReplaceAll(record, `,"`, ",\n\"")} {
		if x, e := read(t, Reader{}, text); e.Kind != Record || x.Request.Path() != "/x" || string(x.Request.Body) != "{}" {
			t.Errorf("read as %s: %q", e.Kind, x.Request.Line)
		}
	}
}
