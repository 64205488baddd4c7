package importing

import (
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/evidence"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/signing"
)

// signingCode is in scripts that make a signature: calls of the libraries that the
// clients have.
var signingCode = lazyregexp.New(`(?i)KJUR|jsrsasign|RSAKey|createSign|RSA-?SHA|SHA\d+withRSA|subtle\.sign|forge\.pki|privateKey\w*\.sign|` +
	`\.sign(?:String)?\s*\(|Hmac|jsencrypt|node-rsa|signature\s*=`)

// isSigning reports whether a script signs requests: it makes a signature and names
// the header for it, or a variable that is called like it.
func isSigning(s evidence.Script, names apiclient.HeaderNames) bool {
	header := strings.ToLower(names.Of(signing.HeaderName))
	return !s.After && signingCode.MatchString(s.Text) &&
		(strings.Contains(strings.ToLower(s.Text), header) || strings.Contains(strings.ToLower(s.Text), "signature"))
}

func signs(scripts []evidence.Script, names apiclient.HeaderNames) bool {
	for _, s := range scripts {
		if isSigning(s, names) {
			return true
		}
	}
	return false
}

// maxScripts bounds how many scripts are listed.
const maxScripts = 10_000

// scripts lists what of a request is not taken, that of a folder once.
func (p *planner) scripts(source Source, w evidence.Written, name string) {
	for _, s := range w.Scripts {
		for _, m := range setting.FindAllStringSubmatch(s.Text, maxSet) {
			if _, ok := p.setBy[m[1]]; !ok && s.After && len(p.setBy) < maxScripts {
				p.setBy[m[1]] = name
			}
		}
		n := NotTaken{Source: source.Name, Request: name, What: "a script before the request", Lines: lines(s.Text),
			Signs: isSigning(s, p.Profile.HeaderNames)}
		if s.After {
			n.What = "tests of the answer"
		}
		if s.Of != "" {
			n.Request, n.What = "", n.What+", of "+s.Of
		}
		if len(p.plan.NotTaken) < maxScripts && !p.listed[n] {
			p.listed[n] = true
			p.plan.NotTaken = append(p.plan.NotTaken, n)
		}
	}
}

// setting is where a script sets a variable.
var setting = lazyregexp.New(`(?:pm\.\w+\.set|postman\.set\w+Variable|bru\.set\w*Var)\(\s*["'` + "`" + `]([\w.-]+)["'` + "`" + `]`)

const maxSet = 100 // variables of one script

// missingIn is a variable without a value, and the file that uses it.
type missingIn struct{ name, file string }

// tellMissing says once of each variable without a value where it may come from.
func (p *planner) tellMissing() {
	told := map[string]bool{}
	for _, m := range p.missing {
		if told[m.name] {
			continue
		}
		told[m.name] = true
		if by, ok := p.setBy[m.name]; ok {
			p.note("{{%s}} in %s was set by the script of %s: write # @set %s = JQ there, in the same file and before what uses it",
				m.name, m.file, by, m.name)
			continue
		}
		if strings.HasPrefix(m.name, "$") {
			p.note("{{%s}} in %s is not known here: write something else in its place", m.name, m.file)
			continue
		}
		p.note("{{%s}} in %s has no value: set it with @%s = … in the file, or as {{vars.…}} of the profile", m.name,
			m.file, m.name)
	}
}

func lines(text string) int { return strings.Count(strings.TrimRight(text, "\n"), "\n") + 1 }
