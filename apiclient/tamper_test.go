package apiclient

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
)

func tamperClient(t testing.TB) *Client {
	o := testOptions()
	o.MakeKey = func() (*rsa.PrivateKey, error) { return readKey("keys/testdata/other2048.pkcs8.pem"), nil }
	return newClient(t, testProfile("http://127.0.0.1:1"), o)
}

// tampered previews the usual draft with tampers.
func tampered(t testing.TB, c *Client, names ...string) Exchange {
	t.Helper()
	d := payDraft()
	d.Tamper = names
	e, err := c.Preview(d)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestTampersAreComplete(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range Tampers() {
		if !regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`).MatchString(s.Name) || seen[s.Name] {
			t.Errorf("the name %q", s.Name)
		}
		seen[s.Name] = true
		if s.Title == "" || s.Checks == "" || len(s.Codes) == 0 || s.Where == "" || !strings.HasSuffix(s.Says, ".") || !strings.HasSuffix(s.Expect, ".") {
			t.Errorf("%s lacks words: %+v", s.Name, s)
		}
		if s.head == nil && s.sign == nil && s.wire == nil {
			t.Errorf("%s does nothing", s.Name)
		}
		if TamperOf(s.Name).Title != s.Title {
			t.Errorf("%s is explained as %+v", s.Name, TamperOf(s.Name))
		}
	}
}

// A tampered request differs from the right one, exactly where it should: what
// was signed, the signature and the message are told apart.
func TestEachTamperIsWhatItSays(t *testing.T) {
	t.Parallel()
	c := tamperClient(t)
	right := tampered(t, c)
	if len(right.Tampered) != 0 || !right.SentVerdict.OK() {
		t.Fatalf("nothing was tampered: %q, %s", right.Tampered, right.SentVerdict.Status)
	}
	for _, s := range Tampers() {
		e := tampered(t, c, s.Name)
		if !slices.Equal(e.Tampered, []string{s.Name}) {
			t.Errorf("%s: tampered is %q", s.Name, e.Tampered)
		}
		sameString := bytes.Equal(e.Sent.Canonical, right.Sent.Canonical)
		sameHeader := slices.Equal(e.Request.Header, right.Request.Header)
		switch s.Where {
		case InHeader:
			if sameHeader {
				t.Errorf("%s: the header is as it should be", s.Name)
			}
			if !e.SentVerdict.OK() && !strings.Contains(s.Says, "left out") {
				t.Errorf("%s: a second fault: %s", s.Name, e.SentVerdict.Reason)
			}
		case InString:
			if sameString || e.SentVerdict.Status != signing.Mismatch {
				t.Errorf("%s: signed %q, %s", s.Name, e.Sent.Canonical, e.SentVerdict.Status)
			}
		case InSignature:
			if !sameString || bytes.Equal(e.Sent.Signature, right.Sent.Signature) || e.SentVerdict.OK() {
				t.Errorf("%s: %s", s.Name, e.SentVerdict.Status)
			}
		case InValue:
			if !sameString || sameHeader || !bytes.Equal(e.Sent.Signature, right.Sent.Signature) {
				t.Errorf("%s: %v", s.Name, e.Request.Header)
			}
		case InBody:
			if !sameString || bytes.Equal(e.Request.Body, right.Request.Body) || e.SentVerdict.Status != signing.Mismatch {
				t.Errorf("%s: body %q", s.Name, e.Request.Body)
			}
		}
		if got := e.Request.Get("Content-Length"); got != strconv.Itoa(len(e.Request.Body)) {
			t.Errorf("%s: Content-Length %s for %d bytes", s.Name, got, len(e.Request.Body))
		}
	}
}

func TestWrongKeyIsNotTheProfiles(t *testing.T) {
	t.Parallel()
	calls := 0
	o := testOptions()
	o.MakeKey = func() (*rsa.PrivateKey, error) {
		calls++
		return readKey("keys/testdata/other2048.pkcs8.pem"), nil
	}
	c := newClient(t, testProfile("http://127.0.0.1:1"), o)
	tampered(t, c)
	if calls != 0 {
		t.Error("a key was made that nobody asked for")
	}
	e := tampered(t, c, "wrong_key")
	again := tampered(t, c, "wrong_key")
	if calls != 1 || e.SentKey == "" || e.SentKey == c.fingerprint || again.SentKey != e.SentKey {
		t.Errorf("%d keys made, signed with %s", calls, e.SentKey)
	}
	if e.SentVerdict.Status != signing.WrongKey || e.SentVerdict.Key != ThrowAwayKeyID {
		t.Errorf("verdict %s %q", e.SentVerdict.Status, e.SentVerdict.Key)
	}
	o.MakeKey = func() (*rsa.PrivateKey, error) { return nil, errors.New("no entropy") }
	d := payDraft()
	d.Tamper = []string{"wrong_key"}
	if _, err := newClient(t, testProfile("http://127.0.0.1:1"), o).Preview(d); err == nil || !strings.Contains(err.Error(), "no entropy") {
		t.Errorf("without entropy: %v", err)
	}
}

func TestTampersAddUp(t *testing.T) {
	t.Parallel()
	c := tamperClient(t)
	// Whatever the order: that of the table counts.
	e := tampered(t, c, "signature_truncated", "time_in_seconds", "time_hour_old", "wrong_key")
	if got := e.Request.Get("Request-Time"); got != strconv.FormatInt(testNow.Unix()-3600, 10) {
		t.Errorf("Request-Time is %s", got)
	}
	if !bytes.Contains(e.Sent.Canonical, []byte("."+e.Request.Get("Request-Time")+".")) {
		t.Errorf("signed %q", e.Sent.Canonical)
	}
	if !slices.Equal(e.Tampered, []string{"time_hour_old", "time_in_seconds", "wrong_key", "signature_truncated"}) {
		t.Errorf("tampered %q", e.Tampered)
	}
	e = tampered(t, c, "algorithm_unknown", "signature_empty", "key_version_unknown")
	if got := e.Request.Get("Signature"); got != "algorithm=RSA512, keyVersion=999, signature=" {
		t.Errorf("Signature is %q", got)
	}
}

func TestTamperErrors(t *testing.T) {
	t.Parallel()
	c := tamperClient(t)
	for name, wanted := range map[string]string{
		"nonsense":                          `there is no tampering "nonsense"`,
		"time_hour_old time_hour_ahead":     "time_hour_old and time_hour_ahead exclude each other",
		"signature_missing signature_empty": "exclude each other",
	} {
		d := payDraft()
		d.Tamper = strings.Fields(name)
		_, err := c.Preview(d)
		if err == nil || !strings.Contains(err.Error(), wanted) || hint.Of(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := testProfile("http://127.0.0.1:1")
	p.BaseURL, p.MerchantID, p.TimeFormat = "http://127.0.0.1:1", "", Seconds
	bare := newClient(t, p, testOptions())
	for _, name := range []string{"path_prefix_missing", "client_id_merchant_id_used", "time_in_seconds"} {
		d := payDraft()
		d.Tamper = []string{name}
		s, _ := LookupTamper(name)
		if _, err := bare.Preview(d); err == nil || s.Cannot(p) == "" || !strings.Contains(err.Error(), s.Cannot(p)) {
			t.Errorf("%s changes nothing here, and gives %v", name, err)
		}
	}
}

// Headers that were changed by hand are on purpose too, where they harm.
func TestChangedHeadersAreTampered(t *testing.T) {
	t.Parallel()
	c := tamperClient(t)
	for _, x := range []struct {
		name string
		set  []Field
		omit []string
		want []string
	}{
		{name: "traceId", set: []Field{{Name: "traceId", Value: "1"}}},
		{name: "the same value", set: []Field{{Name: "Client-Id", Value: testClient}}},
		{name: "plain JSON", set: []Field{{Name: "content-type", Value: "application/json"}}},
		{name: "a good time", set: []Field{{Name: "Request-Time", Value: FormatTime(testNow, Millis)}}},
		{name: "another client", set: []Field{{Name: "Client-Id", Value: "x"}}, want: []string{"header_override:Client-Id"}},
		{name: "an old time", set: []Field{{Name: "Request-Time", Value: "1000000000000"}}, want: []string{"header_override:Request-Time"}},
		{name: "a signature", set: []Field{{Name: "signature", Value: "x"}}, want: []string{"header_override:Signature"}},
		{name: "a length", set: []Field{{Name: "Content-Length", Value: "3"}}, want: []string{"header_override:Content-Length"}},
		{name: "no agent", omit: []string{"User-Agent", "Accept", "Content-Type"}},
		{name: "no merchant", omit: []string{"merchant-id"}, want: []string{"header_omitted:Merchant-Id"}},
		{name: "unsigned", omit: []string{"Signature"}, want: []string{"signature_missing"}},
		{name: "no client, no time", omit: []string{"Client-Id", "request-time"}, want: []string{"client_id_missing", "request_time_missing"}},
		{name: "two at once", set: []Field{{Name: "Client-Id", Value: "x"}}, omit: []string{"Host"}, want: []string{"header_override:Client-Id", "header_omitted:Host"}},
	} {
		d := payDraft()
		d.Header, d.Omit = x.set, x.omit
		e, err := c.Preview(d)
		if err != nil {
			t.Fatal(x.name, err)
		}
		if !slices.Equal(e.Tampered, x.want) {
			t.Errorf("%s: tampered %q, want %q", x.name, e.Tampered, x.want)
		}
	}
	// A tamper of the same header is named once.
	d := payDraft()
	d.Header, d.Tamper = []Field{{Name: "Client-Id", Value: "x"}}, []string{"client_id_differs"}
	if e, err := c.Preview(d); err != nil || !slices.Equal(e.Tampered, []string{"client_id_differs"}) {
		t.Errorf("tampered %q, %v", e.Tampered, err)
	}
}

func TestReactions(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		line, status, code string
		want               Reaction
		cause              string
		severity           Severity
	}{
		{"HTTP/1.1 200 OK", "S", "SUCCESS", Accepted, "tampered_accepted", Problem},
		{"HTTP/1.1 200 OK", "A", "ACCEPT", Accepted, "tampered_accepted", Problem},
		{"HTTP/1.1 200 OK", "F", "INVALID_SIGNATURE", Refused, "tampered_refused", Good},
		{"HTTP/1.1 200 OK", "F", "SIGNATURE_INVALID", Refused, "tampered_refused", Good},
		{"HTTP/1.1 401 Unauthorized", "", "", Refused, "tampered_refused", Good},
		{"HTTP/1.1 200 OK", "F", "ORDER_NOT_EXIST", RefusedOtherwise, "tampered_refused_otherwise", Warn},
		{"HTTP/1.1 200 OK", "U", "UNKNOWN_EXCEPTION", Undecided, "tampered_undecided", Warn},
		{"HTTP/1.1 200 OK", "", "", Undecided, "tampered_undecided", Warn},
		{"HTTP/1.1 502 Bad Gateway", "", "", Undecided, "tampered_undecided", Warn},
	} {
		e := Exchange{Tampered: []string{"wrong_key"}, Response: &Message{Line: x.line}, Result: Result{Status: x.status, Code: x.code}}
		f := judgeTampered(&e)
		if e.Reaction() != x.want || len(f) != 1 || f[0].Cause != x.cause || f[0].Severity != x.severity || f[0].Side != ResponseSide {
			t.Errorf("%s %s %s: %q %+v", x.line, x.status, x.code, e.Reaction(), f)
		}
		e.Tampered = nil
		if e.Reaction() != NoReaction || judgeTampered(&e) != nil {
			t.Errorf("%s: a request that nobody tampered", x.code)
		}
	}
	lost := Exchange{Tampered: []string{"wrong_key"}}
	if lost.Reaction() != NoReaction || len(judgeTampered(&lost)) != 0 {
		t.Error("without an answer nothing is known")
	}
}

// A tamper that changes nothing must not mark a request: the other side would be
// accused of accepting what is right.
func TestTampersThatTamperNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		draft   Draft
		profile func(*Profile)
		tamper  string
	}{
		"no body to leave out":         {Draft{Target: "/v2/payments/pay"}, nil, "body_empty_signed"},
		"that version is in use":       {Draft{Target: "/v2/payments/pay", Body: []byte("{}")}, func(p *Profile) { p.KeyVersion = "999" }, "key_version_unknown"},
		"one id for both":              {Draft{Target: "/v2/payments/pay", Body: []byte("{}")}, func(p *Profile) { p.MerchantID = p.ClientID }, "client_id_merchant_id_used"},
		"the signature is set":         {Draft{Target: "/v2/payments/pay", Body: []byte("{}"), Header: []Field{{Name: "signature", Value: "x"}}}, nil, "wrong_key"},
		"the signature is left out":    {Draft{Target: "/v2/payments/pay", Body: []byte("{}"), Omit: []string{"Signature"}}, nil, "hash_sha1"},
		"the path is not signed":       {Draft{Target: "/v2/payments/pay", Body: []byte("{}")}, func(p *Profile) { p.ContentTemplate = "{client_id}.{time}.{body}" }, "path_trailing_slash"},
		"the time is not signed":       {Draft{Target: "/v2/payments/pay", Body: []byte("{}")}, func(p *Profile) { p.ContentTemplate = "{method} {uri}.{body}" }, "signature_stale"},
		"the very body of that tamper": {Draft{Target: "/v2/payments/pay", Body: []byte(`{"earlier":"request"}`)}, func(p *Profile) { p.ContentTemplate = "{method} {uri}.{body}" }, "signature_of_other_request"},
	} {
		p := testProfile("http://127.0.0.1:1/miniprogram/api")
		if c.profile != nil {
			c.profile(&p)
		}
		client, err := New(p, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c.draft.Tamper = []string{c.tamper}
		e, err := client.Preview(c.draft)
		if err == nil || !strings.Contains(err.Error(), c.tamper+" changes nothing here: ") || hint.Of(err) == "" {
			t.Errorf("%s: %v, tampered %q, verdict %s", name, err, e.Tampered, e.SentVerdict.Status)
		}
	}
}
