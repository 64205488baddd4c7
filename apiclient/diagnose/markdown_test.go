package diagnose_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
)

// TestMarkdownOfHostileExchanges has what breaks out of a report or a
// terminal.
func TestMarkdownOfHostileExchanges(t *testing.T) {
	t.Parallel()
	const evil = "```\n# heading\n| a | b |\n\x1b[2J\x1b]0;title\x07 ` `` <script>alert(1)</script> \u202e\u200b\x00\r\x7f\u009b31m \xff\xfe "
	key := privateKey(t, "client2048")
	for name, s := range map[string]sample{
		"body":     {"/p", "c", "1760000000123", evil, apiclient.RequestSide},
		"path":     {"/p`|<b>\x1b[31m``````", "c", "1760000000123", `{"a":1}`, apiclient.RequestSide},
		"client":   {"/p", "c`|\x1b[31m<b>", "1760000000123", `{"a":1}`, apiclient.RequestSide},
		"time":     {"/p", "c", "```|\x1b[31m<b>", `{"a":1}`, apiclient.RequestSide},
		"response": {"/p", "c", "```|", evil, apiclient.ResponseSide},
		"large":    {"/p", "c", "1760000000123", `{"a":"` + strings.Repeat(evil, 3<<17/len(evil)) + `"}`, apiclient.RequestSide},
		"ticks":    {"/p", "c", "1760000000123", strings.Repeat("`", 3<<17), apiclient.RequestSide},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, content := range []string{s.canonical() + "\n", strings.ToUpper(s.canonical()), evil} {
				p := "algorithm=RSA256, signature=" + base64.StdEncoding.EncodeToString([]byte(evil))
				if content != evil {
					p = sign(t, "client2048", content, "")
				}
				e := s.evidence(t, p)
				e.Expected[0].ID = "a|key`\x1b[31m<b>"
				e.Told = []byte(evil)
				r := diagnosed(e, 5*time.Millisecond)
				report := r.Markdown()
				if i := strings.IndexFunc(report, func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == 0x202e || r == 0x200b }); i >= 0 || !clean(report) {
					t.Errorf("a control character at %d: %q", i, report[max(0, i-40):min(len(report), i+40)])
				}
				if most := 256 << 10; len(report) > most {
					t.Errorf("%d bytes, at most %d are wanted", len(report), most)
				}
				if outside := withoutCode(report); strings.Contains(outside, "<script") || strings.Contains(outside, "<b>") {
					t.Errorf("HTML outside of code: %q", outside)
				}
				for _, secret := range []string{"PRIVATE KEY", hex.EncodeToString(key.D.Bytes())[:32], base64.StdEncoding.EncodeToString(key.D.Bytes())[:32], key.D.String()[:32]} {
					if strings.Contains(report, secret) {
						t.Errorf("the report has key material")
					}
				}
			}
		})
	}
}

// withoutCode drops fenced blocks and code in backticks.
func withoutCode(report string) string {
	var b strings.Builder
	fence := ""
	for _, line := range strings.Split(report, "\n") {
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence != "":
			if line == fence {
				fence = ""
			}
			continue
		case len(ticks) >= 3 && ticks == line:
			fence = line
			continue
		}
		for line != "" {
			start := strings.IndexByte(line, '`')
			if start < 0 {
				break
			}
			run := line[start:]
			run = run[:len(run)-len(strings.TrimLeft(run, "`"))]
			end := strings.Index(line[start+len(run):], run)
			if end < 0 {
				break
			}
			b.WriteString(line[:start])
			line = line[start+len(run)+end+len(run):]
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// TestMarkdown is a report of an ordinary fault.
func TestMarkdown(t *testing.T) {
	t.Parallel()
	s := payment()
	r := diagnosed(s.evidence(t, sign(t, "client2048", s.canonical()+"\n", "")), patience)
	report := r.Markdown()
	for _, want := range []string{"## Signature: mismatch\n", "- **`body_trailing_newline`** (proven): ", "  - Fix: ", "| signed by | client2048, SHA-256, ", " (certain) |", "| searched | ", "Expected, "} {
		if !strings.Contains(report, want) {
			t.Errorf("%q is missing in\n%s", want, report)
		}
	}
	verified := diagnosed(s.evidence(t, sign(t, "client2048", s.canonical(), "")), patience)
	if report := verified.Markdown(); !strings.HasPrefix(report, "## Signature: verified\n") || strings.Contains(report, "Fix") || strings.Contains(report, "searched") {
		t.Errorf("%s", report)
	}
}

// TestSpansOfHostile lays any bytes side by side without losing one.
func TestSpansOfHostile(t *testing.T) {
	t.Parallel()
	a, b := bytes.Repeat([]byte("ab\xff\x00é"), 9000), bytes.Repeat([]byte("ab\xfe\x00è"), 9000)
	for _, pair := range [][2][]byte{{nil, nil}, {a, nil}, {nil, b}, {a[:50], b[:80]}, {a, b}, {a, a}} {
		var signed, expected []byte
		for _, s := range diagnose.Spans(pair[0], pair[1]) {
			if s.Same != bytes.Equal(s.Signed, s.Expected) && s.Same {
				t.Errorf("not the same: %q, %q", s.Signed, s.Expected)
			}
			signed, expected = append(signed, s.Signed...), append(expected, s.Expected...)
		}
		if !bytes.Equal(signed, pair[0]) || !bytes.Equal(expected, pair[1]) {
			t.Errorf("%d and %d bytes became %d and %d", len(pair[0]), len(pair[1]), len(signed), len(expected))
		}
	}
}
