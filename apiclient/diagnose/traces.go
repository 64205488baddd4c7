package diagnose

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/habits"
	"countersign/apiclient/english"
)

// traces rank what the message itself points to where no bytes are proven: what
// differs from the configuration first, then what only something lossy leaves.
func (e *Evidence) traces() []Finding {
	var list []Finding
	add := func(cause, says, fix string) {
		list = append(list, Finding{Cause: cause, Family: familyOf(cause), Says: says, Fix: fix})
	}
	v := e.values()
	if e.ClientID != "" && v.ClientID != "" && v.ClientID != e.ClientID {
		add("client_id_configured_differs", fmt.Sprintf("The message has the Client-Id %s and not the configured one, "+
			"%s: it may have been replaced "+
			"after signing.", legible([]byte(v.ClientID)), legible([]byte(e.ClientID))),
			"Look at what sets the Client-Id between the signer and here.")
	}
	if epochSeconds.MatchString(v.Time) {
		add("time_differs_from_header", "The time in the header has seconds where the protocol has milliseconds: it may "+
			"have been set again after signing.",
			"Look at what sets the time between the signer and here; the time that was signed has to be sent.")
	}
	if e.underNoPrefix(v.Target) {
		add("path_prefix_different", "The path ends in an interface that is known, and begins as none does that is "+
			"known: it may have been mapped "+
			"to another one after signing.", "Compare the path that was requested with the one that arrived; the one that "+
			"was signed has to arrive.")
	}
	return append(list, e.bodyTraces()...)
}

var epochSeconds = regexp.MustCompile(`^1\d{9}$`)

// underNoPrefix reports whether a path is that of an interface without a prefix
// or under one that no platform is known to have.
func (e *Evidence) underNoPrefix(target string) bool {
	path, _, _ := strings.Cut(target, "?")
	for _, endpoint := range slices.Concat(e.Endpoints, habits.CommonEndpoints) {
		endpoint = "/" + strings.Trim(endpoint, "/")
		if prefix, ok := strings.CutSuffix(path, endpoint); ok && strings.Count(endpoint, "/") > 2 {
			return !habits.KnownPrefix(prefix) && !slices.Contains(e.Prefixes, prefix)
		}
	}
	return false
}

// maxTraced is the size in bytes of a body up to which traces are looked for.
const maxTraced = 1 << 20

// bodyTraces are what code that parses and writes a body, or converts it, leaves
// in it.
func (e *Evidence) bodyTraces() []Finding {
	body := bytes.TrimSpace(e.message().Content())
	if len(body) > maxTraced {
		return nil
	}
	var list []Finding
	add := func(cause, says string) {
		list = append(list, Finding{Cause: cause, Family: FamilyTamper, Says: says, Fix: e.whoChanges() + "."})
	}
	if n := rounded(body); n != "" {
		add("body_number_precision_lost", "The number "+english.Clipped(n,
			40)+" in the body is what a double makes of one with more digits: "+
			"the signed digits are gone, so the signed bytes cannot be found.")
	}
	switch {
	case bytes.Equal(body, []byte("{}")) || bytes.Equal(body, []byte("[]")) || bytes.Equal(body, []byte("null")):
		add("body_empty_object_sent", fmt.Sprintf("The body is %s, as code sends it that found nothing to parse in the "+
			"one that was signed: look at its "+
			"Content-Type.", body))
	case bytes.Contains(body, []byte("\ufffd")):
		add("body_charset", "The body has U+FFFD, which stands for bytes that were no text in the charset in which "+
			"something read them.")
	case bytes.Contains(body, []byte("??")):
		add("body_charset", "The body has ?? in it, which encoders write for characters that their charset lacks, as "+
			"Latin-1 and ASCII lack most.")
	}
	if library := e.serialiser(); len(list) == 0 && library != "" && json.Valid(body) {
		add("body_changed_in_transit", "The message comes from "+library+", which writes the body from an object: it may "+
			"differ from the bytes that were signed "+
			"in more than one place.")
	}
	return list
}

// rounded returns the first number of a JSON document that shows that a double
// lost digits of it, "" where none does: 2 to the power of 53, or many digits that
// are just those of a double.
func rounded(body []byte) string {
	const exact, many = 1 << 53, 14
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	for {
		t, err := d.Token()
		if err != nil {
			return ""
		}
		n, ok := t.(json.Number)
		if !ok {
			continue
		}
		f, err := n.Float64()
		if err != nil || f < exact {
			continue
		}
		mantissa, _, exponent := strings.Cut(strings.ToLower(n.String()), "e")
		digits := len(strings.TrimRight(strings.Replace(mantissa, ".", "", 1), "0"))
		shortest, _, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
		if f == exact || digits >= many && (exponent && mantissa == shortest || mantissa == strconv.FormatFloat(f, 'f', -1,
			64) && f > exact<<4) {
			return n.String()
		}
	}
}

// serialisers are libraries that are given an object as a rule and write the body
// themselves, as a User-Agent begins.
var serialisers = []string{"axios", "got", "node-superagent", "Needle", "undici", "node-fetch", "python-requests",
	"python-httpx", "GuzzleHttp", "Faraday",
	"okhttp", "go-resty", "RestSharp", "unirest", "Feign"}

// serialiser names the library that wrote the body of a request; "" where none is
// known.
func (e *Evidence) serialiser() string {
	agent := e.message().Get("User-Agent")
	if e.Side == apiclient.ResponseSide {
		return ""
	}
	for _, s := range serialisers {
		if len(agent) >= len(s) && strings.EqualFold(agent[:len(s)], s) {
			name, _, _ := strings.Cut(agent, " ")
			return english.Clipped(name, 40)
		}
	}
	return ""
}
