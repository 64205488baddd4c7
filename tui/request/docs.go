package request

import (
	"strings"

	"countersign/apiclient/catalog"
	"countersign/tui/ui"
)

// Trigger is a value that provokes a certain answer of an endpoint.
type Trigger struct {
	Endpoint     string // name without version: "payments/pay"
	Field, Value string // "paymentAmount.value" and "40000"; "*" at the end: any value that starts so
	Result, Says string // "S SUCCESS", and what happened in one sentence
}

// docsOf writes what the catalogue knows about an endpoint, and what can be
// tried with it, wrapped to the width.
func docsOf(t *ui.Theme, d *draft, base string, triggers []Trigger, w int) []string {
	if w <= 0 {
		return nil
	}
	if !d.known {
		return []string{t.Muted.Render("This path is not in the catalogue")}
	}
	e := d.endpoint
	var lines []string
	say := func(text string) {
		for _, l := range ui.Words(ui.Safe(text), w) {
			lines = append(lines, t.Text.Render(l))
		}
	}
	head := func(text string) { lines = append(lines, "", t.Title.Render(text)) }

	lines = append(lines, t.Title.Render(ui.Truncate(ui.Safe(e.ID), w))+"  "+t.Muted.Render(ui.Safe(e.Source)))
	say(e.Summary)
	if e.Direction == catalog.Callback {
		base = ""
	}
	lines = append(lines, t.Muted.Render(ui.Safe(e.Method+" "+base+e.Path)))
	if e.Direction == catalog.Callback {
		say(t.Words("← The Super App calls your server with this one. Sent from here it goes to the URL of your server ({request.target}), " +
			"signed as the Super App signs; the answer should be signed by you."))
	}
	for _, f := range e.Faults {
		for _, l := range ui.Words(ui.Safe("! "+f.Error()), w) {
			lines = append(lines, t.Warn.Render(l))
		}
	}
	for _, paragraph := range strings.Split(e.Description, "\n\n") {
		if paragraph = strings.TrimSpace(paragraph); paragraph != "" {
			lines = append(lines, "")
			say(strings.ReplaceAll(paragraph, "\n", " "))
		}
	}
	said := false
	for _, q := range triggers {
		if q.Endpoint != e.Name {
			continue
		}
		if !said {
			head("To try in the built-in Super App")
			said = true
		}
		lines = append(lines, t.Accent.Render(ui.Truncate(q.Field+": "+q.Value, w)))
		for _, l := range ui.Words(q.Result+". "+q.Says, max(1, w-2)) {
			lines = append(lines, "  "+t.Text.Render(l))
		}
	}
	properties := func(list []catalog.Property) {
		var walk func([]catalog.Property, int)
		walk = func(list []catalog.Property, depth int) {
			for _, q := range list {
				lines = append(lines, propertyLines(t, q, depth, w)...)
				walk(q.Properties, depth+1)
			}
		}
		walk(list, 0)
	}
	if len(e.Parameters) > 0 {
		head("Parameters (* required)")
	}
	for _, q := range e.Parameters {
		lines = append(lines, propertyLines(t, catalog.Property{Name: q.Name, Type: strings.TrimSpace(q.In + " " + q.Type),
			Required: q.Required, Enum: q.Enum, Description: q.Description}, 0, w)...)
	}
	head("Request (* required)")
	properties(e.Request)
	head("Response")
	properties(e.Response)
	if len(e.Codes) > 0 {
		head("Result codes")
		for _, c := range e.Codes {
			lines = append(lines, t.Accent.Render(ui.Truncate(ui.Safe(c.Code+" ("+c.Status+")"), w)))
			for _, l := range ui.Words(ui.Safe(strings.TrimSpace(c.Meaning+" "+c.Advice)), max(1, w-2)) {
				lines = append(lines, "  "+t.Muted.Render(l))
			}
		}
	}
	return lines
}

func propertyLines(t *ui.Theme, q catalog.Property, depth, w int) []string {
	pad := strings.Repeat("  ", depth)
	name := q.Name
	if q.Required {
		name += "*"
	}
	lines := []string{pad + t.Accent.Render(ui.Safe(name)) + "  " + t.Muted.Render(ui.Safe(kindOf(q)))}
	if q.Description != "" {
		for _, l := range ui.Words(ui.Safe(q.Description), max(8, w-len(pad)-2)) {
			lines = append(lines, pad+"  "+t.Text.Render(l))
		}
	}
	return lines
}
