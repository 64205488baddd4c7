package diagnose

import (
	"strings"

	"countersign/apiclient/diagnose/variant"
)

// methods gives what may have stood in the place of the method.
func (e *Evidence) methods() part {
	sent := e.values().Method
	p := newPart(sent)
	kase := habit{"method_case", "The method was signed in another case.", "the spelling of a library's constant, such as `post` or `Post`; write POST"}
	p.add(strings.ToLower(sent), variant.Common, kase)
	if sent != "" {
		p.add(strings.ToUpper(sent[:1])+strings.ToLower(sent[1:]), variant.Common, kase)
	}
	p.add(strings.ToUpper(sent), variant.Common, kase)
	for i, m := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE"} {
		cause := "method_other"
		if m == "GET" {
			cause = "method_get"
		}
		h := habit{cause, "The method " + m + " was signed where " + sent + " was sent.", "a default of the signing function, or code that was copied from another call"}
		p.add(m, variant.Common+i/2, h)
		p.add(strings.ToLower(m), variant.Plausible+i/3, h)
		p.add(m[:1]+strings.ToLower(m[1:]), variant.Rare, h)
	}
	p.quotings(sent, "method", "method_whitespace", "method_quoted", "method_urlencoded")
	for _, m := range []string{"HttpMethod.POST", "HTTP_POST", "Method.POST", "RequestMethod.POST", "HTTP POST", "POST_JSON", "http", "HTTP", "HTTPS"} {
		p.add(m, variant.Rare, habit{"method_other", "Instead of the method, " + m + " was signed.", "a constant that is printed with its class"})
	}
	for _, w := range placeholders {
		p.add(w.text, w.cost+2, habit{"method_undefined", "Instead of the method, " + w.word + " was signed.", "a variable that is not set"})
	}
	p.add("", variant.Usual, habit{"method_empty", "An empty method was signed.", "a variable that is not set"})
	return p
}
