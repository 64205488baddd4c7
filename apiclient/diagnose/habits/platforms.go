package habits

import (
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/search"
)

// framed puts something before or behind a part.
func (l *Layouts) framed() {
	for _, v := range []string{" HTTP/1.1", " HTTP/1.0", " HTTP/2", " HTTP/2.0", " HTTP/3"} {
		l.add(common,
			line(search.Method, " ", search.Target, v+"\n", search.Client, ".", search.Time, ".", search.Body),
			habit{"content_http_version",
				"The string was signed with" + v + " behind the path.", "signing the request line as it is on the wire"})
		l.add(usual,
			line(search.Method, " ", search.Target, v+"\r\n", search.Client, ".", search.Time, ".", search.Body),
			habit{"content_http_version",
				"The string was signed with" + v + " and CR LF behind the path.", "signing the request line as it is on the wire"})
	}
}

// platforms are the templates of others, the sibling's of the protocol among
// them.
func (l *Layouts) platforms(src *Source) {
	m, u, c, t, b := search.Method, search.Target, search.Client, search.Time, search.Body
	const code = "the template of another platform"
	newline := func(says string) habit { return habit{"template_newline_fields", says, code} }
	for i, order := range [][]search.Part{{m, u, t, c, b}, {m, u, c, t, b}, {t, c, b, m, u}, {c, t, m, u, b},
		{t, m, u, c, b}, {c, m, u, t, b}, {m, u, t, b, c}, {m, u, b, t, c}, {t, c, m, u, b}, {m, u, c, b, t}} {
		for j, end := range []string{"\n", ""} {
			l.add(common+i/2+j, line(order[0], "\n", order[1], "\n", order[2], "\n", order[3], "\n", order[4], end),
				newline("The parts were signed on lines of their own, as WeChat Pay does."))
		}
	}
	for j, end := range []string{"\n", ""} {
		l.add(usual+j, line(t, "\n", c, "\n", b, end), newline("Time, client id and body were signed on lines of their own."))
		l.add(usual+j, line(m, "\n", u, "\n", t, "\n", b, end), newline("Method, path, time and body were signed on lines of their own."))
		l.add(usual+j, line(c, "\n", t, "\n", b, end), newline("Client id, time and body were signed on lines of their own."))
		l.add(usual+j, line(t, "\n", b, end), newline("Time and body were signed on lines of their own."))
		l.add(usual+j, line(u, "\n", t, "\n", c, "\n", b, end),
			newline("Path, time, client id and body were signed on lines of their own."))
	}
	id := src.Exchange.Request.Get("Request-Id")
	for _, request := range []string{id, src.Exchange.Request.Get("traceId"), src.Exchange.Request.Get("X-Request-Id")} {
		if request != "" || id == "" {
			l.add(usual, line(m, ".", u, ".", c, "."+request+".", t, ".", b), habit{"template_sibling",
				"The string was signed by the rule of a sibling platform: METHOD.URI.Client-Id.Request-Id.Time.Body.", code})
		}
	}
	l.labelled()
}

// labelled are templates whose parts have names.
func (l *Layouts) labelled() {
	m, u, c, t, b := search.Method, search.Target, search.Client, search.Time, search.Body
	const says = "The parts were signed with names in front of them."
	h := habit{"template_labelled_fields", says, "the template of another platform, or a string that was built for a log"}
	for i, n := range [][5]string{
		{"method", "uri", "clientId", "time", "body"}, {"method", "path", "client_id", "timestamp", "body"},
		{"method", "url", "clientId", "timestamp", "body"},
		{"method", "uri", "client_id", "time", "body"},
		{"method", "uri", "clientId", "requestTime", "body"}, {"Method", "Uri",
			"Client-Id", "Request-Time", "Body"},
		{"method", "path", "clientId", "requestTime", "body"}, {"httpMethod", "uri", "clientId", "requestTime", "content"},
		{"method", "uri", "Client-Id", "Request-Time", "body"}, {"method", "uri", "client-id", "request-time", "body"},
		{"method", "uri", "client_id", "request_time", "body"}, {"method", "uri", "appid", "timestamp", "body"},
		{"method", "uri", "clientId", "responseTime", "body"}, {"method", "uri", "Client-Id", "Response-Time", "body"},
	} {
		for j, s := range [][2]string{{"=", "&"}, {":", "\n"}, {": ", "\n"}, {"=", "\n"}, {"=", "."}, {":", ","},
			{"=", ";"}, {"=", ","}} {
			cost := min(usual+i/2+j/2, exotic)
			all := line(n[0]+s[0], m, s[1]+n[1]+s[0], u, s[1]+n[2]+s[0], c, s[1]+n[3]+s[0], t, s[1]+n[4]+s[0], b)
			l.add(cost, all, h)
			l.add(cost, line(m, " ", u, "\n"+n[2]+s[0], c, s[1]+n[3]+s[0], t, s[1]+n[4]+s[0], b), h)
			l.add(cost, line(n[2]+s[0], c, s[1]+n[3]+s[0], t, s[1]+n[4]+s[0], b), h)
			l.add(cost+1, line(m, " ", u, "\n"+n[2]+s[0], c, "."+n[3]+s[0], t, "."+n[4]+s[0], b), h)
			l.add(cost+1, line(m, " ", u, "\n"+n[2]+s[0], c, "\n"+n[3]+s[0], t, "\n\n", b), h)
			l.add(cost+1,
				line(n[4]+s[0], b, s[1]+n[2]+s[0], c, s[1]+n[0]+s[0], m, s[1]+n[3]+s[0], t, s[1]+n[1]+s[0], u), h)
		}
	}
	l.add(plausible, line(`{"method":"`, m, `","uri":"`, u, `","clientId":"`, c, `","time":"`, t, `","body":`, b, "}"),
		habit{"template_labelled_fields", "The parts were signed as a JSON object.", "a string that was built for a log"})
}

// inserted puts another value of the exchange between two parts.
func (l *Layouts) inserted(src *Source) {
	m, u, c, t, b := search.Method, search.Target, search.Client, search.Time, search.Body
	for i, v := range src.shortValues() {
		h := habit{"content_extra_field", "The value of " + v.name + " was signed, too.", "a signature rule that has one part more"}
		cost := min(usual+i/6, exotic)
		if strings.EqualFold(v.name, src.Names.Of(apiclient.HeaderMerchantID)) || v.name == "the merchant id" {
			h.Cause = "client_id_and_merchant_id"
		}
		x := v.text
		l.add(cost, line(m, " ", u, "\n", c, "."+x+".", t, ".", b), h)
		l.add(cost, line(m, " ", u, "\n", c, ".", t, "."+x+".", b), h)
		l.add(cost, line(m, " ", u, "\n"+x+".", c, ".", t, ".", b), h)
		l.add(cost+1, line(m, " ", u, "\n", c, ".", t, ".", b, "."+x), h)
		l.add(cost+1, line(m, " ", u, "\n", c, ".", t, ".", b, x), h)
		l.add(cost+2, line(m, " ", u, "\n"+x+"\n", c, ".", t, ".", b), h)
		l.add(cost+2, line(m, " ", u, "\n", c, ".", t, x+".", b), h)
		l.add(cost+3, line(x+"\n", m, " ", u, "\n", c, ".", t, ".", b), h)
	}
}
