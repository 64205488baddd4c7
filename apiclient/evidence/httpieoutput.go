package evidence

import (
	"bytes"
	"strconv"
	"strings"
)

// unformatted takes away the bodies that HTTPie printed in its own form: by
// default it indents JSON and sorts its keys, so that they are not what was
// sent.
func unformatted(parts []part) {
	httpie := false
	for i := range parts {
		p := &parts[i]
		m := &p.message
		if !m.IsResponse() {
			httpie = strings.HasPrefix(m.Get("User-Agent"), "HTTPie/")
		}
		indented := bytes.HasPrefix(m.Body, []byte("{\n    ")) || bytes.HasPrefix(m.Body, []byte("[\n    "))
		if !httpie || !indented || m.Get("Content-Length") == strconv.Itoa(len(m.Body)) {
			continue
		}
		m.Body, p.bodyless = nil, true
		p.notes = append(p.notes, "HTTPie prints JSON indented and with sorted keys, not as it was sent: print it again "+
			"with --pretty=none, or save the body with --download")
	}
}
