package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Code is a result code that an interface may answer with.
type Code struct {
	Code    string // "REPEAT_REQ_INCONSISTENT"
	Status  string // S, F, U or A; "FU" where it may be either
	Meaning string // one sentence
	Advice  string // what to do next

	everywhere bool // every interface may answer with it
}

// statusWords are what a resultStatus alone means, and what to do next (the
// protocol, sections 2 and 6).
var statusWords = map[string]struct{ meaning, advice string }{
	"S": {"The call was carried out.",
		"Go on. An inquiry that succeeded says only that the inquiry worked: read the status in its body."},
	"F": {"The call failed.",
		"Fix what the resultCode names before you send it again; a repeated request without a change fails again."},
	"U": {"The outcome is unknown: it may have been carried out, or not.",
		"Query the outcome, or repeat the same request with the same ids. Do not pay again with a new id."},
	"A": {"The request is accepted, and has not succeeded yet.",
		"Open the URL of the answer in the mini program. Then wait for the notification, or query it: nothing is paid yet."},
	"": {"The answer has no resultStatus.",
		"Take the outcome as unknown: query it before you send anything with a new id."},
}

// Code explains a result code, from the endpoint's own list or else from all
// that the protocol knows.
func (e Endpoint) Code(code string) (Code, bool) {
	code = strings.TrimSpace(code)
	for _, table := range [][]Code{e.Codes, builtin().codes} {
		if c, ok := findCode(table, code); ok {
			return c, true
		}
	}
	return Code{}, false
}

func findCode(table []Code, code string) (Code, bool) {
	if i := slices.IndexFunc(table, func(c Code) bool { return c.Code == code }); i >= 0 {
		return table[i], true
	}
	return Code{}, false
}

// Advice says in words what a result means and what to do next. It never
// returns an empty string: a status alone has advice too. Where status and
// code contradict each other, the status decides.
func (e Endpoint) Advice(status, code string) (meaning, advice string) {
	status, code = strings.TrimSpace(status), strings.TrimSpace(code)
	words, ok := statusWords[status]
	if !ok {
		words.meaning = fmt.Sprintf("The resultStatus %q is none of S, F, U and A.", status)
		words.advice = statusWords[""].advice
	}
	c, known := e.Code(code)
	switch {
	case code == "":
		return words.meaning, words.advice
	case !known:
		return fmt.Sprintf("%s The catalogue does not know the code %s.", words.meaning, code), words.advice
	case status == "":
		return c.Meaning + " " + words.meaning, cmp.Or(c.Advice, words.advice)
	case !strings.Contains(c.Status, status):
		const but = "%s %s But its resultStatus is %s, where %s is usual: the status decides."
		return fmt.Sprintf(but, words.meaning, c.Meaning, status, spell(c.Status)), words.advice
	}
	return cmp.Or(c.Meaning, words.meaning), cmp.Or(c.Advice, words.advice)
}

// spell writes "FU" as "F or U".
func spell(statuses string) string { return strings.Join(strings.Split(statuses, ""), " or ") }

const codesExtension = "x-result-codes"

// readCodes reads the table at the top of the document.
func (d *document) readCodes() {
	if table := get(d.root, codesExtension); table != nil {
		d.own.codes = d.codeList(table, table)
	}
}

// codeList reads a list of codes, or of their names. at is told where it is none.
func (d *document) codeList(n, at *node) []Code {
	if n == nil || n.kind != listKind {
		const fix = "write a list of names, or of {code, status, meaning, advice}"
		d.fault(at, d.at(at, fix, "%s is not a list", codesExtension))
		return nil
	}
	var codes []Code
	for _, item := range n.inside {
		c, err := d.codeOrName(item)
		if err != nil {
			d.fault(item, err)
			continue
		}
		codes = append(codes, c)
	}
	return codes
}

func (d *document) readCode(n *node) (Code, *Error) {
	c := Code{
		Code: scalar(get(n, "code")), Status: scalar(get(n, "status")),
		Meaning: scalar(get(n, "meaning")), Advice: scalar(get(n, "advice")), everywhere: isTrue(get(n, "everywhere")),
	}
	const form = `write {code: ORDER_CLOSED, status: F, meaning: "…", advice: "…"}`
	switch {
	case n.kind != objectKind || c.Code == "":
		return Code{}, d.at(n, form, "a result code has no code")
	case c.Status == "" || strings.Trim(c.Status, "SFUA") != "":
		return Code{}, d.at(n, "use S, F, U or A, or FU where it may be either",
			"the result code %s has the status %q", c.Code, c.Status)
	case c.Meaning == "":
		return Code{}, d.at(n, form, "the result code %s has no meaning", c.Code)
	}
	return c, nil
}

// codesOf lists the result codes of an operation: its own, then those that
// every interface has.
func (d *document) codesOf(op *node, direction Direction) (codes []Code) {
	if list := get(op, codesExtension); list != nil {
		codes = d.codeList(d.follow(list), op)
	}
	if direction == Callback {
		return codes // the merchant answers, and has codes of its own
	}
	for _, table := range [][]Code{d.own.codes, d.base} {
		if slices.ContainsFunc(table, func(c Code) bool { return c.everywhere }) {
			return withCommon(codes, table)
		}
	}
	return codes
}

func (d *document) codeOrName(n *node) (Code, *Error) {
	if !n.isScalar() {
		return d.readCode(n)
	}
	for _, table := range [][]Code{d.own.codes, d.base} {
		if c, ok := findCode(table, n.value); ok {
			return c, nil
		}
	}
	return Code{}, d.at(n, "declare it under "+codesExtension+
		" at the top of the document, or write {code, status, meaning, advice} here",
		"the result code %s is not declared", n.value)
}

// withCommon adds to codes those of a table that every interface may answer with.
func withCommon(codes, table []Code) []Code {
	for _, c := range table {
		if _, ok := findCode(codes, c.Code); c.everywhere && !ok {
			codes = append(codes, c)
		}
	}
	return codes
}
