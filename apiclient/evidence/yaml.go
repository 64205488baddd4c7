package evidence

import (
	"bytes"
	"encoding/json"

	"github.com/pb33f/go-yaml"

	"countersign/apiclient/lazyregexp"
)

// yamlRequest is in a request that is written in YAML: a cassette of VCR, an
// export of Insomnia, a dump.
var yamlRequest = lazyregexp.New(`(?m)^[ \t-]*headers:[ \t]*\r?\n[ \t]+(?:- )?["']?[A-Za-z][\w-]*["']?:`)

// maxYAML is how long a text in YAML may be, in bytes: it is parsed as a whole.
const maxYAML = 4 << 20

// fromYAML writes a text in YAML that has a request as JSON.
func fromYAML(text []byte) ([]byte, bool) {
	if len(text) > maxYAML || !yamlRequest.Match(text) || !bytes.Contains(bytes.ToLower(text), []byte("method: ")) {
		return nil, false
	}
	var n yaml.Node
	if yaml.Unmarshal(text, &n) != nil {
		return nil, false
	}
	steps := len(text)
	out, err := json.Marshal(asWritten(&n, &steps, 0))
	return out, err == nil && hasRequest(out)
}

// asWritten returns the values of YAML with its scalars as they are written: an ID of
// 22 digits is no number.
func asWritten(n *yaml.Node, steps *int, depth int) any {
	if *steps--; n == nil || *steps < 0 || depth > maxDumpDepth {
		return nil
	}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) > 0 {
			return asWritten(n.Content[0], steps, depth+1)
		}
	case yaml.AliasNode:
		return asWritten(n.Alias, steps, depth+1)
	case yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			list = append(list, asWritten(c, steps, depth+1))
		}
		return list
	case yaml.MappingNode:
		members := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			members[n.Content[i].Value] = asWritten(n.Content[i+1], steps, depth+1)
		}
		return members
	case yaml.ScalarNode:
		if n.ShortTag() != "!!null" {
			return n.Value
		}
	}
	return nil
}
