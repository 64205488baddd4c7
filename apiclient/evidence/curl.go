package evidence

import (
	"bytes"
	"cmp"
	"strings"

	"countersign/apiclient/evidence/shell"
	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
)

// curlRequest is what a curl command would send.
type curlRequest struct {
	request
	data    [][]byte
	asQuery bool // -G: the data are the query
	json    bool
	asIs    bool // the path keeps its dots
	urls    []string
	query   []string // of --url-query
	target  string   // of --request-target
	lost    string   // words whose value is not known, where options may stand
}

// readCurlie reads a command of curlie that has the options of curl. Its other
// form, with items such as name=value, leaves open how the JSON is written.
func readCurlie(base request, c shell.Command) ([]*request, error) {
	for _, w := range c.Words[1:] {
		if strings.HasPrefix(w.Text, "-H") || strings.HasPrefix(w.Text, "--header") {
			return readCurl(base, c)
		}
	}
	return nil, &hint.Error{Says: "this is a curlie command with items such as name=value, which is not read",
		Fix: "print the curl command that it stands for: curlie --curl …"}
}

// option is what one of curl's options does; takes says whether it has a value.
type option struct {
	takes bool
	apply func(r *curlRequest, value string) error
}

// options are those of curl that matter to a request. Short ones are aliases.
var options = map[string]option{
	"--request":        {true, func(r *curlRequest, v string) error { r.method = v; return nil }},
	"--url":            {true, func(r *curlRequest, v string) error { r.urls = append(r.urls, v); return nil }},
	"--url-query":      {true, (*curlRequest).urlQuery},
	"--request-target": {true, func(r *curlRequest, v string) error { r.target = v; return nil }},
	"--path-as-is":     {false, func(r *curlRequest, _ string) error { r.asIs = true; return nil }},
	"--header":         {true, (*curlRequest).header},
	"--user-agent":     {true, func(r *curlRequest, v string) error { return r.header("User-Agent: " + v) }},
	"--cookie":         {true, func(r *curlRequest, v string) error { return r.header("Cookie: " + v) }},
	"--referer":        {true, func(r *curlRequest, v string) error { return r.header("Referer: " + v) }},
	"--oauth2-bearer":  {true, func(r *curlRequest, v string) error { return r.header("Authorization: Bearer " + v) }},
	"--data":           {true, func(r *curlRequest, v string) error { return r.add(v, true, true) }},
	"--data-ascii":     {true, func(r *curlRequest, v string) error { return r.add(v, true, true) }},
	"--data-binary":    {true, func(r *curlRequest, v string) error { return r.add(v, true, false) }},
	"--data-raw":       {true, func(r *curlRequest, v string) error { return r.add(v, false, false) }},
	"--json":           {true, func(r *curlRequest, v string) error { r.json = true; return r.add(v, true, false) }},
	"--data-urlencode": {true, (*curlRequest).urlencoded},
	"--get":            {false, func(r *curlRequest, _ string) error { r.asQuery = true; return nil }},
	"--head":           {false, func(r *curlRequest, _ string) error { r.method = "HEAD"; return nil }},
	"--upload-file":    {true, (*curlRequest).upload},
	"--form":           {true, (*curlRequest).form},
	"--form-string":    {true, (*curlRequest).form},
	"--config":         {true, (*curlRequest).config},
}

var aliases = map[string]string{
	"-X": "--request", "-H": "--header", "-d": "--data", "-A": "--user-agent", "-b": "--cookie", "-e": "--referer",
	"-G": "--get", "-I": "--head", "-F": "--form", "-T": "--upload-file", "-K": "--config",
}

// others are the options that take a value and change nothing that is signed;
// those without a value are simply passed over.
var others = wordSet(`
	-o --output -u --user -x --proxy -m --max-time --connect-timeout --cacert --cert --key -E -w --write-out
	--resolve --retry -c --cookie-jar -D --dump-header --trace --trace-ascii --interface
	--limit-rate --max-redirs --noproxy --tls-max --ciphers --capath --stderr --cert-type --key-type --pass
	--proto --proto-redir --proto-default --connect-to --dns-servers --doh-url --unix-socket --abstract-unix-socket
	--local-port --keepalive-time --happy-eyeballs-timeout-ms --retry-delay --retry-max-time --max-filesize
	-r --range -y --speed-time -Y --speed-limit -z --time-cond -U --proxy-user --proxy-header --proxy-cacert
	--preproxy --socks4 --socks4a --socks5 --socks5-hostname --netrc-file --output-dir --parallel-max --rate
	--pinnedpubkey --tls13-ciphers --curves --crlfile --engine --hsts --alt-svc --aws-sigv4 --etag-save
	--etag-compare --expect100-timeout --dns-interface --dns-ipv4-addr --dns-ipv6-addr -C --continue-at
	--create-file-mode --delegation --service-name --login-options --libcurl --trace-config --variable --ech`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// readCurl reads a curl command into the requests that it would send: those
// behind --next are others.
func readCurl(base request, c shell.Command) ([]*request, error) {
	var all []*request
	words := c.Words[1:]
	for {
		next := 0
		for next < len(words) && words[next].Text != "--next" && words[next].Text != "-:" {
			next++
		}
		r := &curlRequest{request: base}
		if err := r.arguments(words[:next], takesValue, r.argument); err != nil {
			return nil, err
		}
		if err := r.finish(); err != nil {
			return nil, err
		}
		all = append(all, &r.request)
		if next == len(words) {
			return all, nil
		}
		words = words[next+1:]
	}
}

// word takes one that is no option.
func (r *curlRequest) word(w shell.Word) error {
	if w.Unknown != "" && (!strings.Contains(w.Text, "/") || len(r.urls) > 0) {
		r.lost = w.Unknown // it may be options
		return nil
	}
	r.urls = append(r.urls, w.Text)
	return r.needs("its URL", w)
}

func takesValue(name string) bool {
	return options[name].takes || options[aliases[name]].takes || others[name]
}

// argument applies one option, or takes a word.
func (r *curlRequest) argument(name string, v shell.Word) error {
	if name == "" {
		return r.word(v)
	}
	name = cmp.Or(aliases[name], name)
	o, known := options[name]
	if !known {
		return nil
	}
	switch name {
	case "--header":
		field, _, named := strings.Cut(v.Text, ":")
		if v.Unknown != "" && (!named || strings.ContainsAny(field, "$`%")) {
			return r.unknown("a header", v.Unknown)
		}
		if err := r.known(field, v.Unknown); err != nil {
			return err
		}
	case "--user-agent", "--cookie", "--oauth2-bearer":
	default:
		if err := r.needs(name, v); err != nil {
			return err
		}
	}
	return o.apply(r, v.Text)
}

// finish puts the parts together.
func (r *curlRequest) finish() error {
	if len(r.urls) > 0 {
		r.url = r.urls[0]
	}
	if err := r.cutByQuote(); err != nil {
		return err
	}
	if r.lost != "" && (r.url == "" || r.get(r.reader.Names.Of(signing.HeaderName)) == "") {
		return r.unknown("its words", r.lost)
	} else if r.lost != "" {
		r.note("the value of %s is not known: options in it are left out", r.lost)
	}
	sep := "&"
	if r.json {
		sep = ""
	}
	r.body = bytes.Join(r.data, []byte(sep))
	if !r.asIs {
		r.url = withoutDots(r.url)
	}
	r.url = joined(r.url, strings.Join(r.query, "&"))
	if r.asQuery && len(r.body) > 0 {
		r.url, r.body = joined(r.url, string(r.body)), nil
	}
	if r.asQuery && r.method == "" {
		r.method = "GET"
	}
	if r.target != "" {
		if scheme, rest, ok := strings.Cut(r.url, "://"); ok && strings.HasPrefix(r.target, "/") {
			host, _, _ := strings.Cut(rest, "/")
			r.target = scheme + "://" + host + r.target
		}
		r.url = r.target
	}
	return nil
}

// wgetFlags are the options of wget that have no value; others have one, in
// their word or in the next.
var wgetFlags = wordSet(`-q --quiet -v --verbose -nv --no-verbose -S --server-response -c --continue --no-check-certificate
	-4 -6 --inet4-only --inet6-only --content-on-error --no-cache --no-cookies --no-proxy --spider -d --debug -N -nc -r
	--no-clobber --timestamping --recursive --show-progress --no-hsts --trust-server-names --keep-session-cookies
	--save-headers --auth-no-challenge --content-disposition --https-only -b --background --max-redirect -nd -x -H -k -p`)

// wgetShort are short options with a value.
const wgetShort = "OoaUtTwQPeiBlADRIX"

// readWget reads a wget command.
func readWget(base request, c shell.Command) ([]*request, error) {
	r := &base
	takes := func(name string) bool {
		return !wgetFlags[name] && (strings.HasPrefix(name, "--") || strings.Contains(wgetShort, name[1:]))
	}
	if err := r.arguments(c.Words[1:], takes, r.wget); err != nil {
		return nil, err
	}
	return []*request{r}, nil
}

func (r *request) wget(name string, v shell.Word) (err error) {
	switch name {
	case "--header":
		field, text, _ := strings.Cut(v.Text, ":")
		r.add(field, text)
		return r.known(field, v.Unknown)
	case "--user-agent", "-U":
		r.add("User-Agent", v.Text)
	case "--referer":
		r.add("Referer", v.Text)
	case "":
		r.url = cmp.Or(r.url, v.Text)
		return r.needs("its URL", v)
	case "--method":
		r.method = strings.ToUpper(v.Text)
		return r.needs(name, v)
	case "--post-data", "--body-data":
		r.body, r.hasBody = []byte(v.Text), true
		return r.needs(name, v)
	case "--post-file", "--body-file":
		if err = r.needs(name, v); err == nil {
			r.body, err = r.file(v.Text)
		}
		r.hasBody = true
	}
	return err
}
