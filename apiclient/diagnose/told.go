package diagnose

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/logged"
	"countersign/apiclient/keys"
	"countersign/apiclient/signing"
)

// Teller is where something that the other side told comes from.
type Teller string

// Tellers.
const (
	ToldByThem   Teller = ""       // somebody passed on what they say, or what their log says
	ToldByAnswer Teller = "answer" // it stands in their answer, which may as well say nothing of it
)

// Kinds of what the other side tells.
const (
	ToldString = "string"
	ToldDigest = "digest"
	ToldLength = "length"
	ToldHeader = "signature header"
	ToldError  = "error text"
)

// telling is what was told, as far as it bears on the search.
type telling struct {
	signed  []byte   // their string, where the signature covers it
	targets []target // what their string is known by, where it is another one than ours
	nearest []byte   // the likeliest of their strings
	length  int      // bytes of their string, where that alone was told
}

// listen reads what the other side told into a comparison, and says what is to
// be searched for.
func (e *Evidence) listen(ctx context.Context, r *Report, targets []target) telling {
	text := strings.TrimSpace(string(e.Told))
	if text == "" {
		return telling{}
	}
	if n, ok := readLength(text); ok && e.ToldBy == ToldByThem {
		r.Comparison = e.compareLength(r, n)
		return telling{length: n}
	}
	if header, ok := readHeader(text); ok {
		r.Comparison, r.theirs = e.compareHeader(header)
		return telling{}
	}
	if digest, ok := readDigest(text); ok {
		t := e.digestsTold(r, [][]byte{digest})
		r.Comparison.Kind = ToldDigest
		return t
	}
	t := e.stringTold(ctx, r, targets)
	if r.Comparison == nil || !r.Comparison.Matches {
		if digests := e.digestsIn(text); len(digests) > 0 {
			return e.digestsBeside(r, t, digests)
		}
	}
	if r.Comparison == nil && e.ToldBy == ToldByThem {
		r.Comparison = &Comparison{Kind: ToldError, Says: "Nothing in it looks like a string to sign, a digest, a length or a Signature header."}
	}
	return t
}

// stringTold looks for their string in what was told. Without one, there is no
// comparison.
func (e *Evidence) stringTold(ctx context.Context, r *Report, targets []target) telling {
	c := r.Verification.Recovered
	covers := func(b []byte) bool {
		return c != nil && (c.Covers(b) || slices.ContainsFunc(targets, func(t target) bool { return t.matches(b) }))
	}
	if c == nil && r.Verdict == signing.Verified {
		covers = func(b []byte) bool { return bytes.Equal(b, r.Expected) }
	}
	read := logged.Read(ctx, e.Told, e.guide(r), func(b []byte) bool { return bytes.Equal(b, r.Expected) || covers(b) })
	if read.Exact != nil {
		return e.exactly(r, *read.Exact, covers(read.Exact.Text))
	}
	if len(read.Near) == 0 {
		return telling{}
	}
	for _, near := range read.Near {
		if e.lossy(r, near) {
			return telling{}
		}
	}
	best := read.Near[0]
	t := telling{nearest: best.Text}
	var known [][]byte
	for _, near := range read.Near {
		known = append(known, near.Text)
	}
	t.targets = []target{knownTarget(known...)}
	r.Comparison = &Comparison{Kind: kindOf(best), Told: best.Text, Says: e.differs(best.Text, r.Expected) + loggedAs(best)}
	return t
}

// exactly is the comparison with their string where it is found for certain.
func (e *Evidence) exactly(r *Report, their logged.Reading, covered bool) telling {
	ours := bytes.Equal(their.Text, r.Expected)
	if ours && their.Mend != "" {
		// It may be the log that lost something, or the code that builds it.
		their.Text = their.Told
		e.lossy(r, their)
		return telling{}
	}
	c := &Comparison{Kind: kindOf(their), Matches: true, Told: their.Text}
	r.Comparison = c
	mended := ""
	if their.Mend != "" {
		mended = ", once " + their.Mend + " is put back,"
	}
	switch {
	case !ours:
		c.Says = fmt.Sprintf("The signature covers exactly %s%s: that is proven. It differs from ours at byte %d.", lowerFirst(e.whose("string")), mended, differAt(their.Text, r.Expected))
	case covered && r.Verdict == signing.Verified && e.Side == apiclient.RequestSide:
		c.Says = fmt.Sprintf("%s is ours, byte for byte, and our signature covers it: %s.", e.whose("string"), e.otherKeyHeld(r))
	case covered && r.Verdict == signing.Verified:
		c.Says = e.whose("string") + " is ours, byte for byte, and the signature covers it."
	case covered:
		c.Says = e.whose("string") + " is ours, byte for byte, and the signature covers it: the fault is in the key or in how the signature is made or sent."
	case r.Verification.Recovered != nil:
		c.Says = e.whose("string") + " is ours, byte for byte, but the signature covers another one: the fault is where it is signed."
	default:
		c.Says = e.whose("string") + " is ours, byte for byte: the fault is in the key or in how the signature is made or sent."
	}
	c.Says += loggedAs(their)
	if covered && r.Signed == nil {
		return telling{signed: their.Text}
	}
	return telling{}
}

// otherKeyHeld is what follows where both sides have one string and our
// signature over it is right.
func (e *Evidence) otherKeyHeld(r *Report) string {
	says := "they hold another public key or key version than"
	if e.ToldBy == ToldByThem {
		says = "if they refuse it, " + says
	}
	k := e.key(r.Verification.Key)
	if k.Public == nil {
		return says + " ours"
	}
	return says + " " + keys.Fingerprint(k.Public)
}

// lossy compares a string that is ours but for what logs lose.
func (e *Evidence) lossy(r *Report, near logged.Reading) bool {
	c := &Comparison{Kind: kindOf(near), Told: near.Text}
	if n, ok := logged.CutOff(near.Text, r.Expected); ok {
		c.Says = fmt.Sprintf("As far as it was told, %s is ours, byte for byte: the first %d of %d bytes.", lowerFirst(e.whose("string")), n, len(r.Expected))
		r.Comparison = c
		return true
	}
	lost, ok := logged.Lost(near.Text, r.Expected)
	if !ok || bytes.Equal(near.Text, r.Expected) {
		return false
	}
	var what []string
	for _, l := range lost {
		what = append(what, l.What)
	}
	c.Says = fmt.Sprintf("%s is ours, byte for byte but for %s. If that is not their log's doing, they build the string so.%s",
		e.whose("string"), strings.Join(what, " and "), loggedAs(near))
	r.Comparison = c
	return true
}

// guide is what is known of their string.
func (e *Evidence) guide(r *Report) logged.Guide {
	g := logged.Guide{Like: r.Expected}
	if !e.hasExchange() {
		if line, _, ok := bytes.Cut(r.Expected, []byte("\n")); ok && len(line) > 4 {
			g.Marks = append(g.Marks, string(line))
		}
		return g
	}
	rule := e.Rule()
	g.Body = rule.Body
	path, _, _ := strings.Cut(rule.Target, "?")
	for _, m := range []string{rule.Method + " ", path, rule.ClientID, rule.Time} {
		if len(m) > 3 {
			g.Marks = append(g.Marks, m)
		}
	}
	parts := e.Template.Parts()
	for i, p := range parts {
		if !strings.Contains(p.Literal, "\n") || i == 0 || i == len(parts)-1 {
			continue
		}
		g.Breaks = append(g.Breaks, logged.Break{
			Before: string(e.valueNamed(parts[i-1].Name)), Text: p.Literal, After: string(e.valueNamed(parts[i+1].Name)),
		})
	}
	return g
}

// valueNamed is the value of a placeholder.
func (e *Evidence) valueNamed(name string) []byte {
	t, err := signing.ParseTemplate("{" + name + "}")
	if err != nil {
		return nil
	}
	return t.Canonical(e.Rule())
}

func kindOf(r logged.Reading) string {
	if len(r.How) == 0 && !r.Cut || slices.Equal(r.How, []string{logged.WindowsLines}) {
		return ToldString
	}
	return ToldError
}

func loggedAs(r logged.Reading) string {
	if words := r.Words(); words != "" {
		return " It was logged as " + words + "."
	}
	return ""
}

// whose names something of the other side's, such as "Their string".
func (e *Evidence) whose(what string) string {
	if e.ToldBy == ToldByAnswer {
		return "The " + what + " in their answer"
	}
	return "Their " + what
}

// differs says where their string parts from ours.
func (e *Evidence) differs(theirs, ours []byte) string {
	return fmt.Sprintf("%s differs from ours at byte %d (%d bytes against %d).", e.whose("string"), differAt(theirs, ours), len(theirs), len(ours))
}

// differAt is the first byte in which two strings differ, from 1.
func differAt(a, b []byte) int {
	front, _ := commonEnds(a, b)
	return front + 1
}

// lowerFirst makes a sentence part of another, unless it begins with a name.
func lowerFirst(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if len(word) < 2 || strings.ContainsAny(word, "-_") || word[1:] != strings.ToLower(word[1:]) {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
