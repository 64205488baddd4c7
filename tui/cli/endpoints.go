package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"countersign/apiclient/catalog"
	"countersign/tui/ui"
)

func (a *app) endpointsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "endpoints", Short: "The catalogue of interfaces",
		Args: noSubcommand,
		RunE: func(*cobra.Command, []string) error { return a.listEndpoints() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use: "list", Short: "List the interfaces by group",
			RunE: func(*cobra.Command, []string) error { return a.listEndpoints() },
		},
		&cobra.Command{
			Use: "show NAME", Short: "Describe one: fields, result codes, an example body",
			Args:              args(1, 1, "one NAME, such as payments/pay"),
			ValidArgsFunction: a.completeEndpoints,
			RunE:              func(_ *cobra.Command, args []string) error { return a.showEndpoint(args[0]) },
		},
	)
	return cmd
}

// endpointLine is an endpoint in the document of endpoints list.
type endpointLine struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Version   string            `json:"version"`
	Method    string            `json:"method"`
	Path      string            `json:"path"`
	Group     string            `json:"group"`
	Summary   string            `json:"summary"`
	Direction catalog.Direction `json:"direction"`
	Source    string            `json:"source"`
	Faults    []string          `json:"faults,omitempty"` // of the document, in what this interface is made of
}

func newEndpointLine(e catalog.Endpoint) endpointLine {
	return endpointLine{e.ID, e.Name, e.Version, e.Method, e.Path, e.Group, e.Summary, e.Direction, e.Source,
		faultLines(e.Faults, maxFaultLines)}
}

func (a *app) listEndpoints() error {
	all, err := a.catalog()
	if err != nil {
		return err
	}
	lines := []endpointLine{}
	rows := [][]string{{"GROUP", "NAME", "VERSION", "WHAT IT DOES"}}
	for _, e := range all.Endpoints() {
		lines = append(lines, newEndpointLine(e))
		name := e.Name
		if e.Direction == catalog.Callback {
			name += " ←"
		}
		if len(e.Faults) > 0 {
			name += " !"
		}
		rows = append(rows, []string{ui.Safe(e.Group), ui.Safe(name), ui.Safe(e.Version), ui.Safe(e.Summary)})
	}
	faults := faultLines(all.Faults(), maxFaultLines)
	if a.flags.json {
		a.warnAll(faults)
	}
	var out printer
	table(&out, rows)
	out.line("\n%s", a.paint(faint, "← the Super App calls you"))
	if len(faults) > 0 {
		out.line("%s", a.paint(faint, "! a part of it could not be read:"))
	}
	for _, f := range faults {
		out.line("%s  %s", a.paint(worse, "!"), ui.Safe(f))
	}
	return a.tell(lines, &out)
}

// endpointDoc is the document of endpoints show.
type endpointDoc struct {
	endpointLine
	Description string         `json:"description"`
	Parameters  []parameterDoc `json:"parameters,omitempty"`
	Media       string         `json:"mediaType,omitempty"` // of the request's body; "" where it is JSON
	Request     []propertyDoc  `json:"request"`
	Response    []propertyDoc  `json:"response"`
	Codes       []codeDoc      `json:"codes"`
	Example     string         `json:"example"`
}

type parameterDoc struct {
	Name        string   `json:"name"`
	In          string   `json:"in"`
	Required    bool     `json:"required"`
	Type        string   `json:"type,omitempty"`
	Enum        []string `json:"enum,omitempty"`
	Description string   `json:"description,omitempty"`
	Example     string   `json:"example,omitempty"`
}

type propertyDoc struct {
	Name        string        `json:"name"`
	Pointer     string        `json:"pointer"`
	Type        string        `json:"type"`
	Required    bool          `json:"required"`
	MinLength   int           `json:"minLength,omitempty"`
	MaxLength   int           `json:"maxLength,omitempty"`
	Enum        []string      `json:"enum,omitempty"`
	Description string        `json:"description"`
	Embedded    bool          `json:"embeddedJson,omitempty"`
	Properties  []propertyDoc `json:"properties,omitempty"`
}

type codeDoc struct {
	Code    string `json:"code"`
	Status  string `json:"status"`
	Meaning string `json:"meaning"`
	Advice  string `json:"advice"`
}

func propertyDocs(list []catalog.Property) []propertyDoc {
	docs := make([]propertyDoc, 0, len(list))
	for _, p := range list {
		doc := propertyDoc{p.Name, p.Pointer, p.Type, p.Required, p.MinLength, p.MaxLength, p.Enum, p.Description,
			p.Embedded, nil}
		if len(p.Properties) > 0 {
			doc.Properties = propertyDocs(p.Properties)
		}
		docs = append(docs, doc)
	}
	return docs
}

func (a *app) showEndpoint(name string) error {
	all, err := a.catalog()
	if err != nil {
		return err
	}
	e, err := all.Lookup(name)
	if err != nil {
		return unreadable(err)
	}
	if a.flags.json {
		doc := endpointDoc{newEndpointLine(e), e.Description, nil, e.Media, propertyDocs(e.Request), propertyDocs(e.Response),
			[]codeDoc{}, string(e.Example)}
		for _, p := range e.Parameters {
			doc.Parameters = append(doc.Parameters, parameterDoc(p))
		}
		for _, c := range e.Codes {
			doc.Codes = append(doc.Codes, codeDoc{c.Code, c.Status, c.Meaning, c.Advice})
		}
		return a.printJSON(doc)
	}
	var out printer
	out.line("%s  %s", a.paint(bold, ui.Safe(e.ID)), ui.Safe(e.Summary))
	direction := "you call the Super App"
	if e.Direction == catalog.Callback {
		direction = "the Super App calls you"
	}
	out.line("%s %s · %s · %s", e.Method, ui.Safe(e.Path), direction, ui.Safe(e.Source))
	for _, f := range newEndpointLine(e).Faults {
		out.line("%s  %s", a.paint(worse, "!"), ui.Safe(f))
	}
	if e.Description != "" {
		out.line("\n%s", safeLines([]byte(strings.TrimSpace(e.Description))))
	}
	if len(e.Parameters) > 0 {
		a.heading(&out, "Parameters")
		table(&out, parameterRows(e.Parameters))
	}
	if e.Media != "" {
		out.line("\nThe body is %s", ui.Safe(e.Media))
	}
	a.fields(&out, "Request", e.Request)
	a.fields(&out, "Response", e.Response)
	a.codes(&out, e.Codes)
	if len(e.Example) > 0 {
		a.heading(&out, "Example")
		out.line("%s", strings.TrimRight(safeLines(e.Example), "\n"))
	}
	return a.print(&out)
}

func parameterRows(list []catalog.Parameter) [][]string {
	var rows [][]string
	for _, p := range list {
		says := p.Description
		if p.Example != "" {
			says = strings.TrimSpace(says + " Such as " + p.Example + ".")
		}
		kind := fieldType(catalog.Property{Type: p.Type, Enum: p.Enum})
		rows = append(rows, []string{"  " + ui.Safe(p.Name), p.In, kind, due(p.Required), ui.Safe(says)})
	}
	return rows
}

func (a *app) fields(out *printer, title string, list []catalog.Property) {
	if len(list) == 0 {
		return
	}
	a.heading(out, title)
	table(out, fieldRows(nil, "  ", list))
}

func fieldRows(rows [][]string, indent string, list []catalog.Property) [][]string {
	for _, p := range list {
		rows = append(rows, []string{indent + ui.Safe(p.Name), fieldType(p), due(p.Required), ui.Safe(p.Description)})
		rows = fieldRows(rows, indent+"  ", p.Properties)
	}
	return rows
}

func due(required bool) string {
	if required {
		return "required"
	}
	return "optional"
}

func fieldType(p catalog.Property) string {
	t := p.Type
	switch {
	case p.MinLength > 0 && p.MaxLength > 0:
		t += fmt.Sprintf(" %d–%d", p.MinLength, p.MaxLength)
	case p.MaxLength > 0:
		t += fmt.Sprintf(" ≤%d", p.MaxLength)
	}
	if p.Embedded {
		t += " (JSON inside)"
	}
	if len(p.Enum) > 0 {
		t += " {" + strings.Join(p.Enum, ", ") + "}"
	}
	return ui.Safe(t)
}

func (a *app) codes(out *printer, list []catalog.Code) {
	if len(list) == 0 {
		return
	}
	a.heading(out, "Result codes")
	rows := make([][]string, 0, len(list))
	for _, c := range list {
		rows = append(rows, []string{"  " + ui.Safe(c.Code), ui.Safe(c.Status), ui.Safe(c.Meaning + " " + c.Advice)})
	}
	table(out, rows)
}
