package habits

import (
	"countersign/apiclient"
	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/signing"
)

// Source is the exchange that was signed, and the rule for it.
type Source struct {
	Exchange *apiclient.Exchange
	Side     apiclient.Side // whose string it is
	apiclient.Rule

	Prefixes   []string // path prefixes of profiles, such as "/miniprogram/api"
	Endpoints  []string // paths of the catalogue, such as "/v2/payments/pay"
	KeyVersion string   // that the Signature header names
}

// values returns what the rule takes from the exchange.
func (src *Source) values() signing.Content { return src.Rule.Content(src.Exchange, src.Side) }

// template returns the form of the string.
func (src *Source) template() signing.Template { return src.Rule.Template(src.Side) }

// habit is a variant.Change as the tables write it.
type habit struct{ Cause, Says, Habit string }

const (
	common    = variant.Common
	usual     = variant.Usual
	plausible = variant.Plausible
	rare      = variant.Rare
	exotic    = variant.Exotic
)
