package keys

import (
	"encoding/base64"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
)

// labelOf is the armour that a key without one belongs to.
func labelOf(b64 string) string {
	if strings.HasPrefix(b64, "MIIBI") {
		return "PUBLIC KEY"
	}
	return "PRIVATE KEY"
}

// writings are the texts that people have a key in: each writes PEM or its base64.
var writings = map[string]func(pem, b64 string) string{
	"properties, continued": func(_, b64 string) string {
		return "wallet.id=7\nwallet.key=" + strings.Join(cut(b64, 64), " \\\n    ") + "\nwallet.name=shop\n"
	},
	"properties, escaped": func(_, b64 string) string {
		return "wallet.url=https\\://example.com\nwallet.key=" + strings.ReplaceAll(b64, "=", `\=`) + "\n"
	},
	"properties, PEM": func(pem, _ string) string {
		return "k=" + strings.ReplaceAll(strings.ReplaceAll(pem, "=", `\=`), "\n", "\\n\\\n  ")
	},
	"JavaScript, concatenated": func(_, b64 string) string {
		return "const keyOf = \"" + strings.Join(cut(b64, 64), "\" +\n  \"") + "\";\nmodule.exports = { keyOf };\n"
	},
	"JavaScript, array": func(pem, _ string) string {
		return "const key = [\n  '" + strings.Join(strings.Split(strings.TrimSpace(pem), "\n"), "',\n  '") + "',\n].join('\\n')\n"
	},
	"JavaScript, template": func(pem, _ string) string { return "export default {\n  key: `" + pem + "`,\n}\n" },
	"Java, lines": func(pem, _ string) string {
		return "  static final String KEY = \"" + strings.Join(strings.Split(strings.TrimSpace(pem), "\n"), "\\n\"\n      + \"") + "\";\n"
	},
	"Java, separator": func(pem, _ string) string {
		return "String k = \"" + strings.Join(strings.Split(strings.TrimSpace(pem), "\n"), "\" + System.lineSeparator() +\n \"") + "\";"
	},
	"Java, builder": func(_, b64 string) string {
		return "sb.append(\"" + strings.Join(cut(b64, 60), "\");\n        sb.append(\"") + "\");\n"
	},
	"C, adjacent": func(pem, _ string) string {
		return "static const char *k =\n\"" + strings.ReplaceAll(strings.TrimSpace(pem), "\n", "\\n\"\n\"") + "\\n\";\n"
	},
	"C#, verbatim": func(_, b64 string) string {
		return "var rsa = RSA.Create(); var k = Convert.FromBase64String(@\"" + b64 + "\");"
	},
	"Python, implicit": func(_, b64 string) string {
		return "KEY = (\n    '" + strings.Join(cut(b64, 76), "'  # more\n    '") + "'\n)\n"
	},
	"Python, triple": func(pem, _ string) string { return "KEY = b\"\"\"" + pem + "\"\"\"\nprint(KEY)\n" },
	"Go": func(_, b64 string) string {
		return "const key = `" + b64 + "`\n\nfunc main() { fmt.Println(key) }\n"
	},
	"PHP":         func(_, b64 string) string { return "<?php\n$privateKey = '" + b64 + "';\n" },
	"PHP, define": func(_, b64 string) string { return "<?php\ndefine('KEY', '" + b64 + "');\n?>\n" },
	"PHP, dots": func(_, b64 string) string {
		return "<?php\n$k = '" + strings.Join(cut(b64, 64), "'\n  . '") + "';\n"
	},
	"PHP, appended": func(_, b64 string) string {
		return "<?php\n$k = '" + strings.Join(cut(b64, 64), "';\n$k .= '") + "';\n"
	},
	"PHP, constant": func(pem, _ string) string {
		return "<?php $k = '" + strings.Join(strings.Split(strings.TrimSpace(pem), "\n"), "' . PHP_EOL . '") + "';"
	},
	"PHP, heredoc": func(pem, _ string) string { return "<?php\n$k = <<<KEY\n" + pem + "KEY;\n" },
	"Visual Basic": func(_, b64 string) string {
		return "Dim k As String = \"" + strings.Join(cut(b64, 64), "\" & vbCrLf & _\n  \"") + "\"\n"
	},
	"PHP, wordwrap": func(_, b64 string) string {
		return "<?php\n$k = \"-----BEGIN " + labelOf(b64) + "-----\\n\" . wordwrap('" + b64 + "', 64, \"\\n\", true) . \"\\n-----END " + labelOf(b64) + "-----\";\n"
	},
	"base64 twice, of PEM": func(pem, _ string) string {
		return base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(pem))))
	},
	"base64 twice":      func(_, b64 string) string { return base64.StdEncoding.EncodeToString([]byte(b64)) },
	"PEM in an address": func(pem, _ string) string { return "key=" + url.PathEscape(pem) + "&x=1" },
	"PEM in a form":     func(pem, _ string) string { return url.QueryEscape(pem) },
	"PowerShell": func(pem, _ string) string {
		return "$key = \"" + strings.ReplaceAll(pem, "\n", "`r`n") + "\"\nWrite-Host $key\n"
	},
	"shell":      func(pem, _ string) string { return "cat > k.pem <<'EOF'\n" + pem + "EOF\nchmod 600 k.pem\n" },
	"env":        func(_, b64 string) string { return "# wallet\nID=7\nKEY=\"" + b64 + "\"\nURL=https://example.com\n" },
	"env, lines": func(pem, _ string) string { return "ID=7\nKEY=\"" + strings.ReplaceAll(pem, "\n", `\n`) + "\"\n" },
	"YAML, literal": func(pem, _ string) string {
		return "wallet:\n  id: 7\n  key: |\n    " + strings.ReplaceAll(strings.TrimSpace(pem), "\n", "\n    ") + "\n  url: x\n"
	},
	"YAML, folded": func(_, b64 string) string {
		return "wallet:\n  key: >-\n    " + strings.Join(cut(b64, 64), "\n    ") + "\n  url: https://example.com\n"
	},
	"Kubernetes": func(pem, _ string) string {
		return "kind: Secret\ndata:\n  id: Nw==\n  key.pem: " + base64.StdEncoding.EncodeToString([]byte(pem)) + "\ntype: Opaque\n"
	},
	"JSON": func(pem, _ string) string {
		return fmt.Sprintf(`{"id": "7", "wallet": {"key": "%s", "url": "https:\/\/example.com"}}`,
			strings.ReplaceAll(strings.ReplaceAll(pem, "\n", `\r\n`), "+", `\u002b`))
	},
	"JSON in JSON": func(pem, _ string) string {
		return `{"secret":"{\"key\":\"` + strings.ReplaceAll(pem, "\n", `\\n`) + `\"}"}`
	},
	"XML, attribute": func(_, b64 string) string {
		return "<configuration>\n  <add key=\"WalletKey\" value=\"" + b64 + "\" />\n</configuration>\n"
	},
	"XML, element": func(_, b64 string) string {
		return "<?xml version=\"1.0\"?>\n<entry key=\"k\">\n" + strings.Join(cut(b64, 64), "\n") + "\n</entry>"
	},
	"mail, quoted-printable": func(_, b64 string) string {
		return "Key:\n" + strings.Join(cut(strings.ReplaceAll(b64, "=", "=3D"), 75), "=\n") + "\n\nRegards\n"
	},
	"patch": func(pem, _ string) string {
		return "@@ -0,0 +1,28 @@\n+" + strings.ReplaceAll(strings.TrimSpace(pem), "\n", "\n+") + "\n"
	},
	"Terraform": func(pem, _ string) string {
		return "key = <<-EOT\n    " + strings.ReplaceAll(pem, "\n", "\n    ") + "EOT\n"
	},
	"Ruby": func(_, b64 string) string { return "KEY = '" + strings.Join(cut(b64, 60), "' \\\n  '") + "'.freeze\n" },
	"Kotlin": func(pem, _ string) string {
		return "val k = \"\"\"\n    |" + strings.ReplaceAll(strings.TrimSpace(pem), "\n", "\n    |") + "\n\"\"\".trimMargin()\n"
	},
	"rich text": func(pem, _ string) string { return `{\rtf1 ` + strings.ReplaceAll(pem, "\n", "\\par\n") + "}" },
	"bold": func(pem, _ string) string {
		return strings.ReplaceAll(strings.ReplaceAll(pem, "-----BEGIN", "**-----BEGIN"), "KEY-----\n", "KEY-----**\n")
	},
	"numbers of lines": func(pem, _ string) string {
		var out strings.Builder
		for i, line := range strings.Split(strings.TrimSpace(pem), "\n") {
			fmt.Fprintf(&out, "%4d  %s\n", i+1, line)
		}
		return out.String()
	},
	"prompt": func(_, b64 string) string { return b64 + "%\n" },
	"table":  func(_, b64 string) string { return "| name | value |\n|---|---|\n| key | `" + b64 + "` |\n" },
	"URL":    func(_, b64 string) string { return "https://example.com/?id=7&key=" + url.QueryEscape(b64) + "&x=1\n" },
	"mail": func(pem, _ string) string {
		return "On Monday they wrote:\n> " + strings.ReplaceAll(pem, "\n", "\n> ") + "\nRegards\n"
	},
	"comment": func(pem, _ string) string { return "// " + strings.ReplaceAll(pem, "\n", "\n// ") + "\n" },
	"notes": func(_, b64 string) string {
		return "# The key of the wallet\n\nIt was made on Monday:\n\n```\n" + b64 + "\n```\n\nDo not share it.\n"
	},
	"notes, words after": func(_, b64 string) string {
		return "Key of the wallet:\n" + strings.TrimRight(b64, "=") + "\nRegards from the team\n"
	},
	"SQL":     func(_, b64 string) string { return "INSERT INTO k VALUES (7, '" + b64 + "');\n" },
	"chat":    func(_, b64 string) string { return "hi, here it is: " + b64 + ", thanks" },
	"command": func(_, b64 string) string { return "java -Dwallet.key=" + b64 + " -jar shop.jar\n" },
}

func cut(s string, n int) []string {
	var lines []string
	for len(s) > n {
		lines, s = append(lines, s[:n]), s[n:]
	}
	return append(lines, s)
}

func TestWritings(t *testing.T) {
	t.Parallel()
	want := fixtureKey(t, "client2048")
	for _, half := range []struct{ kind, pem, b64 string }{
		{"private", "client2048.pkcs8.pem", "client2048.pkcs8.b64"},
		{"private", "client2048.pkcs1.pem", "client2048.pkcs1.b64"},
		{"public", "client2048.pub.spki.pem", "client2048.pub.spki.b64"},
		{"public", "client2048.cert.pem", "client2048.cert.b64"},
	} {
		pem, b64 := string(fixture(t, half.pem)), strings.TrimSpace(string(fixture(t, half.b64)))
		for name, write := range writings {
			ways := map[string]string{"": write(pem, b64)}
			if half.pem == "client2048.pub.spki.pem" || half.pem == "client2048.pkcs8.pem" && strings.Contains(name, ", ") {
				ways["CRLF"] = strings.ReplaceAll(write(pem, b64), "\n", "\r\n")
				ways["HTML"] = strings.ReplaceAll(html.EscapeString(write(pem, b64)), "+", "&#43;")
				ways["HTML, twice"] = strings.ReplaceAll(html.EscapeString(html.EscapeString(strings.ReplaceAll(write(pem, b64), "+", "&#x2B;"))),
					"\n", "<br/>\n")
			}
			for way, text := range ways {
				name := half.pem + " in " + name + " " + way
				var err error
				var warnings []string
				if half.kind == "private" {
					var k Private
					if k, err = ParsePrivate(t.Context(), []byte(text), nil); err == nil && !k.Key.Equal(want) {
						t.Errorf("%s: another key was read", name)
					}
					warnings = k.Warnings
				} else {
					var k Public
					if k, err = ParsePublic(t.Context(), []byte(text), nil); err == nil && !k.Key.Equal(&want.PublicKey) {
						t.Errorf("%s: another key was read", name)
					}
					warnings = k.Warnings
				}
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				checkSilence(t, []byte(text), err, warnings)
			}
		}
	}
}

// What other tools refuse is read, and said.
func TestTypography(t *testing.T) {
	t.Parallel()
	pem := string(fixture(t, "client2048.pkcs8.pem"))
	b64 := strings.TrimSpace(string(fixture(t, "client2048.pkcs8.b64")))
	const dashes, unseen, spaces = "typographic dashes", "invisible characters", "non-breaking spaces"
	for name, c := range map[string]struct{ text, warning string }{
		"en dashes":         {strings.ReplaceAll(pem, "-", "\u2013"), dashes},
		"em dashes":         {strings.ReplaceAll(pem, "-----", "\u2014\u2014-"), dashes},
		"minus signs":       {strings.ReplaceAll(pem, "-", "\u2212"), dashes},
		"zero-width spaces": {strings.ReplaceAll(pem, "\n", "\u200b\n"), unseen},
		"soft hyphens":      {b64[:300] + "\u00ad" + b64[300:], unseen},
		"word joiners":      {b64[:300] + "\u2060" + b64[300:], unseen},
		"no-break spaces":   {strings.ReplaceAll(pem, "\n", "\u00a0\n"), spaces},
		"in the armour":     {strings.ReplaceAll(pem, " ", "\u00a0"), spaces},
		"narrow spaces":     {strings.ReplaceAll(pem, " ", "\u202f"), spaces},
		"full width":        {strings.ReplaceAll(b64, "+", "\uff0b"), "full-width characters"},
		"HTML":              {strings.ReplaceAll(b64, "+", "&#43;"), "HTML-escaped"},
		"HTML, spaces":      {strings.ReplaceAll(pem, " ", "&nbsp;"), spaces},
		"dashes elsewhere":  {"The key \u2013 of the wallet \u2013 is\u00a0this:\n" + pem, ""},
	} {
		k, err := ParsePrivate(t.Context(), []byte(c.text), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		all := strings.Join(k.Warnings, "; ")
		if c.warning == "" && all != "" || !strings.Contains(all, c.warning) {
			t.Errorf("%s: warnings %q, want %q", name, all, c.warning)
		}
	}
}

// Of several keys the one that was asked for is read; where several fit, none is.
func TestNotes(t *testing.T) {
	t.Parallel()
	b64 := func(name string) string { return strings.TrimSpace(string(fixture(t, name))) }
	own, ownPublic, others := b64("client2048.pkcs8.b64"), b64("client2048.pub.spki.b64"), b64("server2048.pub.spki.b64")
	notes := "# private key\n\n```\n" + own + "\n```\n\n# public key\n\n```\n" + ownPublic + "\n```\n"
	if k, err := ParsePrivate(t.Context(), []byte(notes), nil); err != nil || !k.Key.Equal(fixtureKey(t, "client2048")) {
		t.Errorf("private: %v", err)
	}
	k, err := ParsePublic(t.Context(), []byte(notes), nil)
	if err != nil || !k.Key.Equal(&fixtureKey(t, "client2048").PublicKey) || k.Format != "SPKI base64 without armour" {
		t.Errorf("public: %s, %v", k.Format, err)
	}
	d, err := Inspect(t.Context(), []byte(notes), nil)
	if err != nil || d.Kind != KindPrivate || d.Line != 4 || len(d.Also) != 1 || d.Also[0].Kind != KindPublic || d.Also[0].Line != 10 {
		t.Errorf("%+v, %v", d, err)
	}
	notes += "\n# key of the Super App\n\n" + others + "\n"
	_, err = ParsePublic(t.Context(), []byte(notes), nil)
	const want = "it holds 2 keys, and any may be meant where a public key is due: " +
		"line 10: an SPKI public key SHA256:14b701f1…; line 15: an SPKI public key SHA256:"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("two public keys: %v", err)
	}
	checkSilence(t, []byte(notes), err, nil)
	if _, err = ParsePrivate(t.Context(), []byte(notes), nil); err != nil {
		t.Errorf("one private key among three: %v", err)
	}
}

func BenchmarkPrivateIn(b *testing.B) {
	body := []byte(`{"rows":[` + strings.TrimSuffix(strings.Repeat(`{"id":"2021\n","name":"a + \"b\" shop","n":1.5},`, 500), ",") + `]}`)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if PrivateIn(body) != "" {
			b.Fatal("a key was found")
		}
	}
}

// What is made to be slow is not: the work is linear in the text.
func BenchmarkHostileText(b *testing.B) {
	b64 := strings.TrimSpace(string(fixture(b, "client2048.pub.spki.b64")))
	for name, part := range map[string]string{
		"quotes": `"`, "joints": `"+"`, "appends": "\"); sb.append(\"", "entities": "&amp;", "escapes": `\\u002b`, "backslashes": `\`,
		"keys": b64 + "\n", "starts": "MIIEvgIBADANBgkqhkiG9w0B ", "PEM in base64": "LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0t ",
		"BEGIN": "-----BEGIN PUBLIC KEY-----\n" + b64[:64] + "\n", "braces": "{kty", "XML": "<RSAKeyValue>", "tags": "<p ", "percent": "MIIE%2B",
	} {
		b.Run(name, func(b *testing.B) {
			text := []byte(strings.Repeat(part, maxSource/len(part)))
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				_, _ = Inspect(b.Context(), text, nil)
			}
		})
	}
}

// UTF-16 may lack its mark.
func TestUTF16WithoutMark(t *testing.T) {
	t.Parallel()
	var text []byte
	for _, c := range fixture(t, "client2048.pub.spki.pem") {
		text = append(text, c, 0)
	}
	k, err := ParsePublic(t.Context(), text, nil)
	if err != nil || len(k.Warnings) == 0 {
		t.Errorf("%v, warnings %q", err, k.Warnings)
	}
}
