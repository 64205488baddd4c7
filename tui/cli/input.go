package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/files"
	"countersign/apiclient/keys"
	"countersign/apiclient/wire"
)

// input is a kind of file that arguments name, and how much of it is read.
type input struct {
	what  string
	limit int // bytes
	fix   string
}

// Inputs. The limits are far above what is signed, and below what fills a
// memory.
var (
	inputBody    = input{"a body", 64 << 20, "give the body alone"}
	inputContent = input{"a signed string", 64 << 20, "give the signed string alone, or the exchange as FILE"}
	inputTold    = input{"what the other side says it signed", 16 << 20,
		"give the part of their log that is about this request"}
	inputSignature = input{"a signature", 1 << 20, "give the value of the Signature header alone"}
	inputKey       = input{"a key", 1 << 20, "name the key file itself"}
	inputEvidence  = input{"an exchange", 256 << 20, "give only the exchange in question"}
)

// readFile reads a file that an argument names; "-" is stdin.
func (a *app) readFile(name string, in input) (data []byte, err error) {
	fromStdin := name == "-"
	if fromStdin {
		name = "stdin"
		data, err = files.ReadUpTo(a.in, in.limit)
	} else {
		data, err = files.Read(name, in.limit)
	}
	var p *fs.PathError
	switch {
	case err == nil:
		return data, nil
	case errors.Is(err, files.ErrTooLarge):
		return nil, usage(in.fix, "%s is larger than %d MB, the most that is read of %s", name,
			in.limit>>20, in.what)
	case fromStdin:
		return nil, unreadable(fmt.Errorf("stdin cannot be read: %w", err))
	case errors.As(err, &p):
		err = p.Err
	}
	return nil, usage("check the name; relative names start in the current folder", "%s cannot be read: %w", name, err)
}

// readBody reads the value of -d: a body, @FILE, or - for stdin.
func (a *app) readBody(value string, in input) ([]byte, error) {
	if value == "-" {
		return a.readFile("-", in)
	}
	if name, ok := strings.CutPrefix(value, "@"); ok {
		return a.readFile(name, in)
	}
	return []byte(value), nil
}

// refuseKey refuses a body that is a private key or holds one: it is a file
// name that was mixed up, and who gets a key can sign as its owner.
func refuseKey(body []byte, force bool) error {
	what := keys.PrivateIn(body)
	if what == "" || force {
		return nil
	}
	return usage("give the request's body with -d; add --force if the key is really to be sent",
		"the body holds %s: it was not sent", what)
}

// parseHeaders reads the values of -H as curl does: "Name: value" sets,
// "Name:" leaves out, "Name;" sends without a value.
func parseHeaders(values []string) (set []apiclient.Field, omit []string, err error) {
	for _, v := range values {
		name, value, colon := strings.Cut(v, ":")
		empty := false
		if !colon {
			if name, empty = strings.CutSuffix(v, ";"); !empty {
				return nil, nil, usage(`write it like -H 'Name: value', or -H 'Name:' to leave it out`,
					"the header %q has no colon", v)
			}
		}
		f := apiclient.Field{Name: name, Value: strings.Trim(value, " \t")}
		if err := wire.CheckField(f); err != nil {
			return nil, nil, unreadable(err)
		}
		if f.Value == "" && !empty {
			omit = append(omit, name)
			continue
		}
		set = append(set, f)
	}
	return set, omit, nil
}

// passphrasePrompt asks for pass phrases on the terminal; nil where there is
// none to ask on.
func (a *app) passphrasePrompt() func(context.Context, string) ([]byte, error) {
	file, ok := a.in.(*os.File)
	if a.flags.json || !ok || !isTerminal(a.in) || !isTerminal(a.err) {
		return nil
	}
	fd := int(file.Fd()) //nolint:gosec // descriptors are small
	return func(ctx context.Context, what string) ([]byte, error) {
		_, _ = fmt.Fprintf(a.err, "Pass phrase of %s: ", what)
		defer func() { _, _ = fmt.Fprintln(a.err) }()
		state, err := term.GetState(fd)
		if err != nil {
			return nil, err
		}
		var wrong error
		pass, err := await(ctx, func() (pass []byte) {
			pass, wrong = term.ReadPassword(fd)
			return pass
		})
		if err != nil {
			_ = term.Restore(fd, state) // ReadPassword is left behind with the echo off
			return nil, err
		}
		return pass, wrong
	}
}

// await returns an answer, or an error where ctx ends before there is one.
func await[T any](ctx context.Context, ask func() T) (answer T, err error) {
	answered := make(chan T, 1)
	go func() { answered <- ask() }()
	select {
	case answer = <-answered:
		return answer, nil
	case <-ctx.Done():
		return answer, ctx.Err()
	}
}

// confirm asks before something is sent to a profile that wants it.
func (a *app) confirm(ctx context.Context, p apiclient.Profile, yes bool) error {
	if !p.Confirm || yes {
		return nil
	}
	return a.askYes(ctx, fmt.Sprintf("Send to %s (profile %s)?", p.BaseURL, p.Name),
		fmt.Sprintf("the profile %q asks for a confirmation, and there is no terminal to ask on", p.Name))
}

// askYes asks before something is sent. cannot says why there is need to ask, where
// there is nobody to.
func (a *app) askYes(ctx context.Context, question, cannot string) error {
	if a.flags.json || !isTerminal(a.in) || !isTerminal(a.err) {
		return usage("add --yes to send without being asked", "%s", cannot)
	}
	_, _ = fmt.Fprintf(a.err, "%s [y/N] ", question)
	line, err := await(ctx, func() string {
		line, _ := bufio.NewReader(a.in).ReadString('\n')
		return strings.ToLower(strings.TrimSpace(line))
	})
	switch {
	case err != nil:
		_, _ = fmt.Fprintln(a.err)
		return err
	case line == "y" || line == "yes":
		return nil
	}
	return failed("answer y to send", "not sent")
}

// parseParams reads --param: a parameter that the path has a place for, or one of
// the query or the header that the catalogue knows.
func parseParams(list []string, e catalog.Endpoint, target string) (params []apiclient.Param, header []apiclient.Field,
	err error) {
	known := apiclient.ParamNames(target)
	inHeader := map[string]bool{}
	for _, p := range e.Parameters {
		if p.In != catalog.InPath {
			inHeader[p.Name] = p.In == catalog.InHeader && !slices.Contains(known, p.Name)
			known = append(known, p.Name)
		}
	}
	for _, text := range list {
		name, value, ok := strings.Cut(text, "=")
		switch {
		case !ok || name == "":
			return nil, nil, usage("write it as --param linkId=…", "--param %q is no NAME=value", text)
		case !slices.Contains(known, name) && len(known) == 0:
			return nil, nil, usage("a query is written behind the path: send '/v2/orders?page=2'", "%s has no parameters",
				target)
		case !slices.Contains(known, name):
			return nil, nil, usage("its parameters are "+strings.Join(known, ", "), "%s has no parameter %q", target, name)
		}
		if inHeader[name] {
			header = append(header, apiclient.Field{Name: name, Value: value})
		} else {
			params = append(params, apiclient.Param{Name: name, Value: value})
		}
	}
	return params, header, nil
}

// given is a text that a flag gives, which may be "".
type given struct {
	text string
	set  bool
}

// Set implements pflag.Value, as String and Type do.
func (g *given) Set(text string) error {
	g.text, g.set = text, true
	return nil
}

func (g *given) String() string { return g.text }

// Type implements pflag.Value.
func (*given) Type() string { return "string" }

// or returns the text, or another where the flag was not given.
func (g *given) or(other string) string {
	if g.set {
		return g.text
	}
	return other
}
