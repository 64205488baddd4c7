package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/term"

	"countersign/apiclient"
	"countersign/apiclient/keys"
	"countersign/apiclient/wire"
	"countersign/tui/cli/config"
)

// maxInput is the most that is read of a file that an argument names, or of
// stdin, in bytes.
const maxInput = 64 << 20

// readFile reads a file that an argument names; "-" is stdin.
func (a *app) readFile(name string) (data []byte, err error) {
	if name == "-" {
		name = "stdin"
		data, err = config.ReadUpTo(a.in, maxInput)
	} else {
		data, err = readNamed(name)
	}
	if err == nil {
		return data, nil
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	hint := "check the name; relative names start in the current folder"
	switch {
	case errors.Is(err, config.ErrTooLarge):
		hint = "take out of it what the question is about, such as the one exchange"
	case name == "stdin":
		hint = ""
	}
	return nil, &codeError{exitUsage, fmt.Errorf("%s cannot be read: %w", name, err), hint}
}

// readNamed reads a file that an argument, or the evidence in one, names.
func readNamed(name string) ([]byte, error) { return config.ReadFile(name, maxInput) }

// readBody reads the value of -d: a body, @FILE, or - for stdin.
func (a *app) readBody(value string) ([]byte, error) {
	if value == "-" {
		return a.readFile("-")
	}
	if name, ok := strings.CutPrefix(value, "@"); ok {
		return a.readFile(name)
	}
	return []byte(value), nil
}

// refuseKey refuses a body that is a private key or holds one: it is a file
// name that was mixed up, and whoever gets a key can sign as its owner.
func refuseKey(body []byte, force bool) error {
	what := keys.PrivateIn(body)
	if what == "" || force {
		return nil
	}
	return usage("give the request's body with -d; add --force if the key is really to be sent", "the body holds %s: it was not sent", what)
}

// parseHeaders reads the values of -H as curl does: "Name: value" sets,
// "Name:" leaves out, "Name;" sends without a value.
func parseHeaders(values []string) (set []apiclient.Field, omit []string, err error) {
	for _, v := range values {
		name, value, colon := strings.Cut(v, ":")
		empty := false
		if !colon {
			if name, empty = strings.CutSuffix(v, ";"); !empty {
				return nil, nil, usage(`write it like -H 'Name: value', or -H 'Name:' to leave it out`, "the header %q has no colon", v)
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
		type answer struct {
			pass []byte
			err  error
		}
		answered := make(chan answer, 1)
		go func() {
			pass, err := term.ReadPassword(fd)
			answered <- answer{pass, err}
		}()
		select {
		case got := <-answered:
			return got.pass, got.err
		case <-ctx.Done():
			_ = term.Restore(fd, state) // ReadPassword is left behind with the echo off
			return nil, ctx.Err()
		}
	}
}

// confirm asks before something is sent to a profile that wants it.
func (a *app) confirm(ctx context.Context, p apiclient.Profile, yes bool) error {
	if !p.Confirm || yes {
		return nil
	}
	if a.flags.json || !isTerminal(a.in) || !isTerminal(a.err) {
		return usage("add --yes to send without being asked", "the profile %q wants a confirmation, and there is no terminal to ask on", p.Name)
	}
	_, _ = fmt.Fprintf(a.err, "Send to %s (profile %s)? [y/N] ", p.BaseURL, p.Name)
	answered := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(a.in).ReadString('\n')
		answered <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case line := <-answered:
		if line == "y" || line == "yes" {
			return nil
		}
		return failed("answer y to send", "not sent")
	case <-ctx.Done():
		_, _ = fmt.Fprintln(a.err)
		return ctx.Err()
	}
}
