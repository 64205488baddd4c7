package compare

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/redact"
	"countersign/apiclient/signing"
)

// texts compares, and checks what holds for every comparison.
func texts(t testing.TB, a, b []byte, alwaysA, alwaysB []Range) *Diff {
	t.Helper()
	d, err := compare(context.Background(), a, b, Pieces, alwaysA, alwaysB, Budget)
	if err != nil {
		t.Fatal(err)
	}
	sound(t, d)
	return d
}

// sound: each byte of both texts is in one chunk, what is called the same is,
// and what is not marked within a chunk is the same too.
func sound(t testing.TB, d *Diff) {
	t.Helper()
	for _, side := range []struct {
		text []byte
		cut  Cut
	}{{d.A, d.CutA}, {d.B, d.CutB}} {
		at := 0
		for _, end := range side.cut {
			if end <= at || end-at > maxPiece && bytes.IndexByte(side.text[at:end], '\n') != end-at-1 {
				t.Fatalf("a piece [%d, %d)", at, end)
			}
			at = end
		}
		if at != len(side.text) {
			t.Fatalf("the pieces end at %d of %d", at, len(side.text))
		}
	}
	a, b := 0, 0
	for _, c := range d.Chunks {
		if c.A0 != a || c.B0 != b {
			t.Fatalf("chunk %+v begins elsewhere than at %d, %d", c, a, b)
		}
		a, b = c.A1, c.B1
		ra, rb := d.Spans(c)
		if c.Same != bytes.Equal(ra.of(d.A), rb.of(d.B)) {
			t.Fatalf("chunk %+v: %q, %q", c, ra.of(d.A), rb.of(d.B))
		}
		for _, e := range c.Edits {
			if !bytes.Equal(d.A[ra.From:e.A.From], d.B[rb.From:e.B.From]) {
				t.Fatalf("%q and %q are not marked", d.A[ra.From:e.A.From], d.B[rb.From:e.B.From])
			}
			ra.From, rb.From = e.A.To, e.B.To
		}
		if c.Edits != nil && !bytes.Equal(d.A[ra.From:ra.To], d.B[rb.From:rb.To]) {
			t.Fatalf("%q and %q are not marked", d.A[ra.From:ra.To], d.B[rb.From:rb.To])
		}
	}
	if a != len(d.CutA) || b != len(d.CutB) {
		t.Fatalf("the chunks end at %d, %d of %d, %d", a, b, len(d.CutA), len(d.CutB))
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	long := `{"id":"019aaaaa-0000","amount":{"currency":"USD","value":"10000"},"memo":"a, b {c}","list":[1,2,3],"end":true,"more":"` + strings.Repeat("x", 60) + `"}`
	value, end := strings.Index(long, "10000"), strings.Index(long, `"end"`)
	for name, c := range map[string]struct {
		a, b   string
		differ int
		first  Edit
	}{
		"equal":             {"a\nb\n", "a\nb\n", 0, Edit{}},
		"both empty":        {"", "", 0, Edit{}},
		"one empty":         {"", "abc", 1, Edit{A: Range{0, 0}, B: Range{0, 3}}},
		"a byte":            {"abc", "abX", 1, Edit{A: Range{2, 3}, B: Range{2, 3}}},
		"last LF":           {"a\nb\n", "a\nb", 1, Edit{A: Range{3, 4}, B: Range{3, 3}}},
		"CRLF":              {"a\r\nb", "a\nb", 1, Edit{A: Range{1, 2}, B: Range{1, 1}}},
		"an insertion":      {"a\nc\n", "a\nb\nc\n", 1, Edit{A: Range{2, 2}, B: Range{2, 4}}},
		"two lines":         {"a\nb\nc\nd\ne\n", "a\nB\nc\nD\ne\n", 2, Edit{A: Range{2, 3}, B: Range{2, 3}}},
		"fields of a line":  {long, strings.NewReplacer("10000", "20000", "a, b", "a; b").Replace(long), 2, Edit{A: Range{value, value + 1}, B: Range{value, value + 1}}},
		"a field more":      {long, strings.Replace(long, `"end"`, `"new":"field","end"`, 1), 1, Edit{A: Range{end, end}, B: Range{end, end + 14}}},
		"fields in a row":   {"Host: a\nTime: 1\nSign: x\n", "Host: b\nTime: 2\nSign: y\n", 3, Edit{A: Range{6, 7}, B: Range{6, 7}}},
		"no UTF-8":          {"\xff\xfe\x00", "\xff\xfd\x00", 1, Edit{A: Range{1, 2}, B: Range{1, 2}}},
		"digits by chance":  {"id 17283", "id 97485", 1, Edit{A: Range{3, 8}, B: Range{3, 8}}},
		"order of the keys": {`{"b":1,"a":2}` + "\n", `{"a":2,"b":1}` + "\n", 1, Edit{A: Range{2, 3}, B: Range{2, 3}}},
	} {
		d := texts(t, []byte(c.a), []byte(c.b), nil, nil)
		differ, always := d.Count()
		if first, ok := d.First(false); differ != c.differ || always != 0 || ok != (c.differ > 0) {
			t.Errorf("%s: %d differ, first %+v", name, differ, first)
		} else if name != "digits by chance" && name != "order of the keys" && first != c.first {
			t.Errorf("%s: first %+v, want %+v", name, first, c.first)
		}
		if d.Equal() != (c.a == c.b) || d.Rough {
			t.Errorf("%s: equal %v, rough %v", name, d.Equal(), d.Rough)
		}
	}
}

// paid is an exchange of a payment.
func paid(amount, at, signature string) *apiclient.Exchange {
	body := `{"paymentRequestId":"r-1","paymentAmount":{"currency":"USD","value":"` + amount + `"}}`
	canonical := "POST /api/v2/payments/pay\n2188." + at + "." + body
	return &apiclient.Exchange{
		Request: apiclient.Message{
			Line:   "POST /api/v2/payments/pay HTTP/1.1",
			Header: []apiclient.Field{{Name: "Client-Id", Value: "2188"}, {Name: "Request-Time", Value: at}, {Name: "Signature", Value: "algorithm=RSA256, signature=" + signature}},
			Body:   []byte(body),
		},
		Sent: signing.Proof{Canonical: []byte(canonical)},
	}
}

func find(t *testing.T, parts []Part, name string) Part {
	t.Helper()
	for _, p := range parts {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("there is no part %q", name)
	return Part{}
}

func TestExchangesSentAgain(t *testing.T) {
	t.Parallel()
	parts, err := Exchanges(context.Background(), paid("10000", "1682060290199", "abc"), paid("10000", "1682060291424", "xyz"), redact.Redactor{})
	if err != nil {
		t.Fatal(err)
	}
	for name, says := range map[string]string{
		"request line": "the same", "request body": "the same",
		"request headers": "differs as always", "string that was signed": "differs as always",
	} {
		if p := find(t, parts, name); !strings.HasPrefix(p.Summary(), says) {
			t.Errorf("%s: %s", name, p.Summary())
		}
	}
	for _, p := range parts {
		if differ, _ := p.Count(); differ > 0 {
			t.Errorf("%s: %s", p.Name, p.Summary())
		}
	}
}

func TestExchangesThatDiffer(t *testing.T) {
	t.Parallel()
	a, b := paid("10000", "1682060290199", "abc"), paid("10001", "1682060291424", "xyz")
	b.Request.Header[0].Value = "2189"
	b.Response = &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte("{}")}
	a.Err = "the connection was refused"
	parts, err := Exchanges(context.Background(), a, b, redact.Redactor{})
	if err != nil {
		t.Fatal(err)
	}
	for name, says := range map[string]string{
		"request line":           "the same",
		"request body":           "1 difference · first at byte ",
		"request headers":        "1 difference and 2 as always",
		"string that was signed": "1 difference and 1 as always · first at byte ",
		"response body":          "1 difference",
	} {
		if p := find(t, parts, name); !strings.HasPrefix(p.Summary(), says) {
			t.Errorf("%s: %s", name, p.Summary())
		}
	}
	if p := find(t, parts, "response line"); p.Note != "one has no response: the connection was refused." {
		t.Errorf("note %q", p.Note)
	}
	for i, p := range Swapped(Swapped(parts)) {
		if !reflect.DeepEqual(p, parts[i]) {
			t.Errorf("swapped twice: %+v, was %+v", p, parts[i])
		}
	}
	sound(t, Swapped(parts)[0].Diff)
	text := string(Unified(parts, "run 1", "run 2"))
	for _, s := range []string{"--- run 1\n+++ run 2\n", "# request headers: 1 difference and 2 as always", "\n-Client-Id: 2188\n+Client-Id: 2189\n", "\n+HTTP/1.1 200 OK\n"} {
		if !strings.Contains(text, s) {
			t.Errorf("the text lacks %q:\n%s", s, text)
		}
	}
	if strings.Contains(text, "# request line") {
		t.Errorf("the text has what is equal:\n%s", text)
	}
}

func TestCanceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Exchanges(ctx, paid("1", "2", "3"), paid("4", "5", "6"), redact.Redactor{}); err == nil {
		t.Error("a canceled comparison has a result")
	}
}

// big makes n fields of JSON, on lines of their own or on one.
func big(n int, between string, change func(i int) string) []byte {
	var b bytes.Buffer
	b.WriteString("{")
	for i := range n {
		fmt.Fprintf(&b, `"field%d":"value number %d%s",`+between, i, i, change(i))
	}
	b.WriteString(`"end":true}`)
	return b.Bytes()
}

func same(int) string { return "" }

// sizes are texts of about 20 MB that differ in ways that are hard for some
// way of comparing.
func sizes(n int) map[string][2][]byte {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test
	noise := func() []byte {
		b := make([]byte, 40*n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}
	one := noise()
	shifted := append([]byte("inserted"), one...)
	rows := bytes.Repeat([]byte("x\n"), 20*n)
	other := bytes.Clone(rows)
	other[len(other)/3], other[len(other)/2] = 'y', 'z'
	half := bytes.Clone(rows)
	for i := 0; i < len(half); i += 6 {
		half[i] = 'w'
	}
	return map[string][2][]byte{
		"equal":               {big(n, "\n", same), big(n, "\n", same)},
		"one field":           {big(n, "\n", same), big(n, "\n", func(i int) string { return map[bool]string{true: "!"}[i == n/2] })},
		"every 100th":         {big(n, "\n", same), big(n, "\n", func(i int) string { return map[bool]string{true: "!"}[i%100 == 50] })},
		"all fields":          {big(n, "\n", same), big(n, "\n", func(i int) string { return fmt.Sprint("!", i) })},
		"one line":            {big(n, "", same), big(n, "", func(i int) string { return map[bool]string{true: "!"}[i%1000 == 50] })},
		"binary, shifted":     {one, shifted},
		"nothing in common":   {noise(), noise()},
		"the same line, ever": {rows, other},
		"two lines, mixed":    {rows, half},
		"one byte, ever":      {bytes.Repeat([]byte("a"), 40*n), append(bytes.Repeat([]byte("a"), 40*n), 'b')},
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for name, c := range sizes(20_000) {
		d := texts(t, c[0], c[1], nil, nil)
		differ, _ := d.Count()
		want, known := map[string]int{"equal": 0, "one field": 1, "every 100th": 200, "one line": 20, "binary, shifted": 1}[name]
		if known && differ != want {
			t.Errorf("%s: %d differences", name, differ)
		}
	}
}

// BenchmarkTexts compares 20 MB with 20 MB.
func BenchmarkTexts(b *testing.B) {
	for name, c := range sizes(500_000) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := compare(context.Background(), c[0], c[1], Pieces, nil, nil, Budget); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(len(c[0]) + len(c[1])))
		})
	}
}

func FuzzTexts(f *testing.F) {
	f.Add([]byte("a\nb\n"), []byte("a\nc\n"))
	f.Add([]byte(strings.Repeat(`{"a":1,`, 40)), []byte(strings.Repeat(`{"a":2,`, 41)))
	f.Add(bytes.Repeat([]byte("äö"), 200), bytes.Repeat([]byte("äü"), 201))
	f.Add([]byte("\"\\"), []byte(`"":`))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		d := texts(t, a, b, []Range{{0, len(a) / 2}}, []Range{{0, len(b) / 2}})
		_ = Unified([]Part{{Name: "text", Diff: d}}, "a", "b")
		d.First(true)
	})
}

// Headers that a platform calls otherwise are known by what they hold.
func TestHeadersOfOtherNames(t *testing.T) {
	t.Parallel()
	exchange := func(time, id, signature, client string) *apiclient.Exchange {
		m := apiclient.Message{Line: "POST /v2/payments/pay HTTP/1.1", Body: []byte(`{"at":"12345678"}`), Header: []apiclient.Field{
			{Name: "X-App", Value: client}, {Name: "X-When", Value: time}, {Name: "Nonce", Value: id}, {Name: "Sign", Value: "algorithm=RSA256, keyVersion=1, signature=" + signature},
			{Name: "X-Body", Value: "12345678" + client},
		}}
		return &apiclient.Exchange{Request: m, ClientID: client, Sent: signing.Proof{
			Canonical: []byte("POST /v2/payments/pay\n" + client + "." + time + "." + id + "." + string(m.Body)),
		}}
	}
	parts, err := Exchanges(context.Background(), exchange("1682060290199", "nonce-0001", "aaaa", "client-1"), exchange("1682060299999", "nonce-0002", "bbbb", "client-1"), redact.Redactor{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if differ, _ := p.Count(); differ != 0 {
			t.Errorf("%s: %s", p.Name, p.Summary())
		}
	}
	parts, err = Exchanges(context.Background(), exchange("1682060290199", "nonce-0001", "aaaa", "client-1"), exchange("1682060290199", "nonce-0001", "aaaa", "client-2"), redact.Redactor{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if differ, always := p.Count(); (p.Name == "request headers" && differ != 2) || (p.Name == "string that was signed" && differ != 1) || always != 0 {
			t.Errorf("another client, %s: %s", p.Name, p.Summary())
		}
	}
}
