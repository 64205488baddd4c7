package evidence

import (
	"cmp"
	"strings"

	"countersign/apiclient/evidence/shell"
)

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
