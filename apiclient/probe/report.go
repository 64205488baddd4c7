package probe

import (
	"cmp"
	"context"
	"fmt"
	"mime"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// Outcome says how a server answered a callback.
type Outcome string

// Outcomes of a case.
const (
	WasAccepted Outcome = "accepted"
	WasRefused  Outcome = "refused"
	NoAnswer    Outcome = "no answer"   // nothing that is HTTP came
	ServerError Outcome = "error"       // HTTP 5xx
	Unreadable  Outcome = "unreadable"  // an answer without a result
	NotSent     Outcome = "not sent"    // the run was over, or the request could not be made
	NotTried    Outcome = "not applied" // the case says nothing here
)

// Mark is how a row counts.
type Mark string

// Marks of a row.
const (
	Passed Mark = "passed"
	Warned Mark = "warning" // worth a look; no failure
	Failed Mark = "failed"
	Left   Mark = "skipped" // it says nothing here: Says has the reason
)

// Row is a case and what came of it.
type Row struct {
	Case
	Outcome Outcome
	Mark    Mark
	Says    string // one sentence: what came of it
	Advice  string // how to fix the server; "" where nothing need be done
	// Unverified says that the answer to a valid callback carries a signature that does
	// not verify.
	Unverified bool
	Unsigned   bool // the answer to a valid callback carries none
	Exchange   *apiclient.Exchange
}

// Report is the result of a run.
type Report struct {
	URL  string
	Key  string // what signed: "superapp.pem"
	Rows []Row
	Took time.Duration
}

// Count is how many rows have a mark.
func (r Report) Count(m Mark) int {
	return r.count(func(row Row) bool { return row.Mark == m })
}

// Unverified reports whether an answer to a valid callback carries a signature that
// does not verify.
func (r Report) Unverified() bool { return r.count(func(row Row) bool { return row.Unverified }) > 0 }

// Unsigned reports whether such an answer carries none.
func (r Report) Unsigned() bool { return r.count(func(row Row) bool { return row.Unsigned }) > 0 }

// Conclusion says in a few sentences what follows from all rows.
func (r Report) Conclusion() []string {
	var says []string
	first := r.Rows[0]
	accepted := r.count(func(row Row) bool { return row.Expect == Refused && row.Outcome == WasAccepted })
	sent := r.count(func(row Row) bool { return row.Expect == Refused && row.Exchange != nil })
	switch {
	case first.Outcome != WasAccepted && accepted > 0:
		says = append(says, fmt.Sprintf("The valid callback was not accepted, and %d bad ones were: the server looks "+
			"at something else.", accepted))
	case first.Outcome != WasAccepted:
		says = append(says, "The valid callback was not accepted, so it proves nothing that the bad ones were "+
			"refused. Make that one work first.")
	case accepted > 0 && r.count(func(row Row) bool { return row.Expect == Refused && !row.Silence && row.Mark == Passed }) == 0:
		says = append(says, "The server accepts whatever comes: it does not verify signatures, or does not obey what comes of it.")
	case accepted > 0:
		says = append(says, fmt.Sprintf("%d of %d bad callbacks were accepted: what is not checked, anybody can forge.", accepted, sent))
	default:
		says = append(says, fmt.Sprintf("None of %d bad callbacks was accepted.", sent))
	}
	if r.Unverified() {
		says = append(says, "Answers carry a signature that does not verify: sign the method and path of the request, your Client-Id, "+
			"the Response-Time that you send and the bytes of the answer, with your private key.")
	}
	if r.Unsigned() {
		says = append(says, "Answers are not signed. Most platforms want them signed like any response; some do without.")
	}
	if n := r.count(func(row Row) bool { return row.Outcome == NotSent }); n > 0 {
		says = append(says, fmt.Sprintf("%d were not sent: the run is not whole.", n))
	}
	return says
}

func (r Report) count(is func(Row) bool) int {
	n := 0
	for _, row := range r.Rows {
		if is(row) {
			n++
		}
	}
	return n
}

func (r Row) skipped(why string) Row {
	r.Outcome, r.Mark, r.Says = NotTried, Left, "Not tried: "+why+"."
	return r
}

func (r Row) notSent(why, advice string) Row {
	r.Outcome, r.Mark, r.Says, r.Advice = NotSent, Failed, "Not sent: "+why+".", advice
	return r
}

// judge says what came of a case that was sent.
func (s *session) judge(ctx context.Context, r Row) Row {
	var answer string
	r.Outcome, answer = s.outcome(ctx, r.Exchange)
	r.Says = answer
	if e := r.Exchange; r.Expect == Accepted && e.Response != nil && s.profile.Key != nil {
		r.Unsigned = e.Received.Status == signing.Unsigned
		r.Unverified = !e.Received.OK() && !r.Unsigned
	}
	switch r.Expect {
	case Refused:
		return s.judgeBad(r)
	case Accepted:
		r.Mark = Passed
		switch {
		case r.Outcome != WasAccepted:
			r.Mark, r.Advice = Failed, r.Fix
		case r.Unverified:
			r.Mark = Failed
			r.Says += " Its answer is signed, and that does not verify: " + r.Exchange.Received.Reason
			r.Advice = r.Exchange.Received.Hint
		}
		return r
	}
	about := r.Refuses
	if r.Outcome == WasAccepted {
		about = r.Accepts
	}
	r.Mark = Passed
	switch {
	case !s.accepted:
		r.Mark = Left
	case r.Outcome == ServerError || r.Outcome == NoAnswer && !r.Silence:
		r.Mark, r.Advice = Warned, "Answer with F rather than fail: the Super App sends again what is not answered."
	case about != "":
		r.Mark, r.Advice = Warned, r.Fix
		r.Says += " " + about
	}
	return r
}

// judgeBad judges the answer to a callback that must be refused.
func (s *session) judgeBad(r Row) Row {
	const crash = "It was not accepted, but nobody decided that: refuse it before it is parsed, and answer with F."
	switch {
	case r.Outcome == WasAccepted:
		r.Mark, r.Advice = Failed, r.Fix
	case !s.accepted:
		r.Mark, r.Says = Left, r.Says+" It proves nothing, as the valid one is not accepted either."
	case r.Outcome == WasRefused, r.Outcome == NoAnswer && r.Silence:
		r.Mark = Passed
	default:
		r.Mark, r.Advice = Warned, crash
	}
	return r
}

// outcome reads an answer, and says what it was.
func (s *session) outcome(ctx context.Context, e *apiclient.Exchange) (Outcome, string) {
	if e.Response == nil || e.Response.Line == "" {
		return NoAnswer, "No answer: " + strings.TrimSuffix(cmp.Or(e.Err, "the connection was closed"), ".") + "."
	}
	status := e.Response.Status()
	what := strings.TrimSpace(fmt.Sprintf("%s %s", e.Result.Status, e.Result.Code))
	if e.Result.Message != "" && e.Result.Status != "S" {
		what += fmt.Sprintf(" (%.80s)", oneLine(e.Result.Message))
	}
	if status != 200 || what == "" {
		what = strings.TrimSpace(fmt.Sprintf("HTTP %d %s", status, what))
	}
	if s.options.Accepts != nil {
		ok, err := s.options.Accepts(ctx, e)
		switch {
		case err != nil:
			return Unreadable, what + ": --accepts cannot be asked: " + err.Error() + "."
		case ok:
			return WasAccepted, "Accepted: " + what + "."
		case status >= 500:
			return ServerError, what + "."
		}
		return WasRefused, "Refused: " + what + "."
	}
	switch {
	case status >= 500:
		return ServerError, what + ": the server failed."
	case e.Response.Partial && status < 400:
		return Unreadable, what + ": the answer was cut off."
	case status < 300 && e.Result.Status == "S":
		return WasAccepted, "Accepted: " + what + "."
	case e.Result.Status != "" || status >= 400:
		return WasRefused, "Refused: " + what + "."
	}
	return Unreadable, fmt.Sprintf("%s, %s: there is no resultStatus in it.", what, kindOf(e.Response))
}

func kindOf(m *apiclient.Message) string {
	if len(m.Body) == 0 {
		return "without a body"
	}
	if media, _, err := mime.ParseMediaType(m.Get("Content-Type")); err == nil {
		return media
	}
	return "of no type"
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// signs are the marks as they are shown.
var signs = map[Mark]string{Passed: "✓", Warned: "!", Failed: "✗", Left: "–"}

// Sign is a mark as one character.
func (m Mark) Sign() string { return signs[m] }

// Counts says how many rows have which mark: "60 passed, 1 warning, 2 failed".
func (r Report) Counts() string {
	var parts []string
	for _, m := range []Mark{Passed, Warned, Failed, Left} {
		if n := r.Count(m); n > 0 {
			word := string(m)
			if m == Warned && n > 1 {
				word += "s"
			}
			parts = append(parts, fmt.Sprintf("%d %s", n, word))
		}
	}
	return strings.Join(parts, ", ")
}

// Markdown writes the report as a document: what follows, then a row for each case.
func (r Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Probe of %s\n\nCallbacks as the Super App sends them, signed with %s. %s, in %.1f s.\n", cell(r.URL), cell(r.Key),
		r.Counts(), r.Took.Round(100*time.Millisecond).Seconds())
	for _, says := range r.Conclusion() {
		fmt.Fprintf(&b, "\n%s\n", cell(says))
	}
	for _, section := range []struct {
		title string
		of    Expect
	}{{"Must be accepted", Accepted}, {"Must be refused", Refused}, {"Right servers differ", Either}} {
		fmt.Fprintf(&b, "\n## %s\n\n|   | Callback | What is sent, and why | What came of it | How to fix it "+
			"|\n|---|---|---|---|---|\n", section.title)
		for _, row := range r.Rows {
			if row.Expect == section.of {
				fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s |\n", row.Mark.Sign(), row.Name,
					cell(row.Sends+" "+row.Why), cell(row.Says), cell(row.Advice))
			}
		}
	}
	return b.String()
}

// cell makes a text safe in a cell of a table: what a server answered means nothing
// in Markdown or HTML.
func cell(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)), " ")
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;", ">", "&gt;", "`", "\\`", "*", `\*`, "_", `\_`, "[",
		`\[`, "]", `\]`).Replace(s)
}
