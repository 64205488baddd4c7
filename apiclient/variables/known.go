package variables

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient/jsontext"
)

// Known is a variable that can be written, with what it stands for now.
type Known struct {
	Name  string // as it is written between the braces; one that ends in a dot goes on
	Value string
	Note  string // what to say in place of a value
}

// Says is the value, or what is to be said in place of one.
func (k Known) Says() string {
	return cmp.Or(k.Note, k.Value)
}

// Bounds of a list of variables: values are cut, and so are long answers.
const (
	knownValue  = 120 // bytes
	knownFields = 500
)

// Known lists the variables that there are, with their present values. Of a
// name such as "last.payments/pay" it lists what the last answer of that
// endpoint holds. Environment variables whose names sound like secrets are
// listed without their values.
func (r *Resolver) Known(ctx context.Context, of string) ([]Known, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	x := &expansion{Resolver: r, ctx: ctx}
	if endpoint, ok := strings.CutPrefix(of, "last."); ok {
		return x.knownOf(endpoint)
	}
	list := []Known{{Name: "uuid", Note: "a new UUID at each place"}}
	for _, name := range []string{"now", "now_iso", "now+30m", "now_iso+30m"} {
		v, _ := x.time(name)
		list = append(list, Known{Name: name, Value: v})
	}
	for _, name := range []string{"client_id", "merchant_id", "key_version", "base_url", "name"} {
		if v, fault := x.profile(name); fault == nil {
			list = append(list, Known{Name: "profile." + name, Value: v})
		}
	}
	var err error
	if r.Endpoints != nil {
		var endpoints []string
		if endpoints, err = r.Endpoints(ctx); err == nil {
			for _, e := range endpoints {
				list = append(list, Known{Name: "last." + e + ".", Note: "a value of its last answer"})
			}
		}
	}
	return append(list, x.environment()...), err
}

func (x *expansion) environment() []Known {
	if x.Environ == nil {
		return nil
	}
	var list []Known
	for _, pair := range x.Environ() {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" || strings.ContainsAny(name, "{} \"\r\n") {
			continue
		}
		k := Known{Name: "env." + name, Value: shorten(value)}
		if secret(name) {
			k.Value, k.Note = "", "set, secret"
		}
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b Known) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// secret reports whether a name sounds as if its value must not be shown.
func secret(name string) bool {
	words := []string{"SECRET", "TOKEN", "PASS", "KEY", "CREDENTIAL", "AUTH", "COOKIE", "SESSION", "PRIVATE"}
	return slices.ContainsFunc(words, func(s string) bool { return strings.Contains(strings.ToUpper(name), s) })
}

// knownOf lists the values of an endpoint's last answer, and of its request.
func (x *expansion) knownOf(endpoint string) ([]Known, error) {
	e, fault := x.lastExchange(endpoint)
	if fault != nil {
		return nil, errors.New(endpoint + " " + fault.Says)
	}
	prefix := "last." + endpoint + "."
	list := leaves(nil, prefix, jsontext.Parse(answerOf(e).JSON))
	return leaves(list, prefix+"request.", jsontext.Parse(e.Request.Body)), nil
}

// leaves lists the values of a text that are no objects or arrays.
func leaves(list []Known, prefix string, t *jsontext.Tree) []Known {
	if t.Fault != nil {
		return list
	}
	most := len(list) + knownFields
	var walk func(n int, path string)
	walk = func(n int, path string) {
		children := t.Children(n)
		for i, c := range children {
			if len(list) >= most {
				return
			}
			below := path
			if t.Nodes[n].Kind == jsontext.Array {
				below += "[" + strconv.Itoa(i) + "]"
			} else {
				name := jsontext.EscapeName(t.Name(c))
				if name == "" || strings.ContainsAny(name, "{}\"\r\n") {
					continue // it cannot be written so
				}
				if path != "" {
					below += "."
				}
				below += name
			}
			if k := t.Nodes[c].Kind; k == jsontext.Object || k == jsontext.Array {
				walk(c, below)
				continue
			}
			list = append(list, Known{Name: prefix + below, Value: shorten(t.Text(c))})
		}
	}
	walk(0, "")
	return list
}

func shorten(s string) string {
	if len(s) <= knownValue {
		return s
	}
	return strings.ToValidUTF8(s[:knownValue], "") + "…"
}
