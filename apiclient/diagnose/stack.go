package diagnose

import (
	"slices"
	"strings"
	"sync"

	"countersign/apiclient/lazyregexp"
)

// stack is a family of programs that shows in what a message says of its sender.
type stack struct {
	sender string   // matches a User-Agent, Server or X-Powered-By, in lower case
	words  []string // that name its habits
}

// stacks are matched in this order: a library's name before that of its language.
var stacks = []stack{
	{`axios|undici|node|\bgot\b|needle|superagent|express|deno|bun/`, []string{"JavaScript", "JSON.stringify",
		"JSON.parse", "Node", "axios", "body-parser"}},
	{`python|aiohttp|httpx|werkzeug|gunicorn|uvicorn|flask`, []string{"Python", "json.dumps", "requests", "pydantic",
		"Flask", "str(", "urllib"}},
	{`guzzle|php|laravel|symfony`, []string{"PHP", "json_encode", "Guzzle", "Laravel", "_r(", "ksort"}},
	{`ruby|faraday|puma|rails|passenger|unicorn`, []string{"Ruby", "Rails", "to_json", "to_s"}},
	{`okhttp|java|apache-httpclient|jetty|coyote|tomcat|spring`, []string{"Java", "Jackson", "Gson", "fastjson",
		"org.json", "OkHttp", "getBytes", "HashMap", "TreeMap"}},
	{`go-http-client|resty|fasthttp|\bgin\b`, []string{"Go", "json.Marshal", "fmt."}},
	{`\.net|restsharp|kestrel|microsoft|asp`, []string{".NET", "Newtonsoft", "Json", "Encoding."}},
	{`curl|wget|httpie`, []string{"`echo", "printf", "shell", "curl", "`base64", "jq", "$("}},
}

var stackPatterns = sync.OnceValue(func() []*lazyregexp.Regexp {
	list := make([]*lazyregexp.Regexp, len(stacks))
	for i, s := range stacks {
		list[i] = lazyregexp.New(s.sender)
	}
	return list
})

// stack returns what the message shows of the program that sent it; none where
// it names no program that is known.
func (e *Evidence) stack() stack {
	if !e.hasExchange() {
		return stack{}
	}
	for _, name := range []string{"User-Agent", "X-Powered-By", "Server"} {
		sender := strings.ToLower(e.message().Get(name))
		for i, pattern := range stackPatterns() {
			if sender != "" && pattern.MatchString(sender) {
				return stacks[i]
			}
		}
	}
	return stack{}
}

// has reports whether a habit is one of the stack's.
func (s stack) has(habit string) bool {
	return slices.ContainsFunc(s.words, func(word string) bool { return strings.Contains(habit, word) })
}

// narrow keeps of a list of habits those of the stack, where there are some.
func (s stack) narrow(habit string) string {
	var own []string
	for _, one := range alternatives(habit) {
		if s.has(one) {
			own = append(own, one)
		}
	}
	if len(own) == 0 {
		return habit
	}
	return strings.Join(own, ", or ")
}

// alternatives takes "a, b, or c" apart; commas between backticks are code.
func alternatives(habit string) []string {
	var list []string
	code, depth, from := false, 0, 0
	for i := range len(habit) {
		switch habit[i] {
		case '`':
			code = !code
		case '(':
			depth++
		case ')':
			depth--
		case ';':
			return []string{habit} // it goes on with what to do
		case ',':
			if !code && depth <= 0 {
				list, from = append(list, habit[from:i]), i+1
			}
		}
	}
	list = append(list, habit[from:])
	for i := range list {
		list[i] = strings.TrimPrefix(strings.TrimSpace(list[i]), "or ")
	}
	return list
}

// classes returns the names that the class of the body may have, by the last two
// segments of the path: PayRequest or PaymentPayRequest for payments/pay.
func (e *Evidence) classes() []string {
	if !e.hasExchange() {
		return nil
	}
	path, _, _ := strings.Cut(e.Exchange.Request.Path(), "?")
	var words []string
	for segment := range strings.SplitSeq(path, "/") {
		if segment != "" && len(segment) < 40 {
			words = append(words, strings.ToUpper(segment[:1])+segment[1:])
		}
	}
	if len(words) < 2 {
		return nil
	}
	group, name := strings.TrimSuffix(words[len(words)-2], "s"), words[len(words)-1]
	var list []string
	for _, base := range []string{name, group + name, group} {
		for _, end := range []string{"Request", "", "Req", "DTO", "Dto", "RequestDTO", "Param", "Params", "Body", "Command"} {
			list = append(list, base+end)
		}
	}
	return list
}
