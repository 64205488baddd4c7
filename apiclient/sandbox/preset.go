package sandbox

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
)

// preset is a platform that the sandbox plays: its interfaces and its manners.
type preset struct {
	name       string
	catalog    func() *catalog.Catalog
	operations map[string]operation // by catalogue ID; others are answered with the schema's example
	prefix     string               // of the base URL; any other is accepted too
	// Refusals are signed even where the client is not known, for the Client-Id that
	// it sent, and go with HTTP 200: the official SDKs show nothing of an answer
	// without a signature, or with another status.
	signsAll bool
	anyEpoch bool // times in seconds, micro- and nanoseconds are accepted
	isoTime  bool // answers to times in ISO 8601 have such a time too
}

// presets are the platforms, the default first. Filled in by init, as what an
// operation does asks for them.
var presets []preset

func init() {
	presets = []preset{
		{name: "", catalog: catalog.Builtin, operations: operations, prefix: Prefix},
		{name: "ams", catalog: amsCatalog, operations: amsOperations, prefix: "/ams/api", signsAll: true, anyEpoch: true, isoTime: true},
	}
}

// Presets lists the names that Config.Preset takes, beside "".
func Presets() []string {
	var names []string
	for _, p := range presets[1:] {
		names = append(names, p.name)
	}
	return names
}

func findPreset(name string) (*preset, error) {
	i := slices.IndexFunc(presets, func(p preset) bool { return p.name == name })
	if i < 0 {
		return nil, hint.Errorf("leave it out, or choose "+strings.Join(Presets(), " or "), "there is no preset %q", name)
	}
	return &presets[i], nil
}

// with returns the interfaces of the preset and those of a team's own in own.
func (p *preset) with(own *catalog.Catalog) (*catalog.Catalog, error) {
	if own == nil {
		return p.catalog(), nil
	}
	if p.name == "" {
		return own, nil // it began with the built-in ones
	}
	all := &catalog.Catalog{}
	for _, list := range [][]catalog.Endpoint{p.catalog().Endpoints(), own.Endpoints()} {
		for _, e := range list {
			if e.Source == catalog.BuiltinSource {
				continue
			}
			if err := all.Add(e); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

//go:embed ams.openapi.yaml
var amsDocument []byte

// amsSource is the Source of the interfaces of the preset ams.
const amsSource = "preset ams"

var amsCatalog = sync.OnceValue(func() *catalog.Catalog {
	c := &catalog.Catalog{}
	if err := c.Load(context.Background(), amsSource, amsDocument, nil); err != nil {
		panic(fmt.Errorf("the embedded document: %w", err))
	}
	return c
})

// timeFormat is how the answer writes its Response-Time.
func (s *Sandbox) timeFormat(q *request) apiclient.TimeFormat {
	if f := s.config.Client.TimeFormat; f != "" || !s.preset.isoTime {
		return f
	}
	if _, f, err := apiclient.ParseTime(q.time); err == nil && strings.HasPrefix(string(f), "iso") {
		return apiclient.ISO
	}
	return apiclient.Millis
}

// signedTarget is what is signed of the target that was requested.
func (s *Sandbox) signedTarget(q *request) string {
	if s.config.Client.SignedPath == "" {
		return q.target
	}
	return s.rule.Path(q.target)
}

// parseTime reads a Request-Time: epoch milliseconds, or ISO 8601 with a zone
// as older SDKs send it (the protocol, section 3, Time). Other units are
// recognised to be refused by name. The error completes the sentence
// "Request-Time … <error>".
func parseTime(s string) (time.Time, error) {
	t, format, err := apiclient.ParseTime(s)
	switch {
	case err != nil:
		if _, bare := time.Parse("2006-01-02T15:04:05", s); bare == nil {
			return time.Time{}, errors.New("has no zone; add Z or an offset such as +08:00")
		}
		return time.Time{}, errors.New("is neither epoch milliseconds, which have 13 digits, nor ISO 8601")
	case format == apiclient.Seconds:
		return time.Time{}, errors.New("is in seconds; milliseconds are due, three digits more")
	case format == apiclient.Micros:
		return time.Time{}, errors.New("is in microseconds; milliseconds are due, three digits fewer")
	}
	return t, nil
}

// parseTime reads a Request-Time as the preset does: one that is lenient takes any
// unit.
func (s *Sandbox) parseTime(value string) (time.Time, error) {
	units := s.config.Client.TimeFormat != "" || s.preset.anyEpoch
	if t, _, err := apiclient.ParseTime(value); units && err == nil {
		return t, nil
	}
	if nanos, err := strconv.ParseInt(value, 10, 64); units && err == nil && len(value) == len("1795426982752000000") {
		return time.Unix(0, nanos), nil
	}
	return parseTime(value)
}

// isoTime is how the sandbox writes a time inside a body.
func isoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z07:00") }
