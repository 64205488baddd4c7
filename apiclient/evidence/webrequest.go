package evidence

import (
	"bytes"
	"net/url"
	"strings"
	"unicode/utf8"

	"countersign/apiclient/evidence/shell"
)

// webParameters are those of Invoke-WebRequest that have no value.
var webSwitches = wordSet(`-usebasicparsing -usedefaultcredentials -passthru -disablekeepalive -skipcertificatecheck
	-skipheadervalidation -skiphttperrorcheck -noproxy -allowunencryptedauthentication -preserveauthorizationonredirect -resume
	-followrellink -allowinsecureredirect -preservehttpmethodonredirect -verbose -debug -force`)

// isWebRequest reports whether words are parameters of Invoke-WebRequest: curl
// and wget are other names of it in Windows PowerShell.
func isWebRequest(words []shell.Word) bool {
	for _, w := range words {
		switch strings.ToLower(strings.TrimSuffix(w.Text, ":")) {
		case "-uri", "-headers", "-contenttype", "-body", "-websession", "-usebasicparsing":
			return true
		}
	}
	return false
}

// webRequest is what Invoke-WebRequest would send.
type webRequest struct {
	request
	contentType string
	form        []string
}

// readWebRequest reads Invoke-WebRequest or Invoke-RestMethod.
func readWebRequest(base request, c shell.Command) ([]*request, error) {
	r := &webRequest{request: base}
	words := c.Words[1:]
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w.Splat && w.Table == nil:
			return nil, r.unknown("its parameters", w.Unknown)
		case w.Splat:
			for _, p := range w.Table {
				if err := r.parameter("-"+p.Name, p.Value); err != nil {
					return nil, err
				}
			}
			continue
		case !strings.HasPrefix(w.Text, "-") || w.Table != nil:
			if err := r.parameter("-uri", w); err != nil {
				return nil, err
			}
			continue
		}
		name, value, inline := strings.Cut(w.Text, ":")
		if webSwitches[strings.ToLower(name)] {
			continue
		}
		v := shell.Word{Text: value}
		if !inline || value == "" {
			if i++; i >= len(words) {
				return nil, unread(WebRequest, "it ends after "+name+", which takes a value")
			}
			v = words[i]
		}
		if err := r.parameter(name, v); err != nil {
			return nil, err
		}
	}
	if r.stdin != nil && !r.hasBody {
		if err := r.setBody(shell.Word{Text: string(r.stdin.Data), Unknown: r.stdin.Unknown}); err != nil {
			return nil, err
		}
	}
	r.finish()
	return []*request{&r.request}, nil
}

// parameters are those that matter, by the beginning that is enough to name
// them.
var parameters = []struct {
	name, least string
	apply       func(r *webRequest, v shell.Word) error
}{
	{"-uri", "-u", func(r *webRequest, v shell.Word) error { r.url = v.Text; return r.needs("its URI", v) }},
	{"-method", "-me", func(r *webRequest, v shell.Word) error {
		r.method = strings.ToUpper(v.Text)
		return r.needs("its method", v)
	}},
	{"-custommethod", "-cu", func(r *webRequest, v shell.Word) error { r.method = v.Text; return r.needs("its method", v) }},
	{"-headers", "-h", (*webRequest).headers},
	{"-contenttype", "-co", func(r *webRequest, v shell.Word) error { r.contentType = v.Text; return nil }},
	{"-useragent", "-usera", func(r *webRequest, v shell.Word) error { r.add("User-Agent", v.Text); return nil }},
	{"-websession", "-we", (*webRequest).session},
	{"-body", "-b", (*webRequest).setBody},
	{"-infile", "-inf", func(r *webRequest, v shell.Word) (err error) {
		r.body, err = r.file(v.Text)
		r.hasBody = true
		return err
	}},
}

func (r *webRequest) parameter(name string, v shell.Word) error {
	name = strings.ToLower(name)
	for _, p := range parameters {
		if strings.HasPrefix(p.name, name) && strings.HasPrefix(name, p.least) {
			return p.apply(r, v)
		}
	}
	return nil
}

func (r *webRequest) headers(v shell.Word) error {
	if v.Table == nil {
		return r.unknown("its headers", v.Unknown+v.Text)
	}
	for _, p := range v.Table {
		if err := r.known(p.Name, p.Value.Unknown); err != nil {
			return err
		}
		if !isPseudo(p.Name, p.Value.Text) {
			r.add(p.Name, p.Value.Text)
		}
	}
	return nil
}

// isPseudo knows the fields of HTTP/2 that browsers copy without their colon.
func isPseudo(name, value string) bool {
	switch name {
	case "authority", "method", "path", "scheme":
		return name != "method" || value == strings.ToUpper(value)
	}
	return false
}

func (r *webRequest) session(v shell.Word) error {
	for _, p := range v.Table {
		if strings.EqualFold(p.Name, "UserAgent") {
			r.add("User-Agent", p.Value.Text)
		}
	}
	return nil
}

func (r *webRequest) setBody(v shell.Word) error {
	if v.Table != nil {
		for _, p := range v.Table {
			if p.Value.Unknown != "" {
				return r.unknown("its body", p.Value.Unknown)
			}
			r.form = append(r.form, url.QueryEscape(p.Name)+"="+url.QueryEscape(p.Value.Text))
		}
		r.hasBody = true
		return nil
	}
	r.body, r.hasBody = []byte(v.Text), true
	return r.needs("its body", v)
}

func (r *webRequest) finish() {
	if r.contentType != "" {
		r.add("Content-Type", r.contentType)
	}
	if r.form != nil {
		if r.method == "" || r.method == "GET" {
			r.url, r.hasBody = joined(r.url, strings.Join(r.form, "&")), false
		} else {
			r.body = []byte(strings.Join(r.form, "&"))
			r.note("the body is a table of PowerShell, which it sends as a form, in an order that is its own")
		}
	}
	if charset := strings.ToLower(r.get("Content-Type")); bytes.ContainsFunc(r.body, isWide) && !strings.Contains(charset, "utf-8") {
		r.note("Windows PowerShell sends a text with other than ASCII letters as ISO-8859-1 unless the content type names " +
			"charset=utf-8: the body is taken as UTF-8")
	}
}

func isWide(r rune) bool { return r >= utf8.RuneSelf }
