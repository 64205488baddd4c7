package evidence

import (
	"strings"

	"countersign/apiclient/lazyregexp"
)

var brunoMark = lazyregexp.New(`(?m)^(?:get|post|put|patch|delete|head|options|trace) \{[ \t\r]*$`)

// isBruno reports whether a text is a request of Bruno, a .bru file.
func isBruno(text []byte) bool {
	return !startsMessage(text) && !isJSON(text) && brunoMark.Match(text[:min(len(text), 1<<16)])
}

// brunoScripts are the blocks that do something around the request, and whether
// that is with the answer.
var brunoScripts = map[string]bool{"script:pre-request": false, "script:post-response": true, "tests": true, "assert": true,
	"vars:post-response": true}

// brunoBlock is the head of a block: its name, and what kind it is.
var brunoBlock = lazyregexp.New(`^([a-z]+(?::[a-z-]+)*) \{[ \t\r]*$`)

// readBruno reads a .bru file: blocks of name: value lines, or of a text that is
// indented by two blanks.
func (r Reader) readBruno(text []byte) (Evidence, error) {
	q := &request{reader: r, kind: Bruno}
	vars := map[string]string{}
	block, mode := "", ""
	var body []string
	var known []Variable
	bodies := map[string]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if block == "" {
			if m := brunoBlock.FindStringSubmatch(line); m != nil {
				block, body = m[1], nil
			}
			continue
		}
		if strings.TrimRight(line, " \t\r") == "}" {
			if strings.HasPrefix(block, "body") {
				bodies[strings.TrimPrefix(strings.TrimPrefix(block, "body"), ":")] = strings.Join(body, "\n")
			}
			if after, ok := brunoScripts[block]; ok {
				q.written.Scripts = append(q.written.Scripts, Script{After: after, Text: strings.Join(body, "\n")})
			}
			block = ""
			continue
		}
		body = append(body, strings.TrimPrefix(line, "  "))
		name, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		if name, value = strings.TrimSpace(name), strings.TrimSpace(value); !ok || strings.HasPrefix(name, "~") {
			continue
		}
		switch {
		case block == "meta" && name == "name":
			q.written.Name = value
		case block == "auth:bearer" && name == "token" && r.written:
			q.add("Authorization", "Bearer "+value)
		case block == "params:path" && r.written:
			q.url = strings.ReplaceAll(q.url, "/:"+name, "/"+value)
		case block == "headers":
			q.add(strings.Trim(name, `"`), value)
		case strings.HasPrefix(block, "vars") && !brunoScripts[block]:
			vars[name] = value
			known = append(known, Variable{Name: name, Value: value})
		case brunoMark.MatchString(block + " {"):
			q.method = strings.ToUpper(block)
			switch name {
			case "url":
				q.url = value
			case "body":
				mode = value
			}
		}
	}
	switch mode {
	case "", "none":
	case "formUrlEncoded":
		q.body = []byte(brunoForm(bodies["form-urlencoded"]))
		q.formType()
	case "multipartForm", "graphql", "file":
		q.partial = true
		q.note("the request sends a body that Bruno makes (%s): it is not in the file", mode)
	default:
		q.body = []byte(bodies[mode])
		if plain, ok := bodies[""]; ok && mode == "json" && len(q.body) == 0 {
			q.body = []byte(plain)
		}
	}
	q.hasBody = len(q.body) > 0
	if err := q.fillAll(vars); err != nil {
		return Evidence{}, err
	}
	e, err := r.gathered(Bruno, []*request{q}, nil)
	e.variables = known
	return e, err
}

func brunoForm(text string) string {
	var pairs []string
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		if ok && !strings.HasPrefix(name, "~") {
			pairs = append(pairs, postmanEscape(strings.TrimSpace(name))+"="+postmanEscape(strings.TrimSpace(value)))
		}
	}
	return strings.Join(pairs, "&")
}
