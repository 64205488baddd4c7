package diagnose

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/lazyregexp"
)

// maxAnswer is the size in bytes up to which a refusal is read for their string.
const maxAnswer = 1 << 20

// readAnswer takes what a refusal says about the string that the other side
// built as what it told, unless somebody told something else.
func (e *Evidence) readAnswer() {
	if e.Told != nil || e.Side != apiclient.RequestSide || !e.hasExchange() {
		return
	}
	if _, refused := e.Exchange.Refusal(); !refused {
		return
	}
	if told := e.echo(); told != nil {
		e.Told, e.ToldBy = told, ToldByAnswer
	}
}

// echo returns the part of the answer that holds their string or its digest;
// nil where none does. A member that by its name holds what they expected is preferred to
// others; one that holds what they received from us says nothing of theirs.
func (e *Evidence) echo() []byte {
	body := e.Exchange.Response.Content()
	if len(body) > maxAnswer {
		return nil
	}
	var document any
	if json.Unmarshal(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), &document) != nil {
		if e.likeString(string(body)) || namesDigest(string(body)) {
			return body
		}
		return nil
	}
	var list []member
	gather(document, "", 0, &list)
	slices.SortStableFunc(list, func(a, b member) int { return a.rank() - b.rank() })
	if i := slices.IndexFunc(list, func(m member) bool { return e.likeString(m.text) }); i >= 0 {
		return []byte(list[i].text)
	}
	for _, m := range list {
		_, isDigest := readDigest(strings.TrimSpace(m.text))
		if isDigest && (m.names(digestWords) || m.names(theirWords)) || namesDigest(m.text) {
			return []byte(m.text)
		}
	}
	return nil
}

// member is a text in an answer, with the names on the way to it.
type member struct{ path, text string }

// Words in the names of members.
var (
	theirWords = []string{"expected", "canonical", "server", "computed", "calculated", "stringtosign", "tosign",
		"signstr", "signcontent", "tobesigned", "plaintext", "content", "ours", "should"}
	oursWords = []string{"received", "actual", "client", "yours", "got", "signedsha", "signeddigest", "signedhash",
		"provided", "submitted"}
	digestWords = []string{"sha", "digest", "hash", "md5", "checksum"}
)

func (m member) names(words []string) bool {
	path := strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(m.path))
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(path, w) })
}

func (m member) rank() int {
	if m.names(theirWords) {
		return 0
	}
	return 1
}

// maxMembers is how many texts of an answer are looked at.
const maxMembers = 500

// gather lists the texts of an answer that may be theirs, in the order of their
// names.
func gather(v any, path string, depth int, list *[]member) {
	if depth > 8 || len(*list) >= maxMembers {
		return
	}
	switch v := v.(type) {
	case string:
		m := member{path, v}
		if len(v) >= 16 && (!m.names(oursWords) || m.names(theirWords) &&
			!m.names([]string{"signedsha", "signeddigest", "signedhash"})) {
			*list = append(*list, m)
		}
	case []any:
		for _, x := range v {
			gather(x, path, depth+1, list)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			gather(v[name], path+"."+name, depth+1, list)
		}
	}
}

// likeString reports whether a text has enough of our string's parts to hold
// one: a message that only names the path, or the client, has not.
func (e *Evidence) likeString(text string) bool {
	rule := e.values()
	path, _, _ := strings.Cut(rule.Target, "?")
	count := func(parts ...string) (n int) {
		for _, part := range parts {
			if len(part) > 2 && strings.Contains(text, part) {
				n++
			}
		}
		return n
	}
	late := count(rule.Time, bodyStart(rule.Body))
	return late > 0 && late+count(rule.Method+" ", path[strings.LastIndexByte(path, '/')+1:], rule.ClientID) >= 3
}

// bodyStart returns the first name in a JSON body: it stays the same however the body
// is escaped.
func bodyStart(body []byte) string {
	_, rest, _ := bytes.Cut(body[:min(len(body), 200)], []byte(`"`))
	name, _, ok := bytes.Cut(rest, []byte(`"`))
	if !ok {
		return ""
	}
	return string(name)
}

var digestTold = lazyregexp.New(`(?i)(?:sha-?(?:1|256|384|512)?|md5|digest|hash)\W{0,12}(?:of\W+\w+\W+)?` +
	`(?:is\W+|was\W+)?[0-9a-f]{32,128}\b`)

// namesDigest reports whether a text names a digest.
func namesDigest(text string) bool { return digestTold.MatchString(text) }
