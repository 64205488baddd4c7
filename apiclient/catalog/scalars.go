package catalog

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"countersign/apiclient/jsontext"
)

// What schemas say of strings and numbers.

func (v *validator) ofText(key string, r rule) {
	s := v.str(r.at)
	switch key {
	case "pattern":
		switch says := scalar(get(r.schema, "x-expects")); {
		case matches(r.value.value, s):
		case says != "":
			v.fail(r.at, says)
		default:
			v.fail(r.at, v.literal(r.at)+" does not match the pattern "+r.value.value)
		}
	case "format":
		f, ok := formats[r.value.value]
		switch {
		case !ok || f.valid(s):
		case f.expects != "":
			v.fail(r.at, f.expects+"; is "+v.literal(r.at))
		default:
			v.fail(r.at, v.literal(r.at)+" is no valid "+r.value.value)
		}
	case "contentEncoding":
		if _, err := base64.StdEncoding.DecodeString(s); r.value.value == "base64" && err != nil {
			v.fail(r.at, "is not base64")
		}
	case "contentMediaType":
		b := []byte(s)
		if scalar(get(r.schema, "contentEncoding")) == "base64" {
			var err error
			if b, err = base64.StdEncoding.DecodeString(s); err != nil {
				return // said already
			}
		}
		if r.value.value != "application/json" {
			return
		}
		if says := embeddedFault(b); says != "" {
			v.fail(r.at, says)
		}
	}
}

// patterns are the regular expressions of all schemas, made when first met;
// nil for one in a dialect that Go has not: no warning is better than a wrong one.
var patterns sync.Map

func matches(pattern, s string) bool {
	known, ok := patterns.Load(pattern)
	if !ok {
		re, err := regexp.Compile(pattern)
		if err != nil {
			re = nil
		}
		known, _ = patterns.LoadOrStore(pattern, re)
	}
	re := known.(*regexp.Regexp)
	return re == nil || re.MatchString(s)
}

// format is a format of strings: what a value of it is, and its words.
type format struct {
	valid   func(string) bool
	expects string // "": none but its name
}

// formats are those that are checked; others are not.
var formats = map[string]format{
	"date-time": {layout("2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07"),
		"an ISO 8601 time with a zone expected, such as 2026-01-15T12:08:55+08:00"},
	"date":                  {layout("2006-01-02"), "a date expected, such as 2026-01-15"},
	"time":                  {layout("15:04:05Z07:00"), "a time of day with a zone expected, such as 12:08:55Z"},
	"uri":                   {isURL, "an absolute URL expected, such as https://merchant.example.com/notify"},
	"iri":                   {isURL, ""},
	"uri-reference":         {isReference, ""},
	"iri-reference":         {isReference, ""},
	"email":                 {isEmail, "an e-mail address expected"},
	"uuid":                  {like(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`), "a UUID expected"},
	"ipv4":                  {isAddress(netip.Addr.Is4), "an IPv4 address expected"},
	"ipv6":                  {isAddress(netip.Addr.Is6), "an IPv6 address expected"},
	"hostname":              {isHost, "a host name expected"},
	"regex":                 {func(s string) bool { _, err := regexp.Compile(s); return err == nil }, ""},
	"json-pointer":          {like(`^(/([^~/]|~[01])*)*$`), ""},
	"uri-template":          {like(`^([^{}\s"<>\\^` + "`" + `|%]|%[0-9a-fA-F]{2}|\{[^{}\s]+\})*$`), ""},
	"relative-json-pointer": {like(`^(0|[1-9]\d*)(#|(/([^~/]|~[01])*)*)$`), ""},
	"duration":              {isDuration, ""},
}

func layout(layouts ...string) func(string) bool {
	return func(s string) bool {
		return slices.ContainsFunc(layouts, func(l string) bool { _, err := time.Parse(l, s); return err == nil })
	}
}

func like(pattern string) func(string) bool {
	return func(s string) bool { return matches(pattern, s) }
}

func isAddress(of func(netip.Addr) bool) func(string) bool {
	return func(s string) bool {
		a, err := netip.ParseAddr(s)
		return err == nil && of(a) && a.Zone() == ""
	}
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && !strings.Contains(s, " ") && !strings.Contains(s, `\`)
}

func isReference(s string) bool {
	_, err := url.Parse(s)
	return err == nil && !strings.Contains(s, `\`)
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

func isDuration(s string) bool {
	const form = `^P(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?)$`
	return matches(form, s) && strings.TrimRight(s, "PT") == s // something follows each of them
}

func isHost(s string) bool {
	const label = `[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?`
	return len(s) <= 253 && matches(`(?i)^`+label+`(\.`+label+`)*\.?$`, s)
}

// comparisons are the keywords that a number is compared for.
var comparisons = map[string]struct {
	wrong func(order int) bool // order of the value beside the limit: -1, 0, 1
	says  string
}{
	"minimum":          {func(order int) bool { return order < 0 }, "at least %s, is %s"},
	"maximum":          {func(order int) bool { return order > 0 }, "at most %s, is %s"},
	"exclusiveMinimum": {func(order int) bool { return order <= 0 }, "more than %s expected, is %s"},
	"exclusiveMaximum": {func(order int) bool { return order >= 0 }, "less than %s expected, is %s"},
}

// exclusives are the switches of OpenAPI 3.0 beside a limit.
var exclusives = map[string]string{"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}

func (v *validator) ofNumber(key string, r rule) {
	l, compared := comparisons[key]
	written, ok := r.value.number()
	if !ok || !compared && key != "multipleOf" {
		return // such as a switch of OpenAPI 3.0
	}
	limit, is := rational(written), v.number(r.at)
	if exclusive, ok := exclusives[key]; ok && v.d.old && isTrue(get(r.schema, exclusive)) {
		l = comparisons[exclusive]
	}
	switch {
	case compared && l.wrong(is.Cmp(limit)):
		v.fail(r.at, fmt.Sprintf(l.says, decimal(limit), decimal(is)))
	case !compared && limit.Sign() != 0 && !new(big.Rat).Quo(is, limit).IsInt():
		v.fail(r.at, "a multiple of "+decimal(limit)+" expected, is "+decimal(is))
	}
}

// embeddedFault says what is wrong with the JSON inside a string.
func embeddedFault(b []byte) string {
	const twice = "holds JSON that is escaped twice; escape it once"
	_, fault := readText(b)
	var inner string
	switch {
	case fault == nil && len(b) > 0 && b[0] == '"' && json.Unmarshal(b, &inner) == nil && holdsJSON(inner):
		return twice
	case fault == nil:
		return ""
	case json.Unmarshal([]byte(`"`+string(b)+`"`), &inner) == nil && inner != string(b) && holdsJSON(inner):
		return twice
	case len(b) == 0:
		return "is empty, which is no JSON; write {} or leave it out"
	}
	return fmt.Sprintf("must hold JSON, but inside the string at character %d: %s", fault.Offset+1, fault.Message)
}

// holdsJSON reports whether a string is a JSON object or array.
func holdsJSON(s string) bool {
	return jsontext.Opens([]byte(s)) && json.Valid([]byte(s))
}
