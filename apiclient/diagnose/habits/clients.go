package habits

import (
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/diagnose/variant"
)

// Clients adds what may have been signed in place of the client id.
func (src *Source) Clients(set *variant.Set) {
	rule := src.values()
	sent := rule.ClientID
	p := part{set}
	if sent == "" {
		p.add(src.ClientID, common, habit{"client_id_header_missing",
			"The configured client id was signed; the header lacks it.", "a Client-Id header that is not sent"})
	}
	merchant := []string{rule.MerchantID, src.MerchantID}
	request := src.Exchange.Request.Get(src.Names.Of(apiclient.HeaderClientID))
	if src.Side == apiclient.ResponseSide && request != "" && request != sent {
		p.add(request, common, habit{"response_client_id_header_differs",
			"The response was signed with the request's Client-Id; its own header names another.",
			"something behind the signer that puts its own id into the header"})
	}
	if src.ClientID != sent {
		p.add(src.ClientID, common, habit{"client_id_configured_differs", "The configured client id was signed; the header has another.",
			"a Client-Id header that is set in another place than the one that signs"})
	}
	for _, m := range merchant {
		if m == "" || m == sent {
			continue
		}
		p.add(m, common, habit{"client_id_merchant_id_used",
			"The Merchant-Id was signed where the Client-Id belongs.", "the two ids exchanged in the configuration"})
		joined := habit{"client_id_and_merchant_id", "Client-Id and Merchant-Id were both signed.", "a signature rule that has both"}
		for i, s := range []string{".", "", ",", ":", "|", "-", "_", "\n", " ", "&", "/"} {
			p.add(sent+s+m, common+i, joined)
			p.add(m+s+sent, usual+i, joined)
		}
	}
	if sent != "" {
		p.add("", common, habit{"client_id_empty", "An empty client id was signed.", "a configuration value that is not set"})
		p.idSpellings(sent)
	}
	for _, w := range placeholders {
		p.add(w.text, w.cost, habit{"client_id_undefined",
			"Instead of the client id, " + w.word + " was signed.", "an environment variable that is not set"})
	}
	for _, name := range []string{"${CLIENT_ID}", "$CLIENT_ID", "{client_id}", "{clientId}", "{{client_id}}",
		"{{clientId}}", "CLIENT_ID", "clientId", "client_id", "Client-Id", "YOUR_CLIENT_ID", "your-client-id",
		"<client_id>", "%CLIENT_ID%", "process.env.CLIENT_ID", "test", "admin", "default", "client"} {
		p.add(name, plausible, habit{"client_id_placeholder",
			"The placeholder " + name + " was signed instead of the client id.", "a variable that was not filled in"})
	}
	p.otherIDs(src)
}

// idSpellings adds what string and number handling makes of an id.
func (p part) idSpellings(sent string) {
	p.quotings(sent, "client id", "client_id_whitespace", "client_id_quoted", "client_id_urlencoded")
	p.add(strings.TrimSpace(sent), common, habit{"client_id_whitespace", "without the blanks around it", "trimming on one side"})
	kase := func(says, code string) habit { return habit{"client_id_case", says, code} }
	p.add(strings.ToLower(sent), common, kase("in lower case", "`toLowerCase()`, or a header map that lower-cases"))
	p.add(strings.ToUpper(sent), common, kase("in upper case", "`toUpperCase()`"))
	p.add(strings.ToUpper(sent[:1])+strings.ToLower(sent[1:]), usual, kase("capitalised", "a title-case function"))
	p.add(strings.Map(swapCase, sent), rare, kase("with upper and lower case exchanged", "a case function"))
	p.idNumbers(sent)
	encoded := habit{"client_id_encoded", "encoded or hashed", "an id that is stored in another form"}
	p.add(base64.StdEncoding.EncodeToString([]byte(sent)), plausible, encoded)
	p.add(base64.RawURLEncoding.EncodeToString([]byte(sent)), exotic, encoded)
	p.add(hex.EncodeToString([]byte(sent)), exotic, encoded)
	for _, d := range bodies.Digests[:4] {
		p.add(hex.EncodeToString(d.Sum([]byte(sent))), rare, encoded)
		p.add(strings.ToUpper(hex.EncodeToString(d.Sum([]byte(sent)))), exotic, encoded)
	}
	for n := 1; n < len(sent); n++ {
		p.add(sent[:n], rare,
			habit{"client_id_truncated", "Only the beginning of the client id was signed.", "a column or field that is too short"})
		p.add(sent[n:], exotic, habit{"client_id_truncated", "Only the end of the client id was signed.", "a substring"})
	}
	for _, s := range []string{"-", "_", " ", "."} {
		p.add(strings.ReplaceAll(sent, s, ""), plausible, habit{"client_id_spelling", "without its separators", "a normalisation of ids"})
	}
	p.add(strings.ReplaceAll(sent, "_", "-"), plausible, habit{"client_id_spelling", "with - for _", "a normalisation of ids"})
	p.add(strings.ReplaceAll(sent, "-", "_"), plausible, habit{"client_id_spelling", "with _ for -", "a normalisation of ids"})
	for _, prefix := range []string{"SANDBOX_", "sandbox_", "TEST_", "test_", "PROD_", "T_", "0", "client_",
		"clientId=", "client_id=", "clientId:", "Client-Id:", "Client-Id: ", "Client-Id=", "client-id:", "client-id: ",
		"client-id=", "ClientId:", "ClientId="} {
		p.add(prefix+sent, rare, habit{"client_id_prefix", "with " + prefix + " in front of it",
			"the id of another environment, or a label that was copied along"})
		if cut, ok := strings.CutPrefix(sent, prefix); ok {
			p.add(cut, usual, habit{"client_id_prefix", "without its " + prefix, "the id of another environment"})
		}
	}
	p.add(sent+","+sent, plausible, habit{"client_id_repeated", "twice", "a header that is added twice: HTTP joins the values by a comma"})
	p.add(sent+", "+sent, plausible, habit{"client_id_repeated", "twice", "a header that is added twice: HTTP joins the values by a comma"})
	p.add(sent+sent, rare, habit{"client_id_repeated", "twice", "string concatenation"})
	p.add("["+sent+"]", plausible, habit{"client_id_quoted",
		"in brackets", "a list of header values that is printed: `headers.get(\"Client-Id\").toString()`"})
	p.add(`["`+sent+`"]`, plausible, habit{"client_id_quoted", "in brackets", "a list of header values that is printed as JSON"})
	p.add("['"+sent+"']", plausible, habit{"client_id_quoted", "in brackets", "a list of header values that is printed by Python"})
}

// idNumbers adds what an id of digits becomes where it is read as a number.
func (p part) idNumbers(sent string) {
	f, err := strconv.ParseFloat(sent, 64)
	if err != nil || strings.Trim(sent, "0123456789") != "" {
		return
	}
	number := func(says, code string) habit { return habit{"client_id_number_format", says, code} }
	exp := strconv.FormatFloat(f, 'e', -1, 64)
	if trimmed := strings.TrimLeft(sent, "0"); len(trimmed) > 1 {
		exact := trimmed[:1] + "." + trimmed[1:]
		for _, e := range []string{"E", "e+", "E+", "e"} {
			p.add(exact+e+strconv.Itoa(len(trimmed)-1), plausible,
				number("as a number with an exponent", "a BigDecimal or big float in place of a string"))
		}
	}
	precision := "a JSON or YAML number in place of a string: `client_id: 2021…`; put it in quotes"
	p.add(exp, usual, number("as a number with an exponent", precision))
	p.add(strings.Replace(exp, "e+", "E+", 1), plausible, number("as a number with an exponent", precision))
	p.add(strings.Replace(exp, "e+", "E", 1), usual, number("as a Java double", precision))
	p.add(strconv.FormatFloat(f, 'E', 5, 64), plausible, number("as a spreadsheet shows it", "a CSV file that a spreadsheet saved"))
	p.add(strconv.FormatFloat(f, 'E', 14, 64), rare, number("as PHP prints a float", precision))
	if i, _ := big.NewFloat(f).Int(nil); i != nil {
		p.add(i.String(), usual, number("with its last digits lost to a double", precision))
	}
	if n, ok := new(big.Int).SetString(sent, 10); ok {
		digits := strconv.FormatFloat(f, 'f', -1, 64)
		p.add(digits, usual, number("with its last digits lost to a double", precision))
		p.add(digits+".0", plausible, number("as a double", precision))
		p.add(n.String(), usual, number("without its leading zeros", "an integer in place of a string"))
		p.add(n.Text(16), rare, number("in hexadecimal", "a number format"))
		if !n.IsInt64() {
			p.add("9223372036854775807", plausible, number("The largest 64-bit integer was signed instead of the client id.",
				"PHP's `(int)`, or `strtoll`"))
		}
		wrapped := new(big.Int).And(n, new(big.Int).SetUint64(1<<64-1))
		long := strconv.FormatInt(int64(wrapped.Uint64()), 10) //nolint:gosec // cut on purpose
		p.add(long, plausible, number("cut to 64 bits", "a `long`, which overflows"))
		p.add(wrapped.String(), rare, number("cut to 64 bits", "an unsigned 64-bit integer, which overflows"))
	}
	for _, digits := range []int{15, 16, 17} {
		if len(sent) > digits {
			p.add(sent[:digits]+strings.Repeat("0", len(sent)-digits), plausible,
				number("with zeros for its last digits", "a CSV file that a spreadsheet saved"))
		}
	}
	for _, by := range []string{",", " ", ".", "_"} {
		p.add(grouped(sent, by), rare, number("with thousands separators", "a number format"))
	}
}

func swapCase(r rune) rune {
	switch {
	case 'a' <= r && r <= 'z':
		return r - 'a' + 'A'
	case 'A' <= r && r <= 'Z':
		return r - 'A' + 'a'
	}
	return r
}

// otherIDs adds the other values that the exchange has, which may have been
// taken for the client id.
func (p part) otherIDs(src *Source) {
	for _, v := range src.shortValues() {
		p.add(v.text, plausible, habit{"client_id_other",
			"The value of " + v.name + " was signed where the Client-Id belongs.", "another id taken for the client id"})
	}
}

// named is a value of the exchange with its name.
type named struct{ name, text string }

// shortValues returns the header values and the strings of the bodies that may
// stand in the place of an id, or beside one.
func (src *Source) shortValues() []named {
	var list []named
	add := func(name, text string) {
		if text == "" || len(text) > 128 || len(list) > 200 ||
			slices.ContainsFunc(list, func(n named) bool { return n.text == text }) {
			return
		}
		list = append(list, named{name, text})
	}
	messages := []*apiclient.Message{src.Exchange.Message(src.Side), &src.Exchange.Request, src.Exchange.Response}
	for _, m := range messages {
		if m == nil {
			continue
		}
		for _, f := range m.Header {
			if !src.Names.IsSignature(f.Name) {
				add(f.Name, f.Value)
			}
		}
	}
	for _, m := range messages {
		if m == nil {
			continue
		}
		for _, v := range bodies.Members(m.Content(), 60) {
			add("the body's "+v.Name, v.Text)
		}
	}
	add("the merchant id", src.MerchantID)
	add("keyVersion", src.KeyVersion)
	add("the algorithm", "RSA256")
	for _, host := range src.hostNames() {
		add("the host", host)
	}
	return list
}
