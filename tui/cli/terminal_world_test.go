//go:build linux

package cli

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rsa"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/keys"
	"countersign/apiclient/sandbox"
	"countersign/apiclient/signing"
	"countersign/history"
)

const (
	bigMark   = "the-first-of-many" // a value at the start of a large body
	bigPretty = `"mark": "` + bigMark
)

// bigJSON is a signed API's answer of about size bytes, on one line or many.
func bigJSON(size int, line bool) []byte {
	var body bytes.Buffer
	body.Grow(size + 4096)
	start, item, end := "{\n  \"mark\": \"%s\",\n", "    {\n      \"orderId\": \"%d\",\n      \"note\": \"goods of a common kind\",\n      \"amount\": %d\n    },\n", "    null\n  ]\n}\n"
	result := "  \"result\": {\n    \"resultStatus\": \"S\",\n    \"resultCode\": \"SUCCESS\",\n    \"resultMessage\": \"Success\"\n  },\n  \"orders\": [\n"
	if line {
		flat := strings.NewReplacer("\n", "", ": ", ":", "  ", "")
		start, item, end, result = flat.Replace(start), flat.Replace(item), flat.Replace(end), flat.Replace(result)
	}
	fmt.Fprintf(&body, start, bigMark)
	body.WriteString(result)
	for i := 0; body.Len() < size; i++ {
		fmt.Fprintf(&body, item, 202611230000+i, i%9999)
	}
	body.WriteString(end)
	return body.Bytes()
}

// bigServer answers every request on loopback with one large signed body.
type bigServer struct {
	address string
	key     *rsa.PrivateKey
	body    []byte

	asked func() // before each answer; nil: nothing

	mu   sync.Mutex
	head string
}

func newBigServer(b testing.TB, size int, line bool) *bigServer {
	b.Helper()
	data, err := os.ReadFile(filepath.Join(testKeys, "server2048.pkcs8.pem"))
	if err != nil {
		b.Fatal(err)
	}
	key, err := keys.ParsePrivate(context.Background(), data, nil)
	if err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	s := &bigServer{address: l.Addr().String(), key: key.Key, body: bigJSON(size, line)}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.answer(conn)
		}
	}()
	return s
}

// sign makes the head ready beforehand: the other side's work is not measured.
func (s *bigServer) sign() {
	at := strconv.FormatInt(time.Now().UnixMilli(), 10)
	proof, err := signing.Sign(s.key, signing.Content{
		Method: http.MethodPost, Target: "/api/v2/payments/pay", ClientID: sandbox.ClientID, Time: at, Body: s.body,
	}.Canonical(), signing.Style{KeyVersion: "1"})
	if err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.head = fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\nClient-Id: %s\r\nResponse-Time: %s\r\nSignature: %s\r\nContent-Length: %d\r\n\r\n",
		sandbox.ClientID, at, proof.Header, len(s.body))
}

func (s *bigServer) answer(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
		return
	}
	if s.asked != nil {
		s.asked()
	}
	s.mu.Lock()
	head := s.head
	s.mu.Unlock()
	_, _ = (&net.Buffers{[]byte(head), s.body}).WriteTo(conn)
}

// home is an environment whose only profile leads here.
func (s *bigServer) home(b testing.TB) []string {
	b.Helper()
	env := benchHome(b)
	config := filepath.Join(b.TempDir(), "config.toml")
	s.configure(b, config, dataOf(env))
	return append(env, "COUNTERSIGN_CONFIG="+config)
}

// configure writes a configuration whose only profile leads here.
func (s *bigServer) configure(b testing.TB, config, data string) {
	b.Helper()
	abs, err := filepath.Abs(testKeys)
	if err != nil {
		b.Fatal(err)
	}
	// The sandbox's copy of the key, as the one of the tests is open to others,
	// which the explorer would say.
	text := fmt.Sprintf("default_profile = \"local\"\n[profiles.local]\nbase_url = \"http://%s/api\"\nclient_id = %q\nprivate_key = { file = %q }\npeer_keys = { \"1\" = { file = %q } }\n",
		s.address, sandbox.ClientID, filepath.Join(data, "sandbox", "merchant.pem"), filepath.Join(abs, "server2048.pub.spki.pem"))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
}

// saveRun records one run in the history of a home and gives the file.
func saveRun(b *testing.B, env []string, body []byte) string {
	b.Helper()
	ctx := context.Background()
	s, _, err := history.Open(ctx, filepath.Join(dataOf(env), historyFile))
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Complete(ctx, savedRun(body)); err != nil {
		b.Fatal(err)
	}
	// A search indexes first what is not indexed yet.
	if _, err := s.List(ctx, history.Query{Search: "nothing-has-this"}); err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	return s.Path()
}

func dataOf(env []string) string {
	for _, v := range env {
		if dir, ok := strings.CutPrefix(v, "COUNTERSIGN_DATA="); ok {
			return dir
		}
	}
	return ""
}

// savedRun is a run that was sent and answered.
func savedRun(body []byte) *apiclient.Exchange {
	answer := []byte(`{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"Success"}}`)
	canonical := append([]byte("POST /api/v2/payments/pay\n"+sandbox.ClientID+".1682060290199."), body...)
	return &apiclient.Exchange{
		ID: "0198e5a2-0000-7000-8000-000000000000", Profile: "sandbox", Endpoint: "v2/payments/pay", Origin: apiclient.FromCLI,
		URL: "http://127.0.0.1:8080/miniprogram/api/v2/payments/pay", ClientID: sandbox.ClientID,
		Request: apiclient.Message{
			Line:   "POST /miniprogram/api/v2/payments/pay HTTP/1.1",
			Header: []apiclient.Field{{Name: "Client-Id", Value: sandbox.ClientID}, {Name: "Content-Type", Value: "application/json; charset=UTF-8"}},
			Body:   body,
		},
		Sent:        signing.Proof{Canonical: canonical, Signature: make([]byte, 256), Value: "KEhX", Header: "algorithm=RSA256, keyVersion=1, signature=KEhX"},
		SentVerdict: signing.Verdict{Status: signing.Verified, Canonical: canonical},
		Response:    &apiclient.Message{Line: "HTTP/1.1 200 OK", Header: []apiclient.Field{{Name: "Response-Time", Value: "1682060290240"}}, Body: answer},
		Received:    signing.Verdict{Status: signing.Verified, Reason: "the signature is right", Canonical: answer},
		Result:      apiclient.Result{Status: "S", Code: "SUCCESS", Message: "Success"},
		StartedAt:   time.Date(2026, 4, 21, 6, 58, 10, 199_000_000, time.UTC),
		Timing:      apiclient.Timing{Total: 41 * time.Millisecond},
		Outcome:     apiclient.Answered, BytesSent: true,
	}
}

// manyRuns is a long history.
const manyRuns = 100_000

// manyRunsHome is a home with a long history. Each run is durable on its own,
// so to record so many takes minutes: one is recorded as the program does it,
// and the database copies its rows.
func manyRunsHome(b *testing.B) []string {
	b.Helper()
	env := benchHome(b)
	path := saveRun(b, env, []byte(`{"paymentRequestId":"1","paymentAmount":{"currency":"USD","value":"10000"}}`))
	db, err := sql.Open("sqlite", path) // the driver that the history uses
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, table := range []string{"runs", "records", "bodies"} {
		columns, values := copied(b, db, table)
		_, err := db.Exec("WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?) INSERT INTO "+
			table+" ("+columns+") SELECT "+values+" FROM "+table+", counted", manyRuns-1)
		if err != nil {
			b.Fatal(err)
		}
	}
	// They are counted, as the history does it, and as if the index of words had caught up long ago.
	if _, err := db.Exec(`UPDATE state SET live = live + ?1, changes = changes + ?1; UPDATE kinds SET n = n + ?1; DELETE FROM pending`,
		manyRuns-1); err != nil {
		b.Fatal(err)
	}
	return env
}

// copied returns the columns of a table and what stands in them for copy n.
func copied(b *testing.B, db *sql.DB, table string) (columns, values string) {
	b.Helper()
	rows, err := db.Query("SELECT name FROM pragma_table_info(?)", table)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var names, exprs []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			b.Fatal(err)
		}
		names = append(names, name)
		switch name {
		case "seq":
			name = "seq + n"
		case "key":
			name = "key + 4 * n"
		case "id":
			name = "substr(id, 1, 24) || printf('%012x', n)"
		case "started":
			name = "started + n * 1000000000"
		}
		exprs = append(exprs, name)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return strings.Join(names, ", "), strings.Join(exprs, ", ")
}
