package diagnose

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// doubled warns of members of the body that stand twice in one object: readers
// differ in which of the two they take, and a signature covers both.
func (e *Evidence) doubled() []Finding {
	if !e.hasExchange() {
		return nil
	}
	path, more := doubledMembers(e.message().Content())
	if path == "" {
		return nil
	}
	says := fmt.Sprintf("The member %s stands twice in the body", path)
	if more > 0 {
		says += fmt.Sprintf(", and so do %d others", more)
	}
	return []Finding{{
		Cause: "body_member_doubled", Family: FamilyWarning, Proven: true, Says: says + ": readers differ in which one they take.",
		Fix: e.toSigner("Send each member once."),
	}}
}

// doubledMembers returns the path of the first member of a JSON text that stands
// twice in its object, and how many more do; "" where none does.
func doubledMembers(body []byte) (first string, more int) {
	type frame struct {
		seen  map[string]bool // nil in an array
		name  string
		index int
		value bool // a member's name was read
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var open []frame
	for {
		token, err := d.Token()
		if err != nil {
			return first, more
		}
		top := len(open) - 1
		if name, ok := token.(string); ok && top >= 0 && open[top].seen != nil && !open[top].value {
			open[top].name, open[top].value = name, true
			if open[top].seen[name] {
				if first != "" {
					more++
				} else {
					var path strings.Builder
					for _, f := range open {
						if f.seen == nil {
							path.WriteString("[" + strconv.Itoa(f.index) + "]")
						} else {
							path.WriteString("." + f.name)
						}
					}
					first = strings.TrimPrefix(path.String(), ".")
				}
			}
			open[top].seen[name] = true
			continue
		}
		switch token {
		case json.Delim('{'):
			open = append(open, frame{seen: map[string]bool{}})
			continue
		case json.Delim('['):
			open = append(open, frame{})
			continue
		case json.Delim('}'), json.Delim(']'):
			open = open[:top]
			top--
		}
		if top >= 0 {
			open[top].value = false
			open[top].index++
		}
	}
}
