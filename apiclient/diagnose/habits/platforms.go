package habits

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/bodies"
)

// framed puts something before or behind a part.
func (l *Layouts) framed() {
	for _, v := range []string{" HTTP/1.1", " HTTP/1.0", " HTTP/2", " HTTP/2.0", " HTTP/3"} {
		l.add(common, formOf("M U~\nC.T.B", v), habit{"content_http_version",
			"with" + v + " behind the path", "signing the request line as it is on the wire"})
		l.add(usual, formOf("M U~\r\nC.T.B", v), habit{"content_http_version",
			"with" + v + " and CR LF behind the path", "signing the request line as it is on the wire"})
	}
}

// platforms adds the templates of others, the sibling's of the protocol among
// them.
func (l *Layouts) platforms(src *Source) {
	const code = "the template of another platform"
	newline := func(says string) habit { return habit{"template_newline_fields", says, code} }
	for i, order := range []string{
		"M\nU\nT\nC\nB", "M\nU\nC\nT\nB", "T\nC\nB\nM\nU", "C\nT\nM\nU\nB", "T\nM\nU\nC\nB",
		"C\nM\nU\nT\nB", "M\nU\nT\nB\nC", "M\nU\nB\nT\nC", "T\nC\nM\nU\nB", "M\nU\nC\nB\nT",
	} {
		for j, end := range []string{"\n", ""} {
			l.add(common+i/2+j, formOf(order+end), newline("The parts were signed on separate lines, as WeChat Pay does."))
		}
	}
	for j, end := range []string{"\n", ""} {
		l.add(usual+j, formOf("T\nC\nB~", end), newline("Time, client id and body were signed on separate lines."))
		l.add(usual+j, formOf("M\nU\nT\nB~", end), newline("Method, path, time and body were signed on separate lines."))
		l.add(usual+j, formOf("C\nT\nB~", end), newline("Client id, time and body were signed on separate lines."))
		l.add(usual+j, formOf("T\nB~", end), newline("Time and body were signed on separate lines."))
		l.add(usual+j, formOf("U\nT\nC\nB~", end), newline("Path, time, client id and body were signed on separate lines."))
	}
	for i, order := range []string{"M~U~B~T", "M~U~T~B", "M~U~C~T~B", "M~U~C~B~T", "M~U~B~C~T", "M~U~T~C~B", "U~B~T", "B~T", "T~B"} {
		for j, s := range []string{":", "|", "\n", ".", "&", ",", "", "#", "-"} {
			cause := "template_separators"
			if s == "\n" {
				cause = "template_newline_fields"
			}
			l.add(min(rare+i+j, exotic), form{order, texts(order, s, "", "")}, habit{cause,
				fmt.Sprintf("The parts were signed in the order %s with %q between them.", orderWords.Replace(order), s), code})
		}
	}
	id := src.Exchange.Request.Get("Request-Id")
	for _, request := range []string{id, src.Exchange.Request.Get("traceId"), src.Exchange.Request.Get("X-Request-Id")} {
		if request != "" || id == "" {
			l.add(usual, formOf("M.U.C.~.T.B", request), habit{"template_sibling",
				"by the rule of a sibling platform: METHOD.URI.Client-Id.Request-Id.Time.Body", code})
		}
	}
	l.labelled()
	l.hashed(src)
}

// orderWords writes an order for people.
var orderWords = strings.NewReplacer("M", "method", "U", "path", "C", "client id", "B", "body", "T", "time", "~", ", ")

// hashed adds templates of platforms that sign a digest of the body, such as
// METHOD:PATH:TOKEN:hex(SHA-256(body)):TIME.
func (l *Layouts) hashed(src *Source) {
	body := src.values().Body
	contents := [][]byte{body}
	var compact bytes.Buffer
	if json.Compact(&compact, body) == nil && !bytes.Equal(compact.Bytes(), body) {
		contents = append(contents, compact.Bytes())
	}
	_, token, _ := strings.Cut(src.Exchange.Request.Get("Authorization"), " ")
	orders := []string{"M~U~H~T", "M~U~T~H", "M~U~H", "M~U~C~H~T", "M~U~C~T~H", "C~T~H", "T~H", "U~T~H", "T~M~U~H",
		"M~U~K~H~T", "M~U~H~K~T"}
	if token == "" {
		orders = orders[:len(orders)-2]
	}
	for i, content := range contents {
		for _, d := range bodies.Digests[:2] {
			sum := d.Sum(content)
			low := hex.EncodeToString(sum)
			h := habit{"template_body_hashed", "The parts were signed with the " + d.Name + " of the body in place of the body.",
				"the template of another platform, such as METHOD:PATH:SHA-256 of the body:TIME"}
			if !l.takes(d.Cost+i) && !l.takes(d.Cost+i+4) {
				continue
			}
			for j, digest := range []string{low, strings.ToUpper(low), base64.StdEncoding.EncodeToString(sum)} {
				for _, s := range []string{":", "\n", "|", ".", "&", ""} {
					for _, order := range orders {
						l.add(min(d.Cost+i+2*j, exotic), form{unlettered.Replace(order), texts(order, s, digest, token)}, h)
					}
				}
			}
		}
	}
}

// unlettered is an order as the pattern of a form.
var unlettered = strings.NewReplacer("H", "~", "K", "~")

// texts returns what stands for each ~ of an order: the separator, or the digest
// and the token for H and K.
func texts(order, separator, digest, token string) []string {
	var list []string
	for _, c := range order {
		switch c {
		case '~':
			list = append(list, separator)
		case 'H':
			list = append(list, digest)
		case 'K':
			list = append(list, token)
		}
	}
	return list
}

// labelled adds templates whose parts have names.
func (l *Layouts) labelled() {
	h := habit{"template_labelled_fields",
		"The parts were signed with names in front of them.",
		"the template of another platform, or a string that was built for a log"}
	for i, n := range [][5]string{
		{"method", "uri", "clientId", "time", "body"}, {"method", "path", "client_id", "timestamp", "body"},
		{"method", "url", "clientId", "timestamp", "body"}, {"method", "uri", "client_id", "time", "body"},
		{"method", "uri", "clientId", "requestTime", "body"}, {"Method", "Uri", "Client-Id", "Request-Time", "Body"},
		{"method", "path", "clientId", "requestTime", "body"}, {"httpMethod", "uri", "clientId", "requestTime", "content"},
		{"method", "uri", "Client-Id", "Request-Time", "body"}, {"method", "uri", "client-id", "request-time", "body"},
		{"method", "uri", "client_id", "request_time", "body"}, {"method", "uri", "appid", "timestamp", "body"},
		{"method", "uri", "clientId", "responseTime", "body"}, {"method", "uri", "Client-Id", "Response-Time", "body"},
	} {
		for j, s := range [][2]string{{"=", "&"}, {":", "\n"}, {": ", "\n"}, {"=", "\n"}, {"=", "."}, {":", ","},
			{"=", ";"}, {"=", ","}} {
			cost := min(usual+i/2+j/2, exotic)
			if !l.takes(cost) && !l.takes(cost+1) {
				continue
			}
			name := func(i int) string { return n[i] + s[0] }
			next := func(i int) string { return s[1] + n[i] + s[0] }
			l.add(cost, formOf("~M~U~C~T~B", name(0), next(1), next(2), next(3), next(4)), h)
			l.add(cost, formOf("M U\n~C~T~B", name(2), next(3), next(4)), h)
			l.add(cost, formOf("~C~T~B", name(2), next(3), next(4)), h)
			l.add(cost+1, formOf("M U\n~C.~T.~B", name(2), name(3), name(4)), h)
			l.add(cost+1, formOf("M U\n~C\n~T\n\nB", name(2), name(3)), h)
			l.add(cost+1, formOf("~B~C~M~T~U", name(4), next(2), next(0), next(3), next(1)), h)
		}
	}
	l.add(plausible, formOf(`{"method":"M","uri":"U","clientId":"C","time":"T","body":B}`),
		habit{"template_labelled_fields", "The parts were signed as a JSON object.", "a string that was built for a log"})
}

// inserted puts another value of the exchange between two parts.
func (l *Layouts) inserted(src *Source) {
	for i, v := range src.shortValues() {
		h := habit{"content_extra_field", "The value of " + v.name + " was signed, too.", "a signature rule that has one part more"}
		cost := min(usual+i/6, exotic)
		if strings.EqualFold(v.name, src.Names.Of(apiclient.HeaderMerchantID)) || v.name == "the merchant id" {
			h.Cause = "client_id_and_merchant_id"
		}
		x := v.text
		l.add(cost, formOf("M U\nC.~.T.B", x), h)
		l.add(cost, formOf("M U\nC.T.~.B", x), h)
		l.add(cost, formOf("M U\n~.C.T.B", x), h)
		l.add(cost+1, formOf("M U\nC.T.B.~", x), h)
		l.add(cost+1, formOf("M U\nC.T.B~", x), h)
		l.add(cost+2, formOf("M U\n~\nC.T.B", x), h)
		l.add(cost+2, formOf("M U\nC.T~.B", x), h)
		l.add(cost+3, formOf("~\nM U\nC.T.B", x), h)
	}
}
