package keys

import (
	"path/filepath"
	"strings"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

// Source says where a key (or a pass phrase) comes from: exactly one of File,
// Env and Command is set.
type Source struct {
	File    string   // path; "~/" is the home folder, relative paths start at Loader.Dir
	Env     string   // name of an environment variable that holds the key itself
	Command []string // program and arguments, run without a shell; its standard output is the key

	Passphrase *Source // where its pass phrase comes from; nil: ask, if there is a way to ask
}

// Validate checks that exactly one place is named, here and in Passphrase.
func (s Source) Validate() error {
	var named []string
	if s.File != "" {
		named = append(named, "file")
	}
	if s.Env != "" {
		named = append(named, "env")
	}
	if s.Command != nil {
		named = append(named, "command")
	}
	const due = "write { file = \"…\" }, { env = \"NAME\" } or { command = [\"program\", \"argument\"] }"
	switch {
	case len(named) == 0:
		return &hint.Error{Says: "no source is named: one of file, env and command is due", Fix: due}
	case len(named) > 1:
		return &hint.Error{Says: strings.Join(named, " and ") + " are both set: exactly one source is due", Fix: due}
	case s.Command != nil && (len(s.Command) == 0 || s.Command[0] == ""):
		return &hint.Error{Says: "the command is empty", Fix: due}
	case s.File != "" && !fileName(s.File):
		return &hint.Error{Says: "file wants the path of a file, and this looks like the key itself",
			Fix: "save the key in a file that only you may read, and name that"}
	case s.Env != "" && !variableName.MatchString(s.Env):
		return &hint.Error{Says: "env wants the name of a variable, without \"$\" and not its value",
			Fix: "for example { env = \"MERCHANT_KEY\" }"}
	}
	if s.Passphrase == nil {
		return nil
	}
	if s.Passphrase.Passphrase != nil {
		return &hint.Error{Says: "passphrase: a pass phrase cannot have a pass phrase of its own", Fix: due}
	}
	if err := s.Passphrase.Validate(); err != nil {
		return at("passphrase", err)
	}
	return nil
}

var variableName = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_.()-]{0,99}$`)

// fileName reports whether s may be a path. A key that was put in the place
// of its path must not come back in an error.
func fileName(s string) bool {
	return !strings.ContainsAny(s, "\n\r\x00") && !strings.Contains(s, "-----") &&
		!(strings.HasPrefix(s, "MII") && len(s) > 100)
}

// String names the place and never holds a secret: the path, "$NAME", or the
// program without its arguments.
func (s Source) String() string {
	switch {
	case s.File != "" && !fileName(s.File):
		return "file"
	case s.File != "":
		return s.File
	case s.Env != "" && !variableName.MatchString(s.Env):
		return "env"
	case s.Env != "":
		return "$" + s.Env
	case len(s.Command) > 0:
		return "command " + filepath.Base(s.Command[0])
	}
	return "no source"
}
