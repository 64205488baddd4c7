package request

import (
	"slices"
	"strconv"
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
	if !d.known() {
		return []string{t.Muted.Render("This path is not in the catalogue")}
	}
	out := &docs{theme: t, w: w}
	out.about(d.endpoint, base)
	out.triggers(d.endpoint, triggers)
	out.parameters(d.endpoint.Parameters)
	out.head("Request (* required)")
	out.properties(d.endpoint.Request, "")
	out.head("Response")
	out.properties(d.endpoint.Response, "")
	out.codes(d.endpoint.Codes)
	return out.lines
}

func (o *docs) add(lines ...string) { o.lines = append(o.lines, lines...) }

func (o *docs) head(text string) { o.add("", o.theme.Title.Render(text)) }

// say adds a text, indented.
func (o *docs) say(style ui.Style, indent, text string) {
	for _, l := range ui.Words(ui.Safe(text), o.w-len(indent)) {
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
	all = slices.DeleteFunc(slices.Clone(all), func(q Trigger) bool { return q.Endpoint != e.Name })
	if len(all) > 0 {
		o.head("To try in the built-in Super App")
	}
	for _, q := range all {
		o.add(o.theme.Accent.Render(ui.Truncate(q.Field+": "+q.Value, o.w)))
		o.say(o.theme.Text, "  ", q.Result+". "+q.Says)
	}
}

func (o *docs) parameters(all []catalog.Parameter) {
	if len(all) > 0 {
		o.head("Parameters (* required)")
	}
	for _, q := range all {
		o.property(catalog.Property{Name: q.Name, Type: strings.TrimSpace(q.In + " " + q.Type), Required: q.Required,
			Enum: q.Enum, Description: q.Description}, "")
	}
}

func (o *docs) properties(all []catalog.Property, indent string) {
	for _, q := range all {
		o.property(q, indent)
		o.properties(q.Properties, indent+"  ")
	}
}

func (o *docs) property(q catalog.Property, indent string) {
	name := q.Name
	if q.Required {
		name += "*"
	}
	o.add(indent + o.theme.Accent.Render(ui.Safe(name)) + "  " + o.theme.Muted.Render(ui.Safe(kindOf(q))))
	if q.Description != "" {
		o.say(o.theme.Text, indent+"  ", q.Description)
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

// kindOf writes a type with its bounds: "string ≤64", "A|B|C".
func kindOf(q catalog.Property) string {
	if len(q.Enum) > 0 {
		return strings.Join(q.Enum, "|")
	}
	kind := q.Type
	if q.Embedded {
		kind = "JSON in string"
	}
	if q.MinLength > 0 && q.MinLength == q.MaxLength {
		return kind + " " + strconv.Itoa(q.MaxLength)
	}
	if q.MinLength > 0 {
		kind += " ≥" + strconv.Itoa(q.MinLength)
	}
	if q.MaxLength > 0 {
		kind += " ≤" + strconv.Itoa(q.MaxLength)
	}
	return kind
}
