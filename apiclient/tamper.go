package apiclient

import (
	"cmp"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"slices"
	"strings"
	"time"

	"countersign/apiclient/signing"
)

// Tamper is a way to make a request wrong on purpose, to see whether the other
// side notices. The rows are in the table of tampers.go.
type Tamper struct {
	Name   string   // snake_case; where the checks or the diagnosis have a name for the same thing, that one
	Title  string   // a few words: "wrong key"
	Says   string   // one sentence: what is wrong with the request
	Expect string   // one sentence: what the other side should answer
	Codes  []string // resultCodes of a refusal that is about this, the most telling first
	Cause  string   // what the diagnosis of the request calls it; "" where the signature verifies
	Where  Where    // the place that is wrong
	Header string   // the header that is wrong; "" where it is none
	Checks string   // what a side that accepts the request does not check: "how old Request-Time is"

	due    due                             // gives Expect and Codes where the row has none
	slots  []string                        // two tampers of one slot exclude each other
	cannot func(p *Profile) string         // why it would tamper nothing with a profile; nil: it always does
	head   func(*tampering)                // changes the header, before it is signed
	sign   func(*tampering)                // changes what is signed, and with which key
	wire   func(*tampering, *Message) bool // changes the message, after it was signed; false: the Signature header goes
}

// Where is the place of a request at which a tamper sets in.
type Where string

// Places at which a tamper sets in, in the order in which a request is made.
const (
	InHeader    Where = "header"           // a header that is sent, and signed, wrong
	InString    Where = "canonical string" // what is signed is not what is sent
	InSignature Where = "signature"        // the key, hash or padding
	InValue     Where = "Signature header" // the signature is right and written wrong
	InBody      Where = "body"             // what is sent was changed after it was signed
)

// tampering is a request while it is being made wrong.
type tampering struct {
	profile *Profile
	key     func() (*rsa.PrivateKey, error) // a key that belongs to nobody
	make    func(*rsa.PrivateKey, []byte, signing.Style) (signing.Proof, error)
	header  *headerList
	at      time.Time // what Request-Time tells
	format  TimeFormat

	content signing.Content
	style   signing.Style
	signer  *rsa.PrivateKey
	hash    crypto.Hash // what the signature is made with
	pss     bool
	err     error

	algorithm string // what the header names
	value     string // what the header carries
}

// Tampers lists all ways to tamper a request, by the place at which they set in.
func Tampers() []Tamper { return slices.Clone(tampers) }

// LookupTamper finds a tamper by its name.
func LookupTamper(name string) (Tamper, bool) {
	i := slices.IndexFunc(tampers, func(s Tamper) bool { return s.Name == name })
	if i < 0 {
		return Tamper{}, false
	}
	return tampers[i], true
}

// Excludes reports whether two tampers cannot be had at once.
func (s Tamper) Excludes(other Tamper) bool {
	return s.Name != other.Name &&
		slices.ContainsFunc(s.slots, func(slot string) bool { return slices.Contains(other.slots, slot) })
}

// Cannot says why the tamper would tamper nothing with a profile; "" where it
// does.
func (s Tamper) Cannot(p Profile) string {
	if s.cannot == nil {
		return ""
	}
	return s.cannot(&p)
}

// tampersOf finds a draft's tampers, in the order of the table.
func (c *Client) tampersOf(names []string) ([]Tamper, error) {
	var list []Tamper
	for _, name := range names {
		s, ok := LookupTamper(name)
		if !ok {
			return nil, problemf("known are: "+strings.Join(tamperNames(), ", "), "there is no tampering %q", name)
		}
		if why := s.Cannot(c.profile); why != "" {
			return nil, tampersNothing(s, why)
		}
		list = append(list, s)
	}
	for i, s := range list {
		for _, other := range list[i+1:] {
			if s.Excludes(other) {
				return nil, problemf("choose one of them", "%s and %s exclude each other", s.Name, other.Name)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Tamper) int { return tamperRank(a.Name) - tamperRank(b.Name) })
	return slices.CompactFunc(list, func(a, b Tamper) bool { return a.Name == b.Name }), nil
}

func tamperRank(name string) int {
	return slices.IndexFunc(tampers, func(s Tamper) bool { return s.Name == name })
}

func tamperNames() []string {
	names := make([]string, len(tampers))
	for i, s := range tampers {
		names[i] = s.Name
	}
	return names
}

// stamp writes the time that the tampers have come to.
func (s *tampering) stamp() { s.set(HeaderRequestTime, FormatTime(s.at, s.format)) }

// set returns the header that the protocol calls so these values.
func (s *tampering) set(header string, values ...string) {
	fields := make([]Field, len(values))
	for i, v := range values {
		fields[i] = Field{Name: s.profile.HeaderNames.Of(header), Value: v}
	}
	s.header.put(fields)
}

// drop leaves out the header that the protocol calls so.
func (s *tampering) drop(header string) { s.header.omit([]string{s.profile.HeaderNames.Of(header)}) }

// proof signs what the tampers have left to be signed. Its Header is the one
// that is sent.
func (s *tampering) proof(canonical []byte) (signing.Proof, error) {
	if s.err != nil {
		return signing.Proof{}, s.err
	}
	p, err := s.make(s.signer, canonical, s.style)
	if err != nil || s.hash == crypto.SHA256 && !s.pss {
		return p, err
	}
	h := s.hash.New()
	_, _ = h.Write(canonical) // a hash never fails
	if s.pss {
		p.Signature, err = rsa.SignPSS(rand.Reader, s.signer, s.hash, h.Sum(nil), nil)
	} else {
		p.Signature, err = rsa.SignPKCS1v15(nil, s.signer, s.hash, h.Sum(nil))
	}
	if err != nil {
		return p, problemf("leave this tampering out, or use a longer key", "the key cannot sign so: %v", err)
	}
	p.Value = signing.EncodeValue(p.Signature, s.style.Encoding)
	p.Header = s.style.Header(p.Value)
	return p, nil
}

// written is the Signature header as the tampers have left it.
func (s *tampering) written() string {
	return strings.Replace(s.style.Header(s.value), "algorithm=RSA256", "algorithm="+s.algorithm, 1)
}

// Prefixes of the names in Exchange.Tampered that are no tampers of the table: a
// header that the person changed or left out, with its name behind.
const (
	TamperedOverride = "header_override:"
	TamperedOmission = "header_omitted:"
)

// changedHeaders names the headers that the draft changes or leaves out to the
// request's harm. A value that is as good as the one in its place, or a header
// that the protocol does not know, harms nothing.
func (c *Client) changedHeaders(e *Exchange, d Draft, list []Tamper) []string {
	var names []string
	add := func(name, field string) {
		tampered := slices.ContainsFunc(list, func(s Tamper) bool { return strings.EqualFold(s.Header, field) })
		if !tampered && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	i := c.inspect(e, RequestSide)
	for _, f := range e.Request.Header {
		if firstOf(d.Header, f.Name) < 0 {
			continue
		}
		name := cmp.Or(i.names.Protocol(f.Name), f.Name)
		if i.names.IsSignature(f.Name) {
			if f.Value != e.Sent.Header {
				add(TamperedOverride+name, name)
			}
			continue
		}
		if s := i.checkField(f).Severity; s == Warn || s == Problem {
			add(TamperedOverride+name, name)
		}
	}
	for _, name := range d.Omit {
		needed := strings.EqualFold(name, "Content-Length") && len(e.Request.Body) > 0
		there := e.Request.Has(name)
		for _, rule := range headerRules {
			if strings.EqualFold(i.names.Of(rule.name), name) && rule.required[RequestSide] != "" {
				needed, name = true, rule.name
			}
		}
		switch missing := missingTamper(name); {
		case !needed || there:
		case missing != "":
			add(missing, name)
		default:
			add(TamperedOmission+name, name)
		}
	}
	return names
}

// missingTamper is the tamper that leaves a header out; "" where there is none.
func missingTamper(header string) string {
	for _, s := range tampers {
		if slices.Contains(s.slots, slotMissing) && strings.EqualFold(s.Header, header) {
			return s.Name
		}
	}
	return ""
}

// TamperOf explains a name of Exchange.Tampered: a tamper of the table, or a header
// that was changed or left out. A name that is not known, from a newer version,
// is its own title.
func TamperOf(name string) Tamper {
	if s, ok := LookupTamper(name); ok {
		return s
	}
	if header, ok := strings.CutPrefix(name, TamperedOverride); ok {
		return Tamper{Name: name, Title: header + " overridden", Header: header, Where: whereOf(header), Codes: envelopeCodes,
			Says: header + " was set by hand.", Expect: "A refusal that names " + header + ".", Checks: header}
	}
	if header, ok := strings.CutPrefix(name, TamperedOmission); ok {
		return Tamper{Name: name, Title: header + " left out", Header: header, Where: whereOf(header), Codes: envelopeCodes,
			Says: header + " is left out.", Expect: "A refusal that names " + header + ".",
			Checks: "whether " + header + " is there"}
	}
	title := strings.ReplaceAll(name, "_", " ")
	return Tamper{Name: name, Title: title, Says: "It was tampered with: " + title + ".", Expect: "A refusal.",
		Where: InHeader, Codes: envelopeCodes, Checks: title}
}

func whereOf(header string) Where {
	if signing.IsHeaderName(header) {
		return InValue
	}
	return InHeader
}

// TamperTitles names what was tampered in a few words: "wrong key, time in
// seconds"; "" where nothing was.
func TamperTitles(names []string) string {
	titles := make([]string, len(names))
	for i, name := range names {
		titles[i] = TamperOf(name).Title
	}
	return strings.Join(titles, ", ")
}
