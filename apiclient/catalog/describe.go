package catalog

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"countersign/apiclient/english"
)

// describe says what is wrong with a value, from the keyword that it violates.
func describe(e *jsonschema.ValidationError) string {
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		var want []string
		for _, w := range k.Want {
			if w != "null" {
				want = append(want, article(w))
			}
		}
		if len(want) < len(k.Want) {
			want = append(want, "null")
		}
		return strings.Join(want, " or ") + " expected, is " + article(k.Got)
	case *kind.Enum:
		return "is " + literal(k.Got) + "; expected is " + choices(k.Want)
	case *kind.Const:
		return "is " + literal(k.Got) + "; expected is " + literal(k.Want)
	case *kind.MinLength:
		if k.Got == 0 {
			return "is empty"
		}
		return fmt.Sprintf("at least %s, is %d", english.Count(k.Want, "character"), k.Got)
	case *kind.MaxLength:
		return fmt.Sprintf("at most %s, is %d", english.Count(k.Want, "character"), k.Got)
	case *kind.Pattern:
		return fmt.Sprintf("%s does not match the pattern %s", literal(k.Got), k.Want)
	case *kind.Format:
		return describeFormat(k)
	case *kind.ContentEncoding:
		return "is not " + k.Want
	case *kind.ContentMediaType:
		return "must hold " + k.Want
	}
	return describeQuantity(e)
}

func describeQuantity(e *jsonschema.ValidationError) string {
	switch k := e.ErrorKind.(type) {
	case *kind.Minimum:
		return "at least " + decimal(k.Want) + ", is " + decimal(k.Got)
	case *kind.Maximum:
		return "at most " + decimal(k.Want) + ", is " + decimal(k.Got)
	case *kind.ExclusiveMinimum:
		return "more than " + decimal(k.Want) + " expected, is " + decimal(k.Got)
	case *kind.ExclusiveMaximum:
		return "less than " + decimal(k.Want) + " expected, is " + decimal(k.Got)
	case *kind.MultipleOf:
		return "a multiple of " + decimal(k.Want) + " expected, is " + decimal(k.Got)
	case *kind.MinItems:
		return fmt.Sprintf("at least %s, has %d", english.Count(k.Want, "item"), k.Got)
	case *kind.MaxItems:
		return fmt.Sprintf("at most %s, has %d", english.Count(k.Want, "item"), k.Got)
	case *kind.MinProperties:
		return fmt.Sprintf("at least %s, has %d", english.Count(k.Want, "field"), k.Got)
	case *kind.MaxProperties:
		return fmt.Sprintf("at most %s, has %d", english.Count(k.Want, "field"), k.Got)
	case *kind.UniqueItems:
		return fmt.Sprintf("the items %d and %d are the same", k.Duplicates[0], k.Duplicates[1])
	case *kind.AdditionalItems:
		return fmt.Sprintf("%s too many", english.Count(k.Count, "item"))
	case *kind.FalseSchema:
		return "is not allowed"
	case *kind.PropertyNames:
		return "the name " + short(k.Property) + " is not allowed"
	case *kind.Contains, *kind.MinContains:
		return "an item that is required is missing"
	case *kind.MaxContains:
		return "has too many items of one kind"
	case *kind.Not:
		return "has a form that is not allowed"
	}
	return "does not follow the schema"
}

// formatWords say what a format wants.
var formatWords = map[string]string{
	"date-time": "an ISO 8601 time with a zone expected, such as 2026-01-15T12:08:55+08:00",
	"date":      "a date expected, such as 2026-01-15",
	"time":      "a time of day with a zone expected, such as 12:08:55Z",
	"uri":       "an absolute URL expected, such as https://merchant.example.com/notify",
	"email":     "an e-mail address expected",
	"uuid":      "a UUID expected",
	"ipv4":      "an IPv4 address expected",
	"ipv6":      "an IPv6 address expected",
	"hostname":  "a host name expected",
}

func describeFormat(k *kind.Format) string {
	if words, ok := formatWords[k.Want]; ok {
		return words + "; is " + literal(k.Got)
	}
	return literal(k.Got) + " is no valid " + k.Want
}

func article(kind string) string {
	switch kind {
	case "object", "array", "integer":
		return "an " + kind
	case "null", "":
		return "null"
	}
	return "a " + kind
}

// literal writes a value as JSON would, shortened.
func literal(v any) string {
	switch v := v.(type) {
	case string:
		return `"` + short(v) + `"`
	case nil:
		return "null"
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	}
	return short(fmt.Sprint(v))
}

func choices(want []any) string {
	const most = 12
	var words []string
	for _, w := range want[:min(len(want), most)] {
		if s, ok := w.(string); ok {
			words = append(words, short(s))
		} else {
			words = append(words, literal(w))
		}
	}
	last := len(words) - 1
	switch {
	case len(want) > most:
		return "one of " + strings.Join(words, ", ") + ", …"
	case last <= 0:
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func decimal(r *big.Rat) string {
	if r.IsInt() {
		return short(r.Num().String())
	}
	return short(strings.TrimRight(r.FloatString(10), "0"))
}
