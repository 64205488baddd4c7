package evidence

import (
	"fmt"
	"strings"

	"countersign/apiclient/evidence/shell"
	"countersign/apiclient/hint"
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
	words := c.Words[1:]
	for i := 0; i < len(words); i++ {
		w := words[i]
		if !strings.HasPrefix(w.Text, "-") || w.Text == "-" {
			if w.Unknown != "" {
				return nil, r.unknown("its URL", w.Unknown)
			}
			if r.url == "" {
				r.url = w.Text
			}
			continue
		}
		name, value, inline := w.Text, "", false
		unknown := w.Unknown
		if strings.HasPrefix(name, "--") {
			name, value, inline = strings.Cut(name, "=")
		} else if strings.Contains(wgetShort, name[1:2]) {
			name, value, inline = name[:2], name[2:], len(name) > 2
		}
		short := !strings.HasPrefix(name, "--")
		if !inline && !wgetFlags[name] && (!short || strings.Contains(wgetShort, name[1:2])) {
			if i++; i >= len(words) {
				return nil, &hint.Error{Says: fmt.Sprintf("the wget command ends after %s, which takes a value", name),
					Fix: "copy the whole command"}
			}
			value, unknown = words[i].Text, words[i].Unknown
		}
		if err := r.wget(name, value, unknown); err != nil {
			return nil, err
		}
	}
	return []*request{r}, nil
}

func (r *request) wget(name, value, unknown string) (err error) {
	switch name {
	case "--header":
		field, text, _ := strings.Cut(value, ":")
		if err := r.known(field, unknown); err != nil {
			return err
		}
		r.add(field, text)
		return nil
	case "--user-agent", "-U":
		r.add("User-Agent", value)
		return nil
	case "--referer":
		r.add("Referer", value)
		return nil
	case "--method", "--post-data", "--body-data", "--post-file", "--body-file":
		if unknown != "" {
			return r.unknown(name, unknown)
		}
	}
	switch name {
	case "--method":
		r.method = strings.ToUpper(value)
	case "--post-data", "--body-data":
		r.body, r.hasBody = []byte(value), true
	case "--post-file", "--body-file":
		r.hasBody = true
		r.body, err = r.file(value)
	}
	return err
}
