package history

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// Filter is a kind of filter in the language of ParseQuery.
type Filter struct {
	Key    string   // "endpoint", "status"; "" for the bare words
	Values []string // that are known beforehand; others are up to the runs
	Says   string

	set func(q *Query, value string)
}

var verdicts = []string{string(signing.Verified), string(signing.Mismatch), string(signing.WrongKey),
	string(signing.UnknownKey),
	string(signing.Unsigned), string(signing.Undecodable), string(apiclient.SignatureRefused), string(apiclient.MaskedContent), "bad"}

// Filters are what ParseQuery understands.
var Filters = []Filter{
	{"endpoint", nil, "endpoint or path, or a part of it", func(q *Query, v string) { q.EndpointLike = v }},
	{"status", []string{"S", "F", "U", "A", "2xx", "4xx", "5xx", "unknown", "answered", "failed", "lost", "canceled"},
		"result, HTTP status, or how the run ended", nil},
	{"verdict", verdicts, "how a signature of either message stands; refused: verifies here, refused there; bad: not verified",
		func(q *Query, v string) {
			if q.Verdict, q.Unverified = v, v == "bad"; q.Unverified {
				q.Verdict = ""
			}
		}},
	{"request", verdicts[:len(verdicts)-1], "how the request's signature stands", func(q *Query, v string) { q.Sent = v }},
	{"response", verdicts[:len(verdicts)-2], "how the response's signature stands", func(q *Query, v string) { q.Received = v }},
	{"profile", nil, "profile, or a part of its name", func(q *Query, v string) { q.ProfileLike = v }},
	{"origin", []string{string(apiclient.FromExplorer), string(apiclient.FromCLI), string(apiclient.FromReplay),
		string(apiclient.FromSandbox), string(apiclient.FromFile), string(apiclient.FromCapture), string(apiclient.FromListen),
		string(apiclient.FromNotify), string(apiclient.FromProbe), string(apiclient.FromTest)}, "how the run came about",
		func(q *Query, v string) { q.Origin = apiclient.Origin(v) }},
	{"", []string{"pinned", "tampered", "named"}, "runs that are kept, made wrong on purpose, or have a name",
		func(q *Query, v string) {
			q.Pinned, q.Tampered, q.Named = q.Pinned || v == "pinned", q.Tampered || v == "tampered", q.Named || v == "named"
		}},
}

// ParseQuery reads what a person types to find runs: filters such as
//
//	endpoint:pay status:F verdict:unsigned profile:staging origin:cli pinned
//
// in any order, and words to search for, in any place between them. What is
// no filter is searched for as it stands; so is a filter in quotation marks. Where
// a filter is given twice the later counts. A filter with a value that cannot be
// is left out, and wrong says so in a sentence for each.
func ParseQuery(text string) (q Query, wrong []string) {
	var words []string
	for _, word := range strings.Fields(text) {
		key, value, found := strings.Cut(word, ":")
		if !found {
			key, value = "", word
		}
		switch known, why := q.filter(strings.ToLower(key), value); {
		case !known:
			words = append(words, word)
		case why != "":
			wrong = append(wrong, why)
		}
	}
	q.Search = strings.Join(words, " ")
	return q, wrong
}

// filter sets one filter. known is false for what is none.
func (q *Query) filter(key, value string) (known bool, why string) {
	i := slices.IndexFunc(Filters, func(f Filter) bool { return f.Key == key })
	if i < 0 {
		return false, ""
	}
	f := Filters[i]
	switch {
	case key == "" && !slices.Contains(f.Values, value):
		return false, ""
	case value == "":
		return true, fmt.Sprintf("%s: wants %s", key, f.wants())
	case key == "status":
		return true, q.status(value)
	case f.Values != nil:
		known := slices.IndexFunc(f.Values, func(v string) bool { return strings.EqualFold(v, value) })
		if known < 0 {
			return true, fmt.Sprintf("%s:%s is none of %s", key, value, strings.Join(f.Values, ", "))
		}
		value = f.Values[known]
	}
	f.set(q, value)
	return true, ""
}

func (f Filter) wants() string {
	if f.Values == nil {
		return f.Says
	}
	return "one of " + strings.Join(f.Values, ", ")
}

// status reads "F", "404", "4xx" and "lost".
func (q *Query) status(value string) (why string) {
	upper, lower := strings.ToUpper(value), strings.ToLower(value)
	switch {
	case len(upper) == 1 && strings.Contains("SFUA", upper):
		q.Result = upper
		return ""
	case slices.Contains([]string{string(apiclient.Unknown), string(apiclient.Answered), string(apiclient.Failed),
		string(apiclient.Lost), string(apiclient.Canceled)}, lower):
		q.Outcome = apiclient.Outcome(lower)
		return ""
	case len(lower) == 3 && strings.HasSuffix(lower, "xx") && lower[0] >= '1' && lower[0] <= '9':
		q.Class, q.Status = int(lower[0]-'0'), 0
		return ""
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 100 || n > 999 {
		return fmt.Sprintf("status:%s is no result (S, F, U, A), no HTTP status (404, 4xx) and no outcome (unknown, "+
			"answered, failed, lost, canceled)", value)
	}
	q.Status, q.Class = n, 0
	return ""
}
