package evidence

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/wire"
)

// items collects what a file has several of: entries of a HAR, pairs of messages
// in a stream. One that cannot be read takes nothing from the others.
type items struct {
	r            Reader
	kind         Kind
	seen         int
	signed, rest []item
	faults       []error
	chosen       *item // that with the wanted number
	chosenErr    error
}

type item struct {
	number   int
	exchange apiclient.Exchange
	notes    []string
}

// add takes the next item, or why it cannot be read.
func (l *items) add(x apiclient.Exchange, notes []string, err error) {
	l.seen++
	if err == nil {
		x.Request.UndoChunks() // as in what a tool copied from the socket
		if x.Response != nil {
			x.Response.UndoChunks()
		}
		notes = append(notes, settle(&x.Request)...)
		x.ClientID, x.MerchantID = strings.TrimSpace(x.ClientID), strings.TrimSpace(x.MerchantID)
		if x.Response != nil {
			notes = append(notes, settle(x.Response)...)
		}
		err = checkHeads(x)
	}
	i := item{l.seen, x, notes}
	if l.seen == l.r.Entry {
		l.chosen, l.chosenErr = &i, err
	}
	switch {
	case err != nil:
		l.faults = append(l.faults, fmt.Errorf("item %d of the %s: %w", l.seen, l.kind, err))
	case l.r.signed(x):
		l.signed = keep(l.signed, i)
	default:
		l.rest = keep(l.rest, i)
	}
}

// settle takes from a message what editors and wikis put into it: line breaks
// behind the body that its Content-Length counts, no-break spaces around the
// values of its headers.
func settle(m *wire.Message) (notes []string) {
	if n, err := strconv.Atoi(m.Get("Content-Length")); err == nil && n > 0 && n < len(m.Body) &&
		len(bytes.Trim(m.Body[n:], "\r\n")) == 0 {
		m.Body = m.Body[:n:n]
		notes = append(notes, "line breaks stand behind the body that Content-Length counts: they were not taken for a part of it")
	}
	for i := range m.Header {
		f := &m.Header[i]
		if value := strings.TrimFunc(f.Value, unicode.IsSpace); value != strings.Trim(f.Value, " \t\r\n") {
			f.Value = value
			notes = append(notes, "the header "+f.Name+" has no-break spaces around its value, as a wiki writes them: "+
				"they were taken for spaces")
		}
	}
	return notes
}

// keep adds an item, up to one more than there may be.
func keep(list []item, i item) []item {
	if len(list) > maxExchanges {
		return list
	}
	return append(list, i)
}

// signed reports whether a message of the exchange has a Signature header, or
// whether that does not matter: pages and sessions have much that is not signed.
func (r Reader) signed(x apiclient.Exchange) bool { return r.written || r.isSigned(x) }

func checkHeads(x apiclient.Exchange) error {
	if err := wire.CheckHead(x.Request); err != nil || x.Response == nil {
		return err
	}
	return wire.CheckHead(*x.Response)
}

// maxFaults is how many items with faults are named.
const maxFaults = 5

// evidence returns the item with the wanted number; else those that are signed;
// else, where none is, all.
func (l *items) evidence() (Evidence, error) {
	if l.r.Entry > 0 {
		if l.chosen == nil {
			return Evidence{}, noEntry(l.r.Entry, l.seen)
		}
		if l.chosenErr != nil {
			return Evidence{}, fmt.Errorf("item %d of the %s: %w", l.r.Entry, l.kind, l.chosenErr)
		}
		return Evidence{Kind: l.kind, Exchanges: []apiclient.Exchange{l.chosen.exchange}, Notes: l.chosen.notes,
			Numbers: []int{l.chosen.number}, Of: l.seen}, nil
	}
	list := l.signed
	if len(list) == 0 {
		list = l.rest
	}
	switch {
	case len(list) > maxExchanges:
		return Evidence{}, tooMany(l.kind)
	case len(list) == 0 && len(l.faults) > 0:
		return Evidence{}, l.faults[0]
	case len(list) == 0:
		return Evidence{}, &hint.Error{Says: fmt.Sprintf("the %s has no entries", l.kind),
			Fix: "record the request, then export again"}
	}
	e := Evidence{Kind: l.kind, Of: l.seen}
	for i, fault := range l.faults {
		if i == maxFaults {
			e.Notes = append(e.Notes, fmt.Sprintf("and %d more items cannot be read", len(l.faults)-i))
			break
		}
		e.Notes = append(e.Notes, hint.Sentence(fault)+": it is left out")
	}
	for _, i := range list {
		e.Exchanges, e.Numbers = append(e.Exchanges, i.exchange), append(e.Numbers, i.number)
	}
	if len(list) == 1 {
		e.Notes = append(e.Notes, list[0].notes...)
	}
	return e, nil
}

// ErrNoEntry is in the error for a number that no item has.
var ErrNoEntry = hint.Errorf("give a smaller number", "there is no such item")

func noEntry(number, of int) error {
	fix := fmt.Sprintf("give a number from 1 to %d", of)
	if of == 1 {
		fix = "leave out --entry: there is only one"
	}
	return &hint.Error{Says: fmt.Sprintf("there is no exchange %d", number), Fix: fix, Err: ErrNoEntry}
}
