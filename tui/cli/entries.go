package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/evidence"
	"countersign/apiclient/hint"
)

// readEvidence reads the one exchange of a file that is asked about.
func (a *app) readEvidence(
	ctx context.Context, name string, data []byte, o evidenceOptions,
) (apiclient.Exchange, error) {
	if o.entry < 0 {
		return apiclient.Exchange{}, usage("give a number from 1 on", "there is no exchange %d in %s", o.entry, name)
	}
	read, err := evidence.Reader{ReadFile: a.bodyFiles(name), Names: a.headerNames(""), Entry: o.entry}.Read(data)
	switch {
	case errors.Is(err, evidence.ErrRunList):
		return apiclient.Exchange{}, usage("give one run whole: countersign history show RUN --json", "%s: %w", name, err)
	case errors.Is(err, evidence.ErrNoEntry):
		return apiclient.Exchange{}, usage("", "%w in %s", err, name)
	case err != nil:
		return apiclient.Exchange{}, unreadable(fmt.Errorf("%s: %w", name, err))
	}
	for _, note := range read.Notes {
		a.warn(note)
	}
	if len(read.Exchanges) > 1 {
		return apiclient.Exchange{}, a.chooseEntry(ctx, name, read, o)
	}
	e := read.Exchanges[0]
	if e.Profile != "" {
		// It may come from another machine, whose profiles are not here.
		_ = a.useProfileOf(e)
	}
	return e, nil
}

// maxListed is how many exchanges are listed to choose from.
const maxListed = 20

// chooseEntry is the error that lists the exchanges of a file, one of which is
// to be chosen.
func (a *app) chooseEntry(ctx context.Context, name string, read evidence.Evidence, o evidenceOptions) error {
	p, err := a.verifier(ctx, len(o.loaded) > 0)
	if err != nil {
		return err
	}
	n := len(read.Exchanges)
	of := fmt.Sprintf("%d exchanges", n)
	if n < read.Of {
		of = fmt.Sprintf("%d signed exchanges, of %d", n, read.Of)
	}
	list := &listError{says: fmt.Sprintf("%s has %s:", name, of)}
	for i := range read.Exchanges {
		if i == maxListed {
			list.lines = append(list.lines, fmt.Sprintf("… %d more", n-i))
			break
		}
		e := read.Exchanges[i]
		list.lines = append(list.lines, fmt.Sprintf("%3d  %-4s %s%s%s", read.Numbers[i], e.Request.Method(),
			clipped(e.Request.Path(), maxPath), a.timeOf(&e), a.standing(p, e, o)))
	}
	fix := fmt.Sprintf("choose one with --entry, from 1 to %d", n)
	if first, last := read.Numbers[0], read.Numbers[n-1]; last != n {
		fix = fmt.Sprintf("choose one by its number, such as --entry %d", first)
	}
	return &codeError{exitUsage, list, hint.Fix(fix)}
}

// maxPath is how many bytes of a path are shown in a list.
const maxPath = 80

func clipped(s string, limit int) string {
	if len(s) > limit {
		return strings.ToValidUTF8(s[:limit], "") + "…"
	}
	return s
}

// timeOf is when a request was made, by its own header or the file's clock.
func (a *app) timeOf(e *apiclient.Exchange) string {
	if t := e.Request.Get(a.headerNames("").Of(apiclient.HeaderRequestTime)); t != "" {
		return "  " + clipped(t, len("2026-01-02T15:04:05.000+00:00"))
	}
	if !e.StartedAt.IsZero() {
		return "  " + e.StartedAt.Format("2006-01-02T15:04:05Z07:00")
	}
	return ""
}

// standing is the verdict on an exchange of a list; "" where no key is known to
// judge it.
func (a *app) standing(p apiclient.Profile, e apiclient.Exchange, o evidenceOptions) string {
	o.ids(&e)
	e.SignedAs = ""
	read, err := diagnose.Both(apiclient.Side(o.side), &e, func(side apiclient.Side) (diagnose.Evidence, error) {
		v, err := diagnose.FromProfile(p, e, side)
		if err != nil {
			return v, err
		}
		return a.chooseKeys(v, p, o.loaded, o)
	})
	if err != nil {
		return "  cannot be judged: " + err.Error()
	}
	return "  " + string(read.Sides.Of(read.Side).Status)
}
