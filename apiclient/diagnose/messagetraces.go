package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/diagnose/habits"
	"countersign/apiclient/lazyregexp"
)

// messageTraces rank what the message itself points to where no bytes are proven: what
// differs from the configuration first, then what only something lossy leaves.
func (e *Evidence) messageTraces() []Finding {
	var list []Finding
	add := func(cause, says, fix string) { list = append(list, suspected(cause, says, fix)) }
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
	return list
}

var epochSeconds = lazyregexp.New(`^1\d{9}$`)

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
