package variables

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/english"
	"countersign/apiclient/hint"
	"countersign/apiclient/jsontext"
)

// Names lists the variables that there are, as a person would type them.
func Names() []string {
	return []string{"uuid", "now", "now_iso", "env.NAME", "vars.NAME", "profile.client_id", "profile.merchant_id", "last.ENDPOINT.PATH"}
}

// value returns the value of one variable, or a fault without name and place.
// foreign reports whether the other side sent it.
func (x *expansion) value(name string) (value string, foreign bool, fault *Error) {
	if x.Values != nil {
		v, ok, err := x.Values(x.ctx, name)
		if err != nil {
			return "", false, &Error{Says: "has no value: " + err.Error(), Fix: hint.Fix(hint.Of(err)), Err: err}
		}
		if ok {
			return v.Text, v.Foreign, nil
		}
	}
	value, fault = x.known(name)
	return value, strings.HasPrefix(name, "last."), fault
}

// known returns the value of a variable that is always there.
func (x *expansion) known(name string) (string, *Error) {
	head, rest, dotted := strings.Cut(name, ".")
	switch {
	case strings.HasPrefix(name, "$"):
		return x.dollar(name)
	case dotted && head == "vars":
		return x.vars(rest)
	case dotted && head == "env":
		return x.env(rest)
	case dotted && head == "profile":
		return x.profile(rest)
	case dotted && head == "last":
		return x.lastValue(rest)
	case name == "uuid":
		return x.id(), nil
	case strings.HasPrefix(name, "now"):
		return x.time(name)
	}
	return "", unknown()
}

func unknown() *Error {
	return &Error{Says: "is not known", Fix: hint.Fix("use one of " + strings.Join(Names(), ", ") +
		`, or \{{ for the braces themselves`)}
}

func (x *expansion) id() string { return x.made("uuid", x.NewID) }

// made returns a value that is made up: another one at each place, which stays
// until Renew.
func (x *expansion) made(name string, make1 func() string) string {
	if x.used == nil {
		x.used = map[string]int{}
	}
	if x.Resolver.made == nil {
		x.Resolver.made = map[string][]string{}
	}
	n, list := x.used[name], x.Resolver.made[name]
	x.used[name]++
	if n == len(list) {
		list = append(list, make1())
		x.Resolver.made[name] = list
	}
	return list[n]
}

// vars returns a value of the profile's own.
func (x *expansion) vars(name string) (string, *Error) {
	if value, ok := x.Profile.Vars[name]; ok {
		return value, nil
	}
	names := slices.Sorted(maps.Keys(x.Profile.Vars))
	e := &Error{Says: fmt.Sprintf("has no value: the profile %q has no such variable", x.Profile.Name),
		Fix: hint.Fix(fmt.Sprintf(`set vars = { %s = "…" } in [profiles.%s]`, name, x.Profile.Name))}
	if near := english.Nearest(name, names); near != "" {
		e.Fix = hint.Fix(fmt.Sprintf("did you mean {{vars.%s}}?", near))
	}
	return "", e
}

// time returns now, now_iso, and either with a shift such as +30m.
func (x *expansion) time(name string) (string, *Error) {
	t := x.moment()
	if i := strings.IndexAny(name, "+-"); i > 0 {
		shift, err := parseShift(name[i:])
		if err != nil {
			return "", &Error{Says: fmt.Sprintf("has an unusable shift %q", name[i:]),
				Fix: "write a shift like +30m, -24h or +7d"}
		}
		t, name = t.Add(shift), name[:i]
	}
	switch strings.TrimSpace(name) {
	case "now":
		return strconv.FormatInt(t.UnixMilli(), 10), nil
	case "now_iso":
		return t.Format(time.RFC3339), nil
	}
	return "", unknown()
}

// parseShift reads a duration that may also be in days.
func parseShift(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseInt(days, 10, 32)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(s)
}

func (x *expansion) env(name string) (string, *Error) {
	value, ok := x.Getenv(name)
	if !ok {
		return "", &Error{Says: "has no value: the environment variable is not set",
			Fix: hint.Fix(fmt.Sprintf("export %s=… before you start", name))}
	}
	return value, nil
}

func (x *expansion) profile(name string) (string, *Error) {
	known := map[string]string{
		"name": x.Profile.Name, "client_id": x.Profile.ClientID, "merchant_id": x.Profile.MerchantID,
		"key_version": x.Profile.KeyVersion, "base_url": x.Profile.BaseURL,
	}
	value, ok := known[name]
	switch {
	case !ok:
		return "", &Error{Says: "is not known", Fix: "a profile has client_id, merchant_id, key_version, base_url and name"}
	case value == "":
		return "", &Error{Says: fmt.Sprintf("has no value: the profile %q sets no %s", x.Profile.Name, name),
			Fix: hint.Fix(fmt.Sprintf("set %s in [profiles.%s]", name, x.Profile.Name))}
	}
	return value, nil
}

// lastValue returns a value of an earlier exchange: "payments/pay.paymentId".
func (x *expansion) lastValue(rest string) (string, *Error) {
	slash := strings.LastIndexByte(rest, '/') + 1
	endpoint, field, ok := strings.Cut(rest[slash:], ".")
	endpoint = rest[:slash] + endpoint
	if !ok || field == "" {
		return "", &Error{Says: "names no field", Fix: "write it like {{last.payments/pay.paymentId}}"}
	}
	e, fault := x.lastExchange(endpoint)
	if fault != nil {
		return "", fault
	}
	read, where := answerOf, "answer"
	if inRequest, ok := strings.CutPrefix(field, "request."); ok {
		read = func(e *apiclient.Exchange) apiclient.Values { return apiclient.Values{JSON: e.Request.Body} }
		where, field = "request", inRequest
	}
	path, err := jsontext.ParsePath(field)
	if err != nil {
		return "", &Error{Says: "has an unusable path: " + err.Error(), Fix: "write it like {{last.payments/pay.paymentId}}"}
	}
	if value, ok := x.found[rest]; ok {
		return value, nil
	}
	value, looked, fault := x.newestWith(e, endpoint,
		func(e *apiclient.Exchange) ([]byte, bool) { return read(e).Get(path) })
	switch {
	case fault != nil:
		return "", fault
	case value == nil && looked == 1:
		return "", &Error{
			Says: fmt.Sprintf("has no value: the last %s of %s has no %s", where, endpoint, field),
			Fix:  hint.Fix(fmt.Sprintf("see it with: countersign history show %s", e.ID)),
		}
	case value == nil:
		return "", &Error{
			Says: fmt.Sprintf("has no value: none of the last %d %ss of %s has %s", looked, where, endpoint, field),
			Fix:  hint.Fix(fmt.Sprintf("see the newest with: countersign history show %s", e.ID)),
		}
	}
	text := string(value)
	if value[0] == '"' {
		_ = json.Unmarshal(value, &text) // else it stays as it is written
	}
	if x.Resolver.found == nil {
		x.Resolver.found = make(map[string]string)
	}
	x.Resolver.found[rest] = text
	return text, nil
}

// LookBack is how many answered runs of an endpoint are looked through for a
// value: the newest may have been refused, and have none.
const LookBack = 20

// newestWith finds the value in the newest exchange that has it, from e on
// back; nil where none has. looked counts the exchanges that were read.
func (x *expansion) newestWith(e *apiclient.Exchange, endpoint string,
	get func(*apiclient.Exchange) ([]byte, bool)) (value []byte, looked int, fault *Error) {
	for {
		looked++
		if raw, ok := get(e); ok {
			return raw, looked, nil
		}
		if x.Earlier == nil || looked == LookBack {
			return nil, looked, nil
		}
		var err error
		if e, err = x.Earlier(x.ctx, endpoint, looked); err != nil {
			return nil, looked, &Error{Says: "has no value: " + err.Error(), Fix: "give the value itself"}
		}
		if e == nil {
			return nil, looked, nil
		}
	}
}

func (x *expansion) lastExchange(endpoint string) (*apiclient.Exchange, *Error) {
	if e, ok := x.last[endpoint]; ok {
		return e, nil
	}
	var e *apiclient.Exchange
	var err error
	if x.Last != nil {
		e, err = x.Last(x.ctx, endpoint)
	}
	switch {
	case err != nil:
		return nil, &Error{Says: "has no value: " + err.Error(), Fix: "give the value itself"}
	case e == nil:
		return nil, &Error{
			Says: fmt.Sprintf("has no value: no answered run of %s is in the history", endpoint),
			Fix:  hint.Fix(fmt.Sprintf("send %s first, or give the value itself", endpoint)),
		}
	}
	if x.Resolver.last == nil {
		x.Resolver.last = make(map[string]*apiclient.Exchange)
	}
	x.Resolver.last[endpoint] = e
	return e, nil
}

func answerOf(e *apiclient.Exchange) apiclient.Values {
	if e.Response == nil {
		return apiclient.Values{}
	}
	return apiclient.ValuesOf(e.Response)
}
