package evidence

import (
	"bytes"
	"testing"
)

// The curl commands that the explorer copies are read back: those that say that
// they are tampered, and those whose body no word can hold.
func TestOwnCurlCommands(t *testing.T) {
	t.Parallel()
	const tail = "curl -g --http1.1 -sS -i -X 'POST' \\\n  'https://x.test/a' \\\n  -H 'Client-Id: 1' \\\n  "
	for text, body := range map[string]string{
		": 'tampered on purpose: it'\\''s | bad'\n" + tail + "--data-binary '{}'\n": "{}",
		`printf %b 'a\0000\\\0377'\'' é` + "\n' | " + tail + "--data-binary @-\n":   "a\x00\\\xff' é\n",
		`printf %s 'a\0000\\ | b' | ` + tail + "--data-binary @-\n":                 `a\0000\\ | b`,
		": 'tampered on purpose: x'\nprintf %b '' | " + tail + "--data-binary @-\n": "",
	} {
		got, err := Reader{}.Read([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if e := got.Exchanges[0]; got.Kind != Curl || !bytes.Equal(e.Request.Body, []byte(body)) || e.ClientID != "1" || e.Request.Method() != "POST" {
			t.Errorf("%s is read as %q with the body %q", text, e.Request.Line, e.Request.Body)
		}
	}
	for _, text := range []string{"printf %d 'x' | curl x -d @-", "printf %b 'x' curl x", "printf %b 'x' | cat", "printf %b 'x", ": 'x'\nrm x", ": 'x"} {
		if got, err := (Reader{}).Read([]byte(text)); err == nil && got.Kind == Curl {
			t.Errorf("%s is read as %+v", text, got.Exchanges[0].Request)
		}
	}
}
