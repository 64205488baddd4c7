// Package amount finds and writes money as the protocol spells it:
// {"currency": "USD", "value": "10000"}, a whole number in the smallest unit.
package amount

import (
	"strings"

	"countersign/apiclient/jsontext"
)

// Amount is money in a body.
type Amount struct {
	Name     string // of the member that holds it: "paymentAmount"; "" where it has none
	Currency string // ISO 4217: "USD"
	Value    string // as it is sent: "10000"
}

// Limits of Find.
const (
	MaxBody = 1 << 20 // bytes; in a larger body nothing is found
	most    = 16      // amounts
)

// Find lists the amounts of a JSON body, in its order: the objects with a
// currency and a value. It reads as far as the body is JSON.
func Find(body []byte) []Amount {
	if len(body) > MaxBody {
		return nil
	}
	var found []Amount
	t := jsontext.Parse(body)
	for n, node := range t.Nodes {
		if node.Kind != jsontext.Object || len(found) == most {
			continue
		}
		a := Amount{Name: t.Name(n)}
		for _, c := range t.Children(n) {
			switch t.Name(c) {
			case "currency":
				a.Currency = plain(t, c)
			case "value":
				a.Value = plain(t, c)
			}
		}
		if a.Currency != "" && a.Value != "" {
			found = append(found, a)
		}
	}
	return found
}

// plain returns a string without its quotes, or a number as it stands.
func plain(t *jsontext.Tree, n int) string {
	if k := t.Nodes[n].Kind; k != jsontext.String && k != jsontext.Number {
		return ""
	}
	return t.Text(n)
}

// digits are the decimals of the currencies that do not have two (ISO 4217).
var digits = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0,
	"VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// String writes an amount as a person reads it: "USD 100.00". A value that is
// no whole number is left as it is.
func (a Amount) String() string {
	n, listed := digits[a.Currency]
	if !listed {
		n = 2
	}
	value := a.Value
	if n == 0 || value == "" || strings.Trim(value, "0123456789") != "" {
		return a.Currency + " " + value
	}
	if short := n + 1 - len(value); short > 0 {
		value = strings.Repeat("0", short) + value
	}
	return a.Currency + " " + value[:len(value)-n] + "." + value[len(value)-n:]
}
