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

// docs are what the catalogue knows about an endpoint, wrapped to a width.
type docs struct {
	theme *ui.Theme
	w     int
	lines []string
}

// docsOf writes what the catalogue knows about an endpoint, and what can be
// tried with it.
func docsOf(t *ui.Theme, d *draft, base string, triggers []Trigger, w int) []string {
	if w <= 0 {
		return nil
	}
	if !d.known {
		return []string{t.Muted.Render("This path is not in the catalogue")}
	}
	out := &docs{theme: t, w: w}
	out.about(d.endpoint, base)
	out.triggers(d.endpoint, triggers)
	out.parameters(d.endpoint.Parameters)
	out.head("Request (* required)")
	out.properties(d.endpoint.Request, 0)
	out.head("Response")
	out.properties(d.endpoint.Response, 0)
	out.codes(d.endpoint.Codes)
	return out.lines
}

func (o *docs) add(lines ...string) { o.lines = append(o.lines, lines...) }

func (o *docs) head(text string) { o.add("", o.theme.Title.Render(text)) }

// say adds a text, indented.
func (o *docs) say(style ui.Style, indent, text string) {
	for _, l := range ui.Words(ui.Safe(text), max(1, o.w-len(indent))) {
		o.add(indent + style.Render(l))
	}
}

func (o *docs) about(e catalog.Endpoint, base string) {
	t := o.theme
	o.add(t.Title.Render(ui.Truncate(ui.Safe(e.ID), o.w)) + "  " + t.Muted.Render(ui.Safe(e.Source)))
	o.say(t.Text, "", e.Summary)
	if e.Direction == catalog.Callback {
		base = ""
	}
	o.add(t.Muted.Render(ui.Safe(e.Method + " " + base + e.Path)))
	if e.Direction == catalog.Callback {
		o.say(t.Text, "", t.Words("← The Super App calls your server with this one. Sent from here it goes to the URL of "+
			"your server ({request.target}), signed as the Super App signs; the answer should be signed by you."))
	}
	for _, f := range e.Faults {
		o.say(t.Warn, "", "! "+f.Error())
	}
	for _, paragraph := range strings.Split(e.Description, "\n\n") {
		if paragraph = strings.TrimSpace(paragraph); paragraph != "" {
			o.add("")
			o.say(t.Text, "", strings.ReplaceAll(paragraph, "\n", " "))
		}
	}
}

func (o *docs) triggers(e catalog.Endpoint, all []Trigger) {
	said := false
	for _, q := range all {
		if q.Endpoint != e.Name {
			continue
		}
		if !said {
			o.head("To try in the built-in Super App")
			said = true
		}
		o.add(o.theme.Accent.Render(ui.Truncate(q.Field+": "+q.Value, o.w)))
		o.say(o.theme.Text, "  ", q.Result+". "+q.Says)
	}
}

func (o *docs) parameters(all []catalog.Parameter) {
	if len(all) > 0 {
		o.head("Parameters (* required)")
	}
	for _, q := range all {
		o.add(propertyLines(o.theme, catalog.Property{Name: q.Name, Type: strings.TrimSpace(q.In + " " + q.Type),
			Required: q.Required, Enum: q.Enum, Description: q.Description}, 0, o.w)...)
	}
}

func (o *docs) properties(all []catalog.Property, depth int) {
	for _, q := range all {
		o.add(propertyLines(o.theme, q, depth, o.w)...)
		o.properties(q.Properties, depth+1)
	}
}

func (o *docs) codes(all []catalog.Code) {
	if len(all) > 0 {
		o.head("Result codes")
	}
	for _, c := range all {
		o.add(o.theme.Accent.Render(ui.Truncate(ui.Safe(c.Code+" ("+c.Status+")"), o.w)))
		o.say(o.theme.Muted, "  ", strings.TrimSpace(c.Meaning+" "+c.Advice))
	}
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
