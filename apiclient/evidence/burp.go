package evidence

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

// Burp is what Burp Suite saves of its items.
const Burp Kind = "Burp XML"

var (
	burpItems = lazyregexp.New(`<items?\b[^>]*>\s*<`)
	burpPart  = lazyregexp.New(`<(request|response)\b([^>]*)>`)
)

// isBurp knows the XML of saved items.
func isBurp(text []byte) bool {
	return text[0] == '<' && burpItems.Match(text[:min(len(text), 64<<10)]) && bytes.Contains(text, []byte("<request"))
}

// readBurp cuts the items out of the XML by hand: an XML decoder would change
// line ends.
func (r Reader) readBurp(text []byte) (Evidence, error) {
	l := items{r: r, kind: Burp}
	for {
		_, rest, ok := bytes.Cut(text, []byte("<item>"))
		if !ok {
			break
		}
		item, after, _ := bytes.Cut(rest, []byte("</item>"))
		l.add(r.burpItem(item))
		text = after
	}
	return l.evidence()
}

func (r Reader) burpItem(item []byte) (apiclient.Exchange, []string, error) {
	var messages [2][]byte
	var notes []string
	for len(item) > 0 {
		at := burpPart.FindSubmatchIndex(item)
		if at == nil {
			break
		}
		name, attributes := string(item[at[2]:at[3]]), string(item[at[4]:at[5]])
		value, after, err := burpText(item[at[1]:], name)
		if err != nil {
			return apiclient.Exchange{}, nil, err
		}
		if strings.Contains(attributes, `"true"`) {
			decoded, ok := anyBase64(string(value))
			if !ok {
				notes = append(notes, fmt.Sprintf("the %s is marked as base64 and is not: it is taken as text", name))
			} else {
				value = decoded
			}
		}
		side := 0
		if name == "response" {
			side = 1
		}
		messages[side], item = value, after
	}
	if len(bytes.TrimSpace(messages[0])) == 0 {
		return apiclient.Exchange{}, nil, hint.Errorf("save the item again, with its request", "it has no request")
	}
	if len(bytes.TrimSpace(messages[1])) == 0 {
		messages[1] = nil
	}
	x, err := r.Messages(messages[0], messages[1])
	return x, notes, err
}

// burpText is the text of an element, which may be CDATA, and what follows it.
func burpText(rest []byte, name string) (text, after []byte, err error) {
	end := []byte("</" + name + ">")
	if data, ok := bytes.CutPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte("<![CDATA[")); ok {
		end = append([]byte("]]>"), end...)
		text, after, ok = bytes.Cut(data, end)
		if !ok {
			return nil, nil, hint.Errorf("save the item again", "its %s has no end", name)
		}
		return text, after, nil
	}
	text, after, ok := bytes.Cut(rest, end)
	if !ok {
		return nil, nil, hint.Errorf("save the item again", "its %s has no end", name)
	}
	return []byte(html.UnescapeString(string(text))), after, nil
}
