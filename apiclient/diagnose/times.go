package diagnose

import (
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/variant"
)

// times gives what may have stood in the place of the time.
func (e *Evidence) times() part {
	sent := e.values().Time
	p := newPart(sent)
	own := readStamp(sent)
	p.stamps(own, "", "")
	if e.Side == apiclient.ResponseSide && e.Exchange.Response != nil {
		request := e.Exchange.Request.Get(e.Names.Of(apiclient.HeaderRequestTime))
		if request != "" && request != sent {
			p.add(request, variant.Common, habit{"response_signed_with_request_time", "The response was signed with the Request-Time where the Response-Time belongs.", "`headers.get(\"Request-Time\")` copied from the request's code"})
			p.stamps(readStamp(request), "response_signed_with_request_time", "The response was signed with the Request-Time")
		}
	}
	for _, m := range []*apiclient.Message{&e.Exchange.Request, e.Exchange.Response} {
		if m == nil {
			continue
		}
		for _, name := range []string{"Date", "X-Request-Time", "X-Response-Time", "Timestamp", "X-Timestamp", "Time", "Request-Time", "Response-Time",
			"Last-Modified", e.Names.Of(apiclient.HeaderRequestTime), e.Names.Of(apiclient.HeaderResponseTime)} {
			if v := m.Get(name); v != "" && v != sent {
				p.add(v, variant.Plausible, habit{"time_other_header", "The value of the header " + name + " was signed as the time.", "reading the time from another header"})
				p.stamps(readStamp(v), "time_other_header", "The value of the header "+name+" was signed as the time")
			}
		}
	}
	if sent != "" {
		p.add("", variant.Common, habit{"time_empty", "An empty time was signed.", "a header that is set after signing"})
		p.quotings(sent, "time", "time_whitespace", "time_quoted", "time_urlencoded")
		p.add(strings.ToLower(sent), variant.Rare, habit{"time_case", "The time was signed in lower case.", "`toLowerCase()` on the string to sign"})
		p.add(strings.ReplaceAll(sent, "+", " "), variant.Usual, habit{"time_urldecoded", "The time was signed with a space for its plus sign.", "decoding it as a form"})
		p.add(strings.ReplaceAll(sent, " ", "+"), variant.Usual, habit{"time_urldecoded", "The time was signed with a plus sign for its space.", "decoding it as a form, on the other side"})
		p.add(strings.TrimSpace(sent), variant.Usual, habit{"time_whitespace", "The time was signed without the blanks around it.", "trimming on one side"})
	}
	for _, w := range placeholders {
		p.add(w.text, w.cost, habit{"time_undefined", "Instead of the time, " + w.word + " was signed.", "a variable that is not set when the string is built"})
	}
	return p
}

// stamps adds the ways to write a time, and times near it. cause and says name
// whose time it is, where it is not the one that the rule wants.
func (p part) stamps(s stamp, cause, says string) {
	if s.format == "" {
		return
	}
	add := func(text string, cost int, h habit) {
		if cause != "" {
			p.add2(text, variant.Common+min(cost, variant.Exotic), habit{cause, says + ".", ""}, h)
			return
		}
		p.add(text, cost, h)
	}
	p.epochs(s, add)
	p.formatted(s, add)
	p.shifted(s, add)
	p.wallClocks(s, add)
}

// shifted are times near the header's, in its own form: a clock that was read
// twice, another zone, rounding.
func (p part) shifted(s stamp, add func(string, int, habit)) {
	for _, d := range shifts {
		if s.format != apiclient.Millis && s.format != apiclient.Micros && d%time.Second != 0 {
			continue
		}
		add(s.rewrite(s.at.Add(d)), shiftCost(d), differs(d))
	}
}
