package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
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
	f := brunoFile{q: &request{reader: r, kind: Bruno}, bodies: map[string]string{}, vars: map[string]string{}}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case f.block != "" && strings.TrimRight(line, " \t\r") == "}":
			f.close()
		case f.block != "":
			f.line(line)
		default:
			if m := brunoBlock.FindStringSubmatch(line); m != nil {
				f.block, f.lines = m[1], nil
			}
		}
	}
	f.setBody()
	if err := f.q.fillAll(f.vars); err != nil {
		return Evidence{}, err
	}
	e, err := r.gathered(Bruno, []*request{f.q}, nil)
	e.variables = f.known
	return e, err
}

// brunoFile is a file as far as it is read.
type brunoFile struct {
	q      *request
	block  string   // the one that is open; "" between two
	lines  []string // of that block
	mode   string   // which of the bodies is sent
	bodies map[string]string
	vars   map[string]string
	known  []Variable // vars in their order
}

// close ends a block: a body, a script, or one whose lines were all of it.
func (f *brunoFile) close() {
	text := strings.Join(f.lines, "\n")
	if strings.HasPrefix(f.block, "body") {
		f.bodies[strings.TrimPrefix(strings.TrimPrefix(f.block, "body"), ":")] = text
	}
	if after, ok := brunoScripts[f.block]; ok {
		f.q.written.Scripts = append(f.q.written.Scripts, Script{After: after, Text: text})
	}
	f.block = ""
}

// line reads a line of the open block.
func (f *brunoFile) line(line string) {
	f.lines = append(f.lines, strings.TrimPrefix(line, "  "))
	pairs := brunoPairs(line)
	if pairs == nil {
		return
	}
	name, value := pairs[0].Name, string(pairs[0].Value)
	q, written := f.q, f.q.reader.written
	switch {
	case f.block == "meta" && name == "name":
		q.written.Name = value
	case f.block == "auth:bearer" && name == "token" && written:
		q.add("Authorization", "Bearer "+value)
	case f.block == "params:path" && written:
		q.url = strings.ReplaceAll(q.url, "/:"+name, "/"+value)
	case f.block == "headers":
		q.add(strings.Trim(name, `"`), value)
	case strings.HasPrefix(f.block, "vars") && !brunoScripts[f.block]:
		f.vars[name] = value
		f.known = append(f.known, Variable{Name: name, Value: value})
	case brunoMark.MatchString(f.block + " {"):
		q.method = strings.ToUpper(f.block)
		switch name {
		case "url":
			q.url = value
		case "body":
			f.mode = value
		}
	}
}

// setBody takes the body that the request says it sends.
func (f *brunoFile) setBody() {
	q := f.q
	switch f.mode {
	case "", "none":
	case "formUrlEncoded":
		q.body = []byte(formOf(brunoPairs(f.bodies["form-urlencoded"])))
		q.formType()
	case "multipartForm", "graphql", "file":
		q.partial = true
		q.note("the request sends a body that Bruno makes (%s): it is not in the file", f.mode)
	default:
		q.body = []byte(f.bodies[f.mode])
		if plain, ok := f.bodies[""]; ok && f.mode == "json" && len(q.body) == 0 {
			q.body = []byte(plain)
		}
	}
	q.hasBody = len(q.body) > 0
}

// brunoPairs reads lines such as name: value; a ~ before one puts it out of use.
func brunoPairs(text string) (pairs []pair) {
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		if ok && !strings.HasPrefix(name, "~") {
			pairs = append(pairs, pair{Name: strings.TrimSpace(name), Value: scalar(strings.TrimSpace(value))})
		}
	}
	return pairs
}

// brunoJSONMark is in what Bruno exports: an item with its type and its body's mode.
var brunoJSONMark = lazyregexp.New(`"type"\s*:\s*"(?:http|http-request|graphql|folder)"`)

// isBrunoJSON reports whether a JSON text is a collection that Bruno exported.
func isBrunoJSON(text []byte) bool {
	return text[0] == '{' && bytes.Contains(text, []byte(`"items"`)) && bytes.Contains(text, []byte(`"request"`)) &&
		brunoJSONMark.Match(text)
}

// brunoItem is a collection, a folder or a request.
type brunoItem struct {
	Name    string
	Items   []brunoItem
	Request *struct {
		URL, Method string
		Headers     []pair
		Body        map[string]json.RawMessage // mode, and the body by that name
	}
}

func (r Reader) readBrunoJSON(text []byte) (Evidence, error) {
	var whole brunoItem
	if err := json.Unmarshal(text, &whole); err != nil {
		return Evidence{}, unread(Bruno, inWords(err))
	}
	var list []*request
	var failed []error
	var walk func(items []brunoItem, folders []string)
	walk = func(items []brunoItem, folders []string) {
		for _, it := range items {
			if len(folders) < maxWraps*4 {
				walk(it.Items, append(folders[:len(folders):len(folders)], it.Name))
			}
			if it.Request == nil {
				continue
			}
			q, err := r.brunoRequest(it)
			if err != nil {
				failed = append(failed, fmt.Errorf("the request %q of the Bruno collection: %w", it.Name, err))
				continue
			}
			q.written = Written{Name: it.Name, Folders: folders}
			list = append(list, q)
		}
	}
	walk(whole.Items, nil)
	if len(list)+len(failed) == 0 {
		return Evidence{}, unread(Bruno, "it has no request")
	}
	return r.gathered(Bruno, list, failed)
}

func (r Reader) brunoRequest(it brunoItem) (*request, error) {
	q := &request{reader: r, kind: Bruno, method: strings.ToUpper(it.Request.Method), url: it.Request.URL}
	q.addAll(it.Request.Headers)
	var mode, body string
	_ = json.Unmarshal(it.Request.Body["mode"], &mode) // without a mode there is no body
	if _ = json.Unmarshal(it.Request.Body[mode], &body); body != "" {
		q.body, q.hasBody = []byte(body), true
	} else if mode != "" && mode != "none" {
		q.partial = true
		q.note("the request sends a form of Bruno's (%s), whose bytes are not in the collection", mode)
	}
	return q, q.fillAll(nil)
}
