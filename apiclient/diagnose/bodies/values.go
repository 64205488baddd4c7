package bodies

// Member is a string or number inside a JSON body with the name of its member.
type Member struct{ Name, Text string }

// Members lists the strings and numbers of a JSON body, outermost objects
// included, at most the first most of them; none where b is no JSON.
func Members(b []byte, most int) []Member {
	if len(b) > 1<<20 {
		return nil
	}
	d := parse(b)
	if d == nil {
		return nil
	}
	var list []Member
	var visit func(name string, v *value)
	visit = func(name string, v *value) {
		if len(list) >= most {
			return
		}
		switch v.kind {
		case object:
			for _, m := range v.members {
				visit(m.key.decoded(), m.value)
			}
		case array:
			for _, item := range v.items {
				visit(name, item)
			}
		case text:
			list = append(list, Member{name, v.decoded()})
		case number:
			list = append(list, Member{name, string(v.raw)})
		}
	}
	visit("", d.root)
	return list
}

// IsJSON reports whether b is a JSON text.
func IsJSON(b []byte) bool { return parse(b) != nil }
