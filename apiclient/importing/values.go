package importing

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"countersign/apiclient/evidence"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/redact"
	"countersign/apiclient/variables"
)

// values knows the variables of a collection and of the environments for it, and
// what each is called in a request file.
type values struct {
	file, environment map[string]evidence.Variable
}

func newValues(environments, own []evidence.Variable) *values {
	v := &values{file: map[string]evidence.Variable{}, environment: map[string]evidence.Variable{}}
	for _, x := range own { // the first one counts
		if _, ok := v.file[x.Name]; !ok {
			v.file[x.Name] = x
		}
	}
	for _, x := range environments {
		v.environment[x.Name] = x
	}
	return v
}

// placeholder is a variable in a text.
var placeholder = lazyregexp.New(`\{\{[ \t]*([^{}]*?)[ \t]*\}\}`)

// foreignNames are what other clients call a variable that there is here too.
var foreignNames = map[string]string{"$randomUUID": "$guid"}

// secretVariable reports whether a value must not stand in a file.
func secretVariable(x evidence.Variable) bool {
	return !variables.Has([]byte(x.Value)) && (x.Secret || redact.Secret(x.Name) || isCredential(x.Name))
}

// isCredential reports whether a name is that of a key or of what gives access.
func isCredential(name string) bool {
	plain := strings.NewReplacer("_", "", "-", "", ".", "").Replace(strings.ToLower(name))
	for _, word := range []string{"privatekey", "signkey", "signingkey", "rsakey", "appkey", "accesskey", "authcode",
		"pkcs8", "pem"} {
		if strings.Contains(plain, word) {
			return true
		}
	}
	return false
}

// kind is where a variable of a request file has its value.
type kind int

const (
	unchanged kind = iota // it means the same here
	ofFile
	ofProfile
	ofEnvironment // of the process
	unknown       // nothing is known of it
)

// called is the name of a variable here.
func (v *values) called(name string) (now string, k kind) {
	name = strings.TrimPrefix(name, "_.") // Insomnia
	if env, ok := strings.CutPrefix(name, "process.env."); ok {
		return "env." + env, ofEnvironment
	}
	if now, ok := foreignNames[name]; ok {
		return now, unchanged
	}
	x, of := v.environment[name], ofProfile
	if _, ok := v.environment[name]; !ok {
		x, of = v.file[name], ofFile
		if _, ok := v.file[name]; !ok {
			if isKnown(name) {
				return name, unchanged
			}
			if strings.HasPrefix(name, "$") {
				return name, unknown
			}
			return variableName(name), unknown
		}
	}
	switch {
	case secretVariable(x):
		return "env." + environmentName(name), ofEnvironment
	case of == ofProfile:
		return "vars." + variableName(name), ofProfile
	}
	return variableName(name), ofFile
}

// isKnown reports whether a variable has a value here without being set.
func isKnown(name string) bool {
	if !strings.HasPrefix(name, "$") {
		return slices.Contains(variables.Names(), name)
	}
	if strings.HasPrefix(name, "$env.") || strings.HasPrefix(name, "$processEnv") {
		return true // which the process may have when it is sent
	}
	r := &variables.Resolver{Now: time.Now, NewID: func() string { return "" }}
	_, err := r.Expand(context.Background(), []byte("{{"+name+"}}"))
	return err == nil
}

var notInName = lazyregexp.New(`[^\w.-]+`)

// variableName is a name that a variable of a file can have.
func variableName(name string) string {
	if name = notInName.ReplaceAllString(name, "_"); name == "" {
		return "_"
	}
	return name
}

// environmentName is the name of a variable of the process.
func environmentName(name string) string {
	var b strings.Builder
	for i, r := range name {
		switch {
		case r >= 'A' && r <= 'Z' && i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z':
			b.WriteByte('_')
			b.WriteRune(r)
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9' && i > 0:
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	return strings.ToUpper(b.String())
}

// use is what became of the variables of a text.
type use struct {
	file, missing []string // by the names of the collection
	profile       []string
	secrets       []Secret
}

// rename writes the variables of a text as they are called here. What keeps its name
// keeps its bytes.
func (v *values) rename(text string, u *use) string {
	return placeholder.ReplaceAllStringFunc(text, func(s string) string {
		name := placeholder.FindStringSubmatch(s)[1]
		now, k := v.called(name)
		switch k {
		case ofFile:
			u.file = append(u.file, name)
		case ofProfile:
			u.profile = append(u.profile, name)
		case ofEnvironment:
			u.secrets = append(u.secrets, Secret{strings.TrimPrefix(now, "env."), "{{" + name + "}}"})
		case unknown:
			u.missing = append(u.missing, now)
		}
		if now == name {
			return s
		}
		return "{{" + now + "}}"
	})
}

// filled puts the values of variables in, as far as they are known.
func (v *values) filled(text string) string {
	const most = 1 << 16
	for range 10 {
		before := text
		text = placeholder.ReplaceAllStringFunc(text, func(s string) string {
			name := strings.TrimPrefix(placeholder.FindStringSubmatch(s)[1], "_.")
			x, ok := v.environment[name]
			if !ok {
				x, ok = v.file[name]
			}
			if !ok {
				return s
			}
			return x.Value
		})
		if text == before || len(text) > most {
			break
		}
	}
	return text
}

// head is the lines of the variables that a file uses, those in their values too, and
// what these use of the profile and the environment.
func (v *values) head(used map[string]bool, note func(string, ...any)) (text string, u use) {
	lines := map[string]string{}
	todo := make([]string, 0, len(used))
	for name := range used {
		todo = append(todo, name)
	}
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		now := variableName(strings.TrimPrefix(name, "_."))
		if _, ok := lines[now]; ok {
			continue
		}
		value := v.file[strings.TrimPrefix(name, "_.")].Value
		if strings.ContainsAny(value, "\r\n") || value != strings.Trim(value, " \t\r") {
			note("the value of {{%s}} is not one line without blanks at its ends: set it in the configuration", name)
			continue
		}
		before := len(u.file)
		lines[now] = "@" + now + " = " + v.rename(value, &u) + "\n"
		todo = append(todo, u.file[before:]...)
	}
	sorted := make([]string, 0, len(lines))
	for _, line := range lines {
		sorted = append(sorted, line)
	}
	slices.Sort(sorted)
	return strings.Join(sorted, ""), u
}

// needs keeps what requests use of the profile and of the environment of the process.
func (p *planner) needs(u use) {
	for _, name := range u.profile {
		p.ofProfile[strings.TrimPrefix(name, "_.")] = true
	}
	for _, s := range u.secrets {
		if !slices.ContainsFunc(p.plan.Secrets, func(o Secret) bool { return o.Name == s.Name }) {
			p.plan.Secrets = append(p.plan.Secrets, s)
		}
	}
}

// settings says which variables the profile must have: those that are used or, where
// only environments are imported, all.
func (p *planner) settings(environments []evidence.Variable) {
	seen := map[string]bool{}
	v := newValues(environments, nil)
	for _, x := range environments {
		now, k := v.called(x.Name)
		if k == ofEnvironment && len(p.plan.Files) == 0 {
			p.needs(use{secrets: []Secret{{strings.TrimPrefix(now, "env."), "{{" + x.Name + "}}"}}})
		}
		if k == ofProfile && !seen[now] && (p.ofProfile[x.Name] || len(p.plan.Files) == 0) {
			seen[now] = true
			p.plan.Profile = append(p.plan.Profile,
				Variable{strings.TrimPrefix(now, "vars."), v.environment[x.Name].Value})
		}
	}
}

// Config is the part of a configuration that the requests need, in TOML; "" where
// there is none.
func (p Plan) Config(profile string) string {
	var b strings.Builder
	if len(p.Catalogs) > 0 {
		list := make([]string, len(p.Catalogs))
		for i, c := range p.Catalogs {
			list[i] = quoted(c)
		}
		fmt.Fprintf(&b, "catalogs = [%s]\n", strings.Join(list, ", "))
	}
	if len(p.Profile) > 0 {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "[profiles.%s.vars]\n", key(profile))
		for _, v := range p.Profile {
			fmt.Fprintf(&b, "%s = %s\n", key(v.Name), quoted(v.Value))
		}
	}
	return b.String()
}

var bareKey = lazyregexp.New(`^[A-Za-z0-9_-]+$`)

func key(s string) string {
	if bareKey.MatchString(s) {
		return s
	}
	return quoted(s)
}

// quoted is a text as a basic string of TOML, whose escapes are those of JSON.
func quoted(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(strings.ToValidUTF8(s, "\ufffd")) // a string always can be
	return strings.ReplaceAll(strings.TrimSuffix(b.String(), "\n"), "\x7f", `\u007f`)
}
