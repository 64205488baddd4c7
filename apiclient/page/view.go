package page

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/redact"
	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// view is what the template writes.
type view struct {
	Policy  string
	Style   template.CSS
	Script  template.JS
	Title   string
	Verdict string // a signing.Status, or "refused"
	Good    bool
	Wrong   string // what is wrong, in one sentence
	Change  string // who must change what
	Other   string // how the other signature stands; "" where there is none
	Tamper  string // what was made wrong on purpose; "" where nothing was

	Facts    []fact
	Findings []findingView
	Told     string // how what the other side told compares; "" where it told nothing
	Strings  []stringView
	Keys     []keyView
	Opened   *openedView
	Messages []messageView
	Timing   []fact
	Masked   string // how much is masked
	Revealed bool
	Made     string
	Proof    proof

	masker *redact.Masker
	bodies [][]byte // of the exchange, as they stand in signed strings
}

type fact struct{ Name, Value string }

type findingView struct {
	Cause, Certain, Says, Fix, Setting, Also string
	SignedName, ExpectedName                 string
	Signed, Expected                         []stretch
	Parts                                    bool
}

type stringView struct {
	N      int
	Name   string // "The string that must be signed"
	Says   string
	Size   string
	SHA256 string
	Text   []stretch
	Masked bool
	Parts  []part
	Whole  bool // its bytes are in the page

	bytes, shown []byte
}

type keyView struct {
	ID, Says, Fingerprint, PEM string
	Bits                       int

	id string
}

// openedView is s^e mod n in hexadecimal, and where the digest is in it.
type openedView struct {
	Key, Method, Block    string
	Before, Inside, After string
}

type messageView struct {
	Name    string
	Line    string
	Headers []fact
	Body    []stretch
	Size    string
	SHA256  string
	Notes   []string
}

func newView(e *diagnose.Evidence, r *diagnose.Report, o Options) *view {
	v := &view{Policy: policy(), Style: template.CSS(style), Script: template.JS(script), //nolint:gosec // our own files
		Verdict: string(r.Verdict), Good: r.Verdict == signing.Verified, Revealed: o.Redact.Reveals(),
		Made:   cmp.Or(o.By, "countersign") + " · " + o.Now.UTC().Format("2006-01-02 15:04:05 UTC"),
		masker: o.Redact.Masker()}
	v.Title = "Signature evidence: " + v.Verdict
	x := &e.Exchange
	exchange := e.Content == nil
	if exchange {
		v.masker.Learn(x)
		v.addMessages(e)
		v.Title += ", " + v.sentence(x.Request.Method()+" "+x.Request.Path())
		if len(x.Tampered) > 0 {
			v.Tamper = v.sentence("This request was tampered with on purpose: " + apiclient.TamperTitles(x.Tampered) + ".")
		}
	}
	wrong, change := e.Short(r)
	v.Wrong, v.Change, v.Other = v.sentence(wrong), v.sentence(change), v.sentence(r.OtherSide())
	v.addKeys(e, r)
	expected, signed := v.addStrings(r)
	v.addBuilt(e, expected)
	v.addOpening(e, r, expected, signed)
	if exchange && len(e.Headers) == 0 {
		sides := []apiclient.Side{apiclient.RequestSide, apiclient.ResponseSide}
		v.claim(claim{Kind: "unsigned", From: slices.Index(sides, e.Side), Want: e.Names.Of(signing.HeaderName)},
			"The %s that is shown below has no %s header.", e.Side, e.Names.Of(signing.HeaderName))
	}
	v.addPartClaims()
	v.addFindings(r)
	v.addFacts(e, r)
	if v.Masked = v.masker.Says(); v.Masked != "" {
		v.Masked += ". Sizes and digests are those of the true bytes."
	}
	return v
}

// maxSentence is how many bytes of a sentence are shown: what it quotes may be
// of any length.
const maxSentence = 2000

// sentence makes a sentence fit to be shown.
func (v *view) sentence(s string) string {
	shown := v.masker.Text(s)
	if len(shown) > maxSentence {
		shown = shown[:maxSentence] + "…"
	}
	return legible(shown)
}

// addStrings adds the string that must be signed, the one that was, and the one
// that the other side told; each against the one that it is compared with. signed
// is -1 where it is not known.
func (v *view) addStrings(r *diagnose.Report) (expected, signed int) {
	name, signed := "The string that must be signed", -1
	same := r.Signed != nil && string(r.Signed) == string(r.Expected)
	if same {
		name = "The string that must be signed, and was"
	}
	expected = v.addString(name, "By the rule, from the messages below.", r.Expected)
	if same {
		signed = expected
	} else if r.Signed != nil {
		signed = v.addString("The string that was signed",
			"Found by search: its digest is the one inside the signature.",
			r.Signed)
		v.compare(signed, expected)
	}
	if c := r.Comparison; c != nil && c.Told != nil && string(c.Told) != string(r.Expected) &&
		string(c.Told) != string(r.Signed) {
		told := v.addString("The string that the other side told", "As it was given, or found by what was given.",
			c.Told)
		v.compare(told, expected)
	}
	if c := r.Comparison; c != nil {
		v.Told = v.sentence(c.Says)
	}
	for i := range v.Strings {
		if s := &v.Strings[i]; s.Text == nil {
			s.Text = plain(s.shown)
		}
	}
	return expected, signed
}

// compare marks what differs between two strings, in both where the second is not
// marked yet.
func (v *view) compare(a, b int) {
	spans := diagnose.Spans(v.Strings[a].shown, v.Strings[b].shown)
	v.Strings[a].Text = marked(spans, true)
	if v.Strings[b].Text == nil {
		v.Strings[b].Text = marked(spans, false)
	}
}

// addPartClaims claims the digests of the parts around what is masked.
func (v *view) addPartClaims() {
	for i := range v.Strings {
		s := &v.Strings[i]
		for j := range s.Parts {
			if p := s.Parts[j]; !p.Masked && len(s.bytes) <= maxWhole {
				data := s.bytes[p.From : p.From+p.Size]
				v.Proof.Strings = append(v.Proof.Strings, stringData{Bytes: data})
				v.claim(claim{Kind: "digest", String: len(v.Proof.Strings) - 1, Hash: "SHA-256", Want: p.SHA256},
					"Bytes %d to %d of it, as far as they are shown, have the SHA-256 %s: %s.", p.From, p.From+p.Size,
					p.SHA256,
					lower(s.Name))
			}
		}
	}
}

func (v *view) addFindings(r *diagnose.Report) {
	for _, f := range r.Findings {
		if f.Cause == diagnose.NotSearchedCause {
			continue
		}
		certain := "likely, not proven"
		switch {
		case f.Family == diagnose.FamilyWarning:
			certain = "odd, not the cause"
		case f.Proven:
			certain = "proven"
		}
		fv := findingView{Cause: f.Cause, Certain: certain, Says: v.sentence(f.Says), Fix: v.sentence(f.Fix),
			Setting: v.sentence(f.Setting), Also: v.sentence(strings.Join(f.Also, ", "))}
		if f.Signed != "" || f.Expected != "" {
			fv.Parts = true
			fv.SignedName, fv.ExpectedName = f.Sides()
			spans := diagnose.Spans(v.masker.Bytes([]byte(f.Signed)), v.masker.Bytes([]byte(f.Expected)))
			fv.Signed, fv.Expected = marked(spans, true), marked(spans, false)
		}
		v.Findings = append(v.Findings, fv)
	}
}

func (v *view) addFacts(e *diagnose.Evidence, r *diagnose.Report) {
	add := func(name, format string, args ...any) {
		v.Facts = append(v.Facts, fact{name, fmt.Sprintf(format, args...)})
	}
	if s := r.Signer; s != nil {
		certain := "certain: the public key opens the signature"
		if !s.Certain {
			certain = "almost certain: the padding leaves a doubt until the string is found"
		}
		add("Signed by", "%s, %s, %s (%s)", legible(s.Key.ID), diagnose.HashName(s.Hash), s.Padding, certain)
	}
	if r.Ended != diagnose.NotSearched {
		ends := map[diagnose.End]string{diagnose.Found: "found",
			diagnose.Exhausted: "everything known was tried, and not found",
			diagnose.OutOfTime: "time was up before it was found", diagnose.Canceled: "stopped before it was found"}
		add("Searched", "%s hypotheses about the string in %s: %s",
			strings.TrimSuffix(strings.TrimSuffix(size(int(r.Tried)), " bytes"), " byte"),
			r.Elapsed.Round(time.Millisecond/10), ends[r.Ended])
	}
	x := &e.Exchange
	if e.Content != nil {
		return
	}
	for _, f := range []fact{{"Run", x.ID}, {"Seen by", string(x.Origin)}, {"Endpoint", x.Endpoint},
		{"Profile", x.Profile},
		{"Other end", x.Remote}, {"Problem", x.Err}} {
		if f.Value != "" {
			add(f.Name, "%s", v.sentence(f.Value))
		}
	}
	if !x.StartedAt.IsZero() {
		add("Started", "%s", x.StartedAt.UTC().Format("2006-01-02 15:04:05.000 UTC"))
	}
	for _, t := range []struct {
		name string
		took time.Duration
	}{{"name lookup", x.Timing.DNS}, {"connect", x.Timing.Connect}, {"TLS", x.Timing.TLS}, {"sign", x.Timing.Sign},
		{"send", x.Timing.Write}, {"wait", x.Timing.FirstByte}, {"in all", x.Timing.Total}} {
		if t.took > 0 {
			v.Timing = append(v.Timing, fact{t.name, fmt.Sprintf("%.1f ms", float64(t.took)/float64(time.Millisecond))})
		}
	}
}

func (v *view) addMessages(e *diagnose.Evidence) {
	v.addMessage("What was sent", &e.Exchange.Request)
	if m := e.Exchange.Response; m != nil {
		v.addMessage("What was received", m)
	}
}

func (v *view) addMessage(name string, m *apiclient.Message) {
	shown := v.masker.Message(*m)
	masked := !bytes.Equal(shown.Content(), m.Content())
	sum := sha256.Sum256(m.Body)
	mv := messageView{Name: name, Line: v.sentence(shown.Line), Size: size(len(m.Body)),
		SHA256: hex.EncodeToString(sum[:]),
		Body:   plain(shown.Content())}
	data := messageData{Line: shown.Line, Headers: [][2]string{}}
	for _, f := range shown.Header {
		value := wire.Unfold(f.Value)
		mv.Headers = append(mv.Headers, fact{legible(f.Name), v.sentence(value)})
		if utf8.ValidString(f.Name + value) {
			data.Headers = append(data.Headers, [2]string{f.Name, value})
		}
	}
	for _, f := range shown.Trailer {
		mv.Headers = append(mv.Headers, fact{legible(f.Name) + " (behind the body)", v.sentence(f.Value)})
	}
	switch {
	case masked:
		mv.Notes = append(mv.Notes, "Parts of the body are masked: size and digest are those of the true bytes.")
	case len(m.Body) <= maxWhole:
		data.Body = m.Body
	}
	if len(m.Body) > maxShown+maxShown/8 {
		mv.Notes = append(mv.Notes, "The body is shown in part; size and digest are those of the whole.")
	}
	if m.Decoded != nil {
		mv.Notes = append(mv.Notes, "The body was sent compressed and is shown decoded: size, digest and signature "+
			"are those of the bytes as sent.")
	}
	if m.Partial {
		mv.Notes = append(mv.Notes, "The message is not whole: it ended before its end, or was given in part.")
	}
	v.bodies = append(v.bodies, m.Body)
	v.Messages = append(v.Messages, mv)
	v.Proof.Messages = append(v.Proof.Messages, data)
}
