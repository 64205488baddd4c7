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
	lossy   bool     // their string is ours but for what logs lose
	length  int      // bytes of their string, where that alone was told
}

// readTold reads what the other side told into a comparison, and says what is to
// be searched for.
func (e *Evidence) readTold(ctx context.Context, r *Report, targets []target) telling {
	text := strings.TrimSpace(string(e.Told))
	if text == "" {
		return telling{}
	}
	if n, ok := readLength(text); ok && e.ToldBy == ToldByThem {
		r.Comparison = e.compareLength(r, n)
		return telling{length: n}
	}
	if header, ok := e.readHeader(text); ok {
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
		r.Comparison = &Comparison{Kind: ToldError,
			Says: "Nothing in it looks like a string to sign, a digest, a length or a Signature header."}
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
	if t, ok := e.lossy(r, read.Near); ok {
		return t
	}
	best := read.Near[0]
	r.Comparison = &Comparison{Kind: kindOf(best), Told: best.Text, Says: e.differs(best.Text, r.Expected) + loggedAs(best)}
	t := telling{nearest: best.Text}
	var likely, all [][]byte
	for _, near := range read.Near {
		if likelyWhole(near) {
			likely = append(likely, near.Text)
		}
		all = append(all, near.Text)
	}
	// What is cut too short may be explained all the same: it comes second.
	if len(likely) > 0 {
		t.targets = []target{knownTarget(likely...)}
	}
	t.targets = append(t.targets, knownTarget(all...))
	return t
}

// likelyWhole reports whether a reading has its likeliest ends.
func likelyWhole(r logged.Reading) bool { return r.Main || !r.Cut && r.Restored == "" }

// exactly returns the comparison with their string where it is found for certain.
func (e *Evidence) exactly(r *Report, their logged.Reading, covered bool) telling {
	ours := bytes.Equal(their.Text, r.Expected)
	if ours && their.Restored != "" {
		// It may be the log that lost something, or the code that builds it.
		their.Text, their.Restored = their.Told, ""
		t, _ := e.lossy(r, []logged.Reading{their})
		return t
	}
	c := &Comparison{Kind: kindOf(their), Matches: true, Told: their.Text}
	r.Comparison = c
	restored := ""
	if their.Restored != "" {
		restored = ", once " + their.Restored + " is put back,"
	}
	c.Says = e.toldOurs(r, e.whose("string")+" is ours, byte for byte", covered)
	if !ours {
		c.Says = fmt.Sprintf("The signature covers exactly %s%s: that is proven. It differs from ours at byte %d.",
			lowerFirst(e.whose("string")), restored, differAt(their.Text, r.Expected))
	}
	c.Says += loggedAs(their)
	if covered && r.Signed == nil {
		return telling{signed: their.Text}
	}
	return telling{}
}

// toldOurs says what follows where what was told is that of our string, as
// subject says. covered is whether the signature is known to cover our string.
func (e *Evidence) toldOurs(r *Report, subject string, covered bool) string {
	const key = "the fault is in the key or in how the signature is made or sent."
	switch {
	case covered && r.Verdict == signing.Verified && e.Side == apiclient.RequestSide:
		return fmt.Sprintf("%s, and our signature covers it: %s.", subject, e.otherKeyHeld(r))
	case covered && r.Verdict == signing.Verified:
		return subject + ", and the signature covers it."
	case covered:
		return subject + ", and the signature covers it: " + key
	case r.coversAnother():
		return subject + ", but the signature covers another one: the fault is where it is signed."
	}
	return subject + ": " + key
}

// covers reports whether the signature is known to cover our string.
func (r *Report) covers() bool {
	c := r.Verification.Recovered
	return bytes.Equal(r.Signed, r.Expected) || c != nil && c.Covers(r.Expected)
}

// coversAnother reports whether the signature provably covers another string
// than ours: it opens, and what is in it is whole.
func (r *Report) coversAnother() bool {
	c := r.Verification.Recovered
	return c != nil && c.Certain() && c.Padding != signing.Malformed && (c.Hash == 0 || c.Hash.Available()) && !r.covers()
}

// otherKeyHeld returns what follows where both sides have one string and our
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

// lossy compares a string that is ours but for what logs lose. They may as well
// build it so: that is searched for, and proves nothing.
func (e *Evidence) lossy(r *Report, list []logged.Reading) (telling, bool) {
	for _, near := range list {
		t := telling{lossy: true, targets: []target{knownTarget(near.Text)}}
		c := &Comparison{Kind: kindOf(near), Told: near.Text}
		if n, ok := logged.CutOff(near.Text, r.Expected); ok && likelyWhole(near) {
			c.Says = fmt.Sprintf("As far as it was told, %s is ours, byte for byte: the first %d of %d bytes.",
				lowerFirst(e.whose("string")), n, len(r.Expected))
			if n < len(near.Text) {
				t.targets = nil // with a sign that it was cut off
			}
			r.Comparison = c
			return t, true
		}
		if lost, ok := logged.Lost(near.Text, r.Expected); ok {
			c.Says = fmt.Sprintf("%s is ours, byte for byte but for %s. If that is not their log's doing, "+
				"they build the string so.%s", e.whose("string"), strings.Join(lost, " and "), loggedAs(near))
			r.Comparison = c
			return t, true
		}
	}
	return telling{}, false
}

// guide returns what is known of their string.
func (e *Evidence) guide(r *Report) logged.Guide {
	g := logged.Guide{Like: r.Expected}
	if !e.hasExchange() {
		if line, _, ok := bytes.Cut(r.Expected, []byte("\n")); ok && len(line) > 4 {
			g.Marks = append(g.Marks, string(line))
		}
		return g
	}
	rule := e.values()
	g.Body = rule.Body
	path, _, _ := strings.Cut(rule.Target, "?")
	for _, m := range []string{rule.Method + " ", strings.ToLower(rule.Method) + " ", path, rule.ClientID, rule.Time} {
		if len(m) > 3 {
			g.Marks = append(g.Marks, m)
		}
	}
	parts := e.template().Parts()
	for i, p := range parts {
		if !strings.Contains(p.Literal, "\n") || i == 0 || i == len(parts)-1 {
			continue
		}
		g.Breaks = append(g.Breaks, logged.Break{
			Before: string(parts[i-1].Of(rule)), Text: p.Literal, After: string(parts[i+1].Of(rule)),
		})
	}
	return g
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
	return fmt.Sprintf("%s differs from ours at byte %d (%d bytes against %d).", e.whose("string"),
		differAt(theirs, ours), len(theirs), len(ours))
}

// differAt returns the first byte in which two strings differ, from 1.
func differAt(a, b []byte) int {
	front, _ := CommonEnds(a, b)
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
