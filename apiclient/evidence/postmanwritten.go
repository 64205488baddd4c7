package evidence

import (
	"encoding/json"
	"strings"

	"countersign/apiclient"
)

// postmanEvent is a script of an item, a folder or the collection.
type postmanEvent struct {
	Listen   string // "prerequest" or "test"
	Disabled bool
	Script   struct {
		Exec json.RawMessage // lines, or a text
	}
}

// postmanScripts are the scripts of one item. of names it.
func postmanScripts(events []postmanEvent, name string, outer bool) []Script {
	of := ""
	if outer {
		of = "the collection"
		if name != "" {
			of = "the folder " + name
		}
	}
	var all []Script
	for _, e := range events {
		text := joinParts(e.Script.Exec, "\n")
		if e.Disabled || strings.TrimSpace(text) == "" {
			continue
		}
		all = append(all, Script{Of: of, After: e.Listen != "prerequest", Text: text})
	}
	return all
}

// postmanAuth is how Postman makes a header for the access. Its members are pairs,
// or in old collections an object.
type postmanAuth struct {
	Type   string
	Bearer json.RawMessage
	APIKey json.RawMessage
}

func postmanMembers(raw json.RawMessage) map[string]string {
	var pairs []pair
	var members map[string]scalar
	if json.Unmarshal(raw, &pairs) != nil {
		_ = json.Unmarshal(raw, &members) // what is neither has no members
	}
	all := map[string]string{}
	for name, v := range members {
		all[name] = string(v)
	}
	for _, p := range pairs {
		all[p.Key] = string(p.Value)
	}
	return all
}

// authorize adds the header that Postman would add. The request's own comes before
// that of what is around it.
func (r *request) authorize(source json.RawMessage, auth *postmanAuth) {
	var own struct {
		Auth *postmanAuth
	}
	if json.Unmarshal(source, &own) == nil && own.Auth != nil {
		auth = own.Auth
	}
	if auth == nil {
		return
	}
	switch auth.Type {
	case "", "noauth":
	case "bearer":
		if r.get("Authorization") == "" {
			r.add("Authorization", "Bearer "+postmanMembers(auth.Bearer)["token"])
		}
	case "apikey":
		if m := postmanMembers(auth.APIKey); m["in"] != "query" && m["key"] != "" && r.get(m["key"]) == "" {
			r.fields = append(r.fields, apiclient.Field{Name: m["key"], Value: m["value"]})
			return
		}
		fallthrough
	default:
		r.note("the header or parameter that Postman makes for its authorization (%s) is not taken", auth.Type)
	}
}
