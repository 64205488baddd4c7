package cli

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/spf13/pflag"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/hint"
	"countersign/apiclient/localcert"
	"countersign/apiclient/watch"
	"countersign/tui"
	"countersign/tui/cli/config"
	"countersign/tui/ui"
)

// watchOptions are of the commands that listen, and show what passes.
type watchOptions struct {
	tui.Wish
	host         string // of capture: what the upstream is told; "": its own
	noSave, fail bool
	keep, keepMB int
	secure       tlsOptions
	told         string // of listen: what the handler built
}

func (o *watchOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.Listen, "listen", "127.0.0.1:0", "listen on this `ADDRESS`; port 0 takes a free one")
	o.secure.flags(f)
	f.BoolVar(&o.noSave, "no-save", false, "do not keep the exchanges in the history")
	f.IntVar(&o.keep, "keep", defaultKeep,
		"keep the newest `N` runs that verify, and as many that do not; pinned ones stay")
	f.IntVar(&o.keepMB, "keep-mb", defaultKeepMB, "keep at most `N` megabytes of runs; the oldest go first")
	f.BoolVar(&o.fail, "fail", false, "end with exit code 3 if a signature failed")
}

// How many runs of a capture are kept where nothing else is said, of either kind, and
// how many megabytes of both.
const (
	defaultKeep   = 10_000
	defaultKeepMB = 2_000
)

// tlsOptions are of a command that listens.
type tlsOptions struct {
	made      bool // with a certificate that is made for this machine
	cert, key string
}

func (o *tlsOptions) flags(f *pflag.FlagSet) {
	f.BoolVar(&o.made, "tls", false, "listen for HTTPS, with a certificate that is made for this machine")
	f.StringVar(&o.cert, "tls-cert", "", "listen for HTTPS, with the certificate in this `FILE`")
	f.StringVar(&o.key, "tls-key", "", "the private key of --tls-cert in this `FILE`")
}

func (o tlsOptions) scheme() string {
	if o.made || o.cert != "" {
		return "https"
	}
	return "http"
}

// listenOn opens a port. caFile is what clients must trust, where the certificate
// was made here.
func (a *app) listenOn(address string, o tlsOptions) (l net.Listener, caFile string, err error) {
	var cert tls.Certificate
	switch {
	case (o.cert == "") != (o.key == ""):
		return nil, "", usage("give both: --tls-cert FILE --tls-key FILE", "--tls-cert and --tls-key go together")
	case o.cert != "":
		if cert, err = tls.LoadX509KeyPair(o.cert, o.key); err != nil {
			return nil, "", usage("give a certificate and its private key, both in PEM",
				"the certificate cannot be used: %w", err)
		}
	case o.made:
		dir, err := config.DataDir(a.env)
		if err != nil {
			return nil, "", err
		}
		if cert, caFile, err = localcert.Server(dir, a.now()); err != nil {
			return nil, "", err
		}
	}
	if l, err = net.Listen("tcp", address); err != nil {
		return nil, "", failed("choose another --listen, such as 127.0.0.1:8090", "it cannot listen on %s: %v", address, err)
	}
	if cert.Certificate != nil {
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12,
			NextProtos: []string{"http/1.1"}})
	}
	return l, caFile, nil
}

// watchTraffic serves until ctx is done, and prints what passes.
func (a *app) watchTraffic(ctx context.Context, o watchOptions) error {
	p, err := a.namedProfile(ctx, "")
	if err != nil {
		return err
	}
	tell := func(s watch.Seen) {
		a.tellSeen(s)
		if !o.noSave {
			a.sayNotices()
		}
	}
	r, setUp, err := a.startTraffic(p, o, tell, func(err error) { a.warnOnce(err.Error() + "; " + hint.Of(err)) })
	if err != nil {
		return err
	}
	var out printer
	out.line("Listening on %s. ctrl+c ends it.\n", setUp.At)
	out.lines("", setUp.Text())
	_, _ = fmt.Fprintln(a.err, out.String())
	started()
	select {
	case <-ctx.Done():
	case <-r.Done():
	}
	counts, err := r.Stop()
	a.saysCounts(counts)
	switch {
	case err != nil:
		return failed("", "%v", err)
	case o.fail && counts.Failed > 0:
		return said(exitUnverified)
	}
	return nil
}

// startTraffic opens the port and starts to serve. tell is called with each
// exchange, unspoken with what was not HTTP.
func (a *app) startTraffic(p apiclient.Profile, o watchOptions, tell func(watch.Seen), unspoken func(error)) (
	*watch.Running, watch.SetUp, error,
) {
	configure := a.captureConfig
	if o.Kind == apiclient.FromListen {
		configure = a.listenConfig
	}
	c, err := configure(p, o)
	if err != nil {
		return nil, watch.SetUp{}, err
	}
	t, err := a.traffic(p, o)
	if err != nil {
		return nil, watch.SetUp{}, err
	}
	var caFile string
	if t.Listener, caFile, err = a.listenOn(o.Listen, o.secure); err != nil {
		return nil, watch.SetUp{}, err
	}
	c.Now, c.Whole, c.Unspoken = a.now, watch.Whole(t.Client), unspoken
	t.Capture, t.Tell = c, tell
	r, err := watch.Start(t)
	if err != nil {
		return nil, watch.SetUp{}, unreadable(err)
	}
	return r, watch.NewSetUp(p, c, t.Listener.Addr(), o.secure.scheme() == "https", caFile), nil
}

func (a *app) saysCounts(c watch.Counts) {
	text := fmt.Sprintf("%s passed, %s failed", ui.Thousands(int(c.Passed)), ui.Thousands(int(c.Failed)))
	if c.Unexplained > 0 {
		text += fmt.Sprintf(", %s of these without an explanation here: countersign diagnose gives it",
			ui.Thousands(int(c.Unexplained)))
	}
	if c.Unsaved > 0 {
		text += fmt.Sprintf(", %s are not in the history: it could not keep up or be written", ui.Thousands(int(c.Unsaved)))
	}
	_, _ = fmt.Fprintln(a.err, text)
}

// traffic is what judges, explains and keeps what passes.
func (a *app) traffic(p apiclient.Profile, o watchOptions) (t watch.Traffic, err error) {
	if t.Client, err = apiclient.New(p, apiclient.Options{Now: a.now}); err != nil {
		return t, err
	}
	if t.Catalog, err = a.catalog(); err != nil {
		return t, err
	}
	t.Explain = func(ctx context.Context, e apiclient.Exchange) (diagnose.Report, error) {
		side := e.Sides().Decides()
		if o.told != "" && e.Sides().Request.Status != "" {
			side = apiclient.RequestSide // which is what they tell of
		}
		evidence, err := a.evidenceOf(ctx, p, e, side)
		if err != nil {
			return diagnose.Report{}, err
		}
		if o.told != "" { // a file may say something else by now
			if evidence.Told, err = a.readBody(o.told, inputTold); err != nil {
				return diagnose.Report{}, err
			}
		}
		r := diagnose.Diagnose(ctx, evidence, diagnose.Options{Workers: 1})
		adviseRawBody(&r, evidence)
		return r, nil
	}
	if o.noSave {
		return t, nil
	}
	store, err := a.store()
	if err != nil {
		return t, err
	}
	keeper, err := store.Keeper(o.keep, int64(o.keepMB)<<20)
	if err != nil {
		return t, unreadable(err)
	}
	t.Record = keeper.Record
	return t, nil
}

// sayNotices says what the history has to tell, once.
func (a *app) sayNotices() {
	store, err := a.store()
	if err != nil {
		return
	}
	for _, n := range store.Notices() {
		a.warn(string(n))
	}
}

// tellSeen prints an exchange that passed: a line with, where it fails, why.
func (a *app) tellSeen(s watch.Seen) {
	if s.Unsaved != nil && !errors.Is(s.Unsaved, context.Canceled) {
		a.warnOnce("not kept, told once: " + hint.Sentence(s.Unsaved))
	}
	if a.flags.json {
		_ = a.printLine(s)
		return
	}
	var out printer
	mask, e := a.masking(&s.Exchange), s.Exchange
	e.Err = mask(e.Err)
	what := s.Request.Method() + " " + a.masking(nil)(s.Request.Target())
	out.line("%s  %s  %s", s.StartedAt.Local().Format(time.TimeOnly), ui.Safe(what), a.summary(e))
	for _, f := range s.Findings {
		switch f.Cause {
		case apiclient.PathMapped:
			s.Report = nil // it explains all
		case apiclient.AcceptedUnverified, apiclient.AcceptedWrong, apiclient.RecordedInPart, apiclient.Resigned:
		default:
			continue
		}
		sign := a.paint(bad, "●")
		if f.Severity == apiclient.Note {
			sign = a.paint(faint, "i")
		}
		out.line("          %s %s", sign, ui.Safe(mask(f.Says)))
		out.lines("            ", mask(f.Hint))
	}
	if s.Report != nil {
		for _, f := range s.Report.Findings {
			if f.Family == diagnose.FamilyWarning {
				continue
			}
			sign := a.paint(bad, "●")
			if !f.Proven {
				sign = a.paint(worse, "?")
			}
			out.line("          %s %s", sign, ui.Safe(mask(f.Says)))
			out.lines("            ", mask(f.Fix))
			break
		}
		if s.Unsaved == nil && s.ID != "" {
			out.line("          %s", a.paint(faint, "countersign diagnose "+s.ID))
		}
	}
	_ = a.print(&out)
}

// printLine prints an exchange and what explains it as one line of JSON.
func (a *app) printLine(s watch.Seen) error {
	line, err := json.Marshal(s.Exchange)
	if err != nil {
		return err
	}
	if s.Report != nil {
		report, err := json.Marshal(newDocument(*s.Report))
		if err != nil {
			return err
		}
		line = append(append(line[:len(line)-1], `,"diagnosis":`...), report...)
		line = append(line, '}')
	}
	return a.write(append(line, '\n'))
}
