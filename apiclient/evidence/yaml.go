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
	var v any
	if yaml.Unmarshal(text, &v) != nil {
		return nil, false
	}
	out, err := json.Marshal(v)
	return out, err == nil && hasRequest(out)
}

func isYAML(text []byte) bool { _, ok := fromYAML(text); return ok }

func (r Reader) readYAML(text []byte) (Evidence, error) {
	plain, _ := fromYAML(text)
	return r.readDump(plain)
}
