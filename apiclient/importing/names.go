package importing

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the longest name of a file or folder, in bytes, without its ending.
const maxName = 80

// reserved are names that Windows has for devices.
var reserved = map[string]bool{"con": true, "prn": true, "aux": true, "nul": true, "conin": true, "conout": true}

// safeName makes a name that every disk takes out of a name that a person gave: small
// letters and digits of any language, with - between them. otherwise is the name of
// what has none of them.
func safeName(name, otherwise string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		keep := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && b.Len() > 0
		switch {
		case r == utf8.RuneError:
			keep = false
		case b.Len()+utf8.RuneLen(r) > maxName:
			return finished(b.String(), otherwise)
		}
		if keep {
			b.WriteRune(r)
		} else if b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
			b.WriteByte('-')
		}
	}
	return finished(b.String(), otherwise)
}

func finished(name, otherwise string) string {
	name = strings.Trim(name, "-")
	if name == "" {
		return otherwise
	}
	device := strings.TrimRight(name, "0123456789")
	if reserved[name] || (device == "com" || device == "lpt") && len(name) == 4 {
		return name + "-" + otherwise
	}
	return name
}

// fileName is the name of a request file.
func fileName(name, otherwise string) string { return safeName(name, otherwise) + ".http" }

// fileNames is the path of a folder in folders.
func fileNames(folders []string) string {
	safe := make([]string, 0, len(folders))
	for _, f := range folders {
		safe = append(safe, safeName(f, "folder"))
	}
	return path.Join(safe...)
}

// title is a name as it can stand behind ###: one line, without # before it.
func title(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, "?"))
	return strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(name), "#"))
}
