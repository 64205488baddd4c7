package sandbox

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

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
