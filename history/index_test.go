package history

import (
	"bytes"
	"compress/gzip"
	"context"
	"reflect"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// tampered is a run with something to find in each corner.
func tampered() *apiclient.Exchange {
	e := answer(exchangeOf(7))
	e.Profile, e.MerchantID, e.Remote = "staging-eu", "217120000000037263001", "203.0.113.9:443 TLS 1.3"
	e.SentKey = "SHA256:3f9a7c"
	e.Request.Body = []byte("{\"memo\":\"line one\\nline two \\u4e2d\\u6587 \\ud83d\\ude00\",\"price\":\"100%\",\"path\":\"a\\/b\",\"name\":\"Crème Brûlée\"}")
	e.Response.Line = "HTTP/1.1 500 Internal Server Error"
	e.Response.Header = append(e.Response.Header, apiclient.Field{Name: "X-Trace", Value: "abc-DEF_123"})
	e.Response.Body = []byte("支付请求已经处理 한국어문장 คำตอบ <html>it's \"odd\"</html> \x00 \xff\xfe binaryjunk")
	e.Result = apiclient.Result{Status: "U", Code: "REPEAT_REQ_INCONSISTENT", Message: "Repeated requests are inconsistent."}
	e.Received = signing.Verdict{Status: signing.WrongKey, Reason: "another key made it", Key: "server4096",
		Recovered: &signing.Recovered{Padding: signing.PKCS1v15Bare, Digest: []byte{0xde, 0xad, 0xbe, 0xef}},
		Warnings:  []signing.Warning{{Cause: "header_folded", Says: "the header is folded"}}}
	e.Findings = []apiclient.Finding{{Side: apiclient.RequestSide, Field: "Request-Time", Cause: "time_in_seconds", Severity: apiclient.Problem, Says: "seconds, where milliseconds belong"}}
	e.Err, e.Hint = "the connection was reset after 12 bytes", "ask the other side"
	return e
}

func TestSearchFindsWhatIsVisible(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	add(t, s, 3)
	if err := s.Complete(ctx, tampered()); err != nil {
		t.Fatal(err)
	}
	packed := exchangeOf(8)
	packed.ID, packed.Request.Body = "zipped-8", nil
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := w.Write([]byte(`{"only":"insidethezip"}`)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	packed.Response = &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: z.Bytes(), Decoded: []byte(`{"only":"insidethezip"}`)}
	if err := s.Complete(ctx, packed); err != nil {
		t.Fatal(err)
	}
	gbk := exchangeOf(9)
	gbk.ID = "gbk-9"
	gbk.Request.Header[1].Value = "text/xml; charset=GBK"
	gbk.Request.Body = []byte("<m>\xd6\xd0\xce\xc4\xd4\xda\xc4\xda</m>") // 中文在内
	if err := s.Complete(ctx, gbk); err != nil {
		t.Fatal(err)
	}
	one, zip, chinese, all := []int64{4}, []int64{5}, []int64{6}, []int64{6, 5, 4, 3, 2, 1}
	for search, want := range map[string][]int64{
		"":                                all,
		"  \t ":                           all,
		"% \" * - ( ) ' :":                all, // no letter, no digit: nothing is asked for
		"staging":                         one,
		"staging-eu":                      one,
		"217120000000037263001":           one,
		"2171200000":                      one,
		"203.0.113.9":                     one,
		"3f9a7c":                          one,
		"repeat_req_inconsistent":         one,
		"REPEAT_REQ":                      one,
		"REPEAT_REQ_INCON":                one,
		"inconsistent_repeat":             {}, // the pieces have an order, and no piece is of another place
		"repeated inconsistent":           one,
		"inconsistent repeated":           one, // words have none
		"wrong-key":                       one,
		"wrong":                           one,
		"server4096":                      one,
		"deadbeef":                        one,
		"header_folded":                   one,
		"time_in_seconds":                 one,
		"milliseconds":                    one,
		"reset after 12":                  one,
		"500":                             one,
		"x-trace abc-def":                 one,
		"def_123":                         one,
		"two":                             one, // after \n in a JSON string
		"100%":                            one,
		"1000%":                           {},        // punctuation ends a word
		"1000*":                           {3, 2, 1}, // an asterisk does not
		"a/b":                             one,
		"creme brulee":                    one,
		"CRÈME":                           one,
		"中文":                              {6, 4}, // escaped in one, GBK in the other
		"在内":                              chinese,
		"支付":                              one,
		"求已经":                             one,
		"已求":                              {},
		"支付 处理":                           one,
		"국어":                              one,
		"คำตอบ":                           one,
		"it's":                            one,
		`"odd"`:                           one,
		"binaryjunk":                      one,
		"insidethezip":                    zip,
		`"paymentRequestId":"req-000001"`: {2},
		"req-000001":                      {2},
		"req-00000":                       {3, 2, 1},
		"zipped":                          zip,
		idOf(1):                           {2},
		"paymentr":                        {3, 2, 1},
		"verified":                        all,
		"sandbox OR staging":              {}, // nothing is syntax: "or" is a word
		"NOT sandbox":                     {},
		"text:pay":                        {},
		"^pay*":                           all,
		"NEAR(pay)":                       {},
		"nowhere":                         {},
		"pay\x00ments":                    {}, "payments\x00pay": all,
		"pay\xffments": {}, "payments\xffpay": all,
		strings.Repeat("pay ", 5000):       all,
		strings.Repeat("(((", 100) + "pay": all,
	} {
		if got := seqs(t, s, Query{Search: search}); !reflect.DeepEqual(got, want) {
			t.Errorf("%.60q finds %v, want %v", search, got, want)
		}
	}
}

// TestSearchSeesTheNewest: a run is found at once, as it is now.
func TestSearchSeesTheNewest(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	other := openAt(t, s.Path())
	e := exchangeOf(1)
	if err := s.Begin(ctx, e); err != nil {
		t.Fatal(err)
	}
	for _, store := range []*Store{s, other} {
		if got := seqs(t, store, Query{Search: "unknown"}); len(got) != 1 {
			t.Errorf("the begun run is not found: %v", got)
		}
	}
	if err := s.Complete(ctx, answer(e)); err != nil {
		t.Fatal(err)
	}
	for _, store := range []*Store{other, s} {
		if got := seqs(t, store, Query{Search: "unknown"}); len(got) != 0 {
			t.Errorf("the completed run is found as it was: %v", got)
		}
		if got := seqs(t, store, Query{Search: "20260421000001"}); len(got) != 1 {
			t.Errorf("the answer is not found: %v", got)
		}
	}
}

// TestIndexSkipsARunThatChangedMeanwhile: between reading and indexing.
func TestIndexSkipsARunThatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	s.index.stop() // only this test indexes
	e := exchangeOf(1)
	if err := s.Begin(ctx, e); err != nil {
		t.Fatal(err)
	}
	stale, _, err := s.index.read(ctx)
	if err != nil || len(stale) != 1 {
		t.Fatal(stale, err)
	}
	if err := s.Complete(ctx, answer(e)); err != nil {
		t.Fatal(err)
	}
	if s.index.db, err = dial(s.Path(), "NORMAL", 1); err != nil {
		t.Fatal(err)
	}
	if err := s.index.put(ctx, stale); err != nil {
		t.Fatal(err)
	}
	if n := rows(t, s); n["pending"] != 1 || n["search_docsize"] != 0 {
		t.Errorf("stale words were indexed: %v", n)
	}
}

func TestIndexInBatches(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	s.index.stop()
	const n = 2*batchRuns + 1
	addQuickly(t, s, 0, n, exchangeOf)
	batches := 1
	for {
		more, err := s.index.batch(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			break
		}
		batches++
	}
	if got := rows(t, s); got["pending"] != 0 || got["search_docsize"] != n || batches != 3 {
		t.Errorf("%v after %d batches", got, batches)
	}
}

func TestSearchReadsSoMuchOfABody(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := openNew(t)
	e := exchangeOf(1)
	e.Request.Body = append(bytes.Repeat([]byte("word 字"), SearchedBytes/8), " thefarend"...)
	copy(e.Request.Body[SearchedBytes-10:], " thelimit ")
	if err := s.Begin(ctx, e); err != nil {
		t.Fatal(err)
	}
	for search, want := range map[string]int{"thelimit": 1, "thefarend": 0} {
		if got := seqs(t, s, Query{Search: search}); len(got) != want {
			t.Errorf("%s: %v", search, got)
		}
	}
}

// TestTamperedIndexIsMadeAnew: only the words are lost, and they can be made
// again, be it found while searching or while indexing.
func TestTamperedIndexIsMadeAnew(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, where := range []string{"id = 10", "id > 10", "id = 1", "true"} {
		for _, pending := range []bool{true, false} {
			s := openNew(t)
			s.index.stop() // only the searches index
			add(t, s, 3)
			if err := s.index.catchUp(ctx); err != nil {
				t.Fatal(err)
			}
			if _, err := s.db().Exec("UPDATE search_data SET block = x'00000001ffffffffffffffffffffffffffffffffffff' WHERE " + where); err != nil {
				t.Fatal(err)
			}
			want := []int64{3, 2, 1}
			if pending {
				if err := s.Begin(ctx, exchangeOf(9)); err != nil {
					t.Fatal(err)
				}
				want = []int64{4, 3, 2, 1}
			}
			if got := seqs(t, openAt(t, s.Path()), Query{Search: "sandbox"}); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, pending %v: found %v", where, pending, got)
			}
			if exists(s.Path() + suspectSuffix) {
				t.Error("a tampered index is not a damaged history")
			}
		}
	}
}

func TestUnescape(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain": "plain", `a\nb`: "a b", `\u4e2d\u6587`: "中文", `\ud83d\ude00`: "😀", `\ud83d x`: "  x", `\ud83d\u0041`: " A",
		`\u12`: " 12", `\uzzzz`: " zzzz", `\"\\\/`: `"\/`, `end\`: `end\`, `\`: `\`, "": "",
	} {
		if got := unescape([]byte(in)); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzSearch(f *testing.F) {
	s := openNew(f)
	add(f, s, 1)
	for _, seed := range []string{`"`, `a"b`, "a*", "-a", "a AND", "(", "{a b}:c", "中文字", "NEAR(a b, 3)", "a\x00b", "\xff", "^", "+", "'", "ß İ", "\u0301"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, search string) {
		if _, err := s.List(context.Background(), Query{Search: search}); err != nil {
			t.Errorf("%q: %v", search, err)
		}
	})
}

// FuzzReadable: whatever a body is, its text can be had, and plain words in it
// are found in that text.
func FuzzReadable(f *testing.F) {
	for _, seed := range []string{`{"a":"\u4e2d\n"}`, "\xff\xfe", "plain", `["\ud83d`, `"\`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		text := readable(append([]byte("needle "), body...))
		if len(body) < SearchedBytes && !strings.Contains(text, "needle") {
			t.Errorf("%q became %q", body, text)
		}
	})
}
