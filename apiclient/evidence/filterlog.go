package evidence

import (
	"bytes"

	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
)

// FilterLog is what Spring's CommonsRequestLoggingFilter prints.
const FilterLog Kind = "log of Spring's request filter"

var (
	filterLine  = lazyregexp.New(`\[([A-Z]{3,7}) ([^,\s]+)(?:, [a-z]+=[^,\]]*)*, headers=\[(.*?)\](?:, payload=(.*))?\]\s*$`)
	filterField = lazyregexp.New(`([\w-]+):"([^"]*)"`)
)

const filterNote = "Spring's filter prints headers without their order, and of a body only its first maxPayloadLength characters"

// filterRequests reads the requests: of those that are printed before and after
// they were handled, the one with the payload.
func filterRequests(text []byte) []part {
	var parts []part
	for line := range bytes.Lines(text) {
		m := filterLine.FindSubmatch(bytes.TrimRight(line, "\r\n"))
		if m == nil || len(parts) > maxExchanges {
			continue
		}
		p := requestOf(string(m[1]), string(m[2]))
		p.message.Body, p.bodyless = bytes.Clone(m[4]), len(m[4]) == 0
		for _, f := range filterField.FindAllSubmatch(m[3], -1) {
			p.message.Header = append(p.message.Header, wire.Field{Name: string(f[1]), Value: string(f[2])})
		}
		if n := len(parts); n > 0 && parts[n-1].message.Line == p.message.Line && parts[n-1].bodyless &&
			p.message.Get("Signature") == parts[n-1].message.Get("Signature") {
			parts[n-1] = p
			continue
		}
		parts = append(parts, p)
	}
	return parts
}
